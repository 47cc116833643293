/* card: a score is weight times points, caps hold the whole down, what nobody knows is a band of its own; mark and score become a grade by rows; a
 * committee's votes become a mark by quorum and majority. */
#include "../../test.h"

#include "apps/rural/review.h"

#include <string.h>

static struct ll_rural_item items[] = {{.code = "1", .name = "income"}, {.code = "2", .name = "overdue"}};
static struct ll_rural_list list = {.name = "l", .items = items, .n = 2};
enum { MICRO = 1000000 };

static struct ll_rural_band income[] = {
    {.kind = LL_BAND_RANGE, .has_to = true, .to = (ll_i128)3 * MICRO, .points = 20, .cap = LL_CARD_NO_CAP},
    {.kind = LL_BAND_RANGE,
     .has_from = true,
     .from = (ll_i128)3 * MICRO,
     .points = 100,
     .cap = LL_CARD_NO_CAP},
    {.kind = LL_BAND_ABSENT, .points = 30, .cap = LL_CARD_NO_CAP},
    {.kind = LL_BAND_UNKNOWN, .points = 50, .cap = LL_CARD_NO_CAP}};
static struct ll_rural_band overdue[] = {{.kind = LL_BAND_YES, .points = 0, .cap = 39},
                                         {.kind = LL_BAND_NO, .points = 100, .cap = LL_CARD_NO_CAP},
                                         {.kind = LL_BAND_ABSENT, .points = 100, .cap = LL_CARD_NO_CAP},
                                         {.kind = LL_BAND_UNKNOWN, .points = 50, .cap = LL_CARD_NO_CAP}};
static struct ll_rural_indicator indicators[] = {
    {.name = "income", .item = &items[0], .weight = 60, .bands = income, .n = 4},
    {.name = "overdue", .item = &items[1], .weight = 40, .bands = overdue, .n = 4}};
static struct ll_rural_grade_row rows[] = {{LL_MARK_WHITE, 80, 0, 300}, {LL_MARK_WHITE, 0, 2, 0},
                                           {LL_MARK_NONE, 80, 1, 200},  {LL_MARK_NONE, 0, 2, 0},
                                           {LL_MARK_GREY, 0, 2, 0},     {LL_MARK_BLACK, 0, 2, 0}};
static struct ll_rural_grade grades[] = {{"AAA", {"", ""}}, {"AA", {"", ""}}, {"C", {"", ""}}};
static const struct ll_rural_card card = {.list = &list,
                                          .quorum = 50,
                                          .black_needs = 2,
                                          .indicators = indicators,
                                          .n = 2,
                                          .rows = rows,
                                          .n_rows = 6,
                                          .grades = grades,
                                          .n_grades = 3};

static struct ll_rural_scored scored(const char *value, enum ll_rural_state state, const char *late,
                                     enum ll_review_mark mark)
{
    struct ll_household_value a = {.value = ll_str(value)}, b = {.value = ll_str(late)};
    struct ll_household_item all[] = {{&items[0], state, &a, value ? 1 : 0, 0},
                                      {&items[1], LL_RURAL_PRESENT, &b, 1, 0}};
    const struct ll_household h = {.items = all, .n_items = 2, .list = &list};
    struct ll_rural_scored s;

    ll_rural_score(&card, &h, mark, &s);
    return s;
}

static void test_a_score_is_weights_times_points_and_a_cap_holds_it_down(void **unused)
{
    (void)unused;
    assert_int_equal(scored("3", LL_RURAL_PRESENT, "false", LL_MARK_WHITE).score, 10000);
    assert_int_equal(scored("2.999999", LL_RURAL_PRESENT, "false", LL_MARK_WHITE).score, 60 * 20 + 4000);
    assert_int_equal(scored(NULL, LL_RURAL_ABSENT, "false", LL_MARK_WHITE).score, 60 * 30 + 4000);
    assert_int_equal(scored(NULL, LL_RURAL_NOT_CONNECTED, "false", LL_MARK_WHITE).score, 60 * 50 + 4000);
    assert_int_equal(scored("many", LL_RURAL_PRESENT, "false", LL_MARK_WHITE).score, 60 * 50 + 4000);
    struct ll_rural_scored s = scored("9", LL_RURAL_PRESENT, "true", LL_MARK_WHITE);
    assert_int_equal(s.score, 3900);
    assert_int_equal(s.cap, 39);
}

static void test_mark_and_score_become_the_grade_of_the_first_row_that_fits(void **unused)
{
    (void)unused;
    assert_string_equal(grades[scored("9", LL_RURAL_PRESENT, "false", LL_MARK_WHITE).grade].name, "AAA");
    assert_string_equal(grades[scored("9", LL_RURAL_PRESENT, "false", LL_MARK_NONE).grade].name, "AA");
    assert_string_equal(grades[scored("9", LL_RURAL_PRESENT, "false", LL_MARK_BLACK).grade].name, "C");
    assert_string_equal(grades[scored("1", LL_RURAL_PRESENT, "false", LL_MARK_WHITE).grade].name, "C");
}

/* w, g and b: a member's mark each. */
static enum ll_review_mark decided(size_t members, const char *marks, char reasons[LL_ROUND_REASONS_TEXT])
{
    struct ll_round_vote votes[8] = {{.household = NULL}};
    size_t n = strlen(marks);

    for (size_t i = 0; i < n; i++)
        votes[i] = (struct ll_round_vote){"h", "m",
                                          marks[i] == 'w'   ? "white"
                                          : marks[i] == 'g' ? "grey"
                                                            : "black",
                                          marks[i] == 'w'   ? "W01|W02"
                                          : marks[i] == 'g' ? "G01"
                                                            : "B01"};
    return ll_round_decide(&card, members, votes, n, reasons);
}

static void test_votes_become_a_mark_by_quorum_and_majority(void **unused)
{
    char reasons[LL_ROUND_REASONS_TEXT];

    (void)unused;
    assert_int_equal(decided(3, "", reasons), LL_MARK_NONE);
    assert_int_equal(decided(3, "wwg", reasons), LL_MARK_WHITE);
    assert_string_equal(reasons, "W01|W02");                  /* each once */
    assert_int_equal(decided(3, "w", reasons), LL_MARK_GREY); /* a third of the committee */
    assert_string_equal(reasons, "G04");
    assert_int_equal(decided(4, "wwgg", reasons), LL_MARK_GREY);
    assert_int_equal(decided(3, "bbw", reasons), LL_MARK_BLACK);
    assert_int_equal(decided(2, "b", reasons), LL_MARK_GREY); /* black takes two */
    assert_int_equal(decided(2, "w", reasons), LL_MARK_WHITE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_score_is_weights_times_points_and_a_cap_holds_it_down),
        cmocka_unit_test(test_mark_and_score_become_the_grade_of_the_first_row_that_fits),
        cmocka_unit_test(test_votes_become_a_mark_by_quorum_and_majority),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
