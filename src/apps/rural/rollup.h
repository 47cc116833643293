/* rollup.h - every household at once, by the rules of household.h: each resource once, then settled household by household (settle.h).
 *
 * (1) A run is one file, DATA/rural/<id>.db, that never changes, made aside and moved when whole: who removes it removes the run.
 * (2) Its key is the blind index of the household's number, its village is plain, and what is known of it is sealed as one value, as items of
 *     grades 3 and 4 are (ARCHITECTURE.md, "Sealed items").  Opened values never leave the process but sealed: the engine does not spill.
 * (3) The same household read singly on the same day has the same members, values and states.  A value whose source tells no day carries the time at
 *     which its resource was published last. */
#ifndef LL_APPS_RURAL_ROLLUP_H
#define LL_APPS_RURAL_ROLLUP_H

#include "apps/rural/household.h"
#include "intake/data.h"

enum { LL_ROLLUP_CATEGORIES_MAX = 16 };

struct ll_rollup {
    char id[LL_ID_TEXT];
    const char *list, *day, *sha256; /* of the list's rows */
    int64_t made_at;                 /* ms */
    uint64_t households, members;
    const char *
        villages; /* JSON: [[village code, its name, households, members, [items with a value, by category]], ...] */
};

/* day: NULL is today.  Takes minutes where there are a million households. */
int ll_rollup_run(struct ll_data *d, const struct ll_catalog *cat, const struct ll_rural_list *list,
                  struct ll_marks *marks, const char *day, struct ll_arena *arena, struct ll_rollup *ret,
                  struct ll_err *err) LL_MUST;
/* The newest first; in arena. */
int ll_rollup_list(struct ll_data *d, struct ll_arena *arena, struct ll_rollup **ret, size_t *ret_n,
                   struct ll_err *err) LL_MUST;

/* Reads a run.  LL_CONFLICT: the list was changed since. */
struct ll_rollup_reader;
int ll_rollup_open(struct ll_data *d, const struct ll_rollup *run, const struct ll_rural_list *list,
                   struct ll_rollup_reader **ret, struct ll_err *err) LL_MUST;
void ll_rollup_close(struct ll_rollup_reader *r); /* NULL is fine */
/* 1; 0: it was not there.  Of the household its numbers, names, village and items; members as a count, without them. In arena. */
int ll_rollup_household(struct ll_rollup_reader *r, struct ll_str no, struct ll_arena *arena,
                        struct ll_household **ret, struct ll_err *err) LL_MUST;
/* Each household whose village code begins with village (n 0: all), in no particular order; what fn gets lives until it returns. */
typedef int ll_rollup_fn(void *ctx, const struct ll_household *h, struct ll_err *err);
int ll_rollup_each(struct ll_rollup_reader *r, struct ll_str village, ll_rollup_fn *fn, void *ctx,
                   struct ll_err *err) LL_MUST;

/* Reads every household of a run singly, on its day, and counts those that differ; fn is told each item that does. */
struct ll_rollup_differences {
    uint64_t households, different, members, items; /* members: households of another number of members */
};
typedef void ll_rollup_difference_fn(void *ctx, const struct ll_household *run,
                                     const struct ll_household *one, size_t item);
int ll_rollup_verify(struct ll_rollup_reader *reader, const struct ll_rollup *run, const struct ll_rural *r,
                     ll_rollup_difference_fn *fn, void *ctx, struct ll_rollup_differences *ret,
                     struct ll_err *err) LL_MUST;

#endif
