/* watch_prune.c - events of watched subjects go by their age (watch.h).  Pages, which say who was told of whom and when, stay, and so do their entries. */
#include "share/watch_impl.h"

enum { AT_ONCE = 10000 }; /* events a transaction: the writer's lock is not held for long */

/* Most rounds find nothing, and need no writer's lock for that.  Events follow each other in time: the first one tells. */
static int anything(struct ll_store *st, int64_t before, bool *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, false, &tx, err);

    *ret = false;
    if (rc == LL_OK &&
        (rc = ll_sql(tx, "SELECT at FROM watch_event ORDER BY seq LIMIT 1", &s, err)) == LL_OK &&
        (rc = ll_step(s, err)) > 0)
        *ret = ll_col_int(s, 0) < before;
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

int ll_watch_prune(struct ll_store *st, int64_t before, int64_t *ret_n, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    bool any = false;
    int rc = anything(st, before, &any, err);

    *ret_n = 0;
    if (rc < 0 || !any)
        return rc;
    if ((rc = ll_txn_begin(st, true, &tx, err)) == LL_OK &&
        (rc = ll_exec(
             tx, err,
             "DELETE FROM watch_event WHERE seq IN (SELECT seq FROM watch_event ORDER BY seq LIMIT $2) AND at < $1"
             " AND EXISTS (SELECT 1 FROM watch_page p WHERE p.seq = watch_event.page AND p.journal >= 0)",
             "ii", before, (int64_t)AT_ONCE)) == LL_OK) {
        *ret_n = (int64_t)ll_txn_changes(tx);
        rc = ll_exec(
            tx, err,
            "UPDATE watch_pruned SET n = n + $1, upto = coalesce((SELECT min(seq) - 1 FROM watch_event), upto)",
            "i", *ret_n);
    }
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}
