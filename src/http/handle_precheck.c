/* handle_precheck.c - models of institutions and what they make of firms: uploaded and decided by the institution, run by its officers and systems, and by a firm on itself.
 *
 * A run has three parts: what admits and counts it (a transaction of its own), the values (the engine, without one), what came of it (another). */
#include "apps/finance/feature_file.h"
#include "apps/finance/feature_now.h"
#include "apps/finance/precheck.h"
#include "base/clock.h"
#include "crypto/random.h"
#include "http/consenting.h"
#include "http/look.h"
#include "http/site.h"
#include "routes.gen.h"
#include "standard/ident.h"

#include <string.h>

static struct ll_precheck_env env_of(struct ll_app *app, struct ll_request *rq, const struct ll_sharing *s)
{
    return (struct ll_precheck_env){.vault = ll_data_vault(app->data),
                                    .keys = ll_journaling_keys(app->journaling),
                                    .cat = s->cat,
                                    .tx = s->tx,
                                    .actor = &rq->actor,
                                    .arena = rq->arena};
}

/* ---- models ---- */

static int show(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq, const char *id,
                struct ll_err *err)
{
    const struct ll_precheck_env env = env_of(app, rq, s);
    struct ll_precheck_model m;
    int rc = ll_precheck_get(&env, id, &m, err);

    if (rc < 0)
        return rc;
    const bool ours = rq->actor.account && strcmp(rq->actor.organisation, m.organisation) == 0;
    const struct ll_flow_object o = ll_precheck_object(&m);
    ll_json_obj(&rq->json);
    ll_precheck_model_put(&rq->json, &m);
    if (ours && (rc = ll_precheck_put_needs(&env, &m, &rq->json, err)) < 0 && rc != LL_CONFLICT)
        return rc;
    if ((rc = ll_sharing_history(s->tx, rq, LL_FLOW_MODEL, id, err)) < 0)
        return rc;
    ll_flow_put_actions(&rq->json, "actions", &o, &rq->actor);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_model_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_sharing_show(app, rq, ll_arg(rq, LL_P_MODEL_SHOW_ID)->s.p, show, err);
}

int ll_h_models_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const int64_t offset = ll_arg(rq, LL_P_MODELS_LIST_OFFSET)->i,
                  limit = ll_arg(rq, LL_P_MODELS_LIST_LIMIT)->i;
    struct ll_precheck_model *list = NULL;
    struct ll_sharing s;
    int64_t total = 0;
    size_t n = 0;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    const struct ll_precheck_env env = env_of(app, rq, &s);
    if ((rc = ll_precheck_list(&env, rq->only, (size_t)offset, (size_t)limit, &list, &n, &total, err)) ==
        LL_OK) {
        ll_sharing_page(rq, total, offset, limit);
        for (size_t i = 0; i < n; i++) {
            ll_json_obj(&rq->json);
            ll_precheck_model_put(&rq->json, &list[i]);
            ll_json_end_obj(&rq->json);
        }
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

static void put_faults(struct ll_json *j, const struct ll_model_faults *f)
{
    ll_json_obj(j);
    ll_json_ki(j, "faults", (int64_t)(f->n + f->more));
    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = 0; i < f->n; i++) {
        ll_json_obj(j);
        ll_json_ki(j, "line", (int64_t)f->list[i].line);
        ll_json_kz(j, "column", f->list[i].column);
        ll_json_kz(j, "text", f->list[i].zh);
        ll_json_kz(j, "text_en", f->list[i].en);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}

/* What is wrong with a table, without keeping it. */
int ll_h_model_check(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_feature_set *set = NULL;
    const struct ll_model *model = NULL;
    struct ll_model_faults *faults = ll_arena_alloc(rq->arena, sizeof *faults);
    struct ll_sharing s;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *table = ll_body_text(&b, "table", 1, LL_MODEL_BYTES, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = faults ? LL_OK : ll_no_memory(err)) < 0 ||
        (rc = ll_sharing_open(app, false, &s, err)) < 0)
        return rc;
    if ((rc = ll_features_read(s.tx, s.cat, rq->arena, &set, err)) == LL_OK &&
        (rc = ll_model_read(ll_str(table), set, rq->arena, &model, faults, err)) == LL_OK)
        put_faults(&rq->json, faults);
    ll_sharing_close(&s);
    return rc;
}

int ll_h_model_add(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_model_faults *faults = ll_arena_alloc(rq->arena, sizeof *faults);
    struct ll_precheck_new n = {.name = NULL};
    struct ll_precheck_model m;
    struct ll_sharing s;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    n.name = ll_body_text(&b, "name", 1, LL_PRECHECK_NAME, true);
    n.title = ll_body_text(&b, "title", 1, LL_PRECHECK_TITLE, true);
    n.product = ll_body_text(&b, "product", 1, 64, false);
    n.open = ll_body_bool(&b, "open", false);
    n.csv = ll_str(ll_body_text(&b, "table", 1, LL_MODEL_BYTES, true));
    if ((rc = ll_body_end(&b)) < 0 || (rc = faults ? LL_OK : ll_no_memory(err)) < 0 ||
        (rc = ll_precheck_prepare(ll_data_vault(app->data), rq->actor.organisation, err)) < 0 ||
        (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    const struct ll_precheck_env env = env_of(app, rq, &s);
    if ((rc = ll_precheck_add(&env, &n, &m, faults, err)) == LL_OK &&
        (rc = show(app, &s, rq, m.id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    rq->status = 201;
    return rc;
}

/* The table itself, to the institution whose it is; the salt with which it makes the commitment. */
int ll_h_model_table(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_buf csv = LL_BUF_INIT(LL_MODEL_BYTES + 1);
    struct ll_precheck_model m;
    struct ll_sharing s;
    char salt[65];
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    const struct ll_precheck_env env = env_of(app, rq, &s);
    if ((rc = ll_precheck_get(&env, ll_arg(rq, LL_P_MODEL_TABLE_ID)->s.p, &m, err)) == LL_OK &&
        (rc = ll_precheck_table(&env, &m, &csv, salt, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        ll_json_kz(&rq->json, "id", m.id);
        ll_json_kz(&rq->json, "sha256", m.sha256);
        ll_json_kz(&rq->json, "salt", salt);
        ll_json_ks(&rq->json, "table", ll_buf_view(&csv));
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_close(&s);
    ll_buf_wipe(&csv);
    return rc;
}

static int take_step(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq, const char *id,
                     const struct ll_flow_act *act, struct ll_err *err)
{
    const struct ll_precheck_env env = {.vault = ll_data_vault(app->data),
                                        .cat = s->cat,
                                        .tx = s->tx,
                                        .actor = act->actor,
                                        .arena = rq->arena};

    return ll_precheck_act(&env, id, act, err);
}

int ll_h_model_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_sharing_step(app, rq, ll_arg(rq, LL_P_MODEL_ACT_ID)->s.p, take_step, show, err);
}

/* ---- runs ---- */

struct running {
    struct ll_app *app;
    struct ll_request *rq;
    struct ll_precheck_run run;
};

static int take_values(void *ctx, struct ll_str firm, const struct ll_feature_value *values,
                       struct ll_err *err)
{
    struct running *r = ctx;

    (void)err;
    for (size_t i = 0; i < r->run.n; i++)
        if (ll_str_eq(firm, r->run.firms[i].uscc))
            ll_precheck_score(&r->run, &r->run.firms[i], values);
    return LL_OK;
}

/* One firm: as of now. */
static int compute_one(struct running *r, struct ll_err *err)
{
    struct ll_feature_told told;
    int rc = ll_feature_now(r->app->features, r->run.set, r->run.firms[0].uscc, r->rq->arena, take_values, r,
                            &told, err);

    r->run.as_of = told.as_of;
    return rc;
}

/* Several: as of the newest run of the feature store. */
static int compute_many(struct running *r, struct ll_err *err)
{
    struct ll_feature_reader *reader = NULL;
    struct ll_feature_run stored;
    int rc = ll_feature_run_get(r->app->data, NULL, r->rq->arena, &stored, err);

    if (rc < 0 || (rc = ll_feature_run_open(r->app->data, &stored, r->run.set, &reader, err)) < 0)
        return rc;
    r->run.as_of = stored.as_of;
    for (size_t i = 0; i < r->run.n && rc >= 0; i++) {
        const struct ll_feature_value *values = NULL;
        if (r->run.firms[i].refused != LL_PRECHECK_DONE)
            continue;
        if ((rc = ll_feature_run_find(reader, r->run.firms[i].uscc, &values, err)) > 0)
            ll_precheck_score(&r->run, &r->run.firms[i], values);
    }
    ll_feature_run_close(reader);
    return rc < 0 ? rc : LL_OK;
}

static int compute(struct running *r, struct ll_err *err)
{
    bool any = false;
    int rc = LL_OK;

    for (size_t i = 0; i < r->run.n; i++)
        any |= r->run.firms[i].refused == LL_PRECHECK_DONE;
    if (any)
        rc = r->run.n == 1 ? compute_one(r, err) : compute_many(r, err);
    for (size_t i = 0; i < r->run.n; i++)
        if (r->run.firms[i].refused == LL_PRECHECK_DONE && !r->run.firms[i].found)
            r->run.firms[i].refused = LL_PRECHECK_UNKNOWN;
    return rc;
}

/* Admitted and counted before anything is computed; kept before it is told. */
static int go(struct running *r, struct ll_consenting *c, struct ll_err *err)
{
    struct ll_precheck_env env = env_of(r->app, r->rq, &c->s);
    struct ll_txn *tx = NULL;
    int rc = ll_precheck_admit(&env, &r->run, err);

    if (rc < 0 || (rc = ll_sharing_commit(r->app, &c->s, err)) < 0)
        return rc;
    ll_txn_end(c->s.tx);
    c->s.tx = NULL;
    if ((rc = compute(r, err)) < 0 || (rc = ll_txn_begin(ll_data_store(r->app->data), true, &tx, err)) < 0)
        return rc;
    env.tx = tx;
    if ((rc = ll_precheck_keep(&env, &r->run, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* Whoever is frozen asks nothing, and of a resource that is frozen nothing is computed. */
static int check_frozen(struct running *r, struct ll_err *err)
{
    const char *resources[LL_FEATURE_GROUPS_MAX];
    size_t n = ll_precheck_resources(&r->run, resources);
    int rc = ll_access_frozen(r->app->access, &r->rq->actor, NULL, err);

    for (size_t i = 0; i < n && rc == LL_OK; i++)
        rc = ll_access_frozen(r->app->access, &r->rq->actor, resources[i], err);
    return rc;
}

static int answer(struct running *r, struct ll_err *err)
{
    struct ll_json *j = &r->rq->json;
    char at[LL_TIME_TEXT];
    int rc = LL_OK;

    ll_json_obj(j);
    ll_json_kz(j, "model", r->run.model.name);
    ll_json_kz(j, "title", r->run.model.title);
    ll_json_ki(j, "version", r->run.model.version);
    ll_json_kz(j, "as_of", r->run.as_of.ms ? ll_time_text(r->run.as_of.ms, at) : NULL);
    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = 0; i < r->run.n && rc == LL_OK; i++) {
        ll_precheck_firm_put(j, &r->run, &r->run.firms[i]);
        if (r->run.firms[i].found)
            rc = ll_look_note(r->app, r->rq, ll_scheme_name(LL_ID_USCC), r->run.firms[i].uscc, err);
    }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
    r->rq->looked_for = LL_PRECHECK_PURPOSE;
    r->rq->officer = r->run.officer;
    return rc;
}

static int read_firms(struct running *r, const char *const *texts, size_t n, struct ll_err *err)
{
    if (!n)
        return ll_fail(err, LL_USAGE, "subjects 须至少有一个统一社会信用代码",
                       "subjects names one credit code at least");
    r->run.firms = ll_arena_array(r->rq->arena, n, sizeof *r->run.firms);
    if (!r->run.firms)
        return ll_no_memory(err);
    for (; r->run.n < n; r->run.n++) {
        char canon[LL_ID_MAX];
        size_t length = 0;
        if (ll_id_check(LL_ID_USCC, ll_str(texts[r->run.n]), canon, &length) != LL_IDF_OK)
            return ll_fail(err, LL_USAGE, "第 %zu 个不是有效的统一社会信用代码",
                           "number %zu is no valid credit code", r->run.n + 1);
        struct ll_str *uscc = &r->run.firms[r->run.n].uscc;
        *uscc = (struct ll_str){ll_arena_dup(r->rq->arena, (struct ll_str){canon, length}), length};
        if (!uscc->p)
            return ll_no_memory(err);
        for (size_t i = 0; i < r->run.n; i++)
            if (ll_str_eq(*uscc, r->run.firms[i].uscc))
                return ll_fail(err, LL_USAGE, "第 %zu 个重复", "number %zu stands twice", r->run.n + 1);
    }
    return LL_OK;
}

int ll_h_precheck_run(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct running r = {.app = app, .rq = rq};
    const char *const *subjects = NULL;
    struct ll_consenting c;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *name = ll_body_text(&b, "model", 1, LL_PRECHECK_NAME, true);
    size_t n = ll_body_texts(&b, "subjects", LL_PRECHECK_FIRMS, LL_ID_MAX - 1, &subjects);
    r.run.officer = ll_body_text(&b, "officer", 1, LL_OFFICER_MAX, false);
    if ((rc = ll_body_end(&b)) < 0 || (rc = read_firms(&r, subjects, n, err)) < 0 ||
        (rc = ll_precheck_prepare(ll_data_vault(app->data), rq->actor.organisation, err)) < 0 ||
        (rc = ll_consenting_open(app, rq, true, &c, err)) < 0)
        return rc;
    const struct ll_precheck_env env = env_of(app, rq, &c.s);
    if ((rc = ll_precheck_open(&env, rq->actor.organisation, ll_str(name), &r.run, err)) == LL_OK &&
        (rc = check_frozen(&r, err)) == LL_OK && (rc = go(&r, &c, err)) == LL_OK)
        rc = answer(&r, err);
    ll_consenting_close(&c);
    return rc;
}

int ll_h_precheck_runs(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    const struct ll_precheck_env env = env_of(app, rq, &s);
    ll_json_obj(&rq->json);
    rc = ll_precheck_put_runs(&env, rq->actor.organisation, (size_t)ll_arg(rq, LL_P_PRECHECK_RUNS_LIMIT)->i,
                              &rq->json, err);
    ll_json_end_obj(&rq->json);
    ll_sharing_close(&s);
    return rc;
}

/* ---- the firm itself ---- */

int ll_h_me_prechecks(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    const struct ll_precheck_env env = env_of(app, rq, &s);
    ll_json_obj(&rq->json);
    if ((rc = ll_precheck_put_mine(&env, rq->actor.subject, &rq->json, err)) == LL_OK)
        rc = ll_precheck_put_open(&env, &rq->json, err);
    ll_json_end_obj(&rq->json);
    ll_sharing_close(&s);
    return rc;
}

int ll_h_me_precheck(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct running r = {.app = app, .rq = rq, .run = {.own = true, .n = 1}};
    struct ll_precheck_firm firm = {.run = 0};
    struct ll_consent_self me;
    struct ll_consenting c;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *product = ll_body_text(&b, "product", 1, 64, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_consenting_self(app, rq, true, &c, &me, err)) < 0)
        return rc;
    firm.uscc = me.value;
    r.run.firms = &firm;
    const struct ll_precheck_env env = env_of(app, rq, &c.s);
    if (me.scheme != LL_ID_USCC)
        rc = ll_fail(err, LL_NOTFOUND, "以统一社会信用代码登录的企业才能试做预审",
                     "only an enterprise, signed in by its credit code, tries a pre-check");
    if (rc == LL_OK && (rc = ll_precheck_open_product(&env, ll_str(product), &r.run, err)) == LL_OK &&
        (rc = check_frozen(&r, err)) == LL_OK && (rc = go(&r, &c, err)) == LL_OK)
        rc = answer(&r, err);
    ll_consenting_close(&c);
    return rc;
}

/* Whether there is something to try, for the page of a product. */
int ll_h_product_precheck(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_sharing s;
    int rc = ll_site_limit(app, rq, err);

    if (rc < 0 || (rc = ll_sharing_open(app, false, &s, err)) < 0)
        return rc;
    const struct ll_precheck_env env = env_of(app, rq, &s);
    ll_json_obj(&rq->json);
    rc = ll_precheck_put_open(&env, &rq->json, err);
    ll_json_end_obj(&rq->json);
    ll_sharing_close(&s);
    return rc;
}
