/* signing.h - inside the server: requests that a client signs and answers that the platform signs (RFC 9421, RFC 9530), so that neither side
 * can say later that it did not send them.
 *
 * (1) What must be covered: @method, authorization, @target-uri (or @path and @query) and, of a request with a body, content-digest.  The
 *     token is ours alone, so a signature that covers it means this platform.
 * (2) The key is a registered one of the client that the token belongs to, named by keyid: Ed25519, ES256 or SM2.
 * (3) created and expires lie within a minute, the nonce was not used before (share/nonces.h).
 * (4) A signature that is there must hold, whether one was asked for or not; a refusal names what failed and, for services, stands in the journal.
 * (5) Where the request has Accept-Signature, its answer is signed, over its digest and status and over the request's own signature: the pair
 *     cannot be taken apart. */
#ifndef LL_HTTP_SIGNING_H
#define LL_HTTP_SIGNING_H

#include "http/exchange.h"

/* Looks at the request's signature once its body is there, and leaves it in x->rq.actor.signature. */
int ll_signing_check(struct ll_exchange *x, struct ll_err *err) LL_MUST;

/* Values of the fields Content-Digest, Signature-Input and Signature, in the request's arena; NULL: this answer is not signed. */
struct ll_answer_signature {
    const char *digest, *input, *signature;
};
/* body: as it is sent.  An answer that cannot be signed though it was asked for goes without, and the log says why. */
void ll_signing_answer(struct ll_exchange *x, struct ll_str body, struct ll_answer_signature *ret);
/* Whether ll_signing_answer would sign: such an answer is sent as it was signed, uncompressed. */
bool ll_signing_asked(const struct ll_exchange *x);

#endif
