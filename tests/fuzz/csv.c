/* csv: base/csv.h keeps its promises whatever the input, as csv_reference.h states them byte by byte: read in chunks, and skipped over. */
#include "../unit/base/csv_reference.h"
#include "base/err.h"

#include <stdlib.h>

static struct reference reference_of(const uint8_t *data, size_t size)
{
    static const char delims[] = {',', '\t', ';', '|'};
    static const size_t limits[] = {4096, 300, 129, 16};
    struct reference ref = {
        .p = (const char *)data + 3, .n = size - 3, .line = 1, .cells = LL_BUF_INIT(1 << 24)};

    ref.max = limits[data[1] >> 1 & 3];
    ref.d = (struct ll_csv_dialect){delims[data[0] % sizeof delims], data[1] & 1 ? '"' : 0};
    return ref;
}

static void same(const struct reference *ref, const struct ll_csv_record *r)
{
    size_t at = 0;

    LL_ASSERT(r->marks == ref->marks && r->line == ref->start_line && ll_str_eq(r->raw, ref->raw) &&
              r->n >= 1);
    for (size_t i = 0; i < r->n; i++) {
        struct ll_str want = {ref->cells.p + at, r->cells[i].n};
        LL_ASSERT(at + want.n < ref->cells.n && ll_str_eq(want, r->cells[i]) && want.p[want.n] == 0x1f);
        at += want.n + 1;
    }
    LL_ASSERT(at == ref->cells.n);
}

static void in_chunks(struct reference *ref, size_t step)
{
    struct ll_csv c = {0};
    struct ll_csv_record r = {0};
    char *chunk = NULL;
    size_t from = 0, to = 0;

    ll_csv_init(&c, NULL, 0, ref->d, false);
    c.max_record = ref->max;
    while (!c.last) {
        from += (size_t)(c.p - c.base);
        to = to + step < ref->n ? to + step : ref->n;
        char *next = malloc(to - from + 1);
        if (to > from)
            memcpy(next, ref->p + from, to - from);
        ll_csv_feed(&c, next, to - from, to == ref->n);
        free(chunk);
        chunk = next;
        while (ll_csv_next(&c, &r) == 1) {
            LL_ASSERT(reference_next(ref));
            same(ref, &r);
        }
    }
    LL_ASSERT(!reference_next(ref) && c.p == c.end);
    free(chunk);
    ll_csv_free(&c);
    ll_csv_record_free(&r);
}

static void skipping(struct reference *ref, size_t step)
{
    struct ll_csv_count have = {0}, want = {0};
    struct ll_csv c = {0};
    struct ll_csv_record r = {0};

    ll_csv_init(&c, ref->p, ref->n, ref->d, true);
    c.max_record = ref->max;
    for (size_t stop = step; c.p < c.end; stop += step) {
        stop = stop < ref->n ? stop : ref->n;
        LL_ASSERT(ll_csv_skip(&c, ref->p + stop, &have, &r) >= 0);
        while (ref->at < stop && reference_next(ref)) {
            want.records += ref->raw.n > 0;
            want.blank += ref->raw.n == 0;
        }
        LL_ASSERT(c.p == ref->p + ref->at && c.line == ref->line);
        LL_ASSERT(have.records == want.records && have.blank == want.blank);
    }
    ll_csv_free(&c);
    ll_csv_record_free(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3)
        return 0;
    struct reference ref = reference_of(data, size);
    in_chunks(&ref, 1 + data[2]);
    ll_buf_free(&ref.cells);
    ref = reference_of(data, size);
    skipping(&ref, 1 + data[2]);
    ll_buf_free(&ref.cells);
    return 0;
}
