/* handle_account.c - signing in and out, invitations, and what administrators do with accounts. */
#include "http/accounts.h"
#include "http/auth.h"
#include "http/body.h"
#include "http/sharing.h"
#include "http/write.h"
#include "routes.gen.h"
#include "share/signin.h"

#include <string.h>

static struct ll_store *store_of(struct ll_app *app)
{
    return ll_data_store(app->data);
}

/* Guesses of one address, whatever accounts it tries. */
int ll_accounts_attempt(struct ll_app *app, const struct ll_request *rq, struct ll_err *err)
{
    uint64_t wait = ll_throttle_take(app->attempts, ll_str(rq->remote), app->attempt_rate);

    if (!wait)
        return LL_OK;
    return ll_fail(err, LL_TOOMANY, "尝试过于频繁，请 %llu 秒后再试",
                   "too many attempts; try again in %llu seconds", (unsigned long long)(wait / 1000 + 1));
}

static void write_duties(struct ll_json *j, unsigned duties)
{
    ll_json_arr(j);
    for (unsigned i = 0; i < LL_DUTY_COUNT; i++)
        if (duties & 1u << i)
            ll_json_z(j, ll_duty_name(i));
    ll_json_end_arr(j);
}

/* What the console needs of who is signed in: the names of the permissions too, so that it shows what can be done. */
static void write_session(struct ll_json *j, const struct ll_actor *a, const char *name)
{
    ll_json_obj(j);
    ll_json_kz(j, "account", a->account);
    ll_json_kz(j, "name", name);
    ll_json_kz(j, "organisation", a->organisation);
    ll_json_key(j, "duties");
    write_duties(j, a->roles);
    ll_json_key(j, "permissions");
    ll_json_arr(j);
    for (size_t i = 0; i < ll_permission_count; i++)
        if (ll_may(a, &ll_permissions[i]))
            ll_json_z(j, ll_permissions[i].name);
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}

int ll_accounts_enter(struct ll_app *app, struct ll_request *rq, const struct ll_account *who,
                      struct ll_err *err)
{
    const struct ll_actor actor = {
        .account = who->id, .organisation = who->organisation, .roles = who->duties};
    const struct ll_signin_from from = {rq->agent, rq->remote};
    char token[LL_SESSION_TOKEN];
    int rc;

    if ((rc = ll_signin_open(store_of(app), ll_str(who->id), &from, token, err)) < 0 ||
        (rc = ll_auth_set_cookie(rq, token, err)) < 0)
        return rc;
    write_session(&rq->json, &actor, who->name);
    return LL_OK;
}

int ll_h_session_open(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_account who;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *account = ll_body_text(&b, "account", 1, LL_ACCOUNT_ID_MOST, true);
    const char *password = ll_body_text(&b, "password", 1, LL_PASSWORD_MOST, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_accounts_attempt(app, rq, err)) < 0 ||
        (rc = ll_account_check(store_of(app), ll_str(account), ll_str(password), rq->arena, &who, err)) < 0)
        return rc;
    return ll_accounts_enter(app, rq, &who, err);
}

int ll_h_session_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    (void)app, (void)err;
    write_session(&rq->json, &rq->actor, rq->person);
    return LL_OK;
}

int ll_h_session_close(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    int rc = ll_signin_close(store_of(app), ll_str(rq->cookie), err);

    rq->status = 204;
    return rc < 0 ? rc : ll_auth_set_cookie(rq, "", err);
}

static int put_sessions(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_session_row *list;
    size_t n = 0;
    int rc = ll_signin_list(store_of(app), ll_str(rq->actor.account), ll_str(rq->cookie), rq->arena, &list,
                            &n, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_key(&rq->json, "items");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n; i++) {
        ll_json_obj(&rq->json);
        ll_json_kz(&rq->json, "id", list[i].id);
        ll_json_kz(&rq->json, "agent", list[i].agent);
        ll_json_kz(&rq->json, "remote", list[i].remote);
        ll_write_time(&rq->json, "made_at", list[i].made_at);
        ll_write_time(&rq->json, "seen_at", list[i].seen_at);
        ll_json_kb(&rq->json, "current", list[i].current);
        ll_json_end_obj(&rq->json);
    }
    ll_json_end_arr(&rq->json);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_sessions_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return put_sessions(app, rq, err);
}

int ll_h_session_end(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    int rc = ll_signin_end(store_of(app), ll_str(rq->actor.account), ll_arg(rq, LL_P_SESSION_END_SESSION)->s,
                           err);

    return rc < 0 ? rc : put_sessions(app, rq, err);
}

int ll_h_session_password(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_account who;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *old = ll_body_text(&b, "old", 1, LL_PASSWORD_MOST, true);
    const char *new = ll_body_text(&b, "new", 1, LL_PASSWORD_MOST, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_accounts_attempt(app, rq, err)) < 0 ||
        (rc = ll_account_check(store_of(app), ll_str(rq->actor.account), ll_str(old), rq->arena, &who, err)) <
            0 ||
        (rc = ll_account_set_password(store_of(app), &rq->actor, ll_str(who.id), ll_str(new), err)) < 0)
        return rc;
    rq->status = 204;
    return ll_auth_set_cookie(rq, "", err); /* every session has ended: sign in with the new one */
}

int ll_h_invitation_accept(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *token = ll_body_text(&b, "token", 1, 64, true);
    const char *password = ll_body_text(&b, "password", 1, LL_PASSWORD_MOST, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_accounts_attempt(app, rq, err)) < 0 ||
        (rc = ll_account_accept(store_of(app), ll_str(token), ll_str(password), err)) < 0)
        return rc;
    rq->status = 204;
    return LL_OK;
}

/* --- administration ---------------------------------------------------------------------------------------------------- */

int ll_h_accounts_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *duty = ll_arg(rq, LL_P_ACCOUNTS_LIST_DUTY);
    struct ll_account_query q = {.text = ll_arg(rq, LL_P_ACCOUNTS_LIST_Q)->s.p,
                                 .organisation = ll_arg(rq, LL_P_ACCOUNTS_LIST_ORGANISATION)->s.p,
                                 .state = ll_arg(rq, LL_P_ACCOUNTS_LIST_STATE)->s.p,
                                 .sort = ll_arg(rq, LL_P_ACCOUNTS_LIST_SORT)->s.p,
                                 .offset = (size_t)ll_arg(rq, LL_P_ACCOUNTS_LIST_OFFSET)->i,
                                 .limit = (size_t)ll_arg(rq, LL_P_ACCOUNTS_LIST_LIMIT)->i};
    struct ll_account *list;
    int64_t total;
    size_t n;
    int rc = duty->given ? ll_duties_parse(duty->s, &q.duty, err) : LL_OK;

    if (rc < 0 || (rc = ll_account_list(store_of(app), &q, rq->arena, &list, &n, &total, err)) < 0)
        return rc;
    ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
    for (size_t i = 0; i < n; i++)
        ll_account_json(&list[i], &rq->json);
    ll_sharing_page_end(rq);
    return LL_OK;
}

static int reply_account(struct ll_app *app, struct ll_request *rq, struct ll_str id, struct ll_err *err)
{
    struct ll_account a;
    int rc = ll_account_get(store_of(app), id, rq->arena, &a, err);

    if (rc == LL_OK)
        ll_account_json(&a, &rq->json);
    return rc;
}

int ll_h_account_make(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *id = ll_body_text(&b, "id", 1, LL_ACCOUNT_ID_MOST, true);
    const char *organisation = ll_body_text(&b, "organisation", 1, 64, true);
    const char *name = ll_body_text(&b, "name", 1, 64, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_account_add(store_of(app), &rq->actor, ll_str(id),
                                                           ll_str(organisation), ll_str(name), err)) < 0)
        return rc;
    rq->status = 201;
    return reply_account(app, rq, ll_str(id), err);
}

/* Shown once, to be handed over in person; the link's secret stands after # and so reaches no server log. */
int ll_h_account_invite(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    char token[44];
    int rc = ll_account_invite(store_of(app), &rq->actor, ll_arg(rq, LL_P_ACCOUNT_INVITE_ID)->s, token, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "link", ll_arena_printf(rq->arena, "/invitation#%s", token));
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_account_duties(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_str id = ll_arg(rq, LL_P_ACCOUNT_DUTIES_ID)->s;
    const char *const *names;
    unsigned duties = 0, one;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    size_t n = ll_body_texts(&b, "duties", LL_DUTY_COUNT, 40, &names);
    if ((rc = ll_body_end(&b)) < 0)
        return rc;
    for (size_t i = 0; i < n; i++) {
        if ((rc = ll_duties_parse(ll_str(names[i]), &one, err)) < 0)
            return rc;
        duties |= one;
    }
    rc = ll_account_empower(store_of(app), &rq->actor, id, duties, err);
    return rc < 0 ? rc : reply_account(app, rq, id, err);
}

int ll_h_account_enabled(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_str id = ll_arg(rq, LL_P_ACCOUNT_ENABLED_ID)->s;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    bool enabled = ll_body_bool(&b, "enabled", true);
    if ((rc = ll_body_end(&b)) < 0 ||
        (rc = ll_account_enable(store_of(app), &rq->actor, id, enabled, err)) < 0)
        return rc;
    return reply_account(app, rq, id, err);
}

int ll_h_account_unlock(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_str id = ll_arg(rq, LL_P_ACCOUNT_UNLOCK_ID)->s;
    int rc = ll_account_unlock(store_of(app), &rq->actor, id, err);

    return rc < 0 ? rc : reply_account(app, rq, id, err);
}
