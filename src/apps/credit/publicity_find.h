/* publicity_find.h - what anybody may look up of permits and penalties: what is in its period of publicity today, and nothing else.
 *
 * (1) By document number (whole), credit code (whole) or the beginning of the party's name. Never by an identity number.
 * (2) Natural persons are in no list: their decisions are found by the document number alone, which those concerned have.
 * (3) Of the record the items of grade 1 are given. A natural person's name shows its first character only, also where the texts of the
 *     decision name the person; identity numbers are masked wherever they stand in a text.
 * (4) Whether a record is shown is worked out by publicity.h at every question.
 *
 * Nobody is named in the answer's journal: what is public may be read without a trace (share/open.h does the same). */
#ifndef LL_APPS_CREDIT_PUBLICITY_FIND_H
#define LL_APPS_CREDIT_PUBLICITY_FIND_H

#include "apps/credit/publicity.h"
#include "base/json.h"
#include "catalog/catalog.h"
#include "share/tables.h"

enum ll_public_by { LL_PUBLIC_BY_ANY, LL_PUBLIC_BY_NUMBER, LL_PUBLIC_BY_CODE, LL_PUBLIC_BY_NAME };
enum { LL_PUBLIC_FOUND_MAX = 50, LL_PUBLIC_LOOKED_MAX = 5000, LL_PUBLIC_NAME_MIN = 2 };

/* What it works with; everything borrowed. */
struct ll_public_finder {
    struct ll_txn *tx;
    struct ll_tables *tables;
    const struct ll_catalog *cat;
    const struct ll_public_rules *rules;
    struct ll_arena *arena;
};

struct ll_public_question {
    const struct ll_public_kind *kind; /* NULL: of every kind */
    enum ll_public_by by;              /* ANY: as the text looks; a number that is none is taken for a name */
    struct ll_str text;
    int32_t day;
};

struct ll_public_found {
    const struct ll_public_kind *kind;
    struct ll_public_show show;
    int32_t decided;
    bool person;
    struct ll_str body; /* {"number", "party", ...}: a JSON object */
};

/* The latest decisions first, at most LL_PUBLIC_FOUND_MAX; *more: there are others.  LL_USAGE says what to ask for instead. */
int ll_public_find(const struct ll_public_finder *f, const struct ll_public_question *q,
                   struct ll_public_found **ret, size_t *ret_n, bool *more, struct ll_err *err) LL_MUST;

/* What matters of the record that t stands on. */
void ll_public_facts_of(const struct ll_public_kind *kind, const struct ll_resource *r, struct ll_table *t,
                        struct ll_public_facts *ret);

#endif
