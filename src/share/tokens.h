/* tokens.h - access tokens of clients: opaque, bound to a client, valid for minutes, kept in memory only as hashes.
 *
 * A restart ends them all; a client asks for another, as it does every few minutes anyway.  Threads may share one struct ll_tokens. */
#ifndef LL_SHARE_TOKENS_H
#define LL_SHARE_TOKENS_H

#include "base/err.h"
#include "base/str.h"

/* The first letter of an owner that is no client: a subject; what a portal may know of one (http/oidc.h).  A use of passkeys begins with '?' (http/challenge.h). */
enum { LL_TOKEN_SUBJECT = '~', LL_TOKEN_PORTAL = '=' };
/* Behind a subject: by the passkey of its legal representative. */
#define LL_TOKEN_REPRESENTATIVE "!"
enum { LL_TOKEN_S = 600, LL_TOKENS_MOST = 1 << 16, LL_TOKEN_CLIENT = 136 };

struct ll_tokens;

int ll_tokens_new(struct ll_tokens **ret, struct ll_err *err) LL_MUST;
struct ll_tokens *ll_tokens_free(struct ll_tokens *t); /* NULL is fine; returns NULL */
/* LL_BUSY when LL_TOKENS_MOST are valid at once. */
int ll_tokens_issue(struct ll_tokens *t, struct ll_str client, char token[44], struct ll_err *err) LL_MUST;
/* The client's id; false when there is no such token, or it has ended. */
bool ll_tokens_find(struct ll_tokens *t, struct ll_str token, char client[LL_TOKEN_CLIENT]);
/* The same, and the token ends: it was for one use. */
bool ll_tokens_take(struct ll_tokens *t, struct ll_str token, char client[LL_TOKEN_CLIENT]);
void ll_tokens_end(struct ll_tokens *t, struct ll_str client); /* every token of a client */

#endif
