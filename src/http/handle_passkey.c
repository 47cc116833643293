/* handle_passkey.c - passkeys of accounts: signing in with one, registering, naming and removing them, and confirming acts. */
#include "http/accounts.h"
#include "http/approve.h"
#include "http/body.h"
#include "http/challenge.h"
#include "routes.gen.h"
#include "share/account_key.h"
#include "share/approval.h"

#include "base/log.h"

#include <stdio.h>
#include <string.h>

static const char sign_in[] = "?sign-in";

static struct ll_store *store_of(struct ll_app *app)
{
    return ll_data_store(app->data);
}

/* What a challenge for registering belongs to. */
static const char *registering(struct ll_request *rq, const char *account)
{
    return ll_arena_printf(rq->arena, "?+%s", account);
}

/* --- signing in ------------------------------------------------------------------------------------------------------- */

int ll_h_session_challenge(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_passkey_ask ask = {
        .site = NULL}; /* no ids: the authenticator knows the accounts it has passkeys for */
    unsigned char challenge[LL_DIGEST];
    int rc;

    if ((rc = ll_accounts_attempt(app, rq, err)) < 0 ||
        (rc = ll_challenge_issue(app, sign_in, challenge, &ask, err)) < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_passkey_put(&rq->json, LL_PASSKEY_GET, &ask);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

/* There may be two of it: said to the log and the journal, and shown to its owner and the administrators. */
static int copied(struct ll_app *app, const struct ll_request *rq, const char *key)
{
    struct ll_err why;

    ll_log(LL_WARN, "passkey", "%s: the counter of passkey %s did not move: there may be a copy", rq->id,
           key);
    if (ll_passkey_warn(store_of(app), LL_OF_ACCOUNT, key, &why) < 0)
        ll_log(LL_ERROR, "passkey", "%s: %s", rq->id, why.en);
    return LL_CONFLICT;
}

int ll_h_session_passkey(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    unsigned char challenge[LL_DIGEST];
    const struct ll_site *site;
    struct ll_account who;
    struct ll_txn *tx = NULL;
    struct ll_passkey p;
    int rc;

    if ((rc = ll_accounts_attempt(app, rq, err)) < 0 ||
        (rc = ll_passkey_read(rq, LL_PASSKEY_GET, &p, err)) < 0 || (rc = ll_site(app, &site, err)) < 0 ||
        (rc = ll_challenge_take(app, sign_in, &p, challenge, err)) < 0)
        return rc;
    const struct ll_webauthn_use use = {p.client_data, p.auth_data, p.signature};
    struct ll_webauthn_want want = ll_site_want(site);
    want.challenge = (struct ll_str){(const char *)challenge, sizeof challenge};
    if ((rc = ll_txn_begin(store_of(app), true, &tx, err)) == LL_OK &&
        (rc = ll_account_recognise(tx, &want, p.id, p.handle, &use, rq->arena, &who, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    if (rc == LL_CONFLICT)
        return copied(app, rq, p.id);
    return rc < 0 ? rc : ll_accounts_enter(app, rq, &who, err);
}

/* --- registering ------------------------------------------------------------------------------------------------------ */

static int put_options(struct ll_app *app, struct ll_request *rq, const char *account, const char *person,
                       struct ll_err *err)
{
    struct ll_passkey_ask ask = {
        .rp_name = "庐陵", .user_name = account, .user_title = person, .discoverable = true};
    unsigned char challenge[LL_DIGEST], handle[LL_DIGEST];
    const char *use = registering(rq, account);
    struct ll_txn *tx = NULL;
    int rc = use ? ll_challenge_issue(app, use, challenge, &ask, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = ll_txn_begin(store_of(app), false, &tx, err)) == LL_OK)
        rc = ll_passkey_ids(tx, LL_OF_ACCOUNT, account, rq->arena, &ask.ids, &ask.n_ids, err);
    ll_txn_end(tx);
    if (rc < 0)
        return rc;
    ll_account_handle(ll_str(account), handle);
    ask.user_id = ll_passkey_text(rq->arena, (struct ll_str){(const char *)handle, sizeof handle});
    if (!ask.user_id)
        return ll_no_memory(err);
    ll_json_obj(&rq->json);
    ll_passkey_put(&rq->json, LL_PASSKEY_CREATE, &ask);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

/* A session alone may be somebody's who found the desk empty: the password again, or a passkey that is there already. */
int ll_h_passkey_options(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_account who;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *password = ll_body_text(&b, "password", 1, LL_PASSWORD_MOST, false);
    if ((rc = ll_body_end(&b)) < 0)
        return rc;
    if (!password && !rq->actor.approval)
        return ll_approve_ask(app, rq, err);
    if (password && ((rc = ll_accounts_attempt(app, rq, err)) < 0 ||
                     (rc = ll_account_check(store_of(app), ll_str(rq->actor.account), ll_str(password),
                                            rq->arena, &who, err)) < 0))
        return rc;
    return put_options(app, rq, rq->actor.account, rq->person, err);
}

/* The credential, once the challenge was one for this account. */
static int registered(struct ll_app *app, struct ll_request *rq, const char *account,
                      const struct ll_passkey *p, struct ll_webauthn_credential *ret, struct ll_err *err)
{
    const char *use = registering(rq, account);
    unsigned char challenge[LL_DIGEST];
    const struct ll_site *site;
    int rc = use ? ll_site(app, &site, err) : ll_no_memory(err);

    if (rc < 0 || (rc = ll_challenge_take(app, use, p, challenge, err)) < 0)
        return rc;
    struct ll_webauthn_want want = ll_site_want(site);
    want.challenge = (struct ll_str){(const char *)challenge, sizeof challenge};
    want.need_uv = true;
    return ll_webauthn_register(&want, p->client_data, p->attestation, ret, err);
}

int ll_h_passkey_add(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_webauthn_credential credential;
    struct ll_account_key made;
    struct ll_txn *tx = NULL;
    struct ll_passkey p;
    int rc;

    if ((rc = ll_passkey_read(rq, LL_PASSKEY_CREATE, &p, err)) < 0 ||
        (rc = registered(app, rq, rq->actor.account, &p, &credential, err)) < 0)
        return rc;
    if ((rc = ll_txn_begin(store_of(app), true, &tx, err)) == LL_OK &&
        (rc = ll_account_key_add(tx, &rq->actor, rq->actor.account, p.name ? p.name : "通行密钥", &credential,
                                 rq->arena, &made, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    if (rc < 0)
        return rc;
    rq->status = 201;
    ll_account_key_json(&made, &rq->json);
    return LL_OK;
}

static int invited(struct ll_app *app, struct ll_request *rq, const char *token, const char **ret,
                   struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(store_of(app), false, &tx, err);

    if (rc == LL_OK)
        rc = ll_account_invited(tx, ll_str(token), rq->arena, ret, err);
    ll_txn_end(tx);
    return rc;
}

int ll_h_invitation_passkey_options(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *account = NULL;
    struct ll_account who;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *token = ll_body_text(&b, "token", 1, 64, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_accounts_attempt(app, rq, err)) < 0 ||
        (rc = invited(app, rq, token, &account, err)) < 0 ||
        (rc = ll_account_get(store_of(app), ll_str(account), rq->arena, &who, err)) < 0)
        return rc;
    return put_options(app, rq, account, who.name, err);
}

int ll_h_invitation_passkey(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_webauthn_credential credential;
    const char *account = NULL;
    struct ll_txn *tx = NULL;
    struct ll_passkey p;
    int rc;

    if ((rc = ll_accounts_attempt(app, rq, err)) < 0 ||
        (rc = ll_passkey_read(rq, LL_PASSKEY_INVITED, &p, err)) < 0 ||
        (rc = invited(app, rq, p.token, &account, err)) < 0 ||
        (rc = registered(app, rq, account, &p, &credential, err)) < 0)
        return rc;
    if ((rc = ll_txn_begin(store_of(app), true, &tx, err)) == LL_OK &&
        (rc = ll_account_accept_key(tx, ll_str(p.token), p.name ? p.name : "通行密钥", &credential, rq->arena,
                                    err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    rq->status = 204;
    return rc;
}

/* --- keeping them ------------------------------------------------------------------------------------------------------ */

static int put_list(struct ll_app *app, struct ll_request *rq, struct ll_str account, struct ll_err *err)
{
    struct ll_account_key *list;
    struct ll_txn *tx = NULL;
    size_t n = 0;
    int rc = ll_txn_begin(store_of(app), false, &tx, err);

    if (rc == LL_OK)
        rc = ll_account_key_list(tx, account, rq->arena, &list, &n, err);
    ll_txn_end(tx);
    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_key(&rq->json, "items");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n; i++)
        ll_account_key_json(&list[i], &rq->json);
    ll_json_end_arr(&rq->json);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_passkeys_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return put_list(app, rq, ll_str(rq->actor.account), err);
}

int ll_h_passkey_rename(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_str account = ll_str(rq->actor.account);
    struct ll_txn *tx = NULL;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *name = ll_body_text(&b, "name", 1, LL_PASSKEY_NAME_MOST, true);
    if ((rc = ll_body_end(&b)) < 0)
        return rc;
    if ((rc = ll_txn_begin(store_of(app), true, &tx, err)) == LL_OK &&
        (rc = ll_account_key_rename(tx, account, ll_arg(rq, LL_P_PASSKEY_RENAME_KEY)->s, name, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc < 0 ? rc : put_list(app, rq, account, err);
}

static int remove_key(struct ll_app *app, struct ll_request *rq, struct ll_str account, struct ll_str key,
                      struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(store_of(app), true, &tx, err);

    if (rc == LL_OK && (rc = ll_account_key_remove(tx, &rq->actor, account, key, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc < 0 ? rc : put_list(app, rq, account, err);
}

int ll_h_passkey_remove(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return remove_key(app, rq, ll_str(rq->actor.account), ll_arg(rq, LL_P_PASSKEY_REMOVE_KEY)->s, err);
}

int ll_h_account_passkeys(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return put_list(app, rq, ll_arg(rq, LL_P_ACCOUNT_PASSKEYS_ID)->s, err);
}

/* Of somebody else, who has lost the device. */
int ll_h_account_passkey_remove(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return remove_key(app, rq, ll_arg(rq, LL_P_ACCOUNT_PASSKEY_REMOVE_ID)->s,
                      ll_arg(rq, LL_P_ACCOUNT_PASSKEY_REMOVE_KEY)->s, err);
}

/* --- confirming ------------------------------------------------------------------------------------------------------- */

int ll_h_approval_sign(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_site *site;
    struct ll_txn *tx = NULL;
    struct ll_passkey p;
    int rc;

    if ((rc = ll_passkey_read(rq, LL_PASSKEY_GET, &p, err)) < 0 || (rc = ll_site(app, &site, err)) < 0)
        return rc;
    const struct ll_webauthn_use use = {p.client_data, p.auth_data, p.signature};
    const struct ll_webauthn_want want = ll_site_want(site);
    if ((rc = ll_txn_begin(store_of(app), true, &tx, err)) == LL_OK &&
        (rc = ll_approval_sign(tx, rq->actor.account, ll_arg(rq, LL_P_APPROVAL_SIGN_ID)->s.p, &want, p.id,
                               &use, rq->arena, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    rq->status = 204;
    return rc == LL_CONFLICT ? copied(app, rq, p.id) : rc;
}

int ll_h_approval_evidence(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_str evidence = {NULL, 0};
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(store_of(app), false, &tx, err);

    if (rc == LL_OK)
        rc = ll_approval_evidence(tx, ll_arg(rq, LL_P_APPROVAL_EVIDENCE_DIGEST)->s, rq->arena, &evidence,
                                  err);
    ll_txn_end(tx);
    if (rc < 0)
        return rc;
    ll_buf_str(&rq->out, evidence); /* as it was hashed */
    return LL_OK;
}
