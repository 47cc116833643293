/* must_sign.h - whether a request that opens no gate must be signed all the same (RFC 9421), because a grant of its organisation says so.  Calls
 * that open a gate are asked there (gateway.h); http/signing.h asks here for the other routes that concern what is granted. */
#ifndef LL_SHARE_MUST_SIGN_H
#define LL_SHARE_MUST_SIGN_H

#include "share/gateway.h"

/* Whether any grant of the organisation that is in force demands it. */
int ll_must_sign_any(struct ll_gateway *g, const char *organisation, bool *ret, struct ll_err *err) LL_MUST;
/* Whether the grant behind an export of the organisation demands it; there being no such export, nothing does. */
int ll_must_sign_export(struct ll_gateway *g, const char *organisation, struct ll_str id, bool *ret,
                        struct ll_err *err) LL_MUST;

#endif
