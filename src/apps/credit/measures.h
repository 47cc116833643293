/* measures.h - lists of reward and punishment (联合奖惩) and the measures that go with them, as pack `credit` has them.
 *
 * lists.csv: a list is red, dishonesty or focus.  Whom it holds follows from a rule (records of a resource, by the value of an item, the latest of them
 * only, for so many months from a day) or, where it names no resource, from documents that decided it (listing.h).
 * measures.csv: what may be done, with its legal basis.  list_measures.csv: which measures go with a list, or with every list of a kind.
 * Each row says how far it may be trusted; nothing of it stands in code. */
#ifndef LL_APPS_CREDIT_MEASURES_H
#define LL_APPS_CREDIT_MEASURES_H

#include "base/arena.h"
#include "base/err.h"
#include "store/store.h"

struct ll_credit_list {
    const char *name, *kind, *title, *title_en, *authority;
    bool agencies; /* told to agencies only, not to consumers of other kinds */
    const char *resource, *item, *values, *latest_by,
        *date_item; /* "" where the rule has none of that; values: codes, '|' between */
    int64_t months; /* from date_item; 0: as long as the record is there */
    const char *legal_basis, *basis, *source;
};

struct ll_credit_measure {
    const char *name, *kind, *title, *title_en, *grade, *legal_basis, *basis,
        *source; /* grade: of the official list */
};

struct ll_credit_link {
    const char *list, *measure; /* list: its name, or a kind of lists */
};

struct ll_credit_rules {
    struct ll_credit_list *lists;
    struct ll_credit_measure *measures;
    struct ll_credit_link *links;
    size_t n_lists, n_measures, n_links;
};

enum { LL_CREDIT_LISTS_MAX = 200, LL_CREDIT_MEASURES_MAX = 200, LL_CREDIT_LINKS_MAX = 2000 };

/* In arena.  LL_NOTFOUND: the pack is not loaded. */
int ll_credit_rules_read(struct ll_txn *tx, struct ll_arena *arena, struct ll_credit_rules *ret,
                         struct ll_err *err) LL_MUST;
const struct ll_credit_list *ll_credit_list_find(const struct ll_credit_rules *r, const char *name);
const struct ll_credit_measure *ll_credit_measure_find(const struct ll_credit_rules *r, const char *name);
bool ll_credit_goes_with(const struct ll_credit_rules *r, const struct ll_credit_list *list,
                         const struct ll_credit_measure *measure);

#endif
