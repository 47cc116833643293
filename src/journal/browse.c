/* browse.c - see browse.h. */
#include "journal/browse.h"

enum { SLACK_MS = 60000 };

struct bundle {
    struct ll_buf entries, payloads;
    struct ll_str entry[LL_TILE_WIDTH], sealed[LL_TILE_WIDTH];
    size_t n;
};

static int read_payloads(const struct ll_log_files *f, struct ll_tile t, struct bundle *b, struct ll_err *err)
{
    struct ll_str rest;
    int rc;

    t.level = LL_TILE_PAYLOAD;
    ll_buf_clear(&b->payloads);
    if ((rc = ll_tile_read(f, LL_SHA256, &t, &b->payloads, err)) < 0)
        return rc == LL_NOTFOUND ? LL_OK : rc; /* a copy of the log without them */
    rest = ll_buf_view(&b->payloads);
    for (size_t i = 0; i < b->n && (rc = ll_payloads_next(&rest, &b->sealed[i], err)) > 0; i++)
        ;
    return rc < 0 ? rc : LL_OK;
}

static int read_bundle(const struct ll_log_files *f, uint64_t n, uint64_t size, bool payloads,
                       struct bundle *b, struct ll_err *err)
{
    const struct ll_tile t = {LL_TILE_ENTRIES, n, ll_tile_width(0, n, size)};
    struct ll_str rest;
    int rc;

    b->n = 0;
    ll_buf_clear(&b->entries);
    if ((rc = ll_tile_read(f, LL_SHA256, &t, &b->entries, err)) < 0)
        return rc;
    rest = ll_buf_view(&b->entries);
    while (b->n < LL_TILE_WIDTH && (rc = ll_bundle_next(&rest, &b->entry[b->n], err)) > 0)
        b->sealed[b->n++] = (struct ll_str){NULL, 0};
    if (rc < 0)
        return rc;
    return payloads ? read_payloads(f, t, b, err) : LL_OK;
}

static int first_time(const struct ll_log_files *f, uint64_t n, uint64_t size, struct bundle *b, int64_t *ret,
                      struct ll_err *err)
{
    struct ll_entry e;
    int rc = read_bundle(f, n, size, false, b, err);

    if (rc == LL_OK && !b->n)
        rc = ll_fail(err, LL_INVALID, "条目文件是空的", "a bundle of entries is empty");
    if (rc == LL_OK && (rc = ll_entry_parse(b->entry[0], &e, err)) == LL_OK)
        *ret = e.time_ms;
    return rc;
}

/* The end of the last bundle that begins before the bound, so that what is later is not read. */
static int find_end(const struct ll_log_files *f, uint64_t size, const struct ll_browse *q, struct bundle *b,
                    uint64_t *end, struct ll_err *err)
{
    uint64_t low = 0, high = (*end + LL_TILE_WIDTH - 1) / LL_TILE_WIDTH; /* the first that begins behind it */
    int64_t when = 0;
    int rc = LL_OK;

    if (q->to_ms > INT64_MAX - SLACK_MS)
        return LL_OK;
    while (rc == LL_OK && low < high) {
        uint64_t middle = low + (high - low) / 2;
        if ((rc = first_time(f, middle, size, b, &when, err)) < 0)
            break;
        if (when <= q->to_ms + SLACK_MS)
            low = middle + 1;
        else
            high = middle;
    }
    if (low * LL_TILE_WIDTH < *end)
        *end = low * LL_TILE_WIDTH;
    return rc;
}

/* From the last entry below *end down to the bundle's first; *end follows.  0: no more is wanted. */
static int walk_bundle(const struct ll_browse *q, const struct bundle *b, uint64_t first, uint64_t *end,
                       bool *past, struct ll_err *err)
{
    struct ll_entry e;
    int rc = 1;

    while (rc > 0 && *end > first) {
        uint64_t at = *end - 1 - first;
        if (at >= b->n)
            return ll_fail(err, LL_INVALID, "条目文件比日志短",
                           "a bundle has fewer entries than the log says");
        if ((rc = ll_entry_parse(b->entry[at], &e, err)) < 0)
            break;
        if ((*past = e.time_ms < q->from_ms - SLACK_MS))
            return 0;
        *end -= 1;
        rc = e.time_ms < q->from_ms || e.time_ms > q->to_ms
                 ? 1
                 : q->entry(q->ctx, first + at, &e, b->entry[at], b->sealed[at], err);
    }
    return rc;
}

int ll_browse_back(const struct ll_log_files *f, uint64_t size, const struct ll_browse *q, uint64_t *ret_next,
                   struct ll_err *err)
{
    struct bundle b = {.entries = LL_BUF_INIT(LL_BUNDLE_MAX), .payloads = LL_BUF_INIT(LL_PAYLOADS_MAX)};
    uint64_t end = q->before < size ? q->before : size;
    bool past = false;
    int rc = find_end(f, size, q, &b, &end, err);

    if (rc == LL_OK)
        rc = 1;
    for (size_t i = 0; rc > 0 && i < q->bundles && end > 0; i++) {
        uint64_t n = (end - 1) / LL_TILE_WIDTH;
        if ((rc = read_bundle(f, n, size, q->payloads, &b, err)) == LL_OK)
            rc = walk_bundle(q, &b, n * LL_TILE_WIDTH, &end, &past, err);
    }
    *ret_next = past ? 0 : end;
    ll_buf_free(&b.entries);
    ll_buf_free(&b.payloads);
    return rc < 0 ? rc : LL_OK;
}
