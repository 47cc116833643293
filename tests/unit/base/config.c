/* config: sources rank, mistakes are told with their place and change nothing. */
#include "../test.h"

#include "base/config.h"
#include "base/fs.h"

#include <unistd.h>

static struct ll_err err;
static struct ll_config *config;
static char path[64];

static int fresh(void **state)
{
    (void)state;
    config = ll_config_free(config);
    return ll_config_new(&config, &err);
}

static int forget(void **state)
{
    (void)state;
    config = ll_config_free(config);
    unlink(path);
    return 0;
}

static int read_text(const char *text)
{
    snprintf(path, sizeof path, "/tmp/luling-config-%d", (int)getpid());
    assert_ok(ll_fs_write_atomic(path, ll_str(text), &err));
    return ll_config_file(config, path, &err);
}

static int set(const char *name, const char *value, enum ll_origin from)
{
    return ll_config_set(config, ll_str(name), ll_str(value), from, &err);
}

static void test_a_higher_source_wins_whatever_the_order(void **state)
{
    (void)state;
    assert_ok(set("threads", "7", LL_FROM_ARGS));
    assert_ok(read_text("\xef\xbb\xbf# a comment\n\n threads = 3\r\nbusy_ms=9\n"));
    assert_ok(set("busy_ms", "10", LL_FROM_ENV));
    assert_int_equal(ll_config_values(config)->threads, 7);
    assert_int_equal(ll_config_values(config)->busy_ms, 10);
}

static void test_the_environment_is_read_by_name(void **state)
{
    (void)state;
    setenv("LULING_LOG_LEVEL", "warn", 1);
    assert_ok(ll_config_env(config, &err));
    assert_int_equal(ll_config_values(config)->log_level, 2);
    setenv("LULING_LOG_LEVEL", "loud", 1);
    assert_int_equal(ll_config_env(config, &err), LL_INVALID);
    assert_non_null(strstr(err.zh, "LULING_LOG_LEVEL"));
    unsetenv("LULING_LOG_LEVEL");
}

static void test_a_mistake_in_the_file_is_told_with_its_line(void **state)
{
    (void)state;
    assert_int_equal(read_text("threads = 2\nthreads = many\n"), LL_INVALID);
    assert_non_null(strstr(err.en, ":2: "));
    assert_int_equal(read_text("no equals sign\n"), LL_INVALID);
    assert_non_null(strstr(err.en, ":1: "));
    assert_int_equal(read_text("nothing = 1\n"), LL_INVALID);
    assert_int_equal(read_text("data_dir = elsewhere\n"), LL_INVALID);
    assert_int_equal(ll_config_file(config, "/nonexistent/luling.conf", &err), LL_NOTFOUND);
}

static void test_a_refused_value_changes_nothing(void **state)
{
    static const char *const refused[][2] = {{"threads", "257"},
                                             {"threads", "-1"},
                                             {"threads", ""},
                                             {"threads", "1.5"},
                                             {"duckdb_memory", "1GB"},
                                             {"lang", "fr"},
                                             {"duckdb_memory", "1"},
                                             {"duckdb_memory", "9999999TiB"},
                                             {"lang", ""},
                                             {"data_dir", ""},
                                             {"data_dir", "\xff"}};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(refused); i++) {
        assert_int_equal(set(refused[i][0], refused[i][1], LL_FROM_ARGS), LL_INVALID);
        assert_non_null(strstr(err.zh, refused[i][0]));
    }
    assert_int_equal(ll_config_values(config)->threads, 0);
    assert_int_equal(ll_config_values(config)->duckdb_memory, 1u << 30);
    assert_string_equal(ll_config_values(config)->data_dir, "data");
}

static void test_an_outranked_mistake_is_still_told(void **state)
{
    (void)state;
    assert_ok(set("data_dir", "there", LL_FROM_ARGS));
    assert_int_equal(set("data_dir", "", LL_FROM_ENV), LL_INVALID);
    assert_ok(set("data_dir", "elsewhere", LL_FROM_ENV));
    assert_string_equal(ll_config_values(config)->data_dir, "there");
}

static void test_sizes_are_shown_as_they_are_written(void **state)
{
    struct ll_buf out = LL_BUF_INIT(256);

    (void)state;
    assert_ok(ll_config_assign(config, " max_upload = 1536 MiB ", &err));
    for (size_t i = 0; i < ll_setting_count(); i++)
        if (strcmp(ll_setting_at(i)->name, "max_upload") == 0)
            assert_int_equal(ll_config_show(config, i, &out), LL_FROM_ARGS);
    assert_string_equal(out.p, "1536MiB");
    ll_buf_free(&out);
    assert_int_equal(ll_config_assign(config, "max_upload", &err), LL_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_a_higher_source_wins_whatever_the_order, fresh),
        cmocka_unit_test_setup(test_the_environment_is_read_by_name, fresh),
        cmocka_unit_test_setup(test_a_mistake_in_the_file_is_told_with_its_line, fresh),
        cmocka_unit_test_setup(test_a_refused_value_changes_nothing, fresh),
        cmocka_unit_test_setup(test_an_outranked_mistake_is_still_told, fresh),
        cmocka_unit_test_setup(test_sizes_are_shown_as_they_are_written, fresh),
    };

    return cmocka_run_group_tests(tests, NULL, forget);
}
