/* loan_case.h - how one institution handles one financing (贷款办理), from the application to the end of the loan.
 *
 * (1) An institution has one case of a financing at most, for ever: whoever refused is not asked again.
 * (2) A case moves by flow LOAN_CASE (codes: tbl/financing_words.h) and by nothing else; by hand, by the bank's system (bank_event.h) and by the clockwork alike.
 * (3) Before the firm applies (state draft) the institution does not see who it is.
 * (4) Due diligence rests on a consent that is in force: the subject's, to this institution, for a purpose that names 贷前; the case names it.
 * (5) A refusal has a code of FIN_REFUSAL_REASON; 99 takes a note.
 * (6) Who grants is not who handled the case (four eyes); no more is drawn than granted, no more repaid than drawn; days of what happened do not go back. */
#ifndef LL_APPS_FINANCE_LOAN_CASE_H
#define LL_APPS_FINANCE_LOAN_CASE_H

#include "apps/finance/financing.h"

#define X(id, ...) LL_WAY_##id,
enum ll_case_way { LL_CASE_WAYS(X) LL_WAY_COUNT };
#undef X
const char *ll_case_way_word(enum ll_case_way w);
const char *ll_case_way_title(enum ll_case_way w, enum ll_lang lang);
const char *ll_case_code(enum ll_state s);

struct ll_loan_case {
    const char *id, *financing, *subject, *subject_title, *organisation;
    const char *product, *product_title[2], *result; /* result: of the match; NULL: none */
    const char *why, *before, *consent, *granted_guarantee, *refusal, *refusal_note; /* NULL: none */
    enum ll_state state;
    enum ll_case_way way;
    int64_t place, misses, unknown;                               /* of the match; place 0: none */
    int64_t granted, granted_rate, granted_term, granted_day;     /* -1: not granted */
    int64_t valid_until;                                          /* ms; 0: none */
    int64_t drawn, repaid, interest, overdue_days, lost;          /* the last two -1: none */
    int64_t last_day, due_at, applied_at, created_at, changed_at; /* applied_at 0: the firm has not agreed */
};

struct ll_loan_draw {
    const char *loan_no;
    int64_t amount, rate, day, due_day;
};
struct ll_loan_repayment {
    int64_t day, principal, interest;
};

/* --- how cases begin ------------------------------------------------------------------------------------------------- */

/* The firm applies for a product of a published financing. */
int ll_loan_apply(const struct ll_deal_env *env, const char *financing, const char *product,
                  char id[LL_FLOW_ID_TEXT], struct ll_err *err) LL_MUST;
/* An institution takes up or invites with a product of its own, or the platform assigns with a reason: action "take", "invite", "assign".  The firm has still to
 * agree.  LL_CONFLICT: enough have it, or this one has. */
int ll_loan_offer(const struct ll_deal_env *env, const char *financing, const char *action,
                  const char *product, const char *reason, char id[LL_FLOW_ID_TEXT],
                  struct ll_err *err) LL_MUST;
/* After a refusal, as the firm said; does nothing where it did not, where another case is under way, or where nobody is left.  env->actor is not asked. */
int ll_loan_hand_on(const struct ll_deal_env *env, const struct ll_financing *f,
                    const struct ll_loan_case *refused, struct ll_err *err) LL_MUST;

/* --- steps ----------------------------------------------------------------------------------------------------------- */

/* Numbers -1 and days 0 where nothing was said. */
struct ll_loan_act {
    struct ll_flow_act flow;
    const char *refusal, *consent, *guarantee, *loan_no;
    int64_t amount, interest, rate, term, overdue_days;
    int64_t day, due_day, valid_day;
};
int ll_loan_act(const struct ll_deal_env *env, const char *id, const struct ll_loan_act *act,
                struct ll_err *err) LL_MUST;
/* By the clockwork. */
int ll_loan_lapse(struct ll_txn *tx, const char *id, const struct ll_flow_act *act,
                  struct ll_err *err) LL_MUST;
/* Ends what is under way of a financing, but `except`. */
int ll_loan_drop_others(const struct ll_deal_env *env, const char *financing, const char *except,
                        struct ll_err *err) LL_MUST;
/* A consent on which due diligence may begin (4): 1, or 0.  wanted: this one; NULL: any.  In env->arena. */
int ll_loan_consent(const struct ll_deal_env *env, const struct ll_loan_case *c, const char *wanted,
                    const char **ret, struct ll_err *err) LL_MUST;

/* --- reading --------------------------------------------------------------------------------------------------------- */

int ll_loan_get(const struct ll_deal_env *env, const char *id, struct ll_loan_case *ret,
                struct ll_err *err) LL_MUST;
struct ll_loan_query {
    const char *organisation, *financing, *subject, *state; /* NULL: any */
    const char *sort;                                       /* as the route says it; NULL: newest first */
    size_t offset, limit;
};
int ll_loan_list(const struct ll_deal_env *env, const struct ll_loan_query *q, struct ll_loan_case **ret,
                 size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;
enum { LL_LOAN_ROWS = 500 };
int ll_loan_draws(const struct ll_deal_env *env, const char *id, struct ll_loan_draw **ret, size_t *ret_n,
                  struct ll_err *err) LL_MUST;
int ll_loan_repayments(const struct ll_deal_env *env, const char *id, struct ll_loan_repayment **ret,
                       size_t *ret_n, struct ll_err *err) LL_MUST;

struct ll_flow_object ll_loan_object(const struct ll_loan_case *c);

#endif
