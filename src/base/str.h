/* str.h - a borrowed run of bytes, usually UTF-8.  Never owns; lives as long as what it points into. */
#ifndef LL_BASE_STR_H
#define LL_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ll_str {
    const char *p;
    size_t n;
};

#define LL_STR(lit) ((struct ll_str){(lit), sizeof(lit) - 1})
#define LL_STR_FMT "%.*s"
#define LL_STR_ARG(s) (int)(s).n, (s).p
#define LL_COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct ll_str ll_str(const char *z); /* NULL gives an empty one */
bool ll_str_eq(struct ll_str a, struct ll_str b);
bool ll_str_is(struct ll_str a, const char *z);
int ll_str_cmp(struct ll_str a, struct ll_str b); /* memcmp order, shorter first */
bool ll_str_starts(struct ll_str s, struct ll_str prefix);
bool ll_str_ends(struct ll_str s, struct ll_str suffix);
struct ll_str ll_str_trim(struct ll_str s); /* ASCII space, tab, CR, LF */
/* Cuts s at the first sep: *head before it, *rest after it; false (and *rest empty) when there is none. */
bool ll_str_cut(struct ll_str s, char sep, struct ll_str *head, struct ll_str *rest);
/* Whether word is one of words, which have a space between. */
bool ll_str_has_word(struct ll_str words, struct ll_str word);
/* Whole string as a decimal number within [min, max]; false otherwise. */
bool ll_str_i64(struct ll_str s, int64_t min, int64_t max, int64_t *ret);
uint64_t
ll_str_hash(struct ll_str
                s); /* 64-bit, same on every machine; not for untrusted keys without a cap on chain length */

/* The next code point of s from *at, which moves past it; -1 at the end, 0xFFFD for a broken byte (moves one byte). */
int32_t ll_utf8_next(struct ll_str s, size_t *at);
size_t ll_utf8_put(char out[4], uint32_t cp); /* bytes written; 0 when cp is no scalar value */
size_t ll_utf8_count(struct ll_str s);        /* code points */
/* Offset of the first byte that is not valid UTF-8 (RFC 3629: no surrogates, no overlong forms), or s.n. */
size_t ll_utf8_bad(struct ll_str s);
/* Terminal columns: CJK and full-width count two. */
size_t ll_utf8_width(struct ll_str s);

/* Cuts numbers of more than six digits to their first three: what is kept where identifiers may not be. */
void ll_hide_numbers(char *text);

#endif
