/* The control database's promises (store.h): schema steps, transactions, conflicts, threads, crashes. */
#include "../test.h"

#include "base/fs.h"
#include "store/store.h"
#include "store/tbl/schema.h"

#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/ll_store_XXXXXX";
static char path[LL_PATH];
static struct ll_err err;

static int set_up(void **state)
{
    (void)state;
    strcpy(dir + sizeof dir - 7, "XXXXXX");
    if (!mkdtemp(dir))
        return -1;
    return ll_path(path, NULL, "%s/luling.db", dir);
}

static int tear_down(void **state)
{
    (void)state;
    return ll_fs_remove_tree(dir, NULL);
}

static struct ll_store *opened(void)
{
    struct ll_store_opts o = LL_STORE_OPTS_INIT;
    struct ll_store *st = NULL;

    o.path = path;
    assert_ok(ll_store_open(&st, &o, &err));
    return st;
}

static struct ll_txn *begun(struct ll_store *st, bool write)
{
    struct ll_txn *tx = NULL;

    assert_ok(ll_txn_begin(st, write, &tx, &err));
    return tx;
}

#define ADD_PACK                                                                                             \
    "INSERT INTO pack (name, version, title, sample, sha256, loaded_at, needs) VALUES ($1, '1', $3, 0, '', $2, '')"

static int add_pack(struct ll_txn *tx, const char *name, int64_t at)
{
    return ll_exec(tx, &err, ADD_PACK, "ziz", name, at, "title");
}

static int64_t packs(struct ll_store *st)
{
    struct ll_txn *tx = begun(st, false);
    struct ll_stmt *s = NULL;

    assert_ok(ll_sql(tx, "SELECT count(*) FROM pack", &s, &err));
    assert_int_equal(ll_step(s, &err), 1);
    int64_t n = ll_col_int(s, 0);
    ll_stmt_done(s);
    ll_txn_end(tx);
    return n;
}

static void test_what_is_committed_is_there_when_opened_again(void **state)
{
    struct ll_store *st = opened();
    struct ll_txn *tx = begun(st, true);

    (void)state;
    assert_ok(add_pack(tx, "core", 5));
    assert_int_equal(ll_txn_changes(tx), 1);
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
    ll_store_close(st);
    st = opened();
    assert_int_equal(packs(st), 1);
    ll_store_close(st);
}

static void test_a_transaction_that_is_not_committed_leaves_nothing(void **state)
{
    struct ll_store *st = opened();
    struct ll_txn *tx = begun(st, true);

    (void)state;
    assert_ok(add_pack(tx, "core", 5));
    ll_txn_end(tx);
    assert_int_equal(packs(st), 0);
    ll_txn_end(NULL);
    ll_store_close(st);
}

static void test_a_broken_constraint_is_a_conflict_and_the_transaction_goes_on(void **state)
{
    struct ll_store *st = opened();
    struct ll_txn *tx = begun(st, true);

    (void)state;
    assert_ok(add_pack(tx, "core", 5));
    assert_int_equal(add_pack(tx, "core", 6), LL_CONFLICT);
    assert_non_null(strstr(err.zh, "冲突"));
    /* foreign keys are enforced: provider does not exist */
    assert_int_equal(
        ll_exec(
            tx, &err,
            "INSERT INTO resource VALUES ('r', 1, 'c', 't', NULL, 'nobody', 1, 'snapshot', 'none', 1, '', 0, 'core')",
            ""),
        LL_CONFLICT);
    assert_ok(add_pack(tx, "demo", 7));
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
    assert_int_equal(packs(st), 2);
    ll_store_close(st);
}

static void test_values_come_back_as_they_were_bound(void **state)
{
    struct ll_store *st = opened();
    struct ll_txn *tx = begun(st, false);
    struct ll_stmt *s = NULL;

    (void)state;
    /* placeholders count by their number, not by where they stand */
    assert_ok(ll_sql(tx, "SELECT $2, $1, $3, $4, $2", &s, &err));
    ll_bind_text(s, 1, LL_STR("a\0b"));
    ll_bind_int(s, 2, INT64_MIN);
    ll_bind_z(s, 3, NULL);
    ll_bind_z(s, 4, "");
    assert_int_equal(ll_step(s, &err), 1);
    assert_true(ll_col_int(s, 0) == INT64_MIN && ll_col_int(s, 4) == INT64_MIN);
    assert_true(ll_str_eq(ll_col_text(s, 1), LL_STR("a\0b")));
    assert_true(ll_col_null(s, 2));
    assert_null(ll_col_text(s, 2).p);
    assert_false(ll_col_null(s, 3));
    assert_int_equal(ll_step(s, &err), 0);
    ll_stmt_done(s);
    ll_txn_end(tx);
    ll_store_close(st);
}

static void test_one_text_may_run_twice_at_a_time(void **state)
{
    struct ll_store *st = opened();
    struct ll_txn *tx = begun(st, false);
    struct ll_stmt *a = NULL, *b = NULL;

    (void)state;
    assert_ok(ll_sql(tx, "SELECT $1", &a, &err));
    assert_ok(ll_sql(tx, "SELECT $1", &b, &err));
    assert_ptr_not_equal(a, b);
    ll_bind_int(a, 1, 1);
    ll_bind_int(b, 1, 2);
    assert_int_equal(ll_step(a, &err), 1);
    assert_int_equal(ll_step(b, &err), 1);
    assert_int_equal(ll_col_int(a, 0), 1);
    assert_int_equal(ll_col_int(b, 0), 2);
    ll_txn_end(tx); /* takes back what was left open */
    ll_store_close(st);
}

static void test_many_different_statements_do_not_fill_the_memory(void **state)
{
    struct ll_store *st = opened();
    struct ll_txn *tx = begun(st, false);
    char sql[40];

    (void)state;
    for (int i = 0; i < 1000; i++) {
        snprintf(sql, sizeof sql, "SELECT %d", i);
        struct ll_stmt *s = NULL;
        assert_ok(ll_sql(tx, sql, &s, &err));
        assert_int_equal(ll_step(s, &err), 1);
        assert_int_equal(ll_col_int(s, 0), i);
        ll_stmt_done(s);
    }
    ll_txn_end(tx);
    ll_store_close(st);
}

static void test_a_read_transaction_cannot_write(void **state)
{
    struct ll_store *st = opened();
    struct ll_txn *tx = begun(st, false);

    (void)state;
    assert_int_equal(add_pack(tx, "core", 1), LL_INTERNAL);
    ll_txn_end(tx);
    ll_store_close(st);
}

static void test_a_wrong_placeholder_is_told(void **state)
{
    struct ll_store *st = opened();
    struct ll_txn *tx = begun(st, false);
    struct ll_stmt *s = NULL;

    (void)state;
    assert_ok(ll_sql(tx, "SELECT $1", &s, &err));
    ll_bind_int(s, 2, 1);
    assert_int_equal(ll_step(s, &err), LL_INTERNAL);
    ll_stmt_done(s);
    assert_int_equal(ll_sql(tx, "SELECT ?", &s, &err), LL_INTERNAL);
    assert_int_equal(ll_sql(tx, "SELEC 1", &s, &err), LL_INTERNAL);
    ll_txn_end(tx);
    ll_store_close(st);
}

static void test_a_reader_sees_one_state_while_another_commits(void **state)
{
    struct ll_store *st = opened();
    struct ll_txn *reader = begun(st, false), *writer;
    struct ll_stmt *s = NULL;

    (void)state;
    assert_ok(ll_sql(reader, "SELECT count(*) FROM pack", &s, &err));
    assert_int_equal(ll_step(s, &err), 1);
    ll_stmt_done(s);
    writer = begun(st, true);
    assert_ok(add_pack(writer, "core", 1));
    assert_ok(ll_txn_commit(writer, &err));
    ll_txn_end(writer);
    assert_ok(ll_sql(reader, "SELECT count(*) FROM pack", &s, &err));
    assert_int_equal(ll_step(s, &err), 1);
    assert_int_equal(ll_col_int(s, 0), 0);
    ll_stmt_done(s);
    ll_txn_end(reader);
    assert_int_equal(packs(st), 1);
    ll_store_close(st);
}

static void test_a_second_writer_waits_no_longer_than_told(void **state)
{
    struct ll_store_opts o = LL_STORE_OPTS_INIT;
    struct ll_store *st = NULL, *other = NULL;
    struct ll_txn *first, *second = NULL;

    (void)state;
    o.path = path;
    o.busy_ms = 50;
    assert_ok(ll_store_open(&st, &o, &err));
    assert_ok(ll_store_open(&other, &o, &err)); /* as another process would */
    first = begun(st, true);
    assert_int_equal(ll_txn_begin(st, true, &second, &err), LL_BUSY);
    assert_int_equal(ll_txn_begin(other, true, &second, &err), LL_BUSY);
    ll_txn_end(first);
    second = begun(other, true);
    ll_txn_end(second);
    ll_store_close(st);
    ll_store_close(other);
}

static void test_connections_are_bounded(void **state)
{
    struct ll_store_opts o = LL_STORE_OPTS_INIT;
    struct ll_store *st = NULL;
    struct ll_txn *a, *b = NULL;

    (void)state;
    o.path = path;
    o.busy_ms = 20;
    o.max_conns = 1;
    assert_ok(ll_store_open(&st, &o, &err));
    a = begun(st, false);
    assert_int_equal(ll_txn_begin(st, false, &b, &err), LL_BUSY);
    ll_txn_end(a);
    ll_txn_end(begun(st, false));
    ll_store_close(st);
}

struct adder {
    struct ll_store *st;
    int number;
};

static void *add_many(void *arg)
{
    struct adder *a = arg;

    for (int i = 0; i < 50; i++) {
        struct ll_txn *tx = NULL;
        struct ll_err e;
        char name[32];
        snprintf(name, sizeof name, "p%d-%d", a->number, i);
        if (ll_txn_begin(a->st, true, &tx, &e) < 0 ||
            ll_exec(tx, &e, ADD_PACK, "ziz", name, (int64_t)i, "t") < 0 || ll_txn_commit(tx, &e) < 0)
            return "failed";
        ll_txn_end(tx);
    }
    return NULL;
}

static void test_threads_that_write_at_once_all_succeed(void **state)
{
    struct ll_store *st = opened();
    struct adder adders[6];
    pthread_t threads[6];

    (void)state;
    for (int i = 0; i < 6; i++) {
        adders[i] = (struct adder){st, i};
        assert_int_equal(pthread_create(&threads[i], NULL, add_many, &adders[i]), 0);
    }
    for (int i = 0; i < 6; i++) {
        void *failed = NULL;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    assert_int_equal(packs(st), 300);
    ll_store_close(st);
}

/* --- the file ------------------------------------------------------------------------------------------------------ */

static void raw(const char *sql)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static int open_fails(bool read_only)
{
    struct ll_store_opts o = LL_STORE_OPTS_INIT;
    struct ll_store *st = NULL;

    o.path = path;
    o.read_only = read_only;
    int rc = ll_store_open(&st, &o, &err);
    assert_null(st);
    return rc;
}

static void test_a_newer_database_is_refused(void **state)
{
    (void)state;
    ll_store_close(opened());
    raw("PRAGMA user_version = 999");
    assert_int_equal(open_fails(false), LL_INVALID);
    assert_non_null(strstr(err.en, "999"));
}

static void test_a_foreign_file_is_refused_and_left_alone(void **state)
{
    (void)state;
    raw("CREATE TABLE theirs (x)");
    assert_int_equal(open_fails(false), LL_INVALID);
    raw("SELECT x FROM theirs");
    assert_ok(ll_fs_write_atomic(
        path, LL_STR("this is no database, but long enough to look at .............."), &err));
    assert_int_equal(open_fails(false), LL_IO);
    assert_ok(ll_path(path, &err, "%s/no/such/folder.db", dir));
    assert_int_equal(open_fails(false), LL_IO);
}

static void test_reading_only_needs_an_up_to_date_file(void **state)
{
    struct ll_store_opts o = LL_STORE_OPTS_INIT;
    struct ll_store *st = NULL;
    struct ll_txn *tx = NULL;

    (void)state;
    assert_int_equal(open_fails(true), LL_IO);
    ll_store_close(opened());
    o.path = path;
    o.read_only = true;
    assert_ok(ll_store_open(&st, &o, &err));
    assert_int_equal(packs(st), 0);
    assert_int_equal(ll_txn_begin(st, true, &tx, &err), LL_INTERNAL);
    ll_store_close(st);
}

/* Several processes find no file at once: one makes it, all can use it. */
static void test_processes_that_start_at_once_agree(void **state)
{
    enum { CHILDREN = 6 };
    pid_t children[CHILDREN];

    (void)state;
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < CHILDREN; i++)
            if ((children[i] = fork()) == 0) {
                struct ll_store_opts o = LL_STORE_OPTS_INIT;
                struct ll_store *st = NULL;
                o.path = path;
                int rc = ll_store_open(&st, &o, &err);
                if (rc < 0)
                    fprintf(stderr, "%s\n", err.en);
                ll_store_close(st);
                _exit(rc < 0);
            }
        for (int i = 0; i < CHILDREN; i++) {
            int status = -1;
            waitpid(children[i], &status, 0);
            assert_int_equal(status, 0);
        }
        ll_store_close(opened());
        tear_down(NULL);
        set_up(NULL);
    }
}

/* A full disk: SQLite is told that the file may not grow. */
static void test_a_full_disk_is_told_and_nothing_is_half_done(void **state)
{
    struct ll_store *st = opened();
    struct ll_txn *tx;
    int rc = LL_OK;

    (void)state;
    tx = begun(st, true);
    struct ll_stmt *s = NULL;
    assert_ok(ll_sql(tx, "PRAGMA max_page_count = 40", &s, &err));
    assert_int_equal(ll_step(s, &err), 1);
    ll_stmt_done(s);
    for (int i = 0; i < 10000 && rc == LL_OK; i++) {
        char name[600];
        memset(name, 'x', sizeof name);
        snprintf(name, sizeof name, "%d", i);
        name[strlen(name)] = 'x';
        name[sizeof name - 1] = 0;
        rc = add_pack(tx, name, i);
    }
    assert_int_equal(rc, LL_IO);
    assert_non_null(strstr(err.zh, "磁盘已满"));
    ll_txn_end(tx);
    assert_int_equal(packs(st), 0);
    ll_store_close(st);
}

/* A child commits numbers and reports each one only after the commit; it is killed in the middle.  All it reported is there. */
static void test_what_was_acknowledged_survives_a_kill(void **state)
{
    int fd[2];
    int64_t told = -1, last;

    (void)state;
    assert_int_equal(pipe(fd), 0);
    pid_t child = fork();
    if (child == 0) {
        struct ll_store *st = opened();
        for (int64_t i = 0;; i++) {
            char name[32];
            snprintf(name, sizeof name, "p%d", (int)i);
            struct ll_txn *tx = begun(st, true);
            if (add_pack(tx, name, i) < 0 || ll_txn_commit(tx, &err) < 0 || write(fd[1], &i, sizeof i) < 0)
                _exit(1);
            ll_txn_end(tx);
        }
    }
    close(fd[1]);
    while (told < 20 && read(fd[0], &told, sizeof told) == sizeof told)
        ;
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    while (read(fd[0], &last, sizeof last) == sizeof last)
        told = last;
    close(fd[0]);
    struct ll_store *st = opened();
    assert_true(packs(st) >= told + 1);
    ll_store_close(st);
}

static bool same_stamp(const struct ll_store_stamp *a, const struct ll_store_stamp *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* Over several checkpoints of the log; every third transaction comes to nothing. */
static void test_a_stamp_changes_with_every_commit_and_with_nothing_else(void **state)
{
    struct ll_store *here = opened(), *elsewhere = opened();
    struct ll_store_stamp before, after;
    char name[16];
    (void)state;

    ll_store_stamp(here, &before);
    for (int i = 0; i < 300; i++) {
        bool commits = i % 3 != 2;
        struct ll_txn *tx = begun(i % 2 ? here : elsewhere, true);
        snprintf(name, sizeof name, "p%d", i);
        assert_ok(add_pack(tx, name, i));
        ll_store_stamp(here, &after);
        assert_true(same_stamp(&before, &after));
        if (commits)
            assert_ok(ll_txn_commit(tx, &err));
        ll_store_stamp(here, &after);
        assert_int_equal(same_stamp(&before, &after), !commits);
        ll_txn_end(tx);
        packs(here);
        ll_store_stamp(here, &before);
        assert_true(same_stamp(&before, &after)); /* nor does reading */
    }
    ll_store_close(here);
    ll_store_close(elsewhere);
}

/* A step that stands behind a higher one would never be taken. */
static void test_the_steps_of_the_schema_ascend(void **state)
{
    static const int numbers[] = {
#define STEP(number, script) number,
        LL_SCHEMA_STEPS(STEP)
#undef STEP
    };
    (void)state;

    for (size_t i = 1; i < LL_COUNT(numbers); i++)
        assert_true(numbers[i - 1] < numbers[i]);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_steps_of_the_schema_ascend),
        T(test_a_stamp_changes_with_every_commit_and_with_nothing_else),
        T(test_what_is_committed_is_there_when_opened_again),
        T(test_a_transaction_that_is_not_committed_leaves_nothing),
        T(test_a_broken_constraint_is_a_conflict_and_the_transaction_goes_on),
        T(test_values_come_back_as_they_were_bound),
        T(test_one_text_may_run_twice_at_a_time),
        T(test_many_different_statements_do_not_fill_the_memory),
        T(test_a_read_transaction_cannot_write),
        T(test_a_wrong_placeholder_is_told),
        T(test_a_reader_sees_one_state_while_another_commits),
        T(test_a_second_writer_waits_no_longer_than_told),
        T(test_connections_are_bounded),
        T(test_threads_that_write_at_once_all_succeed),
        T(test_a_newer_database_is_refused),
        T(test_a_foreign_file_is_refused_and_left_alone),
        T(test_reading_only_needs_an_up_to_date_file),
        T(test_processes_that_start_at_once_agree),
        T(test_a_full_disk_is_told_and_nothing_is_half_done),
        T(test_what_was_acknowledged_survives_a_kill),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
