/* xlsx_head.c - see xlsx_head.h. */
#include "intake/decode/xlsx_head.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD_MEMORY = 64 << 20, LONGEST_NAME = 300, PAINT_FACTOR = 4 };

struct head_row {
    uint32_t number;
    size_t n;
    struct ll_xlsx_cell *cells;
};

struct ll_xlsx_head {
    struct ll_arena *arena;
    struct head_row rows[LL_XLSX_HEAD_ROWS];
    size_t n;
};

struct ll_xlsx_head *ll_xlsx_head_new(void)
{
    struct ll_arena *arena = ll_arena_new(HEAD_MEMORY);
    struct ll_xlsx_head *h = arena ? ll_arena_alloc(arena, sizeof *h) : NULL;

    if (!h) {
        ll_arena_free(arena);
        return NULL;
    }
    h->arena = arena;
    return h;
}

struct ll_xlsx_head *ll_xlsx_head_free(struct ll_xlsx_head *h)
{
    if (h)
        ll_arena_free(h->arena);
    return NULL;
}

int ll_xlsx_head_add(struct ll_xlsx_head *h, const struct ll_xlsx_row *row, struct ll_err *err)
{
    if (h->n == LL_XLSX_HEAD_ROWS || (h->n && row->number >= h->rows[0].number + LL_XLSX_HEAD_ROWS))
        return LL_OK;
    struct head_row *r = &h->rows[h->n];
    r->number = row->number;
    r->n = row->n;
    r->cells = ll_arena_array(h->arena, row->n, sizeof *r->cells);
    bool whole = r->cells != NULL;
    for (size_t i = 0; whole && i < row->n; i++) {
        r->cells[i] = row->cells[i];
        r->cells[i].text.p = ll_arena_dup(h->arena, row->cells[i].text);
        whole = r->cells[i].text.p != NULL;
    }
    if (!whole)
        return ll_fail(err, LL_TOOBIG, "工作表前 %d 行的内容超过 %d MiB",
                       "the first %d rows of the sheet hold over %d MiB", LL_XLSX_HEAD_ROWS,
                       HEAD_MEMORY >> 20);
    h->n++;
    return LL_OK;
}

unsigned ll_xlsx_head_filled(const struct ll_xlsx_head *h, uint32_t first, uint32_t last)
{
    unsigned filled = 0;

    for (size_t r = 0; r < h->n; r++)
        filled += h->rows[r].number >= first && h->rows[r].number <= last;
    return filled;
}

/* The head laid out: every place shows its own cell or, inside a merged range, the range's top left one. */
struct grid {
    uint32_t top; /* sheet row of line 0 */
    unsigned height, width;
    const struct ll_xlsx_cell **cells;
    uint32_t *merge; /* index + 1 of the merged range a place is in; 0: none */
    const struct ll_xlsx_merge *merges;
};

static size_t place(const struct grid *g, unsigned row, unsigned column)
{
    return (size_t)row * g->width + column;
}

static const struct ll_xlsx_merge *merge_at(const struct grid *g, unsigned row, unsigned column)
{
    uint32_t i = g->merge[place(g, row, column)];

    return i ? &g->merges[i - 1] : NULL;
}

static const struct ll_xlsx_cell *shown(const struct grid *g, unsigned row, unsigned column)
{
    const struct ll_xlsx_merge *m = merge_at(g, row, column);

    if (!m)
        return g->cells[place(g, row, column)];
    return m->top < g->top ? NULL : g->cells[place(g, m->top - g->top, m->left)];
}

/* Ranges never overlap in an honest file; the budget keeps a hostile one from painting the grid a million times. */
static void paint(struct grid *g, size_t n)
{
    size_t budget = (size_t)g->height * g->width * PAINT_FACTOR;

    for (size_t i = 0; i < n; i++) {
        const struct ll_xlsx_merge *m = &g->merges[i];
        if (m->bottom < g->top || m->top >= g->top + g->height || m->left >= g->width)
            continue;
        for (uint32_t row = m->top < g->top ? g->top : m->top; row <= m->bottom && row < g->top + g->height;
             row++)
            for (unsigned c = m->left; c <= m->right && c < g->width && budget; c++, budget--)
                g->merge[place(g, row - g->top, c)] = (uint32_t)i + 1;
    }
}

static bool lay_out(struct grid *g, const struct ll_xlsx_head *h, const struct ll_xlsx_merge *merges,
                    size_t n)
{
    g->top = h->rows[0].number;
    g->height = h->rows[h->n - 1].number - g->top + 1;
    for (size_t r = 0; r < h->n; r++)
        for (size_t i = 0; i < h->rows[r].n; i++)
            if (h->rows[r].cells[i].column >= g->width)
                g->width = h->rows[r].cells[i].column + 1;
    g->cells = calloc((size_t)g->height * g->width, sizeof *g->cells);
    g->merge = calloc((size_t)g->height * g->width, sizeof *g->merge);
    g->merges = merges;
    if (!g->cells || !g->merge)
        return false;
    for (size_t r = 0; r < h->n; r++)
        for (size_t i = 0; i < h->rows[r].n; i++)
            g->cells[place(g, h->rows[r].number - g->top, h->rows[r].cells[i].column)] = &h->rows[r].cells[i];
    paint(g, n);
    return true;
}

/* What a line of the grid looks like. */
struct look {
    unsigned covered; /* columns that show something */
    unsigned cells;   /* different cells they show */
    unsigned words;   /* of these, those that could name a column */
    unsigned values;  /* and those that could not */
    bool colon;       /* 填报单位：… */
};

/* 2023 and 2023年 name a column as well as they fill a cell: they count for neither. */
static bool is_year(struct ll_str s)
{
    if (ll_str_ends(s, LL_STR("年")))
        s.n -= LL_STR("年").n;
    return s.n == 4 && (memcmp(s.p, "19", 2) == 0 || memcmp(s.p, "20", 2) == 0);
}

/* Text that names rather than measures: short, and not mostly digits and the signs that go with them. */
static bool is_word(const struct ll_xlsx_cell *c)
{
    size_t at = 0, digits = 0, all = 0;

    if (c->kind != LL_XLSX_TEXT || c->text.n > LONGEST_NAME)
        return false;
    for (int32_t cp; (cp = ll_utf8_next(c->text, &at)) >= 0; all++)
        digits += (cp >= '0' && cp <= '9') || (cp && cp < 128 && strchr(" ,.:/-+%", cp));
    return digits * 10 <= all * 6;
}

static struct look look_at(const struct grid *g, unsigned row)
{
    const struct ll_xlsx_cell *before = NULL;
    struct look l = {0};

    for (unsigned c = 0; c < g->width; c++) {
        const struct ll_xlsx_cell *cell = shown(g, row, c);
        l.covered += cell != NULL;
        if (cell && cell != before) {
            bool year = is_year(cell->text), word = is_word(cell);
            l.cells++;
            l.words += word && !year;
            l.values += !word && !year;
            l.colon = l.colon || memmem(cell->text.p, cell->text.n, "：", 3) ||
                      memchr(cell->text.p, ':', cell->text.n);
        }
        before = cell;
    }
    return l;
}

static int compare_unsigned(const void *a, const void *b)
{
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

    return (x > y) - (x < y);
}

/* The usual number of cells that a line with content shows. */
static unsigned usual(const struct look *looks, unsigned n, bool covered)
{
    unsigned counts[LL_XLSX_HEAD_ROWS], filled = 0;

    for (unsigned r = 0; r < n; r++)
        if (looks[r].cells)
            counts[filled++] = covered ? looks[r].covered : looks[r].cells;
    qsort(counts, filled, sizeof *counts, compare_unsigned);
    return filled ? counts[filled / 2] : 0;
}

/* First line of the header, or -1. */
static int find_first(const struct grid *g)
{
    struct look looks[LL_XLSX_HEAD_ROWS];

    for (unsigned r = 0; r < g->height; r++)
        looks[r] = look_at(g, r);
    unsigned covered = usual(looks, g->height, true), cells = usual(looks, g->height, false);
    for (unsigned r = 0; r < g->height; r++) {
        const struct look *l = &looks[r];
        bool title = l->cells < 2 && cells >= 2;
        bool form_line = l->colon && l->cells * 10 < cells * 6;
        bool named = l->words && l->words * 10 >= (l->words + l->values) * 8;
        if (l->covered * 10 >= covered * 6 && named && !title && !form_line)
            return (int)r;
    }
    return -1;
}

/* Whether line `row` + 1 names the columns below the horizontal merges of line `row`: its content stands only below such merges (or
 * where line `row` shows nothing), it is all words, and at least one merge gets two names. */
static bool names_below(const struct grid *g, unsigned row)
{
    struct look l = look_at(g, row + 1);
    unsigned under_group = 0;

    if (l.values || l.words < 2)
        return false;
    for (unsigned c = 0; c < g->width; c++) {
        const struct ll_xlsx_merge *m = merge_at(g, row, c);
        bool group = m && m->right > m->left && m->bottom == g->top + row;
        bool filled = g->cells[place(g, row + 1, c)] != NULL;
        if (filled && !group && shown(g, row, c))
            return false;
        under_group += filled && group;
    }
    return under_group >= 2;
}

static unsigned find_last(const struct grid *g, unsigned first)
{
    unsigned last = first, limit = first + LL_XLSX_HEADER_DEPTH - 1;

    if (limit >= g->height)
        limit = g->height - 1;
    for (unsigned r = first; r <= last; r++) {
        for (unsigned c = 0; c < g->width; c++) {
            const struct ll_xlsx_merge *m = merge_at(g, r, c);
            if (m && m->bottom - g->top > last && m->bottom - g->top <= limit)
                last = m->bottom - g->top;
        }
        if (r == last && last < limit && names_below(g, r))
            last++;
    }
    return last;
}

/* A line break inside a title is there for the eye only: it goes between Chinese characters and is a blank elsewhere. */
static void add_title(struct ll_buf *out, struct ll_str s)
{
    s = ll_str_trim(s);
    for (size_t i = 0; i < s.n; i++) {
        bool blank = s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t';
        if (!blank) {
            ll_buf_c(out, s.p[i]);
            continue;
        }
        while (i + 1 < s.n && strchr(" \t\r\n", s.p[i + 1]))
            i++;
        bool ascii = out->n && (unsigned char)out->p[out->n - 1] < 128 && i + 1 < s.n &&
                     (unsigned char)s.p[i + 1] < 128;
        if (ascii && out->p[out->n - 1] != ' ')
            ll_buf_c(out, ' ');
    }
}

static bool name_column(const struct grid *g, unsigned first, unsigned last, unsigned column,
                        struct ll_buf *out)
{
    const struct ll_xlsx_cell *before = NULL;

    ll_buf_clear(out);
    for (unsigned r = first; r <= last; r++) {
        const struct ll_xlsx_cell *cell = shown(g, r, column);
        if (!cell || cell == before || (before && ll_str_eq(cell->text, before->text)))
            continue;
        if (out->n)
            ll_buf_c(out, '/');
        add_title(out, cell->text);
        before = cell;
    }
    return !out->failed;
}

/* Unnamed columns at the right are part of the table when at least half of the lines below the header fill them. */
static unsigned table_width(const struct grid *g, unsigned last, unsigned named)
{
    unsigned width = named, lines = 0;

    for (unsigned r = last + 1; r < g->height; r++)
        lines += look_at(g, r).cells > 0;
    for (unsigned c = named; c < g->width && lines; c++) {
        unsigned filled = 0;
        for (unsigned r = last + 1; r < g->height; r++)
            filled += g->cells[place(g, r, c)] != NULL;
        if (filled * 2 >= lines)
            width = c + 1;
    }
    return width;
}

static int name_all(const struct grid *g, unsigned first, unsigned last, struct ll_arena *arena,
                    struct ll_xlsx_header *ret, struct ll_err *err)
{
    struct ll_buf name = LL_BUF_INIT(LL_XLSX_HEADER_DEPTH * (LL_XLSX_CELL + 1));
    struct ll_str *names = ll_arena_array(arena, g->width, sizeof *names);
    unsigned named = 0;
    bool whole = names != NULL;

    for (unsigned c = 0; whole && c < g->width; c++) {
        whole = name_column(g, first, last, c, &name);
        char *copy = whole ? ll_arena_dup(arena, ll_buf_view(&name)) : NULL;
        whole = copy != NULL;
        names[c] = (struct ll_str){copy, name.n};
        if (whole && name.n)
            named = c + 1;
    }
    ll_buf_free(&name);
    if (!whole)
        return ll_fail(err, LL_NOMEM, "读取表头时内存不足", "out of memory reading the header");
    ret->names = names;
    ret->n = table_width(g, last, named);
    ret->first = g->top + first;
    ret->last = g->top + last;
    return LL_OK;
}

static int find(const struct grid *g, int wanted, struct ll_arena *arena, struct ll_xlsx_header *ret,
                struct ll_err *err)
{
    int first = wanted > 0 ? wanted - (int)g->top : wanted == 0 ? find_first(g) : -1;

    if (wanted > 0 && (first < 0 || first >= (int)g->height || look_at(g, (unsigned)first).cells == 0))
        return ll_fail(err, LL_INVALID, "第 %d 行不是表头：它是空行，或不在前 %d 行有内容的范围内",
                       "row %d is no header: it is empty or not within the first %d rows with content",
                       wanted, LL_XLSX_HEAD_ROWS);
    if (first >= 0)
        return name_all(g, (unsigned)first, find_last(g, (unsigned)first), arena, ret, err);
    ret->n = g->width;
    ret->names = ll_arena_array(arena, g->width, sizeof *ret->names);
    return ret->names ? LL_OK
                      : ll_fail(err, LL_NOMEM, "读取表头时内存不足", "out of memory reading the header");
}

int ll_xlsx_head_find(const struct ll_xlsx_head *h, const struct ll_xlsx_merge *merges, size_t n_merges,
                      int wanted, struct ll_arena *arena, struct ll_xlsx_header *ret, struct ll_err *err)
{
    struct grid g = {0};
    int rc;

    *ret = (struct ll_xlsx_header){0};
    if (h->n == 0)
        return LL_OK;
    if (!lay_out(&g, h, merges, n_merges))
        rc = ll_fail(err, LL_NOMEM, "读取表头时内存不足", "out of memory reading the header");
    else
        rc = find(&g, wanted, arena, ret, err);
    if (rc == LL_OK && ret->first)
        ret->titles = ll_xlsx_head_filled(h, 1, ret->first - 1);
    free(g.cells);
    free(g.merge);
    return rc;
}
