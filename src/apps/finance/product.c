/* product.c - see product.h.  The form of both tables was checked when the pack was loaded. */
#include "apps/finance/product_impl.h"

#include "apps/finance/size.h"
#include "catalog/pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SHOWN = 64 };
#define AMOUNT_MOST 10000000 /* 万元 */
#define RATE_MOST 36         /* percent a year */

enum column {
    PRODUCT,
    TITLE,
    TITLE_EN,
    INSTITUTION,
    INSTITUTION_EN,
    ORGANISATION,
    KIND,
    AMOUNT_MIN,
    AMOUNT_MAX,
    RATE_MIN,
    RATE_MAX,
    TERM_MIN,
    TERM_MAX,
    GUARANTEE,
    REPAYMENT,
    REGION,
    SIZE,
    INDUSTRY,
    FIRST_LOAN,
    ONLINE,
    DAYS,
    MATERIALS,
    MATERIALS_EN,
    SAMPLE,
    BASIS,
    SOURCE,
    COLUMNS
};
static const char *const columns[COLUMNS] = {
    "product",    "title",      "title_en",   "institution", "institution_en", "organisation",
    "kind",       "amount_min", "amount_max", "rate_min",    "rate_max",       "term_min",
    "term_max",   "guarantee",  "repayment",  "region",      "target_size",    "target_industry",
    "first_loan", "online",     "days",       "materials",   "materials_en",   "sample",
    "basis",      "source"};

enum rule_column { R_PRODUCT, R_GROUP, R_CELLS, R_N = R_CELLS + LL_RULE_CELLS };
static const char *const rule_columns[R_N] = {"product", "group", "indicator", "operator", "value", "basis"};

static const char *const kinds[] = {
#define X(id, word, zh, en) word,
    LL_PRODUCT_KINDS(X)
#undef X
};

struct reading {
    struct ll_arena *arena;
    struct ll_products *all;
    struct ll_target_reading rules;
};

static int wrong(struct ll_str name, const char *zh, const char *en, struct ll_err *err)
{
    char where[2 * NAME_SHOWN];

    ll_fail_texts(err, LL_INVALID, zh, en);
    snprintf(where, sizeof where, "products.csv, %.*s", (int)(name.n < NAME_SHOWN ? name.n : NAME_SHOWN),
             name.p);
    return err ? ll_fail_in(err, where, where) : LL_INVALID;
}

/* ---- products ---- */

static struct ll_product *find(const struct ll_products *all, struct ll_str name)
{
    for (size_t i = 0; i < all->n; i++)
        if (ll_str_is(name, all->list[i].name))
            return &all->list[i];
    return NULL;
}

const struct ll_product *ll_product_find(const struct ll_products *all, struct ll_str name)
{
    return find(all, name);
}

static bool range(const struct ll_str *cells, enum column low, double most, double *min, double *max)
{
    char *low_end = NULL, *high_end = NULL;

    *min = cells[low].n ? strtod(cells[low].p, &low_end) : -1;
    *max = cells[low + 1].n ? strtod(cells[low + 1].p, &high_end) : -1;
    return low_end && high_end && low_end == cells[low].p + cells[low].n &&
           high_end == cells[low + 1].p + cells[low + 1].n && *min >= 0 && *min <= *max && *max <= most;
}

static int read_numbers(struct ll_product *p, const struct ll_str *cells, struct ll_err *err)
{
    enum { MONTHS_MOST = 480, DAYS_MOST = 365 };

    if (!range(cells, AMOUNT_MIN, AMOUNT_MOST, &p->amount_min, &p->amount_max))
        return wrong(cells[PRODUCT], "额度不是从小到大的两个数（万元）",
                     "its amounts are no two rising numbers (万元)", err);
    if (!range(cells, RATE_MIN, RATE_MOST, &p->rate_min, &p->rate_max))
        return wrong(cells[PRODUCT], "利率不是从小到大的两个数（%，至多 36）",
                     "its rates are no two rising numbers (percent, 36 at most)", err);
    if (!ll_str_i64(cells[TERM_MIN], 1, MONTHS_MOST, &p->term_min) ||
        !ll_str_i64(cells[TERM_MAX], p->term_min, MONTHS_MOST, &p->term_max))
        return wrong(cells[PRODUCT], "期限不是从小到大的两个月数",
                     "its terms are no two rising numbers of months", err);
    if (cells[DAYS].n && !ll_str_i64(cells[DAYS], 1, DAYS_MOST, &p->days))
        return wrong(cells[PRODUCT], "days 应为 1 至 365", "days is 1 to 365", err);
    return LL_OK;
}

static int take(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;
    struct ll_product p = {.first_loan = ll_str_is(cells[FIRST_LOAN], "Y"),
                           .online = ll_str_is(cells[ONLINE], "Y"),
                           .sample = ll_str_is(cells[SAMPLE], "Y")};
    const struct {
        const char **to;
        enum column from;
    } texts[] = {{&p.name, PRODUCT},
                 {&p.title[LL_ZH], TITLE},
                 {&p.title[LL_EN], TITLE_EN},
                 {&p.institution[LL_ZH], INSTITUTION},
                 {&p.institution[LL_EN], INSTITUTION_EN},
                 {&p.organisation, ORGANISATION},
                 {&p.guarantee, GUARANTEE},
                 {&p.repayment, REPAYMENT},
                 {&p.target.regions, REGION},
                 {&p.sizes, SIZE},
                 {&p.target.industries, INDUSTRY},
                 {&p.materials[LL_ZH], MATERIALS},
                 {&p.materials[LL_EN], MATERIALS_EN},
                 {&p.basis, BASIS},
                 {&p.source, SOURCE}};
    int rc;

    (void)pack;
    if (r->all->n == LL_PRODUCTS_MAX || find(r->all, cells[PRODUCT]))
        return wrong(cells[PRODUCT], "名称重复，或产品过多", "its name stands twice, or there are too many",
                     err);
    for (size_t i = 0; i < LL_COUNT(texts); i++)
        if (!(*texts[i].to = ll_arena_dup(r->arena, cells[texts[i].from])))
            return ll_no_memory(err);
    while (p.kind + 1 < LL_PRODUCT_KIND_COUNT_ && !ll_str_is(cells[KIND], kinds[p.kind]))
        p.kind++;
    if ((rc = read_numbers(&p, cells, err)) == LL_OK)
        r->all->list[r->all->n++] = p;
    return rc;
}

/* ---- their rules ---- */

static struct ll_target_reading rules_of(const struct ll_products *all, struct ll_arena *arena, size_t n)
{
    return (struct ll_target_reading){
        .arena = arena, .set = all->set, .n_rules = n, .most = LL_PRODUCT_RULES_MAX};
}

static int in_product(const struct ll_product *p, int rc, struct ll_err *err)
{
    return rc < 0 && err ? ll_fail_in(err, p->name, p->name) : rc;
}

static int take_rule(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;
    struct ll_product *p = find(r->all, cells[R_PRODUCT]);

    (void)pack;
    if (!p)
        return wrong(cells[R_PRODUCT], "product_rules.csv 写了没有的产品",
                     "product_rules.csv names a product that is not there", err);
    return in_product(p, ll_target_add(&r->rules, &p->target, cells[R_GROUP], &cells[R_CELLS], err), err);
}

static int add_scope(struct reading *r, struct ll_product *p, struct ll_err *err)
{
    return in_product(p, ll_target_add_scope(&r->rules, &p->target, p->basis, err), err);
}

int ll_product_add(struct ll_products *all, size_t *n_rules, struct ll_arena *arena, ll_product_cell_fn *cell,
                   void *ctx, const struct ll_target_rule_cells *rules, size_t n, struct ll_err *err)
{
    struct reading r = {.arena = arena, .all = all, .rules = rules_of(all, arena, *n_rules)};
    const size_t before = all->n;
    struct ll_str cells[COLUMNS];
    int rc;

    for (size_t i = 0; i < COLUMNS; i++)
        cells[i] = cell(ctx, columns[i]);
    if ((rc = take(&r, NULL, cells, err)) < 0)
        return rc;
    struct ll_product *p = &all->list[before];
    for (size_t i = 0; i < n && rc == LL_OK; i++)
        rc = in_product(p, ll_target_add(&r.rules, &p->target, rules[i].group, rules[i].cells, err), err);
    if (rc == LL_OK)
        rc = add_scope(&r, p, err);
    if (rc == LL_OK)
        *n_rules = r.rules.n_rules;
    else
        all->n = before;
    return rc;
}

int ll_products_read(struct ll_txn *tx, const struct ll_catalog *cat, struct ll_arena *arena,
                     const struct ll_products **ret, struct ll_err *err)
{
    struct ll_products *all = ll_arena_alloc(arena, sizeof *all);
    struct reading r = {.arena = arena, .all = all};
    int rc;

    if (!all || !(all->list = ll_arena_array(arena, LL_PRODUCTS_MAX, sizeof *all->list)))
        return ll_no_memory(err);
    if ((rc = ll_features_read(tx, cat, arena, &all->set, err)) < 0)
        return rc;
    r.rules = rules_of(all, arena, 0);
    if ((rc = ll_pack_use_each(tx, NULL, "products.csv", columns, COLUMNS, take, &r, err)) < 0 ||
        (rc = ll_pack_use_each(tx, NULL, "product_rules.csv", rule_columns, R_N, take_rule, &r, err)) < 0)
        return rc;
    for (size_t i = 0; i < all->n; i++)
        if ((rc = add_scope(&r, &all->list[i], err)) < 0)
            return rc;
    if ((rc = ll_products_published(tx, all, &r.rules.n_rules, arena, err)) < 0)
        return rc;
    if (!all->n)
        return ll_fail(err, LL_NOTFOUND, "没有金融产品：先装载场景包 finance",
                       "there are no products: load pack finance");
    if ((rc = ll_products_say(all, cat, arena, err)) == LL_OK)
        *ret = all;
    return rc;
}

/* ---- lists ---- */

int ll_products_targets(const struct ll_products *all, struct ll_arena *arena, struct ll_targets *ret,
                        struct ll_err *err)
{
    *ret = (struct ll_targets){
        .list = ll_arena_array(arena, all->n + 1, sizeof *ret->list), .n = all->n, .set = all->set};
    for (size_t i = 0; ret->list && i < all->n; i++)
        ret->list[i] = &all->list[i].target;
    return ret->list ? LL_OK : ll_no_memory(err);
}

static bool holds(const char *text, struct ll_str part)
{
    return memmem(text, strlen(text), part.p, part.n) != NULL;
}

static bool suits(const struct ll_product *p, const struct ll_product_query *q)
{
    if (q->q.n && !holds(p->title[LL_ZH], q->q) && !holds(p->title[LL_EN], q->q) &&
        !holds(p->institution[LL_ZH], q->q) && !holds(p->institution[LL_EN], q->q))
        return false;
    if (q->kind >= 0 && q->kind != (int)p->kind)
        return false;
    if (q->size >= 0 && !ll_target_lists(p->sizes, ll_str(ll_size_word((enum ll_size)q->size)), false))
        return false;
    return ll_target_lists(p->target.regions, q->region, true) &&
           ll_target_lists(p->target.industries, q->industry, true) &&
           (!q->guarantee.n || (p->guarantee[0] && ll_target_lists(p->guarantee, q->guarantee, false))) &&
           (q->amount < 0 || (double)q->amount <= p->amount_max) && (!q->first_loan || p->first_loan);
}

static int by_number(double a, double b)
{
    return a < b ? -1 : a > b;
}

struct ordering {
    const char *by;
    bool down;
};

/* By name among equals, so that pages do not overlap. */
static int by_order(const void *x, const void *y, void *ctx)
{
    const struct ll_product *a = *(const struct ll_product *const *)x,
                            *b = *(const struct ll_product *const *)y;
    const struct ordering *o = ctx;
    int c = strcmp(o->by, "amount") == 0  ? by_number(a->amount_max, b->amount_max)
            : strcmp(o->by, "term") == 0  ? by_number((double)a->term_max, (double)b->term_max)
            : strcmp(o->by, "title") == 0 ? strcmp(a->title[LL_ZH], b->title[LL_ZH])
            : strcmp(o->by, "kind") == 0  ? (int)a->kind - (int)b->kind
                                          : by_number(a->rate_min, b->rate_min);

    return c ? (o->down ? -c : c) : strcmp(a->name, b->name);
}

size_t ll_products_filter(const struct ll_products *all, const struct ll_product_query *q,
                          const struct ll_product **ret)
{
    const char *sort = q->sort ? q->sort : "rate";
    struct ordering o = {.by = sort + (sort[0] == '-'), .down = sort[0] == '-'};
    size_t n = 0;

    for (size_t i = 0; i < all->n; i++)
        if (suits(&all->list[i], q))
            ret[n++] = &all->list[i];
    if (n)
        qsort_r(ret, n, sizeof *ret, by_order, &o);
    return n;
}
