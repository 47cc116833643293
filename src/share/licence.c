/* licence.c - see licence.h. */
#include "share/licence.h"

#include "base/clock.h"
#include "share/admin.h"
#include "share/grant.h"
#include "store/rows.h"

#include <inttypes.h>
#include <string.h>

static const int64_t most_fen = INT64_C(100000000000000);

static const struct {
    const char *word, *title[2];
} redistributions[] = {
#define X(id, word, zh, en) {word, {zh, en}},
    LL_REDISTRIBUTIONS(X)
#undef X
};

static size_t redistribution_of(const char *word)
{
    size_t i = 0;

    while (i < LL_COUNT(redistributions) && strcmp(redistributions[i].word, word) != 0)
        i++;
    return i;
}

bool ll_licence_for(const char *scenarios, const char *scenario)
{
    struct ll_str rest = ll_str(scenarios), one;

    if (!rest.n)
        return true;
    while (scenario && rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        if (ll_str_is(one, scenario))
            return true;
    }
    return false;
}

const char *ll_licence_state(const struct ll_licence *l, int64_t now)
{
    return now >= l->until_at ? "ended" : now < l->from_at ? "not_yet" : "in_force";
}

/* ---- writing ---- */

static int check(struct ll_txn *tx, const struct ll_licence *l, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc;

    if (!l->modes || l->from_at >= l->until_at)
        return ll_fail(err, LL_INVALID, "许可至少要有一种使用方式，且截止日期不早于起始日期",
                       "a licence needs at least one mode of use, and ends no earlier than it begins");
    if (redistribution_of(l->redistribution) == LL_COUNT(redistributions))
        return ll_fail(err, LL_USAGE, "redistribution 应为 forbidden、derived 或 allowed",
                       "redistribution takes forbidden, derived or allowed");
    if (l->call_fen < 0 || l->month_fen < 0 || l->budget_fen < 0 || l->call_fen > most_fen ||
        l->month_fen > most_fen || l->budget_fen > most_fen)
        return ll_fail(err, LL_INVALID, "价格与预算应为不小于 0 的分",
                       "prices and the budget are fen from 0");
    if ((rc = ll_sql(tx, "SELECT 1 FROM resource WHERE name = $1 AND current = 1", &s, err)) < 0)
        return rc;
    ll_bind_z(s, 1, l->resource);
    rc = ll_step(s, err);
    ll_stmt_done(s);
    return rc ? (rc < 0 ? rc : LL_OK)
              : ll_fail(err, LL_NOTFOUND, "目录中没有数据资源 %s", "the catalogue has no resource %s",
                        l->resource);
}

/* What the journal keeps of the terms. */
static int note(struct ll_txn *tx, const struct ll_actor *by, const struct ll_licence *l, const char *modes,
                struct ll_err *err)
{
    struct ll_buf detail = LL_BUF_INIT(8192);
    char from[LL_TIME_TEXT], until[LL_TIME_TEXT];

    ll_buf_printf(&detail, "supplier=%s; modes=%s; scenarios=%s; redistribution=%s; from=%s; until=%s;",
                  l->supplier, modes, l->scenarios, l->redistribution, ll_time_text(l->from_at, from),
                  ll_time_text(l->until_at, until));
    ll_buf_printf(&detail, " call_fen=%" PRId64 "; month_fen=%" PRId64 "; budget_fen=%" PRId64, l->call_fen,
                  l->month_fen, l->budget_fen);
    const struct ll_admin_note n = {
        .act = LL_ADMIN_LICENCE_STATED, .object = ll_str(l->resource), .detail = ll_buf_view(&detail)};
    int rc = detail.failed ? ll_no_memory(err) : ll_admin_note(tx, by, &n, err);
    ll_buf_free(&detail);
    return rc;
}

int ll_licence_put(struct ll_txn *tx, const struct ll_actor *by, const struct ll_licence *l,
                   struct ll_err *err)
{
    struct ll_buf modes = LL_BUF_INIT(256);
    int64_t now = ll_now_ms();
    int rc = check(tx, l, err);

    if (rc < 0)
        return rc;
    ll_use_modes_text(l->modes, &modes);
    rc =
        modes.failed
            ? ll_no_memory(err)
            : ll_exec(
                  tx, err,
                  "INSERT INTO licence (resource, supplier, contract, modes, scenarios, redistribution, from_at, until_at, call_fen,"
                  " month_fen, budget_fen, note, made_by, made_at, made_day)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
                  "zzzszziiiiizzii", l->resource, l->supplier, l->contract, ll_buf_view(&modes), l->scenarios,
                  l->redistribution, l->from_at, l->until_at, l->call_fen, l->month_fen, l->budget_fen,
                  l->note, by->account, now, (int64_t)ll_local_day(now));
    if (rc == LL_OK)
        rc = note(tx, by, l, modes.p, err);
    ll_buf_free(&modes);
    return rc;
}

/* ---- reading ---- */

static int read_modes(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_licence *l = row;

    (void)arena;
    return ll_use_modes_parse(ll_col_text(s, 12), &l->modes, err);
}

#define COLUMN(kind, member) LL_ROW(kind, ll_licence, member)
static const struct ll_row_column columns[] = {COLUMN(TEXT, resource),
                                               COLUMN(TEXT, supplier),
                                               COLUMN(TEXT, contract),
                                               COLUMN(TEXT, scenarios),
                                               COLUMN(TEXT, note),
                                               COLUMN(TEXT, redistribution),
                                               COLUMN(INT, from_at),
                                               COLUMN(INT, until_at),
                                               COLUMN(INT, call_fen),
                                               COLUMN(INT, month_fen),
                                               COLUMN(INT, budget_fen),
                                               COLUMN(INT, made_at),
                                               LL_ROW_OTHER};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_licence), read_modes};

int ll_licence_get(struct ll_txn *tx, const char *resource, struct ll_arena *arena, struct ll_licence *ret,
                   struct ll_err *err)
{
    return ll_row_get(
        tx, &rows,
        "SELECT resource, supplier, contract, scenarios, note, redistribution, from_at, until_at, call_fen, month_fen, budget_fen,"
        " made_at, modes FROM licence WHERE resource = $1 ORDER BY seq DESC LIMIT 1",
        resource, arena, ret, err);
}

static void put_words(struct ll_json *j, const char *key, const char *list)
{
    struct ll_str rest = ll_str(list), one;

    ll_json_key(j, key);
    ll_json_arr(j);
    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        ll_json_str(j, one);
    }
    ll_json_end_arr(j);
}

static void put_amount(struct ll_json *j, const char *key, int64_t fen, bool shown)
{
    ll_json_key(j, key);
    if (shown)
        ll_json_int(j, fen);
    else
        ll_json_null(j);
}

void ll_licence_json(struct ll_json *j, const struct ll_licence *l, int64_t now, bool costs)
{
    const size_t at = redistribution_of(l->redistribution);
    char text[LL_TIME_TEXT];

    ll_json_kz(j, "resource", l->resource);
    ll_json_kz(j, "state", ll_licence_state(l, now));
    ll_json_kz(j, "supplier", l->supplier);
    ll_json_kz(j, "contract", costs ? l->contract : NULL);
    ll_json_key(j, "modes");
    ll_json_arr(j);
    for (unsigned i = 0; i < LL_USE_MODE_COUNT; i++)
        if (l->modes & 1u << i)
            ll_json_z(j, ll_use_mode_word(i));
    ll_json_end_arr(j);
    put_words(j, "scenarios", l->scenarios);
    ll_json_kz(j, "redistribution", l->redistribution);
    ll_json_kz(j, "redistribution_title",
               at < LL_COUNT(redistributions) ? redistributions[at].title[LL_ZH] : NULL);
    ll_json_kz(j, "redistribution_title_en",
               at < LL_COUNT(redistributions) ? redistributions[at].title[LL_EN] : NULL);
    ll_json_kz(j, "from", ll_time_text(l->from_at, text));
    ll_json_kz(j, "until", ll_time_text(l->until_at, text));
    put_amount(j, "call_fen", l->call_fen, costs);
    put_amount(j, "month_fen", l->month_fen, costs);
    put_amount(j, "budget_fen", l->budget_fen, costs && l->budget_fen);
    ll_json_kz(j, "note", l->note);
    ll_json_kz(j, "made_at", ll_time_text(l->made_at, text));
}
