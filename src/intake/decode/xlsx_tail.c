/* xlsx_tail.c - see xlsx_tail.h.
 *
 * The ZIP library allocates by what the directory at the end of the file claims, so the claim is checked here first: every
 * end-of-directory record in reach must name a directory of at most DIRECTORY_MAX bytes. */
#include "intake/decode/xlsx_tail.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    EOCD_SIZE = 22,
    EOCD64_SIZE = 56,
    LOCATOR_SIZE = 20,
    ENTRY_MIN = 46,
    TAIL = EOCD_SIZE + 65535 +
           LOCATOR_SIZE, /* a comment of 65535 bytes at most, and the ZIP64 locator before */
};
#define DIRECTORY_MAX ((uint64_t)8 << 20)

static uint64_t little(const unsigned char *p, unsigned n)
{
    uint64_t v = 0;

    while (n--)
        v = v << 8 | p[n];
    return v;
}

struct directory {
    uint64_t entries, size;
};

/* What the end record at p claims, and the ZIP64 record it points to when there is one in front (`before` bytes precede p). */
static struct directory claimed(const struct ll_bytes *file, const unsigned char *p, size_t before)
{
    struct directory d = {little(p + 10, 2), little(p + 12, 4)};
    unsigned char end64[EOCD64_SIZE];
    size_t n;

    if (before < LOCATOR_SIZE || memcmp(p - LOCATOR_SIZE, "PK\6\7", 4) != 0)
        return d;
    uint64_t at = little(p - LOCATOR_SIZE + 8, 8);
    if (at > INT64_MAX || ll_bytes_read(file, end64, sizeof end64, (int64_t)at, &n, NULL) < 0 ||
        n < sizeof end64 || memcmp(end64, "PK\6\6", 4) != 0)
        return d;
    return (struct directory){little(end64 + 32, 8), little(end64 + 40, 8)};
}

static int check_directory(const struct ll_bytes *file, struct ll_err *err)
{
    size_t want = file->size < TAIL ? (size_t)file->size : TAIL, n = 0;
    unsigned char *tail = malloc(want);
    bool found = false;
    int rc = LL_OK;

    if (!tail)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    rc = ll_bytes_read(file, tail, want, file->size - (int64_t)want, &n, err);
    for (size_t i = 0; rc == LL_OK && i + EOCD_SIZE <= n; i++) {
        if (memcmp(tail + i, "PK\5\6", 4) != 0)
            continue;
        found = true;
        struct directory d = claimed(file, tail + i, i);
        if (d.size > DIRECTORY_MAX || d.entries > DIRECTORY_MAX / ENTRY_MIN)
            rc = ll_fail(err, LL_TOOBIG, "压缩包目录超过 %d MiB，不是正常的工作簿",
                         "the ZIP directory is over %d MiB: no ordinary workbook",
                         (int)(DIRECTORY_MAX >> 20));
    }
    free(tail);
    if (rc == LL_OK && !found)
        rc = ll_fail(err, LL_INVALID, "文件不完整（缺少压缩包目录），可能没有传完；请重新上传",
                     "the file is cut off (its ZIP directory is missing); send it again");
    return rc;
}

int ll_xlsx_tail_check(const struct ll_bytes *file, struct ll_err *err)
{
    char head[4];
    size_t n = 0;
    int rc = ll_bytes_read(file, head, sizeof head, 0, &n, err);

    if (rc < 0)
        return rc;
    if (n == 4 && (memcmp(head, "PK\3\4", 4) == 0 || memcmp(head, "PK\5\6", 4) == 0))
        return check_directory(file, err);
    return ll_fail(err, LL_INVALID, "不是 .xlsx 工作簿", "not an .xlsx workbook");
}
