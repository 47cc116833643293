/* cmd_campaign.c - campaign add, list: which resource is collected where, in which days, and how many records are expected. */
#include "apps/collect/campaign.h"
#include "cli/cmd_actor.h"
#include "standard/convert.h"

static const struct ll_column columns[] = {
    {"id", "任务", "campaign", LL_LEFT},
    {"title", "名称", "title", LL_LEFT},
    {"resource", "资源", "resource", LL_LEFT},
    {"region", "范围", "place", LL_LEFT},
    {"organisation", "机构", "organisation", LL_LEFT},
    {"from", "开始", "from", LL_LEFT},
    {"until", "截止", "until", LL_LEFT},
    {"areas", "区域", "areas", LL_RIGHT},
    {"expected", "应采", "expected", LL_RIGHT},
    {"ended_at", "结束", "ended", LL_LEFT},
};

static void put(struct ll_grid *t, const struct ll_campaign *c)
{
    char day[16];

    ll_grid_z(t, c->id);
    ll_grid_z(t, c->title);
    ll_grid_z(t, c->resource);
    ll_grid_z(t, c->region);
    ll_grid_z(t, c->organisation);
    ll_grid_str(t, (struct ll_str){day, ll_date_text((int32_t)c->from_day, day)});
    ll_grid_str(t, (struct ll_str){day, ll_date_text((int32_t)c->until_day, day)});
    ll_grid_int(t, c->areas);
    ll_grid_int(t, c->expected);
    ll_grid_time(t, c->ended_at);
}

static int rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total, struct ll_err *err)
{
    struct ll_campaign *list;
    size_t n;
    int rc = ll_campaign_list(d->tx, c->opts[LL_OPT_campaign_list_open] != NULL, 0, LL_DESK_SHOWN, d->arena,
                              &list, &n, total, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        put(t, &list[i]);
    return rc;
}

int ll_cmd_campaign_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, columns, LL_COUNT(columns), rows, err);
}

static int day_of(const char *option, const char *text, int32_t *ret, struct ll_err *err)
{
    if (text && ll_cv_date(ll_str(text), ret) == LL_CV_OK)
        return LL_OK;
    return ll_fail(err, LL_USAGE, "--%s 应为日期（如 2026-06-30）", "--%s is a day (2026-06-30)", option);
}

static int read_draft(const struct ll_cli *c, struct ll_campaign_draft *d, struct ll_err *err)
{
    int rc;

    *d = (struct ll_campaign_draft){.resource = c->args[0],
                                    .title = c->opts[LL_OPT_campaign_add_title],
                                    .region = c->opts[LL_OPT_campaign_add_region]};
    if (!d->title || !d->region)
        return ll_fail(err, LL_USAGE, "应写明 --title 与 --region", "--title and --region are needed");
    if ((rc = day_of("from", c->opts[LL_OPT_campaign_add_from], &d->from_day, err)) < 0 ||
        (rc = day_of("until", c->opts[LL_OPT_campaign_add_until], &d->until_day, err)) < 0)
        return rc;
    return ll_desk_number(c, LL_OPT_campaign_add_expected, &d->expected, err);
}

int ll_cmd_campaign_add(struct ll_cli *c, struct ll_err *err)
{
    struct ll_campaign_draft draft;
    struct ll_campaign made;
    struct ll_actor actor;
    struct ll_desk d;
    char id[LL_CAMPAIGN_ID];
    int rc = ll_desk_actor(c, LL_OPT_campaign_add_as, &actor, err);

    if (rc < 0 || (rc = read_draft(c, &draft, err)) < 0 || (rc = ll_desk_open(c, LL_DESK_WRITE, &d, err)) < 0)
        return rc;
    if ((rc = ll_campaign_add(d.tx, d.catalog, &actor, &draft, d.arena, id, err)) == LL_OK &&
        (rc = ll_campaign_get(d.tx, id, d.arena, &made, err)) == LL_OK &&
        (rc = ll_txn_commit(d.tx, err)) == LL_OK) {
        struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
        put(t, &made);
        rc = ll_grid_end_card(t, err);
    }
    ll_desk_close(&d);
    return rc;
}
