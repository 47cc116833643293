/* gateway.h - what a system of another organisation gets of a resource, and what it is refused and why.
 *
 * A call is opened (ll_gate_open: is anything frozen, does a grant cover it, is there quota left), asks for records one by one, and
 * ends as an entry for the journal (ll_gate_entry).  The caller lets nothing of the answer out before that entry is durable
 * (http/durable.h), and of a refusal neither.
 *
 * (1) Every value that was asked for has a state (tbl/value_states.h): silence is never mistaken for "there is none".
 * (2) Items of grade 3 and 4 are masked unless the grant says plain.
 * (3) Where a grant asks for consent, each record's subject must have given one that covers organisation, purpose and items; a use is
 *     counted in it for every look.
 * (4) Subjects stand in the journal by pseudonym (ll_pseudonym); what was asked for stands there too when there is no such record.
 * (5) Grants, freezes, clients and consents hold as they are at the moment of the call. */
#ifndef LL_SHARE_GATEWAY_H
#define LL_SHARE_GATEWAY_H

#include "catalog/catalog.h"
#include "share/access.h"
#include "share/anomaly.h"
#include "share/grants.h"
#include "share/journaling.h"
#include "share/ledger.h"
#include "share/tables.h"
#include "share/tbl/gate_conditions.h"
#include "share/tbl/value_states.h"

#define X(id, ...) LL_VALUE_##id,
enum ll_value_state { LL_VALUE_STATES(X) LL_VALUE_STATE_COUNT };
#undef X
#define X(id, ...) LL_GATE_##id,
enum ll_gate_condition { LL_GATE_CONDITIONS(X) LL_GATE_CONDITION_COUNT };
#undef X

enum { LL_CALL_KEYS_MAX = 1000, LL_CALL_RECORDS_MAX = 200, LL_OFFICER_MAX = 64 };

struct ll_data;
struct ll_marks;
struct ll_gateway;
struct ll_gateway_opts {
    struct ll_store *store;
    struct ll_vault *vault;
    struct ll_catalog_live *catalog;
    struct ll_tables *tables;
    struct ll_access *access;
    struct ll_journaling *journaling;
    struct ll_data *data;
    const char *data_dir;
    unsigned looks_commit_s; /* 0: never */
    struct ll_anomaly_opts anomaly;
    unsigned slow_percent,
        slow_rate; /* what a client with an open flag keeps: of its calls a second, or calls a minute */
};

/* Everything in opts is borrowed until ll_gateway_close. */
int ll_gateway_open(const struct ll_gateway_opts *o, struct ll_gateway **ret, struct ll_err *err) LL_MUST;
struct ll_gateway *ll_gateway_close(struct ll_gateway *g); /* NULL is fine; returns NULL */
struct ll_ledger *ll_gateway_ledger(struct ll_gateway *g);
struct ll_grants_live *ll_gateway_grants(struct ll_gateway *g);
struct ll_marks *ll_gateway_marks(struct ll_gateway *g);
/* The pseudonym of a subject, by any of its identifiers. */
int ll_gateway_pseudonym(struct ll_gateway *g, const char *scheme, struct ll_str value,
                         char out[LL_PSEUDONYM_TEXT], struct ll_err *err) LL_MUST;

/* Borrowed until ll_gate_close. */
struct ll_call {
    const struct ll_actor *actor;
    enum ll_use_mode mode;
    struct ll_str resource;
    struct ll_str grant;        /* n 0: whichever covers it */
    struct ll_str purpose;      /* n 0: the grant's */
    struct ll_str officer;      /* on whose behalf a bank's system asks; n 0: nobody's */
    const unsigned char *addr;  /* 16 bytes; NULL: not known */
    const struct ll_str *items; /* n_items 0: all that are granted */
    size_t n_items;
    const char *
        service; /* an earlier call by this service that was made from the grant is carried on (made.h); NULL: none */
    int64_t service_version;
    bool was_signed;   /* it follows from a request that was asked for its signature when it came */
    bool partial;      /* items that are not granted are answered as such instead of refusing all */
    size_t keys;       /* how many look-ups it will make; 0: ll_gate_reserve tells later */
    uint64_t until_us; /* ll_mono_us after which keys are answered as timed out; 0: never */
};

struct ll_gate;

/* *ret is there to be closed whatever the answer, unless memory is out (NULL).  LL_DENIED, LL_TOOMANY: refused, and ll_gate_condition
 * says by what; LL_USAGE: an item that the resource does not have. */
int ll_gate_open(struct ll_gateway *g, const struct ll_call *call, struct ll_arena *arena,
                 struct ll_gate **ret, struct ll_err *err) LL_MUST;
void ll_gate_close(struct ll_gate *gate); /* NULL is fine */

const char *ll_gate_condition(const struct ll_gate *gate); /* NULL: not refused */
uint64_t ll_gate_wait_ms(
    const struct ll_gate *gate); /* of one refused for its rate: when to come again; 0: not known */
const struct ll_grant *ll_gate_grant(const struct ll_gate *gate);
const struct ll_resource *ll_gate_resource(const struct ll_gate *gate);

/* Which record: by its whole key, or everything of a subject. */
struct ll_look {
    const struct ll_str *key; /* n_key parts; 0: by subject */
    size_t n_key;
    struct ll_str subject; /* an identifier of the resource's subject */
    size_t most;           /* records of a subject; 1 to LL_CALL_RECORDS_MAX */
};

/* Writes one result object: {"status", "records": [{"key", "batch", "published_at", "values": {item: {"status", "value"}}}], "more"}.
 * alone: without consent the whole call is refused (LL_DENIED); otherwise this result says so. */
int ll_gate_look(struct ll_gate *gate, const struct ll_look *look, bool alone, struct ll_json *j,
                 struct ll_err *err) LL_MUST;

/* Compares values with those of the one record; writes {"status", "items": {item: "match", "mismatch", "absent", "not_granted"}}, and
 * never a value. */
struct ll_asserted {
    struct ll_str item,
        value; /* value as the resource writes it, or as a source might: it is converted first */
};
int ll_gate_compare(struct ll_gate *gate, const struct ll_look *look, const struct ll_asserted *claims,
                    size_t n, struct ll_json *j, struct ll_err *err) LL_MUST;

/* What changed since the cursor (n 0: since the beginning), at most call->keys changes: "changes", "cursor" and "more" into an object that is
 * open (gateway_changes.c). */
int ll_gate_changes(struct ll_gate *gate, struct ll_str cursor, struct ll_json *j,
                    struct ll_err *err) LL_MUST;

/* Fields that tell how the answer came about, into an object that is open: resource, grant, purpose, source. */
void ll_gate_put(const struct ll_gate *gate, struct ll_json *j);
/* Settles the use of consents and makes the entry that must be durable before the answer leaves; for refusals too. */
int ll_gate_entry(struct ll_gate *gate, enum ll_entry_type *ret_type, struct ll_buf *payload,
                  struct ll_err *err) LL_MUST;

/* {"items":[...]}: what the organisation may call now, by resource: title, provider, grant, modes, items, quotas and what is left of them. */
int ll_gateway_services(struct ll_gateway *g, const char *organisation, struct ll_json *j,
                        struct ll_err *err) LL_MUST;

/* "signature" into an object that is open, where the request has one that holds: which signed message this was.  Whoever has it, client or
 * platform, shows with the entry that it was sent, and taken. */
void ll_gate_put_signature(const struct ll_actor *actor, struct ll_json *j);

const char *ll_value_state_word(enum ll_value_state s);
const char *ll_gate_condition_word(enum ll_gate_condition c);

#endif
