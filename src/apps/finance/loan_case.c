/* loan_case.c - loan cases read and listed, their words (loan_case.h). */
#include "apps/finance/loan_case.h"

#include "store/rows.h"

#include <string.h>

static const struct {
    const char *word, *title[2];
} ways[LL_WAY_COUNT] = {
#define X(id, word, zh, en) {word, {zh, en}},
    LL_CASE_WAYS(X)
#undef X
};

const char *ll_case_way_word(enum ll_case_way w)
{
    return ways[w].word;
}

const char *ll_case_way_title(enum ll_case_way w, enum ll_lang lang)
{
    return ways[w].title[lang];
}

const char *ll_case_code(enum ll_state s)
{
    static const struct {
        enum ll_state state;
        const char *code;
    } codes[] = {
#define X(state, code) {LL_STATE_##state, code},
        LL_CASE_CODES(X)
#undef X
    };

    for (size_t i = 0; i < LL_COUNT(codes); i++)
        if (codes[i].state == s)
            return codes[i].code;
    return NULL;
}

/* --- reading -------------------------------------------------------------------------------------------------------------- */

#define COLUMNS                                                                                                              \
    "c.id, c.financing, c.subject, s.title, c.organisation, c.product, m.title, m.title_en, m.result, c.why, c.before_case," \
    " c.consent, c.granted_guarantee, c.refusal, c.refusal_note, m.place, m.misses, m.unknown, c.granted, c.granted_rate,"   \
    " c.granted_term, c.granted_day, c.valid_until, c.drawn, c.repaid, c.interest, c.overdue_days, c.lost, c.last_day,"      \
    " c.due_at, c.applied_at, c.created_at, c.changed_at, c.state, c.way"
#define FROM                                                                                                 \
    " FROM loan_case c JOIN consent_subject s ON s.id = c.subject"                                           \
    " LEFT JOIN financing_match m ON m.financing = c.financing AND m.product = c.product"
enum { C_STATE = 33, C_WAY };

static int read_rest(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_loan_case *c = row;
    struct ll_str way = ll_col_text(s, C_WAY);
    unsigned w = 0;

    (void)arena;
    c->state = ll_state_parse(LL_FLOW_LOAN_CASE, ll_col_text(s, C_STATE));
    while (w < LL_WAY_COUNT && !ll_str_is(way, ways[w].word))
        w++;
    c->way = (enum ll_case_way)w;
    return c->state < LL_STATE_COUNT && w < LL_WAY_COUNT
               ? LL_OK
               : ll_fail(err, LL_INTERNAL, "贷款办理 %s 的状态无法识别", "loan case %s has an unknown state",
                         c->id);
}

#define COLUMN(kind, member) LL_ROW(kind, ll_loan_case, member)
static const struct ll_row_column columns[] = {COLUMN(TEXT, id),
                                               COLUMN(TEXT, financing),
                                               COLUMN(TEXT, subject),
                                               COLUMN(TEXT, subject_title),
                                               COLUMN(TEXT, organisation),
                                               COLUMN(TEXT, product),
                                               COLUMN(TEXT, product_title[0]),
                                               COLUMN(TEXT, product_title[1]),
                                               COLUMN(TEXT, result),
                                               COLUMN(TEXT, why),
                                               COLUMN(TEXT, before),
                                               COLUMN(TEXT, consent),
                                               COLUMN(TEXT, granted_guarantee),
                                               COLUMN(TEXT, refusal),
                                               COLUMN(TEXT, refusal_note),
                                               COLUMN(INT, place),
                                               COLUMN(INT, misses),
                                               COLUMN(INT, unknown),
                                               COLUMN(OR_NONE, granted),
                                               COLUMN(OR_NONE, granted_rate),
                                               COLUMN(OR_NONE, granted_term),
                                               COLUMN(OR_NONE, granted_day),
                                               COLUMN(INT, valid_until),
                                               COLUMN(INT, drawn),
                                               COLUMN(INT, repaid),
                                               COLUMN(INT, interest),
                                               COLUMN(OR_NONE, overdue_days),
                                               COLUMN(OR_NONE, lost),
                                               COLUMN(INT, last_day),
                                               COLUMN(INT, due_at),
                                               COLUMN(INT, applied_at),
                                               COLUMN(INT, created_at),
                                               COLUMN(INT, changed_at),
                                               LL_ROW_OTHER,
                                               LL_ROW_OTHER};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_loan_case), read_rest};

int ll_loan_get(const struct ll_deal_env *env, const char *id, struct ll_loan_case *ret, struct ll_err *err)
{
    int rc = ll_row_get(env->tx, &rows, "SELECT " COLUMNS FROM " WHERE c.id = $1", id, env->arena, ret, err);

    if (rc == 0)
        return ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的贷款办理", "there is no loan case %s", id);
    return rc < 0 ? rc : LL_OK;
}

#define FITS                                                                                                 \
    FROM " WHERE ($1 IS NULL OR c.organisation = $1) AND ($2 IS NULL OR c.financing = $2)"                   \
         " AND ($3 IS NULL OR c.subject = $3) AND ($4 IS NULL OR c.state = $4)"

static const struct ll_row_order order_list[] = {
    {"created", "c.created_at"}, {"changed", "c.changed_at"},
    {"due", "c.due_at"},         {"amount", "(SELECT f.amount FROM financing f WHERE f.id = c.financing)"},
    {"state", "c.state"},        {"organisation", "c.organisation"}};
static const struct ll_row_orders orders = {order_list, LL_COUNT(order_list), "c.created_at DESC", "c.id"};

int ll_loan_list(const struct ll_deal_env *env, const struct ll_loan_query *q, struct ll_loan_case **ret,
                 size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(q->organisation), LL_ARG_Z(q->financing), LL_ARG_Z(q->subject),
                                      LL_ARG_Z(q->state)};
    const struct ll_row_page page = LL_ROW_PAGE(COLUMNS, FITS, orders, args, q);
    void *list = NULL;
    int rc = ll_row_list(env->tx, &rows, &page, env->arena, &list, ret_n, ret_total, err);

    *ret = list;
    return rc;
}

/* --- money ---------------------------------------------------------------------------------------------------------------------- */

static int money(const struct ll_deal_env *env, const struct ll_row_form *form, const char *sql,
                 const char *id, void **ret, size_t *ret_n, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(id)};
    const struct ll_row_page page = {
        .sql = sql, .args = args, .n_args = LL_COUNT(args), .limit = LL_LOAN_ROWS};

    return ll_row_list(env->tx, form, &page, env->arena, ret, ret_n, NULL, err);
}

int ll_loan_draws(const struct ll_deal_env *env, const char *id, struct ll_loan_draw **ret, size_t *ret_n,
                  struct ll_err *err)
{
    static const struct ll_row_column draw[] = {
        LL_ROW(TEXT, ll_loan_draw, loan_no), LL_ROW(INT, ll_loan_draw, amount),
        LL_ROW(INT, ll_loan_draw, rate), LL_ROW(INT, ll_loan_draw, day), LL_ROW(INT, ll_loan_draw, due_day)};
    static const struct ll_row_form form = {draw, LL_COUNT(draw), sizeof(struct ll_loan_draw), NULL};
    void *list = NULL;
    int rc = money(env, &form,
                   "SELECT loan_no, amount, rate, day, due_day FROM loan_draw WHERE loan_case = $1"
                   " ORDER BY at, loan_no LIMIT $2 OFFSET $3",
                   id, &list, ret_n, err);

    *ret = list;
    return rc;
}

int ll_loan_repayments(const struct ll_deal_env *env, const char *id, struct ll_loan_repayment **ret,
                       size_t *ret_n, struct ll_err *err)
{
    static const struct ll_row_column repayment[] = {LL_ROW(INT, ll_loan_repayment, day),
                                                     LL_ROW(INT, ll_loan_repayment, principal),
                                                     LL_ROW(INT, ll_loan_repayment, interest)};
    static const struct ll_row_form form = {repayment, LL_COUNT(repayment), sizeof(struct ll_loan_repayment),
                                            NULL};
    void *list = NULL;
    int rc = money(env, &form,
                   "SELECT day, principal, interest FROM loan_repayment WHERE loan_case = $1"
                   " ORDER BY seq LIMIT $2 OFFSET $3",
                   id, &list, ret_n, err);

    *ret = list;
    return rc;
}

struct ll_flow_object ll_loan_object(const struct ll_loan_case *c)
{
    return (struct ll_flow_object){.flow = LL_FLOW_LOAN_CASE,
                                   .id = c->id,
                                   .state = c->state,
                                   .provider = c->organisation,
                                   .subject = c->subject,
                                   .facts = c->drawn < c->granted ? LL_FACT_UNDRAWN : LL_FACT_ALWAYS};
}
