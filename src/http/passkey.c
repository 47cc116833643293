/* passkey.c - see passkey.h. */
#include "http/passkey.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "crypto/strictjson.h"
#include "http/body.h"

#include <string.h>

enum {
    AUTH_DATA_MOST = 4096,
    SIGNATURE_MOST = 1024,
    NAME_MOST = 64,
    HANDLE_MOST = 88,
    ID_TEXT = LL_CREDENTIAL_ID_MAX * 4 / 3 + 2
};

static const struct {
    enum ll_passkey_act act;
    const char *name;
    size_t offset, most;
} parts[] = {
    {LL_PASSKEY_CREATE, "clientDataJSON", offsetof(struct ll_passkey, client_data), LL_CLIENT_DATA_MAX},
    {LL_PASSKEY_CREATE, "attestationObject", offsetof(struct ll_passkey, attestation), LL_ATTESTATION_MAX},
    {LL_PASSKEY_GET, "clientDataJSON", offsetof(struct ll_passkey, client_data), LL_CLIENT_DATA_MAX},
    {LL_PASSKEY_GET, "authenticatorData", offsetof(struct ll_passkey, auth_data), AUTH_DATA_MOST},
    {LL_PASSKEY_GET, "signature", offsetof(struct ll_passkey, signature), SIGNATURE_MOST},
};

static int read_part(const json_t *response, size_t at, struct ll_arena *arena, struct ll_passkey *p,
                     struct ll_err *err)
{
    struct ll_str *to = (struct ll_str *)(void *)((char *)p + parts[at].offset);
    struct ll_buf bytes = LL_BUF_INIT(parts[at].most);
    int rc = ll_base64_get(ll_json_member(response, parts[at].name), LL_BASE64_URL, &bytes, err);

    if (rc < 0)
        rc = ll_fail(err, LL_USAGE, "通行密钥的 %s 不是 base64url，或过长",
                     "the passkey's %s is no base64url, or too long", parts[at].name);
    else if (!(to->p = ll_arena_dup(arena, ll_buf_view(&bytes))))
        rc = ll_no_memory(err);
    to->n = bytes.n;
    ll_buf_free(&bytes);
    return rc;
}

static int read_handle(const json_t *response, struct ll_arena *arena, struct ll_passkey *p,
                       struct ll_err *err)
{
    struct ll_str handle = ll_json_member(response, "userHandle");

    if (!handle.n)
        return LL_OK;
    if (handle.n > HANDLE_MOST)
        return ll_fail(err, LL_USAGE, "通行密钥的 userHandle 过长", "the passkey's userHandle is too long");
    return (p->handle = ll_arena_dup(arena, handle)) ? LL_OK : ll_no_memory(err);
}

int ll_passkey_read(struct ll_request *rq, enum ll_passkey_act act, struct ll_passkey *ret,
                    struct ll_err *err)
{
    static const char *const passed_over[] = {"rawId", "authenticatorAttachment", "clientExtensionResults"};
    struct ll_body b;
    bool create = act != LL_PASSKEY_GET;
    int rc = LL_OK;

    *ret = (struct ll_passkey){0};
    ll_body_open(&b, rq, err);
    ret->id = ll_body_text(&b, "id", 1, ID_TEXT, true);
    const char *type = ll_body_text(&b, "type", 1, 32, true);
    const json_t *response = ll_body_any(&b, "response", true);
    for (size_t i = 0; i < LL_COUNT(passed_over); i++)
        (void)ll_body_any(&b, passed_over[i], false);
    if (create)
        ret->name = ll_body_text(&b, "name", 1, NAME_MOST, false);
    if (act == LL_PASSKEY_INVITED)
        ret->token = ll_body_text(&b, "token", 1, 64, true);
    for (size_t i = 0; response && rc == LL_OK && i < LL_COUNT(parts); i++)
        if ((parts[i].act == LL_PASSKEY_CREATE) == create)
            rc = read_part(response, i, rq->arena, ret, err);
    if (!create && response && rc == LL_OK)
        rc = read_handle(response, rq->arena, ret, err);
    if (rc < 0) {
        b.rc = rc;
        return ll_body_end(&b);
    }
    if ((rc = ll_body_end(&b)) < 0)
        return rc;
    return strcmp(type, "public-key") == 0
               ? LL_OK
               : ll_fail(err, LL_USAGE, "type 应为 public-key", "type must be public-key");
}

/* --- what is asked ------------------------------------------------------------------------------------------------------ */

static void put_ids(struct ll_json *j, const char *key, const struct ll_passkey_ask *ask)
{
    ll_json_key(j, key);
    ll_json_arr(j);
    for (size_t i = 0; i < ask->n_ids; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "type", "public-key");
        ll_json_kz(j, "id", ask->ids[i]);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static void put_creation(struct ll_json *j, const struct ll_passkey_ask *ask)
{
    static const int algorithms[] = {-7, -8, -257}; /* ES256, EdDSA, RS256 */

    ll_json_key(j, "rp");
    ll_json_obj(j);
    ll_json_kz(j, "id", ask->site->rp_id);
    ll_json_kz(j, "name", ask->rp_name);
    ll_json_end_obj(j);
    ll_json_key(j, "user");
    ll_json_obj(j);
    ll_json_kz(j, "id", ask->user_id);
    ll_json_kz(j, "name", ask->user_name);
    ll_json_kz(j, "displayName", ask->user_title ? ask->user_title : ask->user_name);
    ll_json_end_obj(j);
    ll_json_key(j, "pubKeyCredParams");
    ll_json_arr(j);
    for (size_t i = 0; i < LL_COUNT(algorithms); i++) {
        ll_json_obj(j);
        ll_json_kz(j, "type", "public-key");
        ll_json_ki(j, "alg", algorithms[i]);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_key(j, "authenticatorSelection");
    ll_json_obj(j);
    ll_json_kz(j, "residentKey", ask->discoverable ? "required" : "preferred");
    ll_json_kz(j, "userVerification", "required");
    ll_json_end_obj(j);
    ll_json_kz(j, "attestation", "none");
    put_ids(j, "excludeCredentials", ask);
}

void ll_passkey_put(struct ll_json *j, enum ll_passkey_act act, const struct ll_passkey_ask *ask)
{
    struct ll_buf challenge = LL_BUF_INIT(64);

    ll_base64_put(&challenge, LL_BASE64_URL, ask->challenge, LL_DIGEST);
    ll_json_key(j, "publicKey");
    ll_json_obj(j);
    ll_json_ks(j, "challenge", ll_buf_view(&challenge));
    ll_json_ki(j, "timeout", ask->expires_at - ll_now_ms());
    if (act == LL_PASSKEY_CREATE) {
        put_creation(j, ask);
    } else {
        ll_json_kz(j, "rpId", ask->site->rp_id);
        ll_json_kz(j, "userVerification", "required");
        put_ids(j, "allowCredentials", ask);
    }
    ll_json_end_obj(j);
    j->out->failed |= challenge.failed;
    ll_buf_free(&challenge);
}
