/* webhook_prune.c - what subscriptions no longer need is removed by its age, and counted (webhook.h, promise 6). */
#include "share/webhook_impl.h"

enum { AT_ONCE = 10000 }; /* events a round: the writer's lock is not held for long */

/* One integer of a statement whose only parameters are $1 and $2. */
static int number(struct ll_txn *tx, const char *sql, int64_t a, int64_t b, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, sql, &s, err);

    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, a);
    ll_bind_int(s, 2, b);
    if ((rc = ll_step(s, err)) > 0)
        *ret = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* Most rounds find nothing, and need no writer's lock for that. */
static int anything(struct ll_store *st, int64_t before, bool *ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int64_t n = 0;
    int rc = ll_txn_begin(st, false, &tx, err);

    if (rc == LL_OK)
        rc = number(
            tx,
            "SELECT (SELECT count(*) FROM (SELECT 1 FROM outbox o WHERE at < $1 AND NOT EXISTS (SELECT 1"
            " FROM dead_letter d WHERE d.event = o.seq AND d.at >= $1) ORDER BY seq LIMIT $2))"
            " + (SELECT count(*) FROM (SELECT 1 FROM dead_letter WHERE at < $1 LIMIT $2))",
            before, 1, &n, err);
    ll_txn_end(tx);
    *ret = n > 0;
    return rc;
}

static int prune_dead(struct ll_txn *tx, int64_t before, struct ll_err *err)
{
    int rc = ll_exec(tx, err,
                     "UPDATE subscription SET dead_pruned = dead_pruned + (SELECT count(*) FROM dead_letter d"
                     " WHERE d.subscription = subscription.id AND d.at < $1) WHERE id IN (SELECT subscription"
                     " FROM dead_letter WHERE at < $1)",
                     "i", before);

    return rc < 0 ? rc : ll_exec(tx, err, "DELETE FROM dead_letter WHERE at < $1", "i", before);
}

/* A subscription that has not got that far (it was paused, or never proven) is told how many it will not get: events of its kinds, of its
 * resource, and of changes only those for which it has had a grant to be told. */
static int note_missed(struct ll_txn *tx, int64_t upto, int64_t before, struct ll_err *err)
{
    return ll_exec(
        tx, err,
        "UPDATE subscription SET missed = missed + (SELECT count(*) FROM outbox o WHERE o.seq > subscription.cursor"
        " AND o.seq <= $1 AND o.at < $2 AND instr(subscription.kinds, o.kind) > 0"
        " AND (subscription.resource IS NULL OR o.resource = subscription.resource)"
        " AND (o.organisation = subscription.organisation OR (o.organisation IS NULL AND EXISTS (SELECT 1 FROM"
        " access_grant g WHERE g.organisation = subscription.organisation AND g.resource = o.resource"
        " AND instr(g.modes, 'subscribe') > 0)))), cursor = $1 WHERE cursor < $1 AND state <> 'ended'",
        "ii", upto, before);
}

/* What a dead letter that is kept refers to stays, so that it can be sent again. */
static int prune_events(struct ll_txn *tx, int64_t before, int64_t *ret_n, struct ll_err *err)
{
    int64_t upto = 0;
    int rc = number(tx,
                    "SELECT coalesce(max(seq), 0) FROM (SELECT seq FROM outbox o WHERE at < $1 AND NOT EXISTS"
                    " (SELECT 1 FROM dead_letter d WHERE d.event = o.seq) ORDER BY seq LIMIT $2)",
                    before, AT_ONCE, &upto, err);

    *ret_n = 0;
    if (rc < 0 || !upto)
        return rc;
    if ((rc = note_missed(tx, upto, before, err)) < 0 ||
        (rc = ll_exec(
             tx, err,
             "DELETE FROM outbox WHERE seq <= $1 AND at < $2 AND NOT EXISTS (SELECT 1 FROM dead_letter d"
             " WHERE d.event = outbox.seq)",
             "ii", upto, before)) < 0)
        return rc;
    *ret_n = ll_txn_changes(tx);
    return ll_exec(tx, err, "UPDATE outbox_pruned SET n = n + $1, upto = $2", "ii", *ret_n, upto);
}

int ll_webhook_prune(struct ll_store *st, int64_t before, int64_t *ret_n, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    bool any = false;
    int rc = anything(st, before, &any, err);

    *ret_n = 0;
    if (rc < 0 || !any)
        return rc;
    if ((rc = ll_txn_begin(st, true, &tx, err)) == LL_OK && (rc = prune_dead(tx, before, err)) == LL_OK &&
        (rc = prune_events(tx, before, ret_n, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}
