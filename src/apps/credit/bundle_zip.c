/* bundle_zip.c - the file of a bundle: its reports, taken out of the parts, and index.csv that says what became of each subject (bundle.h). */
#include "apps/credit/bundle_impl.h"

#include "base/clock.h"
#include "crypto/random.h"
#include "intake/sealed.h"
#include "report/zip_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { INDEX_MAX = 16 << 20 };

struct packing {
    struct ll_data *d;
    const struct ll_bundle *b;
    const struct ll_bundle_row *rows;
    struct ll_zip_store *zip;
    struct ll_buf index;
    int64_t part, at; /* which is open, and how far it was read */
    struct ll_bytes bytes;
};

/* A row of table report_bundle_row. */
struct done {
    int64_t row, entry, part, bytes;
    struct ll_str report, condition, zh, en;
};

static int open_part(struct packing *p, int64_t part, struct ll_err *err)
{
    char path[LL_PATH], name[32];
    int rc;

    ll_bytes_close(&p->bytes);
    p->part = part;
    p->at = 0;
    snprintf(name, sizeof name, "part-%" PRId64, part);
    if ((rc = ll_bundle_path(p->d, p->b->id, name, path, err)) < 0)
        return rc;
    return ll_sealed_open(p->d, LL_BUNDLE_SEALED_AS, path, &p->bytes, err);
}

static int read_report(struct packing *p, int64_t n, struct ll_buf *out, struct ll_err *err)
{
    char piece[LL_FRAME];
    size_t got = 0;
    int rc = LL_OK;

    while (n > 0 && rc == LL_OK) {
        size_t want = n < (int64_t)sizeof piece ? (size_t)n : sizeof piece;
        rc = ll_bytes_read(&p->bytes, piece, want, p->at, &got, err);
        if (rc == LL_OK && got != want)
            rc = ll_fail(err, LL_INVALID, "报告的文件不完整", "the file of the reports is not whole");
        ll_buf_add(out, piece, got);
        p->at += (int64_t)got;
        n -= (int64_t)got;
    }
    return rc == LL_OK && out->failed ? ll_no_memory(err) : rc;
}

/* Also of one that was taken out since: those behind it follow in the part. */
static int add_report(struct packing *p, const struct done *r, const char *name, struct ll_err *err)
{
    struct ll_buf body = LL_BUF_INIT((size_t)LL_ISSUE_BYTES * 2);
    int rc = LL_OK;

    if (r->part < p->part)
        return ll_fail(err, LL_INVALID, "各部分与名单的次序不符",
                       "parts do not follow the order of the list");
    if (r->part != p->part)
        rc = open_part(p, r->part, err);
    if (rc == LL_OK)
        rc = read_report(p, r->bytes, &body, err);
    if (rc == LL_OK && !r->en.n)
        rc = ll_zip_store_add(p->zip, name, ll_buf_view(&body), err);
    ll_buf_wipe(&body);
    return rc;
}

static void add_line(struct packing *p, const struct done *r, const char *name)
{
    const struct ll_bundle_row *of = &p->rows[r->row - 1];
    bool issued = !r->en.n, en = strcmp(p->b->lang, "en") == 0;
    char row[24], entry[24] = "";

    snprintf(row, sizeof row, "%" PRId64, r->row);
    if (r->report.n)
        snprintf(entry, sizeof entry, "%" PRId64, r->entry);
    const struct ll_str cells[] = {
        ll_str(row),       of->subject,
        of->reference,     ll_str(issued ? "issued" : r->report.n ? "taken_out" : "refused"),
        r->report,         ll_str(issued ? name : ""),
        ll_str(entry),     r->condition,
        en ? r->en : r->zh};
    ll_buf_csv_row(&p->index, cells, LL_COUNT(cells));
}

static int add_row(struct packing *p, struct ll_stmt *s, struct ll_err *err)
{
    const struct done r = {.row = ll_col_int(s, 0),
                           .report = ll_col_text(s, 1),
                           .entry = ll_col_int(s, 2),
                           .part = ll_col_int(s, 3),
                           .bytes = ll_col_int(s, 4),
                           .condition = ll_col_text(s, 5),
                           .zh = ll_col_text(s, 6),
                           .en = ll_col_text(s, 7)};
    char name[64];
    int rc = LL_OK;

    if (r.row < 1 || r.row > p->b->subjects)
        return ll_fail(err, LL_INVALID, "第 %" PRId64 " 行不在名单中", "row %" PRId64 " is not in the list",
                       r.row);
    snprintf(name, sizeof name, "%.40s.%s", r.report.n ? r.report.p : "", p->b->format);
    if (r.report.n)
        rc = add_report(p, &r, name, err);
    add_line(p, &r, name);
    return rc;
}

/* In the order of the list, which is that of the parts. */
static int add_rows(struct packing *p, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(p->d), false, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(
             tx,
             "SELECT row, report, entry, part, bytes, condition, error_zh, error_en FROM report_bundle_row"
             " WHERE bundle = $1 ORDER BY row",
             &s, err)) == LL_OK) {
        ll_bind_z(s, 1, p->b->id);
        while ((rc = ll_step(s, err)) > 0)
            if ((rc = add_row(p, s, err)) < 0)
                break;
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc;
}

static int put_all(struct packing *p, struct ll_sealed *file, struct ll_err *err)
{
    int rc = ll_zip_store_open(ll_sealed_put, file, ll_now_ms(), &p->zip, err);

    ll_buf_z(&p->index, "\xef\xbb\xbfrow,subject,reference,state,number,file,entry,condition,problem\r\n");
    if (rc == LL_OK && (rc = add_rows(p, err)) == LL_OK && p->index.failed)
        rc = ll_no_memory(err);
    if (rc == LL_OK && (rc = ll_zip_store_add(p->zip, "index.csv", ll_buf_view(&p->index), err)) == LL_OK)
        rc = ll_zip_store_end(p->zip, err);
    ll_zip_store_close(p->zip);
    ll_bytes_close(&p->bytes);
    ll_buf_wipe(&p->index);
    return rc;
}

int ll_bundle_zip(struct ll_data *d, const struct ll_bundle *b, const struct ll_bundle_row *rows,
                  char sha256[LL_SHA256_HEX], int64_t *ret_bytes, struct ll_err *err)
{
    struct packing p = {
        .d = d, .b = b, .rows = rows, .index = LL_BUF_INIT(INDEX_MAX), .bytes = LL_BYTES_INIT};
    struct ll_sealed *file = NULL;
    char path[LL_PATH];
    int rc;

    if ((rc = ll_bundle_path(d, b->id, "zip", path, err)) < 0 ||
        (rc = ll_sealed_create(d, LL_BUNDLE_SEALED_AS, path, &file, err)) < 0)
        return rc;
    if ((rc = put_all(&p, file, err)) == LL_OK)
        rc = ll_sealed_finish(file, sha256, ret_bytes, err);
    ll_sealed_close(file);
    return rc;
}
