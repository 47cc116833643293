/* people: the households of a roll-up and who is in them: found by number, ranked, with a head where the register's is no member. */
#include "../../test.h"

#include "apps/rural/combine.h"
#include "apps/rural/rollup_people.h"

static void add_home(struct ll_rollup_people *p, size_t at, uint64_t no, const char *name)
{
    const struct ll_str texts[LL_ROLLUP_TEXTS] = {ll_str(name), LL_STR("样例王"), LL_STR("360828101901"),
                                                  LL_STR("")};
    char key[LL_BLIND] = {(char)at};
    struct ll_err err;

    assert_ok(ll_rollup_people_home(p, at, no, (struct ll_str){key, sizeof key}, texts, &err));
}

static void add_person(struct ll_rollup_people *p, uint64_t id, uint32_t home, bool head, const char *order)
{
    const struct ll_rollup_person who = {.id = id, .home = home, .head = head};
    struct ll_err err;

    assert_ok(ll_rollup_people_person(p, &who, ll_str(order), order[0] == '0', &err));
}

static void test_members_are_ranked_and_one_is_the_head(void **unused)
{
    struct ll_rollup_people *p = NULL;
    struct ll_err err;
    uint32_t home;

    (void)unused;
    assert_ok(ll_rollup_people_new(2, 5, &p, &err));
    add_home(p, 1, 16 + 32, "H2"); /* its hash falls where the other's does */
    add_home(p, 0, 32, "H1");
    add_person(p, 7, 0, false, "2 1990");
    add_person(p, 8, 0, false, "1 1960");
    add_person(p, 9, 0, true, "9 1999"); /* whom the register names, whatever his kinship */
    add_person(p, 10, 1, false, "2 1980");
    add_person(p, 11, 1, false,
               "0 1950"); /* the register's head is no member: who is registered as such is */
    assert_ok(ll_rollup_people_done(p, &err));
    assert_int_equal(ll_rollup_person_of(p, 9)->rank, 0);
    assert_true(ll_rollup_person_of(p, 9)->head);
    assert_int_equal(ll_rollup_person_of(p, 8)->rank, 1);
    assert_int_equal(ll_rollup_person_of(p, 7)->rank, 2);
    assert_false(ll_rollup_person_of(p, 8)->head);
    assert_true(ll_rollup_person_of(p, 11)->head);
    assert_false(ll_rollup_person_of(p, 10)->head);
    assert_null(ll_rollup_person_of(p, 12));
    assert_true(ll_rollup_home_of(p, 48, &home));
    assert_int_equal(home, 1);
    assert_false(ll_rollup_home_of(p, 64, &home));
    assert_str(ll_rollup_home_text(ll_rollup_home(p, 0), LL_ROLLUP_NO), "H1");
    assert_str(ll_rollup_home_text(ll_rollup_home(p, 0), LL_ROLLUP_VILLAGE), "360828101901");
    assert_str(ll_rollup_home_text(ll_rollup_home(p, 0), LL_ROLLUP_VILLAGE_NAME), "");
    assert_int_equal(ll_rollup_home(p, 0)->members, 3);
    ll_rollup_people_free(p);
}

static void test_only_records_of_their_time_and_kind_count(void **unused)
{
    static const struct ll_item balance = {.name = "balance"};
    struct ll_rural_source s = {.within = 365, .only = &balance, .only_above = true, .only_value = "0"};
    char since[16];

    (void)unused;
    ll_rural_since(&s, 20758, since, sizeof since); /* 2026-11-01 */
    assert_string_equal(since, "2025-11-01");
    assert_true(
        ll_rural_counts(&s, LL_STR("0.01"), LL_STR("2025-11-01"), LL_STR("2026-11-01"), ll_str(since)));
    assert_false(ll_rural_counts(&s, LL_STR("0"), LL_STR("2025-11-01"), LL_STR("2026-11-01"), ll_str(since)));
    assert_false(ll_rural_counts(&s, LL_STR("1"), LL_STR("2025-10-31"), LL_STR("2026-11-01"), ll_str(since)));
    assert_false(ll_rural_counts(&s, LL_STR("1"), LL_STR("2026-11-02"), LL_STR("2026-11-01"), ll_str(since)));
    assert_false(ll_rural_counts(&s, LL_STR("1"), LL_STR(""), LL_STR("2026-11-01"), ll_str(since)));
    s.within = 0;
    ll_rural_since(&s, 20758, since, sizeof since);
    assert_true(ll_rural_counts(&s, LL_STR("1"), LL_STR(""), LL_STR("2026-11-01"), ll_str(since)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members_are_ranked_and_one_is_the_head),
        cmocka_unit_test(test_only_records_of_their_time_and_kind_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
