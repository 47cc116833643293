/* check.c - see check.h.
 *
 * One pass over the entries: leaves of 256 make the root of a tile, these roots are kept and compared, level by level, with the tiles
 * above; where a checkpoint's size is passed, the root there is taken down. */
#include "journal/check_impl.h"

#include "journal/canon.h"
#include "journal/entry.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TREES = 2, MARKS = 3, PATH = LL_TILE_PATH + 8 };

static const enum ll_digest_alg algs[TREES] = {LL_SHA256, LL_SM3};

struct nodes {
    struct ll_node *p;
    size_t n, cap;
};

struct numbers {
    uint64_t *p;
    size_t n, cap;
};

/* A checkpoint, and the root that was found at its size. */
struct mark {
    const char *file;
    unsigned tree;
    uint64_t size;
    struct ll_node said, found;
    bool there;
};

struct pass {
    struct ll_log_check c;
    bool tree_on[TREES], payloads;
    struct ll_edge edge[TREES]; /* over the roots of whole tiles of level 0 */
    struct nodes roots[TREES];  /* these roots */
    struct mark mark[MARKS];
    struct numbers erased, announced; /* payloads that are gone, and those that an entry says were erased */
};

void ll_log_problem(struct ll_log_check *c, const char *what, const struct ll_err *problem)
{
    c->ret->problems++;
    if (c->fn)
        c->fn(c->ctx, what, problem);
}

static bool push_node(struct nodes *l, const struct ll_node *node)
{
    if (l->n == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 256;
        struct ll_node *more = reallocarray(l->p, cap, sizeof *more);
        if (!more)
            return false;
        l->p = more;
        l->cap = cap;
    }
    l->p[l->n++] = *node;
    return true;
}

static bool push_number(struct numbers *l, uint64_t v)
{
    if (l->n == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 64;
        uint64_t *more = reallocarray(l->p, cap, sizeof *more);
        if (!more)
            return false;
        l->p = more;
        l->cap = cap;
    }
    l->p[l->n++] = v;
    return true;
}

/* A checkpoint's file: its own form and signatures.  Only the public one needs the witnesses. */
static int read_mark(struct pass *p, const struct ll_policy *policy, struct mark *m, struct ll_err *err)
{
    struct ll_buf note = LL_BUF_INIT(LL_NOTE_MAX);
    struct ll_note *parsed = malloc(sizeof *parsed);
    struct ll_checkpoint cp = {0};
    struct ll_quorum ignored;
    bool public = strcmp(m->file, "checkpoint") == 0;
    int rc = parsed ? p->c.f.get(p->c.f.ctx, m->file, LL_NOTE_MAX, &note, err) : ll_no_memory(err);

    if (rc == LL_OK) {
        p->c.ret->files++;
        rc = policy ? ll_policy_check(policy, ll_buf_view(&note), &cp, public ? NULL : &ignored, err)
                    : ll_note_parse(ll_buf_view(&note), parsed, err);
        if (rc == LL_OK && !policy)
            rc = ll_checkpoint_parse(parsed->text, &cp, err);
    }
    m->there = rc == LL_OK;
    m->size = cp.size;
    m->said = cp.root;
    if (rc == LL_INVALID)
        ll_log_problem(&p->c, m->file, err);
    free(parsed);
    ll_buf_free(&note);
    return rc == LL_INVALID || rc == LL_NOTFOUND ? LL_OK : rc;
}

static int read_marks(struct pass *p, const struct ll_policy *policy, struct ll_err *err)
{
    static const struct mark marks[MARKS] = {
        {.file = "checkpoint"}, {.file = "latest"}, {.file = "sm3/checkpoint", .tree = 1}};
    bool any = false;
    int rc = LL_OK;

    for (size_t i = 0; i < MARKS && rc == LL_OK; i++) {
        struct mark *m = &p->mark[i];
        *m = marks[i];
        if (i == 1 && !p->c.dir)
            continue;
        rc = read_mark(p, policy, m, err);
        if (m->there && m->size > p->c.size)
            p->c.size = m->size;
        any |= m->there;
    }
    if (rc == LL_OK && !any && p->c.ret->problems == 0)
        rc = ll_fail(err, LL_NOTFOUND, "没有检查点（checkpoint），这里不是日志",
                     "there is no checkpoint, so this is no journal");
    return rc;
}

/* One tile of level 0 with its bundle, as they stand in the files. */
struct bundle {
    uint64_t n;
    unsigned width;
    struct ll_buf entries, payloads, tile[TREES];
    struct ll_str entry[LL_TILE_WIDTH];
    struct ll_node leaf[TREES][LL_TILE_WIDTH]; /* hashed from the entries */
};

static void tile_name(const struct bundle *b, unsigned level, unsigned tree, char out[PATH])
{
    struct ll_tile t = {level, b->n, b->width};
    char path[LL_TILE_PATH];

    ll_tile_path(&t, path);
    snprintf(out, PATH, "%s%s", ll_tree_prefix(algs[tree]), path);
}

/* Reads a file; one that is missing or of another length is told. */
static int read_file(struct pass *p, const struct bundle *b, unsigned level, unsigned tree,
                     struct ll_buf *out, bool *ret_there, struct ll_err *err)
{
    struct ll_tile t = {level, b->n, b->width};
    char name[PATH];

    ll_buf_clear(out);
    int rc = ll_tile_read(&p->c.f, algs[tree], &t, out, err);
    *ret_there = rc == LL_OK;
    p->c.ret->files += rc == LL_OK;
    if (rc != LL_NOTFOUND && rc != LL_INVALID)
        return rc;
    tile_name(b, level, tree, name);
    ll_log_problem(&p->c, name, err);
    return LL_OK;
}

static void split(struct bundle *b)
{
    struct ll_str rest = ll_buf_view(&b->entries);

    for (unsigned i = 0; i < b->width; i++)
        LL_ASSERT(ll_bundle_next(&rest, &b->entry[i], NULL) == 1); /* ll_tile_read counted them */
}

/* Which of the two is wrong where entry and tile differ: the one that does not lead to the hash above. */
static int blame(struct pass *p, const struct bundle *b, unsigned tree, const struct ll_node *tile,
                 bool *entry_wrong, bool *tile_wrong)
{
    struct bundle above = {.n = b->n / LL_TILE_WIDTH,
                           .width = ll_tile_width(1, b->n / LL_TILE_WIDTH, p->c.size)};
    struct ll_tile t = {1, above.n, above.width};
    struct ll_buf buf = LL_BUF_INIT(1 << 16);
    struct ll_node from_tile, from_entries;

    *entry_wrong = *tile_wrong = true;
    if (b->width == LL_TILE_WIDTH && above.width > b->n % LL_TILE_WIDTH &&
        ll_tile_read(&p->c.f, algs[tree], &t, &buf, NULL) == LL_OK) {
        const struct ll_node *want = (const struct ll_node *)buf.p + b->n % LL_TILE_WIDTH;
        ll_merkle_root(algs[tree], tile, b->width, &from_tile);
        ll_merkle_root(algs[tree], b->leaf[tree], b->width, &from_entries);
        *tile_wrong = !ll_node_eq(&from_tile, want);
        *entry_wrong = !ll_node_eq(&from_entries, want);
    }
    ll_buf_free(&buf);
    return LL_OK;
}

static void tell_difference(struct pass *p, const struct bundle *b, unsigned tree, unsigned i,
                            bool entry_wrong, bool tile_wrong)
{
    char entries[PATH], tile[PATH];
    size_t at = (size_t)(b->entry[i].p - b->entries.p);
    unsigned long long index = b->n * LL_TILE_WIDTH + i;
    struct ll_err err;

    tile_name(b, LL_TILE_ENTRIES, 0, entries);
    tile_name(b, 0, tree, tile);
    if (entry_wrong && tile_wrong)
        ll_fail(&err, LL_INVALID, "第 %llu 条（字节 %zu 至 %zu）与 %s 中的散列值（字节 %u 至 %u）不符",
                "entry %llu (bytes %zu to %zu) does not have the hash in %s (bytes %u to %u)", index, at,
                at + b->entry[i].n, tile, i * LL_DIGEST, i * LL_DIGEST + LL_DIGEST - 1);
    else if (entry_wrong)
        ll_fail(&err, LL_INVALID, "第 %llu 条（字节 %zu 至 %zu）被改动",
                "entry %llu (bytes %zu to %zu) was changed", index, at, at + b->entry[i].n);
    else
        ll_fail(&err, LL_INVALID, "第 %llu 条的散列值（字节 %u 至 %u）被改动",
                "the hash of entry %llu (bytes %u to %u) was changed", index, i * LL_DIGEST,
                i * LL_DIGEST + LL_DIGEST - 1);
    ll_log_problem(&p->c, entry_wrong ? entries : tile, &err);
}

/* Compares leaves with the tile.  Where the entries are wrong, or not there, the pass goes on with the tile's hashes. */
static int compare_leaves(struct pass *p, struct bundle *b, unsigned tree, bool have_entries,
                          struct ll_err *err)
{
    bool have_tile = false, entry_wrong = false, tile_wrong = false;
    int rc = read_file(p, b, 0, tree, &b->tile[tree], &have_tile, err);

    if (rc < 0 || !have_tile)
        return rc;
    const struct ll_node *tile = (const struct ll_node *)b->tile[tree].p;
    for (unsigned i = 0; have_entries && i < b->width; i++) {
        if (ll_node_eq(&tile[i], &b->leaf[tree][i]))
            continue;
        rc = blame(p, b, tree, tile, &entry_wrong, &tile_wrong);
        if (tree == 0 || tile_wrong)
            tell_difference(p, b, tree, i, entry_wrong, tile_wrong);
        break;
    }
    if (!have_entries || entry_wrong)
        memcpy(b->leaf[tree], tile, (size_t)b->width * sizeof *tile);
    return rc;
}

static int check_payload(struct pass *p, struct bundle *b, unsigned i, struct ll_str sealed,
                         struct ll_err *err)
{
    struct ll_entry e;
    struct ll_str payload, index;
    uint64_t which = 0;
    int rc = ll_entry_parse(b->entry[i], &e, err);

    if (rc < 0)
        return rc;
    if (e.type == LL_ENTRY_ERASURE && ll_canon_member(e.data, "index", &index) && ll_decimal(index, &which) &&
        !push_number(&p->announced, which))
        return ll_no_memory(err);
    if (!ll_entry_type_sealed(e.type))
        return sealed.n ? ll_fail(err, LL_INVALID, "条目的内容已在条目中，此处不应再有",
                                  "the entry is open: nothing should stand here")
                        : LL_OK;
    if (!sealed.p)
        return push_number(&p->erased, b->n * LL_TILE_WIDTH + i) ? LL_OK : ll_no_memory(err);
    return ll_entry_unseal(&e, sealed, &payload, err);
}

static int check_payloads(struct pass *p, struct bundle *b, struct ll_err *err)
{
    struct ll_err problem;
    char name[PATH], zh[64], en[64];
    bool there = false;
    int rc = read_file(p, b, LL_TILE_PAYLOAD, 0, &b->payloads, &there, err);
    struct ll_str rest = ll_buf_view(&b->payloads), sealed = {0};

    tile_name(b, LL_TILE_PAYLOAD, 0, name);
    for (unsigned i = 0; rc == LL_OK && there && i < b->width; i++) {
        LL_ASSERT(ll_payloads_next(&rest, &sealed, NULL) == 1);
        rc = check_payload(p, b, i, sealed, &problem);
        if (rc < 0 && rc != LL_INVALID) {
            *err = problem;
        } else if (rc < 0) {
            size_t at = sealed.p ? (size_t)(sealed.p - b->payloads.p) : 0;
            snprintf(zh, sizeof zh, "第 %" PRIu64 " 条（字节 %zu 起）", b->n * LL_TILE_WIDTH + i, at);
            snprintf(en, sizeof en, "entry %" PRIu64 " (from byte %zu)", b->n * LL_TILE_WIDTH + i, at);
            ll_fail_in(&problem, zh, en);
            ll_log_problem(&p->c, name, &problem);
            rc = LL_OK;
        }
    }
    return rc;
}

/* The roots at the sizes of checkpoints that end within this bundle. */
static void pass_marks(struct pass *p, const struct bundle *b)
{
    for (size_t i = 0; i < MARKS; i++) {
        struct mark *m = &p->mark[i];
        if (!m->there || m->size <= b->n * LL_TILE_WIDTH || m->size > (b->n + 1) * LL_TILE_WIDTH)
            continue;
        struct ll_edge e = p->edge[m->tree];
        ll_edge_extend(&e, b->leaf[m->tree], (size_t)(m->size - b->n * LL_TILE_WIDTH));
        ll_edge_root(&e, &m->found);
    }
}

static int check_bundle(struct pass *p, struct bundle *b, struct ll_err *err)
{
    bool have = false;
    int rc = read_file(p, b, LL_TILE_ENTRIES, 0, &b->entries, &have, err);

    if (rc == LL_OK && have)
        split(b);
    for (unsigned tree = 0; tree < TREES && rc == LL_OK; tree++) {
        if (!p->tree_on[tree])
            continue;
        for (unsigned i = 0; have && i < b->width; i++)
            ll_merkle_leaf(algs[tree], b->entry[i], &b->leaf[tree][i]);
        rc = compare_leaves(p, b, tree, have, err);
    }
    if (rc == LL_OK && have && p->payloads)
        rc = check_payloads(p, b, err);
    if (rc < 0)
        return rc;
    p->c.ret->entries += b->width;
    pass_marks(p, b);
    for (unsigned tree = 0; tree < TREES && b->width == LL_TILE_WIDTH; tree++) {
        struct ll_node root;
        if (!p->tree_on[tree])
            continue;
        ll_merkle_root(algs[tree], b->leaf[tree], LL_TILE_WIDTH, &root);
        ll_edge_add(&p->edge[tree], &root);
        if (!push_node(&p->roots[tree], &root))
            return ll_no_memory(err);
    }
    return LL_OK;
}

/* One level above the entries: what stands in its tiles against the roots below.  These become the roots of its own whole tiles. */
static int check_level(struct pass *p, unsigned tree, unsigned level, struct ll_err *err)
{
    struct nodes *below = &p->roots[tree];
    struct bundle b = {.tile = {LL_BUF_INIT(1 << 16), LL_BUF_INIT(1 << 16)}};
    struct ll_err problem;
    size_t made = 0;
    bool there = false;
    char name[PATH];
    int rc = LL_OK;

    for (size_t from = 0; from < below->n && rc == LL_OK; from += LL_TILE_WIDTH, b.n++) {
        b.width = ll_tile_width(level, b.n, p->c.size);
        if ((rc = read_file(p, &b, level, tree, &b.tile[tree], &there, err)) < 0)
            break;
        const struct ll_node *tile = (const struct ll_node *)b.tile[tree].p;
        tile_name(&b, level, tree, name);
        for (unsigned i = 0; there && i < b.width; i++)
            if (!ll_node_eq(&tile[i], &below->p[from + i])) {
                ll_fail(&problem, LL_INVALID, "第 %u 个散列值（字节 %u 至 %u）与下层的瓦片不符",
                        "hash %u (bytes %u to %u) is not the root of the tile below it", i, i * LL_DIGEST,
                        i * LL_DIGEST + LL_DIGEST - 1);
                ll_log_problem(&p->c, name, &problem);
                break;
            }
        if (b.width == LL_TILE_WIDTH)
            ll_merkle_root(algs[tree], &below->p[from], LL_TILE_WIDTH, &below->p[made++]);
    }
    below->n = made;
    ll_buf_free(&b.tile[tree]);
    return rc;
}

static void compare_marks(struct pass *p)
{
    struct ll_err problem;

    for (size_t i = 0; i < MARKS; i++) {
        struct mark *m = &p->mark[i];
        if (!m->there || !p->tree_on[m->tree])
            continue;
        if (m->size == 0)
            ll_digest(algs[m->tree], NULL, 0, m->found.b);
        if (ll_node_eq(&m->said, &m->found))
            continue;
        ll_fail(&problem, LL_INVALID, "树根与前 %llu 条不符",
                "its root is not that of the first %llu entries", (unsigned long long)m->size);
        ll_log_problem(&p->c, m->file, &problem);
    }
}

static void compare_erased(struct pass *p)
{
    struct ll_err problem;

    for (size_t i = 0; i < p->erased.n; i++) {
        bool said = false;
        for (size_t k = 0; k < p->announced.n && !said; k++)
            said = p->announced.p[k] == p->erased.p[i];
        if (said)
            continue;
        ll_fail(&problem, LL_INVALID, "第 %llu 条的内容不见了，而日志没有删除它的记录",
                "the payload of entry %llu is gone, and no entry says that it was erased",
                (unsigned long long)p->erased.p[i]);
        ll_log_problem(&p->c, "tile/payload", &problem);
    }
    p->c.ret->erased = p->erased.n;
}

static int check_all(struct pass *p, struct ll_err *err)
{
    struct bundle *b = calloc(1, sizeof *b);
    uint64_t bundles = (p->c.size + LL_TILE_WIDTH - 1) / LL_TILE_WIDTH;
    int rc = b ? LL_OK : ll_no_memory(err);

    if (rc < 0)
        return rc;
    b->entries = LL_BUF_INIT(LL_BUNDLE_MAX);
    b->payloads = LL_BUF_INIT(LL_PAYLOADS_MAX);
    b->tile[0] = b->tile[1] = LL_BUF_INIT(1 << 16);
    for (; b->n < bundles && rc == LL_OK; b->n++) {
        b->width = ll_tile_width(0, b->n, p->c.size);
        rc = check_bundle(p, b, err);
    }
    for (unsigned tree = 0; tree < TREES; tree++)
        for (unsigned level = 1; level < LL_TILE_LEVELS && p->roots[tree].n > 0 && rc == LL_OK; level++)
            rc = check_level(p, tree, level, err);
    ll_buf_free(&b->entries);
    ll_buf_free(&b->payloads);
    ll_buf_free(&b->tile[0]);
    ll_buf_free(&b->tile[1]);
    free(b);
    return rc;
}

static bool has_shadow(struct pass *p)
{
    struct ll_tile t = {0, 0, ll_tile_width(0, 0, p->c.size)};
    struct ll_buf out = LL_BUF_INIT(1 << 16);
    bool there = p->c.size > 0 && ll_tile_read(&p->c.f, LL_SM3, &t, &out, NULL) != LL_NOTFOUND;

    ll_buf_free(&out);
    return there;
}

/* A folder with write-ahead files is one of ours: shadow tree and payloads must be there. */
static bool is_ours(const char *dir)
{
    char path[LL_PATH];

    return dir && ll_path(path, NULL, "%s/wal", dir) == LL_OK && ll_fs_exists(path);
}

int ll_log_check(const struct ll_log_files *f, const struct ll_policy *policy, const char *dir,
                 ll_log_problem_fn *fn, void *ctx, struct ll_log_checked *ret, struct ll_err *err)
{
    struct pass p = {.c = {*f, dir, fn, ctx, ret, 0}, .tree_on = {true, false}};
    int rc;

    *ret = (struct ll_log_checked){.verified = policy != NULL};
    for (unsigned tree = 0; tree < TREES; tree++)
        ll_edge_init(&p.edge[tree], algs[tree]);
    if ((rc = read_marks(&p, policy, err)) == LL_OK) {
        p.payloads = is_ours(dir);
        p.tree_on[1] = ret->shadow = is_ours(dir) || has_shadow(&p);
        rc = check_all(&p, err);
    }
    if (rc == LL_OK) {
        compare_marks(&p);
        compare_erased(&p);
        rc = dir ? ll_log_check_files(&p.c, err) : LL_OK;
    }
    for (unsigned tree = 0; tree < TREES; tree++)
        free(p.roots[tree].p);
    free(p.erased.p);
    free(p.announced.p);
    return rc;
}
