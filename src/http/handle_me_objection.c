/* handle_me_objection.c - a subject objects to what a record says of it, and follows what becomes of that. */
#include "http/consenting.h"
#include "routes.gen.h"
#include "share/objecting.h"
#include "share/record.h"

#include "base/clock.h"

enum { KEY_PARTS = 16, KEY_TEXT = 200 };

static void put_time(struct ll_json *j, const char *key, int64_t ms)
{
    char text[LL_TIME_TEXT];

    ll_json_kz(j, key, ms ? ll_time_text(ms, text) : NULL);
}

/* As the subject's records are shown to it: identifiers of persons masked. */
static int put_key(struct ll_request *rq, const struct ll_resource *r, const char *record, struct ll_err *err)
{
    struct ll_str *key;
    size_t n;
    int rc = ll_key_parse(ll_str(record), rq->arena, &key, &n, err);

    if (rc < 0)
        return rc;
    ll_json_key(&rq->json, "key");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n; i++)
        if (r && i < r->n_key)
            ll_record_put_text(r->key[i], key[i], true, &rq->json);
        else
            ll_json_str(&rq->json, key[i]);
    ll_json_end_arr(&rq->json);
    return LL_OK;
}

static void put_items(struct ll_json *j, const struct ll_resource *r, const char *items)
{
    struct ll_str rest = ll_str(items), name;

    ll_json_key(j, "items");
    ll_json_arr(j);
    while (rest.n) {
        ll_str_cut(rest, ' ', &name, &rest);
        const struct ll_item *item = r ? ll_resource_item(r, name) : NULL;
        ll_json_obj(j);
        ll_json_ks(j, "name", name);
        ll_json_kz(j, "title", item ? item->title : NULL);
        ll_json_kz(j, "title_en", item ? item->title_en : NULL);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static int put(const struct ll_consenting *c, struct ll_request *rq, const struct ll_objection *o,
               struct ll_err *err)
{
    const struct ll_resource *r = ll_catalog_resource(c->s.cat, ll_str(o->resource));
    const struct ll_flow_object object = ll_objection_object(o);
    struct ll_json *j = &rq->json;
    int rc;

    ll_json_obj(j);
    ll_json_kz(j, "id", o->id);
    ll_json_kz(j, "resource", o->resource);
    ll_json_kz(j, "resource_title", r ? r->title : o->resource);
    ll_json_kz(j, "resource_title_en", r ? r->title_en : NULL);
    ll_json_kz(j, "provider", o->provider);
    ll_json_kz(j, "provider_name", r ? r->provider_name : NULL);
    if ((rc = put_key(rq, r, o->record, err)) < 0)
        return rc;
    put_items(j, r, o->item);
    ll_json_kz(j, "reason", o->doubt);
    ll_state_put(j, o->state);
    ll_json_kb(j, "open", !ll_flow_states[o->state].end);
    put_time(j, "due", o->due_at);
    put_time(j, "created_at", o->created_at);
    put_time(j, "changed_at", o->changed_at);
    put_time(j, "decided_at", o->decided_at);
    ll_json_kz(j, "decision", o->decision);
    ll_json_kz(j, "answer", o->answer);
    if ((rc = ll_sharing_progress(c->s.tx, rq, LL_FLOW_OBJECTION, o->id, err)) < 0)
        return rc;
    ll_flow_put_actions(j, "actions", &object, &rq->actor);
    ll_json_end_obj(j);
    return LL_OK;
}

/* One of the subject's own; any other is as good as not there. */
static int get(struct ll_app *app, const struct ll_consenting *c, struct ll_request *rq, const char *id,
               struct ll_objection *ret, struct ll_err *err)
{
    int rc = ll_objection_get(c->s.tx, ll_data_vault(app->data), id, rq->arena, ret, err);

    if (rc == LL_OK && (!ret->subject || !ll_str_is(ll_str(ret->subject), rq->actor.subject)))
        rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的异议", "there is no objection %s", id);
    return rc;
}

static int show(struct ll_app *app, const struct ll_consenting *c, struct ll_request *rq, const char *id,
                struct ll_err *err)
{
    struct ll_objection o;
    int rc = get(app, c, rq, id, &o, err);

    return rc < 0 ? rc : put(c, rq, &o, err);
}

int ll_h_me_objections_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_objection_query q = {.subject = rq->actor.subject,
                                         .offset = (size_t)ll_arg(rq, LL_P_ME_OBJECTIONS_LIST_OFFSET)->i,
                                         .limit = (size_t)ll_arg(rq, LL_P_ME_OBJECTIONS_LIST_LIMIT)->i};
    struct ll_objection *list;
    struct ll_consenting c;
    int64_t total;
    size_t n;
    int rc = ll_consenting_open(app, rq, false, &c, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_objection_list(c.s.tx, ll_data_vault(app->data), &q, rq->arena, &list, &n, &total, err)) ==
        LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
        for (size_t i = 0; i < n && rc == LL_OK; i++)
            rc = put(&c, rq, &list[i], err);
        ll_sharing_page_end(rq);
    }
    ll_consenting_close(&c);
    return rc;
}

int ll_h_me_objection_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consenting c;
    int rc = ll_consenting_open(app, rq, false, &c, err);

    if (rc < 0)
        return rc;
    rc = show(app, &c, rq, ll_arg(rq, LL_P_ME_OBJECTION_SHOW_ID)->s.p, err);
    ll_consenting_close(&c);
    return rc;
}

int ll_h_me_objection_add(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_objecting what = {.subject = rq->actor.subject};
    struct ll_consent_self me;
    char id[LL_FLOW_ID_TEXT];
    struct ll_consenting c;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    what.resource = ll_body_text(&b, "resource", 1, 64, true);
    what.n_key = ll_body_texts(&b, "key", KEY_PARTS, KEY_TEXT, &what.key);
    what.n_items = ll_body_texts(&b, "items", LL_OBJECTING_ITEMS_MAX, 64, &what.items);
    what.reason = ll_body_text(&b, "reason", 1, LL_REASON_MAX, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_consenting_self(app, rq, true, &c, &me, err)) < 0)
        return rc;
    what.scheme = me.scheme;
    what.value = me.value;
    if ((rc = ll_objecting_add(app->gateway, c.s.tx, c.s.cat, &what, &rq->actor, id, err)) == LL_OK &&
        (rc = show(app, &c, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &c.s, err);
    ll_consenting_close(&c);
    rq->status = 201;
    return rc;
}

int ll_h_me_objection_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_ME_OBJECTION_ACT_ID)->s.p;
    struct ll_objection o;
    struct ll_consenting c;
    struct ll_flow_act act;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    ll_sharing_act(&b, rq, &act);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_consenting_open(app, rq, true, &c, err)) < 0)
        return rc;
    if ((rc = get(app, &c, rq, id, &o, err)) == LL_OK &&
        (rc = ll_objection_act(c.s.tx, id, &act, err)) == LL_OK && (rc = show(app, &c, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &c.s, err);
    ll_consenting_close(&c);
    return rc;
}
