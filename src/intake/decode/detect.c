/* detect.c - see detect.h.  Departments send what their system saves; the table below names what we do not read, so that the refusal
 * says what to send instead. */
#include "intake/decode/detect.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Whole sentences, so that no message is put together from pieces of two languages. */
#define IS(zh, en, what) "这是" zh "，不是数据表：" what##_ZH, "this is " en ", not a table: " what##_EN
#define TABLE_ZH "请另存为 CSV（UTF-8）或 .xlsx 再交付"
#define TABLE_EN "save it as CSV (UTF-8) or .xlsx and deliver that"
#define DATA_ZH "请从原系统导出 CSV、JSON 或 .xlsx 再交付"
#define DATA_EN "export CSV, JSON or .xlsx from the system that holds the data"
#define FILES_ZH "请解包后逐个交付，或用 gzip、zstd 压缩单个文件"
#define FILES_EN "deliver its files one by one, or one file packed by gzip or zstd"

#define OLE                                                                                                  \
    {                                                                                                        \
        "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8                                                                \
    }

struct signature {
    struct ll_str bytes;
    size_t at;
    const char *zh, *en;
};

static const struct signature signatures[] = {
    {OLE, 0, IS("旧版 Office 文件（.xls/.doc/.et）", "an old Office file (.xls, .doc, .et)", TABLE)},
    {{"%PDF-", 5}, 0, IS("PDF 文件", "a PDF file", DATA)},
    {{"\xff\xd8\xff", 3}, 0, IS("JPEG 图片", "a JPEG picture", DATA)},
    {{"\x89PNG\r\n\x1a\n", 8}, 0, IS("PNG 图片", "a PNG picture", DATA)},
    {{"GIF8", 4}, 0, IS("GIF 图片", "a GIF picture", DATA)},
    {{"II*\0", 4}, 0, IS("TIFF 图片", "a TIFF picture", DATA)},
    {{"MM\0*", 4}, 0, IS("TIFF 图片", "a TIFF picture", DATA)},
    {{"\x7f"
      "ELF",
      4},
     0,
     IS("可执行程序", "an executable program", DATA)},
    {{"MZ\x90\0", 4}, 0, IS("可执行程序", "an executable program", DATA)},
    {{"Rar!\x1a\x07", 6}, 0, IS("RAR 压缩包", "a RAR archive", FILES)},
    {{"7z\xbc\xaf\x27\x1c", 6}, 0, IS("7z 压缩包", "a 7z archive", FILES)},
    {{"BZh", 3}, 0, IS("bzip2 压缩文件", "a bzip2 file", FILES)},
    {{"\xfd"
      "7zXZ\0",
      6},
     0,
     IS("xz 压缩文件", "an xz file", FILES)},
    {{"ustar", 5}, 257, IS("tar 归档", "a tar archive", FILES)},
    {{"SQLite format 3\0", 16}, 0, IS("SQLite 数据库", "an SQLite database", DATA)},
    {{"\0\1\0\0Standard Jet DB", 19}, 0, IS("Access 数据库", "an Access database", DATA)},
    {{"\0\1\0\0Standard ACE DB", 19}, 0, IS("Access 数据库", "an Access database", DATA)},
    {{"PAR1", 4}, 0, IS("Parquet 文件", "a Parquet file", DATA)},
    {{"\xff\xfe\0\0", 4}, 0, IS("UTF-32 文本", "UTF-32 text", TABLE)},
    {{"\0\0\xfe\xff", 4}, 0, IS("UTF-32 文本", "UTF-32 text", TABLE)},
};

/* Found within the central directory of a ZIP archive: the names of its parts. */
static const struct signature archives[] = {
    {{"word/document", 13}, 0, IS("Word 文档", "a Word document", TABLE)},
    {{"ppt/presentation", 16}, 0, IS("PowerPoint 演示文稿", "a PowerPoint presentation", TABLE)},
    {{"xl/workbook.bin", 15},
     0,
     IS("二进制 Excel 工作簿（.xlsb）", "a binary Excel workbook (.xlsb)", TABLE)},
    {{"application/vnd.oasis.opendocument", 34}, 0, IS("OpenDocument 文件", "an OpenDocument file", TABLE)},
    {{"META-INF/MANIFEST.MF", 20}, 0, IS("Java 程序包", "a Java archive", DATA)},
};

/* Text, but no table; compared after blanks and without regard to case. */
static const struct signature markups[] = {
    {{"<!doctype html", 14}, 0, IS("网页（HTML）", "a web page (HTML)", TABLE)},
    {{"<html", 5},
     0,
     IS("网页（HTML），很多系统把它存成 .xls", "a web page (HTML), which many systems save as .xls", TABLE)},
    {{"<table", 6}, 0, IS("网页（HTML）", "a web page (HTML)", TABLE)},
    {{"<?xml", 5}, 0, IS("XML 文件", "an XML file", TABLE)},
    {{"{\\rtf", 5}, 0, IS("RTF 文档", "an RTF document", TABLE)},
};

static int refuse(struct ll_err *err, const char *zh, const char *en)
{
    if (err) {
        err->rc = LL_INVALID;
        snprintf(err->zh, sizeof err->zh, "%s", zh);
        snprintf(err->en, sizeof err->en, "%s", en);
    }
    return LL_INVALID;
}

static bool contains(struct ll_str s, struct ll_str what)
{
    return s.p && s.n && memmem(s.p, s.n, what.p, what.n) != NULL;
}

/* dBase: version, date of the last change, and a header that ends in a carriage return after 32-byte field descriptors. */
static bool dbase(struct ll_str h)
{
    const unsigned char *p = (const unsigned char *)h.p;

    bool version = h.n >= 65 && (p[0] == 0x03 || p[0] == 0x30 || p[0] == 0x31 || p[0] == 0x83 ||
                                 p[0] == 0x8b || p[0] == 0xf5);
    if (!version || p[2] < 1 || p[2] > 12 || p[3] < 1 || p[3] > 31)
        return false;
    size_t header = p[8] | (size_t)p[9] << 8;
    for (size_t at = 64; at < header && at < h.n; at += 32)
        if (p[at] == 0x0d)
            return true;
    return false;
}

static int zip(struct ll_str head, struct ll_str tail, bool *xlsx, struct ll_err *err)
{
    for (size_t i = 0; i < LL_COUNT(archives); i++)
        if (contains(tail, archives[i].bytes) || contains(head, archives[i].bytes))
            return refuse(err, archives[i].zh, archives[i].en);
    *xlsx = contains(head, LL_STR("_rels/.rels")) || contains(tail, LL_STR("_rels/.rels")) ||
            contains(head, LL_STR("xl/")) || contains(tail, LL_STR("xl/"));
    if (*xlsx)
        return LL_OK;
    return refuse(err, IS("ZIP 压缩包", "a ZIP archive", FILES));
}

/* A workbook with a password is an OLE file that holds the stream "EncryptedPackage", its name in UTF-16. */
static bool encrypted(struct ll_str head, struct ll_str tail)
{
    static const struct ll_str stream = {"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e", 31};

    return ll_str_starts(head, (struct ll_str)OLE) && (contains(head, stream) || contains(tail, stream));
}

/* What Excel leaves beside a workbook while it is open (~$name.xlsx): the user's name in bytes and again in UTF-16, each counted. */
static bool lock_file(struct ll_str h)
{
    return h.n == 165 && h.p[0] > 0 && h.p[0] <= 54 && h.p[55] == h.p[0] && h.p[56] == 0;
}

int ll_detect_container(struct ll_str head, struct ll_str tail, bool *xlsx, struct ll_err *err)
{
    *xlsx = false;
    if (ll_str_starts(head, LL_STR("PK\3\4")) || ll_str_starts(head, LL_STR("PK\5\6")))
        return zip(head, tail, xlsx, err);
    if (encrypted(head, tail))
        return refuse(
            err, "工作簿有密码，无法读取：请取消密码保护，保存后再交付",
            "the workbook has a password and cannot be read: remove the password, save it and deliver that");
    if (lock_file(head))
        return refuse(
            err, "这是 Excel 打开工作簿时的临时文件（~$），不是工作簿：请交付同名的 .xlsx 文件本身",
            "this is the temporary file (~$) of an open workbook: deliver the .xlsx file of that name itself");
    for (size_t i = 0; i < LL_COUNT(signatures); i++) {
        const struct signature *s = &signatures[i];
        if (head.n > s->at && ll_str_starts((struct ll_str){head.p + s->at, head.n - s->at}, s->bytes))
            return refuse(err, s->zh, s->en);
    }
    if (dbase(head))
        return refuse(err, IS("dBase/FoxPro 数据库（.dbf）", "a dBase or FoxPro database (.dbf)", TABLE));
    return LL_OK;
}

/* Control characters that no exporter writes between text; U+0001 is the delimiter of Hive. */
static bool control(unsigned char c)
{
    return c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x01 && c != 0x1a;
}

int ll_detect_text(struct ll_str head, struct ll_err *err)
{
    struct ll_str s = ll_str_trim(head);
    size_t controls = 0;

    for (size_t i = 0; i < LL_COUNT(markups); i++)
        if (s.n >= markups[i].bytes.n && strncasecmp(s.p, markups[i].bytes.p, markups[i].bytes.n) == 0)
            return refuse(err, markups[i].zh, markups[i].en);
    for (size_t i = 0; i < head.n; i++)
        controls += control((unsigned char)head.p[i]);
    if (controls > 4 && controls * 20 > head.n)
        return refuse(err, IS("二进制文件", "a binary file", DATA));
    return LL_OK;
}

static bool named_json(const char *name)
{
    static const char *const suffixes[] = {".json", ".jsonl", ".ndjson", ".geojson"};
    size_t n = name ? strlen(name) : 0;

    for (size_t i = 0; i < LL_COUNT(suffixes); i++) {
        size_t k = strlen(suffixes[i]);
        if (n > k && strcasecmp(name + n - k, suffixes[i]) == 0)
            return true;
    }
    return false;
}

bool ll_detect_json(struct ll_str head, const char *file_name)
{
    struct ll_str s = ll_str_trim(head);

    if (s.n == 0)
        return false;
    bool opens = s.p[0] == '{' || s.p[0] == '[';
    if (!opens || named_json(file_name))
        return opens || named_json(file_name);
    struct ll_str inner = ll_str_trim((struct ll_str){s.p + 1, s.n - 1});
    /* A CSV header may well start with a bracket; what JSON writes behind it, hardly. */
    return inner.n && strchr(s.p[0] == '{' ? "\"}" : "{[]\"", inner.p[0]) != NULL && inner.p[0] != 0;
}
