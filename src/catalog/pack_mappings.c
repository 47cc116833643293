/* pack_mappings.c - mappings/RESOURCE.csv and mappings/RESOURCE.VARIANT.csv: how a source's own columns become items. */
#include "catalog/pack_reader.h"

#include "catalog/name.h"
#include "catalog/tbl/pack_columns.h"
#include "catalog/transform.h"

#include <string.h>

#define X(id, name_, kind_, need_, argument_) COL_##id,
enum { LL_MAPPING_COLUMNS(X) COL_COUNT };
#undef X
#define X(id, name_, kind_, need_, argument_) {name_, LL_CELL_##kind_, LL_NEED_##need_, argument_},
static const struct ll_pack_column columns[] = {LL_MAPPING_COLUMNS(X)};
#undef X

enum { POSITION_MAX = 10000 };

struct mapping {
    struct ll_pr *pr;
    struct ll_pack_table t;
    const struct ll_pack_row *row;
    struct ll_resource *r;
    struct ll_mapping *m;
    enum ll_transform transform;
};

static struct ll_place at(const struct mapping *mp, size_t column)
{
    return ll_pack_table_at(&mp->t, mp->row, column);
}

/* "mappings/permit.old.csv" -> permit, old; false when a name in it is none. */
static bool split_path(const char *path, struct ll_str *resource, struct ll_str *variant)
{
    struct ll_str s = ll_str(path + strlen("mappings/"));

    s.n -= strlen(".csv");
    bool more = ll_str_cut(s, '.', resource, variant);
    return ll_name_check(*resource) == LL_NAME_OK && (!more || ll_variant_name_ok(*variant));
}

static void check_source(const struct mapping *mp, const char *source)
{
    struct ll_str one, rest = ll_str(source);
    int64_t position;

    if (!source && mp->transform != LL_TR_CONSTANT)
        ll_problem_error(mp->pr->ps, at(mp, COL_SOURCE), "“source”不能为空（只有 constant 不需要来源列）",
                         "'source' must not be empty (only constant has no source column)");
    if (source && mp->transform == LL_TR_CONSTANT)
        ll_problem_error(mp->pr->ps, at(mp, COL_SOURCE), "constant 没有来源列，请留空",
                         "constant has no source column; leave it empty");
    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        one = ll_str_trim(one);
        bool empty = one.n == 0;
        bool number = !empty && one.p[0] == '#';
        if (empty ||
            (number && !ll_str_i64((struct ll_str){one.p + 1, one.n - 1}, 1, POSITION_MAX, &position)))
            ll_problem_error(
                mp->pr->ps, at(mp, COL_SOURCE), "“%s”中有空的或不成立的列：列名之间用 | 分隔，第三列写 #3",
                "'%s' holds an empty or impossible column: alternatives are divided by |, the third "
                "column is #3",
                source);
    }
}

static void check_transform(struct mapping *mp, const struct ll_item *item, const char *cell)
{
    struct ll_err why;

    mp->transform = item && item->element ? ll_transform_default(item->element) : LL_TR_TEXT;
    if (!cell)
        return;
    if (!ll_transform_parse(ll_str(cell), &mp->transform)) {
        struct ll_near near = ll_near_start(ll_str(cell));
        for (size_t i = 0; i < LL_TR_COUNT; i++)
            ll_near_try(&near, ll_str(ll_transform_name((enum ll_transform)i)));
        ll_problem_error(mp->pr->ps, at(mp, COL_TRANSFORM), "没有变换“%s”%s%.*s",
                         "there is no transform '%s'%s%.*s", cell, near.best.n ? " -> " : "",
                         LL_STR_ARG(near.best));
    } else if (item && item->element && ll_transform_fits(mp->transform, item->element, &why) < 0) {
        ll_problem_error(mp->pr->ps, at(mp, COL_TRANSFORM), "%s%.0s", "%.0s%s", why.zh, why.en);
    }
}

static int check_arguments(struct mapping *mp, const char *cell)
{
    struct ll_args args;
    struct ll_err why;
    int rc = ll_args_parse(cell, mp->transform, mp->pr->arena, &args, &why);

    if (rc == LL_NOMEM)
        return ll_pr_nomem(mp->pr);
    if (rc < 0)
        ll_problem_error(mp->pr->ps, at(mp, COL_ARGUMENTS), "%s%.0s", "%.0s%s", why.zh, why.en);
    else if (args.value[LL_ARG_WITHIN])
        ll_pr_code(mp->pr, "REGION", args.value[LL_ARG_WITHIN], at(mp, COL_ARGUMENTS));
    return LL_OK;
}

static const struct ll_item *find_item(const struct mapping *mp, const char *name)
{
    const struct ll_item *item = name ? ll_resource_item(mp->r, ll_str(name)) : NULL;

    if (item || !name)
        return item;
    struct ll_near near = ll_near_start(ll_str(name));
    for (size_t i = 0; i < mp->r->n_items; i++)
        if (mp->r->items[i].name)
            ll_near_try(&near, ll_str(mp->r->items[i].name));
    ll_problem_error(mp->pr->ps, at(mp, COL_ITEM), "数据资源 %s 没有信息项“%s”%s%.*s",
                     "resource %s has no item '%s'%s%.*s", mp->r->name, name, near.best.n ? " -> " : "",
                     LL_STR_ARG(near.best));
    return NULL;
}

static int read_one(struct mapping *mp)
{
    const char *const *cell = mp->row->cell;
    struct ll_map_row row = {.source = cell[COL_SOURCE],
                             .item = find_item(mp, cell[COL_ITEM]),
                             .transform = cell[COL_TRANSFORM],
                             .arguments = cell[COL_ARGUMENTS]};
    size_t errors = ll_problems_errors(mp->pr->ps);

    check_transform(mp, row.item, cell[COL_TRANSFORM]);
    if (ll_problems_errors(mp->pr->ps) == errors && check_arguments(mp, cell[COL_ARGUMENTS]) < 0)
        return LL_NOMEM;
    check_source(mp, row.source);
    for (size_t i = 0; row.item && i < mp->m->n; i++)
        if (mp->m->rows[i].item == row.item)
            ll_problem_error(
                mp->pr->ps, at(mp, COL_ITEM),
                "信息项“%s”被填写了两次；来源列有几种写法时，写在同一行，用 | 分隔",
                "item '%s' is filled twice; where its column has several headers, write them in one "
                "row, divided by |",
                row.item->name);
    if (row.item)
        mp->m->rows[mp->m->n++] = row;
    return LL_OK;
}

static bool filled(const struct ll_mapping *m, const struct ll_item *item)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->rows[i].item == item)
            return true;
    return item->fallback != NULL;
}

static void check_required(const struct mapping *mp)
{
    for (size_t i = 0; i < mp->r->n_items; i++) {
        const struct ll_item *item = &mp->r->items[i];
        if (item->required && item->name && !filled(mp->m, item))
            ll_problem_error(mp->pr->ps, (struct ll_place){.file = mp->t.file},
                             "必填的信息项“%s”没有来源列，也没有默认值",
                             "the required item '%s' has neither a source column nor a default", item->name);
    }
}

static struct ll_mapping *new_mapping(struct ll_pr *pr, struct ll_resource *r)
{
    struct ll_mapping *list = ll_arena_array(pr->arena, r->n_mappings + 1, sizeof *list);

    if (!list)
        return NULL;
    if (r->n_mappings)
        memcpy(list, r->mappings, r->n_mappings * sizeof *list);
    r->mappings = list;
    return &list[r->n_mappings++];
}

static int read_mapping(struct ll_pr *pr, const char *path)
{
    struct mapping mp = {.pr = pr};
    struct ll_place place = {.file = path};
    struct ll_str name, variant;
    int rc;

    if (!split_path(path, &name, &variant)) {
        ll_problem_error(pr->ps, place, "文件名应为 数据资源.csv 或 数据资源.变体.csv",
                         "the file must be named RESOURCE.csv or RESOURCE.VARIANT.csv");
        return LL_OK;
    }
    mp.r = ll_pr_own_resource(pr, name);
    if (!mp.r) {
        struct ll_str near = ll_index_nearest(&pr->resources, name);
        ll_problem_error(pr->ps, place, "本场景包没有数据资源“%.*s”%s%.*s",
                         "this pack has no resource '%.*s'%s%.*s", LL_STR_ARG(name), near.n ? " -> " : "",
                         LL_STR_ARG(near));
        return LL_OK;
    }
    if ((rc = ll_pr_table(pr, path, columns, COL_COUNT, &mp.t)) < 0)
        return rc;
    mp.m = new_mapping(pr, mp.r);
    if (!mp.m)
        return ll_pr_nomem(pr);
    mp.m->rows = ll_arena_array(pr->arena, mp.t.n, sizeof *mp.m->rows);
    mp.m->variant = variant.n ? ll_arena_dup(pr->arena, variant) : NULL;
    if (!mp.m->rows || (variant.n && !mp.m->variant))
        return ll_pr_nomem(pr);
    for (size_t i = 0; i < mp.t.n; i++) {
        mp.row = ll_pack_table_row(&mp.t, i);
        if (read_one(&mp) < 0)
            return ll_pr_nomem(pr);
    }
    check_required(&mp);
    return LL_OK;
}

/* The layout of the template that we hand out: title or name of each item. */
static int template_mapping(struct ll_pr *pr, struct ll_resource *r)
{
    struct ll_mapping *m = new_mapping(pr, r);

    if (!m)
        return ll_pr_nomem(pr);
    m->rows = ll_arena_array(pr->arena, r->n_items, sizeof *m->rows);
    if (!m->rows)
        return ll_pr_nomem(pr);
    for (size_t i = 0; i < r->n_items; i++) {
        const struct ll_item *item = &r->items[i];
        if (!item->name)
            continue;
        struct ll_map_row *row = &m->rows[m->n++];
        row->item = item;
        row->source = item->title ? ll_arena_printf(pr->arena, "%s|%s", item->title, item->name) : item->name;
        if (!row->source)
            return ll_pr_nomem(pr);
    }
    return LL_OK;
}

static bool has_default(const struct ll_resource *r)
{
    for (size_t i = 0; i < r->n_mappings; i++)
        if (!r->mappings[i].variant)
            return true;
    return false;
}

int ll_pr_mappings(struct ll_pr *pr)
{
    int rc = LL_OK;

    for (size_t i = 0; i < pr->n_files && rc == LL_OK; i++)
        if (ll_str_starts(ll_str(pr->files[i].path), LL_STR("mappings/")))
            rc = read_mapping(pr, pr->files[i].path);
    for (size_t i = 0; i < pr->pack->n_resources && rc == LL_OK; i++) {
        struct ll_resource *r = &pr->pack->resources[i];
        if (!r->n_mappings && r->name)
            rc = template_mapping(pr, r);
        else if (r->name && !has_default(r))
            ll_problem_error(pr->ps, (struct ll_place){.file = "mappings"},
                             "数据资源 %s 只有变体映射；请加上默认映射 mappings/%s.csv",
                             "resource %s has variant mappings only; add its default, mappings/%s.csv",
                             r->name, r->name);
    }
    return rc;
}
