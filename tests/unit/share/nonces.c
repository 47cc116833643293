/* nonces.c - what was signed counts once, whatever the clock does. */
#include "../test.h"

#include "share/nonces.h"

#include <stdio.h>

enum { START = 1000, SMALL = 64 };

static struct ll_err err;

static int use(struct ll_nonces *n, const char *nonce, int64_t created, int64_t now)
{
    return ll_nonces_use(n, LL_STR("bank"), ll_str(nonce), created, created + 70, now, &err);
}

static struct ll_nonces *fresh(void)
{
    struct ll_nonces *n = NULL;

    assert_int_equal(ll_nonces_new(START, SMALL, &n, &err), LL_OK);
    return n;
}

static void test_a_nonce_counts_once_and_for_its_owner_alone(void **state)
{
    struct ll_nonces *n = fresh();

    (void)state;
    assert_int_equal(use(n, "a", START, START), LL_OK);
    assert_int_equal(use(n, "a", START + 1, START + 1), LL_DENIED);
    assert_int_equal(use(n, "b", START + 1, START + 1), LL_OK);
    assert_int_equal(ll_nonces_use(n, LL_STR("other"), LL_STR("a"), START, START + 70, START, &err), LL_OK);
    ll_nonces_free(n);
}

static void test_what_was_made_before_the_start_counts_no_more(void **state)
{
    struct ll_nonces *n = fresh();

    (void)state;
    assert_int_equal(use(n, "a", START - 1, START), LL_DENIED);
    ll_nonces_free(n);
}

static void test_full_memory_refuses_and_room_comes_back_with_time(void **state)
{
    struct ll_nonces *n = fresh();
    char name[16];

    (void)state;
    for (int i = 0; i < SMALL; i++) {
        snprintf(name, sizeof name, "n%d", i);
        assert_int_equal(use(n, name, START, START), LL_OK);
    }
    assert_int_equal(use(n, "more", START, START), LL_BUSY);
    assert_int_equal(use(n, "n3", START, START), LL_DENIED); /* what is known stays known */
    assert_int_equal(use(n, "more", START + 71, START + 71), LL_OK);
    ll_nonces_free(n);
}

static void test_a_clock_put_forward_and_back_brings_no_nonce_to_life(void **state)
{
    struct ll_nonces *n = fresh();
    char name[16];

    (void)state;
    assert_int_equal(use(n, "a", START, START), LL_OK);
    for (int i = 1; i < SMALL; i++) {
        snprintf(name, sizeof name, "n%d", i);
        assert_int_equal(use(n, name, START, START), LL_OK);
    }
    /* an hour ahead everything has expired and is forgotten ... */
    assert_int_equal(use(n, "later", START + 3600, START + 3600), LL_OK);
    /* ... and an hour back what was worth something then is not taken again */
    assert_int_equal(use(n, "a", START, START), LL_DENIED);
    assert_int_equal(use(n, "new", START + 1, START + 1), LL_DENIED);
    assert_int_equal(use(n, "newer", START + 3601, START + 3601), LL_OK);
    ll_nonces_free(n);
}

static void test_an_endless_nonce_is_refused(void **state)
{
    struct ll_nonces *n = fresh();
    char name[LL_NONCE_MOST + 2];

    (void)state;
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = 0;
    assert_int_equal(use(n, name, START, START), LL_INVALID);
    ll_nonces_free(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_nonce_counts_once_and_for_its_owner_alone),
        cmocka_unit_test(test_what_was_made_before_the_start_counts_no_more),
        cmocka_unit_test(test_full_memory_refuses_and_room_comes_back_with_time),
        cmocka_unit_test(test_a_clock_put_forward_and_back_brings_no_nonce_to_life),
        cmocka_unit_test(test_an_endless_nonce_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
