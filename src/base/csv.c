/* csv.c - see csv.h for the promises (1) to (6).
 *
 * The loop jumps from one interesting byte to the next: memchr for the closing quote, 16 bytes at a time for the end of
 * an unquoted cell.
 *
 * Promise (6) needs care with quotes.  A line that opens a quote which never closes costs a search of max_record bytes, and the
 * next line may open one again.  But a record that does not end holds every line end it passes within quotes; so when a
 * later record is within quotes at one of those line ends, the two are in the same state from there on, and the search
 * goes on where the first one gave up (`seen`). */
#include "base/csv.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { DEFAULT_MAX_RECORD = 16 << 20 };

void ll_csv_init(struct ll_csv *c, const void *p, size_t n, struct ll_csv_dialect d, bool last)
{
    char *scratch = c->scratch; /* a parser that starts again keeps its scratch */
    size_t cap = c->scratch_cap;

    *c = (struct ll_csv){.p = p, .base = p, .d = d, .last = last, .line = 1};
    c->end = n ? c->p + n : c->p; /* p may be NULL */
    c->max_record = DEFAULT_MAX_RECORD;
    c->scratch = scratch;
    c->scratch_cap = cap;
    c->seen = c->p;
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
    bool known_to_end; /* `seen` has been looked at already */
};

/* STEP_OPEN: a quote is not closed so far; STEP_BROKEN: nor will it be; STEP_SEEN: `seen` knows. */
enum step { STEP_CELL, STEP_RECORD, STEP_NEED, STEP_OPEN, STEP_BROKEN, STEP_SEEN, STEP_NOMEM };
/* IN_LINES: within quotes, after a line end; BROKEN: where STEP_BROKEN was found. */
enum within { AT_CELL, IN_CELL, IN_QUOTES, IN_LINES, BROKEN };

static bool ends_cell(const struct ll_csv *c, char ch)
{
    return ch == c->d.delim || ch == '\n' || ch == '\r';
}

/* The first delimiter or line end in [p, to), or to. */
static inline const char *find_end(const char *p, const char *to, char delim)
{
#ifdef __SSE2__
    const __m128i d = _mm_set1_epi8(delim), lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');

    for (; to - p >= 16; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, d),
                                   _mm_or_si128(_mm_cmpeq_epi8(v, lf), _mm_cmpeq_epi8(v, cr)));
        int mask = _mm_movemask_epi8(hit);
        if (mask)
            return p + __builtin_ctz((unsigned)mask);
    }
#endif
    while (p < to && *p != delim && *p != '\n' && *p != '\r')
        p++;
    return p;
}

static bool at_input_end(const struct ll_csv *c, const char *limit)
{
    return c->last && limit == c->end;
}

/* p is just after a cell; says whether another cell follows and moves past the separator or line end. */
static enum step after_cell(struct cursor *k)
{
    if (k->p == k->limit)
        return at_input_end(k->c, k->limit) ? STEP_RECORD : STEP_NEED;
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

    k->p = find_end(k->p, k->limit, k->c->d.delim);
    if (k->p == k->limit && !at_input_end(k->c, k->limit))
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

/* Counts the line ends within quotes; true when one of them was passed by an earlier record that did not end. */
static bool count_lines(struct cursor *k, const char *from, const char *to)
{
    bool seen = false;

    while ((from = find_end(from, to, '\n')) < to) {
        seen |= from < k->c->seen;
        k->lines++;
        from += from[0] == '\r' && from + 1 < to && from[1] == '\n' ? 2 : 1;
    }
    return seen && !k->known_to_end;
}

/* The byte after a quote that closes a cell of several lines says that it opens another: promise (3). */
static bool opens_another(const struct ll_csv *c, const char *after)
{
    return after < c->end && !ends_cell(c, *after) && *after != ' ' && *after != '\t';
}

static bool blanks(const char *p, const char *to)
{
    while (p < to && (*p == ' ' || *p == '\t'))
        p++;
    return p == to;
}

/* Something follows the closing quote, promise (4).  open: the opening quote; value: what stood within. */
static enum step stray_tail(struct cursor *k, const char *open, struct ll_str value)
{
    const char *from = k->p;

    k->p = find_end(k->p, k->limit, k->c->d.delim);
    if (k->p == k->limit && !at_input_end(k->c, k->limit))
        return STEP_NEED;
    if (!blanks(from, k->p)) {
        k->r->marks |= LL_CSV_STRAY;
        value = (struct ll_str){open, (size_t)(k->p - open)};
    }
    return push(k->r, value.p, value.n) < 0 ? STEP_NOMEM : after_cell(k);
}

static enum step quoted_cell(struct cursor *k)
{
    const char *open = k->p, *from = ++k->p;
    size_t start = k->scratch_used;
    uint64_t lines = k->lines;
    bool doubled = false;

    for (;;) {
        const char *q = memchr(k->p, k->c->d.quote, (size_t)(k->limit - k->p));
        if (!q)
            return STEP_OPEN;
        if (q + 1 == k->c->end && !k->c->last)
            return STEP_NEED;
        if (count_lines(k, k->p, q))
            return STEP_SEEN;
        bool again = q + 1 < k->c->end && q[1] == k->c->d.quote;
        if ((again || doubled) && keep(k, from, again ? q + 1 : q) < 0)
            return STEP_NOMEM;
        k->p = q + (again ? 2 : 1);
        if (!again) {
            if (k->lines > lines && opens_another(k->c, k->p))
                return STEP_BROKEN;
            struct ll_str value = {from, (size_t)(q - from)};
            if (doubled)
                value = (struct ll_str){k->c->scratch + start, k->scratch_used - start};
            if (k->p < k->c->end && !ends_cell(k->c, *k->p))
                return stray_tail(k, open, value);
            return push(k->r, value.p, value.n) < 0 ? STEP_NOMEM : after_cell(k);
        }
        if (k->p > k->limit)
            return STEP_OPEN;
        doubled = true;
        from = k->p;
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

/* Moves past the line end at p (CR, LF or CRLF). */
static void pass_line_end(struct ll_csv *c, const char *p)
{
    bool crlf = *p == '\r' && p + 1 < c->end && p[1] == '\n';

    c->p = p + (crlf ? 2 : 1);
    c->line++;
}

/* Passes over the rest of a line that was cut, as far as the chunk has it. */
static void pass_long(struct ll_csv *c)
{
    const char *to = find_end(c->p, c->end, '\n');
    bool halved = to < c->end && *to == '\r' && to + 1 == c->end && !c->last;

    c->p = to;
    c->in_long = (to == c->end || halved) && !c->last;
    if (to < c->end && !halved)
        pass_line_end(c, to);
}

/* Promises (3) and (5): one physical line becomes one record of one cell, marked; the rest is read as usual. */
static int whole_line(struct cursor *k, unsigned mark)
{
    struct ll_csv *c = k->c;
    struct ll_csv_record *r = k->r;
    const char *to = find_end(c->p, k->limit, '\n');

    c->in_long = to == k->limit && !at_input_end(c, k->limit);
    r->n = 0;
    r->marks = c->in_long ? LL_CSV_LONG : mark;
    r->line = c->line;
    r->raw = (struct ll_str){c->p, (size_t)(to - c->p)};
    c->p = to;
    if (c->in_long)
        pass_long(c);
    else if (to < k->limit)
        pass_line_end(c, to);
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

/* Goes on within quotes to the one that closes them; false when that is not to be seen before `to`. */
static bool runs_out_of_quotes(const struct ll_csv *c, const char **p, int *in, const char *to)
{
    const char *q = memchr(*p, c->d.quote, (size_t)(to - *p));
    const char *upto = q ? q : to;
    bool halved = q && q + 1 == c->end && !c->last;

    if (*in == IN_QUOTES && find_end(*p, upto, '\n') < upto)
        *in = IN_LINES;
    *p = upto;
    if (!q || halved)
        return false;
    if (q + 1 < c->end && q[1] == c->d.quote) {
        *p = q + 2;
        return true;
    }
    *p = q + 1;
    *in = *in == IN_LINES && opens_another(c, q + 1) ? BROKEN : IN_CELL;
    return true;
}

/* Goes on from *p, within *in, without making cells: true when the record ends before `to`, or is broken. */
static bool runs_out(const struct ll_csv *c, const char **p, int *in, const char *to)
{
    while (*p < to && *in != BROKEN) {
        if (*in == AT_CELL && c->d.quote && **p == c->d.quote) {
            *in = IN_QUOTES;
            ++*p;
        } else if (*in >= IN_QUOTES) {
            if (!runs_out_of_quotes(c, p, in, to))
                return false;
        } else {
            *p = find_end(*p, to, c->d.delim);
            *in = IN_CELL;
            if (*p == to || (**p == '\r' && *p + 1 == c->end && !c->last))
                return false;
            if (**p != c->d.delim)
                return true;
            *in = AT_CELL;
            ++*p;
        }
    }
    return *in == BROKEN;
}

/* No record ended before `limit`: is that the end of the chunk (more may come) or a record that is wrong? */
static int unfinished(struct cursor *k, bool open)
{
    struct ll_csv *c = k->c;
    bool all_here = c->last || (size_t)(c->end - c->p) > c->max_record;

    if (!all_here)
        return 0;
    return whole_line(k, open ? LL_CSV_OPEN_QUOTE : LL_CSV_LONG);
}

static enum step cells(struct cursor *k)
{
    enum step s;

    k->p = k->c->p;
    k->r->n = 0;
    k->r->marks = 0;
    k->lines = 0;
    k->scratch_used = 0;
    do
        s = one_cell(k);
    while (s == STEP_CELL);
    return s;
}

/* The record joins one that did not end: whether this one does is found out from where that one gave up. */
static enum step follow(struct cursor *k)
{
    struct ll_csv *c = k->c;
    bool ends = runs_out(c, &c->seen, &c->seen_in, k->limit);

    if (c->seen_in == BROKEN)
        return STEP_BROKEN;
    if (!ends && c->seen_in >= IN_QUOTES)
        return STEP_OPEN;
    if (!ends && !at_input_end(c, k->limit))
        return STEP_NEED;
    k->known_to_end = true;
    return cells(k);
}

static void remember(struct cursor *k, enum step why)
{
    struct ll_csv *c = k->c;

    if (why == STEP_BROKEN) {
        c->seen = k->p;
        c->seen_in = BROKEN;
    } else if (k->lines) {
        c->seen = c->p;
        c->seen_in = AT_CELL;
        runs_out(c, &c->seen, &c->seen_in, k->limit);
    }
}

void ll_csv_feed(struct ll_csv *c, const void *p, size_t n, bool last)
{
    size_t seen = c->seen > c->p ? (size_t)(c->seen - c->p) : 0;

    c->p = c->base = p;
    c->end = c->p + n;
    c->seen = c->p + seen;
    c->last = last;
    if (c->in_long)
        pass_long(c);
}

int ll_csv_next(struct ll_csv *c, struct ll_csv_record *r)
{
    size_t left = (size_t)(c->end - c->p);
    struct cursor k = {.c = c, .r = r};

    if (left == 0 || c->in_long)
        return 0;
    k.limit = left > c->max_record ? c->p + c->max_record : c->end;
    enum step s = cells(&k);
    if (s == STEP_RECORD)
        return finish(&k);
    if (s == STEP_SEEN)
        s = follow(&k);
    else
        remember(&k, s);
    if (s == STEP_RECORD)
        return finish(&k);
    if (s == STEP_BROKEN)
        return whole_line(&k, LL_CSV_OPEN_QUOTE);
    return s == STEP_NOMEM ? LL_NOMEM : unfinished(&k, s == STEP_OPEN);
}
