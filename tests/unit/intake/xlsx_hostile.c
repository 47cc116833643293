/* What is refused, and how: files that are something else, damaged ones, and those made to do harm. */
#include "xlsx_kit.h"

#include "intake/decode/xlsx_xml.h"
#include "intake/decode/xlsx_zip.h"

#define R "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define CELL "<c t=\"inlineStr\"><is><t>名称</t></is></c>"

static void test_what_is_only_called_a_workbook_is_read_as_what_it_is(void **state)
{
    struct kit *k = *state;

    kit_file(k, "名称,代码\n甲,1\n", 20);
    assert_reads(k, NULL, "名称|代码\n2: 甲|1\n");
    assert_int_equal(k->info.format, LL_FORMAT_CSV);
    char lock[165] = "\4user", again[] = "\4\0u\0s\0e\0r";
    memcpy(lock + 55, again, sizeof again);
    kit_file(k, lock, sizeof lock);
    assert_refused(k, LL_INVALID, "temporary file (~$)");
    kit_file(k, "<html><table><tr><td>1", 22);
    assert_refused(k, LL_INVALID, "web page");
}

static void ole_file(struct kit *k, const char *stream)
{
    unsigned char bytes[4096] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

    for (size_t i = 0; stream[i]; i++)
        bytes[1024 + 2 * i] = (unsigned char)stream[i];
    kit_file(k, bytes, sizeof bytes);
}

static void test_encrypted_and_old_workbooks_are_told_apart(void **state)
{
    ole_file(*state, "EncryptedPackage");
    assert_refused((struct kit *)*state, LL_INVALID, "has a password");
    ole_file(*state, "Workbook");
    assert_refused((struct kit *)*state, LL_INVALID, "old Office file (.xls");
}

static void test_packages_of_other_programs_are_named(void **state)
{
    static const struct {
        const char *part, *says;
    } kinds[] = {{"xl/workbook.bin", ".xlsb"},
                 {"word/document.xml", "Word"},
                 {"ppt/presentation.xml", "PowerPoint"},
                 {"readme.txt", "ZIP archive"},
                 {"xl/readme.txt", "holds no workbook"}};

    for (size_t i = 0; i < LL_COUNT(kinds); i++) {
        kit_zip(*state, &(struct kit_part){kinds[i].part, "x"}, 1);
        assert_refused((struct kit *)*state, LL_INVALID, kinds[i].says);
    }
}

static void test_document_types_and_entities_are_refused(void **state)
{
    static const char *const heads[] = {
        "<!DOCTYPE worksheet [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>",
        "<!DOCTYPE worksheet SYSTEM \"file:///etc/passwd\">",
        "<!DOCTYPE worksheet [<!ENTITY x SYSTEM \"http://127.0.0.1/\">]>",
    };
    struct kit *k = *state;

    for (size_t i = 0; i < LL_COUNT(heads); i++) {
        char sheet[512];
        snprintf(sheet, sizeof sheet,
                 "%s<worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>", heads[i]);
        const struct kit_part parts[] = {
            {"xl/workbook.xml",
             "<workbook xmlns:r=\"x\"><sheets><sheet name=\"a\" r:id=\"a\"/></sheets></workbook>"},
            {"xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"a\" Type=\"" R
                                           "/worksheet\" Target=\"1.xml\"/></Relationships>"},
            {"xl/1.xml", sheet},
        };
        kit_zip(k, parts, LL_COUNT(parts));
        assert_refused(k, LL_INVALID, "DOCTYPE");
    }
    kit_sheet(k, "<sheetData><row><c><v>&unknown;</v></c></row></sheetData>");
    assert_refused(k, LL_INVALID, "not valid XML");
}

/* A part of n times `unit`, with a beginning and an end. */
static char *repeated(const char *before, const char *unit, size_t n, const char *after)
{
    size_t len = strlen(unit), head = strlen(before);
    char *text = malloc(head + n * len + strlen(after) + 1);

    assert_non_null(text);
    memcpy(text, before, head);
    for (size_t i = 0; i < n; i++)
        memcpy(text + head + i * len, unit, len);
    strcpy(text + head + n * len, after);
    return text;
}

static void refuse_repeated(struct kit *k, const char *before, const char *unit, size_t n, const char *after,
                            int rc, const char *says)
{
    char *sheet = repeated(before, unit, n, after);

    kit_sheet(k, sheet);
    free(sheet);
    assert_refused(k, rc, says);
}

static void test_bombs_are_refused(void **state)
{
    struct kit *k = *state;

    refuse_repeated(k, "<sheetData>", "                                ", 5 << 18, "</sheetData>", LL_TOOBIG,
                    "ZIP bomb");
    refuse_repeated(k, "", "<a>", 600000, "", LL_TOOBIG, "too deep");
    refuse_repeated(k, "<x a=\"", "0123456789abcdef", 3 << 20, "\"/>", LL_TOOBIG, "tags too long");
}

/* Distinct names of moderate length do not pack well enough for the ratio to stop them. */
static void test_names_without_end_are_refused(void **state)
{
    struct ll_buf sheet = LL_BUF_INIT((size_t)128 << 20);
    uint64_t seed = 88172645463325252ULL;
    char filler[301];

    memset(filler, 'x', sizeof filler - 1);
    filler[sizeof filler - 1] = 0;
    for (int i = 0; i < 160000; i++) {
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        ll_buf_printf(&sheet, "<n%016llx%s/>", (unsigned long long)seed, filler);
    }
    assert_false(sheet.failed);
    kit_sheet(*state, sheet.p);
    ll_buf_free(&sheet);
    assert_refused((struct kit *)*state, LL_TOOBIG, "too many names");
}

static void test_damage_is_reported_with_its_place(void **state)
{
    static const struct {
        const char *sheet, *says;
    } cases[] = {
        {"<sheetData><row>" CELL "</sheetData>", "not valid XML"},
        {"<sheetData><row r=\"5\">" CELL "</row><row r=\"4\">" CELL "</row></sheetData>", "sheet row 4"},
        {"<sheetData><row r=\"5\">" CELL "</row><row r=\"5\">" CELL "</row></sheetData>", "sheet row 5"},
        {"<sheetData><row r=\"1048577\">" CELL "</row></sheetData>", "row number"},
        {"<sheetData><row r=\"1048576\">" CELL "</row><row>" CELL "</row></sheetData>", "1 048 576 rows"},
        {"<sheetData><row><c r=\"XFE1\"><v>1</v></c></row></sheetData>", "address"},
        {"<sheetData><row><c r=\"XFD1\"><v>1</v></c><c><v>1</v></c></row></sheetData>", "16 384 columns"},
        {"<sheetData/>", "empty"},
    };

    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        kit_sheet(*state, cases[i].sheet);
        assert_refused((struct kit *)*state, LL_INVALID, cases[i].says);
    }
}

static void test_missing_parts_are_reported(void **state)
{
    struct kit *k = *state;

    kit_zip(k, &(struct kit_part){"_rels/.rels", "<Relationships/>"}, 1);
    assert_refused(k, LL_INVALID, "table of contents");
    kit_zip(k, &(struct kit_part){"xl/workbook.xml", "<workbook/>"}, 1);
    assert_refused(k, LL_INVALID, "table of contents");
    kit_book(k, &(struct kit_book){.sheet = NULL});
    assert_refused(k, LL_INVALID, "is missing: the workbook is damaged");
}

static void test_every_cut_of_a_workbook_is_an_error(void **state)
{
    struct kit *k = *state;
    struct ll_buf whole = LL_BUF_INIT(1 << 20);

    kit_sheet(k, "<sheetData><row>" CELL "</row><row><c><v>1</v></c></row></sheetData>");
    assert_int_equal(ll_fs_read(k->path, 1 << 20, &whole, &k->err), LL_OK);
    for (size_t n = 60; n < whole.n; n += 7) {
        kit_file(k, whole.p, n);
        assert_refused(k, LL_INVALID, "cut off");
    }
    ll_buf_free(&whole);
}

/* No byte may make the reader crash or run away; most make it refuse. */
static void test_every_flipped_byte_is_survived(void **state)
{
    struct kit *k = *state;
    struct ll_buf whole = LL_BUF_INIT(1 << 20);

    kit_sheet(k, "<sheetData><row>" CELL "</row><row><c><v>1</v></c></row></sheetData>");
    assert_int_equal(ll_fs_read(k->path, 1 << 20, &whole, &k->err), LL_OK);
    for (size_t i = 0; i < whole.n; i++) {
        whole.p[i] ^= 0x55;
        kit_file(k, whole.p, whole.n);
        if (kit_read(k, NULL) < 0)
            assert_true(k->err.zh[0] && k->err.en[0]);
        whole.p[i] ^= 0x55;
    }
    ll_buf_free(&whole);
}

static void test_a_directory_that_claims_too_much_is_refused(void **state)
{
    unsigned char bytes[64] = "PK\3\4 xl/";
    unsigned char *end = bytes + 64 - 22;

    memcpy(end, "PK\5\6", 4);
    memset(end + 12, 0xf0, 4);
    kit_file(*state, bytes, sizeof bytes);
    assert_refused((struct kit *)*state, LL_TOOBIG, "ZIP directory");
}

static void test_part_names_are_resolved_inside_the_package(void **state)
{
    static const struct {
        const char *base, *target, *part;
    } cases[] = {
        {"xl/workbook.xml", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"},
        {"xl/workbook.xml", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"},
        {"xl/workbook.xml", "../a/./b.xml", "a/b.xml"},
        {"xl/workbook.xml", "../../../etc/passwd", "etc/passwd"},
        {"xl/workbook.xml", "a%20b.xml", "xl/a b.xml"},
        {"xl/workbook.xml", "worksheets\\s.xml", "xl/worksheets/s.xml"},
        {"workbook.xml", "s.xml", "s.xml"},
        {"", "xl/workbook.xml", "xl/workbook.xml"},
    };
    char out[LL_PATH], longest[LL_PATH + 8];

    (void)state;
    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        assert_int_equal(ll_xlsx_part_resolve(out, cases[i].base, cases[i].target, NULL), LL_OK);
        assert_string_equal(out, cases[i].part);
    }
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    assert_int_equal(ll_xlsx_part_resolve(out, "", longest, NULL), LL_INVALID);
}

static void test_escapes_are_undone_in_place(void **state)
{
    static const struct {
        const char *in, *out;
    } cases[] = {{"plain", "plain"},     {"_x0041_", "A"},        {"_x004", "_x004"},
                 {"_x00zz_", "_x00zz_"}, {"_xD83D__xDE00_", "😀"}, {"_xD83D_x", "\xef\xbf\xbdx"},
                 {"a_x_x0062_", "a_xb"}, {"_x4e2D_文", "中文"}};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        char text[32];
        strcpy(text, cases[i].in);
        assert_str(((struct ll_str){text, ll_xml_unescape(text, strlen(text))}), cases[i].out);
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_what_is_only_called_a_workbook_is_read_as_what_it_is),
        CASE(test_encrypted_and_old_workbooks_are_told_apart),
        CASE(test_packages_of_other_programs_are_named),
        CASE(test_document_types_and_entities_are_refused),
        CASE(test_bombs_are_refused),
        CASE(test_names_without_end_are_refused),
        CASE(test_damage_is_reported_with_its_place),
        CASE(test_missing_parts_are_reported),
        CASE(test_every_cut_of_a_workbook_is_an_error),
        CASE(test_every_flipped_byte_is_survived),
        CASE(test_a_directory_that_claims_too_much_is_refused),
        CASE(test_part_names_are_resolved_inside_the_package),
        CASE(test_escapes_are_undone_in_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
