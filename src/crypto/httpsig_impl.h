/* httpsig_impl.h - what the parts of httpsig.h share. */
#ifndef LL_CRYPTO_HTTPSIG_IMPL_H
#define LL_CRYPTO_HTTPSIG_IMPL_H

#include "crypto/httpsig.h"
#include "crypto/sf.h"

enum { HTTPSIG_COMPONENTS = 32, HTTPSIG_PARAMS = 8 };

struct component {
    struct ll_str name; /* between the quotes */
    struct ll_str raw;  /* as it stands in the base: "name";req */
    bool req;
};

struct ll_httpsig {
    unsigned magic;
    struct component components[HTTPSIG_COMPONENTS];
    size_t n;
    struct ll_str list; /* the value of @signature-params */
    struct ll_httpsig_params params;
    unsigned char sig[LL_SIGNATURE];
    struct ll_buf input, list_text; /* own copies that the texts above point into */
};

#define HTTPSIG_MAGIC 0x4c4c4853u

/* The value of one component of m, appended; LL_INVALID when m has none. */
int ll_httpsig_value(const struct ll_http_message *m, const struct component *c, struct ll_buf *out,
                     struct ll_err *err) LL_MUST;
/* ("a" "b";req);created=1... : fills components, list and params of h from its input. */
bool ll_httpsig_list(struct ll_httpsig *h, struct ll_sf *s);

#endif
