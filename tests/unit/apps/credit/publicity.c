/* Periods of publicity by the rules that ship (their folder is the argument), and what ends them early. */
#include "../../catalog/fixture.h"

#include "apps/credit/publicity.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/fs.h"

static const char *folder;
static struct scratch s;
static struct ll_arena *arena;
static struct ll_public_rules rules;
static const struct ll_public_kind *permit, *penalty;
static struct ll_err err;

#define RECORD "[\"样例罚〔2026〕1号\",\"11360800YL00000000\",\"样例公司\"]"

static const struct ll_actor clerk = {
    .account = "credit-1", .organisation = "JA002", .roles = LL_DUTY_SOURCE_STEWARD};

static void put_file(struct files *f, const char *name)
{
    struct ll_buf text = LL_BUF_INIT(1 << 20);
    char path[LL_PATH];

    assert_ok(ll_path(path, &err, "%s/credit/%s", folder, name));
    assert_ok(ll_fs_read(path, 1 << 20, &text, &err));
    ll_buf_c(&text, 0);
    files_put(f, name, text.p);
    ll_buf_free(&text);
}

static struct ll_txn *begin(void)
{
    struct ll_txn *tx = NULL;

    assert_ok(ll_txn_begin(s.st, true, &tx, &err));
    return tx;
}

static int open_all(void **state)
{
    struct files f;
    struct ll_load_result result;
    (void)state;

    scratch_open(&s);
    files_start(&f);
    files_put(
        &f, "pack.json",
        "{\"name\": \"credit\", \"version\": \"1.0.0\", \"title\": {\"zh\": \"信用\", \"en\": \"Credit\"}}");
    put_file(&f, "publicity_grades.csv");
    put_file(&f, "publicity_kinds.csv");
    put_file(&f, "publicity_periods.csv");
    assert_ok(scratch_load(&s, &f, &result, NULL, &err));
    files_free(&f);
    arena = ll_arena_new(0);
    struct ll_txn *tx = begin();
    assert_ok(ll_public_rules_read(tx, arena, &rules, &err));
    ll_txn_end(tx);
    permit = ll_public_kind_find(&rules, LL_STR("permit"));
    penalty = ll_public_kind_find(&rules, LL_STR("administrative_penalty"));
    return permit && penalty ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    ll_arena_free(arena);
    scratch_close(&s);
    return 0;
}

static int32_t day(int y, unsigned m, unsigned d)
{
    return ll_days_from_civil(y, m, d);
}

static struct ll_public_show show(const struct ll_public_kind *kind, const char *level,
                                  const char *categories, int32_t decided, int32_t until, int32_t today)
{
    const struct ll_public_facts f = {decided, until, ll_str(level), ll_str(categories)};
    struct ll_public_show ret;

    ll_public_by_rule(&rules, kind, &f, today, &ret);
    return ret;
}

static void test_each_degree_has_its_period_and_says_where_it_is_from(void **state)
{
    const int32_t on = day(2026, 4, 15), none = LL_PUBLIC_NO_DAY;
    const struct {
        const char *level, *categories;
        int32_t until, last;
        enum ll_public_state state; /* on 2026-06-01 */
        const char *basis;
    } cases[] = {
        {"1", "", none, none, LL_PUBLIC_NEVER, "quoted"}, /* not shown as a rule */
        {"1", "", on, none, LL_PUBLIC_NEVER, "quoted"},   /* and says so */
        {"1", "", day(2026, 5, 20), day(2026, 5, 20), LL_PUBLIC_ENDED,
         "quoted"}, /* where it must be: as it says ... */
        {"1", "", day(2027, 1, 1), day(2026, 7, 15), LL_PUBLIC_SHOWN,
         "quoted"},                                                   /* ... three months at most */
        {"2", "", none, day(2027, 4, 15), LL_PUBLIC_SHOWN, "quoted"}, /* twelve months */
        {"2", "", day(2026, 4, 20), day(2026, 7, 15), LL_PUBLIC_SHOWN,
         "quoted"}, /* no department shortens it */
        {"2", "", day(2036, 4, 20), day(2027, 4, 15), LL_PUBLIC_SHOWN, "quoted"}, /* nor makes it longer */
        {"3", "", none, day(2029, 4, 15), LL_PUBLIC_SHOWN, "quoted"},             /* thirty-six */
        {"3", "", day(2028, 1, 1), day(2028, 1, 1), LL_PUBLIC_SHOWN,
         "quoted"},                                                       /* its own end within the bounds */
        {"", "01", none, none, LL_PUBLIC_NEVER, "quoted"},                /* a warning is minor */
        {"", "01;08", none, day(2029, 4, 15), LL_PUBLIC_SHOWN, "quoted"}, /* the gravest counts */
        {"9", "05", none, day(2027, 4, 15), LL_PUBLIC_SHOWN, "quoted"},   /* a degree that there is not */
    };
    (void)state;

    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        struct ll_public_show got = show(penalty, cases[i].level, cases[i].categories, on, cases[i].until,
                                         day(2026, 6, 1));
        print_message("%zu: degree '%s' categories '%s'\n", i, cases[i].level, cases[i].categories);
        assert_int_equal(got.until, cases[i].last);
        assert_int_equal(got.state, cases[i].state);
        assert_string_equal(got.rule->basis, cases[i].basis);
        assert_int_equal(got.level_derived, !*cases[i].level || *cases[i].level == '9');
    }
}

static void test_it_ends_by_itself_the_day_after_its_last(void **state)
{
    (void)state;
    assert_int_equal(show(penalty, "2", "", day(2026, 4, 15), LL_PUBLIC_NO_DAY, day(2026, 4, 14)).state,
                     LL_PUBLIC_COMING);
    assert_int_equal(show(penalty, "2", "", day(2026, 4, 15), LL_PUBLIC_NO_DAY, day(2027, 4, 15)).state,
                     LL_PUBLIC_SHOWN);
    assert_int_equal(show(penalty, "2", "", day(2026, 4, 15), LL_PUBLIC_NO_DAY, day(2027, 4, 16)).state,
                     LL_PUBLIC_ENDED);
    assert_int_equal(show(permit, "", "", day(2026, 4, 15), day(2026, 12, 31), day(2026, 12, 31)).state,
                     LL_PUBLIC_SHOWN);
    assert_int_equal(show(permit, "", "", day(2026, 4, 15), day(2026, 12, 31), day(2027, 1, 1)).state,
                     LL_PUBLIC_ENDED);
    assert_string_equal(show(permit, "", "", day(2026, 4, 15), day(2026, 12, 31), 0).rule->basis,
                        "reconstruction");
    assert_int_equal(show(penalty, "2", "", LL_PUBLIC_NO_DAY, LL_PUBLIC_NO_DAY, 0).state, LL_PUBLIC_NEVER);
    assert_int_equal(show(penalty, "", "", day(2026, 4, 15), LL_PUBLIC_NO_DAY, day(2026, 5, 1)).state,
                     LL_PUBLIC_NEVER); /* no degree, and nothing to tell it by */
}

static void test_repair_may_be_asked_for_when_the_least_months_are_over(void **state)
{
    (void)state;
    assert_int_equal(show(penalty, "2", "", day(2026, 4, 15), LL_PUBLIC_NO_DAY, 0).repair_from,
                     day(2026, 7, 15));
    assert_int_equal(show(penalty, "3", "", day(2026, 4, 15), LL_PUBLIC_NO_DAY, 0).repair_from,
                     day(2027, 4, 15));
    assert_int_equal(show(penalty, "1", "", day(2026, 4, 15), LL_PUBLIC_NO_DAY, 0).repair_from,
                     day(2026, 4, 15));
    assert_int_equal(ll_public_months_later(day(2024, 1, 31), 1), day(2024, 2, 29));
    assert_int_equal(ll_public_months_later(day(2023, 11, 30), 3), day(2024, 2, 29));
    assert_int_equal(ll_public_months_later(day(2024, 12, 31), 12), day(2025, 12, 31));
}

static enum ll_public_state at(struct ll_txn *tx, int32_t today, struct ll_public_show *show)
{
    const struct ll_public_facts f = {day(2026, 4, 15), LL_PUBLIC_NO_DAY, LL_STR("2"), LL_STR("03")};

    assert_ok(ll_public_at(tx, &rules, penalty, RECORD, &f, today, arena, show, &err));
    return show->state;
}

static struct ll_public_stop stopped_on(int32_t since)
{
    return (struct ll_public_stop){.resource = "administrative_penalty",
                                   .record = RECORD,
                                   .since = since,
                                   .reason = "信用修复：已履行义务",
                                   .document = "吉信修〔2026〕8号"};
}

static void test_an_early_end_holds_from_its_day_until_it_is_lifted_and_both_stay(void **state)
{
    const struct ll_public_stop stop = stopped_on(day(2026, 8, 1));
    struct ll_public_stop *list;
    struct ll_public_show show;
    struct ll_txn *tx = begin();
    int64_t id = 0;
    size_t n;
    (void)state;

    assert_int_equal(at(tx, day(2026, 8, 1), &show), LL_PUBLIC_SHOWN);
    assert_ok(ll_public_stop(tx, &stop, &clerk, &id, &err));
    assert_true(id > 0);
    assert_int_equal(at(tx, day(2026, 7, 31), &show), LL_PUBLIC_SHOWN);
    assert_int_equal(at(tx, day(2026, 8, 1), &show), LL_PUBLIC_STOPPED);
    assert_string_equal(show.stop->document, "吉信修〔2026〕8号");
    assert_string_equal(show.stop->account, "credit-1");
    assert_int_equal(show.until, day(2027, 4, 15)); /* the period that it cut short is still told */
    assert_int_equal(ll_public_stop(tx, &stop, &clerk, NULL, &err), LL_CONFLICT);
    assert_int_equal(
        ll_public_lift(tx, stop.resource, RECORD, day(2026, 7, 1), "撤销修复决定", "吉信撤1号", &clerk, &err),
        LL_INVALID);
    assert_ok(ll_public_lift(tx, stop.resource, RECORD, day(2026, 9, 1), "撤销修复决定", "吉信撤1号", &clerk,
                             &err));
    assert_int_equal(at(tx, day(2026, 8, 31), &show), LL_PUBLIC_STOPPED);
    assert_int_equal(at(tx, day(2026, 9, 1), &show), LL_PUBLIC_SHOWN);
    assert_int_equal(
        ll_public_lift(tx, stop.resource, RECORD, day(2026, 9, 2), "撤销修复决定", "吉信撤1号", &clerk, &err),
        LL_NOTFOUND);
    const struct ll_public_stop again = stopped_on(day(2026, 10, 1));
    assert_ok(ll_public_stop(tx, &again, NULL, NULL, &err));
    assert_ok(ll_public_stops(tx, stop.resource, RECORD, arena, &list, &n, &err));
    assert_int_equal(n, 2);
    assert_int_equal(list[0].lifted, LL_PUBLIC_NO_DAY);
    assert_int_equal(list[1].lifted, day(2026, 9, 1));
    assert_string_equal(list[1].lift_document, "吉信撤1号");
    assert_true(ll_exec(tx, &err, "DELETE FROM publicity_stop", "") < 0);
    assert_true(ll_exec(tx, &err, "UPDATE publicity_stop SET reason = 'x'", "") < 0);
    ll_txn_end(tx);
}

static void test_a_stop_says_why_and_by_what_document(void **state)
{
    struct ll_public_stop stop = stopped_on(day(2026, 8, 1));
    struct ll_txn *tx = begin();
    (void)state;

    stop.reason = "";
    assert_int_equal(ll_public_stop(tx, &stop, &clerk, NULL, &err), LL_USAGE);
    stop = stopped_on(day(2026, 8, 1));
    stop.document = NULL;
    assert_int_equal(ll_public_stop(tx, &stop, &clerk, NULL, &err), LL_USAGE);
    stop = stopped_on(day(2026, 8, 1));
    stop.record = "样例罚〔2026〕1号";
    assert_int_equal(ll_public_stop(tx, &stop, &clerk, NULL, &err), LL_USAGE);
    ll_txn_end(tx);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_degree_has_its_period_and_says_where_it_is_from),
        cmocka_unit_test(test_it_ends_by_itself_the_day_after_its_last),
        cmocka_unit_test(test_repair_may_be_asked_for_when_the_least_months_are_over),
        cmocka_unit_test(test_an_early_end_holds_from_its_day_until_it_is_lifted_and_both_stay),
        cmocka_unit_test(test_a_stop_says_why_and_by_what_document),
    };

    if (argc < 2)
        return 77;
    folder = argv[1];
    return cmocka_run_group_tests(tests, open_all, close_all);
}
