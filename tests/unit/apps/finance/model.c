/* model: tables are read strictly, fault by fault with line and column; scorecards and decision tables come to what a plain reading of them says, whatever the firm. */
#include "../../test.h"

#include "apps/finance/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct ll_arena *arena;
static struct ll_feature features[] = {
    {.name = "years", .title = {"经营年限", "Years"}, .unit = "年"},
    {.name = "grade", .title = {"级别", "Grade"}, .unit = "", .code = true},
    {.name = "debt", .title = {"负债率", "Debt"}, .unit = "%"},
};
enum { YEARS, GRADE, DEBT, FEATURES };
static const struct ll_feature_set set = {.features = features, .n = FEATURES};

static const struct ll_model *read_with(const char *csv, struct ll_model_faults *faults)
{
    const struct ll_model *m = NULL;
    struct ll_err err;

    assert_int_equal(ll_model_read(ll_str(csv), &set, arena, &m, faults, &err), LL_OK);
    return m;
}

static const char CARD[] =
    "row,indicator,is,from,to,value,points,result,limit_min,limit_max,reason,words,words_en\n"
    "base,,,,,,300,,,,,,\n"
    "band,years,range,,2,,10,,,,SHORT,,\n"
    "band,years,range,5,,,60.5,,,,,,\n"
    "band,years,range,2,5,,40,,,,,,\n"
    "band,years,missing,,,,0,,,,NONE,,\n"
    "band,grade,code,,,A|B,50,,,,,,\n"
    "band,grade,other,,,,-20,,,,GRADE,,\n"
    "band,grade,missing,,,,5,,,,NONE,,\n"
    "cut,,,400,,,,pass,100,300,,,\n"
    "cut,,,350,,,,refer,,,,,\n"
    "cut,,,,,,,decline,,,,,\n"
    "reason,,,,,,,,,,SHORT,经营年限短,Short\n"
    "reason,,,,,,,,,,NONE,,\n"
    "reason,,,,,,,,,,GRADE,级别低,\n";

static void set_values(struct ll_feature_value *v, double years, const char *grade, double debt)
{
    for (size_t i = 0; i < FEATURES; i++)
        v[i] = (struct ll_feature_value){.kind = LL_FV_NONE};
    if (!isnan(years))
        v[YEARS] = (struct ll_feature_value){.kind = LL_FV_NUMBER, .number = years};
    if (grade)
        v[GRADE] = (struct ll_feature_value){.kind = LL_FV_CODE, .code = ll_str(grade)};
    if (!isnan(debt))
        v[DEBT] = (struct ll_feature_value){.kind = LL_FV_NUMBER, .number = debt};
}

/* The table once more, as an if and nothing else. */
static int64_t plain(double years, const char *grade)
{
    int64_t milli = 300000;

    milli += isnan(years) ? 0 : years < 2 ? 10000 : years < 5 ? 40000 : 60500;
    milli += !grade ? 5000 : strcmp(grade, "A") == 0 || strcmp(grade, "B") == 0 ? 50000 : -20000;
    return milli;
}

static void a_scorecard_gives_every_firm_what_a_plain_reading_gives(void **state)
{
    static const char *const grades[] = {NULL, "A", "B", "AB", "C", ""};
    struct ll_feature_value v[FEATURES];
    struct ll_model_faults faults;
    const struct ll_model *m = read_with(CARD, &faults);
    unsigned seed = 7;

    (void)state;
    assert_non_null(m);
    assert_true(m->scorecard && m->uses[YEARS] && m->uses[GRADE] && !m->uses[DEBT]);
    for (int i = 0; i < 20000; i++) {
        const char *grade = grades[(seed = seed * 1103515245u + 12345u) / 65536u % LL_COUNT(grades)];
        double years = (double)((seed = seed * 1103515245u + 12345u) / 65536u % 1200u) / 100 - 2;
        struct ll_model_scored s;
        if (i % 11 == 0)
            years = NAN;
        set_values(v, years, grade, NAN);
        ll_model_apply(m, v, &s);
        int64_t want = plain(years, grade);
        assert_int_equal(s.milli, want);
        assert_int_equal(s.outcome->result, want >= 400000   ? LL_MODEL_PASS
                                            : want >= 350000 ? LL_MODEL_REFER
                                                             : LL_MODEL_DECLINE);
        assert_true(s.n <= LL_MODEL_TOLD);
        for (size_t a = 0; a < s.n; a++)
            for (size_t b = 0; b < a; b++)
                assert_string_not_equal(s.reasons[a], s.reasons[b]);
    }
}

static void limits_of_bands_and_the_order_of_reasons(void **state)
{
    struct ll_feature_value v[FEATURES];
    struct ll_model_faults faults;
    const struct ll_model *m = read_with(CARD, &faults);
    struct ll_model_scored s;

    (void)state;
    set_values(v, 2, "A", NAN); /* from counts, to does not */
    ll_model_apply(m, v, &s);
    assert_int_equal(s.milli, 390000);
    assert_int_equal(s.n, 0);
    set_values(v, 1, "D", NAN); /* the grade costs 70, the years 50.5 */
    ll_model_apply(m, v, &s);
    assert_int_equal(s.n, 2);
    assert_string_equal(s.reasons[0], "GRADE");
    assert_string_equal(s.reasons[1], "SHORT");
    assert_string_equal(ll_model_reason(m, "SHORT")->words[LL_EN], "Short");
    set_values(v, NAN, NULL, NAN); /* one code of two bands is told once */
    ll_model_apply(m, v, &s);
    assert_int_equal(s.n, 1);
}

static const char TABLE[] = "row,rule,indicator,is,value,result,limit_min,limit_max,reason,words\n"
                            "when,2,years,ge,3,,,,,\n"
                            "when,2,debt,known,,,,,,\n"
                            "then,2,,,,pass,50,200,,\n"
                            "when,1,grade,in,D|M,,,,,\n"
                            "then,1,,,,decline,,,G1|G2,\n"
                            "else,,,,,refer,,,G2,\n"
                            "reason,,,,,,,,G1,级别\n"
                            "reason,,,,,,,,G2,其他\n";

static void a_decision_table_takes_the_first_rule_that_applies(void **state)
{
    static const struct {
        double years;
        const char *grade;
        double debt;
        enum ll_model_result want;
        size_t reasons;
    } rows[] = {{9, "D", 10, LL_MODEL_DECLINE, 2},  {9, "A", 10, LL_MODEL_PASS, 0},
                {9, NULL, 10, LL_MODEL_PASS, 0},    {9, "A", NAN, LL_MODEL_REFER, 1},
                {NAN, "A", 10, LL_MODEL_REFER, 1},  {2.9, "A", 10, LL_MODEL_REFER, 1},
                {NAN, NULL, NAN, LL_MODEL_REFER, 1}};
    struct ll_feature_value v[FEATURES];
    struct ll_model_faults faults;
    const struct ll_model *m = read_with(TABLE, &faults);

    (void)state;
    assert_non_null(m);
    assert_false(m->scorecard);
    for (size_t i = 0; i < LL_COUNT(rows); i++) {
        struct ll_model_scored s;
        set_values(v, rows[i].years, rows[i].grade, rows[i].debt);
        ll_model_apply(m, v, &s);
        assert_int_equal(s.outcome->result, rows[i].want);
        assert_int_equal(s.n, rows[i].reasons);
    }
}

static void what_is_wrong_is_named_by_line_and_column(void **state)
{
#define HEAD "row,rule,indicator,is,from,to,value,points,result,reason\n"
    static const struct {
        const char *csv;
        size_t line;
        const char *column;
    } rows[] = {
        {HEAD "band,,none,range,,,,1,,\n", 2, "indicator"},
        {HEAD "bond,,years,range,,,,1,,\n", 2, "row"},
        {HEAD "band,,years,code,,,A,1,,\n", 2, "is"},
        {HEAD "band,,grade,range,1,,,1,,\n", 2, "is"},
        {HEAD "band,,years,range,5,2,,1,,\n", 2, "to"},
        {HEAD "band,,years,range,,,,many,,\n", 2, "points"},
        {HEAD "band,,years,range,,,,1e9,,\n", 2, "points"},
        {HEAD "band,,years,range,,,,0.0001,,\n", 2, "points"},
        {HEAD "band,,years,range,,,,nan,,\n", 2, "points"},
        {HEAD "base,,,,,,,1,pass,\n", 2, "result"},
        {HEAD "band,,years,range,,2,,1,,\nband,,years,range,3,,,1,,\nband,,years,missing,,,,0,,\n", 3,
         "from"},
        {HEAD "band,,years,range,,2,,1,,\nband,,years,range,1,,,1,,\nband,,years,missing,,,,0,,\n", 3,
         "from"},
        {HEAD "band,,years,range,,,,1,,\n", 2, "is"},
        {HEAD "band,,grade,code,,,A,1,,\nband,,grade,code,,,B|A,1,,\n", 3, "value"},
        {HEAD "band,,years,range,,,,1,,X\n", 2, "reason"},
        {HEAD "cut,,,,,,,,maybe,\n", 2, "result"},
        {HEAD "cut,,,,5,,,,pass,\ncut,,,,6,,,,refer,\n", 3, "from"},
        {HEAD "base,,,,,,,1,,\nelse,,,,,,,,pass,\n", 3, "row"},
        {HEAD "when,0,years,ge,,,1,,,\n", 2, "rule"},
        {HEAD "when,1,years,in,,,1,,,\n", 2, "is"},
        {HEAD "when,1,years,ge,,,1,,,\n", 2, "rule"},
        {HEAD "then,1,,,,,,,pass,A|B|C|D|E\n", 2, "reason"},
        {HEAD, 0, "row"},
    };
    (void)state;
    for (size_t i = 0; i < LL_COUNT(rows); i++) {
        struct ll_model_faults faults;
        bool found = false;
        assert_null(read_with(rows[i].csv, &faults));
        for (size_t k = 0; k < faults.n; k++)
            found |= faults.list[k].line == rows[i].line && faults.list[k].column &&
                     strcmp(faults.list[k].column, rows[i].column) == 0;
        if (!found)
            fail_msg("%s%s: line %zu, %s, is not named", rows[i].csv, "", rows[i].line, rows[i].column);
    }
}

static void a_change_of_numbers_alone_keeps_the_shape(void **state)
{
    char other[sizeof CARD + 8];
    struct ll_model_faults faults;
    const struct ll_model *a = read_with(CARD, &faults), *b;
    char *cut;

    (void)state;
    strcpy(other, CARD);
    cut = strstr(other, "cut,,,400");
    memcpy(cut, "cut,,,401", 9);
    b = read_with(other, &faults);
    assert_non_null(b);
    assert_true(ll_str_eq(a->shape, b->shape));
    cut = strstr(other, "code,,,A|B");
    memcpy(cut, "code,,,A|C", 10);
    b = read_with(other, &faults);
    assert_non_null(b);
    assert_false(ll_str_eq(a->shape, b->shape));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scorecard_gives_every_firm_what_a_plain_reading_gives),
        cmocka_unit_test(limits_of_bands_and_the_order_of_reasons),
        cmocka_unit_test(a_decision_table_takes_the_first_rule_that_applies),
        cmocka_unit_test(what_is_wrong_is_named_by_line_and_column),
        cmocka_unit_test(a_change_of_numbers_alone_keeps_the_shape),
    };
    int failed;

    arena = ll_arena_new(0);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    ll_arena_free(arena);
    return failed;
}
