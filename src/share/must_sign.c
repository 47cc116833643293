/* must_sign.c - see must_sign.h. */
#include "share/must_sign.h"

#include "base/clock.h"
#include "share/gateway_impl.h"

#include <string.h>

int ll_must_sign_any(struct ll_gateway *g, const char *organisation, bool *ret, struct ll_err *err)
{
    struct ll_grants *grants = NULL;
    int64_t now = ll_now_ms();
    int rc = ll_grants_current(g->grants, &grants, err);

    *ret = false;
    for (size_t i = 0; rc == LL_OK && !*ret && i < ll_grants_count(grants); i++) {
        const struct ll_grant *one = ll_grants_at(grants, i);
        *ret = one->must_sign && ll_grant_in_force(one, now) && strcmp(one->organisation, organisation) == 0;
    }
    ll_grants_unref(grants);
    return rc;
}

int ll_must_sign_export(struct ll_gateway *g, const char *organisation, struct ll_str id, bool *ret,
                        struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(g->o.store, false, &tx, err);

    *ret = false;
    if (rc == LL_OK &&
        (rc = ll_sql(tx,
                     "SELECT g.signed FROM export e JOIN access_grant g ON g.id = e.access_grant"
                     " WHERE e.id = $1 AND e.organisation = $2",
                     &s, err)) == LL_OK) {
        ll_bind_text(s, 1, id);
        ll_bind_z(s, 2, organisation);
        if ((rc = ll_step(s, err)) > 0)
            *ret = ll_col_int(s, 0) != 0;
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}
