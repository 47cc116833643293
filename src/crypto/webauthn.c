/* webauthn.c - see webauthn.h. */
#include "crypto/webauthn.h"

#include "crypto/base64.h"
#include "crypto/cbor.h"
#include "crypto/cose.h"
#include "crypto/random.h"
#include "crypto/strictjson.h"

#include <string.h>

enum { RP_HASH = 32, HEAD = 37, AT = 0x40, ED = 0x80, CHALLENGE_MAX = 256, SIGNED_MAX = 65536 };

#define refuse(err, zh, en) ll_fail((err), LL_INVALID, "通行密钥：" zh, "passkey: " en)

/* --- client data ---------------------------------------------------------------------------------------------------- */

static bool listed(const char *const *list, struct ll_str s)
{
    for (; s.p && list && *list; list++)
        if (ll_str_is(s, *list))
            return true;
    return false;
}

static bool challenge_fits(const json_t *data, struct ll_str want)
{
    unsigned char got[CHALLENGE_MAX];
    struct ll_str text = ll_json_member(data, "challenge");

    return text.p && want.n <= sizeof got && ll_base64_exact(text, LL_BASE64_URL, got, want.n) &&
           ll_equal_ct(got, want.p, want.n);
}

/* A page inside another one says so; an old browser says nothing, which means that it is not. */
static bool place_fits(const json_t *data, const struct ll_webauthn_want *want)
{
    const json_t *cross = json_object_get(data, "crossOrigin"), *top = json_object_get(data, "topOrigin");

    if (cross && !json_is_boolean(cross))
        return false;
    if (!json_is_true(cross))
        return !top;
    return want->top_origins && (!top || listed(want->top_origins, ll_json_member(data, "topOrigin")));
}

static int check_data(const json_t *data, const char *type, const struct ll_webauthn_want *want,
                      struct ll_err *err)
{
    if (!ll_json_is(data, "type", type))
        return refuse(err, "type 不符", "type is another one");
    if (!challenge_fits(data, want->challenge))
        return refuse(err, "challenge 不符，请重新开始", "the challenge is another one; start again");
    if (!listed(want->origins, ll_json_member(data, "origin")))
        return refuse(err, "来源网站不符", "the origin is another one");
    if (!place_fits(data, want))
        return refuse(err, "不接受嵌在其他网页中的操作", "a page inside another one is not accepted");
    return LL_OK;
}

static int check_client_data(struct ll_str client_data, const char *type, const struct ll_webauthn_want *want,
                             struct ll_err *err)
{
    json_t *data = NULL;
    int rc = ll_json_load(client_data, LL_CLIENT_DATA_MAX, "clientDataJSON", &data, err);

    if (rc == LL_OK)
        rc = check_data(data, type, want, err);
    json_decref(data);
    return rc;
}

/* --- authenticator data --------------------------------------------------------------------------------------------- */

struct auth_data {
    const unsigned char *rp_hash;
    unsigned flags;
    uint32_t sign_count;
    const unsigned char *aaguid; /* with AT */
    struct ll_str id, cose;
};

static struct ll_str take(struct ll_str *s, size_t n)
{
    struct ll_str head = {s->p, n};

    s->p += n;
    s->n -= n;
    return head;
}

static bool take_attested(struct ll_str *rest, struct auth_data *a)
{
    if (rest->n < LL_AAGUID + 2)
        return false;
    a->aaguid = (const unsigned char *)take(rest, LL_AAGUID).p;
    const unsigned char *len = (const unsigned char *)take(rest, 2).p;
    size_t n = (size_t)len[0] << 8 | len[1];
    if (n < 1 || n > LL_CREDENTIAL_ID_MAX || n > rest->n)
        return false;
    a->id = take(rest, n);
    struct ll_cbor c = ll_cbor_of(*rest);
    if (!ll_cbor_whole(&c, &a->cose))
        return false;
    take(rest, a->cose.n);
    return true;
}

static bool take_extensions(struct ll_str *rest)
{
    struct ll_cbor c = ll_cbor_of(*rest), again = c;
    struct ll_cbor_item head;
    struct ll_str map;

    if (!ll_cbor_whole(&c, &map) || !ll_cbor_next(&again, &head) || head.type != LL_CBOR_MAP)
        return false;
    take(rest, map.n);
    return true;
}

static bool parse_auth_data(struct ll_str s, struct auth_data *a)
{
    *a = (struct auth_data){0};
    if (s.n < HEAD)
        return false;
    const unsigned char *p = (const unsigned char *)take(&s, HEAD).p;
    a->rp_hash = p;
    a->flags = p[RP_HASH];
    p += RP_HASH + 1;
    a->sign_count = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    return (!(a->flags & AT) || take_attested(&s, a)) && (!(a->flags & ED) || take_extensions(&s)) &&
           s.n == 0;
}

static int check_auth_data(struct ll_str bytes, const struct ll_webauthn_want *want, struct auth_data *a,
                           struct ll_err *err)
{
    unsigned char hash[LL_DIGEST];

    if (!parse_auth_data(bytes, a))
        return refuse(err, "认证器数据格式不对", "the authenticator's data is malformed");
    ll_sha256(want->rp_id, strlen(want->rp_id), hash);
    if (!ll_equal_ct(hash, a->rp_hash, RP_HASH))
        return refuse(err, "属于另一个网站", "it belongs to another site");
    if (!(a->flags & LL_WEBAUTHN_UP))
        return refuse(err, "没有人在场的确认", "nobody confirmed being there");
    if (want->need_uv && !(a->flags & LL_WEBAUTHN_UV))
        return refuse(err, "没有以指纹、面容或 PIN 确认身份",
                      "the person was not recognised by fingerprint, face or PIN");
    if ((a->flags & LL_WEBAUTHN_BS) && !(a->flags & LL_WEBAUTHN_BE))
        return refuse(err, "备份标志自相矛盾", "its backup flags contradict each other");
    return LL_OK;
}

/* Over authenticator data and the hash of the client data. */
static int check_signature(const struct ll_cose_key *k, struct ll_str auth_data, struct ll_str client_data,
                           struct ll_str signature, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(SIGNED_MAX + LL_DIGEST);
    unsigned char hash[LL_DIGEST];

    ll_sha256(client_data.p, client_data.n, hash);
    ll_buf_str(&text, auth_data);
    ll_buf_add(&text, hash, sizeof hash);
    int rc = text.failed ? ll_no_memory(err) : ll_cose_verify(k, ll_buf_view(&text), signature, err);
    ll_buf_free(&text);
    return rc == LL_INVALID ? refuse(err, "签名无效", "the signature is not valid") : rc;
}

/* --- registration --------------------------------------------------------------------------------------------------- */

struct attestation {
    struct ll_str format, statement, auth_data;
};

static bool text_item(struct ll_str whole, enum ll_cbor_type type, struct ll_str *ret)
{
    struct ll_cbor c = ll_cbor_of(whole);
    struct ll_cbor_item item;

    if (!ll_cbor_next(&c, &item) || item.type != type)
        return false;
    *ret = item.s;
    return true;
}

static bool parse_attestation(struct ll_str s, struct attestation *a)
{
    struct ll_cbor c = ll_cbor_of(s), statement;
    struct ll_cbor_item head;
    struct ll_str map, format, auth_data;

    if (!ll_cbor_whole(&c, &map) || !ll_cbor_at_end(&c) || !ll_cbor_find_text(map, "fmt", &format) ||
        !ll_cbor_find_text(map, "attStmt", &a->statement) || !ll_cbor_find_text(map, "authData", &auth_data))
        return false;
    statement = ll_cbor_of(a->statement);
    return text_item(format, LL_CBOR_TEXT, &a->format) &&
           text_item(auth_data, LL_CBOR_BYTES, &a->auth_data) && ll_cbor_next(&statement, &head) &&
           head.type == LL_CBOR_MAP;
}

/* Packed attestation without certificates is the credential's own signature. */
static int check_packed_self(const struct attestation *a, const struct ll_cose_key *k,
                             struct ll_str client_data, struct ll_err *err)
{
    struct ll_str whole, sig;
    struct ll_cbor_item alg;

    if (!ll_cbor_find_text(a->statement, "alg", &whole))
        return refuse(err, "认证声明没有算法", "the attestation has no algorithm");
    struct ll_cbor c = ll_cbor_of(whole);
    if (!ll_cbor_next(&c, &alg) || alg.type != LL_CBOR_NEGATIVE || alg.n != ll_cose_key_alg(k))
        return refuse(err, "认证声明的算法不是密钥的", "the attestation's algorithm is not the key's");
    if (!ll_cbor_find_text(a->statement, "sig", &whole) || !text_item(whole, LL_CBOR_BYTES, &sig))
        return refuse(err, "认证声明没有签名", "the attestation has no signature");
    return check_signature(k, a->auth_data, client_data, sig, err);
}

/* Formats of the IANA registry whose statements we pass over. */
static const char *const unchecked[] = {"tpm",      "android-key", "android-safetynet", "fido-u2f", "apple",
                                        "compound", NULL};

static int check_statement(const struct attestation *a, const struct ll_cose_key *k,
                           struct ll_str client_data, bool *self, struct ll_err *err)
{
    struct ll_str unused;

    *self = false;
    if (!listed(unchecked, a->format) && !ll_str_is(a->format, "none") && !ll_str_is(a->format, "packed"))
        return refuse(err, "不认识的认证声明格式", "an attestation of unknown format");
    if (ll_str_is(a->format, "none"))
        return a->statement.n == 1
                   ? LL_OK /* the empty map */
                   : refuse(err, "none 的认证声明须为空", "an attestation of none must be empty");
    if (!ll_str_is(a->format, "packed") || ll_cbor_find_text(a->statement, "x5c", &unused))
        return LL_OK;
    *self = true;
    return check_packed_self(a, k, client_data, err);
}

static int take_credential(const struct attestation *att, const struct auth_data *a,
                           struct ll_str client_data, struct ll_webauthn_credential *ret, struct ll_err *err)
{
    struct ll_cose_key *k = NULL;
    int rc = ll_cose_key_read(a->cose, &k, err);

    if (rc < 0)
        return rc;
    *ret = (struct ll_webauthn_credential){
        .id = a->id,
        .cose = a->cose,
        .alg = ll_cose_key_alg(k),
        .flags = a->flags & (LL_WEBAUTHN_UP | LL_WEBAUTHN_UV | LL_WEBAUTHN_BE | LL_WEBAUTHN_BS),
        .sign_count = a->sign_count};
    memcpy(ret->aaguid, a->aaguid, LL_AAGUID);
    rc = check_statement(att, k, client_data, &ret->self_attested, err);
    ll_cose_key_free(k);
    return rc;
}

int ll_webauthn_register(const struct ll_webauthn_want *want, struct ll_str client_data,
                         struct ll_str attestation, struct ll_webauthn_credential *ret, struct ll_err *err)
{
    struct attestation att;
    struct auth_data a;
    int rc = check_client_data(client_data, "webauthn.create", want, err);

    if (rc < 0)
        return rc;
    if (attestation.n > LL_ATTESTATION_MAX || !parse_attestation(attestation, &att))
        return refuse(err, "attestationObject 格式不对", "the attestation object is malformed");
    if ((rc = check_auth_data(att.auth_data, want, &a, err)) < 0)
        return rc;
    if (!(a.flags & AT))
        return refuse(err, "没有新密钥", "there is no new key");
    return take_credential(&att, &a, client_data, ret, err);
}

/* --- use ------------------------------------------------------------------------------------------------------------ */

static int check_counter(uint32_t stored, uint32_t now, struct ll_err *err)
{
    if ((stored || now) && now <= stored)
        return ll_fail(err, LL_CONFLICT, "通行密钥的计数没有增加，可能被复制",
                       "the passkey's counter did not move: it may have been cloned");
    return LL_OK;
}

static int verify_with(const struct ll_cose_key *k, const struct ll_webauthn_known *known,
                       const struct ll_webauthn_use *use, const struct auth_data *a, struct ll_err *err)
{
    if (((a->flags & LL_WEBAUTHN_BE) != 0) != known->may_be_backed_up)
        return refuse(err, "备份标志与登记时不同", "its backup flag is not that of its registration");
    int rc = check_signature(k, use->auth_data, use->client_data, use->signature, err);
    return rc < 0 ? rc : check_counter(known->sign_count, a->sign_count, err);
}

int ll_webauthn_verify(const struct ll_webauthn_want *want, const struct ll_webauthn_known *known,
                       const struct ll_webauthn_use *use, struct ll_webauthn_seen *ret, struct ll_err *err)
{
    struct ll_cose_key *k = NULL;
    struct auth_data a;
    int rc;

    if (use->auth_data.n > SIGNED_MAX)
        return refuse(err, "认证器数据过长", "the authenticator's data is too long");
    if ((rc = check_client_data(use->client_data, "webauthn.get", want, err)) < 0 ||
        (rc = check_auth_data(use->auth_data, want, &a, err)) < 0 ||
        (rc = ll_cose_key_read(known->cose, &k, err)) < 0)
        return rc;
    rc = verify_with(k, known, use, &a, err);
    ll_cose_key_free(k);
    if (rc == LL_OK)
        *ret = (struct ll_webauthn_seen){
            a.flags & (LL_WEBAUTHN_UP | LL_WEBAUTHN_UV | LL_WEBAUTHN_BE | LL_WEBAUTHN_BS), a.sign_count};
    return rc;
}

void ll_approval_challenge(const unsigned char nonce[LL_NONCE], struct ll_str text,
                           unsigned char out[LL_DIGEST])
{
    unsigned char shown[LL_DIGEST];

    ll_sha256(text.p, text.n, shown);
    ll_digest(LL_SHA256,
              (struct ll_str[]){
                  LL_STR("luling-approve/v1\n"), {(const char *)nonce, LL_NONCE}, {(char *)shown, LL_DIGEST}},
              3, out);
}
