/* cmd_match.c - match: how many firms each product fits by a table of indicators, and where those of one product are. */
#include "cli/cmd_actor.h"

#include "apps/finance/match_count.h"
#include "apps/finance/product.h"

static int count_all(struct ll_desk *d, const char *table, const struct ll_products **all,
                     const struct ll_match_counts **ret, struct ll_err *err)
{
    struct ll_targets *targets = ll_arena_alloc(d->arena, sizeof *targets);
    int rc = targets ? ll_products_read(d->tx, d->catalog, d->arena, all, err) : ll_no_memory(err);

    ll_txn_end(d->tx); /* what follows may take seconds */
    d->tx = NULL;
    if (rc == LL_OK && (rc = ll_products_targets(*all, d->arena, targets, err)) == LL_OK)
        rc = ll_match_count(d->data, targets, table, d->arena, ret, err);
    return rc;
}

/* Small numbers are not told here either: what is printed goes on. */
static void put_told(struct ll_grid *g, int64_t n)
{
    if (n < 0)
        ll_grid_z(g, NULL);
    else
        ll_grid_int(g, n);
}

static const struct ll_column list_columns[] = {
    {"product", "产品", "product", LL_LEFT}, {"title", "名称", "title", LL_LEFT},
    {"fit", "符合", "fit", LL_RIGHT},        {"near", "只差一项", "miss one", LL_RIGHT},
    {"open", "有未知项", "open", LL_RIGHT},  {"far", "其他", "others", LL_RIGHT},
    {"firms", "企业", "firms", LL_RIGHT},    {"table", "指标表", "table", LL_LEFT},
};

static int list_rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *g, int64_t *total,
                     struct ll_err *err)
{
    const struct ll_match_counts *counts;
    const struct ll_products *all;
    int rc = count_all(d, c->opts[LL_OPT_match_list_table], &all, &counts, err);

    if (rc != LL_OK)
        return rc;
    for (size_t i = 0; i < all->n; i++) {
        const struct ll_product *p = &all->list[i];
        const struct ll_match_count *n = &counts->list[i];
        int64_t told[] = {n->fit, n->near, n->open, n->far};
        ll_match_hide(told, LL_COUNT(told));
        ll_grid_z(g, p->name);
        ll_grid_z(g, p->title[c->lang]);
        for (size_t k = 0; k < LL_COUNT(told); k++)
            put_told(g, told[k]);
        ll_grid_int(g, (int64_t)counts->firms);
        ll_grid_z(g, counts->run.id);
    }
    *total = (int64_t)all->n;
    return LL_OK;
}

int ll_cmd_match_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, list_columns, LL_COUNT(list_columns), list_rows, err);
}

static const struct ll_column county_columns[] = {{"county", "区县", "county", LL_LEFT},
                                                  {"title", "名称", "title", LL_LEFT},
                                                  {"fit", "符合", "fit", LL_RIGHT}};

static int county_rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *g, int64_t *total,
                       struct ll_err *err)
{
    const struct ll_codeset *regions = ll_catalog_codeset(d->catalog, LL_STR("REGION"));
    int64_t told[LL_MATCH_PLACES_MAX + 1];
    const struct ll_match_counts *counts;
    const struct ll_products *all;
    const struct ll_product *p;
    int rc = count_all(d, c->opts[LL_OPT_match_show_table], &all, &counts, err);

    if (rc != LL_OK)
        return rc;
    if (!(p = ll_product_find(all, ll_str(c->args[0]))))
        return ll_fail(err, LL_NOTFOUND, "没有这个产品", "there is no such product");
    for (size_t i = 0; i < counts->n_places; i++)
        told[i] = ll_match_at(counts, (size_t)(p - all->list), i);
    ll_match_hide(told, counts->n_places);
    for (size_t i = 0; i < counts->n_places; i++) {
        const struct ll_code *code = regions ? ll_codeset_by_code(regions, counts->places[i]) : NULL;
        ll_grid_str(g, counts->places[i]);
        ll_grid_z(g, !code ? NULL : c->lang == LL_EN && code->title_en.n ? code->title_en.p : code->title.p);
        put_told(g, told[i]);
    }
    *total = (int64_t)counts->n_places;
    return LL_OK;
}

int ll_cmd_match_show(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, county_columns, LL_COUNT(county_columns), county_rows, err);
}
