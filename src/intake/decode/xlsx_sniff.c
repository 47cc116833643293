/* xlsx_sniff.c - see xlsx_sniff.h.
 *
 * The ZIP library allocates by what the directory at the end of the file claims, so the claim is checked here first: every
 * end-of-directory record in reach must name a directory of at most DIRECTORY_MAX bytes. */
#include "intake/decode/xlsx_sniff.h"

#include "base/str.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    HEAD = 4096,
    EOCD_SIZE = 22,
    EOCD64_SIZE = 56,
    LOCATOR_SIZE = 20,
    ENTRY_MIN = 46,
    TAIL = EOCD_SIZE + 65535 +
           LOCATOR_SIZE, /* a comment of 65535 bytes at most, and the ZIP64 locator before */
    OLE_SCAN = 8 << 20,  /* how far an OLE file is searched for the names of its streams */
};
#define DIRECTORY_MAX ((uint64_t)8 << 20)
#define SAVE_AS_ZH "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再提交"
#define SAVE_AS_EN "open it in Excel or WPS, save it as \"Excel workbook (*.xlsx)\" and deliver that"

struct magic {
    struct ll_str bytes;
    const char *zh, *en;
};

static const struct magic magics[] = {
    {{"%PDF", 4}, "PDF 文件", "a PDF file"},
    {{"\x1f\x8b", 2}, "gzip 压缩文件", "a gzip file"},
    {{"Rar!", 4}, "RAR 压缩文件", "a RAR archive"},
    {{"7z\xbc\xaf", 4}, "7z 压缩文件", "a 7z archive"},
    {{"PAR1", 4}, "Parquet 文件", "a Parquet file"},
    {{"\x09\x08", 2}, "旧版 Excel（.xls）文件", "an old Excel file (.xls)"},
    {{"\x09\x04", 2}, "旧版 Excel（.xls）文件", "an old Excel file (.xls)"},
    {{"\x09\x02", 2}, "旧版 Excel（.xls）文件", "an old Excel file (.xls)"},
    {{"\x09\x00", 2}, "旧版 Excel（.xls）文件", "an old Excel file (.xls)"},
};

static const struct ll_str ole = {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8};

static int not_a_workbook(struct ll_err *err, const char *zh, const char *en)
{
    return ll_fail(err, LL_INVALID, "不是 .xlsx 工作簿，而是 %s%.0s；" SAVE_AS_ZH,
                   "not an .xlsx workbook but %.0s%s; " SAVE_AS_EN, zh, en);
}

static uint64_t little(const unsigned char *p, unsigned n)
{
    uint64_t v = 0;

    while (n--)
        v = v << 8 | p[n];
    return v;
}

/* An OLE file names its streams in UTF-16: "Workbook" or "Book" in an .xls, "EncryptedPackage" in an encrypted .xlsx. */
static int explain_ole(int fd, struct ll_err *err)
{
    static const char package[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
    static const char book[] = "B\0o\0o\0k", workbook[] = "W\0o\0r\0k\0b\0o\0o\0k";
    char *bytes = malloc(OLE_SCAN);

    if (!bytes)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    ssize_t n = pread(fd, bytes, OLE_SCAN, 0);
    size_t len = n < 0 ? 0 : (size_t)n;
    bool encrypted = memmem(bytes, len, package, sizeof package) != NULL;
    bool xls = memmem(bytes, len, workbook, sizeof workbook) || memmem(bytes, len, book, sizeof book);
    free(bytes);
    if (encrypted)
        return ll_fail(
            err, LL_INVALID, "工作簿已加密，需要密码才能打开；请取消密码保护后另存再提交",
            "the workbook is encrypted with a password; remove the password, save it and deliver that");
    if (xls)
        return not_a_workbook(err, "旧版 Excel（.xls）文件", "an old Excel file (.xls)");
    return not_a_workbook(err, "其他 Office 文件", "another kind of Office file");
}

static bool has(struct ll_str s, const char *z)
{
    size_t n = strlen(z);

    for (size_t i = 0; i + n <= s.n; i++)
        if (strncasecmp(s.p + i, z, n) == 0)
            return true;
    return false;
}

static int explain_text(struct ll_str head, struct ll_err *err)
{
    if (ll_str_starts(head, LL_STR("\xef\xbb\xbf")))
        head = (struct ll_str){head.p + 3, head.n - 3};
    head = ll_str_trim(head);
    if (!ll_str_starts(head, LL_STR("<")))
        return not_a_workbook(err, "CSV 等文本文件（仅改了扩展名）",
                              "text such as CSV with another file name");
    if (has(head, "urn:schemas-microsoft-com:office:spreadsheet"))
        return not_a_workbook(err, "XML 电子表格 2003 文件", "an XML Spreadsheet 2003 file");
    return not_a_workbook(err, "网页或 XML 文件（仅改了扩展名）", "a web page or XML with another file name");
}

static int explain(int fd, struct ll_str head, struct ll_err *err)
{
    if (head.n == 0)
        return ll_fail(err, LL_INVALID, "文件为空（0 字节）", "the file is empty (0 bytes)");
    if (ll_str_starts(head, ole))
        return explain_ole(fd, err);
    for (size_t i = 0; i < LL_COUNT(magics); i++)
        if (ll_str_starts(head, magics[i].bytes))
            return not_a_workbook(err, magics[i].zh, magics[i].en);
    if (!memchr(head.p, 0, head.n))
        return explain_text(head, err);
    return not_a_workbook(err, "无法识别的文件", "a file of unknown kind");
}

struct directory {
    uint64_t entries, size;
};

/* What the end record at p claims, and the ZIP64 record it points to when there is one in front (`before` bytes precede p). */
static struct directory claimed(int fd, const unsigned char *p, size_t before)
{
    struct directory d = {little(p + 10, 2), little(p + 12, 4)};
    unsigned char end64[EOCD64_SIZE];

    if (before < LOCATOR_SIZE || memcmp(p - LOCATOR_SIZE, "PK\6\7", 4) != 0)
        return d;
    uint64_t at = little(p - LOCATOR_SIZE + 8, 8);
    if (at > INT64_MAX || pread(fd, end64, sizeof end64, (off_t)at) != (ssize_t)sizeof end64 ||
        memcmp(end64, "PK\6\6", 4) != 0)
        return d;
    return (struct directory){little(end64 + 32, 8), little(end64 + 40, 8)};
}

static int check_directory(int fd, uint64_t file_size, struct ll_err *err)
{
    size_t want = file_size < TAIL ? (size_t)file_size : TAIL;
    unsigned char *tail = malloc(want);
    bool found = false;
    int rc = LL_OK;

    if (!tail)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    ssize_t n = pread(fd, tail, want, (off_t)(file_size - want));
    for (size_t i = 0; rc == LL_OK && n >= EOCD_SIZE && i + EOCD_SIZE <= (size_t)n; i++) {
        if (memcmp(tail + i, "PK\5\6", 4) != 0)
            continue;
        found = true;
        struct directory d = claimed(fd, tail + i, i);
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

int ll_xlsx_sniff(const char *path, struct ll_err *err)
{
    char head[HEAD];
    struct stat st;
    int rc;

    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return ll_fail_errno(err, LL_IO, "无法打开 %s", "cannot open %s", path);
    ssize_t n = pread(fd, head, sizeof head, 0);
    if (n < 0 || fstat(fd, &st) < 0)
        rc = ll_fail_errno(err, LL_IO, "无法读取 %s", "cannot read %s", path);
    else if (n >= 4 && (memcmp(head, "PK\3\4", 4) == 0 || memcmp(head, "PK\5\6", 4) == 0))
        rc = check_directory(fd, (uint64_t)st.st_size, err);
    else
        rc = explain(fd, (struct ll_str){head, (size_t)n}, err);
    close(fd);
    return rc;
}
