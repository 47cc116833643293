/* evidence: every batch and pack has one entry in the journal, wherever a crash comes between control database and journal. */
#include "../test.h"

#include "base/fs.h"
#include "intake/evidence.h"
#include "journal/journal.h"

struct fixture {
    char dir[32], journal[LL_PATH];
    struct ll_store *st;
    struct ll_vkey log;
    struct ll_journal *j;
};

static void fx_open(struct fixture *fx)
{
    struct ll_store_opts o = LL_STORE_OPTS_INIT;
    struct ll_journal_opts jo = LL_JOURNAL_OPTS_INIT;
    struct ll_key *k = NULL;
    struct ll_err err;
    char path[LL_PATH];

    *fx = (struct fixture){.dir = "/tmp/luling-evidence-XXXXXX"};
    assert_non_null(mkdtemp(fx->dir));
    snprintf(path, sizeof path, "%s/luling.db", fx->dir);
    snprintf(fx->journal, sizeof fx->journal, "%s/journal", fx->dir);
    o.path = path;
    assert_ok(ll_store_open(&fx->st, &o, &err));
    assert_ok(ll_key_generate(LL_ED25519, &k, &err));
    assert_ok(ll_vkey_make(&fx->log, "hub.example/journal", LL_NOTE_ED25519, k, &err));
    jo.dir = fx->journal;
    jo.log = &fx->log;
    assert_ok(ll_journal_open(&jo, &fx->j, &err));
}

static void fx_close(struct fixture *fx)
{
    ll_journal_close(fx->j);
    ll_store_close(fx->st);
    ll_vkey_free(&fx->log);
    assert_int_equal(ll_fs_remove_tree(fx->dir, NULL), LL_OK);
}

static void run(struct fixture *fx, const char *sql)
{
    struct ll_txn *tx = NULL;
    struct ll_err err;

    assert_ok(ll_txn_begin(fx->st, true, &tx, &err));
    assert_ok(ll_exec(tx, &err, sql, ""));
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
}

static int64_t ask(struct fixture *fx, const char *sql)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    struct ll_err err;
    int64_t v;

    assert_ok(ll_txn_begin(fx->st, false, &tx, &err));
    assert_ok(ll_sql(tx, sql, &s, &err));
    assert_int_equal(ll_step(s, &err), 1);
    v = ll_col_int(s, 0);
    ll_stmt_done(s);
    ll_txn_end(tx);
    return v;
}

static size_t append(struct fixture *fx)
{
    struct ll_err err;
    size_t n = 0;

    assert_ok(ll_evidence_append(fx->st, fx->j, 100, &n, &err));
    return n;
}

static uint64_t size(struct fixture *fx)
{
    struct ll_journal_status s;

    ll_journal_status(fx->j, &s);
    return s.size;
}

static const char new_batch[] =
    "INSERT INTO batch (id, seq, resource, version, delivery, mode, state, rows, deletes, quarantined, sealed_at,"
    " manifest_sha256) VALUES ('b1', 1, 'tax_rating', 1, 'b1', 'snapshot', 'sealed', 7, 0, 0, 1764000000000, 'ab12')";

static void sealing_and_withdrawing_leave_an_entry_each(void **state)
{
    struct fixture fx;
    struct ll_buf entry = LL_BUF_INIT(LL_ENTRY_MAX + 1);
    struct ll_entry e;
    struct ll_err err;

    (void)state;
    fx_open(&fx);
    run(&fx, new_batch);
    assert_int_equal(append(&fx), 1);
    assert_int_equal(append(&fx), 0);
    assert_ok(ll_journal_entry(fx.j, 0, &entry, NULL, &err));
    assert_ok(ll_entry_parse(ll_buf_view(&entry), &e, &err));
    assert_int_equal(e.type, LL_ENTRY_BATCH_SEALED);
    assert_str(e.data,
               "{\"batch\":\"b1\",\"event\":1,\"manifest\":\"ab12\",\"resource\":\"tax_rating\",\"rows\":7}");
    run(&fx, "UPDATE batch SET state = 'published', published_at = 1764000001000");
    assert_int_equal(append(&fx), 0);
    run(&fx, "UPDATE batch SET state = 'withdrawn', withdrawn_at = 1764000002000");
    assert_int_equal(append(&fx), 1);
    assert_int_equal(ask(&fx, "SELECT journal FROM evidence WHERE type = 'batch-withdrawn'"), 1);
    assert_int_equal(size(&fx), 2);
    ll_buf_free(&entry);
    fx_close(&fx);
}

static void a_crash_around_the_append_neither_loses_nor_doubles_the_entry(void **state)
{
    struct fixture fx;
    struct ll_receipt r;
    struct ll_err err;

    (void)state;
    fx_open(&fx);
    assert_ok(ll_journal_append(fx.j, LL_ENTRY_CALL, LL_STR("{}"), &r, &err));
    run(&fx, new_batch);
    /* it died after noting where the entry would be, before the entry */
    run(&fx, "UPDATE evidence SET journal = -2");
    assert_int_equal(append(&fx), 1);
    assert_int_equal(size(&fx), 2);
    assert_int_equal(ask(&fx, "SELECT journal FROM evidence"), 1);
    /* it died after the entry, before the note of its index; others came behind it */
    assert_ok(ll_journal_append(fx.j, LL_ENTRY_CALL, LL_STR("{}"), &r, &err));
    run(&fx, "UPDATE evidence SET journal = -2");
    assert_int_equal(append(&fx), 1);
    assert_int_equal(size(&fx), 3);
    assert_int_equal(ask(&fx, "SELECT journal FROM evidence"), 1);
    fx_close(&fx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sealing_and_withdrawing_leave_an_entry_each),
        cmocka_unit_test(a_crash_around_the_append_neither_loses_nor_doubles_the_entry),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
