/* codes.h - a closed list of codes in memory: look-up by code, by title, by synonym.  Immutable once built; safe from any thread. */
#ifndef LL_STANDARD_CODES_H
#define LL_STANDARD_CODES_H

#include "base/arena.h"
#include "base/err.h"

struct ll_code {
    struct ll_str code, title, title_en, parent;
    bool historical;
};

struct ll_codeset;

/* Everything is copied into arena, where the set lives too.  size_hint: how many codes will come. */
struct ll_codeset *ll_codeset_new(struct ll_arena *arena, const char *name, size_t size_hint);
/* synonyms: divided by '|'.  LL_CONFLICT when the code is there already. */
int ll_codeset_add(struct ll_codeset *cs, const struct ll_code *c, struct ll_str synonyms,
                   struct ll_err *err) LL_MUST;
const char *ll_codeset_name(const struct ll_codeset *cs);
size_t ll_codeset_size(const struct ll_codeset *cs);
const struct ll_code *ll_codeset_at(const struct ll_codeset *cs, size_t i); /* in the order added */
const struct ll_code *ll_codeset_by_code(const struct ll_codeset *cs, struct ll_str code);
/* By code, then title, then synonym, then code or title with blanks and full width normalised, then as "code title"; NULL when none fits.  A title
 * that several codes share finds none (it would be a guess). */
const struct ll_code *ll_codeset_resolve(const struct ll_codeset *cs, struct ll_str raw);

#endif
