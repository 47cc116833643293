/* anomaly_store.c - flags as the table has them, and what is decided about them (anomaly.h). */
#include "share/anomaly.h"

#include "base/clock.h"
#include "share/access.h"
#include "store/rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *word, *zh, *en;
} rules[] = {
#define X(id, word, zh, en) {word, zh, en},
    LL_ANOMALY_RULES(X)
#undef X
};

#define COLUMNS                                                                                              \
    "id, rule, organisation, client, officer, subject, measured, threshold, entry, state, raised_at, changed_at"

const char *ll_anomaly_word(enum ll_anomaly_rule r)
{
    return rules[r].word;
}

const char *ll_anomaly_title(enum ll_anomaly_rule r, enum ll_lang lang)
{
    return lang == LL_ZH ? rules[r].zh : rules[r].en;
}

struct ll_flow_object ll_anomaly_object(const struct ll_anomaly *a)
{
    return (struct ll_flow_object){
        .flow = LL_FLOW_ANOMALY, .id = a->id, .state = a->state, .applicant = a->organisation};
}

/* What was measured goes into the journal with the first event. */
static int begin(struct ll_txn *tx, const struct ll_anomaly *a, struct ll_err *err)
{
    const struct ll_flow_object o = ll_anomaly_object(a);
    char text[512];

    snprintf(text, sizeof text, "%s: %s%s%s%s, %" PRId64 " (%" PRId64 ")", rules[a->rule].word,
             a->client ? a->client : "", a->officer ? " " : "", a->officer ? a->officer : "",
             a->subject ? " of one subject" : "", a->measured, a->threshold);
    const struct ll_flow_act act = {.action = "create", .reason = text};
    return ll_flow_begin_as(tx, &o, &act, err);
}

int ll_anomaly_raise(struct ll_txn *tx, const struct ll_anomaly *draft, bool *ret_new, struct ll_err *err)
{
    struct ll_anomaly a = *draft;
    char id[LL_FLOW_ID_TEXT];
    int64_t now = ll_now_ms();
    int rc;

    ll_flow_new_id('Y', id);
    a.id = id;
    a.state = LL_STATE_RAISED;
    rc = ll_exec(tx, err,
                 "INSERT INTO anomaly (" COLUMNS
                 ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)"
                 " ON CONFLICT DO NOTHING",
                 "zzzzzziiizi", id, rules[a.rule].word, a.organisation, a.client, a.officer, a.subject,
                 a.measured, a.threshold, a.entry, ll_state_word(a.state), now);
    *ret_new = rc == LL_OK && ll_txn_changes(tx) > 0;
    if (!*ret_new)
        return rc;
    return begin(tx, &a, err);
}

/* --- deciding -------------------------------------------------------------------------------------------------------------- */

static int freeze_client(struct ll_txn *tx, const struct ll_anomaly *a, const struct ll_flow_act *act,
                         struct ll_err *err)
{
    if (!a->client)
        return ll_fail(
            err, LL_INVALID, "这是账号 %s 的查看，没有系统可冻结；请系统管理员停用该账号",
            "these are looks of account %s, there is no client to freeze; let the system administrator "
            "disable the account",
            a->officer ? a->officer : "");
    return ll_freeze_in(tx, act->actor, LL_STR("client"), ll_str(a->client), ll_str(act->reason), err);
}

int ll_anomaly_act(struct ll_txn *tx, const char *id, const struct ll_flow_act *act, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    const struct ll_flow_step *step = NULL;
    struct ll_anomaly a;
    int rc = arena ? ll_anomaly_get(tx, id, arena, &a, err) : ll_no_memory(err);

    if (rc == LL_OK) {
        const struct ll_flow_object o = ll_anomaly_object(&a);
        if ((rc = ll_flow_take(tx, &o, act, &step, err)) == LL_OK && step->to == LL_STATE_FROZEN_CLIENT)
            rc = freeze_client(tx, &a, act, err);
        if (rc == LL_OK)
            rc = ll_exec(tx, err, "UPDATE anomaly SET state = $1, changed_at = $2 WHERE id = $3", "ziz",
                         ll_state_word(step->to), ll_now_ms(), id);
    }
    ll_arena_free(arena);
    return rc;
}

/* --- reading --------------------------------------------------------------------------------------------------------------- */

static int read_words(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_anomaly *a = row;
    size_t rule = 0;

    (void)arena;
    while (rule < LL_ANOMALY_RULE_COUNT && !ll_str_is(ll_col_text(s, 1), rules[rule].word))
        rule++;
    a->rule = (enum ll_anomaly_rule)rule;
    a->state = ll_state_parse(LL_FLOW_ANOMALY, ll_col_text(s, 9));
    return rule < LL_ANOMALY_RULE_COUNT && a->state < LL_STATE_COUNT
               ? LL_OK
               : ll_fail(err, LL_INTERNAL, "异常 %s 的规则或状态无法识别",
                         "flag %s has an unknown rule or state", a->id);
}

static const struct ll_row_column columns[] = {
    LL_ROW(TEXT, ll_anomaly, id),           LL_ROW_OTHER,
    LL_ROW(TEXT, ll_anomaly, organisation), LL_ROW(TEXT, ll_anomaly, client),
    LL_ROW(TEXT, ll_anomaly, officer),      LL_ROW(TEXT, ll_anomaly, subject),
    LL_ROW(INT, ll_anomaly, measured),      LL_ROW(INT, ll_anomaly, threshold),
    LL_ROW(INT, ll_anomaly, entry),         LL_ROW_OTHER,
    LL_ROW(INT, ll_anomaly, raised_at),     LL_ROW(INT, ll_anomaly, changed_at)};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_anomaly), read_words};

int ll_anomaly_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_anomaly *ret,
                   struct ll_err *err)
{
    int rc = ll_row_get(tx, &rows, "SELECT " COLUMNS " FROM anomaly WHERE id = $1", id, arena, ret, err);

    return rc ? (rc < 0 ? rc : LL_OK)
              : ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的异常", "there is no flag %s", id);
}

#define WHERE " FROM anomaly WHERE $1 IS NULL OR state = $1"

static const struct ll_row_order order_list[] = {
    {"raised", "raised_at"}, {"rule", "rule"}, {"organisation", "organisation"}, {"state", "state"}};
static const struct ll_row_orders orders = {order_list, LL_COUNT(order_list), "raised_at DESC", "id"};

int ll_anomaly_list(struct ll_txn *tx, const struct ll_anomaly_query *q, struct ll_arena *arena,
                    struct ll_anomaly **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(q->state)};
    const struct ll_row_page page = LL_ROW_PAGE(COLUMNS, WHERE, orders, args, q);
    void *list = NULL;
    int rc = ll_row_list(tx, &rows, &page, arena, &list, ret_n, ret_total, err);

    *ret = list;
    return rc;
}

void ll_anomaly_put(struct ll_json *j, const struct ll_anomaly *a)
{
    char when[LL_TIME_TEXT];

    ll_json_kz(j, "id", a->id);
    ll_json_kz(j, "rule", rules[a->rule].word);
    ll_json_kz(j, "rule_title", rules[a->rule].zh);
    ll_json_kz(j, "rule_title_en", rules[a->rule].en);
    ll_json_kz(j, "organisation", a->organisation);
    ll_json_kz(j, "client", a->client);
    ll_json_kz(j, "officer", a->officer);
    ll_json_kz(j, "subject", a->subject);
    ll_json_ki(j, "measured", a->measured);
    ll_json_ki(j, "threshold", a->threshold);
    ll_json_key(j, "entry");
    if (a->entry < 0)
        ll_json_null(j);
    else
        ll_json_int(j, a->entry);
    ll_state_put(j, a->state);
    ll_json_kz(j, "raised_at", ll_time_text(a->raised_at, when));
    ll_json_kz(j, "changed_at", ll_time_text(a->changed_at, when));
}
