/* csv.c - see csv.h for the promises (1) to (5).
 *
 * The loop jumps from one interesting byte to the next: memchr for the closing quote, a 256-entry table for the
 * end of an unquoted cell. */
#include "base/csv.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

enum { DEFAULT_MAX_RECORD = 16 << 20 };

void ll_csv_init(struct ll_csv *c, const void *p, size_t n, struct ll_csv_dialect d, bool last)
{
    char *scratch = c->scratch; /* a parser that moves to the next chunk keeps its scratch */
    size_t cap = c->scratch_cap;

    *c = (struct ll_csv){.p = p, .base = p, .d = d, .last = last, .line = 1};
    c->end = c->p + n;
    c->max_record = DEFAULT_MAX_RECORD;
    c->scratch = scratch;
    c->scratch_cap = cap;
}

void ll_csv_free(struct ll_csv *c)
{
    free(c->scratch);
    c->scratch = NULL;
    c->scratch_cap = 0;
}

void ll_csv_record_free(struct ll_csv_record *r)
{
    free(r->cells);
    *r = (struct ll_csv_record){0};
}

static int push(struct ll_csv_record *r, const char *p, size_t n)
{
    if (r->n == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 32;
        struct ll_str *cells = realloc(r->cells, cap * sizeof *cells);
        if (!cells)
            return LL_NOMEM;
        r->cells = cells;
        r->cap = cap;
    }
    r->cells[r->n++] = (struct ll_str){p, n};
    return LL_OK;
}

/* Scratch must not move while cells of the record point into it, so it is made as large as any one record. */
static int scratch_for(struct ll_csv *c, size_t n)
{
    if (c->scratch_cap >= n)
        return LL_OK;
    char *p = realloc(c->scratch, n);
    if (!p)
        return LL_NOMEM;
    c->scratch = p;
    c->scratch_cap = n;
    return LL_OK;
}

struct cursor {
    struct ll_csv *c;
    struct ll_csv_record *r;
    const char *p, *limit; /* limit: where max_record or the input ends */
    size_t scratch_used;
    uint64_t lines;
};

enum step { STEP_CELL, STEP_RECORD, STEP_NEED, STEP_OPEN, STEP_NOMEM };

static bool ends_cell(const struct ll_csv *c, char ch)
{
    return ch == c->d.delim || ch == '\n' || ch == '\r';
}

/* p is just after a cell; says whether another cell follows and moves past the separator or line end. */
static enum step after_cell(struct cursor *k)
{
    if (k->p == k->limit)
        return k->c->last && k->limit == k->c->end ? STEP_RECORD : STEP_NEED;
    if (*k->p == k->c->d.delim) {
        k->p++;
        return STEP_CELL;
    }
    if (*k->p == '\r') {
        if (k->p + 1 == k->c->end && !k->c->last)
            return STEP_NEED; /* is a \n next?  the next chunk knows */
        k->p++;
        if (k->p < k->c->end && *k->p == '\n')
            k->p++;
    } else {
        k->p++;
    }
    k->lines++;
    return STEP_RECORD;
}

static enum step plain_cell(struct cursor *k)
{
    const char *from = k->p;

    while (k->p < k->limit && !ends_cell(k->c, *k->p))
        k->p++;
    if (k->p == k->limit && !(k->c->last && k->limit == k->c->end))
        return STEP_NEED;
    if (push(k->r, from, (size_t)(k->p - from)) < 0)
        return STEP_NOMEM;
    return after_cell(k);
}

/* Copies [from, to) behind what scratch holds of this record. */
static int keep(struct cursor *k, const char *from, const char *to)
{
    size_t n = (size_t)(to - from);

    if (scratch_for(k->c, (size_t)(k->limit - k->c->p) + 1) < 0)
        return LL_NOMEM;
    memcpy(k->c->scratch + k->scratch_used, from, n);
    k->scratch_used += n;
    return LL_OK;
}

static void count_lines(struct cursor *k, const char *from, const char *to)
{
    while (from < to && (from = memchr(from, '\n', (size_t)(to - from))) != NULL) {
        k->lines++;
        from++;
    }
}

/* The text after a closing quote up to the end of the cell belongs to the cell: promise (4). */
static enum step stray_tail(struct cursor *k, size_t start)
{
    const char *from = k->p;

    while (k->p < k->limit && !ends_cell(k->c, *k->p))
        k->p++;
    if (k->p == k->limit && !(k->c->last && k->limit == k->c->end))
        return STEP_NEED;
    if (keep(k, from, k->p) < 0)
        return STEP_NOMEM;
    k->r->marks |= LL_CSV_STRAY;
    if (push(k->r, k->c->scratch + start, k->scratch_used - start) < 0)
        return STEP_NOMEM;
    return after_cell(k);
}

static enum step quoted_cell(struct cursor *k)
{
    const char *from = ++k->p;
    size_t start = k->scratch_used;
    bool doubled = false;

    for (;;) {
        const char *q = memchr(k->p, k->c->d.quote, (size_t)(k->limit - k->p));
        if (!q)
            return STEP_OPEN;
        if (q + 1 == k->c->end && !k->c->last)
            return STEP_NEED;
        count_lines(k, k->p, q);
        if (q + 1 < k->c->end && q[1] == k->c->d.quote) {
            if (keep(k, from, q + 1) < 0)
                return STEP_NOMEM;
            doubled = true;
            from = k->p = q + 2;
            if (k->p > k->limit)
                return STEP_OPEN;
            continue;
        }
        bool clean = q + 1 == k->c->end || ends_cell(k->c, q[1]);
        k->p = q + 1;
        if (clean && !doubled)
            return push(k->r, from, (size_t)(q - from)) < 0 ? STEP_NOMEM : after_cell(k);
        if (keep(k, from, q) < 0)
            return STEP_NOMEM;
        if (!clean)
            return stray_tail(k, start);
        if (push(k->r, k->c->scratch + start, k->scratch_used - start) < 0)
            return STEP_NOMEM;
        return after_cell(k);
    }
}

static enum step one_cell(struct cursor *k)
{
    if (k->c->d.quote && k->p < k->limit && *k->p == k->c->d.quote)
        return quoted_cell(k);
    return plain_cell(k);
}

/* The record's bytes without the line end that closed it. */
static struct ll_str raw_of(const char *from, const char *to)
{
    if (to > from && to[-1] == '\n')
        to--;
    if (to > from && to[-1] == '\r')
        to--;
    return (struct ll_str){from, (size_t)(to - from)};
}

/* Promises (3) and (5): one physical line becomes one record of one cell, marked; the rest is read as usual. */
static int whole_line(struct ll_csv *c, struct ll_csv_record *r, unsigned mark)
{
    const char *nl = memchr(c->p, '\n', (size_t)(c->end - c->p));
    const char *to = nl ? nl + 1 : c->end;

    if (!nl && !c->last && !(mark & LL_CSV_LONG))
        return 0;
    r->n = 0;
    r->marks = mark;
    r->line = c->line;
    r->raw = raw_of(c->p, to);
    c->line += nl != NULL;
    c->p = to;
    return push(r, r->raw.p, r->raw.n) < 0 ? LL_NOMEM : 1;
}

static int finish(struct cursor *k)
{
    struct ll_csv *c = k->c;

    k->r->line = c->line;
    k->r->raw = raw_of(c->p, k->p);
    if (memchr(k->r->raw.p, 0, k->r->raw.n))
        k->r->marks |= LL_CSV_NUL;
    c->line += k->lines;
    c->p = k->p;
    return 1;
}

/* No record ended before `limit`: is that the end of the chunk (more may come) or a record that is wrong? */
static int unfinished(struct cursor *k, enum step why)
{
    struct ll_csv *c = k->c;
    bool all_here = c->last || (size_t)(c->end - c->p) > c->max_record;

    if (!all_here)
        return 0;
    return whole_line(c, k->r, why == STEP_OPEN ? LL_CSV_OPEN_QUOTE : LL_CSV_LONG);
}

int ll_csv_next(struct ll_csv *c, struct ll_csv_record *r)
{
    size_t left = (size_t)(c->end - c->p);
    struct cursor k = {.c = c, .r = r, .p = c->p};

    if (left == 0)
        return 0;
    k.limit = left > c->max_record ? c->p + c->max_record : c->end;
    r->n = 0;
    r->marks = 0;
    for (;;) {
        enum step s = one_cell(&k);
        if (s == STEP_CELL)
            continue;
        if (s == STEP_RECORD)
            return finish(&k);
        if (s == STEP_NOMEM)
            return LL_NOMEM;
        return unfinished(&k, s);
    }
}
