/* sqrecord.c - see sqrecord.h. */
#include "store/sqrecord.h"

#include <string.h>

unsigned ll_sqrec_varint(uint8_t *p, uint64_t v)
{
    uint8_t digits[10];
    unsigned n = 0;

    if (v < 0x80) {
        p[0] = (uint8_t)v;
        return 1;
    }
    if (v < 0x4000) {
        p[0] = (uint8_t)(v >> 7 | 0x80);
        p[1] = (uint8_t)(v & 0x7f);
        return 2;
    }
    LL_ASSERT(v >> 56 == 0); /* the nine-byte form is for numbers beyond any length */
    for (; v; v >>= 7)
        digits[n++] = (uint8_t)(v & 0x7f);
    for (unsigned i = 0; i < n; i++)
        p[i] = (uint8_t)(digits[n - 1 - i] | (i + 1 < n ? 0x80 : 0));
    return n;
}

unsigned ll_sqrec_read_varint(const uint8_t *p, uint64_t *v)
{
    unsigned n = 0;

    for (*v = 0; n < 8; n++) {
        *v = *v << 7 | (p[n] & 0x7f);
        if (!(p[n] & 0x80))
            return n + 1;
    }
    return n;
}

/* --- serial types -------------------------------------------------------------------------------------------------- */

/* Bytes of an integer by its serial type. */
static const uint8_t widths[] = {0, 1, 2, 3, 4, 6, 8, 0, 0, 0};

static unsigned int_type(int64_t v)
{
    uint64_t magnitude = v < 0 ? ~(uint64_t)v : (uint64_t)v;

    if (v == 0 || v == 1)
        return v ? 9 : 8;
    for (unsigned type = 1; type < 6; type++)
        if (magnitude >> (widths[type] * 8 - 1) == 0)
            return type;
    return 6;
}

static uint64_t type_of(const struct ll_seg_value *v)
{
    if (v->kind == LL_SV_TEXT || v->kind == LL_SV_BLOB)
        return (v->kind == LL_SV_TEXT ? 13 : 12) + 2 * (uint64_t)v->s.n;
    return v->kind == LL_SV_INT ? int_type(v->i) : 0;
}

static uint8_t *put_value(uint8_t *p, const struct ll_seg_value *v)
{
    if (v->kind == LL_SV_TEXT || v->kind == LL_SV_BLOB) {
        if (v->s.n)
            memcpy(p, v->s.p, v->s.n);
        return p + v->s.n;
    }
    if (v->kind == LL_SV_INT)
        for (unsigned i = widths[int_type(v->i)]; i-- > 0;)
            *p++ = (uint8_t)((uint64_t)v->i >> (8 * i));
    return p;
}

static unsigned varint_size(uint64_t v)
{
    unsigned n = 1;

    while (v >>= 7)
        n++;
    return n;
}

void ll_sqrec_encode(const struct ll_seg_value *values, const unsigned *order, size_t n, struct ll_buf *out)
{
    size_t header = 0, body = 0;

    for (size_t i = 0; i < n; i++) {
        const struct ll_seg_value *v = &values[order[i]];
        uint64_t type = type_of(v);
        header += varint_size(type);
        body += type < LL_COUNT(widths) ? widths[type] : v->s.n;
    }
    header += varint_size(header + varint_size(header)); /* its own size counts */
    ll_buf_clear(out);
    if (!ll_buf_reserve(out, header + body))
        return;
    uint8_t *h = (uint8_t *)out->p, *b = h + header;
    h += ll_sqrec_varint(h, header);
    for (size_t i = 0; i < n; i++) {
        const struct ll_seg_value *v = &values[order[i]];
        h += ll_sqrec_varint(h, type_of(v));
        b = put_value(b, v);
    }
    out->n = header + body;
}
