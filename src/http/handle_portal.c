/* handle_portal.c - subjects who sign in to other portals with what they have here: what a portal asks for, the subject's agreement, its own
 * list of portals; and the addresses of portals, which the system administrator registers. */
#include "http/body.h"
#include "http/consenting.h"
#include "http/oidc.h"
#include "routes.gen.h"

#include "base/clock.h"

static void put_scopes(struct ll_json *j, unsigned scopes)
{
    ll_json_key(j, "scopes");
    ll_json_arr(j);
    for (int i = 0; i < LL_PORTAL_SCOPE_COUNT; i++) {
        if (!(scopes >> i & 1))
            continue;
        ll_json_obj(j);
        ll_json_kz(j, "scope", ll_portal_scope_word((enum ll_portal_scope_at)i));
        ll_json_kz(j, "title", ll_portal_scope_title((enum ll_portal_scope_at)i, LL_ZH));
        ll_json_kz(j, "title_en", ll_portal_scope_title((enum ll_portal_scope_at)i, LL_EN));
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

int ll_h_portal_ask(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_oidc_asked asked = {
        .client_id = ll_arg(rq, LL_P_PORTAL_ASK_CLIENT_ID)->s.p,
        .redirect_uri = ll_arg(rq, LL_P_PORTAL_ASK_REDIRECT_URI)->s.p,
        .response_type = ll_arg(rq, LL_P_PORTAL_ASK_RESPONSE_TYPE)->s.p,
        .scope = ll_arg(rq, LL_P_PORTAL_ASK_SCOPE)->s.p,
        .state = ll_arg(rq, LL_P_PORTAL_ASK_STATE)->s.p,
        .nonce = ll_arg(rq, LL_P_PORTAL_ASK_NONCE)->s.p,
        .code_challenge = ll_arg(rq, LL_P_PORTAL_ASK_CODE_CHALLENGE)->s.p,
        .code_challenge_method = ll_arg(rq, LL_P_PORTAL_ASK_CODE_CHALLENGE_METHOD)->s.p};
    struct ll_portal_ask ask;
    struct ll_sharing s;
    const char *error;
    int rc;

    if ((rc = ll_site_limit(app, rq, err)) < 0 || (rc = ll_sharing_open(app, false, &s, err)) < 0)
        return rc;
    if ((rc = ll_oidc_check(app, rq, s.tx, &asked, &ask, &error, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        ll_json_kz(&rq->json, "client", ask.client);
        ll_json_kz(&rq->json, "title", ask.title);
        ll_json_kz(&rq->json, "organisation", ask.organisation);
        put_scopes(&rq->json, ask.scopes);
        ll_json_kz(&rq->json, "error", error);
        ll_json_kz(&rq->json, "back", ll_oidc_back(rq, &asked, "error", error ? error : "access_denied"));
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_close(&s);
    return rc;
}

static int enter(struct ll_app *app, struct ll_request *rq, struct ll_txn *tx,
                 const struct ll_oidc_asked *asked, struct ll_err *err)
{
    struct ll_portal_code of = {.subject = rq->actor.subject, .signed_in = ll_now_ms()};
    const char *error;
    char pseudonym[44], code[44];
    int rc = ll_oidc_check(app, rq, tx, asked, &of.ask, &error, err);

    if (rc == LL_OK && error)
        rc = ll_fail(err, LL_INVALID, "门户的请求不合规（%s）", "the portal's request is not in order (%s)",
                     error);
    if (rc < 0 ||
        (rc = ll_oidc_pseudonym(app, rq, tx, of.subject, of.ask.organisation, pseudonym, err)) < 0 ||
        (rc = ll_portal_note(tx, &of.ask, of.subject, pseudonym, err)) < 0 ||
        (rc = ll_codes_make(app->codes, &of, code, err)) < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "redirect", ll_oidc_back(rq, asked, "code", code));
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_me_portal(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_oidc_asked asked = {.client_id = NULL};
    struct ll_sharing s;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    asked.client_id = ll_body_text(&b, "client_id", 1, 64, true);
    asked.redirect_uri = ll_body_text(&b, "redirect_uri", 1, LL_PORTAL_URI, true);
    asked.response_type = ll_body_text(&b, "response_type", 1, 32, true);
    asked.scope = ll_body_text(&b, "scope", 1, 200, true);
    asked.state = ll_body_text(&b, "state", 1, LL_PORTAL_STATE, false);
    asked.nonce = ll_body_text(&b, "nonce", 1, LL_PORTAL_NONCE, false);
    asked.code_challenge = ll_body_text(&b, "code_challenge", 1, LL_PORTAL_CHALLENGE, true);
    asked.code_challenge_method = ll_body_text(&b, "code_challenge_method", 1, 16, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    if ((rc = enter(app, rq, s.tx, &asked, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    return rc;
}

int ll_h_me_portals(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    rc = ll_portal_put_list(s.tx, rq->actor.subject, &rq->json, err);
    ll_json_end_obj(&rq->json);
    ll_sharing_close(&s);
    return rc;
}

static int reply_uris(struct ll_app *app, struct ll_request *rq, struct ll_str client, struct ll_err *err)
{
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    rc = ll_portal_put_uris(s.tx, client, &rq->json, "redirect_uris", err);
    ll_json_end_obj(&rq->json);
    ll_sharing_close(&s);
    return rc;
}

int ll_h_client_portal(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return reply_uris(app, rq, ll_arg(rq, LL_P_CLIENT_PORTAL_ID)->s, err);
}

int ll_h_client_portal_set(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_str id = ll_arg(rq, LL_P_CLIENT_PORTAL_SET_ID)->s, uris[LL_PORTAL_URIS];
    const char *const *list;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    size_t n = ll_body_texts(&b, "redirect_uris", LL_PORTAL_URIS, LL_PORTAL_URI, &list);
    for (size_t i = 0; i < n; i++)
        uris[i] = ll_str(list[i]);
    if ((rc = ll_body_end(&b)) < 0 ||
        (rc = ll_portal_set_uris(ll_data_store(app->data), &rq->actor, id, uris, n, err)) < 0)
        return rc;
    ll_journaling_wake(app->journaling);
    return reply_uris(app, rq, id, err);
}

int ll_h_oidc_userinfo(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_oidc_userinfo(app, rq, err);
}
