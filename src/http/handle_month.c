/* handle_month.c - the monthly use report, as JSON and as a file. */
#include "http/table_file.h"
#include "routes.gen.h"
#include "share/gateway.h"
#include "share/ledger.h"
#include "share/month.h"

#include <stdio.h>

static int read_month(struct ll_app *app, struct ll_request *rq, struct ll_month *ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_ledger_catch_up(ll_gateway_ledger(app->gateway), err);

    if (rc == LL_OK && (rc = ll_txn_begin(ll_data_store(app->data), false, &tx, err)) == LL_OK)
        rc = ll_month_read(tx, ll_arg(rq, 0)->s, rq->only, rq->arena, ret, err);
    ll_txn_end(tx);
    return rc;
}

int ll_h_usage_month(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_month m;
    int rc = read_month(app, rq, &m, err);

    if (rc == LL_OK)
        ll_month_put(&m, &rq->json);
    return rc;
}

static int put_rows(const void *table, enum ll_lang lang, ll_table_put_fn *put, void *ctx, struct ll_err *err)
{
    return ll_month_rows(table, lang, put, ctx, err);
}

int ll_h_usage_month_file(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    enum { NAME = 64 };
    struct ll_month m = {0};
    char zh[NAME], en[NAME];
    int rc = read_month(app, rq, &m, err);

    if (rc < 0)
        return rc;
    snprintf(zh, sizeof zh, "使用月报-%04d-%02u", m.year, m.month);
    snprintf(en, sizeof en, "usage-%04d-%02u", m.year, m.month);
    const struct ll_table_file f = {.table = &m,
                                    .rows = put_rows,
                                    .name = {zh, en},
                                    .sheet = {"使用月报", "usage"},
                                    .lang = (enum ll_lang)ll_arg(rq, LL_P_USAGE_MONTH_FILE_LANG)->i,
                                    .xlsx = ll_str_is(ll_arg(rq, LL_P_USAGE_MONTH_FILE_FORMAT)->s, "xlsx")};
    return ll_table_file_reply(app, rq, &f, err);
}
