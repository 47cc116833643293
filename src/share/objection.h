/* objection.h - doubt about what a source handed out (疑义校核, 异议): who may use a resource, or the subject of a record (objecting.h), says what is
 * wrong, its source corrects it or upholds it within a time limit, and the platform mediates.  As long as it is open every answer marks what it is
 * about as disputed (marks.h). */
#ifndef LL_SHARE_OBJECTION_H
#define LL_SHARE_OBJECTION_H

#include "catalog/catalog.h"
#include "share/flow.h"
#include "store/vault.h"

struct ll_objection {
    const char *id, *organisation, *provider, *resource;
    const char *subject; /* whose own it is (share/consent.h); NULL: an organisation's */
    const char *subject_title, *subject_mask;
    const char *record,
        *item; /* the key as a text, and the item (a subject's: items, a space between); NULL: the whole */
    const char *doubt, *answer;
    const char *decision; /* "correct", "uphold"; NULL: none yet */
    enum ll_state state;
    int64_t due_at, created_at, changed_at, decided_at; /* due_at 0: no time limit runs */
};

/* Of a resource whose key has sealed items the record is kept sealed, too (vault; NULL where there is none).  One that does not open is shown
 * as it is kept (recordname.h).
 *
 * draft: resource, record, item, doubt.  LL_DENIED unless the organisation has, or had, a grant for the resource. */
int ll_objection_add(struct ll_txn *tx, struct ll_vault *v, const struct ll_catalog *cat,
                     const struct ll_objection *draft, const struct ll_actor *actor, char id[LL_FLOW_ID_TEXT],
                     struct ll_err *err) LL_MUST;
/* Takes a step of flow OBJECTION; the reason of the source's step is its answer. */
int ll_objection_act(struct ll_txn *tx, const char *id, const struct ll_flow_act *act,
                     struct ll_err *err) LL_MUST;

int ll_objection_get(struct ll_txn *tx, struct ll_vault *v, const char *id, struct ll_arena *arena,
                     struct ll_objection *ret, struct ll_err *err) LL_MUST;
struct ll_objection_query {
    const char *resource, *state, *either; /* NULL: any; either: raised or answered by this organisation */
    const char *subject;                   /* NULL: anybody's; otherwise this one's own */
    const char *sort;                      /* as the route says it; NULL: newest first */
    size_t offset, limit;
};
/* Newest first. */
int ll_objection_list(struct ll_txn *tx, struct ll_vault *v, const struct ll_objection_query *q,
                      struct ll_arena *arena, struct ll_objection **ret, size_t *ret_n, int64_t *ret_total,
                      struct ll_err *err) LL_MUST;

/* Inserts what the draft says, checked by the caller, and writes the first event.  was: how the record was (objecting.h); NULL. */
int ll_objection_begin(struct ll_txn *tx, struct ll_vault *v, const struct ll_resource *r,
                       const struct ll_objection *draft, const char *was, const struct ll_actor *actor,
                       char id[LL_FLOW_ID_TEXT], struct ll_err *err) LL_MUST;

struct ll_flow_object ll_objection_object(const struct ll_objection *o);
/* The fields of an objection into an object that is open. */
void ll_objection_put(struct ll_json *j, const struct ll_objection *o);

#endif
