/* handle_application.c - applications: made, listed, shown, and moved from step to step. */
#include "http/sharing.h"
#include "routes.gen.h"
#include "share/application.h"

#include "base/clock.h"
#include "share/workdays.h"

#include <string.h>

enum {
    YEAR_DAYS = 365,
    CALLS_MAX = 1000000000,
    SCENE_MAX = LL_APPLICATION_RESOURCES_MAX,
    RESOURCE_TEXT_MAX = 8000
};

static int list(struct ll_sharing *s, struct ll_request *rq, const struct ll_application_query *q,
                struct ll_err *err)
{
    struct ll_application *found;
    int64_t total;
    size_t n;
    int rc = ll_application_list(s->tx, q, rq->arena, &found, &n, &total, err);

    if (rc < 0)
        return rc;
    ll_sharing_page(rq, total, (int64_t)q->offset, (int64_t)q->limit);
    for (size_t i = 0; i < n; i++) {
        ll_json_obj(&rq->json);
        ll_application_put(&rq->json, &found[i]);
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_page_end(rq);
    return LL_OK;
}

int ll_h_applications_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_application_query q = {.either = rq->only,
                                           .scene = ll_arg(rq, LL_P_APPLICATIONS_LIST_SCENE)->s.p,
                                           .state = ll_arg(rq, LL_P_APPLICATIONS_LIST_STATE)->s.p,
                                           .sort = ll_arg(rq, LL_P_APPLICATIONS_LIST_SORT)->s.p,
                                           .offset = (size_t)ll_arg(rq, LL_P_APPLICATIONS_LIST_OFFSET)->i,
                                           .limit = (size_t)ll_arg(rq, LL_P_APPLICATIONS_LIST_LIMIT)->i};
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    rc = list(&s, rq, &q, err);
    ll_sharing_close(&s);
    return rc;
}

static int put_whole(struct ll_sharing *s, struct ll_request *rq, const struct ll_application *a,
                     struct ll_err *err)
{
    const struct ll_flow_object o = ll_application_object(a);
    struct ll_finding *found;
    size_t n;
    int rc = ll_application_check(s->tx, s->cat, a, rq->arena, &found, &n, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_application_put(&rq->json, a);
    ll_findings_put(&rq->json, "compliance", found, n);
    if ((rc = ll_attachments_put(s->tx, a->scene, &rq->json, "attachments", rq->arena, err)) < 0 ||
        (rc = ll_sharing_history(s->tx, rq, LL_FLOW_APPLICATION, a->id, err)) < 0)
        return rc;
    ll_flow_put_actions(&rq->json, "actions", &o, &rq->actor);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_application_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_APPLICATION_SHOW_ID)->s.p;
    struct ll_application a;
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_application_get(s.tx, id, rq->arena, &a, err)) == LL_OK)
        rc = ll_sharing_sees(rq, a.organisation, a.provider)
                 ? put_whole(&s, rq, &a, err)
                 : ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的申请", "there is no application %s", id);
    ll_sharing_close(&s);
    return rc;
}

/* --- making ------------------------------------------------------------------------------------------------------------- */

/* ["tax_rating", "enterprise_registration:uscc,=phone"] */
static int read_resources(struct ll_body *b, struct ll_arena *arena, struct ll_application *a,
                          struct ll_err *err)
{
    const char *const *names;
    size_t n = ll_body_texts(b, "resources", LL_APPLICATION_RESOURCES_MAX, RESOURCE_TEXT_MAX, &names);
    int rc = LL_OK;

    if (!(a->resources = ll_arena_array(arena, n ? n : 1, sizeof *a->resources)))
        return ll_no_memory(err);
    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        struct ll_application_resource *r = &a->resources[a->n_resources++];
        struct ll_str name, items;
        bool some = ll_str_cut(ll_str(names[i]), ':', &name, &items);
        if (!(r->resource = ll_arena_dup(arena, name)))
            return ll_no_memory(err);
        if (some)
            rc = ll_grant_items_parse(items, arena, &r->items, &r->n_items, err);
    }
    return rc;
}

/* A year, unless the body says otherwise. */
static int read_until(const char *text, struct ll_application *a, struct ll_err *err)
{
    int rc = ll_sharing_day_end("until", text, &a->until_at, err);

    a->from_at = ll_now_ms();
    if (!a->until_at)
        a->until_at = ll_workday_end(ll_workday_of(a->from_at) + YEAR_DAYS);
    return rc;
}

static int read_draft(struct ll_request *rq, struct ll_application *a, struct ll_err *err)
{
    struct ll_body b;
    int rc;

    *a = (struct ll_application){0};
    ll_body_open(&b, rq, err);
    a->purpose = ll_body_text(&b, "purpose", 1, LL_GRANT_PURPOSE_MAX, true);
    a->title = ll_body_text(&b, "title", 1, 200, false);
    a->scenario = ll_body_text(&b, "scenario", 1, 100, false);
    a->legal_basis = ll_body_text(&b, "legal_basis", 1, LL_REASON_MAX, true);
    a->demand = ll_body_text(&b, "demand", 1, LL_FLOW_ID_TEXT, false);
    a->per_second = ll_body_int(&b, "per_second", 0, CALLS_MAX, 0);
    a->per_day = ll_body_int(&b, "per_day", 0, CALLS_MAX, 0);
    a->total = ll_body_int(&b, "total", 0, CALLS_MAX, 0);
    a->consent = ll_body_bool(&b, "consent", false);
    a->must_sign = ll_body_bool(&b, "signed", false);
    const char *modes = ll_body_text(&b, "modes", 1, 100, false),
               *networks = ll_body_text(&b, "networks", 0, 4000, false),
               *until = ll_body_text(&b, "until", 10, 10, false);
    int parsed = read_resources(&b, rq->arena, a, err);
    if ((rc = ll_body_end(&b)) < 0 || (rc = parsed) < 0 || (rc = read_until(until, a, err)) < 0 ||
        (rc = ll_use_modes_parse(ll_str(modes ? modes : "query"), &a->modes, err)) < 0)
        return rc;
    a->title = a->title ? a->title : a->purpose;
    return ll_networks_parse(ll_str(networks), rq->arena, &a->networks, &a->n_networks, err);
}

int ll_h_application_make(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_flow_act act = {.action = "submit", .actor = &rq->actor};
    struct ll_application_query q = {.limit = SCENE_MAX};
    struct ll_application draft;
    char scene[LL_FLOW_ID_TEXT];
    struct ll_sharing s;
    int rc = read_draft(rq, &draft, err);

    if (rc < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    q.scene = scene;
    if ((rc = ll_application_create(s.tx, s.cat, &draft, &rq->actor, scene, err)) == LL_OK &&
        (rc = ll_application_act(s.tx, s.cat, scene, &act, err)) == LL_OK &&
        (rc = list(&s, rq, &q, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    if (rc == LL_OK)
        rq->status = 201;
    return rc;
}

int ll_h_application_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_APPLICATION_ACT_ID)->s.p;
    struct ll_application_query q = {.scene = id, .limit = SCENE_MAX};
    struct ll_application a;
    struct ll_flow_act act;
    struct ll_sharing s;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    ll_sharing_act(&b, rq, &act);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    if (id[0] != 'S' && (rc = ll_application_get(s.tx, id, rq->arena, &a, err)) == LL_OK)
        q.scene = a.scene;
    if (rc == LL_OK && (rc = ll_application_act(s.tx, s.cat, id, &act, err)) == LL_OK &&
        (rc = list(&s, rq, &q, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    return rc;
}
