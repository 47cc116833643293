/* store.h - the control database: organisations, catalogue, deliveries, batches, segments, jobs.
 *
 * SQL is one text for every driver: $1 placeholders, standard SQL.  One struct ll_store may be shared by threads; a statement or
 * transaction belongs to the thread that opened it until it is closed.  SQLite driver: WAL, synchronous=FULL, foreign keys on,
 * one connection a thread at a time from a small pool; writers queue on a lock with a bounded wait (busy_ms). */
#ifndef LL_STORE_STORE_H
#define LL_STORE_STORE_H

#include "base/arena.h"
#include "base/err.h"

struct ll_store;
struct ll_txn;
struct ll_stmt;

struct ll_store_opts {
    const char *path; /* file of the SQLite driver */
    unsigned max_conns, busy_ms;
    bool read_only;
};
#define LL_STORE_OPTS_INIT                                                                                   \
    {                                                                                                        \
        .max_conns = 8, .busy_ms = 5000                                                                      \
    }

/* Creates the file and brings its schema to the newest version (each step one transaction).  On success *ret_store belongs
 * to the caller. */
int ll_store_open(struct ll_store **ret_store, const struct ll_store_opts *o, struct ll_err *err) LL_MUST;
struct ll_store *ll_store_close(struct ll_store *st); /* NULL is fine; returns NULL */

/* write: takes the writer's lock at once, so that a later upgrade cannot deadlock. */
int ll_txn_begin(struct ll_store *st, bool write, struct ll_txn **ret_tx, struct ll_err *err) LL_MUST;
int ll_txn_commit(struct ll_txn *tx, struct ll_err *err) LL_MUST; /* durable when it returns LL_OK */
void ll_txn_end(struct ll_txn *tx); /* rolls back unless committed; NULL is fine; frees tx */

/* Statements are cached per connection by their text (which is copied; a caller that makes texts makes few). */
int ll_sql(struct ll_txn *tx, const char *sql, struct ll_stmt **ret, struct ll_err *err) LL_MUST;
void ll_bind_int(struct ll_stmt *s, int at, int64_t v);        /* at: 1 for $1 */
void ll_bind_text(struct ll_stmt *s, int at, struct ll_str v); /* copied; v.p NULL binds NULL */
void ll_bind_z(struct ll_stmt *s, int at, const char *z);      /* NULL binds NULL */
void ll_bind_null(struct ll_stmt *s, int at);
/* 1: a row is there; 0: done; < 0 error (LL_CONFLICT for a broken constraint). */
int ll_step(struct ll_stmt *s, struct ll_err *err) LL_MUST;
int64_t ll_col_int(struct ll_stmt *s, int at);        /* at: 0 for the first column */
struct ll_str ll_col_text(struct ll_stmt *s, int at); /* borrowed until the next step; p NULL for NULL */
bool ll_col_null(struct ll_stmt *s, int at);
/* A copy in arena; NULL for NULL.  Memory that runs out sets *nomem. */
const char *ll_col_dup(struct ll_stmt *s, int at, struct ll_arena *arena, bool *nomem);
void ll_stmt_done(struct ll_stmt *s); /* back to the cache; NULL is fine */

/* For statements without rows: binds the arguments by the letters of `types` (i int64_t, z const char *, s struct ll_str by value,
 * n NULL without argument) and runs it. */
int ll_exec(struct ll_txn *tx, struct ll_err *err, const char *sql, const char *types, ...) LL_MUST;
/* What the database has committed so far, by any process: equal stamps mean that nothing was committed between, and a commit that
 * has returned shows in every later stamp.  Costs no system call, so that a server can ask at every request whether what it
 * holds in memory still stands.  Never fails: where the driver cannot tell, no two stamps are equal. */
struct ll_store_stamp {
    uint64_t w[12];
};
void ll_store_stamp(struct ll_store *st, struct ll_store_stamp *ret);

/* Rows changed by the last ll_exec or stepped statement of this transaction. */
int64_t ll_txn_changes(struct ll_txn *tx);

#endif
