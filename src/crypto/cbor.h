/* cbor.h - CBOR (RFC 8949) as authenticators write it (CTAP2 canonical form): definite lengths in their shortest form, integers, bytes,
 * texts, arrays, maps, false, true, null.  Tags, floats and everything else are refused.
 *
 * A reader moves over bytes that outlive it; a function is false, and the reader then useless, where they are not so formed.  Nesting is
 * bounded by LL_CBOR_DEPTH; lengths by the bytes that are there. */
#ifndef LL_CRYPTO_CBOR_H
#define LL_CRYPTO_CBOR_H

#include "base/str.h"

enum { LL_CBOR_DEPTH = 8 };

struct ll_cbor {
    const unsigned char *p, *end;
};

enum ll_cbor_type {
    LL_CBOR_UINT,
    LL_CBOR_NEGATIVE,
    LL_CBOR_BYTES,
    LL_CBOR_TEXT,
    LL_CBOR_ARRAY,
    LL_CBOR_MAP,
    LL_CBOR_FALSE,
    LL_CBOR_TRUE,
    LL_CBOR_NULL
};

struct ll_cbor_item {
    enum ll_cbor_type type;
    int64_t n;       /* of an integer: its value; of an array or map: how many items or pairs follow */
    struct ll_str s; /* of bytes and texts */
};

struct ll_cbor ll_cbor_of(struct ll_str s);
bool ll_cbor_at_end(const struct ll_cbor *c);
/* One item's head; the items of an array or map come next. */
bool ll_cbor_next(struct ll_cbor *c, struct ll_cbor_item *ret);
/* One whole item with all that is in it; *ret is its bytes.  Maps in it have no key twice. */
bool ll_cbor_whole(struct ll_cbor *c, struct ll_str *ret);

/* The value under a key of a map that ll_cbor_whole has taken; false where it is not there. */
bool ll_cbor_find_int(struct ll_str map, int64_t key, struct ll_cbor_item *ret);
bool ll_cbor_find_text(struct ll_str map, const char *key, struct ll_str *ret_whole);

#endif
