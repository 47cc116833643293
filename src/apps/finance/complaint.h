/* complaint.h - complaints about financial institutions, their products, and the platform itself (投诉): made on a phone, followed up by working days,
 * answered by the institution, rated by who complained; the regulator sees figures (complaint_figures.h).
 *
 * (1) Who complains is a subject, signed in by its passkey, or anybody who leaves a name and a telephone.  The latter gets a number and a code, shown
 *     once and kept as a hash; number and code together stand for it.  Wrong codes of one number are counted, and LL_COMPLAINT_TRIES a day are all.
 * (2) How to reach who complains is sealed at rest, and so is what was told.  The former stands in no list and no answer but the one that was asked for.
 * (3) A complaint moves by flow COMPLAINT and nothing else; limits are working days (settings complaint_..._days).  An answer is extended once, a complaint
 *     reopened once.
 * (4) A complaint about the platform is mediated by somebody else than who answered it.
 * (5) What was answered is closed when it is rated, or when nobody rated it or reopened it in time. */
#ifndef LL_APPS_FINANCE_COMPLAINT_H
#define LL_APPS_FINANCE_COMPLAINT_H

#include "apps/finance/product.h"
#include "base/config.h"
#include "share/flow.h"
#include "store/vault.h"

enum {
    LL_COMPLAINT_TEXT = 2000, /* characters */
    LL_COMPLAINT_WISH = 500,
    LL_COMPLAINT_NAME = 60,
    LL_COMPLAINT_WORDS = 300,
    LL_COMPLAINT_OPEN = 20, /* of one subject at once */
    LL_COMPLAINT_TRIES = 10,
    LL_COMPLAINT_CODE = 15 /* "7K3M-Q8WD-T2XA", and a NUL */
};
#define LL_COMPLAINT_KINDS "FIN_COMPLAINT_KIND" /* code table of pack finance */

struct ll_complaint_env {
    struct ll_vault *vault;
    const struct ll_settings *settings; /* NULL: the days of tbl/time_limits.h */
    const struct ll_catalog *cat;
    const struct ll_products *products; /* NULL: none */
    struct ll_txn *tx;
    const struct ll_actor *actor;
    struct ll_arena *arena;
};

struct ll_complaint {
    const char *id, *subject;                              /* subject NULL: by number and code */
    const char *kind, *organisation, *product, *loan_case; /* organisation NULL: about the platform */
    const char *answer, *mediation, *refusal, *rating_words;
    enum ll_state state;
    int64_t rating;                                                                /* -1: none */
    int64_t due_at, created_at, changed_at, accepted_at, answered_at, reopened_at; /* 0: not (yet) */
};

struct ll_complaint_contact {
    const char *name, *phone;
};
struct ll_complaint_told {
    const char *text, *wish; /* wish NULL: nothing is asked for */
};

struct ll_complaint_new {
    const char *kind, *organisation, *product, *loan_case; /* the last three NULL where there is none */
    struct ll_complaint_told told;
    struct ll_complaint_contact contact;
};

/* To be called before the transaction of ll_complaint_add: makes or renews the key that seals what is personal. */
int ll_complaint_prepare(struct ll_vault *vault, struct ll_err *err) LL_MUST;
/* env->actor's, where that is a subject; otherwise by number and code, and code holds the code.  A loan case is the subject's own.  LL_INVALID names what is
 * wrong; LL_TOOMANY: too many of the subject's are open. */
int ll_complaint_add(const struct ll_complaint_env *env, const struct ll_complaint_new *n,
                     char id[LL_FLOW_ID_TEXT], char code[LL_COMPLAINT_CODE], struct ll_err *err) LL_MUST;
/* Whether organisation may be complained about: it is listed, or has a product: 1, or 0. */
int ll_complaint_about(const struct ll_complaint_env *env, const char *organisation,
                       struct ll_err *err) LL_MUST;

/* By number and code (1).  LL_NOTFOUND: there is no such number, or the code is another, which is counted: to be committed all the same.
 * LL_TOOMANY: too many codes were tried. */
int ll_complaint_open(const struct ll_complaint_env *env, const char *id, const char *code,
                      struct ll_complaint *ret, struct ll_err *err) LL_MUST;
int ll_complaint_get(const struct ll_complaint_env *env, const char *id, struct ll_complaint *ret,
                     struct ll_err *err) LL_MUST;
struct ll_complaint_query {
    const char *subject, *organisation, *kind, *state; /* NULL: any */
    bool late;                                         /* past its limit */
    bool forwarded;                                    /* taken up by the platform */
    const char *sort;                                  /* as the route says it; NULL: newest first */
    size_t offset, limit;
};
int ll_complaint_list(const struct ll_complaint_env *env, const struct ll_complaint_query *q,
                      struct ll_complaint **ret, size_t *ret_n, int64_t *ret_total,
                      struct ll_err *err) LL_MUST;
int ll_complaint_told_of(const struct ll_complaint_env *env, const char *id, struct ll_complaint_told *ret,
                         struct ll_err *err) LL_MUST;
/* Whoever calls it leaves an entry in the journal. */
int ll_complaint_contact_of(const struct ll_complaint_env *env, const char *id,
                            struct ll_complaint_contact *ret, struct ll_err *err) LL_MUST;

struct ll_complaint_act {
    struct ll_flow_act flow; /* of an answer and a mediation the reason is what is told */
    int64_t rating;          /* of step rate: 1 to 5 */
    const char *words;       /* of step rate; NULL: none */
};
int ll_complaint_act(const struct ll_complaint_env *env, const struct ll_complaint *c,
                     const struct ll_complaint_act *act, struct ll_err *err) LL_MUST;
/* By the clockwork. */
int ll_complaint_lapse(struct ll_txn *tx, const char *id, const struct ll_flow_act *act,
                       struct ll_err *err) LL_MUST;

/* Who has no passkey stands in for itself: its actor is {.subject = c->id}. */
struct ll_flow_object ll_complaint_object(const struct ll_complaint *c);
/* Members of an object that is open: what a list has of a complaint. */
void ll_complaint_put(struct ll_json *j, const struct ll_complaint_env *env, const struct ll_complaint *c);
/* The rest that one complaint has: what was told, the answers, the rating. */
int ll_complaint_put_whole(struct ll_json *j, const struct ll_complaint_env *env,
                           const struct ll_complaint *c, struct ll_err *err) LL_MUST;

#endif
