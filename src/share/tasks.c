/* tasks.c - see tasks.h. */
#include "share/tasks.h"

#include "base/clock.h"
#include "share/workdays.h"

#include <stdlib.h>
#include <string.h>

enum { DAY_MS = 86400000 };

struct list {
    const struct ll_task_query *q;
    const struct ll_catalog *cat;
    struct ll_arena *arena;
    struct ll_task *tasks;
    size_t n, cap;
    bool nomem;
};

static const char *const words[] = {
#define X(name, word) [LL_TASK_##name] = (word),
    LL_TASK_KINDS(X)
#undef X
};

const char *ll_task_word(enum ll_task_kind kind)
{
    return words[kind];
}

/* States that are no flow's. */
enum state { S_WAITING, S_FAILED, S_OPEN, S_EXPIRING };

static const struct {
    const char *word, *title[2];
} states[] = {
    [S_WAITING] = {"waiting", {"待确认", "waits for confirmation"}},
    [S_FAILED] = {"failed", {"未完成", "failed"}},
    [S_OPEN] = {"open", {"待更正", "to be corrected"}},
    [S_EXPIRING] = {"expiring", {"即将到期", "ends soon"}},
};

static void set_state(struct ll_task *t, enum state state)
{
    t->state = states[state].word;
    t->state_title[LL_ZH] = states[state].title[LL_ZH];
    t->state_title[LL_EN] = states[state].title[LL_EN];
}

static void add(struct list *l, const struct ll_task *t)
{
    if (l->n == l->cap) {
        size_t bigger = l->cap ? l->cap * 2 : 64;
        struct ll_task *grown = ll_arena_array(l->arena, bigger, sizeof *grown);
        if (!grown) {
            l->nomem = true;
            return;
        }
        if (l->n)
            memcpy(grown, l->tasks, l->n * sizeof *grown);
        l->tasks = grown;
        l->cap = bigger;
    }
    l->tasks[l->n++] = *t;
}

static const char *dup(struct list *l, struct ll_stmt *s, int at)
{
    return ll_col_dup(s, at, l->arena, &l->nomem);
}

/* The resource's title, or its name where it left the catalogue. */
static void set_title(struct list *l, struct ll_task *t)
{
    const struct ll_resource *r = t->resource ? ll_catalog_resource(l->cat, ll_str(t->resource)) : NULL;

    t->title = r ? ll_arena_dup(l->arena, ll_str(r->title)) : t->resource;
    if (r && r->title_en)
        t->title_en = ll_arena_dup(l->arena, ll_str(r->title_en));
    l->nomem |= !t->title;
}

/* --- whom a matter waits for ------------------------------------------------------------------------------------------- */

/* Always possible, so that nobody is waited for. */
static bool takes_back(const char *action)
{
    static const char *const back[] = {"cancel", "withdraw", "give_up"};

    for (size_t i = 0; i < LL_COUNT(back); i++)
        if (strcmp(action, back[i]) == 0)
            return true;
    return false;
}

static bool step_waits(const struct ll_flow_step *s, const struct ll_flow_object *o, unsigned parts)
{
    const unsigned platform = 1u << LL_PART_OPERATOR, asks = 1u << LL_PART_APPLICANT | 1u << LL_PART_ENDORSER;
    unsigned mine = s->parts & parts;

    if (s->flow != o->flow || s->from != o->state || !mine || takes_back(s->action))
        return false;
    if (s->to == s->from && o->provider) /* a report on the way, or naming another source */
        return false;
    return mine != platform || s->parts == platform || (!o->provider && !(s->parts & asks));
}

static bool waits(const struct list *l, const struct ll_flow_object *o, int64_t due_at)
{
    unsigned parts = ll_flow_parts(o, l->q->actor);

    if (l->q->all)
        return due_at > 0;
    for (size_t i = 0; i < ll_flow_step_count; i++)
        if (step_waits(&ll_flow_steps[i], o, parts))
            return true;
    return false;
}

/* --- matters of the flows ---------------------------------------------------------------------------------------------- */

/* id, title or NULL, resource or NULL, organisation, provider, state, due_at, changed_at.  The states left out are the ends of the flow;
 * what is still one is left out below. */
#define OPEN                                                                                                 \
    " AND ($1 IS NULL OR organisation = $1 OR provider = $1) ORDER BY coalesce(due_at, 9223372036854775807), changed_at LIMIT $2"
static const struct {
    enum ll_task_kind kind;
    enum ll_flow flow;
    const char *sql;
} flows[] = {
    {LL_TASK_APPLICATION, LL_FLOW_APPLICATION,
     "SELECT id, title, NULL, organisation, provider, state, due_at, changed_at FROM application"
     " WHERE state NOT IN ('granted', 'closed', 'cancelled')" OPEN},
    {LL_TASK_DEMAND, LL_FLOW_DEMAND,
     "SELECT id, title, resource, organisation, provider, state, due_at, changed_at FROM demand"
     " WHERE state NOT IN ('settled', 'withdrawn')" OPEN},
    {LL_TASK_OBJECTION, LL_FLOW_OBJECTION,
     "SELECT id, NULL, resource, organisation, provider, state, due_at, changed_at FROM objection"
     " WHERE state NOT IN ('settled', 'withdrawn')" OPEN},
    {LL_TASK_REPAIR, LL_FLOW_REPAIR,
     "SELECT id, NULL, resource, NULL, provider, state, due_at, changed_at FROM repair"
     " WHERE state IN ('submitted', 'review', 'extended') AND ($1 IS NULL OR provider = $1)"
     " ORDER BY coalesce(due_at, 9223372036854775807), changed_at LIMIT $2"},
    /* what an institution may do with what it said is always possible to it, and waits for nobody */
    {LL_TASK_INSTITUTION, LL_FLOW_INSTITUTION,
     "SELECT i.organisation, o.name, NULL, i.organisation, NULL, i.state, 0, i.changed_at FROM finance_institution i"
     " JOIN organisation o ON o.code = i.organisation WHERE $1 IS NULL AND (i.state = 'proposed' OR EXISTS (SELECT 1 FROM"
     " finance_institution_change c WHERE c.institution = i.id AND c.state = 'open')) ORDER BY i.changed_at LIMIT $2"},
    {LL_TASK_PRODUCT, LL_FLOW_PRODUCT,
     "SELECT id, coalesce(title, code), NULL, organisation, NULL, state, 0, changed_at FROM finance_product"
     " WHERE state IN ('draft', 'submitted') AND ($1 IS NULL OR organisation = $1) ORDER BY changed_at LIMIT $2"},
    {LL_TASK_POLICY, LL_FLOW_POLICY,
     "SELECT id, coalesce(title, code), NULL, organisation, NULL, state, 0, changed_at FROM finance_policy"
     " WHERE state IN ('draft', 'submitted') AND ($1 IS NULL OR organisation = $1) ORDER BY changed_at LIMIT $2"},
    {LL_TASK_LOAN_CASE, LL_FLOW_LOAN_CASE,
     "SELECT c.id, s.title, NULL, NULL, c.organisation, c.state, c.due_at, c.changed_at FROM loan_case c"
     " JOIN consent_subject s ON s.id = c.subject WHERE c.state IN ('applied', 'accepted', 'due_diligence')"
     " AND ($1 IS NULL OR c.organisation = $1) ORDER BY coalesce(c.due_at, 9223372036854775807), c.changed_at LIMIT $2"},
    /* titled by its state alone: what is complained about stands on its own page */
    {LL_TASK_COMPLAINT, LL_FLOW_COMPLAINT,
     "SELECT id, id, NULL, NULL, organisation, state, due_at, changed_at FROM complaint"
     " WHERE state IN ('received', 'with_institution', 'extended', 'with_platform', 'mediation') AND ($1 IS NULL OR organisation = $1)"
     " ORDER BY coalesce(due_at, 9223372036854775807), changed_at LIMIT $2"},
};
#undef OPEN

static void take_matter(struct list *l, struct ll_stmt *s, enum ll_task_kind kind, enum ll_flow flow)
{
    enum ll_state state = ll_state_parse(flow, ll_col_text(s, 5));
    struct ll_task t = {.kind = kind, .count = 1, .due_at = ll_col_int(s, 6), .since = ll_col_int(s, 7)};

    if (state == LL_STATE_COUNT || ll_flow_states[state].end)
        return;
    t.id = dup(l, s, 0);
    t.title = dup(l, s, 1);
    t.resource = dup(l, s, 2);
    t.organisation = dup(l, s, 3);
    t.provider = dup(l, s, 4);
    const struct ll_flow_object o = {.flow = flow,
                                     .id = t.id,
                                     .state = state,
                                     .applicant = t.organisation,
                                     .provider = t.provider,
                                     .facts = ~0u};
    if (l->nomem || !waits(l, &o, t.due_at))
        return;
    t.state = ll_state_word(state);
    t.state_title[LL_ZH] = ll_state_title(state, LL_ZH);
    t.state_title[LL_EN] = ll_state_title(state, LL_EN);
    if (!t.title)
        set_title(l, &t);
    add(l, &t);
}

static int read_flows(struct ll_txn *tx, struct list *l, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; i < LL_COUNT(flows) && rc >= 0; i++) {
        struct ll_stmt *s = NULL;
        if ((rc = ll_sql(tx, flows[i].sql, &s, err)) < 0)
            return rc;
        ll_bind_z(s, 1, l->q->only);
        ll_bind_int(s, 2, LL_TASKS_KIND_MAX);
        while ((rc = ll_step(s, err)) > 0)
            take_matter(l, s, flows[i].kind, flows[i].flow);
        ll_stmt_done(s);
    }
    return rc;
}

/* --- what the flows do not know ---------------------------------------------------------------------------------------- */

static bool stewards(const struct ll_task_query *q, const char *provider)
{
    return q->all || (q->actor->roles & LL_DUTY_SOURCE_STEWARD && q->actor->organisation && provider &&
                      strcmp(q->actor->organisation, provider) == 0);
}

static void take_delivery(struct list *l, struct ll_stmt *s)
{
    struct ll_task t = {.kind = LL_TASK_DELIVERY, .count = 1, .since = ll_col_int(s, 4)};

    t.id = dup(l, s, 0);
    t.resource = dup(l, s, 1);
    t.provider = dup(l, s, 2);
    if (l->nomem || !stewards(l->q, t.provider))
        return;
    set_state(&t, ll_str_is(ll_col_text(s, 3), "waiting") ? S_WAITING : S_FAILED);
    set_title(l, &t);
    add(l, &t);
}

static void take_quarantine(struct list *l, struct ll_stmt *s)
{
    struct ll_task t = {.kind = LL_TASK_QUARANTINE, .count = ll_col_int(s, 2), .since = ll_col_int(s, 3)};

    t.resource = t.id = dup(l, s, 0);
    t.provider = dup(l, s, 1);
    if (l->nomem || !stewards(l->q, t.provider))
        return;
    set_state(&t, S_OPEN);
    set_title(l, &t);
    add(l, &t);
}

static void take_grant(struct list *l, struct ll_stmt *s)
{
    const struct ll_actor *a = l->q->actor;
    struct ll_task t = {
        .kind = LL_TASK_GRANT, .count = 1, .due_at = ll_col_int(s, 4), .since = ll_col_int(s, 5)};

    t.id = dup(l, s, 0);
    t.resource = dup(l, s, 1);
    t.organisation = dup(l, s, 2);
    t.provider = dup(l, s, 3);
    if (l->nomem)
        return;
    const struct ll_flow_object o = {.flow = LL_FLOW_GRANT,
                                     .id = t.id,
                                     .state = LL_STATE_ACTIVE,
                                     .applicant = t.organisation,
                                     .provider = t.provider};
    if (!l->q->all && !(ll_flow_parts(&o, a) & (1u << LL_PART_APPLICANT | 1u << LL_PART_DECIDER)))
        return;
    set_state(&t, S_EXPIRING);
    set_title(l, &t);
    add(l, &t);
}

/* Who started it sees to it that the villages deliver in time. */
static void take_campaign(struct list *l, struct ll_stmt *s)
{
    struct ll_task t = {
        .kind = LL_TASK_CAMPAIGN, .count = 1, .due_at = ll_col_int(s, 4), .since = ll_col_int(s, 5)};

    t.id = dup(l, s, 0);
    t.resource = dup(l, s, 1);
    t.organisation = dup(l, s, 2);
    t.title = dup(l, s, 3);
    if (l->nomem || (!l->q->all && !(l->q->actor->roles & (LL_DUTY_SOURCE_STEWARD | LL_DUTY_OPERATOR))))
        return;
    set_state(&t, S_EXPIRING);
    add(l, &t);
}

/* $1: the organisation or NULL; $2: how many; $3: an instant. */
static const struct {
    void (*take)(struct list *l, struct ll_stmt *s);
    int days; /* from now to $3 */
    const char *sql;
} others[] = {
    {take_delivery, -LL_TASK_FAILED_DAYS,
     "SELECT d.id, d.resource, r.provider, d.state, d.updated_at FROM delivery d"
     " JOIN resource r ON r.name = d.resource AND r.current = 1"
     " WHERE ($1 IS NULL OR r.provider = $1) AND (d.state = 'waiting' OR (d.state = 'failed' AND d.updated_at > $3"
     " AND NOT EXISTS (SELECT 1 FROM batch b WHERE b.delivery = d.id AND b.state = 'refused')"
     " AND NOT EXISTS (SELECT 1 FROM delivery n WHERE n.resource = d.resource AND n.received_at > d.received_at"
     " AND n.state <> 'failed'))) ORDER BY d.updated_at LIMIT $2"},
    {take_quarantine, 0,
     "SELECT b.resource, r.provider, sum(b.quarantined) - coalesce(sum(c.n), 0), min(b.published_at) FROM batch b"
     " JOIN resource r ON r.name = b.resource AND r.current = 1"
     " LEFT JOIN (SELECT batch, count(*) AS n FROM quarantine_closed GROUP BY batch) c ON c.batch = b.id"
     " WHERE b.state = 'published' AND b.quarantined > 0 AND b.published_at <= $3 AND ($1 IS NULL OR r.provider = $1)"
     " GROUP BY b.resource, r.provider HAVING sum(b.quarantined) > coalesce(sum(c.n), 0) ORDER BY 3 DESC LIMIT $2"},
    {take_grant, LL_TASK_GRANT_DAYS,
     "SELECT id, resource, organisation, provider, until_at, changed_at FROM access_grant"
     " WHERE state = 'active' AND until_at < $3 AND ($1 IS NULL OR organisation = $1 OR provider = $1)"
     " ORDER BY until_at LIMIT $2"},
    /* the day in China after the last one */
    {take_campaign, LL_TASK_CAMPAIGN_DAYS,
     "SELECT id, resource, organisation, title, (until_day + 1) * 86400000 - 28800000, made_at FROM collect_campaign"
     " WHERE ended_at IS NULL AND (until_day + 1) * 86400000 - 28800000 < $3 AND ($1 IS NULL OR organisation = $1)"
     " ORDER BY until_day LIMIT $2"},
};

static int read_others(struct ll_txn *tx, struct list *l, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; i < LL_COUNT(others) && rc >= 0; i++) {
        struct ll_stmt *s = NULL;
        if ((rc = ll_sql(tx, others[i].sql, &s, err)) < 0)
            return rc;
        ll_bind_z(s, 1, l->q->only);
        ll_bind_int(s, 2, LL_TASKS_KIND_MAX);
        ll_bind_int(s, 3, ll_now_ms() + others[i].days * (int64_t)DAY_MS);
        while ((rc = ll_step(s, err)) > 0)
            others[i].take(l, s);
        ll_stmt_done(s);
    }
    return rc;
}

/* --- the list ----------------------------------------------------------------------------------------------------------- */

static int64_t or_last(int64_t due_at)
{
    return due_at ? due_at : INT64_MAX;
}

static int more_urgent(const void *a, const void *b)
{
    const struct ll_task *x = a, *y = b;
    int64_t dx = or_last(x->due_at), dy = or_last(y->due_at);

    if (dx != dy)
        return dx < dy ? -1 : 1;
    if (x->since != y->since)
        return x->since < y->since ? -1 : 1;
    return strcmp(x->id, y->id);
}

int ll_tasks(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_task_query *q,
             struct ll_arena *arena, struct ll_task **ret, size_t *ret_n, struct ll_err *err)
{
    struct list l = {.q = q, .cat = cat, .arena = arena};
    int rc = read_flows(tx, &l, err);

    if (rc < 0 || (rc = read_others(tx, &l, err)) < 0)
        return rc;
    if (l.nomem)
        return ll_no_memory(err);
    if (l.n)
        qsort(l.tasks, l.n, sizeof *l.tasks, more_urgent);
    *ret = l.tasks;
    *ret_n = l.n;
    return LL_OK;
}

static void put_time(struct ll_json *j, const char *key, int64_t ms)
{
    char when[LL_TIME_TEXT];

    ll_json_kz(j, key, ms > 0 ? ll_time_text(ms, when) : NULL);
}

void ll_task_json(struct ll_json *j, const struct ll_task *t, int64_t now)
{
    ll_json_obj(j);
    ll_json_kz(j, "kind", words[t->kind]);
    ll_json_kz(j, "id", t->id);
    ll_json_kz(j, "resource", t->resource);
    ll_json_kz(j, "title", t->title);
    ll_json_kz(j, "title_en", t->title_en);
    ll_json_kz(j, "organisation", t->organisation);
    ll_json_kz(j, "provider", t->provider);
    ll_json_kz(j, "state", t->state);
    ll_json_kz(j, "state_title", t->state_title[LL_ZH]);
    ll_json_kz(j, "state_title_en", t->state_title[LL_EN]);
    ll_json_ki(j, "count", t->count);
    put_time(j, "since", t->since);
    put_time(j, "due_at", t->due_at);
    ll_json_key(j, "working_days");
    if (t->due_at)
        ll_json_int(j, ll_workdays_between(ll_workday_of(now), ll_workday_of(t->due_at)));
    else
        ll_json_null(j);
    ll_json_kb(j, "overdue", t->due_at && t->due_at < now);
    ll_json_end_obj(j);
}
