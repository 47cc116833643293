/* handle_statistic_wall.c - the figures of the finance platform for many who look at once: the wall screen, and anybody.
 *
 * An answer is worked out once a minute at most, of the wall also as soon as a batch of events has come or gone, so that ten screens cost what one does.  Two are
 * kept for the wall: all of it for the platform, and what may be told to institutions (statistic.h (3)), who are not told of each other. */
#include "apps/finance/event_deliver.h"
#include "base/clock.h"
#include "http/kept.h"
#include "http/statistic_view.h"
#include "routes.gen.h"

enum { LEAGUE = 10, LAST = 20 };

static void put_head(const struct ll_stat *s, struct ll_json *j)
{
    char at[LL_TIME_TEXT];

    ll_json_kz(j, "as_of", ll_time_text(s->as_of.ms, at));
    ll_json_kz(j, "day", s->as_of.day);
    ll_json_ki(j, "least", LL_STAT_LEAST);
    ll_stat_put_hash(s, j);
    ll_json_ki(j, "batches", (int64_t)s->events.batches.n);
    ll_stat_put_total(s, j);
}

/* ---- the wall ---- */

static int make_wall(struct ll_app *app, struct ll_request *rq, struct ll_json *j, struct ll_err *err)
{
    static const enum ll_stat_by by[] = {LL_STAT_REGION, LL_STAT_MONTH, LL_STAT_INSTITUTION};
    struct ll_stat_ask a = {.public_cells = rq->only != NULL, .last = LAST};
    struct ll_stat s[LL_COUNT(by)];
    struct ll_stat_view v;
    int rc;

    if ((rc = ll_as_of_read(NULL, &a.as_of, err)) < 0 ||
        (rc = ll_stat_view_read(app, rq, &a, by, LL_COUNT(by), &v, s, err)) < 0)
        return rc;
    ll_json_obj(j);
    put_head(&s[0], j);
    ll_stat_view_put_counties(&v, j);
    ll_stat_put_rows(&s[0], &v.names, "regions", s[0].n, j);
    ll_stat_put_rows(&s[1], &v.names, "months", s[1].n, j);
    ll_stat_put_rows(&s[2], &v.names, "league", rq->only ? 0 : LEAGUE, j);
    ll_stat_put_last(&s[0], &v.names, j);
    ll_json_end_obj(j);
    ll_stat_view_close(&v);
    return LL_OK;
}

/* Differs when other batches of events are shown than before. */
static int batches_mark(struct ll_app *app, struct ll_request *rq, uint64_t *ret, struct ll_err *err)
{
    const struct ll_resource *r;
    struct ll_catalog *cat = NULL;
    struct ll_batch *batches = NULL;
    size_t n = 0;
    int rc = ll_catalog_live_get(app->catalog, false, &cat, err);

    *ret = 0;
    if (rc < 0)
        return rc;
    if ((r = ll_catalog_resource(cat, LL_STR(LL_EVENT_RESOURCE))) != NULL)
        rc = ll_batch_live(app->data, r->name, r->version, -1, NULL, rq->arena, &batches, &n, err);
    for (size_t i = 0; i < n; i++)
        *ret = (*ret ^ (uint64_t)batches[i].seq) * UINT64_C(1099511628211) + 1;
    ll_catalog_unref(cat);
    return rc;
}

int ll_h_finance_statistics_wall(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    uint64_t mark;
    int rc = batches_mark(app, rq, &mark, err);

    return rc < 0 ? rc
                  : ll_kept_answer_of(rq->only ? app->wall_told : app->wall, mark, make_wall, app, rq, err);
}

/* ---- for anybody ---- */

static int make_public(struct ll_app *app, struct ll_request *rq, struct ll_json *j, struct ll_err *err)
{
    static const enum ll_stat_by by[] = {LL_STAT_TOTAL, LL_STAT_REGION, LL_STAT_MONTH};
    struct ll_stat_ask a = {.public_cells = true};
    struct ll_stat s[LL_COUNT(by)];
    struct ll_stat_view v;
    int rc;

    if ((rc = ll_as_of_read(NULL, &a.as_of, err)) < 0 ||
        (rc = ll_stat_view_read(app, rq, &a, by, LL_COUNT(by), &v, s, err)) < 0)
        return rc;
    ll_json_obj(j);
    ll_json_ki(j, "least", LL_STAT_LEAST);
    ll_stat_put(&s[0], &v.names, false, j);
    ll_stat_put_hash(&s[0], j);
    ll_stat_view_put_counties(&v, j);
    ll_stat_put_rows(&s[1], &v.names, "regions", s[1].n, j);
    ll_stat_put_rows(&s[2], &v.names, "months", s[2].n, j);
    ll_json_end_obj(j);
    ll_stat_view_close(&v);
    return LL_OK;
}

int ll_h_finance_statistics_public(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    int rc = ll_site_limit(app, rq, err);

    return rc < 0 ? rc : ll_kept_answer(app->statistics, make_public, app, rq, err);
}
