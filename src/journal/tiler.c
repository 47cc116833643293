/* tiler.c - see tiler.h. */
#include "journal/tiler.h"

#include "journal/wal_format.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LEVELS = LL_TILE_LEVELS, PARTIALS_DUE = 16 };

/* The last, unfinished tile of a level above 0. */
struct place {
    uint64_t n;
    unsigned count;
};

struct ll_tiler {
    const char *dir;
    int dir_fd;
    uint64_t done;                            /* chunks written and taken into the levels above */
    struct place place[LL_WAL_TREES][LEVELS]; /* [.][0] is not used */
    struct ll_node node[LL_WAL_TREES][LEVELS][LL_TILE_WIDTH];
    struct ll_buf buf;
    struct whole {
        unsigned level;
        uint64_t n;
    } * whole; /* tiles that are whole and still have partial files */
    size_t n_whole, whole_cap;
};

static const enum ll_digest_alg algs[LL_WAL_TREES] = {LL_SHA256, LL_SM3};

struct ll_chunk *ll_chunk_new(uint64_t n)
{
    struct ll_chunk *c = malloc(sizeof *c);

    if (c) {
        c->next = NULL;
        c->n = n;
        c->count = 0;
    }
    return c;
}

void ll_chunk_free(struct ll_chunk *c)
{
    for (unsigned i = 0; c && i < c->count; i++)
        free(c->record[i]);
    free(c);
}

struct ll_record *ll_record_new(struct ll_str entry, struct ll_str sealed)
{
    struct ll_record *r = malloc(sizeof *r + entry.n + sealed.n + 1);

    if (!r)
        return NULL;
    r->entry_n = (uint32_t)entry.n;
    r->sealed_n = (uint32_t)sealed.n;
    memcpy(r->bytes, entry.p, entry.n);
    if (sealed.n)
        memcpy(r->bytes + entry.n, sealed.p, sealed.n);
    return r;
}

static int write_fd(int fd, struct ll_str s)
{
    while (s.n > 0) {
        ssize_t done = write(fd, s.p, s.n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return -1;
        s = (struct ll_str){s.p + done, s.n - (size_t)done};
    }
    return 0;
}

/* The folder of a file that could not be made for want of it. */
static int make_parent(const char *file, struct ll_err *err)
{
    char dir[LL_PATH];
    int rc = ll_path(dir, err, "%s", file);

    if (rc == LL_OK)
        *strrchr(dir, '/') = 0;
    return rc < 0 ? rc : ll_fs_mkdirs(dir, err);
}

int ll_log_write(const char *dir, const char *path, struct ll_str content, struct ll_err *err)
{
    char file[LL_PATH], temp[LL_PATH];
    int fd, rc;

    if ((rc = ll_path(file, err, "%s/%s", dir, path)) < 0 || (rc = ll_path(temp, err, "%s.tmp", file)) < 0)
        return rc;
    fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (fd < 0 && errno == ENOENT) {
        if ((rc = make_parent(file, err)) < 0)
            return rc;
        fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    }
    if (fd < 0)
        return ll_fail_errno(err, LL_IO, "无法写入 %s", "cannot write %s", file);
    bool good = write_fd(fd, content) == 0;
    good &= close(fd) == 0;
    if (good && rename(temp, file) == 0)
        return LL_OK;
    rc = ll_fail_errno(err, LL_IO, "无法写入 %s", "cannot write %s", file);
    unlink(temp);
    return rc;
}

static int write_tile(struct ll_tiler *t, unsigned tree, const struct ll_tile *tile, struct ll_str content,
                      struct ll_err *err)
{
    char path[LL_TILE_PATH], full[LL_TILE_PATH + 8];

    ll_tile_path(tile, path);
    snprintf(full, sizeof full, "%s%s", ll_tree_prefix(algs[tree]), path);
    return ll_log_write(t->dir, full, content, err);
}

static int write_nodes(struct ll_tiler *t, unsigned tree, unsigned level, uint64_t n,
                       const struct ll_node *node, unsigned width, struct ll_err *err)
{
    struct ll_tile tile = {level, n, width};

    return write_tile(t, tree, &tile, (struct ll_str){(const char *)node, (size_t)width * LL_DIGEST}, err);
}

static int write_entries(struct ll_tiler *t, const struct ll_chunk *c, unsigned width, struct ll_err *err)
{
    struct ll_tile tile = {LL_TILE_ENTRIES, c->n, width};
    unsigned char length[2];

    ll_buf_clear(&t->buf);
    for (unsigned i = 0; i < width; i++) {
        ll_wal_put(length, c->record[i]->entry_n, sizeof length);
        ll_buf_add(&t->buf, length, sizeof length);
        ll_buf_add(&t->buf, c->record[i]->bytes, c->record[i]->entry_n);
    }
    return t->buf.failed ? ll_no_memory(err) : write_tile(t, 0, &tile, ll_buf_view(&t->buf), err);
}

static int write_payloads(struct ll_tiler *t, const struct ll_chunk *c, unsigned width, struct ll_err *err)
{
    struct ll_tile tile = {LL_TILE_PAYLOAD, c->n, width};
    unsigned char length[4];

    ll_buf_clear(&t->buf);
    for (unsigned i = 0; i < width; i++) {
        const struct ll_record *r = c->record[i];
        ll_wal_put(length, r->sealed_n, sizeof length);
        ll_buf_add(&t->buf, length, sizeof length);
        if (r->sealed_n != LL_ERASED)
            ll_buf_add(&t->buf, r->bytes + r->entry_n, r->sealed_n);
    }
    return t->buf.failed ? ll_no_memory(err) : write_tile(t, 0, &tile, ll_buf_view(&t->buf), err);
}

static int write_chunk(struct ll_tiler *t, const struct ll_chunk *c, unsigned width, struct ll_err *err)
{
    int rc = write_entries(t, c, width, err);

    if (rc == LL_OK)
        rc = write_payloads(t, c, width, err);
    for (unsigned tree = 0; tree < LL_WAL_TREES && rc == LL_OK; tree++)
        rc = write_nodes(t, tree, 0, c->n, c->leaf[tree], width, err);
    return rc;
}

static int partials_of(const struct ll_tiler *t, unsigned tree, unsigned level, uint64_t n, char out[LL_PATH],
                       struct ll_err *err)
{
    struct ll_tile tile = {level, n, LL_TILE_WIDTH};
    char path[LL_TILE_PATH];

    ll_tile_path(&tile, path);
    return ll_path(out, err, "%s/%s%s.p", t->dir, ll_tree_prefix(algs[tree]), path);
}

/* Rule (3): notes what may go with the next sync. */
static int note_whole(struct ll_tiler *t, unsigned level, uint64_t n, struct ll_err *err)
{
    char path[LL_PATH];
    int rc = partials_of(t, 0, level, n, path, err);

    if (rc < 0 || !ll_fs_exists(path))
        return rc;
    if (t->n_whole == t->whole_cap) {
        size_t cap = t->whole_cap ? t->whole_cap * 2 : 64;
        struct whole *more = reallocarray(t->whole, cap, sizeof *more);
        if (!more)
            return ll_no_memory(err);
        t->whole = more;
        t->whole_cap = cap;
    }
    t->whole[t->n_whole++] = (struct whole){level, n};
    return LL_OK;
}

static int drop_partials(struct ll_tiler *t, const struct whole *w, struct ll_err *err)
{
    unsigned trees = w->level < LL_TILE_ENTRIES ? LL_WAL_TREES : 1;
    char path[LL_PATH];
    int rc = LL_OK;

    for (unsigned tree = 0; tree < trees && rc == LL_OK; tree++)
        if ((rc = partials_of(t, tree, w->level, w->n, path, err)) == LL_OK)
            rc = ll_fs_remove_tree(path, err);
    return rc;
}

/* One node more on a level of one tree.  A tile that gets full is written, and *node becomes its root. */
static int push(struct ll_tiler *t, unsigned tree, unsigned level, struct ll_node *node, bool *whole,
                struct ll_err *err)
{
    struct place *at = &t->place[tree][level];
    struct ll_node *nodes = t->node[tree][level];
    int rc = LL_OK;

    nodes[at->count++] = *node;
    *whole = at->count == LL_TILE_WIDTH;
    if (*whole) {
        rc = write_nodes(t, tree, level, at->n++, nodes, LL_TILE_WIDTH, err);
        ll_merkle_root(algs[tree], nodes, LL_TILE_WIDTH, node);
        at->count = 0;
    }
    return rc;
}

/* The roots of a full tile go up into the level above, and so on while that gets full, too. */
static int push_up(struct ll_tiler *t, struct ll_node root[LL_WAL_TREES], struct ll_err *err)
{
    bool whole = true;
    int rc = LL_OK;

    for (unsigned level = 1; level < LEVELS && whole && rc == LL_OK; level++) {
        uint64_t n = t->place[0][level].n;
        for (unsigned tree = 0; tree < LL_WAL_TREES && rc == LL_OK; tree++)
            rc = push(t, tree, level, &root[tree], &whole, err);
        if (rc == LL_OK && whole)
            rc = note_whole(t, level, n, err);
    }
    return rc;
}

int ll_tiler_full(struct ll_tiler *t, const struct ll_chunk *c, struct ll_err *err)
{
    static const unsigned levels[] = {0, LL_TILE_ENTRIES, LL_TILE_PAYLOAD};
    struct ll_node root[LL_WAL_TREES];
    struct place kept[LL_WAL_TREES][LEVELS];
    int rc;

    LL_ASSERT(c->count == LL_TILE_WIDTH && c->n == t->done);
    if ((rc = write_chunk(t, c, LL_TILE_WIDTH, err)) < 0)
        return rc;
    for (size_t i = 0; i < LL_COUNT(levels) && rc == LL_OK; i++)
        rc = note_whole(t, levels[i], c->n, err);
    if (rc < 0)
        return rc;
    for (unsigned tree = 0; tree < LL_WAL_TREES; tree++)
        ll_merkle_root(algs[tree], c->leaf[tree], LL_TILE_WIDTH, &root[tree]);
    memcpy(kept, t->place, sizeof kept);
    if ((rc = push_up(t, root, err)) < 0)
        memcpy(t->place, kept, sizeof kept); /* nodes behind a count do not matter */
    else
        t->done++;
    return rc;
}

int ll_tiler_partial(struct ll_tiler *t, const struct ll_chunk *c, uint64_t size, struct ll_err *err)
{
    unsigned width = (unsigned)(size % LL_TILE_WIDTH);
    int rc = width ? write_chunk(t, c, width, err) : LL_OK;

    LL_ASSERT(size / LL_TILE_WIDTH == t->done);
    for (unsigned tree = 0; tree < LL_WAL_TREES; tree++)
        for (unsigned level = 1; level < LEVELS && rc == LL_OK; level++) {
            const struct place *at = &t->place[tree][level];
            if (at->count > 0)
                rc = write_nodes(t, tree, level, at->n, t->node[tree][level], at->count, err);
        }
    return rc;
}

int ll_tiler_sync(struct ll_tiler *t, struct ll_err *err)
{
    int rc = LL_OK;

    /* One call for hundreds of files: a sync of each would cost as much as all the rest. */
    if (syncfs(t->dir_fd) < 0)
        return ll_fail_errno(err, LL_IO, "无法落盘 %s", "cannot sync %s", t->dir);
    while (t->n_whole > 0 && rc == LL_OK)
        rc = drop_partials(t, &t->whole[--t->n_whole], err);
    return rc;
}

bool ll_tiler_sync_due(const struct ll_tiler *t)
{
    return t->n_whole >= PARTIALS_DUE;
}

struct ll_tiler *ll_tiler_close(struct ll_tiler *t)
{
    if (!t)
        return NULL;
    if (t->dir_fd >= 0)
        close(t->dir_fd);
    ll_buf_free(&t->buf);
    free(t->whole);
    free(t);
    return NULL;
}

struct narrowest {
    unsigned want, found;
};

static int look_at_width(void *ctx, const char *name, struct ll_err *err)
{
    struct narrowest *f = ctx;
    int64_t width = 0;

    (void)err;
    if (ll_str_i64(ll_str(name), f->want, f->found, &width))
        f->found = (unsigned)width;
    return 0;
}

/* The tile may have grown since `at`: then the narrowest file that is wide enough is the one that was synced first. */
static int read_grown(struct ll_tiler *t, unsigned tree, struct ll_tile tile, struct ll_buf *out,
                      struct ll_err *err)
{
    struct ll_log_files f = ll_log_folder(t->dir);
    struct narrowest look = {tile.width, LL_TILE_WIDTH};
    char path[LL_PATH];
    int rc = partials_of(t, tree, tile.level, tile.n, path, err);

    if (rc < 0 || ((rc = ll_fs_each(path, look_at_width, &look, err)) < 0 && rc != LL_NOTFOUND))
        return rc;
    tile.width = look.found;
    return ll_tile_read(&f, algs[tree], &tile, out, err);
}

static int load_nodes(struct ll_tiler *t, unsigned tree, unsigned level, uint64_t n, unsigned width,
                      struct ll_node *ret, struct ll_err *err)
{
    int rc;

    if (width == 0)
        return LL_OK;
    ll_buf_clear(&t->buf);
    rc = read_grown(t, tree, (struct ll_tile){level, n, width}, &t->buf, err);
    if (rc == LL_OK)
        memcpy(ret, t->buf.p, (size_t)width * LL_DIGEST);
    return rc;
}

static int load_edge(struct ll_tiler *t, unsigned tree, const struct ll_wal_state *at, struct ll_chunk *c,
                     struct ll_edge *ret, struct ll_err *err)
{
    struct ll_node root;
    int rc = LL_OK;

    ll_edge_init(ret, algs[tree]);
    for (unsigned level = LEVELS; level-- > 0 && rc == LL_OK;) {
        struct ll_node *node = level ? t->node[tree][level] : c->leaf[tree];
        uint64_t nodes = at->size >> (8 * level);
        struct place p = {nodes / LL_TILE_WIDTH, (unsigned)(nodes % LL_TILE_WIDTH)};
        t->place[tree][level] = p;
        rc = load_nodes(t, tree, level, p.n, p.count, node, err);
        if (rc == LL_OK)
            ll_edge_extend(ret, node, p.count);
    }
    if (rc < 0)
        return rc;
    ret->size = at->size;
    ll_edge_root(ret, &root);
    return ll_node_eq(&root, &at->root[tree])
               ? LL_OK
               : ll_fail(err, LL_INVALID, "%s 中 %stile/ 的右边缘与前 %llu 条的树根不符",
                         "in %s, the right edge of %stile/ does not lead to the root over %llu entries",
                         t->dir, ll_tree_prefix(algs[tree]), (unsigned long long)at->size);
}

static int load_records(struct ll_tiler *t, uint64_t size, struct ll_chunk *c, struct ll_err *err)
{
    struct ll_tile entries = {LL_TILE_ENTRIES, c->n, (unsigned)(size % LL_TILE_WIDTH)};
    struct ll_tile payload = {LL_TILE_PAYLOAD, c->n, entries.width};
    struct ll_buf a = LL_BUF_INIT(LL_BUNDLE_MAX), b = LL_BUF_INIT(LL_PAYLOADS_MAX);
    int rc = read_grown(t, 0, entries, &a, err);

    if (rc == LL_OK)
        rc = read_grown(t, 0, payload, &b, err);
    struct ll_str rest_a = ll_buf_view(&a), rest_b = ll_buf_view(&b);
    struct ll_str entry = {0}, sealed = {0};
    while (rc == LL_OK && c->count < entries.width) {
        if ((rc = ll_bundle_next(&rest_a, &entry, err)) < 0 ||
            (rc = ll_payloads_next(&rest_b, &sealed, err)) < 0)
            break;
        struct ll_record *r = ll_record_new(entry, sealed);
        rc = r ? LL_OK : ll_no_memory(err);
        if (r && !sealed.p)
            r->sealed_n = LL_ERASED;
        if (r)
            c->record[c->count++] = r;
    }
    ll_buf_free(&a);
    ll_buf_free(&b);
    return rc;
}

int ll_tiler_open(const char *dir, const struct ll_wal_state *at, struct ll_edge edge[LL_WAL_TREES],
                  struct ll_chunk **ret_chunk, struct ll_tiler **ret, struct ll_err *err)
{
    struct ll_tiler *t = calloc(1, sizeof *t);
    struct ll_chunk *c = ll_chunk_new(at->size / LL_TILE_WIDTH);
    int rc = t && c ? LL_OK : ll_no_memory(err);

    if (rc < 0)
        goto done;
    t->dir = dir;
    t->done = at->size / LL_TILE_WIDTH;
    t->buf = LL_BUF_INIT(LL_PAYLOADS_MAX);
    t->dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (t->dir_fd < 0)
        rc = ll_fail_errno(err, LL_IO, "无法打开文件夹 %s", "cannot open folder %s", dir);
    for (unsigned tree = 0; tree < LL_WAL_TREES && rc == LL_OK; tree++)
        rc = load_edge(t, tree, at, c, &edge[tree], err);
    if (rc == LL_OK && at->size % LL_TILE_WIDTH)
        rc = load_records(t, at->size, c, err);
done:
    if (rc < 0) {
        ll_chunk_free(c);
        if (t)
            ll_tiler_close(t);
        return rc;
    }
    *ret_chunk = c;
    *ret = t;
    return LL_OK;
}

/* The payloads of a bundle, one left out. */
static int without(struct ll_str all, unsigned erased, struct ll_buf *out, struct ll_err *err)
{
    struct ll_str item = {0};
    unsigned char length[4];
    int rc;

    for (unsigned i = 0; (rc = ll_payloads_next(&all, &item, err)) > 0; i++) {
        bool keep = item.p && i != erased;
        ll_wal_put(length, keep ? item.n : LL_ERASED, sizeof length);
        ll_buf_add(out, length, sizeof length);
        if (keep)
            ll_buf_str(out, item);
    }
    return rc < 0 ? rc : out->failed ? ll_no_memory(err) : LL_OK;
}

int ll_tiler_erase(struct ll_tiler *t, uint64_t index, uint64_t size, struct ll_err *err)
{
    struct ll_tile tile = {LL_TILE_PAYLOAD, index / LL_TILE_WIDTH, 0};
    struct ll_buf old = LL_BUF_INIT(LL_PAYLOADS_MAX), made = LL_BUF_INIT(LL_PAYLOADS_MAX);
    struct ll_log_files f = ll_log_folder(t->dir);
    char path[LL_PATH];
    int rc;

    tile.width = ll_tile_width(LL_TILE_PAYLOAD, tile.n, size);
    if ((rc = ll_tile_read(&f, LL_SHA256, &tile, &old, err)) == LL_OK &&
        (rc = without(ll_buf_view(&old), (unsigned)(index % LL_TILE_WIDTH), &made, err)) == LL_OK &&
        (rc = partials_of(t, 0, LL_TILE_PAYLOAD, tile.n, path, err)) == LL_OK &&
        (rc = ll_fs_remove_tree(path, err)) == LL_OK)
        rc = write_tile(t, 0, &tile, ll_buf_view(&made), err);
    ll_buf_free(&old);
    ll_buf_free(&made);
    return rc < 0 ? rc : ll_tiler_sync(t, err);
}
