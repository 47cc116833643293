/* cmd_rural_rate.c - rural rate: every household of the newest roll-up by the rules of the pack; rural ratings: those made. */
#include "apps/rural/rating.h"
#include "cli/cmd_actor.h"

struct rating {
    struct ll_desk d;
    const struct ll_rural_card *card;
};

static int open_rating(struct ll_cli *c, struct rating *k, struct ll_err *err)
{
    const struct ll_rural_list *list = NULL;
    int rc = ll_desk_open(c, LL_DESK_READ, &k->d, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_rural_list_read(k->d.tx, k->d.catalog, NULL, k->d.arena, &list, err)) == LL_OK)
        rc = ll_rural_card_read(k->d.tx, list, k->d.arena, &k->card, err);
    ll_txn_end(k->d.tx);
    k->d.tx = NULL;
    if (rc < 0)
        ll_desk_close(&k->d);
    return rc;
}

static const struct ll_column columns[] = {
    {"id", "评级", "rating", LL_LEFT},
    {"card", "规则", "rules", LL_LEFT},
    {"rollup", "所据汇总", "roll-up", LL_LEFT},
    {"day", "基准日", "as of", LL_LEFT},
    {"made_at", "时间", "made", LL_LEFT},
    {"households", "户", "households", LL_RIGHT},
    {"reviewed", "已评议", "reviewed", LL_RIGHT},
};

static void put_run(struct ll_grid *g, const struct ll_rating *r)
{
    ll_grid_z(g, r->id);
    ll_grid_z(g, r->card);
    ll_grid_z(g, r->rollup);
    ll_grid_z(g, r->day);
    ll_grid_time(g, r->made_at);
    ll_grid_int(g, (int64_t)r->households);
    ll_grid_int(g, (int64_t)r->reviewed);
}

int ll_cmd_rural_rate(struct ll_cli *c, struct ll_err *err)
{
    struct ll_marks *marks = NULL;
    struct ll_rating run;
    struct rating k;
    int rc = open_rating(c, &k, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_marks_open(ll_data_store(k.d.data), ll_data_vault(k.d.data), &marks, err)) == LL_OK &&
        (rc = ll_rating_run(k.d.data, k.d.catalog, k.card, marks, k.d.arena, &run, err)) == LL_OK) {
        struct ll_grid *g = ll_grid_new(c, columns, LL_COUNT(columns));
        put_run(g, &run);
        rc = ll_grid_end_card(g, err);
    }
    ll_marks_close(marks);
    ll_desk_close(&k.d);
    return rc;
}

int ll_cmd_rural_ratings(struct ll_cli *c, struct ll_err *err)
{
    struct ll_rating *list = NULL;
    struct rating k;
    size_t n = 0;
    int rc = open_rating(c, &k, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_rating_list(k.d.data, NULL, k.d.arena, &list, &n, err)) == LL_OK) {
        struct ll_grid *g = ll_grid_new(c, columns, LL_COUNT(columns));
        for (size_t i = 0; i < n; i++)
            put_run(g, &list[i]);
        rc = ll_grid_end(g, err);
    }
    ll_desk_close(&k.d);
    return rc;
}
