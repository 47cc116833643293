/* key.c - see key.h.  What a key is made of; signatures are sign.c.
 *
 * Every way in ends in from_raw: a PEM file, too, is taken apart into its numbers and made anew, so that the checks of key.h hold for
 * all keys and the library's idea of a key file decides nothing. */
#include "crypto/key_impl.h"

#include "crypto/random.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MAGIC = 0x4c4c4b59, HALF = 32, PEM_MAX = 16384 };

struct ll_key {
    unsigned magic;
    enum ll_alg alg;
    bool is_private;
    EVP_PKEY *pkey;
    unsigned char pub[LL_KEY_PUBLIC];
    unsigned char secret[LL_KEY_SECRET];
};

static const struct {
    const char *name, *type, *group; /* group: NULL where the type says all */
    int nid;
    size_t pub;
} algs[LL_ALG_COUNT] = {
    [LL_ED25519] = {"Ed25519", "ED25519", NULL, 0, 32},
    [LL_ES256] = {"ES256", "EC", "prime256v1", NID_X9_62_prime256v1, 65},
    [LL_SM2] = {"SM2", "SM2", "SM2", NID_sm2, 65},
};

const char *ll_alg_name(enum ll_alg alg)
{
    return algs[alg].name;
}

bool ll_alg_find(struct ll_str name, enum ll_alg *ret)
{
    for (size_t i = 0; i < LL_ALG_COUNT; i++)
        if (ll_str_is(name, algs[i].name)) {
            *ret = (enum ll_alg)i;
            return true;
        }
    return false;
}

/* The library keeps a queue of errors a thread; nobody else reads it, so it is emptied where a failure was seen. */
static int bad_key(struct ll_err *err, const char *name)
{
    ERR_clear_error();
    return ll_fail(err, LL_INVALID, "不是有效的 %s 密钥", "not a valid %s key", name);
}

/* --- keys from their numbers ---------------------------------------------------------------------------------------- */

/* The point d * G as 04 || X || Y; false when d is not in [1, n-2] (SM2's range; ECDSA's differs by the one value n-1). */
static bool derive_point(int nid, const BIGNUM *d, unsigned char pub[LL_KEY_PUBLIC])
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(nid);
    EC_POINT *point = group ? EC_POINT_new(group) : NULL;
    BIGNUM *top = group ? BN_dup(EC_GROUP_get0_order(group)) : NULL;
    bool good = point && top && BN_sub_word(top, 1) == 1 && !BN_is_zero(d) && BN_cmp(d, top) < 0 &&
                EC_POINT_mul(group, point, d, NULL, NULL, NULL) == 1 &&
                EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, pub, LL_KEY_PUBLIC, NULL) ==
                    LL_KEY_PUBLIC;

    BN_free(top);
    EC_POINT_free(point);
    EC_GROUP_free(group);
    return good;
}

static EVP_PKEY *from_params(const char *type, OSSL_PARAM *params, bool is_private)
{
    EVP_PKEY_CTX *ctx = params ? EVP_PKEY_CTX_new_from_name(NULL, type, NULL) : NULL;
    EVP_PKEY *pkey = NULL;

    if (ctx && EVP_PKEY_fromdata_init(ctx) == 1)
        EVP_PKEY_fromdata(ctx, &pkey, is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params);
    EVP_PKEY_CTX_free(ctx);
    return pkey;
}

/* d: NULL for a public key alone. */
static EVP_PKEY *ec_key(enum ll_alg alg, const unsigned char pub[LL_KEY_PUBLIC], const BIGNUM *d)
{
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    OSSL_PARAM *params = NULL;
    EVP_PKEY *pkey = NULL;

    if (build &&
        OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, algs[alg].group, 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, pub, LL_KEY_PUBLIC) == 1 &&
        (!d || OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, d) == 1))
        params = OSSL_PARAM_BLD_to_param(build);
    pkey = from_params(algs[alg].type, params, d != NULL);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    return pkey;
}

static EVP_PKEY *ec_from_secret(enum ll_alg alg, struct ll_key *k)
{
    BIGNUM *d = BN_secure_new();
    EVP_PKEY *pkey = NULL;

    if (d && BN_bin2bn(k->secret, HALF, d)) {
        BN_set_flags(d, BN_FLG_CONSTTIME);
        if (derive_point(algs[alg].nid, d, k->pub))
            pkey = ec_key(alg, k->pub, d);
    }
    BN_clear_free(d);
    return pkey;
}

static EVP_PKEY *ed_from_secret(struct ll_key *k)
{
    EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, k->secret, HALF);
    size_t n = HALF;

    if (pkey && EVP_PKEY_get_raw_public_key(pkey, k->pub, &n) == 1)
        return pkey;
    EVP_PKEY_free(pkey);
    return NULL;
}

static int key_new(enum ll_alg alg, struct ll_key **ret, struct ll_err *err)
{
    struct ll_key *k = calloc(1, sizeof *k);

    if (!k)
        return ll_no_memory(err);
    k->magic = KEY_MAGIC;
    k->alg = alg;
    *ret = k;
    return LL_OK;
}

/* *ret gets k when the library made a key of its numbers; otherwise k is gone. */
static int key_made(struct ll_key *k, struct ll_key **ret, struct ll_err *err)
{
    if (k->pkey) {
        *ret = k;
        return LL_OK;
    }
    int rc = bad_key(err, algs[k->alg].name);
    ll_key_free(k);
    return rc;
}

int ll_key_from_public(enum ll_alg alg, struct ll_str raw, struct ll_key **ret, struct ll_err *err)
{
    struct ll_key *k = NULL;
    int rc;

    if (raw.n != algs[alg].pub || (alg != LL_ED25519 && raw.p[0] != 4))
        return bad_key(err, algs[alg].name);
    if ((rc = key_new(alg, &k, err)) < 0)
        return rc;
    memcpy(k->pub, raw.p, raw.n);
    k->pkey = alg == LL_ED25519 ? EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, k->pub, HALF)
                                : ec_key(alg, k->pub, NULL);
    return key_made(k, ret, err);
}

int ll_key_from_private(enum ll_alg alg, struct ll_str secret, struct ll_key **ret, struct ll_err *err)
{
    struct ll_key *k = NULL;
    int rc;

    if (secret.n != LL_KEY_SECRET)
        return bad_key(err, algs[alg].name);
    if ((rc = key_new(alg, &k, err)) < 0)
        return rc;
    k->is_private = true;
    memcpy(k->secret, secret.p, HALF);
    k->pkey = alg == LL_ED25519 ? ed_from_secret(k) : ec_from_secret(alg, k);
    return key_made(k, ret, err);
}

int ll_key_generate(enum ll_alg alg, struct ll_key **ret, struct ll_err *err)
{
    unsigned char secret[LL_KEY_SECRET];
    int rc;

    do { /* a number above the curve's order is as good as impossible, but possible */
        if ((rc = ll_random(secret, sizeof secret, err)) < 0)
            return rc;
        rc = ll_key_from_private(alg, (struct ll_str){(const char *)secret, sizeof secret}, ret, err);
    } while (rc == LL_INVALID);
    ll_wipe(secret, sizeof secret);
    return rc;
}

struct ll_key *ll_key_free(struct ll_key *k)
{
    if (!k)
        return NULL;
    LL_CHECK(k, KEY_MAGIC);
    EVP_PKEY_free(k->pkey);
    ll_wipe(k, sizeof *k);
    free(k);
    return NULL;
}

/* --- PEM ------------------------------------------------------------------------------------------------------------ */

/* Instead of the library's own, which would ask at the terminal. */
static int no_passphrase(char *out, int size, int writing, void *ctx)
{
    (void)out, (void)size, (void)writing, (void)ctx;
    return -1;
}

static EVP_PKEY *read_pem(struct ll_str pem, bool *is_private)
{
    BIO *in = BIO_new_mem_buf(pem.p, (int)pem.n);
    EVP_PKEY *pkey = in ? PEM_read_bio_PrivateKey(in, NULL, no_passphrase, NULL) : NULL;

    BIO_free(in);
    *is_private = pkey != NULL;
    if (!pkey && (in = BIO_new_mem_buf(pem.p, (int)pem.n)) != NULL) {
        pkey = PEM_read_bio_PUBKEY(in, NULL, no_passphrase, NULL);
        BIO_free(in);
    }
    return pkey;
}

static bool alg_of(EVP_PKEY *pkey, enum ll_alg *ret)
{
    char group[32] = "";

    for (size_t i = 0; i < LL_ALG_COUNT; i++) {
        if (!EVP_PKEY_is_a(pkey, algs[i].type))
            continue;
        if (algs[i].group && (EVP_PKEY_get_group_name(pkey, group, sizeof group, NULL) != 1 ||
                              strcmp(group, algs[i].group) != 0))
            continue;
        *ret = (enum ll_alg)i;
        return true;
    }
    return false;
}

/* One number of the key, as 32 bytes. */
static bool number_of(EVP_PKEY *pkey, const char *name, unsigned char out[HALF])
{
    BIGNUM *v = NULL;
    bool good = EVP_PKEY_get_bn_param(pkey, name, &v) == 1 && BN_bn2binpad(v, out, HALF) == HALF;

    BN_clear_free(v);
    return good;
}

static bool secret_of(EVP_PKEY *pkey, enum ll_alg alg, unsigned char out[HALF])
{
    size_t n = HALF;

    if (alg == LL_ED25519)
        return EVP_PKEY_get_raw_private_key(pkey, out, &n) == 1 && n == HALF;
    return number_of(pkey, OSSL_PKEY_PARAM_PRIV_KEY, out);
}

static bool public_of(EVP_PKEY *pkey, enum ll_alg alg, unsigned char out[LL_KEY_PUBLIC])
{
    size_t n = HALF;

    if (alg == LL_ED25519)
        return EVP_PKEY_get_raw_public_key(pkey, out, &n) == 1 && n == HALF;
    out[0] = 4;
    return number_of(pkey, OSSL_PKEY_PARAM_EC_PUB_X, out + 1) &&
           number_of(pkey, OSSL_PKEY_PARAM_EC_PUB_Y, out + 1 + HALF);
}

static int from_pkey(EVP_PKEY *pkey, bool is_private, struct ll_key **ret, struct ll_err *err)
{
    unsigned char raw[LL_KEY_PUBLIC];
    enum ll_alg alg;

    if (!alg_of(pkey, &alg))
        return ll_fail(err, LL_INVALID, "密钥须为 Ed25519、P-256 或 SM2", "a key is Ed25519, P-256 or SM2");
    if (is_private ? !secret_of(pkey, alg, raw) : !public_of(pkey, alg, raw))
        return bad_key(err, algs[alg].name);
    struct ll_str s = {(const char *)raw, is_private ? LL_KEY_SECRET : algs[alg].pub};
    int rc = is_private ? ll_key_from_private(alg, s, ret, err) : ll_key_from_public(alg, s, ret, err);
    ll_wipe(raw, sizeof raw);
    return rc;
}

int ll_key_from_pem(struct ll_str pem, struct ll_key **ret, struct ll_err *err)
{
    bool is_private = false;

    if (pem.n > PEM_MAX)
        return ll_fail(err, LL_TOOBIG, "密钥文件超过 %d 字节", "a key file over %d bytes", (int)PEM_MAX);
    EVP_PKEY *pkey = pem.n ? read_pem(pem, &is_private) : NULL;
    if (!pkey) {
        ERR_clear_error();
        return ll_fail(err, LL_INVALID, "不是未加密的 PEM 密钥", "not a PEM key without a passphrase");
    }
    int rc = from_pkey(pkey, is_private, ret, err);
    EVP_PKEY_free(pkey);
    ERR_clear_error();
    return rc;
}

int ll_key_public_pem(const struct ll_key *k, struct ll_buf *out, struct ll_err *err)
{
    BIO *mem = BIO_new(BIO_s_mem());
    char *text = NULL;
    bool good = mem && PEM_write_bio_PUBKEY(mem, k->pkey) == 1;

    if (good) {
        long n = BIO_get_mem_data(mem, &text);
        ll_buf_add(out, text, (size_t)n);
    }
    BIO_free(mem);
    return good && !out->failed ? LL_OK : ll_no_memory(err);
}

/* --- asking --------------------------------------------------------------------------------------------------------- */

enum ll_alg ll_key_alg(const struct ll_key *k)
{
    LL_CHECK(k, KEY_MAGIC);
    return k->alg;
}

bool ll_key_is_private(const struct ll_key *k)
{
    LL_CHECK(k, KEY_MAGIC);
    return k->is_private;
}

size_t ll_key_public(const struct ll_key *k, unsigned char out[LL_KEY_PUBLIC])
{
    LL_CHECK(k, KEY_MAGIC);
    memcpy(out, k->pub, algs[k->alg].pub);
    return algs[k->alg].pub;
}

int ll_key_secret(const struct ll_key *k, unsigned char out[LL_KEY_SECRET], struct ll_err *err)
{
    LL_CHECK(k, KEY_MAGIC);
    if (!k->is_private)
        return ll_fail(err, LL_INVALID, "这是公钥，没有私钥部分", "a public key has no private half");
    memcpy(out, k->secret, LL_KEY_SECRET);
    return LL_OK;
}

bool ll_key_same(const struct ll_key *a, const struct ll_key *b)
{
    return a->alg == b->alg && memcmp(a->pub, b->pub, algs[a->alg].pub) == 0;
}

EVP_PKEY *ll_key_pkey(const struct ll_key *k)
{
    LL_CHECK(k, KEY_MAGIC);
    return k->pkey;
}
