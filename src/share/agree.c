/* agree.c - see agree.h. */
#include "share/agree.h"

#include "standard/convert.h"
#include "standard/ident.h"

#include <string.h>

enum { CLAIM_MAX = 4096 };

typedef enum ll_cv convert_fn(struct ll_str raw, struct ll_buf *scratch, struct ll_str *out);

static bool text_agrees(struct ll_str claim, struct ll_str value)
{
    static convert_fn *const ways[] = {ll_cv_text, ll_cv_narrow, ll_cv_company, ll_cv_phone, ll_cv_address};
    struct ll_buf scratch = LL_BUF_INIT(CLAIM_MAX * 2);
    struct ll_str out;
    bool agrees = ll_str_eq(claim, value);

    for (size_t i = 0; !agrees && i < LL_COUNT(ways); i++)
        agrees = ways[i](claim, &scratch, &out) == LL_CV_OK && ll_str_eq(out, value);
    ll_buf_free(&scratch);
    return agrees;
}

static bool identifier_agrees(const struct ll_agree *a, struct ll_str claim, struct ll_str value)
{
    enum ll_scheme scheme;
    char canon[LL_ID_MAX];
    size_t n = 0;

    if (!a->element->check || !ll_scheme_parse(ll_str(a->element->check), &scheme))
        return text_agrees(claim, value);
    return ll_id_check(scheme, claim, canon, &n) == LL_IDF_OK && n == value.n &&
           memcmp(canon, value.p, n) == 0;
}

static bool code_agrees(const struct ll_agree *a, struct ll_str claim, struct ll_str value)
{
    const struct ll_code *code = a->codes ? ll_codeset_by_code(a->codes, value) : NULL;

    return text_agrees(claim, value) || (code && text_agrees(claim, code->title));
}

static bool decimal_agrees(const struct ll_agree *a, struct ll_str claim, struct ll_str value)
{
    ll_i128 x, y;

    return ll_cv_decimal(claim, a->element->scale, &x) == LL_CV_OK &&
           ll_cv_decimal(value, a->element->scale, &y) == LL_CV_OK && x == y;
}

static bool date_agrees(struct ll_str claim, struct ll_str value)
{
    int32_t days;
    char text[16];

    return ll_cv_date(claim, &days) == LL_CV_OK &&
           ll_str_eq((struct ll_str){text, ll_date_text(days, text)}, value);
}

static bool datetime_agrees(struct ll_str claim, struct ll_str value)
{
    int64_t a, b;

    return ll_cv_datetime(claim, &a) == LL_CV_OK && ll_cv_datetime(value, &b) == LL_CV_OK && a == b;
}

static bool number_agrees(const struct ll_agree *a, struct ll_str claim, int64_t value)
{
    int64_t n;
    bool yes;

    if (a->element->type == LL_TYPE_BOOLEAN)
        return ll_cv_boolean(claim, &yes) == LL_CV_OK && yes == (value != 0);
    return ll_cv_integer(claim, &n) == LL_CV_OK && n == value;
}

bool ll_agrees(const struct ll_agree *a, struct ll_str claim, struct ll_seg_value v)
{
    if (v.kind == LL_SV_INT)
        return number_agrees(a, claim, v.i);
    switch (a->element->type) {
    case LL_TYPE_IDENTIFIER:
        return identifier_agrees(a, claim, v.s);
    case LL_TYPE_CODE:
        return code_agrees(a, claim, v.s);
    case LL_TYPE_DECIMAL:
        return decimal_agrees(a, claim, v.s);
    case LL_TYPE_DATE:
        return date_agrees(claim, v.s);
    case LL_TYPE_DATETIME:
        return datetime_agrees(claim, v.s);
    default:
        return text_agrees(claim, v.s);
    }
}
