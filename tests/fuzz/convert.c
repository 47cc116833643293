/* convert: whatever the bytes, a text that comes out is UTF-8 and stays as it is when converted again; a number, amount or date that was
 * read is read again from what it prints as. */
#include "standard/convert.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

typedef enum ll_cv converter(struct ll_str raw, struct ll_buf *scratch, struct ll_str *out);

enum { CEILING = 1 << 20 };

static void text(converter *convert, struct ll_str raw)
{
    struct ll_buf scratch = LL_BUF_INIT(CEILING), second = LL_BUF_INIT(CEILING);
    struct ll_str out, again;
    enum ll_cv cv = convert(raw, &scratch, &out);

    if (ll_utf8_bad(raw) < raw.n)
        LL_ASSERT(cv == LL_CV_BAD);
    if (cv == LL_CV_EMPTY)
        LL_ASSERT(out.n == 0);
    if (cv == LL_CV_OK) {
        LL_ASSERT(out.n > 0 && ll_utf8_bad(out) == out.n);
        LL_ASSERT(convert(out, &second, &again) == LL_CV_OK);
        LL_ASSERT(ll_str_eq(out, again));
    }
    ll_buf_free(&scratch);
    ll_buf_free(&second);
}

static void date(struct ll_str raw)
{
    int32_t days, again;
    int64_t us;
    char out[16];

    if (ll_cv_date(raw, &days) != LL_CV_OK) {
        LL_ASSERT(ll_cv_datetime(raw, &us) != LL_CV_OK);
        return;
    }
    size_t n = ll_date_text(days, out);
    LL_ASSERT(n == 10);
    LL_ASSERT(ll_cv_date((struct ll_str){out, n}, &again) == LL_CV_OK && again == days);
    LL_ASSERT(ll_cv_datetime(raw, &us) == LL_CV_OK);
    LL_ASSERT(us - days * INT64_C(86400000000) >= 0 &&
              us - days * INT64_C(86400000000) < INT64_C(86400000000));
}

static void number(struct ll_str raw, unsigned scale)
{
    ll_i128 v, again;
    int64_t whole;
    char out[48];

    if (ll_cv_decimal(raw, scale, &v) == LL_CV_OK) {
        size_t n = ll_decimal_text(v, scale, out);
        LL_ASSERT(n < sizeof out && n == strlen(out));
        LL_ASSERT(ll_cv_decimal((struct ll_str){out, n}, scale, &again) == LL_CV_OK && again == v);
    }
    if (ll_cv_integer(raw, &whole) == LL_CV_OK)
        LL_ASSERT(ll_cv_decimal(raw, 0, &v) == LL_CV_OK && v == whole);
}

static void amount(struct ll_str raw, struct ll_str unit, unsigned scale)
{
    char out[64], currency[4], other[4];
    ll_i128 v, again;

    if (ll_cv_amount(raw, unit, scale, &v, currency) != LL_CV_OK)
        return;
    LL_ASSERT(strlen(currency) == 3);
    size_t n = ll_decimal_text(v, scale, out);
    memcpy(out + n, "元", sizeof "元");
    LL_ASSERT(ll_cv_amount(ll_str(out), unit, scale, &again, other) == LL_CV_OK && again == v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct ll_str UNITS[] = {{"元", 3},     {"万元", 6}, {"亿元", 6},
                                          {"万美元", 9}, {"分", 3},   {"", 0}};
    static converter *const TEXTS[] = {ll_cv_text, ll_cv_narrow, ll_cv_company, ll_cv_phone, ll_cv_address};
    bool b;

    if (size < 1 || size > CEILING / 8)
        return 0;
    struct ll_str raw = {(const char *)data + 1, size - 1};
    for (size_t i = 0; i < LL_COUNT(TEXTS); i++)
        text(TEXTS[i], raw);
    date(raw);
    number(raw, data[0] % 39);
    amount(raw, UNITS[data[0] % LL_COUNT(UNITS)], data[0] % 10);
    ll_cv_boolean(raw, &b);
    return 0;
}
