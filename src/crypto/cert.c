/* cert.c - certificates of cms.h: one for a key of ours, and what a certificate says. */
#include "crypto/cms_impl.h"

#include "crypto/base64.h"
#include "crypto/key_impl.h"
#include "crypto/random.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

enum { SERIAL = 16 };

static int64_t time_ms(const ASN1_TIME *t)
{
    struct tm tm;

    return ASN1_TIME_to_tm(t, &tm) == 1 ? (int64_t)timegm(&tm) * 1000 : 0;
}

static void common_name(X509 *cert, char out[LL_CERT_NAME])
{
    X509_NAME *name = X509_get_subject_name(cert);
    int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    unsigned char *text = NULL;
    int n = at < 0 ? -1 : ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    size_t kept = 0;

    for (size_t i = 0; n > 0 && i < (size_t)n;) { /* whole characters, no controls */
        char c[4];
        int32_t cp = ll_utf8_next((struct ll_str){(const char *)text, (size_t)n}, &i);
        size_t put = ll_utf8_put(c, cp < 0x20 || cp == 0x7f ? ' ' : (uint32_t)cp);
        if (kept + put >= LL_CERT_NAME)
            break;
        memcpy(out + kept, c, put);
        kept += put;
    }
    out[kept] = 0;
    OPENSSL_free(text);
}

bool ll_cert_read_info(X509 *cert, struct ll_cert_info *ret)
{
    struct ll_buf hex = LL_BUF_INIT(LL_FINGERPRINT);
    unsigned char hash[LL_DIGEST];
    unsigned n = 0;
    bool good = X509_digest(cert, EVP_sha256(), hash, &n) == 1 && n == sizeof hash;

    if (good) {
        ll_hex_put(&hex, hash, sizeof hash);
        good = hex.n == LL_FINGERPRINT - 1;
    }
    if (good) {
        memcpy(ret->fingerprint, hex.p, hex.n);
        ret->fingerprint[hex.n] = 0;
        common_name(cert, ret->subject);
        ret->from = time_ms(X509_get0_notBefore(cert));
        ret->until = time_ms(X509_get0_notAfter(cert));
        ret->self_signed = X509_NAME_cmp(X509_get_subject_name(cert), X509_get_issuer_name(cert)) == 0;
    }
    ll_buf_free(&hex);
    return good;
}

X509 *ll_cert_next(BIO *bio)
{
    return PEM_read_bio_X509(bio, NULL, NULL, NULL);
}

int ll_cert_info(struct ll_str pem, struct ll_cert_info *ret, struct ll_err *err)
{
    BIO *bio = pem.n <= LL_CERT_PEM_MAX ? BIO_new_mem_buf(pem.p, (int)pem.n) : NULL;
    X509 *cert = bio ? ll_cert_next(bio) : NULL;
    bool good = cert && ll_cert_read_info(cert, ret);

    X509_free(cert);
    BIO_free(bio);
    ERR_clear_error();
    return good ? LL_OK : ll_fail(err, LL_INVALID, "不是有效的证书（PEM）", "not a valid certificate (PEM)");
}

/* --- making one ----------------------------------------------------------------------------------------------------- */

static bool set_serial(X509 *cert)
{
    unsigned char bytes[SERIAL];
    BIGNUM *number;
    bool good;

    if (ll_random(bytes, sizeof bytes, NULL) < 0)
        return false;
    bytes[0] = (unsigned char)((bytes[0] & 0x7f) | 0x40); /* positive, and always as long */
    number = BN_bin2bn(bytes, sizeof bytes, NULL);
    good = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));
    BN_free(number);
    return good;
}

static bool set_name(X509 *cert, const struct ll_cert_opts *o)
{
    X509_NAME *name = X509_get_subject_name(cert);

    if (X509_NAME_add_entry_by_txt(name, "C", MBSTRING_ASC, (const unsigned char *)"CN", -1, -1, 0) != 1)
        return false;
    if (o->organisation && X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
                                                      (const unsigned char *)o->organisation, -1, -1, 0) != 1)
        return false;
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)o->name, -1, -1, 0) ==
               1 &&
           X509_set_issuer_name(cert, name) == 1;
}

/* 1.3.6.1.5.5.7.3.36 is id-kp-documentSigning (RFC 9336). */
static bool add_extensions(X509 *cert)
{
    static const struct {
        int nid;
        const char *value;
    } list[] = {{NID_basic_constraints, "critical,CA:FALSE"},
                {NID_key_usage, "critical,digitalSignature,nonRepudiation"},
                {NID_ext_key_usage, "1.3.6.1.5.5.7.3.36"},
                {NID_subject_key_identifier, "hash"}};
    X509V3_CTX ctx;
    bool good = true;

    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
    for (size_t i = 0; i < LL_COUNT(list) && good; i++) {
        X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, &ctx, list[i].nid, list[i].value);
        good = ext && X509_add_ext(cert, ext, -1) == 1;
        X509_EXTENSION_free(ext);
    }
    return good;
}

int ll_cert_issue(const struct ll_key *key, const struct ll_cert_opts *o, struct ll_buf *out,
                  struct ll_err *err)
{
    EVP_PKEY *pkey = ll_key_pkey(key);
    X509 *cert = X509_new();
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    long n = 0;
    bool good = ll_key_alg(key) == LL_ES256 && ll_key_is_private(key) && cert && bio &&
                X509_set_version(cert, X509_VERSION_3) == 1 && set_serial(cert) && set_name(cert, o) &&
                ASN1_TIME_set(X509_getm_notBefore(cert), (time_t)(o->from / 1000)) &&
                ASN1_TIME_set(X509_getm_notAfter(cert), (time_t)(o->until / 1000)) &&
                X509_set_pubkey(cert, pkey) == 1 && add_extensions(cert) &&
                X509_sign(cert, pkey, EVP_sha256()) > 0 && PEM_write_bio_X509(bio, cert) == 1 &&
                (n = BIO_get_mem_data(bio, &text)) > 0;

    if (good)
        ll_buf_add(out, text, (size_t)n);
    BIO_free(bio);
    X509_free(cert);
    ERR_clear_error();
    if (good && out->failed)
        return ll_no_memory(err);
    return good
               ? LL_OK
               : ll_fail(
                     err, LL_INVALID, "无法签发证书：名称应为 1 到 64 个字符，密钥应为 ES256 私钥",
                     "the certificate cannot be made: the name takes 1 to 64 characters, the key must be a private ES256 one");
}
