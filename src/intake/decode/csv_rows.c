/* csv_rows.c - records of delimited text become rows, with a fault where they are not whole.
 *
 * The usual row costs nothing beyond the parsing: its cells are the parser's, and that its bytes are valid UTF-8 was found for the
 * whole window at once. */
#include "intake/decode/csv.h"
#include "intake/decode/window.h"

#include <stdlib.h>

struct csv_rows {
    struct ll_rows base;
    const struct csv_source *s;
    int64_t end; /* where the range ends in the file */
    struct ll_window w;
    struct ll_csv c;
    struct ll_csv_record r;
    const char *valid; /* what lies before it in the window is valid UTF-8 */
    uint64_t number;   /* of the next row */
    struct ll_lossy lossy;
    struct ll_buf zh, en, text; /* of the last faulty row */
    struct ll_str *cells;       /* into text */
    size_t cells_cap;
};

static int no_memory(struct ll_err *err)
{
    return ll_fail(err, LL_NOMEM, "读取数据行时内存不足", "out of memory reading rows");
}

/* 1: more is in the window; 0: the end of the file.  What becomes of a line whose record does not end may lie in the bytes behind
 * the range: then they are read too, so that a range gives what the whole file gives. */
static int more(struct csv_rows *k, struct ll_err *err)
{
    if (k->w.next == k->s->to)
        return 0;
    if (k->w.last)
        k->w.to = k->s->to;
    int rc = ll_window_more(&k->w, (size_t)(k->c.p - k->c.base), err);
    if (rc < 0)
        return rc;
    ll_csv_feed(&k->c, k->w.p, k->w.n, k->w.next == k->s->to);
    k->valid = k->w.p + ll_utf8_bad((struct ll_str){k->w.p, k->w.n});
    return 1;
}

static int next_record(struct csv_rows *k, struct ll_err *err)
{
    for (;;) {
        if (k->w.next - (int64_t)(k->c.end - k->c.p) >= k->end)
            return 0;
        int rc = ll_csv_next(&k->c, &k->r);
        if (rc > 0 && k->r.raw.n == 0)
            continue; /* an empty line is no row */
        if (rc > 0)
            return rc;
        if (rc < 0)
            return no_memory(err);
        if ((rc = more(k, err)) <= 0)
            return rc;
    }
}

static bool valid(const struct csv_rows *k)
{
    struct ll_str raw = k->r.raw;

    return raw.p + raw.n <= k->valid || ll_utf8_bad(raw) == raw.n;
}

static int fault_of(const struct csv_rows *k)
{
    if (k->r.marks & LL_CSV_OPEN_QUOTE)
        return LL_FAULT_DECODE_QUOTE;
    if (k->r.marks & LL_CSV_LONG)
        return LL_FAULT_DECODE_LONG;
    if (!valid(k))
        return LL_FAULT_DECODE_CHARSET;
    if (k->r.marks & LL_CSV_NUL)
        return LL_FAULT_DECODE_NUL;
    return k->r.n == k->s->columns ? -1 : LL_FAULT_DECODE_COLUMNS;
}

/* --- what a faulty row shows --- */

static void explain(struct csv_rows *k, int fault)
{
    ll_buf_clear(&k->zh);
    ll_buf_clear(&k->en);
    k->lossy.other = false;
    if (fault == LL_FAULT_DECODE_COLUMNS) {
        ll_buf_printf(&k->zh, "应有 %zu 列，实有 %zu 列", k->s->columns, k->r.n);
        ll_buf_printf(&k->en, "expected %zu columns, found %zu", k->s->columns, k->r.n);
    } else if (fault == LL_FAULT_DECODE_LONG) {
        ll_buf_printf(&k->zh, "一条记录超过 %zu 字节", k->c.max_record);
        ll_buf_printf(&k->en, "a record of more than %zu bytes", k->c.max_record);
    } else if (fault == LL_FAULT_DECODE_CHARSET) {
        ll_lossy_explain(&k->lossy, k->r.raw, &k->zh, &k->en);
    }
}

/* Appends a cell's readable text; a NUL, which neither a spreadsheet nor SQL text can hold, is shown as U+FFFD too. */
static void add_readable(struct csv_rows *k, struct ll_str s)
{
    struct ll_str head;

    while (ll_str_cut(s, 0, &head, &s)) {
        ll_lossy_add(&k->lossy, head, &k->text);
        ll_buf_z(&k->text, "\xef\xbf\xbd");
    }
    ll_lossy_add(&k->lossy, head, &k->text);
}

static bool room_for_cells(struct csv_rows *k, size_t n)
{
    if (n <= k->cells_cap)
        return true;
    struct ll_str *cells = realloc(k->cells, n * sizeof *cells);
    if (!cells)
        return false;
    k->cells = cells;
    k->cells_cap = n;
    return true;
}

/* Readable copies of n cells.  They are cut out of the text only at the end, as it moves while it grows. */
static int copy_cells(struct csv_rows *k, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    ll_buf_clear(&k->text);
    if (!room_for_cells(k, n))
        return no_memory(err);
    for (size_t i = 0; i < n; i++) {
        size_t from = k->text.n;
        add_readable(k, cells[i]);
        k->cells[i].n = k->text.n - from;
    }
    if (k->text.failed)
        return no_memory(err);
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        k->cells[i].p = k->text.p ? k->text.p + at : "";
        at += k->cells[i].n;
    }
    return LL_OK;
}

static int faulty(struct csv_rows *k, struct ll_row *row, int fault, struct ll_err *err)
{
    bool split = fault == LL_FAULT_DECODE_CHARSET || fault == LL_FAULT_DECODE_NUL;
    struct ll_str raw = {k->r.raw.p, k->r.raw.n < LL_SOURCE_RAW ? k->r.raw.n : LL_SOURCE_RAW};
    int rc = LL_OK;

    explain(k, fault);
    if (k->zh.failed || k->en.failed)
        return no_memory(err);
    row->fault = fault;
    row->detail_zh = k->zh.n ? k->zh.p : NULL;
    row->detail_en = k->en.n ? k->en.p : NULL;
    if (fault == LL_FAULT_DECODE_COLUMNS)
        return 1;
    rc = split ? copy_cells(k, k->r.cells, k->r.n, err) : copy_cells(k, &raw, 1, err);
    row->cells = k->cells;
    row->n = split ? k->r.n : 1;
    return rc < 0 ? rc : 1;
}

static int next(struct ll_rows *rows, struct ll_row *row, struct ll_err *err)
{
    struct csv_rows *k = (struct csv_rows *)rows;
    int rc = next_record(k, err);

    if (rc <= 0)
        return rc;
    *row = (struct ll_row){
        .cells = k->r.cells, .n = k->r.n, .number = k->number++, .line = k->r.line, .fault = -1};
    int fault = fault_of(k);
    return fault < 0 ? 1 : faulty(k, row, fault, err);
}

static void close_rows(struct ll_rows *rows)
{
    struct csv_rows *k = (struct csv_rows *)rows;

    ll_window_free(&k->w);
    ll_csv_free(&k->c);
    ll_csv_record_free(&k->r);
    ll_lossy_free(&k->lossy);
    ll_buf_free(&k->zh);
    ll_buf_free(&k->en);
    ll_buf_free(&k->text);
    free(k->cells);
    free(k);
}

static const struct ll_rows_ops ops = {next, close_rows};

int ll_csv_rows(void *impl, const struct ll_range *range, struct ll_rows **ret, struct ll_err *err)
{
    const struct csv_source *s = impl;
    struct ll_range all = {
        .offset = s->from, .length = s->to - s->from, .first_row = 1, .first_line = s->first_line};
    struct csv_rows *k = calloc(1, sizeof *k);

    if (!k)
        return no_memory(err);
    if (!range)
        range = &all;
    k->base.ops = &ops;
    k->s = s;
    k->number = range->first_row;
    k->lossy.file = s->in.charset;
    k->zh = k->en = LL_BUF_INIT(4096);
    k->text = LL_BUF_INIT(s->in.opts->max_record * 4 + LL_SOURCE_RAW);
    k->end = range->offset + range->length;
    ll_window_init(&k->w, s->in.file, range->offset, k->end);
    ll_csv_init(&k->c, NULL, 0, s->d, false);
    k->c.max_record = s->in.opts->max_record;
    k->c.line = range->first_line;
    *ret = &k->base;
    return LL_OK;
}
