/* client.h - the systems that call: registered by the system administrator with their public keys, enabled by the security
 * administrator.  A private key never comes here. */
#ifndef LL_SHARE_CLIENT_H
#define LL_SHARE_CLIENT_H

#include "base/arena.h"
#include "base/json.h"
#include "share/actor.h"
#include "store/store.h"

enum { LL_CLIENT_KEYS_MOST = 8, LL_CLIENT_ID_MOST = 64 };

struct ll_client {
    const char *id, *organisation, *title;
    const char *state; /* waiting, active, disabled */
    int64_t made_at;
    bool must_sign; /* its calls of services must be signed (http/signing.h) */
    size_t n_keys;
    struct ll_client_key {
        const char *kid, *jwk; /* public JWK; kid is its RFC 7638 thumbprint */
        const char *state;     /* active, retired */
        int64_t added_at;
    } keys[LL_CLIENT_KEYS_MOST];
};

/* State: waiting.  LL_CONFLICT when the id is taken, LL_NOTFOUND for an unknown organisation. */
int ll_client_add(struct ll_store *st, const struct ll_actor *by, struct ll_str id,
                  struct ll_str organisation, struct ll_str title, struct ll_err *err) LL_MUST;
/* key: a JWK, or a public key in PEM.  *kid gets its thumbprint. */
int ll_client_add_key(struct ll_store *st, const struct ll_actor *by, struct ll_str id, struct ll_str key,
                      char kid[44], struct ll_err *err) LL_MUST;
int ll_client_retire_key(struct ll_store *st, const struct ll_actor *by, struct ll_str id, struct ll_str kid,
                         struct ll_err *err) LL_MUST;
int ll_client_enable(struct ll_store *st, const struct ll_actor *by, struct ll_str id, bool enabled,
                     struct ll_err *err) LL_MUST;
/* Whether every call of the client must be signed by one of its keys. */
int ll_client_require_signing(struct ll_store *st, const struct ll_actor *by, struct ll_str id, bool must,
                              struct ll_err *err) LL_MUST;
int ll_client_get(struct ll_store *st, struct ll_str id, struct ll_arena *arena, struct ll_client *ret,
                  struct ll_err *err) LL_MUST;
/* Which systems: each NULL for any.  text is found in ids and titles. */
struct ll_client_query {
    const char *text, *organisation, *state;
    const char *sort; /* NULL: by organisation */
    size_t limit, offset;
};
int ll_client_list(struct ll_store *st, const struct ll_client_query *q, struct ll_arena *arena,
                   struct ll_client **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;
void ll_client_json(const struct ll_client *c, struct ll_json *j);

/* Notes that a client used a jti, until expires_at (ms).  LL_DENIED when it had been used: somebody replays. */
int ll_client_use_jti(struct ll_store *st, struct ll_str id, struct ll_str jti, int64_t expires_at,
                      struct ll_err *err) LL_MUST;

#endif
