/* repair.h - credit repair (信用修复) under Order 36 of 2025, in force since 2026-04-01: a subject that has made good what it was found guilty of
 * asks that the record be no longer published, shared or used against it.
 *
 * (1) What may be repaired are the decisions of packs' publicity rules (publicity.h): their degree, and so the shortest time of publicity before
 *     which nobody may ask, come from there.  The last of it is no condition: afterwards there is nothing to be published, but still to be shared.
 * (2) The subject makes a draft, adds what proves that it has fulfilled its duties (share/attachment.h), promises in public to keep the law, and hands
 *     it in.  The platform takes it up and passes it to who recognised the fault (谁认定、谁修复), which decides within time limits in working days
 *     (flow REPAIR).
 * (3) Repaired: in the transaction of the decision the record is no longer published (publicity_stop) and no longer shared (share/withheld.h), with
 *     which measures that rested on it fall away; who had received it is told.  Revoked, because it rested on something untrue: all of it comes back.
 * (4) A ruling of a court that approves a plan of reorganisation, or recognises a settlement, is a ground of its own: it stands in for the duties and for the
 *     shortest time of publicity, and what follows is provisional, until the plan is carried out (confirm) or is not (revoke).
 * (5) Nothing is deleted; every step is an event in the journal. */
#ifndef LL_APPS_CREDIT_REPAIR_H
#define LL_APPS_CREDIT_REPAIR_H

#include "apps/credit/publicity.h"
#include "share/flow.h"
#include "share/gateway.h"
#include "standard/ident.h"

enum { LL_REPAIR_OPEN_MAX = 50, LL_REPAIR_TEXT_MAX = 2000 };

enum ll_repair_ground { LL_REPAIR_FULFILLED, LL_REPAIR_REORGANISED, LL_REPAIR_GROUNDS };
const char *ll_repair_ground_word(enum ll_repair_ground g);
const char *ll_repair_ground_title(enum ll_repair_ground g, enum ll_lang lang);
/* LL_REPAIR_GROUNDS: there is none such. */
enum ll_repair_ground ll_repair_ground_parse(struct ll_str word);

/* What the functions work in; everything borrowed. */
struct ll_repair_env {
    struct ll_gateway *gateway;
    struct ll_tables *tables;
    struct ll_vault *vault;
    const struct ll_catalog *cat;
    struct ll_txn *tx;
    const struct ll_actor *actor;
    struct ll_arena *arena;
};

/* Days are those of publicity.h. */
struct ll_repair {
    const char *id, *subject, *subject_title, *subject_mask;
    const char *provider, *resource, *record; /* record: its key as a JSON array */
    const char *level;                        /* code of DISHONESTY_LEVEL */
    int32_t decided_day, earliest,
        latest; /* of the record; when repair may be asked for; its last day of publicity, LL_PUBLIC_NO_DAY: none */
    const char *statement, *commitment;
    enum ll_repair_ground ground;
    const char *court, *ruling;                  /* of a reorganisation; NULL */
    int32_t ruled_day;                           /* LL_PUBLIC_NO_DAY: none */
    const char *decision, *answer, *legal_basis; /* "repair", "refuse", "revoke"; NULL: none yet */
    enum ll_state state;
    int64_t due_at, created_at, changed_at, decided_at; /* ms; 0: none */
};

struct ll_repair_ask {
    enum ll_scheme scheme; /* of the subject, which is env->actor->subject */
    struct ll_str value;
    const char *resource;
    const char *const *key;
    size_t n_key;
    const char *statement;  /* what was done to make it good */
    const char *commitment; /* the public promise */
    enum ll_repair_ground ground;
    const char *court, *ruling; /* of a reorganisation: both, and the day; otherwise NULL */
    int32_t ruled_day;
};

/* A draft.  LL_NOTFOUND: no such record of the subject; LL_INVALID: nothing that may be repaired, or too early (the error says from when);
 * LL_CONFLICT: it is repaired, or being so, already. */
int ll_repair_add(const struct ll_repair_env *env, const struct ll_repair_ask *ask, char id[LL_FLOW_ID_TEXT],
                  struct ll_err *err) LL_MUST;
/* Takes a step of flow REPAIR, with what follows of it.  Of env the clockwork needs tx and arena alone. */
int ll_repair_act(const struct ll_repair_env *env, const char *id, const struct ll_flow_act *act,
                  struct ll_err *err) LL_MUST;

int ll_repair_get(const struct ll_repair_env *env, const char *id, struct ll_repair *ret,
                  struct ll_err *err) LL_MUST;
struct ll_repair_query {
    const char *subject, *provider, *state; /* NULL: any */
    const char *sort;                       /* as the route says it; NULL: newest first */
    size_t offset, limit;
};
/* Newest first. */
int ll_repair_list(const struct ll_repair_env *env, const struct ll_repair_query *q, struct ll_repair **ret,
                   size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;

struct ll_flow_object ll_repair_object(const struct ll_repair *r);
/* The fields of a repair into an object that is open. */
int ll_repair_put(const struct ll_repair_env *env, const struct ll_repair *r, struct ll_json *j,
                  struct ll_err *err) LL_MUST;

#endif
