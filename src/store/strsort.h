/* strsort.h - sorts references to texts, byte by byte and stably. */
#ifndef LL_STORE_STRSORT_H
#define LL_STORE_STRSORT_H

#include "base/str.h"

struct ll_strref {
    uint64_t word; /* the sort's own */
    uint32_t at;   /* tells key_of which text; equal texts are put in the order of it */
};

void ll_strsort(struct ll_strref *refs, size_t n, struct ll_str (*key_of)(const void *ctx, uint32_t at),
                const void *ctx);

#endif
