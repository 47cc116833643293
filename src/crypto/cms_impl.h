/* cms_impl.h - what cert.c and cms.c share. */
#ifndef LL_CRYPTO_CMS_IMPL_H
#define LL_CRYPTO_CMS_IMPL_H

#include "crypto/cms.h"

#include <openssl/x509.h>

bool ll_cert_read_info(X509 *cert, struct ll_cert_info *ret);
X509 *ll_cert_next(BIO *bio); /* the next of a PEM text; NULL: there is none, or it is broken */

#endif
