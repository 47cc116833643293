/* csv_reference.h - the promises of csv.h once more, byte by byte and as plainly as can be: what the quick reader is held
 * against, by random texts here and by the fuzzer. */
#ifndef LL_TESTS_CSV_REFERENCE_H
#define LL_TESTS_CSV_REFERENCE_H

#include "base/buf.h"
#include "base/csv.h"

#include <string.h>

struct reference {
    const char *p;
    size_t n, at, max;
    struct ll_csv_dialect d;
    uint64_t line;
    struct ll_buf cells; /* cells of one record, each followed by 0x1f */
    unsigned marks;
    struct ll_str raw;
    size_t start;
    uint64_t start_line;
};

static inline bool reference_eol(const struct reference *r, size_t at)
{
    return r->p[at] == '\n' || r->p[at] == '\r';
}

static inline size_t reference_pass_eol(struct reference *r, size_t at)
{
    r->line++;
    return at + (r->p[at] == '\r' && at + 1 < r->n && r->p[at + 1] == '\n' ? 2 : 1);
}

/* The first physical line alone, cut at max. */
static inline void reference_line(struct reference *r, unsigned mark)
{
    size_t e = r->start;

    while (e < r->n && !reference_eol(r, e))
        e++;
    bool cut = e - r->start >= r->max && !(e == r->n && e - r->start == r->max);
    r->marks = cut ? LL_CSV_LONG : mark;
    r->raw = (struct ll_str){r->p + r->start, cut ? r->max : e - r->start};
    ll_buf_clear(&r->cells);
    ll_buf_str(&r->cells, r->raw);
    ll_buf_c(&r->cells, 0x1f);
    r->line = r->start_line;
    r->at = e < r->n ? reference_pass_eol(r, e) : e;
}

/* Text other than blanks after a closing quote: the cell that starts at `cell` is taken as it stands. */
static inline void reference_stray(struct reference *r, size_t cell, size_t kept, size_t *at, size_t limit)
{
    size_t from = *at;
    bool blank = true;

    while (*at < limit && r->p[*at] != r->d.delim && !reference_eol(r, *at))
        blank &= r->p[*at] == ' ' || r->p[*at] == '\t', ++*at;
    if (blank || from == *at)
        return;
    r->marks |= LL_CSV_STRAY;
    r->cells.n = kept;
    ll_buf_add(&r->cells, r->p + cell, *at - cell);
}

/* One record into r; false at the end of the input. */
static inline bool reference_next(struct reference *r)
{
    enum { START, PLAIN, QUOTED, AFTER } in = START;
    size_t cell = 0, kept = 0, at = r->at, limit = r->n - r->at > r->max ? r->at + r->max : r->n;

    uint64_t cell_line = 0;

    r->start = at;
    r->start_line = r->line;
    r->marks = 0;
    ll_buf_clear(&r->cells);
    if (at == r->n)
        return false;
    while (at < limit) {
        char c = r->p[at];
        if (in == START && r->d.quote && c == r->d.quote) {
            in = QUOTED;
            cell = at++;
            kept = r->cells.n;
            cell_line = r->line;
        } else if (in == AFTER) {
            reference_stray(r, cell, kept, &at, limit);
            in = PLAIN;
        } else if (in == QUOTED && c == r->d.quote) {
            bool two = at + 1 < r->n && r->p[at + 1] == c;
            if (two)
                ll_buf_c(&r->cells, c);
            in = two ? QUOTED : AFTER;
            at += two ? 2 : 1;
            if (!two && r->line > cell_line && at < r->n && !strchr(" \t\r\n", r->p[at] ? r->p[at] : 'x') &&
                r->p[at] != r->d.delim) {
                reference_line(r, LL_CSV_OPEN_QUOTE);
                return true;
            }
        } else if (in == QUOTED) {
            ll_buf_c(&r->cells, c);
            bool pair = c == '\r' && at + 1 < r->n && r->p[at + 1] == '\n';
            r->line += reference_eol(r, at) && !pair;
            at++;
        } else if (c == r->d.delim) {
            ll_buf_c(&r->cells, 0x1f);
            in = START;
            at++;
        } else if (reference_eol(r, at)) {
            ll_buf_c(&r->cells, 0x1f);
            r->raw = (struct ll_str){r->p + r->start, at - r->start};
            r->at = reference_pass_eol(r, at);
            goto nul;
        } else {
            in = PLAIN;
            ll_buf_c(&r->cells, c);
            at++;
        }
    }
    if (in == QUOTED || limit < r->n) {
        reference_line(r, in == QUOTED ? LL_CSV_OPEN_QUOTE : LL_CSV_LONG);
        return true;
    }
    ll_buf_c(&r->cells, 0x1f);
    r->raw = (struct ll_str){r->p + r->start, at - r->start};
    r->at = at;
nul:
    if (memchr(r->raw.p, 0, r->raw.n))
        r->marks |= LL_CSV_NUL;
    return true;
}

#endif
