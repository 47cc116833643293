/* financing.h - what a firm wants financed (融资需求): told, published, and how it ends.
 *
 * (1) A financing is the firm's own, signed in by its passkey, and moves by flow FINANCING.  Who publishes is registered (enterprise.h); what the firm is at that
 *     moment (region, industry, size) is kept with it, and how all products with a taker here match it, in the declared order (financing_fit.h).
 * (2) Before the firm agrees an institution sees no name: only what is open to it, which is by mode.  `direct`: nobody but whom the firm chose; `open`: institutions
 *     with a product, so many as the firm said, until the day that it said; `matched`: institutions with a product of whose rules and terms none is missed.
 * (3) That it is the first loan is told by the firm and, beside it, what is known (indicator loans_ever); a renewal without repayment names its loan.
 * (4) A refusal goes on to the next only as the firm said (`pass_on`): in the kept order, one at a time, never to one that has handled it.
 * (5) The first money drawn ends it (met) and drops what else is under way.
 *
 * Amounts are fen, rates millionths a year (4.35 % is 43 500), days count from 1970 (0: none), times are ms. */
#ifndef LL_APPS_FINANCE_FINANCING_H
#define LL_APPS_FINANCE_FINANCING_H

#include "apps/finance/financing_fit.h"
#include "apps/finance/tbl/financing_words.h"
#include "share/flow.h"

#define X(id, ...) LL_MODE_##id,
enum ll_financing_mode { LL_FINANCING_MODES(X) LL_MODE_COUNT };
#undef X
#define X(id, ...) LL_PASS_##id,
enum ll_pass_on { LL_PASS_ONS(X) LL_PASS_COUNT };
#undef X

enum { LL_FINANCING_OPEN_MOST = 10, LL_FINANCINGS_OPEN = 20, LL_LOAN_NO_MAX = 40, LL_DEAL_TEXT_MAX = 500 };

const char *ll_financing_mode_word(enum ll_financing_mode m);
const char *ll_financing_mode_title(enum ll_financing_mode m, enum ll_lang lang);
enum ll_financing_mode ll_financing_mode_parse(struct ll_str word); /* LL_MODE_COUNT: none such */
const char *ll_pass_on_word(enum ll_pass_on p);
enum ll_pass_on ll_pass_on_parse(struct ll_str word);
/* "4.35" to 43500 and back; exact, four decimals at most.  LL_USAGE names the field. */
enum { LL_RATE_TEXT = 24 };
int ll_rate_read(const char *name, const char *text, int64_t *ret, struct ll_err *err) LL_MUST;
const char *ll_rate_text(int64_t rate, char out[LL_RATE_TEXT]);

/* What the functions work in; everything borrowed.  The clockwork has neither catalogue nor actor. */
struct ll_deal_env {
    struct ll_txn *tx;
    const struct ll_catalog *cat;
    const struct ll_actor *actor;
    struct ll_arena *arena;
};

struct ll_financing {
    const char *id, *subject, *subject_title;
    const char *purpose, *guarantee, *repayment, *product, *product_title[2],
        *renews;                          /* codes and words; NULL: none */
    const char *region, *industry, *size; /* of the firm when it was published; NULL: not known */
    enum ll_state state;
    enum ll_financing_mode mode;
    enum ll_pass_on pass_on;
    int64_t amount, term, rate_most;              /* rate_most -1: none */
    int64_t first_known, renewal_known;           /* 1, 0, -1: not known */
    bool first_loan;                              /* told */
    int64_t open_most, open_until;                /* ms */
    int64_t taken, waits;                         /* cases not withdrawn; those that wait for the firm */
    int64_t created_at, published_at, changed_at; /* 0: not yet */
};

/* What the firm tells; checked by add and change. */
struct ll_financing_told {
    enum ll_financing_mode mode;
    enum ll_pass_on pass_on;
    int64_t amount, term, rate_most, open_most, open_until;
    const char *purpose, *guarantee, *repayment, *product, *renews;
    bool first_loan;
};
/* A draft of env->actor's.  LL_INVALID names what is wrong, LL_TOOMANY: too many are open. */
int ll_financing_add(const struct ll_deal_env *env, const struct ll_financing_told *t,
                     char id[LL_FLOW_ID_TEXT], struct ll_err *err) LL_MUST;
int ll_financing_change(const struct ll_deal_env *env, const char *id, const struct ll_financing_told *t,
                        struct ll_err *err) LL_MUST;

/* What is known of the firm when it publishes. */
struct ll_financing_known {
    const char *region, *industry, *size; /* NULL: not known */
    const struct ll_financing_fit *fits;  /* of all products, in the declared order */
    size_t n;
    int64_t loans; /* that it ever drew; -1: not known */
};
int ll_financing_publish(const struct ll_deal_env *env, const char *id, const struct ll_financing_known *k,
                         struct ll_err *err) LL_MUST;
int ll_financing_withdraw(const struct ll_deal_env *env, const char *id, const char *reason,
                          struct ll_err *err) LL_MUST;
/* What is to become of refusals, from now on; one that is refused already and has nobody else under way goes on at once. */
int ll_financing_pass_on(const struct ll_deal_env *env, const char *id, enum ll_pass_on pass_on,
                         struct ll_err *err) LL_MUST;

int ll_financing_get(const struct ll_deal_env *env, const char *id, struct ll_financing *ret,
                     struct ll_err *err) LL_MUST;
struct ll_financing_query {
    const char *subject;                          /* NULL: any */
    const char *organisation;                     /* what is open to it, or was; NULL: any */
    const char *state, *mode, *region, *industry; /* NULL: any; of the last two the beginning */
    const char *sort;                             /* as the route says it; NULL: newest first */
    int64_t now;
    size_t offset, limit;
};
int ll_financing_list(const struct ll_deal_env *env, const struct ll_financing_query *q,
                      struct ll_financing **ret, size_t *ret_n, int64_t *ret_total,
                      struct ll_err *err) LL_MUST;
/* 1: the organisation may see it (2). */
int ll_financing_open_to(const struct ll_deal_env *env, const char *id, const char *organisation, int64_t now,
                         struct ll_err *err) LL_MUST;

/* How products matched when it was published. */
struct ll_financing_product {
    int64_t place, misses, unknown;
    const char *product, *kind, *title, *title_en, *organisation, *result;
};
/* organisation NULL: any.  The first `limit` of them. */
int ll_financing_products(const struct ll_deal_env *env, const char *id, const char *organisation,
                          size_t limit, struct ll_financing_product **ret, size_t *ret_n,
                          struct ll_err *err) LL_MUST;
/* 1, or 0: it is not among them. */
int ll_financing_product(const struct ll_deal_env *env, const char *id, const char *product,
                         struct ll_financing_product *ret, struct ll_err *err) LL_MUST;
/* Whom a refusal would be handed to (4): 1, or 0: nobody. */
int ll_financing_next(const struct ll_deal_env *env, const struct ll_financing *f,
                      struct ll_financing_product *ret, struct ll_err *err) LL_MUST;

struct ll_flow_object ll_financing_object(const struct ll_financing *f);
/* By the platform (lapse, meet): act->actor is NULL. */
int ll_financing_act(struct ll_txn *tx, const char *id, const struct ll_flow_act *act,
                     struct ll_err *err) LL_MUST;

#endif
