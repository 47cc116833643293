/* product_version.c - see product_version.h. */
#include "apps/finance/product_version.h"
#include "apps/finance/product_impl.h"

#include "base/clock.h"
#include "store/rows.h"

#include <stdio.h>
#include <string.h>

/* ---- rows ---- */

#define COLUMNS                                                                                               \
    "p.id, p.code, p.organisation, o.name, o.name_en, p.note, p.form, p.version, p.created_at, p.changed_at," \
    " p.published_at, p.state"
#define FROM " FROM finance_product p JOIN organisation o ON o.code = p.organisation"

static int read_rest(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_product_version *v = row;

    (void)arena, (void)err;
    v->state = ll_state_parse(LL_FLOW_PRODUCT, ll_col_text(s, 11));
    return LL_OK;
}

static const struct ll_row_column columns[] = {LL_ROW(TEXT, ll_product_version, id),
                                               LL_ROW(TEXT, ll_product_version, code),
                                               LL_ROW(TEXT, ll_product_version, organisation),
                                               LL_ROW(TEXT, ll_product_version, title),
                                               LL_ROW(TEXT, ll_product_version, title_en),
                                               LL_ROW(TEXT, ll_product_version, note),
                                               LL_ROW(TEXT, ll_product_version, text),
                                               LL_ROW(INT, ll_product_version, version),
                                               LL_ROW(INT, ll_product_version, created_at),
                                               LL_ROW(INT, ll_product_version, changed_at),
                                               LL_ROW(OR_NONE, ll_product_version, published_at)};
static const struct ll_row_form form = {columns, LL_COUNT(columns), sizeof(struct ll_product_version),
                                        read_rest};

int ll_version_get(const struct ll_market_env *env, const char *id, struct ll_product_version *ret,
                   struct ll_err *err)
{
    int rc = ll_row_get(env->tx, &form, "SELECT " COLUMNS FROM " WHERE p.id = $1", id, env->arena, ret, err);

    if (rc == 0)
        return ll_fail(err, LL_NOTFOUND, "没有产品版本 %.40s", "there is no version %.40s of a product", id);
    return rc < 0 ? rc : LL_OK;
}

int ll_version_published(const struct ll_market_env *env, const char *code, struct ll_product_version *ret,
                         struct ll_err *err)
{
    return ll_row_get(env->tx, &form, "SELECT " COLUMNS FROM " WHERE p.code = $1 AND p.state = 'published'",
                      code, env->arena, ret, err);
}

int ll_versions_list(const struct ll_market_env *env, const struct ll_version_query *q,
                     struct ll_product_version **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
#define WHERE                                                                                                     \
    " WHERE ($1 IS NULL OR p.organisation = $1) AND ($2 IS NULL OR p.state = $2) AND ($3 IS NULL OR p.code = $3)" \
    " AND ($2 IS NOT NULL OR $3 IS NOT NULL OR p.state NOT IN ('superseded', 'discarded'))"
    const struct ll_row_arg args[] = {LL_ARG_Z(q->organisation), LL_ARG_Z(q->state), LL_ARG_Z(q->code)};
    static const struct ll_row_order list[] = {{"title", "coalesce(p.title, p.code)"},
                                               {"state", "p.state"},
                                               {"institution", "o.name"},
                                               {"changed", "p.changed_at"}};
    static const struct ll_row_orders orders = {list, LL_COUNT(list),
                                                "p.state = 'submitted' DESC, p.changed_at DESC", "p.id"};
    const struct ll_row_page page = LL_ROW_PAGE(COLUMNS, FROM WHERE, orders, args, q);
    void *rows = NULL;
    int rc = ll_row_list(env->tx, &form, &page, env->arena, &rows, ret_n, ret_total, err);

    *ret = rows;
    return rc;
#undef WHERE
}

/* ---- the product that it makes ---- */

int ll_form_product(const struct ll_market_env *env, const struct ll_product_form *f,
                    const struct ll_product_owner *owner, const struct ll_product **ret, struct ll_err *err)
{
    struct ll_products all = {.list = ll_arena_array(env->arena, 1, sizeof *all.list)};
    struct ll_form_fault *faults;
    size_t n = 0, n_rules = 0;
    int rc;

    *ret = NULL;
    if (!all.list)
        return ll_no_memory(err);
    if ((rc = ll_features_read(env->tx, env->cat, env->arena, &all.set, err)) < 0 ||
        (rc = ll_product_form_check(f, all.set, env->cat, env->arena, &faults, &n, err)) < 0 || n)
        return rc;
    if ((rc = ll_product_form_add(f, owner, &all, &n_rules, env->arena, err)) == LL_OK)
        *ret = all.list;
    return rc;
}

static struct ll_product_owner owner_of(const struct ll_product_version *v)
{
    return (struct ll_product_owner){
        .code = v->code, .organisation = v->organisation, .title = {v->title, v->title_en}};
}

int ll_version_product(const struct ll_market_env *env, const struct ll_product_version *v,
                       const struct ll_product **ret, struct ll_err *err)
{
    const struct ll_product_owner owner = owner_of(v);
    struct ll_product_form f;
    int rc = ll_product_form_parse(ll_str(v->text), env->arena, &f, err);

    return rc < 0 ? rc : ll_form_product(env, &f, &owner, ret, err);
}

static int add_published(const struct ll_product_version *v, struct ll_products *all, size_t *n_rules,
                         struct ll_arena *arena, struct ll_err *err)
{
    const struct ll_product_owner owner = owner_of(v);
    struct ll_product_form f;
    int rc = ll_product_form_parse(ll_str(v->text), arena, &f, err);

    return rc < 0 ? rc : ll_product_form_add(&f, &owner, all, n_rules, arena, err);
}

/* A version whose indicators a newer pack no longer has is not shown; everything else is. */
int ll_products_published(struct ll_txn *tx, struct ll_products *all, size_t *n_rules, struct ll_arena *arena,
                          struct ll_err *err)
{
    const struct ll_row_page page = {
        .sql = "SELECT " COLUMNS FROM
               " JOIN finance_institution i ON i.organisation = p.organisation AND i.state = 'listed'"
               " WHERE p.state = 'published' ORDER BY p.code LIMIT $1 OFFSET $2",
        .limit = LL_PRODUCTS_MAX};
    struct ll_product_version *list;
    void *rows = NULL;
    size_t n = 0;
    int rc = ll_row_list(tx, &form, &page, arena, &rows, &n, NULL, err);

    list = rows;
    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        rc = add_published(&list[i], all, n_rules, arena, err);
        if (rc == LL_INVALID || rc == LL_USAGE)
            rc = LL_OK;
    }
    return rc;
}

int ll_products_generation(struct ll_txn *tx, uint64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT generation FROM finance_market WHERE one = 1", &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_step(s, err)) > 0)
        *ret = (uint64_t)ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* ---- steps ---- */

struct ll_flow_object ll_version_object(const struct ll_product_version *v)
{
    return (struct ll_flow_object){
        .flow = LL_FLOW_PRODUCT, .id = v->id, .state = v->state, .applicant = v->organisation};
}

static int form_text(const struct ll_product_form *f, struct ll_buf *out, struct ll_err *err)
{
    struct ll_json j;

    ll_json_init(&j, out);
    ll_product_form_put(&j, f);
    return out->failed ? ll_fail(err, LL_TOOBIG, "产品内容过多", "there is too much in the product") : LL_OK;
}

/* What it is called where only that is shown; nothing: NULL. */
static struct ll_str title_of(const struct ll_product_form *f)
{
    return f->text[LL_PF_TITLE].n ? f->text[LL_PF_TITLE] : (struct ll_str){NULL, 0};
}

/* The number of the next version, and whose product it is; 0: of no product. */
static int next_version(const struct ll_market_env *env, const char *code, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        env->tx,
        "SELECT max(version), max(state IN ('draft', 'submitted')) FROM finance_product WHERE code = $1 AND organisation = $2",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, code);
    ll_bind_z(s, 2, env->actor->organisation);
    if ((rc = ll_step(s, err)) > 0) {
        if (ll_col_null(s, 0))
            rc = ll_fail(err, LL_NOTFOUND, "本机构没有产品 %.40s", "your institution has no product %.40s",
                         code);
        else if (ll_col_int(s, 1))
            rc = ll_fail(err, LL_CONFLICT, "这个产品已有一个未办完的版本",
                         "a version of this product is open already");
        *ret = ll_col_int(s, 0) + 1;
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

int ll_version_add(const struct ll_market_env *env, const char *code, const struct ll_product_form *f,
                   const char *note, char id[LL_FLOW_ID_TEXT], struct ll_err *err)
{
    struct ll_product_version v = {
        .id = id, .organisation = env->actor->organisation, .version = 1, .state = LL_STATE_PRODUCT_DRAFT};
    struct ll_buf text = LL_BUF_INIT(LL_FORM_BYTES);
    char made[LL_FLOW_ID_TEXT];
    struct ll_institution own;
    int rc = ll_institution_get(env, env->actor->organisation, &own, err);

    if (rc < 0 || (code && (rc = next_version(env, code, &v.version, err)) < 0))
        return rc;
    ll_flow_new_id('P', id);
    snprintf(made, sizeof made, "p_%s", strrchr(id, '-') + 1);
    const struct ll_flow_object o = ll_version_object(&v);
    if ((rc = form_text(f, &text, err)) == LL_OK &&
        (rc = ll_flow_begin(env->tx, &o, env->actor, err)) == LL_OK)
        rc = ll_exec(
            env->tx, err,
            "INSERT INTO finance_product (id, code, version, organisation, state, form, note, title, created_at,"
            " changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
            "zzizzszsi", id, code ? code : made, v.version, v.organisation, ll_state_word(v.state),
            ll_buf_view(&text), note, title_of(f), ll_now_ms());
    ll_buf_free(&text);
    return rc;
}

static int step(const struct ll_market_env *env, struct ll_product_version *v, const struct ll_flow_act *act,
                struct ll_err *err)
{
    const struct ll_flow_object o = ll_version_object(v);
    const struct ll_flow_step *taken = NULL;
    const int64_t now = ll_now_ms();
    int rc = ll_flow_take(env->tx, &o, act, &taken, err);

    if (rc < 0)
        return rc;
    v->state = taken->to;
    return ll_exec(env->tx, err,
                   "UPDATE finance_product SET state = $1, changed_at = $2, published_at ="
                   " CASE WHEN $1 = 'published' THEN $2 ELSE published_at END WHERE id = $3",
                   "ziz", ll_state_word(v->state), now, v->id);
}

int ll_version_change(const struct ll_market_env *env, const char *id, const struct ll_product_form *f,
                      const char *note, struct ll_err *err)
{
    const struct ll_flow_act act = {.action = "change", .actor = env->actor};
    struct ll_buf text = LL_BUF_INIT(LL_FORM_BYTES);
    struct ll_product_version v;
    int rc = ll_version_get(env, id, &v, err);

    if (rc == LL_OK && (rc = step(env, &v, &act, err)) == LL_OK && (rc = form_text(f, &text, err)) == LL_OK)
        rc = ll_exec(env->tx, err,
                     "UPDATE finance_product SET form = $1, note = $2, title = $3 WHERE id = $4", "szsz",
                     ll_buf_view(&text), note, title_of(f), id);
    ll_buf_free(&text);
    return rc;
}

/* What goes to the platform, and from it to everybody, is whole and of an institution that is listed. */
static int check_ready(const struct ll_market_env *env, const struct ll_product_version *v,
                       struct ll_err *err)
{
    const struct ll_product *p = NULL;
    struct ll_institution own;
    int rc = ll_version_product(env, v, &p, err);

    if (rc < 0 || (rc = ll_institution_get(env, v->organisation, &own, err)) < 0)
        return rc;
    if (!p)
        return ll_fail(err, LL_INVALID, "产品还有没填好的项，改好再提交",
                       "the product has fields that are not right yet");
    return own.state == LL_STATE_INSTITUTION_LISTED
               ? LL_OK
               : ll_fail(err, LL_INVALID, "机构上线之后，产品才能提交和发布",
                         "products of an institution that is not listed are neither submitted nor published");
}

static int supersede(const struct ll_market_env *env, const char *code, struct ll_err *err)
{
    const struct ll_flow_act act = {.action = "supersede"};
    struct ll_product_version old;
    int rc = ll_version_published(env, code, &old, err);

    return rc <= 0 ? rc : step(env, &old, &act, err);
}

int ll_version_act(const struct ll_market_env *env, const char *id, const struct ll_flow_act *act,
                   struct ll_err *err)
{
    const bool publishes = strcmp(act->action, "publish") == 0;
    struct ll_product_version v;
    int rc = ll_version_get(env, id, &v, err);

    if (rc < 0)
        return rc;
    if (strcmp(act->action, "change") == 0)
        return ll_fail(err, LL_USAGE, "修改时须写明内容", "a change has to say what it changes to");
    const struct ll_flow_object o = ll_version_object(&v);
    if ((publishes || strcmp(act->action, "submit") == 0) &&
        ll_flow_find(&o, act->action, ll_flow_parts(&o, act->actor)) && (rc = check_ready(env, &v, err)) < 0)
        return rc;
    if (publishes && ll_flow_find(&o, act->action, ll_flow_parts(&o, act->actor)) &&
        (rc = supersede(env, v.code, err)) < 0)
        return rc;
    return step(env, &v, act, err);
}

/* ---- answers ---- */

int ll_version_put(struct ll_json *j, const struct ll_market_env *env, const struct ll_product_version *v,
                   struct ll_err *err)
{
    struct ll_product_form f;
    char at[LL_TIME_TEXT];
    int rc = ll_product_form_parse(ll_str(v->text), env->arena, &f, err);

    if (rc < 0)
        return rc;
    ll_json_kz(j, "id", v->id);
    ll_json_kz(j, "code", v->code);
    ll_json_ki(j, "version", v->version);
    ll_json_kz(j, "organisation", v->organisation);
    ll_json_kz(j, "institution", v->title);
    ll_json_kz(j, "institution_en", v->title_en);
    ll_json_ks(j, "title", f.text[LL_PF_TITLE]);
    ll_json_ks(j, "title_en", f.text[LL_PF_TITLE_EN].n ? f.text[LL_PF_TITLE_EN] : f.text[LL_PF_TITLE]);
    ll_json_ks(j, "kind", f.text[LL_PF_KIND]);
    ll_state_put(j, v->state);
    ll_json_kz(j, "note", v->note);
    ll_json_kz(j, "created_at", ll_time_text(v->created_at, at));
    ll_json_kz(j, "changed_at", ll_time_text(v->changed_at, at));
    ll_json_kz(j, "published_at", v->published_at < 0 ? NULL : ll_time_text(v->published_at, at));
    return LL_OK;
}
