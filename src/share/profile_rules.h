/* profile_rules.h - what packs declare for the profile of a subject: which dates make its timeline (timeline.csv), and which items tie it to
 * others (relations.csv).  The files' form, and that their items can say it, was checked when the pack was loaded (catalog/pack_profile.c). */
#ifndef LL_SHARE_PROFILE_RULES_H
#define LL_SHARE_PROFILE_RULES_H

#include "catalog/catalog.h"
#include "store/store.h"

enum { LL_TIMELINE_RULES_MAX = 1000, LL_RELATION_RULES_MAX = 200, LL_SHOWS_MAX = 16 };

/* Items that are shown, by their places in the resource. */
struct ll_shown_items {
    size_t at[LL_SHOWS_MAX];
    size_t n;
};

enum ll_precision { LL_BY_DAY, LL_BY_MONTH, LL_BY_YEAR };
const char *ll_precision_name(enum ll_precision p);

struct ll_timeline_rule {
    const struct ll_resource *resource;
    size_t item; /* the date */
    enum ll_precision precision;
    const char *kind, *what, *what_en, *tone, *basis; /* tone "": plain */
    struct ll_shown_items shows;
};

/* `from` is what from_is says to `to`, which is to_is to it: a shareholder (from) to the body it invested in (to). */
struct ll_relation_rule {
    const struct ll_resource *resource;
    const char *relation, *from_is, *from_is_en, *to_is, *to_is_en, *basis;
    size_t from, to;
    int from_name, to_name; /* items; -1: none */
    struct ll_shown_items shows;
};

struct ll_profile_rules {
    struct ll_timeline_rule *timeline;
    size_t n_timeline;
    struct ll_relation_rule *relations;
    size_t n_relations;
};

/* Of every pack; rows whose resource or item the catalogue lacks are left out.  In arena; texts of the catalogue are borrowed. */
int ll_profile_rules_read(struct ll_txn *tx, const struct ll_catalog *cat, struct ll_arena *arena,
                          struct ll_profile_rules *ret, struct ll_err *err) LL_MUST;

/* Title of a kind of fact (catalog/tbl/timeline_kinds.h); the kind itself where there is none. */
const char *ll_timeline_kind_title(const char *kind, enum ll_lang lang);
const char *ll_timeline_kind_at(size_t at); /* in the order of the table; NULL: past its end */

#endif
