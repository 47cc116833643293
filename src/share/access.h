/* access.h - which systems may act at this moment: enabled by the security administrator, and nothing about them frozen.
 *
 * Answers from a snapshot in memory that holds everything committed before the question, so that a freeze holds for the next call, from
 * whichever process it came; as long as nothing was committed a question makes no system call. */
#ifndef LL_SHARE_ACCESS_H
#define LL_SHARE_ACCESS_H

#include "base/arena.h"
#include "base/json.h"
#include "share/actor.h"
#include "store/store.h"

struct ll_access;
struct ll_key;

int ll_access_open(struct ll_store *st, struct ll_access **ret,
                   struct ll_err *err) LL_MUST;         /* st must outlive it */
struct ll_access *ll_access_close(struct ll_access *a); /* NULL is fine; returns NULL */

/* Fills *ret, allocated in arena.  LL_SIGNIN when the client is not enabled any more.  A freeze is ll_access_frozen's to find. */
int ll_access_client(struct ll_access *a, const char *client, struct ll_arena *arena, struct ll_actor *ret,
                     struct ll_err *err) LL_MUST;
/* An enabled key of the client, by its thumbprint; to be freed.  LL_DENIED: there is none. */
int ll_access_key(struct ll_access *a, const char *client, struct ll_str kid, struct ll_key **ret,
                  struct ll_err *err) LL_MUST;
/* LL_OK, or LL_DENIED with what is frozen and why: the gateway, the organisation, the client, or the resource (NULL: none). */
int ll_access_frozen(struct ll_access *a, const struct ll_actor *who, const char *resource,
                     struct ll_err *err) LL_MUST;

/* 1: the client is slowed down, since a flag about it is open (anomaly.h); 0: it is not. */
int ll_access_throttled(struct ll_access *a, const struct ll_actor *who, struct ll_err *err) LL_MUST;

/* name, how a thing of the kind is found, zh, en */
#define LL_FREEZE_KINDS(X)                                                                                   \
    X(GATEWAY, "gateway", NULL, "全部接口", "the whole gateway")                                             \
    X(ORGANISATION, "organisation", "SELECT 1 FROM organisation WHERE code = $1", "机构",                    \
      "the organisation")                                                                                    \
    X(CLIENT, "client", "SELECT 1 FROM client WHERE id = $1", "系统", "the client")                          \
    X(RESOURCE, "resource", "SELECT 1 FROM resource WHERE name = $1", "数据资源", "the resource")

/* id is "*" for the gateway.  Freezing what is frozen gives it the new reason. */
int ll_freeze(struct ll_store *st, const struct ll_actor *by, struct ll_str kind, struct ll_str id,
              struct ll_str reason, struct ll_err *err) LL_MUST;
/* The same in the caller's transaction. */
int ll_freeze_in(struct ll_txn *tx, const struct ll_actor *by, struct ll_str kind, struct ll_str id,
                 struct ll_str reason, struct ll_err *err) LL_MUST;
int ll_thaw(struct ll_store *st, const struct ll_actor *by, struct ll_str kind, struct ll_str id,
            struct ll_err *err) LL_MUST; /* LL_NOTFOUND */

struct ll_frozen {
    const char *kind, *id, *reason, *made_by;
    int64_t made_at;
};
struct ll_freeze_query {
    const char *kind; /* NULL: any */
    const char *sort; /* NULL: the newest first */
    size_t limit, offset;
};
int ll_freeze_list(struct ll_store *st, const struct ll_freeze_query *q, struct ll_arena *arena,
                   struct ll_frozen **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;
void ll_frozen_json(const struct ll_frozen *f, struct ll_json *j);

#endif
