/* pass.h - one pass over the rows of a delivery: rows of text cells become a typed table that SQL reads, and a row that is
 * refused is diverted on the way.
 *
 *     SELECT <columns>, ll_row, ll_deleted FROM ll_pass(ID) WHERE ll_admit(ID, ll_slot, <rule>, <rule>, ...)
 *
 * (1) The rows come from one struct ll_rows, in order, on one thread at a time; what is admitted keeps that order.
 * (2) Every row is given to exactly one of: the statement's result, ops->admit answering false, ops->undecoded.
 * (3) A rule that is NULL or cannot be computed holds.
 *
 * This works because a pipeline over a single-threaded source pushes each chunk through WHERE before it asks for the next, so
 * that the chunk's raw cells, kept here, are still at hand when a rule fails. */
#ifndef LL_LAKE_PASS_H
#define LL_LAKE_PASS_H

#include "lake/lake.h"
#include "lake/rows.h"
#include "standard/convert.h"

struct ll_pass;

struct ll_pass_column {
    const char *name;
    enum ll_type type;
    unsigned precision, scale; /* decimal */
};

/* One converted value: which member counts is told by the column's type. */
struct ll_value {
    bool null;
    struct ll_str text; /* text, code, identifier; borrowed until the next convert */
    int64_t i;          /* integer; days (date); microseconds (datetime); 0 or 1 (boolean) */
    ll_i128 d;          /* decimal: value times 10^scale */
};

struct ll_converted {
    struct ll_value *values; /* one a column */
    uint32_t *faults;        /* one a column: bits 1 << enum ll_fault */
    bool faulty;             /* any bit is set */
    bool deleted;            /* the row is a delete marker */
};

struct ll_pass_ops {
    /* Fills values and faults (zeroed before) from the row's cells. */
    void (*convert)(void *ctx, const struct ll_row *row, struct ll_converted *out);
    /* Asked about each row that is faulty or fails a rule; rules_hold has one entry a rule.  True publishes it all the same. */
    bool (*admit)(void *ctx, const struct ll_row *row, const uint32_t *faults, bool deleted,
                  const bool *rules_hold);
    /* Takes a row that could not be decoded (row->fault >= 0). */
    void (*undecoded)(void *ctx, const struct ll_row *row);
    /* < 0 when a callback met an error it could not report; the statement then stops with it. */
    int (*failed)(void *ctx, struct ll_err *err);
};

struct ll_pass_spec {
    const struct ll_pass_column *columns;
    size_t n_columns, n_rules;
    struct ll_rows *rows; /* borrowed */
    const struct ll_pass_ops *ops;
    void *ctx;
};

int ll_pass_open(struct ll_lake *lake, const struct ll_pass_spec *spec, struct ll_pass **ret,
                 struct ll_err *err) LL_MUST;
int ll_pass_id(const struct ll_pass *p);
uint64_t ll_pass_rows(const struct ll_pass *p); /* rows read so far; may be asked from another thread */
/* Runs a statement that reads this pass; an error of the row source or a callback is returned rather than the engine's echo of it. */
int ll_pass_run(struct ll_pass *p, struct ll_lake_conn *c, const char *sql, struct ll_err *err) LL_MUST;
struct ll_pass *ll_pass_close(struct ll_pass *p); /* NULL is fine */

#endif
