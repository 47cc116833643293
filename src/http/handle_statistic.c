/* handle_statistic.c - the figures of the finance platform: for the platform whole, for an institution itself and what all come to; and the delivery of the
 * platform's own events, by hand. */
#include "apps/finance/event_deliver.h"
#include "http/delivering.h"
#include "http/statistic_view.h"
#include "http/table_file.h"
#include "routes.gen.h"

#include <stdio.h>

struct figures {
    struct ll_stat_view view;
    struct ll_stat stat;
};

/* Who is confined to an organisation: its own events, whole; or what all come to, where few firms are not told. */
static int confine(const struct ll_request *rq, bool own, const struct ll_arg *organisation,
                   struct ll_stat_ask *a, struct ll_err *err)
{
    if (!rq->only) {
        a->organisation = organisation->given ? organisation->s.p : NULL;
        return LL_OK;
    }
    if (organisation->given && !ll_str_is(organisation->s, rq->only))
        return ll_fail(err, LL_DENIED, "只能看本机构的统计与合计",
                       "only one's own figures, and the sums, are to be seen");
    if (own || organisation->given) {
        a->organisation = rq->only;
        return LL_OK;
    }
    a->public_cells = true;
    if (a->by == LL_STAT_INSTITUTION)
        a->only_key = rq->only;
    return LL_OK;
}

static int ask_for(struct ll_app *app, struct ll_request *rq, const struct ll_arg *as_of,
                   const struct ll_arg *by, const struct ll_arg *organisation, bool own, struct figures *f,
                   struct ll_err *err)
{
    struct ll_stat_ask a = {.by = LL_STAT_TOTAL};
    int rc;

    ll_stat_by_of(by->s, &a.by);
    if ((rc = ll_as_of_read(as_of->given ? as_of->s.p : NULL, &a.as_of, err)) < 0 ||
        (rc = confine(rq, own, organisation, &a, err)) < 0)
        return rc;
    return ll_stat_view_read(app, rq, &a, &a.by, 1, &f->view, &f->stat, err);
}

int ll_h_finance_statistics(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct figures f;
    int rc = ask_for(app, rq, ll_arg(rq, LL_P_FINANCE_STATISTICS_AS_OF),
                     ll_arg(rq, LL_P_FINANCE_STATISTICS_BY), ll_arg(rq, LL_P_FINANCE_STATISTICS_ORGANISATION),
                     ll_arg(rq, LL_P_FINANCE_STATISTICS_OWN)->given, &f, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "organisation", rq->only);
    ll_json_ki(&rq->json, "least", LL_STAT_LEAST);
    ll_stat_put(&f.stat, &f.view.names, true, &rq->json);
    ll_stat_view_put_counties(&f.view, &rq->json);
    ll_json_end_obj(&rq->json);
    ll_stat_view_close(&f.view);
    return LL_OK;
}

static int put_rows(const void *table, enum ll_lang lang, ll_table_put_fn *put, void *ctx, struct ll_err *err)
{
    const struct figures *f = table;

    return ll_stat_rows(&f->stat, &f->view.names, lang, put, ctx, err);
}

int ll_h_finance_statistics_file(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    enum { NAME = 96 };
    struct figures f;
    char zh[NAME], en[NAME];
    int rc = ask_for(app, rq, ll_arg(rq, LL_P_FINANCE_STATISTICS_FILE_AS_OF),
                     ll_arg(rq, LL_P_FINANCE_STATISTICS_FILE_BY),
                     ll_arg(rq, LL_P_FINANCE_STATISTICS_FILE_ORGANISATION),
                     ll_arg(rq, LL_P_FINANCE_STATISTICS_FILE_OWN)->given, &f, err);

    if (rc < 0)
        return rc;
    snprintf(zh, sizeof zh, "融资统计-%s-%s", f.stat.as_of.day, ll_stat_by_word(f.stat.by));
    snprintf(en, sizeof en, "finance-statistics-%s-%s", f.stat.as_of.day, ll_stat_by_word(f.stat.by));
    const struct ll_table_file file = {
        .table = &f,
        .rows = put_rows,
        .name = {zh, en},
        .sheet = {"融资统计", "statistics"},
        .lang = (enum ll_lang)ll_arg(rq, LL_P_FINANCE_STATISTICS_FILE_LANG)->i,
        .xlsx = ll_str_is(ll_arg(rq, LL_P_FINANCE_STATISTICS_FILE_FORMAT)->s, "xlsx")};
    rc = ll_table_file_reply(app, rq, &file, err);
    ll_stat_view_close(&f.view);
    return rc;
}

/* ---- the platform's own events ---- */

int ll_h_finance_deliver(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_event_delivered done;
    int rc = ll_delivering_now(app->delivering, &done, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_ki(&rq->json, "events", done.events);
    ll_json_kz(&rq->json, "delivery", done.delivery[0] ? done.delivery : NULL);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}
