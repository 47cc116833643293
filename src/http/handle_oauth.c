/* handle_oauth.c - tokens for clients, which prove who they are with a signed assertion (RFC 7523): client credentials (RFC 6749, 4.4), or the code of a subject who
 * signed in for a portal (4.1.3); and the metadata by which libraries find it (RFC 8414, OpenID Connect Discovery 1.0).
 *
 * Every refusal is of the form of RFC 6749, 5.2, and says no more than the standard's word for it: what exactly is wrong with an
 * assertion is written to the log, for whoever runs the platform. */
#include "http/oidc.h"
#include "routes.gen.h"
#include "share/client.h"

#include "base/clock.h"
#include "base/log.h"
#include "crypto/claims.h"
#include "crypto/jwk.h"
#include "crypto/jws.h"

#include <string.h>

enum { ASSERTION_MOST = 8192, SKEW_S = 30, LIFE_S = 300 };

static const char assertion_type[] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/* The parameters that we know, of application/x-www-form-urlencoded; each at most once. */
struct form {
    struct ll_str grant_type, client_id, client_assertion_type, client_assertion, code, redirect_uri,
        code_verifier;
};

static const struct {
    const char *name;
    size_t offset;
} parameters[] = {
    {"grant_type", offsetof(struct form, grant_type)},
    {"client_id", offsetof(struct form, client_id)},
    {"client_assertion_type", offsetof(struct form, client_assertion_type)},
    {"client_assertion", offsetof(struct form, client_assertion)},
    {"code", offsetof(struct form, code)},
    {"redirect_uri", offsetof(struct form, redirect_uri)},
    {"code_verifier", offsetof(struct form, code_verifier)},
};

/* Unknown parameters are passed over, as RFC 6749, 3.2 asks. */
static int read_form(struct ll_request *rq, struct form *f, struct ll_err *err)
{
    struct ll_str rest = rq->body, pair, name, value;
    int rc;

    while (rest.n) {
        ll_str_cut(rest, '&', &pair, &rest);
        ll_str_cut(pair, '=', &name, &value);
        for (size_t i = 0; i < LL_COUNT(parameters); i++) {
            struct ll_str *to = (struct ll_str *)(void *)((char *)f + parameters[i].offset);
            if (!ll_str_is(name, parameters[i].name))
                continue;
            if (to->p)
                return ll_fail(err, LL_USAGE, "%s 重复", "%s is given twice", parameters[i].name);
            if ((rc = ll_url_decode(rq->arena, value, true, parameters[i].name, to, err)) < 0)
                return rc;
        }
    }
    return LL_OK;
}

static int refuse(struct ll_request *rq, unsigned status, const char *error, const char *why)
{
    rq->status = status;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "error", error);
    ll_json_kz(&rq->json, "error_description", why);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

static int verify_with(struct ll_jws *t, const struct ll_client *c, struct ll_err *err)
{
    struct ll_str kid = ll_jws_hint(t, "kid");
    int rc = ll_fail(err, LL_INVALID, "没有一把启用的公钥验证得过",
                     "no enabled key of the client verifies it");

    for (size_t i = 0; i < c->n_keys && rc < 0; i++) {
        struct ll_key *k = NULL;
        if (strcmp(c->keys[i].state, "active") != 0 || (kid.p && !ll_str_is(kid, c->keys[i].kid)))
            continue;
        if ((rc = ll_jwk_parse(ll_str(c->keys[i].jwk), LL_JWK_PUBLIC, &k, err)) == LL_OK)
            rc = ll_jws_verify(t, k, err);
        ll_key_free(k);
    }
    return rc;
}

/* Ours as an audience: the issuer, or the token endpoint itself (RFC 7523, 3). */
static int check_assertion(struct ll_app *app, struct ll_request *rq, struct ll_jws *t, struct ll_client *c,
                           struct ll_err *err)
{
    const char *base = ll_oidc_issuer(rq),
               *audiences[] = {base, ll_arena_printf(rq->arena, "%s/oauth/token", base), NULL};
    struct ll_claims_want want = {.must = LL_CLAIM_ISS | LL_CLAIM_SUB | LL_CLAIM_AUD | LL_CLAIM_EXP |
                                          LL_CLAIM_JTI,
                                  .audiences = audiences,
                                  .now_s = ll_now_ms() / 1000,
                                  .skew_s = SKEW_S,
                                  .max_life_s = LIFE_S};
    struct ll_str id = ll_jws_hint(t, "sub");
    struct ll_claims claims;
    int rc;

    if (!id.p || id.n > LL_CLIENT_ID_MOST)
        return ll_fail(err, LL_INVALID, "断言没有 sub", "the assertion has no sub");
    if ((rc = ll_client_get(ll_data_store(app->data), id, rq->arena, c, err)) < 0 ||
        (rc = verify_with(t, c, err)) < 0)
        return rc;
    if (strcmp(c->state, "active") != 0)
        return ll_fail(err, LL_DENIED, "系统 %s 未启用", "the client %s is not enabled", c->id);
    want.text[LL_CLAIM_AT_ISS] = want.text[LL_CLAIM_AT_SUB] = c->id;
    if ((rc = ll_claims_check(ll_jws_claims(t), &want, &claims, err)) < 0)
        return rc;
    return ll_client_use_jti(ll_data_store(app->data), ll_str(c->id), claims.text[LL_CLAIM_AT_JTI],
                             (claims.time[LL_CLAIM_AT_EXP] + SKEW_S) * 1000, err);
}

/* Fills *c when the assertion is good; *err says why not. */
static int authenticate(struct ll_app *app, struct ll_request *rq, const struct form *f, struct ll_client *c,
                        struct ll_err *err)
{
    struct ll_jws *t = NULL;
    int rc = ll_jws_parse(f->client_assertion, ASSERTION_MOST, &t, err);

    if (rc == LL_OK)
        rc = check_assertion(app, rq, t, c, err);
    if (rc == LL_OK && f->client_id.p && !ll_str_is(f->client_id, c->id))
        rc = ll_fail(err, LL_INVALID, "client_id 与断言不符", "client_id is not that of the assertion");
    ll_jws_free(t);
    return rc;
}

static int for_client(struct ll_app *app, struct ll_request *rq, const struct form *f,
                      const struct ll_client *c, struct ll_err *err)
{
    char token[44];
    int rc = ll_tokens_issue(app->tokens, ll_str(c->id), token, err);

    (void)f;
    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "access_token", token);
    ll_json_kz(&rq->json, "token_type", "Bearer");
    ll_json_ki(&rq->json, "expires_in", LL_TOKEN_S);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

static int for_subject(struct ll_app *app, struct ll_request *rq, const struct form *f,
                       const struct ll_client *c, struct ll_err *err)
{
    struct ll_portal_code of;

    if (!f->code.p || !f->redirect_uri.p || !f->code_verifier.p)
        return refuse(rq, 400, "invalid_request", "code, redirect_uri and code_verifier are needed");
    if (ll_codes_use(app->codes, f->code, c->id, f->redirect_uri, f->code_verifier, rq->arena, &of, err) <
        0) {
        ll_log(LL_WARN, "oauth", "%s: code refused: %s", rq->id, err->en);
        return refuse(rq, 400, "invalid_grant", "the code is not accepted");
    }
    return ll_oidc_reply(app, rq, &of, c->organisation, err);
}

static const struct {
    const char *type;
    int (*give)(struct ll_app *app, struct ll_request *rq, const struct form *f, const struct ll_client *c,
                struct ll_err *err);
} grants[] = {{"client_credentials", for_client}, {"authorization_code", for_subject}};

static size_t grant_of(struct ll_str type)
{
    size_t i = 0;

    while (i < LL_COUNT(grants) && !(type.p && ll_str_is(type, grants[i].type)))
        i++;
    return i;
}

int ll_h_oauth_token(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct form f = {.grant_type = {NULL, 0}};
    struct ll_client c = {.id = NULL};

    if (read_form(rq, &f, err) < 0)
        return refuse(rq, 400, "invalid_request", "malformed parameters");
    size_t grant = grant_of(f.grant_type);
    if (grant == LL_COUNT(grants))
        return refuse(rq, 400, "unsupported_grant_type",
                      "the grant type is client_credentials or authorization_code");
    if (!f.client_assertion.p || !ll_str_is(f.client_assertion_type, assertion_type))
        return refuse(rq, 401, "invalid_client", "a client_assertion of type jwt-bearer is needed");
    if (authenticate(app, rq, &f, &c, err) < 0) {
        ll_log(LL_WARN, "oauth", "%s: assertion refused: %s", rq->id, err->en);
        return refuse(rq, 401, "invalid_client", "the assertion is not accepted");
    }
    return grants[grant].give(app, rq, &f, &c, err);
}

static void put_list(struct ll_json *j, const char *key, const char *const *list, size_t n)
{
    ll_json_key(j, key);
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++)
        ll_json_z(j, list[i]);
    ll_json_end_arr(j);
}

/* One text for both: what Discovery asks for beyond RFC 8414 does that no harm. */
static void put_metadata(struct ll_request *rq)
{
    static const char *const types[] = {"client_credentials", "authorization_code"},
                             *const methods[] = {"private_key_jwt"}, *const code[] = {"code"},
                             *const pairwise[] = {"pairwise"}, *const es256[] = {"ES256"},
                             *const s256[] = {"S256"};
    static const char *const algs[] = {"EdDSA", "Ed25519", "ES256", "SM2-SM3"};
    const char *base = ll_oidc_issuer(rq), *scopes[LL_PORTAL_SCOPE_COUNT];
    struct ll_json *j = &rq->json;

    for (int i = 0; i < LL_PORTAL_SCOPE_COUNT; i++)
        scopes[i] = ll_portal_scope_word((enum ll_portal_scope_at)i);
    ll_json_obj(j);
    ll_json_kz(j, "issuer", base);
    ll_json_kz(j, "token_endpoint", ll_arena_printf(rq->arena, "%s/oauth/token", base));
    ll_json_kz(j, "authorization_endpoint", ll_arena_printf(rq->arena, "%s/authorize", base));
    ll_json_kz(j, "userinfo_endpoint", ll_arena_printf(rq->arena, "%s/oauth/userinfo", base));
    ll_json_kz(j, "jwks_uri", ll_arena_printf(rq->arena, "%s/.well-known/jwks.json", base));
    put_list(j, "grant_types_supported", types, LL_COUNT(types));
    put_list(j, "response_types_supported", code, 1);
    put_list(j, "scopes_supported", scopes, LL_COUNT(scopes));
    put_list(j, "subject_types_supported", pairwise, 1);
    put_list(j, "id_token_signing_alg_values_supported", es256, 1);
    put_list(j, "code_challenge_methods_supported", s256, 1);
    put_list(j, "token_endpoint_auth_methods_supported", methods, 1);
    put_list(j, "token_endpoint_auth_signing_alg_values_supported", algs, LL_COUNT(algs));
    ll_json_kb(j, "authorization_response_iss_parameter_supported", true);
    ll_json_end_obj(j);
}

int ll_h_oauth_metadata(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    (void)app, (void)err;
    put_metadata(rq);
    return LL_OK;
}

int ll_h_oidc_metadata(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_h_oauth_metadata(app, rq, err);
}
