/* handle_service.c - shared services as systems call them: query, batch, verify; what there is to call, and what was called.
 *
 * Whatever a call comes to, its entry goes to the journal first: rq->due is set for answers and refusals alike. */
#include "base/clock.h"
#include "http/app.h"
#include "http/body.h"
#include "routes.gen.h"
#include "share/gateway.h"

#include <string.h>

enum { CALL_MS = 5000, DAYS_MAX = 366 };

/* What the body of every call may have beside what it is about. */
struct common {
    struct ll_call call;
    unsigned char addr[16];
    const char *const *items;
    size_t n_items;
};

static struct ll_str *texts_of(struct ll_request *rq, const char *const *list, size_t n)
{
    struct ll_str *out = ll_arena_array(rq->arena, n + 1, sizeof(*out));

    for (size_t i = 0; out && i < n; i++)
        out[i] = ll_str(list[i]);
    return out;
}

static void read_common(struct ll_body *b, struct ll_request *rq, enum ll_use_mode mode, struct common *c)
{
    c->call = (struct ll_call){.actor = &rq->actor,
                               .mode = mode,
                               .resource = ll_arg(rq, 0)->s,
                               .keys = 1,
                               .until_us = ll_mono_us() + CALL_MS * 1000};
    c->call.grant = ll_str(ll_body_text(b, "grant", 1, LL_FLOW_ID_TEXT, false));
    c->call.purpose = ll_str(ll_body_text(b, "purpose", 1, LL_GRANT_PURPOSE_MAX, false));
    c->call.officer = ll_str(ll_body_text(b, "officer", 1, LL_OFFICER_MAX, false));
    if (ll_address_parse(ll_str(rq->remote), c->addr))
        c->call.addr = c->addr;
}

static void read_items(struct ll_body *b, struct ll_request *rq, struct common *c)
{
    c->n_items = ll_body_texts(b, "items", LL_GRANT_ITEMS_MAX, 100, &c->items);
    c->call.items = texts_of(rq, c->items, c->n_items);
    c->call.n_items = c->n_items;
    c->call.partial = ll_body_bool(b, "partial", false);
}

/* "key": ["a", "b"] or "a"; "subject": "913608..."; exactly one of them. */
static void read_look(struct ll_body *b, struct ll_request *rq, struct ll_look *look)
{
    const char *const *parts = NULL;

    look->n_key = ll_body_texts(b, "key", 16, 1000, &parts);
    look->key = texts_of(rq, parts, look->n_key);
    look->subject = ll_str(ll_body_text(b, "subject", 1, 64, false));
    if (b->rc >= 0 && (look->n_key > 0) == (look->subject.n > 0))
        b->rc = ll_fail(b->err, LL_USAGE, "key（主键）与 subject（主体标识）须给出一个，且只给一个",
                        "give either key or subject, and only one of them");
}

/* --- a call from beginning to end --------------------------------------------------------------------------------------- */

/* Writes what is particular to a mode. */
typedef int write_fn(struct ll_gate *gate, const void *what, struct ll_request *rq, struct ll_err *err);

static int answer(struct ll_gate *gate, write_fn *write, const void *what, struct ll_request *rq,
                  struct ll_err *err)
{
    int rc;

    ll_json_obj(&rq->json);
    ll_gate_put(gate, &rq->json);
    if ((rc = write(gate, what, rq, err)) < 0)
        return rc;
    ll_json_end_obj(&rq->json);
    return rq->out.failed ? ll_fail(err, LL_TOOBIG, "回答过大，请减少一次查询的数量",
                                    "the answer is too large; ask for less at a time")
                          : LL_OK;
}

static int call(struct ll_app *app, struct ll_request *rq, const struct ll_call *c, write_fn *write,
                const void *what, struct ll_err *err)
{
    struct ll_gate *gate = NULL;
    struct ll_err entry_err;
    int rc = ll_gate_open(app->gateway, c, rq->arena, &gate, err);

    if (rc == LL_OK)
        rc = answer(gate, write, what, rq, err);
    if (gate && (rc == LL_OK || ll_gate_condition(gate))) {
        rq->condition = rc < 0 ? ll_gate_condition(gate) : NULL;
        rq->wait_ms = rc < 0 ? ll_gate_wait_ms(gate) : 0;
        rq->due.payload = LL_BUF_INIT(LL_ENTRY_MAX + 1);
        int entry_rc = ll_gate_entry(gate, &rq->due.type, &rq->due.payload, &entry_err);
        rq->due.set = entry_rc == LL_OK;
        if (entry_rc < 0) { /* no entry, no answer */
            rc = entry_rc;
            *err = entry_err;
        }
    }
    ll_gate_close(gate);
    return rc;
}

/* --- query -------------------------------------------------------------------------------------------------------------- */

static int write_look(struct ll_gate *gate, const void *what, struct ll_request *rq, struct ll_err *err)
{
    ll_json_key(&rq->json, "result");
    return ll_gate_look(gate, what, true, &rq->json, err);
}

int ll_h_service_query(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_look look = {.n_key = 0};
    struct common c;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    read_common(&b, rq, LL_USE_QUERY, &c);
    read_items(&b, rq, &c);
    read_look(&b, rq, &look);
    look.most = (size_t)ll_body_int(&b, "limit", 1, LL_CALL_RECORDS_MAX, 20);
    if ((rc = ll_body_end(&b)) < 0)
        return rc;
    return call(app, rq, &c.call, write_look, &look, err);
}

/* --- batch -------------------------------------------------------------------------------------------------------------- */

struct looks {
    struct ll_look *list;
    size_t n;
};

static int read_key(struct ll_request *rq, const json_t *v, struct ll_look *look, struct ll_err *err)
{
    size_t n = json_is_array(v) ? json_array_size(v) : 1;
    struct ll_str *key = ll_arena_array(rq->arena, n + 1, sizeof(*key));

    if (!key)
        return ll_no_memory(err);
    for (size_t i = 0; i < n; i++) {
        const json_t *part = json_is_array(v) ? json_array_get(v, i) : v;
        struct ll_str text = {json_string_value(part), json_string_length(part)};
        if (!text.p || !text.n || text.n > 4000 || memchr(text.p, 0, text.n))
            return ll_fail(err, LL_USAGE, "keys 的各项应为文本或文本数组",
                           "each of keys must be a text or an array of texts");
        if (!(key[i].p = ll_arena_dup(rq->arena, text)))
            return ll_no_memory(err);
        key[i].n = text.n;
    }
    look->key = key;
    look->n_key = n;
    return n ? LL_OK : ll_fail(err, LL_USAGE, "keys 中有空的主键", "one of keys is empty");
}

static int read_keys(struct ll_request *rq, const json_t *list, struct looks *ret, struct ll_err *err)
{
    int rc = LL_OK;

    if (!json_is_array(list) || json_array_size(list) < 1 || json_array_size(list) > LL_CALL_KEYS_MAX)
        return ll_fail(err, LL_USAGE, "keys 应为 1 到 %d 项的数组", "keys must be an array of 1 to %d",
                       LL_CALL_KEYS_MAX);
    if (!(ret->list = ll_arena_array(rq->arena, json_array_size(list), sizeof(*ret->list))))
        return ll_no_memory(err);
    for (ret->n = 0; rc == LL_OK && ret->n < json_array_size(list); ret->n++)
        rc = read_key(rq, json_array_get(list, ret->n), &ret->list[ret->n], err);
    return rc;
}

static int read_subjects(struct ll_request *rq, const char *const *list, size_t n, int64_t most,
                         struct looks *ret, struct ll_err *err)
{
    if (!(ret->list = ll_arena_array(rq->arena, n + 1, sizeof(*ret->list))))
        return ll_no_memory(err);
    for (ret->n = 0; ret->n < n; ret->n++)
        ret->list[ret->n] = (struct ll_look){.subject = ll_str(list[ret->n]), .most = (size_t)most};
    return LL_OK;
}

static int write_looks(struct ll_gate *gate, const void *what, struct ll_request *rq, struct ll_err *err)
{
    const struct looks *l = what;
    int rc = LL_OK;

    ll_json_key(&rq->json, "results");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < l->n && rc == LL_OK; i++)
        rc = ll_gate_look(gate, &l->list[i], false, &rq->json, err);
    ll_json_end_arr(&rq->json);
    return rc;
}

int ll_h_service_batch(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *const *subjects = NULL;
    struct looks looks = {NULL, 0};
    struct common c;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    read_common(&b, rq, LL_USE_BATCH, &c);
    read_items(&b, rq, &c);
    size_t n = ll_body_texts(&b, "subjects", LL_CALL_KEYS_MAX, 64, &subjects);
    int64_t most = ll_body_int(&b, "limit", 1, LL_CALL_RECORDS_MAX, 20);
    const json_t *keys = ll_body_any(&b, "keys", false);
    if (b.rc >= 0 && (keys != NULL) == (n > 0))
        b.rc = ll_fail(err, LL_USAGE, "keys 与 subjects 须给出一个，且只给一个",
                       "give either keys or subjects, and only one of them");
    if (b.rc >= 0)
        b.rc = keys ? read_keys(rq, keys, &looks, err) : read_subjects(rq, subjects, n, most, &looks, err);
    if ((rc = ll_body_end(&b)) < 0)
        return rc;
    c.call.keys = looks.n;
    return call(app, rq, &c.call, write_looks, &looks, err);
}

/* --- verify ------------------------------------------------------------------------------------------------------------- */

struct compare {
    struct ll_look look;
    struct ll_asserted *claims;
    size_t n;
};

static int write_compare(struct ll_gate *gate, const void *what, struct ll_request *rq, struct ll_err *err)
{
    const struct compare *v = what;

    ll_json_key(&rq->json, "result");
    return ll_gate_compare(gate, &v->look, v->claims, v->n, &rq->json, err);
}

static int read_claims(struct ll_request *rq, const json_t *values, struct compare *ret, struct common *c,
                       struct ll_err *err)
{
    size_t room = json_object_size(values);
    struct ll_str *items = ll_arena_array(rq->arena, room + 1, sizeof(*items));
    const char *name;
    json_t *v;

    ret->claims = ll_arena_array(rq->arena, room + 1, sizeof(*ret->claims));
    if (!items || !ret->claims)
        return ll_no_memory(err);
    if (room < 1 || room > 100)
        return ll_fail(err, LL_USAGE, "values 应为 1 到 100 个信息项及其值",
                       "values takes 1 to 100 items with their values");
    json_object_foreach((json_t *)values, name, v)
    {
        struct ll_str text = {json_string_value(v), json_string_length(v)};
        if (!text.p || text.n > 4000 || memchr(text.p, 0, text.n))
            return ll_fail(err, LL_USAGE, "%.64s 的值应为文本", "the value of %.64s must be a text", name);
        items[ret->n] = ll_str(ll_arena_dup(rq->arena, ll_str(name)));
        ret->claims[ret->n] = (struct ll_asserted){items[ret->n], {ll_arena_dup(rq->arena, text), text.n}};
        if (!items[ret->n].p || !ret->claims[ret->n].value.p)
            return ll_no_memory(err);
        ret->n++;
    }
    c->call.items = items;
    c->call.n_items = ret->n;
    c->call.partial = true;
    return LL_OK;
}

int ll_h_service_verify(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct compare v = {.n = 0};
    struct common c;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    read_common(&b, rq, LL_USE_VERIFY, &c);
    read_look(&b, rq, &v.look);
    v.look.most = 1;
    const json_t *values = ll_body_any(&b, "values", true);
    if (b.rc >= 0 && !json_is_object(values))
        b.rc = ll_fail(err, LL_USAGE, "values 应为对象：信息项与其值",
                       "values must be an object of items and their values");
    if (b.rc >= 0)
        b.rc = read_claims(rq, values, &v, &c, err);
    if ((rc = ll_body_end(&b)) < 0)
        return rc;
    return call(app, rq, &c.call, write_compare, &v, err);
}

/* --- changes ------------------------------------------------------------------------------------------------------------ */

static int write_changes(struct ll_gate *gate, const void *what, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_str *cursor = what;

    return ll_gate_changes(gate, *cursor, &rq->json, err);
}

int ll_h_service_changes(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *cursor = ll_arg(rq, LL_P_SERVICE_CHANGES_CURSOR),
                        *grant = ll_arg(rq, LL_P_SERVICE_CHANGES_GRANT);
    struct common c;

    c.call = (struct ll_call){.actor = &rq->actor,
                              .mode = LL_USE_CHANGES,
                              .resource = ll_arg(rq, 0)->s,
                              .grant = grant->s,
                              .keys = (size_t)ll_arg(rq, LL_P_SERVICE_CHANGES_LIMIT)->i};
    if (ll_address_parse(ll_str(rq->remote), c.addr))
        c.call.addr = c.addr;
    return call(app, rq, &c.call, write_changes, &cursor->s, err);
}

/* --- what there is to call ------------------------------------------------------------------------------------------------ */

int ll_h_services_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_gateway_services(app->gateway, rq->actor.organisation, &rq->json, err);
}

/* --- usage ---------------------------------------------------------------------------------------------------------------- */

static int64_t day_of(const struct ll_arg *a, int64_t fallback)
{
    return a->given ? ll_local_day(a->i) : fallback;
}

int ll_h_usage_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *resource = ll_arg(rq, LL_P_USAGE_SHOW_RESOURCE),
                        *grant = ll_arg(rq, LL_P_USAGE_SHOW_GRANT);
    struct ll_usage_query q = {.either = rq->only,
                               .resource = resource->given ? resource->s.p : NULL,
                               .grant = grant->given ? grant->s.p : NULL,
                               .by = (enum ll_usage_by)ll_arg(rq, LL_P_USAGE_SHOW_BY)->i};
    struct ll_txn *tx = NULL;
    int rc;

    q.to_day = day_of(ll_arg(rq, LL_P_USAGE_SHOW_TO), ll_today());
    q.from_day = day_of(ll_arg(rq, LL_P_USAGE_SHOW_FROM), q.to_day - 30);
    if (q.to_day - q.from_day > DAYS_MAX)
        return ll_fail(err, LL_USAGE, "一次至多统计 %d 天", "at most %d days at a time", DAYS_MAX);
    if ((rc = ll_ledger_catch_up(ll_gateway_ledger(app->gateway), err)) == LL_OK &&
        (rc = ll_txn_begin(ll_data_store(app->data), false, &tx, err)) == LL_OK)
        rc = ll_usage_put(tx, &q, &rq->json, err);
    ll_txn_end(tx);
    return rc;
}
