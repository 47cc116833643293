/* complaint_figures.h - complaints in figures: how many, how fast, how content; without anything that is personal.
 *
 * (1) `days` is the median of working days from the complaint to its answer, `rating` the mean of ratings.
 * (2) Where `few` is asked for, a row of fewer than LL_COMPLAINT_LEAST complaints is held back; where one alone would be, the next smallest with it; a
 *     count of fewer in what remains, and a median or mean of fewer, are not told either. */
#ifndef LL_APPS_FINANCE_COMPLAINT_FIGURES_H
#define LL_APPS_FINANCE_COMPLAINT_FIGURES_H

#include "apps/finance/complaint.h"
#include "apps/finance/tbl/complaint_figures.h"

enum { LL_COMPLAINT_LEAST = 3, LL_COMPLAINT_ROWS = 1000 };

enum ll_complaint_by {
#define X(id, ...) LL_COMPLAINT_BY_##id,
    LL_COMPLAINT_DIMENSIONS(X)
#undef X
        LL_COMPLAINT_BY_COUNT
};

struct ll_complaint_row {
    const char *key;
#define X(name, ...) int64_t name;
    LL_COMPLAINT_COUNTS(X)
#undef X
    int64_t days;  /* -1: nothing was answered */
    double rating; /* NAN: nothing was rated */
    bool held_back;
};

struct ll_complaint_ask {
    enum ll_complaint_by by;
    const char *organisation; /* about this one only; NULL: all */
    const char *from, *to;    /* months of receipt, "2026-01"; NULL: whenever */
    const char *only_key;     /* of the rows this one alone; NULL: all */
    bool few;                 /* promise (2) */
};
struct ll_complaint_figures {
    enum ll_complaint_by by;
    struct ll_complaint_row total, *rows; /* rows: by key */
    size_t n;
    bool few;
};
/* In env->arena.  LL_USAGE: no month; LL_TOOBIG: more keys than LL_COMPLAINT_ROWS. */
int ll_complaint_figures_read(const struct ll_complaint_env *env, const struct ll_complaint_ask *a,
                              struct ll_complaint_figures *ret, struct ll_err *err) LL_MUST;
bool ll_complaint_by_of(struct ll_str word, enum ll_complaint_by *ret);
const char *ll_complaint_by_word(enum ll_complaint_by by);
/* Promise (2) of rows alone; marked in place. */
void ll_complaint_hold_back(struct ll_complaint_row *rows, size_t n);

/* Members of an object that is open. */
void ll_complaint_figures_put(const struct ll_complaint_env *env, const struct ll_complaint_figures *f,
                              struct ll_json *j);
/* As a table: titles, a row a key, the sum. */
typedef int ll_complaint_row_fn(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err);
int ll_complaint_figures_rows(const struct ll_complaint_env *env, const struct ll_complaint_figures *f,
                              enum ll_lang lang, ll_complaint_row_fn *put, void *ctx,
                              struct ll_err *err) LL_MUST;

#endif
