/* decode: a delivery of any bytes is refused with a reason in both languages, or gives the same rows whatever the number of ranges, as many as
 * were counted, all of them UTF-8. */
#include "base/buf.h"
#include "intake/decode/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct sum {
    uint64_t rows, hash;
};

static void mix(struct sum *s, struct ll_str cell)
{
    s->hash = (s->hash ^ ll_str_hash(cell) ^ (cell.p == NULL)) * 0x9e3779b97f4a7c15u;
    LL_ASSERT(!cell.p || ll_utf8_bad(cell) == cell.n);
}

static void read_rows(struct ll_source *src, const struct ll_range *range, struct sum *s)
{
    const struct ll_source_info *info = ll_source_info(src);
    struct ll_rows *rows = NULL;
    struct ll_row row;
    struct ll_err err;
    int rc = ll_source_rows(src, range, &rows, &err);

    LL_ASSERT(rc == LL_OK);
    while ((rc = rows->ops->next(rows, &row, &err)) > 0) {
        LL_ASSERT(row.number == ++s->rows);
        LL_ASSERT(row.fault >= 0 || row.n == info->n_columns);
        LL_ASSERT(!row.detail_zh == !row.detail_en);
        for (size_t i = 0; i < row.n; i++)
            mix(s, row.cells[i]);
        s->hash += (uint64_t)row.fault + row.line * 31;
        if (row.detail_en)
            mix(s, ll_str(row.detail_en));
    }
    LL_ASSERT(rc == 0);
    rows->ops->close(rows);
}

static void read_ranges(struct ll_source *src, unsigned max, struct sum *s)
{
    struct ll_range ranges[8];
    struct ll_err err;
    uint64_t total;
    unsigned n;

    LL_ASSERT(ll_source_scan(src, max, ranges, &n, &total, &err) == LL_OK && n >= 1 && n <= max);
    for (unsigned i = 0; i < n; i++) {
        LL_ASSERT(ranges[i].first_row == s->rows + 1);
        read_rows(src, &ranges[i], s);
        LL_ASSERT(s->rows == ranges[i].first_row - 1 + ranges[i].rows);
    }
    LL_ASSERT(s->rows == total);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ll_source_opts opts = LL_SOURCE_OPTS_INIT;
    struct ll_source *src = NULL;
    struct ll_err err = {0};
    char path[40];
    int fd = memfd_create("delivery", MFD_CLOEXEC);

    LL_ASSERT(fd >= 0 && (size == 0 || write(fd, data, size) == (ssize_t)size));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    opts.max_record = size && data[0] & 1 ? 4096 : 64;
    opts.max_unpacked = 1 << 20;
    int rc = ll_source_open(path, size > 1 && data[1] & 1 ? "x.json" : NULL, "/tmp", &opts, &src, &err);
    if (rc < 0) {
        LL_ASSERT(err.rc == (enum ll_rc)rc && err.zh[0] && err.en[0]);
    } else {
        struct sum whole = {0};
        read_rows(src, NULL, &whole);
        for (unsigned max = 1; max <= 8; max += 3) {
            struct sum cut = {0};
            read_ranges(src, max, &cut);
            LL_ASSERT(cut.rows == whole.rows && cut.hash == whole.hash);
        }
    }
    ll_source_close(src);
    close(fd);
    return 0;
}
