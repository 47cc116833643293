/* webauthn: CBOR, COSE keys, attestation objects and authenticator data from outside; nothing verifies by chance.
 * The first byte chooses: client data, an attestation object, a use (key length in the next byte), or CBOR alone. */
#include "crypto/webauthn.h"
#include "crypto/cbor.h"
#include "crypto/cose.h"

#include <string.h>

static const char *const origins[] = {"https://example.org", NULL};
static const char CREATE[] =
    "{\"type\":\"webauthn.create\",\"challenge\":\"AMMPt4UxxGTStncdq414\",\"origin\":\"https://example.org\"}";
static const char GET[] =
    "{\"type\":\"webauthn.get\",\"challenge\":\"AMMPt4UxxGTStncdq414\",\"origin\":\"https://example.org\"}";

static struct ll_webauthn_want want_of(void)
{
    return (struct ll_webauthn_want){"example.org", origins, NULL,
                                     LL_STR("\x00\xc3\x0f\xb7\x85\x31\xc4\x64\xd2\xb6\x77\x1d\xab\x8d\x78"),
                                     false};
}

static void registration(struct ll_str client, struct ll_str object)
{
    struct ll_webauthn_want want = want_of();
    struct ll_webauthn_credential c;
    struct ll_cose_key *k = NULL;

    if (ll_webauthn_register(&want, client, object, &c, NULL) < 0)
        return;
    LL_ASSERT(c.id.n >= 1 && c.id.n <= LL_CREDENTIAL_ID_MAX && c.flags & LL_WEBAUTHN_UP);
    LL_ASSERT(ll_cose_key_read(c.cose, &k, NULL) == LL_OK);
    ll_cose_key_free(k);
}

static void use(struct ll_str s)
{
    struct ll_webauthn_want want = want_of();
    struct ll_webauthn_seen seen;
    size_t n = (unsigned char)s.p[0] < s.n - 1 ? (unsigned char)s.p[0] : s.n - 1;
    struct ll_str rest = {s.p + 1 + n, s.n - 1 - n};
    size_t cut = rest.n > 64 ? rest.n - 64 : 0;
    const struct ll_webauthn_known known = {{s.p + 1, n}, 0, false};
    const struct ll_webauthn_use u = {LL_STR(GET), {rest.p, cut}, {rest.p + cut, rest.n - cut}};

    int rc = ll_webauthn_verify(&want, &known, &u, &seen, NULL);
    LL_ASSERT(rc == LL_OK || rc == LL_INVALID || rc == LL_CONFLICT);
}

/* What is taken whole is taken again, and ends where it ended. */
static void cbor(struct ll_str s)
{
    struct ll_cbor c = ll_cbor_of(s);
    struct ll_cbor_item item;
    struct ll_str whole, again;

    if (!ll_cbor_whole(&c, &whole))
        return;
    LL_ASSERT(whole.n >= 1 && whole.n <= s.n && whole.p == s.p);
    c = ll_cbor_of(whole);
    LL_ASSERT(ll_cbor_whole(&c, &again) && ll_cbor_at_end(&c) && again.n == whole.n);
    (void)ll_cbor_find_int(whole, -1, &item);
    (void)ll_cbor_find_text(whole, "fmt", &again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ll_str s = {(const char *)data + 1, size - 1};

    if (size < 2)
        return 0;
    switch (data[0] & 3) {
    case 0:
        registration(s, LL_STR("\xa0"));
        break;
    case 1:
        registration(LL_STR(CREATE), s);
        break;
    case 2:
        use(s);
        break;
    default:
        cbor(s);
    }
    return 0;
}
