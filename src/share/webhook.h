/* webhook.h - subscriptions: systems that are told of changes and corrections, and what is still to be told.
 *
 * (1) An event is a row of table outbox, written by a trigger in the transaction of what it reports (a batch published or withdrawn, a page
 *     of corrections, a page of events about watched subjects, a loan case that came or was withdrawn).  A subscription is a cursor over it: kill -9 loses nothing, and an event costs one row however many listen.
 * (2) The cursor moves when the endpoint has answered 2xx: at least once, in order, and the same event has the same id every time.
 * (3) An event has no data of records: it says what to fetch, and with which cursor.  What is fetched passes the gateway.
 * (4) An event of a resource is sent while its organisation has a grant for it with mode `subscribe`, and nothing about it is frozen; without
 *     a grant it is passed over, frozen it waits.
 * (5) After `webhook_attempts` failures an event becomes a dead letter and the next one's turn comes; it is sent again by hand.  An endpoint that
 *     fails again and again is paused.
 * (6) Events and dead letters go when they are `webhook_keep_days` old; how many went is kept, and of each subscription how many of them it had
 *     not been sent.  An event stays as long as a dead letter refers to it. */
#ifndef LL_SHARE_WEBHOOK_H
#define LL_SHARE_WEBHOOK_H

#include "base/json.h"
#include "share/gateway.h"
#include "share/tbl/webhook_states.h"
#include "store/store.h"

#define X(id, ...) LL_WEBHOOK_##id,
enum ll_webhook_state { LL_WEBHOOK_STATES(X) LL_WEBHOOK_STATE_COUNT };
#undef X

enum {
    LL_WEBHOOK_ID = 24,
    LL_WEBHOOK_URL_MAX = 1000,
    LL_WEBHOOK_MOST = 20, /* of one organisation */
    LL_WEBHOOK_DEAD_MOST = 3,
    LL_WEBHOOK_CHALLENGE = 44
};
enum { LL_WEBHOOK_CHANGES = 1, LL_WEBHOOK_CORRECTIONS = 2, LL_WEBHOOK_WATCH = 4, LL_WEBHOOK_CASES = 8 };

const char *ll_webhook_state_word(enum ll_webhook_state s);
const char *ll_webhook_state_title(enum ll_webhook_state s, enum ll_lang lang);
/* "changes corrections watch cases" to bits, and back; LL_USAGE. */
int ll_webhook_kinds_parse(struct ll_str words, unsigned *ret, struct ll_err *err) LL_MUST;

/* Results live in the arena they were asked with. */
struct ll_webhook {
    const char *id, *organisation, *client, *account, *url, *resource, *challenge, *error_zh, *error_en;
    enum ll_webhook_state state;
    unsigned kinds;
    int64_t cursor, attempts, dead, status; /* dead: letters in a row; status: of the last answer, -1: none */
    int64_t next_at, created_at, changed_at, delivered_at;
    int64_t missed,
        dead_pruned; /* events that went by their age before it was sent them; dead letters that went */
};

/* What an address is made of, for signing; borrowed. */
struct ll_webhook_url {
    struct ll_str authority, path, query; /* query p NULL: none */
};
/* LL_USAGE: not https, or with a user, a fragment or what no address has. */
int ll_webhook_url_split(struct ll_str url, struct ll_webhook_url *ret, struct ll_err *err) LL_MUST;

struct ll_webhook_new {
    const struct ll_actor *actor;
    const char *url, *resource; /* resource NULL: all that are granted */
    unsigned kinds;
};
/* Checks the address by its form (https, a host, no user, no fragment); whom it leads to is asked when something is sent.  Starts with what
 * happens from now on. */
int ll_webhook_add(struct ll_txn *tx, const struct ll_webhook_new *w, char id[LL_WEBHOOK_ID],
                   struct ll_err *err) LL_MUST;
int ll_webhook_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_webhook *ret,
                   struct ll_err *err) LL_MUST;
struct ll_webhook_query {
    const char *organisation, *state; /* NULL: any */
    const char *sort;                 /* as the route says it; NULL: newest first */
    size_t offset, limit;
};
int ll_webhook_list(struct ll_txn *tx, const struct ll_webhook_query *q, struct ll_arena *arena,
                    struct ll_webhook **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;
void ll_webhook_json(struct ll_json *j, const struct ll_webhook *w);
/* act: "pause", "resume", "end".  LL_CONFLICT where the state does not allow it. */
int ll_webhook_act(struct ll_txn *tx, const char *id, struct ll_str act, struct ll_err *err) LL_MUST;

struct ll_dead_letter {
    int64_t event, at, attempts, status;
    const char *error_zh, *error_en;
    bool again; /* it waits to be sent again */
};
int ll_webhook_dead(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_dead_letter **ret,
                    size_t *ret_n, struct ll_err *err) LL_MUST;
void ll_dead_letter_json(struct ll_json *j, const struct ll_dead_letter *d);
/* event 0: all of them.  *ret_n: how many wait now. */
int ll_webhook_redeliver(struct ll_txn *tx, const char *id, int64_t event, int64_t *ret_n,
                         struct ll_err *err) LL_MUST;

/* --- for who sends (http/courier.h) ---------------------------------------------------------------------------------------- */

/* What a subscription is to be sent now. */
struct ll_parcel {
    const char *subscription, *url,
        *challenge; /* challenge: not NULL: this is the challenge, and must come back */
    const char *id; /* of the event: the same every time */
    struct ll_str body;
    int64_t event, attempts;
    bool again; /* a dead letter */
};
/* Subscriptions that have something to be sent now, each at most once and none of `busy`; at most room. */
int ll_webhook_due(struct ll_gateway *g, const char *const *busy, size_t n_busy, struct ll_arena *arena,
                   struct ll_parcel *ret, size_t room, size_t *ret_n, struct ll_err *err) LL_MUST;

struct ll_parcel_fate {
    bool delivered;
    int64_t status; /* -1: no answer */
    const char *zh, *en;
    int64_t retry_ms; /* of the first failure */
    unsigned attempts_most;
};
/* Moves the cursor, or says when to try again, or makes a dead letter. */
int ll_webhook_settle(struct ll_store *st, const struct ll_parcel *p, const struct ll_parcel_fate *fate,
                      struct ll_err *err) LL_MUST;
/* Removes what is older than `before`, a part of it where there is much; *ret_n: events. */
int ll_webhook_prune(struct ll_store *st, int64_t before, int64_t *ret_n, struct ll_err *err) LL_MUST;
/* Whether the body that answers a challenge has it: {"challenge": "..."}. */
bool ll_webhook_answers(struct ll_str body, const char *challenge);

#endif
