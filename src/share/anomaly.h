/* anomaly.h - what is unusual about calls: it slows the client down at once, and the security administrator decides.
 *
 * (1) Rules are tbl/anomaly_rules.h, thresholds are settings.  Memory is fixed, however many clients, officers and subjects there are.
 * (2) Keys in a row and misses are counted at the call, which alone knows the keys; all else is learnt from the journal, behind the
 *     calls, through the ledger.  A flag is there within a second.
 * (3) While a flag is open (raised or kept) its client gets a fraction of its rate; every other call is refused as `throttled`.
 *     ll_access_throttled tells, from whichever process the decision came.
 * (4) One flag is open for the same rule and the same client, officer and subject.  Raising and deciding are steps of flow ANOMALY, and
 *     so entries of the journal.
 * What was counted is forgotten when the program ends, flags are not; the volume of a day is read back. */
#ifndef LL_SHARE_ANOMALY_H
#define LL_SHARE_ANOMALY_H

#include "base/config.h"
#include "share/flow.h"
#include "share/ledger.h"
#include "share/tbl/anomaly_rules.h"

#define X(id, ...) LL_ANOMALY_##id,
enum ll_anomaly_rule { LL_ANOMALY_RULES(X) LL_ANOMALY_RULE_COUNT };
#undef X

struct ll_anomalies;
struct ll_anomaly_opts {
    int64_t volume_times, volume_min, night_from, night_to, night_calls, run, miss_percent, miss_min, officer;
};

int ll_anomalies_open(struct ll_store *st, const struct ll_anomaly_opts *o, struct ll_anomalies **ret,
                      struct ll_err *err) LL_MUST;
struct ll_anomalies *ll_anomalies_close(struct ll_anomalies *a); /* NULL is fine; returns NULL */

/* What one call asked for, key after key; zero it first.  tells: a miss says something, since the key is that of one record (a number, or
 * the subject in a register); that a firm has no penalties or has not reported for a year is an ordinary answer. */
enum { LL_TRAIL_KEY = 40 };
struct ll_key_trail {
    char first[LL_TRAIL_KEY], last[LL_TRAIL_KEY];
    int64_t run, most_run; /* keys next to the one before, from nothing; those that are not take some back */
    int64_t sum, most_sum; /* the same without a floor */
    int64_t keys, telling, misses;
};
void ll_key_trail_add(struct ll_key_trail *t, struct ll_str key, bool found, bool tells);
void ll_anomalies_call(struct ll_anomalies *a, const struct ll_actor *who, const struct ll_key_trail *t);
/* An entry of the journal, in order; and the end of a round of them, when flags are written. */
void ll_anomalies_entry(void *ctx, const struct ll_ledger_seen *e);
void ll_anomalies_round(void *ctx);

struct ll_anomaly {
    const char *id, *organisation, *client, *officer, *subject; /* NULL: the rule is not about it */
    enum ll_anomaly_rule rule;
    int64_t measured, threshold, entry; /* entry: of the journal; -1: none */
    enum ll_state state;
    int64_t raised_at, changed_at;
};

/* Takes a step of flow ANOMALY; "freeze" freezes the client as well. */
int ll_anomaly_act(struct ll_txn *tx, const char *id, const struct ll_flow_act *act,
                   struct ll_err *err) LL_MUST;
int ll_anomaly_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_anomaly *ret,
                   struct ll_err *err) LL_MUST;
struct ll_anomaly_query {
    const char *state; /* NULL: any */
    const char *sort;  /* as the route says it; NULL: newest first */
    size_t offset, limit;
};
/* Newest first. */
int ll_anomaly_list(struct ll_txn *tx, const struct ll_anomaly_query *q, struct ll_arena *arena,
                    struct ll_anomaly **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;
struct ll_flow_object ll_anomaly_object(const struct ll_anomaly *a);
void ll_anomaly_put(struct ll_json *j,
                    const struct ll_anomaly *a); /* its fields, into an object that is open */
const char *ll_anomaly_word(enum ll_anomaly_rule r);
const char *ll_anomaly_title(enum ll_anomaly_rule r, enum ll_lang lang);
/* Puts a flag into the table unless the same is open; *ret_new tells. */
int ll_anomaly_raise(struct ll_txn *tx, const struct ll_anomaly *draft, bool *ret_new,
                     struct ll_err *err) LL_MUST;

#endif
