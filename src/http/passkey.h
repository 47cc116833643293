/* passkey.h - passkeys in JSON, as browsers take and give them: PublicKeyCredentialCreationOptionsJSON and RequestOptionsJSON out,
 * PublicKeyCredential.toJSON in (Web Authentication Level 3, 5.1). */
#ifndef LL_HTTP_PASSKEY_H
#define LL_HTTP_PASSKEY_H

#include "http/request.h"
#include "http/site.h"

/* INVITED: CREATE, with the token of an invitation beside it. */
enum ll_passkey_act { LL_PASSKEY_CREATE, LL_PASSKEY_GET, LL_PASSKEY_INVITED };

struct ll_passkey {
    const char *id;     /* of the credential, base64url as it came */
    const char *name;   /* CREATE: what its owner calls it; NULL */
    const char *token;  /* INVITED */
    const char *handle; /* GET: the user handle, base64url; NULL where the authenticator tells none */
    struct ll_str client_data;
    struct ll_str attestation;          /* CREATE */
    struct ll_str auth_data, signature; /* GET */
};

/* The whole body of the request; bytes in its arena. */
int ll_passkey_read(struct ll_request *rq, enum ll_passkey_act act, struct ll_passkey *ret,
                    struct ll_err *err) LL_MUST;

/* What is asked of the browser, under key "publicKey".  ids: base64url; the passkeys that may sign, or those that are there already. */
struct ll_passkey_ask {
    const struct ll_site *site;
    const unsigned char *challenge; /* LL_DIGEST bytes */
    const char *const *ids;
    size_t n_ids;
    int64_t expires_at;
    const char *rp_name, *user_id, *user_name; /* CREATE; user_id is base64url */
    const char *user_title;                    /* CREATE: shown beside user_name; NULL: that again */
    bool discoverable; /* CREATE: it must tell by itself whose it is, so that nobody types a name */
};
void ll_passkey_put(struct ll_json *j, enum ll_passkey_act act, const struct ll_passkey_ask *ask);

#endif
