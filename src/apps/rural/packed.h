/* packed.h - numbers and texts one behind the other, as files of ours hold them sealed: numbers in groups of seven bits, the lowest first, texts behind
 * their length. */
#ifndef LL_APPS_RURAL_PACKED_H
#define LL_APPS_RURAL_PACKED_H

#include "base/buf.h"

void ll_packed_put_number(struct ll_buf *out, uint64_t v);
void ll_packed_put_text(struct ll_buf *out, struct ll_str s);

/* Whatever the bytes are: bad is set where they end too soon, and what is read from then on is 0 and nothing. */
struct ll_packed {
    const unsigned char *p, *end;
    bool bad;
};
static inline struct ll_packed ll_packed_of(struct ll_str s)
{
    return (struct ll_packed){(const unsigned char *)s.p, (const unsigned char *)s.p + s.n, false};
}
uint64_t ll_packed_number(struct ll_packed *b);
struct ll_str ll_packed_text(struct ll_packed *b); /* of the bytes themselves */

#endif
