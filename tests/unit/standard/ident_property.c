/* identifiers: what the check characters catch, by exhaustion.
 *
 * A linear code's answer to a change depends only on the place and on the two characters, not on the rest of the number; so
 * trying every place with every pair of characters tries everything.
 *
 *   credit code        mod 31, 31 characters: every single change and every swap of neighbours
 *   resident number    mod 11, 10 digits:     every single change and every swap of neighbours
 *   organisation code  mod 11, 36 characters: all but the exchange of characters whose values are equal mod 11
 *   registration no.   MOD 11,10:             every single change; 97.8 % of the swaps (not: some of digits that differ by 1) */
#include "../test.h"

#include "standard/ident.h"

static const char ALL[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char USCC_CHARS[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static uint64_t seed = 0x1234567;

static unsigned random_below(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed >> 33) % n;
}

static bool valid(enum ll_scheme scheme, const char *s)
{
    char canon[LL_ID_MAX];
    size_t n;

    return ll_id_check(scheme, ll_str(s), canon, &n) == LL_IDF_OK;
}

/* Puts the check character behind a body; false when none fits. */
static bool complete(enum ll_scheme scheme, char *s, size_t n)
{
    s[n] = 0;
    for (const char *c = ALL; *c; c++) {
        s[n - 1] = *c;
        if (valid(scheme, s))
            return true;
    }
    return false;
}

static void random_org(char out[10])
{
    do {
        for (int i = 0; i < 8; i++)
            out[i] = USCC_CHARS[random_below(31)];
    } while (!complete(LL_ID_ORG_CODE, out, 9));
}

static void random_uscc(char out[19])
{
    static const char *const HEADS[] = {"91360800", "92360802", "93360881", "51110000",
                                        "12100000", "N2361030", "A1990000"};

    do {
        memcpy(out, HEADS[random_below(LL_COUNT(HEADS))], 8);
        random_org(out + 8);
    } while (!complete(LL_ID_USCC, out, 18));
}

static void random_resident(char out[19])
{
    do
        snprintf(out, 19, "36%04u%04u%02u%02u%03u", random_below(10000), 1900 + random_below(120),
                 1 + random_below(12), 1 + random_below(28), random_below(1000));
    while (!complete(LL_ID_RESIDENT_ID, out, 18));
}

static void random_regno(char out[16])
{
    do
        snprintf(out, 16, "36%06u%06u", random_below(1000000), random_below(1000000));
    while (!complete(LL_ID_REG_NO, out, 15));
}

/* What may be missed: the two characters that stood, or changed places, at i. */
typedef bool missed_fn(size_t i, char a, char b);

static bool nothing(size_t i, char a, char b)
{
    (void)i, (void)a, (void)b;
    return false;
}

static int value(char c)
{
    return c <= '9' ? c - '0' : c - 'A' + 10;
}

/* GB 11714 counts to 36 but divides by 11.  The check character's own X is worth 10, elsewhere it is 33. */
static bool org_change_missed(size_t i, char a, char b)
{
    return i < 8 && (value(a) - value(b)) % 11 == 0;
}

static bool org_swap_missed(size_t i, char a, char b)
{
    if (i < 7)
        return (value(a) - value(b)) % 11 == 0;
    int check_a = a == 'X' ? 10 : value(a), check_b = b == 'X' ? 10 : value(b);
    return (2 * value(a) + check_b - 2 * value(b) - check_a) % 11 == 0;
}

static bool regno_swap_missed(size_t i, char a, char b)
{
    int apart = abs(a - b);

    (void)i;
    return apart == 1 || apart == 9;
}

static unsigned changes_missed(enum ll_scheme scheme, const char *number, missed_fn *may)
{
    char s[LL_ID_MAX];
    unsigned missed = 0;

    strcpy(s, number);
    for (size_t i = 0; s[i]; i++) {
        for (const char *c = ALL; *c; c++) {
            if (*c == number[i])
                continue;
            s[i] = *c;
            bool passed = valid(scheme, s);
            if (passed && !may(i, number[i], *c))
                fail_msg("%s passes for %s", s, number);
            missed += passed;
        }
        s[i] = number[i];
    }
    return missed;
}

static unsigned swaps_missed(enum ll_scheme scheme, const char *number, missed_fn *may)
{
    char s[LL_ID_MAX];
    unsigned missed = 0;

    strcpy(s, number);
    for (size_t i = 0; s[i + 1]; i++) {
        if (s[i] == s[i + 1])
            continue;
        s[i] = number[i + 1];
        s[i + 1] = number[i];
        bool passed = valid(scheme, s);
        if (passed && !may(i, number[i], number[i + 1]))
            fail_msg("%s passes for %s", s, number);
        missed += passed;
        s[i] = number[i];
        s[i + 1] = number[i + 1];
    }
    return missed;
}

static void test_a_credit_code_catches_every_change_and_every_swap(void **state)
{
    char s[19];

    (void)state;
    for (int i = 0; i < 300; i++) {
        random_uscc(s);
        assert_int_equal(changes_missed(LL_ID_USCC, s, nothing), 0);
        assert_int_equal(swaps_missed(LL_ID_USCC, s, nothing), 0);
    }
}

static void test_a_resident_number_catches_every_change_and_every_swap(void **state)
{
    char s[19];

    (void)state;
    for (int i = 0; i < 300; i++) {
        random_resident(s);
        assert_int_equal(changes_missed(LL_ID_RESIDENT_ID, s, nothing), 0);
        assert_int_equal(swaps_missed(LL_ID_RESIDENT_ID, s, nothing), 0);
    }
}

static void test_an_organisation_code_misses_only_characters_equal_mod_11(void **state)
{
    unsigned missed = 0;
    char s[10];

    (void)state;
    for (int i = 0; i < 300; i++) {
        random_org(s);
        missed += changes_missed(LL_ID_ORG_CODE, s, org_change_missed);
        swaps_missed(LL_ID_ORG_CODE, s, org_swap_missed);
    }
    assert_true(missed > 0); /* the limit is the standard's, not a guess of ours */
}

static void test_organisation_codes_of_digits_catch_every_change_to_a_digit(void **state)
{
    char s[10], t[10];

    (void)state;
    for (int i = 0; i < 300; i++) {
        do
            snprintf(s, sizeof s, "%08u", random_below(100000000));
        while (!complete(LL_ID_ORG_CODE, s, 9));
        for (size_t at = 0; at < 8; at++)
            for (char c = '0'; c <= '9'; c++) {
                strcpy(t, s);
                t[at] = c;
                assert_int_equal(valid(LL_ID_ORG_CODE, t), c == s[at]);
            }
    }
}

static void test_a_registration_number_catches_every_change_and_nearly_every_swap(void **state)
{
    unsigned missed = 0, swaps = 0;
    char s[16];

    (void)state;
    for (int i = 0; i < 3000; i++) {
        random_regno(s);
        assert_int_equal(changes_missed(LL_ID_REG_NO, s, nothing), 0);
        missed += swaps_missed(LL_ID_REG_NO, s, regno_swap_missed);
        for (size_t at = 0; s[at + 1]; at++)
            swaps += s[at] != s[at + 1];
    }
    assert_true(missed > 0 && missed * 1000 < swaps * 30); /* 2.2 % in theory */
}

/* Every linear combination: place by pair of characters, over a body of one digit, so that nothing else is at work. */
static void test_credit_codes_by_exhaustion_of_places_and_pairs(void **state)
{
    char s[19], t[19];

    (void)state;
    for (size_t at = 8; at < 15; at++)
        for (const char *a = USCC_CHARS; *a; a++)
            for (const char *b = USCC_CHARS; *b; b++) {
                memcpy(s, "913608021070305070", 19);
                s[at] = *a;
                s[at + 1] = *b;
                if (*a == *b || !complete(LL_ID_ORG_CODE, memcpy(t, s + 8, 9), 9))
                    continue;
                memcpy(s + 8, t, 9);
                if (!complete(LL_ID_USCC, s, 18))
                    continue;
                assert_int_equal(swaps_missed(LL_ID_USCC, s, nothing), 0);
            }
}

static void test_widened_resident_numbers_are_valid(void **state)
{
    char old[16], wide[LL_ID_MAX];

    (void)state;
    for (unsigned i = 0; i < 2000; i++) {
        snprintf(old, sizeof old, "%06u%02u%02u%02u%03u", 360000 + random_below(1000), random_below(100),
                 1 + random_below(12), 1 + random_below(28), i % 1000);
        assert_int_equal(ll_id_15to18(ll_str(old), wide), LL_OK);
        assert_true(valid(LL_ID_RESIDENT_ID, wide));
        assert_memory_equal(wide, old, 6);
        assert_memory_equal(wide + 8, old + 6, 9);
        assert_memory_equal(wide + 6, i % 1000 >= 996 ? "18" : "19", 2);
    }
}

static void test_codes_and_the_codes_inside_lead_to_each_other(void **state)
{
    char uscc[19], org[LL_ID_MAX], back[LL_ID_MAX];

    (void)state;
    for (int i = 0; i < 2000; i++) {
        random_uscc(uscc);
        assert_true(ll_id_org_code_of(ll_str(uscc), org));
        assert_int_equal(ll_id_uscc_from_org_code(ll_str(org), (struct ll_str){uscc, 2},
                                                  (struct ll_str){uscc + 2, 6}, back),
                         LL_OK);
        assert_string_equal(back, uscc);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_credit_code_catches_every_change_and_every_swap),
        cmocka_unit_test(test_a_resident_number_catches_every_change_and_every_swap),
        cmocka_unit_test(test_an_organisation_code_misses_only_characters_equal_mod_11),
        cmocka_unit_test(test_organisation_codes_of_digits_catch_every_change_to_a_digit),
        cmocka_unit_test(test_a_registration_number_catches_every_change_and_nearly_every_swap),
        cmocka_unit_test(test_credit_codes_by_exhaustion_of_places_and_pairs),
        cmocka_unit_test(test_widened_resident_numbers_are_valid),
        cmocka_unit_test(test_codes_and_the_codes_inside_lead_to_each_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
