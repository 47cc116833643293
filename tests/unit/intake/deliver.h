/* deliver.h - for the tests of intake/decode: a delivery made of bytes, opened, and everything that it gives written down. */
#ifndef LL_TESTS_DELIVER_H
#define LL_TESTS_DELIVER_H

#include "../test.h"

#include "base/fs.h"
#include "intake/decode/source.h"

#include <unistd.h>

static struct ll_err err;
static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/luling-decode-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int count_name(void *ctx, const char *name, struct ll_err *e)
{
    (void)name;
    (void)e;
    ++*(int *)ctx;
    return 0;
}

/* Every test leaves the work folder as empty as it was. */
static int remove_folder(void **state)
{
    char work[80];
    int left = 0;

    (void)state;
    snprintf(work, sizeof work, "%s/work", folder);
    ll_fs_each(work, count_name, &left, NULL);
    if (ll_fs_remove_tree(folder, &err) < 0 || left)
        return -1;
    return 0;
}

static const char *put_file(struct ll_str bytes)
{
    static char path[80], work[80];

    snprintf(work, sizeof work, "%s/work", folder);
    snprintf(path, sizeof path, "%s/delivery", folder);
    assert_ok(ll_fs_mkdirs(work, &err));
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes.p ? bytes.p : "", 1, bytes.n, f), bytes.n);
    fclose(f);
    return path;
}

static int try_open(const char *path, const char *name, const struct ll_source_opts *opts,
                    struct ll_source **ret)
{
    char work[80];

    snprintf(work, sizeof work, "%s/work", folder);
    return ll_source_open(path, name, work, opts, ret, &err);
}

static struct ll_source *deliver(struct ll_str bytes, const char *name, const struct ll_source_opts *opts)
{
    struct ll_source *s = NULL;

    assert_ok(try_open(put_file(bytes), name, opts, &s));
    return s;
}

static void add_row(struct ll_buf *out, const struct ll_row *row)
{
    for (size_t i = 0; i < row->n; i++) {
        ll_buf_z(out, i ? "|" : "");
        if (row->cells[i].p)
            ll_buf_str(out, row->cells[i]);
        else
            ll_buf_z(out, "~");
        assert_true(!row->cells[i].p || ll_utf8_bad(row->cells[i]) == row->cells[i].n);
    }
    if (row->fault >= 0)
        ll_buf_printf(out, " !%d", row->fault);
    if (row->detail_en)
        ll_buf_printf(out, " (%s)", row->detail_en);
    assert_true(!row->detail_en == !row->detail_zh);
    ll_buf_printf(out, " #%d@%d\n", (int)row->number, (int)row->line);
}

/* The rows of all ranges: cells by |, a missing one ~, !fault (detail) #number@line.  The ranges lie end to end. */
static void add_rows(struct ll_source *s, unsigned max, struct ll_buf *out)
{
    struct ll_range ranges[64];
    struct ll_row row;
    uint64_t total, sum = 0;
    unsigned n;

    assert_ok(ll_source_scan(s, max, ranges, &n, &total, &err));
    assert_in_range(n, 1, max);
    for (unsigned i = 0; i < n; i++) {
        struct ll_rows *rows;
        uint64_t here = 0;
        int rc;
        if (i) {
            assert_int_equal(ranges[i].offset, ranges[i - 1].offset + ranges[i - 1].length);
            assert_true(ranges[i].rows > 0);
        }
        assert_int_equal(ranges[i].first_row, sum + 1);
        assert_ok(ll_source_rows(s, &ranges[i], &rows, &err));
        while ((rc = rows->ops->next(rows, &row, &err)) > 0) {
            assert_int_equal(row.number, sum + ++here);
            add_row(out, &row);
        }
        assert_int_equal(rc, 0);
        assert_int_equal(here, ranges[i].rows);
        sum += here;
        rows->ops->close(rows);
    }
    assert_int_equal(sum, total);
}

static void add_all(struct ll_source *s, struct ll_buf *out)
{
    struct ll_rows *rows;
    struct ll_row row;
    int rc;

    assert_ok(ll_source_rows(s, NULL, &rows, &err));
    while ((rc = rows->ops->next(rows, &row, &err)) > 0)
        add_row(out, &row);
    assert_int_equal(rc, 0);
    rows->ops->close(rows);
}

/* What the delivery gives, whatever the number of ranges it is cut into; the caller's to free. */
static char *rows_of(struct ll_source *s)
{
    struct ll_buf one = LL_BUF_INIT(1 << 26), many = LL_BUF_INIT(1 << 26);

    ll_buf_z(&one, "");
    add_all(s, &one);
    for (unsigned max = 1; max <= 7; max++) {
        ll_buf_clear(&many);
        ll_buf_z(&many, "");
        add_rows(s, max, &many);
        assert_string_equal(many.p, one.p);
    }
    ll_buf_free(&many);
    return one.p;
}

static char *columns_of(const struct ll_source *s)
{
    const struct ll_source_info *info = ll_source_info(s);
    struct ll_buf out = LL_BUF_INIT(1 << 20);

    ll_buf_z(&out, "");
    for (size_t i = 0; i < info->n_columns; i++) {
        ll_buf_z(&out, i ? "|" : "");
        ll_buf_str(&out, info->names[i]);
    }
    return out.p;
}

static void gives_bytes(struct ll_str bytes, const char *name, const struct ll_source_opts *opts,
                        const char *columns, const char *rows)
{
    struct ll_source *s = deliver(bytes, name, opts);
    char *have_columns = columns_of(s), *have_rows = rows_of(s);

    assert_string_equal(have_columns, columns);
    assert_string_equal(have_rows, rows);
    free(have_columns);
    free(have_rows);
    ll_source_close(s);
}

static inline void gives(const char *text, const char *columns, const char *rows)
{
    gives_bytes(ll_str(text), NULL, NULL, columns, rows);
}

/* The delivery is refused; both texts hold the words. */
static inline void refuses(struct ll_str bytes, int rc, const char *zh, const char *en)
{
    struct ll_source *s = NULL;

    err = (struct ll_err){0};
    assert_int_equal(try_open(put_file(bytes), NULL, NULL, &s), rc);
    if (!strstr(err.zh, zh) || !strstr(err.en, en))
        fail_msg("says '%s' / '%s', not '%s' / '%s'", err.zh, err.en, zh, en);
}

#endif
