/* financing_step.c - drafts of financings, publishing, and how they end (financing.h). */
#include "apps/finance/finance_event.h"

#include "apps/finance/repay.h"
#include "base/clock.h"
#include "store/rows.h"

#include <stdio.h>
#include <string.h>

enum { AMOUNT_LEAST = 10000, OPEN_DAYS = 30, OPEN_DAYS_MOST = 180 };
static const int64_t day_ms = INT64_C(86400000);

/* --- what the firm tells ------------------------------------------------------------------------------------------------- */

static int check_code(const struct ll_deal_env *env, const char *name, const char *table, const char *code,
                      struct ll_err *err)
{
    const struct ll_codeset *set = ll_catalog_codeset(env->cat, ll_str(table));

    if (!code || (set && ll_codeset_by_code(set, ll_str(code))))
        return LL_OK;
    return ll_fail(err, LL_INVALID, "%s：“%s”不是代码表 %s 的代码", "%s: '%s' is no code of %s", name, code,
                   table);
}

static bool is_method(const char *word)
{
    size_t i = 0;

    while (i < LL_REPAY_COUNT && strcmp(word, ll_repay_titles[i].word) != 0)
        i++;
    return i < LL_REPAY_COUNT;
}

static int check_told(const struct ll_deal_env *env, const struct ll_financing_told *t, struct ll_err *err)
{
    const int64_t now = ll_now_ms();
    int rc;

    if (t->amount < AMOUNT_LEAST || t->amount > LL_LOAN_MOST)
        return ll_fail(err, LL_INVALID, "amount_fen 应为 100 元至 100 亿元",
                       "amount_fen is from 100 to 10,000,000,000 yuan");
    if (t->term < 1 || t->term > LL_LOAN_MONTHS)
        return ll_fail(err, LL_INVALID, "term_months 应为 1 至 %d", "term_months is 1 to %d", LL_LOAN_MONTHS);
    if ((rc = check_code(env, "purpose", "FIN_PURPOSE", t->purpose, err)) < 0 ||
        (rc = check_code(env, "guarantee", "LOAN_GUARANTEE_STAT", t->guarantee, err)) < 0)
        return rc;
    if (t->repayment && !is_method(t->repayment))
        return ll_fail(err, LL_INVALID, "没有还款方式 %s", "there is no way to repay %s", t->repayment);
    if ((t->mode == LL_MODE_DIRECT) != (t->product != NULL))
        return ll_fail(err, LL_INVALID, "直选产品须写 product，其他方式不写",
                       "mode direct takes a product, the others take none");
    if (t->first_loan && t->renews)
        return ll_fail(err, LL_INVALID, "首贷不会是续贷", "a first loan renews no loan");
    if (t->open_until && (t->open_until <= now || t->open_until > now + OPEN_DAYS_MOST * day_ms))
        return ll_fail(err, LL_INVALID, "open_until 应在今天之后 %d 日内",
                       "open_until is within %d days from now", OPEN_DAYS_MOST);
    return LL_OK;
}

static int check_open(const struct ll_deal_env *env, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int64_t n = 0;
    int rc = ll_sql(env->tx,
                    "SELECT count(*) FROM financing WHERE subject = $1 AND state IN ('draft', 'published')",
                    &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, env->actor->subject);
    if ((rc = ll_step(s, err)) > 0)
        n = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0                   ? rc
           : n < LL_FINANCINGS_OPEN ? LL_OK
                                    : ll_fail(err, LL_TOOMANY, "未办结的融资需求已有 %d 项",
                                              "%d financings are open already", LL_FINANCINGS_OPEN);
}

/* Whether the platform saw that loan drawn by the same firm: 1, or -1: it does not know. */
static int renewal_known(const struct ll_deal_env *env, const char *loan_no, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc;

    *ret = -1;
    if (!loan_no)
        return LL_OK;
    if ((rc = ll_sql(
             env->tx,
             "SELECT 1 FROM loan_draw d JOIN loan_case c ON c.id = d.loan_case WHERE c.subject = $1 AND d.loan_no = $2",
             &s, err)) < 0)
        return rc;
    ll_bind_z(s, 1, env->actor->subject);
    ll_bind_z(s, 2, loan_no);
    if ((rc = ll_step(s, err)) > 0)
        *ret = 1;
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int put_row(const struct ll_deal_env *env, const char *id, const struct ll_financing_told *t,
                   struct ll_err *err)
{
    const int64_t now = ll_now_ms();
    int64_t renewal;
    int rc = renewal_known(env, t->renews, &renewal, err);

    return rc < 0
               ? rc
               : ll_exec(
                     env->tx, err,
                     "INSERT INTO financing (id, subject, state, mode, amount, term, purpose, guarantee, rate_most, repayment, product,"
                     " first_loan, renews, renewal_known, open_most, open_until, pass_on, created_at, changed_at)"
                     " VALUES ($1, $2, 'draft', $3, $4, $5, $6, $7, nullif($8, -1), $9, $10, $11, $12, nullif($13, -1), $14,"
                     " nullif($15, 0), $16, $17, $17) ON CONFLICT (id) DO UPDATE SET mode = excluded.mode, amount = excluded.amount,"
                     " term = excluded.term, purpose = excluded.purpose, guarantee = excluded.guarantee, rate_most = excluded.rate_most,"
                     " repayment = excluded.repayment, product = excluded.product, first_loan = excluded.first_loan,"
                     " renews = excluded.renews, renewal_known = excluded.renewal_known, open_most = excluded.open_most,"
                     " open_until = excluded.open_until, pass_on = excluded.pass_on, changed_at = excluded.changed_at",
                     "zzziizzizziziiizi", id, env->actor->subject, ll_financing_mode_word(t->mode), t->amount,
                     t->term, t->purpose, t->guarantee, t->rate_most, t->repayment, t->product,
                     (int64_t)t->first_loan, t->renews, renewal, t->open_most, t->open_until,
                     ll_pass_on_word(t->pass_on), now);
}

int ll_financing_add(const struct ll_deal_env *env, const struct ll_financing_told *t,
                     char id[LL_FLOW_ID_TEXT], struct ll_err *err)
{
    int rc = check_told(env, t, err);

    if (rc < 0 || (rc = check_open(env, err)) < 0)
        return rc;
    ll_flow_new_id('F', id);
    const struct ll_flow_object o = {.flow = LL_FLOW_FINANCING,
                                     .id = id,
                                     .state = LL_STATE_FINANCING_DRAFT,
                                     .subject = env->actor->subject};
    return (rc = put_row(env, id, t, err)) < 0 ? rc : ll_flow_begin(env->tx, &o, env->actor, err);
}

/* --- steps ------------------------------------------------------------------------------------------------------------------ */

static int enter(struct ll_txn *tx, const char *id, const struct ll_flow_step *step, struct ll_err *err)
{
    return ll_exec(tx, err, "UPDATE financing SET state = $1, changed_at = $2 WHERE id = $3", "ziz",
                   ll_state_word(step->to), ll_now_ms(), id);
}

/* The step of flow FINANCING and its state. */
static int take(const struct ll_deal_env *env, const char *id, const char *action, const char *reason,
                struct ll_financing *f, struct ll_err *err)
{
    const struct ll_flow_act act = {.action = action, .actor = env->actor, .reason = reason};
    const struct ll_flow_step *step = NULL;
    int rc = ll_financing_get(env, id, f, err);

    if (rc < 0)
        return rc;
    const struct ll_flow_object o = ll_financing_object(f);
    if ((rc = ll_flow_take(env->tx, &o, &act, &step, err)) < 0)
        return rc;
    f->state = step->to;
    return enter(env->tx, id, step, err);
}

static int tell(struct ll_txn *tx, const struct ll_financing *f, const char *kind, struct ll_err *err)
{
    const struct ll_finance_event e = {
        .kind = kind, .f = f, .amount = f->amount, .rate = f->rate_most, .term = f->term};

    return ll_finance_event_add(tx, &e, err);
}

int ll_financing_change(const struct ll_deal_env *env, const char *id, const struct ll_financing_told *t,
                        struct ll_err *err)
{
    struct ll_financing f;
    int rc = check_told(env, t, err);

    return rc < 0 || (rc = take(env, id, "change", NULL, &f, err)) < 0 ? rc : put_row(env, id, t, err);
}

static int keep_match(const struct ll_deal_env *env, const char *id, int64_t place,
                      const struct ll_financing_fit *fit, struct ll_err *err)
{
    static const char *const kinds[] = {
#define X(id, word, zh, en) word,
        LL_PRODUCT_KINDS(X)
#undef X
    };
    const struct ll_product *p = fit->match.product;

    return ll_exec(
        env->tx, err,
        "INSERT INTO financing_match (financing, place, product, kind, title, title_en, organisation, result, misses, unknown)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        "zizzzzzzii", id, place, p->name, kinds[p->kind], p->title[LL_ZH], p->title[LL_EN], p->organisation,
        ll_financing_fit_word(fit), (int64_t)(fit->match.misses + fit->missed), (int64_t)fit->match.unknown);
}

static int keep_matches(const struct ll_deal_env *env, const char *id, const struct ll_financing_known *k,
                        struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; i < k->n && rc == LL_OK; i++) {
        const char *organisation = k->fits[i].match.product->organisation;
        if (organisation[0] && ll_catalog_organisation(env->cat, ll_str(organisation)))
            rc = keep_match(env, id, (int64_t)i + 1, &k->fits[i], err);
    }
    return rc;
}

int ll_financing_publish(const struct ll_deal_env *env, const char *id, const struct ll_financing_known *k,
                         struct ll_err *err)
{
    char made[LL_FLOW_ID_TEXT];
    struct ll_financing f;
    const int64_t now = ll_now_ms();
    int rc = take(env, id, "publish", NULL, &f, err);

    if (rc < 0 || (rc = keep_matches(env, id, k, err)) < 0 ||
        (rc = ll_exec(
             env->tx, err,
             "UPDATE financing SET published_at = $1, open_until = coalesce(open_until, $2), region = $3, industry = $4,"
             " size = $5, first_known = nullif($6, -1) WHERE id = $7",
             "iizzziz", now, now + OPEN_DAYS * day_ms, k->region, k->industry, k->size,
             k->loans < 0 ? INT64_C(-1) : (int64_t)(k->loans == 0), id)) < 0 ||
        (rc = ll_financing_get(env, id, &f, err)) < 0 || (rc = tell(env->tx, &f, "published", err)) < 0)
        return rc;
    return f.mode == LL_MODE_DIRECT ? ll_loan_apply(env, id, f.product, made, err) : LL_OK;
}

int ll_financing_withdraw(const struct ll_deal_env *env, const char *id, const char *reason,
                          struct ll_err *err)
{
    struct ll_financing f;
    int rc = take(env, id, "withdraw", reason, &f, err);

    return rc < 0 || (rc = tell(env->tx, &f, "withdrawn", err)) < 0 ? rc
                                                                    : ll_loan_drop_others(env, id, NULL, err);
}

/* The case that was refused last, if nothing of the financing is under way. */
static int refused_last(const struct ll_deal_env *env, const char *id, struct ll_loan_case *ret,
                        struct ll_err *err)
{
    const struct ll_loan_query q = {.financing = id, .sort = "-changed", .limit = LL_LOAN_ROWS};
    struct ll_loan_case *list = NULL;
    size_t n = 0;
    int64_t total;
    int rc = ll_loan_list(env, &q, &list, &n, &total, err);

    for (size_t i = 0; i < n && rc == LL_OK; i++)
        if (list[i].state == LL_STATE_CASE_REFUSED) {
            *ret = list[i];
            return 1;
        }
    return rc;
}

int ll_financing_pass_on(const struct ll_deal_env *env, const char *id, enum ll_pass_on pass_on,
                         struct ll_err *err)
{
    struct ll_loan_case refused;
    struct ll_financing f;
    int rc = take(env, id, "pass_on", ll_pass_on_word(pass_on), &f, err);

    if (rc < 0 || (rc = ll_exec(env->tx, err, "UPDATE financing SET pass_on = $1 WHERE id = $2", "zz",
                                ll_pass_on_word(pass_on), id)) < 0)
        return rc;
    f.pass_on = pass_on;
    rc = refused_last(env, id, &refused, err);
    return rc > 0 ? ll_loan_hand_on(env, &f, &refused, err) : rc;
}

/* The clockwork, and the first money that was drawn. */
int ll_financing_act(struct ll_txn *tx, const char *id, const struct ll_flow_act *act, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    const struct ll_deal_env env = {.tx = tx, .actor = act->actor, .arena = arena};
    struct ll_financing f;
    int rc = arena ? take(&env, id, act->action, act->reason, &f, err) : ll_no_memory(err);

    if (rc == LL_OK && f.state == LL_STATE_FINANCING_CLOSED)
        rc = tell(tx, &f, "closed", err);
    if (rc == LL_OK && f.state != LL_STATE_FINANCING_MET)
        rc = ll_loan_drop_others(&env, id, NULL, err);
    ll_arena_free(arena);
    return rc;
}
