/* handle_rural_check.c - networked verification of rural households: one, a list of them, and a file of them.
 *
 * Whatever a call comes to, its entries go to the journal before the answer: of a file those of every hundred households before the next hundred. */
#include "http/asking.h"
#include "routes.gen.h"

#include "apps/rural/check.h"
#include "http/check_file.h"
#include "http/rural_view.h"

#include <string.h>

enum { NO_MAX = 40, ID_MAX = 18, CSV_MAX = 1 << 20, TOLD_MAX = 64 << 20 };

/* A call while it is answered. */
struct checking {
    struct ll_asking_rural rural;
    struct ll_serving_call call;
    struct ll_service reads;
    struct ll_serving *sv;
    unsigned char addr[16];
};

/* ---- what is asked ---- */

static int unknown_item(const char *name, struct ll_err *err)
{
    return ll_fail(err, LL_USAGE, "清单中没有信息项“%.64s”；代码与名称见 luling rural items",
                   "the list has no item '%.64s'; see luling rural items for codes and names", name);
}

static int read_claims(struct ll_request *rq, const struct ll_rural_list *list, const json_t *given,
                       struct ll_check_ask *ask, struct ll_err *err)
{
    struct ll_check_claim *claims = ll_arena_array(rq->arena, json_object_size(given) + 1, sizeof *claims);
    const char *name;
    json_t *v;

    if (!claims)
        return ll_no_memory(err);
    if (!json_is_object(given) || !json_object_size(given) || json_object_size(given) > list->n)
        return ll_fail(err, LL_USAGE, "claims 应为 1 到 %zu 个信息项及申请人所述的值",
                       "claims takes 1 to %zu items with what the applicant says of them", list->n);
    json_object_foreach((json_t *)given, name, v)
    {
        struct ll_str text = {json_string_value(v), json_string_length(v)};
        struct ll_check_claim *c = &claims[ask->n];
        if (!(c->item = ll_rural_item(list, ll_str(name))))
            return unknown_item(name, err);
        if (!text.n || text.n > LL_CHECK_VALUE_MAX || memchr(text.p, 0, text.n))
            return ll_fail(err, LL_USAGE, "%.64s 的值应为 1 到 %d 字节的文本",
                           "the value of %.64s must be a text of 1 to %d bytes", name, LL_CHECK_VALUE_MAX);
        c->value = (struct ll_str){ll_arena_dup(rq->arena, text), text.n};
        if (!c->value.p)
            return ll_no_memory(err);
        ask->n++;
    }
    ask->claims = claims;
    return LL_OK;
}

static int check_who(const struct ll_check_ask *ask, struct ll_err *err)
{
    return (ask->household.n > 0) != (ask->subject.n > 0)
               ? LL_OK
               : ll_fail(err, LL_USAGE,
                         "household（户号）与 subject（成员的公民身份号码）须给出一个，且只给一个",
                         "give either household or subject, and only one of them");
}

static int read_text(struct ll_request *rq, const json_t *one, const char *name, size_t most,
                     struct ll_str *ret, struct ll_err *err)
{
    const json_t *v = json_object_get(one, name);
    struct ll_str text = {json_string_value(v), json_string_length(v)};

    *ret = (struct ll_str){NULL, 0};
    if (!v)
        return LL_OK;
    if (!text.n || text.n > most || memchr(text.p, 0, text.n))
        return ll_fail(err, LL_USAGE, "%s 应为 1 到 %zu 字节的文本", "%s must be a text of 1 to %zu bytes",
                       name, most);
    *ret = (struct ll_str){ll_arena_dup(rq->arena, text), text.n};
    return ret->p ? LL_OK : ll_no_memory(err);
}

/* {"household" or "subject", "claims"} */
static int read_one(struct ll_request *rq, const struct ll_rural_list *list, const json_t *one,
                    struct ll_check_ask *ask, struct ll_err *err)
{
    int rc = LL_OK;

    if (!json_is_object(one))
        return ll_fail(err, LL_USAGE, "households 的各项应为对象", "each of households must be an object");
    if ((rc = read_text(rq, one, "household", NO_MAX, &ask->household, err)) < 0 ||
        (rc = read_text(rq, one, "subject", ID_MAX, &ask->subject, err)) < 0 ||
        (rc = check_who(ask, err)) < 0)
        return rc;
    return read_claims(rq, list, json_object_get(one, "claims"), ask, err);
}

/* ---- the call ---- */

static int begin(struct ll_app *app, struct ll_request *rq, struct checking *k, struct ll_err *err)
{
    *k = (struct checking){.sv = NULL};
    return ll_asking_rural(app, rq, &k->rural, err);
}

static void end(struct checking *k)
{
    ll_serving_close(k->sv);
    ll_asking_rural_end(&k->rural);
}

/* At most LL_CHECK_AT_ONCE of them. */
static int run(struct ll_app *app, struct ll_request *rq, struct checking *k, const struct ll_check_ask *asks,
               size_t n, bool alone, struct ll_checked *ret, struct ll_err *err)
{
    int rc;

    k->call.mode = LL_USE_VERIFY;
    k->call.keys = n;
    if ((rc = ll_check_reads(k->rural.r.list, asks, n, rq->arena, &k->reads, err)) < 0 ||
        (rc = ll_serving_open_granted(app->gateway, &k->call, &k->reads, rq->arena, &k->sv, err)) < 0)
        return rc;
    const struct ll_check_run one = {&k->rural.r, k->sv, rq->actor.organisation, alone};
    return ll_rural_check(&one, asks, n, rq->arena, ret, err);
}

static void put_one(struct ll_json *j, const struct ll_check_ask *ask, const struct ll_checked *c)
{
    ll_json_obj(j);
    if (ask->household.n)
        ll_json_ks(j, "household", ask->household);
    ll_checked_put(j, ask, c);
    ll_json_end_obj(j);
}

int ll_h_rural_check(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_check_ask ask = {.n = 0};
    struct ll_checked c = {.found = false};
    struct checking k;
    struct ll_body b;
    int rc = begin(app, rq, &k, err);

    if (rc == LL_OK) {
        ll_body_open(&b, rq, err);
        ll_asking_read(&b, rq, &k.call, k.addr);
        ask.household = ll_str(ll_body_text(&b, "household", 1, NO_MAX, false));
        ask.subject = ll_str(ll_body_text(&b, "subject", 1, ID_MAX, false));
        const json_t *claims = ll_body_any(&b, "claims", true);
        if (b.rc >= 0 && (b.rc = check_who(&ask, err)) >= 0)
            b.rc = read_claims(rq, k.rural.r.list, claims, &ask, err);
        rc = ll_body_end(&b);
    }
    if (rc == LL_OK)
        rc = run(app, rq, &k, &ask, 1, true, &c, err);
    if (rc == LL_OK)
        put_one(&rq->json, &ask, &c);
    if (k.sv)
        rc = ll_asking_enter(rq, k.sv, rc, err);
    if (rc == LL_OK &&
        c.found) /* now: a use of a consent is counted in a transaction that lasts until the entry */
        rc = ll_rural_used(app, rq, c.household, "check", err);
    end(&k);
    return rc;
}

/* ---- a list ---- */

static int read_list(struct ll_request *rq, const struct ll_rural_list *list, const json_t *given,
                     struct ll_check_ask **ret, struct ll_err *err)
{
    size_t n = json_array_size(given);
    int rc = LL_OK;

    if (!json_is_array(given) || n < 1 || n > LL_CHECK_AT_ONCE)
        return ll_fail(err, LL_USAGE, "households 应为 1 到 %d 项的数组",
                       "households must be an array of 1 to %d", LL_CHECK_AT_ONCE);
    if (!(*ret = ll_arena_array(rq->arena, n, sizeof **ret)))
        return ll_no_memory(err);
    for (size_t i = 0; i < n && rc == LL_OK; i++)
        rc = read_one(rq, list, json_array_get(given, i), &(*ret)[i], err);
    return rc;
}

int ll_h_rural_check_batch(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_check_ask *asks = NULL;
    struct ll_checked *all = NULL;
    struct checking k;
    struct ll_body b;
    size_t n = 0;
    int rc = begin(app, rq, &k, err);

    if (rc == LL_OK) {
        ll_body_open(&b, rq, err);
        ll_asking_read(&b, rq, &k.call, k.addr);
        const json_t *list = ll_body_any(&b, "households", true);
        if (b.rc >= 0)
            b.rc = read_list(rq, k.rural.r.list, list, &asks, err);
        n = json_array_size(list);
        rc = ll_body_end(&b);
    }
    if (rc == LL_OK && !(all = ll_arena_array(rq->arena, n, sizeof *all)))
        rc = ll_no_memory(err);
    if (rc == LL_OK && (rc = run(app, rq, &k, asks, n, false, all, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        ll_json_key(&rq->json, "results");
        ll_json_arr(&rq->json);
        for (size_t i = 0; i < n && asks && all; i++)
            put_one(&rq->json, &asks[i], &all[i]);
        ll_json_end_arr(&rq->json);
        ll_json_end_obj(&rq->json);
    }
    if (k.sv)
        rc = ll_asking_enter(rq, k.sv, rc, err);
    end(&k);
    return rc;
}

/* ---- a file ---- */

/* The entries of all but the last part are written before the next is read. */
static int run_parts(struct ll_app *app, struct ll_request *rq, struct checking *k,
                     const struct ll_check_list *f, struct ll_buf *told, struct ll_err *err)
{
    struct ll_checked *all = ll_arena_array(rq->arena, LL_CHECK_AT_ONCE, sizeof *all);
    int rc = all ? LL_OK : ll_no_memory(err);

    for (size_t at = 0; at < f->n && rc == LL_OK; at += LL_CHECK_AT_ONCE) {
        size_t n = f->n - at < LL_CHECK_AT_ONCE ? f->n - at : LL_CHECK_AT_ONCE;
        if (k->sv && (rc = ll_serving_settle(k->sv, err)) < 0)
            break;
        ll_serving_close(k->sv);
        k->sv = NULL;
        rc = run(app, rq, k, f->asks + at, n, false, all, err);
        for (size_t i = 0; i < n && rc == LL_OK; i++)
            ll_check_told_pack(told, f->lines[at + i], &f->asks[at + i], &all[i]);
    }
    return rc == LL_OK && told->failed ? ll_no_memory(err) : rc;
}

int ll_h_rural_check_file(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_buf told = LL_BUF_INIT(TOLD_MAX);
    struct ll_check_answer answer = {.lang = LL_ZH};
    struct ll_check_list f = {.n = 0};
    struct checking k;
    struct ll_body b;
    bool en = false;
    int rc = begin(app, rq, &k, err);

    if (rc == LL_OK) {
        ll_body_open(&b, rq, err);
        ll_asking_read(&b, rq, &k.call, k.addr);
        const char *csv = ll_body_text(&b, "csv", 1, CSV_MAX, true),
                   *lang = ll_body_text(&b, "lang", 1, 8, false),
                   *format = ll_body_text(&b, "format", 1, 8, false);
        if ((rc = ll_body_end(&b)) == LL_OK &&
            (rc = ll_asking_choice(lang, "lang", "zh", "en", &en, err)) == LL_OK &&
            (rc = ll_asking_choice(format, "format", "csv", "xlsx", &answer.xlsx, err)) == LL_OK)
            rc = ll_check_list_read(ll_str(csv), k.rural.r.list, LL_CHECK_FILE_ROWS, rq->arena, &f, err);
    }
    if (rc == LL_OK && (rc = run_parts(app, rq, &k, &f, &told, err)) == LL_OK) {
        answer.packed = ll_buf_view(&told);
        answer.list = k.rural.r.list;
        answer.lang = en ? LL_EN : LL_ZH;
        rc = ll_check_file_reply(app, rq, &answer, err);
    }
    if (k.sv)
        rc = ll_asking_enter(rq, k.sv, rc, err);
    ll_buf_free(&told);
    end(&k);
    return rc;
}
