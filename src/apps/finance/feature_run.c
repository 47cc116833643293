/* feature_run.c - runs the statements of the indicators (feature.h), in an engine of its own: what it holds is open, so that nothing of it may be
 * written anywhere. */
#include "apps/finance/feature_impl.h"

#include "base/fs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct handing {
    const struct ll_feature_set *set;
    struct ll_feature_value values[LL_FEATURES_MAX];
    ll_features_fn *fn;
    void *ctx;
};

int ll_feature_engine(struct ll_data *d, const char *work, struct ll_lake **ret, struct ll_lake_conn **ret_c,
                      struct ll_err *err)
{
    char temp[LL_PATH], lake[LL_PATH];
    struct ll_lake_opts o = LL_LAKE_OPTS_INIT;
    int rc;

    if ((rc = ll_data_path(d, temp, err, "work/%s-%d", work, (int)getpid())) < 0 ||
        (rc = ll_data_path(d, lake, err, "lake")) < 0)
        return rc;
    o.memory_mb = (unsigned)(ll_data_settings(d)->duckdb_memory >> 20);
    o.threads = ll_data_threads(d);
    o.temp_dir = temp;
    o.no_spill = true;
    o.vault = ll_data_vault(d);
    o.folders[0] = lake;
    if ((rc = ll_lake_open(ret, &o, err)) < 0)
        return rc;
    return ll_lake_connect(*ret, ret_c, err);
}

static int exec(struct ll_feature_work *w, struct ll_buf *sql, struct ll_err *err)
{
    int rc = sql->failed ? ll_no_memory(err) : ll_lake_exec(w->c, sql->p, err);

    ll_buf_clear(sql);
    return rc;
}

int ll_features_known(struct ll_data *d, const struct ll_feature_set *set, const struct ll_as_of *as_of,
                      struct ll_arena *arena, struct ll_feature_rows *rows, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t g = 0; g < set->n_groups && rc == LL_OK; g++) {
        struct ll_batch *batches = NULL;
        rc = ll_batch_live(d, set->groups[g]->name, set->groups[g]->version, as_of->ms, NULL, arena, &batches,
                           &rows[g].n, err);
        rows[g].batches = batches;
    }
    return rc;
}

static int gather(struct ll_feature_work *w, bool *any, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(LL_FEATURE_SQL);
    int rc = ll_feature_firms_sql(w, &sql, err);

    *any = sql.n > 0;
    if (rc == LL_OK && *any)
        rc = exec(w, &sql, err);
    for (size_t g = 0; *any && g < w->asked->set->n_groups && rc == LL_OK; g++)
        if (w->rows[g].n && (rc = ll_feature_group_sql(w, g, &sql, err)) == LL_OK)
            rc = exec(w, &sql, err);
    ll_buf_free(&sql);
    return rc;
}

static int hand(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct handing *h = ctx;

    (void)n;
    for (size_t i = 0; i < h->set->n; i++) {
        const struct ll_lake_value *v = &row[i + 1];
        struct ll_feature_value *to = &h->values[i];
        *to = (struct ll_feature_value){.kind = LL_FV_NONE};
        if (v->kind == LL_LV_TEXT)
            *to = (struct ll_feature_value){.kind = LL_FV_CODE, .code = v->s};
        else if (v->kind == LL_LV_NUM && isfinite(v->num))
            *to = (struct ll_feature_value){.kind = LL_FV_NUMBER, .number = v->num};
    }
    return h->fn(h->ctx, row[0].s, h->values, err);
}

static int give(struct ll_feature_work *w, ll_features_fn *fn, void *ctx, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(LL_FEATURE_SQL);
    struct handing *h = ll_arena_alloc(w->arena, sizeof *h);
    int rc = h ? LL_OK : ll_no_memory(err);

    if (rc == LL_OK) {
        *h = (struct handing){.set = w->asked->set, .fn = fn, .ctx = ctx};
        ll_feature_select_sql(w, &sql);
        rc = sql.failed ? ll_no_memory(err) : ll_lake_each(w->c, sql.p, hand, h, err);
    }
    ll_buf_free(&sql);
    return rc;
}

int ll_features_each(const struct ll_features_asked *a, struct ll_arena *arena, struct ll_feature_rows *rows,
                     ll_features_fn *fn, void *ctx, struct ll_err *err)
{
    struct ll_feature_work *w = ll_arena_alloc(arena, sizeof *w);
    bool any = false;
    int rc;

    if (!w)
        return ll_no_memory(err);
    w->asked = a;
    w->arena = arena;
    if ((rc = ll_features_known(a->data, a->set, &a->as_of, arena, w->rows, err)) == LL_OK &&
        (rc = ll_feature_engine(a->data, "features", &w->lake, &w->c, err)) == LL_OK &&
        (rc = ll_feature_check(w, err)) == LL_OK && (rc = gather(w, &any, err)) == LL_OK && any)
        rc = give(w, fn, ctx, err);
    ll_lake_disconnect(w->c);
    ll_lake_close(w->lake);
    if (rows)
        memcpy(rows, w->rows, sizeof w->rows);
    return rc;
}
