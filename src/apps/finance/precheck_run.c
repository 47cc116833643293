/* precheck_run.c - running a model on firms: consent, limits, count; then what came of it, sealed, and told to who may know (precheck.h). */
#include "apps/finance/precheck_impl.h"

#include "base/clock.h"
#include "crypto/random.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { OUTCOME = 16384, RUNS_SHOWN = 100 };
static const int64_t day_ms = 86400000, china_ms = 8 * 3600000;

static const struct {
    const char *word, *zh, *en;
} refusals[] = {
    [LL_PRECHECK_DONE] = {NULL, NULL, NULL},
    [LL_PRECHECK_NO_CONSENT] =
        {"consent", "企业没有就“" LL_PRECHECK_PURPOSE "”授权本机构使用模型所需的数据",
         "the firm has not consented to this institution's pre-check over the data that the model needs"},
    [LL_PRECHECK_UNKNOWN] = {"unknown", "基础数据中没有这家企业", "no base resource knows this firm"},
    [LL_PRECHECK_TOO_OFTEN] = {"often", "这一版模型今天对这家企业的次数已满",
                               "this version has been run on this firm as often as it may be today"},
    [LL_PRECHECK_PROBING] =
        {"probing", "近期用于这家企业的模型版本过多（仅数值不同的版本合并计算）：防止以改动模型探查数据",
         "too many versions were run on this firm of late (those that differ in numbers alone count apart): a changed model must not find out data"},
};

/* ---- opening ---- */

static int open_table(const struct ll_precheck_env *env, struct ll_precheck_run *run, struct ll_err *err)
{
    struct ll_buf csv = LL_BUF_INIT(LL_MODEL_BYTES + 1);
    struct ll_model_faults faults;
    char salt[65];
    int rc = ll_features_read(env->tx, env->cat, env->arena, &run->set, err);

    if (rc == LL_OK && (rc = ll_precheck_load(env, &run->model, &csv, salt, err)) == LL_OK)
        rc = ll_model_read(ll_buf_view(&csv), run->set, env->arena, &run->table, &faults, err);
    if (rc == LL_OK && !run->table)
        rc = ll_fail(err, LL_CONFLICT, "指标的定义已变，模型须重新上传",
                     "indicators were changed: the model has to be uploaded anew");
    ll_buf_wipe(&csv);
    return rc;
}

int ll_precheck_open(const struct ll_precheck_env *env, const char *organisation, struct ll_str name,
                     struct ll_precheck_run *run, struct ll_err *err)
{
    int rc = ll_precheck_find(env, "organisation = $1 AND name = $2 AND state = 'active'", organisation,
                              name.p, &run->model, err);

    if (rc < 0)
        return rc;
    return rc ? open_table(env, run, err)
              : ll_fail(err, LL_NOTFOUND, "本机构没有启用的模型 %.48s",
                        "this institution has no active model %.48s", name.p);
}

int ll_precheck_open_product(const struct ll_precheck_env *env, struct ll_str product,
                             struct ll_precheck_run *run, struct ll_err *err)
{
    int rc = ll_precheck_find(
        env, "product = $1 AND open = 1 AND state = 'active' ORDER BY changed_at DESC, id LIMIT 1", product.p,
        NULL, &run->model, err);

    if (rc < 0)
        return rc;
    return rc ? open_table(env, run, err)
              : ll_fail(err, LL_NOTFOUND, "这个产品没有开放给企业自测的模型",
                        "no model of this product is open to firms");
}

/* ---- what a consent has to cover ---- */

size_t ll_precheck_resources(const struct ll_precheck_run *run, const char **ret)
{
    bool uses[LL_FEATURES_MAX];
    size_t n = 0;

    memcpy(uses, run->table->uses, sizeof uses);
    ll_features_close(run->set, uses);
    for (size_t g = 0; g < run->set->n_groups; g++) {
        bool any = false;
        for (size_t i = 0; i < run->set->n && !any; i++)
            any = uses[i] && run->set->features[i].group == g;
        if (any)
            ret[n++] = run->set->groups[g]->name;
    }
    return n;
}

struct need {
    const struct ll_resource *resource;
    struct ll_str *items;
    size_t n;
};

static int needs_of(const struct ll_precheck_env *env, const struct ll_feature_set *set,
                    const struct ll_model *m, struct need *needs, size_t *n, struct ll_err *err)
{
    bool uses[LL_FEATURES_MAX];

    memcpy(uses, m->uses, sizeof uses);
    ll_features_close(set, uses);
    *n = 0;
    for (size_t g = 0; g < set->n_groups; g++) {
        struct need *x = &needs[*n];
        bool any = false;
        for (size_t i = 0; i < set->n; i++)
            any |= uses[i] && set->features[i].group == g;
        if (!any)
            continue;
        *x = (struct need){.resource = set->groups[g],
                           .items = ll_arena_array(env->arena, set->groups[g]->n_items, sizeof *x->items)};
        if (!x->items)
            return ll_no_memory(err);
        x->n = ll_features_items(set, uses, g, x->items);
        ++*n;
    }
    return LL_OK;
}

int ll_precheck_put_needs(const struct ll_precheck_env *env, const struct ll_precheck_model *m,
                          struct ll_json *j, struct ll_err *err)
{
    struct need needs[LL_FEATURE_GROUPS_MAX];
    struct ll_precheck_run run = {.model = *m};
    size_t n = 0;
    int rc = open_table(env, &run, err);

    if (rc < 0 || (rc = needs_of(env, run.set, run.table, needs, &n, err)) < 0)
        return rc;
    ll_json_kz(j, "purpose", LL_PRECHECK_PURPOSE);
    ll_json_key(j, "needs");
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "resource", needs[i].resource->name);
        ll_json_kz(j, "title", needs[i].resource->title);
        ll_json_kz(j, "title_en", needs[i].resource->title_en);
        ll_json_key(j, "items");
        ll_json_arr(j);
        for (size_t k = 0; k < needs[i].n; k++)
            ll_json_str(j, needs[i].items[k]);
        ll_json_end_arr(j);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    return LL_OK;
}

/* Every resource is covered; one use is counted, whichever consents cover the rest. */
static int consented(const struct ll_precheck_env *env, const struct ll_precheck_run *run,
                     const struct need *needs, size_t n, struct ll_precheck_firm *f, const char **ret,
                     struct ll_err *err)
{
    const struct ll_consent_env read = {.tx = env->tx, .keys = env->keys, .arena = env->arena};
    struct ll_consent_used used;
    int rc = LL_OK;

    for (size_t i = n; i-- && rc == LL_OK;) {
        const struct ll_consent_use use = {.scheme = LL_ID_USCC,
                                           .value = f->uscc,
                                           .organisation = run->model.organisation,
                                           .purpose = LL_PRECHECK_PURPOSE,
                                           .resource = needs[i].resource->name,
                                           .items = needs[i].items,
                                           .n_items = needs[i].n,
                                           .now = ll_now_ms()};
        rc = i ? ll_consent_covers(&read, &use, &used, err) : ll_consent_use(&read, &use, &used, err);
    }
    if (rc == LL_DENIED) {
        f->refused = LL_PRECHECK_NO_CONSENT;
        return LL_OK;
    }
    return rc < 0 || (*ret = ll_arena_dup(env->arena, ll_str(used.id))) ? rc : ll_no_memory(err);
}

/* ---- limits ---- */

static int counts(const struct ll_precheck_env *env, const struct ll_precheck_run *run, const char *subject,
                  int64_t now, int64_t n[3], struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(env->tx,
                    "SELECT count(*) FILTER (WHERE model = $1 AND day = $4),"
                    " count(DISTINCT model) FILTER (WHERE shape = $3 AND model <> $1),"
                    " count(DISTINCT model) FILTER (WHERE model <> $1)"
                    " FROM precheck_run WHERE subject = $2 AND organisation = $5 AND at > $6",
                    &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, run->model.id);
    ll_bind_z(s, 2, subject);
    ll_bind_z(s, 3, run->model.shape);
    ll_bind_int(s, 4, (now + china_ms) / day_ms);
    ll_bind_z(s, 5, run->model.organisation);
    ll_bind_int(s, 6, now - LL_PROBE_DAYS * day_ms);
    if ((rc = ll_step(s, err)) > 0)
        for (int i = 0; i < 3; i++)
            n[i] = ll_col_int(s, i);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int count_run(const struct ll_precheck_env *env, struct ll_precheck_run *run,
                     struct ll_precheck_firm *f, const char *consent, struct ll_err *err)
{
    const int64_t now = ll_now_ms();
    struct ll_stmt *s = NULL;
    int rc = ll_exec(
        env->tx, err,
        "INSERT INTO precheck_run (model, organisation, shape, subject, day, own, account, client, officer,"
        " consent, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        "zzzziizzzzi", run->model.id, run->model.organisation, run->model.shape, f->subject,
        (now + china_ms) / day_ms, (int64_t)run->own, env->actor->account, env->actor->client, run->officer,
        consent, now);

    if (rc < 0 ||
        (rc = ll_exec(env->tx, err, "UPDATE precheck_model SET runs = runs + 1 WHERE id = $1", "z",
                      run->model.id)) < 0 ||
        (rc = ll_sql(env->tx, "SELECT max(id) FROM precheck_run", &s, err)) < 0)
        return rc;
    if ((rc = ll_step(s, err)) > 0)
        f->run = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int admit(const struct ll_precheck_env *env, struct ll_precheck_run *run, const struct need *needs,
                 size_t n, struct ll_precheck_firm *f, struct ll_err *err)
{
    const struct ll_consent_env read = {.tx = env->tx, .keys = env->keys, .arena = env->arena};
    const struct ll_consent_who who = {.scheme = LL_ID_USCC, .value = f->uscc};
    const char *consent = NULL;
    int64_t had[3] = {0};
    int rc = ll_consent_subject_known(&read, &who, false, &f->subject, err);

    if (rc < 0 || (rc = counts(env, run, f->subject, ll_now_ms(), had, err)) < 0)
        return rc;
    f->refused = had[0] >= LL_PROBE_DAILY                             ? LL_PRECHECK_TOO_OFTEN
                 : had[1] >= LL_PROBE_SHAPE || had[2] >= LL_PROBE_ANY ? LL_PRECHECK_PROBING
                                                                      : LL_PRECHECK_DONE;
    if (f->refused == LL_PRECHECK_DONE && !run->own)
        rc = consented(env, run, needs, n, f, &consent, err);
    return rc < 0 || f->refused != LL_PRECHECK_DONE ? rc : count_run(env, run, f, consent, err);
}

int ll_precheck_admit(const struct ll_precheck_env *env, struct ll_precheck_run *run, struct ll_err *err)
{
    struct need needs[LL_FEATURE_GROUPS_MAX];
    size_t n = 0;
    int rc = needs_of(env, run->set, run->table, needs, &n, err);

    for (size_t i = 0; i < run->n && rc == LL_OK; i++)
        rc = admit(env, run, needs, n, &run->firms[i], err);
    return rc;
}

/* ---- scoring ---- */

void ll_precheck_score(struct ll_precheck_run *run, struct ll_precheck_firm *f,
                       const struct ll_feature_value *values)
{
    f->found = true;
    ll_model_apply(run->table, values, &f->scored);
}

static void put_reasons(struct ll_json *j, const struct ll_precheck_run *run, const struct ll_model_scored *s)
{
    ll_json_key(j, "reasons");
    ll_json_arr(j);
    for (size_t i = 0; i < s->n; i++) {
        const struct ll_model_reason *r = ll_model_reason(run->table, s->reasons[i]);
        ll_json_obj(j);
        ll_json_kz(j, "code", s->reasons[i]);
        ll_json_kz(j, "words", r && r->words[LL_ZH][0] ? r->words[LL_ZH] : NULL);
        ll_json_kz(j, "words_en", r && r->words[LL_EN][0] ? r->words[LL_EN] : NULL);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static void put_outcome(struct ll_json *j, const struct ll_precheck_run *run, const struct ll_model_scored *s)
{
    const struct ll_model_outcome *o = s->outcome;

    ll_json_kz(j, "result", ll_model_result_word(o->result));
    ll_json_kz(j, "result_title", ll_model_result_title(o->result, LL_ZH));
    ll_json_kz(j, "result_title_en", ll_model_result_title(o->result, LL_EN));
    ll_json_kn(j, "limit_min", o->limit_min);
    ll_json_kn(j, "limit_max", o->limit_max);
    put_reasons(j, run, s);
}

int ll_precheck_keep(const struct ll_precheck_env *env, const struct ll_precheck_run *run, struct ll_err *err)
{
    struct ll_buf plain = LL_BUF_INIT(OUTCOME), sealed = LL_BUF_INIT(2 * OUTCOME);
    struct ll_cell *cell = NULL;
    struct ll_json j;
    int rc = ll_precheck_cell(env->vault, run->model.organisation, LL_STR("outcome"), &cell, err);

    for (size_t i = 0; i < run->n && rc == LL_OK; i++) {
        if (!run->firms[i].found)
            continue;
        ll_buf_clear(&plain);
        ll_buf_clear(&sealed);
        ll_json_init(&j, &plain);
        ll_json_obj(&j);
        put_outcome(&j, run, &run->firms[i].scored);
        ll_json_end_obj(&j);
        if (plain.failed)
            rc = ll_no_memory(err);
        else if ((rc = ll_precheck_seal(cell, ll_buf_view(&plain), &sealed, err)) == LL_OK)
            rc = ll_exec(env->tx, err, "UPDATE precheck_run SET sealed = $2, as_of = $3 WHERE id = $1", "isi",
                         run->firms[i].run, ll_buf_view(&sealed), run->as_of.ms);
    }
    ll_cell_close(cell);
    ll_buf_wipe(&plain);
    ll_buf_free(&sealed);
    return rc;
}

void ll_precheck_firm_put(struct ll_json *j, const struct ll_precheck_run *run,
                          const struct ll_precheck_firm *f)
{
    const bool done = f->refused == LL_PRECHECK_DONE;

    ll_json_obj(j);
    ll_json_ks(j, "subject", f->uscc);
    ll_json_kz(j, "condition", refusals[f->refused].word);
    ll_json_kz(j, "why", refusals[f->refused].zh);
    ll_json_kz(j, "why_en", refusals[f->refused].en);
    ll_json_key(j, "outcome");
    if (done) {
        ll_json_obj(j);
        put_outcome(j, run, &f->scored);
        ll_json_end_obj(j);
    } else {
        ll_json_null(j);
    }
    ll_json_end_obj(j);
}

/* ---- told afterwards ---- */

#define RUN_COLUMNS                                                                                                       \
    "r.id, r.at, r.own, r.organisation, m.title, m.name, m.version, m.product, r.account, r.client, r.officer, r.sealed," \
    " s.title, s.mask"

static void put_text(struct ll_json *j, const char *key, struct ll_stmt *s, int at)
{
    ll_json_key(j, key);
    if (ll_col_null(s, at))
        ll_json_null(j);
    else
        ll_json_str(j, ll_col_text(s, at));
}

/* whole: the outcome as it is; otherwise its reasons alone. */
static int put_sealed(const struct ll_precheck_env *env, struct ll_stmt *s, bool whole, struct ll_json *j,
                      struct ll_err *err)
{
    struct ll_buf plain = LL_BUF_INIT(OUTCOME);
    char *organisation = ll_arena_dup(env->arena, ll_col_text(s, 3));
    struct ll_cell *cell = NULL;
    int rc = !organisation ? ll_no_memory(err) : LL_OK;

    if (rc == LL_OK && !ll_col_null(s, 11) &&
        (rc = ll_precheck_cell(env->vault, organisation, LL_STR("outcome"), &cell, err)) == LL_OK)
        rc = ll_precheck_unseal(cell, ll_col_text(s, 11), &plain, err);
    ll_cell_close(cell);
    if (rc == LL_OK) {
        json_t *outcome = plain.n ? json_loadb(plain.p, plain.n, 0, NULL) : NULL;
        if (outcome && !whole)
            for (size_t i = 0; i < 5; i++) {
                static const char *const own[] = {"result", "result_title", "result_title_en", "limit_min",
                                                  "limit_max"};
                json_object_set_new(outcome, own[i], json_null());
            }
        char *text = outcome ? json_dumps(outcome, JSON_COMPACT) : NULL;
        ll_json_key(j, "outcome");
        if (text)
            ll_json_raw(j, ll_str(text));
        else
            ll_json_null(j);
        free(text);
        json_decref(outcome);
    }
    ll_buf_wipe(&plain);
    return rc;
}

static int put_run(const struct ll_precheck_env *env, struct ll_stmt *s, bool subject, struct ll_json *j,
                   struct ll_err *err)
{
    const bool own = ll_col_int(s, 2) != 0;
    char at[LL_TIME_TEXT];
    int rc;

    ll_json_obj(j);
    ll_json_ki(j, "run", ll_col_int(s, 0));
    ll_json_kz(j, "at", ll_time_text(ll_col_int(s, 1), at));
    ll_json_kb(j, "own", own);
    put_text(j, "organisation", s, 3);
    const struct ll_organisation *o = ll_catalog_organisation(env->cat, ll_col_text(s, 3));
    ll_json_kz(j, "organisation_name", o ? o->name : NULL);
    put_text(j, "title", s, 4);
    ll_json_ki(j, "version", ll_col_int(s, 6));
    put_text(j, "product", s, 7);
    if (!subject) {
        put_text(j, "model", s, 5);
        put_text(j, "account", s, 8);
        put_text(j, "client", s, 9);
        put_text(j, "subject_title", s, 12);
        put_text(j, "subject", s, 13);
    }
    put_text(j, "officer", s, 10);
    rc = put_sealed(env, s, !subject || own, j, err);
    ll_json_end_obj(j);
    return rc;
}

static int put_runs(const struct ll_precheck_env *env, const char *sql, const char *whose, size_t limit,
                    bool subject, struct ll_json *j, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(env->tx, sql, &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, whose);
    ll_bind_int(s, 2, (int64_t)limit);
    ll_json_key(j, "items");
    ll_json_arr(j);
    while ((rc = ll_step(s, err)) > 0)
        if ((rc = put_run(env, s, subject, j, err)) < 0)
            break;
    ll_stmt_done(s);
    ll_json_end_arr(j);
    return rc;
}

int ll_precheck_put_runs(const struct ll_precheck_env *env, const char *organisation, size_t limit,
                         struct ll_json *j, struct ll_err *err)
{
    return put_runs(env,
                    "SELECT " RUN_COLUMNS " FROM precheck_run r JOIN precheck_model m ON m.id = r.model"
                    " JOIN consent_subject s ON s.id = r.subject WHERE r.organisation = $1 AND r.own = 0"
                    " ORDER BY r.id DESC LIMIT $2",
                    organisation, limit, false, j, err);
}

int ll_precheck_put_mine(const struct ll_precheck_env *env, const char *subject, struct ll_json *j,
                         struct ll_err *err)
{
    return put_runs(env,
                    "SELECT " RUN_COLUMNS " FROM precheck_run r JOIN precheck_model m ON m.id = r.model"
                    " JOIN consent_subject s ON s.id = r.subject WHERE r.subject = $1"
                    " ORDER BY r.id DESC LIMIT $2",
                    subject, RUNS_SHOWN, true, j, err);
}

int ll_precheck_put_open(const struct ll_precheck_env *env, struct ll_json *j, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        env->tx,
        "SELECT product, organisation, title FROM precheck_model WHERE open = 1 AND state = 'active'"
        " AND product IS NOT NULL ORDER BY product, changed_at DESC LIMIT 500",
        &s, err);

    if (rc < 0)
        return rc;
    ll_json_key(j, "open");
    ll_json_arr(j);
    while ((rc = ll_step(s, err)) > 0) {
        const struct ll_organisation *o = ll_catalog_organisation(env->cat, ll_col_text(s, 1));
        ll_json_obj(j);
        put_text(j, "product", s, 0);
        put_text(j, "organisation", s, 1);
        ll_json_kz(j, "organisation_name", o ? o->name : NULL);
        put_text(j, "title", s, 2);
        ll_json_end_obj(j);
    }
    ll_stmt_done(s);
    ll_json_end_arr(j);
    return rc;
}
