/* link_store.h - what was linked, by whom, and back again: the control database's tables link_*.
 *
 * (1) The state of a pair is the last of its events; events are never changed or removed.  Table link_edge is that fold, kept by a trigger.
 * (2) Every change is an act: a run of the program, or a decision of a person, who gives a reason.
 * (3) Undoing an act writes events that put back what was before it; a later act on the same pair must be undone first.  So undoing can
 *     be undone, too, and whatever was merged can be split into exactly what it was.
 * (4) What a person decided stays until a person changes it: later runs follow it.
 *
 * A subject is a connected component of linked pairs.  Records are named SOURCE:ID. */
#ifndef LL_APPS_CREDIT_LINK_STORE_H
#define LL_APPS_CREDIT_LINK_STORE_H

#include "apps/credit/link_em.h"
#include "share/actor.h"
#include "store/store.h"

enum { LL_LINK_RUN_ID = 32, LL_LINK_CLUSTER_SHOWN = 1000 };

/* ---- models ---- */

struct ll_link_trained {
    const char *name, *definition, *sha256, *training; /* training: JSON */
    int64_t version, made_at;
    struct ll_link_model *model;
    struct ll_link_params params;
};
/* A new version of the model; *ret its number. */
int ll_link_model_save(struct ll_txn *tx, const char *name, struct ll_str definition, const char *training,
                       const struct ll_link_model *m, const struct ll_link_params *p,
                       const struct ll_actor *actor, int64_t *ret, struct ll_err *err) LL_MUST;
/* version 0: the newest.  LL_NOTFOUND says how to train one. */
int ll_link_model_get(struct ll_txn *tx, const char *name, int64_t version, struct ll_arena *arena,
                      struct ll_link_trained *ret, struct ll_err *err) LL_MUST;

/* ---- pairs ---- */

struct ll_link_pair {
    int64_t id;
    const char *model, *run, *a, *b;
    double weight, probability;
    const char *levels;      /* "3,-1,0": a level a comparison */
    const char *adjustments; /* "1.25,0,0": what of the weight comes of the values' frequencies */
    const char
        *shown; /* JSON: the compared values of both sides, masked where the model says so; NULL: not kept */
    const char *state; /* matched, review, outdone, apart, accepted, rejected */
    const char *why;   /* weight, chain, exact:org ... */
};
int ll_link_pair_get(struct ll_txn *tx, int64_t id, struct ll_arena *arena, struct ll_link_pair *ret,
                     struct ll_err *err) LL_MUST;
/* What a list of pairs, runs or acts is asked for. */
struct ll_link_query {
    const char *model, *state; /* NULL: any */
    const char *sort;          /* NULL: the list's own order */
    int64_t pair;              /* of acts: 0 for any */
    int64_t offset, limit;
};
/* Those nearest to being a link first. */
int ll_link_pair_list(struct ll_txn *tx, const struct ll_link_query *q, struct ll_arena *arena,
                      struct ll_link_pair **ret, size_t *ret_n, int64_t *ret_total,
                      struct ll_err *err) LL_MUST;

/* ---- runs ---- */

struct ll_link_run {
    const char *id, *model, *state, *report;
    int64_t version, started_at, ended_at;
};
/* Newest first. */
int ll_link_run_list(struct ll_txn *tx, const struct ll_link_query *q, struct ll_arena *arena,
                     struct ll_link_run **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;
int ll_link_run_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_link_run *ret,
                    struct ll_err *err) LL_MUST;
int ll_link_run_begin(struct ll_txn *tx, const struct ll_link_trained *t, double match, double review,
                      const struct ll_actor *actor, char id[LL_LINK_RUN_ID], struct ll_err *err) LL_MUST;
int ll_link_run_pair(struct ll_txn *tx, const char *run, const struct ll_link_pair *p,
                     struct ll_err *err) LL_MUST;
/* Links what the run matched and no person told apart, takes back what an earlier run linked and this one does not, as one act. */
int ll_link_run_end(struct ll_txn *tx, const char *run, const char *report, const struct ll_actor *actor,
                    struct ll_err *err) LL_MUST;
/* Pairs that persons decided, for a run to follow. */
typedef int ll_link_decided_fn(void *ctx, const char *a, const char *b, bool linked, struct ll_err *err);
int ll_link_decided(struct ll_txn *tx, const char *model, ll_link_decided_fn *fn, void *ctx,
                    struct ll_err *err) LL_MUST;

/* ---- decisions ---- */

/* A person's word on a pair of the queue, or on one that a run linked.  LL_CONFLICT when it has been given. */
int ll_link_decide(struct ll_txn *tx, int64_t pair, bool accept, const char *reason,
                   const struct ll_actor *actor, int64_t *ret_act, struct ll_err *err) LL_MUST;
/* Takes a record out of its cluster: it is told apart from all that it is linked with. */
int ll_link_split(struct ll_txn *tx, const char *model, const char *record, const char *reason,
                  const struct ll_actor *actor, int64_t *ret_act, struct ll_err *err) LL_MUST;
int ll_link_undo(struct ll_txn *tx, int64_t act, const char *reason, const struct ll_actor *actor,
                 int64_t *ret_act, struct ll_err *err) LL_MUST;

struct ll_link_act {
    int64_t id, pair, undoes, undone_by, at, events; /* 0: none */
    const char *model, *kind, *run, *account, *organisation, *reason;
};
/* Newest first. */
int ll_link_act_list(struct ll_txn *tx, const struct ll_link_query *q, struct ll_arena *arena,
                     struct ll_link_act **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;

/* ---- subjects ---- */

/* The records of the record's cluster, itself among them, sorted; at most LL_LINK_CLUSTER_SHOWN. */
int ll_link_cluster(struct ll_txn *tx, const char *model, const char *record, struct ll_arena *arena,
                    const char ***ret, size_t *ret_n, struct ll_err *err) LL_MUST;

#endif
