/* quarantine.h - the refused rows of a batch: a page of them to look at, and a file to correct and deliver again.
 *
 * The file has the source's own columns in their order, then what Luling adds: _batch and _row (so that a corrected row closes the one
 * it mends) and the reasons.  Cells that a spreadsheet would run as formulas are defused. */
#ifndef LL_INTAKE_QUARANTINE_H
#define LL_INTAKE_QUARANTINE_H

#include "intake/batch.h"

/* One refused row; everything is borrowed for the call. */
struct ll_refused {
    int64_t row, line;
    struct ll_str codes, zh, en; /* codes: JSON array */
    struct ll_str
        each; /* JSON array beside codes: {code, zh, en, items}; p NULL in batches of before there was one */
    struct ll_str *cells; /* p NULL: missing */
    size_t n;
    bool closed; /* a later batch mended it */
};
typedef int ll_refused_fn(void *ctx, const struct ll_refused *r, struct ll_err *err);

struct ll_quarantine {
    struct ll_str *columns; /* the source's, in arena */
    size_t n_columns;
    int64_t total, open;
};
/* Columns and counts; LL_NOTFOUND when there is no such batch. */
int ll_quarantine_open(struct ll_data *d, const char *batch, struct ll_arena *arena,
                       struct ll_quarantine *ret, struct ll_err *err) LL_MUST;
/* Calls fn for the rows in the source's order; only the open ones with `open_only`; limit < 0: all. */
int ll_quarantine_each(struct ll_data *d, const char *batch, bool open_only, int64_t offset, int64_t limit,
                       ll_refused_fn *fn, void *ctx, struct ll_err *err) LL_MUST;

/* The file line by line, the header first, then the rows that are still open: the source's columns, batch, row, line, reasons.  The
 * cells are not defused; n is the same for every line. */
typedef int ll_quarantine_line(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err);
int ll_quarantine_lines(struct ll_data *d, const char *batch, enum ll_lang lang, ll_quarantine_line *fn,
                        void *ctx, struct ll_err *err) LL_MUST;

/* The whole file as CSV (UTF-8 with BOM, as spreadsheets want it), piece by piece. */
typedef int ll_quarantine_write(void *ctx, struct ll_str piece, struct ll_err *err);
int ll_quarantine_csv(struct ll_data *d, const char *batch, enum ll_lang lang, ll_quarantine_write *write,
                      void *ctx, struct ll_err *err) LL_MUST;

#endif
