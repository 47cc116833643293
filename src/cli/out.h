/* out.h - what commands print: one code path makes the aligned table, the card of one object, and the JSON.
 *
 * (1) Everything goes to c->out and reaches standard output through ll_out_flush, which reports a full disk or a closed pipe.
 * (2) Columns are aligned by terminal width, in which a Chinese character counts two.
 * (3) With --json a table is an array of objects and a card one object, keyed by the columns' keys, numbers as numbers.
 * (4) Text from data is shown without control characters, so that a value cannot drive the terminal. */
#ifndef LL_CLI_OUT_H
#define LL_CLI_OUT_H

#include "base/json.h"
#include "cli/command.h"

enum ll_align { LL_LEFT, LL_RIGHT };

struct ll_column {
    const char *key;     /* in JSON */
    const char *zh, *en; /* heading */
    enum ll_align align;
};

struct ll_grid;

/* The columns are borrowed until ll_grid_end.  Cells are given row by row, left to right; memory that runs out is
 * told by ll_grid_end. */
struct ll_grid *ll_grid_new(struct ll_cli *c, const struct ll_column *columns, size_t n);
void ll_grid_str(struct ll_grid *t, struct ll_str s); /* p NULL: nothing there (null in JSON) */
void ll_grid_z(struct ll_grid *t, const char *z);     /* NULL: nothing there */
void ll_grid_int(struct ll_grid *t, int64_t v);       /* 1,234,567 in text */
void ll_grid_num(struct ll_grid *t, double v, int decimals);
void ll_grid_bool(struct ll_grid *t, bool v); /* 是/否, yes/no */
void ll_grid_time(struct ll_grid *t,
                  int64_t ms); /* local time in text, UTC instant in JSON; 0: nothing there */
/* A word of a closed list: its title in text, the word itself in JSON. */
void ll_grid_word(struct ll_grid *t, const char *word, const char *title);
/* JSON that stands for the value in --json, beside the text shown otherwise. */
void ll_grid_raw(struct ll_grid *t, struct ll_str text, struct ll_str json);
size_t ll_grid_rows(const struct ll_grid *t); /* so far */
/* Prints and frees. */
int ll_grid_end(struct ll_grid *t, struct ll_err *err) LL_MUST;
/* The same after work that may have failed: prints on rc LL_OK, or when it failed but rows had come before (a list that
 * breaks off is still worth seeing).  Returns rc, or why it could not be printed. */
int ll_grid_done(struct ll_grid *t, int rc, struct ll_err *err) LL_MUST;
/* The same for a single row: "heading: value" lines, or one object. */
int ll_grid_end_card(struct ll_grid *t, struct ll_err *err) LL_MUST;

/* A line of text in the language of output; nothing with --json. */
void ll_out_line(struct ll_cli *c, const char *zh, const char *en, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
/* Writes what c->out holds to standard output and empties it.  Call it between parts of a long output. */
int ll_out_flush(struct ll_cli *c, struct ll_err *err) LL_MUST;

void ll_out_safe(struct ll_buf *out,
                 struct ll_str s); /* s without control characters; line ends become blanks */
void ll_out_thousands(struct ll_buf *out, int64_t v); /* 1,234,567 */
void ll_out_pad(struct ll_buf *out, size_t columns);  /* that many blanks */
enum { LL_LOCAL_TEXT = 32 };
const char *ll_out_local(int64_t ms, char out[LL_LOCAL_TEXT]); /* 2026-11-23 08:15:30 in local time */
void ll_out_bytes(struct ll_buf *out, uint64_t bytes);         /* 1.5 GiB */
/* s wrapped at `width` columns with `indent` blanks before each line; Chinese breaks between any two characters. */
void ll_out_wrap(struct ll_buf *out, struct ll_str s, size_t indent, size_t width);

#endif
