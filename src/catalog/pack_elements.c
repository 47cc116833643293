/* pack_elements.c - elements.csv: data elements whose type, check, code table and unit belong together. */
#include "catalog/pack_reader.h"

#include "catalog/tbl/pack_columns.h"
#include "catalog/transform.h"
#include "standard/convert.h"
#include "standard/ident.h"

#include <string.h>

#define X(id, name_, kind_, need_, argument_) COL_##id,
enum { LL_ELEMENT_COLUMNS(X) COL_COUNT };
#undef X
#define X(id, name_, kind_, need_, argument_) {name_, LL_CELL_##kind_, LL_NEED_##need_, argument_},
static const struct ll_pack_column columns[] = {LL_ELEMENT_COLUMNS(X)};
#undef X

/* Which of the optional columns a type may use. */
enum { USES_LENGTH = 1, USES_FORMAT = 2, USES_TABLE = 4, USES_SCHEME = 8, USES_RANGE = 16, USES_UNIT = 32 };
static const unsigned uses[LL_TYPE_COUNT] = {
    [LL_TYPE_TEXT] = USES_LENGTH | USES_FORMAT | USES_TABLE,
    [LL_TYPE_INTEGER] = USES_RANGE | USES_UNIT,
    [LL_TYPE_DECIMAL] = USES_RANGE | USES_UNIT,
    [LL_TYPE_DATE] = USES_RANGE,
    [LL_TYPE_DATETIME] = USES_RANGE,
    [LL_TYPE_BOOLEAN] = 0,
    [LL_TYPE_CODE] = USES_LENGTH | USES_FORMAT | USES_TABLE,
    [LL_TYPE_IDENTIFIER] = USES_LENGTH | USES_FORMAT | USES_SCHEME,
};

struct elements {
    struct ll_pr *pr;
    struct ll_pack_table t;
    const struct ll_pack_row *row;
    struct ll_element *e;
};

static struct ll_place at(const struct elements *el, size_t column)
{
    return ll_pack_table_at(&el->t, el->row, column);
}

static void check_type(struct elements *el)
{
    const char *type = el->row->cell[COL_TYPE];
    struct ll_element *e = el->e;

    if (!type)
        return;
    if (!ll_type_parse(ll_str(type), &e->type, &e->precision, &e->scale))
        ll_problem_error(
            el->pr->ps, at(el, COL_TYPE),
            "没有类型“%s”；可用：text, integer, decimal(18,2), date, datetime, boolean, code, identifier",
            "there is no type '%s'; known: text, integer, decimal(18,2), date, datetime, boolean, "
            "code, identifier",
            type);
}

static void not_for_type(struct elements *el, size_t column)
{
    ll_problem_error(el->pr->ps, at(el, column), "类型 %s 的数据元没有“%s”，请留空",
                     "an element of type %s has no '%s'; leave it empty", ll_type_name(el->e->type),
                     columns[column].name);
}

static void check_uses(struct elements *el)
{
    static const struct {
        size_t column;
        unsigned use;
    } optional[] = {
        {COL_LENGTH, USES_LENGTH},
        {COL_FORMAT, USES_FORMAT},
        {COL_CODE_TABLE, USES_TABLE},
        {COL_UNIT, USES_UNIT},
        {COL_CHECK, USES_SCHEME | USES_RANGE},
    };

    for (size_t i = 0; i < LL_COUNT(optional); i++)
        if (el->row->cell[optional[i].column] && !(uses[el->e->type] & optional[i].use))
            not_for_type(el, optional[i].column);
}

static void check_code_table(struct elements *el)
{
    const struct ll_element *e = el->e;

    if (e->type != LL_TYPE_CODE && e->type != LL_TYPE_TEXT)
        return;
    if (e->code_table)
        ll_pr_code_table(el->pr, e->code_table, at(el, COL_CODE_TABLE));
    else if (e->type == LL_TYPE_CODE)
        ll_problem_error(el->pr->ps, at(el, COL_CODE_TABLE), "类型 code 的数据元要写明代码表",
                         "an element of type code needs its code_table");
}

static void check_scheme(struct elements *el)
{
    const struct ll_element *e = el->e;
    enum ll_scheme scheme;

    if (e->type != LL_TYPE_IDENTIFIER || (e->check && ll_scheme_parse(ll_str(e->check), &scheme)))
        return;
    ll_problem_error(el->pr->ps, at(el, COL_CHECK),
                     "类型 identifier 的数据元要写明校验：uscc, resident_id, org_code, reg_no, subject_id",
                     "an element of type identifier needs its check: uscc, resident_id, org_code, reg_no or "
                     "subject_id");
}

/* One side of a range, on a scale where sides can be compared; false when it is not a value of the type. */
static bool side(const struct ll_element *e, struct ll_str s, ll_i128 *ret)
{
    int64_t v;
    int32_t days;

    switch (e->type) {
    case LL_TYPE_INTEGER:
        if (ll_cv_integer(s, &v) != LL_CV_OK)
            return false;
        *ret = v;
        return true;
    case LL_TYPE_DECIMAL:
        return ll_cv_decimal(s, e->scale, ret) == LL_CV_OK;
    default:
        if (ll_str_is(s, "today"))
            days = INT32_MAX;
        else if (ll_cv_date(s, &days) != LL_CV_OK)
            return false;
        *ret = days;
        return true;
    }
}

static void check_range(struct elements *el)
{
    const struct ll_element *e = el->e;
    struct ll_str min, max;
    ll_i128 low = 0, high = 0;

    if (!e->check || !(uses[e->type] & USES_RANGE))
        return;
    bool ok = ll_range_split(e->check, &min, &max) && (min.n || max.n) && (!min.n || side(e, min, &low)) &&
              (!max.n || side(e, max, &high));
    if (!ok)
        ll_problem_error(
            el->pr->ps, at(el, COL_CHECK), "范围“%s”应写成 最小..最大，例如 0..100、0..、1900-01-01..today",
            "range '%s' must be min..max, for example 0..100, 0.. or 1900-01-01..today", e->check);
    else if (min.n && max.n && low > high)
        ll_problem_error(el->pr->ps, at(el, COL_CHECK), "范围“%s”的最小值大于最大值",
                         "range '%s' has its minimum above its maximum", e->check);
}

static int check_format(struct elements *el)
{
    const struct ll_pack_hooks *h = el->pr->hooks;
    struct ll_err why;

    if (!el->e->format || !h || !h->format)
        return LL_OK;
    int rc = h->format(h->ctx, el->e->format, &why);
    if (rc == LL_INVALID) {
        ll_problem_error(el->pr->ps, at(el, COL_FORMAT), "%s%.0s", "%.0s%s", why.zh, why.en);
        return LL_OK;
    }
    if (rc < 0 && el->pr->err)
        *el->pr->err = why;
    return rc;
}

static int check_unique(struct elements *el)
{
    struct ll_pr *pr = el->pr;
    const struct ll_element *e = el->e, *there;

    if (e->code) {
        int rc = ll_index_add(&pr->element_codes, ll_str(e->code), e);
        if (rc < 0)
            return ll_pr_nomem(pr);
        if (rc == 0)
            ll_problem_error(pr->ps, at(el, COL_CODE), "数据元编号“%s”重复", "element code '%s' occurs twice",
                             e->code);
        there = pr->known ? ll_catalog_element_code(pr->known, ll_str(e->code)) : NULL;
        if (there && ll_pr_taken(pr, there->pack))
            ll_problem_error(pr->ps, at(el, COL_CODE), "数据元编号“%s”已被场景包 %s 使用",
                             "element code '%s' is taken by pack %s", e->code, there->pack);
    }
    if (e->name) {
        int rc = ll_index_add(&pr->elements, ll_str(e->name), e);
        if (rc < 0)
            return ll_pr_nomem(pr);
        if (rc == 0)
            ll_problem_error(pr->ps, at(el, COL_NAME), "数据元名称“%s”重复", "element name '%s' occurs twice",
                             e->name);
        there = pr->known ? ll_catalog_element(pr->known, ll_str(e->name)) : NULL;
        if (there && ll_pr_taken(pr, there->pack))
            ll_problem_error(pr->ps, at(el, COL_NAME), "数据元名称“%s”已被场景包 %s 使用",
                             "element name '%s' is taken by pack %s", e->name, there->pack);
    }
    return LL_OK;
}

static int read_one(struct elements *el)
{
    const char *const *cell = el->row->cell;
    int rc;

    *el->e = (struct ll_element){
        .code = cell[COL_CODE],
        .name = cell[COL_NAME],
        .title = cell[COL_TITLE],
        .title_en = cell[COL_TITLE_EN],
        .length = ll_pr_count(cell[COL_LENGTH], 0),
        .format = cell[COL_FORMAT],
        .code_table = cell[COL_CODE_TABLE],
        .check = cell[COL_CHECK],
        .unit = cell[COL_UNIT],
        .grade = ll_pr_count(cell[COL_GRADE], 1),
        .synonyms = cell[COL_SYNONYMS],
        .basis = cell[COL_BASIS],
        .source = cell[COL_SOURCE],
        .pack = el->pr->pack->info.name,
    };
    size_t errors = ll_problems_errors(el->pr->ps);
    check_type(el);
    if (cell[COL_TYPE] && ll_problems_errors(el->pr->ps) == errors) {
        check_uses(el);
        check_code_table(el);
        check_scheme(el);
        check_range(el);
    }
    if ((rc = check_format(el)) < 0)
        return rc;
    return check_unique(el);
}

int ll_pr_elements(struct ll_pr *pr)
{
    struct elements el = {.pr = pr};
    struct ll_pack *p = pr->pack;
    int rc = ll_pr_table(pr, "elements.csv", columns, COL_COUNT, &el.t);

    if (rc < 0)
        return rc;
    p->elements = ll_arena_array(pr->arena, el.t.n, sizeof *p->elements);
    if (!p->elements)
        return ll_pr_nomem(pr);
    for (size_t i = 0; i < el.t.n && rc == LL_OK; i++) {
        el.row = ll_pack_table_row(&el.t, i);
        el.e = &p->elements[p->n_elements++];
        rc = read_one(&el);
    }
    return rc;
}
