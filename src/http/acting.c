/* acting.c - see acting.h. */
#include "http/acting.h"

#include "http/route.h"
#include "share/delegate.h"

static int turn(struct ll_request *rq, const struct ll_consent_env *env, const char *delegation,
                struct ll_err *err)
{
    char name[LL_PSEUDONYM_TEXT];
    struct ll_delegation d;
    int rc = ll_delegate_acts(env->tx, rq->actor.subject, delegation,
                              (enum ll_delegate_scope_at)(rq->route->acts - 1), rq->arena, &d, err);

    if (rc < 0 || (rc = ll_consent_pseudonym(env, d.person, name, err)) < 0)
        return rc;
    rq->actor.delegate = d.person;
    rq->actor.delegate_title = d.title;
    rq->actor.by_representative = false;
    rq->actor.subject = d.firm;
    return (rq->acted_by = ll_arena_dup(rq->arena, ll_str(name))) ? LL_OK : ll_no_memory(err);
}

int ll_acting(struct ll_app *app, struct ll_request *rq, const char *delegation, struct ll_err *err)
{
    struct ll_consent_env env = {.keys = ll_journaling_keys(app->journaling), .arena = rq->arena};
    int rc;

    if (!rq->actor.subject || !rq->route->acts)
        return ll_fail(err, LL_DENIED, "这一操作不能受委托代办", "this cannot be done for somebody else");
    if ((rc = ll_txn_begin(ll_data_store(app->data), false, &env.tx, err)) == LL_OK)
        rc = turn(rq, &env, delegation, err);
    ll_txn_end(env.tx);
    return rc;
}
