/* sorter.c - see sorter.h.
 *
 * One block of memory holds entries from its front and references to them from its back.  An entry is
 *     u32 size of the record, u32 size of the key, record, key
 * where a text key is not stored again: it is the beginning of the record's values.  A number's key is its eight bytes, highest first
 * and with the sign turned, so that all keys compare as bytes. */
#include "store/sorter.h"

#include "store/sqrecord.h"
#include "store/strsort.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEAD = 8, MIN_MEMORY = 64 << 10, MIN_BUFFER = 16 << 10 };

struct run {
    off_t at, end; /* not yet read */
    char *buffer;
    size_t used, n, cap;       /* consumed, held, room */
    struct ll_str record, key; /* the current entry's */
};

struct ll_sorter {
    char *dir, *block;
    size_t size, filled; /* of block; bytes of entries */
    size_t n;            /* references at the back */
    int fd;              /* -1: everything fits so far */
    off_t file_size;
    struct run *runs;
    size_t n_runs, room_runs;
};

static int no_memory(struct ll_err *err)
{
    return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
}

int ll_sorter_new(const char *temp_dir, size_t memory, struct ll_sorter **ret, struct ll_err *err)
{
    struct ll_sorter *s = calloc(1, sizeof *s);

    if (!s)
        return no_memory(err);
    s->fd = -1;
    s->size = (memory < MIN_MEMORY ? MIN_MEMORY : memory) & ~(size_t)15;
    s->dir = strdup(temp_dir);
    s->block = malloc(s->size);
    if (!s->dir || !s->block) {
        ll_sorter_free(s);
        return no_memory(err);
    }
    *ret = s;
    return LL_OK;
}

void ll_sorter_free(struct ll_sorter *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n_runs; i++)
        free(s->runs[i].buffer);
    if (s->fd >= 0)
        close(s->fd);
    free(s->runs);
    free(s->block);
    free(s->dir);
    free(s);
}

/* --- entries ------------------------------------------------------------------------------------------------------- */

static void read_entry(const char *p, struct ll_str *record, struct ll_str *key)
{
    uint32_t sizes[2];
    uint64_t header;

    memcpy(sizes, p, HEAD);
    record->p = p + HEAD;
    record->n = sizes[0];
    key->n = sizes[1] & 0x7fffffff;
    key->p = record->p + record->n;
    if (!(sizes[1] >> 31)) { /* a text, within the record */
        ll_sqrec_read_varint((const uint8_t *)record->p, &header);
        key->p = record->p + header;
    }
}

static size_t entry_size(const char *p)
{
    uint32_t sizes[2];

    memcpy(sizes, p, HEAD);
    return HEAD + sizes[0] + (sizes[1] >> 31 ? 8 : 0);
}

static size_t write_entry(char *p, const struct ll_seg_value *key, struct ll_str record)
{
    bool number = key->kind == LL_SV_INT;
    uint32_t sizes[] = {(uint32_t)record.n, number ? 8u | 1u << 31 : (uint32_t)key->s.n};
    uint64_t turned = (uint64_t)key->i ^ (uint64_t)1 << 63;

    memcpy(p, sizes, HEAD);
    memcpy(p + HEAD, record.p, record.n);
    for (int i = 0; number && i < 8; i++)
        p[HEAD + record.n + (size_t)i] = (char)(turned >> (56 - 8 * i));
    return HEAD + record.n + (number ? 8 : 0);
}

static struct ll_strref *refs(const struct ll_sorter *s)
{
    return (struct ll_strref *)(void *)(s->block + s->size) - s->n;
}

static struct ll_str key_at(const void *ctx, uint32_t at)
{
    const struct ll_sorter *s = ctx;
    struct ll_str record, key;

    read_entry(s->block + at, &record, &key);
    return key;
}

/* --- runs ---------------------------------------------------------------------------------------------------------- */

static int write_failed(const struct ll_sorter *s, struct ll_err *err)
{
    if (errno == ENOSPC || errno == EDQUOT)
        return ll_fail(err, LL_IO, "磁盘已满，无法在 %s 中写临时文件",
                       "the disk is full, cannot write a temporary file in %s", s->dir);
    return ll_fail_errno(err, LL_IO, "无法在 %s 中写临时文件", "cannot write a temporary file in %s", s->dir);
}

static int write_all(struct ll_sorter *s, const char *p, size_t n, struct ll_err *err)
{
    while (n) {
        ssize_t done = pwrite(s->fd, p, n, s->file_size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return write_failed(s, err);
        p += done;
        n -= (size_t)done;
        s->file_size += done;
    }
    return LL_OK;
}

static int need_file(struct ll_sorter *s, struct ll_err *err)
{
    if (s->fd < 0)
        s->fd = open(s->dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return s->fd < 0 ? write_failed(s, err) : LL_OK;
}

static int add_run(struct ll_sorter *s, struct ll_err *err)
{
    if (s->n_runs == s->room_runs) {
        size_t room = s->room_runs ? s->room_runs * 2 : 16;
        struct run *runs = realloc(s->runs, room * sizeof *runs);
        if (!runs)
            return no_memory(err);
        s->runs = runs;
        s->room_runs = room;
    }
    s->runs[s->n_runs++] = (struct run){.at = s->file_size, .end = s->file_size};
    return LL_OK;
}

/* Writes what is in memory as a run, entry by entry in order, through a buffer on the stack. */
static int spill(struct ll_sorter *s, struct ll_err *err)
{
    struct ll_strref *r = refs(s);
    char buffer[64 << 10];
    size_t used = 0;
    int rc;

    if ((rc = need_file(s, err)) < 0 || (rc = add_run(s, err)) < 0)
        return rc;
    ll_strsort(r, s->n, key_at, s);
    for (size_t i = 0; i < s->n; i++) {
        const char *p = s->block + r[i].at;
        size_t n = entry_size(p);
        if (used + n > sizeof buffer) {
            if ((rc = write_all(s, buffer, used, err)) < 0)
                return rc;
            used = 0;
        }
        if (n > sizeof buffer) {
            if ((rc = write_all(s, p, n, err)) < 0)
                return rc;
            continue;
        }
        memcpy(buffer + used, p, n);
        used += n;
    }
    if ((rc = write_all(s, buffer, used, err)) < 0)
        return rc;
    s->runs[s->n_runs - 1].end = s->file_size;
    s->filled = s->n = 0;
    return LL_OK;
}

/* An entry that alone is larger than the block gets a larger block. */
static int make_room(struct ll_sorter *s, size_t need, struct ll_err *err)
{
    int rc = s->n ? spill(s, err) : LL_OK;

    if (rc < 0 || need <= s->size)
        return rc;
    size_t size = (need + 15) & ~(size_t)15;
    char *block = malloc(size);
    if (!block || size > UINT32_MAX) {
        free(block);
        return no_memory(err);
    }
    free(s->block);
    s->block = block;
    s->size = size;
    return LL_OK;
}

int ll_sorter_add(struct ll_sorter *s, const struct ll_seg_value *key, struct ll_str record,
                  struct ll_err *err)
{
    size_t need = HEAD + record.n + 8 + sizeof(struct ll_strref);
    int rc;

    if (s->filled + need + s->n * sizeof(struct ll_strref) > s->size && (rc = make_room(s, need, err)) < 0)
        return rc;
    size_t at = s->filled;
    s->filled += write_entry(s->block + at, key, record);
    s->n++;
    refs(s)->at = (uint32_t)at;
    return LL_OK;
}

/* --- merging ------------------------------------------------------------------------------------------------------- */

/* Has at least n bytes of the run in its buffer. */
static int fill(struct ll_sorter *s, struct run *r, size_t n, struct ll_err *err)
{
    memmove(r->buffer, r->buffer + r->used, r->n - r->used);
    r->n -= r->used;
    r->used = 0;
    if (n > r->cap) {
        char *p = realloc(r->buffer, n);
        if (!p)
            return no_memory(err);
        r->buffer = p;
        r->cap = n;
    }
    while (r->n < n) {
        size_t want = r->cap - r->n;
        if ((off_t)want > r->end - r->at)
            want = (size_t)(r->end - r->at);
        ssize_t got = pread(s->fd, r->buffer + r->n, want, r->at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return ll_fail_errno(err, LL_IO, "无法读取 %s 中的临时文件", "cannot read a temporary file in %s",
                                 s->dir);
        r->n += (size_t)got;
        r->at += got;
    }
    return LL_OK;
}

/* 1: the run stands on its next entry; 0: it has none. */
static int next_entry(struct ll_sorter *s, struct run *r, struct ll_err *err)
{
    int rc;

    if (r->used == r->n && r->at == r->end)
        return 0;
    if (r->n - r->used < HEAD && (rc = fill(s, r, HEAD, err)) < 0)
        return rc;
    size_t n = entry_size(r->buffer + r->used);
    if (r->n - r->used < n && (rc = fill(s, r, n, err)) < 0)
        return rc;
    read_entry(r->buffer + r->used, &r->record, &r->key);
    r->used += n;
    return 1;
}

/* Equal keys: the earlier run first. */
static bool before(const struct ll_sorter *s, size_t a, size_t b)
{
    int order = ll_str_cmp(s->runs[a].key, s->runs[b].key);

    return order < 0 || (order == 0 && a < b);
}

static void sift_down(const struct ll_sorter *s, size_t *heap, size_t n, size_t at)
{
    for (;;) {
        size_t least = at;
        for (size_t i = 2 * at + 1; i < 2 * at + 3 && i < n; i++)
            if (before(s, heap[i], heap[least]))
                least = i;
        if (least == at)
            return;
        size_t t = heap[at];
        heap[at] = heap[least];
        heap[least] = t;
        at = least;
    }
}

static int open_runs(struct ll_sorter *s, size_t *heap, size_t *n, struct ll_err *err)
{
    size_t room = s->size / s->n_runs;

    for (size_t i = 0; i < s->n_runs; i++) {
        struct run *r = &s->runs[i];
        r->cap = room < MIN_BUFFER ? MIN_BUFFER : room;
        if (!(r->buffer = malloc(r->cap)))
            return no_memory(err);
        int rc = next_entry(s, r, err);
        if (rc < 0)
            return rc;
        if (rc > 0)
            heap[(*n)++] = i;
    }
    for (size_t i = *n; i-- > 0;)
        sift_down(s, heap, *n, i);
    return LL_OK;
}

static int merge_runs(struct ll_sorter *s, int (*put)(void *, struct ll_str, struct ll_err *), void *ctx,
                      struct ll_err *err)
{
    size_t *heap = calloc(s->n_runs, sizeof *heap), n = 0;
    int rc = heap ? open_runs(s, heap, &n, err) : no_memory(err);

    while (rc >= 0 && n > 0) {
        struct run *r = &s->runs[heap[0]];
        if ((rc = put(ctx, r->record, err)) < 0 || (rc = next_entry(s, r, err)) < 0)
            break;
        if (rc == 0)
            heap[0] = heap[--n];
        sift_down(s, heap, n, 0);
    }
    free(heap);
    return rc < 0 ? rc : LL_OK;
}

int ll_sorter_each(struct ll_sorter *s, int (*put)(void *ctx, struct ll_str record, struct ll_err *err),
                   void *ctx, struct ll_err *err)
{
    struct ll_strref *r = refs(s);
    int rc = LL_OK;

    if (s->n_runs) {
        if (s->n && (rc = spill(s, err)) < 0)
            return rc;
        free(s->block);
        s->block = NULL;
        return merge_runs(s, put, ctx, err);
    }
    ll_strsort(r, s->n, key_at, s);
    for (size_t i = 0; i < s->n && rc == LL_OK; i++) {
        struct ll_str record, key;
        read_entry(s->block + r[i].at, &record, &key);
        rc = put(ctx, record, err);
    }
    return rc;
}
