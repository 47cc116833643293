/* demand.h - what an organisation needs; what of the catalogue may meet it; what is on the supply-demand list (供需对接清单).
 *
 * (1) A demand is matched when it is stated, and again on request: candidates with a score and the reasons for it, in both languages.
 *     With a candidate of LL_MATCH_ENOUGH or more it is matched, otherwise unmet.
 * (2) Unmet demands are published in batches; each gets a source responsible for it and a time limit to answer.
 * (3) Two lists stand for themselves: demands that wait, and resources that are collected and never called, each with its age. */
#ifndef LL_SHARE_DEMAND_H
#define LL_SHARE_DEMAND_H

#include "catalog/catalog.h"
#include "share/flow.h"

enum { LL_MATCH_ENOUGH = 40, LL_MATCH_SHOWN = 20, LL_CANDIDATES_MAX = 10, LL_DEMAND_TEXT_MAX = 2000 };

struct ll_demand {
    const char *id, *organisation, *title, *what, *purpose, *scenario,
        *legal_basis;                /* scenario may be NULL */
    const char *urgency;             /* "normal", "urgent" */
    const char *items;               /* names or titles of items, divided by blanks or commas; "" */
    const char *provider, *resource; /* the source responsible; what met it; NULL: none yet */
    const char *list, *progress;     /* the batch that it was published in; as last reported */
    enum ll_state state;
    int64_t due_at, created_at, changed_at; /* due_at 0: no time limit runs */
};

struct ll_candidate {
    const struct ll_resource *resource;
    int score; /* of 100 */
    const char *zh, *en;
};

/* Best first; in arena. */
int ll_demand_candidates(struct ll_store *st, const struct ll_catalog *cat, const struct ll_demand *d,
                         struct ll_arena *arena, struct ll_candidate **ret, size_t *ret_n,
                         struct ll_err *err) LL_MUST;

/* draft: title, what, purpose, scenario, legal_basis, urgency, items, provider.  Stored and matched. */
int ll_demand_add(struct ll_store *st, const struct ll_catalog *cat, const struct ll_demand *draft,
                  const struct ll_actor *actor, char id[LL_FLOW_ID_TEXT], struct ll_err *err) LL_MUST;
/* Matches again what is open, matched or unmet. */
int ll_demand_match(struct ll_store *st, const struct ll_catalog *cat, const char *id,
                    struct ll_err *err) LL_MUST;

/* Takes a step of flow DEMAND.  provider: for "assign"; resource: for "accept" and "supply"; otherwise NULL. */
int ll_demand_act(struct ll_txn *tx, const struct ll_catalog *cat, const char *id,
                  const struct ll_flow_act *act, const char *provider, const char *resource,
                  struct ll_err *err) LL_MUST;
/* Puts every unmet demand on a new list; *ret_n: how many.  LL_CONFLICT when there is none. */
int ll_demand_publish(struct ll_txn *tx, const char *title, const struct ll_actor *actor,
                      char list[LL_FLOW_ID_TEXT], size_t *ret_n, struct ll_err *err) LL_MUST;

struct ll_demand_query {
    const char *organisation, *provider, *list, *state; /* NULL: any */
    bool waiting;                                       /* neither settled nor withdrawn, oldest first */
    const char *sort;                                   /* as the route says it; NULL: newest first */
    size_t offset, limit;
};
int ll_demand_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_demand *ret,
                  struct ll_err *err) LL_MUST;
int ll_demand_list(struct ll_txn *tx, const struct ll_demand_query *q, struct ll_arena *arena,
                   struct ll_demand **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;

struct ll_flow_object ll_demand_object(const struct ll_demand *d);
/* The fields of a demand into an object that is open; age_days and working_days up to now. */
void ll_demand_put(struct ll_json *j, const struct ll_demand *d);
/* "candidates": [...] as stored. */
int ll_demand_put_candidates(struct ll_txn *tx, const char *id, struct ll_json *j,
                             struct ll_err *err) LL_MUST;

/* A resource that has published records and no call, oldest first. */
struct ll_idle {
    const char *resource;
    int64_t since; /* when its first batch was published */
    int64_t grants;
};
struct ll_idle_query {
    const char *sort; /* NULL: the oldest first */
    size_t limit, offset;
};
int ll_idle_list(struct ll_txn *tx, const struct ll_idle_query *q, struct ll_arena *arena,
                 struct ll_idle **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;

#endif
