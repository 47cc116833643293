/* vault.h - the keys of sealed values: envelope encryption of items of grades 3 and 4.
 *
 *   sealed value   data key[4] + what aead.h makes of the value, about "resource NUL item"
 *   blind index    16 bytes of HMAC-SHA256 by the resource's index key, over "item NUL part NUL part ..."
 *
 * (1) A resource's values are sealed under its data key.  That one lies in table data_key, sealed under the platform's key `item`
 *     (keyring.h), and is followed by another when `item` was rotated, another cipher is asked for, or it has sealed LL_VAULT_VALUES values;
 *     what it sealed still opens.  Equal values give different bytes, and a value opens only as what it was: of its resource and item.
 * (2) Index keys are derived from the platform's key `index`, one a resource: equal values of two resources do not show.  data_key
 *     names the key `index` that was in use; where the keyring has another one, an error says so, lest nothing be found.
 * (3) The keyring is opened at the first need, and is never made where something is sealed already: a folder that lost its keys says
 *     which file is missing.
 *
 * A vault may be shared by threads, a struct ll_cell is one thread's. */
#ifndef LL_STORE_VAULT_H
#define LL_STORE_VAULT_H

#include "crypto/aead.h"
#include "store/store.h"

struct ll_vault;
struct ll_vault_opts {
    const char *data_dir, *passphrase_file; /* as struct ll_keyring_opts; must outlive the vault */
    enum ll_aead_alg alg;                   /* of new values */
};

enum { LL_VAULT_VALUES = 1 << 30 };

/* st must outlive it. */
int ll_vault_open(struct ll_store *st, const struct ll_vault_opts *o, struct ll_vault **ret,
                  struct ll_err *err) LL_MUST;
struct ll_vault *ll_vault_close(struct ll_vault *v); /* NULL is fine; returns NULL */

/* The secret file that opening the keyring has just made, told once: keyring.h.  NULL when it made none. */
const char *ll_vault_made_secret(struct ll_vault *v);
enum ll_aead_alg ll_vault_alg(const struct ll_vault *v); /* of new values */
/* Whether anything of the resource was ever sealed here, whatever the grades of its items are now. */
int ll_vault_knows(struct ll_vault *v, const char *resource, bool *ret, struct ll_err *err) LL_MUST;
/* To be called before a job seals: makes or renews the resource's data key when promise (1) asks for it. */
int ll_vault_prepare(struct ll_vault *v, const char *resource, struct ll_err *err) LL_MUST;
/* Counts values sealed under the resource's newest data key. */
int ll_vault_used(struct ll_txn *tx, const char *resource, int64_t values, struct ll_err *err) LL_MUST;

/* A row of data_key: what a sealed batch carries in its manifest, so that lake and keyring open it without the control database. */
struct ll_data_key {
    int64_t id, alg, made_at; /* id 0: none */
    const char *item_key, *index_key, *sealed;
};
/* The resource's newest, in arena. */
int ll_data_key_get(struct ll_vault *v, const char *resource, struct ll_arena *arena, struct ll_data_key *ret,
                    struct ll_err *err) LL_MUST;
/* Adds it where it is not known. */
int ll_data_key_add(struct ll_txn *tx, const char *resource, const struct ll_data_key *k,
                    struct ll_err *err) LL_MUST;

/* One item of one resource. */
struct ll_cell;
int ll_cell_open(struct ll_vault *v, struct ll_str resource, struct ll_str item, struct ll_cell **ret,
                 struct ll_err *err) LL_MUST;
struct ll_cell *ll_cell_close(struct ll_cell *c); /* NULL is fine; returns NULL */
/* Appends the sealed value to out. */
int ll_cell_seal(struct ll_cell *c, struct ll_str value, struct ll_buf *out, struct ll_err *err) LL_MUST;
/* Appends the value; LL_INVALID when it was changed, or is of another place. */
int ll_cell_unseal(struct ll_cell *c, struct ll_str sealed, struct ll_buf *out, struct ll_err *err) LL_MUST;
int ll_cell_blind(struct ll_cell *c, const struct ll_str *parts, size_t n, unsigned char out[LL_BLIND],
                  struct ll_err *err) LL_MUST;

#endif
