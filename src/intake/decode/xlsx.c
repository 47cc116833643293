/* xlsx.c - workbooks as a source: picks the sheet, reads it once to know its header, merged ranges and number of rows, and gives
 * readers over its rows.
 *
 * Merged ranges stand behind the rows in the file, and the number of rows nowhere reliable, so that first pass cannot be spared.  A
 * sheet cannot be entered in the middle: there is one range whatever is asked for. */
#include "intake/decode/backend.h"
#include "intake/decode/columns.h"
#include "intake/decode/xlsx_form.h"
#include "intake/decode/xlsx_head.h"
#include "intake/decode/xlsx_rows.h"

#include <stdlib.h>
#include <string.h>

/* What the first pass over one sheet found. */
struct survey {
    struct ll_xlsx_head *head;
    struct ll_xlsx_merge *merges;
    size_t n_merges;
    uint64_t cells, rows;
    uint32_t hidden_rows, hidden_columns;
};

struct xlsx {
    struct ll_xlsx_book *book;
    const struct ll_xlsx_tab *tab; /* the sheet that is read */
    struct ll_xlsx_form form;
    struct survey survey;
    struct ll_xlsx_header header;
    struct ll_xlsx_plan plan;
    uint64_t rows;
};

static void survey_free(struct survey *s)
{
    ll_xlsx_head_free(s->head);
    free(s->merges);
    *s = (struct survey){0};
}

static int keep_merges(struct survey *s, const struct ll_xlsx_sheet *sheet, struct ll_err *err)
{
    const struct ll_xlsx_merge *merges = ll_xlsx_sheet_merges(sheet, &s->n_merges);

    s->merges = calloc(s->n_merges + 1, sizeof *s->merges);
    if (!s->merges)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    if (s->n_merges)
        memcpy(s->merges, merges, s->n_merges * sizeof *merges);
    return LL_OK;
}

static int survey_rows(struct survey *s, struct ll_xlsx_sheet *sheet, const struct ll_xlsx_form *form,
                       struct ll_err *err)
{
    struct ll_xlsx_row row;
    int rc;

    while ((rc = ll_xlsx_sheet_next(sheet, &row, err)) > 0) {
        if (ll_xlsx_form_blank(form, &row))
            continue;
        s->rows++;
        s->cells += row.n;
        if ((rc = ll_xlsx_head_add(s->head, &row, err)) < 0)
            return rc;
    }
    if (rc < 0)
        return rc;
    s->hidden_rows = ll_xlsx_sheet_hidden_rows(sheet);
    s->hidden_columns = ll_xlsx_sheet_hidden_columns(sheet);
    return keep_merges(s, sheet, err);
}

static int survey_sheet(struct survey *s, struct ll_xlsx_zip *z, const struct ll_xlsx_book *book,
                        const struct ll_xlsx_tab *tab, const struct ll_xlsx_form *form, struct ll_err *err)
{
    struct ll_xlsx_sheet *sheet = NULL;
    int rc = ll_xlsx_sheet_open(&sheet, z, book, tab->part, err);

    *s = (struct survey){0};
    if (rc < 0)
        return rc == LL_NOTFOUND
                   ? ll_fail(err, LL_INVALID, "工作表“%s”的内容缺失，工作簿已损坏",
                             "the content of sheet \"%s\" is missing: the workbook is damaged", tab->name)
                   : rc;
    s->head = ll_xlsx_head_new();
    rc = s->head ? survey_rows(s, sheet, form, err) : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    ll_xlsx_sheet_close(sheet);
    if (rc < 0)
        survey_free(s);
    return rc;
}

static void list_names(const struct ll_xlsx_book *b, struct ll_buf *out, const struct ll_xlsx_tab *but)
{
    for (size_t i = 0; i < b->n_tabs; i++)
        if (&b->tabs[i] != but)
            ll_buf_printf(out, "%s%s", out->n ? "、" : "", b->tabs[i].name);
}

static int no_such_sheet(const struct ll_xlsx_book *b, const char *name, struct ll_err *err)
{
    struct ll_buf names = LL_BUF_INIT(1 << 20);

    list_names(b, &names, NULL);
    int rc = ll_fail(err, LL_INVALID, "工作簿中没有可读取的工作表“%s”；有：%s",
                     "the workbook has no readable sheet \"%s\"; it has: %s", name, ll_buf_view(&names).p);
    ll_buf_free(&names);
    return rc;
}

/* By name, or "#2" for the second tab. */
static const struct ll_xlsx_tab *named_tab(const struct ll_xlsx_book *b, const char *name)
{
    int64_t at;

    for (size_t i = 0; i < b->n_tabs; i++)
        if (b->tabs[i].cells && strcmp(b->tabs[i].name, name) == 0)
            return &b->tabs[i];
    if (name[0] == '#' && ll_str_i64(ll_str(name + 1), 1, (int64_t)b->n_tabs, &at) && b->tabs[at - 1].cells)
        return &b->tabs[at - 1];
    return NULL;
}

/* The sheet with the most cells, among those with the given visibility. */
static int survey_most(struct xlsx *x, struct ll_xlsx_zip *z, bool hidden, struct ll_err *err)
{
    for (size_t i = 0; i < x->book->n_tabs; i++) {
        const struct ll_xlsx_tab *tab = &x->book->tabs[i];
        struct survey s;
        if (!tab->cells || tab->hidden != hidden || ll_xlsx_form_beside(tab->name))
            continue;
        int rc = survey_sheet(&s, z, x->book, tab, &x->form, err);
        if (rc < 0)
            return rc;
        if (x->tab && s.cells <= x->survey.cells) {
            survey_free(&s);
            continue;
        }
        survey_free(&x->survey);
        x->survey = s;
        x->tab = tab;
    }
    return LL_OK;
}

static int choose_sheet(struct xlsx *x, struct ll_xlsx_zip *z, const char *wanted, struct ll_err *err)
{
    if (!wanted && x->form.resource)
        wanted = x->form.sheet;
    if (wanted) {
        x->tab = named_tab(x->book, wanted);
        return x->tab ? survey_sheet(&x->survey, z, x->book, x->tab, &x->form, err)
                      : no_such_sheet(x->book, wanted, err);
    }
    int rc = survey_most(x, z, false, err);
    if (rc == LL_OK && x->survey.cells == 0)
        rc = survey_most(x, z, true, err);
    if (rc == LL_OK && x->survey.cells == 0)
        rc = ll_fail(err, LL_INVALID, "工作簿中没有内容", "the workbook is empty");
    return rc;
}

static int by_top(const void *a, const void *b)
{
    const struct ll_xlsx_merge *x = a, *y = b;

    return (x->top > y->top) - (x->top < y->top);
}

/* Keeps the merged ranges that rows below the header repeat. */
static void plan_merges(struct xlsx *x)
{
    struct survey *s = &x->survey;
    size_t n = 0;

    for (size_t i = 0; i < s->n_merges; i++)
        if (s->merges[i].bottom > s->merges[i].top && s->merges[i].top > x->header.last)
            s->merges[n++] = s->merges[i];
    qsort(s->merges, n, sizeof *s->merges, by_top);
    x->plan.merges = s->merges;
    x->plan.n_merges = n;
}

static void describe_header(const struct xlsx *x, struct ll_buf *zh, struct ll_buf *en)
{
    const struct ll_xlsx_header *h = &x->header;

    if (h->first == 0) {
        ll_buf_z(zh, "，无表头");
        ll_buf_z(en, ", no header");
    } else if (h->first == h->last) {
        ll_buf_printf(zh, "，表头第 %u 行", h->first);
        ll_buf_printf(en, ", header in row %u", h->first);
    } else {
        ll_buf_printf(zh, "，表头第 %u 至 %u 行", h->first, h->last);
        ll_buf_printf(en, ", header in rows %u to %u", h->first, h->last);
    }
}

static int describe(const struct xlsx *x, struct ll_arena *arena, struct ll_source_info *info,
                    struct ll_err *err)
{
    struct ll_buf zh = LL_BUF_INIT(1 << 16), en = LL_BUF_INIT(1 << 16), others = LL_BUF_INIT(1 << 15);
    const struct survey *s = &x->survey;

    ll_buf_printf(&zh, "工作表“%s”%s", x->tab->name, x->tab->hidden ? "（隐藏）" : "");
    ll_buf_printf(&en, "sheet \"%s\"%s", x->tab->name, x->tab->hidden ? " (hidden)" : "");
    list_names(x->book, &others, x->tab);
    if (others.n) {
        ll_buf_printf(&zh, "（未读取的工作表：%s）", others.p);
        ll_buf_printf(&en, " (sheets not read: %s)", others.p);
    }
    describe_header(x, &zh, &en);
    if (s->hidden_rows || s->hidden_columns) {
        ll_buf_printf(&zh, "，含隐藏的 %u 行 %u 列（均已读取）", s->hidden_rows, s->hidden_columns);
        ll_buf_printf(&en, ", with %u hidden rows and %u hidden columns (read too)", s->hidden_rows,
                      s->hidden_columns);
    }
    info->text[LL_ZH] = ll_arena_dup(arena, ll_buf_view(&zh));
    info->text[LL_EN] = ll_arena_dup(arena, ll_buf_view(&en));
    ll_buf_free(&zh);
    ll_buf_free(&en);
    ll_buf_free(&others);
    return info->text[LL_ZH] && info->text[LL_EN] ? LL_OK
                                                  : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
}

static int read_layout(struct xlsx *x, const struct ll_decode_input *in, struct ll_source_info *info,
                       struct ll_err *err)
{
    int header = x->form.resource ? (int)x->form.header : in->opts->header;
    int rc = ll_xlsx_head_find(x->survey.head, x->survey.merges, x->survey.n_merges, header, in->arena,
                               &x->header, err);

    if (rc < 0 ||
        (rc = ll_columns_set(info, in->arena, x->header.names, x->header.n, in->opts->max_columns, err)) < 0)
        return rc;
    x->rows = x->survey.rows - ll_xlsx_head_filled(x->survey.head, 1, x->header.last);
    plan_merges(x);
    x->plan.file = in->file;
    x->plan.book = x->book;
    x->plan.part = x->tab->part;
    x->plan.names = info->names;
    x->plan.n_columns = info->n_columns;
    x->plan.header_last = x->header.last;
    x->plan.form = &x->form;
    if (x->form.resource)
        info->form = (struct ll_source_form){x->form.resource, x->form.area, x->form.version};
    x->survey.head = ll_xlsx_head_free(x->survey.head);
    info->format = LL_FORMAT_XLSX;
    info->charset = "UTF-8";
    info->sheet = x->tab->name;
    info->header_line = x->header.last;
    info->title_rows = x->header.titles;
    info->bytes = in->size;
    return describe(x, in->arena, info, err);
}

static void xlsx_close(void *impl)
{
    struct xlsx *x = impl;

    if (!x)
        return;
    survey_free(&x->survey);
    ll_xlsx_book_close(x->book);
    free(x);
}

static int xlsx_open(const struct ll_decode_input *in, struct ll_source_info *info, void **ret,
                     struct ll_err *err)
{
    struct ll_xlsx_zip *z = NULL;
    struct xlsx *x = calloc(1, sizeof *x);
    int rc = x ? ll_xlsx_zip_open(&z, in->file, err) : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");

    if (rc == LL_OK)
        rc = ll_xlsx_book_open(&x->book, z, err);
    if (rc == LL_OK && !in->opts->sheet)
        rc = ll_xlsx_form_read(z, x->book, in->arena, &x->form, err);
    if (rc == LL_OK)
        rc = choose_sheet(x, z, in->opts->sheet, err);
    ll_xlsx_zip_close(z);
    if (rc == LL_OK)
        rc = read_layout(x, in, info, err);
    if (rc < 0) {
        xlsx_close(x);
        return rc;
    }
    *ret = x;
    return LL_OK;
}

static int xlsx_scan(void *impl, unsigned max, struct ll_range *ranges, unsigned *ret_n, uint64_t *ret_rows,
                     struct ll_err *err)
{
    const struct xlsx *x = impl;

    (void)err;
    LL_ASSERT(max > 0);
    ranges[0] = (struct ll_range){.first_row = 1, .first_line = x->header.last + 1, .rows = x->rows};
    *ret_n = 1;
    *ret_rows = x->rows;
    return LL_OK;
}

static int xlsx_rows(void *impl, const struct ll_range *range, struct ll_rows **ret, struct ll_err *err)
{
    const struct xlsx *x = impl;

    (void)range; /* there is only the one */
    return ll_xlsx_rows_open(ret, &x->plan, err);
}

const struct ll_decode_backend ll_decode_xlsx = {xlsx_open, xlsx_scan, xlsx_rows, xlsx_close};
