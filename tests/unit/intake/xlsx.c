/* What a workbook's sheet becomes: header, rows, cells. */
#include "xlsx_kit.h"

#define T(text) "<c t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define AT(ref, text) "<c r=\"" ref "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define N(value) "<c><v>" value "</v></c>"
#define S(style, value) "<c s=\"" style "\"><v>" value "</v></c>"
#define ROW(cells) "<row>" cells "</row>"
#define DATA(rows) "<sheetData>" rows "</sheetData>"

static void test_title_rows_and_merged_header_give_joined_names(void **state)
{
    kit_sheet(
        *state,
        DATA(
            ROW(AT("A1", "庐陵区企业信息表"))                                                     /* */
            ROW(AT("A2", "填报单位：市场监管局") AT("D2", "单位：万元"))                          /* */
            ROW(AT("A3", "序号") AT("B3", "企业信息") AT("D3", "联系&#10;方式") AT("E3", "备注")) /* */
            ROW(AT("B4", "名称") AT("C4", "统一社会&#10;信用代码") AT("D4", "Phone&#10;number")
                    AT("E4", "备注")) /* */
            ROW(N("1") T("甲公司") T("91360800X") T("0796-8223344") T("在业")) ROW(N("2") T("乙公司") T(
                "91360801X"))) "<mergeCells><mergeCell ref=\"A1:E1\"/><mergeCell ref=\"A2:C2\"/><mergeCell ref=\"D2:E2\"/>"
                               "<mergeCell ref=\"A3:A4\"/><mergeCell ref=\"B3:C3\"/></mergeCells>");
    assert_reads((struct kit *)*state, NULL,
                 "序号|企业信息/名称|企业信息/统一社会信用代码|联系方式/Phone number|备注\n"
                 "5: 1|甲公司|91360800X|0796-8223344|在业\n"
                 "6: 2|乙公司|91360801X|-|-\n");
    struct kit *k = *state;
    assert_int_equal(k->info.header_line, 4);
    assert_int_equal(k->info.title_rows, 2);
    assert_non_null(strstr(k->info.text[LL_ZH], "表头第 3 至 4 行"));
}

static void test_header_is_extended_below_groups_only_when_names_follow(void **state)
{
    const char *merged = "<mergeCells><mergeCell ref=\"B1:C1\"/></mergeCells>";
    char sheet[2048];

    snprintf(sheet, sizeof sheet, "%s%s",
             DATA(ROW(AT("A1", "名称") AT("B1", "地址")) ROW(T("甲") T("吉州区") T("中山路"))
                      ROW(T("乙") T("青原区") T("文山路"))),
             merged);
    kit_sheet(*state, sheet);
    assert_reads((struct kit *)*state, NULL, "名称|地址|地址\n2: 甲|吉州区|中山路\n3: 乙|青原区|文山路\n");
    snprintf(sheet, sizeof sheet, "%s%s",
             DATA(ROW(AT("B1", "地址") AT("D1", "电话")) ROW(T("名称") T("区县") T("街道"))
                      ROW(T("乙") T("青原区") T("文山路") T("13"))),
             merged);
    kit_sheet(*state, sheet);
    assert_reads((struct kit *)*state, NULL, "名称|地址/区县|地址/街道|电话\n3: 乙|青原区|文山路|13\n");
}

static void test_vertical_merges_in_data_are_repeated_downwards_only(void **state)
{
    kit_sheet(
        *state,
        DATA(ROW(T("乡镇") T("村") T("户数"))                    /* */
             ROW(T("曲濑镇") T("卢家洲村") N("120"))             /* */
             ROW(AT("B3", "腊塘村") "<c r=\"C3\"><v>80</v></c>") /* */
             ROW("")                                             /* */
             ROW(AT("B5", "合计") "<c r=\"C5\"><v>200</v></c>")  /* */
             ROW(T("兴桥镇") T(
                 "跨两列"))) "<mergeCells><mergeCell ref=\"A2:A4\"/><mergeCell ref=\"B6:C6\"/></mergeCells>");
    assert_reads((struct kit *)*state, NULL,
                 "乡镇|村|户数\n"
                 "2: 曲濑镇|卢家洲村|120\n"
                 "3: 曲濑镇|腊塘村|80\n"
                 "5: -|合计|200\n"
                 "6: 兴桥镇|跨两列|-\n");
}

static void test_dates_are_iso_text_by_their_number_format(void **state)
{
    struct kit_book b = {
        .styles =
            "<numFmts><numFmt numFmtId=\"176\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@\"/>"
            "<numFmt numFmtId=\"177\" formatCode=\"[$-804]yyyy/m/d h:mm;@\"/>"
            "<numFmt numFmtId=\"178\" formatCode=\"[h]:mm:ss\"/></numFmts>"
            "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"31\"/><xf numFmtId=\"176\"/>"
            "<xf numFmtId=\"177\"/><xf numFmtId=\"178\"/><xf numFmtId=\"21\"/></cellXfs>",
        .sheet = DATA(ROW(T("a") T("b") T("c") T("d") T("e") T("f") T("g")) /* */
                      ROW(S("0", "45047") S("1", "45047") S("2", "45047") S("3", "45047.75")
                              S("4", "45047.354166667")                /* */
                          S("5", "1.5") S("6", "0.35416666666666669")) /* */
                      ROW(S("1", "1") S("1", "59") S("1", "60") S("1", "61") S("1", "2958465")
                              S("1", "2958466") S("1", "-3"))),
    };
    kit_book(*state, &b);
    assert_reads((struct kit *)*state, NULL,
                 "a|b|c|d|e|f|g\n"
                 "2: 45047|2023-05-01|2023-05-01|2023-05-01|2023-05-01 08:30:00|36:00:00|08:30:00\n"
                 "3: 1900-01-01|1900-02-28|1900-02-29|1900-03-01|9999-12-31|2958466|-3\n");
    b.props = "date1904=\"1\"";
    b.sheet = DATA(ROW(T("a") T("b")) ROW(S("1", "0") S("1", "43585")));
    kit_book(*state, &b);
    assert_reads((struct kit *)*state, NULL, "a|b\n2: 1904-01-01|2023-05-01\n");
}

static void test_numbers_are_the_shortest_text_that_reads_back(void **state)
{
    struct kit_book b = {
        .styles = "<numFmts><numFmt numFmtId=\"180\" formatCode=\"000000\"/></numFmts>"
                  "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"180\"/></cellXfs>",
        .sheet = DATA(ROW(T("a") T("b") T("c") T("d") T("e") T("f")) /* */
                      ROW(N("0.10000000000000001") N("1234.5599999999999") N("1.5E+3") N("2E-3") N("-0.50")
                              S("1", "1234")) /* */
                      ROW(N("123456789012345") N("9007199254740991") N(" 7 ") N("1e+300") S("1", "1234567")
                              S("1", "-5"))),
    };
    kit_book(*state, &b);
    assert_reads(
        (struct kit *)*state, NULL,
        "a|b|c|d|e|f\n"
        "2: 0.1|1234.56|1500|0.002|-0.5|001234\n"
        "3: 123456789012345|9007199254740991|7|1e+300|1234567|-5 !decode.digits D3 (d) 1e+300: make the column text and fill it in again\n");
}

static void test_an_identifier_that_lost_digits_is_a_fault(void **state)
{
    kit_sheet(*state, DATA(ROW(T("姓名") T("身份证号"))                                              /* */
                           ROW(T("甲") N("3.6081219700101101E+17"))                                  /* */
                           ROW(T("乙") T("36081219700101101X")) ROW(T("丙") N("360812197001011234")) /* */
                           ROW(T("丁") N("6222021234567890"))));
    assert_reads(
        (struct kit *)*state, NULL,
        "姓名|身份证号\n"
        "2: 甲|360812197001011000 !decode.digits B2 (身份证号) 360812197001011000: make the column text and fill it in again\n"
        "3: 乙|36081219700101101X\n"
        "4: 丙|360812197001011234 !decode.digits B4 (身份证号) 360812197001011234: make the column text and fill it in again\n"
        "5: 丁|6222021234567890 !decode.digits B5 (身份证号) 6222021234567890: make the column text and fill it in again\n");
}

static void test_every_way_to_write_a_text_is_read(void **state)
{
    struct kit_book b = {
        .strings =
            "<si><t>共享</t></si>"
            "<si><r><t>富</t></r><r><rPr><b/></rPr><t xml:space=\"preserve\"> 文本</t></r></si>"
            "<si><t>東京</t><rPh sb=\"0\" eb=\"2\"><t>トウキョウ</t></rPh><phoneticPr fontId=\"1\"/></si>"
            "<si><t>a_x000D_b_x005F_x0041_ _x4E2D_</t></si><si/>",
        .sheet = DATA(
            ROW(T("a") T("b") T("c") T("d") T("e")) /* */
            ROW("<c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c><c t=\"s\"><v>2</v></c><c t=\"s\"><v>3</v></c>"
                "<c t=\"s\"><v>4</v></c>") /* */
            ROW("<c t=\"inlineStr\"><is><r><t>内</t></r><r><t>联</t></r><rPh><t>x</t></rPh></is></c>"
                "<c t=\"str\"><f>A1&amp;B1</f><v>公式</v></c><c t=\"b\"><v>1</v></c><c t=\"b\"><v>0</v></c>"
                "<c t=\"e\"><v>#N/A</v></c>") /* */
            ROW("<c><f>1+1</f><v>2</v></c><c t=\"str\"><f>B9</f><v></v></c><c t=\"d\"><v>2023-05-01T00:00:00</v></c>"
                "<c t=\"d\"><v>2023-05-01T08:30:00.500Z</v></c>") /* */
            ROW("<c t=\"str\"><f>B9</f><v></v></c><c s=\"3\"/>")),
    };
    kit_book(*state, &b);
    assert_reads((struct kit *)*state, NULL,
                 "a|b|c|d|e\n"
                 "2: 共享|富 文本|東京|a\rb_x0041_ 中|-\n"
                 "3: 内联|公式|TRUE|FALSE|-\n"
                 "4: 2|-|2023-05-01|2023-05-01 08:30:00.500|-\n");
}

static void test_cells_that_cannot_be_read_are_faults_of_their_row(void **state)
{
    struct kit_book b = {
        .strings = "<si><t>唯一</t></si>",
        .sheet = DATA(ROW(T("名称") T("金额")) ROW(T("甲") "<c t=\"s\"><v>9</v></c>")
                          ROW(T("乙") "<c><f>SUM(A1)</f></c>") ROW(T("丙") N("abc"))
                              ROW(T("丁") N("1") T("多出")) ROW(T("戊") N("2"))),
    };
    kit_book(*state, &b);
    assert_reads(
        (struct kit *)*state, NULL,
        "名称|金额\n"
        "2: 甲|9 !decode.cell B2 (金额) 9: has a text that is not in the workbook, which is damaged\n"
        "3: 乙| !decode.cell B3 (金额) : has a formula without its result; open the file in Excel or WPS and save it\n"
        "4: 丙|abc !decode.cell B4 (金额) abc: is marked as a number and is none\n"
        "5: 丁|1|多出 !decode.columns C5 has content and the header has 2 columns\n"
        "6: 戊|2\n");
}

static void test_positions_come_from_the_cells_not_from_the_dimension(void **state)
{
    kit_sheet(*state, "<dimension ref=\"A1:A1\"/><cols><col min=\"2\" max=\"2\" hidden=\"1\"/></cols>" /* */
              DATA("<row r=\"3\" spans=\"1:1\">" AT("B3", "名称") AT(
                  "C3", "代码") "</row>" /* */
                                "<row r=\"7\" hidden=\"1\">" AT("C7", "后")
                                    AT("B7", "前") "</row>" /* */
                                                   "<row r=\"1048576\">" AT("B1048576", "末行") "</row>"));
    assert_reads((struct kit *)*state, NULL, "#1|名称|代码\n7: -|前|后\n1048576: -|末行|-\n");
    struct kit *k = *state;
    assert_non_null(strstr(k->info.text[LL_EN], "1 hidden rows and 1 hidden columns"));
}

static void test_the_header_can_be_told(void **state)
{
    struct ll_source_opts opts = LL_SOURCE_OPTS_INIT;

    kit_sheet(*state, DATA(ROW(T("甲") T("乙")) ROW(T("名称") T("代码")) ROW(T("丙") N("1"))));
    opts.header = 2;
    assert_reads((struct kit *)*state, &opts, "名称|代码\n3: 丙|1\n");
    opts.header = LL_SOURCE_HEADER_NONE;
    assert_reads((struct kit *)*state, &opts, "#1|#2\n1: 甲|乙\n2: 名称|代码\n3: 丙|1\n");
    opts.header = 9;
    assert_int_equal(kit_read(*state, &opts), LL_INVALID);
    kit_sheet(*state, DATA(ROW(N("1") N("2")) ROW(N("3") N("4"))));
    assert_reads((struct kit *)*state, NULL, "#1|#2\n1: 1|2\n2: 3|4\n");
}

static void test_a_sheet_with_a_header_only_has_no_rows(void **state)
{
    kit_sheet(*state, DATA(ROW(T("名称") T("代码")) ROW("<c s=\"1\"/>") ROW("")));
    assert_reads((struct kit *)*state, NULL, "名称|代码\n");
}

static void test_unnamed_columns_that_the_rows_fill_belong_to_the_table(void **state)
{
    kit_sheet(*state, DATA(ROW(T("名称") T("代码")) ROW(T("甲") N("1") N("10")) ROW(T("乙") N("2") N("20"))
                               ROW(T("丙") N("3") AT("E4", "批注"))));
    assert_reads((struct kit *)*state, NULL,
                 "名称|代码|#3\n2: 甲|1|10\n3: 乙|2|20\n"
                 "4: 丙|3|-|-|批注 !decode.columns E4 has content and the header has 3 columns\n");
}

#define R "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define STRICT "http://purl.oclc.org/ooxml/officeDocument/relationships"

static void test_strict_workbooks_with_prefixes_and_absolute_names_are_read(void **state)
{
    const struct kit_part parts[] = {
        {"_rels/.rels", "<p:Relationships xmlns:p=\"x\"><p:Relationship Id=\"a\" Type=\"" STRICT
                        "/officeDocument\" Target=\"/Book/Main.xml\"/></p:Relationships>"},
        {"Book/Main.xml",
         "<x:workbook xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\" xmlns:q=\"" STRICT
         "\" conformance=\"strict\"><x:sheets><x:sheet name=\"S\" sheetId=\"1\" q:id=\"z\"/>"
         "</x:sheets></x:workbook>"},
        {"Book/_rels/Main.xml.rels", "<Relationships xmlns=\"x\"><Relationship Id=\"z\" Type=\"" STRICT
                                     "/worksheet\" Target=\"../Other/./my%20sheet.xml\"/></Relationships>"},
        {"OTHER\\My Sheet.xml",
         "<x:worksheet xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\"><x:sheetData><x:row>"
         "<x:c t=\"inlineStr\"><x:is><x:t>名称</x:t></x:is></x:c></x:row><x:row><x:c><x:v>5</x:v></x:c>"
         "</x:row></x:sheetData><x:extLst><x:ext><x:sheetData><x:row><x:c><x:v>9</x:v></x:c></x:row>"
         "</x:sheetData></x:ext></x:extLst></x:worksheet>"},
    };
    kit_zip(*state, parts, LL_COUNT(parts));
    assert_reads((struct kit *)*state, NULL, "名称\n2: 5\n");
}

#define SHEET_OF(rows) "<worksheet xmlns=\"x\"><sheetData>" rows "</sheetData></worksheet>"

static void test_the_visible_sheet_with_most_cells_is_read_and_the_others_are_named(void **state)
{
    const struct kit_part parts[] = {
        {"xl/workbook.xml",
         "<workbook xmlns:r=\"" R
         "\"><sheets><sheet name=\"说明\" r:id=\"a\"/><sheet name=\"企业\" r:id=\"b\"/>"
         "<sheet name=\"字典\" state=\"hidden\" r:id=\"c\"/><sheet name=\"图\" r:id=\"d\"/></sheets></workbook>"},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships><Relationship Id=\"a\" Type=\"" R "/worksheet\" Target=\"1.xml\"/>"
         "<Relationship Id=\"b\" Type=\"" R "/worksheet\" Target=\"2.xml\"/>"
         "<Relationship Id=\"c\" Type=\"" R "/worksheet\" Target=\"3.xml\"/>"
         "<Relationship Id=\"d\" Type=\"" R "/chartsheet\" Target=\"4.xml\"/></Relationships>"},
        {"xl/1.xml", SHEET_OF(ROW(T("请按说明填写")))},
        {"xl/2.xml", SHEET_OF(ROW(T("名称") T("代码")) ROW(T("甲") T("1")))},
        {"xl/3.xml", SHEET_OF(ROW(T("a") T("b") T("c")) ROW(T("a") T("b") T("c")) ROW(T("a") T("b") T("c")))},
        {"xl/4.xml", "<chartsheet/>"},
    };
    struct ll_source_opts opts = LL_SOURCE_OPTS_INIT;
    struct kit *k = *state;

    kit_zip(k, parts, LL_COUNT(parts));
    assert_reads(k, NULL, "名称|代码\n2: 甲|1\n");
    assert_string_equal(k->info.sheet, "企业");
    assert_string_equal(k->info.text[LL_ZH],
                        "XLSX，UTF-8，工作表“企业”（未读取的工作表：说明、字典、图），表头第 1 行");
    opts.sheet = "字典";
    assert_int_equal(kit_read(k, &opts), LL_OK);
    assert_string_equal(k->info.sheet, "字典");
    opts.sheet = "#1";
    assert_int_equal(kit_read(k, &opts), LL_OK);
    assert_string_equal(k->info.sheet, "说明");
    opts.sheet = "没有";
    assert_int_equal(kit_read(k, &opts), LL_INVALID);
    assert_non_null(strstr(k->err.zh, "说明、企业、字典、图"));
    opts.sheet = "图";
    assert_int_equal(kit_read(k, &opts), LL_INVALID);
}

static void test_more_columns_than_allowed_are_refused(void **state)
{
    struct ll_source_opts opts = LL_SOURCE_OPTS_INIT;

    opts.max_columns = 2;
    kit_sheet(*state, DATA(ROW(T("a") T("b") T("c")) ROW(N("1"))));
    assert_int_equal(kit_read(*state, &opts), LL_TOOBIG);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_title_rows_and_merged_header_give_joined_names),
        CASE(test_header_is_extended_below_groups_only_when_names_follow),
        CASE(test_vertical_merges_in_data_are_repeated_downwards_only),
        CASE(test_dates_are_iso_text_by_their_number_format),
        CASE(test_numbers_are_the_shortest_text_that_reads_back),
        CASE(test_an_identifier_that_lost_digits_is_a_fault),
        CASE(test_every_way_to_write_a_text_is_read),
        CASE(test_cells_that_cannot_be_read_are_faults_of_their_row),
        CASE(test_positions_come_from_the_cells_not_from_the_dimension),
        CASE(test_the_header_can_be_told),
        CASE(test_a_sheet_with_a_header_only_has_no_rows),
        CASE(test_unnamed_columns_that_the_rows_fill_belong_to_the_table),
        CASE(test_strict_workbooks_with_prefixes_and_absolute_names_are_read),
        CASE(test_the_visible_sheet_with_most_cells_is_read_and_the_others_are_named),
        CASE(test_more_columns_than_allowed_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
