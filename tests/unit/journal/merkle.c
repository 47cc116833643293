/* merkle: the tree of RFC 6962, its proofs, and the vectors of transparency-dev. */
#include "../test.h"

#include "base/fs.h"
#include "crypto/base64.h"
#include "journal/merkle.h"
#include "journal/tile.h"

#include <jansson.h>
#include <sys/stat.h>

enum { LEAVES = 70 };

/* MTH by its definition. */
static void mth(enum ll_digest_alg alg, const struct ll_node *leaf, size_t n, struct ll_node *ret)
{
    struct ll_node l, r;
    size_t k = 1;

    if (n == 0) {
        ll_digest(alg, NULL, 0, ret->b);
        return;
    }
    if (n == 1) {
        *ret = leaf[0];
        return;
    }
    while (k * 2 < n)
        k *= 2;
    mth(alg, leaf, k, &l);
    mth(alg, leaf + k, n - k, &r);
    ll_merkle_node(alg, &l, &r, ret);
}

struct leaves {
    struct ll_node leaf[LEAVES];
};

static int read_node(void *ctx, unsigned height, uint64_t n, struct ll_node *ret, struct ll_err *err)
{
    struct leaves *l = ctx;
    size_t width = (size_t)1 << height;

    (void)err;
    assert_true((n + 1) * width <= LEAVES);
    mth(LL_SHA256, &l->leaf[n * width], width, ret);
    return LL_OK;
}

static void make_leaves(struct leaves *l, enum ll_digest_alg alg)
{
    for (size_t i = 0; i < LEAVES; i++) {
        char text[16];
        int n = snprintf(text, sizeof text, "leaf %zu", i);
        ll_merkle_leaf(alg, (struct ll_str){text, (size_t)n}, &l->leaf[i]);
    }
}

static void assert_hex(const struct ll_node *node, const char *hex)
{
    unsigned char want[LL_DIGEST];

    assert_true(ll_hex_exact(ll_str(hex), want, sizeof want));
    assert_memory_equal(node->b, want, sizeof want);
}

static void empty_tree_and_empty_leaf_have_the_published_hashes(void **state)
{
    struct ll_edge e;
    struct ll_node n;

    (void)state;
    ll_edge_init(&e, LL_SHA256);
    ll_edge_root(&e, &n);
    assert_hex(&n, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    ll_merkle_leaf(LL_SHA256, (struct ll_str){"", 0}, &n);
    assert_hex(&n, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

static void a_growing_edge_has_the_root_of_the_definition(void **state)
{
    static const enum ll_digest_alg algs[] = {LL_SHA256, LL_SM3};
    struct leaves l;
    struct ll_node want, have;

    (void)state;
    for (size_t a = 0; a < LL_COUNT(algs); a++) {
        struct ll_edge e;
        make_leaves(&l, algs[a]);
        ll_edge_init(&e, algs[a]);
        for (size_t n = 0; n <= LEAVES; n++) {
            mth(algs[a], l.leaf, n, &want);
            ll_edge_root(&e, &have);
            assert_true(ll_node_eq(&want, &have));
            if (n < LEAVES)
                ll_edge_add(&e, &l.leaf[n]);
        }
    }
}

static void every_inclusion_proof_holds_and_no_other_does(void **state)
{
    struct leaves l;
    struct ll_node_source src = {LL_SHA256, read_node, &l};
    struct ll_err err;

    (void)state;
    make_leaves(&l, LL_SHA256);
    for (uint64_t size = 1; size <= LEAVES; size++) {
        struct ll_node root;
        mth(LL_SHA256, l.leaf, size, &root);
        for (uint64_t i = 0; i < size; i++) {
            struct ll_proof p;
            assert_ok(ll_prove_inclusion(&src, i, size, &p, &err));
            assert_ok(ll_check_inclusion(LL_SHA256, &l.leaf[i], i, size, p.node, p.n, &root, &err));
            assert_int_equal(
                ll_check_inclusion(LL_SHA256, &l.leaf[(i + 1) % LEAVES], i, size, p.node, p.n, &root, &err),
                LL_INVALID);
            if (size > 1)
                assert_int_equal(
                    ll_check_inclusion(LL_SHA256, &l.leaf[i], i ^ 1, size, p.node, p.n, &root, &err),
                    LL_INVALID);
            if (p.n)
                assert_int_equal(
                    ll_check_inclusion(LL_SHA256, &l.leaf[i], i, size, p.node, p.n - 1, &root, &err),
                    LL_INVALID);
        }
        assert_int_equal(ll_prove_inclusion(&src, size, size, &(struct ll_proof){.n = 0}, &err), LL_INVALID);
    }
}

static void every_consistency_proof_holds_and_no_other_does(void **state)
{
    struct leaves l;
    struct ll_node_source src = {LL_SHA256, read_node, &l};
    struct ll_err err;

    (void)state;
    make_leaves(&l, LL_SHA256);
    for (uint64_t b = 0; b <= LEAVES; b++)
        for (uint64_t a = 0; a <= b; a++) {
            struct ll_node root_a, root_b;
            struct ll_proof p;
            mth(LL_SHA256, l.leaf, a, &root_a);
            mth(LL_SHA256, l.leaf, b, &root_b);
            assert_ok(ll_prove_consistency(&src, a, b, &p, &err));
            assert_int_equal(ll_check_consistency(LL_SHA256, a, &root_a, b, &root_b, p.node, p.n, &err),
                             a ? LL_OK : LL_INVALID);
            if (a > 0 && a < b) {
                assert_int_equal(ll_check_consistency(LL_SHA256, a, &root_b, b, &root_a, p.node, p.n, &err),
                                 LL_INVALID);
                p.node[p.n - 1].b[7] ^= 1;
                assert_int_equal(ll_check_consistency(LL_SHA256, a, &root_a, b, &root_b, p.node, p.n, &err),
                                 LL_INVALID);
                assert_int_equal(
                    ll_check_consistency(LL_SHA256, a, &root_a, b, &root_b, p.node, p.n - 1, &err),
                    LL_INVALID);
            }
        }
}

static void tiles_are_as_wide_as_the_size_says(void **state)
{
    (void)state;
    /* C2SP tlog-tiles: 70 000 entries have 273 whole tiles and one of 112 at level 0, one and one of 17 at 1, one of 1 at 2. */
    assert_int_equal(ll_tile_width(0, 272, 70000), 256);
    assert_int_equal(ll_tile_width(0, 273, 70000), 112);
    assert_int_equal(ll_tile_width(0, 274, 70000), 0);
    assert_int_equal(ll_tile_width(1, 0, 70000), 256);
    assert_int_equal(ll_tile_width(1, 1, 70000), 17);
    assert_int_equal(ll_tile_width(2, 0, 70000), 1);
    assert_int_equal(ll_tile_width(3, 0, 70000), 0);
    assert_int_equal(ll_tile_width(0, 1, 256), 0);
    assert_int_equal(ll_tile_width(LL_TILE_ENTRIES, 273, 70000), 112);
}

static void tile_paths_have_one_spelling(void **state)
{
    static const struct {
        struct ll_tile t;
        const char *path;
    } good[] = {{{0, 0, 256}, "tile/0/000"},
                {{0, 1234067, 256}, "tile/0/x001/x234/067"},
                {{2, 5, 17}, "tile/2/005.p/17"},
                {{LL_TILE_ENTRIES, 1000, 255}, "tile/entries/x001/000.p/255"},
                {{63, 999, 1}, "tile/63/999.p/1"}};
    static const char *const bad[] = {
        "tile/0/00",      "tile/0/0000",         "tile/0/x000/001", "tile/64/000",
        "tile/0/000.p/0", "tile/0/000.p/256",    "tile/0/000.p/01", "tile/00/000",
        "tile/0/../000",  "tile/entries/000.p/", "tile/0/000/",     "tile//000",
        "tile/0/001/002", "/tile/0/000",         "tile/0/-01",      ""};
    struct ll_tile t;
    char path[LL_TILE_PATH];

    (void)state;
    for (size_t i = 0; i < LL_COUNT(good); i++) {
        ll_tile_path(&good[i].t, path);
        assert_string_equal(path, good[i].path);
        assert_true(ll_tile_parse(ll_str(path), &t));
        assert_true(t.level == good[i].t.level && t.n == good[i].t.n && t.width == good[i].t.width);
    }
    for (size_t i = 0; i < LL_COUNT(bad); i++)
        assert_false(ll_tile_parse(ll_str(bad[i]), &t));
}

/* The vectors: one case a file, in folders of folders. */
struct vectors {
    const char *dir;
    unsigned done;
};

/* Some roots are no hashes but short texts: they stand for themselves. */
static bool node_of(const json_t *v, struct ll_node *ret)
{
    struct ll_buf b = LL_BUF_INIT(LL_DIGEST);
    bool good = ll_base64_get(ll_str(json_string_value(v)), LL_BASE64_STD, &b, NULL) == LL_OK;

    memset(ret, 0, sizeof *ret);
    good = good && b.n > 0;
    if (good)
        memcpy(ret->b, b.p, b.n);
    ll_buf_free(&b);
    return good;
}

/* False when a hash is not of 32 bytes: such a proof cannot be stated here, and has to be one that must fail. */
static bool hashes_of(const json_t *list, struct ll_node *out, size_t *n)
{
    *n = json_array_size(list);
    for (size_t i = 0; i < *n && i < LL_PROOF_MAX; i++)
        if (!ll_base64_exact(ll_str(json_string_value(json_array_get(list, i))), LL_BASE64_STD, out[i].b,
                             LL_DIGEST))
            return false;
    return *n <= LL_PROOF_MAX;
}

static int verdict(const json_t *v)
{
    struct ll_node proof[LL_PROOF_MAX], a, b;
    size_t n = 0;

    if (!hashes_of(json_object_get(v, "proof"), proof, &n))
        return LL_INVALID;
    if (json_object_get(v, "leafIdx")) {
        if (!node_of(json_object_get(v, "leafHash"), &a) || !node_of(json_object_get(v, "root"), &b))
            return LL_INVALID;
        return ll_check_inclusion(LL_SHA256, &a, (uint64_t)json_integer_value(json_object_get(v, "leafIdx")),
                                  (uint64_t)json_integer_value(json_object_get(v, "treeSize")), proof, n, &b,
                                  NULL);
    }
    if (!node_of(json_object_get(v, "root1"), &a) || !node_of(json_object_get(v, "root2"), &b))
        return LL_INVALID;
    return ll_check_consistency(LL_SHA256, (uint64_t)json_integer_value(json_object_get(v, "size1")), &a,
                                (uint64_t)json_integer_value(json_object_get(v, "size2")), &b, proof, n,
                                NULL);
}

static int visit(void *ctx, const char *name, struct ll_err *err)
{
    struct vectors *vs = ctx, below;
    char path[LL_PATH];
    struct stat st;

    assert_int_equal(ll_path(path, err, "%s/%s", vs->dir, name), LL_OK);
    assert_int_equal(stat(path, &st), 0);
    if (S_ISDIR(st.st_mode)) {
        below = (struct vectors){path, 0};
        int rc = ll_fs_each(path, visit, &below, err);
        vs->done += below.done;
        return rc;
    }
    json_t *v = json_load_file(path, 0, NULL);
    bool huge = !v; /* a number of 2^63 and more: our formats do not take it (checkpoint.h) */
    if (huge)
        v = json_load_file(path, JSON_DECODE_INT_AS_REAL, NULL);
    assert_non_null(v);
    bool want_err = json_is_true(json_object_get(v, "wantErr"));
    if ((huge || verdict(v) < 0) != want_err)
        fail_msg("%s: %s", path, want_err ? "accepted" : "refused");
    json_decref(v);
    vs->done++;
    return 0;
}
static void vectors_of_transparency_dev(void **state)
{
    static const char *const kinds[] = {"inclusion", "consistency"};
    const char *shared = getenv("LULING_VECTORS");
    struct ll_err err;
    char path[LL_PATH];

    (void)state;
    for (size_t i = 0; i < LL_COUNT(kinds); i++) {
        snprintf(path, sizeof path, "%s/merkle/%s", shared ? shared : "", kinds[i]);
        if (!shared || !ll_fs_exists(path)) {
            print_message("skipped: the vectors are not there (LULING_VECTORS)\n");
            skip();
        }
        struct vectors vs = {path, 0};
        assert_ok(ll_fs_each(path, visit, &vs, &err));
        print_message("%u vectors of %s\n", vs.done, kinds[i]);
        assert_true(vs.done > 50);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_tree_and_empty_leaf_have_the_published_hashes),
        cmocka_unit_test(a_growing_edge_has_the_root_of_the_definition),
        cmocka_unit_test(every_inclusion_proof_holds_and_no_other_does),
        cmocka_unit_test(every_consistency_proof_holds_and_no_other_does),
        cmocka_unit_test(tiles_are_as_wide_as_the_size_says),
        cmocka_unit_test(tile_paths_have_one_spelling),
        cmocka_unit_test(vectors_of_transparency_dev),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
