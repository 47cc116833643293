/* cmd_usage.c - usage: what was called in a month, as a list or as a file. */
#include "cli/cmd_actor.h"

#include "http/month_file.h"

#include <inttypes.h>

static const struct ll_column columns[] = {{"organisation", "机构", "organisation", LL_LEFT},
                                           {"resource", "资源", "resource", LL_LEFT},
                                           {"grant", "授权", "grant", LL_LEFT},
                                           {"purpose", "用途", "purpose", LL_LEFT},
                                           {"calls", "答复", "calls", LL_RIGHT},
                                           {"keys", "查询数", "keys", LL_RIGHT},
                                           {"records", "记录", "records", LL_RIGHT},
                                           {"subjects", "主体次数", "looks at subjects", LL_RIGHT},
                                           {"refused", "拒绝", "refused", LL_RIGHT},
                                           {"peak", "最多一日", "busiest day", LL_RIGHT},
                                           {"per_day", "每日限额", "a day", LL_RIGHT}};

static int put_lines(struct ll_cli *c, const struct ll_month *m, struct ll_err *err)
{
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));

    for (size_t i = 0; i < m->n_lines; i++) {
        const struct ll_month_line *l = &m->lines[i];
        ll_grid_z(t, l->organisation);
        ll_grid_z(t, l->resource);
        ll_grid_z(t, l->grant[0] ? l->grant : NULL);
        ll_grid_z(t, l->purpose);
        ll_grid_int(t, l->sums.calls);
        ll_grid_int(t, l->sums.keys);
        ll_grid_int(t, l->sums.records);
        ll_grid_int(t, l->sums.subjects);
        ll_grid_int(t, l->sums.refused);
        ll_grid_int(t, l->peak);
        ll_grid_int(t, l->per_day);
    }
    int rc = ll_grid_end(t, err);
    if (rc == LL_OK && !c->json)
        ll_out_line(
            c, "合计：答复 %" PRId64 " 次，查询 %" PRId64 "，拒绝 %" PRId64 " 次；据日志前 %" PRId64 " 条",
            "in all %" PRId64 " calls answered, %" PRId64 " keys, %" PRId64
            " calls refused, by the first %" PRId64 " entries of the journal",
            m->sums.calls, m->sums.keys, m->sums.refused, m->entries);
    return rc;
}

static int write_csv(struct ll_cli *c, const struct ll_month *m, const char *path, struct ll_err *err)
{
    enum { MOST = 64 << 20 };
    struct ll_buf text = LL_BUF_INIT(MOST);
    int rc = ll_month_csv(m, c->lang, &text, err);

    if (rc == LL_OK)
        rc = ll_fs_write_atomic(path, ll_buf_view(&text), err);
    ll_buf_free(&text);
    return rc;
}

int ll_cmd_usage(struct ll_cli *c, struct ll_err *err)
{
    const char *month = c->opts[LL_OPT_usage_month], *csv = c->opts[LL_OPT_usage_csv],
               *xlsx = c->opts[LL_OPT_usage_xlsx];
    struct ll_month m;
    struct ll_desk d;
    int rc;

    if (!month)
        return ll_fail(err, LL_USAGE, "请用 --month 指定月份，如 2026-11",
                       "name the month with --month, such as 2026-11");
    if ((rc = ll_desk_open(c, LL_DESK_READ, &d, err)) < 0)
        return rc;
    rc = ll_month_read(d.tx, ll_str(month), c->opts[LL_OPT_usage_organisation], d.arena, &m, err);
    if (rc == LL_OK && csv)
        rc = write_csv(c, &m, csv, err);
    if (rc == LL_OK && xlsx)
        rc = ll_month_xlsx(&m, c->lang, xlsx, err);
    if (rc == LL_OK && !csv && !xlsx)
        rc = put_lines(c, &m, err);
    ll_desk_close(&d);
    return rc;
}
