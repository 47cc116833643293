/* oidc.c - see oidc.h. */
#include "http/oidc.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "crypto/digest.h"
#include "crypto/jws.h"
#include "http/consenting.h"
#include "share/access.h"
#include "share/gateway.h"

#include <stdio.h>
#include <string.h>

enum { ID_TOKEN_S = 300, CLAIMS_MAX = 8 << 10, URL_MAX = 8 << 10 };

const char *ll_oidc_issuer(struct ll_request *rq)
{
    return ll_arena_printf(rq->arena, "%s://%s", rq->secure ? "https" : "http", rq->host);
}

/* --- the request ----------------------------------------------------------------------------------------------------------- */

static bool is(const char *text, const char *word)
{
    return text && strcmp(text, word) == 0;
}

static const char *fault(const struct ll_oidc_asked *asked, unsigned scopes)
{
    unsigned char challenge[LL_DIGEST];

    if (!is(asked->response_type, "code"))
        return "unsupported_response_type";
    if (!(scopes & LL_PORTAL_OPENID))
        return "invalid_scope";
    if (!is(asked->code_challenge_method, "S256") ||
        !ll_base64_exact(ll_str(asked->code_challenge ? asked->code_challenge : ""), LL_BASE64_URL, challenge,
                         sizeof challenge))
        return "invalid_request";
    return NULL;
}

int ll_oidc_check(struct ll_app *app, struct ll_request *rq, struct ll_txn *tx,
                  const struct ll_oidc_asked *asked, struct ll_portal_ask *ret, const char **error,
                  struct ll_err *err)
{
    struct ll_actor who;
    int rc;

    *ret = (struct ll_portal_ask){.client = asked->client_id,
                                  .redirect = asked->redirect_uri,
                                  .nonce = asked->nonce,
                                  .challenge = asked->code_challenge,
                                  .scopes = ll_portal_scopes(ll_str(asked->scope ? asked->scope : ""))};
    if ((rc = ll_portal_known(tx, rq->arena, ret, err)) < 0 ||
        (rc = ll_access_client(app->access, ret->client, rq->arena, &who, err)) < 0 ||
        (rc = ll_access_frozen(app->access, &who, NULL, err)) < 0)
        return rc;
    *error = fault(asked, ret->scopes);
    return LL_OK;
}

/* --- the way back ---------------------------------------------------------------------------------------------------------- */

const char *ll_oidc_back(struct ll_request *rq, const struct ll_oidc_asked *asked, const char *name,
                         const char *value)
{
    const char *const pairs[][2] = {{name, value}, {"state", asked->state}, {"iss", ll_oidc_issuer(rq)}};
    struct ll_buf url = LL_BUF_INIT(URL_MAX);
    const char *ret = NULL;

    ll_buf_z(&url, asked->redirect_uri);
    ll_buf_c(&url, strchr(asked->redirect_uri, '?') ? '&' : '?');
    for (size_t i = 0; i < LL_COUNT(pairs); i++) {
        if (!pairs[i][1])
            continue;
        if (i)
            ll_buf_c(&url, '&');
        ll_buf_z(&url, pairs[i][0]);
        ll_buf_c(&url, '=');
        ll_buf_percent(&url, ll_str(pairs[i][1]), "");
    }
    if (!url.failed)
        ret = ll_arena_dup(rq->arena, ll_buf_view(&url));
    ll_buf_free(&url);
    return ret;
}

/* --- what the portal is told ----------------------------------------------------------------------------------------------- */

static struct ll_consent_env env_of(struct ll_app *app, struct ll_request *rq, struct ll_txn *tx)
{
    return (struct ll_consent_env){
        .tx = tx, .keys = ll_journaling_keys(app->journaling), .actor = &rq->actor, .arena = rq->arena};
}

static int pseudonym_of(struct ll_app *app, struct ll_request *rq, const struct ll_consent_self *self,
                        const char *organisation, char out[44], struct ll_err *err)
{
    const char *space = ll_arena_printf(rq->arena, "portal %s %s", organisation,
                                        ll_scheme_name(self->scheme));

    return space ? ll_gateway_pseudonym(app->gateway, space, self->value, out, err) : ll_no_memory(err);
}

int ll_oidc_pseudonym(struct ll_app *app, struct ll_request *rq, struct ll_txn *tx, const char *subject,
                      const char *organisation, char out[44], struct ll_err *err)
{
    const struct ll_consent_env env = env_of(app, rq, tx);
    struct ll_consent_self self;
    int rc = ll_consent_subject(&env, subject, &self, err);

    return rc < 0 ? rc : pseudonym_of(app, rq, &self, organisation, out, err);
}

/* sub, and what the scopes open (Core 5.1; subject_kind and credit_code are our own). */
static int put_claims(struct ll_app *app, struct ll_request *rq, struct ll_txn *tx, const char *subject,
                      const char *organisation, unsigned scopes, struct ll_json *j, struct ll_err *err)
{
    const struct ll_consent_env env = env_of(app, rq, tx);
    struct ll_consent_self self;
    char sub[44];
    int rc = ll_consent_subject(&env, subject, &self, err);

    if (rc < 0 || (rc = pseudonym_of(app, rq, &self, organisation, sub, err)) < 0)
        return rc;
    ll_json_kz(j, "sub", sub);
    if (scopes & LL_PORTAL_PROFILE) {
        ll_json_kz(j, "name", self.title);
        ll_json_kz(j, "subject_kind", self.scheme == LL_ID_USCC ? "organisation" : "person");
    }
    if (scopes & LL_PORTAL_CREDIT_CODE && self.scheme == LL_ID_USCC)
        ll_json_ks(j, "credit_code", self.value);
    return LL_OK;
}

static int put_id_token(struct ll_app *app, struct ll_request *rq, struct ll_txn *tx,
                        const struct ll_portal_code *of, const char *organisation, struct ll_buf *claims,
                        struct ll_err *err)
{
    int64_t now = ll_now_ms() / 1000;
    struct ll_json j;
    int rc;

    ll_json_init(&j, claims);
    ll_json_obj(&j);
    ll_json_kz(&j, "iss", ll_oidc_issuer(rq));
    ll_json_kz(&j, "aud", of->ask.client);
    ll_json_ki(&j, "iat", now);
    ll_json_ki(&j, "exp", now + ID_TOKEN_S);
    ll_json_ki(&j, "auth_time", of->signed_in / 1000);
    if (of->ask.nonce)
        ll_json_kz(&j, "nonce", of->ask.nonce);
    rc = put_claims(app, rq, tx, of->subject, organisation, of->ask.scopes, &j, err);
    ll_json_end_obj(&j);
    return rc < 0 ? rc : claims->failed ? ll_no_memory(err) : LL_OK;
}

static int sign(struct ll_app *app, struct ll_str claims, struct ll_buf *out, struct ll_err *err)
{
    char id[LL_RING_ID];
    const struct ll_key *key;
    int rc = ll_keyring_signer(ll_journaling_keys(app->journaling), LL_FOR_CREDENTIAL, &key, id, err);

    return rc < 0 ? rc : ll_jws_sign(key, &(struct ll_jws_head){.typ = "JWT", .kid = id}, claims, out, err);
}

static int issue(struct ll_app *app, const struct ll_portal_code *of, const char *organisation,
                 char token[44], struct ll_err *err)
{
    char owner[LL_TOKEN_CLIENT];
    int n = snprintf(owner, sizeof owner, "%c%u %s %s", LL_TOKEN_PORTAL, of->ask.scopes, of->subject,
                     organisation);

    if (n < 0 || (size_t)n >= sizeof owner)
        return ll_fail(err, LL_INTERNAL, "机构编码过长", "an organisation's code is too long");
    return ll_tokens_issue(app->tokens, ll_str(owner), token, err);
}

int ll_oidc_reply(struct ll_app *app, struct ll_request *rq, const struct ll_portal_code *of,
                  const char *organisation, struct ll_err *err)
{
    struct ll_buf claims = LL_BUF_INIT(CLAIMS_MAX), jwt = LL_BUF_INIT(LL_JWS_MAX);
    struct ll_txn *tx = NULL;
    char token[44], words[64];
    int rc = ll_txn_begin(ll_data_store(app->data), false, &tx, err);

    if (rc == LL_OK && (rc = put_id_token(app, rq, tx, of, organisation, &claims, err)) == LL_OK &&
        (rc = sign(app, ll_buf_view(&claims), &jwt, err)) == LL_OK &&
        (rc = issue(app, of, organisation, token, err)) == LL_OK) {
        ll_portal_scopes_text(of->ask.scopes, words);
        ll_json_obj(&rq->json);
        ll_json_kz(&rq->json, "access_token", token);
        ll_json_kz(&rq->json, "token_type", "Bearer");
        ll_json_ki(&rq->json, "expires_in", LL_TOKEN_S);
        ll_json_kz(&rq->json, "scope", words);
        ll_json_ks(&rq->json, "id_token", ll_buf_view(&jwt));
        ll_json_end_obj(&rq->json);
    }
    ll_txn_end(tx);
    ll_buf_free(&claims);
    ll_buf_free(&jwt);
    return rc;
}

/* What issue() wrote: "7 SUBJECT ORGANISATION". */
static bool read_owner(struct ll_request *rq, unsigned *scopes, const char **subject,
                       const char **organisation)
{
    struct ll_str rest = ll_str(rq->actor.portal), bits, id;
    int64_t n;

    ll_str_cut(rest, ' ', &bits, &rest);
    ll_str_cut(rest, ' ', &id, &rest);
    if (!ll_str_i64(bits, 0, (1 << LL_PORTAL_SCOPE_COUNT) - 1, &n) || !id.n || !rest.n)
        return false;
    *scopes = (unsigned)n;
    return (*subject = ll_arena_dup(rq->arena, id)) && (*organisation = ll_arena_dup(rq->arena, rest));
}

int ll_oidc_userinfo(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *subject, *organisation;
    struct ll_txn *tx = NULL;
    unsigned scopes;
    int rc;

    if (!read_owner(rq, &scopes, &subject, &organisation))
        return ll_no_memory(err);
    if ((rc = ll_txn_begin(ll_data_store(app->data), false, &tx, err)) < 0)
        return rc;
    ll_json_obj(&rq->json);
    rc = put_claims(app, rq, tx, subject, organisation, scopes, &rq->json, err);
    ll_json_end_obj(&rq->json);
    ll_txn_end(tx);
    return rc;
}
