/* flow.h - how a demand, an application, a grant or an objection moves from state to state.
 *
 * (1) tbl/workflow_states.h has every state and every step; what is not in it does not happen.
 * (2) A step is taken by somebody who has a part in the matter that the step names, or by the platform itself.
 * (3) Nobody approves their own: who took part as the applicant's or the publishing department's steward or as a lender's officer, or began the matter as the provider's, may not take a step marked OTHER.
 * (4) Every step leaves an event with who, when and why, in the transaction that changes the state.  Events are never changed; those
 *     that the journal has not taken yet are told by ll_flow_pending. */
#ifndef LL_SHARE_FLOW_H
#define LL_SHARE_FLOW_H

#include "base/arena.h"
#include "base/json.h"
#include "share/actor.h"
#include "share/tbl/time_limits.h"
#include "share/tbl/workflow_parts.h"
#include "share/tbl/workflow_states.h"
#include "store/store.h"

#define X(name, ...) LL_FLOW_##name,
enum ll_flow { LL_FLOWS(X) LL_FLOW_COUNT };
#undef X
#define X(flow, name, ...) LL_STATE_##name,
enum ll_state { LL_FLOW_STATES(X) LL_STATE_COUNT };
#undef X
#define X(name, ...) LL_PART_##name,
enum ll_part { LL_FLOW_PARTS(X) LL_PART_COUNT };
#undef X
#define X(name, ...) LL_LIMIT_##name,
enum ll_limit { LL_TIME_LIMITS(X) LL_LIMIT_COUNT, LL_LIMIT_NONE = -1 };
#undef X

enum ll_fact {
    LL_FACT_ALWAYS = 0,
    LL_FACT_CONDITIONAL = 1,
    LL_FACT_UNCONDITIONAL = 2,
    LL_FACT_LINKED = 4,
    LL_FACT_UNLINKED = 8,
    LL_FACT_BY_ORGANISATION = 16,
    LL_FACT_BY_SUBJECT = 32,
    LL_FACT_FULFILLED = 64,
    LL_FACT_REORGANISED = 128,
    LL_FACT_ASKED = 256,
    LL_FACT_ABOUT_INSTITUTION = 512,
    LL_FACT_ABOUT_PLATFORM = 1024,
    LL_FACT_UNDRAWN = 2048
};
enum ll_need { LL_NEED_REASON = 1, LL_NEED_BASIS = 2, LL_NEED_OTHER = 4 };
enum { LL_FLOW_ID_TEXT = 32, LL_REASON_MAX = 2000 };

struct ll_flow_state {
    enum ll_flow flow;
    const char *word;
    bool end;
    enum ll_limit limit;
    const char *zh, *en, *basis;
};

struct ll_flow_step {
    enum ll_flow flow;
    enum ll_state from;
    const char *action;
    enum ll_state to;
    unsigned parts, when, needs; /* bits 1 << enum ll_part; enum ll_fact; enum ll_need */
    const char *zh, *en, *basis;
};

extern const struct ll_flow_state ll_flow_states[LL_STATE_COUNT]; /* by enum ll_state */
extern const struct ll_flow_step ll_flow_steps[];
extern const size_t ll_flow_step_count;

const char *ll_flow_word(enum ll_flow flow);
const char *ll_flow_title(enum ll_flow flow, enum ll_lang lang);
const char *ll_part_word(enum ll_part part);
const char *ll_state_word(enum ll_state s);
const char *ll_state_title(enum ll_state s, enum ll_lang lang);
/* "state", "state_title", "state_title_en" into an object that is open. */
void ll_state_put(struct ll_json *j, enum ll_state s);
/* The state that the word means in this flow; LL_STATE_COUNT when there is none. */
enum ll_state ll_state_parse(enum ll_flow flow, struct ll_str word);

/* The end of the time limit that begins when the state is entered at `now`; 0 where none runs. */
int64_t ll_flow_due(enum ll_state s, int64_t now);
/* Working days before its end at which a reminder is due. */
int ll_flow_remind_days(enum ll_state s);

/* What a step is decided on. */
struct ll_flow_object {
    enum ll_flow flow;
    const char *id;
    enum ll_state state;
    const char *applicant, *provider; /* organisations; provider may be NULL */
    const char *subject;              /* who raised it, where it was no organisation (share/consent.h) */
    unsigned facts;                   /* enum ll_fact */
};

struct ll_flow_act {
    const char *action;
    const struct ll_actor *actor; /* NULL: the platform itself */
    const char *reason, *legal_basis;
};

/* The parts that the actor has in the matter, as bits. */
unsigned ll_flow_parts(const struct ll_flow_object *o, const struct ll_actor *actor);
/* The step that the action means in the object's state, by somebody with these parts; NULL when there is none. */
const struct ll_flow_step *ll_flow_find(const struct ll_flow_object *o, const char *action, unsigned parts);
/* Checks everything and writes the event; the caller writes ret->to into its table in the same transaction.  LL_USAGE: no such action;
 * LL_CONFLICT: not in this state; LL_DENIED: not by this actor; LL_INVALID: a reason or its basis is missing. */
int ll_flow_take(struct ll_txn *tx, const struct ll_flow_object *o, const struct ll_flow_act *act,
                 const struct ll_flow_step **ret, struct ll_err *err) LL_MUST;
/* Whether the text cites a rule of law by its title, 《...》. */
bool ll_flow_names_rule(const char *text);
/* The first event of an object: it is there, in o->state. */
int ll_flow_begin(struct ll_txn *tx, const struct ll_flow_object *o, const struct ll_actor *actor,
                  struct ll_err *err) LL_MUST;
/* The same, with what the event has to say: act->reason, act->legal_basis. */
int ll_flow_begin_as(struct ll_txn *tx, const struct ll_flow_object *o, const struct ll_flow_act *act,
                     struct ll_err *err) LL_MUST;
/* key: the actions that the actor may take now, as an array of {"action", "title", "title_en", "needs"}. */
void ll_flow_put_actions(struct ll_json *j, const char *key, const struct ll_flow_object *o,
                         const struct ll_actor *actor);

struct ll_flow_event {
    int64_t seq, at;
    const char *flow, *object, *action, *from, *to, *part, *account, *client, *organisation, *reason,
        *legal_basis;
    const char *approval;                  /* digest of the evidence by which a passkey confirmed it; NULL */
    const char *delegate, *delegate_title; /* the person who acted for the subject (share/delegate.h); NULL */
};
/* The events of an object, oldest first. */
int ll_flow_history(struct ll_txn *tx, enum ll_flow flow, const char *id, struct ll_arena *arena,
                    struct ll_flow_event **ret, size_t *ret_n, struct ll_err *err) LL_MUST;
/* At most `limit` events that the journal has not taken, oldest first; ll_flow_journalled says that it now has one. */
int ll_flow_pending(struct ll_txn *tx, size_t limit, struct ll_arena *arena, struct ll_flow_event **ret,
                    size_t *ret_n, struct ll_err *err) LL_MUST;
int ll_flow_journalled(struct ll_txn *tx, int64_t seq, int64_t journal_index, struct ll_err *err) LL_MUST;
void ll_flow_event_json(struct ll_json *j, const struct ll_flow_event *e);
/* What of it the subject of a matter is told, into an object that is open: when, what, in what part and why, but not which person. */
void ll_flow_event_public(struct ll_json *j, const struct ll_flow_event *e);

/* A new identifier: prefix, day and ten random digits, "G-20261124-9c41d07e55". */
void ll_flow_new_id(char prefix, char out[LL_FLOW_ID_TEXT]);

#endif
