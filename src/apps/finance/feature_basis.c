/* feature_basis.c - see feature_basis.h. */
#include "apps/finance/feature_basis.h"

#include <inttypes.h>
#include <string.h>

enum { TEXT_MAX = 64 << 20 };

int ll_feature_generation(struct ll_data *d, int64_t *ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int rc = ll_txn_begin(ll_data_store(d), false, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(tx, "SELECT n FROM feature_generation WHERE one = 1", &s, err)) == LL_OK &&
        (rc = ll_step(s, err)) > 0)
        *ret = ll_col_int(s, 0);
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

int ll_feature_generation_bump(struct ll_data *d, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(d), true, &tx, err);

    if (rc == LL_OK && (rc = ll_exec(tx, err, "UPDATE feature_generation SET n = n + 1", "")) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* ---- the definition ---- */

/* Whatever of a resource a statement over it depends on. */
static void put_resource(struct ll_buf *text, const struct ll_resource *r)
{
    ll_buf_printf(text, "%s\t%u\n", r->name, r->version);
    for (size_t i = 0; i < r->n_items; i++) {
        const struct ll_item *item = &r->items[i];
        ll_buf_printf(text, "\t%s\t%s\t%d\t%u\t%d\t%d\t%s\n", item->name, item->element->code,
                      (int)item->element->type, item->key, (int)item->role, ll_item_sealed(item),
                      item->element->check ? item->element->check : "");
    }
}

static void put_feature(struct ll_buf *text, const struct ll_feature *f)
{
    ll_buf_printf(text, "%s\t%s\t%s\t%s\t%s\t%s\t%u\t%s\t%d\t%d\n", f->name, f->resource_name,
                  ll_combine_word(f->combine), f->value, f->where, f->date ? f->date->name : "", f->months,
                  f->missing, f->code, f->resource != NULL);
}

int ll_feature_define(struct ll_feature_set *set, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(TEXT_MAX);
    int rc;

    ll_buf_printf(&text, "%s\n", LULING_VERSION);
    for (size_t i = 0; i < set->n; i++)
        put_feature(&text, &set->features[i]);
    for (size_t i = 0; i < set->n_bases; i++) {
        ll_buf_printf(&text, "firms\t%s\n", set->bases[i]->name);
        put_resource(&text, set->base_resources[i]);
    }
    for (size_t g = 0; g < set->n_groups; g++)
        put_resource(&text, set->groups[g]);
    rc = text.failed ? ll_no_memory(err) : ll_hash_str(ll_buf_view(&text), set->definition, err);
    ll_buf_free(&text);
    return rc;
}

/* ---- batches and records ---- */

static int put_batches(struct ll_data *d, const struct ll_resource *r, int64_t at, struct ll_arena *arena,
                       struct ll_buf *text, size_t *ret_n, struct ll_err *err)
{
    struct ll_batch *list = NULL;
    size_t n = 0;
    int rc = ll_batch_live(d, r->name, r->version, at, NULL, arena, &list, &n, err);

    ll_buf_printf(text, "%s\n", r->name);
    for (size_t i = 0; rc == LL_OK && i < n; i++)
        ll_buf_printf(text, "\t%s\n", list[i].id);
    *ret_n += n;
    return rc;
}

static bool reads(const struct ll_feature_set *set, struct ll_str resource)
{
    for (size_t g = 0; g < set->n_groups; g++)
        if (ll_str_is(resource, set->groups[g]->name))
            return true;
    for (size_t i = 0; i < set->n_bases; i++)
        if (ll_str_is(resource, set->base_resources[i]->name))
            return true;
    return false;
}

/* By the number of the row that says so: the same numbers, the same records. */
static int put_withheld(struct ll_txn *tx, const struct ll_feature_set *set, struct ll_buf *text,
                        struct ll_err *err)
{
    static const char sql[] =
        "SELECT seq, resource FROM withheld w WHERE act = 'withheld'"
        " AND NOT EXISTS (SELECT 1 FROM withheld x WHERE x.matter = w.matter AND x.seq > w.seq) ORDER BY seq";
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, sql, &s, err);

    if (rc < 0)
        return rc;
    while ((rc = ll_step(s, err)) > 0)
        if (reads(set, ll_col_text(s, 1)))
            ll_buf_printf(text, "withheld\t%" PRId64 "\n", ll_col_int(s, 0));
    ll_stmt_done(s);
    return rc;
}

static int read_until(struct ll_txn *tx, int64_t at, int64_t *ret, struct ll_err *err)
{
    static const char sql[] =
        "SELECT min(x) FROM (SELECT published_at AS x FROM batch WHERE published_at > $1"
        " UNION ALL SELECT withdrawn_at FROM batch WHERE withdrawn_at > $1)";
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, sql, &s, err);

    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, at);
    *ret = INT64_MAX;
    if ((rc = ll_step(s, err)) > 0 && !ll_col_null(s, 0))
        *ret = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int put_rest(struct ll_data *d, const struct ll_feature_set *set, int64_t at, bool marks,
                    struct ll_buf *text, int64_t *ret_until, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(d), false, &tx, err);

    if (rc == LL_OK && (rc = read_until(tx, at, ret_until, err)) == LL_OK && marks)
        rc = put_withheld(tx, set, text, err);
    ll_txn_end(tx);
    return rc;
}

int ll_feature_basis_read(struct ll_data *d, const struct ll_feature_set *set, const struct ll_as_of *as_of,
                          bool marks, struct ll_arena *arena, struct ll_feature_basis *ret,
                          struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(TEXT_MAX);
    size_t others = 0;
    int rc = LL_OK;

    ret->known = 0;
    ll_buf_printf(&text, "%s\n%s\n", set->definition, as_of->day);
    for (size_t i = 0; i < set->n_bases && rc == LL_OK; i++)
        rc = put_batches(d, set->base_resources[i], as_of->ms, arena, &text, &ret->known, err);
    for (size_t g = 0; g < set->n_groups && rc == LL_OK; g++)
        rc = put_batches(d, set->groups[g], as_of->ms, arena, &text, &others, err);
    if (rc == LL_OK)
        rc = put_rest(d, set, as_of->ms, marks, &text, &ret->until, err);
    if (rc == LL_OK)
        rc = text.failed ? ll_no_memory(err) : ll_hash_str(ll_buf_view(&text), ret->sha256, err);
    ll_buf_free(&text);
    return rc;
}
