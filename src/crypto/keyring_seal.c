/* keyring_seal.c - values sealed under a keyring's secrets: they name the secret, so that they open after it was rotated. */
#include "crypto/keyring_impl.h"

#include "crypto/base64.h"

#include <string.h>

enum { RAW_ID = 8 };

static struct ll_str secret_of(const struct ring_entry *e)
{
    return (struct ll_str){(const char *)e->secret, LL_RING_SECRET};
}

int ll_keyring_seal(struct ll_keyring *r, enum ll_purpose p, enum ll_aead_alg alg, struct ll_str about,
                    struct ll_str plain, struct ll_buf *out, struct ll_err *err)
{
    struct ring_entry *e = NULL;
    struct ll_aead *a = NULL;
    unsigned char id[RAW_ID];
    size_t start = out->n;
    int rc;

    LL_ASSERT(ll_purpose_is_secret(p));
    if ((rc = ll_ring_need(r, p, &e, err)) < 0 || (rc = ll_aead_new(alg, secret_of(e), &a, err)) < 0)
        return rc;
    LL_ASSERT(ll_hex_exact(ll_str(e->k.id), id, RAW_ID));
    ll_buf_add(out, id, RAW_ID);
    rc = ll_aead_seal(a, about, plain, out, err);
    if (rc < 0)
        out->n = start;
    ll_aead_free(a);
    return rc;
}

static const struct ring_entry *secret_by_id(struct ll_keyring *r, const char *id)
{
    pthread_rwlock_rdlock(&r->lock);
    const struct ring_entry *e = r->entries;
    while (e && (strcmp(e->k.id, id) != 0 || !ll_purpose_is_secret(e->k.purpose)))
        e = e->next;
    pthread_rwlock_unlock(&r->lock);
    return e;
}

static int find_sealer(struct ll_keyring *r, struct ll_str sealed, const struct ring_entry **ret,
                       struct ll_err *err)
{
    struct ll_buf id = LL_BUF_INIT(LL_RING_ID);
    int rc = LL_OK;

    if (sealed.n < RAW_ID + LL_AEAD_MORE)
        return ll_fail(err, LL_INVALID, "不是密文", "not a sealed value");
    ll_hex_put(&id, sealed.p, RAW_ID);
    if (id.failed)
        return ll_no_memory(err);
    *ret = secret_by_id(r, id.p);
    if (!*ret && (rc = ll_keyring_refresh(r, err)) == LL_OK && !(*ret = secret_by_id(r, id.p)))
        rc = ll_fail(err, LL_NOTFOUND, "密钥文件中没有密钥 %s", "the key file has no key %s", id.p);
    ll_buf_free(&id);
    return rc;
}

int ll_keyring_unseal(struct ll_keyring *r, struct ll_str about, struct ll_str sealed, struct ll_buf *out,
                      struct ll_err *err)
{
    const struct ring_entry *e = NULL;
    struct ll_aead *a = NULL;
    int rc = find_sealer(r, sealed, &e, err);

    if (rc < 0)
        return rc;
    struct ll_str rest = {sealed.p + RAW_ID, sealed.n - RAW_ID};
    unsigned alg = (unsigned char)rest.p[0];
    if (alg != LL_AES256_GCM && alg != LL_SM4_GCM)
        return ll_fail(err, LL_INVALID, "不是密文", "not a sealed value");
    if ((rc = ll_aead_new((enum ll_aead_alg)alg, secret_of(e), &a, err)) < 0)
        return rc;
    rc = ll_aead_open(a, about, rest, out, err);
    ll_aead_free(a);
    return rc;
}
