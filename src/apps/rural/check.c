/* check.c - see check.h. */
#include "apps/rural/check.h"

#include "apps/rural/settle.h"
#include "base/clock.h"
#include "base/log.h"
#include "share/agree.h"
#include "standard/ident.h"

#include <string.h>

enum { MICRO_SCALE = 6 };

#define X(id, word, ...) word,
static const char *const words[] = {LL_CHECK_RESULTS(X)};
#undef X
#define X(id, word, zh, en) {zh, en},
static const char *const titles[][2] = {LL_CHECK_RESULTS(X)};
#undef X

const char *ll_check_result_word(enum ll_check_result r)
{
    return words[r];
}

const char *ll_check_result_title(enum ll_check_result r, enum ll_lang lang)
{
    return titles[r][lang];
}

/* ---- one claim ---- */

static bool number_agrees(const struct ll_rural_item *item, struct ll_str claim, struct ll_str value)
{
    ll_i128 x, y;

    if (ll_cv_decimal(claim, MICRO_SCALE, &x) != LL_CV_OK || !ll_micro_of(value, &y))
        return false;
    ll_i128 apart = x > y ? x - y : y - x, most = x > y ? x : y;
    return apart * 100 <= (most < 0 ? -most : most) * item->tolerance;
}

static bool one_agrees(const struct ll_rural_item *item, struct ll_str claim, struct ll_str value)
{
    const struct ll_agree what = {item->element, item->codes};
    struct ll_seg_value v = {.kind = LL_SV_TEXT, .s = value};

    if (item->element->type == LL_TYPE_BOOLEAN)
        v = (struct ll_seg_value){.kind = LL_SV_INT, .i = ll_str_is(value, "true")};
    return ll_agrees(&what, claim, v);
}

static bool listed(const struct ll_rural_item *item, struct ll_str claim, struct ll_str values)
{
    struct ll_str one;

    while (ll_rural_list_next(&values, &one))
        if (one_agrees(item, claim, one))
            return true;
    return false;
}

bool ll_check_agrees(const struct ll_rural_item *item, enum ll_rural_combine combine, struct ll_str claim,
                     struct ll_str value)
{
    bool list = combine == LL_RURAL_LIST || combine == LL_RURAL_LATEST_LIST;
    struct ll_str rest = claim, one;
    bool all = false;

    if (combine == LL_RURAL_COUNT || (item->number && !list))
        return number_agrees(item, claim, value);
    if (!list)
        return one_agrees(item, claim, value);
    for (all = claim.n > 0; all && ll_rural_list_next(&rest, &one);)
        all = listed(item, one, value);
    return all;
}

/* What an item without a value that may be compared comes to. */
static enum ll_check_result without(enum ll_rural_state s)
{
    return s == LL_RURAL_SOURCE_LATE     ? LL_CHECK_SOURCE_LATE
           : s == LL_RURAL_NOT_CONNECTED ? LL_CHECK_NOT_CONNECTED
           : s == LL_RURAL_NOT_GRANTED   ? LL_CHECK_NOT_GRANTED
                                         : LL_CHECK_ABSENT;
}

static int judge(const struct ll_household_item *x, struct ll_str claim, struct ll_arena *arena,
                 struct ll_check_item *ret, struct ll_err *err)
{
    const struct ll_household_value *v = x->n ? &x->values[0] : NULL;

    *ret = (struct ll_check_item){.state = x->state, .published_at = x->newest};
    if (!v) {
        ret->result = without(x->state);
        return LL_OK;
    }
    ret->compared = true;
    ret->agrees = ll_check_agrees(x->item, v->source->combine, claim, v->value);
    ret->result = x->state == LL_RURAL_OUT_OF_DATE ? LL_CHECK_OUT_OF_DATE
                  : ret->agrees                    ? LL_CHECK_MATCH
                                                   : LL_CHECK_DIFFER;
    ret->source = v->source;
    ret->published_at = v->published_at;
    ret->others = x->n - 1;
    ret->day = (struct ll_str){ll_arena_dup(arena, v->day.p ? v->day : LL_STR("")), v->day.n};
    return ret->day.p ? LL_OK : ll_no_memory(err);
}

/* ---- who is asked about ---- */

int ll_household_persons(const struct ll_household *h, struct ll_arena *arena, struct ll_serving_person **ret,
                         size_t *ret_n, struct ll_err *err)
{
    struct ll_serving_person *list = ll_arena_array(arena, h->n_members + 1, sizeof *list);

    if (!list)
        return ll_no_memory(err);
    list[0] = (struct ll_serving_person){"household_no", h->no};
    for (size_t i = 0; i < h->n_members; i++)
        list[i + 1] = (struct ll_serving_person){ll_scheme_name(LL_ID_RESIDENT_ID), h->members[i].id};
    *ret = list;
    *ret_n = h->n_members + 1;
    return LL_OK;
}

static int number_of(const struct ll_rural *r, struct ll_str subject, struct ll_arena *arena,
                     struct ll_str *id, struct ll_str *no, struct ll_err *err)
{
    char canon[LL_ID_MAX];
    size_t n = 0;

    if (ll_id_check(LL_ID_RESIDENT_ID, subject, canon, &n) != LL_IDF_OK)
        return ll_fail(err, LL_USAGE, "subject 应为户内成员的公民身份号码",
                       "the subject is the resident identity number of a member of the household");
    *id = (struct ll_str){ll_arena_dup(arena, (struct ll_str){canon, n}), n};
    return id->p ? ll_household_of_person(r, *id, NULL, arena, no, err) : ll_no_memory(err);
}

int ll_household_spoken(const struct ll_rural *r, struct ll_str household, struct ll_str subject,
                        struct ll_arena *arena, struct ll_household **ret, struct ll_serving_person *speaks,
                        struct ll_err *err)
{
    struct ll_household_ask ask = {.no = household, .members_only = true};
    int rc = 1;

    *speaks = (struct ll_serving_person){ll_scheme_name(LL_ID_RESIDENT_ID), {NULL, 0}};
    if (subject.n)
        rc = number_of(r, subject, arena, &speaks->value, &ask.no, err);
    if (rc <= 0)
        return rc;
    rc = ll_household_read(r, &ask, arena, ret, err);
    if (rc < 0)
        return rc == LL_NOTFOUND ? 0 : rc;
    for (size_t i = 0; !subject.n && i < (*ret)->n_members; i++)
        if ((*ret)->members[i].head)
            speaks->value = (*ret)->members[i].id;
    return 1;
}

/* ---- a household ---- */

/* One of the households of a call, while it is answered. */
struct checking {
    const struct ll_check_run *run;
    const struct ll_check_ask *ask;
    struct ll_arena *kept, *scratch; /* results; what is read */
    struct ll_checked *ret;
    struct ll_household *whole; /* who is in it */
    struct ll_serving_about about;
};

static bool granted(void *ctx, struct ll_str resource, struct ll_str item)
{
    return ll_serving_grants_item(ctx, resource, item);
}

/* A household that is not there stands in the journal by what it was asked by. */
static int about_nobody(struct checking *k, struct ll_err *err)
{
    struct ll_serving_person *one = ll_arena_array(k->kept, 1, sizeof *one);

    if (!one)
        return ll_no_memory(err);
    *one = k->ask->subject.n ? (struct ll_serving_person){ll_scheme_name(LL_ID_RESIDENT_ID), k->ask->subject}
                             : (struct ll_serving_person){"household_no", k->ask->household};
    k->about.whole = one;
    k->about.n = 1;
    return LL_OK;
}

static int find(struct checking *k, struct ll_err *err)
{
    struct ll_serving_person *whole = NULL;
    struct ll_household *h = NULL;
    int found = ll_household_spoken(k->run->r, k->ask->household, k->ask->subject, k->kept, &h,
                                    &k->about.speaks, err);

    if (found <= 0)
        return found < 0 ? found : about_nobody(k, err);
    k->ret->found = true;
    k->whole = h;
    k->ret->household = h->no;
    k->ret->day = h->day;
    int rc = ll_household_persons(h, k->kept, &whole, &k->about.n, err);
    k->about.whole = whole;
    return rc;
}

/* Reads what is claimed, and nothing else. */
static int read_claimed(const struct checking *k, struct ll_household **ret, struct ll_err *err)
{
    const struct ll_rural_list *l = k->run->r->list;
    bool *claimed = ll_arena_array(k->scratch, l->n, sizeof *claimed);
    const struct ll_household_ask ask = {.no = k->ret->household,
                                         .day = k->ret->day,
                                         .shows = granted,
                                         .shows_ctx = k->run->sv,
                                         .viewer = k->run->viewer,
                                         .items = claimed,
                                         .known = k->whole};

    if (!claimed)
        return ll_no_memory(err);
    for (size_t i = 0; i < k->ask->n; i++)
        claimed[k->ask->claims[i].item - l->items] = true;
    return ll_household_read(k->run->r, &ask, k->scratch, ret, err);
}

static int compare(struct checking *k, struct ll_err *err)
{
    struct ll_household *h = NULL;
    int rc = read_claimed(k, &h, err);

    if (rc < 0)
        return rc;
    if (!(k->ret->items = ll_arena_array(k->kept, k->ask->n + 1, sizeof *k->ret->items)))
        return ll_no_memory(err);
    for (size_t i = 0; i < k->ask->n && rc == LL_OK; i++)
        rc = judge(&h->items[k->ask->claims[i].item - k->run->r->list->items], k->ask->claims[i].value,
                   k->kept, &k->ret->items[i], err);
    return rc;
}

static int check_one(struct checking *k, struct ll_err *err)
{
    const struct ll_check_run *run = k->run;
    int rc = find(k, err);

    k->about.said = &k->ret->said;
    if (rc < 0 || (rc = ll_serving_may(run->sv, &k->about.speaks, &k->ret->said, err)) < 0)
        return rc;
    k->ret->condition = k->ret->said.condition;
    if (k->ret->condition)
        return run->alone ? ll_serving_refuse(run->sv, &k->about, err) : LL_OK;
    if (k->ret->found && (rc = compare(k, err)) < 0)
        return rc;
    if ((rc = ll_serving_note(run->sv, &k->about, !run->alone, err)) < 0)
        return rc;
    k->ret->condition = k->ret->said.condition;
    return LL_OK;
}

int ll_rural_check(const struct ll_check_run *run, const struct ll_check_ask *asks, size_t n,
                   struct ll_arena *arena, struct ll_checked *ret, struct ll_err *err)
{
    size_t persons = 0;
    int rc = LL_OK;

    LL_ASSERT(n <= LL_CHECK_AT_ONCE);
    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        struct checking k = {
            .run = run, .ask = &asks[i], .kept = arena, .ret = &ret[i], .scratch = ll_arena_new(0)};
        ret[i] = (struct ll_checked){.found = false};
        rc = k.scratch ? check_one(&k, err) : ll_no_memory(err);
        ll_arena_free(k.scratch);
        if (rc == LL_OK && (persons += k.about.n) > LL_CHECK_PERSONS)
            rc = ll_fail(err, LL_TOOBIG, "这些户的成员共超过 %d 人，请减少一次核查的户数",
                         "these households have more than %d members; ask for fewer at a time",
                         LL_CHECK_PERSONS);
    }
    return rc;
}

/* ---- what is read ---- */

struct asked {
    const struct ll_check_ask *asks;
    size_t n;
};

static bool claimed(const void *ctx, const struct ll_rural_item *x)
{
    const struct asked *a = ctx;

    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < a->asks[i].n; k++)
            if (a->asks[i].claims[k].item == x)
                return true;
    return false;
}

int ll_check_reads(const struct ll_rural_list *l, const struct ll_check_ask *asks, size_t n,
                   struct ll_arena *arena, struct ll_service *ret, struct ll_err *err)
{
    const struct asked a = {asks, n};

    return ll_rural_reads_of(l, claimed, &a, arena, ret, err);
}

/* ---- as JSON ---- */

void ll_consent_said_put(struct ll_json *j, const struct ll_serving_said *s)
{
    ll_json_key(j, "consent");
    if (!s->consented) {
        ll_json_null(j);
        return;
    }
    ll_json_obj(j);
    ll_json_kz(j, "id", s->consent);
    ll_json_kz(j, "kind", ll_consent_kind_word(s->kind));
    ll_json_kz(j, "title", ll_consent_kind_title(s->kind, LL_ZH));
    ll_json_kz(j, "title_en", ll_consent_kind_title(s->kind, LL_EN));
    ll_json_ki(j, "strength", ll_consent_kind_strength(s->kind));
    ll_json_end_obj(j);
}

static void put_item(struct ll_json *j, const struct ll_rural_item *x, const struct ll_check_item *c)
{
    const struct ll_resource *r = c->source ? c->source->resource : NULL;
    char at[LL_TIME_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "code", x->code);
    ll_json_kz(j, "item", x->name);
    ll_json_kz(j, "title", x->title[LL_ZH]);
    ll_json_kz(j, "title_en", x->title[LL_EN]);
    ll_json_kz(j, "result", ll_check_result_word(c->result));
    ll_json_kz(j, "state", ll_rural_state_word(c->state));
    ll_json_key(j, "agrees");
    if (c->compared)
        ll_json_bool(j, c->agrees);
    else
        ll_json_null(j);
    ll_json_kz(j, "resource", r ? r->name : NULL);
    ll_json_kz(j, "provider", r ? r->provider : NULL);
    ll_json_kz(j, "provider_name", r ? r->provider_name : NULL);
    ll_json_kz(j, "as_of", c->day.n ? c->day.p : NULL);
    ll_json_kz(j, "published_at", c->published_at ? ll_time_text(c->published_at, at) : NULL);
    ll_json_ki(j, "other_values", (int64_t)c->others);
    ll_json_end_obj(j);
}

void ll_checked_put(struct ll_json *j, const struct ll_check_ask *ask, const struct ll_checked *c)
{
    const char *status = c->condition ? "refused" : c->found ? "checked" : "not_found";

    ll_json_kz(j, "status", status);
    ll_json_kz(j, "condition", c->condition);
    ll_json_kz(j, "day", c->day);
    ll_consent_said_put(j, &c->said);
    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = 0; c->found && !c->condition && i < ask->n; i++)
        put_item(j, ask->claims[i].item, &c->items[i]);
    ll_json_end_arr(j);
}
