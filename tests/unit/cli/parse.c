/* parse: argv becomes a command by the tables, and every mistake is told. */
#include "../test.h"

#include "cli/parse.h"

static struct ll_err err;
static struct ll_parsed parsed;

#define PARSE(...) parse((const char *const[]){__VA_ARGS__, NULL})

static int parse(const char *const *argv)
{
    int argc = 0;

    while (argv[argc])
        argc++;
    ll_parsed_free(&parsed);
    parsed = (struct ll_parsed){0};
    return ll_parse(argc, (char **)argv, &parsed, &err);
}

static int forget(void **state)
{
    (void)state;
    ll_parsed_free(&parsed);
    return 0;
}

static void test_options_may_stand_anywhere(void **state)
{
    (void)state;
    assert_ok(PARSE("--data", "D", "-j", "settings", "--changed", "--set=threads=2", "--set", "busy_ms=9"));
    assert_ptr_equal(parsed.command, &ll_commands[LL_CMD_settings]);
    assert_string_equal(parsed.opts[LL_OPT_global_data], "D");
    assert_non_null(parsed.opts[LL_OPT_global_json]);
    assert_non_null(parsed.opts[LL_OPT_settings_changed]);
    assert_int_equal(parsed.n_sets, 2);
    assert_string_equal(parsed.sets[1], "busy_ms=9");
    assert_int_equal(parsed.n_args, 0);
}

static void test_letters_may_be_run_together(void **state)
{
    (void)state;
    assert_ok(PARSE("settings", "-jdD"));
    assert_non_null(parsed.opts[LL_OPT_global_json]);
    assert_string_equal(parsed.opts[LL_OPT_global_data], "D");
    assert_ok(PARSE("-d", "settings", "settings"));
    assert_string_equal(parsed.opts[LL_OPT_global_data], "settings");
}

static void test_two_dashes_end_the_options(void **state)
{
    (void)state;
    assert_ok(PARSE("help", "--", "--json"));
    assert_int_equal(parsed.n_args, 1);
    assert_string_equal(parsed.args[0], "--json");
    assert_null(parsed.opts[LL_OPT_global_json]);
}

static void test_mistakes_name_what_is_taken(void **state)
{
    (void)state;
    assert_int_equal(PARSE("setings"), LL_USAGE);
    assert_non_null(strstr(err.en, "did you mean luling settings"));
    assert_int_equal(PARSE("settings", "--nothing"), LL_USAGE);
    assert_non_null(strstr(err.zh, "luling help settings"));
    assert_int_equal(PARSE("settings", "extra"), LL_USAGE);
    assert_non_null(strstr(err.en, "extra"));
    assert_int_equal(PARSE("completion"), LL_USAGE);
    assert_int_equal(PARSE("completion", "fish"), LL_USAGE);
    assert_non_null(strstr(err.en, "bash|zsh"));
    assert_int_equal(PARSE("--lang", "de", "help"), LL_USAGE);
    assert_int_equal(PARSE("settings", "--data"), LL_USAGE);
    assert_int_equal(PARSE("settings", "--json=yes"), LL_USAGE);
    assert_int_equal(PARSE("man", "--json"), LL_USAGE);
    assert_int_equal(PARSE("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"), LL_USAGE);
}

static void test_help_is_given_whatever_else_is_wrong(void **state)
{
    (void)state;
    assert_ok(PARSE("completion", "--help"));
    assert_non_null(parsed.opts[LL_OPT_global_help]);
    assert_ok(PARSE("--version"));
    assert_null(parsed.command);
}

static void test_a_synopsis_says_how_many_arguments(void **state)
{
    (void)state;
    assert_int_equal(ll_args_arity("").max, 0);
    assert_int_equal(ll_args_arity("RESOURCE KEY...").min, 2);
    assert_int_equal(ll_args_arity("RESOURCE KEY...").max, SIZE_MAX);
    assert_int_equal(ll_args_arity("[FILE...]").min, 0);
    assert_int_equal(ll_args_arity("[FILE...]").max, SIZE_MAX);
    assert_int_equal(ll_args_arity("A [B]").min, 1);
    assert_int_equal(ll_args_arity("A [B]").max, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options_may_stand_anywhere),
        cmocka_unit_test(test_letters_may_be_run_together),
        cmocka_unit_test(test_two_dashes_end_the_options),
        cmocka_unit_test(test_mistakes_name_what_is_taken),
        cmocka_unit_test(test_help_is_given_whatever_else_is_wrong),
        cmocka_unit_test(test_a_synopsis_says_how_many_arguments),
    };

    return cmocka_run_group_tests(tests, NULL, forget);
}
