/* handle_licence.c - commercial sources: what is bought, the terms of a resource, and what a month cost. */
#include "apps/finance/commercial.h"
#include "base/clock.h"
#include "http/sharing.h"
#include "http/table_file.h"
#include "routes.gen.h"
#include "share/gateway.h"
#include "share/grant.h"
#include "share/ledger.h"
#include "share/licence.h"

#include <stdio.h>
#include <string.h>

static bool sees_costs(const struct ll_request *rq)
{
    const struct ll_permission *p = ll_permission_find("licence.costs");

    return p && ll_may_all(&rq->actor, p);
}

int ll_h_finance_commercial(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    rc = ll_commercial_put(s.tx, s.cat, ll_now_ms(), sees_costs(rq), rq->arena, &rq->json, err);
    ll_json_end_obj(&rq->json);
    ll_sharing_close(&s);
    return rc;
}

/* ---- the terms of a resource ---- */

static int put_licence(struct ll_request *rq, struct ll_txn *tx, const char *resource, struct ll_err *err)
{
    const bool costs = sees_costs(rq);
    struct ll_licence l;
    int64_t spent = 0;
    int rc, got = ll_licence_get(tx, resource, rq->arena, &l, err);

    if (got < 0)
        return got;
    if (got && costs && (rc = ll_licence_spent(tx, resource, &spent, err)) < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_key(&rq->json, "licence");
    if (got) {
        ll_json_obj(&rq->json);
        ll_licence_json(&rq->json, &l, ll_now_ms(), costs);
        ll_json_end_obj(&rq->json);
    } else {
        ll_json_null(&rq->json);
    }
    ll_json_key(&rq->json, "spent_fen");
    if (got && costs)
        ll_json_int(&rq->json, spent);
    else
        ll_json_null(&rq->json);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_licence_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *name = ll_arg(rq, LL_P_LICENCE_SHOW_NAME)->s.p;
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    rc = ll_catalog_resource(s.cat, ll_str(name))
             ? put_licence(rq, s.tx, name, err)
             : ll_fail(err, LL_NOTFOUND, "没有数据资源 %s", "there is no resource %s", name);
    ll_sharing_close(&s);
    return rc;
}

static int join(struct ll_arena *arena, const char *const *list, size_t n, const char *gap, const char **ret,
                struct ll_err *err)
{
    struct ll_buf b = LL_BUF_INIT(8192);

    ll_buf_z(&b, "");
    for (size_t i = 0; i < n; i++)
        ll_buf_printf(&b, "%s%s", i ? gap : "", list[i]);
    *ret = b.failed ? NULL : ll_arena_dup(arena, ll_buf_view(&b));
    ll_buf_free(&b);
    return *ret ? LL_OK : ll_no_memory(err);
}

/* The instant at which the day begins in China. */
static int day_begin(const char *name, const char *text, int64_t *ret, struct ll_err *err)
{
    const int64_t day_ms = 86400000;
    int rc = ll_sharing_day_end(name, text, ret, err);

    *ret -= day_ms;
    return rc;
}

static int read_licence(struct ll_request *rq, struct ll_licence *l, struct ll_err *err)
{
    const int64_t most = INT64_C(100000000000000);
    const char *const *modes = NULL, *const *scenarios = NULL, *words = NULL;
    struct ll_body b;
    size_t n, n_scenarios;
    int rc;

    ll_body_open(&b, rq, err);
    l->supplier = ll_body_text(&b, "supplier", 1, LL_LICENCE_TEXT_MAX, true);
    l->contract = ll_body_text(&b, "contract", 1, LL_LICENCE_TEXT_MAX, false);
    l->note = ll_body_text(&b, "note", 1, LL_LICENCE_TEXT_MAX, false);
    l->redistribution = ll_body_text(&b, "redistribution", 1, 16, true);
    n = ll_body_texts(&b, "modes", LL_USE_MODE_COUNT, 16, &modes);
    n_scenarios = ll_body_texts(&b, "scenarios", LL_LICENCE_SCENARIOS_MAX, 100, &scenarios);
    const char *from = ll_body_text(&b, "from", 10, 10, true),
               *until = ll_body_text(&b, "until", 10, 10, true);
    l->call_fen = ll_body_int(&b, "call_fen", 0, most, 0);
    l->month_fen = ll_body_int(&b, "month_fen", 0, most, 0);
    l->budget_fen = ll_body_int(&b, "budget_fen", 0, most, 0);
    if ((rc = ll_body_end(&b)) < 0 || (rc = day_begin("from", from, &l->from_at, err)) < 0 ||
        (rc = ll_sharing_day_end("until", until, &l->until_at, err)) < 0 ||
        (rc = join(rq->arena, modes, n, " ", &words, err)) < 0 ||
        (rc = ll_use_modes_parse(ll_str(words), &l->modes, err)) < 0)
        return rc;
    for (size_t i = 0; i < n_scenarios; i++)
        if (strchr(scenarios[i], '|'))
            return ll_fail(err, LL_USAGE, "场景名称不能有 |", "the name of a scenario has no |");
    return join(rq->arena, scenarios, n_scenarios, "|", &l->scenarios, err);
}

int ll_h_licence_put(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_licence l = {.resource = ll_arg(rq, LL_P_LICENCE_PUT_NAME)->s.p};
    struct ll_sharing s;
    int rc = read_licence(rq, &l, err);

    if (rc < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    if ((rc = ll_licence_put(s.tx, &rq->actor, &l, err)) == LL_OK &&
        (rc = put_licence(rq, s.tx, l.resource, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    return rc;
}

/* ---- what a month cost ---- */

static int read_costs(struct ll_app *app, struct ll_request *rq, struct ll_licence_costs *ret,
                      struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_ledger_catch_up(ll_gateway_ledger(app->gateway), err);

    if (rc == LL_OK && (rc = ll_txn_begin(ll_data_store(app->data), false, &tx, err)) == LL_OK)
        rc = ll_licence_costs_read(tx, ll_arg(rq, 0)->s, rq->only, rq->arena, ret, err);
    ll_txn_end(tx);
    return rc;
}

int ll_h_licence_costs(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_licence_costs c;
    int rc = read_costs(app, rq, &c, err);

    if (rc == LL_OK)
        ll_licence_costs_put(&c, &rq->json);
    return rc;
}

static int put_rows(const void *table, enum ll_lang lang, ll_table_put_fn *put, void *ctx, struct ll_err *err)
{
    return ll_licence_costs_rows(table, lang, put, ctx, err);
}

int ll_h_licence_costs_file(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    enum { NAME = 64 };
    struct ll_licence_costs c = {0};
    char zh[NAME], en[NAME];
    int rc = read_costs(app, rq, &c, err);

    if (rc < 0)
        return rc;
    snprintf(zh, sizeof zh, "商业来源费用-%04d-%02u", c.span.year, c.span.month);
    snprintf(en, sizeof en, "commercial-sources-%04d-%02u", c.span.year, c.span.month);
    const struct ll_table_file f = {.table = &c,
                                    .rows = put_rows,
                                    .name = {zh, en},
                                    .sheet = {"商业来源费用", "commercial sources"},
                                    .lang = (enum ll_lang)ll_arg(rq, LL_P_LICENCE_COSTS_FILE_LANG)->i,
                                    .xlsx = ll_str_is(ll_arg(rq, LL_P_LICENCE_COSTS_FILE_FORMAT)->s, "xlsx")};
    return ll_table_file_reply(app, rq, &f, err);
}
