/* xlsx_strings.h - the shared strings of a workbook: every text that its cells name by index, in one compact run of bytes.
 * Read-only once loaded, so readers in several threads may share it. */
#ifndef LL_INTAKE_XLSX_STRINGS_H
#define LL_INTAKE_XLSX_STRINGS_H

#include "intake/decode/xlsx_zip.h"

#define LL_XLSX_STRINGS_HELD ((size_t)512 << 20) /* bytes of text and index kept in memory */

struct ll_xlsx_strings;

/* part NULL: a workbook without shared strings.  Rich text is joined, phonetic guides are left out. */
int ll_xlsx_strings_load(struct ll_xlsx_strings **ret, struct ll_xlsx_zip *z, const char *part,
                         struct ll_err *err) LL_MUST;
struct ll_xlsx_strings *ll_xlsx_strings_free(struct ll_xlsx_strings *s); /* NULL is fine; returns NULL */

size_t ll_xlsx_strings_count(const struct ll_xlsx_strings *s);
/* Borrowed: lives as long as s.  i must be below the count. */
struct ll_str ll_xlsx_string(const struct ll_xlsx_strings *s, size_t i);

#endif
