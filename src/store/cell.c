/* cell.c - values of one item, sealed, opened and indexed (vault.h).  What a value costs is its cipher: keys are looked up once. */
#include "store/vault_impl.h"

#include "crypto/digest.h"
#include "crypto/random.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_ABOUT = 1024, MAX_PARTS = 1 << 20 };

struct ll_cell {
    struct ll_vault *vault;
    struct ll_buf about; /* resource NUL item */
    const char *resource, *item;
    const struct data_key *active, *last; /* last: that opened the value before */
    bool has_index;
    unsigned char index[LL_AEAD_KEY];
    struct ll_buf parts;
};

int ll_cell_open(struct ll_vault *v, struct ll_str resource, struct ll_str item, struct ll_cell **ret,
                 struct ll_err *err)
{
    struct ll_cell *c = calloc(1, sizeof *c);

    if (!c)
        return ll_no_memory(err);
    c->vault = v;
    c->about = LL_BUF_INIT(MAX_ABOUT);
    c->parts = LL_BUF_INIT(MAX_PARTS);
    ll_buf_str(&c->about, resource);
    ll_buf_c(&c->about, 0);
    ll_buf_str(&c->about, item);
    if (c->about.failed) {
        ll_cell_close(c);
        return ll_no_memory(err);
    }
    c->resource = c->about.p;
    c->item = c->about.p + resource.n + 1;
    *ret = c;
    return LL_OK;
}

struct ll_cell *ll_cell_close(struct ll_cell *c)
{
    if (!c)
        return NULL;
    ll_buf_free(&c->about);
    ll_buf_wipe(&c->parts);
    ll_wipe(c, sizeof *c);
    free(c);
    return NULL;
}

int ll_cell_seal(struct ll_cell *c, struct ll_str value, struct ll_buf *out, struct ll_err *err)
{
    size_t start = out->n;
    int rc;

    if (!c->active && (rc = ll_vault_active(c->vault, c->resource, &c->active, err)) < 0)
        return rc;
    for (int shift = 24; shift >= 0; shift -= 8)
        ll_buf_c(out, (char)(c->active->id >> shift));
    rc = ll_aead_seal(c->active->aead, ll_buf_view(&c->about), value, out, err);
    if (rc < 0)
        out->n = start;
    return rc;
}

int ll_cell_unseal(struct ll_cell *c, struct ll_str sealed, struct ll_buf *out, struct ll_err *err)
{
    uint32_t id = 0;
    int rc;

    if (sealed.n < LL_DATA_KEY_ID + LL_AEAD_MORE)
        return ll_fail(err, LL_INVALID, "资源 %s 的信息项 %s 不是密文", "resource %s: item %s is not sealed",
                       c->resource, c->item);
    for (size_t i = 0; i < LL_DATA_KEY_ID; i++)
        id = id << 8 | (unsigned char)sealed.p[i];
    if ((!c->last || c->last->id != id) && (rc = ll_vault_find(c->vault, c->resource, id, &c->last, err)) < 0)
        return rc;
    const struct ll_str rest = {sealed.p + LL_DATA_KEY_ID, sealed.n - LL_DATA_KEY_ID};
    rc = ll_aead_open(c->last->aead, ll_buf_view(&c->about), rest, out, err);
    if (rc == LL_INVALID)
        rc = ll_fail(err, LL_INVALID, "资源 %s 的信息项 %s 的密文已被改动，或来自别处",
                     "resource %s: a sealed value of item %s was changed, or belongs elsewhere", c->resource,
                     c->item);
    return rc;
}

int ll_cell_blind(struct ll_cell *c, const struct ll_str *parts, size_t n, unsigned char out[LL_BLIND],
                  struct ll_err *err)
{
    struct ll_str all;
    int rc;

    if (!c->has_index && (rc = ll_vault_index_key(c->vault, c->resource, c->index, err)) < 0)
        return rc;
    c->has_index = true;
    ll_buf_clear(&c->parts);
    for (size_t i = 0; i < n; i++) { /* no value holds a NUL: no two keys make one text */
        if (i)
            ll_buf_c(&c->parts, 0);
        ll_buf_str(&c->parts, parts[i]);
    }
    if (c->parts.failed)
        return ll_fail(err, LL_TOOBIG, "主键超过 %d 字节", "a key is longer than %d bytes", MAX_PARTS);
    all = ll_buf_view(&c->parts);
    ll_blind_index((struct ll_str){(const char *)c->index, sizeof c->index}, ll_str(c->item), all, out);
    return LL_OK;
}
