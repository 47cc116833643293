/* correction_impl.h - what the parts of correction.h share: teller.c follows what happens, correction.c finds whom it concerns,
 * correction_read.c gives the pages. */
#ifndef LL_SHARE_CORRECTION_IMPL_H
#define LL_SHARE_CORRECTION_IMPL_H

#include "intake/batch.h"
#include "share/correction.h"
#include "share/gateway_impl.h"
#include "store/vault.h"

/* Pages are sealed as values of this; no pack can have a resource of the name. */
#define LL_CORRECTIONS_AS "ll_corrections"

struct ll_changed {
    char subject[LL_PSEUDONYM_TEXT];
    size_t key, n_key; /* in keys: a JSON array */
    bool gone;
};
struct ll_changed_list {
    struct ll_gateway *g;
    const struct ll_resource *resource;
    struct ll_changed *list;
    size_t n, room;
    struct ll_buf keys;
    struct ll_arena *scratch;
    bool over; /* more than can be named */
};
int ll_changed_add(struct ll_changed_list *l, const struct ll_str *key, const struct gate_who *who, bool gone,
                   struct ll_err *err) LL_MUST;
/* What a batch changed or, withdrawn, all that it had said. */
int ll_changed_of(struct ll_changed_list *l, struct ll_data *d, const struct ll_batch *b, bool withdrawn,
                  struct ll_err *err) LL_MUST;
/* The record of that name (a JSON array of texts), if it is there. */
int ll_changed_record(struct ll_gateway *g, const char *record, struct ll_arena *arena,
                      struct ll_changed_list *l, struct ll_err *err) LL_MUST;
void ll_changed_free(struct ll_changed_list *l);

struct ll_notice {
    const char *resource, *act, *batch,
        *change; /* batch may be NULL; change: of a record that is still there */
    int64_t at;
    int64_t got_after, got_before; /* whom it concerns: who got the record last between them (ms) */
    bool whole;                    /* the resource as such, no record of it */
    bool corrects;                 /* not a doubt: what was said is not so any more */
};
/* Marks documents that were made from what changed as stale; changed is sorted by subject. */
int ll_correction_reports(struct ll_txn *tx, const struct ll_notice *notice,
                          const struct ll_changed_list *changed, struct ll_err *err) LL_MUST;
/* Writes the pages, and marks documents.  Sorts `changed`. */
int ll_correction_tell(struct ll_gateway *g, struct ll_txn *tx, const struct ll_notice *notice,
                       struct ll_changed_list *changed, struct ll_err *err) LL_MUST;

#endif
