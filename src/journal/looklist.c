/* looklist.c - chains of looks and the tree over them; see looklist.h. */
#include "journal/looklist.h"

#include "crypto/base64.h"

#include <string.h>

static const struct ll_node empty = {{0}};

bool ll_look_subject(struct ll_str text, unsigned char out[LL_DIGEST])
{
    return ll_base64_exact(text, LL_BASE64_URL, out, LL_DIGEST);
}

static void put_u64(uint64_t v, unsigned char out[8])
{
    for (unsigned i = 0; i < 8; i++)
        out[i] = (unsigned char)(v >> (56 - 8 * i));
}

static struct ll_str bytes(const void *p, size_t n)
{
    return (struct ll_str){p, n};
}

void ll_look_start(struct ll_look_head *h)
{
    h->looks = 0;
    ll_digest(LL_SHA256, (struct ll_str[]){LL_STR("luling-looks/v1\n"), bytes(h->subject, sizeof h->subject)},
              2, h->head.b);
}

void ll_look_link(struct ll_str salt, uint64_t index, const struct ll_node *leaf, struct ll_node *ret)
{
    unsigned char at[8];

    put_u64(index, at);
    ll_digest(LL_SHA256,
              (struct ll_str[]){LL_STR("luling-look/v1\n"), salt, bytes(at, sizeof at),
                                bytes(leaf->b, sizeof leaf->b)},
              4, ret->b);
}

void ll_look_add(struct ll_look_head *h, const struct ll_node *link)
{
    struct ll_node before = h->head;

    ll_digest(LL_SHA256,
              (struct ll_str[]){LL_STR("luling-look-chain/v1\n"), bytes(before.b, sizeof before.b),
                                bytes(link->b, sizeof link->b)},
              3, h->head.b);
    h->looks++;
}

int ll_look_order(const void *a, const void *b)
{
    const struct ll_look_head *x = a, *y = b;

    return memcmp(x->subject, y->subject, sizeof x->subject);
}

void ll_look_join(const struct ll_node *left, const struct ll_node *right, struct ll_node *ret)
{
    if (ll_node_eq(left, &empty) && ll_node_eq(right, &empty))
        *ret = empty;
    else
        ll_merkle_node(LL_SHA256, left, right, ret);
}

/* Everybody of one place; in all likelihood one. */
static void slot_of(const struct ll_look_head *h, size_t n, struct ll_node *ret)
{
    unsigned char chain[LL_DIGEST] = {0}, count[8];
    struct ll_str parts[5] = {LL_STR("luling-look-slot/v1\n")};

    if (n == 0) {
        *ret = empty;
        return;
    }
    for (size_t i = 0; i < n; i++) { /* of more than one, each counts what is before it */
        put_u64(h[i].looks, count);
        parts[1] = bytes(chain, i ? sizeof chain : 0);
        parts[2] = bytes(h[i].subject, sizeof h[i].subject);
        parts[3] = bytes(count, sizeof count);
        parts[4] = bytes(h[i].head.b, sizeof h[i].head.b);
        ll_digest(LL_SHA256, parts, LL_COUNT(parts), ret->b);
        memcpy(chain, ret->b, sizeof chain);
    }
}

static bool bit(const unsigned char subject[LL_DIGEST], unsigned depth)
{
    return subject[depth / 8] >> (7 - depth % 8) & 1;
}

/* How many of the heads, which are in order, go left at this depth. */
static size_t left_of(const struct ll_look_head *h, size_t n, unsigned depth)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (bit(h[mid].subject, depth))
            high = mid;
        else
            low = mid + 1;
    }
    return low;
}

void ll_look_node(const struct ll_look_head *h, size_t n, unsigned depth, struct ll_node *ret)
{
    struct ll_node left, right;
    size_t k;

    if (n == 0 || depth == LL_LOOK_HEIGHT) {
        slot_of(h, n, ret);
        return;
    }
    k = left_of(h, n, depth);
    ll_look_node(h, k, depth + 1, &left);
    ll_look_node(h + k, n - k, depth + 1, &right);
    ll_look_join(&left, &right, ret);
}

void ll_look_path(const struct ll_look_head *h, size_t n, unsigned depth,
                  const unsigned char subject[LL_DIGEST], struct ll_node sibling[LL_LOOK_HEIGHT],
                  size_t *ret_at, size_t *ret_n, struct ll_node *ret)
{
    struct ll_node child;
    size_t at = 0, k;

    for (unsigned d = depth; d < LL_LOOK_HEIGHT; d++) {
        k = left_of(h + at, n, d);
        if (bit(subject, d)) {
            ll_look_node(h + at, k, d + 1, &sibling[LL_LOOK_HEIGHT - 1 - d]);
            at += k;
            n -= k;
        } else {
            ll_look_node(h + at + k, n - k, d + 1, &sibling[LL_LOOK_HEIGHT - 1 - d]);
            n = k;
        }
    }
    *ret_at = at;
    *ret_n = n;
    slot_of(h + at, n, ret);
    for (unsigned d = LL_LOOK_HEIGHT; d-- > depth;) {
        child = *ret;
        if (bit(subject, d))
            ll_look_join(&sibling[LL_LOOK_HEIGHT - 1 - d], &child, ret);
        else
            ll_look_join(&child, &sibling[LL_LOOK_HEIGHT - 1 - d], ret);
    }
}
