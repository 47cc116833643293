/* entry.h - what is collected on a phone: entries that were made offline become a delivery of the resource, through the same intake as any file.
 *
 * (1) An entry has an id that the device chose: sent twice it is delivered once.
 * (2) An entry that changes a record says which version it was made from.  Where the record is another by now nothing is delivered: both are for
 *     a person to look at.
 * (3) Entries are delivered for their area only: a row of another area is refused like any wrong row.
 * (4) Nothing of what was entered is kept here but in the delivery: only which row of it an entry is. */
#ifndef LL_APPS_COLLECT_ENTRY_H
#define LL_APPS_COLLECT_ENTRY_H

#include "apps/collect/known.h"
#include "base/json.h"
#include "share/actor.h"

#include <jansson.h>

enum { LL_ENTRIES_MAX = 50, LL_ENTRIES_SHOWN = 500 };

/* The form and the records of one area, for the length of a request. */
struct ll_collecting {
    struct ll_data *d;
    struct ll_areas areas;
    struct ll_form form;
    struct ll_known known;
    const char *area;
    const struct ll_actor *actor;
    struct ll_arena *arena;
};
/* Checks that the area is the actor's, and reads. */
int ll_collecting_open(struct ll_data *d, const struct ll_catalog *cat, const struct ll_actor *actor,
                       struct ll_str resource, const char *area, struct ll_arena *arena,
                       struct ll_collecting *ret, struct ll_err *err) LL_MUST;

/* {"fields": [...], "records": [...]}: members into an open object. */
void ll_collecting_put(const struct ll_collecting *c, struct ll_json *j);

/* entries: [{"id", "base", "values"}].  delivery: "" when nothing new was to be delivered.  What becomes of each goes into the open array. */
int ll_collect_deliver(const struct ll_collecting *c, const json_t *entries, char delivery[LL_ID_TEXT],
                       struct ll_json *j, struct ll_err *err) LL_MUST;
/* Those of the account in the area, the newest first, with what became of them: objects into the open array. */
int ll_collect_states(const struct ll_collecting *c, struct ll_json *j, struct ll_err *err) LL_MUST;

#endif
