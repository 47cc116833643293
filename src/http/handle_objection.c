/* handle_objection.c - doubts about what a source handed out, and their answers. */
#include "http/sharing.h"
#include "routes.gen.h"
#include "share/objection.h"
#include "share/record.h"

#include <string.h>

enum { RECORD_MAX = 4096 };

/* The record's key with identifiers of persons masked, but to its source, which has the record and must find it. */
static const char *shown_record(const struct ll_sharing *s, const struct ll_request *rq,
                                const struct ll_objection *o)
{
    const struct ll_resource *r = ll_catalog_resource(s->cat, ll_str(o->resource));
    struct ll_buf text = LL_BUF_INIT(RECORD_MAX);
    struct ll_str *key;
    const char *shown;
    struct ll_json j;
    size_t n;

    if (!o->record || !r || (rq->actor.organisation && strcmp(rq->actor.organisation, o->provider) == 0) ||
        ll_key_parse(ll_str(o->record), rq->arena, &key, &n, NULL) < 0 || n != r->n_key)
        return o->record;
    ll_json_init(&j, &text);
    ll_json_arr(&j);
    for (size_t i = 0; i < n; i++)
        ll_record_put_text(r->key[i], key[i], true, &j);
    ll_json_end_arr(&j);
    shown = text.failed ? NULL : ll_arena_printf(rq->arena, "%.*s", LL_STR_ARG(ll_buf_view(&text)));
    ll_buf_free(&text);
    return shown;
}

int ll_h_objections_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_objection_query q = {.either = rq->only,
                                         .resource = ll_arg(rq, LL_P_OBJECTIONS_LIST_RESOURCE)->s.p,
                                         .state = ll_arg(rq, LL_P_OBJECTIONS_LIST_STATE)->s.p,
                                         .sort = ll_arg(rq, LL_P_OBJECTIONS_LIST_SORT)->s.p,
                                         .offset = (size_t)ll_arg(rq, LL_P_OBJECTIONS_LIST_OFFSET)->i,
                                         .limit = (size_t)ll_arg(rq, LL_P_OBJECTIONS_LIST_LIMIT)->i};
    struct ll_objection *list;
    struct ll_sharing s;
    int64_t total;
    size_t n;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_objection_list(s.tx, ll_data_vault(app->data), &q, rq->arena, &list, &n, &total, err)) ==
        LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
        for (size_t i = 0; i < n; i++) {
            ll_json_obj(&rq->json);
            list[i].record = shown_record(&s, rq, &list[i]);
            ll_objection_put(&rq->json, &list[i]);
            ll_json_end_obj(&rq->json);
        }
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

static int show(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq, const char *id,
                struct ll_err *err)
{
    struct ll_objection o;
    int rc = ll_objection_get(s->tx, ll_data_vault(app->data), id, rq->arena, &o, err);

    if (rc < 0)
        return rc;
    if (!ll_sharing_sees(rq, o.organisation, o.provider))
        return ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的疑义", "there is no objection %s", id);
    const struct ll_flow_object object = ll_objection_object(&o);
    o.record = shown_record(s, rq, &o);
    ll_json_obj(&rq->json);
    ll_objection_put(&rq->json, &o);
    if ((rc = ll_sharing_history(s->tx, rq, LL_FLOW_OBJECTION, id, err)) < 0)
        return rc;
    ll_flow_put_actions(&rq->json, "actions", &object, &rq->actor);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_objection_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_sharing_show(app, rq, ll_arg(rq, LL_P_OBJECTION_SHOW_ID)->s.p, show, err);
}

int ll_h_objection_add(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_objection draft = {0};
    char id[LL_FLOW_ID_TEXT];
    struct ll_sharing s;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    draft.resource = ll_body_text(&b, "resource", 1, 64, true);
    draft.doubt = ll_body_text(&b, "doubt", 1, LL_REASON_MAX, true);
    draft.record = ll_body_text(&b, "record", 1, 200, false);
    draft.item = ll_body_text(&b, "item", 1, 64, false);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    if ((rc = ll_objection_add(s.tx, ll_data_vault(app->data), s.cat, &draft, &rq->actor, id, err)) ==
            LL_OK &&
        (rc = show(app, &s, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    rq->status = 201;
    return rc;
}

static int step(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq, const char *id,
                const struct ll_flow_act *act, struct ll_err *err)
{
    (void)app;
    (void)rq;
    return ll_objection_act(s->tx, id, act, err);
}

int ll_h_objection_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_sharing_step(app, rq, ll_arg(rq, LL_P_OBJECTION_ACT_ID)->s.p, step, show, err);
}
