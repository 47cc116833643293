/* approve.h - "confirm with your passkey": before a handler runs, the server sees whether the act asks for it (share/approval.h).
 *
 * Without a confirmation the answer is 428 with an error APPROVAL and a member "approval": its id, the text and what to ask of the browser.  The page
 * shows the text, sends the passkey's answer to POST /v1/approvals/{id}, and sends the same request again with the header
 * Luling-Approval: id.  Whoever has no passkey is asked for none, unless setting passkey_approval is `always`. */
#ifndef LL_HTTP_APPROVE_H
#define LL_HTTP_APPROVE_H

#include "http/app.h"
#include "http/request.h"

/* id: of the header; NULL where it is not there.  *answered: the question was written, and the handler is not called. */
int ll_approve(struct ll_app *app, struct ll_request *rq, const char *id, bool *answered,
               struct ll_err *err) LL_MUST;
/* Writes the question, for a handler that finds only then that it needs a confirmation. */
int ll_approve_ask(struct ll_app *app, struct ll_request *rq, struct ll_err *err) LL_MUST;

#endif
