/* buf.h - a growing run of bytes with a stated ceiling.  After a failed growth the buffer stays valid, `failed` is
 * set and further appends do nothing, so a writer checks once, at the end. */
#ifndef LL_BASE_BUF_H
#define LL_BASE_BUF_H

#include "base/str.h"

#include <stdarg.h>

struct ll_buf {
    char *p; /* NUL-terminated after every append; NULL when nothing was appended */
    size_t n, cap, ceiling;
    bool failed;
};

#define LL_BUF_INIT(max) ((struct ll_buf){.ceiling = (max)})

void ll_buf_free(struct ll_buf *b); /* leaves it ready for use again */
void ll_buf_clear(struct ll_buf *b);
bool ll_buf_reserve(struct ll_buf *b, size_t more);
void ll_buf_add(struct ll_buf *b, const void *p, size_t n);
void ll_buf_str(struct ll_buf *b, struct ll_str s);
void ll_buf_z(struct ll_buf *b, const char *z);
void ll_buf_c(struct ll_buf *b, char c);
void ll_buf_printf(struct ll_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void ll_buf_vprintf(struct ll_buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
struct ll_str ll_buf_view(const struct ll_buf *b);

/* Writers for the formats we produce everywhere; each quotes and escapes as its format demands. */
void ll_buf_json(struct ll_buf *b, struct ll_str s); /* "..." ; broken UTF-8 becomes U+FFFD */
void ll_buf_html(struct ll_buf *b, struct ll_str s); /* & < > " ' escaped */
/* %XX for what RFC 3986 section 2.3 does not leave as it is, but for the characters of `keep` (""). */
void ll_buf_percent(struct ll_buf *b, struct ll_str s, const char *keep);
void ll_buf_sql(struct ll_buf *b,
                struct ll_str s); /* '...' with '' : literals of generated DuckDB SQL only */
void ll_buf_sql_name(struct ll_buf *b, struct ll_str s); /* "..." with "" */
/* A CSV cell, quoted where needed.  With `defuse`, a cell that a spreadsheet would run as a formula
 * (= + - @ TAB CR first, unless it is a plain number) gets a leading apostrophe. */
void ll_buf_csv(struct ll_buf *b, struct ll_str s, bool defuse);
void ll_buf_csv_row(struct ll_buf *b, const struct ll_str *cells,
                    size_t n); /* a line of such cells, defused */

#endif
