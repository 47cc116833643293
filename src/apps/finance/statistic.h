/* statistic.h - the figures of the finance platform, as of an instant, from the lake alone.
 *
 * (1) An event counts as of an instant when a batch that has it was published by then (and not withdrawn by then), and it happened by then.  So what comes later,
 *     and what was delivered late, changes no figure of an earlier instant: asked again, it comes out to the digit.  The batches are named with their hashes.
 * (2) Amounts are added as decimals, so that the order of rows and the number of threads do not show.
 * (3) Of cells that fewer than LL_STAT_LEAST firms are in, others than the platform are told nothing but that they are there; the smallest others are held back
 *     with them until there are two such cells and as many firms in them, lest the sum tell.  The sum itself is held back while it is of so few.  A last event
 *     is told without its county where that is held back.
 * (4) What institutions themselves report (resources finance_grant, finance_loan) stands beside as of the same instant, with the difference. */
#ifndef LL_APPS_FINANCE_STATISTIC_H
#define LL_APPS_FINANCE_STATISTIC_H

#include "apps/finance/feature.h"
#include "apps/finance/tbl/statistics.h"

enum { LL_STAT_LEAST = 3, LL_STAT_ROWS_MAX = 5000, LL_STAT_REASONS_MAX = 100, LL_STAT_LAST_MAX = 50 };

enum ll_stat_by {
#define X(id, ...) LL_STAT_##id,
    LL_STAT_DIMENSIONS(X)
#undef X
        LL_STAT_BY_COUNT
};

struct ll_stat_row {
    const char *key;
#define X(name, ...) int64_t name;
    LL_STAT_COUNTS(X)
#undef X
#define X(name, ...) int64_t f_##name;
    LL_STAT_FUNNEL(X)
#undef X
    double rate;                /* percent a year, weighted by amount; NAN: nothing drawn */
    int64_t days_mid, days_p90; /* from the demand to its first loan; -1: none */
    bool held_back;             /* promise (3) */
};

struct ll_stat_reason {
    const char *code;
    int64_t n;
};

/* One of the last events of firms: what happened where, of nobody by name. */
struct ll_stat_event {
    int64_t ms, fen; /* fen -1: no amount */
    const char *kind, *region;
};

/* Of one resource, as of the instant. */
struct ll_stat_source {
    const struct ll_resource *resource; /* NULL: not in the catalogue */
    struct ll_feature_rows batches;
    int64_t n, fen;
};

struct ll_stat {
    struct ll_as_of as_of;
    enum ll_stat_by by;
    struct ll_stat_source events, reported_grants, reported_loans;
    struct ll_stat_row total,
        *rows; /* rows: in the order of their key; of institutions and products in the order of the league */
    size_t n;
    const struct ll_stat_reason *reasons; /* most first */
    size_t n_reasons;
    const struct ll_stat_event *last; /* the newest first */
    size_t n_last;
};

struct ll_stat_ask {
    struct ll_data *data;
    const struct ll_catalog *cat;
    struct ll_as_of as_of;
    enum ll_stat_by by;
    const char *organisation; /* events of this one only; NULL: all */
    bool public_cells;        /* promise (3) holds */
    const char *only_key;     /* of the rows this one alone; NULL: all */
    size_t last;              /* how many of the last events, LL_STAT_LAST_MAX at most */
};
/* In arena.  LL_NOTFOUND: the catalogue has no such resource. */
int ll_stat_read(const struct ll_stat_ask *a, struct ll_arena *arena, struct ll_stat *ret,
                 struct ll_err *err) LL_MUST;
/* The same by each of several dimensions (a->by is not asked): ret[i] by by[i], all of the one reading of the events. */
int ll_stat_read_each(const struct ll_stat_ask *a, const enum ll_stat_by *by, size_t n,
                      struct ll_arena *arena, struct ll_stat *ret, struct ll_err *err) LL_MUST;
bool ll_stat_by_of(struct ll_str word, enum ll_stat_by *ret);
const char *ll_stat_by_word(enum ll_stat_by by);
/* Promise (3) alone; rows are marked in place. */
void ll_stat_hold_back(struct ll_stat_row *rows, size_t n);

/* How keys are called: statistic_put.c. */
struct ll_stat_names {
    const struct ll_catalog *cat;
    const void *products; /* struct ll_products; NULL: by their code */
};
/* Members of an object that is open; batches: with what it rests on. */
void ll_stat_put(const struct ll_stat *s, const struct ll_stat_names *names, bool batches, struct ll_json *j);
/* Member `key`: the first `most` rows; the hash over the batches of the events (null: none); the last events. */
void ll_stat_put_rows(const struct ll_stat *s, const struct ll_stat_names *names, const char *key,
                      size_t most, struct ll_json *j);
void ll_stat_put_total(const struct ll_stat *s, struct ll_json *j);
void ll_stat_put_hash(const struct ll_stat *s, struct ll_json *j);
void ll_stat_put_last(const struct ll_stat *s, const struct ll_stat_names *names, struct ll_json *j);
/* As a table: titles, a row a key, the sum. */
typedef int ll_stat_row_fn(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err);
int ll_stat_rows(const struct ll_stat *s, const struct ll_stat_names *names, enum ll_lang lang,
                 ll_stat_row_fn *put, void *ctx, struct ll_err *err) LL_MUST;

#endif
