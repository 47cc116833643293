/* wal_read.c - reads write-ahead files at start; see wal.h. */
#include "journal/wal.h"
#include "journal/wal_format.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 1 << 30 };

struct ll_wal_reader {
    char path[LL_PATH];
    struct ll_buf file;
    unsigned char salt[LL_WAL_SALT];
    size_t at;
    uint64_t size; /* of the tree before the next group */
};

static const unsigned char *bytes_at(const struct ll_wal_reader *r, size_t at)
{
    return (const unsigned char *)r->file.p + at;
}

static int read_head(struct ll_wal_reader *r, struct ll_wal_state *start, struct ll_err *err)
{
    unsigned char hash[LL_DIGEST];
    const unsigned char *p = bytes_at(r, 0);

    if (r->file.n >= LL_WAL_BLOCK)
        ll_digest(LL_SHA256,
                  (struct ll_str[]){{(const char *)p, LL_WAL_HEAD_HASHED},
                                    {(const char *)p + LL_WAL_HEAD, LL_WAL_BLOCK - LL_WAL_HEAD}},
                  2, hash);
    if (r->file.n < LL_WAL_BLOCK || memcmp(p, LL_WAL_FILE_MAGIC, LL_WAL_MAGIC) != 0 ||
        memcmp(p + LL_WAL_HEAD_HASHED, hash, sizeof hash) != 0)
        return ll_fail(err, LL_INVALID, "日志文件 %s 的文件头已损坏（字节 0 至 %d）",
                       "the head of journal file %s is damaged (bytes 0 to %d)", r->path, LL_WAL_BLOCK - 1);
    memcpy(r->salt, p + LL_WAL_MAGIC, sizeof r->salt);
    start->size = r->size = ll_wal_get(p + 16, 8);
    memcpy(start->root, p + 24, sizeof start->root);
    r->at = LL_WAL_BLOCK;
    return LL_OK;
}

int ll_wal_open(const char *path, struct ll_wal_reader **ret, struct ll_wal_state *start, struct ll_err *err)
{
    struct ll_wal_reader *r = calloc(1, sizeof *r);
    int rc;

    if (!r)
        return ll_no_memory(err);
    r->file = LL_BUF_INIT(FILE_MAX + (1 << 20)); /* ll_fs_read asks for room ahead */
    if ((rc = ll_path(r->path, err, "%s", path)) < 0 ||
        (rc = ll_fs_read(path, FILE_MAX, &r->file, err)) < 0 || (rc = read_head(r, start, err)) < 0)
        ll_wal_reader_close(r);
    else
        *ret = r;
    return rc;
}

struct ll_wal_reader *ll_wal_reader_close(struct ll_wal_reader *r)
{
    if (r)
        ll_buf_free(&r->file);
    free(r);
    return NULL;
}

/* The whole group at `at`: its length in the file, 0 when there is none. */
static size_t group_at(const struct ll_wal_reader *r, size_t at, struct ll_wal_group *ret)
{
    const unsigned char *p = bytes_at(r, at);
    unsigned char hash[LL_DIGEST];

    if (r->file.n - at < LL_WAL_GROUP || memcmp(p, LL_WAL_GROUP_MAGIC, LL_WAL_MAGIC) != 0 ||
        memcmp(p + LL_WAL_MAGIC, r->salt, LL_WAL_SALT) != 0)
        return 0;
    size_t body = (size_t)ll_wal_get(p + 28, 4);
    size_t whole = ll_wal_round(LL_WAL_GROUP + body);
    if (whole > r->file.n - at)
        return 0;
    ret->body = (struct ll_str){(const char *)p + LL_WAL_GROUP, body};
    ll_digest(LL_SHA256,
              (struct ll_str[]){{(const char *)p, LL_WAL_GROUP_HASHED}, {ret->body.p, whole - LL_WAL_GROUP}},
              2, hash);
    if (memcmp(hash, p + LL_WAL_GROUP_HASHED, sizeof hash) != 0)
        return 0;
    ret->after.size = ll_wal_get(p + 16, 8);
    ret->count = (uint32_t)ll_wal_get(p + 24, 4);
    memcpy(ret->after.root, p + 32, sizeof ret->after.root);
    return whole;
}

int ll_wal_next(struct ll_wal_reader *r, struct ll_wal_group *ret, struct ll_err *err)
{
    struct ll_wal_group behind;
    size_t n = r->at < r->file.n ? group_at(r, r->at, ret) : 0;

    if (n > 0 && ret->after.size - ret->count == r->size) {
        r->at = n < r->file.n - r->at ? r->at + n : r->file.n;
        r->size = ret->after.size;
        return 1;
    }
    for (size_t at = r->at + (n > 0 ? 0 : LL_WAL_BLOCK); at < r->file.n; at += LL_WAL_BLOCK)
        if (group_at(r, at, &behind) > 0)
            return ll_fail(
                err, LL_INVALID,
                "日志文件 %s 已损坏：第 %zu 字节起的一组条目不完整（从第 %llu 条起），其后还有完整的组",
                "journal file %s is damaged: the group at byte %zu is not whole (from entry %llu on), and whole ones follow it",
                r->path, r->at, (unsigned long long)r->size);
    return 0;
}

bool ll_wal_entry(struct ll_str *body, struct ll_str *entry, struct ll_str *sealed)
{
    const unsigned char *p = (const unsigned char *)body->p;

    if (body->n < LL_WAL_ENTRY)
        return false;
    size_t entry_n = (size_t)ll_wal_get(p, 2), sealed_n = (size_t)ll_wal_get(p + 2, 4);
    if (entry_n > body->n - LL_WAL_ENTRY || sealed_n > body->n - LL_WAL_ENTRY - entry_n)
        return false;
    *entry = (struct ll_str){body->p + LL_WAL_ENTRY, entry_n};
    *sealed = (struct ll_str){entry->p + entry_n, sealed_n};
    size_t used = LL_WAL_ENTRY + entry_n + sealed_n;
    *body = (struct ll_str){body->p + used, body->n - used};
    return true;
}
