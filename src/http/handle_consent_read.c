/* handle_consent_read.c - consents listed and shown; handed out as credentials, with all that a verifier needs: the status lists, the
 * platform's public keys, and what a credential of ours means. */
#include "http/consenting.h"
#include "routes.gen.h"

#include "crypto/jwk.h"

#include <string.h>

/* A verifier that fetched the list trusts it for so long: a withdrawal reaches it within. */
enum { STATUS_TTL_S = 300 };

int ll_h_consents_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *subject = ll_arg(rq, LL_P_CONSENTS_LIST_SUBJECT)->s.p;
    struct ll_consent_query q = {.organisation = rq->only,
                                 .state = ll_arg(rq, LL_P_CONSENTS_LIST_STATE)->s.p,
                                 .sort = ll_arg(rq, LL_P_CONSENTS_LIST_SORT)->s.p,
                                 .offset = (size_t)ll_arg(rq, LL_P_CONSENTS_LIST_OFFSET)->i,
                                 .limit = (size_t)ll_arg(rq, LL_P_CONSENTS_LIST_LIMIT)->i};
    struct ll_consent_who who;
    struct ll_consent *list;
    struct ll_consenting c;
    int64_t total;
    size_t n;
    int rc = subject ? ll_consenting_detect(subject, &who, err) : LL_OK;

    if (rc < 0 || (rc = ll_consenting_open(app, rq, false, &c, err)) < 0)
        return rc;
    q.who = subject ? &who : NULL;
    if ((rc = ll_consent_list(&c.env, &q, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
        for (size_t i = 0; rc == LL_OK && i < n; i++)
            rc = ll_consent_json(&c.env, &list[i], &rq->json, err);
        ll_sharing_page_end(rq);
    }
    ll_consenting_close(&c);
    return rc;
}

/* Somebody else's is as good as none. */
static int get(struct ll_consenting *c, const struct ll_request *rq, const char *id, struct ll_consent *ret,
               struct ll_err *err)
{
    int rc = ll_consent_get(&c->env, id, ret, err);

    if (rc == LL_OK && rq->only && strcmp(rq->only, ret->organisation) != 0)
        rc = ll_fail(err, LL_NOTFOUND, "没有授权 %s", "no consent %s", id);
    return rc;
}

int ll_h_consent_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consenting c;
    struct ll_consent v;
    int rc = ll_consenting_open(app, rq, false, &c, err);

    if (rc < 0)
        return rc;
    if ((rc = get(&c, rq, ll_arg(rq, LL_P_CONSENT_SHOW_ID)->s.p, &v, err)) == LL_OK)
        rc = ll_consent_json(&c.env, &v, &rq->json, err);
    ll_consenting_close(&c);
    return rc;
}

int ll_h_consent_evidence(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_CONSENT_EVIDENCE_ID)->s.p;
    struct ll_consenting c;
    struct ll_consent v;
    int rc = ll_consenting_open(app, rq, false, &c, err);

    if (rc < 0)
        return rc;
    if ((rc = get(&c, rq, id, &v, err)) == LL_OK)
        rc = ll_consent_evidence(&c.env, id, ll_arg(rq, LL_P_CONSENT_EVIDENCE_ACT)->s.p, &rq->out, err);
    ll_consenting_close(&c);
    return rc;
}

/* --- credentials -------------------------------------------------------------------------------------------------------- */

/* {"holder": JWK}: whose key the credential is bound to; {} for a bearer's. */
static int read_holder(struct ll_request *rq, struct ll_key **ret, struct ll_err *err)
{
    struct ll_body b;
    int rc = LL_OK;

    ll_body_open(&b, rq, err);
    const json_t *jwk = ll_body_any(&b, "holder", false);
    if (jwk)
        rc = ll_jwk_read(jwk, LL_JWK_PUBLIC, ret, err);
    if (rc < 0)
        b.rc = rc;
    return ll_body_end(&b);
}

int ll_h_consent_credential(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_CONSENT_CREDENTIAL_ID)->s.p;
    struct ll_key *holder = NULL;
    struct ll_consenting c;
    struct ll_consent v;
    int rc = read_holder(rq, &holder, err);

    if (rc == LL_OK && (rc = ll_consenting_open(app, rq, false, &c, err)) == LL_OK) {
        if ((rc = get(&c, rq, id, &v, err)) == LL_OK)
            rc = ll_consent_credential(&c.env, id, c.site->origin, holder, &rq->out, err);
        ll_consenting_close(&c);
    }
    ll_key_free(holder);
    rq->type = "application/dc+sd-jwt";
    return rc;
}

int ll_h_status_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consenting c;
    int rc = ll_site_limit(app, rq, err);

    if (rc < 0 || (rc = ll_consenting_open(app, rq, false, &c, err)) < 0)
        return rc;
    rc = ll_consent_status_list(&c.env, ll_arg(rq, LL_P_STATUS_LIST_N)->i, c.site->origin, STATUS_TTL_S,
                                &rq->out, err);
    ll_consenting_close(&c);
    rq->type = "application/statuslist+jwt";
    return rc;
}

/* --- what verifiers need ------------------------------------------------------------------------------------------------ */

/* The keys of these purposes sign what is verified by JWK; the journal's are in its policy. */
static const enum ll_purpose published[] = {LL_FOR_CREDENTIAL, LL_FOR_ANSWER, LL_FOR_ANSWER_SM2};

static bool is_published(const struct ll_ring_key *k)
{
    for (size_t i = 0; k->key && k->state != LL_RING_RETIRED && i < LL_COUNT(published); i++)
        if (k->purpose == published[i])
            return true;
    return false;
}

int ll_h_jwks(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_keyring *keys = ll_journaling_keys(app->journaling);
    const struct ll_key *made;
    struct ll_ring_key k;
    int rc = ll_keyring_refresh(keys, err); /* another process may have rotated one */

    for (size_t i = 0; rc == LL_OK && i < LL_COUNT(published); i++)
        rc = ll_keyring_signer(keys, published[i], &made, NULL, err);
    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_key(&rq->json, "keys");
    ll_json_arr(&rq->json);
    for (size_t i = 0; ll_keyring_at(keys, i, &k); i++)
        if (is_published(&k))
            ll_jwk_put(k.key, k.id, &rq->json);
    ll_json_end_arr(&rq->json);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

/* SD-JWT VC, 5: where the issuer's keys are. */
int ll_h_vc_issuer(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_site *site;
    int rc = ll_site(app, &site, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "issuer", site->origin);
    ll_json_kz(&rq->json, "jwks_uri", ll_arena_printf(rq->arena, "%s/.well-known/jwks.json", site->origin));
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

static const struct {
    const char *claim, *zh, *en;
    bool hidden; /* disclosed at the holder's choice */
} claims[] = {
    {"subject", "授权人标识", "the subject's identifier", true},
    {"subject_scheme", "授权人标识的种类", "what kind of identifier that is", true},
    {"grantee", "被授权机构", "the organisation that may look", false},
    {"purpose", "用途", "for what", false},
    {"dataset", "可以查询的资源与信息项", "the resources and items it may look at", false},
    {"max_uses", "次数上限，0 为不限", "how often at most, 0 for any number", false},
    {"kind", "授权方式", "how the subject consented", false},
    {"text_sha256", "所签文本的 SHA-256", "SHA-256 of the text that was signed", false},
};

static void put_display(struct ll_json *j, const char *key, const char *zh, const char *en)
{
    ll_json_key(j, "display");
    ll_json_arr(j);
    ll_json_obj(j);
    ll_json_kz(j, "locale", "zh-CN");
    ll_json_kz(j, key, zh);
    ll_json_end_obj(j);
    ll_json_obj(j);
    ll_json_kz(j, "locale", "en");
    ll_json_kz(j, key, en);
    ll_json_end_obj(j);
    ll_json_end_arr(j);
}

/* SD-JWT VC, 6: what a credential of our type says. */
int ll_h_vct(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_json *j = &rq->json;
    const struct ll_site *site;
    int rc = ll_site(app, &site, err);

    if (rc < 0)
        return rc;
    ll_json_obj(j);
    ll_json_kz(j, "vct", ll_arena_printf(rq->arena, "%s%s", site->origin, rq->route->path));
    ll_json_kz(j, "name", "data consent");
    put_display(j, "name", "数据查询授权书", "Consent to look at data");
    ll_json_key(j, "claims");
    ll_json_arr(j);
    for (size_t i = 0; i < LL_COUNT(claims); i++) {
        ll_json_obj(j);
        ll_json_key(j, "path");
        ll_json_arr(j);
        ll_json_z(j, claims[i].claim);
        ll_json_end_arr(j);
        put_display(j, "label", claims[i].zh, claims[i].en);
        ll_json_kz(j, "sd", claims[i].hidden ? "always" : "never");
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
    return LL_OK;
}
