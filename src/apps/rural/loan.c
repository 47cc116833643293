/* loan.c - records events of loans (loan.h). */
#include "apps/rural/loan.h"

#include "base/clock.h"
#include "share/admin.h"
#include "store/store.h"

#include <string.h>

static const struct {
    const char *word, *zh, *en;
    unsigned after; /* which events it may come after */
    bool amount, overdue;
} kinds[] = {
#define X(id, word_, after_, amount_, overdue_, zh_, en_) {word_, zh_, en_, after_, amount_, overdue_},
    LL_LOAN_EVENTS(X)
#undef X
};

bool ll_loan_event_of(const char *word, enum ll_loan_event_kind *ret)
{
    for (size_t i = 0; i < LL_COUNT(kinds); i++)
        if (strcmp(kinds[i].word, word) == 0) {
            *ret = (enum ll_loan_event_kind)i;
            return true;
        }
    return false;
}

struct last {
    bool any;
    enum ll_loan_event_kind kind;
    int64_t day, seq;
};

static int last_event(struct ll_txn *tx, const char *organisation, const char *reference, struct last *ret,
                      struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    char word[16];
    int rc = ll_sql(tx,
                    "SELECT event, day, seq FROM rural_loan_event WHERE organisation = $1 AND reference = $2"
                    " ORDER BY seq DESC LIMIT 1",
                    &s, err);

    *ret = (struct last){.any = false};
    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, organisation);
    ll_bind_z(s, 2, reference);
    if ((rc = ll_step(s, err)) > 0) {
        struct ll_str event = ll_col_text(s, 0);
        size_t n = event.n < sizeof word - 1 ? event.n : sizeof word - 1;
        memcpy(word, event.p, n);
        word[n] = 0;
        ret->any = ll_loan_event_of(word, &ret->kind);
        ret->day = ll_col_int(s, 1);
        ret->seq = ll_col_int(s, 2);
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int check_event(const struct ll_loan_event *e, const struct last *last, struct ll_err *err)
{
    bool follows = last->any ? (kinds[e->kind].after & (1u << last->kind)) != 0 : e->kind == LL_LOAN_APPLIED;

    if (!follows)
        return ll_fail(err, LL_CONFLICT, "贷款 %s：“%s”不能记在“%s”之后",
                       "loan %s: '%s' does not come after '%s'", e->reference, kinds[e->kind].word,
                       last->any ? kinds[last->kind].word : "-");
    if (e->day > ll_today() || (last->any && e->day < last->day))
        return ll_fail(err, LL_INVALID, "日期不能早于上一事件，也不能晚于今天",
                       "the day is before the last event's, or after today");
    if (kinds[e->kind].amount && e->fen < 0)
        return ll_fail(err, LL_INVALID, "“%s”应有金额", "'%s' takes an amount", kinds[e->kind].word);
    if (kinds[e->kind].overdue && e->overdue_days < 1)
        return ll_fail(err, LL_INVALID, "“%s”应有逾期天数", "'%s' takes the days overdue",
                       kinds[e->kind].word);
    return LL_OK;
}

static int add_loan(struct ll_txn *tx, const struct ll_actor *by, const struct ll_loan_event *e,
                    struct ll_err *err)
{
    return ll_exec(
        tx, err,
        "INSERT INTO rural_loan (organisation, reference, household, village, grade, applied_day, made_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        "zzzzzii", by->organisation, e->reference, e->household, e->village, e->grade, e->day, ll_now_ms());
}

int ll_loan_record(struct ll_txn *tx, const struct ll_actor *by, const struct ll_loan_event *e,
                   struct ll_err *err)
{
    const char *who = by->account ? by->account : by->client;
    struct last last;
    int rc = last_event(tx, by->organisation, e->reference, &last, err);

    if (rc < 0 || (rc = check_event(e, &last, err)) < 0 ||
        (!last.any && (rc = add_loan(tx, by, e, err)) < 0) ||
        (rc = ll_exec(
             tx, err,
             "INSERT INTO rural_loan_event (organisation, reference, seq, event, day, fen, overdue_days, made_by, made_at)"
             " VALUES ($1, $2, $3, $4, $5, nullif($6, -1), nullif($7, -1), $8, $9)",
             "zziziiizi", by->organisation, e->reference, last.seq + 1, kinds[e->kind].word, e->day, e->fen,
             e->overdue_days, who, ll_now_ms())) < 0)
        return rc;
    const struct ll_admin_note n = {
        .act = LL_ADMIN_LOAN_RECORDED, .object = ll_str(e->reference), .detail = ll_str(kinds[e->kind].word)};
    return ll_admin_note(tx, by, &n, err);
}

int ll_loan_used(struct ll_txn *tx, const char *organisation, const char *household, const char *kind,
                 struct ll_err *err)
{
    return ll_exec(tx, err,
                   "INSERT INTO rural_used (organisation, household, kind, at) VALUES ($1, $2, $3, $4)"
                   " ON CONFLICT DO NOTHING",
                   "zzzi", organisation, household, kind, ll_now_ms());
}
