/* plan.c - binds a mapping to a delivery's columns and compiles what SQL has to check. */
#include "intake/plan.h"

#include "base/clock.h"
#include "standard/convert.h"

#include <stdio.h>
#include <string.h>

/* Column names that Luling itself writes into quarantine files, and the delete marker of increments. */
static const char *const op_names[] = {"_op", "操作"};
static const char fix_batch_name[] = "_batch", fix_row_name[] = "_row";

struct binder {
    struct ll_arena *arena;
    const struct ll_resource *r;
    const struct ll_plan_env *env;
    const struct ll_str *names; /* as the delivery has them */
    struct ll_str *plain;       /* the same, without blanks and full width */
    bool *used;
    size_t n;
    struct ll_regions *regions;
    struct ll_err *err;
};

/* A header as it is compared: half width, no blanks or line breaks. */
static struct ll_str plain_name(struct ll_arena *arena, struct ll_str name)
{
    struct ll_buf scratch = LL_BUF_INIT(name.n * 4 + 64);
    struct ll_str narrow = name;
    char *out;
    size_t n = 0;

    ll_cv_narrow(name, &scratch, &narrow);
    if (!(out = ll_arena_dup(arena, narrow))) {
        ll_buf_free(&scratch);
        return (struct ll_str){NULL, 0};
    }
    for (size_t i = 0; i < narrow.n; i++)
        if (out[i] != ' ' && out[i] != '\n' && out[i] != '\r' && out[i] != '\t')
            out[n++] = out[i];
    ll_buf_free(&scratch);
    return (struct ll_str){out, n};
}

enum { MISSING = -1, TWICE = -2 };

static int find_one(const struct binder *b, struct ll_str wanted)
{
    int found = MISSING;
    int64_t position;

    if (wanted.n > 1 && wanted.p[0] == '#' &&
        ll_str_i64((struct ll_str){wanted.p + 1, wanted.n - 1}, 1, (int64_t)b->n, &position))
        return (int)position - 1;
    wanted = plain_name(b->arena, wanted);
    for (size_t i = 0; i < b->n; i++) {
        if (!wanted.n || !ll_str_eq(b->plain[i], wanted))
            continue;
        if (found >= 0)
            return TWICE;
        found = (int)i;
    }
    return found;
}

/* The first of the alternatives "a|b|c" that the delivery has. */
static int find_column(const struct binder *b, const char *alternatives)
{
    struct ll_str rest = ll_str(alternatives), one;
    bool more = rest.n > 0;

    while (more) {
        more = ll_str_cut(rest, '|', &one, &rest);
        int at = find_one(b, ll_str_trim(one));
        if (at != MISSING)
            return at;
    }
    return MISSING;
}

/* ---- which mapping ---- */

static bool needs_column(const struct ll_map_row *row)
{
    return row->source && row->source[0];
}

static bool indispensable(const struct ll_map_row *row)
{
    return needs_column(row) && (row->item->key || row->item->required) && !row->item->fallback;
}

struct fit {
    size_t found, missing, lacking; /* columns; lacking: those without which no row could be published */
};

static struct fit fit_of(const struct binder *b, const struct ll_mapping *m)
{
    struct fit f = {0, 0, 0};

    for (size_t i = 0; i < m->n; i++) {
        if (!needs_column(&m->rows[i]))
            continue;
        if (find_column(b, m->rows[i].source) != MISSING) {
            f.found++;
            continue;
        }
        f.missing++;
        f.lacking += indispensable(&m->rows[i]);
    }
    return f;
}

static bool better(struct fit a, struct fit b)
{
    if (a.lacking != b.lacking)
        return a.lacking < b.lacking;
    return a.found != b.found ? a.found > b.found : a.missing < b.missing;
}

/* A resource without mappings takes the layout of its own template: titles or names of items as headers. */
static int own_layout(struct binder *b, struct ll_mapping *m)
{
    m->variant = NULL;
    m->n = b->r->n_items;
    m->rows = ll_arena_array(b->arena, m->n, sizeof *m->rows);
    if (!m->rows)
        return ll_no_memory(b->err);
    for (size_t i = 0; i < m->n; i++) {
        const struct ll_item *it = &b->r->items[i];
        m->rows[i] = (struct ll_map_row){.item = it};
        m->rows[i].source = ll_arena_printf(b->arena, "%s|%s|%s", it->title ? it->title : it->name, it->name,
                                            it->title_en ? it->title_en : it->name);
        if (!m->rows[i].source)
            return ll_no_memory(b->err);
    }
    return LL_OK;
}

static void list_names(struct ll_buf *out, const struct binder *b)
{
    for (size_t i = 0; i < b->n && i < 12; i++)
        ll_buf_printf(out, "%s%.*s", i ? "、" : "", LL_STR_ARG(b->names[i]));
    if (b->n > 12)
        ll_buf_printf(out, "…(%zu)", b->n);
}

static void list_lacking(struct ll_buf *out, const struct binder *b, const struct ll_mapping *m)
{
    const char *sep = "";

    for (size_t i = 0; i < m->n; i++) {
        if (!indispensable(&m->rows[i]) || find_column(b, m->rows[i].source) != MISSING)
            continue;
        ll_buf_printf(out, "%s%s", sep, m->rows[i].source);
        sep = "、";
    }
}

static int does_not_fit(const struct binder *b, const struct ll_mapping *m)
{
    struct ll_buf lacking = LL_BUF_INIT(1 << 20), found = LL_BUF_INIT(1 << 20);

    list_lacking(&lacking, b, m);
    list_names(&found, b);
    int rc = ll_fail(
        b->err, LL_INVALID,
        "文件与资源 %s（%s）的任何映射都不相符：缺少列 %s；文件中的列是 %s。请确认资源是否选对，或在映射中加入这些列名",
        "the file fits no mapping of resource %s (%s): it lacks %s; its columns are %s. Check that the resource is the right "
        "one, or add these headers to a mapping",
        b->r->title, b->r->name, lacking.p ? lacking.p : "", found.p ? found.p : "");
    ll_buf_free(&lacking);
    ll_buf_free(&found);
    return rc;
}

static int choose(struct binder *b, const struct ll_mapping **ret)
{
    const struct ll_mapping *best = NULL;
    struct fit best_fit = {0, 0, 0};

    if (!b->r->n_mappings) {
        struct ll_mapping *own = ll_arena_alloc(b->arena, sizeof *own);
        if (!own)
            return ll_no_memory(b->err);
        int rc = own_layout(b, own);
        if (rc < 0)
            return rc;
        best = own;
        best_fit = fit_of(b, own);
    }
    for (size_t i = 0; i < b->r->n_mappings; i++) {
        struct fit f = fit_of(b, &b->r->mappings[i]);
        if (best && !better(f, best_fit))
            continue;
        best = &b->r->mappings[i];
        best_fit = f;
    }
    if (best_fit.lacking)
        return does_not_fit(b, best);
    *ret = best;
    return LL_OK;
}

/* ---- cells ---- */

static ll_i128 scaled(int64_t v, unsigned scale)
{
    ll_i128 x = v;

    while (scale--)
        x *= 10;
    return x;
}

/* One side of "min..max" in the value's own unit; false when it is open or no such value. */
static bool bound_of(const struct binder *b, const struct ll_plan_cell *c, struct ll_str s, ll_i128 *ret)
{
    const struct ll_element *e = c->item->element;
    int32_t days;

    if (s.n == 0)
        return false;
    if (e->type == LL_TYPE_DECIMAL)
        return ll_cv_decimal(s, e->scale, ret) == LL_CV_OK;
    if (e->type == LL_TYPE_INTEGER) {
        int64_t v;
        bool ok = ll_cv_integer(s, &v) == LL_CV_OK;
        *ret = ok ? v : 0;
        return ok;
    }
    if (ll_str_is(s, "today"))
        days = b->env->today;
    else if (ll_cv_date(s, &days) != LL_CV_OK)
        return false;
    *ret = e->type == LL_TYPE_DATETIME ? scaled(days, 0) * INT64_C(86400000000) : days;
    return true;
}

static void take_range(const struct binder *b, struct ll_plan_cell *c)
{
    const struct ll_element *e = c->item->element;
    struct ll_str min, max;

    if (!e->check || e->type == LL_TYPE_IDENTIFIER || !ll_range_split(e->check, &min, &max))
        return;
    c->range_text = e->check;
    c->has_min = bound_of(b, c, min, &c->min);
    c->has_max = bound_of(b, c, max, &c->max);
    if (c->has_max && e->type == LL_TYPE_DATETIME)
        c->max += INT64_C(86400000000) - 1; /* the whole last day */
}

static void take_nulls(struct ll_plan_cell *c, const char *words)
{
    struct ll_str rest = ll_str(words);
    bool more = rest.n > 0;

    while (more && c->n_nulls < LL_PLAN_NULLS) {
        more = ll_str_cut(rest, '|', &c->nulls[c->n_nulls], &rest);
        c->n_nulls++;
    }
}

static int take_arguments(struct binder *b, struct ll_plan_cell *c, enum ll_transform t, const char *text)
{
    struct ll_args args;
    int rc = ll_args_parse(text, t, b->arena, &args, b->err);

    if (rc < 0)
        return rc;
    take_nulls(c, args.value[LL_ARG_NULL]);
    c->unit = ll_str(args.value[LL_ARG_UNIT] ? args.value[LL_ARG_UNIT] : "元");
    c->authority = ll_str(args.value[LL_ARG_AUTHORITY]);
    c->region = ll_str(args.value[LL_ARG_REGION] ? args.value[LL_ARG_REGION] : args.value[LL_ARG_WITHIN]);
    c->constant = ll_str(args.value[LL_ARG_VALUE]);
    return LL_OK;
}

static int need_regions(struct binder *b, struct ll_plan_cell *c)
{
    if (!b->regions && b->env->region_codes && !(b->regions = ll_regions_new(b->arena, b->env->region_codes)))
        return ll_no_memory(b->err);
    c->regions = b->regions;
    return LL_OK;
}

static int fill_cell(struct binder *b, struct ll_plan_cell *c, const struct ll_map_row *row)
{
    const struct ll_element *e = c->item->element;
    enum ll_transform t = ll_transform_default(e);

    if (row->transform && !ll_transform_parse(ll_str(row->transform), &t))
        return ll_fail(b->err, LL_INVALID, "映射中的转换 %s 不存在",
                       "the mapping names an unknown transform %s", row->transform);
    if (needs_column(row) && (c->column = find_column(b, row->source)) == TWICE)
        return ll_fail(b->err, LL_INVALID, "文件中有多列名为 %s，无法确定用哪一列，请改名后重新交付",
                       "the file has more than one column named %s: rename one and deliver again",
                       row->source);
    if (c->column >= 0)
        b->used[c->column] = true;
    c->convert = ll_plan_converter(t, e);
    int rc = take_arguments(b, c, t, row->arguments);
    return rc == LL_OK && t == LL_TR_REGION_FROM_ADDRESS ? need_regions(b, c) : rc;
}

static int make_cell(struct binder *b, const struct ll_mapping *m, struct ll_plan_cell *c,
                     const struct ll_item *item)
{
    c->item = item;
    c->column = -1;
    c->scale = item->element->scale;
    c->unit = LL_STR("元");
    c->convert = ll_plan_converter(ll_transform_default(item->element), item->element);
    if (item->element->type == LL_TYPE_IDENTIFIER &&
        !ll_scheme_parse(ll_str(item->element->check), &c->scheme))
        return ll_fail(b->err, LL_INVALID, "数据元 %s 的校验 %s 不存在",
                       "element %s names an unknown check %s", item->element->name,
                       item->element->check ? item->element->check : "");
    take_range(b, c);
    for (size_t i = 0; i < m->n; i++)
        if (m->rows[i].item == item)
            return fill_cell(b, c, &m->rows[i]);
    return LL_OK;
}

/* An amount in foreign currency is good only where the currency is kept beside it. */
static void pair_currencies(struct ll_plan *p)
{
    ll_plan_convert *currency = ll_plan_converter(LL_TR_CURRENCY, p->cells[0].item->element);

    for (size_t i = 0; i < p->n_cells; i++)
        for (size_t k = 0; k < p->n_cells; k++)
            if (p->cells[k].convert == currency && p->cells[k].column == p->cells[i].column)
                p->cells[i].any_currency = true;
}

/* ---- rules ---- */

static int add_format(struct ll_arena *arena, struct ll_plan_rule *rule, const struct ll_item *item)
{
    struct ll_buf sql = LL_BUF_INIT(1 << 16);

    ll_buf_z(&sql, "regexp_full_match(");
    ll_buf_sql_name(&sql, ll_str(item->name));
    ll_buf_z(&sql, ", ");
    ll_buf_sql(&sql, ll_str(item->element->format));
    ll_buf_z(&sql, ")");
    *rule = (struct ll_plan_rule){.item = item,
                                  .sql = sql.failed ? NULL : ll_arena_dup(arena, ll_buf_view(&sql))};
    ll_buf_free(&sql);
    return rule->sql ? LL_OK : LL_NOMEM;
}

static bool has_format(const struct ll_item *item)
{
    return item->element->format && item->element->type == LL_TYPE_TEXT;
}

/* Who collects for one area delivers nothing for another. */
static int add_area(struct ll_arena *arena, const struct ll_plan_env *env, struct ll_plan_rule *rule)
{
    struct ll_check *check = ll_arena_alloc(arena, sizeof *check);
    struct ll_buf sql = LL_BUF_INIT(1 << 12);

    ll_buf_z(&sql, "COALESCE(starts_with(");
    ll_buf_sql_name(&sql, ll_str(env->area_item));
    ll_buf_z(&sql, ", ");
    ll_buf_sql(&sql, ll_str(env->area));
    ll_buf_z(&sql, "), false)");
    if (check && !sql.failed) {
        *check = (struct ll_check){.name = "area",
                                   .predicate = env->area_item,
                                   .severity = LL_SEV_ERROR,
                                   .dimension = LL_DIM_CONSISTENCY};
        check->message = ll_arena_printf(arena, "不属于本次采集的区域 %s", env->area);
        check->message_en = ll_arena_printf(arena, "is not of area %s, for which this is collected",
                                            env->area);
        *rule = (struct ll_plan_rule){.check = check, .sql = ll_arena_dup(arena, ll_buf_view(&sql))};
    }
    ll_buf_free(&sql);
    return check && check->message && check->message_en && rule->sql ? LL_OK : LL_NOMEM;
}

static int make_rules(struct ll_arena *arena, const struct ll_plan_env *env, struct ll_plan *p)
{
    const struct ll_resource *r = p->resource;
    int rc = LL_OK;

    p->rules = ll_arena_array(arena, r->n_items + r->n_checks + 1, sizeof *p->rules);
    if (!p->rules)
        return LL_NOMEM;
    for (size_t i = 0; i < r->n_items && rc == LL_OK; i++)
        if (has_format(&r->items[i]))
            rc = add_format(arena, &p->rules[p->n_rules++], &r->items[i]);
    for (size_t i = 0; i < r->n_checks && rc == LL_OK; i++) {
        /* TRY: a predicate that cannot be computed for a row counts as unknown, and unknown holds. */
        const char *sql = ll_arena_printf(arena, "TRY((%s\n))", r->checks[i].predicate);
        p->rules[p->n_rules++] = (struct ll_plan_rule){.check = &r->checks[i], .sql = sql};
        rc = sql ? LL_OK : LL_NOMEM;
    }
    if (rc == LL_OK && env->area && env->area_item)
        rc = add_area(arena, env, &p->rules[p->n_rules++]);
    return rc;
}

/* ---- the whole ---- */

static int make_columns(struct ll_arena *arena, struct ll_plan *p)
{
    p->columns = ll_arena_array(arena, p->n_cells + 2, sizeof *p->columns);
    if (!p->columns)
        return LL_NOMEM;
    for (size_t i = 0; i < p->n_cells; i++) {
        const struct ll_element *e = p->cells[i].item->element;
        p->columns[p->n_columns++] = (struct ll_pass_column){p->cells[i].item->name, e->type, e->precision,
                                                             e->scale};
    }
    if (p->fix_row_column >= 0) {
        p->columns[p->n_columns++] = (struct ll_pass_column){"ll_fix_batch", LL_TYPE_TEXT, 0, 0};
        p->columns[p->n_columns++] = (struct ll_pass_column){"ll_fix_row", LL_TYPE_INTEGER, 0, 0};
    }
    return LL_OK;
}

static void find_own_columns(struct binder *b, struct ll_plan *p)
{
    p->op_column = p->fix_batch_column = p->fix_row_column = -1;
    for (size_t i = 0; i < LL_COUNT(op_names) && p->mode == LL_INCREMENT && p->op_column < 0; i++)
        p->op_column = find_one(b, ll_str(op_names[i]));
    int batch = find_one(b, ll_str(fix_batch_name)), row = find_one(b, ll_str(fix_row_name));
    if (batch >= 0 && row >= 0) {
        p->fix_batch_column = batch;
        p->fix_row_column = row;
        b->used[batch] = b->used[row] = true;
    }
    if (p->op_column >= 0)
        b->used[p->op_column] = true;
}

static int list_unused(struct binder *b, struct ll_plan *p)
{
    struct ll_buf out = LL_BUF_INIT(1 << 20);

    for (size_t i = 0; i < b->n; i++) {
        if (b->used[i] || (b->names[i].n && b->names[i].p[0] == '_'))
            continue;
        ll_buf_printf(&out, "%s%.*s", p->n_unused++ ? "、" : "", LL_STR_ARG(b->names[i]));
    }
    p->unused = ll_arena_dup(b->arena, ll_buf_view(&out));
    ll_buf_free(&out);
    return p->unused ? LL_OK : LL_NOMEM;
}

static int bind_names(struct binder *b)
{
    b->plain = ll_arena_array(b->arena, b->n + 1, sizeof *b->plain);
    b->used = ll_arena_array(b->arena, b->n + 1, sizeof *b->used);
    if (!b->plain || !b->used)
        return ll_no_memory(b->err);
    for (size_t i = 0; i < b->n; i++)
        b->plain[i] = plain_name(b->arena, b->names[i]);
    return LL_OK;
}

int ll_plan_make(struct ll_arena *arena, const struct ll_resource *r, enum ll_mode mode,
                 const struct ll_str *names, size_t n_names, const struct ll_plan_env *env,
                 struct ll_plan **ret, struct ll_err *err)
{
    struct binder b = {.arena = arena, .r = r, .env = env, .names = names, .n = n_names, .err = err};
    struct ll_plan *p = ll_arena_alloc(arena, sizeof *p);
    int rc;

    if (!p)
        return ll_no_memory(err);
    *p = (struct ll_plan){
        .resource = r, .resource_name = r->name, .mode = mode, .names = names, .n_names = n_names};
    if ((rc = bind_names(&b)) < 0 || (rc = choose(&b, &p->mapping)) < 0)
        return rc;
    p->n_cells = r->n_items;
    if (!(p->cells = ll_arena_array(arena, p->n_cells, sizeof *p->cells)))
        return ll_no_memory(err);
    for (size_t i = 0; i < p->n_cells; i++)
        if ((rc = make_cell(&b, p->mapping, &p->cells[i], &r->items[i])) < 0)
            return rc;
    pair_currencies(p);
    find_own_columns(&b, p);
    if (make_rules(arena, env, p) < 0 || make_columns(arena, p) < 0 || list_unused(&b, p) < 0)
        return ll_no_memory(err);
    *ret = p;
    return LL_OK;
}
