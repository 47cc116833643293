/* xlsx_kit.c - see xlsx_kit.h. */
#include "xlsx_kit.h"

#include "base/fs.h"

#include <unistd.h>
#include <zip.h>

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define RELATIONSHIPS(inner)                                                                                 \
    XML "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" inner       \
        "</Relationships>"

int kit_setup(void **state)
{
    struct kit *k = calloc(1, sizeof *k);

    assert_non_null(k);
    snprintf(k->dir, sizeof k->dir, "/tmp/luling-xlsx-XXXXXX");
    assert_non_null(mkdtemp(k->dir));
    snprintf(k->path, sizeof k->path, "%s/book.xlsx", k->dir);
    k->text = LL_BUF_INIT(1 << 24);
    *state = k;
    return 0;
}

int kit_teardown(void **state)
{
    struct kit *k = *state;

    kit_close(k);
    ll_buf_free(&k->text);
    assert_int_equal(ll_fs_remove_tree(k->dir, &k->err), LL_OK);
    free(k);
    return 0;
}

void kit_file(struct kit *k, const void *bytes, size_t n)
{
    FILE *f = fopen(k->path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

void kit_zip(struct kit *k, const struct kit_part *parts, size_t n)
{
    zip_t *z = zip_open(k->path, ZIP_CREATE | ZIP_TRUNCATE, NULL);

    assert_non_null(z);
    for (size_t i = 0; i < n; i++)
        if (parts[i].content) {
            zip_source_t *s = zip_source_buffer(z, parts[i].content, strlen(parts[i].content), 0);
            assert_non_null(s);
            assert_true(zip_file_add(z, parts[i].name, s, 0) >= 0);
        }
    assert_int_equal(zip_close(z), 0);
}

static char *around(const char *before, const char *inner, const char *after)
{
    char *text = NULL;

    if (inner)
        assert_true(asprintf(&text, "%s%s%s", before, inner, after) > 0);
    return text;
}

void kit_book(struct kit *k, const struct kit_book *b)
{
    char *sheet = around(XML "<worksheet xmlns=\"" MAIN "\">", b->sheet, "</worksheet>");
    char *strings = around(XML "<sst xmlns=\"" MAIN "\">", b->strings, "</sst>");
    char *styles = around(XML "<styleSheet xmlns=\"" MAIN "\">", b->styles, "</styleSheet>");
    char *workbook = around(XML "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE "\"><workbookPr ",
                            b->props ? b->props : "",
                            "/><sheets><sheet name=\"表\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
    struct kit_part parts[] = {
        {"_rels/.rels", RELATIONSHIPS("<Relationship Id=\"rId1\" Type=\"" OFFICE
                                      "/officeDocument\" Target=\"xl/workbook.xml\"/>")},
        {"xl/workbook.xml", workbook},
        {"xl/_rels/workbook.xml.rels",
         RELATIONSHIPS(
             "<Relationship Id=\"rId1\" Type=\"" OFFICE "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
             "<Relationship Id=\"rId2\" Type=\"" OFFICE "/sharedStrings\" Target=\"sharedStrings.xml\"/>"
             "<Relationship Id=\"rId3\" Type=\"" OFFICE "/styles\" Target=\"styles.xml\"/>")},
        {"xl/worksheets/sheet1.xml", sheet},
        {"xl/sharedStrings.xml", strings},
        {"xl/styles.xml", styles},
    };

    kit_zip(k, parts, LL_COUNT(parts));
    free(sheet);
    free(strings);
    free(styles);
    free(workbook);
}

void kit_sheet(struct kit *k, const char *sheet)
{
    kit_book(k, &(struct kit_book){.sheet = sheet});
}

int kit_open(struct kit *k, const struct ll_source_opts *opts)
{
    struct ll_source_opts usual = LL_SOURCE_OPTS_INIT;

    kit_close(k);
    int rc = ll_source_open(k->path, "book.xlsx", k->dir, opts ? opts : &usual, &k->source, &k->err);
    if (rc == LL_OK)
        k->info = *ll_source_info(k->source);
    return rc;
}

void kit_close(struct kit *k)
{
    k->source = ll_source_close(k->source);
}

static void show(struct ll_buf *out, const struct ll_row *row)
{
    ll_buf_printf(out, "%llu: ", (unsigned long long)row->line);
    for (size_t i = 0; i < row->n; i++)
        ll_buf_printf(out, "%s" LL_STR_FMT, i ? "|" : "", row->cells[i].p ? (int)row->cells[i].n : 1,
                      row->cells[i].p ? row->cells[i].p : "-");
    if (row->fault >= 0)
        ll_buf_printf(out, " !%s %s", ll_fault_code((enum ll_fault)row->fault), row->detail_en);
    ll_buf_c(out, '\n');
}

int kit_rows(struct kit *k)
{
    struct ll_rows *rows = NULL;
    struct ll_range range;
    struct ll_row row;
    uint64_t counted = 0, read = 0;
    unsigned n = 0;
    int rc = ll_source_scan(k->source, 1, &range, &n, &counted, &k->err);

    if (rc < 0 || (rc = ll_source_rows(k->source, &range, &rows, &k->err)) < 0)
        return rc;
    while ((rc = rows->ops->next(rows, &row, &k->err)) > 0) {
        assert_int_equal(row.number, ++read);
        assert_true(row.n >= k->info.n_columns);
        show(&k->text, &row);
    }
    rows->ops->close(rows);
    if (rc == LL_OK)
        assert_int_equal(read, counted);
    return rc;
}

int kit_read(struct kit *k, const struct ll_source_opts *opts)
{
    int rc = kit_open(k, opts);

    ll_buf_clear(&k->text);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < k->info.n_columns; i++)
        ll_buf_printf(&k->text, "%s" LL_STR_FMT, i ? "|" : "", LL_STR_ARG(k->info.names[i]));
    ll_buf_c(&k->text, '\n');
    return kit_rows(k);
}
