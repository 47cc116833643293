/* handle_webhook.c - subscriptions and the feed of corrections over HTTP. */
#include "http/body.h"
#include "http/courier.h"
#include "http/sharing.h"
#include "journal/canon.h"
#include "routes.gen.h"
#include "share/correction.h"
#include "share/webhook.h"

#include <inttypes.h>
#include <string.h>

static int find(struct ll_sharing *s, struct ll_request *rq, const char *id, struct ll_webhook *ret,
                struct ll_err *err)
{
    int rc = ll_webhook_get(s->tx, id, rq->arena, ret, err);

    if (rc == LL_OK && rq->only && strcmp(rq->only, ret->organisation) != 0)
        return ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的订阅", "there is no subscription %s", id);
    return rc;
}

static int show(struct ll_sharing *s, struct ll_request *rq, const char *id, struct ll_err *err)
{
    struct ll_webhook w;
    int rc = ll_webhook_get(s->tx, id, rq->arena, &w, err);

    if (rc == LL_OK)
        ll_webhook_json(&rq->json, &w);
    return rc;
}

/* Who is told what is an act of administration: its entry is durable before the answer.  event: the one it is about; 0: none, or all. */
static int due(struct ll_request *rq, const char *act, const char *id, int64_t event, struct ll_err *err)
{
    struct ll_buf plain = LL_BUF_INIT(LL_ENTRY_MAX);
    struct ll_json j;

    ll_json_init(&j, &plain);
    ll_json_obj(&j);
    ll_json_kz(&j, "act", act);
    ll_json_kz(&j, "by", rq->actor.client ? rq->actor.client : rq->actor.account);
    if (event)
        ll_json_ki(&j, "event", event);
    ll_json_kz(&j, "organisation", rq->actor.organisation);
    ll_gate_put_signature(&rq->actor, &j);
    ll_json_kz(&j, "subscription", id);
    ll_json_end_obj(&j);
    rq->due.type = LL_ENTRY_ADMINISTRATION;
    rq->due.payload = LL_BUF_INIT(LL_ENTRY_MAX + 1);
    int rc = plain.failed ? ll_no_memory(err) : ll_canon_put(ll_buf_view(&plain), &rq->due.payload, err);
    rq->due.set = rc == LL_OK;
    ll_buf_free(&plain);
    return rc;
}

/* --- subscriptions --------------------------------------------------------------------------------------------------------- */

static int read_new(struct ll_request *rq, struct ll_webhook_new *w, struct ll_err *err)
{
    const char *const *events = NULL;
    struct ll_buf words = LL_BUF_INIT(256);
    struct ll_body b;
    size_t n;

    ll_body_open(&b, rq, err);
    w->url = ll_body_text(&b, "url", 1, LL_WEBHOOK_URL_MAX, true);
    w->resource = ll_body_text(&b, "resource", 1, 64, false);
    n = ll_body_texts(&b, "events", 4, 20, &events);
    for (size_t i = 0; i < n; i++)
        ll_buf_printf(&words, "%s%s", i ? " " : "", events[i]);
    if (b.rc >= 0)
        b.rc = ll_webhook_kinds_parse(ll_buf_view(&words), &w->kinds, err);
    ll_buf_free(&words);
    return ll_body_end(&b);
}

int ll_h_webhook_add(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_webhook_new w = {.actor = &rq->actor};
    char id[LL_WEBHOOK_ID];
    struct ll_sharing s;
    int rc = read_new(rq, &w, err);

    if (rc < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    if ((rc = ll_webhook_add(s.tx, &w, id, err)) == LL_OK && (rc = show(&s, rq, id, err)) == LL_OK &&
        (rc = due(rq, "webhook-add", id, 0, err)) == LL_OK)
        rc = ll_txn_commit(s.tx, err);
    ll_sharing_close(&s);
    if (rc < 0)
        return rc;
    ll_courier_wake(app->courier);
    rq->status = 201;
    rq->location = ll_arena_printf(rq->arena, "/v1/webhooks/%s", id);
    return LL_OK;
}

int ll_h_webhooks_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *state = ll_arg(rq, LL_P_WEBHOOKS_LIST_STATE);
    const struct ll_webhook_query q = {.organisation = rq->only,
                                       .state = state->given ? state->s.p : NULL,
                                       .sort = ll_arg(rq, LL_P_WEBHOOKS_LIST_SORT)->s.p,
                                       .offset = (size_t)ll_arg(rq, LL_P_WEBHOOKS_LIST_OFFSET)->i,
                                       .limit = (size_t)ll_arg(rq, LL_P_WEBHOOKS_LIST_LIMIT)->i};
    struct ll_webhook *list;
    struct ll_sharing s;
    int64_t total;
    size_t n;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_webhook_list(s.tx, &q, rq->arena, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
        for (size_t i = 0; i < n; i++)
            ll_webhook_json(&rq->json, &list[i]);
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

static int show_whole(struct ll_sharing *s, struct ll_request *rq, const char *id, struct ll_err *err)
{
    struct ll_dead_letter *dead;
    struct ll_webhook w;
    size_t n;
    int rc = find(s, rq, id, &w, err);

    if (rc < 0 || (rc = ll_webhook_dead(s->tx, id, rq->arena, &dead, &n, err)) < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_key(&rq->json, "subscription");
    ll_webhook_json(&rq->json, &w);
    ll_json_key(&rq->json, "dead_letters");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n; i++)
        ll_dead_letter_json(&rq->json, &dead[i]);
    ll_json_end_arr(&rq->json);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_webhook_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    rc = show_whole(&s, rq, ll_arg(rq, LL_P_WEBHOOK_SHOW_ID)->s.p, err);
    ll_sharing_close(&s);
    return rc;
}

int ll_h_webhook_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_WEBHOOK_ACT_ID)->s.p, *act;
    struct ll_webhook w;
    struct ll_sharing s;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    act = ll_body_text(&b, "action", 1, 16, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    if ((rc = find(&s, rq, id, &w, err)) == LL_OK &&
        (rc = ll_webhook_act(s.tx, id, ll_str(act), err)) == LL_OK && (rc = show(&s, rq, id, err)) == LL_OK &&
        (rc = due(rq, ll_arena_printf(rq->arena, "webhook-%s", act), id, 0, err)) == LL_OK)
        rc = ll_txn_commit(s.tx, err);
    ll_sharing_close(&s);
    if (rc == LL_OK)
        ll_courier_wake(app->courier);
    return rc;
}

int ll_h_webhook_redeliver(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_WEBHOOK_REDELIVER_ID)->s.p;
    struct ll_webhook w;
    struct ll_sharing s;
    struct ll_body b;
    int64_t event, n = 0;
    int rc;

    ll_body_open(&b, rq, err);
    event = ll_body_int(&b, "event", 1, INT64_MAX, 0);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    if ((rc = find(&s, rq, id, &w, err)) == LL_OK &&
        (rc = ll_webhook_redeliver(s.tx, id, event, &n, err)) == LL_OK &&
        (rc = show_whole(&s, rq, id, err)) == LL_OK &&
        (rc = due(rq, "webhook-redeliver", id, event, err)) == LL_OK)
        rc = ll_txn_commit(s.tx, err);
    ll_sharing_close(&s);
    if (rc == LL_OK)
        ll_courier_wake(app->courier);
    return rc;
}

/* --- corrections ------------------------------------------------------------------------------------------------------------ */

static int corrections_due(struct ll_request *rq, size_t found, struct ll_err *err)
{
    struct ll_buf plain = LL_BUF_INIT(LL_ENTRY_MAX);
    struct ll_json j;

    ll_json_init(&j, &plain);
    ll_json_obj(&j);
    ll_json_kz(&j, "client", rq->actor.client ? rq->actor.client : rq->actor.account);
    ll_json_ki(&j, "found", (int64_t)found);
    ll_json_kz(&j, "mode", "corrections");
    ll_json_kz(&j, "organisation", rq->actor.organisation);
    ll_gate_put_signature(&rq->actor, &j);
    ll_json_end_obj(&j);
    rq->due.type = LL_ENTRY_CALL;
    rq->due.payload = LL_BUF_INIT(LL_ENTRY_MAX + 1);
    int rc = plain.failed ? ll_no_memory(err) : ll_canon_put(ll_buf_view(&plain), &rq->due.payload, err);
    rq->due.set = rc == LL_OK;
    ll_buf_free(&plain);
    return rc;
}

int ll_h_corrections_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *cursor = ll_arg(rq, LL_P_CORRECTIONS_LIST_CURSOR);
    struct ll_sharing s;
    size_t n = 0;
    int rc = ll_access_frozen(app->access, &rq->actor, NULL, err);

    if (rc < 0 || (rc = ll_sharing_open(app, false, &s, err)) < 0)
        return rc;
    ll_json_obj(&rq->json);
    rc = ll_corrections_put(app->gateway, s.tx, rq->actor.organisation, cursor->s,
                            (size_t)ll_arg(rq, LL_P_CORRECTIONS_LIST_LIMIT)->i, &rq->json, &n, err);
    ll_json_end_obj(&rq->json);
    ll_sharing_close(&s);
    return rc < 0 ? rc : corrections_due(rq, n, err);
}
