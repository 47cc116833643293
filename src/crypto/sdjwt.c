/* sdjwt.c - see sdjwt.h.  Issuing, taking apart and key binding; putting disclosures in their places is sdjwt_claims.c. */
#include "crypto/sdjwt_impl.h"

#include "crypto/claims.h"
#include "crypto/jwk.h"
#include "crypto/jws.h"
#include "crypto/random.h"
#include "crypto/strictjson.h"

#include <stdlib.h>
#include <string.h>

enum { SALT = 16, DISCLOSURE_MAX = 16384 };

void ll_sdjwt_digest(struct ll_str text, char out[LL_SDJWT_DIGEST])
{
    struct ll_buf b = LL_BUF_INIT(LL_SDJWT_DIGEST);
    unsigned char digest[LL_DIGEST];

    ll_sha256(text.p, text.n, digest);
    ll_base64_put(&b, LL_BASE64_URL, digest, sizeof digest);
    LL_ASSERT(b.n + 1 == LL_SDJWT_DIGEST);
    memcpy(out, b.p, LL_SDJWT_DIGEST);
    ll_buf_free(&b);
}

/* --- issuing -------------------------------------------------------------------------------------------------------- */

/* ["<salt>","<name>",<value>] as base64url. */
static int make_disclosure(const struct ll_sdjwt_claim *c, struct ll_buf *out, struct ll_err *err)
{
    struct ll_buf json = LL_BUF_INIT(DISCLOSURE_MAX);
    unsigned char salt[SALT];
    int rc = ll_random(salt, sizeof salt, err);

    ll_buf_z(&json, "[\"");
    ll_base64_put(&json, LL_BASE64_URL, salt, sizeof salt);
    ll_buf_z(&json, "\",");
    ll_buf_json(&json, ll_str(c->name));
    ll_buf_c(&json, ',');
    ll_buf_str(&json, c->json);
    ll_buf_c(&json, ']');
    ll_base64_put(out, LL_BASE64_URL, json.p, json.n);
    if (rc == LL_OK && (json.failed || out->failed))
        rc = ll_fail(err, LL_TOOBIG, "凭证内容过长", "the credential holds too much");
    ll_buf_free(&json);
    return rc;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* The digests are sorted, so that their order says nothing about the names. */
static int add_digests(json_t *claims, char (*digests)[LL_SDJWT_DIGEST], size_t n)
{
    json_t *list = json_array();

    qsort(digests, n, sizeof *digests, by_text);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_string(digests[i]));
    return json_object_set_new(claims, "_sd", list) |
           json_object_set_new(claims, "_sd_alg", json_string("sha-256"));
}

static int sign_claims(const struct ll_key *issuer, const char *kid, const json_t *claims, struct ll_buf *out,
                       struct ll_err *err)
{
    const struct ll_jws_head head = {"dc+sd-jwt", kid};
    char *text = json_dumps(claims, JSON_COMPACT);

    if (!text)
        return ll_no_memory(err);
    int rc = ll_jws_sign(issuer, &head, ll_str(text), out, err);
    free(text);
    return rc;
}

int ll_sdjwt_issue(const struct ll_key *issuer, const char *kid, json_t *claims,
                   const struct ll_sdjwt_claim *disclosable, size_t n, struct ll_buf *out, struct ll_err *err)
{
    char digests[LL_SDJWT_DISCLOSURES][LL_SDJWT_DIGEST];
    struct ll_buf tail = LL_BUF_INIT(LL_SDJWT_MAX);
    json_t *all = json_copy(claims); /* shallow */
    int rc = LL_OK;

    LL_ASSERT(n <= LL_SDJWT_DISCLOSURES);
    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        size_t from = tail.n;
        if ((rc = make_disclosure(&disclosable[i], &tail, err)) < 0)
            break;
        ll_sdjwt_digest((struct ll_str){tail.p + from, tail.n - from}, digests[i]);
        ll_buf_c(&tail, '~');
    }
    if (rc == LL_OK && (!all || (n && add_digests(all, digests, n) != 0)))
        rc = ll_no_memory(err);
    if (rc == LL_OK && (rc = sign_claims(issuer, kid, all, out, err)) == LL_OK) {
        ll_buf_c(out, '~');
        ll_buf_str(out, ll_buf_view(&tail));
        if (out->failed || tail.failed)
            rc = ll_no_memory(err);
    }
    json_decref(all);
    ll_buf_free(&tail);
    return rc;
}

/* --- taking apart --------------------------------------------------------------------------------------------------- */

static int malformed(struct ll_err *err)
{
    return ll_fail(err, LL_INVALID, "不是 SD-JWT 凭证", "not an SD-JWT credential");
}

static int split(struct ll_str text, struct ll_sdjwt_parts *p, struct ll_err *err)
{
    struct ll_str rest;

    *p = (struct ll_sdjwt_parts){0};
    if (text.n > LL_SDJWT_MAX)
        return ll_fail(err, LL_TOOBIG, "凭证超过 %d 字节", "a credential over %d bytes", (int)LL_SDJWT_MAX);
    if (!ll_str_cut(text, '~', &p->signed_claims, &rest))
        return malformed(err);
    for (struct ll_str one, after; ll_str_cut(rest, '~', &one, &after); rest = after) {
        if (p->n == LL_SDJWT_DISCLOSURES || !one.n)
            return malformed(err);
        p->disclosures[p->n++] = one;
    }
    p->binding = rest;
    p->bound = (struct ll_str){text.p, text.n - rest.n};
    return LL_OK;
}

int ll_sdjwt_hint(struct ll_str text, const char *member, struct ll_buf *out, struct ll_err *err)
{
    struct ll_sdjwt_parts p;
    struct ll_jws *t = NULL;
    int rc = split(text, &p, err);

    if (rc < 0 || (rc = ll_jws_parse(p.signed_claims, 0, &t, err)) < 0)
        return rc;
    ll_buf_str(out, ll_jws_hint(t, member));
    ll_jws_free(t);
    return out->failed ? ll_no_memory(err) : LL_OK;
}

/* --- key binding ---------------------------------------------------------------------------------------------------- */

static int check_binding_claims(const struct ll_jws *t, const struct ll_sdjwt_parts *p,
                                const struct ll_sdjwt_want *want, struct ll_err *err)
{
    const char *const audiences[] = {want->aud, NULL};
    const struct ll_claims_want claims = {.must = LL_CLAIM_AUD | LL_CLAIM_IAT,
                                          .audiences = audiences,
                                          .now_s = want->now_s,
                                          .skew_s = want->skew_s,
                                          .max_life_s = want->kb_life_s};
    struct ll_claims seen;
    char digest[LL_SDJWT_DIGEST];
    int rc = ll_claims_check(ll_jws_claims(t), &claims, &seen, err);

    if (rc < 0)
        return rc;
    ll_sdjwt_digest(p->bound, digest);
    if (!ll_json_is(ll_jws_claims(t), "sd_hash", digest))
        return ll_fail(err, LL_INVALID, "持有者签名的不是这份凭证", "the holder signed another presentation");
    if (!ll_json_is(ll_jws_claims(t), "nonce", want->nonce))
        return ll_fail(err, LL_INVALID, "持有者签名中的 nonce 不符",
                       "the holder's signature has another nonce");
    return LL_OK;
}

static int check_binding_by(const struct ll_key *holder, const struct ll_sdjwt_parts *p,
                            const struct ll_sdjwt_want *want, struct ll_err *err)
{
    struct ll_jws *t = NULL;
    int rc = ll_jws_parse(p->binding, 0, &t, err);

    if (rc < 0)
        return rc;
    if (!ll_jws_typ_is(t, "kb+jwt"))
        rc = ll_fail(err, LL_INVALID, "持有者签名的 typ 须为 kb+jwt", "a key binding has typ kb+jwt");
    if (rc == LL_OK && (rc = ll_jws_verify(t, holder, err)) == LL_OK)
        rc = check_binding_claims(t, p, want, err);
    ll_jws_free(t);
    return rc;
}

static int check_binding(const json_t *claims, const struct ll_sdjwt_parts *p,
                         const struct ll_sdjwt_want *want, struct ll_err *err)
{
    struct ll_key *holder = NULL;

    if (!want->nonce)
        return p->binding.n
                   ? ll_fail(err, LL_INVALID, "这里不接受持有者签名", "no key binding is expected here")
                   : LL_OK;
    if (!p->binding.n)
        return ll_fail(err, LL_INVALID, "缺少持有者签名", "the key binding is missing");
    const json_t *cnf = json_object_get(claims, "cnf");
    int rc = ll_jwk_read(json_object_get(cnf, "jwk"), LL_JWK_PUBLIC, &holder, err);
    if (rc == LL_OK)
        rc = check_binding_by(holder, p, want, err);
    ll_key_free(holder);
    return rc;
}

/* --- verifying ------------------------------------------------------------------------------------------------------ */

static int check_life(const json_t *claims, const struct ll_sdjwt_want *want, struct ll_err *err)
{
    const struct ll_claims_want life = {.now_s = want->now_s, .skew_s = want->skew_s};
    struct ll_claims seen;

    return ll_claims_check(claims, &life, &seen, err);
}

int ll_sdjwt_verify(struct ll_str text, const struct ll_key *issuer, const struct ll_sdjwt_want *want,
                    json_t **ret, struct ll_err *err)
{
    struct ll_sdjwt_parts p;
    struct ll_jws *t = NULL;
    json_t *claims = NULL;
    int rc = split(text, &p, err);

    if (rc < 0 || (rc = ll_jws_parse(p.signed_claims, 0, &t, err)) < 0)
        return rc;
    if (want->typ && !ll_jws_typ_is(t, want->typ))
        rc = ll_fail(err, LL_INVALID, "凭证的 typ 须为 %s", "the credential's typ must be %s", want->typ);
    if (rc == LL_OK && (rc = ll_jws_verify(t, issuer, err)) == LL_OK &&
        (rc = ll_sdjwt_unfold(ll_jws_claims(t), &p, &claims, err)) == LL_OK &&
        (rc = check_binding(claims, &p, want, err)) == LL_OK)
        rc = check_life(claims, want, err);
    ll_jws_free(t);
    if (rc < 0)
        json_decref(claims);
    else
        *ret = claims;
    return rc;
}
