/* account_first.c - the first three accounts of a data folder: one administrator of each kind, none of them with a password yet. */
#include "share/account.h"

#include <string.h>

static const struct {
    const char *id, *zh;
    unsigned duty;
} administrators[LL_FIRST_COUNT] = {
    {"sysadmin", "系统管理员", LL_DUTY_SYSADMIN},
    {"secadmin", "安全管理员", LL_DUTY_SECADMIN},
    {"auditor", "审计员", LL_DUTY_AUDITOR},
};

/* The organisation that runs the platform, or the first there is; LL_NOTFOUND before a pack brought any. */
static int platform(struct ll_store *st, char out[128], bool *empty, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int rc = ll_txn_begin(st, false, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(tx,
                     "SELECT code, (SELECT count(*) FROM account) FROM organisation"
                     " ORDER BY role <> 'platform', parent IS NOT NULL, code LIMIT 1",
                     &s, err)) == LL_OK &&
        (rc = ll_step(s, err)) > 0) {
        struct ll_str code = ll_col_text(s, 0);
        *empty = ll_col_int(s, 1) == 0;
        if (code.n < 128) {
            memcpy(out, code.p, code.n);
            out[code.n] = 0;
        }
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc;
}

int ll_account_first(struct ll_store *st, struct ll_first first[LL_FIRST_COUNT], bool *made,
                     struct ll_err *err)
{
    const struct ll_actor nobody = {.account = NULL};
    char organisation[128] = "";
    int rc = platform(st, organisation, made, err);

    if (rc <= 0 || !*made) {
        *made = false;
        return rc < 0 ? rc : LL_OK;
    }
    for (size_t i = 0; i < LL_FIRST_COUNT; i++) {
        struct ll_str id = ll_str(administrators[i].id);
        first[i].account = administrators[i].id;
        if ((rc = ll_account_add(st, &nobody, id, ll_str(organisation), ll_str(administrators[i].zh), err)) <
                0 ||
            (rc = ll_account_empower(st, &nobody, id, administrators[i].duty, err)) < 0 ||
            (rc = ll_account_invite(st, &nobody, id, first[i].token, err)) < 0)
            return rc;
    }
    return LL_OK;
}
