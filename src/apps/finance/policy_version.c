/* policy_version.c - see policy_version.h. */
#include "apps/finance/policy_version.h"
#include "apps/finance/policy_impl.h"

#include "base/clock.h"
#include "standard/convert.h"

int ll_form_policy(const struct ll_market_env *env, const struct ll_form *form,
                   const struct ll_form_owner *owner, const struct ll_policy **ret, struct ll_err *err)
{
    struct ll_policies one = {.list = ll_arena_array(env->arena, 1, sizeof *one.list)};
    struct ll_form_env on = {.cat = env->cat, .arena = env->arena};
    size_t n_rules = 0;
    int rc;

    *ret = NULL;
    if (!one.list)
        return ll_no_memory(err);
    if ((rc = ll_features_read(env->tx, env->cat, env->arena, &on.set, err)) < 0 ||
        (rc = ll_policy_form_add(&one, form, owner, &on, &n_rules, err)) < 0)
        return rc;
    *ret = one.list;
    return LL_OK;
}

static int put(struct ll_json *j, const struct ll_market_env *env, const struct ll_form *form,
               const struct ll_form_owner *owner, struct ll_err *err)
{
    const struct ll_policy *p = NULL;
    const struct ll_products *products = NULL;
    char today[LL_TIME_TEXT];
    int rc = ll_form_policy(env, form, owner, &p, err);

    if (rc < 0 ||
        ((rc = ll_products_read(env->tx, env->cat, env->arena, &products, err)) < 0 && rc != LL_NOTFOUND))
        return rc;
    ll_date_text(ll_today(), today);
    ll_json_obj(j);
    rc = ll_policy_put_whole(j, env->cat, p, today, products, err);
    ll_json_end_obj(j);
    return rc;
}

const struct ll_version_kind ll_policy_versions = {.flow = LL_FLOW_POLICY,
                                                   .letter = 'Z',
                                                   .prefix = "z_",
                                                   .owner = "department",
                                                   .member = "policy",
                                                   .form = &ll_policy_form,
                                                   .sql = LL_VERSION_SQL("finance_policy"),
                                                   .knows_products = true,
                                                   .put = put};

static int add_published(const struct ll_version *v, struct ll_policies *all, const struct ll_form_env *on,
                         size_t *n_rules, struct ll_err *err)
{
    const struct ll_form_owner owner = ll_version_owner(v);
    struct ll_form f;
    int rc = ll_form_parse(&ll_policy_form, ll_str(v->text), on->arena, &f, err);

    return rc < 0 ? rc : ll_policy_form_add(all, &f, &owner, on, n_rules, err);
}

/* A version whose indicators or codes a newer pack no longer has is not shown; everything else is. */
int ll_policies_published(struct ll_txn *tx, struct ll_policies *all, const struct ll_form_env *on,
                          size_t *n_rules, struct ll_err *err)
{
    struct ll_version *list;
    size_t n = 0;
    int rc = ll_versions_shown(tx, &ll_policy_versions, LL_VERSION_SHOWN("finance_policy", ""),
                               LL_POLICIES_MAX, on->arena, &list, &n, err);

    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        rc = add_published(&list[i], all, on, n_rules, err);
        if (rc == LL_INVALID || rc == LL_USAGE)
            rc = LL_OK;
    }
    return rc;
}
