/* tool.h - the operations of tool.c. */
#ifndef LL_TESTS_TRUST_TOOL_H
#define LL_TESTS_TRUST_TOOL_H

#include "base/buf.h"
#include "base/err.h"
#include "crypto/base64.h"

#include <jansson.h>

#define TOOL_OPS(X)                                                                                          \
    X(key_new)                                                                                               \
    X(thumbprint)                                                                                            \
    X(jws_sign)                                                                                              \
    X(jws_verify)                                                                                            \
    X(httpsig_sign)                                                                                          \
    X(httpsig_verify)                                                                                        \
    X(content_digest)                                                                                        \
    X(webauthn_register)                                                                                     \
    X(webauthn_verify)                                                                                       \
    X(sdjwt_issue)                                                                                           \
    X(sdjwt_verify)                                                                                          \
    X(status_issue)                                                                                          \
    X(status_read)

#define X(name) int tool_##name(const json_t *in, json_t *out, struct ll_err *err);
TOOL_OPS(X)
#undef X

struct ll_str tool_text(const json_t *in, const char *name);
int tool_bytes(const json_t *in, const char *name, struct ll_buf *out, struct ll_err *err); /* base64url */
void tool_put(json_t *out, const char *name, struct ll_str s);
void tool_put_bytes(json_t *out, const char *name, const void *p, size_t n);

#endif
