/* xlsx_write.c - see xlsx_write.h.
 *
 * libxlsxwriter keeps one row and streams the sheet to a temporary file (its constant-memory mode).  It writes that file without
 * looking at the results, so a full disk would give a shorter workbook in silence: finish reads the whole file back and counts. */
#include "report/xlsx_write_impl.h"

#include "base/clock.h"
#include "base/fs.h"
#include "intake/decode/xlsx_sheet.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int ll_xlsx_no_memory(struct ll_err *err)
{
    return ll_fail(err, LL_NOMEM, "写工作簿时内存不足", "out of memory writing a workbook");
}

int ll_xlsx_lib_fail(lxw_error e, struct ll_err *err)
{
    return ll_fail(err, LL_IO, "写工作簿失败：%s", "cannot write the workbook: %s", lxw_strerror(e));
}

static bool is_escape(struct ll_str s, size_t i)
{
    if (s.n - i < 7 || s.p[i] != '_' || s.p[i + 1] != 'x' || s.p[i + 6] != '_')
        return false;
    return strspn(s.p + i + 2, "0123456789abcdefABCDEF") >= 4;
}

/* XML cannot hold most control characters and spreadsheets write them as _xHHHH_; so a text that looks like that is escaped too.  What is
 * no UTF-8, or a NUL, becomes U+FFFD.  False: there was more than `most` characters, as a spreadsheet counts them before it undoes the
 * escapes; out then has those that fit. */
static bool clean(struct ll_buf *out, struct ll_str s, size_t most)
{
    ll_buf_clear(out);
    for (size_t at = 0, used = 0; at < s.n;) {
        size_t from = at;
        int32_t cp = ll_utf8_next(s, &at);
        bool control = cp > 0 && cp < 0x20 && cp != '\t' && cp != '\n';
        bool escape = cp == '_' && is_escape(s, from);
        used += control || escape ? ESCAPED : cp >= 0x10000 ? 2 : 1;
        if (used > most)
            return false;
        if (cp == 0 || cp == 0xfffe || cp == 0xffff || (cp == 0xfffd && at - from == 1))
            ll_buf_z(out, "\xef\xbf\xbd");
        else if (control)
            ll_buf_printf(out, "_x%04X_", (unsigned)cp);
        else if (escape)
            ll_buf_z(out, "_x005F_");
        else
            ll_buf_add(out, s.p + from, at - from);
    }
    ll_buf_add(out, "", 0); /* an empty text is one, too */
    return true;
}

static lxw_format *add_format(struct ll_xlsx_write *w)
{
    lxw_format *f = workbook_add_format(w->book);

    if (f) {
        format_set_font_name(f, FONT);
        format_set_font_size(f, 10);
        format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
        format_set_num_format_index(f, TEXT_FORMAT);
        format_set_font_charset(f, GB2312);
    }
    return f;
}

static void style_title(lxw_format *f, lxw_color_t color)
{
    format_set_bold(f);
    format_set_font_color(f, color);
    format_set_bg_color(f, 0xE8F0FB);
    format_set_align(f, LXW_ALIGN_CENTER);
    format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
    format_set_text_wrap(f);
    format_set_border(f, LXW_BORDER_THIN);
    format_set_border_color(f, 0xB8C4D6);
}

static int add_formats(struct ll_xlsx_write *w, struct ll_err *err)
{
    w->text = add_format(w);
    w->reasons = add_format(w);
    w->title = add_format(w);
    w->required = add_format(w);
    w->locked = add_format(w);
    w->banner = add_format(w);
    w->wrapped = add_format(w);
    if (!w->text || !w->reasons || !w->title || !w->required || !w->locked || !w->banner || !w->wrapped)
        return ll_xlsx_no_memory(err);
    format_set_font_color(w->reasons, 0xC00000);
    format_set_text_wrap(w->reasons);
    style_title(w->title, 0x1F2D3D);
    style_title(w->required, 0xC00000);
    style_title(w->banner, 0x1F2D3D);
    format_set_font_size(w->banner, 12);
    format_set_font_color(w->locked, 0x5B6775);
    format_set_text_wrap(w->wrapped);
    if (w->protect)
        format_set_unlocked(w->text);
    return LL_OK;
}

/* At most 31 characters (UTF-16 units), none of []:*?/\ and no apostrophe at either end. */
static void sheet_name(char out[4 * SHEET_NAME + 1], const char *wanted)
{
    struct ll_str s = ll_str(wanted);
    size_t n = 0, units = 0;

    for (size_t at = 0, from = 0; at < s.n; from = at) {
        int32_t cp = ll_utf8_next(s, &at);
        size_t more = cp >= 0x10000 ? 2 : 1;
        if (units + more > SHEET_NAME)
            break;
        units += more;
        if (cp < 0x20 || cp == '\'' || (cp < 128 && strchr("[]:*?/\\", cp)) || cp == 0xfffd) {
            out[n++] = '_';
            continue;
        }
        memcpy(out + n, s.p + from, at - from);
        n += at - from;
    }
    out[n] = 0;
    if (n == 0 || strcmp(out, CHOICES_SHEET) == 0)
        memcpy(out, "Sheet1", sizeof "Sheet1");
}

/* w->cell becomes the text as the library takes it; false when it is too long and must not be cut. */
static bool prepare(struct ll_xlsx_write *w, struct ll_str text)
{
    static const char *const marks[] = {[LL_ZH] = "…（过长，已截断）", [LL_EN] = "... (too long, cut)"};

    if (clean(&w->cell, text, LL_XLSX_WRITE_CELL))
        return true;
    if (!w->cut)
        return false;
    clean(&w->cell, text, LL_XLSX_WRITE_CELL - ll_utf8_count(ll_str(marks[w->lang])));
    ll_buf_z(&w->cell, marks[w->lang]);
    return true;
}

int ll_xlsx_put(struct ll_xlsx_write *w, lxw_worksheet *sheet, uint32_t row, size_t column,
                struct ll_str text, lxw_format *format, struct ll_err *err)
{
    char name[4];

    if (!prepare(w, text))
        return ll_fail(err, LL_TOOBIG, "第 %u 行 %s 列超过 %d 个字符，工作簿装不下；请改用 CSV",
                       "row %u, column %s holds more than the %d characters that a workbook takes; use CSV",
                       row + 1, ll_xlsx_column_name((uint32_t)column, name), LL_XLSX_WRITE_CELL);
    if (w->cell.failed)
        return ll_xlsx_no_memory(err);
    lxw_error e = worksheet_write_string(sheet, row, (lxw_col_t)column, w->cell.p, format);
    return e == LXW_NO_ERROR ? LL_OK : ll_xlsx_lib_fail(e, err);
}

static void note_width(struct column *c, struct ll_str text)
{
    size_t width = ll_utf8_width(text) + 2;

    if (width > WIDEST)
        width = WIDEST;
    if (width > c->width)
        c->width = (unsigned)width;
}

static int write_banner(struct ll_xlsx_write *w, const char *text, struct ll_err *err)
{
    worksheet_set_row(w->sheet, 0, 24, NULL);
    if (w->n_columns > 1) {
        lxw_error e = worksheet_merge_range(w->sheet, 0, 0, 0, (lxw_col_t)(w->n_columns - 1), "", w->banner);
        if (e != LXW_NO_ERROR)
            return ll_xlsx_lib_fail(e, err);
    }
    w->header = 1;
    return ll_xlsx_put(w, w->sheet, 0, 0, ll_str(text), w->banner, err);
}

static int write_titles(struct ll_xlsx_write *w, const struct ll_xlsx_write_opts *o, struct ll_err *err)
{
    lxw_comment_options quiet = {.visible = LXW_COMMENT_DISPLAY_HIDDEN, .font_size = 9, .x_scale = 2};
    int rc = o->banner ? write_banner(w, o->banner, err) : LL_OK;

    worksheet_set_row(w->sheet, w->header, 30, NULL);
    for (size_t c = 0; rc == LL_OK && c < o->n_columns; c++) {
        const struct ll_xlsx_column *column = &o->columns[c];
        w->columns[c] = (struct column){.reasons = column->reasons,
                                        .locked = column->locked,
                                        .hidden = column->hidden,
                                        .width = NARROWEST};
        note_width(&w->columns[c], ll_str(column->title));
        rc = ll_xlsx_put(w, w->sheet, w->header, c, ll_str(column->title),
                         column->required ? w->required : w->title, err);
        if (rc == LL_OK && column->note && column->note[0] && clean(&w->cell, ll_str(column->note), NOTE))
            worksheet_write_comment_opt(w->sheet, w->header, (lxw_col_t)c, w->cell.p, &quiet);
    }
    worksheet_freeze_panes(w->sheet, w->header + 1, 0);
    worksheet_set_landscape(w->sheet);
    worksheet_fit_to_pages(w->sheet, 1, 0);
    worksheet_repeat_rows(w->sheet, 0, w->header);
    return rc;
}

/* The library opens the file only at the end, and looks for another folder when it cannot use the one it was told. */
static int claim_file(const struct ll_xlsx_write *w, struct ll_err *err)
{
    int fd = open(w->tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);

    if (fd < 0)
        return ll_fail_errno(err, LL_IO, "无法写 %s", "cannot write %s", w->tmp);
    close(fd);
    return LL_OK;
}

/* Without a password: against slips, not against anybody.  Sorting and filtering stay. */
static void protect(struct ll_xlsx_write *w)
{
    lxw_protection may = {.format_cells = 1,
                          .format_columns = 1,
                          .format_rows = 1,
                          .sort = 1,
                          .autofilter = 1,
                          .insert_hyperlinks = 1};

    worksheet_protect(w->sheet, NULL, &may);
}

static int start_book(struct ll_xlsx_write *w, const struct ll_xlsx_write_opts *o, struct ll_err *err)
{
    char name[4 * SHEET_NAME + 1];
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = w->dir, .use_zip64 = LXW_TRUE};
    lxw_doc_properties properties = {.created = (time_t)(ll_now_ms() / 1000)};
    int rc = claim_file(w, err);

    if (rc < 0)
        return rc;
    w->book = workbook_new_opt(w->tmp, &options);
    if (!w->book)
        return ll_xlsx_no_memory(err);
    workbook_set_properties(w->book, &properties);
    sheet_name(name, o->sheet ? o->sheet : "");
    w->sheet = workbook_add_worksheet(w->book, name);
    if (!w->sheet)
        return ll_fail(err, LL_IO, "无法在 %s 中建立临时文件", "cannot make a temporary file in %s", w->dir);
    if ((rc = add_formats(w, err)) < 0 || (rc = write_titles(w, o, err)) < 0 ||
        (rc = ll_xlsx_rules(w, o, err)) < 0 || (rc = ll_xlsx_sides(w, o, err)) < 0)
        return rc;
    if (o->protect)
        protect(w);
    return LL_OK;
}

int ll_xlsx_write_open(struct ll_xlsx_write **ret, const char *path, const struct ll_xlsx_write_opts *opts,
                       struct ll_err *err)
{
    const char *slash = strrchr(path, '/');
    struct ll_xlsx_write *w;
    int rc;

    if (opts->n_columns == 0 || opts->n_columns > LL_XLSX_WRITE_COLUMNS)
        return ll_fail(err, LL_TOOBIG, "工作簿须有 1 至 %d 列，现有 %zu 列",
                       "a workbook has 1 to %d columns, not %zu", LL_XLSX_WRITE_COLUMNS, opts->n_columns);
    w = calloc(1, sizeof *w);
    if (!w)
        return ll_xlsx_no_memory(err);
    w->cell = LL_BUF_INIT(CELL_BYTES);
    w->n_columns = opts->n_columns;
    w->lang = opts->lang;
    w->cut = opts->cut;
    w->protect = opts->protect;
    w->columns = calloc(opts->n_columns, sizeof *w->columns);
    rc = w->columns ? LL_OK : ll_xlsx_no_memory(err);
    if (rc == LL_OK && (rc = ll_path(w->path, err, "%s", path)) == LL_OK &&
        (rc = ll_path(w->tmp, err, "%s.tmp", path)) == LL_OK &&
        (rc = ll_path(w->dir, err, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".")) == LL_OK)
        rc = start_book(w, opts, err);
    if (rc < 0) {
        ll_xlsx_write_free(w);
        return rc;
    }
    *ret = w;
    return LL_OK;
}

static lxw_format *format_of(const struct ll_xlsx_write *w, size_t c)
{
    return w->columns[c].reasons ? w->reasons : w->columns[c].locked ? w->locked : w->text;
}

int ll_xlsx_write_row(struct ll_xlsx_write *w, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    bool shows = false;
    int rc = LL_OK;

    if (w->rows + w->header == LL_XLSX_WRITE_ROWS)
        return ll_fail(err, LL_TOOBIG, "超过 %d 行，一个工作表装不下；请改用 CSV",
                       "over the %d rows that a sheet takes; use CSV", LL_XLSX_WRITE_ROWS);
    w->rows++;
    for (size_t c = 0; rc == LL_OK && c < n && c < w->n_columns; c++) {
        if (!cells[c].p || !cells[c].n)
            continue;
        shows = true;
        if (w->rows <= WIDTH_ROWS)
            note_width(&w->columns[c], cells[c]);
        rc = ll_xlsx_put(w, w->sheet, w->header + w->rows, c, cells[c], format_of(w, c), err);
    }
    w->shown += shows;
    return rc;
}

static void set_columns(struct ll_xlsx_write *w)
{
    for (size_t c = 0; c < w->n_columns; c++) {
        lxw_row_col_options o = {.hidden = w->columns[c].hidden};
        worksheet_set_column_opt(w->sheet, (lxw_col_t)c, (lxw_col_t)c,
                                 w->columns[c].reasons ? REASONS_WIDTH : w->columns[c].width, format_of(w, c),
                                 &o);
    }
    if (w->rows)
        worksheet_autofilter(w->sheet, w->header, 0, w->header + w->rows, (lxw_col_t)(w->n_columns - 1));
}

static int count_rows(struct ll_xlsx_zip *z, struct ll_xlsx_book **book, uint64_t *ret, struct ll_err *err)
{
    struct ll_xlsx_sheet *sheet = NULL;
    struct ll_xlsx_row row;
    int rc = ll_xlsx_book_open(book, z, err);

    if (rc == LL_OK)
        rc = ll_xlsx_sheet_open(&sheet, z, *book, (*book)->tabs[0].part, err);
    while (rc >= 0 && (rc = ll_xlsx_sheet_next(sheet, &row, err)) > 0)
        (*ret)++;
    ll_xlsx_sheet_close(sheet);
    return rc;
}

static int read_back(const struct ll_xlsx_write *w, struct ll_err *err)
{
    struct ll_bytes file = LL_BYTES_INIT;
    struct ll_xlsx_zip *z = NULL;
    struct ll_xlsx_book *book = NULL;
    uint64_t rows = 0;
    int rc = ll_bytes_open(&file, w->tmp, err);

    if (rc == LL_OK && (rc = ll_xlsx_zip_open(&z, &file, err)) == LL_OK)
        rc = count_rows(z, &book, &rows, err);
    ll_xlsx_book_close(book);
    ll_xlsx_zip_close(z);
    ll_bytes_close(&file);
    if (rc < 0)
        return ll_fail_in(err, "写出的工作簿读不回来，磁盘可能已满",
                          "the workbook that was written cannot be read back; is the disk full?");
    if (rows != (uint64_t)w->shown + w->header + 1)
        return ll_fail(
            err, LL_IO, "写出的工作簿缺少内容，磁盘可能已满（应有 %u 行，读回 %llu 行）",
            "the workbook that was written is short; is the disk full? (%u rows written, %llu read back)",
            w->shown + 1, (unsigned long long)rows);
    return LL_OK;
}

int ll_xlsx_write_finish(struct ll_xlsx_write *w, struct ll_err *err)
{
    int rc;

    set_columns(w);
    lxw_error e = workbook_close(w->book);
    w->book = NULL;
    if (e != LXW_NO_ERROR)
        return ll_xlsx_lib_fail(e, err);
    if ((rc = read_back(w, err)) < 0 || (rc = ll_fs_sync_file(w->tmp, err)) < 0 ||
        (rc = ll_fs_move(w->tmp, w->path, err)) < 0)
        return rc;
    w->moved = true;
    return LL_OK;
}

/* The library has no way to give a workbook up: it is closed, and the file removed. */
struct ll_xlsx_write *ll_xlsx_write_free(struct ll_xlsx_write *w)
{
    if (!w)
        return NULL;
    if (w->book)
        (void)workbook_close(w->book);
    if (!w->moved)
        unlink(w->tmp);
    ll_buf_free(&w->cell);
    free(w->columns);
    free(w);
    return NULL;
}
