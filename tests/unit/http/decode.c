/* decode.c - from a request line to typed values. */
#include "../test.h"

#include "base/arena.h"
#include "http/decode.h"

static int handler(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    (void)app, (void)rq, (void)err;
    return LL_OK;
}

static const char *const sorts[] = {"name", "time", NULL};
static const struct ll_param params[] = {
    {"id", LL_IN_PATH, LL_PT_TEXT, 1, 20, NULL, NULL, true, false, true},
    {"q", LL_IN_QUERY, LL_PT_TEXT, 0, 5, NULL, NULL, false, false, false},
    {"limit", LL_IN_QUERY, LL_PT_INT, 1, 100, "20", NULL, false, false, false},
    {"sort", LL_IN_QUERY, LL_PT_CHOICE, 0, 0, "name", sorts, false, false, false},
    {"open", LL_IN_QUERY, LL_PT_BOOL, 0, 0, NULL, NULL, false, false, false},
    {"tag", LL_IN_QUERY, LL_PT_NAME, 0, 0, NULL, NULL, false, true, false},
    {"since", LL_IN_QUERY, LL_PT_TIME, 0, 0, NULL, NULL, false, false, false},
};
static const struct ll_route table[] = {
    {"list", LL_GET, "/v1/things", handler, NULL, 0, false, "public", LL_SCOPE_NONE, LL_SIGNS_CLIENT, false,
     0, NULL, 0},
    {"new", LL_POST, "/v1/things", handler, NULL, 10, false, "public", LL_SCOPE_NONE, LL_SIGNS_CLIENT, false,
     0, NULL, 0},
    {"best", LL_GET, "/v1/things/best", handler, NULL, 0, false, "public", LL_SCOPE_NONE, LL_SIGNS_CLIENT,
     false, 0, NULL, 0},
    {"one", LL_GET, "/v1/things/{id}", handler, NULL, 0, false, "public", LL_SCOPE_NONE, LL_SIGNS_CLIENT,
     false, 0, params, LL_COUNT(params)},
    {"parts", LL_GET, "/v1/things/{id}/parts", handler, NULL, 0, false, "public", LL_SCOPE_NONE,
     LL_SIGNS_CLIENT, false, 0, params, 1},
};

struct fixture {
    struct ll_arena *arena;
    struct ll_match match;
    struct ll_arg args[LL_ARGS_MAX];
};

static int setup(void **state)
{
    static struct fixture fx;

    fx = (struct fixture){.arena = ll_arena_new(0)};
    *state = &fx;
    return fx.arena ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *fx = *state;

    ll_arena_free(fx->arena);
    return 0;
}

static const char *match(struct fixture *fx, enum ll_method m, const char *path)
{
    ll_route_match(table, LL_COUNT(table), m, ll_str(path), &fx->match);
    return fx->match.route ? fx->match.route->id : "";
}

static int decode(struct fixture *fx, const char *path, const char *query, struct ll_err *err)
{
    assert_string_not_equal(match(fx, LL_GET, path), "");
    return ll_args_decode(fx->arena, &fx->match, ll_str(query), fx->args, err);
}

static void a_path_and_method_find_their_route(void **state)
{
    struct fixture *fx = *state;

    assert_string_equal(match(fx, LL_GET, "/v1/things"), "list");
    assert_string_equal(match(fx, LL_POST, "/v1/things"), "new");
    assert_string_equal(match(fx, LL_GET, "/v1/things/best"), "best");
    assert_string_equal(match(fx, LL_GET, "/v1/things/x"), "one");
    assert_string_equal(match(fx, LL_GET, "/v1/things/x/parts"), "parts");
    for (size_t i = 0; i < 5; i++) {
        static const char *const none[] = {"/", "/v1/things/", "/v1/things/x/", "/v1/things//parts", ""};
        assert_string_equal(match(fx, LL_GET, none[i]), "");
        assert_int_equal(fx->match.allowed, 0);
    }
    assert_string_equal(match(fx, LL_DELETE, "/v1/things"), "");
    assert_int_equal(fx->match.allowed, 1 << LL_GET | 1 << LL_POST);
}

static void values_are_decoded_and_typed(void **state)
{
    struct fixture *fx = *state;
    struct ll_err err = {0};

    assert_ok(decode(fx, "/v1/things/a%2Fb", "q=%E4%B8%AD+1&limit=7&open=true&tag=a&tag=b_1&since=2026-11-23",
                     &err));
    assert_str(fx->args[0].s, "a/b");
    assert_str(fx->args[1].s, "中 1");
    assert_int_equal(fx->args[2].i, 7);
    assert_str(fx->args[3].s, "name");
    assert_false(fx->args[3].given);
    assert_int_equal(fx->args[4].i, 1);
    assert_int_equal(fx->args[5].n, 2);
    assert_str(fx->args[5].all[1], "b_1");
    assert_int_equal(fx->args[6].i, 1795392000000LL);
    assert_ok(decode(fx, "/v1/things/a", "", &err));
    assert_int_equal(fx->args[2].i, 20);
    assert_null(fx->args[1].s.p);
    assert_ok(decode(fx, "/v1/things/a", "&&q=&", &err));
    assert_true(fx->args[1].given);
    assert_int_equal(fx->args[1].s.n, 0);
}

static void what_does_not_fit_is_refused_by_name(void **state)
{
    static const struct {
        const char *query, *says;
    } bad[] = {
        {"limit=0", "limit: takes a whole number from 1 to 100"},
        {"limit=101", "limit"},
        {"limit=1e1", "limit"},
        {"limit=", "limit"},
        {"q=123456", "q: takes 0 to 5 characters, got 6"},
        {"sort=size", "sort: takes one of name, time"},
        {"open=1", "open: takes true or false"},
        {"tag=A", "tag"},
        {"tag=", "tag"},
        {"since=yesterday", "since: takes the form"},
        {"q=a&q=b", "q: may be given once only"},
        {"Q=a", "no parameter Q; those known are: q, limit"},
        {"id=a", "no parameter id"},
        {"q=%", "q: % must be followed"},
        {"q=%1", "q: % must be followed"},
        {"q=%g1", "q: % must be followed"},
        {"q=%00", "q: holds a NUL byte"},
        {"q=%C3", "q: not valid UTF-8"},
        {"q=%ED%A0%80", "q: not valid UTF-8"},
        {"%FF=1", "query: not valid UTF-8"},
    };
    struct fixture *fx = *state;

    for (size_t i = 0; i < LL_COUNT(bad); i++) {
        struct ll_err err = {0};
        assert_int_equal(decode(fx, "/v1/things/a", bad[i].query, &err), LL_USAGE);
        if (!strstr(err.en, bad[i].says))
            fail_msg("%s: got '%s'", bad[i].query, err.en);
        assert_true(err.zh[0]);
    }
}

static void a_value_may_not_be_given_without_end(void **state)
{
    struct fixture *fx = *state;
    struct ll_err err = {0};
    char query[512] = "tag=a";

    for (int i = 1; i < LL_ARG_LIST_MAX; i++)
        strcat(query, "&tag=a");
    assert_ok(decode(fx, "/v1/things/a", query, &err));
    strcat(query, "&tag=a");
    assert_int_equal(decode(fx, "/v1/things/a", query, &err), LL_USAGE);
}

static void the_log_shows_no_identifier(void **state)
{
    struct fixture *fx = *state;
    struct ll_err err = {0};
    char line[128];

    assert_ok(decode(fx, "/v1/things/362401199001011234", "", &err));
    ll_path_for_log(fx->match.route, fx->args, line, sizeof(line));
    assert_null(strstr(line, "19900101"));
    assert_ptr_equal(strstr(line, "/v1/things/"), line);
    assert_ok(decode(fx, "/v1/things/a%0Ab", "", &err));
    ll_path_for_log(fx->match.route, fx->args, line, sizeof(line));
    assert_null(strchr(line, '\n'));
    ll_path_for_log(fx->match.route, fx->args, line, 8);
    assert_int_equal(strlen(line), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_path_and_method_find_their_route, setup, teardown),
        cmocka_unit_test_setup_teardown(values_are_decoded_and_typed, setup, teardown),
        cmocka_unit_test_setup_teardown(what_does_not_fit_is_refused_by_name, setup, teardown),
        cmocka_unit_test_setup_teardown(a_value_may_not_be_given_without_end, setup, teardown),
        cmocka_unit_test_setup_teardown(the_log_shows_no_identifier, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
