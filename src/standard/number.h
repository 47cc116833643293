/* number.h - exact decimal numbers while they are being read.  For src/standard alone. */
#ifndef LL_STANDARD_NUMBER_H
#define LL_STANDARD_NUMBER_H

#include "standard/convert.h"

__extension__ typedef unsigned __int128 ll_u128;

/* m * 10^exp, and what was cut behind it */
struct ll_number {
    ll_u128 m;
    int exp;
    bool cut, half; /* m holds not all digits of the text; the first one left out is 5 or more */
};

enum { LL_NUMBER_DIGITS = 38 }; /* m has at most these */

/* Reads digits with thousands separators, a point and an exponent (1,234.50 1，234 1.5E3; full width too) from *at.  False, with
 * *at unchanged, when no well-formed number stands there. */
bool ll_number_read(struct ll_str s, size_t *at, struct ll_number *ret);
/* a + b exactly; false when that needs more digits than there are, or when digits of one were cut. */
bool ll_number_add(struct ll_number *a, struct ll_number b);
/* To an integer times 10^-scale, rounded half away from zero; false when it does not fit 38 digits. */
bool ll_number_round(struct ll_number v, bool minus, unsigned scale, ll_i128 *ret);

#endif
