/* feature_auto.c - see feature_auto.h. */
#include "apps/finance/feature_auto.h"

int ll_feature_auto_due(struct ll_feature_now *now, const struct ll_feature_set *set, bool *ret,
                        struct ll_err *err)
{
    bool stands = false;
    size_t known = 0;
    int rc = ll_feature_now_stands(now, set, &stands, &known, err);

    *ret = rc == LL_OK && !stands && known;
    return rc;
}

static int pinned(struct ll_txn *tx, const char *run, bool *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT 1 FROM kit_study WHERE features = $1 OR outcome = $1 LIMIT 1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, run);
    rc = ll_step(s, err);
    *ret = rc > 0;
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* Within a write transaction, so that no study is opened on a table while it goes. */
static int prune(struct ll_data *d, struct ll_txn *tx, struct ll_arena *arena, struct ll_err *err)
{
    struct ll_feature_run *list = NULL;
    size_t n = 0, kept = 0;
    int rc = ll_feature_run_list(d, arena, &list, &n, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        bool needed = false;
        if (!list[i].automatic || kept++ < LL_FEATURE_AUTO_KEPT)
            continue;
        if ((rc = pinned(tx, list[i].id, &needed, err)) == LL_OK && !needed &&
            (rc = ll_feature_run_remove(d, list[i].id, err)) == LL_NOTFOUND)
            rc = LL_OK;
    }
    return rc;
}

int ll_feature_auto_make(struct ll_data *d, struct ll_marks *marks, const struct ll_feature_set *set,
                         struct ll_arena *arena, struct ll_feature_run *ret, struct ll_err *err)
{
    struct ll_features_asked asked = {.data = d, .marks = marks, .set = set};
    struct ll_txn *tx = NULL;
    int rc = ll_as_of_read(NULL, &asked.as_of, err);

    if (rc < 0 || (rc = ll_feature_run_make(&asked, true, arena, ret, err)) < 0 ||
        (rc = ll_txn_begin(ll_data_store(d), true, &tx, err)) < 0)
        return rc;
    rc = prune(d, tx, arena, err);
    ll_txn_end(tx);
    return rc;
}
