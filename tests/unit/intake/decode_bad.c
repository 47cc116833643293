/* What is no table, or is packed wrongly, is refused with its name and with what to send instead; nothing stays behind. */
#include "deliver.h"

#include <signal.h>
#include <sys/resource.h>
#include <zlib.h>
#include <zstd.h>

static void test_files_that_are_no_tables(void **state)
{
    static const struct {
        struct ll_str bytes;
        const char *zh, *en;
    } cases[] = {
        {{"\xff\xd8\xff\xe0\0\x10JFIF", 10}, "JPEG 图片", "a JPEG picture, not a table: export CSV"},
        {{"%PDF-1.4\n", 9}, "PDF 文件", "a PDF file"},
        {{"\x7f"
          "ELF\2\1\1\0",
          8},
         "可执行程序",
         "an executable program"},
        {{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", 10},
         "旧版 Office 文件",
         "an old Office file (.xls, .doc, .et), not a table: save it as CSV"},
        {{"PK\3\4....word/document.xml", 25}, "Word 文档", "a Word document"},
        {{"PK\3\4....some.txt", 16}, "ZIP 压缩包", "a ZIP archive"},
        {{"Rar!\x1a\x07\1\0", 8}, "RAR", "a RAR archive"},
        {{"SQLite format 3\0", 16}, "SQLite", "an SQLite database"},
        {{"  <html><table><tr><td>1</td></tr></table></html>", 48}, "网页", "many systems save as .xls"},
        {{"<?xml version=\"1.0\"?><Workbook/>", 32}, "XML", "an XML file"},
        {{"\1\2\3\4\5\6\7\x08\x0e\x0f\x10\x11\x12", 13}, "二进制文件", "a binary file"},
        {{"\0\0\0\0\0\0\0\0\0\0\0\0", 12}, "二进制文件", "a binary file"},
        {{"", 0}, "空的", "empty (0 bytes)"},
        {{"\xef\xbb\xbf", 3}, "没有任何文字", "holds no text"},
        {{"\n\n\n", 3}, "只有空行", "only empty lines"},
        {{"\xff\xfe", 2}, "空的", "empty"},
    };

    (void)state;
    for (size_t i = 0; i < LL_COUNT(cases); i++)
        refuses(cases[i].bytes, LL_INVALID, cases[i].zh, cases[i].en);
}

static void test_a_dbase_file_is_named(void **state)
{
    char dbf[200] = "\x03\x7b\x05\x01\0\0\0\0\x41\0\x10\0";

    (void)state;
    memcpy(dbf + 32, "NAME\0\0\0\0\0\0\0C", 12);
    dbf[64] = 0x0d;
    refuses((struct ll_str){dbf, sizeof dbf}, LL_INVALID, ".dbf", "FoxPro");
}

static void test_a_missing_file(void **state)
{
    struct ll_source *s = NULL;

    (void)state;
    assert_int_equal(try_open("/nowhere/at/all", NULL, NULL, &s), LL_IO);
    assert_non_null(strstr(err.en, "cannot open /nowhere/at/all"));
}

/* --- packed --- */

static struct ll_buf gzipped(struct ll_str s)
{
    struct ll_buf out = LL_BUF_INIT(1 << 27);
    z_stream z = {0};

    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
    assert_true(ll_buf_reserve(&out, deflateBound(&z, s.n)));
    z.next_in = (unsigned char *)(uintptr_t)s.p;
    z.avail_in = (unsigned)s.n;
    z.next_out = (unsigned char *)out.p;
    z.avail_out = (unsigned)out.cap;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out.n = z.total_out;
    deflateEnd(&z);
    return out;
}

static struct ll_buf zstded(struct ll_str s)
{
    struct ll_buf out = LL_BUF_INIT(1 << 27);
    ZSTD_CCtx *z = ZSTD_createCCtx();

    assert_true(ll_buf_reserve(&out, ZSTD_compressBound(s.n)));
    ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1); /* as the zstd program does */
    out.n = ZSTD_compress2(z, out.p, out.cap, s.p, s.n);
    assert_false(ZSTD_isError(out.n));
    ZSTD_freeCCtx(z);
    return out;
}

static struct ll_buf (*const packers[])(struct ll_str) = {gzipped, zstded};
static const char *const packer_names[] = {"gzip", "zstd"};

static void test_packed_files_are_read(void **state)
{
    struct ll_buf text = LL_BUF_INIT(1 << 24);

    (void)state;
    ll_buf_z(&text, "id,name\n");
    for (unsigned i = 0; i < 100000; i++)
        ll_buf_printf(&text, "%u,%u\n", i, i * 2654435761u);
    for (size_t k = 0; k < LL_COUNT(packers); k++) {
        struct ll_buf packed = packers[k](ll_buf_view(&text));
        struct ll_source *s = deliver(ll_buf_view(&packed), "a.csv.gz", NULL);
        struct ll_range range;
        unsigned n;
        uint64_t rows;
        assert_string_equal(ll_source_info(s)->compression, packer_names[k]);
        assert_non_null(strstr(ll_source_info(s)->text[LL_EN], packer_names[k]));
        assert_ok(ll_source_scan(s, 1, &range, &n, &rows, &err));
        assert_int_equal(rows, 100000);
        assert_int_equal(range.offset + range.length, text.n);
        ll_source_close(s);
        ll_buf_free(&packed);
    }
    ll_buf_free(&text);
}

static void test_several_members_are_one_text(void **state)
{
    (void)state;
    for (size_t k = 0; k < LL_COUNT(packers); k++) {
        struct ll_buf a = packers[k](LL_STR("a,b\n1,2\n")), b = packers[k](LL_STR("3,4\n"));
        ll_buf_str(&a, ll_buf_view(&b));
        gives_bytes(ll_buf_view(&a), NULL, NULL, "a|b", "1|2 #1@2\n3|4 #2@3\n");
        ll_buf_free(&a);
        ll_buf_free(&b);
    }
}

static void test_truncated_and_damaged_files_are_refused(void **state)
{
    struct ll_buf text = LL_BUF_INIT(1 << 24);

    (void)state;
    for (unsigned i = 0; i < 10000; i++)
        ll_buf_printf(&text, "%u,%u\n", i, i * 2654435761u);
    for (size_t k = 0; k < LL_COUNT(packers); k++) {
        struct ll_buf packed = packers[k](ll_buf_view(&text));
        refuses((struct ll_str){packed.p, packed.n / 2}, LL_INVALID, "不完整", "truncated");
        refuses((struct ll_str){packed.p, packed.n - 1}, LL_INVALID, "不完整", "truncated");
        refuses((struct ll_str){packed.p, 6}, LL_INVALID, "不完整", "truncated");
        for (size_t i = 100; i < 120; i++)
            packed.p[i] ^= 0x55;
        refuses(ll_buf_view(&packed), LL_INVALID, "已损坏", "damaged");
        ll_buf_free(&packed);
        packed = packers[k](LL_STR("a,b\n1,2\n"));
        ll_buf_z(&packed, "tail");
        refuses(ll_buf_view(&packed), LL_INVALID, "已损坏", "damaged");
        ll_buf_free(&packed);
        packed = packers[k](LL_STR(""));
        refuses(ll_buf_view(&packed), LL_INVALID, "空的", "empty");
        ll_buf_free(&packed);
    }
    ll_buf_free(&text);
}

static void test_bombs_are_refused(void **state)
{
    size_t n = (size_t)80 << 20;
    char *zeros = calloc(1, n);
    struct ll_source_opts o = LL_SOURCE_OPTS_INIT;

    (void)state;
    memset(zeros, '0', n);
    for (size_t k = 0; k < LL_COUNT(packers); k++) {
        struct ll_buf packed = packers[k]((struct ll_str){zeros, n});
        struct ll_source *s = NULL;
        refuses(ll_buf_view(&packed), LL_TOOBIG, "300 倍", "more than 300 times its size");
        o.max_unpacked = 1 << 20;
        assert_int_equal(try_open(put_file(ll_buf_view(&packed)), NULL, &o, &s), LL_TOOBIG);
        assert_non_null(strstr(err.en, "limit of 1 MB"));
        struct ll_buf twice = packers[k](ll_buf_view(&packed));
        refuses(ll_buf_view(&twice), LL_INVALID, "两次", "packed twice");
        ll_buf_free(&twice);
        ll_buf_free(&packed);
    }
    free(zeros);
}

/* A limit on the size of files fails as a full disk does. */
static void test_a_full_disk_is_an_error_that_leaves_nothing(void **state)
{
    struct ll_buf text = LL_BUF_INIT(1 << 24);
    struct rlimit was, small;
    struct ll_source *s = NULL;

    (void)state;
    for (unsigned i = 0; i < 300000; i++)
        ll_buf_printf(&text, "%u,%u\n", i, i * 2654435761u);
    struct ll_buf packed = gzipped(ll_buf_view(&text));
    const char *path = put_file(ll_buf_view(&packed));
    getrlimit(RLIMIT_FSIZE, &was);
    small = (struct rlimit){1 << 20, was.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    int rc = try_open(path, NULL, NULL, &s);
    setrlimit(RLIMIT_FSIZE, &was);
    assert_int_equal(rc, LL_IO);
    assert_non_null(strstr(err.en, "cannot write the temporary file"));
    ll_buf_free(&packed);
    ll_buf_free(&text);
}

static void test_a_file_that_shrinks_while_it_is_read_is_an_error(void **state)
{
    struct ll_buf text = LL_BUF_INIT(1 << 24);
    struct ll_rows *rows;
    struct ll_row row;
    int rc;

    (void)state;
    for (unsigned i = 0; i < 300000; i++)
        ll_buf_printf(&text, "%u,%u\n", i, i * 2654435761u);
    struct ll_source *s = deliver(ll_buf_view(&text), NULL, NULL);
    assert_int_equal(truncate(put_file(LL_STR("x,y\n1,2\n")), 5), 0);
    assert_ok(ll_source_rows(s, NULL, &rows, &err));
    while ((rc = rows->ops->next(rows, &row, &err)) > 0) {
    }
    assert_int_equal(rc, LL_IO);
    assert_non_null(strstr(err.en, "became shorter"));
    rows->ops->close(rows);
    ll_source_close(s);
    ll_buf_free(&text);
}

static void test_a_first_line_without_end_is_refused(void **state)
{
    size_t n = (size_t)20 << 20;
    char *text = malloc(n);

    (void)state;
    memset(text, 'x', n);
    refuses((struct ll_str){text, n}, LL_TOOBIG, "没有一条完整的记录", "hold no whole record");
    free(text);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        T(test_files_that_are_no_tables),
        T(test_a_dbase_file_is_named),
        T(test_a_missing_file),
        T(test_packed_files_are_read),
        T(test_several_members_are_one_text),
        T(test_truncated_and_damaged_files_are_refused),
        T(test_bombs_are_refused),
        T(test_a_full_disk_is_an_error_that_leaves_nothing),
        T(test_a_file_that_shrinks_while_it_is_read_is_an_error),
        T(test_a_first_line_without_end_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
