/* challenge.c - see challenge.h. */
#include "http/challenge.h"

#include "base/clock.h"
#include "crypto/base64.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

int ll_challenge_issue(struct ll_app *app, const char *use, unsigned char bytes[LL_DIGEST],
                       struct ll_passkey_ask *ask, struct ll_err *err)
{
    char token[44];
    int rc = ll_site(app, &ask->site, err);

    if (rc < 0 || (rc = ll_tokens_issue(app->tokens, ll_str(use), token, err)) < 0)
        return rc;
    if (!ll_base64_exact(ll_str(token), LL_BASE64_URL, bytes, LL_DIGEST))
        return ll_fail(err, LL_INTERNAL, "令牌不是 32 字节", "a token is not of 32 bytes");
    ask->challenge = bytes;
    ask->expires_at = ll_now_ms() + LL_TOKEN_S * INT64_C(1000);
    return LL_OK;
}

int ll_challenge_take(struct ll_app *app, const char *use, const struct ll_passkey *p,
                      unsigned char bytes[LL_DIGEST], struct ll_err *err)
{
    char owner[LL_TOKEN_CLIENT], text[64];
    json_t *data = json_loadb(p->client_data.p, p->client_data.n, 0, NULL);
    const char *challenge = json_string_value(json_object_get(data, "challenge"));

    snprintf(text, sizeof text, "%s", challenge ? challenge : "");
    json_decref(data);
    if (!ll_tokens_take(app->tokens, ll_str(text), owner) || strcmp(owner, use) != 0 ||
        !ll_base64_exact(ll_str(text), LL_BASE64_URL, bytes, LL_DIGEST))
        return ll_fail(err, LL_INVALID, "这次请求已过期或已用过，请重新开始",
                       "this request has expired or was used; begin again");
    return LL_OK;
}
