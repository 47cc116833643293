/* handle_collect.c - what is collected by area: whoever collects (form, entries), who collects where, campaigns and how far they are. */
#include "apps/collect/campaign.h"
#include "apps/collect/entry.h"
#include "http/look.h"
#include "http/sharing.h"
#include "routes.gen.h"
#include "standard/convert.h"

#include <string.h>

/* ---- whoever collects ---- */

/* Whose records are shown goes into the journal, one by one while there are not too many, and the area in any case. */
static int note_looks(struct ll_app *app, struct ll_request *rq, const struct ll_collecting *c,
                      struct ll_err *err)
{
    int rc = LL_OK;

    rq->looked_for = ll_arena_printf(rq->arena, "collect %s", c->area);
    for (size_t i = 0; i < c->form.n && c->known.n <= LL_LOOK_SUBJECTS; i++) {
        const struct ll_field *f = &c->form.fields[i];
        if (f->item->role != LL_ROLE_SUBJECT || !f->identifier)
            continue;
        for (size_t row = 0; rc == LL_OK && row < c->known.n && rq->n_looked < LL_LOOK_SUBJECTS; row++)
            if (c->known.cells[row * c->form.n + i].p)
                rc = ll_look_note(app, rq, ll_scheme_name(f->scheme), c->known.cells[row * c->form.n + i],
                                  err);
    }
    return rc;
}

static int open_area(struct ll_app *app, struct ll_request *rq, struct ll_catalog **cat,
                     struct ll_collecting *c, struct ll_err *err)
{
    int rc = ll_catalog_live_get(app->catalog, false, cat, err);

    if (rc == LL_OK)
        rc = ll_collecting_open(app->data, *cat, &rq->actor, rq->args[0].s, rq->args[1].s.p, rq->arena, c,
                                err);
    return rc;
}

int ll_h_collect_area(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_catalog *cat = NULL;
    struct ll_collecting c;
    int rc = open_area(app, rq, &cat, &c, err);

    if (rc == LL_OK && (rc = note_looks(app, rq, &c, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        ll_collecting_put(&c, &rq->json);
        ll_json_key(&rq->json, "entries");
        ll_json_arr(&rq->json);
        rc = ll_collect_states(&c, &rq->json, err);
        ll_json_end_arr(&rq->json);
        ll_json_end_obj(&rq->json);
    }
    ll_catalog_unref(cat);
    return rc;
}

int ll_h_collect_entries(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_catalog *cat = NULL;
    struct ll_collecting c;
    int rc = open_area(app, rq, &cat, &c, err);

    ll_json_obj(&rq->json);
    ll_json_key(&rq->json, "entries");
    ll_json_arr(&rq->json);
    if (rc == LL_OK)
        rc = ll_collect_states(&c, &rq->json, err);
    ll_json_end_arr(&rq->json);
    ll_json_end_obj(&rq->json);
    ll_catalog_unref(cat);
    return rc;
}

int ll_h_collect_send(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_catalog *cat = NULL;
    struct ll_collecting c;
    char delivery[LL_ID_TEXT] = "";
    struct ll_body b;
    int rc = open_area(app, rq, &cat, &c, err), ended;

    ll_body_open(&b, rq, rc == LL_OK ? err : NULL);
    const json_t *entries = ll_body_any(&b, "entries", true);
    ll_json_obj(&rq->json);
    ll_json_key(&rq->json, "entries");
    ll_json_arr(&rq->json);
    if (rc == LL_OK && entries)
        rc = note_looks(app, rq, &c, err);
    if (rc == LL_OK && entries)
        rc = ll_collect_deliver(&c, entries, delivery, &rq->json, err);
    ll_json_end_arr(&rq->json);
    ll_json_kz(&rq->json, "delivery", delivery[0] ? delivery : NULL);
    ll_json_end_obj(&rq->json);
    ended = ll_body_end(&b);
    if (rc == LL_OK)
        rc = ended;
    if (rc == LL_OK && delivery[0])
        rc = ll_runner_submit(app->runner, delivery, c.areas.resource->name, false, err);
    ll_catalog_unref(cat);
    return rc;
}

/* ---- who collects where ---- */

static void put_duty(const struct ll_catalog *cat, struct ll_txn *tx, const struct ll_collect_duty *d,
                     struct ll_request *rq)
{
    struct ll_json *j = &rq->json;
    struct ll_areas a;
    bool known = ll_areas_of(tx, cat, ll_str(d->resource), rq->arena, &a, NULL) == LL_OK;

    ll_json_obj(j);
    ll_json_kz(j, "account", d->account);
    ll_json_kz(j, "name", d->name);
    ll_json_kz(j, "organisation", d->organisation);
    ll_json_kz(j, "resource", d->resource);
    ll_json_kz(j, "resource_title", known ? a.resource->title : d->resource);
    ll_json_kz(j, "resource_title_en", known ? a.resource->title_en : NULL);
    ll_json_kz(j, "area", d->area);
    ll_json_kz(j, "area_title", known ? ll_area_title(&a, ll_str(d->area), rq->arena) : d->area);
    ll_json_end_obj(j);
}

static int list_duties(struct ll_app *app, struct ll_request *rq, const struct ll_collect_duty_query *q,
                       struct ll_err *err)
{
    struct ll_collect_duty *list;
    struct ll_sharing s;
    int64_t total;
    size_t n;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_collect_duties(s.tx, q, rq->arena, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q->offset, (int64_t)q->limit);
        for (size_t i = 0; i < n; i++)
            put_duty(s.cat, s.tx, &list[i], rq);
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

int ll_h_collect_mine(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return list_duties(app, rq, &(struct ll_collect_duty_query){.account = rq->actor.account, .limit = 200},
                       err);
}

int ll_h_collect_duties(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_collect_duty_query q = {.organisation = rq->only,
                                            .sort = ll_arg(rq, LL_P_COLLECT_DUTIES_SORT)->s.p,
                                            .offset = (size_t)ll_arg(rq, LL_P_COLLECT_DUTIES_OFFSET)->i,
                                            .limit = (size_t)ll_arg(rq, LL_P_COLLECT_DUTIES_LIMIT)->i};

    return list_duties(app, rq, &q, err);
}

static int change_duty(struct ll_app *app, struct ll_request *rq, bool give, struct ll_err *err)
{
    struct ll_sharing s;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *account = ll_body_text(&b, "account", 1, 64, true),
               *resource = ll_body_text(&b, "resource", 1, 64, true),
               *area = ll_body_text(&b, "area", 2, LL_AREA_MAX, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    rc = (give ? ll_collect_give : ll_collect_end)(s.tx, s.cat, &rq->actor, account, resource, area,
                                                   rq->arena, err);
    if (rc == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    rq->status = 204;
    return rc;
}

int ll_h_collect_give(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return change_duty(app, rq, true, err);
}

int ll_h_collect_end(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return change_duty(app, rq, false, err);
}

/* ---- campaigns ---- */

int ll_h_collect_resources(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_collected *list;
    struct ll_sharing s;
    size_t n;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    rc = ll_collected_list(s.tx, rq->arena, &list, &n, err);
    ll_json_arr(&rq->json);
    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        const struct ll_resource *r = ll_catalog_resource(s.cat, ll_str(list[i].resource));
        if (!r)
            continue;
        ll_json_obj(&rq->json);
        ll_json_kz(&rq->json, "resource", r->name);
        ll_json_kz(&rq->json, "title", r->title);
        ll_json_kz(&rq->json, "title_en", r->title_en);
        ll_json_kz(&rq->json, "provider", r->provider);
        ll_json_end_obj(&rq->json);
    }
    ll_json_end_arr(&rq->json);
    ll_sharing_close(&s);
    return rc;
}

int ll_h_campaigns_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    int64_t offset = ll_arg(rq, LL_P_CAMPAIGNS_LIST_OFFSET)->i,
            limit = ll_arg(rq, LL_P_CAMPAIGNS_LIST_LIMIT)->i, total;
    struct ll_campaign *list;
    struct ll_sharing s;
    size_t n;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_campaign_list(s.tx, ll_arg(rq, LL_P_CAMPAIGNS_LIST_OPEN)->i != 0, (size_t)offset,
                               (size_t)limit, rq->arena, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, offset, limit);
        for (size_t i = 0; i < n; i++) {
            ll_json_obj(&rq->json);
            ll_campaign_put(&list[i], &rq->json);
            ll_json_end_obj(&rq->json);
        }
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

static int read_day(const char *name, const char *text, int32_t *ret, struct ll_err *err)
{
    if (text && ll_cv_date(ll_str(text), ret) == LL_CV_OK)
        return LL_OK;
    return ll_fail(err, LL_USAGE, "%s：“%s”不是日期（如 2026-06-30）", "%s: '%s' is no date (2026-06-30)",
                   name, text ? text : "");
}

static int show_campaign(struct ll_sharing *s, struct ll_request *rq, const char *id, struct ll_err *err)
{
    struct ll_campaign c;
    int rc = ll_campaign_get(s->tx, id, rq->arena, &c, err);

    if (rc == LL_OK) {
        ll_json_obj(&rq->json);
        ll_campaign_put(&c, &rq->json);
        ll_json_end_obj(&rq->json);
    }
    return rc;
}

int ll_h_campaign_add(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    enum { TARGETS = 20000 };
    struct ll_campaign_draft d = {.resource = NULL};
    char id[LL_CAMPAIGN_ID];
    struct ll_sharing s;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    d.resource = ll_body_text(&b, "resource", 1, 64, true);
    d.title = ll_body_text(&b, "title", 1, 200, true);
    d.region = ll_body_text(&b, "region", 2, LL_AREA_MAX, true);
    d.expected = ll_body_int(&b, "expected", 0, 1000000, 0);
    d.n_targets = ll_body_texts(&b, "targets", TARGETS, 40, &d.targets);
    const char *from = ll_body_text(&b, "from", 10, 10, true),
               *until = ll_body_text(&b, "until", 10, 10, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = read_day("from", from, &d.from_day, err)) < 0 ||
        (rc = read_day("until", until, &d.until_day, err)) < 0 ||
        (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    if ((rc = ll_campaign_add(s.tx, s.cat, &rq->actor, &d, rq->arena, id, err)) == LL_OK &&
        (rc = show_campaign(&s, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    rq->status = 201;
    return rc;
}

int ll_h_campaign_end(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_CAMPAIGN_END_ID)->s.p;
    struct ll_sharing s;
    int rc = ll_sharing_open(app, true, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_campaign_end(s.tx, s.cat, &rq->actor, id, rq->arena, err)) == LL_OK &&
        (rc = show_campaign(&s, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    return rc;
}

int ll_h_campaign_progress(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *within = ll_arg(rq, LL_P_CAMPAIGN_PROGRESS_WITHIN)->s.p;
    struct ll_campaign c;
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    rc = ll_campaign_get(s.tx, ll_arg(rq, LL_P_CAMPAIGN_PROGRESS_ID)->s.p, rq->arena, &c, err);
    ll_txn_end(s.tx);
    s.tx = NULL;
    if (rc == LL_OK) {
        ll_json_obj(&rq->json);
        ll_json_key(&rq->json, "campaign");
        ll_json_obj(&rq->json);
        ll_campaign_put(&c, &rq->json);
        ll_json_end_obj(&rq->json);
        ll_json_key(&rq->json, "places");
        rc = ll_campaign_progress(app->data, s.cat, &c, within ? within : "", rq->arena, &rq->json, err);
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_close(&s);
    return rc;
}
