/* shared_sql.c - see shared_sql.h. */
#include "share/shared_sql.h"

#include "intake/stored.h"
#include "share/table.h"

enum { KEYS_MAX = 8 << 20 };

struct not_shared {
    const struct ll_resource *resource;
    struct ll_buf *sql;
    struct ll_arena *arena;
    size_t n;
};

/* (k1, k2) NOT IN (('a', 'b'), ...): each key's parts as texts. */
static void put_not_shared(void *ctx, const char *record)
{
    struct not_shared *x = ctx;
    struct ll_str *key;
    size_t n;

    if (ll_key_parse(ll_str(record), x->arena, &key, &n, NULL) < 0 || n != x->resource->n_key)
        return; /* it names no record of the resource as it is now */
    ll_buf_z(x->sql, x->n++ ? ", (" : "(");
    for (size_t i = 0; i < n; i++) {
        ll_buf_z(x->sql, i ? ", " : "");
        ll_buf_sql(x->sql, key[i]);
    }
    ll_buf_c(x->sql, ')');
}

int ll_shared_rows_sql(struct ll_marks *m, const struct ll_resource *r, struct ll_arena *arena,
                       struct ll_buf *sql, struct ll_err *err)
{
    struct ll_buf keys = LL_BUF_INIT(KEYS_MAX);
    struct not_shared x = {.resource = r, .sql = &keys, .arena = arena};
    bool any = false;
    int rc = ll_marks_any(m, r->name, &any, err);

    if (rc == LL_OK && any)
        ll_marks_each_withheld(m, r->name, put_not_shared, &x);
    if (rc == LL_OK && x.n) {
        ll_buf_c(sql, '(');
        for (size_t i = 0; i < r->n_key; i++) {
            ll_buf_z(sql, i ? ", CAST(" : "CAST(");
            ll_stored_value(sql, r, r->key[i]);
            ll_buf_z(sql, " AS VARCHAR)");
        }
        ll_buf_z(sql, ") NOT IN (");
        ll_buf_str(sql, ll_buf_view(&keys));
        ll_buf_c(sql, ')');
    }
    if (rc == LL_OK && keys.failed)
        rc = ll_no_memory(err);
    ll_buf_free(&keys);
    return rc;
}
