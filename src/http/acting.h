/* acting.h - a person who acts for an enterprise: header Luling-Acts-For names the delegation (share/delegate.h).
 *
 * (1) A route says in which scope it may be used so (`acts` of api/routes.json); one that says nothing refuses the header.
 * (2) The delegation is asked as it is at that moment.  From then on the request is the enterprise's (actor.subject), and says whose hand it was (actor.delegate). */
#ifndef LL_HTTP_ACTING_H
#define LL_HTTP_ACTING_H

#include "http/app.h"
#include "http/request.h"

/* Turns the actor, a signed-in person, into the enterprise; LL_DENIED. */
int ll_acting(struct ll_app *app, struct ll_request *rq, const char *delegation, struct ll_err *err) LL_MUST;

#endif
