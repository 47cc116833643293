/* flow.c - see flow.h. */
#include "share/flow.h"

#include "base/clock.h"
#include "share/workdays.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

/* --- the tables, with their short words -------------------------------------------------------------------------- */

#define APPLICANT (1u << LL_PART_APPLICANT)
#define ENDORSER (1u << LL_PART_ENDORSER)
#define PROVIDER (1u << LL_PART_PROVIDER)
#define DECIDER (1u << LL_PART_DECIDER)
#define OPERATOR (1u << LL_PART_OPERATOR)
#define SECURITY (1u << LL_PART_SECURITY)
#define AUDIT (1u << LL_PART_AUDIT)
#define LENDER (1u << LL_PART_LENDER)
#define LENDER_DECIDER (1u << LL_PART_LENDER_DECIDER)
#define LENDER_SYSTEM (1u << LL_PART_LENDER_SYSTEM)
#define ISSUER (1u << LL_PART_ISSUER)
#define SUBJECT (1u << LL_PART_SUBJECT)
#define SYSTEM (1u << LL_PART_SYSTEM)
#define REASON LL_NEED_REASON
#define BASIS LL_NEED_BASIS
#define OTHER LL_NEED_OTHER

const struct ll_flow_state ll_flow_states[LL_STATE_COUNT] = {
#define X(flow, name, word, end, limit, zh, en, basis)                                                       \
    {LL_FLOW_##flow, word, end, LL_LIMIT_##limit, zh, en, basis},
    LL_FLOW_STATES(X)
#undef X
};

const struct ll_flow_step ll_flow_steps[] = {
#define X(flow, from, action, to, parts, when, needs, zh, en, basis)                                         \
    {LL_FLOW_##flow, LL_STATE_##from, action, LL_STATE_##to, parts, LL_FACT_##when, needs, zh, en, basis},
    LL_FLOW_STEPS(X)
#undef X
};
const size_t ll_flow_step_count = LL_COUNT(ll_flow_steps);

static const struct {
    const char *word, *zh, *en;
} flows[] = {
#define X(name, word, zh, en) {word, zh, en},
    LL_FLOWS(X)
#undef X
};

static const struct {
    int days, remind;
} limits[LL_LIMIT_COUNT] = {
#define X(name, days, remind, zh, en, basis, source) {days, remind},
    LL_TIME_LIMITS(X)
#undef X
};

enum relation { REL_ANY, REL_APPLICANT, REL_PROVIDER, REL_CLIENT, REL_SUBJECT };
static const struct {
    const char *word;
    unsigned role;
    enum relation relation;
    const char *zh, *en;
} parts_table[] = {
#define X(name, word, role, relation, zh, en) {word, role, REL_##relation, zh, en},
    LL_FLOW_PARTS(X)
#undef X
};

const char *ll_flow_word(enum ll_flow flow)
{
    return flows[flow].word;
}

const char *ll_flow_title(enum ll_flow flow, enum ll_lang lang)
{
    return lang == LL_ZH ? flows[flow].zh : flows[flow].en;
}

const char *ll_part_word(enum ll_part part)
{
    return parts_table[part].word;
}

const char *ll_state_word(enum ll_state s)
{
    return ll_flow_states[s].word;
}

const char *ll_state_title(enum ll_state s, enum ll_lang lang)
{
    return lang == LL_ZH ? ll_flow_states[s].zh : ll_flow_states[s].en;
}

enum ll_state ll_state_parse(enum ll_flow flow, struct ll_str word)
{
    for (unsigned i = 0; i < LL_STATE_COUNT; i++)
        if (ll_flow_states[i].flow == flow && ll_str_is(word, ll_flow_states[i].word))
            return (enum ll_state)i;
    return LL_STATE_COUNT;
}

int64_t ll_flow_due(enum ll_state s, int64_t now)
{
    enum ll_limit limit = ll_flow_states[s].limit;

    return limit == LL_LIMIT_NONE ? 0 : ll_workday_due(now, limits[limit].days);
}

int ll_flow_remind_days(enum ll_state s)
{
    enum ll_limit limit = ll_flow_states[s].limit;

    return limit == LL_LIMIT_NONE ? 0 : limits[limit].remind;
}

/* --- who may do what ---------------------------------------------------------------------------------------------- */

static bool related(enum relation relation, const struct ll_flow_object *o, const char *organisation)
{
    const char *whose = relation == REL_APPLICANT ? o->applicant : o->provider;

    return relation == REL_ANY || (organisation && whose && strcmp(organisation, whose) == 0);
}

static bool has_part(unsigned part, const struct ll_flow_object *o, const struct ll_actor *actor)
{
    if (parts_table[part].relation == REL_SUBJECT)
        return actor->subject && o->subject && strcmp(actor->subject, o->subject) == 0;
    if (parts_table[part].relation == REL_CLIENT)
        return actor->client && related(REL_PROVIDER, o, actor->organisation);
    return actor->account && parts_table[part].role & actor->roles &&
           related(parts_table[part].relation, o, actor->organisation);
}

unsigned ll_flow_parts(const struct ll_flow_object *o, const struct ll_actor *actor)
{
    unsigned parts = 0;

    if (!actor)
        return SYSTEM;
    for (unsigned i = 0; i < LL_PART_COUNT; i++)
        if (has_part(i, o, actor))
            parts |= 1u << i;
    return parts;
}

const struct ll_flow_step *ll_flow_find(const struct ll_flow_object *o, const char *action, unsigned parts)
{
    for (size_t i = 0; i < ll_flow_step_count; i++) {
        const struct ll_flow_step *s = &ll_flow_steps[i];
        if (s->flow == o->flow && s->from == o->state && strcmp(s->action, action) == 0 && s->parts & parts &&
            (s->when & o->facts) == s->when)
            return s;
    }
    return NULL;
}

/* Titles of the parts that could take the action in this state. */
static void name_parts(const struct ll_flow_object *o, const char *action, enum ll_lang lang, char *out,
                       size_t n)
{
    unsigned may = 0;
    size_t at = 0;

    for (size_t i = 0; i < ll_flow_step_count; i++)
        if (ll_flow_steps[i].flow == o->flow && ll_flow_steps[i].from == o->state &&
            strcmp(ll_flow_steps[i].action, action) == 0)
            may |= ll_flow_steps[i].parts;
    out[0] = 0;
    for (unsigned i = 0; i < LL_PART_COUNT; i++)
        if (may & 1u << i && at < n)
            at += (size_t)snprintf(out + at, n - at, "%s%s",
                                   !at             ? ""
                                   : lang == LL_ZH ? "、"
                                                   : " or ",
                                   lang == LL_ZH ? parts_table[i].zh : parts_table[i].en);
}

static bool action_known(enum ll_flow flow, const char *action)
{
    for (size_t i = 0; i < ll_flow_step_count; i++)
        if (ll_flow_steps[i].flow == flow && strcmp(ll_flow_steps[i].action, action) == 0)
            return true;
    return false;
}

/* Whether somebody in one of these parts could take the action in this state if the facts were others. */
static bool lacks_facts(const struct ll_flow_object *o, const char *action, unsigned parts)
{
    for (size_t i = 0; i < ll_flow_step_count; i++) {
        const struct ll_flow_step *s = &ll_flow_steps[i];
        if (s->flow == o->flow && s->from == o->state && strcmp(s->action, action) == 0 && s->parts & parts)
            return true;
    }
    return false;
}

/* Why there is no step for somebody in these parts. */
static int refuse(const struct ll_flow_object *o, const char *action, unsigned mine, struct ll_err *err)
{
    char zh[512], en[512], parts[256];

    if (!action_known(o->flow, action))
        return ll_fail(err, LL_USAGE, "没有操作 %s", "there is no action %s", action);
    name_parts(o, action, LL_ZH, parts, sizeof parts);
    if (!parts[0]) {
        snprintf(zh, sizeof zh, "%s 处于“%s”，不能进行这一操作", o->id, ll_state_title(o->state, LL_ZH));
        snprintf(en, sizeof en, "%s is %s: the action is not possible in this state", o->id,
                 ll_state_title(o->state, LL_EN));
        return ll_fail_texts(err, LL_CONFLICT, zh, en);
    }
    if (lacks_facts(o, action, mine)) {
        snprintf(zh, sizeof zh, "%s：现在还不具备这一操作的条件", o->id);
        snprintf(en, sizeof en, "%s: as it stands now, this action does not apply to it", o->id);
        return ll_fail_texts(err, LL_CONFLICT, zh, en);
    }
    snprintf(zh, sizeof zh, "%s：这一操作由%s进行", o->id, parts);
    name_parts(o, action, LL_EN, parts, sizeof parts);
    snprintf(en, sizeof en, "%s: this is for %s", o->id, parts);
    return ll_fail_texts(err, LL_DENIED, zh, en);
}

bool ll_flow_names_rule(const char *text)
{
    const char *open = text ? strstr(text, "《") : NULL, *close = open ? strstr(open, "》") : NULL;

    return close && close - open > (ptrdiff_t)(sizeof "《" - 1) + 3;
}

static int check_needs(const struct ll_flow_step *s, const struct ll_flow_act *act, struct ll_err *err)
{
    if (s->needs & LL_NEED_REASON && (!act->reason || !act->reason[0]))
        return ll_fail(err, LL_INVALID, "必须说明理由", "a reason must be given");
    if (s->needs & LL_NEED_BASIS && !ll_flow_names_rule(act->legal_basis))
        return ll_fail(
            err, LL_INVALID, "必须写明法律、法规或规章依据，如《政务数据共享条例》第十五条",
            "the legal basis must be named by its title in 《》, e.g. 《政务数据共享条例》第十五条");
    if ((act->reason && strlen(act->reason) > LL_REASON_MAX) ||
        (act->legal_basis && strlen(act->legal_basis) > LL_REASON_MAX))
        return ll_fail(err, LL_TOOBIG, "理由或依据超过 %d 字节",
                       "the reason or its basis is longer than %d bytes", LL_REASON_MAX);
    return LL_OK;
}

static int check_other(struct ll_txn *tx, const struct ll_flow_object *o, const char *account,
                       struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx,
        "SELECT 1 FROM flow_event WHERE flow = $1 AND object = $2 AND account = $3"
        " AND (part IN ('applicant', 'issuer', 'lender') OR (part = 'provider' AND from_state IS NULL))",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, ll_flow_word(o->flow));
    ll_bind_z(s, 2, o->id);
    ll_bind_z(s, 3, account);
    rc = ll_step(s, err);
    ll_stmt_done(s);
    return rc <= 0 ? rc
                   : ll_fail(err, LL_DENIED, "%s 由本人提出，应由另一人处理",
                             "%s was put forward by the same person; somebody else must decide", o->id);
}

/* --- events ------------------------------------------------------------------------------------------------------- */

static int write_event(struct ll_txn *tx, const struct ll_flow_object *o, const struct ll_flow_act *act,
                       const char *from, enum ll_state to, enum ll_part part, struct ll_err *err)
{
    const struct ll_actor *a = act->actor;

    return ll_exec(
        tx, err,
        "INSERT INTO flow_event (flow, object, action, from_state, to_state, part, account, client,"
        " organisation, at, reason, legal_basis, approval, delegate, delegate_title)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        "zzzzzzzzzizzzzz", ll_flow_word(o->flow), o->id, act->action, from, ll_state_word(to),
        ll_part_word(part), a ? a->account : NULL, a ? a->client : NULL, a ? a->organisation : NULL,
        ll_now_ms(), act->reason, act->legal_basis, a ? a->approval : NULL, a ? a->delegate : NULL,
        a ? a->delegate_title : NULL);
}

static enum ll_part lowest(unsigned parts)
{
    unsigned at = 0;

    while (at + 1 < LL_PART_COUNT && !(parts & 1u << at))
        at++;
    return (enum ll_part)at;
}

int ll_flow_take(struct ll_txn *tx, const struct ll_flow_object *o, const struct ll_flow_act *act,
                 const struct ll_flow_step **ret, struct ll_err *err)
{
    unsigned parts = ll_flow_parts(o, act->actor);
    const struct ll_flow_step *s = ll_flow_find(o, act->action, parts);
    int rc = s ? check_needs(s, act, err) : refuse(o, act->action, parts, err);

    if (rc == LL_OK && s->needs & LL_NEED_OTHER && act->actor)
        rc = check_other(tx, o, act->actor->account, err);
    if (rc == LL_OK)
        rc = write_event(tx, o, act, ll_state_word(o->state), s->to, lowest(parts & s->parts), err);
    if (rc == LL_OK)
        *ret = s;
    return rc;
}

int ll_flow_begin(struct ll_txn *tx, const struct ll_flow_object *o, const struct ll_actor *actor,
                  struct ll_err *err)
{
    const struct ll_flow_act act = {.action = "create", .actor = actor};

    return ll_flow_begin_as(tx, o, &act, err);
}

int ll_flow_begin_as(struct ll_txn *tx, const struct ll_flow_object *o, const struct ll_flow_act *act,
                     struct ll_err *err)
{
    return write_event(tx, o, act, NULL, o->state, lowest(ll_flow_parts(o, act->actor)), err);
}

static void put_needs(struct ll_json *j, unsigned needs)
{
    ll_json_key(j, "needs");
    ll_json_arr(j);
    if (needs & LL_NEED_REASON)
        ll_json_z(j, "reason");
    if (needs & LL_NEED_BASIS)
        ll_json_z(j, "legal_basis");
    ll_json_end_arr(j);
}

void ll_flow_put_actions(struct ll_json *j, const char *key, const struct ll_flow_object *o,
                         const struct ll_actor *actor)
{
    unsigned parts = ll_flow_parts(o, actor);

    ll_json_key(j, key);
    ll_json_arr(j);
    for (size_t i = 0; i < ll_flow_step_count; i++) {
        const struct ll_flow_step *s = &ll_flow_steps[i];
        if (s != ll_flow_find(o, s->action, parts))
            continue;
        ll_json_obj(j);
        ll_json_kz(j, "action", s->action);
        ll_json_kz(j, "title", s->zh);
        ll_json_kz(j, "title_en", s->en);
        put_needs(j, s->needs);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

#define EVENT_COLUMNS                                                                                        \
    "seq, at, flow, object, action, from_state, to_state, part, account, client, organisation, reason, legal_basis, approval, delegate, delegate_title"

static bool read_event(struct ll_stmt *s, struct ll_arena *a, struct ll_flow_event *e)
{
    bool nomem = false;

    *e = (struct ll_flow_event){
        .seq = ll_col_int(s, 0),
        .at = ll_col_int(s, 1),
        .flow = ll_col_dup(s, 2, a, &nomem),
        .object = ll_col_dup(s, 3, a, &nomem),
        .action = ll_col_dup(s, 4, a, &nomem),
        .from = ll_col_dup(s, 5, a, &nomem),
        .to = ll_col_dup(s, 6, a, &nomem),
        .part = ll_col_dup(s, 7, a, &nomem),
        .account = ll_col_dup(s, 8, a, &nomem),
        .client = ll_col_dup(s, 9, a, &nomem),
        .organisation = ll_col_dup(s, 10, a, &nomem),
        .reason = ll_col_dup(s, 11, a, &nomem),
        .legal_basis = ll_col_dup(s, 12, a, &nomem),
        .approval = ll_col_dup(s, 13, a, &nomem),
        .delegate = ll_col_dup(s, 14, a, &nomem),
        .delegate_title = ll_col_dup(s, 15, a, &nomem),
    };
    return !nomem;
}

/* Doubles the list where it is full. */
static struct ll_flow_event *room(struct ll_arena *a, struct ll_flow_event *list, size_t n)
{
    if (n & (n - 1)) /* full only at powers of two */
        return list;
    struct ll_flow_event *more = ll_arena_array(a, n ? n * 2 : 1, sizeof *more);
    if (more && n)
        memcpy(more, list, n * sizeof *more);
    return more;
}

static int read_events(struct ll_stmt *s, struct ll_arena *a, struct ll_flow_event **ret, size_t *ret_n,
                       struct ll_err *err)
{
    struct ll_flow_event *list = NULL;
    size_t n = 0;
    int more;

    while ((more = ll_step(s, err)) > 0) {
        list = room(a, list, n);
        if (!list || !read_event(s, a, &list[n++]))
            return ll_no_memory(err);
    }
    *ret = list;
    *ret_n = n;
    return more;
}

int ll_flow_history(struct ll_txn *tx, enum ll_flow flow, const char *id, struct ll_arena *arena,
                    struct ll_flow_event **ret, size_t *ret_n, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx, "SELECT " EVENT_COLUMNS " FROM flow_event WHERE flow = $1 AND object = $2 ORDER BY seq", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, ll_flow_word(flow));
    ll_bind_z(s, 2, id);
    rc = read_events(s, arena, ret, ret_n, err);
    ll_stmt_done(s);
    return rc;
}

int ll_flow_pending(struct ll_txn *tx, size_t limit, struct ll_arena *arena, struct ll_flow_event **ret,
                    size_t *ret_n, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx, "SELECT " EVENT_COLUMNS " FROM flow_event WHERE journal IS NULL ORDER BY seq LIMIT $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, (int64_t)limit);
    rc = read_events(s, arena, ret, ret_n, err);
    ll_stmt_done(s);
    return rc;
}

int ll_flow_journalled(struct ll_txn *tx, int64_t seq, int64_t journal_index, struct ll_err *err)
{
    return ll_exec(tx, err, "UPDATE flow_event SET journal = $1 WHERE seq = $2 AND journal IS NULL", "ii",
                   journal_index, seq);
}

void ll_state_put(struct ll_json *j, enum ll_state s)
{
    ll_json_kz(j, "state", ll_state_word(s));
    ll_json_kz(j, "state_title", ll_state_title(s, LL_ZH));
    ll_json_kz(j, "state_title_en", ll_state_title(s, LL_EN));
}

/* What a step is called; an event that began something is none. */
static void put_step_title(struct ll_json *j, const struct ll_flow_event *e)
{
    const char *zh = "建立", *en = "make";

    for (size_t i = 0; e->from && i < ll_flow_step_count; i++) {
        const struct ll_flow_step *s = &ll_flow_steps[i];
        if (strcmp(ll_flow_word(s->flow), e->flow) == 0 && strcmp(s->action, e->action) == 0 &&
            strcmp(ll_state_word(s->from), e->from) == 0 && strcmp(ll_state_word(s->to), e->to) == 0) {
            zh = s->zh;
            en = s->en;
            break;
        }
    }
    ll_json_kz(j, "title", zh);
    ll_json_kz(j, "title_en", en);
}

void ll_flow_event_json(struct ll_json *j, const struct ll_flow_event *e)
{
    char at[LL_TIME_TEXT];

    ll_json_obj(j);
    ll_json_ki(j, "seq", e->seq);
    ll_json_kz(j, "at", ll_time_text(e->at, at));
    ll_json_kz(j, "flow", e->flow);
    ll_json_kz(j, "object", e->object);
    ll_json_kz(j, "action", e->action);
    put_step_title(j, e);
    ll_json_kz(j, "from", e->from);
    ll_json_kz(j, "to", e->to);
    ll_json_kz(j, "part", e->part);
    ll_json_kz(j, "account", e->account);
    ll_json_kz(j, "client", e->client);
    ll_json_kz(j, "organisation", e->organisation);
    ll_json_kz(j, "reason", e->reason);
    ll_json_kz(j, "legal_basis", e->legal_basis);
    if (e->approval)
        ll_json_kz(j, "approval", e->approval);
    if (e->delegate)
        ll_json_kz(j, "delegate_title", e->delegate_title);
    ll_json_end_obj(j);
}

void ll_flow_event_public(struct ll_json *j, const struct ll_flow_event *e)
{
    char at[LL_TIME_TEXT];
    unsigned part = 0;

    while (part + 1 < LL_PART_COUNT && strcmp(parts_table[part].word, e->part) != 0)
        part++;
    ll_json_kz(j, "at", ll_time_text(e->at, at));
    ll_json_kz(j, "action", e->action);
    put_step_title(j, e);
    ll_json_kz(j, "to", e->to);
    ll_json_kz(j, "part", e->part);
    ll_json_kz(j, "part_title", parts_table[part].zh);
    ll_json_kz(j, "part_title_en", parts_table[part].en);
    ll_json_kz(j, "organisation", e->organisation);
    ll_json_kz(j, "reason", e->reason);
    ll_json_kz(j, "legal_basis", e->legal_basis);
    if (e->delegate)
        ll_json_kz(j, "delegate_title", e->delegate_title);
}

void ll_flow_new_id(char prefix, char out[LL_FLOW_ID_TEXT])
{
    char when[LL_TIME_TEXT];
    uint64_t random = 0;

    ll_time_text(ll_now_ms(), when);
    if (getrandom(&random, sizeof random, 0) != sizeof random)
        random = ll_mono_us();
    snprintf(out, LL_FLOW_ID_TEXT, "%c-%.4s%.2s%.2s-%010llx", prefix, when, when + 5, when + 8,
             (unsigned long long)random & 0xffffffffff);
}
