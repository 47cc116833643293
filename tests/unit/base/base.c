/* base: what the other layers lean on. */
#include "../test.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/log.h"

/* Byte by byte, by what the decoder makes of it. */
static size_t first_bad(struct ll_str s)
{
    for (size_t at = 0, from = 0; ll_utf8_next(s, &at) >= 0; from = at)
        if (at == from + 1 && (s.p[from] & 0x80))
            return from;
    return s.n;
}

/* Long texts take another path than short ones: both must find the same byte, wherever it lies. */
static void test_long_utf8_is_checked_like_short(void **state)
{
    static const char *const parts[] = {"abc",         "吉安市",           "é",
                                        "😀",           "0123456789012345", "\xe4",
                                        "\xb8\xad",    "\xed\xa0\x80",     "\xf4\x90\x80\x80",
                                        "\xc0\x80",    "\xf0\x80\x80\x80", "\xff",
                                        "\xe0\x9f\xbf"};
    uint32_t x = 1;

    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        char text[400];
        size_t n = 0, want = 50 + round % 300, kinds = round % 4 ? 5 : LL_COUNT(parts);
        while (n < want) {
            x = x * 1664525 + 1013904223;
            const char *part = parts[round % 7 == 3 && (x >> 24) == 0 ? 5 + (x >> 8) % 8 : (x >> 16) % kinds];
            memcpy(text + n, part, strlen(part));
            n += strlen(part);
        }
        char *copy = malloc(want); /* the sanitizer sees a step past its end */
        memcpy(copy, text, want);
        struct ll_str s = {copy, want};
        assert_int_equal(ll_utf8_bad(s), first_bad(s));
        free(copy);
    }
}

static void test_utf8_follows_rfc_3629(void **state)
{
    static const char *const bad[] = {"\xc0\x80",         "\xe0\x80\x80", "\xed\xa0\x80",
                                      "\xf4\x90\x80\x80", "\xff",         "\xe4\xb8"};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(bad); i++)
        assert_int_equal(ll_utf8_bad(ll_str(bad[i])), 0);
    assert_int_equal(ll_utf8_bad(LL_STR("吉安市abcdefghij")), strlen("吉安市abcdefghij"));
    assert_int_equal(ll_utf8_bad(LL_STR("吉安\xff")), 6);
    assert_int_equal(ll_utf8_width(LL_STR("吉a")), 3);
}

static void test_every_code_point_survives_a_round_trip(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        char b[4];
        size_t at = 0, n = ll_utf8_put(b, cp);
        if (cp >= 0xd800 && cp <= 0xdfff) {
            assert_int_equal(n, 0);
            continue;
        }
        if ((uint32_t)ll_utf8_next((struct ll_str){b, n}, &at) != cp || at != n)
            fail_msg("U+%04X", cp);
    }
}

static void test_integers_are_read_exactly(void **state)
{
    int64_t v;

    (void)state;
    assert_true(ll_str_i64(LL_STR("-9223372036854775808"), INT64_MIN, INT64_MAX, &v) && v == INT64_MIN);
    assert_true(ll_str_i64(LL_STR("9223372036854775807"), INT64_MIN, INT64_MAX, &v) && v == INT64_MAX);
    assert_false(ll_str_i64(LL_STR("9223372036854775808"), INT64_MIN, INT64_MAX, &v));
    assert_false(ll_str_i64(LL_STR(""), 0, 9, &v));
    assert_false(ll_str_i64(LL_STR("1x"), 0, 9, &v));
}

static void test_a_buffer_stops_at_its_ceiling(void **state)
{
    struct ll_buf b = LL_BUF_INIT(10);

    (void)state;
    ll_buf_z(&b, "12345");
    ll_buf_z(&b, "678901");
    assert_true(b.failed);
    assert_str(ll_buf_view(&b), "12345");
    ll_buf_free(&b);
}

static void test_csv_cells_are_quoted_and_formulas_defused(void **state)
{
    struct ll_buf b = LL_BUF_INIT(1000);

    (void)state;
    ll_buf_csv(&b, LL_STR("a\"b"), true);
    ll_buf_c(&b, ',');
    ll_buf_csv(&b, LL_STR("=cmd|' /C calc'!A0"), true);
    ll_buf_c(&b, ',');
    ll_buf_csv(&b, LL_STR("-12.5"), true);
    ll_buf_c(&b, ',');
    ll_buf_csv(&b, LL_STR("@x"), false);
    assert_str(ll_buf_view(&b), "\"a\"\"b\",\"'=cmd|' /C calc'!A0\",-12.5,@x");
    ll_buf_free(&b);
}

static void test_json_is_escaped_and_broken_bytes_replaced(void **state)
{
    struct ll_buf b = LL_BUF_INIT(1000);
    struct ll_json j;

    (void)state;
    ll_json_init(&j, &b);
    ll_json_obj(&j);
    ll_json_kz(&j, "a", "q\"\n\xff吉\xfe");
    ll_json_key(&j, "b");
    ll_json_arr(&j);
    ll_json_num(&j, 0.1);
    ll_json_int(&j, -3);
    ll_json_end_arr(&j);
    ll_json_end_obj(&j);
    assert_str(ll_buf_view(&b), "{\"a\":\"q\\\"\\n\xef\xbf\xbd吉\xef\xbf\xbd\",\"b\":[0.1,-3]}");
    ll_buf_free(&b);
}

static void test_what_an_address_may_not_hold_is_percent_encoded(void **state)
{
    struct ll_buf b = LL_BUF_INIT(1024);

    (void)state;
    ll_buf_percent(&b, LL_STR("a-Z_0.9~ 100%?x=1&y/é\n"), "");
    ll_buf_c(&b, ' ');
    ll_buf_percent(&b, LL_STR("/var/吉 安"), "/");
    assert_string_equal(b.p, "a-Z_0.9~%20100%25%3Fx%3D1%26y%2F%C3%A9%0A /var/%E5%90%89%20%E5%AE%89");
    ll_buf_free(&b);
}

static void test_days_and_dates_agree_over_all_years(void **state)
{
    (void)state;
    for (int32_t day = ll_days_from_civil(1, 1, 1); day <= ll_days_from_civil(9999, 12, 31); day += 7) {
        int y;
        unsigned m, d;
        ll_civil_from_days(day, &y, &m, &d);
        assert_true(ll_civil_valid(y, m, d));
        assert_int_equal(ll_days_from_civil(y, m, d), day);
    }
    assert_int_equal(ll_days_from_civil(1970, 1, 1), 0);
    assert_false(ll_civil_valid(2023, 2, 29));
}

static void test_an_instant_reads_back(void **state)
{
    char text[LL_TIME_TEXT];
    int64_t ms;

    (void)state;
    assert_string_equal(ll_time_text(1795421730123, text), "2026-11-23T08:15:30.123Z");
    assert_true(ll_time_parse(text, &ms));
    assert_int_equal(ms, 1795421730123);
    assert_false(ll_time_parse("2026-13-01", &ms));
}

static void test_an_arena_keeps_to_its_ceiling(void **state)
{
    struct ll_arena *a = ll_arena_new(10000);

    (void)state;
    assert_non_null(ll_arena_alloc(a, 5000));
    assert_null(ll_arena_alloc(a, 6000));
    assert_null(ll_arena_array(a, SIZE_MAX / 2, 3));
    assert_string_equal(ll_arena_printf(a, "%d-%s", 7, "x"), "7-x");
    ll_arena_free(a);
}

static void test_both_languages_are_filled_and_cut_whole(void **state)
{
    struct ll_err err;
    char big[2000];

    (void)state;
    memset(big, 0, sizeof big);
    for (size_t i = 0; i + 3 < sizeof big; i += 3)
        memcpy(big + i, "吉", 3);
    assert_int_equal(ll_fail(&err, LL_INVALID, "第 %d 行 %s", "line %d: %s", 7, big), LL_INVALID);
    assert_int_equal(ll_utf8_bad(ll_str(err.zh)), strlen(err.zh));
    assert_memory_equal(err.en, "line 7: ", 8);
    ll_fail_in(&err, "文件甲", "file A");
    assert_memory_equal(err.en, "file A: line 7: ", 16);
    assert_int_equal(ll_rc_http(LL_TOOBIG), 413);
}

static void test_an_atomic_write_replaces_whole_or_not_at_all(void **state)
{
    struct ll_err err;
    struct ll_buf b = LL_BUF_INIT(1 << 20);
    char dir[] = "/tmp/ll_base_XXXXXX", path[LL_PATH], missing[LL_PATH];
    int lock, second;

    (void)state;
    assert_non_null(mkdtemp(dir));
    assert_ok(ll_path(path, &err, "%s/a/b/file", dir));
    assert_ok(ll_path(missing, &err, "%s/none/file", dir));
    assert_int_equal(ll_fs_write_atomic(missing, LL_STR("x"), &err), LL_IO);
    char parent[LL_PATH];
    assert_ok(ll_path(parent, &err, "%s/a/b", dir));
    assert_ok(ll_fs_mkdirs(parent, &err));
    assert_ok(ll_fs_write_atomic(path, LL_STR("one"), &err));
    assert_ok(ll_fs_write_atomic(path, LL_STR("two"), &err));
    assert_ok(ll_fs_read(path, 100, &b, &err));
    assert_str(ll_buf_view(&b), "two");
    assert_int_equal(ll_fs_read(path, 2, &b, &err), LL_TOOBIG);
    assert_int_equal(ll_fs_read(missing, 2, &b, &err), LL_NOTFOUND);
    struct ll_buf tight = LL_BUF_INIT(3);
    assert_ok(ll_fs_read(path, 3, &tight, &err)); /* a buffer no larger than the file will do */
    assert_str(ll_buf_view(&tight), "two");
    ll_buf_free(&tight);
    assert_ok(ll_fs_lock(path, &lock, &err));
    assert_int_equal(ll_fs_lock(path, &second, &err), LL_BUSY);
    ll_fs_unlock(lock);
    ll_buf_free(&b);
    assert_ok(ll_fs_remove_tree(dir, &err));
    assert_false(ll_fs_exists(dir));
}

static void test_masking_keeps_a_third_at_most(void **state)
{
    char out[64];

    (void)state;
    assert_string_equal(ll_mask(LL_STR("11010519491231002X"), out, sizeof out), "110105********002X");
    assert_string_equal(ll_mask(LL_STR("王五"), out, sizeof out), "王*");
    assert_string_equal(ll_mask(LL_STR(""), out, sizeof out), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8_follows_rfc_3629),
        cmocka_unit_test(test_long_utf8_is_checked_like_short),
        cmocka_unit_test(test_every_code_point_survives_a_round_trip),
        cmocka_unit_test(test_integers_are_read_exactly),
        cmocka_unit_test(test_a_buffer_stops_at_its_ceiling),
        cmocka_unit_test(test_csv_cells_are_quoted_and_formulas_defused),
        cmocka_unit_test(test_json_is_escaped_and_broken_bytes_replaced),
        cmocka_unit_test(test_what_an_address_may_not_hold_is_percent_encoded),
        cmocka_unit_test(test_days_and_dates_agree_over_all_years),
        cmocka_unit_test(test_an_instant_reads_back),
        cmocka_unit_test(test_an_arena_keeps_to_its_ceiling),
        cmocka_unit_test(test_both_languages_are_filled_and_cut_whole),
        cmocka_unit_test(test_an_atomic_write_replaces_whole_or_not_at_all),
        cmocka_unit_test(test_masking_keeps_a_third_at_most),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
