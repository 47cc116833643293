/* passkey: whatever a browser claims an authenticator said, it is refused with a reason in both languages, or its parts are within their
 * limits. */
#include "http/passkey.h"

#include <string.h>

static void read_as(enum ll_passkey_act act, struct ll_str body)
{
    struct ll_request rq = {.arena = ll_arena_new(1 << 20), .body = body};
    struct ll_passkey p;
    struct ll_err err = {0};

    if (rq.arena && ll_passkey_read(&rq, act, &p, &err) == LL_OK) {
        LL_ASSERT(p.id[0] && ll_utf8_bad(ll_str(p.id)) == strlen(p.id));
        LL_ASSERT(p.client_data.n <= LL_CLIENT_DATA_MAX && p.attestation.n <= LL_ATTESTATION_MAX);
        LL_ASSERT((act == LL_PASSKEY_CREATE) == (p.attestation.p != NULL));
        LL_ASSERT((act == LL_PASSKEY_GET) == (p.auth_data.p && p.signature.p));
    } else {
        LL_ASSERT(!rq.arena || (err.zh[0] && err.en[0]));
    }
    ll_arena_free(rq.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ll_str body = {(const char *)data, size};

    read_as(LL_PASSKEY_CREATE, body);
    read_as(LL_PASSKEY_GET, body);
    return 0;
}
