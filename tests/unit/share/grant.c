/* Grants (share/grant.h, share/grants.h): what they say, what they cover, and that a change is seen by the next call. */
#include "desk.h"

#include "base/clock.h"
#include "share/licence.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* --- texts ---------------------------------------------------------------------------------------------------------- */

static void test_networks_are_read_written_and_compared(void **state)
{
    static const struct {
        const char *net, *in, *out;
    } good[] = {
        {"10.1.0.0/16", "10.1.255.255", "10.2.0.0"},      {"192.168.7.9", "192.168.7.9", "192.168.7.8"},
        {"0.0.0.0/0", "1.2.3.4", "2001:db8::1"},          {"10.0.0.128/25", "10.0.0.200", "10.0.0.127"},
        {"2001:db8::/32", "2001:db8:1::5", "2001:db9::"}, {"::/0", "fe80::1", NULL},
    };
    static const char *const bad[] = {
        "",  "10.1.0.0/33",  "10.1.0.0/",   "10.1.0.1/16",   "300.1.1.1", "2001:db8::/129",
        "a", "10.0.0.0/8/9", "10.0.0.0/-1", "2001:db8::1/32"};
    struct ll_network net;
    unsigned char addr[16];
    (void)state;

    for (size_t i = 0; i < LL_COUNT(good); i++) {
        assert_ok(ll_network_parse(ll_str(good[i].net), &net, &err));
        assert_true(ll_address_parse(ll_str(good[i].in), addr));
        assert_true(ll_network_has(&net, addr));
        if (good[i].out) {
            assert_true(ll_address_parse(ll_str(good[i].out), addr));
            assert_false(ll_network_has(&net, addr));
        }
    }
    for (size_t i = 0; i < LL_COUNT(bad); i++)
        assert_int_equal(ll_network_parse(ll_str(bad[i]), &net, &err), LL_INVALID);
}

static void test_texts_come_back_as_they_were(void **state)
{
    struct ll_buf out = LL_BUF_INIT(1000);
    struct ll_grant_item *items;
    struct ll_network *nets;
    unsigned modes;
    size_t n;
    (void)state;

    assert_ok(ll_grant_items_parse(LL_STR("uscc =phone level"), d.arena, &items, &n, &err));
    assert_int_equal(n, 3);
    assert_true(items[1].plain && !items[0].plain);
    ll_grant_items_text(items, n, &out);
    assert_str(ll_buf_view(&out), "uscc =phone level");
    ll_buf_clear(&out);
    assert_ok(ll_networks_parse(LL_STR("10.0.0.0/8, 2001:db8::/32 192.0.2.1"), d.arena, &nets, &n, &err));
    ll_networks_text(nets, n, &out);
    assert_str(ll_buf_view(&out), "10.0.0.0/8 2001:db8::/32 192.0.2.1/32");
    ll_buf_clear(&out);
    assert_ok(ll_use_modes_parse(LL_STR("verify,query"), &modes, &err));
    ll_use_modes_text(modes, &out);
    assert_str(ll_buf_view(&out), "query verify");
    assert_int_equal(ll_use_modes_parse(LL_STR("query steal"), &modes, &err), LL_USAGE);
    ll_buf_free(&out);
}

/* --- conditions ----------------------------------------------------------------------------------------------------- */

static void test_each_condition_is_told_apart(void **state)
{
    struct ll_grant g = desk_grant("tax_rating");
    struct ll_str items[] = {LL_STR("uscc"), LL_STR("score")}, item;
    unsigned char addr[16];
    struct ll_network net;
    struct ll_grant_use use = {.now = ll_now_ms(), .mode = LL_USE_QUERY, .items = items, .n_items = 1};
    (void)state;

    g.id = "G-1";
    assert_int_equal(ll_grant_covers(&g, &use, NULL), LL_GRANT_COVERS);
    use.n_items = 2;
    assert_int_equal(ll_grant_covers(&g, &use, &item), LL_GRANT_ITEM);
    assert_int_equal(ll_grant_refuse(LL_GRANT_ITEM, &g, item, &err), LL_DENIED);
    assert_string_equal(err.en, "grant G-1 does not have item score");
    use.n_items = 1;

    assert_ok(ll_network_parse(LL_STR("10.0.0.0/8"), &net, &err));
    g.networks = &net;
    g.n_networks = 1;
    assert_int_equal(ll_grant_covers(&g, &use, NULL), LL_GRANT_NETWORK); /* not known is not allowed */
    assert_true(ll_address_parse(LL_STR("10.9.8.7"), addr));
    use.addr = addr;
    assert_int_equal(ll_grant_covers(&g, &use, NULL), LL_GRANT_COVERS);
    use.purpose = LL_STR("营销");
    assert_int_equal(ll_grant_covers(&g, &use, NULL), LL_GRANT_PURPOSE);
    use.purpose = LL_STR("贷前调查");
    use.mode = LL_USE_EXPORT;
    assert_int_equal(ll_grant_covers(&g, &use, NULL), LL_GRANT_MODE);
    use.mode = LL_USE_VERIFY;
    use.now = g.from_at - 1;
    assert_int_equal(ll_grant_covers(&g, &use, NULL), LL_GRANT_NOT_YET);
    use.now = g.until_at;
    assert_int_equal(ll_grant_covers(&g, &use, NULL), LL_GRANT_ENDED); /* even before the sweep marks it */
    use.now = g.from_at;
    g.state = LL_STATE_SUSPENDED;
    assert_int_equal(ll_grant_covers(&g, &use, NULL), LL_GRANT_SUSPENDED);
    g.state = LL_STATE_REVOKED;
    assert_int_equal(ll_grant_covers(&g, &use, NULL), LL_GRANT_REVOKED);
}

/* --- rows ----------------------------------------------------------------------------------------------------------- */

static void test_a_grant_is_stored_whole_and_never_deleted(void **state)
{
    struct ll_grant g = desk_grant("tax_rating"), back;
    char id[LL_FLOW_ID_TEXT];
    struct ll_txn *tx = NULL;
    (void)state;

    g.per_day = 5000;
    g.consent = true;
    desk_add_grant(&d, &g, id);
    assert_ok(ll_txn_begin(d.st, true, &tx, &err));
    assert_ok(ll_grant_get(tx, id, d.arena, &back, &err));
    assert_int_equal(back.n_items, 3);
    assert_true(back.items[2].plain && back.consent && back.per_day == 5000 && back.total == 0);
    assert_int_equal(back.state, LL_STATE_ACTIVE);
    assert_int_equal(back.modes, LL_USE_QUERY | LL_USE_VERIFY);
    assert_true(ll_exec(tx, &err, "DELETE FROM access_grant", "") < 0);
    ll_txn_end(tx);

    assert_ok(ll_txn_begin(d.st, true, &tx, &err));
    g.until_at = g.from_at;
    assert_int_equal(ll_grant_create(tx, &g, &tax_approver, NULL, &err), LL_INVALID);
    g = desk_grant("tax_rating");
    g.n_items = 0;
    assert_int_equal(ll_grant_create(tx, &g, &tax_approver, NULL, &err), LL_INVALID);
    ll_txn_end(tx);
}

static void test_who_may_suspend_resume_and_revoke(void **state)
{
    struct ll_grant g = desk_grant("tax_rating");
    char id[LL_FLOW_ID_TEXT];
    (void)state;

    desk_add_grant(&d, &g, id);
    assert_int_equal(desk_grant_act(d.st, id, "suspend", &bank_steward, &err), LL_DENIED);
    assert_int_equal(desk_grant_act(d.st, id, "suspend", &other_approver, &err), LL_DENIED);
    assert_int_equal(desk_grant_act(d.st, id, "resume", &tax_approver, &err), LL_CONFLICT);
    assert_int_equal(desk_grant_act(d.st, id, "destroy", &tax_approver, &err), LL_USAGE);
    assert_int_equal(desk_grant_act(d.st, "G-0", "suspend", &tax_approver, &err), LL_NOTFOUND);
    assert_ok(desk_grant_act(d.st, id, "suspend", &security, &err));
    assert_ok(desk_grant_act(d.st, id, "resume", &tax_approver, &err));
    assert_ok(desk_grant_act(d.st, id, "revoke", &hub_operator, &err));
    assert_int_equal(desk_grant_act(d.st, id, "resume", &tax_approver, &err), LL_CONFLICT);
    assert_int_equal(desk_ask(&d, "SELECT count(*) FROM flow_event WHERE flow = 'grant'"), 4);
}

static void test_the_end_of_a_period_is_marked(void **state)
{
    struct ll_grant g = desk_grant("tax_rating"), back;
    char ended[LL_FLOW_ID_TEXT], running[LL_FLOW_ID_TEXT];
    const struct ll_flow_act renew = {.action = "renew", .actor = &tax_approver};
    struct ll_txn *tx = NULL;
    size_t n;
    (void)state;

    desk_add_grant(&d, &g, running);
    g.until_at = ll_now_ms() - 1;
    g.from_at = g.until_at - DAY_MS;
    desk_add_grant(&d, &g, ended);
    assert_ok(ll_txn_begin(d.st, true, &tx, &err));
    assert_ok(ll_grant_expire(tx, ll_now_ms(), &n, &err));
    assert_int_equal(n, 1);
    assert_ok(ll_grant_get(tx, ended, d.arena, &back, &err));
    assert_int_equal(back.state, LL_STATE_EXPIRED);
    assert_int_equal(ll_grant_act(tx, ended, &renew, ll_now_ms() - 5, &err), LL_INVALID);
    assert_ok(ll_grant_act(tx, ended, &renew, ll_now_ms() + DAY_MS, &err));
    assert_ok(ll_grant_get(tx, ended, d.arena, &back, &err));
    assert_int_equal(back.state, LL_STATE_ACTIVE);
    ll_txn_end(tx);
}

/* --- the snapshot ---------------------------------------------------------------------------------------------------- */

static const struct ll_grant *seen(struct ll_grants_live *live, struct ll_grants **gs, const char *id)
{
    assert_ok(ll_grants_current(live, gs, &err));
    return ll_grants_by_id(*gs, ll_str(id));
}

static void test_every_change_is_seen_by_the_next_call(void **state)
{
    struct ll_grant g = desk_grant("tax_rating");
    struct ll_store *elsewhere = desk_store(&d);
    struct ll_grants_live *live = NULL;
    struct ll_grants *before, *after;
    char first[LL_FLOW_ID_TEXT], id[LL_FLOW_ID_TEXT];
    size_t n;
    (void)state;

    desk_add_grant(&d, &g, first);
    assert_ok(ll_grants_open(d.st, &live, &err));
    desk_add_grant(&d, &g, id);
    const struct ll_grant *active = seen(live, &before, id), *kept = ll_grants_by_id(before, ll_str(first));
    assert_non_null(active);
    for (int round = 0; round < 20; round++) {
        assert_ok(desk_grant_act(elsewhere, id, "suspend", &security, &err));
        assert_int_equal(seen(live, &after, id)->state, LL_STATE_SUSPENDED);
        ll_grants_unref(after);
        assert_ok(desk_grant_act(d.st, id, "resume", &security, &err));
        assert_int_equal(seen(live, &after, id)->state, LL_STATE_ACTIVE);
        ll_grants_unref(after);
    }
    assert_ok(desk_grant_act(elsewhere, id, "revoke", &security, &err));
    assert_int_equal(seen(live, &after, id)->state, LL_STATE_REVOKED);
    assert_int_equal(active->state, LL_STATE_ACTIVE);              /* a snapshot never changes */
    assert_ptr_equal(ll_grants_by_id(after, ll_str(first)), kept); /* what did not change is not read again */
    assert_int_equal(ll_grants_count(after), 2);
    assert_int_equal(ll_grants_of(after, LL_STR("BANK"), LL_STR("tax_rating"), &n)[0]->state,
                     LL_STATE_REVOKED);
    assert_int_equal(n, 2);
    assert_null(ll_grants_of(after, LL_STR("BANK"), LL_STR("tax_arrears"), &n));
    assert_int_equal(n, 0);
    ll_grants_unref(after);
    ll_grants_unref(before);
    ll_grants_close(live);
    ll_store_close(elsewhere);
}

/* Terms of a bought resource (share/licence.h): stated, they hold for the grants that are in memory, and narrow them. */
static void test_a_licence_narrows_every_grant_of_its_resource(void **state)
{
    struct ll_grant g = desk_grant("tax_rating");
    struct ll_licence l = {.resource = "tax_rating",
                           .supplier = "vendor",
                           .scenarios = "",
                           .redistribution = "forbidden",
                           .modes = LL_USE_QUERY,
                           .from_at = ll_now_ms() - DAY_MS,
                           .until_at = ll_now_ms() + DAY_MS};
    struct ll_grant_use use = {.now = ll_now_ms(), .mode = LL_USE_QUERY};
    struct ll_grants_live *live = NULL;
    struct ll_grants *gs;
    struct ll_txn *tx = NULL;
    char id[LL_FLOW_ID_TEXT];
    (void)state;

    g.n_networks = 0;
    desk_add_grant(&d, &g, id);
    assert_ok(ll_grants_open(d.st, &live, &err));
    assert_int_equal(ll_grant_covers(seen(live, &gs, id), &use, NULL), LL_GRANT_COVERS);
    ll_grants_unref(gs);
    assert_ok(ll_txn_begin(d.st, true, &tx, &err));
    assert_ok(ll_exec(
        tx, &err,
        "INSERT INTO licence (resource, supplier, modes, scenarios, redistribution, from_at, until_at, call_fen,"
        " month_fen, budget_fen, made_at, made_day) VALUES ('tax_rating', 'vendor', 'verify', 'x|y', 'forbidden', $1,"
        " $2, 1, 1, 0, 0, 0)",
        "ii", l.from_at, l.until_at));
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
    const struct ll_grant *now = seen(live, &gs, id);
    assert_true(now->licensed);
    assert_int_equal(ll_grant_covers(now, &use, NULL), LL_GRANT_LICENCE_USE);
    use.mode = LL_USE_VERIFY;
    assert_int_equal(ll_grant_covers(now, &use, NULL), LL_GRANT_LICENCE_USE); /* not its scenario */
    use.now = l.until_at;
    assert_int_equal(ll_grant_covers(now, &use, NULL), LL_GRANT_LICENCE_OVER);
    assert_false(ll_grant_in_force(now, l.until_at));
    assert_true(ll_licence_for("x|y", "y") && !ll_licence_for("x|y", NULL) && ll_licence_for("", NULL));
    assert_string_equal(ll_licence_state(&l, l.until_at), "ended");
    ll_grants_unref(gs);
    ll_grants_close(live);
}

static void test_another_process_revokes(void **state)
{
    struct ll_grant g = desk_grant("tax_rating");
    struct ll_grants_live *live = NULL;
    struct ll_grants *gs;
    char id[LL_FLOW_ID_TEXT];
    int status;
    (void)state;

    desk_add_grant(&d, &g, id);
    d.st = ll_store_close(d.st); /* a connection must not cross a fork */
    int tell[2];
    assert_int_equal(pipe(tell), 0);
    pid_t child = fork();
    if (child == 0) {
        struct ll_err e;
        char go;
        struct ll_store_opts o = LL_STORE_OPTS_INIT;
        struct ll_store *st = NULL;
        o.path = d.path;
        if (read(tell[0], &go, 1) != 1 || ll_store_open(&st, &o, &e) < 0)
            _exit(2);
        int rc = desk_grant_act(st, id, "revoke", &security, &e);
        ll_store_close(st);
        _exit(rc < 0);
    }
    d.st = desk_store(&d);
    assert_ok(ll_grants_open(d.st, &live, &err));
    assert_int_equal(seen(live, &gs, id)->state, LL_STATE_ACTIVE);
    ll_grants_unref(gs);
    assert_int_equal(write(tell[1], "g", 1), 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(seen(live, &gs, id)->state, LL_STATE_REVOKED);
    ll_grants_unref(gs);
    ll_grants_close(live);
    close(tell[0]);
    close(tell[1]);
}

static struct race {
    struct ll_grants_live *live;
    char id[LL_FLOW_ID_TEXT];
    atomic_uint turn; /* odd: it is known to be suspended; even: known to be active, or being changed */
    atomic_bool end, wrong;
} race;

static void *reader(void *ctx)
{
    struct ll_grants *gs;
    struct ll_err e;

    (void)ctx;
    while (!atomic_load(&race.end)) {
        unsigned turn = atomic_load(&race.turn);
        if (ll_grants_current(race.live, &gs, &e) < 0) {
            atomic_store(&race.wrong, true);
            break;
        }
        const struct ll_grant *g = ll_grants_by_id(gs, ll_str(race.id));
        if (atomic_load(&race.turn) == turn && turn % 2 && g->state != LL_STATE_SUSPENDED)
            atomic_store(&race.wrong, true);
        ll_grants_unref(gs);
    }
    return NULL;
}

static void test_threads_never_see_a_grant_that_was_taken_back(void **state)
{
    struct ll_grant g = desk_grant("tax_rating");
    pthread_t threads[3];
    (void)state;

    memset(&race, 0, sizeof race);
    desk_add_grant(&d, &g, race.id);
    assert_ok(ll_grants_open(d.st, &race.live, &err));
    for (size_t i = 0; i < LL_COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, reader, NULL), 0);
    for (int i = 0; i < 100; i++) {
        assert_ok(desk_grant_act(d.st, race.id, "suspend", &security, &err));
        atomic_fetch_add(&race.turn, 1);
        usleep(200);
        atomic_fetch_add(&race.turn, 1);
        assert_ok(desk_grant_act(d.st, race.id, "resume", &security, &err));
    }
    atomic_store(&race.end, true);
    for (size_t i = 0; i < LL_COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    ll_grants_close(race.live);
    assert_false(atomic_load(&race.wrong));
}

/* --- how much it costs ------------------------------------------------------------------------------------------------ */

static void add_many(unsigned n)
{
    struct ll_txn *tx = NULL;
    char resource[32];

    assert_ok(ll_txn_begin(d.st, true, &tx, &err));
    for (unsigned i = 0; i < n; i++) {
        snprintf(resource, sizeof resource, "resource_%u", i % 1400);
        struct ll_grant g = desk_grant(resource);
        g.organisation = i % 3 ? "BANK" : "POST";
        assert_ok(ll_grant_create(tx, &g, &tax_approver, NULL, &err));
    }
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
}

enum { CALLS = 200000 };

/* Nanoseconds of one call's look-up: snapshot, pair, conditions. */
static double cost(struct ll_grants_live *live)
{
    struct ll_grant_use use = {.now = ll_now_ms(), .mode = LL_USE_QUERY};
    uint64_t best = UINT64_MAX;

    for (int round = 0; round < 5; round++) {
        uint64_t from = ll_mono_us();
        for (unsigned i = 0; i < CALLS; i++) {
            struct ll_grants *gs;
            size_t n;
            assert_ok(ll_grants_current(live, &gs, &err));
            const struct ll_grant *const *list = ll_grants_of(gs, LL_STR("BANK"), LL_STR("resource_1"), &n);
            assert_true(n > 0 && ll_grant_covers(list[0], &use, NULL) == LL_GRANT_COVERS);
            ll_grants_unref(gs);
        }
        uint64_t took = ll_mono_us() - from;
        best = took < best ? took : best;
    }
    return (double)best * 1000 / CALLS;
}

static void test_ten_thousand_grants_cost_a_call_no_more_than_ten(void **state)
{
    struct ll_grants_live *live = NULL;
    struct ll_grants *gs;
    char id[LL_FLOW_ID_TEXT];
    (void)state;

    add_many(10);
    assert_ok(ll_grants_open(d.st, &live, &err));
    double few = cost(live);
    ll_grants_close(live);
    add_many(9990);
    uint64_t from = ll_mono_us();
    assert_ok(ll_grants_open(d.st, &live, &err));
    uint64_t read = ll_mono_us() - from;
    double many = cost(live);
    struct ll_grant g = desk_grant("tax_rating");
    desk_add_grant(&d, &g, id);
    from = ll_mono_us();
    assert_ok(ll_grants_current(live, &gs, &err));
    uint64_t change = ll_mono_us() - from;
    assert_int_equal(ll_grants_count(gs), 10001);
    ll_grants_unref(gs);
    ll_grants_close(live);
    print_message(
        "a call's look-up: %.0f ns with 10 grants, %.0f ns with 10000; all read in %.1f ms, one change in %.1f ms\n",
        few, many, (double)read / 1000, (double)change / 1000);
    assert_true(many <
                few * 2 +
                    100); /* a loaded machine is no reason to fail; the measure is in docs/benchmarks.md */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_networks_are_read_written_and_compared, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_texts_come_back_as_they_were, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_each_condition_is_told_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_grant_is_stored_whole_and_never_deleted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_who_may_suspend_resume_and_revoke, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_end_of_a_period_is_marked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_change_is_seen_by_the_next_call, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_licence_narrows_every_grant_of_its_resource, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_another_process_revokes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_threads_never_see_a_grant_that_was_taken_back, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_ten_thousand_grants_cost_a_call_no_more_than_ten, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
