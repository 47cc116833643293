/* gateway_impl.h - what the parts of gateway.h share: gateway.c opens calls, gateway_look.c answers with values, gateway_compare.c with
 * whether values agree, gateway_entry.c says for the journal what happened. */
#ifndef LL_SHARE_GATEWAY_IMPL_H
#define LL_SHARE_GATEWAY_IMPL_H

#include "share/gateway.h"
#include "share/looktree.h"
#include "share/made.h"
#include "share/marks.h"
#include "share/meter.h"
#include "share/record.h"
#include "standard/ident.h"

struct ll_gateway {
    struct ll_gateway_opts o;
    struct ll_ledger *ledger;
    struct ll_looktree *looktree;
    struct ll_grants_live *grants;
    struct ll_meter *meter;
    struct ll_marks *marks;
    struct ll_anomalies *anomalies;
    struct ll_throttle *slowed;   /* clients with an open flag */
    struct ll_throttle *attempts; /* to verify, by client and subject */
    unsigned char pseudonym_key[32];
};

struct gate_item {
    const struct ll_item *item;
    size_t at;                           /* in the resource */
    const struct ll_grant_item *granted; /* NULL: not granted */
    struct ll_str present; /* what stands before a value of it: "name":{"status":"present","value": */
};

struct ll_gate {
    struct ll_gateway *g;
    const struct ll_call *call;
    const struct ll_made *made; /* the call names a service that was made from a grant; NULL: a resource */
    struct ll_call of_made;     /* then `call` is this: the same of its resource, grant and items */
    struct ll_arena *arena;
    struct ll_catalog *cat;
    struct ll_grants *grants;
    const struct ll_resource *resource;
    const struct ll_grant *grant;
    struct gate_item *items;
    size_t n_items;
    struct ll_table *table;
    const char *condition; /* what refused the call */
    uint64_t wait_ms;      /* when to come again, where that is known */
    size_t keys;           /* by how many the quotas are less */
    struct ll_key_trail trail;
    bool marked;         /* something is to be said of records of the resource (marks.h) */
    bool withheld;       /* the key that was asked for is that of a record that is no longer shared */
    bool late;           /* the source has not delivered when it should have */
    struct ll_txn *uses; /* of consents; NULL: none yet */

    /* for the journal */
    char (*subjects)[LL_PSEUDONYM_TEXT];
    size_t n_subjects, room;
    uint32_t *given; /* places of those in subjects of whom something was handed out */
    size_t n_given, given_room;
    const char **consents;
    size_t n_consents, consent_room;
    size_t found;
};

/* What a look is about, as far as it is known: scheme and canonical value.  name: of the scheme or element. */
struct gate_who {
    const char *name; /* NULL: not known */
    struct ll_str value;
};

/* Positions gate->table by the look.  1: it stands on the (first) record, 0: there is none; *who as far as it is known.  LL_USAGE. */
int ll_gate_seek(struct ll_gate *gate, const struct ll_look *look, struct gate_who *who,
                 struct ll_err *err) LL_MUST;
/* The next record of a look by subject; 1, 0. */
int ll_gate_next(struct ll_gate *gate, struct ll_err *err) LL_MUST;
/* Whether the record that gate->table stands on is no longer shared. */
bool ll_gate_withheld(const struct ll_gate *gate);
/* Notes for the journal that a subject (or, unknown, the key that was asked for) was looked at, and uses its consent where the grant
 * needs one.  LL_DENIED: it has not consented. */
int ll_gate_note(struct ll_gate *gate, const struct ll_look *look, const struct gate_who *who,
                 struct ll_err *err) LL_MUST;
/* The subject alone, for a call that uses consents by itself (serving_subject.c). */
int ll_gate_note_subject(struct ll_gate *gate, const struct ll_look *look, const struct gate_who *who,
                         struct ll_err *err) LL_MUST;
/* The same of one whose pseudonym is known. */
int ll_gate_note_pseudonym(struct ll_gate *gate, const char pseudonym[LL_PSEUDONYM_TEXT],
                           struct ll_err *err) LL_MUST;
/* The consent that covers what the gate gives of a subject: asked for in a transaction of the caller's, which count uses it once in.  LL_DENIED: there
 * is none, and gate->condition says so. */
struct ll_consent_used;
int ll_gate_consented(struct ll_gate *gate, const struct gate_who *who, bool count, struct ll_txn *tx,
                      struct ll_consent_used *ret, struct ll_err *err) LL_MUST;
int ll_gate_keep_consent(struct ll_gate *gate, const char *id, struct ll_err *err) LL_MUST;
/* One attempt at the subject that was noted last, to see whether values agree: LL_DENIED after too many. */
int ll_gate_attempt(struct ll_gate *gate, struct ll_err *err) LL_MUST;
/* Something was handed out of the subject that was noted last: whom corrections concern (correction.h). */
int ll_gate_give(struct ll_gate *gate, struct ll_err *err) LL_MUST;
/* What the grant gives of an item, as far as the service that was called has it; NULL: nothing. */
const struct ll_grant_item *ll_gate_granted(const struct ll_gate *gate, struct ll_str item);
/* The record that gate->table stands on. */
int ll_gate_put_record(struct ll_gate *gate, struct ll_json *j, struct ll_err *err) LL_MUST;
void ll_gate_put_item(const struct gate_item *it, struct ll_seg_value v, bool disputed, struct ll_json *j);
/* Whether the caller may see the whole key: each of its parts is granted, and plain. */
bool ll_gate_key_shown(const struct ll_gate *gate);
/* What the call came to in keys: quotas get back what it did not use. */
void ll_gate_charge(struct ll_gate *gate, size_t keys);
/* Takes keys from the quotas that the call was not opened with; the rate of calls does not count. */
int ll_gate_reserve(struct ll_gate *gate, size_t keys, struct ll_err *err) LL_MUST;
/* What stands in the journal for the subject of a look, or, unknown, for the key. */
int ll_gate_subject(struct ll_gate *gate, const struct ll_look *look, const struct gate_who *who,
                    char out[LL_PSEUDONYM_TEXT], struct ll_err *err) LL_MUST;
/* Whether a value of it may be seen as it is; otherwise what of it may. */
bool ll_gate_shown(const struct gate_item *it);
bool ll_gate_masks_text(const struct ll_item *item, struct ll_seg_value v);
/* The words for a look without a record. */
const char *ll_gate_missing(const struct ll_gate *gate);
int ll_gate_refuse(struct ll_gate *gate, enum ll_gate_condition c, struct ll_err *err) LL_MUST;

#endif
