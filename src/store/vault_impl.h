/* vault_impl.h - what vault.c and cell.c share. */
#ifndef LL_STORE_VAULT_IMPL_H
#define LL_STORE_VAULT_IMPL_H

#include "store/vault.h"

enum { LL_DATA_KEY_ID = 4 /* bytes of it at the head of a sealed value */ };

struct data_key {
    struct data_key *next;
    uint32_t id;
    struct ll_aead *aead;
};

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
