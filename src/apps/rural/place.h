/* place.h - in which household a person is on a day, from what was registered of him and what changed since: a pure function.
 *
 * (1) A person is in one household or in none, on every day: of contradicting facts the later one counts, of the same day a change before what
 *     the register says, then the greater number.  The order in which facts are given makes no difference.
 * (2) A split, a merge and a move take a person from one household to another; only a death, a removal and the end of a registration take him
 *     out of all.  The dead stay dead.
 * (3) A merge of whole households is a fact of the household: it takes with it whoever is there on that day. */
#ifndef LL_APPS_RURAL_PLACE_H
#define LL_APPS_RURAL_PLACE_H

#include "base/err.h"
#include "base/str.h"

enum ll_place_kind {
    LL_PLACE_ROW,   /* the register says: from this day in household `to` */
    LL_PLACE_END,   /* the register says: on this day no longer in household `to` */
    LL_PLACE_TO,    /* split, moved, joined: from this day in household `to` */
    LL_PLACE_LEAVE, /* moved away */
    LL_PLACE_DEATH
};

struct ll_place_fact {
    struct ll_str day; /* 2026-05-01 */
    enum ll_place_kind kind;
    struct ll_str to;
};

enum { LL_PLACE_FACTS_MAX = 64, LL_PLACE_MERGES_MAX = 16 };

/* The first day from `from` on (strictly: after it) on which the whole of a household became part of another; 1 and both filled in, 0: none. */
typedef int ll_place_merge_fn(void *ctx, struct ll_str household, struct ll_str from, bool strictly,
                              struct ll_str *day, struct ll_str *to, struct ll_err *err);

struct ll_place {
    struct ll_str household; /* n 0: in none */
    struct ll_str since;
    bool dead;
};

/* Sorts facts.  Texts of *ret are those of the facts and of merge. */
int ll_place_of(struct ll_place_fact *facts, size_t n, struct ll_str day, ll_place_merge_fn *merge, void *ctx,
                struct ll_place *ret, struct ll_err *err) LL_MUST;

#endif
