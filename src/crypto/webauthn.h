/* webauthn.h - passkeys (W3C Web Authentication Level 3): what a browser sends at registration and at every use, checked.
 *
 * Checked, in this order: the type; the challenge; the origin; that the page was not inside another one (unless allowed); the relying
 * party; that a person was there, and was recognised where need_uv; that `backed up` comes with `may be backed up`; the signature;
 * the counter.  Bytes left over anywhere are refused.
 *
 * Who made the authenticator is not our question: of an attestation we check `none` (empty) and packed self attestation; of the other
 * registered formats we take the key and say that it was not attested.  The user's biometrics never leave the device; the flag UV is all we see. */
#ifndef LL_CRYPTO_WEBAUTHN_H
#define LL_CRYPTO_WEBAUTHN_H

#include "base/err.h"
#include "base/str.h"
#include "crypto/digest.h"

enum { LL_WEBAUTHN_UP = 0x01, LL_WEBAUTHN_UV = 0x04, LL_WEBAUTHN_BE = 0x08, LL_WEBAUTHN_BS = 0x10 };
enum {
    LL_CREDENTIAL_ID_MAX = 1023,
    LL_CLIENT_DATA_MAX = 8192,
    LL_ATTESTATION_MAX = 65536,
    LL_AAGUID = 16,
    LL_NONCE = 32
};

struct ll_webauthn_want {
    const char *rp_id;              /* "hub.example" */
    const char *const *origins;     /* "https://hub.example", ...; NULL-terminated */
    const char *const *top_origins; /* of pages that may embed ours; NULL: none may */
    struct ll_str challenge;        /* the bytes that we had sent */
    bool need_uv;
};

struct ll_webauthn_credential {
    struct ll_str id, cose; /* bytes inside the attestation object; store both */
    int alg;
    unsigned flags; /* LL_WEBAUTHN_... ; store BE */
    uint32_t sign_count;
    unsigned char aaguid[LL_AAGUID];
    bool self_attested;
};

int ll_webauthn_register(const struct ll_webauthn_want *want, struct ll_str client_data,
                         struct ll_str attestation, struct ll_webauthn_credential *ret,
                         struct ll_err *err) LL_MUST;

/* The credential as it was stored. */
struct ll_webauthn_known {
    struct ll_str cose;
    uint32_t sign_count;
    bool may_be_backed_up; /* BE */
};
struct ll_webauthn_use {
    struct ll_str client_data, auth_data, signature;
};
struct ll_webauthn_seen {
    unsigned flags;
    uint32_t sign_count; /* to be stored */
};

/* LL_INVALID says which check failed; a counter that did not move (a cloned authenticator) is LL_CONFLICT. */
int ll_webauthn_verify(const struct ll_webauthn_want *want, const struct ll_webauthn_known *known,
                       const struct ll_webauthn_use *use, struct ll_webauthn_seen *ret,
                       struct ll_err *err) LL_MUST;

/* The challenge that binds a use to a text: SHA-256("luling-approve/v1\n" nonce SHA-256(text)).  Whoever keeps nonce, text and the three
 * parts of the use can verify the approval again at any time. */
void ll_approval_challenge(const unsigned char nonce[LL_NONCE], struct ll_str text,
                           unsigned char out[LL_DIGEST]);

#endif
