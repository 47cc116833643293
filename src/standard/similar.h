/* similar.h - how alike two texts are, and what of a firm's name tells firms apart.  Pure functions.
 *
 * All count characters, not bytes: 庐 and 卢 differ by one.  Texts longer than LL_SIMILAR_MAX characters are compared by their beginning. */
#ifndef LL_STANDARD_SIMILAR_H
#define LL_STANDARD_SIMILAR_H

#include "base/buf.h"
#include "base/str.h"

enum { LL_SIMILAR_MAX = 256 };

/* Jaro's similarity with Winkler's bonus of 0.1 for each of at most four first characters that agree: 0 to 1, 1 for equal texts only. */
double ll_similar_names(struct ll_str a, struct ll_str b);
/* Insertions, deletions, substitutions and swaps of neighbours between them (optimal string alignment). */
unsigned ll_similar_edits(struct ll_str a, struct ll_str b);
/* Dice's coefficient of their sets of tokens: words and numbers of Latin text, pairs of neighbouring Chinese characters (a character that
 * stands alone is a token). */
double ll_similar_tokens(struct ll_str a, struct ll_str b);

/* The part of a firm's name that its owner chose: without the region before it (江西省吉安市), brackets that only name a region, and the form of
 * organisation after it (有限责任公司, 经营部 ...).  The whole name when nothing else would be left.  Replaces the content of out. */
void ll_company_core(struct ll_str name, struct ll_buf *out);

#endif
