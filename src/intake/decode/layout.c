/* layout.c - where the header stands and what the columns are; see dialect.h.
 *
 * A department's file often starts with a title, a date, a unit of measure; then the header; then rows.  The header is the first record
 * that has most of the columns, fills more than half of them and is no remark.  It is data, not a header, when one of its cells is of the same kind
 * as the cells below it, and that kind is not plain text. */
#include "intake/decode/dialect.h"

#include "base/arena.h"
#include "intake/decode/columns.h"

#include <stdlib.h>
#include <string.h>

enum { RECORDS = 100, TITLES = 20 };
enum kind { EMPTY, TEXT, NUMBER, DATE, CODE };

struct record {
    struct ll_str *cells;
    size_t n, filled, start, end; /* offsets in the sample: of the record, of the next one */
    uint64_t line, next_line;
    unsigned marks;
};

struct layout {
    struct record records[RECORDS];
    size_t n, width; /* width: the commonest number of cells */
    struct ll_arena *arena;
    struct ll_err *err;
};

static int no_memory(struct ll_err *err)
{
    return ll_fail(err, LL_NOMEM, "读取表头时内存不足", "out of memory reading the header");
}

static int copy(struct layout *l, const struct ll_csv *c, const struct ll_csv_record *r)
{
    struct record *to = &l->records[l->n++];

    *to = (struct record){.n = r->n, .line = r->line, .marks = r->marks};
    to->start = (size_t)(r->raw.p - c->base);
    to->end = (size_t)(c->p - c->base);
    to->next_line = c->line;
    to->cells = ll_arena_array(l->arena, r->n, sizeof *to->cells);
    for (size_t i = 0; to->cells && i < r->n; i++) {
        struct ll_str cell = ll_header_trim(r->cells[i]);
        to->cells[i] = (struct ll_str){ll_arena_dup(l->arena, cell), cell.n};
        if (!to->cells[i].p)
            return no_memory(l->err);
        to->filled += cell.n > 0;
    }
    return to->cells ? LL_OK : no_memory(l->err);
}

static int read_records(struct layout *l, struct ll_str sample, bool whole, const struct ll_dialect *d)
{
    struct ll_csv c = {0};
    struct ll_csv_record r = {0};
    int rc, copied = LL_OK;

    ll_csv_init(&c, sample.p, sample.n, d->csv, whole);
    rc = d->sep_line ? ll_csv_next(&c, &r) : 1;
    while (rc > 0 && copied == LL_OK && l->n < RECORDS && (rc = ll_csv_next(&c, &r)) > 0)
        if (r.raw.n)
            copied = copy(l, &c, &r);
    ll_csv_free(&c);
    ll_csv_record_free(&r);
    return rc < 0 ? no_memory(l->err) : copied;
}

/* The commonest number of cells; of two equally common ones the larger. */
static size_t width_of(const struct layout *l)
{
    size_t best = 0, width = 0;

    for (size_t i = 0; i < l->n; i++) {
        size_t same = 0;
        for (size_t k = 0; k < l->n; k++)
            same += l->records[k].n == l->records[i].n;
        if (same > best || (same == best && l->records[i].n > width)) {
            best = same;
            width = l->records[i].n;
        }
    }
    return width;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* 2019, 2019年, 2019年度: as likely a title as a value. */
static bool year(struct ll_str s)
{
    struct ll_str four = {s.p, s.n < 4 ? s.n : 4}, rest = {s.p + four.n, s.n - four.n};
    int64_t y;

    return ll_str_i64(four, 1900, 2100, &y) &&
           (rest.n == 0 || ll_str_is(rest, "年") || ll_str_is(rest, "年度"));
}

static enum kind kind_of(struct ll_str s)
{
    size_t digits = 0, letters = 0, dots = 0, dashes = 0;

    if (s.n == 0)
        return EMPTY;
    if (year(s))
        return TEXT;
    for (size_t i = 0; i < s.n; i++) {
        digits += digit(s.p[i]);
        letters += (s.p[i] >= 'A' && s.p[i] <= 'Z') || (s.p[i] >= 'a' && s.p[i] <= 'z');
        dots += s.p[i] == '.' || s.p[i] == ',' || s.p[i] == '%';
        dashes += s.p[i] == '-' || s.p[i] == '/' || s.p[i] == ':' || s.p[i] == ' ' || s.p[i] == '+';
    }
    if (digits == 0)
        return TEXT;
    if (digits + dots + (s.p[0] == '-') == s.n)
        return digits >= 8 && digits == s.n ? CODE : NUMBER;
    if (digits >= 6 && digits + dots + dashes == s.n && dashes >= 2)
        return DATE;
    return digits >= 4 && digits + letters + dashes == s.n && s.n >= 8 ? CODE : TEXT;
}

/* One of the record's cells is a value like most of those below it. */
static bool is_data(const struct layout *l, size_t at)
{
    const struct record *r = &l->records[at];

    for (size_t col = 0; col < r->n; col++) {
        enum kind kind = kind_of(r->cells[col]);
        size_t same = 0, filled = 0;
        if (kind == EMPTY || kind == TEXT)
            continue;
        for (size_t i = at + 1; i < l->n; i++) {
            enum kind below = col < l->records[i].n ? kind_of(l->records[i].cells[col]) : EMPTY;
            same += below == kind;
            filled += below != EMPTY;
        }
        if (same * 2 > filled || filled == 0)
            return true;
    }
    return false;
}

/* "单位：万元", "填报日期: 2023-05": what stands above a header, between empty cells. */
static bool remark(const struct record *r)
{
    for (size_t i = 0; i < r->n && r->filled < r->n; i++)
        if (memchr(r->cells[i].p, ':', r->cells[i].n) ||
            memmem(r->cells[i].p, r->cells[i].n, "：", strlen("：")))
            return true;
    return false;
}

static bool can_head(const struct layout *l, const struct record *r)
{
    if (remark(r))
        return false;
    return r->n * 2 > l->width && r->filled * 2 > l->width;
}

/* Index of the header, or of the first row when there is none. */
static size_t find_header(const struct layout *l, bool *header)
{
    size_t at = 0;

    while (at < l->n && at < TITLES && !can_head(l, &l->records[at]))
        at++;
    if (at == l->n || at == TITLES)
        at = 0;
    *header = !is_data(l, at);
    /* Without a header nothing tells a title from a row that is mostly empty, except its number of cells. */
    for (size_t i = 0; i < at && !*header; i++)
        if (l->records[i].n == l->width)
            at = i;
    return at;
}

static int header_at_line(const struct layout *l, uint64_t line, size_t *at)
{
    for (*at = 0; *at < l->n; ++*at)
        if (l->records[*at].line == line)
            return LL_OK;
    return ll_fail(l->err, LL_NOTFOUND, "第 %llu 行不是前 %d 行记录之一，不能作为表头",
                   "line %llu is not one of the first %d records: it cannot be the header",
                   (unsigned long long)line, RECORDS);
}

/* A header is often a cell short (rows end in a delimiter) or has empty cells too many. */
static size_t columns_of(const struct layout *l, size_t at)
{
    const struct record *h = &l->records[at];
    size_t n = h->n, wide = 0, below = l->n - at - 1;

    for (size_t i = at + 1; i < l->n; i++)
        wide += l->records[i].n == l->width;
    if (below == 0 || wide * 10 < below * 9)
        return n;
    while (n > l->width && h->cells[n - 1].n == 0)
        n--;
    return n < l->width ? l->width : n;
}

static int set_header(struct layout *l, size_t at, struct ll_layout *ret)
{
    const struct record *h = &l->records[at];
    struct ll_str *cells;

    ret->n = columns_of(l, at);
    cells = ll_arena_array(l->arena, ret->n, sizeof *cells);
    if (!cells)
        return no_memory(l->err);
    for (size_t i = 0; i < ret->n && i < h->n; i++)
        cells[i] = h->cells[i];
    ret->header = cells;
    ret->line = h->line;
    ret->titles = (unsigned)at;
    ret->above = at + 1;
    ret->offset = h->end;
    ret->first_line = h->next_line;
    return LL_OK;
}

static int without_header(const struct layout *l, size_t at, struct ll_layout *ret)
{
    ret->n = l->width;
    ret->titles = (unsigned)at;
    ret->above = at;
    ret->first_line = l->records[at].line;
    ret->offset = l->records[at].start;
    return LL_OK;
}

/* A header lost in an open quote would make the first row the header. */
static int check_quotes(const struct layout *l, size_t at)
{
    for (size_t i = 0; i <= at; i++)
        if (l->records[i].marks & (LL_CSV_OPEN_QUOTE | LL_CSV_LONG))
            return ll_fail(l->err, LL_INVALID, "第 %llu 行（表头或表头之上）的引号没有闭合",
                           "line %llu, at or above the header, opens a quote that never closes",
                           (unsigned long long)l->records[i].line);
    return LL_OK;
}

static int find(struct layout *l, const struct ll_source_opts *opts, struct ll_layout *ret)
{
    bool header = opts->header != LL_SOURCE_HEADER_NONE;
    size_t at = 0;
    int rc;

    l->width = width_of(l);
    if (opts->header > 0 && (rc = header_at_line(l, (uint64_t)opts->header, &at)) < 0)
        return rc;
    if (opts->header == LL_SOURCE_HEADER_FIND)
        at = find_header(l, &header);
    if ((rc = check_quotes(l, at)) < 0)
        return rc;
    return header ? set_header(l, at, ret) : without_header(l, at, ret);
}

static int nothing_read(struct ll_str sample, bool whole, struct ll_err *err)
{
    if (whole)
        return ll_fail(err, LL_INVALID, "文件中没有任何文字，只有空行",
                       "the file holds no text, only empty lines");
    return ll_fail(err, LL_TOOBIG, "前 %zu 字节中没有一条完整的记录：不像是表格，或者引号没有闭合",
                   "the first %zu bytes hold no whole record: no table, or a quote that never closes",
                   sample.n);
}

int ll_layout_find(struct ll_str sample, bool whole, const struct ll_dialect *d,
                   const struct ll_source_opts *opts, struct ll_arena *arena, struct ll_layout *ret,
                   struct ll_err *err)
{
    struct layout *l = calloc(1, sizeof *l);

    if (!l)
        return no_memory(err);
    *ret = (struct ll_layout){0};
    l->arena = arena;
    l->err = err;
    int rc = read_records(l, sample, whole, d);
    if (rc == LL_OK && l->n == 0)
        rc = nothing_read(sample, whole, err);
    if (rc == LL_OK)
        rc = find(l, opts, ret);
    free(l);
    return rc;
}
