/* cmd_verify.c - verify and rebuild: is everything as it was sealed, and the service tables anew from the lake. */
#include "cli/out.h"
#include "cli/session.h"

#include "intake/verify.h"

struct listing {
    struct ll_cli *c;
    struct ll_grid *table;
};

static void put_problem(void *ctx, const char *what, const struct ll_err *problem)
{
    struct listing *l = ctx;

    ll_grid_z(l->table, what);
    ll_grid_z(l->table, ll_err_text(problem, l->c->lang));
}

int ll_cmd_verify(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column columns[] = {{"what", "对象", "what", LL_LEFT},
                                               {"problem", "问题", "problem", LL_LEFT}};
    struct listing l = {c, ll_grid_new(c, columns, LL_COUNT(columns))};
    struct ll_verified v = {0};
    struct ll_data *d = NULL;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK)
        rc = ll_data_verify(d, c->opts[LL_OPT_verify_resource], put_problem, &l, &v, err);
    rc = ll_grid_done(l.table, rc, err);
    ll_data_close(d);
    if (rc < 0)
        return rc;
    ll_out_line(c, "核对了 %llu 个批次、%llu 个交付，发现 %llu 处问题",
                "%llu batches and %llu deliveries compared, %llu problems found",
                (unsigned long long)v.batches, (unsigned long long)v.deliveries,
                (unsigned long long)v.problems);
    return v.problems ? ll_fail(err, LL_INVALID, "存放的数据与清单不一致",
                                "what is stored differs from its manifest")
                      : LL_OK;
}

int ll_cmd_rebuild(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column columns[] = {{"resources", "重建的资源", "resources rebuilt", LL_RIGHT}};
    struct ll_data *d = NULL;
    unsigned n = 0;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK && (rc = ll_job_rebuild(d, c->opts[LL_OPT_rebuild_resource], &n, err)) == LL_OK) {
        struct ll_grid *t = ll_grid_new(c, columns, 1);
        ll_grid_int(t, n);
        rc = ll_grid_end_card(t, err);
    }
    ll_data_close(d);
    return rc;
}
