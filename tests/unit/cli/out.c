/* out: tables, cards, wrapped text and progress lines, as text and as JSON. */
#include "../test.h"

#include "cli/out.h"
#include "cli/progress.h"

#include <fcntl.h>
#include <unistd.h>

static const struct ll_column columns[] = {{"name", "名称", "name", LL_LEFT},
                                           {"rows", "行数", "rows", LL_RIGHT}};

static struct ll_err err;
static struct ll_cli cli;

static int fresh(void **state)
{
    (void)state;
    ll_buf_free(&cli.out);
    cli = (struct ll_cli){.lang = LL_ZH, .out = LL_BUF_INIT(1 << 20)};
    return 0;
}

static struct ll_grid *two_rows(void)
{
    struct ll_grid *t = ll_grid_new(&cli, columns, LL_COUNT(columns));

    ll_grid_z(t, "吉安市");
    ll_grid_int(t, 1234567);
    ll_grid_z(t, "ab");
    ll_grid_int(t, -5);
    return t;
}

static void test_columns_align_by_terminal_width(void **state)
{
    (void)state;
    assert_ok(ll_grid_end(two_rows(), &err));
    assert_string_equal(cli.out.p, "名称         行数\n"
                                   "吉安市  1,234,567\n"
                                   "ab             -5\n");
}

static void test_json_keeps_numbers_and_keys(void **state)
{
    (void)state;
    cli.json = true;
    assert_ok(ll_grid_end(two_rows(), &err));
    assert_string_equal(cli.out.p,
                        "[{\"name\":\"吉安市\",\"rows\":1234567},{\"name\":\"ab\",\"rows\":-5}]\n");
}

static void test_an_empty_table_is_an_empty_array(void **state)
{
    (void)state;
    cli.json = true;
    assert_ok(ll_grid_end(ll_grid_new(&cli, columns, LL_COUNT(columns)), &err));
    assert_string_equal(cli.out.p, "[]\n");
}

static void test_a_card_leaves_out_what_is_not_there(void **state)
{
    struct ll_grid *t = ll_grid_new(&cli, columns, LL_COUNT(columns));

    (void)state;
    ll_grid_z(t, NULL);
    ll_grid_int(t, 3);
    assert_ok(ll_grid_end_card(t, &err));
    assert_string_equal(cli.out.p, "行数  3\n");
}

static void test_a_value_cannot_drive_the_terminal(void **state)
{
    struct ll_buf out = LL_BUF_INIT(256);

    (void)state;
    ll_out_safe(&out, LL_STR("a\x1b[31m\nb\xff"));
    assert_string_equal(out.p, "a\xef\xbf\xbd[31m b\xef\xbf\xbd");
    ll_buf_free(&out);
}

static void test_words_and_times_are_for_people_in_text_only(void **state)
{
    struct ll_grid *t = ll_grid_new(&cli, columns, LL_COUNT(columns));

    (void)state;
    cli.json = true;
    ll_grid_word(t, "sealed", "已封存");
    ll_grid_time(t, 1700000000123);
    ll_grid_bool(t, true);
    ll_grid_num(t, 0.25, 1);
    assert_ok(ll_grid_end(t, &err));
    assert_string_equal(
        cli.out.p,
        "[{\"name\":\"sealed\",\"rows\":\"2023-11-14T22:13:20.123Z\"},{\"name\":true,\"rows\":0.25}]\n");
}

static void test_chinese_wraps_between_characters_but_not_before_a_stop(void **state)
{
    struct ll_buf out = LL_BUF_INIT(4096);

    (void)state;
    ll_out_wrap(&out, LL_STR("数据湖是真相。service tables"), 1, 13);
    assert_string_equal(out.p, " 数据湖是真\n 相。service\n tables\n");
    ll_buf_free(&out);
}

static void test_sizes_are_short(void **state)
{
    struct ll_buf out = LL_BUF_INIT(256);

    (void)state;
    ll_out_bytes(&out, 512);
    ll_buf_c(&out, ' ');
    ll_out_bytes(&out, 1610612736);
    assert_string_equal(out.p, "512 B 1.5 GiB");
    ll_buf_free(&out);
}

static void test_progress_tells_rate_share_and_time_left(void **state)
{
    struct ll_buf out = LL_BUF_INIT(4096);
    struct ll_progress_state s = {.stage = "解码、校验",
                                  .unit = "行",
                                  .count = 500000,
                                  .done = 25,
                                  .total = 100,
                                  .elapsed_us = 2000000,
                                  .lang = LL_ZH};

    (void)state;
    ll_progress_line(&out, &s);
    assert_string_equal(out.p, "解码、校验  500,000 行  250,000 行/秒  25%  剩余 0:06");
    ll_buf_clear(&out);
    s.last = true;
    ll_progress_line(&out, &s);
    assert_string_equal(out.p, "解码、校验  500,000 行  250,000 行/秒  2.0 秒");
    ll_buf_clear(&out);
    s = (struct ll_progress_state){.stage = "publish", .unit = "rows", .lang = LL_EN};
    ll_progress_line(&out, &s);
    assert_string_equal(out.p, "publish");
    ll_buf_free(&out);
}

/* What a job of two stages writes to standard error when that is `fd`. */
static void two_stages(int fd, int from, char *out, size_t n)
{
    int kept = dup(STDERR_FILENO);
    size_t got = 0;

    dup2(fd, STDERR_FILENO);
    struct ll_progress *p = ll_progress_new(&cli);
    ll_progress_stage(p, "解码", "decode", "行", "rows");
    ll_progress_at(p, 10, 1, 2);
    ll_progress_stage(p, "发布", "publish", "行", "rows");
    ll_progress_end(p);
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(fd);
    for (ssize_t more; got + 1 < n && (more = read(from, out + got, n - 1 - got)) > 0;)
        got += (size_t)more;
    out[got] = 0;
    close(from);
}

static void test_a_stage_is_one_line_where_nobody_watches(void **state)
{
    char seen[4096];
    int ends[2];

    (void)state;
    cli.lang = LL_EN;
    assert_int_equal(pipe(ends), 0);
    two_stages(ends[1], ends[0], seen, sizeof seen);
    assert_non_null(strstr(seen, "decode  10 rows"));
    assert_non_null(strstr(seen, "\npublish"));
    assert_null(strchr(seen, '\r'));
}

static void test_a_line_is_redrawn_on_a_terminal(void **state)
{
    char seen[4096];
    int master = posix_openpt(O_RDWR | O_NOCTTY);

    (void)state;
    if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
        skip(); /* no terminals here */
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    assert_true(slave >= 0);
    two_stages(slave, master, seen, sizeof seen);
    assert_non_null(strstr(seen, "\r\033[K解码"));
    assert_non_null(strstr(seen, "50%"));
    assert_non_null(strstr(seen, "\r\033[K发布"));
}

static void test_json_output_has_no_progress(void **state)
{
    (void)state;
    cli.json = true;
    assert_null(ll_progress_new(&cli));
    ll_progress_stage(NULL, "", "", "", "");
    ll_progress_at(NULL, 1, 1, 1);
    ll_progress_end(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_columns_align_by_terminal_width, fresh),
        cmocka_unit_test_setup(test_json_keeps_numbers_and_keys, fresh),
        cmocka_unit_test_setup(test_an_empty_table_is_an_empty_array, fresh),
        cmocka_unit_test_setup(test_a_card_leaves_out_what_is_not_there, fresh),
        cmocka_unit_test_setup(test_a_value_cannot_drive_the_terminal, fresh),
        cmocka_unit_test_setup(test_words_and_times_are_for_people_in_text_only, fresh),
        cmocka_unit_test_setup(test_chinese_wraps_between_characters_but_not_before_a_stop, fresh),
        cmocka_unit_test_setup(test_sizes_are_short, fresh),
        cmocka_unit_test_setup(test_progress_tells_rate_share_and_time_left, fresh),
        cmocka_unit_test_setup(test_a_stage_is_one_line_where_nobody_watches, fresh),
        cmocka_unit_test_setup(test_a_line_is_redrawn_on_a_terminal, fresh),
        cmocka_unit_test_setup(test_json_output_has_no_progress, fresh),
    };

    return cmocka_run_group_tests(tests, NULL, fresh);
}
