/* made.h - services that a consumer makes from a grant of its own: a name of its choice for the grant's items, or some of them.
 *
 * (1) A made service gives nothing that its grant does not give: every call of it passes the gate under exactly that grant, which is asked as it
 *     is at that moment (gateway.h), and is confined to the service's items besides.
 * (2) It belongs to one organisation; others do not see its name.  No resource and no service of a pack had the name when it was made.
 * (3) It has versions: made again under its name it is the next one, which is called from then on; answers and the journal say which it was.  A
 *     grant that was renewed by another application keeps its callers that way.
 * (4) Making and ending one is noted for the journal (admin.h).
 *
 * The description is that of a service of a pack (catalog/service.h): one resource, outputs only, no view. */
#ifndef LL_SHARE_MADE_H
#define LL_SHARE_MADE_H

#include "catalog/catalog.h"
#include "share/grant.h"

enum { LL_MADE_MOST = 200, LL_MADE_TITLE_MAX = 100 }; /* names of one organisation; characters */

struct ll_made {
    struct ll_service service; /* version: of the made service */
    const char *organisation, *grant, *made_by;
    int64_t made_at, ended_at; /* 0: it has not ended */
};

struct ll_made_new {
    const char *grant, *name;
    const char *title, *title_en; /* NULL: the resource's */
    const char *const *items;     /* n_items 0: all that are granted */
    size_t n_items;
};
/* LL_NOTFOUND: the organisation has no such grant; LL_CONFLICT: the grant does not hold, or the name is taken; LL_INVALID: an item that is not granted. */
int ll_made_make(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_made_new *m,
                 const struct ll_actor *actor, struct ll_arena *arena, struct ll_made *ret,
                 struct ll_err *err) LL_MUST;
/* LL_NOTFOUND: it has none of this name, or it ended before. */
int ll_made_end(struct ll_txn *tx, const struct ll_actor *actor, struct ll_str name,
                struct ll_err *err) LL_MUST;

/* The newest version, unless it ended: 1, or 0. */
int ll_made_find(struct ll_txn *tx, const char *organisation, struct ll_str name, struct ll_arena *arena,
                 struct ll_made *ret, struct ll_err *err) LL_MUST;
/* The newest version of each that has not ended, by name; grant NULL: of any. */
int ll_made_list(struct ll_txn *tx, const char *organisation, const char *grant, struct ll_arena *arena,
                 struct ll_made **ret, size_t *ret_n, struct ll_err *err) LL_MUST;
bool ll_made_has(const struct ll_made *m, struct ll_str item);
void ll_made_json(struct ll_json *j, const struct ll_made *m);

#endif
