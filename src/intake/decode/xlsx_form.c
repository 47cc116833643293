/* xlsx_form.c - see xlsx_form.h.  The hidden sheet has a name in column A and its value in column B; what is not known is passed over. */
#include "intake/decode/xlsx_form.h"

#include <stddef.h>
#include <string.h>

enum { ENTRIES = 32, COLUMN_MAX = 1000 };

enum kind { TEXT, NUMBER, PLACE };

static const struct {
    const char *name;
    enum kind kind;
    size_t at;
    int64_t most;
} entries[] = {
    {"resource", TEXT, offsetof(struct ll_xlsx_form, resource), 0},
    {"area", TEXT, offsetof(struct ll_xlsx_form, area), 0},
    {"sheet", TEXT, offsetof(struct ll_xlsx_form, sheet), 0},
    {"version", NUMBER, offsetof(struct ll_xlsx_form, version), 1000000},
    {"header", PLACE, offsetof(struct ll_xlsx_form, header), LL_XLSX_ROWS},
    {"fixed", PLACE, offsetof(struct ll_xlsx_form, fixed), COLUMN_MAX},
    {"marks", PLACE, offsetof(struct ll_xlsx_form, marks), COLUMN_MAX},
};

static struct ll_str cell(const struct ll_xlsx_row *row, uint32_t column)
{
    for (size_t i = 0; i < row->n; i++)
        if (row->cells[i].column == column)
            return row->cells[i].text;
    return LL_STR("");
}

static int keep(struct ll_xlsx_form *f, size_t i, struct ll_str value, struct ll_arena *arena,
                struct ll_err *err)
{
    char *at = (char *)f + entries[i].at;
    int64_t n = 0;

    if (entries[i].kind == TEXT) {
        char *text = value.n && value.n <= 256 ? ll_arena_dup(arena, value) : NULL;
        memcpy(at, &text, sizeof text);
        return text || !value.n || value.n > 256 ? LL_OK
                                                 : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    }
    if (!ll_str_i64(value, 0, entries[i].most, &n))
        return LL_OK;
    uint32_t place = (uint32_t)n;
    if (entries[i].kind == NUMBER)
        memcpy(at, &n, sizeof n);
    else
        memcpy(at, &place, sizeof place);
    return LL_OK;
}

static int take(struct ll_xlsx_form *f, const struct ll_xlsx_row *row, struct ll_arena *arena,
                struct ll_err *err)
{
    for (size_t i = 0; i < LL_COUNT(entries); i++)
        if (ll_str_is(cell(row, 0), entries[i].name))
            return keep(f, i, cell(row, 1), arena, err);
    return LL_OK;
}

static int read_sheet(struct ll_xlsx_sheet *sheet, struct ll_arena *arena, struct ll_xlsx_form *f,
                      struct ll_err *err)
{
    struct ll_xlsx_row row;
    int rc = 0;

    for (unsigned n = 0; n < ENTRIES && (rc = ll_xlsx_sheet_next(sheet, &row, err)) > 0; n++) {
        if (n == 0 && !ll_str_is(cell(&row, 0), LL_XLSX_FORM_MARK))
            return LL_OK;
        if ((rc = take(f, &row, arena, err)) < 0)
            return rc;
    }
    return rc < 0 ? rc : LL_OK;
}

int ll_xlsx_form_read(struct ll_xlsx_zip *z, const struct ll_xlsx_book *book, struct ll_arena *arena,
                      struct ll_xlsx_form *ret, struct ll_err *err)
{
    struct ll_xlsx_form f = {.resource = NULL};
    struct ll_xlsx_sheet *sheet = NULL;
    const struct ll_xlsx_tab *tab = NULL;

    for (size_t i = 0; !tab && i < book->n_tabs; i++)
        if (book->tabs[i].cells && strcmp(book->tabs[i].name, LL_XLSX_FORM_SHEET) == 0)
            tab = &book->tabs[i];
    *ret = f;
    if (!tab)
        return LL_OK;
    int rc = ll_xlsx_sheet_open(&sheet, z, book, tab->part, err);
    if (rc == LL_OK)
        rc = read_sheet(sheet, arena, &f, err);
    ll_xlsx_sheet_close(sheet);
    if (rc == LL_OK && f.resource && f.sheet && f.header)
        *ret = f;
    return rc;
}

bool ll_xlsx_form_blank(const struct ll_xlsx_form *f, const struct ll_xlsx_row *row)
{
    if (!f->resource || row->number <= f->header)
        return false;
    for (size_t i = 0; i < row->n; i++)
        if (row->cells[i].column >= f->fixed && (!f->marks || row->cells[i].column < f->marks))
            return false;
    return true;
}

bool ll_xlsx_form_beside(const char *sheet)
{
    static const char *const names[] = {LL_XLSX_RESULT_SHEET, LL_XLSX_GUIDE_ZH, LL_XLSX_GUIDE_EN};

    for (size_t i = 0; i < LL_COUNT(names); i++)
        if (strcmp(sheet, names[i]) == 0)
            return true;
    return false;
}
