/* version.c - see version.h. */
#include "apps/finance/version.h"

#include "base/clock.h"
#include "store/rows.h"

#include <stdio.h>
#include <string.h>

/* ---- rows ---- */

#define KEY_SHOWN "%.40s"

static const struct ll_row_column columns[] = {LL_ROW(TEXT, ll_version, id),
                                               LL_ROW(TEXT, ll_version, code),
                                               LL_ROW(TEXT, ll_version, organisation),
                                               LL_ROW(TEXT, ll_version, title),
                                               LL_ROW(TEXT, ll_version, title_en),
                                               LL_ROW(TEXT, ll_version, note),
                                               LL_ROW(TEXT, ll_version, text),
                                               LL_ROW(INT, ll_version, version),
                                               LL_ROW(INT, ll_version, created_at),
                                               LL_ROW(INT, ll_version, changed_at),
                                               LL_ROW(OR_NONE, ll_version, published_at)};

/* The words of states are the same in every flow of versions; which flow it is, is the caller's. */
#define REST(flow, fn)                                                                                       \
    static int fn(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)                  \
    {                                                                                                        \
        struct ll_version *v = row;                                                                          \
                                                                                                             \
        (void)arena, (void)err;                                                                              \
        v->state = ll_state_parse(flow, ll_col_text(s, (int)LL_COUNT(columns)));                             \
        return LL_OK;                                                                                        \
    }
REST(LL_FLOW_PRODUCT, product_rest)
REST(LL_FLOW_POLICY, policy_rest)
static const struct ll_row_form forms[] = {
    {columns, LL_COUNT(columns), sizeof(struct ll_version), product_rest},
    {columns, LL_COUNT(columns), sizeof(struct ll_version), policy_rest}};

static const struct ll_row_form *rows_of(const struct ll_version_kind *k)
{
    return &forms[k->flow == LL_FLOW_POLICY];
}

int ll_version_get(const struct ll_version_kind *k, const struct ll_market_env *env, const char *id,
                   struct ll_version *ret, struct ll_err *err)
{
    int rc = ll_row_get(env->tx, rows_of(k), k->sql.get, id, env->arena, ret, err);

    if (rc == 0)
        return ll_fail(err, LL_NOTFOUND, "没有版本 " KEY_SHOWN, "there is no version " KEY_SHOWN, id);
    return rc < 0 ? rc : LL_OK;
}

int ll_version_published(const struct ll_version_kind *k, const struct ll_market_env *env, const char *code,
                         struct ll_version *ret, struct ll_err *err)
{
    return ll_row_get(env->tx, rows_of(k), k->sql.published, code, env->arena, ret, err);
}

int ll_versions_list(const struct ll_version_kind *k, const struct ll_market_env *env,
                     const struct ll_version_query *q, struct ll_version **ret, size_t *ret_n,
                     int64_t *ret_total, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(q->organisation), LL_ARG_Z(q->state), LL_ARG_Z(q->code)};
    static const struct ll_row_order list[] = {{"title", "coalesce(p.title, p.code)"},
                                               {"state", "p.state"},
                                               {"institution", "o.name"},
                                               {"department", "o.name"},
                                               {"changed", "p.changed_at"}};
    static const struct ll_row_orders orders = {list, LL_COUNT(list),
                                                "p.state = 'submitted' DESC, p.changed_at DESC", "p.id"};
    const struct ll_row_page page = {.sql = k->sql.page,
                                     .count = k->sql.count,
                                     .orders = &orders,
                                     .sort = q->sort,
                                     .args = args,
                                     .n_args = LL_COUNT(args),
                                     .limit = q->limit,
                                     .offset = q->offset};
    void *rows = NULL;
    int rc = ll_row_list(env->tx, rows_of(k), &page, env->arena, &rows, ret_n, ret_total, err);

    *ret = rows;
    return rc;
}

int ll_versions_shown(struct ll_txn *tx, const struct ll_version_kind *k, const char *sql, size_t most,
                      struct ll_arena *arena, struct ll_version **ret, size_t *ret_n, struct ll_err *err)
{
    const struct ll_row_page page = {.sql = sql, .limit = most};
    void *rows = NULL;
    int rc = ll_row_list(tx, rows_of(k), &page, arena, &rows, ret_n, NULL, err);

    *ret = rows;
    return rc;
}

/* ---- what it says ---- */

struct ll_form_owner ll_version_owner(const struct ll_version *v)
{
    return (struct ll_form_owner){
        .code = v->code, .organisation = v->organisation, .title = {v->title, v->title_en}};
}

static bool is_product(const void *ctx, struct ll_str name)
{
    return ll_product_find(ctx, name) != NULL;
}

int ll_version_check(const struct ll_version_kind *k, const struct ll_market_env *env,
                     const struct ll_form *form, struct ll_version_checked *ret, struct ll_err *err)
{
    const struct ll_products *products = NULL;
    int rc;

    *ret = (struct ll_version_checked){.on = {.cat = env->cat, .arena = env->arena}};
    if ((rc = ll_features_read(env->tx, env->cat, env->arena, &ret->on.set, err)) < 0)
        return rc;
    if (k->knows_products) {
        if ((rc = ll_products_read(env->tx, env->cat, env->arena, &products, err)) < 0 && rc != LL_NOTFOUND)
            return rc;
        if (products) {
            ret->on.known = is_product;
            ret->on.ctx = products;
        }
    }
    return ll_form_check(form, &ret->on, &ret->faults, &ret->n, err);
}

int ll_form_put_made(struct ll_json *j, const char *key, const struct ll_version_kind *k,
                     const struct ll_market_env *env, const struct ll_form *form,
                     const struct ll_form_owner *owner, struct ll_err *err)
{
    struct ll_version_checked checked;
    int rc = ll_version_check(k, env, form, &checked, err);

    if (rc < 0)
        return rc;
    ll_json_key(j, key);
    if (checked.n) {
        ll_json_null(j);
        return LL_OK;
    }
    return k->put(j, env, form, owner, err);
}

int ll_version_put_made(struct ll_json *j, const char *key, const struct ll_version_kind *k,
                        const struct ll_market_env *env, const struct ll_version *v, struct ll_err *err)
{
    const struct ll_form_owner owner = ll_version_owner(v);
    struct ll_form f;
    int rc = ll_form_parse(k->form, ll_str(v->text), env->arena, &f, err);

    return rc < 0 ? rc : ll_form_put_made(j, key, k, env, &f, &owner, err);
}

/* ---- steps ---- */

struct ll_flow_object ll_version_object(const struct ll_version_kind *k, const struct ll_version *v)
{
    return (struct ll_flow_object){
        .flow = k->flow, .id = v->id, .state = v->state, .applicant = v->organisation};
}

static int form_text(const struct ll_form *f, struct ll_buf *out, struct ll_err *err)
{
    struct ll_json j;

    ll_json_init(&j, out);
    ll_form_put(&j, f);
    return out->failed ? ll_fail(err, LL_TOOBIG, "内容过多", "there is too much in the form") : LL_OK;
}

/* What it is called where only that is shown; nothing: NULL. */
static struct ll_str title_of(const struct ll_form *f)
{
    return f->text[LL_FORM_TITLE].n ? f->text[LL_FORM_TITLE] : (struct ll_str){NULL, 0};
}

/* The number of the next version of the organisation's own; 0: it has none of that code. */
static int next_version(const struct ll_version_kind *k, const struct ll_market_env *env, const char *code,
                        int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(env->tx, k->sql.next, &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, code);
    ll_bind_z(s, 2, env->actor->organisation);
    if ((rc = ll_step(s, err)) > 0) {
        if (ll_col_null(s, 0))
            rc = ll_fail(err, LL_NOTFOUND, "本机构没有 " KEY_SHOWN, "your organisation has no " KEY_SHOWN,
                         code);
        else if (ll_col_int(s, 1))
            rc = ll_fail(err, LL_CONFLICT, "已有一个未办完的版本", "a version of it is open already");
        *ret = ll_col_int(s, 0) + 1;
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

int ll_version_add(const struct ll_version_kind *k, const struct ll_market_env *env, const char *code,
                   const struct ll_form *f, const char *note, char id[LL_FLOW_ID_TEXT], struct ll_err *err)
{
    struct ll_version v = {.id = id,
                           .organisation = env->actor->organisation,
                           .version = 1,
                           .state = ll_state_parse(k->flow, LL_STR("draft"))};
    struct ll_buf text = LL_BUF_INIT(LL_FORM_BYTES);
    char made[LL_FLOW_ID_TEXT];
    int rc = k->may ? k->may(env, err) : LL_OK;

    if (rc < 0 || (code && (rc = next_version(k, env, code, &v.version, err)) < 0))
        return rc;
    ll_flow_new_id(k->letter, id);
    snprintf(made, sizeof made, "%s%s", k->prefix, strrchr(id, '-') + 1);
    const struct ll_flow_object o = ll_version_object(k, &v);
    if ((rc = form_text(f, &text, err)) == LL_OK &&
        (rc = ll_flow_begin(env->tx, &o, env->actor, err)) == LL_OK)
        rc = ll_exec(env->tx, err, k->sql.add, "zzizzszsi", id, code ? code : made, v.version, v.organisation,
                     ll_state_word(v.state), ll_buf_view(&text), note, title_of(f), ll_now_ms());
    ll_buf_free(&text);
    return rc;
}

static int step(const struct ll_version_kind *k, const struct ll_market_env *env, struct ll_version *v,
                const struct ll_flow_act *act, struct ll_err *err)
{
    const struct ll_flow_object o = ll_version_object(k, v);
    const struct ll_flow_step *taken = NULL;
    int rc = ll_flow_take(env->tx, &o, act, &taken, err);

    if (rc < 0)
        return rc;
    v->state = taken->to;
    return ll_exec(env->tx, err, k->sql.step, "ziz", ll_state_word(v->state), ll_now_ms(), v->id);
}

int ll_version_change(const struct ll_version_kind *k, const struct ll_market_env *env, const char *id,
                      const struct ll_form *f, const char *note, struct ll_err *err)
{
    const struct ll_flow_act act = {.action = "change", .actor = env->actor};
    struct ll_buf text = LL_BUF_INIT(LL_FORM_BYTES);
    struct ll_version v;
    int rc = ll_version_get(k, env, id, &v, err);

    if (rc == LL_OK && (rc = step(k, env, &v, &act, err)) == LL_OK &&
        (rc = form_text(f, &text, err)) == LL_OK)
        rc = ll_exec(env->tx, err, k->sql.change, "szsz", ll_buf_view(&text), note, title_of(f), id);
    ll_buf_free(&text);
    return rc;
}

static int check_ready(const struct ll_version_kind *k, const struct ll_market_env *env,
                       const struct ll_version *v, struct ll_err *err)
{
    struct ll_version_checked checked;
    struct ll_form f;
    int rc = ll_form_parse(k->form, ll_str(v->text), env->arena, &f, err);

    if (rc < 0 || (rc = ll_version_check(k, env, &f, &checked, err)) < 0)
        return rc;
    if (checked.n)
        return ll_fail(err, LL_INVALID, "还有没填好的项，改好再提交", "some fields are not right yet");
    return k->ready ? k->ready(env, v, err) : LL_OK;
}

static int supersede(const struct ll_version_kind *k, const struct ll_market_env *env, const char *code,
                     struct ll_err *err)
{
    const struct ll_flow_act act = {.action = "supersede"};
    struct ll_version old;
    int rc = ll_version_published(k, env, code, &old, err);

    return rc <= 0 ? rc : step(k, env, &old, &act, err);
}

int ll_version_act(const struct ll_version_kind *k, const struct ll_market_env *env, const char *id,
                   const struct ll_flow_act *act, struct ll_err *err)
{
    const bool publishes = strcmp(act->action, "publish") == 0;
    struct ll_version v;
    int rc = ll_version_get(k, env, id, &v, err);

    if (rc < 0)
        return rc;
    if (strcmp(act->action, "change") == 0)
        return ll_fail(err, LL_USAGE, "修改时须写明内容", "a change has to say what it changes to");
    const struct ll_flow_object o = ll_version_object(k, &v);
    if ((publishes || strcmp(act->action, "submit") == 0) &&
        ll_flow_find(&o, act->action, ll_flow_parts(&o, act->actor)) &&
        (rc = check_ready(k, env, &v, err)) < 0)
        return rc;
    if (publishes && ll_flow_find(&o, act->action, ll_flow_parts(&o, act->actor)) &&
        (rc = supersede(k, env, v.code, err)) < 0)
        return rc;
    return step(k, env, &v, act, err);
}

/* ---- answers ---- */

int ll_version_put(struct ll_json *j, const struct ll_version_kind *k, const struct ll_market_env *env,
                   const struct ll_version *v, struct ll_err *err)
{
    enum { KEY = 32 };
    struct ll_form f;
    char at[LL_TIME_TEXT], owner_en[KEY];
    int rc = ll_form_parse(k->form, ll_str(v->text), env->arena, &f, err);

    if (rc < 0)
        return rc;
    snprintf(owner_en, sizeof owner_en, "%s_en", k->owner);
    ll_json_kz(j, "id", v->id);
    ll_json_kz(j, "code", v->code);
    ll_json_ki(j, "version", v->version);
    ll_json_kz(j, "organisation", v->organisation);
    ll_json_kz(j, k->owner, v->title);
    ll_json_kz(j, owner_en, v->title_en);
    ll_json_ks(j, "title", f.text[LL_FORM_TITLE]);
    ll_json_ks(j, "title_en", f.text[LL_FORM_TITLE_EN].n ? f.text[LL_FORM_TITLE_EN] : f.text[LL_FORM_TITLE]);
    ll_json_ks(j, "kind", f.text[LL_FORM_KIND]);
    ll_state_put(j, v->state);
    ll_json_kz(j, "note", v->note);
    ll_json_kz(j, "created_at", ll_time_text(v->created_at, at));
    ll_json_kz(j, "changed_at", ll_time_text(v->changed_at, at));
    ll_json_kz(j, "published_at", v->published_at < 0 ? NULL : ll_time_text(v->published_at, at));
    return LL_OK;
}
