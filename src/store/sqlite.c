/* sqlite.c - the SQLite driver of the control database.
 *
 * (1) A connection belongs to one transaction at a time; idle ones wait in a pool with their prepared statements.
 * (2) Writers of this process queue on a lock of ours, first come first served as far as the kernel is fair, and only then on
 *     SQLite's; SQLite's own waiting polls with sleeps and would starve one of many threads.
 * (3) Commit is durable: WAL with synchronous=FULL syncs the log at every commit.
 * (4) A read transaction sees one snapshot and refuses to write: an upgrade could fail in the middle.
 *
 * PRAGMA user_version holds the schema step, application_id marks the file as ours. */
#include "store/backend.h"
#include "store/sq.h"
#include "store/sqwatch.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_PARAMS = 64, MAX_CACHED = 256, APPLICATION_ID = 0x4c554c47 }; /* "LULG" */

struct sq_conn;

struct sq_stmt {
    struct ll_stmt base;
    struct sq_conn *conn;
    struct sq_stmt *next; /* in the connection's cache */
    sqlite3_stmt *st;
    uint64_t hash;
    int bind_code; /* first failure of a bind, told by the next step */
    bool busy;
    int params;                /* highest $n */
    int place[MAX_PARAMS + 1]; /* SQLite's number of $n: it counts by first appearance */
};

struct sq_store;

struct sq_conn {
    struct sq_store *store;
    struct sq_conn *next; /* in the pool */
    sqlite3 *db;
    struct sq_stmt *cache;
    unsigned cached;
};

struct sq_txn {
    struct ll_txn base;
    struct sq_conn *conn;
    bool write, open;
    int64_t changes;
};

struct sq_store {
    struct ll_store base;
    char *path;
    bool read_only;
    unsigned busy_ms, max_conns, conns;
    pthread_mutex_t lock;
    pthread_cond_t freed, writer_freed;
    bool writer;
    struct sq_conn *idle;
    struct sq_watch *watch;
};

static struct sq_store *store_of(struct ll_store *st)
{
    return (struct sq_store *)st;
}

static struct sq_txn *txn_of(struct ll_txn *tx)
{
    return (struct sq_txn *)tx;
}

static struct sq_stmt *stmt_of(struct ll_stmt *s)
{
    return (struct sq_stmt *)s;
}

/* --- statements ------------------------------------------------------------------------------------------------- */

static void stmt_free(struct sq_stmt *s)
{
    sqlite3_finalize(s->st);
    free(s);
}

static int map_params(struct sq_stmt *s, struct ll_err *err)
{
    int n = sqlite3_bind_parameter_count(s->st);

    for (int i = 1; i <= n; i++) {
        const char *name = sqlite3_bind_parameter_name(s->st, i);
        int at = name && name[0] == '$' ? atoi(name + 1) : 0;
        if (at < 1 || at > MAX_PARAMS)
            return ll_fail(err, LL_INTERNAL, "参数 %s 不是 $1 至 $%d", "parameter %s is not one of $1 to $%d",
                           name ? name : "?", MAX_PARAMS);
        s->place[at] = i;
        if (at > s->params)
            s->params = at;
    }
    return LL_OK;
}

static int stmt_new(struct sq_conn *c, const char *sql, uint64_t hash, struct sq_stmt **ret,
                    struct ll_err *err)
{
    struct sq_stmt *s = calloc(1, sizeof *s);

    if (!s)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    s->base = (struct ll_stmt){LL_STMT_MAGIC, &ll_store_sqlite};
    s->conn = c;
    s->hash = hash;
    int rc = ll_sq_prepare(c->db, c->store->path, sql, &s->st, err);
    if (rc == LL_OK)
        rc = map_params(s, err);
    if (rc < 0) {
        stmt_free(s);
        return rc;
    }
    *ret = s;
    return LL_OK;
}

/* Drops the statement that went longest unused: the list has the latest first. */
static void cache_trim(struct sq_conn *c)
{
    struct sq_stmt **last = NULL;

    if (c->cached < MAX_CACHED)
        return;
    for (struct sq_stmt **p = &c->cache; *p; p = &(*p)->next)
        if (!(*p)->busy)
            last = p;
    if (!last)
        return;
    struct sq_stmt *old = *last;
    *last = old->next;
    c->cached--;
    stmt_free(old);
}

static struct sq_stmt *cache_take(struct sq_conn *c, const char *sql, uint64_t hash)
{
    for (struct sq_stmt **p = &c->cache; *p; p = &(*p)->next) {
        struct sq_stmt *s = *p;
        if (s->busy || s->hash != hash || strcmp(sqlite3_sql(s->st), sql) != 0)
            continue;
        *p = s->next;
        s->next = c->cache;
        c->cache = s;
        return s;
    }
    return NULL;
}

static int sq_sql(struct ll_txn *tx, const char *sql, struct ll_stmt **ret, struct ll_err *err)
{
    struct sq_txn *t = txn_of(tx);
    uint64_t hash = ll_str_hash(ll_str(sql));
    struct sq_stmt *s = cache_take(t->conn, sql, hash);

    if (!s) {
        int rc = stmt_new(t->conn, sql, hash, &s, err);
        if (rc < 0)
            return rc;
        cache_trim(t->conn);
        s->next = t->conn->cache;
        t->conn->cache = s;
        t->conn->cached++;
    }
    if (!t->write && !sqlite3_stmt_readonly(s->st))
        return ll_fail(err, LL_INTERNAL, "只读事务中不能执行写语句",
                       "a read transaction cannot run a statement that writes");
    s->busy = true;
    *ret = &s->base;
    return LL_OK;
}

static void bound(struct sq_stmt *s, int code)
{
    if (s->bind_code == SQLITE_OK)
        s->bind_code = code;
}

static int place_of(const struct sq_stmt *s, int at)
{
    LL_ASSERT(at >= 1 && at <= MAX_PARAMS);
    return s->place[at]; /* 0 is out of range for SQLite, and so an error at the next step */
}

static void sq_bind_int(struct ll_stmt *b, int at, int64_t v)
{
    struct sq_stmt *s = stmt_of(b);

    bound(s, sqlite3_bind_int64(s->st, place_of(s, at), v));
}

static void sq_bind_text(struct ll_stmt *b, int at, struct ll_str v)
{
    struct sq_stmt *s = stmt_of(b);

    bound(s, v.p ? sqlite3_bind_text64(s->st, place_of(s, at), v.p, v.n, SQLITE_TRANSIENT, SQLITE_UTF8)
                 : sqlite3_bind_null(s->st, place_of(s, at)));
}

static int sq_step(struct ll_stmt *b, struct ll_err *err)
{
    struct sq_stmt *s = stmt_of(b);
    int code = s->bind_code != SQLITE_OK ? s->bind_code : sqlite3_step(s->st);

    if (code == SQLITE_ROW)
        return 1;
    if (code == SQLITE_DONE)
        return 0;
    if (s->bind_code == SQLITE_RANGE)
        return ll_fail(err, LL_INTERNAL, "语句没有这个参数：%s", "the statement has no such parameter: %s",
                       sqlite3_sql(s->st));
    return ll_sq_fail(s->conn->db, code, s->conn->store->path, err);
}

static int64_t sq_col_int(struct ll_stmt *b, int at)
{
    return sqlite3_column_int64(stmt_of(b)->st, at);
}

static struct ll_str sq_col_text(struct ll_stmt *b, int at)
{
    sqlite3_stmt *st = stmt_of(b)->st;
    const char *p = (const char *)sqlite3_column_text(st, at);

    return (struct ll_str){p, p ? (size_t)sqlite3_column_bytes(st, at) : 0};
}

static bool sq_col_null(struct ll_stmt *b, int at)
{
    return sqlite3_column_type(stmt_of(b)->st, at) == SQLITE_NULL;
}

static void sq_done(struct ll_stmt *b)
{
    struct sq_stmt *s = stmt_of(b);

    sqlite3_reset(s->st);
    sqlite3_clear_bindings(s->st);
    s->bind_code = SQLITE_OK;
    s->busy = false;
}

/* --- connections ------------------------------------------------------------------------------------------------ */

static void conn_close(struct sq_conn *c)
{
    while (c->cache) {
        struct sq_stmt *s = c->cache;
        c->cache = s->next;
        stmt_free(s);
    }
    sqlite3_close(c->db);
    free(c);
}

static int conn_open(struct sq_store *st, struct sq_conn **ret, struct ll_err *err)
{
    static const char setup[] =
        "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;"
        "PRAGMA journal_size_limit = 67108864;";
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (st->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    struct sq_conn *c = calloc(1, sizeof *c);

    if (!c)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    c->store = st;
    int code = sqlite3_open_v2(st->path, &c->db, flags, NULL);
    int rc = code == SQLITE_OK ? LL_OK : ll_sq_fail(c->db, code, st->path, err);
    if (rc == LL_OK) {
        sqlite3_busy_timeout(c->db, (int)st->busy_ms);
        rc = ll_sq_exec(c->db, st->path, setup, err);
    }
    if (rc < 0) {
        conn_close(c);
        return rc;
    }
    *ret = c;
    return LL_OK;
}

static struct timespec deadline(unsigned ms)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += (long)(ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

/* An idle connection, a new one, or a bounded wait for another thread to give one back. */
static int conn_take(struct sq_store *st, struct sq_conn **ret, struct ll_err *err)
{
    struct timespec until = deadline(st->busy_ms);
    int waited = 0;

    pthread_mutex_lock(&st->lock);
    while (!st->idle && st->conns >= st->max_conns && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&st->freed, &st->lock, &until);
    struct sq_conn *c = st->idle;
    bool room = !c && st->conns < st->max_conns;
    if (c)
        st->idle = c->next;
    else if (room)
        st->conns++;
    pthread_mutex_unlock(&st->lock);
    if (!c && !room)
        return ll_fail(err, LL_BUSY, "数据库连接都在使用中（%u 个），请稍后再试",
                       "all %u database connections are in use, try again", st->max_conns);
    if (c) {
        *ret = c;
        return LL_OK;
    }
    int rc = conn_open(st, ret, err);
    if (rc < 0) {
        pthread_mutex_lock(&st->lock);
        st->conns--;
        pthread_cond_signal(&st->freed);
        pthread_mutex_unlock(&st->lock);
    }
    return rc;
}

static void conn_give(struct sq_store *st, struct sq_conn *c)
{
    pthread_mutex_lock(&st->lock);
    c->next = st->idle;
    st->idle = c;
    pthread_cond_signal(&st->freed);
    pthread_mutex_unlock(&st->lock);
}

static int writer_take(struct sq_store *st, struct ll_err *err)
{
    struct timespec until = deadline(st->busy_ms);
    int waited = 0;

    pthread_mutex_lock(&st->lock);
    while (st->writer && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&st->writer_freed, &st->lock, &until);
    bool mine = !st->writer;
    if (mine)
        st->writer = true;
    pthread_mutex_unlock(&st->lock);
    return mine ? LL_OK
                : ll_fail(err, LL_BUSY, "另一个任务正在写数据库，请稍后再试",
                          "another job is writing to the database, try again");
}

static void writer_give(struct sq_store *st)
{
    pthread_mutex_lock(&st->lock);
    st->writer = false;
    pthread_cond_signal(&st->writer_freed);
    pthread_mutex_unlock(&st->lock);
}

/* --- transactions ----------------------------------------------------------------------------------------------- */

static void sq_end(struct ll_txn *tx)
{
    struct sq_txn *t = txn_of(tx);
    struct sq_store *st = t->conn->store;

    for (struct sq_stmt *s = t->conn->cache; s; s = s->next)
        if (s->busy)
            sq_done(&s->base);
    if (t->open && !sqlite3_get_autocommit(t->conn->db)) /* a full disk may have rolled it back already */
        sqlite3_exec(t->conn->db, "ROLLBACK", NULL, NULL, NULL);
    conn_give(st, t->conn);
    if (t->write)
        writer_give(st);
    free(t);
}

static int begin_on(struct sq_store *st, bool write, struct sq_conn *c, struct ll_txn **ret,
                    struct ll_err *err)
{
    struct sq_txn *t = calloc(1, sizeof *t);

    if (!t)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    int rc = ll_sq_exec(c->db, st->path, write ? "BEGIN IMMEDIATE" : "BEGIN", err);
    if (rc < 0) {
        free(t);
        return rc;
    }
    *t = (struct sq_txn){.base = {LL_TXN_MAGIC, &ll_store_sqlite}, .conn = c, .write = write, .open = true};
    *ret = &t->base;
    return LL_OK;
}

static int sq_begin(struct ll_store *base, bool write, struct ll_txn **ret, struct ll_err *err)
{
    struct sq_store *st = store_of(base);
    struct sq_conn *c = NULL;
    int rc;

    if (write && st->read_only)
        return ll_fail(err, LL_INTERNAL, "数据库以只读方式打开", "the database is open for reading only");
    if (write && (rc = writer_take(st, err)) < 0)
        return rc;
    if ((rc = conn_take(st, &c, err)) == LL_OK && (rc = begin_on(st, write, c, ret, err)) < 0)
        conn_give(st, c);
    if (rc < 0 && write)
        writer_give(st);
    return rc;
}

static int sq_commit(struct ll_txn *tx, struct ll_err *err)
{
    struct sq_txn *t = txn_of(tx);

    LL_ASSERT(t->open);
    int rc = ll_sq_exec(t->conn->db, t->conn->store->path, "COMMIT", err);
    if (rc == LL_OK)
        t->open = false;
    return rc;
}

static int64_t sq_changes(struct ll_txn *tx)
{
    return sqlite3_changes64(txn_of(tx)->conn->db);
}

/* --- the store -------------------------------------------------------------------------------------------------- */

static int sq_schema_version(struct ll_txn *tx, int *ret, struct ll_err *err)
{
    struct sq_conn *c = txn_of(tx)->conn;
    int64_t version = 0, application = 0, tables = 0;
    int rc;

    if ((rc = ll_sq_int(c->db, c->store->path, "PRAGMA user_version", &version, err)) < 0 ||
        (rc = ll_sq_int(c->db, c->store->path, "PRAGMA application_id", &application, err)) < 0 ||
        (rc = ll_sq_int(c->db, c->store->path, "SELECT count(*) FROM sqlite_schema", &tables, err)) < 0)
        return rc;
    if (application != APPLICATION_ID && (application != 0 || version != 0 || tables != 0))
        return ll_fail(err, LL_INVALID, "%s 是其他程序的数据库", "%s is another program's database",
                       c->store->path);
    *ret = (int)version;
    return LL_OK;
}

static int sq_schema_step(struct ll_txn *tx, int step, const char *script, struct ll_err *err)
{
    struct sq_conn *c = txn_of(tx)->conn;
    char mark[96];
    int rc = ll_sq_exec(c->db, c->store->path, script, err);

    if (rc < 0)
        return rc;
    snprintf(mark, sizeof mark, "PRAGMA user_version = %d; PRAGMA application_id = %d;", step,
             APPLICATION_ID);
    return ll_sq_exec(c->db, c->store->path, mark, err);
}

static void sq_close(struct ll_store *base)
{
    struct sq_store *st = store_of(base);
    unsigned closed = 0;

    ll_sq_watch_close(st->watch);
    while (st->idle) {
        struct sq_conn *c = st->idle;
        st->idle = c->next;
        conn_close(c);
        closed++;
    }
    LL_ASSERT(closed == st->conns); /* a transaction outlives the store otherwise */
    pthread_cond_destroy(&st->freed);
    pthread_cond_destroy(&st->writer_freed);
    pthread_mutex_destroy(&st->lock);
    free(st->path);
    free(st);
}

static int init_locks(struct sq_store *st)
{
    pthread_condattr_t attr;

    if (pthread_condattr_init(&attr) != 0)
        return -1;
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    int failed = pthread_mutex_init(&st->lock, NULL) | pthread_cond_init(&st->freed, &attr) |
                 pthread_cond_init(&st->writer_freed, &attr);
    pthread_condattr_destroy(&attr);
    return failed ? -1 : 0;
}

/* The journal mode is kept in the file, so one connection sets it once. */
static int first_conn(struct sq_store *st, struct ll_err *err)
{
    struct sq_conn *c = NULL;
    int rc = conn_take(st, &c, err);

    if (rc < 0)
        return rc;
    if (!st->read_only)
        rc = ll_sq_exec(c->db, st->path, "PRAGMA journal_mode = WAL", err);
    conn_give(st, c);
    return rc;
}

static int sq_open(struct ll_store **ret, const struct ll_store_opts *o, struct ll_err *err)
{
    struct sq_store *st = calloc(1, sizeof *st);

    ll_sq_init();
    if (!st || !(st->path = strdup(o->path)) || init_locks(st) < 0) {
        if (st)
            free(st->path);
        free(st);
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    }
    st->base = (struct ll_store){LL_STORE_MAGIC, &ll_store_sqlite};
    st->read_only = o->read_only;
    st->busy_ms = o->busy_ms;
    st->max_conns = o->max_conns ? o->max_conns : 1;
    int rc = first_conn(st, err);
    if (rc == LL_OK)
        rc = ll_sq_watch_new(st->path, &st->watch, err);
    if (rc < 0) {
        sq_close(&st->base);
        return rc;
    }
    *ret = &st->base;
    return LL_OK;
}

static void sq_stamp(struct ll_store *base, struct ll_store_stamp *ret)
{
    ll_sq_watch_stamp(store_of(base)->watch, ret);
}

const struct ll_store_backend ll_store_sqlite = {
    .scheme = "sqlite",
    .open = sq_open,
    .close = sq_close,
    .schema_version = sq_schema_version,
    .schema_step = sq_schema_step,
    .stamp = sq_stamp,
    .begin = sq_begin,
    .commit = sq_commit,
    .end = sq_end,
    .changes = sq_changes,
    .sql = sq_sql,
    .bind_int = sq_bind_int,
    .bind_text = sq_bind_text,
    .step = sq_step,
    .col_int = sq_col_int,
    .col_text = sq_col_text,
    .col_null = sq_col_null,
    .done = sq_done,
};
