/* product_version.c - see product_version.h. */
#include "apps/finance/product_version.h"
#include "apps/finance/product_impl.h"

int ll_form_product(const struct ll_market_env *env, const struct ll_form *form,
                    const struct ll_form_owner *owner, const struct ll_product **ret, struct ll_err *err)
{
    struct ll_products all = {.list = ll_arena_array(env->arena, 1, sizeof *all.list)};
    size_t n_rules = 0;
    int rc;

    *ret = NULL;
    if (!all.list)
        return ll_no_memory(err);
    if ((rc = ll_features_read(env->tx, env->cat, env->arena, &all.set, err)) < 0 ||
        (rc = ll_product_form_add(form, owner, &all, &n_rules, env->arena, err)) < 0)
        return rc;
    *ret = all.list;
    return LL_OK;
}

static int put(struct ll_json *j, const struct ll_market_env *env, const struct ll_form *form,
               const struct ll_form_owner *owner, struct ll_err *err)
{
    const struct ll_product *p = NULL;
    int rc = ll_form_product(env, form, owner, &p, err);

    if (rc < 0)
        return rc;
    ll_json_obj(j);
    rc = ll_product_put_whole(j, env->cat, p, err);
    ll_json_end_obj(j);
    return rc;
}

static int may(const struct ll_market_env *env, struct ll_err *err)
{
    struct ll_institution own;

    return ll_institution_get(env, env->actor->organisation, &own, err);
}

static int ready(const struct ll_market_env *env, const struct ll_version *v, struct ll_err *err)
{
    struct ll_institution own;
    int rc = ll_institution_get(env, v->organisation, &own, err);

    if (rc < 0)
        return rc;
    return own.state == LL_STATE_INSTITUTION_LISTED
               ? LL_OK
               : ll_fail(err, LL_INVALID, "机构上线之后，产品才能提交和发布",
                         "products of an institution that is not listed are neither submitted nor published");
}

const struct ll_version_kind ll_product_versions = {.flow = LL_FLOW_PRODUCT,
                                                    .letter = 'P',
                                                    .prefix = "p_",
                                                    .owner = "institution",
                                                    .member = "product",
                                                    .form = &ll_product_form,
                                                    .sql = LL_VERSION_SQL("finance_product"),
                                                    .may = may,
                                                    .ready = ready,
                                                    .put = put};

static int add_published(const struct ll_version *v, struct ll_products *all, size_t *n_rules,
                         struct ll_arena *arena, struct ll_err *err)
{
    const struct ll_form_owner owner = ll_version_owner(v);
    struct ll_form f;
    int rc = ll_form_parse(&ll_product_form, ll_str(v->text), arena, &f, err);

    return rc < 0 ? rc : ll_product_form_add(&f, &owner, all, n_rules, arena, err);
}

/* A version whose indicators a newer pack no longer has is not shown; everything else is. */
int ll_products_published(struct ll_txn *tx, struct ll_products *all, size_t *n_rules, struct ll_arena *arena,
                          struct ll_err *err)
{
    struct ll_version *list;
    size_t n = 0;
    int rc = ll_versions_shown(
        tx, &ll_product_versions,
        LL_VERSION_SHOWN(
            "finance_product",
            " JOIN finance_institution i ON i.organisation = p.organisation AND i.state = 'listed'"),
        LL_PRODUCTS_MAX, arena, &list, &n, err);

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
