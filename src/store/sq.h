/* sq.h - what the control database's driver and the segments share of SQLite: start-up, errors in our words, small helpers. */
#ifndef LL_STORE_SQ_H
#define LL_STORE_SQ_H

#include "base/err.h"
#include "base/str.h"

#include <sqlite3.h>

/* Configures the library for many threads with a connection each: no statistics, which would take one lock at every allocation. */
void ll_sq_init(void);
/* Puts the failure of db into our words.  what: the file that it happened on. */
int ll_sq_fail(sqlite3 *db, int code, const char *what, struct ll_err *err);
int ll_sq_exec(sqlite3 *db, const char *what, const char *sql, struct ll_err *err) LL_MUST;
/* A statement that is kept: SQLite may spend memory on it. */
int ll_sq_prepare(sqlite3 *db, const char *what, const char *sql, sqlite3_stmt **ret,
                  struct ll_err *err) LL_MUST;
/* The first column of the first row; LL_NOTFOUND when there is none. */
int ll_sq_int(sqlite3 *db, const char *what, const char *sql, int64_t *ret, struct ll_err *err) LL_MUST;

#endif
