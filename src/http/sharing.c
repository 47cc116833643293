/* sharing.c - see sharing.h. */
#include "http/sharing.h"

#include "share/workdays.h"

#include <string.h>

int ll_sharing_open(struct ll_app *app, bool write, struct ll_sharing *ret, struct ll_err *err)
{
    *ret = (struct ll_sharing){0};
    int rc = ll_catalog_live_get(app->catalog, write, &ret->cat, err);

    if (rc == LL_OK && (rc = ll_txn_begin(ll_data_store(app->data), write, &ret->tx, err)) < 0)
        ll_sharing_close(ret);
    return rc;
}

void ll_sharing_close(struct ll_sharing *s)
{
    ll_txn_end(s->tx);
    s->tx = NULL;
    s->cat = ll_catalog_unref(s->cat);
}

int ll_sharing_commit(struct ll_app *app, struct ll_sharing *s, struct ll_err *err)
{
    int rc = ll_txn_commit(s->tx, err);

    if (rc == LL_OK)
        ll_journaling_wake(app->journaling);
    return rc;
}

void ll_sharing_act(struct ll_body *b, const struct ll_request *rq, struct ll_flow_act *ret)
{
    *ret = (struct ll_flow_act){.action = ll_body_text(b, "action", 1, 32, true),
                                .actor = &rq->actor,
                                .reason = ll_body_text(b, "reason", 1, LL_REASON_MAX, false),
                                .legal_basis = ll_body_text(b, "legal_basis", 1, LL_REASON_MAX, false)};
}

int ll_sharing_show(struct ll_app *app, struct ll_request *rq, const char *id, ll_sharing_show_fn *show,
                    struct ll_err *err)
{
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    rc = show(app, &s, rq, id, err);
    ll_sharing_close(&s);
    return rc;
}

int ll_sharing_step(struct ll_app *app, struct ll_request *rq, const char *id, ll_sharing_step_fn *step,
                    ll_sharing_show_fn *show, struct ll_err *err)
{
    struct ll_flow_act act;
    struct ll_sharing s;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    ll_sharing_act(&b, rq, &act);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    if ((rc = step(app, &s, rq, id, &act, err)) == LL_OK && (rc = show(app, &s, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    return rc;
}

bool ll_sharing_sees(const struct ll_request *rq, const char *applicant, const char *provider)
{
    return !rq->only || (applicant && strcmp(rq->only, applicant) == 0) ||
           (provider && strcmp(rq->only, provider) == 0);
}

static int put_events(struct ll_txn *tx, struct ll_request *rq, enum ll_flow flow, const char *id,
                      const char *name, void (*put)(struct ll_json *, const struct ll_flow_event *),
                      struct ll_err *err)
{
    struct ll_flow_event *list;
    size_t n;
    int rc = ll_flow_history(tx, flow, id, rq->arena, &list, &n, err);

    if (rc < 0)
        return rc;
    ll_json_key(&rq->json, name);
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n; i++)
        put(&rq->json, &list[i]);
    ll_json_end_arr(&rq->json);
    return LL_OK;
}

int ll_sharing_history(struct ll_txn *tx, struct ll_request *rq, enum ll_flow flow, const char *id,
                       struct ll_err *err)
{
    return put_events(tx, rq, flow, id, "history", ll_flow_event_json, err);
}

static void put_public(struct ll_json *j, const struct ll_flow_event *e)
{
    ll_json_obj(j);
    ll_flow_event_public(j, e);
    ll_json_end_obj(j);
}

int ll_sharing_progress(struct ll_txn *tx, struct ll_request *rq, enum ll_flow flow, const char *id,
                        struct ll_err *err)
{
    return put_events(tx, rq, flow, id, "progress", put_public, err);
}

void ll_sharing_page(struct ll_request *rq, int64_t total, int64_t offset, int64_t limit)
{
    ll_json_obj(&rq->json);
    ll_json_ki(&rq->json, "total", total);
    ll_json_ki(&rq->json, "offset", offset);
    ll_json_ki(&rq->json, "limit", limit);
    ll_json_key(&rq->json, "items");
    ll_json_arr(&rq->json);
}

void ll_sharing_page_end(struct ll_request *rq)
{
    ll_json_end_arr(&rq->json);
    ll_json_end_obj(&rq->json);
}

int ll_sharing_day_end(const char *name, const char *text, int64_t *ret, struct ll_err *err)
{
    int64_t day = 0;

    *ret = 0;
    if (!text)
        return LL_OK;
    if (strlen(text) != 10 || !ll_time_parse(text, &day))
        return ll_fail(err, LL_USAGE, "%s：“%s”不是日期（如 2027-06-30）", "%s: '%s' is no date (2027-06-30)",
                       name, text);
    *ret = ll_workday_end(ll_workday_of(day));
    return LL_OK;
}
