/* browse.h - a log's entries from the newest on, for whoever looks through it.
 *
 * (1) Nothing is indexed: bundles are read, at most `bundles` of them a call, and the call says where the next one goes on.
 * (2) Where times end the search, places are found by halving.  An entry has its time before it has its place, and a clock may be put
 *     back a little: what lies within a minute of a bound is looked at all the same. */
#ifndef LL_JOURNAL_BROWSE_H
#define LL_JOURNAL_BROWSE_H

#include "journal/entry.h"
#include "journal/reader.h"

/* One entry with its bytes and, where `payloads` asked for them, salt and payload of a sealed one (p NULL: erased, or not kept here);
 * all borrowed until it returns.  1: go on, 0: this was the last one wanted, negative: failed. */
typedef int ll_browse_fn(void *ctx, uint64_t index, const struct ll_entry *e, struct ll_str text,
                         struct ll_str sealed, struct ll_err *err);

struct ll_browse {
    uint64_t before;        /* entries below it */
    int64_t from_ms, to_ms; /* both within */
    bool payloads;
    size_t bundles;
    ll_browse_fn *entry;
    void *ctx;
};

/* A log of `size` entries.  *ret_next: entries below it were not looked at; 0: there are none. */
int ll_browse_back(const struct ll_log_files *f, uint64_t size, const struct ll_browse *b, uint64_t *ret_next,
                   struct ll_err *err) LL_MUST;

#endif
