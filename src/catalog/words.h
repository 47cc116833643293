/* words.h - text as the search index sees it.
 *
 * Chinese has no blanks between words, so a run of Chinese characters becomes overlapping pairs and its last character:
 * 信用信息 -> 信用 用信 信息 息.  Two characters, the usual length of a word, are then one look-up, a longer text is a phrase of pairs,
 * and a single character is a prefix.  Runs of letters and digits are words, in small letters and half width. */
#ifndef LL_CATALOG_WORDS_H
#define LL_CATALOG_WORDS_H

#include "base/buf.h"

/* Appends the words of text, each followed by a blank. */
void ll_words_index(struct ll_str text, struct ll_buf *out);
/* The same text as an FTS5 query: every run must be there (any: it is enough that some pair is).  Appends nothing when text has
 * nothing to look for. */
void ll_words_query(struct ll_str text, bool any, struct ll_buf *out);

#endif
