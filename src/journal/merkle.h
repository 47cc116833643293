/* merkle.h - the hash tree of RFC 6962, section 2.1 (the same as RFC 9162, 2.1), over SHA-256 or SM3: pure functions.
 *
 *   MTH({}) = H("")     leaf(d) = H(00 || d)     node(l, r) = H(01 || l || r)
 *   MTH(D[n]) = node(MTH(D[0:k]), MTH(D[k:n])), k the largest power of two below n
 *
 * A node is named by its height above the leaves and its number at that height: it covers the leaves [n << height, (n + 1) << height). */
#ifndef LL_JOURNAL_MERKLE_H
#define LL_JOURNAL_MERKLE_H

#include "base/err.h"
#include "base/str.h"
#include "crypto/digest.h"

enum { LL_PROOF_MAX = 64 }; /* hashes of a proof in a tree of 2^63 leaves */

struct ll_node {
    unsigned char b[LL_DIGEST];
};

struct ll_proof {
    struct ll_node node[LL_PROOF_MAX];
    unsigned n;
};

void ll_merkle_leaf(enum ll_digest_alg alg, struct ll_str data, struct ll_node *ret);
void ll_merkle_node(enum ll_digest_alg alg, const struct ll_node *left, const struct ll_node *right,
                    struct ll_node *ret); /* ret may be left or right */
bool ll_node_eq(const struct ll_node *a, const struct ll_node *b);

/* The right edge of a growing tree: the roots of its whole subtrees, largest first.  Enough to add leaves and to know the root. */
struct ll_edge {
    enum ll_digest_alg alg;
    uint64_t size;
    struct ll_node stack[LL_PROOF_MAX];
    unsigned depth;
};

void ll_edge_init(struct ll_edge *e, enum ll_digest_alg alg);
void ll_edge_add(struct ll_edge *e, const struct ll_node *leaf);
/* The n nodes of one height that follow, where all before them are whole nodes of that height; sizes are the caller's to keep. */
void ll_edge_extend(struct ll_edge *e, const struct ll_node *p, size_t n);
void ll_edge_root(const struct ll_edge *e, struct ll_node *ret);
/* The root of the n nodes at p, which stand side by side at one height: each whole but, perhaps, the last. */
void ll_merkle_root(enum ll_digest_alg alg, const struct ll_node *p, size_t n, struct ll_node *ret);

/* Where proofs take whole subtrees from. */
struct ll_node_source {
    enum ll_digest_alg alg;
    int (*read)(void *ctx, unsigned height, uint64_t n, struct ll_node *ret, struct ll_err *err);
    void *ctx;
};

/* LL_INVALID unless index < size, or first <= second. */
int ll_prove_inclusion(const struct ll_node_source *src, uint64_t index, uint64_t size, struct ll_proof *ret,
                       struct ll_err *err) LL_MUST;
int ll_prove_consistency(const struct ll_node_source *src, uint64_t first, uint64_t second,
                         struct ll_proof *ret, struct ll_err *err) LL_MUST;
/* MTH of the first `size` leaves. */
int ll_source_root(const struct ll_node_source *src, uint64_t size, struct ll_node *ret,
                   struct ll_err *err) LL_MUST;

/* RFC 9162, 2.1.3.2 and 2.1.4.2.  LL_OK, or LL_INVALID; an empty first tree proves nothing and is LL_INVALID, too. */
int ll_check_inclusion(enum ll_digest_alg alg, const struct ll_node *leaf, uint64_t index, uint64_t size,
                       const struct ll_node *proof, size_t n, const struct ll_node *root,
                       struct ll_err *err) LL_MUST;
int ll_check_consistency(enum ll_digest_alg alg, uint64_t first, const struct ll_node *first_root,
                         uint64_t second, const struct ll_node *second_root, const struct ll_node *proof,
                         size_t n, struct ll_err *err) LL_MUST;

#endif
