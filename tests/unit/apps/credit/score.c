/* score: points from bands, a score from points, grades and what caps them; what if; why. */
#include "../../test.h"

#include "apps/credit/score.h"

#include <math.h>

#define GRADE(name, points)                                                                                  \
    {                                                                                                        \
        .grade = (name), .title = {(name), (name)}, .from = (points)*100                                     \
    }
#define RANGE(a, b, p)                                                                                       \
    {                                                                                                        \
        .kind = LL_SCORE_RANGE, .from = (a), .to = (b), .points = (p), .what = {"z", "e"}, .how = { "", "" } \
    }
#define CODE(c, p, top)                                                                                      \
    {                                                                                                        \
        .kind = LL_SCORE_ONE_CODE, .code = (c), .points = (p), .cap = (top), .what = {"z", "e"}, .how = {    \
            "",                                                                                              \
            ""                                                                                               \
        }                                                                                                    \
    }
#define MISSING(p)                                                                                           \
    {                                                                                                        \
        .kind = LL_SCORE_MISSING, .points = (p), .what = {"z", "e"}, .how = { "改善", "better it" }          \
    }

/* Half by the number of penalties, half by a tax grade of which D holds the grade down to the third. */
static struct ll_scorecard card = {
    .name = "card",
    .pack = "p",
    .title = {"卡", "card"},
    .service = "s",
    .subject = "uscc",
    .subject_kind = "enterprise",
    .as_of = "day",
    .outcome = "",
    .legal_basis = "",
    .basis = "own",
    .source = "",
    .version = 1,
    .n = 2,
    .indicators =
        {
            {.name = "penalties",
             .title = {"处罚", "penalties"},
             .basis = "own",
             .source = "",
             .evidence = "penalty",
             .weight = 50,
             .direction = LL_SCORE_DOWN,
             .n = 4,
             .bands = {RANGE(-INFINITY, 1, 100), RANGE(1, 2.5, 60), RANGE(2.5, INFINITY, 0), MISSING(100)}},
            {.name = "tax",
             .title = {"纳税", "tax"},
             .basis = "own",
             .source = "",
             .evidence = "tax",
             .weight = 50,
             .direction = LL_SCORE_CODE,
             .n = 3,
             .bands = {CODE("A", 100, 0), CODE("D", 90, 3), MISSING(50)}},
        },
    .n_grades = 3,
    .grades = {GRADE("A", 80), GRADE("B", 50), GRADE("C", 0)},
};

static void assert_scored(const char *penalties, const char *tax, unsigned score, const char *grade,
                          int capped_by)
{
    const struct ll_str values[2] = {penalties ? ll_str(penalties) : (struct ll_str){NULL, 0},
                                     tax ? ll_str(tax) : (struct ll_str){NULL, 0}};
    struct ll_scored s;
    struct ll_err err;

    assert_ok(ll_score_apply(&card, values, &s, &err));
    assert_int_equal(s.score, score);
    assert_string_equal(card.grades[s.grade].grade, grade);
    assert_int_equal(s.capped_by, capped_by);
}

static void bands_are_from_included_to_excluded(void **state)
{
    (void)state;
    assert_scored("0", "A", 10000, "A", -1);
    assert_scored("0.99", "A", 10000, "A", -1);
    assert_scored("1", "A", 8000, "A", -1);
    assert_scored("2.49", "A", 8000, "A", -1);
    assert_scored("2.5", "A", 5000, "B", -1);
    assert_scored("-3", "A", 10000, "A", -1);
    assert_scored("1000000", NULL, 2500, "C", -1);
    assert_scored(NULL, NULL, 7500, "B", -1);
}

static void a_band_holds_the_grade_down_but_not_the_score(void **state)
{
    (void)state;
    assert_scored("0", "D", 9500, "C", 1);
    assert_scored("3", "D", 4500, "C", -1); /* the sum alone gives no better one */
}

static void what_no_band_has_is_said(void **state)
{
    const struct ll_str unlisted[2] = {LL_STR("0"), LL_STR("Q")}, text[2] = {LL_STR("many"), LL_STR("A")};
    struct ll_scored s;
    struct ll_err err;

    (void)state;
    assert_int_equal(ll_score_apply(&card, unlisted, &s, &err), LL_INVALID);
    assert_non_null(strstr(err.en, "tax has no band for 'Q'"));
    assert_int_equal(ll_score_apply(&card, text, &s, &err), LL_INVALID);
    assert_non_null(strstr(err.en, "penalties has no band for 'many'"));
}

static void what_if(void **state)
{
    struct ll_str values[2] = {LL_STR("3"), LL_STR("A")};
    struct ll_scored s;
    struct ll_err err;

    (void)state;
    assert_ok(ll_score_change(&card, values, LL_STR("penalties"), LL_STR("0"), &err));
    assert_ok(ll_score_apply(&card, values, &s, &err));
    assert_int_equal(s.score, 10000);
    assert_ok(ll_score_change(&card, values, LL_STR("tax"), LL_STR(""), &err));
    assert_ok(ll_score_apply(&card, values, &s, &err));
    assert_int_equal(s.score, 7500);
    assert_int_equal(ll_score_change(&card, values, LL_STR("nothing"), LL_STR("0"), &err), LL_USAGE);
}

static void it_says_what_was_lost_and_how_to_win_it(void **state)
{
    const struct ll_str values[2] = {LL_STR("1"), {NULL, 0}};
    struct ll_buf out = LL_BUF_INIT(1 << 16);
    struct ll_json j;
    struct ll_scored s;
    struct ll_err err;

    (void)state;
    assert_ok(ll_score_apply(&card, values, &s, &err));
    ll_json_init(&j, &out);
    ll_json_obj(&j);
    ll_scored_put(&j, &card, values, &s);
    ll_json_end_obj(&j);
    ll_buf_c(&out, 0);
    assert_non_null(strstr(out.p, "\"score\":55"));
    assert_non_null(strstr(out.p, "\"gained\":30,\"lost\":20"));
    assert_non_null(strstr(out.p, "\"value\":null,\"gained\":25,\"lost\":25"));
    assert_non_null(strstr(out.p, "\"how\":{\"zh\":\"改善\""));
    ll_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bands_are_from_included_to_excluded),
        cmocka_unit_test(a_band_holds_the_grade_down_but_not_the_score),
        cmocka_unit_test(what_no_band_has_is_said),
        cmocka_unit_test(what_if),
        cmocka_unit_test(it_says_what_was_lost_and_how_to_win_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
