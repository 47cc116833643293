/* header.h - how alike two column headers are in meaning, and what a header would be called in English. */
#ifndef LL_CATALOG_HEADER_H
#define LL_CATALOG_HEADER_H

#include "base/str.h"

enum { LL_HEADER_WORDS_MAX = 24, LL_HEADER_TEXT = 128 };

/* A header cut into words.  Brackets and what is in them are not part of it; a unit in brackets is told. */
struct ll_header {
    char text[LL_HEADER_TEXT]; /* half width, small letters, without blanks and marks */
    struct {
        int word;        /* group of tbl/header_words.h, or -1: a character or ASCII word that is in none */
        struct ll_str s; /* in text */
    } words[LL_HEADER_WORDS_MAX];
    size_t n;
    const char *unit; /* "万元" when the header says so; NULL otherwise */
};

void ll_header_read(struct ll_str raw, struct ll_header *ret);
/* 0 to 1.  1: the same text; about 0.9: the same words in other spellings.  The last word is what a header is about, so headers
 * that end differently are never close. */
double ll_header_alike(const struct ll_header *a, const struct ll_header *b);
/* Whether one of its words is in the group whose English is `english`. */
bool ll_header_has(const struct ll_header *h, const char *english);
bool ll_header_ends(const struct ll_header *h, const char *english);
/* A name from the English of its words: "enterprise_name"; false when nothing of it has any. */
bool ll_header_name(const struct ll_header *h, char out[49]);

#endif
