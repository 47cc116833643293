/* reader.c - see reader.h. */
#include "journal/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CACHE = 32, FILE_MAX = LL_PAYLOADS_MAX };
#define ERASED UINT32_MAX

/* Small files, read in one piece: a proof takes several, and has to be quick. */
static int read_whole(int fd, const char *path, size_t max, struct ll_buf *out, struct ll_err *err)
{
    struct stat st;

    if (fstat(fd, &st) < 0)
        return ll_fail_errno(err, LL_IO, "无法读取 %s", "cannot read %s", path);
    if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size > max)
        return ll_fail(err, LL_INVALID, "%s 不是文件，或超过 %zu 字节",
                       "%s is no file, or larger than %zu bytes", path, max);
    if (!ll_buf_reserve(out, (size_t)st.st_size))
        return ll_no_memory(err);
    for (size_t left = (size_t)st.st_size; left > 0;) {
        ssize_t n = read(fd, out->p + out->n, left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ll_fail_errno(err, LL_IO, "无法读取 %s", "cannot read %s", path);
        if (n == 0)
            break;
        out->n += (size_t)n;
        left -= (size_t)n;
    }
    ll_buf_add(out, "", 0);
    return LL_OK;
}

static int get_from_folder(void *ctx, const char *path, size_t max, struct ll_buf *out, struct ll_err *err)
{
    const char *dir = ctx;
    char full[LL_PATH];
    int fd, rc = ll_path(full, err, "%s/%s", dir, path);

    if (rc < 0)
        return rc;
    if ((fd = open(full, O_RDONLY | O_CLOEXEC)) < 0)
        return ll_fail_errno(err, errno == ENOENT || errno == ENOTDIR ? LL_NOTFOUND : LL_IO, "无法打开 %s",
                             "cannot open %s", full);
    rc = read_whole(fd, full, max, out, err);
    close(fd);
    return rc;
}

struct ll_log_files ll_log_folder(const char *dir)
{
    union {
        const char *in;
        void *out;
    } borrowed = {dir};

    return (struct ll_log_files){get_from_folder, borrowed.out};
}

const char *ll_tree_prefix(enum ll_digest_alg alg)
{
    return alg == LL_SM3 ? "sm3/" : "";
}

/* How many bytes the first `width` items take; LL_INVALID when there are fewer. */
static int prefix_of(const struct ll_tile *t, struct ll_str all, size_t *ret, struct ll_err *err)
{
    struct ll_str rest = all, item;
    int rc = 1;

    if (t->level < LL_TILE_ENTRIES) {
        *ret = (size_t)t->width * LL_DIGEST;
        return all.n >= *ret ? LL_OK
                             : ll_fail(err, LL_INVALID, "只有 %zu 字节，应为 %zu", "%zu bytes long, not %zu",
                                       all.n, *ret);
    }
    for (unsigned i = 0; i < t->width && rc == 1; i++)
        rc = t->level == LL_TILE_ENTRIES ? ll_bundle_next(&rest, &item, err)
                                         : ll_payloads_next(&rest, &item, err);
    *ret = all.n - rest.n;
    return rc == 0 ? ll_fail(err, LL_INVALID, "条目少于 %u 条", "it has fewer than %u entries", t->width)
           : rc < 0 ? rc
                    : LL_OK;
}

static int get_tile(const struct ll_log_files *f, const char *path, const struct ll_tile *t, bool longer,
                    struct ll_buf *out, struct ll_err *err)
{
    size_t from = out->n, n = 0;
    int rc = f->get(f->ctx, path, FILE_MAX, out, err);

    if (rc < 0)
        return rc;
    struct ll_str all = {out->p ? out->p + from : "", out->n - from};
    if ((rc = prefix_of(t, all, &n, err)) == LL_OK && n < all.n && !longer)
        rc = ll_fail(err, LL_INVALID, "第 %zu 字节起有多余内容",
                     "there is more than it should hold, from byte %zu on", n);
    if (rc < 0)
        return ll_fail_in(err, path, path);
    out->n = from + n;
    return LL_OK;
}

int ll_tile_read(const struct ll_log_files *f, enum ll_digest_alg alg, const struct ll_tile *t,
                 struct ll_buf *out, struct ll_err *err)
{
    struct ll_tile whole = {t->level, t->n, LL_TILE_WIDTH};
    char path[LL_TILE_PATH], full[LL_TILE_PATH + 8];
    int rc = LL_NOTFOUND;

    ll_tile_path(t, path);
    snprintf(full, sizeof full, "%s%s", ll_tree_prefix(alg), path);
    rc = get_tile(f, full, t, false, out, err);
    if (rc != LL_NOTFOUND || t->width == LL_TILE_WIDTH)
        return rc;
    ll_tile_path(&whole, path);
    snprintf(full, sizeof full, "%s%s", ll_tree_prefix(alg), path);
    return get_tile(f, full, t, true, out, err);
}

struct cached {
    unsigned level;
    uint64_t n;
    struct ll_node node[LL_TILE_WIDTH];
    unsigned width; /* 0: nothing is kept here */
};

struct ll_tree {
    struct ll_log_files files;
    enum ll_digest_alg alg;
    uint64_t size;
    struct cached cache[CACHE];
};

int ll_tree_open(const struct ll_log_files *f, enum ll_digest_alg alg, uint64_t size, struct ll_tree **ret,
                 struct ll_err *err)
{
    struct ll_tree *t = malloc(sizeof *t);

    if (!t)
        return ll_no_memory(err);
    t->files = *f;
    t->alg = alg;
    t->size = size;
    for (size_t i = 0; i < CACHE; i++)
        t->cache[i].width = 0;
    *ret = t;
    return LL_OK;
}

struct ll_tree *ll_tree_close(struct ll_tree *t)
{
    free(t);
    return NULL;
}

static int load(struct ll_tree *t, unsigned level, uint64_t n, const struct cached **ret, struct ll_err *err)
{
    struct cached *c = &t->cache[(n * 8 + level) % CACHE];
    struct ll_tile tile = {level, n, ll_tile_width(level, n, t->size)};
    struct ll_buf bytes = LL_BUF_INIT(FILE_MAX);

    if (c->width == 0 || c->level != level || c->n != n) {
        c->width = 0;
        int rc = ll_tile_read(&t->files, t->alg, &tile, &bytes, err);
        if (rc == LL_OK)
            memcpy(c->node, bytes.p, bytes.n);
        ll_buf_free(&bytes);
        if (rc < 0)
            return rc;
        c->level = level;
        c->n = n;
        c->width = tile.width;
    }
    *ret = c;
    return LL_OK;
}

static int read_node(void *ctx, unsigned height, uint64_t n, struct ll_node *ret, struct ll_err *err)
{
    struct ll_tree *t = ctx;
    const struct cached *c = NULL;
    unsigned level = height / 8, within = height % 8;
    uint64_t first = n << within; /* of the 2^within hashes of the level that lie below the node */
    int rc = load(t, level, first / LL_TILE_WIDTH, &c, err);

    if (rc < 0)
        return rc;
    ll_merkle_root(t->alg, &c->node[first % LL_TILE_WIDTH], (size_t)1 << within, ret);
    return LL_OK;
}

struct ll_node_source ll_tree_source(struct ll_tree *t)
{
    return (struct ll_node_source){t->alg, read_node, t};
}

int ll_payloads_next(struct ll_str *rest, struct ll_str *ret, struct ll_err *err)
{
    const unsigned char *p = (const unsigned char *)rest->p;
    uint32_t n;

    if (rest->n == 0)
        return 0;
    n = rest->n < 4 ? 0 : (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    bool erased = n == ERASED;
    size_t bytes = erased ? 0 : n;
    if (rest->n < 4 || bytes > rest->n - 4)
        return ll_fail(err, LL_INVALID, "内容在文件结尾处被截断",
                       "a payload is cut short by the end of the file");
    *ret = (struct ll_str){erased ? NULL : rest->p + 4, bytes};
    *rest = (struct ll_str){rest->p + 4 + bytes, rest->n - 4 - bytes};
    return 1;
}

/* The item of one entry in the bundle that holds it. */
static int one_item(const struct ll_log_files *f, unsigned level, uint64_t index, uint64_t size,
                    struct ll_buf *out, struct ll_err *err)
{
    struct ll_tile t = {level, index / LL_TILE_WIDTH, ll_tile_width(level, index / LL_TILE_WIDTH, size)};
    struct ll_buf bundle = LL_BUF_INIT(FILE_MAX);
    struct ll_str rest, item = {0};
    int rc = index < size ? ll_tile_read(f, LL_SHA256, &t, &bundle, err)
                          : ll_fail(err, LL_NOTFOUND, "日志只有 %llu 条，没有第 %llu 条",
                                    "the journal has %llu entries, no entry %llu", (unsigned long long)size,
                                    (unsigned long long)index);

    rest = ll_buf_view(&bundle);
    for (uint64_t i = 0; rc >= 0 && i <= index % LL_TILE_WIDTH; i++)
        rc = level == LL_TILE_ENTRIES ? ll_bundle_next(&rest, &item, err)
                                      : ll_payloads_next(&rest, &item, err);
    if (rc > 0 && !item.p)
        rc = ll_fail(err, LL_NOTFOUND, "第 %llu 条的内容已删除", "the payload of entry %llu was erased",
                     (unsigned long long)index);
    if (rc > 0)
        ll_buf_str(out, item);
    ll_buf_free(&bundle);
    return rc < 0 ? rc : out->failed ? ll_no_memory(err) : LL_OK;
}

int ll_log_entry(const struct ll_log_files *f, uint64_t index, uint64_t size, struct ll_buf *out,
                 struct ll_err *err)
{
    return one_item(f, LL_TILE_ENTRIES, index, size, out, err);
}

int ll_log_payload(const struct ll_log_files *f, uint64_t index, uint64_t size, struct ll_buf *out,
                   struct ll_err *err)
{
    return one_item(f, LL_TILE_PAYLOAD, index, size, out, err);
}
