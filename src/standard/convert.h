/* convert.h - turns what departments write into the standard's form.  Pure functions; out buffers are the caller's.
 *
 * Each returns LL_CV_OK, LL_CV_EMPTY (nothing there: blank, or one of the usual words for nothing), or LL_CV_BAD. */
#ifndef LL_STANDARD_CONVERT_H
#define LL_STANDARD_CONVERT_H

#include "base/buf.h"
#include "base/str.h"

enum ll_cv { LL_CV_OK, LL_CV_EMPTY, LL_CV_BAD };

__extension__ typedef __int128 ll_i128; /* holds every decimal(38,s) */

/* Text: invisible characters (BOM, zero-width, bidi marks, control) removed, blanks (incl. U+3000, NBSP) trimmed and runs of
 * them made one space.  When nothing needs to change *out borrows from raw and scratch is untouched (the usual case);
 * otherwise scratch's content is replaced and *out borrows from it.  What is not UTF-8 is LL_CV_BAD. */
enum ll_cv ll_cv_text(struct ll_str raw, struct ll_buf *scratch, struct ll_str *out);
/* The same, and full-width ASCII (Ａ１（）) made half width. */
enum ll_cv ll_cv_narrow(struct ll_str raw, struct ll_buf *scratch, struct ll_str *out);
/* Company names: as text; brackets to full width （）, letters and digits to half width, inner blanks removed between Chinese
 * characters; 有限责任公司 and 有限公司 stay distinct. */
enum ll_cv ll_cv_company(struct ll_str raw, struct ll_buf *scratch, struct ll_str *out);
/* Mainland mobile and fixed numbers to digits (+86, 0086, blanks, hyphens, full width removed; fixed lines keep the hyphen
 * after the area code and before the extension: 0796-8223344-801).  Also local numbers without an area code, 400 and 800
 * numbers, and the 95xxx and 96xxx of banks and the like.  Two numbers in one cell are LL_CV_BAD. */
enum ll_cv ll_cv_phone(struct ll_str raw, struct ll_buf *scratch, struct ll_str *out);
/* Addresses: half width, blanks next to Chinese characters removed, 号 forms unified (12#, 12號, №12). */
enum ll_cv ll_cv_address(struct ll_str raw, struct ll_buf *scratch, struct ll_str *out);

/* 2023年5月1日, 二〇二三年五月一日, 2023/5/1, 2023-05-01, 2023.5.1, 20230501, 2023-05-01 00:00:00, Excel serials (20000..80000), ISO with T/Z.
 * Days since 1970-01-01. */
enum ll_cv ll_cv_date(struct ll_str raw, int32_t *days);
/* Microseconds since 1970 without zone (local time as written); a date alone is midnight. */
enum ll_cv ll_cv_datetime(struct ll_str raw, int64_t *us);

/* A plain number with sign, thousands separators (1,234 or 1，234), full width digits, % (divides by 100). Value times 10^scale,
 * rounded half away from zero; LL_CV_BAD when it does not fit. */
enum ll_cv ll_cv_decimal(struct ll_str raw, unsigned scale, ll_i128 *ret);
enum ll_cv ll_cv_integer(struct ll_str raw, int64_t *ret);

/* An amount of money in any of the usual spellings, to yuan times 10^scale: 46.7000(万元人民币), 1万人民币, 2,048.7000(万元人民币), 100万元, 5亿,
 * ￥1,234.50, 人民币壹佰万元整, 1万港元.  unit: what a number alone is in ("万元", "元").  currency gets the ISO 4217 letters ("CNY" when none is
 * written); nothing is converted between currencies. */
enum ll_cv ll_cv_amount(struct ll_str raw, struct ll_str unit, unsigned scale, ll_i128 *ret,
                        char currency[4]);
/* 是/否, 有/无, Y/N, true/false, 1/0. */
enum ll_cv ll_cv_boolean(struct ll_str raw, bool *ret);

/* Prints value / 10^scale as decimal text; returns the length (at most 44). */
size_t ll_decimal_text(ll_i128 value, unsigned scale, char out[48]);
/* 2023-05-01 */
size_t ll_date_text(int32_t days, char out[16]);
size_t ll_datetime_text(int64_t us, char out[32]); /* "2026-11-23T08:15:30"; microseconds since 1970 */

#endif
