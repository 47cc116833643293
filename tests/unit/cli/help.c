/* help: the pages made from the tables name every command and option, in both languages. */
#include "../test.h"

#include "cli/help.h"

static struct ll_cli cli;

/* The manual page spells a hyphen \-, so that it stays one. */
static void plain_hyphens(char *text)
{
    char *to = text;

    for (const char *p = text; *p; p++)
        if (*p != '\\' || p[1] != '-')
            *to++ = *p;
    *to = 0;
}

static const char *page(void (*make)(struct ll_cli *), enum ll_lang lang)
{
    ll_buf_free(&cli.out);
    cli = (struct ll_cli){.lang = lang, .out = LL_BUF_INIT(1 << 20)};
    make(&cli);
    assert_false(cli.out.failed);
    assert_int_equal(ll_utf8_bad(ll_buf_view(&cli.out)), cli.out.n);
    plain_hyphens(cli.out.p);
    return cli.out.p;
}

static int forget(void **state)
{
    (void)state;
    ll_buf_free(&cli.out);
    return 0;
}

static void test_every_page_names_every_command(void **state)
{
    static void (*const pages[])(struct ll_cli *) = {ll_help_overview, ll_help_markdown, ll_help_man};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(pages); i++)
        for (int lang = LL_ZH; lang <= LL_EN; lang++) {
            const char *text = page(pages[i], (enum ll_lang)lang);
            for (size_t k = 0; k < LL_CMD_COUNT; k++) {
                assert_non_null(strstr(text, ll_commands[k].words));
                assert_non_null(strstr(text, lang == LL_ZH ? ll_commands[k].zh : ll_commands[k].en));
            }
        }
}

static void test_completion_knows_every_option(void **state)
{
    const char *text = page(ll_help_bash, LL_EN);
    struct ll_buf spelled = LL_BUF_INIT(256);

    (void)state;
    for (size_t i = 0; i < LL_OPT_COUNT; i++) {
        ll_buf_clear(&spelled);
        ll_option_spell(&spelled, i, false);
        assert_non_null(strstr(text, spelled.p));
    }
    ll_buf_free(&spelled);
}

static void test_the_tables_hold_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < LL_CMD_COUNT; i++) {
        assert_true(ll_commands[i].words[0] && ll_commands[i].zh[0] && ll_commands[i].en[0]);
        assert_int_equal(ll_commands[i].details_zh[0] == 0, ll_commands[i].details_en[0] == 0);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(ll_commands[i].words, ll_commands[k].words);
    }
    for (size_t i = 0; i < LL_OPT_COUNT; i++)
        for (size_t k = 0; k < i; k++) {
            bool together = ll_options[k].command == ll_options[i].command ||
                            ll_options[k].command == LL_CMD_global;
            if (together && (strcmp(ll_options[i].name, ll_options[k].name) == 0 ||
                             (ll_options[i].letter && ll_options[i].letter == ll_options[k].letter)))
                fail_msg("option --%s is there twice", ll_options[i].name);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_page_names_every_command),
        cmocka_unit_test(test_completion_knows_every_option),
        cmocka_unit_test(test_the_tables_hold_together),
    };

    return cmocka_run_group_tests(tests, NULL, forget);
}
