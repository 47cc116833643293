/* institution_change.c - see institution_change.h. */
#include "apps/finance/institution_change.h"

#include "base/clock.h"

#include <string.h>

enum { SAID = 1024 };

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* From what to what, for the history and the journal. */
static int describe(const struct ll_market_env *env, const struct ll_institution *i,
                    const struct ll_institution_said *said, const char **ret, struct ll_err *err)
{
    const struct {
        const char *zh, *from, *to;
    } fields[] = {{"机构类型 kind", i->kind, said->kind},
                  {"许可证号 licence", i->licence, said->licence},
                  {"上级机构 parent", i->parent, said->parent}};
    struct ll_buf text = LL_BUF_INIT(SAID);

    for (size_t k = 0; k < LL_COUNT(fields); k++)
        if (!same(fields[k].from, fields[k].to))
            ll_buf_printf(&text, "%s%s: %s → %s", text.n ? "; " : "", fields[k].zh,
                          fields[k].from ? fields[k].from : "-", fields[k].to ? fields[k].to : "-");
    *ret = text.failed ? NULL : ll_arena_dup(env->arena, ll_buf_view(&text));
    ll_buf_free(&text);
    return *ret ? LL_OK : ll_no_memory(err);
}

static int close_open(const struct ll_market_env *env, const char *institution, const char *state,
                      struct ll_err *err)
{
    return ll_exec(env->tx, err,
                   "UPDATE finance_institution_change SET state = $2, decided_at = $3"
                   " WHERE institution = $1 AND state = 'open'",
                   "zzi", institution, state, ll_now_ms());
}

int ll_institution_change_ask(const struct ll_market_env *env, const struct ll_institution *i,
                              const struct ll_institution_said *said, struct ll_err *err)
{
    const struct ll_flow_object o = ll_institution_object(i);
    struct ll_flow_act act = {.action = "ask", .actor = env->actor};
    const struct ll_flow_step *taken = NULL;
    int rc;

    if (i->asked_at && same(i->asked_kind, said->kind) && same(i->asked_licence, said->licence) &&
        same(i->asked_parent, said->parent))
        return LL_OK;
    if ((rc = describe(env, i, said, &act.reason, err)) < 0 ||
        (rc = ll_flow_take(env->tx, &o, &act, &taken, err)) < 0 ||
        (rc = close_open(env, i->id, "retracted", err)) < 0)
        return rc;
    return ll_exec(
        env->tx, err,
        "INSERT INTO finance_institution_change (institution, kind, licence, parent, state, asked_at)"
        " VALUES ($1, $2, $3, $4, 'open', $5)",
        "zzzzi", i->id, said->kind, said->licence, said->parent, ll_now_ms());
}

int ll_institution_change_check(const struct ll_institution *i, const char *action, struct ll_err *err)
{
    static const char *const actions[] = {"approve", "reject", "retract"};

    for (size_t k = 0; k < LL_COUNT(actions) && !i->asked_at; k++)
        if (strcmp(action, actions[k]) == 0)
            return ll_fail(err, LL_CONFLICT, "%.40s 没有待决定的变更", "%.40s asks for no change",
                           i->organisation);
    return LL_OK;
}

static int take_over(const struct ll_market_env *env, const struct ll_institution *i, struct ll_err *err)
{
    return ll_exec(env->tx, err,
                   "UPDATE finance_institution SET kind = $2, licence = $3, parent = $4 WHERE id = $1",
                   "zzzz", i->id, i->asked_kind, i->asked_licence, i->asked_parent);
}

int ll_institution_change_end(const struct ll_market_env *env, const struct ll_institution *i,
                              const char *action, struct ll_err *err)
{
    int rc;

    if (strcmp(action, "approve") == 0)
        return (rc = take_over(env, i, err)) < 0 ? rc : close_open(env, i->id, "approved", err);
    if (strcmp(action, "reject") == 0)
        return close_open(env, i->id, "rejected", err);
    if (strcmp(action, "retract") == 0 || i->state == LL_STATE_INSTITUTION_DELISTED)
        return close_open(env, i->id, "retracted", err);
    return LL_OK;
}
