/* csv_skip.c - passes over whole records without making their cells: 64 bytes at a time where no cell opens with a quote.
 *
 * Only what is plain is decided here.  Anything else (a record that does not end in the chunk or within max_record, what
 * follows a quote that never closed) is left to ll_csv_next, from the record's start; so the two cannot disagree. */
#include "base/csv.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { BLOCK = 64 };

/* Bit i is set where p[i] is a or b. */
static inline uint64_t either(const char *p, char a, char b)
{
    uint64_t mask = 0;

#ifdef __SSE2__
    const __m128i va = _mm_set1_epi8(a), vb = _mm_set1_epi8(b);
    for (unsigned i = 0; i < BLOCK; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, va), _mm_cmpeq_epi8(v, vb));
        mask |= (uint64_t)(unsigned)_mm_movemask_epi8(hit) << i;
    }
#else
    for (unsigned i = 0; i < BLOCK; i++)
        mask |= (uint64_t)(p[i] == a || p[i] == b) << i;
#endif
    return mask;
}

struct skip {
    const struct ll_csv *c;
    const char *p, *to; /* p: before it all is decided; one byte past any block before `to` may be read */
    const char *record; /* start of the record that p is in */
    bool at_cell;       /* p is the first byte of a cell */
    uint64_t lines, in_quotes; /* line ends passed up to `record`, and since then within quotes */
    struct ll_csv_count *count;
};

/* Takes note of the line ends of one block, given as bits; false when a record is too long to decide here. */
static bool take_ends(struct skip *s, uint64_t ends)
{
    for (; ends; ends &= ends - 1) {
        const char *e = s->p + __builtin_ctzll(ends);
        if (e < s->record) /* the LF of a CRLF */
            continue;
        if ((size_t)(e - s->record) >= s->c->max_record)
            return false;
        s->count->records += e != s->record;
        s->count->blank += e == s->record;
        s->lines += s->in_quotes + 1;
        s->in_quotes = 0;
        s->record = e + (e[0] == '\r' && e[1] == '\n' ? 2 : 1);
    }
    return true;
}

/* As ll_csv_next counts them: CR, LF and CRLF are one line end each.  p[-1] is part of the cell or its quote. */
static void count_lines(struct skip *s, const char *p, const char *to)
{
    for (; p < to; p++)
        s->in_quotes += *p == '\r' || (*p == '\n' && p[-1] != '\r');
}

/* The next quote before s->to, or NULL.  Line ends on the way are counted. */
static const char *find_quote(struct skip *s, const char *p)
{
    char quote = s->c->d.quote;

#ifdef __SSE2__
    const __m128i vq = _mm_set1_epi8(quote), lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
    for (; s->to - p >= 16; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        unsigned quotes = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, vq));
        unsigned lines = (unsigned)_mm_movemask_epi8(
            _mm_or_si128(_mm_cmpeq_epi8(v, lf), _mm_cmpeq_epi8(v, cr)));
        const char *to = quotes ? p + __builtin_ctz(quotes) : p + 16;
        if (lines)
            count_lines(s, p, to);
        if (quotes)
            return to;
    }
#endif
    const char *q = memchr(p, quote, (size_t)(s->to - p));
    if (q)
        count_lines(s, p, q);
    return q;
}

/* Text after a quote that closes a cell of several lines: ll_csv_next decides. */
static bool doubtful(const struct skip *s, char after)
{
    return after != s->c->d.delim && after != '\n' && after != '\r';
}

/* p is within quotes: the byte after the closing one, or NULL when that is not to be seen from here. */
static const char *pass_quotes(struct skip *s, const char *p)
{
    uint64_t before = s->in_quotes;

    for (;;) {
        const char *q = find_quote(s, p);
        if (!q || q + 2 > s->to)
            return NULL;
        if (q[1] != s->c->d.quote)
            return s->in_quotes > before && doubtful(s, q[1]) ? NULL : q + 1;
        p = q + 2;
    }
}

/* Passes over the quoted cell that opens at p and those that follow it directly. */
static bool pass_cells(struct skip *s, const char *p)
{
    char delim = s->c->d.delim, quote = s->c->d.quote;

    do {
        p = pass_quotes(s, p + 1);
        if (!p)
            return false;
        s->p = p;
    } while (s->to - p > 2 && p[0] == delim && (++p)[0] == quote);
    s->at_cell = false;
    return (size_t)(s->p - s->record) < s->c->max_record;
}

static bool one_block(struct skip *s)
{
    char delim = s->c->d.delim, quote = s->c->d.quote;
    uint64_t ends = either(s->p, '\n', '\r');
    uint64_t quotes = quote ? either(s->p, quote, quote) : 0;

    if (quotes) {
        uint64_t cells = (either(s->p, delim, delim) | ends) << 1 | s->at_cell;
        uint64_t opens = quotes & cells;
        if (opens) {
            uint64_t before = (opens & -opens) - 1;
            return take_ends(s, ends & before) && pass_cells(s, s->p + __builtin_ctzll(opens));
        }
    }
    if (!take_ends(s, ends))
        return false;
    char final = s->p[BLOCK - 1];
    s->at_cell = final == delim || final == '\n' || final == '\r';
    s->p += BLOCK;
    return (size_t)(s->p - s->record) < s->c->max_record || s->record > s->p;
}

static void blocks(struct ll_csv *c, const char *to, struct ll_csv_count *count)
{
    struct skip s = {.c = c, .p = c->p, .to = to, .record = c->p, .at_cell = true, .count = count};

    while (s.to - s.p > BLOCK && one_block(&s)) {
    }
    c->p = s.record;
    c->line += s.lines;
}

/* The bit loops above take for granted that a record within one block is not too long, and know nothing of `seen`. */
static bool plain(const struct ll_csv *c)
{
    return c->max_record > 2 * BLOCK && c->seen <= c->p;
}

int ll_csv_skip(struct ll_csv *c, const char *stop, struct ll_csv_count *count, struct ll_csv_record *r)
{
    for (;;) {
        if (c->in_long || c->p == c->end)
            return 0;
        if (c->p >= stop)
            return 1;
        if (plain(c))
            blocks(c, stop < c->end ? stop : c->end, count);
        if (c->p >= stop)
            continue;
        int rc = ll_csv_next(c, r);
        if (rc <= 0)
            return rc;
        count->records += r->raw.n > 0;
        count->blank += r->raw.n == 0;
    }
}
