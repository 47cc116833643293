/* xlsx_mark.c - see xlsx_mark.h.  The package: which parts change, and writing them into a copy of the file. */
#include "report/xlsx_mark_impl.h"

#include "intake/decode/xlsx_form.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#define BOOK "xl/workbook.xml"
#define BOOK_RELS "xl/_rels/workbook.xml.rels"
#define TYPES "[Content_Types].xml"
#define NEW_COMMENTS "/xl/lulingComments.xml"
#define NEW_SHAPES "/xl/drawings/lulingShapes.vml"
#define NEW_RESULT "/xl/worksheets/lulingResult.xml"

enum part {
    SHEET,
    SHEET_RELS,
    COMMENTS,
    SHAPES,
    STYLES,
    BOOK_PART,
    BOOK_RELS_PART,
    TYPES_PART,
    RESULT,
    PARTS
};

struct marking {
    const struct ll_xlsx_marks *m;
    struct ll_xlsx_zip *zip;
    char name[PARTS][LL_PATH]; /* "": the part does not change */
    struct ll_buf was[PARTS], now[PARTS];
    struct ll_mark_gone gone;
    bool has_result; /* an earlier marking left its list */
    struct ll_err *err;
};

/* ---- reading ---- */

/* Missing parts are "", where they may be. */
static int read_part(struct marking *k, const char *name, uint64_t limit, bool may, struct ll_buf *out)
{
    struct ll_xlsx_part *part = NULL;
    char piece[64 << 10];
    int64_t n = 0;
    int rc = ll_xlsx_part_open(&part, k->zip, name, limit, may ? NULL : k->err);

    if (rc == LL_NOTFOUND && may)
        return LL_OK;
    if (rc < 0)
        return rc;
    while ((n = ll_xlsx_part_read(part, piece, sizeof piece, k->err)) > 0)
        ll_buf_add(out, piece, (size_t)n);
    ll_xlsx_part_close(part);
    if (n == 0 && out->failed)
        return ll_fail(k->err, LL_TOOBIG, "工作簿的部件 %s 过大，无法批注；请改用隔离区文件",
                       "part %s of the workbook is too large to be marked: use the quarantine file instead",
                       name);
    return n < 0 ? (int)n : LL_OK;
}

static void rels_name(const char *part, char out[LL_PATH])
{
    const char *slash = strrchr(part, '/');
    int folder = slash ? (int)(slash - part) + 1 : 0;

    snprintf(out, LL_PATH, "%.*s_rels/%.200s.rels", folder, part, part + folder);
}

/* Where the sheets lie; whether an earlier list is there. */
static int find_sheets(struct marking *k)
{
    struct ll_xlsx_book *book = NULL;
    int rc = ll_xlsx_book_open(&book, k->zip, k->err);

    for (size_t i = 0; rc == LL_OK && i < book->n_tabs; i++) {
        if (!book->tabs[i].cells)
            continue;
        if (strcmp(book->tabs[i].name, k->m->sheet) == 0)
            snprintf(k->name[SHEET], LL_PATH, "%s", book->tabs[i].part);
        if (strcmp(book->tabs[i].name, LL_XLSX_RESULT_SHEET) == 0) {
            snprintf(k->name[RESULT], LL_PATH, "%s", book->tabs[i].part);
            k->has_result = true;
        }
    }
    ll_xlsx_book_close(book);
    if (rc == LL_OK && !k->name[SHEET][0])
        rc = ll_fail(k->err, LL_INVALID, "工作簿中找不到工作表“%s”", "the workbook has no sheet \"%s\"",
                     k->m->sheet);
    return rc;
}

static int read_fixed(struct marking *k)
{
    int rc = find_sheets(k);

    snprintf(k->name[BOOK_PART], LL_PATH, BOOK);
    snprintf(k->name[BOOK_RELS_PART], LL_PATH, BOOK_RELS);
    snprintf(k->name[TYPES_PART], LL_PATH, TYPES);
    rels_name(k->name[SHEET], k->name[SHEET_RELS]);
    if (rc == LL_OK &&
        (rc = read_part(k, k->name[SHEET], LL_XLSX_MARK_SHEET, false, &k->was[SHEET])) == LL_OK &&
        (rc = read_part(k, k->name[SHEET_RELS], LL_XLSX_META_MAX, true, &k->was[SHEET_RELS])) == LL_OK &&
        (rc = read_part(k, BOOK, LL_XLSX_META_MAX, false, &k->was[BOOK_PART])) == LL_OK &&
        (rc = read_part(k, BOOK_RELS, LL_XLSX_META_MAX, false, &k->was[BOOK_RELS_PART])) == LL_OK)
        rc = read_part(k, TYPES, LL_XLSX_META_MAX, false, &k->was[TYPES_PART]);
    return rc;
}

/* ---- changing ---- */

/* The id by which the sheet names the drawing of its comments; "" when it has none. */
static void legacy_start(void *ctx, struct ll_splice *s, const struct ll_tag *t)
{
    const char *id = t->depth == 1 && strcmp(t->name, "legacyDrawing") == 0 ? ll_tag_att(t, "id") : NULL;

    (void)s;
    if (id)
        snprintf(ctx, 64, "%s", id);
}

static int legacy_id(struct marking *k, char id[64])
{
    static const struct ll_splice_ops ops = {legacy_start, NULL};
    struct ll_buf same = LL_BUF_INIT(MARK_PART);
    int rc;

    id[0] = 0;
    rc = ll_splice_run(ll_buf_view(&k->was[SHEET]), k->name[SHEET], &ops, id, &same, k->err);
    ll_buf_free(&same);
    return rc;
}

static int change_comments(struct marking *k, char vml_id[64])
{
    struct mark_rel rels[] = {{.type = "comments", .target = NEW_COMMENTS, .add_id = "rIdLuling1"},
                              {.type = "vmlDrawing", .target = NEW_SHAPES, .add_id = "rIdLuling2"}};
    char legacy[64];
    int rc = legacy_id(k, legacy);

    snprintf(rels[1].id, sizeof rels[1].id, "%s", legacy);
    if (rc < 0 || (rc = ll_mark_rels(ll_buf_view(&k->was[SHEET_RELS]), k->name[SHEET], rels, LL_COUNT(rels),
                                     &k->now[SHEET_RELS], k->err)) < 0)
        return rc;
    snprintf(vml_id, 64, "%s", rels[1].id);
    snprintf(k->name[COMMENTS], LL_PATH, "%s", rels[0].part);
    snprintf(k->name[SHAPES], LL_PATH, "%s", rels[1].part);
    if ((rc = read_part(k, k->name[COMMENTS], LL_XLSX_META_MAX, true, &k->was[COMMENTS])) < 0 ||
        (rc = read_part(k, k->name[SHAPES], LL_XLSX_META_MAX, true, &k->was[SHAPES])) < 0 ||
        (rc = ll_mark_comments(ll_buf_view(&k->was[COMMENTS]), k->m, &k->gone, &k->now[COMMENTS], k->err)) <
            0)
        return rc;
    return ll_mark_shapes(ll_buf_view(&k->was[SHAPES]), k->m, &k->gone, &k->now[SHAPES], k->err);
}

static int change_book(struct marking *k, size_t dxf[2])
{
    struct mark_rel rels[] = {
        {.type = "styles"},
        {.type = "worksheet", .id = "rIdLuling3", .target = NEW_RESULT, .add_id = "rIdLuling3"}};
    size_t n = k->has_result ? 1 : 2;
    int rc = ll_mark_rels(ll_buf_view(&k->was[BOOK_RELS_PART]), BOOK, rels, n, &k->now[BOOK_RELS_PART],
                          k->err);

    if (rc < 0)
        return rc;
    if (!rels[0].found)
        return ll_fail(k->err, LL_INVALID, "工作簿没有样式表，无法批注；请改用隔离区文件",
                       "the workbook has no styles and cannot be marked: use the quarantine file instead");
    snprintf(k->name[STYLES], LL_PATH, "%s", rels[0].part);
    if (!k->has_result) {
        snprintf(k->name[RESULT], LL_PATH, "%s", rels[1].part);
        rc = ll_mark_book(ll_buf_view(&k->was[BOOK_PART]), LL_XLSX_RESULT_SHEET, rels[1].id,
                          &k->now[BOOK_PART], k->err);
    }
    if (rc == LL_OK)
        rc = read_part(k, k->name[STYLES], LL_XLSX_META_MAX, false, &k->was[STYLES]);
    return rc < 0 ? rc : ll_mark_styles(ll_buf_view(&k->was[STYLES]), dxf, &k->now[STYLES], k->err);
}

static int change_all(struct marking *k)
{
    char vml_id[64], comments[LL_PATH + 1], result[LL_PATH + 1];
    size_t dxf[2];
    int rc;

    if ((rc = read_fixed(k)) < 0 || (rc = change_comments(k, vml_id)) < 0 || (rc = change_book(k, dxf)) < 0 ||
        (rc = ll_mark_sheet(ll_buf_view(&k->was[SHEET]), k->m, dxf, vml_id, &k->now[SHEET], k->err)) < 0)
        return rc;
    snprintf(comments, sizeof comments, "/%s", k->name[COMMENTS]);
    snprintf(result, sizeof result, "/%s", k->name[RESULT]);
    const char *const parts[][2] = {{comments, "comments"}, {result, "worksheet"}};
    if ((rc = ll_mark_types(ll_buf_view(&k->was[TYPES_PART]), parts, LL_COUNT(parts), &k->now[TYPES_PART],
                            k->err)) < 0)
        return rc;
    ll_mark_summary(k->m, &k->now[RESULT]);
    return k->now[RESULT].failed
               ? ll_fail(k->err, LL_TOOBIG, "核查结果过长", "the list of faults is too long")
               : LL_OK;
}

/* ---- writing ---- */

static int copy_file(const struct ll_bytes *file, const char *path, struct ll_err *err)
{
    enum { CHUNK = 1 << 20 };
    char *chunk = malloc(CHUNK);
    int fd = chunk ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1, rc = LL_OK;
    size_t n = 0;

    if (fd < 0) {
        free(chunk);
        return ll_fail_errno(err, LL_IO, "无法写入 %s", "cannot write %s", path);
    }
    for (int64_t at = 0; rc == LL_OK && at < file->size; at += (int64_t)n) {
        rc = ll_bytes_read(file, chunk, CHUNK, at, &n, err);
        if (rc == LL_OK && (n == 0 || write(fd, chunk, n) != (ssize_t)n))
            rc = ll_fail_errno(err, LL_IO, "无法写入 %s", "cannot write %s", path);
    }
    free(chunk);
    if (close(fd) < 0 && rc == LL_OK)
        rc = ll_fail_errno(err, LL_IO, "无法写入 %s", "cannot write %s", path);
    return rc;
}

static int zip_failed(zip_t *z, struct ll_err *err)
{
    return ll_fail(err, LL_IO, "写工作簿失败：%s", "cannot write the workbook: %s",
                   zip_error_strerror(zip_get_error(z)));
}

/* Names are compared as the reader compares them. */
static int replace_part(zip_t *z, const char *name, const struct ll_buf *text, struct ll_err *err)
{
    zip_int64_t at = zip_name_locate(z, name, ZIP_FL_NOCASE);
    zip_source_t *source = zip_source_buffer(z, text->p, text->n, 0);

    if (!source)
        return zip_failed(z, err);
    if ((at < 0 ? zip_file_add(z, name, source, ZIP_FL_ENC_UTF_8)
                : zip_file_replace(z, (zip_uint64_t)at, source, 0)) < 0) {
        zip_source_free(source);
        return zip_failed(z, err);
    }
    return LL_OK;
}

static int write_parts(struct marking *k, const char *path)
{
    zip_t *z = zip_open(path, 0, NULL);
    int rc = LL_OK;

    if (!z)
        return ll_fail(k->err, LL_IO, "无法打开 %s", "cannot open %s", path);
    for (size_t i = 0; rc == LL_OK && i < PARTS; i++)
        if (k->now[i].n)
            rc = replace_part(z, k->name[i], &k->now[i], k->err);
    if (rc < 0)
        zip_discard(z);
    else if (zip_close(z) < 0) {
        rc = zip_failed(z, k->err);
        zip_discard(z);
    }
    return rc;
}

int ll_xlsx_mark(const struct ll_bytes *file, const struct ll_xlsx_marks *m, const char *path,
                 struct ll_err *err)
{
    struct marking *k = calloc(1, sizeof *k);
    int rc;

    if (!k)
        return ll_fail(err, LL_NOMEM, "批注工作簿时内存不足", "out of memory marking a workbook");
    k->m = m;
    k->err = err;
    for (size_t i = 0; i < PARTS; i++)
        k->was[i] = k->now[i] = LL_BUF_INIT(MARK_PART);
    if ((rc = ll_xlsx_zip_open(&k->zip, file, err)) == LL_OK)
        rc = change_all(k);
    k->zip = ll_xlsx_zip_close(k->zip);
    if (rc == LL_OK && (rc = copy_file(file, path, err)) == LL_OK && (rc = write_parts(k, path)) < 0)
        unlink(path);
    for (size_t i = 0; i < PARTS; i++) {
        ll_buf_free(&k->was[i]);
        ll_buf_free(&k->now[i]);
    }
    free(k->gone.list);
    free(k);
    return rc;
}
