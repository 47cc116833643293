/* place: in which household a person is on a day.  Made-up registers and changes, thousands of them, keep what place.h promises. */
#include "../../test.h"

#include "apps/rural/place.h"

#include <stdio.h>
#include <string.h>

enum { HOUSEHOLDS = 6, DAYS = 12, FACTS = 6, MERGES = 3, ROUNDS = 4000 };

struct merge {
    struct ll_str from, day, to;
};
struct world {
    struct merge merges[MERGES];
    size_t n;
};

static uint64_t state = 88172645463325252u;

static unsigned below(unsigned n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 33) % n;
}

static const char *const households[HOUSEHOLDS] = {"H1", "H2", "H3", "H4", "H5", "H6"};
static char days[DAYS][16];

static struct ll_str day(size_t i)
{
    snprintf(days[i], sizeof days[i], "2026-%02u-15", (unsigned)i + 1);
    return ll_str(days[i]);
}

static int merge_of(void *ctx, struct ll_str household, struct ll_str from, bool strictly,
                    struct ll_str *ret_day, struct ll_str *to, struct ll_err *err)
{
    const struct world *w = ctx;
    const struct merge *best = NULL;
    (void)err;

    for (size_t i = 0; i < w->n; i++) {
        const struct merge *m = &w->merges[i];
        if (ll_str_eq(m->from, household) && ll_str_cmp(m->day, from) >= strictly &&
            (!best || ll_str_cmp(m->day, best->day) < 0))
            best = m;
    }
    if (!best)
        return 0;
    *ret_day = best->day;
    *to = best->to;
    return 1;
}

static struct ll_place place(struct ll_place_fact *facts, size_t n, struct ll_str on, struct world *w)
{
    struct ll_place_fact copy[FACTS];
    struct ll_place p;
    struct ll_err err;

    memcpy(copy, facts, n * sizeof *copy);
    assert_int_equal(ll_place_of(copy, n, on, merge_of, w, &p, &err), LL_OK);
    return p;
}

static void test_what_the_register_says_holds_until_a_change(void **unused)
{
    struct world none = {.n = 0};
    struct ll_place_fact facts[] = {{LL_STR("2026-09-01"), LL_PLACE_TO, LL_STR("H2")},
                                    {LL_STR("2020-01-01"), LL_PLACE_ROW, LL_STR("H1")}};
    (void)unused;

    assert_string_equal(place(facts, 2, LL_STR("2026-08-31"), &none).household.p, "H1");
    assert_string_equal(place(facts, 2, LL_STR("2026-09-01"), &none).household.p, "H2");
    assert_int_equal(place(facts, 2, LL_STR("2019-12-31"), &none).household.n, 0);
}

static void test_a_merge_takes_with_it_who_is_there(void **unused)
{
    struct world w = {.merges = {{LL_STR("H1"), LL_STR("2026-05-01"), LL_STR("H3")}}, .n = 1};
    struct ll_place_fact stays[] = {{LL_STR("2020-01-01"), LL_PLACE_ROW, LL_STR("H1")}};
    struct ll_place_fact left[] = {{LL_STR("2020-01-01"), LL_PLACE_ROW, LL_STR("H1")},
                                   {LL_STR("2026-04-01"), LL_PLACE_TO, LL_STR("H2")}};
    struct ll_place_fact came[] = {{LL_STR("2026-06-01"), LL_PLACE_ROW, LL_STR("H1")}};
    (void)unused;

    assert_string_equal(place(stays, 1, LL_STR("2026-04-30"), &w).household.p, "H1");
    assert_string_equal(place(stays, 1, LL_STR("2026-05-01"), &w).household.p, "H3");
    assert_string_equal(place(left, 2, LL_STR("2026-12-01"), &w).household.p, "H2");
    assert_string_equal(place(came, 1, LL_STR("2026-12-01"), &w).household.p, "H1");
}

static void test_the_dead_stay_dead(void **unused)
{
    struct world none = {.n = 0};
    struct ll_place_fact facts[] = {{LL_STR("2026-03-01"), LL_PLACE_DEATH, {NULL, 0}},
                                    {LL_STR("2026-05-01"), LL_PLACE_ROW, LL_STR("H2")}, /* registered late */
                                    {LL_STR("2020-01-01"), LL_PLACE_ROW, LL_STR("H1")}};
    (void)unused;

    assert_string_equal(place(facts, 3, LL_STR("2026-02-28"), &none).household.p, "H1");
    assert_int_equal(place(facts, 3, LL_STR("2026-12-01"), &none).household.n, 0);
    assert_true(place(facts, 3, LL_STR("2026-12-01"), &none).dead);
}

static void test_merges_that_go_round_end(void **unused)
{
    struct world w = {.merges = {{LL_STR("H1"), LL_STR("2026-05-01"), LL_STR("H2")},
                                 {LL_STR("H2"), LL_STR("2026-05-01"), LL_STR("H1")}},
                      .n = 2};
    struct ll_place_fact facts[] = {{LL_STR("2020-01-01"), LL_PLACE_ROW, LL_STR("H1")}};
    (void)unused;

    assert_string_equal(place(facts, 1, LL_STR("2026-12-01"), &w).household.p, "H2");
}

static size_t make_facts(struct ll_place_fact *facts, bool takes_out)
{
    static const enum ll_place_kind kinds[] = {LL_PLACE_ROW, LL_PLACE_TO,    LL_PLACE_TO,
                                               LL_PLACE_END, LL_PLACE_LEAVE, LL_PLACE_DEATH};
    size_t n = 1 + below(FACTS);

    for (size_t i = 0; i < n; i++)
        facts[i] = (struct ll_place_fact){day(below(DAYS)), kinds[below(takes_out ? 6 : 3)],
                                          ll_str(households[below(HOUSEHOLDS)])};
    return n;
}

static void make_merges(struct world *w)
{
    w->n = below(MERGES + 1);
    for (size_t i = 0; i < w->n; i++)
        w->merges[i] = (struct merge){ll_str(households[below(HOUSEHOLDS)]), day(below(DAYS)),
                                      ll_str(households[below(HOUSEHOLDS)])};
}

/* (1): the order of facts makes no difference, and there is one answer. */
static void test_the_order_of_facts_makes_no_difference(void **unused)
{
    (void)unused;
    for (int round = 0; round < ROUNDS; round++) {
        struct ll_place_fact facts[FACTS], mixed[FACTS];
        struct world w;
        size_t n = make_facts(facts, true);
        make_merges(&w);
        memcpy(mixed, facts, n * sizeof *facts);
        for (size_t i = n; i > 1; i--) {
            size_t k = below((unsigned)i);
            struct ll_place_fact t = mixed[i - 1];
            mixed[i - 1] = mixed[k];
            mixed[k] = t;
        }
        for (size_t d = 0; d < DAYS; d++) {
            struct ll_place a = place(facts, n, day(d), &w), b = place(mixed, n, day(d), &w);
            assert_true(ll_str_eq(a.household, b.household));
            assert_int_equal(a.dead, b.dead);
        }
    }
}

/* (2): where nothing takes a person out, who was registered once is in a household on every day after. */
static void test_splits_merges_and_moves_lose_nobody(void **unused)
{
    (void)unused;
    for (int round = 0; round < ROUNDS; round++) {
        struct ll_place_fact facts[FACTS];
        struct world w;
        size_t n = make_facts(facts, false);
        bool there = false;
        make_merges(&w);
        for (size_t d = 0; d < DAYS; d++) {
            struct ll_place p = place(facts, n, day(d), &w);
            for (size_t i = 0; i < n; i++)
                there = there || ll_str_cmp(facts[i].day, day(d)) <= 0;
            assert_int_equal(p.household.n != 0, there);
            assert_false(p.dead);
        }
    }
}

/* (2): death and removal take out one each, and nobody comes back from the dead. */
static void test_who_died_is_in_no_household_from_that_day_on(void **unused)
{
    (void)unused;
    for (int round = 0; round < ROUNDS; round++) {
        struct ll_place_fact facts[FACTS];
        struct world w;
        size_t n = make_facts(facts, true);
        bool dead = false;
        make_merges(&w);
        for (size_t d = 0; d < DAYS; d++) {
            struct ll_place p = place(facts, n, day(d), &w);
            for (size_t i = 0; i < n; i++)
                dead = dead || (facts[i].kind == LL_PLACE_DEATH && ll_str_cmp(facts[i].day, day(d)) <= 0);
            assert_int_equal(p.dead, dead);
            assert_true(!dead || !p.household.n);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_the_register_says_holds_until_a_change),
        cmocka_unit_test(test_a_merge_takes_with_it_who_is_there),
        cmocka_unit_test(test_the_dead_stay_dead),
        cmocka_unit_test(test_merges_that_go_round_end),
        cmocka_unit_test(test_the_order_of_facts_makes_no_difference),
        cmocka_unit_test(test_splits_merges_and_moves_lose_nobody),
        cmocka_unit_test(test_who_died_is_in_no_household_from_that_day_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
