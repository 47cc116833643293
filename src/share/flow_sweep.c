/* flow_sweep.c - see flow_sweep.h.  What was said already in this state is found in the events, so a sweep may run at any time and
 * as often as one likes. */
#include "share/flow_sweep.h"

#include "share/grant.h"
#include "share/objection.h"
#include "share/workdays.h"

#include <string.h>

enum { AT_ONCE = 1000 };

static const struct ll_flow_swept swept[] = {
    {LL_FLOW_DEMAND,
     "SELECT id, state, organisation, provider, due_at, changed_at FROM demand WHERE due_at IS NOT NULL"
     " ORDER BY due_at LIMIT 1000",
     NULL},
    {LL_FLOW_APPLICATION,
     "SELECT id, state, organisation, provider, due_at, changed_at FROM application"
     " WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1000",
     NULL},
    {LL_FLOW_OBJECTION,
     "SELECT id, state, organisation, provider, due_at, changed_at FROM objection WHERE due_at IS NOT NULL"
     " ORDER BY due_at LIMIT 1000",
     ll_objection_act},
    {LL_FLOW_REPAIR,
     "SELECT id, state, NULL, provider, due_at, changed_at FROM repair WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1000",
     NULL},
};

struct running {
    struct ll_flow_object o;
    int64_t due, since;
};

static int read_running(struct ll_txn *tx, const struct ll_flow_swept *w, struct ll_arena *arena,
                        struct running *list, size_t *n, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int more = 0, rc = ll_sql(tx, w->running, &s, err);

    if (rc < 0)
        return rc;
    for (*n = 0; *n < AT_ONCE && (more = ll_step(s, err)) > 0; ++*n)
        list[*n] = (struct running){
            .o = {.flow = w->flow,
                  .id = ll_col_dup(s, 0, arena, &nomem),
                  .state = ll_state_parse(w->flow, ll_col_text(s, 1)),
                  .applicant = ll_col_dup(s, 2, arena, &nomem),
                  .provider = ll_col_dup(s, 3, arena, &nomem)},
            .due = ll_col_int(s, 4),
            .since = ll_col_int(s, 5),
        };
    ll_stmt_done(s);
    return more < 0 ? more : nomem ? ll_no_memory(err) : LL_OK;
}

/* 1: the platform said so since the state was entered. */
static int said(struct ll_txn *tx, const struct running *r, const char *action, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx, "SELECT 1 FROM flow_event WHERE flow = $1 AND object = $2 AND action = $3 AND at >= $4", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, ll_flow_word(r->o.flow));
    ll_bind_z(s, 2, r->o.id);
    ll_bind_z(s, 3, action);
    ll_bind_int(s, 4, r->since);
    rc = ll_step(s, err);
    ll_stmt_done(s);
    return rc;
}

static int say_once(struct ll_txn *tx, const struct running *r, const char *action, size_t *count,
                    struct ll_err *err)
{
    const struct ll_flow_act act = {.action = action};
    const struct ll_flow_step *step = NULL;
    int rc;

    if (!ll_flow_find(&r->o, action, 1u << LL_PART_SYSTEM) || (rc = said(tx, r, action, err)) > 0)
        return LL_OK;
    if (rc < 0 || (rc = ll_flow_take(tx, &r->o, &act, &step, err)) < 0)
        return rc;
    ++*count;
    return LL_OK;
}

static int lapse(struct ll_txn *tx, const struct ll_flow_swept *w, const struct running *r,
                 struct ll_swept *ret, struct ll_err *err)
{
    const struct ll_flow_act act = {.action = "lapse"};
    int rc = w->act(tx, r->o.id, &act, err);

    ret->lapsed += rc == LL_OK;
    return rc;
}

static int sweep_one(struct ll_txn *tx, const struct ll_flow_swept *w, const struct running *r, int64_t now,
                     struct ll_swept *ret, struct ll_err *err)
{
    int32_t last = ll_workday_of(r->due - 1), today = ll_workday_of(now);

    if (now >= r->due && w->act && ll_flow_find(&r->o, "lapse", 1u << LL_PART_SYSTEM))
        return lapse(tx, w, r, ret, err);
    if (now >= r->due)
        return say_once(tx, r, "escalate", &ret->escalated, err);
    if (ll_workdays_between(today, last) <= ll_flow_remind_days(r->o.state))
        return say_once(tx, r, "remind", &ret->reminded, err);
    return LL_OK;
}

static int sweep_all(struct ll_txn *tx, int64_t now, const struct ll_flow_swept *flows, size_t n_flows,
                     struct ll_arena *arena, struct ll_swept *ret, struct ll_err *err)
{
    struct running *list = ll_arena_array(arena, AT_ONCE, sizeof *list);
    int rc = list ? LL_OK : ll_no_memory(err);
    size_t n;

    for (size_t at = 0; rc == LL_OK && at < n_flows; at++) {
        rc = read_running(tx, &flows[at], arena, list, &n, err);
        for (size_t i = 0; rc == LL_OK && i < n; i++)
            rc = sweep_one(tx, &flows[at], &list[i], now, ret, err);
    }
    return rc;
}

int ll_flow_sweep(struct ll_store *st, int64_t now, const struct ll_flow_swept *more, size_t n_more,
                  struct ll_swept *ret, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_txn *tx = NULL;
    int rc = arena ? ll_txn_begin(st, true, &tx, err) : ll_no_memory(err);

    *ret = (struct ll_swept){0};
    if (rc == LL_OK && (rc = sweep_all(tx, now, swept, LL_COUNT(swept), arena, ret, err)) == LL_OK &&
        (rc = sweep_all(tx, now, more, n_more, arena, ret, err)) == LL_OK &&
        (rc = ll_grant_expire(tx, now, &ret->expired, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    ll_arena_free(arena);
    return rc;
}
