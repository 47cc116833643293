/* lake.h - DuckDB behind one header: sealed batches are Parquet files that it writes, sorts, joins and counts.
 *
 * The instance lives in memory and owns nothing durable.  It may read and write only below the folders named at opening, cannot
 * load extensions, and keeps to a memory limit (what does not fit is spilled to temp_dir).  One connection, one thread at a time. */
#ifndef LL_LAKE_LAKE_H
#define LL_LAKE_LAKE_H

#include "base/err.h"
#include "base/str.h"
#include "store/vault.h"

struct ll_lake;
struct ll_lake_conn;

struct ll_lake_opts {
    unsigned memory_mb;     /* limit of the engine's own memory */
    unsigned threads;       /* 0: one a core */
    const char *temp_dir;   /* where it spills; made when missing */
    bool no_spill;          /* nothing is written there: what does not fit in memory fails */
    const char *folders[4]; /* what SQL may touch, besides temp_dir; NULL-terminated when fewer */
    struct ll_vault *
        vault; /* seals and opens values (functions_seal.c); NULL: nothing is sealed.  Must outlive the engine */
};
#define LL_LAKE_OPTS_INIT                                                                                    \
    {                                                                                                        \
        .memory_mb = 1024                                                                                    \
    }

int ll_lake_open(struct ll_lake **ret, const struct ll_lake_opts *o, struct ll_err *err) LL_MUST;
struct ll_lake *
ll_lake_close(struct ll_lake *lake); /* NULL is fine; every connection must be closed before */

int ll_lake_connect(struct ll_lake *lake, struct ll_lake_conn **ret, struct ll_err *err) LL_MUST;
struct ll_lake_conn *ll_lake_disconnect(struct ll_lake_conn *c); /* NULL is fine */

/* Runs one statement for its effect. */
int ll_lake_exec(struct ll_lake_conn *c, const char *sql, struct ll_err *err) LL_MUST;

/* One value of a result row.  Dates, timestamps and decimals come as text in the standard's form. */
struct ll_lake_value {
    enum { LL_LV_NULL, LL_LV_INT, LL_LV_TEXT, LL_LV_BLOB, LL_LV_NUM } kind;
    int64_t i;       /* LL_LV_INT: integers and booleans */
    double num;      /* LL_LV_NUM: floating point */
    struct ll_str s; /* LL_LV_TEXT, LL_LV_BLOB: valid during the call only */
};
/* Streams the rows of a query to fn, in order; stops at fn's first negative return, which it returns. */
typedef int ll_lake_fn(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err);
int ll_lake_each(struct ll_lake_conn *c, const char *sql, ll_lake_fn *fn, void *ctx,
                 struct ll_err *err) LL_MUST;
/* The single integer that a query gives (NULL or no row: 0). */
int ll_lake_int(struct ll_lake_conn *c, const char *sql, int64_t *ret, struct ll_err *err) LL_MUST;
/* Whether the Parquet files of an SQL expression ("'a.parquet'", "['a.parquet', ...]") have a column; the first of them counts. */
int ll_lake_has_column(struct ll_lake_conn *c, const char *files, const char *column, bool *ret,
                       struct ll_err *err) LL_MUST;
/* Whether a boolean expression over the given columns ("name type, ...") parses and binds; the engine's words in err when not. */
int ll_lake_check_predicate(struct ll_lake_conn *c, const char *columns, const char *predicate,
                            struct ll_err *err) LL_MUST;

/* A SELECT with parameters ($name in the text; value.p NULL: NULL) that may take until until_us (ll_mono_us; 0: for ever).  Anything but
 * one SELECT is LL_INVALID; beyond its time LL_TOOBIG. */
struct ll_lake_param {
    const char *name;
    struct ll_str value;
};
struct ll_lake_query {
    const char *sql;
    const struct ll_lake_param *params;
    size_t n_params;
    uint64_t until_us;
};
int ll_lake_query(struct ll_lake_conn *c, const struct ll_lake_query *q, ll_lake_fn *fn, void *ctx,
                  struct ll_err *err) LL_MUST;
/* Whether it is one SELECT that binds; nothing is run. */
int ll_lake_check_select(struct ll_lake_conn *c, const char *sql, struct ll_err *err) LL_MUST;

/* Stops what the connection is running, from any thread. */
void ll_lake_interrupt(struct ll_lake_conn *c);

#endif
