/* signin.h - sessions of people: an opaque token in a cookie, its hash in the control database.
 *
 * (1) A session ends after half an hour without use, after twelve hours in any case, when its account signs out, is disabled or
 *     changes its password.
 * (2) Its token is replaced every quarter of an hour of use.  The one before is taken for a minute more, because a page asks for
 *     several things at once. */
#ifndef LL_SHARE_SIGNIN_H
#define LL_SHARE_SIGNIN_H

#include "share/account.h"

enum { LL_SESSION_TOKEN = 44, LL_SESSION_S = 12 * 3600, LL_SESSION_AGENT = 200 };

struct ll_session {
    struct ll_account account;
    struct ll_actor actor;          /* points into account */
    char renewed[LL_SESSION_TOKEN]; /* the token that takes over from the one given; "" when it stays */
};

/* Where somebody signs in, so that they know it again in the list of their sessions. */
struct ll_signin_from {
    const char *agent,
        *remote; /* what the browser calls itself (at most LL_SESSION_AGENT are kept), its address; NULL: not known */
};
int ll_signin_open(struct ll_store *st, struct ll_str account, const struct ll_signin_from *from,
                   char token[LL_SESSION_TOKEN], struct ll_err *err) LL_MUST;
/* 1: a session, in arena; 0: none of this token, or it has ended. */
int ll_signin_check(struct ll_store *st, struct ll_str token, struct ll_arena *arena, struct ll_session *ret,
                    struct ll_err *err) LL_MUST;
int ll_signin_close(struct ll_store *st, struct ll_str token,
                    struct ll_err *err) LL_MUST; /* fine when there is none */

/* An account's sessions that hold, the one used last first, in arena.  token: of the one that asks. */
struct ll_session_row {
    const char *id, *agent, *remote;
    int64_t made_at, seen_at;
    bool current;
};
int ll_signin_list(struct ll_store *st, struct ll_str account, struct ll_str token, struct ll_arena *arena,
                   struct ll_session_row **ret, size_t *ret_n, struct ll_err *err) LL_MUST;
/* Ends one of the account's sessions, wherever it is; LL_NOTFOUND: it has none of this id. */
int ll_signin_end(struct ll_store *st, struct ll_str account, struct ll_str id, struct ll_err *err) LL_MUST;

#endif
