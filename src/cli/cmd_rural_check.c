/* cmd_rural_check.c - rural check-lists, check-list: long lists of households that banks had verified, as the operator sees them: how far they are and what came of
 * them by number.  What was claimed and what was told of a household stays with who asked. */
#include "apps/rural/check_job.h"
#include "cli/cmd_actor.h"

static const struct ll_column columns[] = {
    {"id", "名单", "list", LL_LEFT},
    {"organisation", "机构", "organisation", LL_LEFT},
    {"account", "账号", "account", LL_LEFT},
    {"client", "系统", "client", LL_LEFT},
    {"purpose", "用途", "purpose", LL_LEFT},
    {"state", "状态", "state", LL_LEFT},
    {"households", "户", "households", LL_RIGHT},
    {"done", "已核查", "done", LL_RIGHT},
    {"claims", "取值", "values", LL_RIGHT},
    {"created_at", "提交", "handed in", LL_LEFT},
    {"ended_at", "结束", "ended", LL_LEFT},
    {"why", "原因", "why", LL_LEFT},
};

static void put(struct ll_cli *c, struct ll_grid *t, const struct ll_check_job *j)
{
    ll_grid_z(t, j->id);
    ll_grid_z(t, j->organisation);
    ll_grid_z(t, j->account);
    ll_grid_z(t, j->client);
    ll_grid_z(t, j->purpose);
    ll_grid_z(t, j->state);
    ll_grid_int(t, j->households);
    ll_grid_int(t, j->done);
    ll_grid_int(t, j->claims);
    ll_grid_time(t, j->created_at);
    ll_grid_time(t, j->ended_at);
    ll_grid_z(t, c->lang == LL_ZH ? j->error_zh : j->error_en);
}

static int rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total, struct ll_err *err)
{
    struct ll_check_job *list;
    size_t n;
    int rc = ll_check_job_list(d->tx, c->opts[LL_OPT_rural_check_lists_organisation], 0, LL_DESK_SHOWN,
                               d->arena, &list, &n, total, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        put(c, t, &list[i]);
    return rc;
}

int ll_cmd_rural_check_lists(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, columns, LL_COUNT(columns), rows, err);
}

static int show(struct ll_cli *c, struct ll_desk *d, const char *id, struct ll_err *err)
{
    struct ll_check_job job;
    int rc = ll_check_job_get(d->tx, id, d->arena, &job, err);

    if (rc < 0)
        return rc;
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    put(c, t, &job);
    return ll_grid_end_card(t, err);
}

int ll_cmd_rural_check_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_show(c, c->args[0], show, err);
}
