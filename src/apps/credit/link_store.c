/* link_store.c - models, runs and pairs as rows; decisions are link_events.c. */
#include "apps/credit/link_store.h"

#include "base/clock.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "store/rows.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Weights lie in the table as millionths, which all drivers keep exactly. */
static const double MILLION = 1e6;

/* ---- models ---- */

static void put_row(struct ll_json *j, const double *row, size_t n)
{
    ll_json_arr(j);
    for (size_t k = 0; k <= n; k++)
        ll_json_num(j, row[k]);
    ll_json_end_arr(j);
}

static void put_params(struct ll_buf *out, const struct ll_link_model *m, const struct ll_link_params *p)
{
    struct ll_json j;

    ll_json_init(&j, out);
    ll_json_obj(&j);
    ll_json_kn(&j, "lambda", p->lambda);
    ll_json_key(&j, "m");
    ll_json_arr(&j);
    for (size_t c = 0; c < m->n_comparisons; c++)
        put_row(&j, p->m[c], m->comparisons[c].n);
    ll_json_end_arr(&j);
    ll_json_key(&j, "u");
    ll_json_arr(&j);
    for (size_t c = 0; c < m->n_comparisons; c++)
        put_row(&j, p->u[c], m->comparisons[c].n);
    ll_json_end_arr(&j);
    ll_json_end_obj(&j);
}

static int newest(struct ll_txn *tx, const char *name, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT coalesce(max(version), 0) FROM link_model WHERE name = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, name);
    if ((rc = ll_step(s, err)) > 0)
        *ret = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

int ll_link_model_save(struct ll_txn *tx, const char *name, struct ll_str definition, const char *training,
                       const struct ll_link_model *m, const struct ll_link_params *p,
                       const struct ll_actor *actor, int64_t *ret, struct ll_err *err)
{
    struct ll_buf params = LL_BUF_INIT(1 << 20);
    char sha256[LL_SHA256_HEX];
    int64_t version = 0;
    int rc;

    put_params(&params, m, p);
    rc = params.failed ? ll_no_memory(err) : ll_hash_str(definition, sha256, err);
    if (rc == LL_OK && (rc = newest(tx, name, &version, err)) == LL_OK)
        rc = ll_exec(
            tx, err,
            "INSERT INTO link_model (name, version, definition, sha256, parameters, training, made_by, made_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            "zisszszi", name, version + 1, definition, ll_str(sha256), params.p, ll_str(training),
            actor->account, ll_now_ms());
    ll_buf_free(&params);
    *ret = version + 1;
    return rc;
}

static bool read_rows(json_t *rows, const struct ll_link_model *m, double (*out)[LL_LINK_LEVELS + 1])
{
    if (json_array_size(rows) != m->n_comparisons)
        return false;
    for (size_t c = 0; c < m->n_comparisons; c++) {
        json_t *row = json_array_get(rows, c);
        if (json_array_size(row) != m->comparisons[c].n + 1)
            return false;
        for (size_t k = 0; k <= m->comparisons[c].n; k++)
            out[c][k] = json_number_value(json_array_get(row, k));
    }
    return true;
}

static int read_params(const char *text, struct ll_link_trained *t, struct ll_err *err)
{
    json_t *root = json_loads(text, 0, NULL);
    bool ok = read_rows(json_object_get(root, "m"), t->model, t->params.m) &&
              read_rows(json_object_get(root, "u"), t->model, t->params.u);

    t->params.lambda = json_number_value(json_object_get(root, "lambda"));
    json_decref(root);
    return ok && t->params.lambda > 0 && t->params.lambda < 1
               ? LL_OK
               : ll_fail(err, LL_INTERNAL, "关联模型 %s 的参数与定义不符",
                         "the parameters of linkage model %s do not fit its definition", t->name);
}

static int read_model(struct ll_stmt *s, struct ll_arena *a, struct ll_link_trained *ret, struct ll_err *err)
{
    bool nomem = false;
    int rc;

    *ret = (struct ll_link_trained){.name = ll_col_dup(s, 0, a, &nomem),
                                    .version = ll_col_int(s, 1),
                                    .definition = ll_col_dup(s, 2, a, &nomem),
                                    .sha256 = ll_col_dup(s, 3, a, &nomem),
                                    .training = ll_col_dup(s, 5, a, &nomem),
                                    .made_at = ll_col_int(s, 6)};
    const char *params = ll_col_dup(s, 4, a, &nomem);
    if (nomem)
        return ll_no_memory(err);
    if ((rc = ll_link_model_parse(ll_str(ret->definition), a, &ret->model, err)) < 0)
        return rc;
    return read_params(params, ret, err);
}

int ll_link_model_get(struct ll_txn *tx, const char *name, int64_t version, struct ll_arena *arena,
                      struct ll_link_trained *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx,
                    "SELECT name, version, definition, sha256, parameters, training, made_at FROM link_model"
                    " WHERE name = $1 AND ($2 = 0 OR version = $2) ORDER BY version DESC LIMIT 1",
                    &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, name);
    ll_bind_int(s, 2, version);
    if ((rc = ll_step(s, err)) > 0)
        rc = read_model(s, arena, ret, err);
    else if (rc == 0)
        rc = ll_fail(err, LL_NOTFOUND, "没有训练过的关联模型 %s：请先 luling link train",
                     "no linkage model %s has been trained: run luling link train first", name);
    ll_stmt_done(s);
    return rc;
}

/* ---- pairs ---- */

#define PAIR "id, model, run, a, b, weight, levels, adjustments, shown, state, why"

static int read_pair(struct ll_stmt *s, struct ll_arena *a, struct ll_link_pair *ret, struct ll_err *err)
{
    bool nomem = false;

    *ret = (struct ll_link_pair){.id = ll_col_int(s, 0),
                                 .model = ll_col_dup(s, 1, a, &nomem),
                                 .run = ll_col_dup(s, 2, a, &nomem),
                                 .a = ll_col_dup(s, 3, a, &nomem),
                                 .b = ll_col_dup(s, 4, a, &nomem),
                                 .weight = (double)ll_col_int(s, 5) / MILLION,
                                 .levels = ll_col_dup(s, 6, a, &nomem),
                                 .adjustments = ll_col_dup(s, 7, a, &nomem),
                                 .shown = ll_col_dup(s, 8, a, &nomem),
                                 .state = ll_col_dup(s, 9, a, &nomem),
                                 .why = ll_col_dup(s, 10, a, &nomem)};
    ret->probability = ll_link_probability(ret->weight);
    return nomem ? ll_no_memory(err) : LL_OK;
}

int ll_link_pair_get(struct ll_txn *tx, int64_t id, struct ll_arena *arena, struct ll_link_pair *ret,
                     struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT " PAIR " FROM link_pair WHERE id = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, id);
    if ((rc = ll_step(s, err)) > 0)
        rc = read_pair(s, arena, ret, err);
    else if (rc == 0)
        rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %lld 的记录对", "there is no pair %lld", (long long)id);
    ll_stmt_done(s);
    return rc;
}

#define PAIR_WHERE " FROM link_pair WHERE ($1 IS NULL OR model = $1) AND ($2 IS NULL OR state = $2)"

static int read_any_pair(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    return read_pair(s, arena, row, err);
}

int ll_link_pair_list(struct ll_txn *tx, const struct ll_link_query *q, struct ll_arena *arena,
                      struct ll_link_pair **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    static const struct ll_row_form form = {NULL, 0, sizeof(struct ll_link_pair), read_any_pair};
    static const struct ll_row_order list[] = {
        {"weight", "weight"}, {"a", "a"}, {"b", "b"}, {"state", "state"}, {"model", "model"}};
    static const struct ll_row_orders orders = {list, LL_COUNT(list), "weight DESC", "id"};
    const struct ll_row_arg args[] = {LL_ARG_Z(q->model), LL_ARG_Z(q->state)};
    const struct ll_row_page page = LL_ROW_PAGE(PAIR, PAIR_WHERE, orders, args, q);
    void *rows = NULL;
    int rc = ll_row_list(tx, &form, &page, arena, &rows, ret_n, ret_total, err);

    *ret = rows;
    return rc;
}

/* ---- runs ---- */

#define RUN "id, model, version, state, report, started_at, ended_at"

static int read_run(struct ll_stmt *s, struct ll_arena *a, struct ll_link_run *ret, struct ll_err *err)
{
    bool nomem = false;

    *ret = (struct ll_link_run){.id = ll_col_dup(s, 0, a, &nomem),
                                .model = ll_col_dup(s, 1, a, &nomem),
                                .version = ll_col_int(s, 2),
                                .state = ll_col_dup(s, 3, a, &nomem),
                                .report = ll_col_dup(s, 4, a, &nomem),
                                .started_at = ll_col_int(s, 5),
                                .ended_at = ll_col_int(s, 6)};
    return nomem ? ll_no_memory(err) : LL_OK;
}

#define RUN_WHERE " FROM link_run WHERE ($1 IS NULL OR model = $1) AND ($2 IS NULL OR state = $2)"

static int read_any_run(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    return read_run(s, arena, row, err);
}

int ll_link_run_list(struct ll_txn *tx, const struct ll_link_query *q, struct ll_arena *arena,
                     struct ll_link_run **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    static const struct ll_row_form form = {NULL, 0, sizeof(struct ll_link_run), read_any_run};
    static const struct ll_row_order list[] = {{"started", "started_at"},
                                               {"model", "model"},
                                               {"state", "state"},
                                               {"ended", "coalesce(ended_at, 0)"}};
    static const struct ll_row_orders orders = {list, LL_COUNT(list), "started_at DESC", "id DESC"};
    const struct ll_row_arg args[] = {LL_ARG_Z(q->model), LL_ARG_Z(q->state)};
    const struct ll_row_page page = LL_ROW_PAGE(RUN, RUN_WHERE, orders, args, q);
    void *rows = NULL;
    int rc = ll_row_list(tx, &form, &page, arena, &rows, ret_n, ret_total, err);

    *ret = rows;
    return rc;
}

int ll_link_run_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_link_run *ret,
                    struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT " RUN " FROM link_run WHERE id = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    if ((rc = ll_step(s, err)) > 0)
        rc = read_run(s, arena, ret, err);
    else if (rc == 0)
        rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的关联运行", "there is no linkage run %s", id);
    ll_stmt_done(s);
    return rc;
}

int ll_link_run_begin(struct ll_txn *tx, const struct ll_link_trained *t, double match, double review,
                      const struct ll_actor *actor, char id[LL_LINK_RUN_ID], struct ll_err *err)
{
    uint32_t noise = 0;
    int64_t now = ll_now_ms();
    int rc = ll_random(&noise, sizeof noise, err);

    if (rc < 0)
        return rc;
    snprintf(id, LL_LINK_RUN_ID, "K-%lld-%06x", (long long)(now / 1000), (unsigned)(noise & 0xffffff));
    return ll_exec(tx, err,
                   "INSERT INTO link_run (id, model, version, state, match, review, made_by, started_at)"
                   " VALUES ($1, $2, $3, 'writing', $4, $5, $6, $7)",
                   "zziiizi", id, t->name, t->version, (int64_t)llround(match * MILLION),
                   (int64_t)llround(review * MILLION), actor->account, now);
}

int ll_link_run_pair(struct ll_txn *tx, const char *run, const struct ll_link_pair *p, struct ll_err *err)
{
    return ll_exec(tx, err,
                   "INSERT INTO link_pair (model, run, a, b, weight, levels, adjustments, shown, state, why)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (model, a, b) DO UPDATE SET"
                   " run = excluded.run, weight = excluded.weight, levels = excluded.levels,"
                   " adjustments = excluded.adjustments, shown = excluded.shown, why = excluded.why,"
                   " state = CASE WHEN state IN ('accepted', 'rejected') THEN state ELSE excluded.state END",
                   "zzzzizzzzz", p->model, run, p->a, p->b, (int64_t)llround(p->weight * MILLION), p->levels,
                   p->adjustments, p->shown, p->state, p->why);
}

int ll_link_decided(struct ll_txn *tx, const char *model, ll_link_decided_fn *fn, void *ctx,
                    struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT a, b, linked FROM link_edge WHERE model = $1 AND person = 1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, model);
    while ((rc = ll_step(s, err)) > 0)
        if ((rc = fn(ctx, ll_col_text(s, 0).p, ll_col_text(s, 1).p, ll_col_int(s, 2) != 0, err)) < 0)
            break;
    ll_stmt_done(s);
    return rc;
}
