/* ticker: rounds come at once and again, and closing ends them. */
#include "../test.h"

#include "base/ticker.h"

#include <stdatomic.h>
#include <time.h>

enum { HOUR_MS = 3600000 };

static unsigned count(void *ctx)
{
    atomic_fetch_add((atomic_int *)ctx, 1);
    return 1;
}

static unsigned count_hourly(void *ctx)
{
    atomic_fetch_add((atomic_int *)ctx, 1);
    return HOUR_MS;
}

static void rest(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

static void rounds_come_again_until_it_is_closed(void **state)
{
    atomic_int n = 0;
    struct ll_ticker *t;
    struct ll_err err;

    (void)state;
    assert_ok(ll_ticker_open(count, &n, &t, &err));
    while (atomic_load(&n) < 3)
        rest();
    assert_null(ll_ticker_close(t));
    int seen = atomic_load(&n);
    for (int i = 0; i < 20; i++)
        rest();
    assert_int_equal(atomic_load(&n), seen);
}

static void closing_does_not_wait_for_the_next_round(void **state)
{
    atomic_int n = 0;
    struct ll_ticker *t;
    struct ll_err err;

    (void)state;
    assert_ok(ll_ticker_open(count_hourly, &n, &t, &err));
    while (atomic_load(&n) < 1) /* the first one comes at once */
        rest();
    assert_null(ll_ticker_close(t));
    assert_int_equal(atomic_load(&n), 1);
    assert_null(ll_ticker_close(NULL));
}

static void the_first_round_waits_where_it_is_asked_to(void **state)
{
    atomic_int n = 0;
    struct ll_ticker *t;
    struct ll_err err;

    (void)state;
    assert_ok(ll_ticker_open_in(HOUR_MS, count_hourly, &n, &t, &err));
    for (int i = 0; i < 20; i++)
        rest();
    assert_int_equal(atomic_load(&n), 0);
    ll_ticker_wake(t);
    while (atomic_load(&n) < 1)
        rest();
    assert_null(ll_ticker_close(t));
}

static void waking_brings_the_next_round(void **state)
{
    atomic_int n = 0;
    struct ll_ticker *t;
    struct ll_err err;

    (void)state;
    assert_ok(ll_ticker_open(count_hourly, &n, &t, &err));
    for (int i = 1; i <= 3; i++) {
        while (atomic_load(&n) < i)
            rest();
        ll_ticker_wake(t);
    }
    assert_null(ll_ticker_close(t));
    ll_ticker_wake(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounds_come_again_until_it_is_closed),
        cmocka_unit_test(the_first_round_waits_where_it_is_asked_to),
        cmocka_unit_test(waking_brings_the_next_round),
        cmocka_unit_test(closing_does_not_wait_for_the_next_round),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
