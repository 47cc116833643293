/* statuslist.c - see statuslist.h. */
#include "crypto/statuslist.h"

#include "base/json.h"
#include "crypto/base64.h"
#include "crypto/claims.h"
#include "crypto/jws.h"
#include "crypto/strictjson.h"

#include <stdlib.h>
#include <zlib.h>

enum { BEST = 9, SKEW_S = 60 };

void ll_status_set(unsigned char *list, unsigned bits, size_t at, unsigned status)
{
    size_t bit = at * bits;
    unsigned mask = ((1u << bits) - 1) << (bit % 8);

    list[bit / 8] = (unsigned char)((list[bit / 8] & ~mask) | (status << (bit % 8) & mask));
}

unsigned ll_status_get(const unsigned char *list, unsigned bits, size_t at)
{
    size_t bit = at * bits;

    return list[bit / 8] >> (bit % 8) & ((1u << bits) - 1);
}

static int deflate_all(const unsigned char *list, size_t n, struct ll_buf *out, struct ll_err *err)
{
    uLongf size = compressBound(n);

    if (!ll_buf_reserve(out, size) || compress2((Bytef *)out->p, &size, list, n, BEST) != Z_OK)
        return ll_no_memory(err);
    out->n = size;
    return LL_OK;
}

static void put_claims(const struct ll_status_head *h, const struct ll_buf *packed, struct ll_buf *out)
{
    struct ll_buf lst = LL_BUF_INIT(LL_JWS_MAX);
    struct ll_json j;

    ll_base64_put(&lst, LL_BASE64_URL, packed->p, packed->n);
    ll_json_init(&j, out);
    ll_json_obj(&j);
    ll_json_kz(&j, "sub", h->uri);
    ll_json_ki(&j, "iat", h->iat_s);
    ll_json_ki(&j, "exp", h->exp_s);
    ll_json_ki(&j, "ttl", h->ttl_s);
    ll_json_key(&j, "status_list");
    ll_json_obj(&j);
    ll_json_ki(&j, "bits", h->bits);
    ll_json_ks(&j, "lst", ll_buf_view(&lst));
    ll_json_end_obj(&j);
    ll_json_end_obj(&j);
    out->failed |= lst.failed;
    ll_buf_free(&lst);
}

int ll_status_issue(const struct ll_key *issuer, const struct ll_status_head *h, const unsigned char *list,
                    size_t n, struct ll_buf *out, struct ll_err *err)
{
    const struct ll_jws_head head = {"statuslist+jwt", h->kid};
    struct ll_buf packed = LL_BUF_INIT(2 * LL_STATUS_BYTES_MAX), claims = LL_BUF_INIT(LL_JWS_MAX);
    int rc = deflate_all(list, n, &packed, err);

    if (rc == LL_OK) {
        put_claims(h, &packed, &claims);
        rc = claims.failed ? ll_fail(err, LL_TOOBIG, "状态列表过长", "the status list is too long")
                           : ll_jws_sign(issuer, &head, ll_buf_view(&claims), out, err);
    }
    ll_buf_free(&packed);
    ll_buf_free(&claims);
    return rc;
}

/* --- reading -------------------------------------------------------------------------------------------------------- */

static int malformed(struct ll_err *err)
{
    return ll_fail(err, LL_INVALID, "不是状态列表", "not a status list");
}

/* At most LL_STATUS_BYTES_MAX bytes, however small they were packed. */
static int inflate_all(const struct ll_buf *packed, unsigned char **ret, size_t *ret_n, struct ll_err *err)
{
    unsigned char *list = malloc(LL_STATUS_BYTES_MAX);
    uLongf n = LL_STATUS_BYTES_MAX;

    if (!list)
        return ll_no_memory(err);
    if (uncompress(list, &n, (const Bytef *)packed->p, packed->n) != Z_OK) {
        free(list);
        return malformed(err);
    }
    *ret = list;
    *ret_n = n;
    return LL_OK;
}

static int read_entry(const json_t *status, size_t at, unsigned *ret, struct ll_err *err)
{
    struct ll_buf packed = LL_BUF_INIT(LL_JWS_MAX);
    json_int_t bits = json_integer_value(json_object_get(status, "bits"));
    unsigned char *list = NULL;
    size_t n = 0;

    if (bits != 1 && bits != 2 && bits != 4 && bits != 8)
        return malformed(err);
    int rc = ll_base64_get(ll_json_member(status, "lst"), LL_BASE64_URL, &packed, err);
    if (rc == LL_OK && (rc = inflate_all(&packed, &list, &n, err)) == LL_OK) {
        if (at >= n * 8 / (size_t)bits)
            rc = ll_fail(err, LL_NOTFOUND, "状态列表没有第 %zu 项", "the status list has no entry %zu", at);
        else
            *ret = ll_status_get(list, (unsigned)bits, at);
    }
    free(list);
    ll_buf_free(&packed);
    return rc;
}

int ll_status_read(struct ll_str token, const struct ll_key *issuer, const char *uri, int64_t now_s,
                   size_t at, unsigned *ret, struct ll_err *err)
{
    const struct ll_claims_want want = {.must = LL_CLAIM_SUB | LL_CLAIM_IAT,
                                        .text = {[LL_CLAIM_AT_SUB] = uri},
                                        .now_s = now_s,
                                        .skew_s = SKEW_S};
    struct ll_claims claims;
    struct ll_jws *t = NULL;
    int rc = ll_jws_parse(token, 0, &t, err);

    if (rc < 0)
        return rc;
    if (!ll_jws_typ_is(t, "statuslist+jwt"))
        rc = malformed(err);
    if (rc == LL_OK && (rc = ll_jws_verify(t, issuer, err)) == LL_OK &&
        (rc = ll_claims_check(ll_jws_claims(t), &want, &claims, err)) == LL_OK)
        rc = read_entry(json_object_get(ll_jws_claims(t), "status_list"), at, ret, err);
    ll_jws_free(t);
    return rc;
}
