/* cells.c - from one cell of the source to one value of the standard: the converters behind the mapping's transforms, and the
 * checks of a single cell. */
#include "intake/plan.h"

#include "standard/convert.h"
#include "standard/ident.h"

#include <string.h>

#define DAY_US INT64_C(86400000000)
#define BIT(f) ((uint32_t)1 << LL_FAULT_##f)

static uint32_t of_text(enum ll_cv cv, struct ll_str out, struct ll_value *v)
{
    v->text = out;
    v->null = cv == LL_CV_EMPTY;
    return cv == LL_CV_BAD ? BIT(TYPE) : 0;
}

#define TEXT_CONVERTER(name, call)                                                                           \
    static uint32_t name(const struct ll_plan_cell *c, struct ll_str raw, struct ll_buf *scratch,            \
                         struct ll_value *v)                                                                 \
    {                                                                                                        \
        struct ll_str out = raw;                                                                             \
        (void)c;                                                                                             \
        return of_text(call(raw, scratch, &out), out, v);                                                    \
    }
TEXT_CONVERTER(cv_text, ll_cv_text)
TEXT_CONVERTER(cv_company, ll_cv_company)
TEXT_CONVERTER(cv_phone, ll_cv_phone)
TEXT_CONVERTER(cv_address, ll_cv_address)

/* Integers, dates and so on: an unreadable value is null and a TYPE fault. */
static uint32_t of_number(enum ll_cv cv, struct ll_value *v)
{
    v->null = cv != LL_CV_OK;
    return cv == LL_CV_BAD ? BIT(TYPE) : 0;
}

static uint32_t cv_integer(const struct ll_plan_cell *c, struct ll_str raw, struct ll_buf *scratch,
                           struct ll_value *v)
{
    (void)c, (void)scratch;
    return of_number(ll_cv_integer(raw, &v->i), v);
}

static bool fits(ll_i128 d, unsigned precision)
{
    ll_i128 limit = 1;

    for (unsigned i = 0; i < precision; i++)
        limit *= 10;
    return d > -limit && d < limit;
}

static uint32_t cv_decimal(const struct ll_plan_cell *c, struct ll_str raw, struct ll_buf *scratch,
                           struct ll_value *v)
{
    (void)scratch;
    uint32_t f = of_number(ll_cv_decimal(raw, c->scale, &v->d), v);
    return v->null || fits(v->d, c->item->element->precision) ? f : (v->null = true, BIT(RANGE));
}

static uint32_t cv_amount(const struct ll_plan_cell *c, struct ll_str raw, struct ll_buf *scratch,
                          struct ll_value *v)
{
    char currency[4] = "CNY";

    (void)scratch;
    uint32_t f = of_number(ll_cv_amount(raw, c->unit, c->scale, &v->d, currency), v);
    if (v->null)
        return f;
    if (!c->any_currency && strcmp(currency, "CNY") != 0)
        return v->null = true, BIT(TYPE);
    if (c->item->element->type == LL_TYPE_INTEGER) {
        v->i = (int64_t)v->d;
        return v->i == v->d ? f : (v->null = true, BIT(RANGE));
    }
    if (!fits(v->d, c->item->element->precision))
        return v->null = true, BIT(RANGE);
    return f;
}

static uint32_t cv_currency(const struct ll_plan_cell *c, struct ll_str raw, struct ll_buf *scratch,
                            struct ll_value *v)
{
    char currency[4] = "CNY";
    ll_i128 d;

    uint32_t f = of_number(ll_cv_amount(raw, c->unit, 2, &d, currency), v);
    if (v->null)
        return f;
    ll_buf_clear(scratch);
    ll_buf_z(scratch, currency);
    v->text = ll_buf_view(scratch);
    return 0;
}

static uint32_t cv_date(const struct ll_plan_cell *c, struct ll_str raw, struct ll_buf *scratch,
                        struct ll_value *v)
{
    int32_t days = 0;

    (void)scratch;
    uint32_t f = of_number(ll_cv_date(raw, &days), v);
    v->i = c->item->element->type == LL_TYPE_DATETIME ? days * DAY_US : days;
    return f;
}

static uint32_t cv_datetime(const struct ll_plan_cell *c, struct ll_str raw, struct ll_buf *scratch,
                            struct ll_value *v)
{
    (void)scratch;
    uint32_t f = of_number(ll_cv_datetime(raw, &v->i), v);
    if (c->item->element->type == LL_TYPE_DATE)
        v->i = v->i / DAY_US - (v->i % DAY_US < 0);
    return f;
}

static uint32_t cv_boolean(const struct ll_plan_cell *c, struct ll_str raw, struct ll_buf *scratch,
                           struct ll_value *v)
{
    bool b = false;

    (void)c, (void)scratch;
    uint32_t f = of_number(ll_cv_boolean(raw, &b), v);
    v->i = b;
    return f;
}

static uint32_t cv_code(const struct ll_plan_cell *c, struct ll_str raw, struct ll_buf *scratch,
                        struct ll_value *v)
{
    const struct ll_code *code = c->item->codes ? ll_codeset_resolve(c->item->codes, raw) : NULL;

    (void)scratch;
    if (!code) {
        v->text = raw;
        return BIT(CODE);
    }
    v->text = code->code;
    return code->historical ? BIT(CODE_HISTORICAL) : 0;
}

enum { LIST_MAX = 64 /* codes */ };

/* The parts of a list of codes, each in its own place once, in the order of the codes.  Both semicolons divide. */
static uint32_t list_codes(const struct ll_codeset *codes, struct ll_str raw, const struct ll_code **list,
                           size_t *n)
{
    static const struct ll_str wide = {"\xef\xbc\x9b", 3};
    uint32_t faults = 0;

    while (raw.n) {
        size_t end = 0, skip = 0;
        while (end < raw.n && !skip) {
            struct ll_str rest = {raw.p + end, raw.n - end};
            skip = rest.p[0] == ';' ? 1 : ll_str_starts(rest, wide) ? wide.n : 0;
            end += !skip;
        }
        struct ll_str part = ll_str_trim((struct ll_str){raw.p, end});
        const struct ll_code *code = part.n ? ll_codeset_resolve(codes, part) : NULL;
        raw = (struct ll_str){raw.p + end + skip, raw.n - end - skip};
        if (part.n && (!code || *n == LIST_MAX))
            return BIT(CODE);
        if (!code)
            continue;
        size_t at = *n;
        while (at && ll_str_cmp(list[at - 1]->code, code->code) > 0)
            at--;
        if (at && list[at - 1] == code)
            continue;
        memmove(list + at + 1, list + at, (*n - at) * sizeof *list);
        list[at] = code;
        ++*n;
        faults |= code->historical ? BIT(CODE_HISTORICAL) : 0;
    }
    return faults;
}

/* "警告；罚款" to "01;03". */
static uint32_t cv_codes(const struct ll_plan_cell *c, struct ll_str raw, struct ll_buf *scratch,
                         struct ll_value *v)
{
    const struct ll_code *list[LIST_MAX + 1];
    size_t n = 0;
    uint32_t faults = c->item->codes ? list_codes(c->item->codes, raw, list, &n) : BIT(CODE);

    if (faults & BIT(CODE)) {
        v->text = raw;
        return faults;
    }
    v->null = n == 0;
    ll_buf_clear(scratch);
    for (size_t i = 0; i < n; i++)
        ll_buf_printf(scratch, "%s" LL_STR_FMT, i ? ";" : "", LL_STR_ARG(list[i]->code));
    v->text = ll_buf_view(scratch);
    return faults;
}

static uint32_t identifier(enum ll_scheme scheme, struct ll_str raw, struct ll_buf *scratch,
                           struct ll_value *v)
{
    char canon[LL_ID_MAX];
    size_t n = 0;
    enum ll_id_fault f = ll_id_check(scheme, raw, canon, &n);

    ll_buf_clear(scratch);
    ll_buf_add(scratch, canon, n);
    v->text = ll_buf_view(scratch);
    if (f == LL_IDF_EMPTY)
        v->null = true;
    return f == LL_IDF_OK || f == LL_IDF_EMPTY ? 0 : BIT(IDENTIFIER);
}

#define ID_CONVERTER(name, scheme)                                                                           \
    static uint32_t name(const struct ll_plan_cell *c, struct ll_str raw, struct ll_buf *scratch,            \
                         struct ll_value *v)                                                                 \
    {                                                                                                        \
        (void)c;                                                                                             \
        return identifier(scheme, raw, scratch, v);                                                          \
    }
ID_CONVERTER(cv_uscc, LL_ID_USCC)
ID_CONVERTER(cv_resident_id, LL_ID_RESIDENT_ID)
ID_CONVERTER(cv_org_code, LL_ID_ORG_CODE)
ID_CONVERTER(cv_reg_no, LL_ID_REG_NO)
ID_CONVERTER(cv_subject_id, LL_ID_SUBJECT_ID)

static uint32_t cv_uscc_from_org_code(const struct ll_plan_cell *c, struct ll_str raw, struct ll_buf *scratch,
                                      struct ll_value *v)
{
    char code[LL_ID_MAX];

    if (ll_id_uscc_from_org_code(raw, c->authority, c->region, code) < 0) {
        v->text = raw;
        return BIT(IDENTIFIER);
    }
    ll_buf_clear(scratch);
    ll_buf_z(scratch, code);
    v->text = ll_buf_view(scratch);
    return 0;
}

static bool within(struct ll_str region, struct ll_str bound)
{
    while (bound.n >= 2 && bound.p[bound.n - 1] == '0' && bound.p[bound.n - 2] == '0')
        bound.n -= 2; /* 360800 holds every code that begins with 3608 */
    return ll_str_starts(region, bound);
}

static uint32_t cv_region_from_address(const struct ll_plan_cell *c, struct ll_str raw,
                                       struct ll_buf *scratch, struct ll_value *v)
{
    struct ll_str address = raw;

    if (ll_cv_address(raw, scratch, &address) != LL_CV_OK || !c->regions) {
        v->null = true;
        return 0;
    }
    v->text = ll_regions_of_address(c->regions, address);
    v->null = v->text.p == NULL ||
              !within(v->text,
                      c->region); /* an address that names no region is not wrong; it only tells less */
    return 0;
}

static ll_plan_convert *const converters[LL_TR_COUNT] = {
    [LL_TR_TEXT] = cv_text,
    [LL_TR_INTEGER] = cv_integer,
    [LL_TR_DECIMAL] = cv_decimal,
    [LL_TR_AMOUNT] = cv_amount,
    [LL_TR_CURRENCY] = cv_currency,
    [LL_TR_DATE] = cv_date,
    [LL_TR_DATETIME] = cv_datetime,
    [LL_TR_BOOLEAN] = cv_boolean,
    [LL_TR_CODE] = cv_code,
    [LL_TR_CODES] = cv_codes,
    [LL_TR_USCC] = cv_uscc,
    [LL_TR_RESIDENT_ID] = cv_resident_id,
    [LL_TR_ORG_CODE] = cv_org_code,
    [LL_TR_REG_NO] = cv_reg_no,
    [LL_TR_SUBJECT_ID] = cv_subject_id,
    [LL_TR_PHONE] = cv_phone,
    [LL_TR_ADDRESS] = cv_address,
    [LL_TR_COMPANY] = cv_company,
    [LL_TR_USCC_FROM_ORG_CODE] = cv_uscc_from_org_code,
    [LL_TR_REGION_FROM_ADDRESS] = cv_region_from_address,
};

ll_plan_convert *ll_plan_converter(enum ll_transform t, const struct ll_element *e)
{
    if (t == LL_TR_CONSTANT)
        t = ll_transform_default(e);
    return converters[t];
}

/* ---- checks of one cell ---- */

static bool nothing(const struct ll_plan_cell *c, struct ll_str raw)
{
    if (!raw.p || raw.n == 0)
        return true;
    for (size_t i = 0; i < c->n_nulls; i++)
        if (ll_str_eq(raw, c->nulls[i]))
            return true;
    return false;
}

static uint32_t check_text(const struct ll_element *e, struct ll_str s)
{
    return e->length && s.n > e->length && ll_utf8_count(s) > e->length ? BIT(LENGTH) : 0;
}

static uint32_t check_range(const struct ll_plan_cell *c, const struct ll_value *v)
{
    ll_i128 x = c->item->element->type == LL_TYPE_DECIMAL ? v->d : v->i;

    return (c->has_min && x < c->min) || (c->has_max && x > c->max) ? BIT(RANGE) : 0;
}

uint32_t ll_plan_cell_value(const struct ll_plan_cell *c, struct ll_str raw, struct ll_buf *scratch,
                            struct ll_value *v)
{
    const struct ll_element *e = c->item->element;
    uint32_t faults = 0;

    v->null = false;
    if (c->constant.p)
        raw = c->constant;
    if (nothing(c, raw))
        v->null = true;
    else
        faults = c->convert(c, raw, scratch, v);
    if (v->null && !faults && c->item->fallback) {
        v->null = false;
        faults = c->convert(c, ll_str(c->item->fallback), scratch, v);
    }
    if (v->null)
        return faults || !c->item->required ? faults : BIT(REQUIRED);
    if (e->type == LL_TYPE_TEXT)
        return faults | check_text(e, v->text);
    return faults | (c->has_min || c->has_max ? check_range(c, v) : 0);
}

void ll_plan_value_text(struct ll_buf *out, const struct ll_pass_column *column, const struct ll_value *v)
{
    char text[48];

    switch (column->type) {
    case LL_TYPE_INTEGER:
    case LL_TYPE_BOOLEAN:
        ll_buf_printf(out, "%lld", (long long)v->i);
        break;
    case LL_TYPE_DECIMAL:
        ll_buf_add(out, text, ll_decimal_text(v->d, column->scale, text));
        break;
    case LL_TYPE_DATE:
        ll_buf_add(out, text, ll_date_text((int32_t)v->i, text));
        break;
    case LL_TYPE_DATETIME:
        ll_buf_add(out, text, ll_datetime_text(v->i, text));
        break;
    default:
        ll_buf_str(out, v->text);
    }
}
