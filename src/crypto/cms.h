/* cms.h - signatures of documents: CMS SignedData (RFC 5652), detached, in the form that PAdES baseline B-B asks for (ETSI EN 319 142-1):
 * SHA-256, signing-certificate-v2 (RFC 5035), no signing-time, the signer's certificates inside.
 *
 * (1) Keys are ES256, or RSA of 2048 bits and more; Ed25519 is left out because readers of PDF do not know it.
 * (2) A certificate that does not belong to the key is refused when both are opened.
 * (3) Verification says that the bytes are what the holder of that certificate's key signed.  Whose certificate it is, is for the caller to
 *     decide: by its fingerprint, not by its name.
 *
 * A signer does not change once opened; threads share it freely. */
#ifndef LL_CRYPTO_CMS_H
#define LL_CRYPTO_CMS_H

#include "crypto/digest.h"
#include "crypto/key.h"

enum {
    LL_FINGERPRINT = 65 /* SHA-256 of the certificate in hexadecimal */,
    LL_CERT_NAME = 256,
    LL_CERT_PEM_MAX = 65536
};

struct ll_cert_info {
    char subject[LL_CERT_NAME]; /* its common name */
    char fingerprint[LL_FINGERPRINT];
    int64_t from, until; /* ms */
    bool self_signed;
};

/* A certificate for the key, signed with it.  Appends PEM. */
struct ll_cert_opts {
    const char *name, *organisation; /* organisation may be NULL */
    int64_t from, until;             /* ms */
};
int ll_cert_issue(const struct ll_key *key, const struct ll_cert_opts *o, struct ll_buf *out,
                  struct ll_err *err) LL_MUST;
/* Of the first certificate of a PEM text. */
int ll_cert_info(struct ll_str pem, struct ll_cert_info *ret, struct ll_err *err) LL_MUST;

struct ll_cms_signer;
/* chain: PEM, the signer's certificate first. */
int ll_cms_signer_open(const struct ll_key *key, struct ll_str chain, struct ll_cms_signer **ret,
                       struct ll_err *err) LL_MUST;
/* The same with a private key in PEM, not encrypted, that the operator has from elsewhere. */
int ll_cms_signer_open_pem(struct ll_str key_pem, struct ll_str chain, struct ll_cms_signer **ret,
                           struct ll_err *err) LL_MUST;
struct ll_cms_signer *ll_cms_signer_close(struct ll_cms_signer *s); /* NULL is fine; returns NULL */
const struct ll_cert_info *ll_cms_signer_info(const struct ll_cms_signer *s);
size_t ll_cms_signer_room(const struct ll_cms_signer *s); /* no signature of it has more bytes */

/* Of the parts one after the other; appends DER. */
int ll_cms_sign(const struct ll_cms_signer *s, const struct ll_str *parts, size_t n, struct ll_buf *out,
                struct ll_err *err) LL_MUST;
/* der may be followed by zeros (the rest of the place that was kept for it), by nothing else.  LL_INVALID. */
int ll_cms_verify(const struct ll_str *parts, size_t n, struct ll_str der, struct ll_cert_info *ret,
                  struct ll_err *err) LL_MUST;

#endif
