/* product_version.h - products of institutions: each change is a new version, which the platform approves.
 *
 * (1) A version moves by flow PRODUCT: drafted and submitted by a steward of the institution, published by somebody of the platform who had no part in it.
 * (2) Of a product one version at most is open (draft or submitted), and one at most is published; publishing supersedes the one before.
 * (3) What a version says changes while it is a draft only.  What was published stays as it was.
 * (4) Shown to all (ll_products_read) is the published version of an institution that is listed. */
#ifndef LL_APPS_FINANCE_PRODUCT_VERSION_H
#define LL_APPS_FINANCE_PRODUCT_VERSION_H

#include "apps/finance/institution.h"
#include "apps/finance/product_form.h"

enum { LL_VERSION_NOTE = 500 };

struct ll_product_version {
    const char *id, *code, *organisation, *title, *title_en, *note,
        *text;                                             /* title: of the institution; text: the form */
    int64_t version, created_at, changed_at, published_at; /* published_at: -1 */
    enum ll_state state;
};
struct ll_version_query {
    const char *organisation, *state,
        *code; /* NULL: any; state NULL: what is neither superseded nor discarded */
    size_t offset, limit;
    const char *sort; /* NULL: what waits first, then what changed last */
};

/* LL_NOTFOUND: no such version. */
int ll_version_get(const struct ll_market_env *env, const char *id, struct ll_product_version *ret,
                   struct ll_err *err) LL_MUST;
/* The published version of the same product; 0: none. */
int ll_version_published(const struct ll_market_env *env, const char *code, struct ll_product_version *ret,
                         struct ll_err *err) LL_MUST;
int ll_versions_list(const struct ll_market_env *env, const struct ll_version_query *q,
                     struct ll_product_version **ret, size_t *ret_n, int64_t *ret_total,
                     struct ll_err *err) LL_MUST;
/* A draft of a new product of the actor's organisation, or of the next version of product `code`. */
int ll_version_add(const struct ll_market_env *env, const char *code, const struct ll_product_form *form,
                   const char *note, char id[LL_FLOW_ID_TEXT], struct ll_err *err) LL_MUST;
/* What the draft says from now on. */
int ll_version_change(const struct ll_market_env *env, const char *id, const struct ll_product_form *form,
                      const char *note, struct ll_err *err) LL_MUST;
/* LL_INVALID: a form with faults is neither submitted nor published. */
int ll_version_act(const struct ll_market_env *env, const char *id, const struct ll_flow_act *act,
                   struct ll_err *err) LL_MUST;
struct ll_flow_object ll_version_object(const struct ll_product_version *v);
/* Members of an object that is open: what a list has of it. */
int ll_version_put(struct ll_json *j, const struct ll_market_env *env, const struct ll_product_version *v,
                   struct ll_err *err) LL_MUST;
/* The product that the version makes; NULL where its form has faults. */
int ll_version_product(const struct ll_market_env *env, const struct ll_product_version *v,
                       const struct ll_product **ret, struct ll_err *err) LL_MUST;
/* The same of a form that nobody has kept. */
int ll_form_product(const struct ll_market_env *env, const struct ll_product_form *form,
                    const struct ll_product_owner *owner, const struct ll_product **ret,
                    struct ll_err *err) LL_MUST;

#endif
