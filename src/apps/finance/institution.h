/* institution.h - financial institutions of the platform: an organisation says what it is, the platform lists it.
 *
 * (1) An institution is an organisation of the catalogue; its code is its key here.  Its state is that of flow INSTITUTION: what it says of itself stands open to all
 *     once somebody of the platform, who did not propose it, has listed it.
 * (2) While it is listed or suspended its kind, licence and parent, which are what the platform has looked at, change by its decision alone: what the institution says of
 *     them is asked for, and the old values hold until somebody of the platform who had no part in it approves (institution_change.h). */
#ifndef LL_APPS_FINANCE_INSTITUTION_H
#define LL_APPS_FINANCE_INSTITUTION_H

#include "catalog/catalog.h"
#include "share/flow.h"

enum { LL_INSTITUTION_REGIONS = 32 };

struct ll_market_env {
    struct ll_txn *tx;
    const struct ll_catalog *cat;
    const struct ll_actor *actor;
    struct ll_arena *arena;
};

struct ll_institution {
    const char *id, *organisation, *title, *title_en, *kind, *licence, *parent, *contact, *phone, *about,
        *about_en, *regions;                  /* regions: divided by | */
    int64_t created_at, changed_at, products; /* products: published ones */
    const char *asked_kind, *asked_licence, *asked_parent;
    int64_t asked_at; /* 0: no change is asked for */
    enum ll_state state;
};
/* What an institution says; NULL: nothing. */
struct ll_institution_said {
    const char *kind, *licence, *parent, *contact, *phone, *about, *about_en;
    const char *const *regions;
    size_t n_regions;
};
struct ll_institution_query {
    const char *organisation, *state, *kind, *q; /* NULL: any */
    const char *sort;                            /* NULL: what waits first, then by name */
    size_t offset, limit;
};

/* LL_NOTFOUND: the organisation is no institution here. */
int ll_institution_get(const struct ll_market_env *env, const char *organisation, struct ll_institution *ret,
                       struct ll_err *err) LL_MUST;
int ll_institutions_list(const struct ll_market_env *env, const struct ll_institution_query *q,
                         struct ll_institution **ret, size_t *ret_n, int64_t *ret_total,
                         struct ll_err *err) LL_MUST;
/* Proposes it, or changes what it says: a step of the flow either way. */
int ll_institution_say(const struct ll_market_env *env, const char *organisation,
                       const struct ll_institution_said *said, struct ll_err *err) LL_MUST;
int ll_institution_act(const struct ll_market_env *env, const char *organisation,
                       const struct ll_flow_act *act, struct ll_err *err) LL_MUST;
struct ll_flow_object ll_institution_object(const struct ll_institution *i);
/* Members of an object that is open.  whole: also whom to ask inside, and its state. */
void ll_institution_put(struct ll_json *j, const struct ll_catalog *cat, const struct ll_institution *i,
                        bool whole);

#endif
