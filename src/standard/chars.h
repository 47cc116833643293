/* chars.h - what a character is to the converters.  For src/standard alone. */
#ifndef LL_STANDARD_CHARS_H
#define LL_STANDARD_CHARS_H

#include "base/str.h"

enum ll_char_class {
    LL_CHAR_VISIBLE,
    LL_CHAR_BLANK,    /* takes room and shows nothing */
    LL_CHAR_INVISIBLE /* takes no room: left over from other programs, never meant */
};

enum ll_char_class ll_char_class(uint32_t cp);
/* Chinese characters, and the punctuation and full-width forms that stand among them without a blank. */
bool ll_char_chinese(uint32_t cp);

static inline uint32_t ll_char_narrow(uint32_t cp) /* Ａ to A; others as they are */
{
    return cp >= 0xff01 && cp <= 0xff5e ? cp - 0xfee0 : cp;
}

/* The next character, or -1 at the end.  A byte that is not UTF-8 gives -2 and moves one byte, so that it is told from a
 * U+FFFD that was really written. */
static inline int32_t ll_char_next(struct ll_str s, size_t *at)
{
    size_t from = *at;
    int32_t cp = ll_utf8_next(s, at);

    return cp == 0xfffd && *at == from + 1 ? -2 : cp;
}

/* Without blanks and invisible characters at both ends. */
struct ll_str ll_char_trim(struct ll_str s);

/* Whether s starts with a word given in upper case; s's own ASCII letters may be in either. */
bool ll_starts_upper(struct ll_str s, struct ll_str upper);

/* One of the words by which people say that there is nothing (N/A, -, 无, ...), or no character at all. */
bool ll_word_empty(struct ll_str s);

#endif
