/* tool_sdjwt.c - credentials with selective disclosure, and status lists. */
#include "tool.h"

#include "crypto/jwk.h"
#include "crypto/sdjwt.h"
#include "crypto/statuslist.h"

#include <stdlib.h>

static int key_of(const json_t *in, enum ll_jwk_half half, struct ll_key **ret, struct ll_err *err)
{
    return ll_jwk_read(json_object_get(in, "jwk"), half, ret, err);
}

static int64_t number(const json_t *in, const char *name)
{
    return json_integer_value(json_object_get(in, name));
}

/* {"claims": {...}, "disclosable": {"name": value, ...}} */
int tool_sdjwt_issue(const json_t *in, json_t *out, struct ll_err *err)
{
    struct ll_sdjwt_claim claims[LL_SDJWT_DISCLOSURES];
    struct ll_buf text = LL_BUF_INIT(LL_SDJWT_MAX);
    struct ll_key *k = NULL;
    const char *name;
    json_t *v;
    size_t n = 0;
    int rc = key_of(in, LL_JWK_PRIVATE, &k, err);

    json_object_foreach(json_object_get(in, "disclosable"), name, v)
        claims[n++] = (struct ll_sdjwt_claim){name, ll_str(json_dumps(v, JSON_ENCODE_ANY))};
    if (rc == LL_OK &&
        (rc = ll_sdjwt_issue(k, "k1", json_object_get(in, "claims"), claims, n, &text, err)) == LL_OK)
        tool_put(out, "sdjwt", ll_buf_view(&text));
    while (n)
        free((void *)(uintptr_t)claims[--n].json.p);
    ll_buf_free(&text);
    ll_key_free(k);
    return rc;
}

int tool_sdjwt_verify(const json_t *in, json_t *out, struct ll_err *err)
{
    const struct ll_sdjwt_want want = {
        tool_text(in, "typ").p, tool_text(in, "aud").p, tool_text(in, "nonce").p, number(in, "now"), 10, 300};
    struct ll_key *k = NULL;
    json_t *claims = NULL;
    int rc = key_of(in, LL_JWK_PUBLIC, &k, err);

    if (rc == LL_OK && (rc = ll_sdjwt_verify(tool_text(in, "sdjwt"), k, &want, &claims, err)) == LL_OK)
        json_object_set_new(out, "claims", claims);
    ll_key_free(k);
    return rc;
}

/* {"set": [[index, status], ...]} in a list that is valid otherwise */
int tool_status_issue(const json_t *in, json_t *out, struct ll_err *err)
{
    const struct ll_status_head h = {tool_text(in, "uri").p,   "k1", number(in, "now"),
                                     number(in, "now") + 3600, 600,  LL_STATUS_BITS};
    unsigned char *list = calloc(1, LL_STATUS_BYTES);
    struct ll_buf token = LL_BUF_INIT(1 << 17);
    struct ll_key *k = NULL;
    size_t i;
    json_t *one;
    int rc = key_of(in, LL_JWK_PRIVATE, &k, err);

    json_array_foreach(json_object_get(in, "set"), i, one) ll_status_set(
        list, LL_STATUS_BITS, (size_t)json_integer_value(json_array_get(one, 0)) % LL_STATUS_ENTRIES,
        (unsigned)json_integer_value(json_array_get(one, 1)));
    if (rc == LL_OK && (rc = ll_status_issue(k, &h, list, LL_STATUS_BYTES, &token, err)) == LL_OK)
        tool_put(out, "token", ll_buf_view(&token));
    free(list);
    ll_buf_free(&token);
    ll_key_free(k);
    return rc;
}

int tool_status_read(const json_t *in, json_t *out, struct ll_err *err)
{
    struct ll_key *k = NULL;
    unsigned status = 0;
    int rc = key_of(in, LL_JWK_PUBLIC, &k, err);

    if (rc == LL_OK &&
        (rc = ll_status_read(tool_text(in, "token"), k, tool_text(in, "uri").p, number(in, "now"),
                             (size_t)number(in, "at"), &status, err)) == LL_OK)
        json_object_set_new(out, "status", json_integer(status));
    ll_key_free(k);
    return rc;
}
