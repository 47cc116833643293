/* ledger.h - what the journal says of calls and looks, as tables: `usage` (who called what how often) and `look` (which entries are
 * about a subject, in a chain: journal/looklist.h).
 *
 * (1) Both follow from the journal alone.  The ledger remembers how many entries it has read (table `ledger`) in the same transaction
 *     as what they say, so that nothing is counted twice or left out, however the program ends.
 * (2) ll_ledger_open has read everything when it returns; after that a thread follows, half a second behind.
 * (3) Days are those of the place where the program runs. */
#ifndef LL_SHARE_LEDGER_H
#define LL_SHARE_LEDGER_H

#include "base/arena.h"
#include "base/json.h"
#include "journal/journal.h"
#include "store/store.h"

/* An entry of a call, refusal, export or look-up as the ledger reads it; texts are borrowed, n 0 where there is none. */
struct ll_ledger_seen {
    enum ll_entry_type type;
    int64_t index, time_ms, keys;
    struct ll_str organisation, client, officer, account, resource;
    struct ll_str subjects; /* ["...",...] or empty */
};

struct ll_ledger;
enum {
    LL_LOOK_BUCKET = 3
}; /* letters of a pseudonym, 18 bits, that name a part of the tree over all subjects (looktree.h) */

/* Everything is borrowed until ll_ledger_close; dir: of the journal. */
int ll_ledger_open(struct ll_store *st, struct ll_journal *journal, const char *dir, struct ll_ledger **ret,
                   struct ll_err *err) LL_MUST;
struct ll_ledger *ll_ledger_close(struct ll_ledger *l); /* reads to the end; NULL is fine; returns NULL */
/* Whoever else wants to know, from now on: each entry once, in order; and the end of each round, when they are in the tables. */
void ll_ledger_watch(struct ll_ledger *l, void (*entry)(void *ctx, const struct ll_ledger_seen *e),
                     void (*round)(void *ctx), void *ctx);
/* Reads everything that is durable now. */
int ll_ledger_catch_up(struct ll_ledger *l, struct ll_err *err) LL_MUST;

/* Calls that a grant has used: all, and of one day (days since 1970). */
int ll_usage_of_grant(struct ll_txn *tx, struct ll_str grant, int64_t day, int64_t *ret_total,
                      int64_t *ret_day, struct ll_err *err) LL_MUST;

enum ll_usage_by { LL_USAGE_BY_GRANT, LL_USAGE_BY_RESOURCE, LL_USAGE_BY_ORGANISATION, LL_USAGE_BY_DAY };
struct ll_usage_query {
    const char *organisation; /* calls by it; NULL: any */
    const char *either;       /* calls by it or of what it provides; NULL: any */
    const char *resource, *grant;
    int64_t from_day, to_day; /* both within */
    enum ll_usage_by by;
};
/* {"items":[{"what", "calls", "keys", "records", "refused", "last_at"}, ...], "total":{...}}; at most 1000 items, most calls first. */
int ll_usage_put(struct ll_txn *tx, const struct ll_usage_query *q, struct ll_json *j,
                 struct ll_err *err) LL_MUST;

/* How many entries of the journal the tables tell of. */
int ll_ledger_read(struct ll_txn *tx, int64_t *ret, struct ll_err *err) LL_MUST;
/* Entries about a subject, newest first: at most room of them into ret; *ret_total all there are. */
int ll_looks_of(struct ll_txn *tx, const char *subject, int64_t before, int64_t *ret, size_t room,
                size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;

#endif
