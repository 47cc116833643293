/* cms.c - see cms.h.
 *
 * The library's own CMS_final always adds a signing-time, which PAdES forbids (the time stands in the PDF's dictionary).  So the signed attributes
 * are set here, and the signature over their DER is made here; everything else is the library's. */
#include "crypto/cms_impl.h"

#include "crypto/key_impl.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNER_MAGIC = 0x4c4c434d, CHAIN_MAX = 8, ATTRIBUTES_MAX = 16, DER_MAX = 1 << 20, RSA_MIN = 2048 };

struct ll_cms_signer {
    unsigned magic;
    EVP_PKEY *key;
    X509 *cert;
    STACK_OF(X509) * others;
    struct ll_cert_info info;
    size_t room;
};

static int broken(struct ll_err *err)
{
    ERR_clear_error();
    return ll_fail(err, LL_INVALID, "不是有效的 CMS 签名", "not a valid CMS signature");
}

/* --- a signer -------------------------------------------------------------------------------------------------------- */

static bool key_fits(EVP_PKEY *key)
{
    return EVP_PKEY_is_a(key, "EC") || (EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) >= RSA_MIN);
}

static int read_chain(struct ll_cms_signer *s, struct ll_str pem, struct ll_err *err)
{
    BIO *bio = pem.n && pem.n <= LL_CERT_PEM_MAX ? BIO_new_mem_buf(pem.p, (int)pem.n) : NULL;
    int n = 0;

    for (X509 *c; bio && n < CHAIN_MAX && (c = ll_cert_next(bio)); n++) {
        int der = i2d_X509(c, NULL);
        s->room += der > 0 ? (size_t)der : 0;
        if (n == 0)
            s->cert = c;
        else if (sk_X509_push(s->others, c) <= 0)
            X509_free(c);
    }
    BIO_free(bio);
    ERR_clear_error();
    if (!s->cert || !ll_cert_read_info(s->cert, &s->info))
        return ll_fail(err, LL_INVALID, "证书文件中没有有效的证书（PEM，签名证书在前）",
                       "the certificate file has no valid certificate (PEM, the signer's first)");
    if (X509_check_private_key(s->cert, s->key) == 1)
        return LL_OK;
    ERR_clear_error();
    return ll_fail(err, LL_INVALID, "证书与私钥不是一对",
                   "certificate and private key do not belong together");
}

/* Takes the key over. */
static int signer_open(EVP_PKEY *key, struct ll_str chain, struct ll_cms_signer **ret, struct ll_err *err)
{
    struct ll_cms_signer *s = calloc(1, sizeof *s);
    int rc = LL_OK;

    if (!s || !(s->others = sk_X509_new_null())) {
        free(s);
        EVP_PKEY_free(key);
        return ll_no_memory(err);
    }
    s->magic = SIGNER_MAGIC;
    s->key = key;
    s->room = 1024 + (size_t)EVP_PKEY_get_size(key); /* attributes and the structure around */
    if (!key_fits(key))
        rc = ll_fail(err, LL_INVALID, "文书签名的密钥应为 P-256 或不少于 %d 位的 RSA",
                     "a key that signs documents is P-256, or RSA of %d bits and more", RSA_MIN);
    if (rc < 0 || (rc = read_chain(s, chain, err)) < 0) {
        ll_cms_signer_close(s);
        return rc;
    }
    *ret = s;
    return LL_OK;
}

int ll_cms_signer_open(const struct ll_key *key, struct ll_str chain, struct ll_cms_signer **ret,
                       struct ll_err *err)
{
    EVP_PKEY *pkey = ll_key_pkey(key);

    if (!ll_key_is_private(key) || EVP_PKEY_up_ref(pkey) != 1)
        return ll_fail(err, LL_INVALID, "签名需要私钥", "to sign takes a private key");
    return signer_open(pkey, chain, ret, err);
}

int ll_cms_signer_open_pem(struct ll_str key_pem, struct ll_str chain, struct ll_cms_signer **ret,
                           struct ll_err *err)
{
    BIO *bio = key_pem.n && key_pem.n <= LL_CERT_PEM_MAX ? BIO_new_mem_buf(key_pem.p, (int)key_pem.n) : NULL;
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)"") : NULL;

    BIO_free(bio);
    ERR_clear_error();
    if (!key)
        return ll_fail(err, LL_INVALID, "不是未加密的 PEM 私钥",
                       "not a private key in PEM that is not encrypted");
    return signer_open(key, chain, ret, err);
}

struct ll_cms_signer *ll_cms_signer_close(struct ll_cms_signer *s)
{
    if (!s)
        return NULL;
    LL_CHECK(s, SIGNER_MAGIC);
    EVP_PKEY_free(s->key);
    X509_free(s->cert);
    sk_X509_pop_free(s->others, X509_free);
    free(s);
    return NULL;
}

const struct ll_cert_info *ll_cms_signer_info(const struct ll_cms_signer *s)
{
    return &s->info;
}

size_t ll_cms_signer_room(const struct ll_cms_signer *s)
{
    return s->room;
}

/* --- signing --------------------------------------------------------------------------------------------------------- */

struct der {
    unsigned char *p;
    int n;
};

/* The order of a SET OF in DER: by bytes, the shorter as if it went on with zeros. */
static int der_order(const void *a, const void *b)
{
    const struct der *x = a, *y = b;
    int c = memcmp(x->p, y->p, (size_t)(x->n < y->n ? x->n : y->n));

    return c ? c : x->n - y->n;
}

/* The shortest form, as DER has it; n is below 65536. */
static size_t put_length(unsigned char *p, size_t n)
{
    size_t at = 0;

    if (n > 127)
        p[at++] = n > 255 ? 0x82 : 0x81;
    if (n > 255)
        p[at++] = (unsigned char)(n >> 8);
    p[at++] = (unsigned char)n;
    return at;
}

/* What is signed: the attributes as a SET OF (RFC 5652, 5.4).  The caller frees *ret->p. */
static bool attributes_der(CMS_SignerInfo *si, struct der *ret)
{
    struct der list[ATTRIBUTES_MAX] = {{NULL, 0}};
    int n = CMS_signed_get_attr_count(si);
    size_t sum = 0, at = 1;
    bool good = n > 0 && n <= ATTRIBUTES_MAX;

    for (int i = 0; good && i < n; i++) {
        list[i].n = i2d_X509_ATTRIBUTE(CMS_signed_get_attr(si, i), &list[i].p);
        good = list[i].n > 0;
        sum += good ? (size_t)list[i].n : 0;
    }
    if (good && sum < 60000 && (ret->p = malloc(sum + 4))) {
        qsort(list, (size_t)n, sizeof list[0], der_order);
        ret->p[0] = 0x31;
        at += put_length(ret->p + 1, sum);
        for (int i = 0; i < n; i++) {
            memcpy(ret->p + at, list[i].p, (size_t)list[i].n);
            at += (size_t)list[i].n;
        }
        ret->n = (int)at;
    }
    for (int i = 0; i < ATTRIBUTES_MAX; i++)
        OPENSSL_free(list[i].p);
    return ret->p != NULL;
}

static bool sign_attributes(EVP_PKEY *key, CMS_SignerInfo *si)
{
    struct der tbs = {NULL, 0};
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    size_t n = (size_t)EVP_PKEY_get_size(key);
    unsigned char *sig = malloc(n);
    bool good = md && sig && attributes_der(si, &tbs) &&
                EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestSign(md, sig, &n, tbs.p, (size_t)tbs.n) == 1 &&
                ASN1_OCTET_STRING_set(CMS_SignerInfo_get0_signature(si), sig, (int)n) == 1;

    free(sig);
    free(tbs.p);
    EVP_MD_CTX_free(md);
    return good;
}

static bool add_signer(const struct ll_cms_signer *s, CMS_ContentInfo *cms,
                       const unsigned char hash[LL_DIGEST])
{
    CMS_SignerInfo *si = CMS_add1_signer(cms, s->cert, s->key, EVP_sha256(),
                                         CMS_BINARY | CMS_CADES | CMS_NOSMIMECAP | CMS_DETACHED);

    return si &&
           CMS_signed_add1_attr_by_NID(si, NID_pkcs9_contentType, V_ASN1_OBJECT, OBJ_nid2obj(NID_pkcs7_data),
                                       -1) == 1 &&
           CMS_signed_add1_attr_by_NID(si, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, hash, LL_DIGEST) ==
               1 &&
           sign_attributes(s->key, si);
}

int ll_cms_sign(const struct ll_cms_signer *s, const struct ll_str *parts, size_t n, struct ll_buf *out,
                struct ll_err *err)
{
    unsigned char hash[LL_DIGEST], *der = NULL;
    CMS_ContentInfo *cms;
    int size = 0;

    LL_CHECK(s, SIGNER_MAGIC);
    ll_digest(LL_SHA256, parts, n, hash);
    cms = CMS_sign(NULL, NULL, s->others, NULL, CMS_PARTIAL | CMS_BINARY | CMS_DETACHED);
    if (cms && add_signer(s, cms, hash))
        size = i2d_CMS_ContentInfo(cms, &der);
    if (size > 0)
        ll_buf_add(out, der, (size_t)size);
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    ERR_clear_error();
    if (size <= 0)
        return ll_fail(err, LL_FAIL, "签名失败", "signing failed");
    return out->failed ? ll_no_memory(err) : LL_OK;
}

/* --- verifying ------------------------------------------------------------------------------------------------------- */

/* CMS_verify is not used: it wants a store of trusted certificates, which is not how the caller judges, and 3.0 leaks where it refuses. */

static CMS_ContentInfo *parse(struct ll_str der)
{
    const unsigned char *at = (const unsigned char *)der.p;
    CMS_ContentInfo *cms = der.n && der.n <= DER_MAX ? d2i_CMS_ContentInfo(NULL, &at, (long)der.n) : NULL;

    for (size_t i = cms ? (size_t)(at - (const unsigned char *)der.p) : der.n; i < der.n; i++)
        if (der.p[i]) { /* something else hides behind the signature */
            CMS_ContentInfo_free(cms);
            return NULL;
        }
    return cms;
}

/* The one signer, by SHA-256, over data that lie outside; NULL: it is of another form. */
static CMS_SignerInfo *the_signer(CMS_ContentInfo *cms)
{
    bool form = cms && OBJ_obj2nid(CMS_get0_type(cms)) == NID_pkcs7_signed && CMS_is_detached(cms) == 1;
    STACK_OF(CMS_SignerInfo) *signers = form ? CMS_get0_SignerInfos(cms) : NULL;
    CMS_SignerInfo *si = sk_CMS_SignerInfo_num(signers) == 1 ? sk_CMS_SignerInfo_value(signers, 0) : NULL;
    X509_ALGOR *digest = NULL;
    const ASN1_OBJECT *alg = NULL;

    if (!si || CMS_set1_signers_certs(cms, NULL, 0) != 1)
        return NULL;
    CMS_SignerInfo_get0_algs(si, NULL, NULL, &digest, NULL);
    X509_ALGOR_get0(&alg, NULL, NULL, digest);
    return OBJ_obj2nid(alg) == NID_sha256 ? si : NULL;
}

/* The only value of the only attribute of that name. */
static void *attribute(CMS_SignerInfo *si, int nid, int type)
{
    int at = CMS_signed_get_attr_by_NID(si, nid, -1);
    X509_ATTRIBUTE *a = at < 0 ? NULL : CMS_signed_get_attr(si, at);

    if (!a || CMS_signed_get_attr_by_NID(si, nid, at) >= 0 || X509_ATTRIBUTE_count(a) != 1)
        return NULL;
    return X509_ATTRIBUTE_get0_data(a, 0, type, NULL);
}

static bool digest_fits(CMS_SignerInfo *si, const struct ll_str *parts, size_t n)
{
    const ASN1_OBJECT *type = attribute(si, NID_pkcs9_contentType, V_ASN1_OBJECT);
    const ASN1_OCTET_STRING *said = attribute(si, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING);
    unsigned char hash[LL_DIGEST];

    ll_digest(LL_SHA256, parts, n, hash);
    return type && OBJ_obj2nid(type) == NID_pkcs7_data && said && ASN1_STRING_length(said) == LL_DIGEST &&
           memcmp(ASN1_STRING_get0_data(said), hash, LL_DIGEST) == 0;
}

/* What was signed names the certificate, so that no other one of the same key can be put in its place. */
static bool names_certificate(CMS_SignerInfo *si, X509 *cert)
{
    const ASN1_STRING *value = attribute(si, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE);
    const unsigned char *at = value ? ASN1_STRING_get0_data(value) : NULL;
    ESS_SIGNING_CERT_V2 *ess = at ? d2i_ESS_SIGNING_CERT_V2(NULL, &at, ASN1_STRING_length(value)) : NULL;
    STACK_OF(X509) *chain = sk_X509_new_null();
    bool good = ess && chain && sk_X509_push(chain, cert) > 0 &&
                OSSL_ESS_check_signing_certs(NULL, ess, chain, 0) > 0;

    sk_X509_free(chain);
    ESS_SIGNING_CERT_V2_free(ess);
    return good;
}

int ll_cms_verify(const struct ll_str *parts, size_t n, struct ll_str der, struct ll_cert_info *ret,
                  struct ll_err *err)
{
    CMS_ContentInfo *cms = parse(der);
    CMS_SignerInfo *si = the_signer(cms);
    X509 *cert = NULL;
    bool good = false;

    if (si)
        CMS_SignerInfo_get0_algs(si, NULL, &cert, NULL, NULL);
    if (cert)
        good = digest_fits(si, parts, n) && CMS_SignerInfo_verify(si) == 1 && names_certificate(si, cert) &&
               ll_cert_read_info(cert, ret);
    CMS_ContentInfo_free(cms);
    if (good)
        return LL_OK;
    if (!cert)
        return broken(err);
    ERR_clear_error();
    return ll_fail(err, LL_INVALID, "签名与内容不符：文件被改动过，或签名不是所示证书的",
                   "the signature does not fit the content: the file was changed, or another key signed it");
}
