/* xlsx_rows.c - see xlsx_rows.h. */
#include "intake/decode/xlsx_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DETAIL = 400, NAME_SHOWN = 60, VALUE_SHOWN = 80 };

/* A merged range that the current row lies in. */
struct group {
    uint32_t column, bottom;
    struct ll_buf text; /* of its top left cell */
};

struct xlsx_rows {
    struct ll_rows base;
    const struct ll_xlsx_plan *plan;
    struct ll_xlsx_zip *zip;
    struct ll_xlsx_sheet *sheet;
    struct ll_str *cells; /* LL_XLSX_COLUMNS of them */
    size_t used;          /* cells of the last row, to be emptied */
    uint64_t number;
    size_t next_merge;
    struct group *groups; /* those the row lies in */
    size_t n_groups, cap_groups;
    size_t held; /* bytes of their texts */
    char detail_zh[DETAIL], detail_en[DETAIL];
};

struct flaw_text {
    int fault;
    const char *zh, *en;
};

static const struct flaw_text flaw_texts[] = {
    [LL_XLSX_LOST_DIGITS] = {LL_FAULT_DECODE_DIGITS, "请将该列设为文本格式后重新填写",
                             "make the column text and fill it in again"},
    [LL_XLSX_NOT_NUMBER] = {LL_FAULT_DECODE_CELL, "标为数字却不是数字", "is marked as a number and is none"},
    [LL_XLSX_NO_STRING] = {LL_FAULT_DECODE_CELL, "文本缺失，工作簿已损坏",
                           "has a text that is not in the workbook, which is damaged"},
    [LL_XLSX_NO_RESULT] = {LL_FAULT_DECODE_CELL, "公式没有保存计算结果，请用 Excel 或 WPS 打开并保存",
                           "has a formula without its result; open the file in Excel or WPS and save it"},
    [LL_XLSX_LONG_TEXT] = {LL_FAULT_DECODE_LONG, "文本超过 1 MiB", "holds over 1 MiB of text"},
};

static struct ll_str cut(struct ll_str s, size_t most)
{
    if (s.n <= most)
        return s;
    while (most && ((unsigned char)s.p[most] & 0xc0) == 0x80)
        most--;
    return (struct ll_str){s.p, most};
}

static void describe_flaw(struct xlsx_rows *r, uint32_t row, const struct ll_xlsx_cell *c, struct ll_row *out)
{
    const struct flaw_text *t = &flaw_texts[c->flaw];
    struct ll_str name = c->column < r->plan->n_columns ? r->plan->names[c->column] : LL_STR("");
    struct ll_str value = cut(c->text, VALUE_SHOWN);
    char column[4];

    name = cut(name, NAME_SHOWN);
    ll_xlsx_column_name(c->column, column);
    snprintf(r->detail_zh, DETAIL, "%s%u（" LL_STR_FMT "）" LL_STR_FMT "：%s", column, row, LL_STR_ARG(name),
             LL_STR_ARG(value), t->zh);
    snprintf(r->detail_en, DETAIL, "%s%u (" LL_STR_FMT ") " LL_STR_FMT ": %s", column, row, LL_STR_ARG(name),
             LL_STR_ARG(value), t->en);
    out->fault = t->fault;
}

static void describe_beyond(struct xlsx_rows *r, uint32_t row, const struct ll_xlsx_cell *c,
                            struct ll_row *out)
{
    char column[4];

    ll_xlsx_column_name(c->column, column);
    snprintf(r->detail_zh, DETAIL, "%s%u 有内容，而表头只有 %zu 列", column, row, r->plan->n_columns);
    snprintf(r->detail_en, DETAIL, "%s%u has content and the header has %zu columns", column, row,
             r->plan->n_columns);
    out->fault = LL_FAULT_DECODE_COLUMNS;
}

static void leave_groups(struct xlsx_rows *r, uint32_t row)
{
    for (size_t i = 0; i < r->n_groups;) {
        if (r->groups[i].bottom >= row) {
            i++;
            continue;
        }
        r->held -= r->groups[i].text.n;
        ll_buf_free(&r->groups[i].text);
        r->groups[i] = r->groups[--r->n_groups];
    }
}

static int add_group(struct xlsx_rows *r, const struct ll_xlsx_merge *m, struct ll_err *err)
{
    if (r->n_groups == r->cap_groups) {
        size_t cap = r->cap_groups ? r->cap_groups * 2 : 16;
        struct group *more = realloc(r->groups, cap * sizeof *more);
        if (!more)
            return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
        r->groups = more;
        r->cap_groups = cap;
    }
    struct group *g = &r->groups[r->n_groups++];
    *g = (struct group){m->left, m->bottom, LL_BUF_INIT(LL_XLSX_CELL)};
    ll_buf_str(&g->text, r->cells[m->left]);
    r->held += g->text.n;
    if (g->text.failed || r->held > LL_XLSX_ROW_TEXT)
        return ll_fail(err, LL_TOOBIG, "合并单元格的文本过多（或内存不足）",
                       "too much text in merged ranges, or memory is out");
    return LL_OK;
}

/* Begins the merged ranges whose top this row has reached and forgets those it has left. */
static int enter_groups(struct xlsx_rows *r, uint32_t row, struct ll_err *err)
{
    const struct ll_xlsx_plan *p = r->plan;
    int rc = LL_OK;

    leave_groups(r, row);
    for (; rc == LL_OK && r->next_merge < p->n_merges && p->merges[r->next_merge].top <= row;
         r->next_merge++) {
        const struct ll_xlsx_merge *m = &p->merges[r->next_merge];
        bool filled = m->top == row && r->cells[m->left].n > 0; /* otherwise there is nothing to repeat */
        if (filled && r->n_groups < LL_XLSX_COLUMNS)
            rc = add_group(r, m, err);
    }
    return rc;
}

static void repeat_groups(struct xlsx_rows *r)
{
    for (size_t i = 0; i < r->n_groups; i++) {
        const struct group *g = &r->groups[i];
        if (g->column < r->plan->n_columns && !r->cells[g->column].p && g->text.n)
            r->cells[g->column] = ll_buf_view(&g->text);
    }
}

static int fill(struct xlsx_rows *r, const struct ll_xlsx_row *in, struct ll_row *out, struct ll_err *err)
{
    size_t n = r->plan->n_columns;

    memset(r->cells, 0, r->used * sizeof *r->cells);
    out->fault = -1;
    for (size_t i = 0; i < in->n; i++) {
        const struct ll_xlsx_cell *c = &in->cells[i];
        r->cells[c->column] = c->text;
        if (out->fault < 0 && c->flaw != LL_XLSX_SOUND)
            describe_flaw(r, in->number, c, out);
        if (c->column < n)
            continue;
        if (out->fault < 0)
            describe_beyond(r, in->number, c, out);
        n = c->column + 1;
    }
    r->used = n;
    int rc = enter_groups(r, in->number, err);
    repeat_groups(r);
    out->cells = r->cells;
    out->n = n;
    out->number = ++r->number;
    out->line = in->number;
    out->detail_zh = out->fault < 0 ? NULL : r->detail_zh;
    out->detail_en = out->fault < 0 ? NULL : r->detail_en;
    return rc;
}

static int rows_next(struct ll_rows *base, struct ll_row *out, struct ll_err *err)
{
    struct xlsx_rows *r = (struct xlsx_rows *)base;
    struct ll_xlsx_row in;
    int rc;

    do
        rc = ll_xlsx_sheet_next(r->sheet, &in, err);
    while (rc > 0 &&
           (in.number <= r->plan->header_last || (r->plan->form && ll_xlsx_form_blank(r->plan->form, &in))));
    if (rc <= 0)
        return rc;
    rc = fill(r, &in, out, err);
    return rc < 0 ? rc : 1;
}

static void rows_close(struct ll_rows *base)
{
    struct xlsx_rows *r = (struct xlsx_rows *)base;

    if (!r)
        return;
    ll_xlsx_sheet_close(r->sheet);
    ll_xlsx_zip_close(r->zip);
    for (size_t i = 0; i < r->n_groups; i++)
        ll_buf_free(&r->groups[i].text);
    free(r->groups);
    free(r->cells);
    free(r);
}

static const struct ll_rows_ops ops = {rows_next, rows_close};

int ll_xlsx_rows_open(struct ll_rows **ret, const struct ll_xlsx_plan *plan, struct ll_err *err)
{
    struct xlsx_rows *r = calloc(1, sizeof *r);

    if (!r)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    r->base.ops = &ops;
    r->plan = plan;
    r->cells = calloc(LL_XLSX_COLUMNS, sizeof *r->cells);
    int rc = r->cells ? ll_xlsx_zip_open(&r->zip, plan->file, err)
                      : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    if (rc == LL_OK)
        rc = ll_xlsx_sheet_open(&r->sheet, r->zip, plan->book, plan->part, err);
    if (rc < 0) {
        rows_close(&r->base);
        return rc;
    }
    *ret = &r->base;
    return LL_OK;
}
