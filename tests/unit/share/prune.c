/* prune.c - what subscriptions no longer need goes by its age and is counted (share/webhook.h, promise 6); and how long who is slowed down waits
 * (share/throttle.h). */
#include "desk.h"

#include "base/clock.h"
#include "catalog/tbl/pack_columns.h"
#include "share/throttle.h"
#include "share/watch.h"
#include "share/webhook.h"

#include <time.h>

enum { OLD = 1000, NEW = 9000, BEFORE = 5000 };

static struct desk d;
static struct ll_err err;

static int set_up(void **state)
{
    (void)state;
    desk_open(&d);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_close(&d);
    return 0;
}

static int64_t number(const char *sql)
{
    return desk_ask(&d, sql);
}

static int64_t prune(void)
{
    int64_t n = -1;

    assert_ok(ll_webhook_prune(d.st, BEFORE, &n, &err));
    return n;
}

static void subscribe(const char *id, const char *state, int64_t cursor)
{
    struct ll_txn *tx = NULL;

    assert_ok(ll_txn_begin(d.st, true, &tx, &err));
    assert_ok(ll_exec(
        tx, &err,
        "INSERT INTO subscription (id, organisation, url, kinds, state, challenge, cursor, created_at,"
        " changed_at) VALUES ($1, $2, 'https://bank.example.cn/', 'changes corrections', $3, 'x', $4, 1, 1)",
        "zzzi", id, "BANK", state, cursor));
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
}

static void event(const char *kind, const char *organisation, int64_t at)
{
    struct ll_txn *tx = NULL;

    assert_ok(ll_txn_begin(d.st, true, &tx, &err));
    assert_ok(ll_exec(
        tx, &err,
        "INSERT INTO outbox (kind, ref, resource, organisation, act, at) VALUES ($1, 1, 'tax_rating', $2,"
        " 'published', $3)",
        "zzi", kind, organisation, at));
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
}

static void test_old_events_go_and_new_ones_stay(void **state)
{
    (void)state;
    assert_int_equal(prune(), 0);
    event("changes", NULL, OLD);
    event("changes", NULL, OLD);
    event("changes", NULL, NEW);
    subscribe("Wdone", "active", 2);
    assert_int_equal(prune(), 2);
    assert_int_equal(number("SELECT count(*) FROM outbox"), 1);
    assert_int_equal(number("SELECT n FROM outbox_pruned"), 2);
    assert_int_equal(number("SELECT missed FROM subscription"), 0);
    assert_int_equal(prune(), 0);
    event("changes", NULL, NEW);
    assert_int_equal(number("SELECT max(seq) FROM outbox"), 4); /* numbers are not given twice */
}

static void test_who_was_not_sent_an_event_is_told_how_many_went(void **state)
{
    struct ll_grant g = desk_grant("tax_rating");
    struct ll_webhook w;
    struct ll_txn *tx = NULL;
    (void)state;

    event("changes", NULL, OLD);       /* of a resource without a grant yet */
    event("corrections", "BANK", OLD); /* for it */
    event("corrections", "POST", OLD); /* for another */
    subscribe("Wpaused", "paused", 0);
    subscribe("Wended", "ended", 0);
    assert_int_equal(prune(), 3);
    assert_int_equal(number("SELECT missed FROM subscription WHERE id = 'Wpaused'"), 1);
    assert_int_equal(number("SELECT missed FROM subscription WHERE id = 'Wended'"), 0);

    g.modes = LL_USE_QUERY | LL_USE_SUBSCRIBE;
    desk_add_grant(&d, &g, NULL);
    event("changes", NULL, OLD);
    assert_int_equal(prune(), 1);
    assert_ok(ll_txn_begin(d.st, false, &tx, &err));
    assert_ok(ll_webhook_get(tx, "Wpaused", d.arena, &w, &err));
    ll_txn_end(tx);
    assert_int_equal(w.missed, 2);
    assert_int_equal(w.cursor, 4); /* it goes on behind them */
}

static void test_an_event_stays_as_long_as_its_dead_letter(void **state)
{
    (void)state;
    event("changes", NULL, OLD);
    event("changes", NULL, OLD);
    subscribe("Wbroken", "active", 2);
    desk_run(
        &d,
        "INSERT INTO dead_letter (subscription, event, at, attempts, again, next_at) VALUES ('Wbroken', 1, 9000, 3, 0, 0)");
    assert_int_equal(prune(), 1);
    assert_int_equal(number("SELECT seq FROM outbox"), 1);
    assert_int_equal(prune(), 0);
    desk_run(&d, "UPDATE dead_letter SET at = 2000");
    assert_int_equal(prune(), 1);
    assert_int_equal(number("SELECT count(*) FROM outbox"), 0);
    assert_int_equal(number("SELECT count(*) FROM dead_letter"), 0);
    assert_int_equal(number("SELECT dead_pruned FROM subscription"), 1);
    assert_int_equal(number("SELECT n FROM outbox_pruned"), 2);
}

/* Two old events, of which the journal has the page of one, and a new one. */
static void test_events_of_watched_subjects_go_once_the_journal_has_their_page(void **state)
{
    int64_t n = -1;
    (void)state;

    desk_run(
        &d,
        "INSERT INTO watch_page (act, organisation, records, subjects, at, journal) VALUES ('raised', 'BANK', 1, '[]', 1000, 7)");
    desk_run(
        &d,
        "INSERT INTO watch_page (act, organisation, records, subjects, at, journal) VALUES ('raised', 'BANK', 1, '[]', 1000, NULL)");
    desk_run(
        &d,
        "INSERT INTO watch_event (page, organisation, act, level, at) VALUES (1, 'BANK', 'new', 3, 1000), (2, 'BANK', 'new', 3, 1000),"
        " (1, 'BANK', 'new', 3, 9000)");
    assert_ok(ll_watch_prune(d.st, BEFORE, &n, &err));
    assert_int_equal(n, 1);
    desk_run(&d, "UPDATE watch_page SET first = 2, journal = 8 WHERE seq = 2");
    assert_ok(ll_watch_prune(d.st, BEFORE, &n, &err));
    assert_int_equal(n, 1);
    assert_ok(ll_watch_prune(d.st, BEFORE, &n, &err));
    assert_int_equal(n, 0);
    assert_int_equal(number("SELECT count(*) FROM watch_event"), 1);
    assert_int_equal(number("SELECT count(*) FROM watch_page"), 2); /* evidence stays */
    assert_int_equal(number("SELECT n FROM watch_pruned"), 2);
    assert_int_equal(number("SELECT upto FROM watch_pruned"), 2);
}

/* Every act is a word that packs may use, and no other. */
static void test_the_words_of_rules_are_those_of_events(void **state)
{
    struct ll_buf words = LL_BUF_INIT(1024);
    (void)state;

    ll_buf_z(&words, "any");
    for (unsigned a = 0; a < LL_WATCH_ACT_COUNT; a++)
        ll_buf_printf(&words, "|%s", ll_watch_act_word((enum ll_watch_act)a));
    ll_buf_c(&words, 0);
    assert_string_equal(words.p, LL_WARNING_EVENT_WORDS);
    ll_buf_free(&words);
}

static void sleep_ms(uint64_t ms)
{
    const struct timespec t = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};

    nanosleep(&t, NULL);
}

static void test_whoever_waits_as_long_as_it_was_told_is_served_however_much_it_asks(void **state)
{
    const struct ll_rate rate = {.per_1000_s = 1000000, .burst = 10}; /* a thousand a second, ten at once */
    struct ll_throttle *t = NULL;
    uint64_t wait;
    (void)state;

    assert_ok(ll_throttle_new(64, &t, &err));
    assert_int_equal(ll_throttle_take_all(t, LL_STR("bank"), rate, 200),
                     0); /* nothing is owed: given, and owed now */
    wait = ll_throttle_take_all(t, LL_STR("bank"), rate, 200);
    assert_in_range(wait, 150, 202);
    assert_in_range(ll_throttle_take_all(t, LL_STR("bank"), rate, 1), 100, 202); /* a refusal takes nothing */
    assert_int_equal(ll_throttle_take_all(t, LL_STR("other"), rate, 200), 0);
    sleep_ms(wait);
    assert_int_equal(ll_throttle_take_all(t, LL_STR("bank"), rate, 200), 0);
    ll_throttle_free(t);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(test_old_events_go_and_new_ones_stay),
        T(test_who_was_not_sent_an_event_is_told_how_many_went),
        T(test_an_event_stays_as_long_as_its_dead_letter),
        T(test_events_of_watched_subjects_go_once_the_journal_has_their_page),
        T(test_the_words_of_rules_are_those_of_events),
        T(test_whoever_waits_as_long_as_it_was_told_is_served_however_much_it_asks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
