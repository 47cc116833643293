/* merkle.c - see merkle.h. */
#include "journal/merkle.h"

#include <string.h>

void ll_merkle_leaf(enum ll_digest_alg alg, struct ll_str data, struct ll_node *ret)
{
    ll_digest(alg, (struct ll_str[]){{"\0", 1}, data}, 2, ret->b);
}

void ll_merkle_node(enum ll_digest_alg alg, const struct ll_node *left, const struct ll_node *right,
                    struct ll_node *ret)
{
    unsigned char both[1 + 2 * LL_DIGEST] = {1};

    memcpy(both + 1, left->b, LL_DIGEST);
    memcpy(both + 1 + LL_DIGEST, right->b, LL_DIGEST);
    ll_digest(alg, &(struct ll_str){(const char *)both, sizeof both}, 1, ret->b);
}

bool ll_node_eq(const struct ll_node *a, const struct ll_node *b)
{
    return memcmp(a->b, b->b, LL_DIGEST) == 0;
}

void ll_edge_init(struct ll_edge *e, enum ll_digest_alg alg)
{
    *e = (struct ll_edge){.alg = alg};
}

void ll_edge_add(struct ll_edge *e, const struct ll_node *leaf)
{
    struct ll_node top = *leaf;

    for (uint64_t carry = e->size; carry & 1; carry >>= 1)
        ll_merkle_node(e->alg, &e->stack[--e->depth], &top, &top);
    e->stack[e->depth++] = top;
    e->size++;
}

void ll_edge_extend(struct ll_edge *e, const struct ll_node *p, size_t n)
{
    struct ll_edge part;

    ll_edge_init(&part, e->alg);
    for (size_t i = 0; i < n; i++)
        ll_edge_add(&part, &p[i]);
    for (unsigned i = 0; i < part.depth; i++)
        e->stack[e->depth++] = part.stack[i];
}

void ll_edge_root(const struct ll_edge *e, struct ll_node *ret)
{
    if (!e->depth) {
        ll_digest(e->alg, NULL, 0, ret->b);
        return;
    }
    *ret = e->stack[e->depth - 1];
    for (unsigned i = e->depth - 1; i > 0; i--)
        ll_merkle_node(e->alg, &e->stack[i - 1], ret, ret);
}

void ll_merkle_root(enum ll_digest_alg alg, const struct ll_node *p, size_t n, struct ll_node *ret)
{
    struct ll_edge e;

    ll_edge_init(&e, alg);
    for (size_t i = 0; i < n; i++)
        ll_edge_add(&e, &p[i]);
    ll_edge_root(&e, ret);
}

/* The largest power of two below n > 1. */
static uint64_t split(uint64_t n)
{
    return (uint64_t)1 << (63 - __builtin_clzll(n - 1));
}

/* MTH of the leaves [lo, hi), where lo is a multiple of a power of two not below hi - lo: whole subtrees, from large to small. */
static int root_between(const struct ll_node_source *src, uint64_t lo, uint64_t hi, struct ll_node *ret,
                        struct ll_err *err)
{
    struct ll_node parts[LL_PROOF_MAX];
    unsigned n = 0;

    while (lo < hi) {
        unsigned height = 63 - (unsigned)__builtin_clzll(hi - lo);
        int rc = src->read(src->ctx, height, lo >> height, &parts[n++], err);
        if (rc < 0)
            return rc;
        lo += (uint64_t)1 << height;
    }
    *ret = parts[--n];
    while (n > 0)
        ll_merkle_node(src->alg, &parts[--n], ret, ret);
    return LL_OK;
}

int ll_source_root(const struct ll_node_source *src, uint64_t size, struct ll_node *ret, struct ll_err *err)
{
    if (size > 0)
        return root_between(src, 0, size, ret, err);
    ll_digest(src->alg, NULL, 0, ret->b);
    return LL_OK;
}

static void reverse(struct ll_proof *p)
{
    for (unsigned i = 0; i < p->n / 2; i++) {
        struct ll_node swap = p->node[i];
        p->node[i] = p->node[p->n - 1 - i];
        p->node[p->n - 1 - i] = swap;
    }
}

/* Both kinds of proof walk from the root down to where they differ and note the sibling they leave aside at each step. */
int ll_prove_inclusion(const struct ll_node_source *src, uint64_t index, uint64_t size, struct ll_proof *ret,
                       struct ll_err *err)
{
    uint64_t lo = 0, hi = size;

    ret->n = 0;
    if (index >= size)
        return ll_fail(err, LL_INVALID, "第 %llu 条不在前 %llu 条之内",
                       "entry %llu is not among the first %llu", (unsigned long long)index,
                       (unsigned long long)size);
    while (hi - lo > 1) {
        uint64_t mid = lo + split(hi - lo);
        bool left = index < mid;
        int rc = root_between(src, left ? mid : lo, left ? hi : mid, &ret->node[ret->n++], err);
        if (rc < 0)
            return rc;
        lo = left ? lo : mid;
        hi = left ? mid : hi;
    }
    reverse(ret);
    return LL_OK;
}

int ll_prove_consistency(const struct ll_node_source *src, uint64_t first, uint64_t second,
                         struct ll_proof *ret, struct ll_err *err)
{
    uint64_t lo = 0, hi = second;
    int rc = LL_OK;

    ret->n = 0;
    if (first > second)
        return ll_fail(err, LL_INVALID, "前一个大小 %llu 大于后一个 %llu",
                       "the first size %llu is larger than the second, %llu", (unsigned long long)first,
                       (unsigned long long)second);
    if (first == 0 || first == second)
        return LL_OK;
    while (first != hi && rc == LL_OK) {
        uint64_t mid = lo + split(hi - lo);
        bool left = first <= mid;
        rc = root_between(src, left ? mid : lo, left ? hi : mid, &ret->node[ret->n++], err);
        lo = left ? lo : mid;
        hi = left ? mid : hi;
    }
    if (rc == LL_OK &&
        lo > 0) /* otherwise what remains is the first tree itself, whose root the verifier has */
        rc = root_between(src, lo, hi, &ret->node[ret->n++], err);
    reverse(ret);
    return rc;
}

static int bad_proof(struct ll_err *err)
{
    return ll_fail(err, LL_INVALID, "证明与树根不符", "the proof does not lead to the root");
}

/* The walk up, shared by both checks: at fn the node that the proof is about, at sn the last one of its height. */
struct climb {
    uint64_t fn, sn;
};

/* Is the next proof node to the left?  Moves one level up. */
static bool climb_step(struct climb *c)
{
    bool from_left = (c->fn & 1) || c->fn == c->sn;

    if (from_left)
        while (!(c->fn & 1) && c->fn != 0) {
            c->fn >>= 1;
            c->sn >>= 1;
        }
    c->fn >>= 1;
    c->sn >>= 1;
    return from_left;
}

int ll_check_inclusion(enum ll_digest_alg alg, const struct ll_node *leaf, uint64_t index, uint64_t size,
                       const struct ll_node *proof, size_t n, const struct ll_node *root, struct ll_err *err)
{
    struct climb c = {index, size - 1};
    struct ll_node r = *leaf;

    if (index >= size)
        return bad_proof(err);
    for (size_t i = 0; i < n; i++) {
        if (c.sn == 0)
            return bad_proof(err);
        bool from_left = climb_step(&c);
        ll_merkle_node(alg, from_left ? &proof[i] : &r, from_left ? &r : &proof[i], &r);
    }
    return c.sn == 0 && ll_node_eq(&r, root) ? LL_OK : bad_proof(err);
}

int ll_check_consistency(enum ll_digest_alg alg, uint64_t first, const struct ll_node *first_root,
                         uint64_t second, const struct ll_node *second_root, const struct ll_node *proof,
                         size_t n, struct ll_err *err)
{
    struct climb c = {first - 1, second - 1};
    bool whole = (first & (first - 1)) ==
                 0; /* the first tree is one subtree of the second: its root starts the climb */
    struct ll_node fr, sr;
    size_t i = 0;

    if (first > 0 && first == second && n == 0 && ll_node_eq(first_root, second_root))
        return LL_OK;
    if (first == 0 || first >= second || n == 0)
        return bad_proof(err);
    while (c.fn & 1) {
        c.fn >>= 1;
        c.sn >>= 1;
    }
    fr = sr = whole ? *first_root : proof[i++];
    for (; i < n; i++) {
        if (c.sn == 0)
            return bad_proof(err);
        bool from_left = climb_step(&c);
        if (from_left)
            ll_merkle_node(alg, &proof[i], &fr, &fr);
        ll_merkle_node(alg, from_left ? &proof[i] : &sr, from_left ? &sr : &proof[i], &sr);
    }
    return c.sn == 0 && ll_node_eq(&fr, first_root) && ll_node_eq(&sr, second_root) ? LL_OK : bad_proof(err);
}
