/* csv.h - reads delimited text (RFC 4180 and what departments make of it) from memory, a record at a time.
 *
 * (1) Every byte belongs to exactly one record; nothing is skipped silently.
 * (2) A quote opens a quoted cell only as the first byte of the cell; elsewhere it is an ordinary byte.
 * (3) A quoted cell whose quote never closes within `max_record` bytes (or before the end of the input) makes
 *     a record of that one physical line, marked LL_CSV_OPEN_QUOTE; reading goes on at the next line.  So does one that is
 *     closed on a later line by a quote that text follows at once: that is the opening quote of another cell.
 * (4) A cell with text after its closing quote ("a"b,) is not quoted: it is kept as it stands, quotes and all, and marked
 *     LL_CSV_STRAY.  Blanks alone after the closing quote are dropped.
 * (5) A record that does not end within max_record bytes otherwise makes a record of its first physical line, marked
 *     LL_CSV_LONG, whose cells are not split and whose raw is cut at max_record.
 * (6) Records do not depend on how the input is cut into chunks, and time is linear whatever the input.
 *
 * Used for pack files and, chunk by chunk, for deliveries.  Bytes are not interpreted: charset is the caller's. */
#ifndef LL_BASE_CSV_H
#define LL_BASE_CSV_H

#include "base/str.h"

struct ll_csv_dialect {
    char delim; /* ',' '\t' ';' '|' ... */
    char quote; /* '"' or 0 for none */
};

enum ll_csv_mark { LL_CSV_OPEN_QUOTE = 1, LL_CSV_STRAY = 2, LL_CSV_LONG = 4, LL_CSV_NUL = 8 };

struct ll_csv {
    const char *p, *end; /* input not yet read */
    const char *base;    /* start of the input, for offsets */
    struct ll_csv_dialect d;
    bool last;         /* end is the end of the input; otherwise an unfinished record is left unread */
    size_t max_record; /* default 16 MiB */
    uint64_t line;     /* physical line number of the next record, from 1 */
    char *scratch;     /* holds cells whose doubled quotes were undone; owned */
    size_t scratch_cap;
    bool in_long;     /* the rest of a line marked LL_CSV_LONG is still to be passed over */
    const char *seen; /* what keeps (6): up to here no record that began before it ends ... */
    int seen_in;      /* ... and this is what it is within (csv.c, enum within) */
};

struct ll_csv_record {
    struct ll_str *cells; /* owned by the record; each cell borrows from the input or the parser's scratch */
    size_t n, cap;
    unsigned marks;    /* enum ll_csv_mark */
    uint64_t line;     /* physical line it starts on */
    struct ll_str raw; /* the bytes of the record without its line end */
};

void ll_csv_init(struct ll_csv *c, const void *p, size_t n, struct ll_csv_dialect d, bool last);
/* Goes on with the next chunk: p starts with the bytes that were left unread (from c->p), wherever they lie now. */
void ll_csv_feed(struct ll_csv *c, const void *p, size_t n, bool last);
void ll_csv_free(struct ll_csv *c);
void ll_csv_record_free(struct ll_csv_record *r);
/* 1: *r holds a record (its cells are valid until the next call); 0: no whole record is left; LL_NOMEM.
 * An empty line is a record of one empty cell. */
int ll_csv_next(struct ll_csv *c, struct ll_csv_record *r);

struct ll_csv_count {
    uint64_t records; /* those that are not empty lines */
    uint64_t blank;   /* empty lines */
};

/* Passes over the records that ll_csv_next would read, several times as fast, and adds them to *count: all that start before
 * `stop`.  1: the next record starts at or after stop; 0: no whole record is left before it; LL_NOMEM.  *r is for its own use. */
int ll_csv_skip(struct ll_csv *c, const char *stop, struct ll_csv_count *count, struct ll_csv_record *r);

#endif
