/* xlsx_styles.h - what a cell's style says about its number: is it a day, a time of day, an instant, a duration, or a number whose
 * leading zeros matter. */
#ifndef LL_INTAKE_XLSX_STYLES_H
#define LL_INTAKE_XLSX_STYLES_H

#include "intake/decode/xlsx_zip.h"

enum ll_xlsx_look {
    LL_XLSX_NUMBER,
    LL_XLSX_DATE,
    LL_XLSX_TIME,
    LL_XLSX_DATETIME,
    LL_XLSX_ELAPSED, /* [h]:mm:ss counts beyond 24 hours */
    LL_XLSX_PADDED   /* 000000 */
};

struct ll_xlsx_format {
    unsigned char look;   /* enum ll_xlsx_look */
    unsigned char digits; /* PADDED: how many; times: shown after the second (0 to 3) */
};

/* Looks through a number format code as spreadsheets define it (ECMA-376 part 1, 18.8.31): quoted and escaped text, colours,
 * conditions and locales aside; yyyy"年"m"月"d"日" is a date, 0.00"年" is none. */
struct ll_xlsx_format ll_xlsx_format_of(struct ll_str code);
/* The formats that have an id and no code (18.8.30), with those of Chinese editions (27 to 36, 50 to 58). */
struct ll_xlsx_format ll_xlsx_format_builtin(unsigned id);

struct ll_xlsx_styles;
/* part NULL: a workbook without styles. */
int ll_xlsx_styles_load(struct ll_xlsx_styles **ret, struct ll_xlsx_zip *z, const char *part,
                        struct ll_err *err) LL_MUST;
struct ll_xlsx_styles *ll_xlsx_styles_free(struct ll_xlsx_styles *s); /* NULL is fine; returns NULL */
/* Of style number i of a cell; a plain number when there is no such style. */
struct ll_xlsx_format ll_xlsx_style(const struct ll_xlsx_styles *s, size_t i);

#endif
