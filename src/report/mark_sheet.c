/* mark_sheet.c - the data's sheet: the marks of its rows, the colours, and where its comments are drawn. */
#include "report/xlsx_mark_impl.h"

#include <stdio.h>
#include <string.h>

enum { RANGES_A_RULE = 400 };

struct sheet {
    const struct ll_xlsx_marks *m;
    const size_t *dxf;
    const char *vml_id;
    uint32_t row, column; /* being read; row from 1 */
    uint32_t at[2];       /* columns of the marks, ascending */
    int kind[2];          /* which mark: 0 batch, 1 row */
    bool added;           /* the columns are ours to add */
    size_t put;           /* marks of this row that are placed */
    size_t next;          /* of the bad rows */
    bool coloured, drawn, cols, ours, in_cols_taken;
    struct ll_buf b;
};

/* ---- marks of a row ---- */

static bool is_bad(struct sheet *k)
{
    while (k->next < k->m->n_rows && k->m->rows[k->next].row < k->row)
        k->next++;
    return k->next < k->m->n_rows && k->m->rows[k->next].row == k->row;
}

static void put_cell(struct sheet *k, struct ll_splice *s, size_t place, size_t mark)
{
    static const char *const titles[] = {"_batch", "_row"};
    const char *p = ll_splice_prefix(s);
    char name[4], number[24];
    const char *text = titles[k->kind[mark]];

    if (k->row != k->m->header) {
        snprintf(number, sizeof number, "%lld", (long long)k->m->rows[k->next].number);
        text = k->kind[mark] == 0 ? k->m->batch : number;
    }
    ll_buf_clear(&k->b);
    ll_buf_printf(&k->b, "<%sc r=\"%s%u\" t=\"inlineStr\"><%sis><%st>", p,
                  ll_xlsx_column_name(k->at[mark], name), k->row, p, p);
    ll_xml_put(&k->b, ll_str(text));
    ll_buf_printf(&k->b, "</%st></%sis></%sc>", p, p, p);
    ll_splice_put(s, place, ll_buf_view(&k->b));
}

/* The marks that belong before column `before`, at the place. */
static void put_marks(struct sheet *k, struct ll_splice *s, uint32_t before, size_t place)
{
    bool wanted = (k->row == k->m->header && k->added) || (k->row > k->m->header && is_bad(k));

    for (; k->put < 2 && k->at[k->put] < before; k->put++)
        if (wanted)
            put_cell(k, s, place, k->put);
}

static void start_row(struct sheet *k, const struct ll_tag *t)
{
    const char *r = ll_tag_att(t, "r");
    int64_t n;

    k->row = r && ll_str_i64(ll_str(r), 1, LL_XLSX_ROWS, &n) ? (uint32_t)n : k->row + 1;
    k->column = UINT32_MAX;
    k->put = 0;
}

static void start_cell(struct sheet *k, struct ll_splice *s, const struct ll_tag *t)
{
    const char *r = ll_tag_att(t, "r");
    uint32_t column, row;

    k->column = r && ll_xlsx_ref(ll_str(r), &column, &row) ? column : k->column + 1;
    put_marks(k, s, k->column, t->from);
}

/* A mark of an earlier time goes; the title of the column stays. */
static void end_cell(struct sheet *k, struct ll_splice *s, const struct ll_tag *t)
{
    if (k->row > k->m->header && !k->added && (k->column == k->at[0] || k->column == k->at[1]))
        ll_splice_cut(s, t->begin, t->to);
}

/* ---- colours ---- */

static void put_rule(struct sheet *k, const char *p, size_t dxf, unsigned priority,
                     const struct ll_buf *ranges)
{
    ll_buf_printf(
        &k->b,
        "<%sconditionalFormatting sqref=\"%s\"><%scfRule type=\"expression\" dxfId=\"%zu\" priority=\"%u\"><%sformula>" MARK_RULE
        "</%sformula></%scfRule></%sconditionalFormatting>",
        p, ranges->p, p, dxf, priority, p, p, p, p);
}

/* One after the other while they touch, so that a sheet that is wrong all over has few ranges. */
static void colour_rows(struct sheet *k, const char *p)
{
    struct ll_buf ranges = LL_BUF_INIT(1 << 20);
    const struct ll_xlsx_marks *m = k->m;
    size_t n = 0;
    char last[4];

    ll_xlsx_column_name((uint32_t)(m->n_columns ? m->n_columns - 1 : 0), last);
    for (size_t i = 0, end; i < m->n_rows; i = end) {
        for (end = i + 1; end < m->n_rows && m->rows[end].row == m->rows[end - 1].row + 1;)
            end++;
        ll_buf_printf(&ranges, "%sA%u:%s%u", n ? " " : "", m->rows[i].row, last, m->rows[end - 1].row);
        if (++n == RANGES_A_RULE || end == m->n_rows) {
            put_rule(k, p, k->dxf[0], 2, &ranges);
            ll_buf_clear(&ranges);
            n = 0;
        }
    }
    ll_buf_free(&ranges);
}

static void colour_cells(struct sheet *k, const char *p)
{
    struct ll_buf ranges = LL_BUF_INIT(1 << 20);
    const struct ll_xlsx_marks *m = k->m;
    char name[4];
    size_t n = 0;

    for (size_t i = 0; i < m->n_faults; i++) {
        ll_buf_printf(&ranges, "%s%s%u", n ? " " : "", ll_xlsx_column_name(m->faults[i].column, name),
                      m->faults[i].row);
        if (++n == RANGES_A_RULE || i + 1 == m->n_faults) {
            put_rule(k, p, k->dxf[1], 1, &ranges);
            ll_buf_clear(&ranges);
            n = 0;
        }
    }
    ll_buf_free(&ranges);
}

static void put_colours(struct sheet *k, struct ll_splice *s, size_t place)
{
    if (k->coloured)
        return;
    k->coloured = true;
    ll_buf_clear(&k->b);
    colour_cells(k, ll_splice_prefix(s));
    colour_rows(k, ll_splice_prefix(s));
    if (k->b.n)
        ll_splice_put(s, place, ll_buf_view(&k->b));
}

static void put_drawing(struct sheet *k, struct ll_splice *s, size_t place)
{
    if (k->drawn)
        return;
    k->drawn = true;
    ll_buf_clear(&k->b);
    ll_buf_printf(
        &k->b,
        "<%slegacyDrawing xmlns:llr=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" llr:id=\"%s\"/>",
        ll_splice_prefix(s), k->vml_id);
    ll_splice_put(s, place, ll_buf_view(&k->b));
}

/* ---- columns that are added are hidden, unless a width is set for them already ---- */

static void put_cols(struct sheet *k, struct ll_splice *s, size_t place, bool whole)
{
    const char *p = ll_splice_prefix(s);

    if (!k->added || k->cols)
        return;
    k->cols = true;
    ll_buf_clear(&k->b);
    if (whole)
        ll_buf_printf(&k->b, "<%scols>", p);
    ll_buf_printf(&k->b, "<%scol min=\"%u\" max=\"%u\" width=\"0\" hidden=\"1\" customWidth=\"1\"/>", p,
                  k->at[0] + 1, k->at[1] + 1);
    if (whole)
        ll_buf_printf(&k->b, "</%scols>", p);
    ll_splice_put(s, place, ll_buf_view(&k->b));
}

static void start_col(struct sheet *k, const struct ll_tag *t)
{
    const char *max = ll_tag_att(t, "max");
    int64_t n;

    if (max && ll_str_i64(ll_str(max), 1, LL_XLSX_COLUMNS, &n) && n > (int64_t)k->at[0])
        k->in_cols_taken = true;
}

/* ---- the order of what follows the rows (ECMA-376, 18.3.1.99) ---- */

static const char *const after_colours[] = {
    "dataValidations", "hyperlinks",      "printOptions",     "pageMargins", "pageSetup",     "headerFooter",
    "rowBreaks",       "colBreaks",       "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing",         "legacyDrawing",   "legacyDrawingHF",  "drawingHF",   "picture",       "oleObjects",
    "controls",        "webPublishItems", "tableParts",       "extLst"};
enum { LEGACY_DRAWING = 13 };

static void start_part(struct sheet *k, struct ll_splice *s, const struct ll_tag *t)
{
    if (strcmp(t->name, "sheetData") == 0)
        put_cols(k, s, t->from, true);
    for (size_t i = 0; i < LL_COUNT(after_colours); i++) {
        if (strcmp(t->name, after_colours[i]) != 0)
            continue;
        put_colours(k, s, t->from);
        if (i == LEGACY_DRAWING)
            k->drawn = true;
        else if (i > LEGACY_DRAWING)
            put_drawing(k, s, t->from);
    }
}

static void on_start(void *ctx, struct ll_splice *s, const struct ll_tag *t)
{
    struct sheet *k = ctx;

    if (t->depth == 1)
        start_part(k, s, t);
    else if (t->depth == 2 && strcmp(t->name, "row") == 0)
        start_row(k, t);
    else if (t->depth == 2 && strcmp(t->name, "col") == 0)
        start_col(k, t);
    else if (t->depth == 3 && strcmp(t->name, "c") == 0)
        start_cell(k, s, t);
}

static void on_end(void *ctx, struct ll_splice *s, const struct ll_tag *t)
{
    struct sheet *k = ctx;

    if (t->depth == 3 && strcmp(t->name, "c") == 0)
        end_cell(k, s, t);
    else if (t->depth == 2 && strcmp(t->name, "row") == 0 && !t->empty)
        put_marks(k, s, UINT32_MAX, t->from);
    else if (t->depth == 1 && strcmp(t->name, "cols") == 0 && !t->empty && !k->in_cols_taken)
        put_cols(k, s, t->from, false);
    else if (t->depth == 1 && strcmp(t->name, "cols") == 0)
        k->cols = true; /* widths go on beyond the data: the columns stay in sight */
    else if (strcmp(t->name, "formula") == 0)
        k->ours = ll_str_is(ll_str_trim(t->text), MARK_RULE);
    else if (t->depth == 1 && strcmp(t->name, "conditionalFormatting") == 0 && k->ours) {
        ll_splice_cut(s, t->begin, t->to);
        k->ours = false;
    } else if (t->depth == 0) {
        put_colours(k, s, t->from);
        put_drawing(k, s, t->from);
    }
}

int ll_mark_sheet(struct ll_str sheet, const struct ll_xlsx_marks *m, const size_t dxf[2], const char *vml_id,
                  struct ll_buf *out, struct ll_err *err)
{
    static const struct ll_splice_ops ops = {on_start, on_end};
    struct sheet k = {.m = m, .dxf = dxf, .vml_id = vml_id, .b = LL_BUF_INIT(MARK_PART)};
    int a = m->batch_column, b = m->row_column;

    k.added = a < 0 || b < 0;
    k.kind[0] = k.added || a < b ? 0 : 1;
    k.kind[1] = 1 - k.kind[0];
    k.at[0] = k.added ? (uint32_t)m->n_columns : (uint32_t)(a < b ? a : b);
    k.at[1] = k.added ? (uint32_t)m->n_columns + 1 : (uint32_t)(a < b ? b : a);
    if (k.added && m->n_rows == 0)
        k.added = k.cols = false, k.at[0] = k.at[1] = UINT32_MAX; /* nothing to mark: nothing is added */
    int rc = ll_splice_run(sheet, "worksheet", &ops, &k, out, err);
    if (rc == LL_OK && k.b.failed)
        rc = ll_fail(err, LL_TOOBIG, "批注后的工作簿过大",
                     "the workbook becomes too large when it is marked");
    ll_buf_free(&k.b);
    return rc;
}
