/* JSON as a delivery: arrays, lines and objects one after another; what is broken costs as few rows as can be. */
#include "deliver.h"

#define REST "; from this value to the end of the file nothing can be read) "

static void test_an_array_of_objects(void **state)
{
    (void)state;
    gives("[{\"a\":1,\"b\":\"x\"},\n {\"b\":null,\"a\":\"y\"} , {}]\n", "a|b",
          "1|x #1@1\ny|~ #2@2\n~|~ #3@2\n");
    gives("[]", "", "");
    gives(" [ ] \n", "", "");
}

static void test_an_object_a_line(void **state)
{
    (void)state;
    gives("{\"a\":1}\n{\"a\":2}\r\n\n{\"a\":3}", "a", "1 #1@1\n2 #2@2\n3 #3@4\n");
}

static void test_objects_one_after_another_over_many_lines(void **state)
{
    (void)state;
    gives("{\n \"a\": 1,\n \"b\": {\"c\": true}\n}\n", "a|b.c", "1|true #1@1\n");
    gives("{\n \"a\": 1\n}\n{\n \"a\": 2\n}", "a", "1 #1@1\n2 #2@4\n");
}

static void test_an_array_wrapped_in_an_object_under_a_usual_name(void **state)
{
    (void)state;
    gives("{\n\"RECORDS\":[\n{\"a\":1},\n{\"a\":2}\n]\n}\n", "a", "1 #1@3\n2 #2@4\n");
    gives("{\"code\":0,\"data\":{\"total\":2,\"list\":[{\"a\":1},{\"a\":2}],\"page\":1},\"msg\":\"ok\"}", "a",
          "1 #1@1\n2 #2@1\n");
    gives("{\"name\":\"x\",\"children\":[{\"a\":1}]}", "name|children", "x|[{\"a\":1}] #1@1\n");
    gives("{\"data\":[{\"a\":1}]}\n{\"data\":[{\"a\":2}]}\n", "data", "[{\"a\":1}] #1@1\n[{\"a\":2}] #2@2\n");
    gives("{\"data\":[{\"a\":1}]", "a",
          "1 #1@1\n !5 (line 1, character 1 of the value: something is wrong after the end of the array" REST
          "#2@1\n");
    gives(
        "{\"data\":[{\"a\":1}]\n} {\n\"b\":1}", "a",
        "1 #1@1\n} {\n\"b\":1} !5 (line 2, character 1 of the value: something is wrong after the end of the array" REST
        "#2@2\n");
}

static void test_nested_objects_become_paths_and_arrays_stay(void **state)
{
    (void)state;
    gives("[{\"a\":{\"b\":{\"c\":1},\"d\":[1, {\"e\":2}]},\"f\":{}}]", "a.b.c|a.d|f",
          "1|[1, {\"e\":2}]|{} #1@1\n");
}

static void test_numbers_stay_as_written(void **state)
{
    (void)state;
    gives("[{\"a\":12345678901234567890123,\"b\":0.10,\"c\":-1E+400}]", "a|b|c",
          "12345678901234567890123|0.10|-1E+400 #1@1\n");
}

static void test_strings_are_decoded(void **state)
{
    (void)state;
    gives("[{\"a\":\"\\u4e2d\\ud83d\\ude00\\t\\\"\\/\",\"\\u6587\":\"x\"}]", "a|文", "中😀\t\"/|x #1@1\n");
}

static void test_a_broken_line_is_one_faulty_row(void **state)
{
    (void)state;
    gives("{\"a\":1}\n{\"a\":tru}\n[1]\n{\"a\":3}\n", "a",
          "1 #1@1\n"
          "{\"a\":tru} !5 (line 2, character 6 of the value: a value should be here) #2@2\n"
          "[1] !5 (line 3, character 1 of the value: not an object, so it makes no row) #3@3\n"
          "3 #4@4\n");
}

static void test_a_bad_element_of_an_array_is_one_faulty_row(void **state)
{
    (void)state;
    gives(
        "[{\"a\":1},\n{\"a\":01},\n{\"a\":3}]", "a",
        "1 #1@1\n{\"a\":01} !5 (line 2, character 8 of the value: a number may not start with 0) #2@2\n3 #3@3\n");
}

static void test_what_follows_a_missing_bracket_is_one_faulty_row(void **state)
{
    (void)state;
    gives(
        "[{\"a\":1},\n{\"a\":2", "a",
        "1 #1@1\n{\"a\":2 !5 (line 2, character 7 of the value: a comma or the closing bracket should be here" REST
        "#2@2\n");
    gives("[{\"a\":1}", "a",
          "1 #1@1\n !5 (line 1, character 1 of the value: the array does not end with ]" REST "#2@1\n");
    gives("[{\"a\":1},", "a",
          "1 #1@1\n !5 (line 1, character 1 of the value: the array does not end with ]" REST "#2@1\n");
    gives(
        "[{\"a\":1} {\"a\":2}]", "a",
        "1 #1@1\n{\"a\":2}] !5 (line 1, character 1 of the value: a comma should stand between elements" REST
        "#2@1\n");
    gives("[{\"a\":1}]\nx", "a",
          "1 #1@1\nx !5 (line 2, character 1 of the value: something is wrong after the end of the array" REST
          "#2@2\n");
}

static void test_a_key_that_comes_late_or_twice_is_a_fault(void **state)
{
    struct ll_buf text = LL_BUF_INIT(1 << 20);

    (void)state;
    for (unsigned i = 0; i < 1000; i++)
        ll_buf_printf(&text, "{\"a\":%u}\n", i);
    ll_buf_z(&text, "{\"a\":1,\"late\":2}\n{\"a\":1,\"a\":2}\n{\"a\":1,\"a\":1}\n");
    struct ll_source *s = deliver(ll_buf_view(&text), NULL, NULL);
    char *rows = rows_of(s);
    assert_non_null(strstr(rows,
                           "\n{\"a\":1,\"late\":2} !0 (a key that was not there before: late) #1001@1001\n"
                           "{\"a\":1,\"a\":2} !0 (the key a occurs twice, with different values) #1002@1002\n"
                           "1 #1003@1003\n"));
    free(rows);
    ll_buf_free(&text);
    ll_source_close(s);
}

static void test_faults_of_bytes(void **state)
{
    (void)state;
    gives("{\"a\":\"x\"}\n{\"a\":\"\xff\"}\n{\"a\":\"\\u0000\"}\n", "a",
          "x #1@1\n{\"a\":\"\xef\xbf\xbd\"} !4 (bytes FF at character 7 are not valid UTF-8) #2@2\n"
          "{\"a\":\"\\u0000\"} !3 #3@3\n");
}

static void test_a_value_over_the_limit(void **state)
{
    struct ll_source_opts o = LL_SOURCE_OPTS_INIT;
    struct ll_buf text = LL_BUF_INIT(8 << 20);

    (void)state;
    o.max_record = 1000;
    ll_buf_z(&text, "{\"a\":1}\n{\"a\":\"");
    for (unsigned i = 0; i < 500000; i++)
        ll_buf_z(&text, "0123456");
    ll_buf_z(&text, "\"}\n{\"a\":3}\n");
    struct ll_source *s = deliver(ll_buf_view(&text), NULL, &o);
    char *rows = rows_of(s);
    assert_non_null(strstr(rows, " !2 (a line of more than 1000 bytes) #2@2\n3 #3@3\n"));
    free(rows);
    ll_source_close(s);
    ll_buf_free(&text);
}

static void test_a_csv_in_brackets_is_no_json(void **state)
{
    (void)state;
    gives("[a],{b}\n1,2\n", "[a]|{b}", "1|2 #1@2\n");
}

static void test_many_elements_in_any_number_of_ranges(void **state)
{
    struct ll_buf text = LL_BUF_INIT(1 << 24);

    (void)state;
    ll_buf_z(&text, "[\n");
    for (unsigned i = 0; i < 30000; i++)
        ll_buf_printf(&text, "%s{\"id\": %u,\n\"name\": \"a]}\\\"%u\", \"x\": {\"y\": [%u]}}", i ? ",\n" : "",
                      i, i, i);
    ll_buf_z(&text, "\n]\n");
    struct ll_source *s = deliver(ll_buf_view(&text), NULL, NULL);
    char *rows = rows_of(s);
    assert_non_null(strstr(rows, "29999|a]}\"29999|[29999] #30000@60000\n"));
    free(rows);
    ll_source_close(s);
    ll_buf_free(&text);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        T(test_an_array_of_objects),
        T(test_an_object_a_line),
        T(test_objects_one_after_another_over_many_lines),
        T(test_an_array_wrapped_in_an_object_under_a_usual_name),
        T(test_nested_objects_become_paths_and_arrays_stay),
        T(test_numbers_stay_as_written),
        T(test_strings_are_decoded),
        T(test_a_broken_line_is_one_faulty_row),
        T(test_a_bad_element_of_an_array_is_one_faulty_row),
        T(test_what_follows_a_missing_bracket_is_one_faulty_row),
        T(test_a_key_that_comes_late_or_twice_is_a_fault),
        T(test_faults_of_bytes),
        T(test_a_value_over_the_limit),
        T(test_a_csv_in_brackets_is_no_json),
        T(test_many_elements_in_any_number_of_ranges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
