/* data_key.c - rows of table data_key as others see them (vault.h): counted, and carried along with what they sealed. */
#include "store/vault_impl.h"

int ll_vault_used(struct ll_txn *tx, const char *resource, int64_t values, struct ll_err *err)
{
    return ll_exec(
        tx, err,
        "UPDATE data_key SET used = used + $1 WHERE id = (SELECT id FROM data_key WHERE resource = $2"
        " ORDER BY made_at DESC, id LIMIT 1)",
        "iz", values, resource);
}

int ll_data_key_get(struct ll_vault *v, const char *resource, struct ll_arena *arena, struct ll_data_key *ret,
                    struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_txn_begin(ll_vault_store(v), false, &tx, err);

    *ret = (struct ll_data_key){0};
    if (rc == LL_OK &&
        (rc = ll_sql(tx,
                     "SELECT id, alg, made_at, item_key, index_key, sealed FROM data_key WHERE resource = $1"
                     " ORDER BY made_at DESC, id LIMIT 1",
                     &s, err)) == LL_OK) {
        ll_bind_z(s, 1, resource);
        if ((rc = ll_step(s, err)) > 0)
            *ret = (struct ll_data_key){ll_col_int(s, 0),
                                        ll_col_int(s, 1),
                                        ll_col_int(s, 2),
                                        ll_col_dup(s, 3, arena, &nomem),
                                        ll_col_dup(s, 4, arena, &nomem),
                                        ll_col_dup(s, 5, arena, &nomem)};
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return nomem ? ll_no_memory(err) : rc < 0 ? rc : LL_OK;
}

int ll_data_key_add(struct ll_txn *tx, const char *resource, const struct ll_data_key *k, struct ll_err *err)
{
    return ll_exec(tx, err,
                   "INSERT INTO data_key (id, resource, alg, item_key, index_key, sealed, used, made_at)"
                   " VALUES ($1, $2, $3, $4, $5, $6, 0, $7) ON CONFLICT (id) DO NOTHING",
                   "izizzzi", k->id, resource, k->alg, k->item_key, k->index_key, k->sealed, k->made_at);
}
