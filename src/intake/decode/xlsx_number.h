/* xlsx_number.h - the text of a number cell: what a person would type to get it, never what the screen rounds it to.
 *
 * numbers    the shortest decimal that reads back the same, without exponent between 1e-9 and 1e21
 * days       2023-05-01; instants 2023-05-01 08:30:00; times of day 08:30:00; durations 36:00:00
 * 00123      a format of zeros only (000000) is an identifier's: the zeros are kept
 * 1900-02-29 the day that the 1900 system has and the calendar has not, and 1900-01-00 for zero, appear as spreadsheets show them, so
 *            that a check names them instead of a shifted day passing for a real one */
#ifndef LL_INTAKE_XLSX_NUMBER_H
#define LL_INTAKE_XLSX_NUMBER_H

#include "base/str.h"
#include "intake/decode/xlsx_styles.h"

enum { LL_XLSX_NUMBER_TEXT = 64 };

enum ll_xlsx_number {
    LL_XLSX_NUMBER_OK,
    LL_XLSX_NUMBER_BAD, /* no number at all */
    LL_XLSX_NUMBER_DIGITS /* 16 digits or more: a spreadsheet keeps 15, so the last ones are not to be trusted */
};

/* value: the text of the cell's <v>.  *ret_n bytes in out; also when digits were lost.  *ret_day: it is a date or time. */
enum ll_xlsx_number ll_xlsx_number_text(struct ll_str value, struct ll_xlsx_format f, bool epoch1904,
                                        char out[LL_XLSX_NUMBER_TEXT], size_t *ret_n, bool *ret_day);
/* A cell of type "d" (ISO 8601, strict workbooks): T, Z and zero fractions go; a midnight of a date format goes too. */
size_t ll_xlsx_iso_text(struct ll_str value, struct ll_xlsx_format f, char out[LL_XLSX_NUMBER_TEXT]);

#endif
