/* delay.c - see delay.h. */
#include "share/delay.h"

#include "base/clock.h"
#include "store/rows.h"

#include <inttypes.h>

enum { MATTER_MIN = 2, MATTER_MAX = 200 };
static const int64_t DAY_MS = 86400000;

#define COLUMNS                                                                                              \
    "id, organisation, subject, matter, legal_basis, reason, state, from_at, until_at, made_at, changed_at"

struct ll_flow_object ll_delay_object(const struct ll_delay *d)
{
    return (struct ll_flow_object){
        .flow = LL_FLOW_DELAY, .id = d->id, .state = d->state, .applicant = d->organisation};
}

/* --- proposing ----------------------------------------------------------------------------------------------------------- */

static int check_organisation(struct ll_txn *tx, const char *code, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT 1 FROM organisation WHERE code = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, code);
    rc = ll_step(s, err);
    ll_stmt_done(s);
    return rc < 0 ? rc
           : rc   ? LL_OK
                : ll_fail(err, LL_INVALID, "没有代码为 %s 的机构", "there is no organisation %s", code);
}

static int check_draft(const struct ll_delay *d, int64_t max_days, const struct ll_actor *actor, int64_t now,
                       struct ll_err *err)
{
    size_t n = ll_utf8_count(ll_str(d->matter));

    if (!actor->account || !(actor->roles & LL_DUTY_SECADMIN))
        return ll_fail(err, LL_DENIED, "只有安全管理员可以提出延迟告知",
                       "only the security administrator can propose a delay");
    if (n < MATTER_MIN || n > MATTER_MAX)
        return ll_fail(err, LL_INVALID, "请写明案件或事项的编号（%d 到 %d 个字符）",
                       "name the case or matter (%d to %d characters)", MATTER_MIN, MATTER_MAX);
    if (!ll_flow_names_rule(d->legal_basis))
        return ll_fail(err, LL_INVALID, "请在 legal_basis 写明法律依据的名称，如《中华人民共和国刑事诉讼法》",
                       "name the legal basis by its title in 《》, such as 《中华人民共和国刑事诉讼法》");
    if (d->until_at <= now)
        return ll_fail(err, LL_INVALID, "截止日应在今天之后", "the last day must be after today");
    if (d->until_at > now + (max_days + 1) * DAY_MS)
        return ll_fail(err, LL_INVALID, "延迟最长 %" PRId64 " 天（设置 looks_delay_max_days）",
                       "a delay lasts %" PRId64 " days at most (setting looks_delay_max_days)", max_days);
    return LL_OK;
}

/* The whole rule goes into the journal with its first event. */
static int begin(struct ll_txn *tx, const struct ll_delay *d, const struct ll_actor *actor,
                 struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(16384);
    const struct ll_flow_object o = ll_delay_object(d);
    char when[LL_TIME_TEXT];

    ll_buf_printf(&text, "organisation %s, subject %s, matter %s, until %s: %s", d->organisation, d->subject,
                  d->matter, ll_time_text(d->until_at, when), d->reason);
    const struct ll_flow_act act = {
        .action = "create", .actor = actor, .reason = text.p, .legal_basis = d->legal_basis};
    int rc = text.failed ? ll_no_memory(err) : ll_flow_begin_as(tx, &o, &act, err);
    ll_buf_free(&text);
    return rc;
}

int ll_delay_propose(struct ll_txn *tx, const struct ll_delay *draft, int64_t max_days,
                     const struct ll_actor *actor, char id[LL_FLOW_ID_TEXT], struct ll_err *err)
{
    struct ll_delay d = *draft;
    int64_t now = ll_now_ms();
    int rc;

    if ((rc = check_draft(draft, max_days, actor, now, err)) < 0 ||
        (rc = check_organisation(tx, draft->organisation, err)) < 0)
        return rc;
    ll_flow_new_id('L', id);
    d.id = id;
    d.state = LL_STATE_PROPOSED;
    if ((rc = ll_exec(tx, err,
                      "INSERT INTO look_delay (" COLUMNS
                      ") VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $9)",
                      "zzzzzzzii", id, d.organisation, d.subject, d.matter, d.legal_basis, d.reason,
                      ll_state_word(d.state), d.until_at, now)) < 0)
        return rc;
    return begin(tx, &d, actor, err);
}

int ll_delay_act(struct ll_txn *tx, const char *id, const struct ll_flow_act *act, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    const struct ll_flow_step *step = NULL;
    int64_t now = ll_now_ms();
    struct ll_delay d;
    int rc = arena ? ll_delay_get(tx, id, arena, &d, err) : ll_no_memory(err);

    if (rc == LL_OK) {
        const struct ll_flow_object o = ll_delay_object(&d);
        rc = ll_flow_take(tx, &o, act, &step, err);
        if (rc == LL_OK && step->to == LL_STATE_IN_FORCE && d.until_at <= now)
            rc = ll_fail(err, LL_INVALID, "截止日已过，请另行提出", "its last day is over; propose another");
        if (rc == LL_OK) /* what was seen is not taken back: it begins now; lifted, it ends now */
            rc = ll_exec(tx, err,
                         "UPDATE look_delay SET state = $1, changed_at = $2,"
                         " from_at = CASE WHEN $3 = 1 THEN $2 ELSE from_at END,"
                         " until_at = CASE WHEN $4 = 1 THEN $2 ELSE until_at END WHERE id = $5",
                         "ziiiz", ll_state_word(step->to), now, (int64_t)(step->to == LL_STATE_IN_FORCE),
                         (int64_t)(step->to == LL_STATE_LIFTED), id);
    }
    ll_arena_free(arena);
    return rc;
}

/* --- reading --------------------------------------------------------------------------------------------------------------- */

static int read_state(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_delay *d = row;

    (void)arena;
    d->state = ll_state_parse(LL_FLOW_DELAY, ll_col_text(s, 6));
    return d->state < LL_STATE_COUNT ? LL_OK
                                     : ll_fail(err, LL_INTERNAL, "延迟告知 %s 的状态无法识别",
                                               "delay %s has an unknown state", d->id);
}

static const struct ll_row_column columns[] = {LL_ROW(TEXT, ll_delay, id),
                                               LL_ROW(TEXT, ll_delay, organisation),
                                               LL_ROW(TEXT, ll_delay, subject),
                                               LL_ROW(TEXT, ll_delay, matter),
                                               LL_ROW(TEXT, ll_delay, legal_basis),
                                               LL_ROW(TEXT, ll_delay, reason),
                                               LL_ROW_OTHER,
                                               LL_ROW(INT, ll_delay, from_at),
                                               LL_ROW(INT, ll_delay, until_at),
                                               LL_ROW(INT, ll_delay, made_at),
                                               LL_ROW(INT, ll_delay, changed_at)};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_delay), read_state};

int ll_delay_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_delay *ret,
                 struct ll_err *err)
{
    int rc = ll_row_get(tx, &rows, "SELECT " COLUMNS " FROM look_delay WHERE id = $1", id, arena, ret, err);

    return rc ? (rc < 0 ? rc : LL_OK)
              : ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的延迟告知", "there is no delay %s", id);
}

int ll_delay_list(struct ll_txn *tx, const char *subject, struct ll_arena *arena, struct ll_delay **ret,
                  size_t *ret_n, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(subject)};
    const struct ll_row_page page = {
        .sql = "SELECT " COLUMNS " FROM look_delay WHERE $1 IS NULL OR (subject = $1 AND from_at > 0)"
               " ORDER BY made_at DESC, id LIMIT $2 OFFSET $3",
        .args = args,
        .n_args = LL_COUNT(args),
        .limit = LL_DELAYS_MAX};
    void *list = NULL;
    int rc = ll_row_list(tx, &rows, &page, arena, &list, ret_n, NULL, err);

    *ret = list;
    return rc;
}

const struct ll_delay *ll_delay_of(const struct ll_delay *list, size_t n, struct ll_str organisation,
                                   int64_t time_ms)
{
    const struct ll_delay *best = NULL;

    for (size_t i = 0; i < n; i++)
        if (ll_str_is(organisation, list[i].organisation) && time_ms >= list[i].from_at &&
            time_ms < list[i].until_at && (!best || list[i].until_at > best->until_at))
            best = &list[i];
    return best;
}

bool ll_delay_holds(const struct ll_delay *d, int64_t now)
{
    return d->state == LL_STATE_IN_FORCE && now < d->until_at;
}

void ll_delay_put(struct ll_json *j, const struct ll_delay *d)
{
    char when[LL_TIME_TEXT];

    ll_json_kz(j, "id", d->id);
    ll_json_kz(j, "organisation", d->organisation);
    ll_json_kz(j, "subject", d->subject);
    ll_json_kz(j, "matter", d->matter);
    ll_json_kz(j, "legal_basis", d->legal_basis);
    ll_json_kz(j, "reason", d->reason);
    ll_state_put(j, d->state);
    ll_json_kz(j, "from_at", d->from_at ? ll_time_text(d->from_at, when) : NULL);
    ll_json_kz(j, "until_at", ll_time_text(d->until_at, when));
    ll_json_kz(j, "made_at", ll_time_text(d->made_at, when));
    ll_json_kz(j, "changed_at", ll_time_text(d->changed_at, when));
}
