/* signin.h - sessions of people: an opaque token in a cookie, its hash in the control database.
 *
 * (1) A session ends after half an hour without use, after twelve hours in any case, when its account signs out, is disabled or
 *     changes its password.
 * (2) Its token is replaced every quarter of an hour of use.  The one before is taken for a minute more, because a page asks for
 *     several things at once. */
#ifndef LL_SHARE_SIGNIN_H
#define LL_SHARE_SIGNIN_H

#include "share/account.h"

enum { LL_SESSION_TOKEN = 44, LL_SESSION_S = 12 * 3600 };

struct ll_session {
    struct ll_account account;
    struct ll_actor actor;          /* points into account */
    char renewed[LL_SESSION_TOKEN]; /* the token that takes over from the one given; "" when it stays */
};

int ll_signin_open(struct ll_store *st, struct ll_str account, char token[LL_SESSION_TOKEN],
                   struct ll_err *err) LL_MUST;
/* 1: a session, in arena; 0: none of this token, or it has ended. */
int ll_signin_check(struct ll_store *st, struct ll_str token, struct ll_arena *arena, struct ll_session *ret,
                    struct ll_err *err) LL_MUST;
int ll_signin_close(struct ll_store *st, struct ll_str token,
                    struct ll_err *err) LL_MUST; /* fine when there is none */

#endif
