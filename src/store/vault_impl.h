/* vault_impl.h - what vault.c, vault_key.c, data_key.c and cell.c share. */
#ifndef LL_STORE_VAULT_IMPL_H
#define LL_STORE_VAULT_IMPL_H

#include "crypto/keyring.h"
#include "store/vault.h"

#include <pthread.h>

enum { LL_DATA_KEY_ID = 4 /* bytes of it at the head of a sealed value */ };

struct data_key {
    struct data_key *next;
    uint32_t id;
    struct ll_aead *aead;
};

/* What table data_key says of a resource, and what was made of it. */
struct known {
    struct known *next;
    char *resource;
    bool any; /* the rest counts */
    uint32_t id;
    char item_key[LL_RING_ID], index_key[LL_RING_ID];
    int64_t used, alg;
    const struct data_key *active; /* NULL: not opened yet */
};

struct ll_vault {
    struct ll_store *store;
    struct ll_vault_opts o;
    pthread_mutex_t lock; /* of all below */
    struct ll_keyring *ring;
    bool told; /* of the secret that was made */
    struct known *known;
    struct data_key *keys;
};

/* vault_key.c; the caller holds the lock. */
int ll_vault_known(struct ll_vault *v, const char *resource, struct known **ret, struct ll_err *err) LL_MUST;
int ll_vault_ring(struct ll_vault *v, const struct known *k,
                  struct ll_err *err) LL_MUST; /* opens the keyring */
int ll_vault_renew(struct ll_vault *v, struct known *k,
                   struct ll_err *err) LL_MUST; /* makes a data key when one is due */
int ll_vault_key(struct ll_vault *v, const struct known *k, uint32_t id, const struct data_key **ret,
                 struct ll_err *err) LL_MUST;
int ll_vault_index(struct ll_vault *v, const struct known *k, char id[LL_RING_ID],
                   struct ll_err *err) LL_MUST;

/* vault.c */
struct ll_store *ll_vault_store(struct ll_vault *v);
/* The key that new values of the resource are sealed under.  It lives as long as v. */
int ll_vault_active(struct ll_vault *v, const char *resource, const struct data_key **ret,
                    struct ll_err *err) LL_MUST;
/* The key of that number, which must be the resource's. */
int ll_vault_find(struct ll_vault *v, const char *resource, uint32_t id, const struct data_key **ret,
                  struct ll_err *err) LL_MUST;
int ll_vault_index_key(struct ll_vault *v, const char *resource, unsigned char out[LL_AEAD_KEY],
                       struct ll_err *err) LL_MUST;

#endif
