/* auth.c - see auth.h. */
#include "http/auth.h"

#include "http/acting.h"
#include "share/access.h"
#include "share/signin.h"
#include "share/tokens.h"

#include <string.h>
#include <strings.h>

static const struct ll_permission *permission_of(const struct ll_route *route)
{
    const struct ll_permission *p = ll_permission_find(route->perm);

    LL_ASSERT(p); /* tools/gen_routes.py refuses a name that the table does not have */
    return p;
}

static int as_person(struct ll_app *app, struct ll_request *rq, const struct ll_credentials *c,
                     struct ll_err *err)
{
    struct ll_session *s = ll_arena_alloc(rq->arena, sizeof(*s));
    int rc = s ? ll_signin_check(ll_data_store(app->data), ll_str(c->cookie), rq->arena, s, err)
               : ll_no_memory(err);

    if (rc <= 0)
        return rc;
    if (rq->route->method != LL_GET && !c->marker)
        return ll_fail(err, LL_DENIED, "请求缺少 X-Luling-Request 头",
                       "the request lacks the header X-Luling-Request");
    rq->actor = s->actor;
    rq->cookie = c->cookie;
    rq->person = s->account.name;
    return s->renewed[0] ? ll_auth_set_cookie(rq, s->renewed, err) : LL_OK;
}

static int as_subject(struct ll_request *rq, struct ll_str owner, struct ll_err *err)
{
    rq->actor.by_representative = ll_str_ends(owner, LL_STR(LL_TOKEN_REPRESENTATIVE));
    if (rq->actor.by_representative)
        owner.n -= sizeof LL_TOKEN_REPRESENTATIVE - 1;
    return (rq->actor.subject = ll_arena_dup(rq->arena, owner)) ? LL_OK : ll_no_memory(err);
}

static int as_client(struct ll_app *app, struct ll_request *rq, const char *authorization, struct ll_err *err)
{
    static const char scheme[] = "Bearer ";
    char client[LL_TOKEN_CLIENT];
    const char *token = authorization + sizeof(scheme) - 1;

    if (strncasecmp(authorization, scheme, sizeof(scheme) - 1) != 0)
        return ll_fail(err, LL_SIGNIN, "Authorization 头应为 Bearer 令牌",
                       "the Authorization header must be a Bearer token");
    if (!ll_tokens_find(app->tokens, ll_str(token), client))
        return ll_fail(err, LL_SIGNIN, "令牌无效或已过期，请重新换取",
                       "the token is not valid or has ended; ask for another");
    if (client[0] == LL_TOKEN_SUBJECT)
        return as_subject(rq, ll_str(client + 1), err);
    if (client[0] ==
        LL_TOKEN_PORTAL) /* nobody: it opens what one subject let one portal know, and nothing else */
        return (rq->actor.portal = ll_arena_dup(rq->arena, ll_str(client + 1))) ? LL_OK : ll_no_memory(err);
    return ll_access_client(app->access, client, rq->arena, &rq->actor, err);
}

/* --- what a route belongs to ------------------------------------------------------------------------------------------ */

static const char *const owner_sql[] = {
    [LL_SCOPE_RESOURCE] =
        "SELECT provider FROM resource WHERE name = $1 ORDER BY current DESC, version DESC LIMIT 1",
    [LL_SCOPE_DELIVERY] =
        "SELECT r.provider FROM delivery d JOIN resource r ON r.name = d.resource WHERE d.id = $1"
        " ORDER BY r.current DESC, r.version DESC LIMIT 1",
    [LL_SCOPE_BATCH] = "SELECT r.provider FROM batch b JOIN resource r ON r.name = b.resource WHERE b.id = $1"
                       " ORDER BY r.current DESC, r.version DESC LIMIT 1",
};

/* 1: found; 0: there is no such thing, which the handler says best. */
static int owner(struct ll_app *app, struct ll_request *rq, const char **ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_txn_begin(ll_data_store(app->data), false, &tx, err);

    if (rc == LL_OK && (rc = ll_sql(tx, owner_sql[rq->route->scope], &s, err)) == LL_OK) {
        ll_bind_text(s, 1, rq->args[0].s);
        if ((rc = ll_step(s, err)) > 0)
            *ret = ll_col_dup(s, 0, rq->arena, &nomem);
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return nomem ? ll_no_memory(err) : rc;
}

static int check_scope(struct ll_app *app, struct ll_request *rq, const struct ll_permission *p,
                       struct ll_err *err)
{
    const char *organisation = NULL;
    int rc;

    if (rq->route->scope == LL_SCOPE_NONE)
        return LL_OK;
    if (rq->route->scope == LL_SCOPE_LIST) {
        rq->only = ll_may_all(&rq->actor, p) ? NULL : rq->actor.organisation;
        return LL_OK;
    }
    rc = owner(app, rq, &organisation, err);
    return rc <= 0 ? rc : ll_may_for(&rq->actor, p, organisation, err);
}

/* What the connection alone forbids. */
static int check_connection(const struct ll_request *rq, const struct ll_permission *p,
                            const struct ll_credentials *c, struct ll_err *err)
{
    if (c->clear && (rq->route->method != LL_GET || !(p->may & LL_MAY_ANYONE)))
        return ll_fail(
            err, LL_DENIED,
            "须经 HTTPS 访问：代理没有说明来路是加密的（X-Forwarded-Proto 或 Forwarded 的 proto）",
            "this takes HTTPS: the proxy did not say that it was spoken to it (X-Forwarded-Proto, or proto of Forwarded)");
    if (c->uncertified && rq->actor.client)
        return ll_fail(err, LL_DENIED, "系统须出示客户端证书", "a system must show a client certificate");
    return LL_OK;
}

int ll_auth(struct ll_app *app, struct ll_request *rq, const struct ll_credentials *c, struct ll_err *err)
{
    const struct ll_permission *p = permission_of(rq->route);
    int rc = LL_OK;

    rq->host = c->host ? ll_arena_dup(rq->arena, ll_str(c->host)) : "localhost";
    rq->remote = ll_arena_dup(rq->arena, ll_str(c->remote));
    rq->secure = c->secure;
    /* A page and its files need nobody: a cookie or token that has ended must not keep someone from signing in again. */
    if (p->may & LL_MAY_ANYONE && !c->authorization && rq->route->any_query)
        return rq->remote ? LL_OK : ll_no_memory(err);
    if (c->authorization)
        rc = as_client(app, rq, c->authorization, err);
    else if (c->cookie)
        rc = as_person(app, rq, c, err);
    if (rc < 0 || (rc = check_connection(rq, p, c, err)) < 0 || (rc = ll_may_or_fail(&rq->actor, p, err)) < 0)
        return rc;
    if (c->acts_for && (rc = ll_acting(app, rq, c->acts_for, err)) < 0)
        return rc;
    return rq->remote ? check_scope(app, rq, p, err) : ll_no_memory(err);
}

int ll_auth_set_cookie(struct ll_request *rq, const char *token, struct ll_err *err)
{
    rq->set_cookie = ll_arena_printf(rq->arena,
                                     LL_SESSION_COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d%s",
                                     token, token[0] ? LL_SESSION_S : 0, rq->secure ? "; Secure" : "");
    return rq->set_cookie ? LL_OK : ll_no_memory(err);
}
