/* review.c - see review.h. */
#include "apps/rural/review.h"

#include "apps/rural/rating.h"
#include "base/clock.h"
#include "share/admin.h"
#include "store/rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ROUNDS_MAX = 500, VOTES_MAX = 600000 };

static int no_round(const char *id, struct ll_err *err)
{
    return ll_fail(err, LL_NOTFOUND, "没有评议轮次 %s", "there is no round %s", id);
}

static int note(struct ll_txn *tx, const struct ll_actor *by, enum ll_admin_act act, const char *id,
                const char *detail, struct ll_err *err)
{
    const struct ll_admin_note n = {.act = act, .object = ll_str(id), .detail = ll_str(detail)};

    return ll_admin_note(tx, by, &n, err);
}

/* ---- opening ---- */

static int add_member(struct ll_txn *tx, const char *id, const char *account, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT duties FROM account WHERE id = $1 AND state <> 'disabled'", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, account);
    rc = ll_step(s, err);
    if (rc == 0)
        rc = ll_fail(err, LL_INVALID, "没有账号 %s", "there is no account %s", account);
    else if (rc > 0 && !(ll_col_int(s, 0) & (LL_DUTY_COLLECTOR | LL_DUTY_RURAL_OFFICER)))
        rc = ll_fail(err, LL_INVALID, "账号 %s 既不是采集员，也不是农村信用专员",
                     "account %s has neither the duty of a collector nor of a rural credit officer", account);
    ll_stmt_done(s);
    return rc < 0
               ? rc
               : ll_exec(
                     tx, err,
                     "INSERT INTO rural_round_member (round, account) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                     "zz", id, account);
}

static int is_open(struct ll_txn *tx, const char *village, bool *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT 1 FROM rural_round WHERE village = $1 AND closed_at IS NULL", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, village);
    rc = ll_step(s, err);
    *ret = rc > 0;
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

int ll_round_add(struct ll_txn *tx, const struct ll_actor *by, const struct ll_round_draft *d,
                 char id[LL_RURAL_ID], struct ll_err *err)
{
    bool open = false;
    int rc;

    if (!d->n)
        return ll_fail(err, LL_INVALID, "评议小组没有成员", "the committee has no members");
    if ((rc = is_open(tx, d->village, &open, err)) < 0)
        return rc;
    if (open)
        return ll_fail(err, LL_CONFLICT, "%s 有一轮评议还没有结束", "a round of %s is still open",
                       d->village);
    if ((rc = ll_rural_new_id(id, err)) < 0 ||
        (rc = ll_exec(
             tx, err,
             "INSERT INTO rural_round (id, village, village_name, title, organisation, opened_by, opened_at)"
             " VALUES ($1, $2, $3, $4, $5, $6, $7)",
             "zzzzzzi", id, d->village, d->village_name, d->title, by->organisation, by->account,
             ll_now_ms())) < 0)
        return rc;
    for (size_t i = 0; i < d->n && rc == LL_OK; i++)
        rc = add_member(tx, id, d->members[i], err);
    return rc < 0 ? rc : note(tx, by, LL_ADMIN_ROUND_OPENED, id, d->village, err);
}

/* ---- reading ---- */

static const struct ll_row_column columns[] = {
    LL_ROW(TEXT, ll_round, id),           LL_ROW(TEXT, ll_round, village),
    LL_ROW(TEXT, ll_round, village_name), LL_ROW(TEXT, ll_round, title),
    LL_ROW(TEXT, ll_round, organisation), LL_ROW(TEXT, ll_round, opened_by),
    LL_ROW(TEXT, ll_round, closed_by),    LL_ROW(TEXT, ll_round, delivery),
    LL_ROW(INT, ll_round, opened_at),     LL_ROW(INT, ll_round, closed_at),
    LL_ROW(INT, ll_round, white),         LL_ROW(INT, ll_round, grey),
    LL_ROW(INT, ll_round, black),         LL_ROW(INT, ll_round, members)};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_round), NULL};

#define SELECT                                                                                                                         \
    "SELECT id, village, village_name, title, organisation, opened_by, closed_by, delivery, opened_at, closed_at, white, grey, black," \
    " (SELECT count(*) FROM rural_round_member WHERE round = r.id) FROM rural_round r"

int ll_round_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_round *ret,
                 struct ll_err *err)
{
    int rc = ll_row_get(tx, &rows, SELECT " WHERE id = $1", id, arena, ret, err);

    return rc == 0 ? no_round(id, err) : rc < 0 ? rc : LL_OK;
}

int ll_round_list(struct ll_txn *tx, const char *member, struct ll_arena *arena, struct ll_round **ret,
                  size_t *ret_n, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(member)};
    const struct ll_row_page p = {
        .sql = SELECT
        " WHERE ($1 IS NULL OR EXISTS (SELECT 1 FROM rural_round_member WHERE round = r.id AND account = $1))"
        " ORDER BY closed_at IS NOT NULL, opened_at DESC, id LIMIT $2 OFFSET $3",
        .args = args,
        .n_args = 1,
        .limit = ROUNDS_MAX};
    void *list = NULL;
    int rc = ll_row_list(tx, &rows, &p, arena, &list, ret_n, NULL, err);

    *ret = list;
    return rc;
}

int ll_round_is_member(struct ll_txn *tx, const char *id, const char *account, bool *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT 1 FROM rural_round_member WHERE round = $1 AND account = $2", &s, err);

    *ret = false;
    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    ll_bind_z(s, 2, account);
    rc = ll_step(s, err);
    *ret = rc > 0;
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* ---- marking ---- */

static int join_reasons(const struct ll_catalog *cat, enum ll_review_mark mark, const char *const *reasons,
                        size_t n, char out[LL_ROUND_REASONS_TEXT], struct ll_err *err)
{
    const struct ll_codeset *table = ll_catalog_codeset(cat, LL_STR("RURAL_REVIEW_REASON"));
    static const char letters[LL_MARK_COUNT] = {0, 'W', 'G', 'B'};
    size_t at = 0;

    if (!n || n > LL_ROUND_REASONS_MAX)
        return ll_fail(err, LL_INVALID, "每户应有 1 到 %d 条理由", "a mark has 1 to %d reasons",
                       LL_ROUND_REASONS_MAX);
    for (size_t i = 0; i < n; i++) {
        if (!table || reasons[i][0] != letters[mark] || !ll_codeset_by_code(table, ll_str(reasons[i])))
            return ll_fail(err, LL_INVALID, "“%s”不是“%s”的理由（代码表 RURAL_REVIEW_REASON）",
                           "'%s' is no reason for '%s' (table RURAL_REVIEW_REASON)", reasons[i],
                           ll_review_mark_word(mark));
        at += (size_t)snprintf(out + at, LL_ROUND_REASONS_TEXT - at, "%s%s", i ? "|" : "", reasons[i]);
        if (at >= LL_ROUND_REASONS_TEXT)
            return ll_fail(err, LL_INVALID, "理由过长", "too many reasons");
    }
    return LL_OK;
}

int ll_round_mark(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_actor *by, const char *id,
                  const char *household, enum ll_review_mark mark, const char *const *reasons, size_t n,
                  struct ll_err *err)
{
    char text[LL_ROUND_REASONS_TEXT] = "";
    bool member = false;
    int rc = ll_round_is_member(tx, id, by->account, &member, err);

    if (rc < 0)
        return rc;
    if (!member)
        return ll_fail(err, LL_DENIED, "您不是这一轮评议小组的成员", "you are not a member of this round");
    if ((rc = join_reasons(cat, mark, reasons, n, text, err)) < 0)
        return rc;
    rc = ll_exec(
        tx, err,
        "INSERT INTO rural_round_mark (round, household, account, mark, reasons, at)"
        " SELECT $1, $2, $3, $4, $5, $6 FROM rural_round WHERE id = $1 AND closed_at IS NULL"
        " ON CONFLICT (round, household, account) DO UPDATE SET mark = excluded.mark, reasons = excluded.reasons, at = excluded.at",
        "zzzzzi", id, household, by->account, ll_review_mark_word(mark), text, ll_now_ms());
    if (rc == LL_OK && !ll_txn_changes(tx))
        return ll_fail(err, LL_CONFLICT, "评议轮次 %s 已经结束", "round %s is closed", id);
    return rc;
}

static const struct ll_row_column vote_columns[] = {
    LL_ROW(TEXT, ll_round_vote, household), LL_ROW(TEXT, ll_round_vote, account),
    LL_ROW(TEXT, ll_round_vote, mark), LL_ROW(TEXT, ll_round_vote, reasons)};
static const struct ll_row_form vote_rows = {vote_columns, LL_COUNT(vote_columns),
                                             sizeof(struct ll_round_vote), NULL};

int ll_round_votes(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_round_vote **ret,
                   size_t *ret_n, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(id)};
    const struct ll_row_page p = {
        .sql = "SELECT household, account, mark, reasons FROM rural_round_mark WHERE round = $1"
               " ORDER BY household, account LIMIT $2 OFFSET $3",
        .args = args,
        .n_args = 1,
        .limit = VOTES_MAX};
    void *list = NULL;
    int rc = ll_row_list(tx, &vote_rows, &p, arena, &list, ret_n, NULL, err);

    *ret = list;
    return rc;
}

const struct ll_round_vote *ll_round_votes_of(const struct ll_round_vote *all, size_t n,
                                              const char *household, size_t *ret_n)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(all[mid].household, household) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    *ret_n = 0;
    while (low + *ret_n < n && strcmp(all[low + *ret_n].household, household) == 0)
        ++*ret_n;
    return *ret_n ? &all[low] : NULL;
}

/* ---- deciding ---- */

static void gather_reasons(enum ll_review_mark mark, const struct ll_round_vote *votes, size_t n,
                           char out[LL_ROUND_REASONS_TEXT])
{
    size_t at = 0;

    out[0] = 0;
    for (size_t i = 0; i < n; i++) {
        struct ll_str rest = ll_str(votes[i].reasons), one;
        if (strcmp(votes[i].mark, ll_review_mark_word(mark)) != 0)
            continue;
        while (rest.n) {
            ll_str_cut(rest, '|', &one, &rest);
            if (memmem(out, at, one.p, one.n) || at + one.n + 2 > LL_ROUND_REASONS_TEXT)
                continue;
            at += (size_t)snprintf(out + at, LL_ROUND_REASONS_TEXT - at, "%s%.*s", at ? "|" : "",
                                   LL_STR_ARG(one));
        }
    }
    if (!at)
        snprintf(out, LL_ROUND_REASONS_TEXT, "G04");
}

enum ll_review_mark ll_round_decide(const struct ll_rural_card *card, size_t members,
                                    const struct ll_round_vote *votes, size_t n,
                                    char reasons[LL_ROUND_REASONS_TEXT])
{
    size_t counts[LL_MARK_COUNT] = {0};
    enum ll_review_mark mark = LL_MARK_GREY;

    reasons[0] = 0;
    for (size_t i = 0; i < n; i++) {
        enum ll_review_mark m;
        if (ll_review_mark_of(ll_str(votes[i].mark), &m))
            counts[m]++;
    }
    if (!n)
        return LL_MARK_NONE;
    if (n * 100 >= members * (size_t)card->quorum) {
        if (2 * counts[LL_MARK_BLACK] > n && counts[LL_MARK_BLACK] >= (size_t)card->black_needs)
            mark = LL_MARK_BLACK;
        else if (2 * counts[LL_MARK_WHITE] > n)
            mark = LL_MARK_WHITE;
    }
    gather_reasons(mark, votes, n, reasons);
    return mark;
}

static void put_text(struct ll_json *j, const struct ll_resource *r, const char *item, struct ll_str value)
{
    const struct ll_item *it = ll_resource_item(r, ll_str(item));

    if (it && value.n)
        ll_json_ks(j, it->title, value);
}

int ll_round_outcome_add(struct ll_round_outcome *o, const struct ll_round *round,
                         const struct ll_rural_card *card, const struct ll_resource *r,
                         const struct ll_household *h, const struct ll_round_vote *votes, size_t n,
                         const char *day, struct ll_err *err)
{
    char reasons[LL_ROUND_REASONS_TEXT];
    enum ll_review_mark mark = ll_round_decide(card, (size_t)round->members, votes, n, reasons);
    const struct ll_rural_item *head = ll_rural_item(card->list, LL_STR("holder_id_no"));
    const struct ll_household_item *id = head ? &h->items[head - card->list->items] : NULL;

    o->counts[mark]++;
    if (mark == LL_MARK_NONE)
        return LL_OK;
    ll_json_obj(o->j);
    put_text(o->j, r, "household_no", h->no);
    put_text(o->j, r, "head_id", id && id->n ? id->values[0].value : LL_STR(""));
    put_text(o->j, r, "head_name", h->head_name);
    put_text(o->j, r, "village_code", h->village_code);
    put_text(o->j, r, "review_mark", ll_str(ll_review_mark_word(mark)));
    put_text(o->j, r, "review_reasons", ll_str(reasons));
    put_text(o->j, r, "review_round", ll_str(round->id));
    put_text(o->j, r, "reviewed_on", ll_str(day));
    ll_json_end_obj(o->j);
    return o->j->out->failed ? ll_no_memory(err) : LL_OK;
}

int ll_round_close(struct ll_txn *tx, const struct ll_actor *by, const char *id, const char *delivery,
                   const struct ll_round_outcome *o, struct ll_err *err)
{
    char detail[160];
    int rc = ll_exec(
        tx, err,
        "UPDATE rural_round SET closed_by = $2, closed_at = $3, delivery = $4, white = $5, grey = $6, black = $7"
        " WHERE id = $1 AND closed_at IS NULL",
        "zziziii", id, by->account, ll_now_ms(), delivery, o->counts[LL_MARK_WHITE], o->counts[LL_MARK_GREY],
        o->counts[LL_MARK_BLACK]);

    if (rc == LL_OK && !ll_txn_changes(tx))
        return ll_fail(err, LL_CONFLICT, "评议轮次 %s 已经结束", "round %s is closed", id);
    snprintf(detail, sizeof detail, "white %" PRId64 ", grey %" PRId64 ", black %" PRId64 ", delivery %s",
             o->counts[LL_MARK_WHITE], o->counts[LL_MARK_GREY], o->counts[LL_MARK_BLACK],
             delivery ? delivery : "-");
    return rc < 0 ? rc : note(tx, by, LL_ADMIN_ROUND_CLOSED, id, detail, err);
}

void ll_round_put(struct ll_json *j, const struct ll_round *r)
{
    char at[LL_TIME_TEXT];

    ll_json_kz(j, "id", r->id);
    ll_json_kz(j, "village", r->village);
    ll_json_kz(j, "village_name", r->village_name);
    ll_json_kz(j, "title", r->title);
    ll_json_kz(j, "organisation", r->organisation);
    ll_json_kz(j, "opened_at", ll_time_text(r->opened_at, at));
    ll_json_kz(j, "closed_at", r->closed_at ? ll_time_text(r->closed_at, at) : NULL);
    ll_json_kz(j, "delivery", r->delivery);
    ll_json_ki(j, "members", r->members);
    ll_json_ki(j, "white", r->white);
    ll_json_ki(j, "grey", r->grey);
    ll_json_ki(j, "black", r->black);
}
