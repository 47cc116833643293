/* Decisions are events: what is linked is their fold, and undoing brings back exactly what was. */
#include "../../share/desk.h"

#include "apps/credit/link_store.h"

static const char definition[] =
    "{\"name\": \"firms\", \"mode\": \"dedupe\", \"fields\": [{\"name\": \"name\", \"clean\": \"company\"}, {\"name\": \"phone\"}],"
    " \"comparisons\": [{\"name\": \"name\", \"levels\": [{\"kind\": \"exact\", \"fields\": [\"name\"], \"tf\": true}]},"
    " {\"name\": \"phone\", \"levels\": [{\"kind\": \"exact\", \"fields\": [\"phone\"]}]}],"
    " \"blocking\": [{\"keys\": [\"name\"], \"train\": true}, {\"keys\": [\"phone\"], \"train\": true}]}";

struct fixture {
    struct desk desk;
    struct ll_link_trained model;
};

static void save_model(struct fixture *fx)
{
    struct ll_link_model *m;
    struct ll_link_params p;
    struct ll_txn *tx = NULL;
    struct ll_err err;
    int64_t version;

    assert_ok(ll_link_model_parse(LL_STR(definition), fx->desk.arena, &m, &err));
    ll_link_params_init(m, &p);
    assert_ok(ll_txn_begin(fx->desk.st, true, &tx, &err));
    assert_ok(
        ll_link_model_save(tx, m->name, LL_STR(definition), "{}", m, &p, &hub_operator, &version, &err));
    assert_int_equal(version, 1);
    assert_ok(ll_link_model_get(tx, "firms", 0, fx->desk.arena, &fx->model, &err));
    assert_true(fx->model.params.m[0][1] == p.m[0][1] && fx->model.params.lambda == p.lambda);
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
}

/* A run that saw the pairs r<i>-r<i+1>, of which those with a set bit matched and the others wait. */
static void run(struct fixture *fx, unsigned matched, size_t n)
{
    char id[LL_LINK_RUN_ID], a[32], b[32];
    struct ll_txn *tx = NULL;
    struct ll_err err;

    assert_ok(ll_txn_begin(fx->desk.st, true, &tx, &err));
    assert_ok(ll_link_run_begin(tx, &fx->model, 0.9, 0.5, &hub_operator, id, &err));
    for (size_t i = 0; i < n; i++) {
        snprintf(a, sizeof a, "f:r%zu", i);
        snprintf(b, sizeof b, "f:r%zu", i + 1);
        const struct ll_link_pair p = {.model = "firms",
                                       .a = a,
                                       .b = b,
                                       .weight = 3.25 - (double)i,
                                       .levels = "1,0",
                                       .adjustments = "0.5,0",
                                       .state = matched >> i & 1 ? "matched" : "review",
                                       .why = "weight"};
        assert_ok(ll_link_run_pair(tx, id, &p, &err));
    }
    assert_ok(ll_link_run_end(tx, id, "{}", &hub_operator, &err));
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
}

static int open_fixture(void **state)
{
    struct fixture *fx = calloc(1, sizeof *fx);

    desk_open(&fx->desk);
    save_model(fx);
    *state = fx;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *fx = *state;

    desk_close(&fx->desk);
    free(fx);
    return 0;
}

enum doing { ACCEPT, REJECT, SPLIT, UNDO };

/* Does it in a transaction of its own; the act, or a negative code. */
static int64_t act(struct fixture *fx, enum doing what, int64_t id, const char *reason)
{
    struct ll_txn *tx = NULL;
    struct ll_err err;
    char record[32];
    int64_t made = 0;
    int rc;

    assert_ok(ll_txn_begin(fx->desk.st, true, &tx, &err));
    snprintf(record, sizeof record, "f:r%d", (int)id);
    rc = what == SPLIT  ? ll_link_split(tx, "firms", record, reason, &hub_operator, &made, &err)
         : what == UNDO ? ll_link_undo(tx, id, reason, &hub_operator, &made, &err)
                        : ll_link_decide(tx, id, what == ACCEPT, reason, &hub_operator, &made, &err);
    if (rc == LL_OK)
        assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
    return rc < 0 ? rc : made;
}

static size_t cluster(struct fixture *fx, const char *record)
{
    struct ll_txn *tx = NULL;
    const char **list;
    struct ll_err err;
    size_t n;

    assert_ok(ll_txn_begin(fx->desk.st, false, &tx, &err));
    assert_ok(ll_link_cluster(tx, "firms", record, fx->desk.arena, &list, &n, &err));
    ll_txn_end(tx);
    return n;
}

/* Pairs whose last event does not say what link_edge says. */
#define STRAY                                                                                                \
    "SELECT count(*) FROM link_event e JOIN link_edge g ON g.model = e.model AND g.a = e.a AND g.b = e.b"    \
    " WHERE e.seq = (SELECT max(seq) FROM link_event l WHERE l.model = e.model AND l.a = e.a AND l.b = e.b)" \
    " AND (g.linked <> e.linked OR g.person <> e.person OR g.act <> e.act)"

static void a_decision_links_and_undoing_takes_it_back(void **state)
{
    struct fixture *fx = *state;

    run(fx, 1, 3);
    assert_int_equal(cluster(fx, "f:r0"), 2);
    assert_int_equal(act(fx, ACCEPT, 2, ""), LL_INVALID);
    int64_t accepted = act(fx, ACCEPT, 2, "营业执照一致");
    assert_true(accepted > 0);
    assert_int_equal(act(fx, ACCEPT, 2, "again"), LL_CONFLICT);
    assert_int_equal(cluster(fx, "f:r0"), 3);
    int64_t undone = act(fx, UNDO, accepted, "看错了");
    assert_int_equal(cluster(fx, "f:r0"), 2);
    assert_int_equal(act(fx, UNDO, accepted, "twice"), LL_CONFLICT);
    assert_true(act(fx, UNDO, undone, "其实没错") > 0); /* an undoing can be undone */
    assert_int_equal(cluster(fx, "f:r0"), 3);
    assert_int_equal(desk_ask(&fx->desk, STRAY), 0);
}

static void a_later_act_must_be_undone_first(void **state)
{
    struct fixture *fx = *state;

    run(fx, 7, 3);
    int64_t rejected = act(fx, REJECT, 1, "两家企业");
    int64_t accepted = act(fx, ACCEPT, 1, "同一家");
    assert_int_equal(act(fx, UNDO, rejected, "reason"), LL_CONFLICT);
    assert_true(act(fx, UNDO, accepted, "reason") > 0);
    assert_int_equal(act(fx, UNDO, 999, "reason"), LL_NOTFOUND);
}

static void a_split_takes_a_record_out_and_holds(void **state)
{
    struct fixture *fx = *state;

    run(fx, 7, 3);
    assert_int_equal(cluster(fx, "f:r3"), 4);
    int64_t split = act(fx, SPLIT, 1, "注册地址不同");
    assert_int_equal(cluster(fx, "f:r1"), 1);
    assert_int_equal(cluster(fx, "f:r2"), 2);
    run(fx, 7, 3); /* the next run thinks again that they are one */
    assert_int_equal(cluster(fx, "f:r1"), 1);
    assert_true(act(fx, UNDO, split, "地址已更正") > 0);
    assert_int_equal(cluster(fx, "f:r0"), 4);
    assert_int_equal(act(fx, SPLIT, 77, "nobody"), LL_NOTFOUND);
}

static void a_run_takes_back_what_it_no_longer_finds(void **state)
{
    struct fixture *fx = *state;

    run(fx, 7, 3);
    run(fx, 4, 3);
    assert_int_equal(cluster(fx, "f:r0"), 1);
    assert_int_equal(cluster(fx, "f:r3"), 2);
    assert_int_equal(desk_ask(&fx->desk, STRAY), 0);
}

/* Whatever was done, undoing it in the opposite order leaves the links as they were. */
static void everything_can_be_undone(void **state)
{
    enum { PAIRS = 8, ACTS = 25 };
    static const char links[] =
        "SELECT coalesce(sum(linked * (1 << (CAST(substr(a, 4) AS INTEGER) * 2)) + person * (2 << (CAST(substr(a, 4)"
        " AS INTEGER) * 2))), 0) FROM link_edge";
    struct fixture *fx = *state;
    uint32_t seed = 3;

    run(fx, 0x5a, PAIRS);
    for (int round = 0; round < 8; round++) {
        int64_t before = desk_ask(&fx->desk, links), done[ACTS];
        int64_t states = desk_ask(&fx->desk,
                                  "SELECT sum(id * length(state) * unicode(state)) FROM link_pair");
        size_t n = 0;
        for (int i = 0; i < ACTS; i++) {
            seed = seed * 1664525u + 1013904223u;
            int64_t made = act(fx, seed >> 10 & 3 ? (seed >> 12 & 1 ? ACCEPT : REJECT) : SPLIT,
                               1 + (int64_t)(seed >> 16) % PAIRS, "reason");
            if (made > 0)
                done[n++] = made;
        }
        assert_true(n > 3);
        assert_int_equal(desk_ask(&fx->desk, STRAY), 0);
        while (n > 0)
            assert_true(act(fx, UNDO, done[--n], "reason") > 0);
        assert_int_equal(desk_ask(&fx->desk, links), before);
        assert_int_equal(
            desk_ask(&fx->desk, "SELECT sum(id * length(state) * unicode(state)) FROM link_pair"), states);
        assert_int_equal(desk_ask(&fx->desk, STRAY), 0);
    }
}

static void events_are_never_changed(void **state)
{
    struct fixture *fx = *state;
    struct ll_txn *tx = NULL;
    struct ll_err err;

    run(fx, 7, 3);
    assert_ok(ll_txn_begin(fx->desk.st, true, &tx, &err));
    assert_true(ll_exec(tx, &err, "UPDATE link_event SET linked = 0", "") < 0);
    assert_true(ll_exec(tx, &err, "DELETE FROM link_event", "") < 0);
    ll_txn_end(tx);
}

/* Each names what is wrong. */
static void a_model_that_cannot_work_is_refused(void **state)
{
    static const char *const cases[][2] = {
        {"{\"name\": \"x\"}", "mode"},
        {"{\"name\": \"x\", \"mode\": \"join\", \"fields\": [{\"name\": \"a\"}]}", "link or dedupe"},
        {"{\"name\": \"x\", \"mode\": \"link\", \"feilds\": []}", "feilds"},
        {"{\"name\": \"x\", \"mode\": \"link\", \"fields\": [{\"name\": \"a\", \"clean\": \"soap\"}]}",
         "clean"},
        {"{\"name\": \"x\", \"mode\": \"link\", \"fields\": [{\"name\": \"a\"}], \"comparisons\": [{\"name\": \"c\", \"levels\":"
         " [{\"kind\": \"exact\", \"fields\": [\"b\"]}]}]}",
         "no field b"},
        {"{\"name\": \"x\", \"mode\": \"link\", \"fields\": [{\"name\": \"a\"}], \"comparisons\": [{\"name\": \"c\", \"levels\":"
         " [{\"kind\": \"names_alike\", \"fields\": [\"a\"]}]}]}",
         "at is missing"},
        {"{\"name\": \"x\", \"mode\": \"link\", \"fields\": [{\"name\": \"a\"}], \"comparisons\": [{\"name\": \"c\", \"levels\":"
         " [{\"kind\": \"exact\", \"fields\": [\"a\"]}]}], \"blocking\": [{\"keys\": [\"a\"], \"train\": true}]}",
         "cannot be estimated"},
    };
    struct fixture *fx = *state;
    struct ll_link_model *m;
    struct ll_err err;

    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        assert_int_equal(ll_link_model_parse(ll_str(cases[i][0]), fx->desk.arena, &m, &err), LL_INVALID);
        if (!strstr(err.en, cases[i][1]))
            fail_msg("%s: %s", cases[i][1], err.en);
    }
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, open_fixture, close_fixture)
    const struct CMUnitTest tests[] = {
        T(a_decision_links_and_undoing_takes_it_back),
        T(a_later_act_must_be_undone_first),
        T(a_split_takes_a_record_out_and_holds),
        T(a_run_takes_back_what_it_no_longer_finds),
        T(everything_can_be_undone),
        T(events_are_never_changed),
        T(a_model_that_cannot_work_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
