/* accounts.h - what the handlers of signing in have in common. */
#ifndef LL_HTTP_ACCOUNTS_H
#define LL_HTTP_ACCOUNTS_H

#include "http/app.h"
#include "http/request.h"
#include "share/account.h"

/* LL_TOOMANY: this address has tried often enough for now, whatever accounts it tried. */
int ll_accounts_attempt(struct ll_app *app, const struct ll_request *rq, struct ll_err *err) LL_MUST;
/* Signs the account in: opens a session, sets its cookie, and writes who it is and what it may do. */
int ll_accounts_enter(struct ll_app *app, struct ll_request *rq, const struct ll_account *who,
                      struct ll_err *err) LL_MUST;

#endif
