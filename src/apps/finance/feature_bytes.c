/* feature_bytes.c - see feature_bytes.h. */
#include "apps/finance/feature_bytes.h"

#include <string.h>

enum { CODE_MAX = 255 };

static bool put_value(struct ll_buf *out, const struct ll_feature_value *v)
{
    size_t n = v->code.n < CODE_MAX ? v->code.n : CODE_MAX;

    ll_buf_c(out, (char)v->kind);
    if (v->kind == LL_FV_NUMBER)
        ll_buf_add(out, &v->number, sizeof v->number);
    if (v->kind != LL_FV_CODE)
        return true;
    ll_buf_c(out, (char)n);
    ll_buf_add(out, v->code.p, n);
    return n == v->code.n;
}

bool ll_feature_bytes_put(struct ll_buf *out, const struct ll_feature_value *values, size_t n)
{
    bool whole = true;

    ll_buf_clear(out);
    for (size_t i = 0; i < n; i++)
        whole &= put_value(out, &values[i]);
    return whole;
}

bool ll_feature_bytes_get(struct ll_str bytes, struct ll_feature_value *values, size_t n)
{
    const char *p = bytes.p, *end = bytes.p + bytes.n;

    for (size_t i = 0; i < n; i++) {
        struct ll_feature_value *v = &values[i];
        if (p == end || (unsigned char)*p > LL_FV_CODE)
            return false;
        *v = (struct ll_feature_value){.kind = *p++};
        if (v->kind == LL_FV_NUMBER) {
            if ((size_t)(end - p) < sizeof v->number)
                return false;
            memcpy(&v->number, p, sizeof v->number);
            p += sizeof v->number;
        } else if (v->kind == LL_FV_CODE) {
            if (p == end || end - p - 1 < (unsigned char)*p)
                return false;
            v->code = (struct ll_str){p + 1, (unsigned char)*p};
            p += 1 + v->code.n;
        }
    }
    return p == end;
}
