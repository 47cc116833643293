/* precheck.c - models of institutions: uploaded, sealed, activated by another person, retired (precheck.h). */
#include "apps/finance/precheck_impl.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "store/rows.h"

#include <stdio.h>
#include <string.h>

enum { SALT = 32, RESOURCE = 128, SEALED_TEXT = 2 * LL_MODEL_BYTES, BLIND_TEXT = 24 };

/* ---- sealing ---- */

static int resource_of(const char *organisation, char out[RESOURCE], struct ll_err *err)
{
    int n = snprintf(out, RESOURCE, "precheck/%s", organisation);

    return n > 0 && n < RESOURCE
               ? LL_OK
               : ll_fail(err, LL_INVALID, "机构代码过长", "the organisation's code is too long");
}

int ll_precheck_prepare(struct ll_vault *vault, const char *organisation, struct ll_err *err)
{
    char resource[RESOURCE];
    int rc = resource_of(organisation, resource, err);

    return rc < 0 ? rc : ll_vault_prepare(vault, resource, err);
}

int ll_precheck_cell(struct ll_vault *vault, const char *organisation, struct ll_str item,
                     struct ll_cell **ret, struct ll_err *err)
{
    char resource[RESOURCE];
    int rc = resource_of(organisation, resource, err);

    return rc < 0 ? rc : ll_cell_open(vault, ll_str(resource), item, ret, err);
}

int ll_precheck_seal(struct ll_cell *cell, struct ll_str plain, struct ll_buf *out, struct ll_err *err)
{
    struct ll_buf bytes = LL_BUF_INIT(SEALED_TEXT);
    int rc = ll_cell_seal(cell, plain, &bytes, err);

    if (rc == LL_OK) {
        ll_base64_put(out, LL_BASE64_STD, bytes.p, bytes.n);
        rc = out->failed ? ll_no_memory(err) : LL_OK;
    }
    ll_buf_free(&bytes);
    return rc;
}

int ll_precheck_unseal(struct ll_cell *cell, struct ll_str text, struct ll_buf *out, struct ll_err *err)
{
    struct ll_buf bytes = LL_BUF_INIT(SEALED_TEXT);
    int rc = ll_base64_get(text, LL_BASE64_STD, &bytes, err);

    if (rc == LL_OK)
        rc = ll_cell_unseal(cell, ll_buf_view(&bytes), out, err);
    ll_buf_free(&bytes);
    return rc;
}

static void hex(const unsigned char *p, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++)
        snprintf(out + 2 * i, 3, "%02x", p[i]);
}

/* ---- rows ---- */

#define COLUMNS                                                                                                    \
    "id, organisation, name, title, kind, product, sha256, shape, open, version, indicators, rows, runs, made_at," \
    " changed_at, state"

static int read_rest(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_precheck_model *m = row;

    (void)arena, (void)err;
    m->state = ll_state_parse(LL_FLOW_MODEL, ll_col_text(s, 15));
    return LL_OK;
}

static const struct ll_row_column columns[] = {
    LL_ROW(TEXT, ll_precheck_model, id),        LL_ROW(TEXT, ll_precheck_model, organisation),
    LL_ROW(TEXT, ll_precheck_model, name),      LL_ROW(TEXT, ll_precheck_model, title),
    LL_ROW(TEXT, ll_precheck_model, kind),      LL_ROW(TEXT, ll_precheck_model, product),
    LL_ROW(TEXT, ll_precheck_model, sha256),    LL_ROW(TEXT, ll_precheck_model, shape),
    LL_ROW(FLAG, ll_precheck_model, open),      LL_ROW(INT, ll_precheck_model, version),
    LL_ROW(INT, ll_precheck_model, indicators), LL_ROW(INT, ll_precheck_model, rows),
    LL_ROW(INT, ll_precheck_model, runs),       LL_ROW(INT, ll_precheck_model, made_at),
    LL_ROW(INT, ll_precheck_model, changed_at)};
static const struct ll_row_form form = {columns, LL_COUNT(columns), sizeof(struct ll_precheck_model),
                                        read_rest};

int ll_precheck_find(const struct ll_precheck_env *env, const char *where, const char *a, const char *b,
                     struct ll_precheck_model *ret, struct ll_err *err)
{
    char sql[512];
    struct ll_stmt *s = NULL;
    int rc;

    snprintf(sql, sizeof sql, "SELECT " COLUMNS " FROM precheck_model WHERE %s", where);
    if ((rc = ll_sql(env->tx, sql, &s, err)) < 0)
        return rc;
    ll_bind_z(s, 1, a);
    if (b)
        ll_bind_z(s, 2, b);
    if ((rc = ll_step(s, err)) > 0 && ll_row_read(&form, s, env->arena, ret, err) < 0)
        rc = ll_no_memory(err);
    ll_stmt_done(s);
    return rc;
}

static int none(const char *id, struct ll_err *err)
{
    return ll_fail(err, LL_NOTFOUND, "没有模型 %.48s", "there is no model %.48s", id);
}

int ll_precheck_get(const struct ll_precheck_env *env, const char *id, struct ll_precheck_model *ret,
                    struct ll_err *err)
{
    const struct ll_permission *p = ll_permission_find("model.read");
    int rc = ll_precheck_find(env, "id = $1", id, NULL, ret, err);

    if (rc < 0)
        return rc;
    if (rc == 0 || (!ll_may_all(env->actor, p) &&
                    (!env->actor->organisation || strcmp(ret->organisation, env->actor->organisation) != 0)))
        return none(id, err);
    return LL_OK;
}

int ll_precheck_list(const struct ll_precheck_env *env, const char *organisation, size_t offset, size_t limit,
                     struct ll_precheck_model **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(organisation)};
    const struct ll_row_page page = {
        .sql = "SELECT " COLUMNS " FROM precheck_model WHERE $1 IS NULL OR organisation = $1"
               " ORDER BY made_at DESC, id LIMIT $2 OFFSET $3",
        .count = "SELECT count(*) FROM precheck_model WHERE $1 IS NULL OR organisation = $1",
        .args = args,
        .n_args = LL_COUNT(args),
        .limit = limit,
        .offset = offset};
    void *rows = NULL;
    int rc = ll_row_list(env->tx, &form, &page, env->arena, &rows, ret_n, ret_total, err);

    *ret = rows;
    return rc;
}

/* ---- the table ---- */

int ll_precheck_load(const struct ll_precheck_env *env, const struct ll_precheck_model *m, struct ll_buf *csv,
                     char salt[65], struct ll_err *err)
{
    struct ll_buf plain = LL_BUF_INIT(SALT + LL_MODEL_BYTES);
    struct ll_cell *cell = NULL;
    struct ll_stmt *s = NULL;
    int rc = ll_sql(env->tx, "SELECT sealed FROM precheck_model WHERE id = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, m->id);
    if ((rc = ll_step(s, err)) > 0 &&
        (rc = ll_precheck_cell(env->vault, m->organisation, LL_STR("model"), &cell, err)) == LL_OK)
        rc = ll_precheck_unseal(cell, ll_col_text(s, 0), &plain, err);
    ll_stmt_done(s);
    if (rc == LL_OK && plain.n < SALT)
        rc = ll_fail(err, LL_INVALID, "模型已损坏", "the model is damaged");
    if (rc == LL_OK) {
        hex((const unsigned char *)plain.p, SALT, salt);
        ll_buf_add(csv, plain.p + SALT, plain.n - SALT);
        rc = csv->failed ? ll_no_memory(err) : LL_OK;
    }
    ll_cell_close(cell);
    ll_buf_wipe(&plain);
    return rc;
}

int ll_precheck_table(const struct ll_precheck_env *env, const struct ll_precheck_model *m,
                      struct ll_buf *csv, char salt[65], struct ll_err *err)
{
    if (!env->actor->account || strcmp(env->actor->organisation, m->organisation) != 0)
        return none(m->id, err);
    return ll_precheck_load(env, m, csv, salt, err);
}

/* ---- adding ---- */

static int next_version(const struct ll_precheck_env *env, const char *name, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int64_t all = 0;
    int rc = ll_sql(
        env->tx,
        "SELECT coalesce(max(version) FILTER (WHERE name = $2), 0) + 1, count(*) FROM precheck_model"
        " WHERE organisation = $1",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, env->actor->organisation);
    ll_bind_z(s, 2, name);
    if ((rc = ll_step(s, err)) > 0) {
        *ret = ll_col_int(s, 0);
        all = ll_col_int(s, 1);
    }
    ll_stmt_done(s);
    if (rc >= 0 && all >= LL_PRECHECK_MODELS)
        return ll_fail(err, LL_TOOBIG, "一个机构至多 %d 个模型版本",
                       "an institution has %d versions of models at most", LL_PRECHECK_MODELS);
    return rc < 0 ? rc : LL_OK;
}

/* Salt and table, sealed; what commits to both; and the shape, by a key of the institution's own. */
static int seal(const struct ll_precheck_env *env, const struct ll_precheck_new *n,
                const struct ll_model *model, struct ll_buf *sealed, char sha256[65], char shape[BLIND_TEXT],
                struct ll_err *err)
{
    unsigned char salt[SALT], digest[LL_DIGEST], blind[LL_BLIND];
    struct ll_buf plain = LL_BUF_INIT(SALT + LL_MODEL_BYTES), text = LL_BUF_INIT(BLIND_TEXT * 2);
    struct ll_cell *cell = NULL;
    int rc = ll_random(salt, sizeof salt, err);

    ll_buf_add(&plain, salt, sizeof salt);
    ll_buf_str(&plain, n->csv);
    const struct ll_str parts[] = {LL_STR("luling-model/v1\n"), ll_buf_view(&plain)};
    ll_digest(LL_SHA256, parts, LL_COUNT(parts), digest);
    hex(digest, 32, sha256);
    if (rc == LL_OK)
        rc = ll_precheck_cell(env->vault, env->actor->organisation, LL_STR("model"), &cell, err);
    if (rc == LL_OK && (rc = ll_cell_blind(cell, &model->shape, 1, blind, err)) == LL_OK &&
        (rc = ll_precheck_seal(cell, ll_buf_view(&plain), sealed, err)) == LL_OK) {
        ll_base64_put(&text, LL_BASE64_URL, blind, sizeof blind);
        snprintf(shape, BLIND_TEXT, "%.*s", (int)text.n, text.p);
    }
    ll_cell_close(cell);
    ll_buf_free(&text);
    ll_buf_wipe(&plain);
    return rc;
}

static int insert(const struct ll_precheck_env *env, const struct ll_precheck_model *m,
                  const struct ll_buf *sealed, struct ll_err *err)
{
    return ll_exec(
        env->tx, err,
        "INSERT INTO precheck_model (id, organisation, name, version, title, kind, product, open, state,"
        " sha256, shape, sealed, indicators, rows, made_by, made_at, changed_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)",
        "zzzizzzizzzsiizi", m->id, m->organisation, m->name, m->version, m->title, m->kind, m->product,
        (int64_t)m->open, ll_state_word(m->state), m->sha256, m->shape, (struct ll_str){sealed->p, sealed->n},
        m->indicators, m->rows, env->actor->account, m->made_at);
}

static int fault_text(const struct ll_model_faults *f, struct ll_err *err)
{
    const struct ll_model_fault *x = &f->list[0];
    const char *column = x->column ? x->column : "";

    return ll_fail(err, LL_INVALID, "第 %zu 行 %s 列：%s%.0s（共 %zu 处）",
                   "line %zu, column %s: %.0s%s (%zu faults)", x->line, column, x->zh, x->en, f->n + f->more);
}

struct ll_flow_object ll_precheck_object(const struct ll_precheck_model *m)
{
    return (struct ll_flow_object){
        .flow = LL_FLOW_MODEL, .id = m->id, .state = m->state, .applicant = m->organisation};
}

int ll_precheck_add(const struct ll_precheck_env *env, const struct ll_precheck_new *n,
                    struct ll_precheck_model *ret, struct ll_model_faults *faults, struct ll_err *err)
{
    struct ll_buf sealed = LL_BUF_INIT(SEALED_TEXT);
    const struct ll_feature_set *set = NULL;
    const struct ll_model *model = NULL;
    char id[LL_FLOW_ID_TEXT], sha256[65], shape[BLIND_TEXT];
    int rc;

    *ret = (struct ll_precheck_model){.organisation = env->actor->organisation,
                                      .name = n->name,
                                      .title = n->title,
                                      .product = n->product,
                                      .open = n->open,
                                      .state = LL_STATE_MODEL_PROPOSED,
                                      .made_at = ll_now_ms()};
    if ((rc = ll_features_read(env->tx, env->cat, env->arena, &set, err)) < 0 ||
        (rc = ll_model_read(n->csv, set, env->arena, &model, faults, err)) < 0)
        return rc;
    if (!model)
        return fault_text(faults, err);
    if ((rc = next_version(env, n->name, &ret->version, err)) < 0 ||
        (rc = seal(env, n, model, &sealed, sha256, shape, err)) < 0)
        goto done;
    ll_flow_new_id('M', id);
    for (size_t i = 0; i < set->n; i++)
        ret->indicators += model->uses[i];
    ret->rows = (int64_t)model->rows;
    ret->kind = model->scorecard ? "scorecard" : "table";
    ret->changed_at = ret->made_at;
    ret->id = ll_arena_dup(env->arena, ll_str(id));
    ret->sha256 = ll_arena_dup(env->arena, ll_str(sha256));
    ret->shape = ll_arena_dup(env->arena, ll_str(shape));
    if (!ret->id || !ret->sha256 || !ret->shape) {
        rc = ll_no_memory(err);
        goto done;
    }
    const struct ll_flow_object o = ll_precheck_object(ret);
    const struct ll_flow_act act = {.action = "create", .actor = env->actor, .reason = ret->sha256};
    if ((rc = insert(env, ret, &sealed, err)) == LL_OK)
        rc = ll_flow_begin_as(env->tx, &o, &act, err);
done:
    ll_buf_free(&sealed);
    return rc;
}

/* ---- steps ---- */

static int set_state(const struct ll_precheck_env *env, const char *id, enum ll_state state,
                     struct ll_err *err)
{
    return ll_exec(env->tx, err, "UPDATE precheck_model SET state = $2, changed_at = $3 WHERE id = $1", "zzi",
                   id, ll_state_word(state), ll_now_ms());
}

/* The version that is active until now makes room. */
static int supersede(const struct ll_precheck_env *env, const struct ll_precheck_model *m, struct ll_err *err)
{
    const struct ll_flow_act act = {.action = "supersede"};
    const struct ll_flow_step *step = NULL;
    struct ll_precheck_model before;
    int rc = ll_precheck_find(env, "organisation = $1 AND name = $2 AND state = 'active'", m->organisation,
                              m->name, &before, err);

    if (rc <= 0)
        return rc;
    const struct ll_flow_object o = ll_precheck_object(&before);
    rc = ll_flow_take(env->tx, &o, &act, &step, err);
    return rc < 0 ? rc : set_state(env, before.id, step->to, err);
}

int ll_precheck_act(const struct ll_precheck_env *env, const char *id, const struct ll_flow_act *act,
                    struct ll_err *err)
{
    const struct ll_flow_step *step = NULL;
    struct ll_precheck_model m;
    int rc = ll_precheck_find(env, "id = $1", id, NULL, &m, err);

    if (rc < 0)
        return rc;
    if (rc == 0 || strcmp(m.organisation, env->actor->organisation) != 0)
        return none(id, err);
    const struct ll_flow_object o = ll_precheck_object(&m);
    if ((rc = ll_flow_take(env->tx, &o, act, &step, err)) < 0)
        return rc;
    if (step->to == LL_STATE_MODEL_ACTIVE && (rc = supersede(env, &m, err)) < 0)
        return rc;
    return set_state(env, id, step->to, err);
}

/* ---- told ---- */

void ll_precheck_model_put(struct ll_json *j, const struct ll_precheck_model *m)
{
    char at[LL_TIME_TEXT];

    ll_json_kz(j, "id", m->id);
    ll_json_kz(j, "organisation", m->organisation);
    ll_json_kz(j, "name", m->name);
    ll_json_ki(j, "version", m->version);
    ll_json_kz(j, "title", m->title);
    ll_json_kz(j, "kind", m->kind);
    ll_json_kz(j, "product", m->product);
    ll_json_kb(j, "open", m->open);
    ll_state_put(j, m->state);
    ll_json_kz(j, "sha256", m->sha256);
    ll_json_ki(j, "indicators", m->indicators);
    ll_json_ki(j, "rows", m->rows);
    ll_json_ki(j, "runs", m->runs);
    ll_json_kz(j, "made_at", ll_time_text(m->made_at, at));
    ll_json_kz(j, "changed_at", ll_time_text(m->changed_at, at));
}
