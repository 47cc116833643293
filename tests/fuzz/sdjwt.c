/* sdjwt: disclosures from outside, under claims that are signed and so may refer to them; status lists likewise.
 * The first byte chooses; claims and disclosures are divided by line ends. */
#include "crypto/jws.h"
#include "crypto/sdjwt_impl.h"
#include "crypto/statuslist.h"
#include "crypto/strictjson.h"

static struct ll_key *key(void)
{
    static const unsigned char seed[LL_KEY_SECRET] = {1};
    struct ll_key *k = NULL;

    LL_ASSERT(ll_key_from_private(LL_ED25519, (struct ll_str){(const char *)seed, sizeof seed}, &k, NULL) ==
              LL_OK);
    return k;
}

/* Every line but the first is the JSON of a disclosure; what cannot be read as claims is passed over. */
static void unfold(struct ll_str s)
{
    struct ll_sdjwt_parts p = {0};
    struct ll_buf texts[LL_SDJWT_DISCLOSURES];
    struct ll_str line;
    json_t *claims = NULL, *got = NULL;

    ll_str_cut(s, '\n', &line, &s);
    if (ll_json_load(line, 65536, "claims", &claims, NULL) < 0)
        return;
    while (s.n && p.n < 8) {
        ll_str_cut(s, '\n', &line, &s);
        texts[p.n] = LL_BUF_INIT(1 << 17);
        ll_base64_put(&texts[p.n], LL_BASE64_URL, line.p, line.n);
        p.disclosures[p.n] = ll_buf_view(&texts[p.n]);
        p.n++;
    }
    if (ll_sdjwt_unfold(claims, &p, &got, NULL) == LL_OK)
        LL_ASSERT(json_is_object(got) && !json_object_get(got, "_sd"));
    json_decref(got);
    json_decref(claims);
    while (p.n)
        ll_buf_free(&texts[--p.n]);
}

static void status(struct ll_str claims)
{
    const struct ll_jws_head head = {"statuslist+jwt", NULL};
    struct ll_buf token = LL_BUF_INIT(LL_JWS_MAX);
    struct ll_key *k = key();
    unsigned got = 0;

    if (ll_jws_sign(k, &head, claims, &token, NULL) == LL_OK) {
        int rc = ll_status_read(ll_buf_view(&token), k, "u", 1000, 3, &got, NULL);
        LL_ASSERT(rc == LL_OK || rc == LL_INVALID || rc == LL_NOTFOUND || rc == LL_TOOBIG);
        LL_ASSERT(got < 256);
    }
    ll_key_free(k);
    ll_buf_free(&token);
}

static void whole(struct ll_str s)
{
    const struct ll_sdjwt_want want = {.aud = "a", .nonce = "n", .now_s = 1000};
    struct ll_key *k = key();
    json_t *got = NULL;

    if (ll_sdjwt_verify(s, k, &want, &got, NULL) == LL_OK)
        LL_ASSERT(json_is_object(got));
    json_decref(got);
    ll_key_free(k);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ll_str s = {(const char *)data + 1, size - 1};

    if (size < 2)
        return 0;
    if (data[0] % 3 == 0)
        unfold(s);
    else if (data[0] % 3 == 1)
        status(s);
    else
        whole(s);
    return 0;
}
