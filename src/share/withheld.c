/* withheld.c - see withheld.h. */
#include "share/withheld.h"

#include "base/clock.h"
#include "share/recordname.h"

enum { RECORD_MAX = 8192 };

static int write_act(struct ll_txn *tx, const char *resource, const char *record, const char *matter,
                     const char *act, struct ll_err *err)
{
    return ll_exec(tx, err,
                   "INSERT INTO withheld (resource, record, matter, act, at) VALUES ($1, $2, $3, $4, $5)",
                   "zzzzi", resource, record, matter, act, ll_now_ms());
}

int ll_withhold(struct ll_txn *tx, struct ll_vault *v, const struct ll_resource *r, const char *record,
                const char *matter, struct ll_err *err)
{
    struct ll_buf kept = LL_BUF_INIT(RECORD_MAX);
    int rc = ll_record_name_keep(v, r, record, &kept, err);

    if (rc == LL_OK)
        rc = write_act(tx, r->name, kept.p, matter, "withheld", err);
    ll_buf_free(&kept);
    return rc;
}

int ll_withhold_end(struct ll_txn *tx, const char *matter, struct ll_err *err)
{
    int rc = ll_exec(
        tx, err,
        "INSERT INTO withheld (resource, record, matter, act, at) SELECT resource, record, matter, 'restored', $2 FROM withheld"
        " WHERE seq = (SELECT max(seq) FROM withheld WHERE matter = $1) AND act = 'withheld'",
        "zi", matter, ll_now_ms());

    if (rc == LL_OK && ll_txn_changes(tx) == 0)
        rc = ll_fail(err, LL_CONFLICT, "%s 没有停止共享任何记录", "%s withholds no record", matter);
    return rc;
}
