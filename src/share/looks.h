/* looks.h - who looked at a subject's data: when, for what, which items, and the journal entry that says so.
 *
 * The list is that of the ledger, which reads the whole journal; that none was left out is what ll_looks_proof_put shows.  Each look comes with its sealed part (salt and payload, journal/entry.h), so that its reader
 * can check it against the entry. */
#ifndef LL_SHARE_LOOKS_H
#define LL_SHARE_LOOKS_H

#include "base/json.h"
#include "share/gateway.h"

struct ll_looks_query {
    const char *scheme; /* of the identifier */
    struct ll_str value;
    int64_t before; /* entries below it; INT64_MAX: from the newest */
    size_t limit;   /* 1 to LL_LOOKS_MAX */
    bool all;       /* those that are withheld from the subject, too (delay.h) */
};
enum { LL_LOOKS_MAX = 100 };

/* {"items":[...], "total", "entries", "withheld"}: of this page, where there are any; entries is how many of the journal were read. */
int ll_looks_put(struct ll_gateway *g, const struct ll_looks_query *q, struct ll_json *j,
                 struct ll_err *err) LL_MUST;

/* The list from its beginning, oldest first, as a file of the form luling-looks/v1 (docs/internals/journal.md). */
struct ll_looks_proof {
    const char *scheme;
    struct ll_str value;
    int64_t after; /* looks that were fetched already */
    size_t limit;  /* 1 to LL_LOOK_PAGE */
    bool all;
    struct ll_arena *arena;
};
/* LL_BUSY: nothing is committed to yet; LL_NOTFOUND: there are not that many. */
int ll_looks_proof_put(struct ll_gateway *g, const struct ll_looks_proof *q, struct ll_json *j,
                       struct ll_err *err) LL_MUST;

#endif
