/* cmd_credit.c - the credit platform: how much in time departments report what is to be published. */
#include "apps/credit/timeliness.h"
#include "base/fs.h"
#include "cli/cmd_actor.h"

#include <inttypes.h>
#include <string.h>

enum { SHOWN = 50 };

static int ask_of(struct ll_cli *c, struct ll_desk *d, struct ll_public_rules *rules,
                  struct ll_timely_ask *ask, struct ll_err *err)
{
    const char *from = c->opts[LL_OPT_credit_timeliness_from], *to = c->opts[LL_OPT_credit_timeliness_to];
    int rc = ll_public_rules_read(d->tx, d->arena, rules, err);

    if (rc < 0)
        return rc;
    ll_timely_year(ask);
    ask->department = c->opts[LL_OPT_credit_timeliness_department];
    if (!(ask->kind = ll_public_kind_find(rules, ll_str(c->args[0]))))
        return ll_fail(err, LL_NOTFOUND, "没有名为 %s 的公示类别", "there is no kind of decision named %s",
                       c->args[0]);
    if (!(ask->resource = ll_catalog_resource(d->catalog, ll_str(ask->kind->resource))))
        return ll_fail(err, LL_NOTFOUND, "没有数据资源 %s", "there is no resource %s", ask->kind->resource);
    if (from && (rc = ll_timely_month(ll_str(from), &ask->from, err)) < 0)
        return rc;
    return to ? ll_timely_month(ll_str(to), &ask->to, err) : LL_OK;
}

static const struct ll_column line_columns[] = {
    {"name", "部门", "department", LL_LEFT},    {"department", "代码", "code", LL_LEFT},
    {"month", "月份", "month", LL_LEFT},        {"decided", "作出", "decided", LL_RIGHT},
    {"in_time", "按时", "in time", LL_RIGHT},   {"late", "迟报", "late", LL_RIGHT},
    {"worst", "最多迟报", "worst", LL_RIGHT},   {"ungrounded", "依据不全", "no law", LL_RIGHT},
    {"repeated", "重报", "repeated", LL_RIGHT}, {"shared", "文号相同", "shared", LL_RIGHT},
    {"refused", "退回", "refused", LL_RIGHT}};

static int put_lines(struct ll_cli *c, const struct ll_timely *t, struct ll_err *err)
{
    struct ll_grid *g = ll_grid_new(c, line_columns, LL_COUNT(line_columns));
    char month[LL_DAY_TEXT];

    for (size_t i = 0; i < t->n; i++) {
        const struct ll_timely_line *l = &t->lines[i];
        ll_grid_z(g, l->name);
        ll_grid_z(g, l->code);
        ll_grid_z(g, ll_month_text(l->month, month));
        ll_grid_int(g, l->decided);
        ll_grid_int(g, l->in_time);
        ll_grid_int(g, l->late);
        ll_grid_int(g, l->worst);
        ll_grid_int(g, l->ungrounded);
        ll_grid_int(g, l->repeated);
        ll_grid_int(g, l->shared);
        ll_grid_int(g, l->refused);
    }
    int rc = ll_grid_end(g, err);
    for (size_t i = 0; rc == LL_OK && i < t->n_gaps; i++)
        ll_out_line(c, "疑似漏报：%s %s %" PRId64 "—%" PRId64 " 缺 %" PRId64 " 个编号：%s",
                    "gap: %s %s %" PRId64 "-%" PRId64 " lacks %" PRId64 " numbers: %s", t->gaps[i].name,
                    t->gaps[i].series, t->gaps[i].lowest, t->gaps[i].highest, t->gaps[i].missing,
                    t->gaps[i].first);
    if (rc == LL_OK && t->sums.decided)
        ll_out_line(c, "合计 %" PRId64 " 件，%.1f%% 按时；迟报 %" PRId64 " 件，最多迟 %" PRId64 " 个工作日",
                    "%" PRId64 " in all, %.1f%% in time; %" PRId64 " late, by at most %" PRId64
                    " working days",
                    t->sums.decided, 100.0 * (double)t->sums.in_time / (double)t->sums.decided, t->sums.late,
                    t->sums.worst);
    return rc;
}

static int csv_row(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    ll_buf_csv_row(ctx, cells, n);
    return ((struct ll_buf *)ctx)->failed ? ll_no_memory(err) : LL_OK;
}

static int write_csv(struct ll_cli *c, const struct ll_timely *t, const char *path, struct ll_err *err)
{
    enum { MOST = 64 << 20 };
    struct ll_buf text = LL_BUF_INIT(MOST);
    int rc;

    ll_buf_z(&text, "\xEF\xBB\xBF");
    if ((rc = ll_timely_rows(t, c->lang, csv_row, &text, err)) == LL_OK)
        rc = ll_fs_write_atomic(path, ll_buf_view(&text), err);
    ll_buf_free(&text);
    return rc;
}

/* --- one by one ---------------------------------------------------------------------------------------------------------------- */

static const char *const whats[] = {[LL_TIMELY_ALL] = "all",
                                    [LL_TIMELY_LATE] = "late",
                                    [LL_TIMELY_UNGROUNDED] = "ungrounded",
                                    [LL_TIMELY_REPEATED] = "repeated",
                                    [LL_TIMELY_SHARED] = "shared"};

static int put_records(struct ll_cli *c, struct ll_desk *d, const struct ll_timely_ask *ask, const char *word,
                       struct ll_err *err)
{
    static const struct ll_column columns[] = {
        {"number", "文书号", "document number", LL_LEFT}, {"name", "部门", "department", LL_LEFT},
        {"decided", "作出", "decided", LL_LEFT},          {"reported", "上报", "reported", LL_LEFT},
        {"days", "工作日", "working days", LL_RIGHT},     {"beyond", "迟报", "late by", LL_RIGHT},
        {"told", "上报次数", "reports", LL_RIGHT},        {"others", "同号部门", "number also of", LL_LEFT}};
    struct ll_timely_record *list;
    char text[LL_DAY_TEXT];
    int64_t total;
    size_t n, what = 0;
    int rc;

    while (what < LL_COUNT(whats) && strcmp(whats[what], word) != 0)
        what++;
    if (what == LL_COUNT(whats))
        return ll_fail(err, LL_USAGE, "--list 应为 all、late、ungrounded、repeated 或 shared",
                       "--list takes all, late, ungrounded, repeated or shared");
    if ((rc = ll_timely_records(d->data, ask, (enum ll_timely_what)what, 0, SHOWN, d->arena, &list, &n,
                                &total, err)) < 0)
        return rc;
    struct ll_grid *g = ll_grid_new(c, columns, LL_COUNT(columns));
    for (size_t i = 0; i < n; i++) {
        ll_grid_z(g, list[i].number);
        ll_grid_z(g, list[i].name);
        ll_grid_z(g, ll_day_text(list[i].decided, text));
        ll_grid_z(g, ll_day_text(list[i].reported, text));
        ll_grid_int(g, list[i].days);
        ll_grid_int(g, list[i].beyond);
        ll_grid_int(g, list[i].told);
        ll_grid_z(g, list[i].others[0] ? list[i].others : NULL);
    }
    if ((rc = ll_grid_end(g, err)) == LL_OK && total > SHOWN)
        ll_out_line(c, "共 %" PRId64 " 件，列出最迟的 %d 件", "%" PRId64 " in all, the %d latest are listed",
                    total, (int)SHOWN);
    return rc;
}

int ll_cmd_credit_timeliness(struct ll_cli *c, struct ll_err *err)
{
    const char *csv = c->opts[LL_OPT_credit_timeliness_csv], *list = c->opts[LL_OPT_credit_timeliness_list];
    struct ll_timely_ask ask = {.kind = NULL};
    struct ll_public_rules rules;
    struct ll_timely t;
    struct ll_desk d;
    int rc = ll_desk_open(c, LL_DESK_READ, &d, err);

    if (rc < 0)
        return rc;
    if ((rc = ask_of(c, &d, &rules, &ask, err)) == LL_OK && list)
        rc = put_records(c, &d, &ask, list, err);
    else if (rc == LL_OK && (rc = ll_timely_read(d.data, &ask, d.arena, &t, err)) == LL_OK)
        rc = csv ? write_csv(c, &t, csv, err) : put_lines(c, &t, err);
    ll_desk_close(&d);
    return rc;
}
