/* serving.h - services that a pack declares over several resources: joined by subject or key, or the rows of a view.
 *
 * (1) A call opens a gate (gateway.h) for each resource of the service, for exactly the items that the service reads of it: whatever one
 *     of them refuses refuses the call, and nothing of the others is answered.
 * (2) A joined service answers from the segments, resource by resource, each value with its state, source and batch.
 * (3) The SQL of a view sees what the grants show: masked items are masked before it (intake/viewsql.h).  Who is in its rows stands in the
 *     journal under each resource; a grant that asks for consent does not serve a view, since the rows are known only after it has run.
 * (4) Each resource has its own entry in the journal, with the grant that covered it. */
#ifndef LL_SHARE_SERVING_H
#define LL_SHARE_SERVING_H

#include "share/consent.h"
#include "share/gateway.h"

#include <jansson.h>

struct ll_serving_call {
    const struct ll_actor *actor;
    struct ll_str service, purpose, officer; /* n 0: none */
    const unsigned char *addr;
    uint64_t until_us;
    enum ll_use_mode mode; /* of ll_serving_open_granted; 0: query */
    size_t keys;           /* the same: how many look-ups of each resource it comes to; 0: one */
    bool was_signed;       /* as of struct ll_call */
};

struct ll_serving;

/* *ret is there to be closed whatever the answer (NULL: memory is out, or there is no such service).  modes as in ll_gate_open. */
int ll_serving_open(struct ll_gateway *g, const struct ll_serving_call *call, bool rows,
                    struct ll_arena *arena, struct ll_serving **ret, struct ll_err *err) LL_MUST;
void ll_serving_close(struct ll_serving *sv);                  /* NULL is fine */
const char *ll_serving_condition(const struct ll_serving *sv); /* what refused the call; NULL: nothing */
uint64_t ll_serving_wait_ms(const struct ll_serving *sv);      /* as ll_gate_wait_ms */

/* "service", "version", "parts": one object a resource with its result, into an object that is open. */
int ll_serving_join(struct ll_serving *sv, const struct ll_look *look, struct ll_json *j,
                    struct ll_err *err) LL_MUST;
/* "service", "version", "sources", "columns", "rows", "more". */
struct ll_serving_rows {
    const json_t *parameters; /* an object; NULL: none */
    size_t limit, offset;     /* limit 0: the service's */
};
int ll_serving_rows(struct ll_serving *sv, const struct ll_serving_rows *r, struct ll_json *j,
                    struct ll_err *err) LL_MUST;

/* The same for a document about one subject (a report): `of` names resources and what is read of them, any number.  What is not granted is left
 * out; where nothing is, the call is refused. */
int ll_serving_open_granted(struct ll_gateway *g, const struct ll_serving_call *call,
                            const struct ll_service *of, struct ll_arena *arena, struct ll_serving **ret,
                            struct ll_err *err) LL_MUST;
/* Looks the subject up in each and uses its consents: LL_DENIED where one that is needed is missing.  Nothing is written: the document shows what
 * ll_serving_shows says, which is plain under the grants. */
int ll_serving_look(struct ll_serving *sv, struct ll_str subject, struct ll_err *err) LL_MUST;
bool ll_serving_shows(const struct ll_serving *sv, struct ll_str resource, struct ll_str item);
/* Whether the grants give it at all, masked or plain: what a value may be compared with. */
bool ll_serving_grants_item(const struct ll_serving *sv, struct ll_str resource, struct ll_str item);

/* The same about several persons at once, one of whom speaks for all (a farmer for the household). */
struct ll_serving_person {
    const char *scheme; /* or the element's name, where the identifier has no scheme */
    struct ll_str value;
};
struct ll_serving_said {
    bool *looked;          /* a resource: its grant asks for no consent, or a consent covers it */
    const char *condition; /* why nothing may be looked at; NULL: something may */
    struct ll_err why;
    bool consented; /* by this consent, of those that count the weakest */
    char consent[LL_CONSENT_ID];
    enum ll_consent_kind kind;
};
struct ll_serving_about {
    struct ll_serving_person
        speaks; /* value.n 0: nobody, which a grant that asks for consent does not take */
    const struct ll_serving_person *whole;
    size_t n;
    struct ll_serving_said *said;
};
/* Asks, and writes nothing: a resource that the consent leaves out is left out, and ll_serving_shows and ll_serving_grants_item hold for this subject
 * until it is asked about the next. */
int ll_serving_may(struct ll_serving *sv, const struct ll_serving_person *speaks, struct ll_serving_said *ret,
                   struct ll_err *err) LL_MUST;
/* What was read is handed out: everybody whose it is goes to the journal, each consent counts one use, and in mode verify the first of `whole` one
 * attempt.  LL_DENIED: it may not be after all; others: then said->condition tells it of this subject, and the call goes on. */
int ll_serving_note(struct ll_serving *sv, struct ll_serving_about *about, bool others,
                    struct ll_err *err) LL_MUST;
/* The call is refused as said->condition has it, about these. */
int ll_serving_refuse(struct ll_serving *sv, const struct ll_serving_about *about,
                      struct ll_err *err) LL_MUST;
/* The grants behind it, divided by blanks, and the purpose of the first. */
void ll_serving_grants(const struct ll_serving *sv, struct ll_buf *ids, const char **ret_purpose);

/* Entries that must be durable before the answer, or the refusal, leaves: all but the last are written by this call, the last is left to the
 * caller. */
int ll_serving_entry(struct ll_serving *sv, enum ll_entry_type *ret_type, struct ll_buf *payload,
                     struct ll_err *err) LL_MUST;
/* The same as texts in arena, behind the *n that there are: to be made durable together with those of other calls, all of type CALL; `most` there may be. */
int ll_serving_entries(struct ll_serving *sv, struct ll_arena *arena, struct ll_str *list, size_t most,
                       size_t *n, struct ll_err *err) LL_MUST;
/* The same where more is to follow: all of them are written. */
int ll_serving_settle(struct ll_serving *sv, struct ll_err *err) LL_MUST;
/* The same of several calls, or refusals, under one wait: each is added when it has been answered, and consents are used by then; nothing of any is handed
 * out before they are written.  Zero-initialised; freed in any case. */
enum { LL_SERVING_DUE = 1024 };
struct ll_serving_due {
    struct ll_buf *payloads;
    enum ll_entry_type *types;
    size_t n;
};
int ll_serving_add_due(struct ll_serving *sv, struct ll_serving_due *due, struct ll_err *err) LL_MUST;
int ll_serving_write_due(struct ll_gateway *g, struct ll_serving_due *due, struct ll_err *err) LL_MUST;
void ll_serving_free_due(struct ll_serving_due *due);

#endif
