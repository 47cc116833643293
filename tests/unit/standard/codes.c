/* code tables: look-up by code, title and synonym; what would be a guess finds nothing. */
#include "../test.h"

#include "standard/codes.h"

struct row {
    const char *code, *title, *synonyms;
};

static struct ll_codeset *make(struct ll_arena *arena, const struct row *rows, size_t n, size_t hint)
{
    struct ll_codeset *cs = ll_codeset_new(arena, "T", hint);
    struct ll_err err;

    assert_non_null(cs);
    for (size_t i = 0; i < n; i++) {
        struct ll_code c = {.code = ll_str(rows[i].code), .title = ll_str(rows[i].title)};
        assert_ok(ll_codeset_add(cs, &c, ll_str(rows[i].synonyms), &err));
    }
    return cs;
}

static void assert_resolves(const struct ll_codeset *cs, const char *raw, const char *want)
{
    const struct ll_code *c = ll_codeset_resolve(cs, ll_str(raw));

    if (!want) {
        assert_null(c);
        return;
    }
    if (!c)
        fail_msg("%s finds nothing", raw);
    assert_str(c->code, want);
}

static void test_a_value_is_resolved_by_code_title_and_synonym(void **state)
{
    static const struct row SEX[] = {{"0", "未知的性别", "未知|不详"},
                                     {"1", "男性", "男|M| male |"},
                                     {"2", "女性", "女|F"},
                                     {"9", "未说明的性别", NULL}};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_codeset *cs = make(arena, SEX, LL_COUNT(SEX), 0);

    (void)state;
    assert_resolves(cs, "1", "1");
    assert_resolves(cs, "男性", "1");
    assert_resolves(cs, "男", "1");
    assert_resolves(cs, "male", "1");
    assert_resolves(cs, "１", "1");
    assert_resolves(cs, " 女 ", "2");
    assert_resolves(cs, "女　性", "2");
    assert_resolves(cs, "Ｆ", "2");
    assert_resolves(cs, "未知", "0");
    assert_resolves(cs, "", NULL);
    assert_resolves(cs, "3", NULL);
    assert_resolves(cs, "男\xff", NULL);
    assert_null(ll_codeset_by_code(cs, LL_STR("男")));
    assert_int_equal(ll_codeset_size(cs), 4);
    assert_str(ll_codeset_at(cs, 3)->code, "9");
    assert_string_equal(ll_codeset_name(cs), "T");
    ll_arena_free(arena);
}

static void test_a_code_goes_before_a_title_and_a_title_before_a_synonym(void **state)
{
    static const struct row ROWS[] = {{"A", "B", "C"}, {"B", "C", "D"}, {"C", "D", "A"}};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_codeset *cs = make(arena, ROWS, LL_COUNT(ROWS), 3);

    (void)state;
    assert_resolves(cs, "A", "A");
    assert_resolves(cs, "B", "B");
    assert_resolves(cs, "C", "C");
    assert_resolves(cs, "D", "C");
    ll_arena_free(arena);
}

static void test_a_shared_title_finds_nothing_unless_a_synonym_decides(void **state)
{
    static const struct row ROWS[] = {{"360102", "市辖区", NULL},
                                      {"360202", "市辖区", NULL},
                                      {"1", "鼓楼区", NULL},
                                      {"2", "鼓楼区", "鼓楼区"},
                                      {"3", "x", "y"},
                                      {"4", "z", "y"}};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_codeset *cs = make(arena, ROWS, LL_COUNT(ROWS), 3);

    (void)state;
    assert_resolves(cs, "市辖区", NULL);
    assert_resolves(cs, " 市辖区", NULL);
    assert_resolves(cs, "鼓楼区", "2");
    assert_resolves(cs, "y", NULL);
    ll_arena_free(arena);
}

static void test_titles_are_compared_in_normal_form(void **state)
{
    static const struct row ROWS[] = {{"1", "有限责任公司（自然人独资）", NULL}, {"2", "ＡＢ Ｃ", NULL}};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_codeset *cs = make(arena, ROWS, LL_COUNT(ROWS), 3);

    (void)state;
    assert_resolves(cs, "有限责任公司(自然人独资)", "1");
    assert_resolves(cs, "有限责任公司 (自然人独资) ", "1");
    assert_resolves(cs, "ABC", "2");
    ll_arena_free(arena);
}

static void test_a_code_occurs_once_and_is_not_empty(void **state)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_codeset *cs = ll_codeset_new(arena, "SEX", 2);
    struct ll_code c = {.code = LL_STR("1"), .title = LL_STR("男性")}, none = {.title = LL_STR("女性")};
    struct ll_err err;

    (void)state;
    assert_int_equal(ll_codeset_add(cs, &c, LL_STR(""), &err), LL_OK);
    assert_int_equal(ll_codeset_add(cs, &c, LL_STR(""), &err), LL_CONFLICT);
    assert_string_equal(err.en, "code table SEX: code 1 occurs twice");
    assert_int_equal(ll_codeset_add(cs, &none, LL_STR(""), &err), LL_INVALID);
    assert_int_equal(ll_codeset_size(cs), 1);
    ll_arena_free(arena);
}

static void test_a_large_set_grows_and_answers_for_every_code(void **state)
{
    enum { MANY = 50000 };
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_codeset *cs = ll_codeset_new(arena, "REGION", 10);
    char code[16], title[32];
    struct ll_err err;

    (void)state;
    for (int i = 0; i < MANY; i++) {
        snprintf(code, sizeof code, "%09d", i);
        snprintf(title, sizeof title, "第%d街道", i);
        struct ll_code c = {
            .code = ll_str(code), .title = ll_str(title), .parent = LL_STR("36"), .historical = i % 2};
        assert_ok(ll_codeset_add(cs, &c, LL_STR(""), &err));
    }
    for (int i = 0; i < MANY; i++) {
        snprintf(code, sizeof code, "%09d", i);
        snprintf(title, sizeof title, "第%d街道", i);
        const struct ll_code *c = ll_codeset_by_code(cs, ll_str(code));
        assert_non_null(c);
        assert_ptr_equal(c, ll_codeset_resolve(cs, ll_str(title)));
        assert_ptr_equal(c, ll_codeset_at(cs, (size_t)i));
        assert_int_equal(c->historical, i % 2);
        assert_str(c->parent, "36");
    }
    ll_arena_free(arena);
}

static void test_no_memory_is_an_error(void **state)
{
    (void)state;
    for (size_t ceiling = 0; ceiling < 20000; ceiling += 160) {
        struct ll_arena *arena = ll_arena_new(ceiling + 1);
        struct ll_codeset *cs = ll_codeset_new(arena, "T", 2);
        struct ll_err err;
        int rc = LL_OK;
        for (int i = 0; i < 40 && cs && rc == LL_OK; i++) {
            char code[16];
            snprintf(code, sizeof code, "%d", i);
            struct ll_code c = {.code = ll_str(code), .title = LL_STR("题名")};
            rc = ll_codeset_add(cs, &c, LL_STR("a|b"), &err);
        }
        assert_true(rc == LL_OK || rc == LL_NOMEM);
        ll_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_value_is_resolved_by_code_title_and_synonym),
        cmocka_unit_test(test_a_code_goes_before_a_title_and_a_title_before_a_synonym),
        cmocka_unit_test(test_a_shared_title_finds_nothing_unless_a_synonym_decides),
        cmocka_unit_test(test_titles_are_compared_in_normal_form),
        cmocka_unit_test(test_a_code_occurs_once_and_is_not_empty),
        cmocka_unit_test(test_a_large_set_grows_and_answers_for_every_code),
        cmocka_unit_test(test_no_memory_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
