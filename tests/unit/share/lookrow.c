/* lookrow.c - looks that lie in runs are the chain that one by one they would be, wherever it is cut; and who got something is found in them. */
#include "desk.h"

#include "crypto/base64.h"
#include "share/lookrow.h"

#include <string.h>

enum { LOOKS = 40, RUN = 7 };
static const char subject[] = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

static struct desk d;
static struct ll_err err;
static struct ll_txn *tx;
static struct ll_look_head heads[LOOKS + 1]; /* after so many looks, one by one */

static int64_t entry_of(size_t i)
{
    return (int64_t)(10 + 3 * i);
}

static void write_entry(size_t i)
{
    struct ll_look_entry e = {.entry = entry_of(i), .at = (int64_t)(1000 + i)};

    memset(e.link.b, (int)i + 1, sizeof e.link.b);
    if (i % 2) {
        e.resource = i % 4 == 1 ? "land" : "loan";
        e.organisation = i % 3 ? "B1" : "B2";
        e.grant = "G-1";
    }
    assert_ok(ll_look_entry_write(tx, &e, &err));
    heads[i + 1] = heads[i];
    ll_look_add(&heads[i + 1], &e.link);
}

static void write_run(size_t from, size_t n)
{
    struct ll_buf run = LL_BUF_INIT(4096);

    for (size_t i = from; i < from + n; i++)
        ll_look_run_add(&run, entry_of(i), i % 5 != 0);
    assert_ok(ll_look_run_write(tx, subject, entry_of(from), entry_of(from + n - 1), &heads[from + n],
                                ll_buf_view(&run), &err));
    ll_buf_free(&run);
}

static int set_up(void **state)
{
    (void)state;
    desk_open(&d);
    assert_ok(ll_txn_begin(d.st, true, &tx, &err));
    assert_true(ll_look_subject(ll_str(subject), heads[0].subject));
    ll_look_start(&heads[0]);
    for (size_t i = 0; i < LOOKS; i++)
        write_entry(i);
    for (size_t i = 0; i < LOOKS; i += RUN)
        write_run(i, LOOKS - i < RUN ? LOOKS - i : RUN);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ll_txn_end(tx);
    desk_close(&d);
    return 0;
}

static void a_chain_in_runs_is_the_chain_wherever_it_is_cut(void **state)
{
    struct ll_look_head at;

    (void)state;
    assert_ok(ll_look_chain_end(tx, subject, &at, &err));
    assert_memory_equal(&at, &heads[LOOKS], sizeof at);
    for (size_t n = 0; n <= LOOKS; n++) {
        assert_ok(ll_look_chain_at(tx, subject, INT64_MAX, n, &at, &err));
        assert_memory_equal(&at, &heads[n], sizeof at);
        assert_ok(ll_look_chain_at(tx, subject, entry_of(n), UINT64_MAX, &at, &err));
        assert_memory_equal(&at, &heads[n], sizeof at);
    }
}

struct links {
    size_t next, n;
};

static int take(void *ctx, int64_t entry, struct ll_str link, struct ll_err *e)
{
    struct links *l = ctx;
    struct ll_node node, want;

    (void)e;
    assert_int_equal(entry, entry_of(l->next));
    assert_true(ll_base64_exact(link, LL_BASE64_URL, node.b, sizeof node.b));
    memset(want.b, (int)l->next + 1, sizeof want.b);
    assert_memory_equal(&node, &want, sizeof node);
    l->next++;
    l->n++;
    return LL_OK;
}

static void links_go_on_after_any_look(void **state)
{
    (void)state;
    for (size_t after = 0; after <= LOOKS; after++)
        for (size_t limit = 1; limit <= LOOKS; limit += 6) {
            size_t cut = LOOKS - 3, all = after < cut ? cut - after : 0;
            struct links l = {.next = after};
            assert_ok(ll_look_links(tx, subject, after, entry_of(cut), limit, take, &l, &err));
            assert_int_equal(l.n, all < limit ? all : limit);
        }
}

static void who_got_something_of_a_resource_is_told_with_the_newest_entry_that_gave_it(void **state)
{
    struct ll_recipients to = {.arena = ll_arena_new(0)};
    struct ll_buf run = LL_BUF_INIT(4096);
    int64_t newest[2] = {-1, -1};

    (void)state;
    for (size_t i = 0; i < LOOKS; i++) {
        ll_look_run_add(&run, entry_of(i), i % 5 != 0);
        if (i % 4 == 1 && i % 5 != 0)
            newest[i % 3 == 0] = entry_of(i);
    }
    assert_ok(ll_recipients_add(&to, tx, "land", ll_buf_view(&run), &err));
    assert_int_equal(to.n, 2);
    for (size_t i = 0; i < to.n; i++)
        assert_int_equal(to.list[i].entry, newest[strcmp(to.list[i].organisation, "B2") == 0]);
    ll_buf_free(&run);
    ll_arena_free(to.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_in_runs_is_the_chain_wherever_it_is_cut),
        cmocka_unit_test(links_go_on_after_any_look),
        cmocka_unit_test(who_got_something_of_a_resource_is_told_with_the_newest_entry_that_gave_it),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
