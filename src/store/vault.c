/* vault.c - the vault as others see it (vault.h).  Keys are vault_key.c, values cell.c. */
#include "store/vault_impl.h"

#include "crypto/digest.h"
#include "crypto/random.h"

#include <stdlib.h>
#include <string.h>

int ll_vault_open(struct ll_store *st, const struct ll_vault_opts *o, struct ll_vault **ret,
                  struct ll_err *err)
{
    struct ll_vault *v = calloc(1, sizeof *v);

    if (!v)
        return ll_no_memory(err);
    v->store = st;
    v->o = *o;
    pthread_mutex_init(&v->lock, NULL);
    *ret = v;
    return LL_OK;
}

struct ll_vault *ll_vault_close(struct ll_vault *v)
{
    if (!v)
        return NULL;
    while (v->known) {
        struct known *k = v->known;
        v->known = k->next;
        free(k->resource);
        free(k);
    }
    while (v->keys) {
        struct data_key *k = v->keys;
        v->keys = k->next;
        ll_aead_free(k->aead);
        free(k);
    }
    ll_keyring_close(v->ring);
    pthread_mutex_destroy(&v->lock);
    free(v);
    return NULL;
}

struct ll_store *ll_vault_store(struct ll_vault *v)
{
    return v->store;
}

/* --- what others ask ----------------------------------------------------------------------------------------------- */

const char *ll_vault_made_secret(struct ll_vault *v)
{
    pthread_mutex_lock(&v->lock);
    const char *made = v->ring && !v->told ? ll_keyring_made_secret(v->ring) : NULL;
    v->told |= made != NULL;
    pthread_mutex_unlock(&v->lock);
    return made;
}

enum ll_aead_alg ll_vault_alg(const struct ll_vault *v)
{
    return v->o.alg;
}

int ll_vault_knows(struct ll_vault *v, const char *resource, bool *ret, struct ll_err *err)
{
    struct known *k = NULL;

    *ret = false;
    if (!v)
        return LL_OK;
    pthread_mutex_lock(&v->lock);
    int rc = ll_vault_known(v, resource, &k, err);
    *ret = rc == LL_OK && k->any;
    pthread_mutex_unlock(&v->lock);
    return rc;
}

int ll_vault_prepare(struct ll_vault *v, const char *resource, struct ll_err *err)
{
    struct known *k = NULL;

    pthread_mutex_lock(&v->lock);
    int rc = ll_vault_known(v, resource, &k, err);
    if (rc == LL_OK)
        rc = ll_vault_renew(v, k, err);
    pthread_mutex_unlock(&v->lock);
    return rc;
}

int ll_vault_active(struct ll_vault *v, const char *resource, const struct data_key **ret, struct ll_err *err)
{
    struct known *k = NULL;

    pthread_mutex_lock(&v->lock);
    int rc = ll_vault_known(v, resource, &k, err);
    if (rc == LL_OK && !k->any)
        rc = ll_vault_renew(v, k, err);
    if (rc == LL_OK && !k->active)
        rc = ll_vault_key(v, k, k->id, &k->active, err);
    *ret = rc == LL_OK ? k->active : NULL;
    pthread_mutex_unlock(&v->lock);
    return rc;
}

int ll_vault_find(struct ll_vault *v, const char *resource, uint32_t id, const struct data_key **ret,
                  struct ll_err *err)
{
    struct known *k = NULL;

    pthread_mutex_lock(&v->lock);
    int rc = ll_vault_known(v, resource, &k, err);
    if (rc == LL_OK)
        rc = ll_vault_key(v, k, id, ret, err);
    pthread_mutex_unlock(&v->lock);
    return rc;
}

int ll_vault_index_key(struct ll_vault *v, const char *resource, unsigned char out[LL_AEAD_KEY],
                       struct ll_err *err)
{
    unsigned char secret[LL_RING_SECRET];
    char id[LL_RING_ID];
    struct known *k = NULL;

    pthread_mutex_lock(&v->lock);
    int rc = ll_vault_known(v, resource, &k, err);
    if (rc == LL_OK && !k->any)
        rc = ll_vault_renew(v, k, err);
    if (rc == LL_OK && (rc = ll_vault_ring(v, k, err)) == LL_OK &&
        (rc = ll_vault_index(v, k, id, err)) == LL_OK &&
        (rc = ll_keyring_secret(v->ring, LL_FOR_INDEX, secret, err)) == LL_OK)
        ll_hkdf_sha256((struct ll_str){(const char *)secret, sizeof secret}, LL_STR("luling index"),
                       ll_str(resource), out, LL_AEAD_KEY);
    pthread_mutex_unlock(&v->lock);
    ll_wipe(secret, sizeof secret);
    return rc;
}
