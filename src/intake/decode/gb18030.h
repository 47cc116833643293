/* gb18030.h - GB 18030 to UTF-8: a table for the two-byte characters, made from the C library's own converter. */
#ifndef LL_INTAKE_DECODE_GB18030_H
#define LL_INTAKE_DECODE_GB18030_H

#include "base/err.h"
#include "base/str.h"

struct ll_gb18030;

int ll_gb18030_open(struct ll_gb18030 **ret, struct ll_err *err) LL_MUST;
struct ll_gb18030 *ll_gb18030_close(struct ll_gb18030 *g); /* NULL is fine; returns NULL */

/* The character that s starts with (s.n > 0): its length in bytes and its code point; 0 when there is none, in which case
 * *short_by says that more bytes could make one. */
size_t ll_gb18030_next(const struct ll_gb18030 *g, struct ll_str s, uint32_t *cp, bool *short_by);

/* By form alone, without a table: the length of the sequence at p, or 0. */
size_t ll_gb18030_form(const unsigned char *p, size_t n);

#endif
