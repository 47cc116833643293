/* cbor.c - see cbor.h. */
#include "crypto/cbor.h"

#include "base/err.h"

enum { ONE_BYTE = 24, EIGHT_BYTES = 27, MAJOR_SIMPLE = 7, FALSE_ = 20, TRUE_ = 21, NULL_ = 22 };

struct ll_cbor ll_cbor_of(struct ll_str s)
{
    const unsigned char *p = (const unsigned char *)s.p;

    return (struct ll_cbor){p, p + s.n};
}

bool ll_cbor_at_end(const struct ll_cbor *c)
{
    return c->p == c->end;
}

/* The number in a head: in the byte itself or in the 1, 2, 4 or 8 after it, and nowhere longer than needed. */
static bool take_number(struct ll_cbor *c, unsigned more, uint64_t *ret)
{
    static const uint64_t least[] = {ONE_BYTE, 1u << 8, 1u << 16, UINT64_C(1) << 32};

    *ret = more;
    if (more < ONE_BYTE)
        return true;
    if (more > EIGHT_BYTES)
        return false;
    size_t n = (size_t)1 << (more - ONE_BYTE);
    if ((size_t)(c->end - c->p) < n)
        return false;
    *ret = 0;
    while (n--)
        *ret = *ret << 8 | *c->p++;
    return *ret >= least[more - ONE_BYTE] && *ret <= INT64_MAX;
}

static bool take_simple(unsigned more, struct ll_cbor_item *ret)
{
    if (more < FALSE_ || more > NULL_)
        return false;
    ret->type = more == FALSE_ ? LL_CBOR_FALSE : more == TRUE_ ? LL_CBOR_TRUE : LL_CBOR_NULL;
    return true;
}

static bool take_string(struct ll_cbor *c, struct ll_cbor_item *ret)
{
    if (ret->n > c->end - c->p)
        return false;
    ret->s = (struct ll_str){(const char *)c->p, (size_t)ret->n};
    c->p += ret->n;
    return ret->type == LL_CBOR_BYTES || ll_utf8_bad(ret->s) == ret->s.n;
}

bool ll_cbor_next(struct ll_cbor *c, struct ll_cbor_item *ret)
{
    uint64_t number;

    *ret = (struct ll_cbor_item){0};
    if (c->p == c->end)
        return false;
    unsigned major = *c->p >> 5, more = *c->p & 31;
    c->p++;
    if (major == MAJOR_SIMPLE)
        return take_simple(more, ret);
    if (major > LL_CBOR_MAP || !take_number(c, more, &number))
        return false;
    ret->type = (enum ll_cbor_type)major;
    ret->n = major == LL_CBOR_NEGATIVE ? -1 - (int64_t)number : (int64_t)number;
    if (major == LL_CBOR_BYTES || major == LL_CBOR_TEXT)
        return take_string(c, ret);
    /* each item takes a byte at least */
    int64_t each = major == LL_CBOR_MAP ? 2 : 1;
    return major < LL_CBOR_ARRAY || ret->n <= (c->end - c->p) / each;
}

static bool skip(struct ll_cbor *c, unsigned depth);

/* The key at `at` stands among the pairs before it. */
static bool key_before(struct ll_cbor pairs, int64_t n, struct ll_str key)
{
    for (int64_t i = 0; i < n; i++) {
        const unsigned char *from = pairs.p;
        LL_ASSERT(skip(&pairs, 0)); /* it was taken a moment ago */
        if (ll_str_eq((struct ll_str){(const char *)from, (size_t)(pairs.p - from)}, key))
            return true;
        LL_ASSERT(skip(&pairs, 0));
    }
    return false;
}

static bool skip_map(struct ll_cbor *c, int64_t n, unsigned depth)
{
    enum { PAIRS_MAX = 64 };
    const struct ll_cbor pairs = *c;

    if (n > PAIRS_MAX)
        return false;
    for (int64_t i = 0; i < n; i++) {
        const unsigned char *from = c->p;
        if (!skip(c, depth) ||
            key_before(pairs, i, (struct ll_str){(const char *)from, (size_t)(c->p - from)}) ||
            !skip(c, depth))
            return false;
    }
    return true;
}

static bool skip(struct ll_cbor *c, unsigned depth)
{
    struct ll_cbor_item item;

    if (depth == LL_CBOR_DEPTH || !ll_cbor_next(c, &item))
        return false;
    if (item.type == LL_CBOR_MAP)
        return skip_map(c, item.n, depth + 1);
    for (int64_t i = 0; item.type == LL_CBOR_ARRAY && i < item.n; i++)
        if (!skip(c, depth + 1))
            return false;
    return true;
}

bool ll_cbor_whole(struct ll_cbor *c, struct ll_str *ret)
{
    const unsigned char *from = c->p;

    if (!skip(c, 0))
        return false;
    *ret = (struct ll_str){(const char *)from, (size_t)(c->p - from)};
    return true;
}

/* Walks the pairs until `fits` says that the key is the one; c then stands on its value. */
static bool find(struct ll_cbor *c, bool (*fits)(const struct ll_cbor_item *key, const void *want),
                 const void *want)
{
    struct ll_cbor_item map, key;
    struct ll_str unused;

    if (!ll_cbor_next(c, &map) || map.type != LL_CBOR_MAP)
        return false;
    for (int64_t i = 0; i < map.n; i++) {
        struct ll_cbor at = *c;
        if (!ll_cbor_whole(c, &unused) || !ll_cbor_next(&at, &key))
            return false;
        if (fits(&key, want))
            return true;
        if (!ll_cbor_whole(c, &unused))
            return false;
    }
    return false;
}

static bool fits_int(const struct ll_cbor_item *key, const void *want)
{
    return (key->type == LL_CBOR_UINT || key->type == LL_CBOR_NEGATIVE) && key->n == *(const int64_t *)want;
}

static bool fits_text(const struct ll_cbor_item *key, const void *want)
{
    return key->type == LL_CBOR_TEXT && ll_str_is(key->s, want);
}

bool ll_cbor_find_int(struct ll_str map, int64_t key, struct ll_cbor_item *ret)
{
    struct ll_cbor c = ll_cbor_of(map);

    return find(&c, fits_int, &key) && ll_cbor_next(&c, ret);
}

bool ll_cbor_find_text(struct ll_str map, const char *key, struct ll_str *ret_whole)
{
    struct ll_cbor c = ll_cbor_of(map);

    return find(&c, fits_text, key) && ll_cbor_whole(&c, ret_whole);
}
