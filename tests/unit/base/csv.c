/* The CSV reader's promises (csv.h), one test each, and the whole of csv-spectrum when it is at hand. */
#include "../test.h"

#include "base/csv.h"

#define COMMA ((struct ll_csv_dialect){',', '"'})

/* Reads everything and joins it: cells by '|', records by '/', marks after '!'. */
static char *joined(const char *text, size_t n, bool last, size_t max_record, size_t *left)
{
    static char out[4096];
    struct ll_csv c = {0};
    struct ll_csv_record r = {0};
    size_t used = 0;

    ll_csv_init(&c, text, n, COMMA, last);
    if (max_record)
        c.max_record = max_record;
    out[0] = 0;
    while (ll_csv_next(&c, &r) > 0) {
        for (size_t i = 0; i < r.n; i++)
            used += (size_t)snprintf(out + used, sizeof out - used, "%s%.*s", i ? "|" : "",
                                     LL_STR_ARG(r.cells[i]));
        if (r.marks)
            used += (size_t)snprintf(out + used, sizeof out - used, "!%u", r.marks);
        used += (size_t)snprintf(out + used, sizeof out - used, "@%d/", (int)r.line);
    }
    if (left)
        *left = (size_t)(c.end - c.p);
    ll_csv_free(&c);
    ll_csv_record_free(&r);
    return out;
}

static void reads(const char *text, const char *want)
{
    assert_string_equal(joined(text, strlen(text), true, 0, NULL), want);
}

static void test_plain_and_quoted_cells(void **state)
{
    (void)state;
    reads("a,b\nc,d\n", "a|b@1/c|d@2/");
    reads("a,b\r\nc,d", "a|b@1/c|d@2/");
    reads("\"a,1\",b\n", "a,1|b@1/");
    reads("\"x\"\"y\",\"\"\n", "x\"y|@1/");
    reads("a,\n,b\n\n", "a|@1/|b@2/@3/");
    reads("\"l1\nl2\",z\nq,r\n", "l1\nl2|z@1/q|r@3/");
    reads("\"a\n\"\"\nb\",z\nq\n", "a\n\"\nb|z@1/q@4/");
    reads("a,", "a|@1/");
    reads("", "");
}

static void test_a_quote_inside_a_cell_is_a_byte(void **state)
{
    (void)state;
    reads("5\" pipe,b\nc,d\n", "5\" pipe|b@1/c|d@2/");
}

static void test_an_open_quote_costs_one_line_only(void **state)
{
    (void)state;
    reads("a,\"b\nc,d\ne,f\n", "a,\"b!1@1/c|d@2/e|f@3/");
    reads("a,\"b\nc,\"d\"\ne,f\n", "a,\"b!1@1/c|d@2/e|f@3/");
    reads("a,\"b\n\"c\",d\ne,f\n", "a,\"b!1@1/c|d@2/e|f@3/");
    reads("a,\"b\nc\" ,d\n", "a|b\nc|d@1/");
}

static void test_text_after_a_closing_quote_makes_the_cell_plain(void **state)
{
    (void)state;
    reads("\"a\"b,c\n", "\"a\"b|c!2@1/");
    reads("\"a,1\"b\"\"\n", "\"a,1\"b\"\"!2@1/");
    reads("\"a\"\"\" \t,c\n\"d\" ", "a\"|c@1/d@2/");
}

static void test_a_line_over_the_limit_is_one_marked_record(void **state)
{
    const char *text = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,b\nc,d\n";

    (void)state;
    assert_string_equal(joined(text, strlen(text), true, 16, NULL), "aaaaaaaaaaaaaaaa!4@1/c|d@2/");
}

static void test_a_nul_is_marked(void **state)
{
    (void)state;
    assert_string_equal(joined("a,c\0\nd,e\n", 9, true, 0, NULL), "a|c!8@1/d|e@2/");
}

static void test_an_unfinished_record_is_left_for_the_next_chunk(void **state)
{
    const char *text = "a,b\nc,d\r";
    size_t left;

    (void)state;
    assert_string_equal(joined(text, strlen(text), false, 0, &left), "a|b@1/");
    assert_int_equal(left, 4);
}

/* Cutting the input anywhere and reading it in two chunks gives the same records. */
static void test_any_cut_gives_the_same_records(void **state)
{
    const char *text = "id,\"na\"\"me\",x\r\n1,\"two\nlines\",3\r\n\"q\",,\n,,\"\"\n";
    size_t n = strlen(text);
    char whole[4096], parts[4096];

    (void)state;
    strcpy(whole, joined(text, n, true, 0, NULL));
    for (char *p = whole; (p = strchr(p, '@')) != NULL; p++)
        p[1] = 'L'; /* line numbers restart in the second chunk */
    for (size_t cut = 0; cut <= n; cut++) {
        size_t left;
        strcpy(parts, joined(text, cut, false, 0, &left));
        strcat(parts, joined(text + cut - left, n - cut + left, true, 0, NULL));
        for (char *p = parts; (p = strchr(p, '@')) != NULL; p++)
            p[1] = 'L';
        assert_string_equal(parts, whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_and_quoted_cells),
        cmocka_unit_test(test_a_quote_inside_a_cell_is_a_byte),
        cmocka_unit_test(test_an_open_quote_costs_one_line_only),
        cmocka_unit_test(test_text_after_a_closing_quote_makes_the_cell_plain),
        cmocka_unit_test(test_a_line_over_the_limit_is_one_marked_record),
        cmocka_unit_test(test_a_nul_is_marked),
        cmocka_unit_test(test_an_unfinished_record_is_left_for_the_next_chunk),
        cmocka_unit_test(test_any_cut_gives_the_same_records),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
