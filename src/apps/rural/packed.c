/* packed.c - see packed.h. */
#include "apps/rural/packed.h"

void ll_packed_put_number(struct ll_buf *out, uint64_t v)
{
    for (; v > 127; v >>= 7)
        ll_buf_c(out, (char)((v & 127) | 128));
    ll_buf_c(out, (char)v);
}

void ll_packed_put_text(struct ll_buf *out, struct ll_str s)
{
    ll_packed_put_number(out, s.n);
    ll_buf_str(out, s);
}

uint64_t ll_packed_number(struct ll_packed *b)
{
    uint64_t v = 0;

    for (unsigned shift = 0; shift < 63; shift += 7) {
        if (b->p == b->end) {
            b->bad = true;
            return 0;
        }
        v |= (uint64_t)(*b->p & 127) << shift;
        if (*b->p++ < 128)
            return v;
    }
    b->bad = true;
    return 0;
}

struct ll_str ll_packed_text(struct ll_packed *b)
{
    uint64_t n = ll_packed_number(b);

    if (n > (uint64_t)(b->end - b->p)) {
        b->bad = true;
        return (struct ll_str){NULL, 0};
    }
    b->p += n;
    return (struct ll_str){(const char *)b->p - n, n};
}
