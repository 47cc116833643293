/* rollup_parts.c - see rollup_parts.h.
 *
 * Each thread fills a buffer for each part and hands it over when it is full; of what was handed over the place in the file is kept. */
#include "apps/rural/rollup_parts.h"

#include "crypto/random.h"
#include "intake/decode/spool.h"

#include <pthread.h>
#include <stdlib.h>

enum { CHUNK = 32 << 10, RECORD_MAX = 4 << 20 };

struct chunk {
    int64_t at;
    uint32_t n;
};

struct part {
    struct chunk *chunks;
    size_t n, room;
};

struct ll_rollup_parts {
    pthread_mutex_t lock; /* of the file and of the lists */
    struct ll_spool spool;
    size_t n;
    struct part parts[];
};

struct ll_rollup_putter {
    struct ll_rollup_parts *to;
    struct ll_buf at[];
};

int ll_rollup_parts_open(const char *dir, size_t n, struct ll_rollup_parts **ret, struct ll_err *err)
{
    struct ll_rollup_parts *p = calloc(1, sizeof *p + n * sizeof *p->parts);
    int rc;

    if (!p)
        return ll_no_memory(err);
    p->n = n;
    p->spool = LL_SPOOL_INIT;
    pthread_mutex_init(&p->lock, NULL);
    if ((rc = ll_fs_mkdirs(dir, err)) < 0 || (rc = ll_spool_create(&p->spool, dir, true, err)) < 0) {
        ll_rollup_parts_close(p);
        return rc;
    }
    *ret = p;
    return LL_OK;
}

struct ll_rollup_parts *ll_rollup_parts_close(struct ll_rollup_parts *p)
{
    if (!p)
        return NULL;
    ll_spool_remove(&p->spool);
    for (size_t i = 0; i < p->n; i++)
        free(p->parts[i].chunks);
    pthread_mutex_destroy(&p->lock);
    free(p);
    return NULL;
}

int ll_rollup_putter_new(struct ll_rollup_parts *p, struct ll_rollup_putter **ret, struct ll_err *err)
{
    struct ll_rollup_putter *w = calloc(1, sizeof *w + p->n * sizeof *w->at);

    if (!w)
        return ll_no_memory(err);
    w->to = p;
    for (size_t i = 0; i < p->n; i++)
        w->at[i] = LL_BUF_INIT(CHUNK + RECORD_MAX);
    *ret = w;
    return LL_OK;
}

static int add_chunk(struct part *p, int64_t at, size_t n, struct ll_err *err)
{
    if (p->n == p->room) {
        size_t room = p->room ? p->room * 2 : 16;
        struct chunk *more = realloc(p->chunks, room * sizeof *more);
        if (!more)
            return ll_no_memory(err);
        p->chunks = more;
        p->room = room;
    }
    p->chunks[p->n++] = (struct chunk){at, (uint32_t)n};
    return LL_OK;
}

static int hand_over(struct ll_rollup_putter *w, size_t part, struct ll_err *err)
{
    struct ll_rollup_parts *p = w->to;
    struct ll_buf *b = &w->at[part];
    int rc = LL_OK;

    if (b->failed)
        return ll_no_memory(err);
    if (!b->n)
        return LL_OK;
    pthread_mutex_lock(&p->lock);
    if ((rc = add_chunk(&p->parts[part], p->spool.total, b->n, err)) == LL_OK)
        rc = ll_spool_add(&p->spool, b->p, b->n, err);
    pthread_mutex_unlock(&p->lock);
    ll_buf_clear(b);
    return rc;
}

int ll_rollup_put(struct ll_rollup_putter *w, size_t part, struct ll_str record, struct ll_err *err)
{
    struct ll_buf *b = &w->at[part];

    if (!b->p)
        ll_buf_reserve(b, CHUNK + CHUNK / 8); /* the last record may pass the chunk's end */
    ll_buf_str(b, record);
    return b->n >= CHUNK || b->failed ? hand_over(w, part, err) : LL_OK;
}

int ll_rollup_putter_end(struct ll_rollup_putter *w, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; i < w->to->n && rc == LL_OK; i++)
        rc = hand_over(w, i, err);
    return rc;
}

void ll_rollup_putter_free(struct ll_rollup_putter *w)
{
    for (size_t i = 0; w && i < w->to->n; i++)
        ll_buf_wipe(&w->at[i]);
    free(w);
}

int ll_rollup_parts_ready(struct ll_rollup_parts *p, struct ll_err *err)
{
    return ll_spool_flush(&p->spool, err);
}

int ll_rollup_parts_read(const struct ll_rollup_parts *p, size_t part, struct ll_buf *out, struct ll_err *err)
{
    const struct part *from = &p->parts[part];

    for (size_t i = 0; i < from->n; i++) {
        size_t got = 0;
        int rc;
        if (!ll_buf_reserve(out, from->chunks[i].n))
            return ll_no_memory(err);
        if ((rc = ll_bytes_read(&p->spool.file, out->p + out->n, from->chunks[i].n, from->chunks[i].at, &got,
                                err)) < 0)
            return rc;
        if (got != from->chunks[i].n)
            return ll_fail(err, LL_IO, "临时文件不完整", "a temporary file is not whole");
        out->n += got;
    }
    return LL_OK;
}
