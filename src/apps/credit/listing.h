/* listing.h - who is put on a list of reward or punishment by a document that decided it, and taken off again (measures.h).
 *
 * (1) The authority's steward proposes with the document; somebody else of it decides (flow LISTING).
 * (2) An entry holds from its day until its last day, if it has one, or until it is removed, which names its own basis.
 * (3) Identifiers of subjects are kept sealed, as those of consents are; what is shown of them is masked.
 * (4) Nothing is deleted. */
#ifndef LL_APPS_CREDIT_LISTING_H
#define LL_APPS_CREDIT_LISTING_H

#include "apps/credit/measures.h"
#include "share/consent.h"
#include "share/flow.h"

/* What the functions work in; everything borrowed. */
struct ll_listing_env {
    struct ll_txn *tx;
    struct ll_keyring *keys;
    const struct ll_catalog *cat;
    const struct ll_credit_rules *rules;
    const struct ll_actor *actor;
    struct ll_arena *arena;
};

/* Days as in publicity.h; until_day LL_PUBLIC_NO_DAY: without end. */
struct ll_listing {
    const char *id, *list, *subject, *subject_title, *subject_mask, *provider;
    const char *document, *reason, *legal_basis, *answer, *exit_basis;
    int32_t decided_day, until_day;
    enum ll_state state;
    int64_t created_at, changed_at;
};

struct ll_listing_draft {
    struct ll_consent_who who;
    const char *list, *document, *reason, *legal_basis;
    int32_t decided_day, until_day;
};

/* By a source steward, for the own organisation.  LL_INVALID: no such list, or one that follows from a rule; LL_CONFLICT: it is on it already. */
int ll_listing_add(const struct ll_listing_env *env, const struct ll_listing_draft *draft,
                   char id[LL_FLOW_ID_TEXT], struct ll_err *err) LL_MUST;
int ll_listing_act(const struct ll_listing_env *env, const char *id, const struct ll_flow_act *act,
                   struct ll_err *err) LL_MUST;
int ll_listing_get(const struct ll_listing_env *env, const char *id, struct ll_listing *ret,
                   struct ll_err *err) LL_MUST;
struct ll_listing_query {
    const char *provider, *list, *state; /* NULL: any */
    const char *sort;                    /* as the route says it; NULL: newest first */
    size_t offset, limit;
};
/* Newest first. */
int ll_listing_list(const struct ll_listing_env *env, const struct ll_listing_query *q,
                    struct ll_listing **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;
/* Those that hold the subject on that day. */
int ll_listings_of(const struct ll_listing_env *env, enum ll_scheme scheme, struct ll_str value, int32_t day,
                   struct ll_listing **ret, size_t *ret_n, struct ll_err *err) LL_MUST;

/* Those that hold it, or ever did. */
int ll_listings_ever(const struct ll_listing_env *env, enum ll_scheme scheme, struct ll_str value,
                     struct ll_listing **ret, size_t *ret_n, struct ll_err *err) LL_MUST;

struct ll_flow_object ll_listing_object(const struct ll_listing *l);
/* The fields of an entry into an object that is open. */
void ll_listing_put(const struct ll_listing_env *env, const struct ll_listing *l, struct ll_json *j);

#endif
