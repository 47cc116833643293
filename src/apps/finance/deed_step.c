/* deed_step.c - see deed_step.h. */
#include "apps/finance/deed_step.h"

#include "base/json.h"
#include "crypto/base64.h"
#include "crypto/digest.h"
#include "crypto/hash.h"

#include <string.h>

int ll_deed_open(struct ll_str jws, struct ll_arena *arena, char kid[LL_DEED_KID + 1],
                 struct ll_str *ret_payload, struct ll_err *err)
{
    struct ll_buf payload = LL_BUF_INIT(LL_DEED_STATEMENT_MAX);
    struct ll_str header, claims, rest;
    unsigned char print[LL_DIGEST];
    struct ll_jws *t = NULL;
    int rc = ll_jws_parse(jws, LL_DEED_JWS_MAX, &t, err);

    if (rc < 0)
        return rc;
    struct ll_str said = ll_jws_hint(t, "kid");
    if (!ll_jws_typ_is(t, LL_DEED_TYP))
        rc = ll_fail(err, LL_INVALID, "签名的 typ 应为 %s", "a signature's typ is %s", LL_DEED_TYP);
    else if (said.n != LL_DEED_KID || !ll_base64_exact(said, LL_BASE64_URL, print, sizeof print))
        rc = ll_fail(err, LL_INVALID, "签名的 kid 应为公钥指纹（RFC 7638）",
                     "a signature's kid is the key's thumbprint (RFC 7638)");
    else {
        memcpy(kid, said.p, LL_DEED_KID);
        kid[LL_DEED_KID] = 0;
        ll_str_cut(jws, '.', &header, &rest);
        ll_str_cut(rest, '.', &claims, &rest);
        rc = ll_base64_get(claims, LL_BASE64_URL, &payload, err);
    }
    if (rc == LL_OK) {
        *ret_payload = (struct ll_str){ll_arena_dup(arena, ll_buf_view(&payload)), payload.n};
        rc = ret_payload->p ? LL_OK : ll_no_memory(err);
    }
    ll_buf_free(&payload);
    ll_jws_free(t);
    return rc;
}

int ll_deed_verify(struct ll_str jws, const struct ll_key *k, struct ll_err *err)
{
    struct ll_jws *t = NULL;
    int rc;

    if (ll_key_alg(k) != LL_ED25519 && ll_key_alg(k) != LL_SM2)
        return ll_fail(err, LL_INVALID, "单证以 Ed25519 或 SM2 密钥签署",
                       "deeds are signed with keys of Ed25519 or SM2");
    if ((rc = ll_jws_parse(jws, LL_DEED_JWS_MAX, &t, err)) == LL_OK)
        rc = ll_jws_verify(t, k, err);
    ll_jws_free(t);
    return rc;
}

void ll_deed_step_hash(const struct ll_deed_signature *list, size_t n, char out[LL_DEED_HASH + 1])
{
    struct ll_str part[1 + 4 * LL_DEED_ROLE_COUNT] = {LL_STR("luling-step/v1\n")};
    struct ll_buf text = LL_BUF_INIT(LL_DEED_HASH + 2);
    unsigned char hash[LL_DIGEST];
    size_t at = 1;

    LL_ASSERT(n <= LL_DEED_ROLE_COUNT);
    for (size_t i = 0; i < n; i++) {
        part[at++] = ll_str(list[i].organisation);
        part[at++] = LL_STR(" ");
        part[at++] = list[i].jws;
        part[at++] = LL_STR("\n");
    }
    ll_digest(LL_SHA256, part, at, hash);
    ll_base64_put(&text, LL_BASE64_URL, hash, sizeof hash);
    LL_ASSERT(text.n == LL_DEED_HASH);
    memcpy(out, text.p, LL_DEED_HASH + 1);
    ll_buf_free(&text);
}

/* Members in the order of their names: the canonical form. */
void ll_deed_put_entry(const char step[LL_DEED_HASH + 1], enum ll_deed_claim claim, const char *const *tags,
                       size_t n_tags, struct ll_buf *out)
{
    struct ll_json j;

    ll_json_init(&j, out);
    ll_json_obj(&j);
    if (claim != LL_CLAIM_NOTHING && n_tags) {
        ll_json_key(&j, claim == LL_CLAIM_TAKE ? "assets" : "freed");
        ll_json_arr(&j);
        for (size_t i = 0; i < n_tags; i++)
            ll_json_z(&j, tags[i]);
        ll_json_end_arr(&j);
    }
    ll_json_kz(&j, "step", step);
    ll_json_end_obj(&j);
}
