/* vault_key.c - data keys in the control database, and the platform's keys that open them (vault.h). */
#include "store/vault_impl.h"

#include "base/clock.h"
#include "base/fs.h"
#include "crypto/base64.h"
#include "crypto/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEALED_MAX = 512, ABOUT_MAX = 1024, RAW_ID = 8 };

/* --- the platform's keys ------------------------------------------------------------------------------------------- */

static int key_file(const struct ll_vault *v, char out[LL_PATH], struct ll_err *err)
{
    return ll_path(out, err, "%s/keys.sealed", v->o.data_dir);
}

/* Says where the key is expected; what was wrong with it stands behind. */
static int no_key(const struct ll_vault *v, const char *resource, const struct ll_err *why,
                  struct ll_err *err)
{
    char file[LL_PATH], zh[LL_ERR_TEXT], en[LL_ERR_TEXT];

    if (key_file(v, file, err) < 0)
        return LL_TOOBIG;
    snprintf(
        zh, sizeof zh,
        "资源 %s 有加密的信息项，打不开它们的密钥（应在 %.300s 中，由设置 key_passphrase_file、systemd 凭据 luling-passphrase 或 "
        "<数据目录>.secret 打开）：",
        resource, file);
    snprintf(
        en, sizeof en,
        "resource %s has sealed items, and their key does not open (it is expected in %.300s, which setting key_passphrase_file, "
        "the systemd credential luling-passphrase or <data folder>.secret opens): ",
        resource, file);
    strncat(zh, why->zh, sizeof zh - strlen(zh) - 1);
    strncat(en, why->en, sizeof en - strlen(en) - 1);
    return ll_fail_texts(err, why->rc == LL_NOMEM ? LL_NOMEM : LL_IO, zh, en);
}

/* Promise (3): where something is sealed the keyring is there, or the folder has lost it. */
int ll_vault_ring(struct ll_vault *v, const struct known *k, struct ll_err *err)
{
    const struct ll_keyring_opts o = {v->o.data_dir, v->o.passphrase_file};
    struct ll_err why = {0};
    char file[LL_PATH];
    int rc = key_file(v, file, err);

    if (rc < 0 || v->ring)
        return rc;
    if (k->any && !ll_fs_exists(file))
        rc = ll_fail(&why, LL_NOTFOUND, "文件 %s 不存在", "there is no file %s", file);
    else
        rc = ll_keyring_open(&v->ring, &o, &why);
    return rc < 0 ? no_key(v, k->resource, &why, err) : LL_OK;
}

static bool active_id(struct ll_vault *v, enum ll_purpose p, char out[LL_RING_ID])
{
    struct ll_ring_key k;
    bool found = false;

    for (size_t i = 0; ll_keyring_at(v->ring, i, &k); i++)
        if (k.purpose == p && k.state == LL_RING_ACTIVE) {
            memcpy(out, k.id, LL_RING_ID);
            found = true;
        }
    return found;
}

/* --- rows of data_key ---------------------------------------------------------------------------------------------- */

static void put_about(struct ll_buf *about, const char *resource, uint32_t id)
{
    ll_buf_z(about, "luling data key");
    ll_buf_c(about, 0);
    ll_buf_z(about, resource);
    ll_buf_c(about, 0);
    ll_buf_printf(about, "%u", id);
}

static void take_id(struct ll_stmt *s, int at, char out[LL_RING_ID])
{
    snprintf(out, LL_RING_ID, LL_STR_FMT, LL_STR_ARG(ll_col_text(s, at)));
}

static int read_known(struct ll_vault *v, struct known *k, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int rc = ll_txn_begin(v->store, false, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(
             tx,
             "SELECT id, item_key, index_key, used, alg FROM data_key WHERE resource = $1 ORDER BY made_at DESC, id LIMIT 1",
             &s, err)) == LL_OK) {
        ll_bind_z(s, 1, k->resource);
        if ((rc = ll_step(s, err)) > 0) {
            if (k->id != (uint32_t)ll_col_int(s, 0))
                k->active = NULL;
            k->any = true;
            k->id = (uint32_t)ll_col_int(s, 0);
            take_id(s, 1, k->item_key);
            take_id(s, 2, k->index_key);
            k->used = ll_col_int(s, 3);
            k->alg = ll_col_int(s, 4);
        }
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

/* The caller holds the lock.  What is not sealed yet may be sealed the next time one asks. */
int ll_vault_known(struct ll_vault *v, const char *resource, struct known **ret, struct ll_err *err)
{
    struct known *k = v->known;

    while (k && strcmp(k->resource, resource) != 0)
        k = k->next;
    if (!k) {
        if (!(k = calloc(1, sizeof *k)) || !(k->resource = strdup(resource))) {
            free(k);
            return ll_no_memory(err);
        }
        k->next = v->known;
        v->known = k;
    }
    *ret = k;
    return k->any ? LL_OK : read_known(v, k, err);
}

static int add_key(struct ll_vault *v, uint32_t id, enum ll_aead_alg alg, struct ll_str secret,
                   const struct data_key **ret, struct ll_err *err)
{
    struct data_key *k = calloc(1, sizeof *k);
    int rc;

    if (!k)
        return ll_no_memory(err);
    if (secret.n != LL_AEAD_KEY)
        rc = ll_fail(err, LL_INVALID, "数据密钥长度不对", "a data key of another length");
    else
        rc = ll_aead_new(alg, secret, &k->aead, err);
    if (rc < 0) {
        free(k);
        return rc;
    }
    k->id = id;
    k->next = v->keys;
    *ret = v->keys = k;
    return LL_OK;
}

/* Opens a data key as its row has it. */
static int unwrap(struct ll_vault *v, const struct known *k, uint32_t id, enum ll_aead_alg alg,
                  struct ll_str text, const struct data_key **ret, struct ll_err *err)
{
    struct ll_buf sealed = LL_BUF_INIT(SEALED_MAX), about = LL_BUF_INIT(ABOUT_MAX),
                  secret = LL_BUF_INIT(SEALED_MAX);
    struct ll_err why = {0};
    int rc = ll_vault_ring(v, k, err);

    if (rc < 0)
        return rc;
    put_about(&about, k->resource, id);
    ll_buf_reserve(&secret, SEALED_MAX / 2); /* so that no copy is left behind by growing */
    if (about.failed || secret.failed)
        rc = ll_no_memory(&why);
    else if ((rc = ll_base64_get(text, LL_BASE64_STD, &sealed, &why)) == LL_OK &&
             (rc = ll_keyring_unseal(v->ring, ll_buf_view(&about), ll_buf_view(&sealed), &secret, &why)) ==
                 LL_OK)
        rc = add_key(v, id, alg, ll_buf_view(&secret), ret, &why);
    if (rc < 0)
        rc = no_key(v, k->resource, &why, err);
    ll_buf_wipe(&secret);
    ll_buf_free(&about);
    ll_buf_free(&sealed);
    return rc;
}

static int read_key(struct ll_vault *v, const struct known *k, uint32_t id, const struct data_key **ret,
                    struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(SEALED_MAX * 2);
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int64_t alg = 0;
    int rc = ll_txn_begin(v->store, false, &tx, err);

    if (rc == LL_OK && (rc = ll_sql(tx, "SELECT alg, sealed FROM data_key WHERE id = $1 AND resource = $2",
                                    &s, err)) == LL_OK) {
        ll_bind_int(s, 1, id);
        ll_bind_z(s, 2, k->resource);
        if ((rc = ll_step(s, err)) > 0) {
            alg = ll_col_int(s, 0);
            ll_buf_str(&text, ll_col_text(s, 1));
        }
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    if (rc == 0 || (rc > 0 && (text.failed || (alg != LL_AES256_GCM && alg != LL_SM4_GCM))))
        rc = ll_fail(err, LL_IO, "控制库中没有资源 %s 的数据密钥 %u",
                     "the control database has, of resource %s, no data key %u", k->resource, id);
    if (rc > 0)
        rc = unwrap(v, k, id, (enum ll_aead_alg)alg, ll_buf_view(&text), ret, err);
    ll_buf_free(&text);
    return rc;
}

/* The caller holds the lock. */
int ll_vault_key(struct ll_vault *v, const struct known *k, uint32_t id, const struct data_key **ret,
                 struct ll_err *err)
{
    for (const struct data_key *d = v->keys; d; d = d->next)
        if (d->id == id) {
            *ret = d;
            return LL_OK;
        }
    return read_key(v, k, id, ret, err);
}

/* --- a new data key ------------------------------------------------------------------------------------------------ */

struct fresh {
    uint32_t id;
    unsigned char secret[LL_AEAD_KEY];
    char item_key[LL_RING_ID], index_key[LL_RING_ID];
    struct ll_buf sealed; /* base64 */
};

static int seal_fresh(struct ll_vault *v, const struct known *k, struct fresh *f, struct ll_err *err)
{
    struct ll_buf about = LL_BUF_INIT(ABOUT_MAX), raw = LL_BUF_INIT(SEALED_MAX),
                  hex = LL_BUF_INIT(LL_RING_ID);
    int rc;

    put_about(&about, k->resource, f->id);
    if (about.failed)
        rc = ll_no_memory(err);
    else if ((rc = ll_keyring_seal(v->ring, LL_FOR_ITEM, v->o.alg, ll_buf_view(&about),
                                   (struct ll_str){(const char *)f->secret, LL_AEAD_KEY}, &raw, err)) ==
             LL_OK) {
        ll_base64_put(&f->sealed, LL_BASE64_STD, raw.p, raw.n);
        ll_hex_put(&hex, raw.p, RAW_ID);
        rc = f->sealed.failed || hex.failed ? ll_no_memory(err) : LL_OK;
    }
    if (rc == LL_OK)
        memcpy(f->item_key, hex.p, LL_RING_ID);
    ll_buf_free(&hex);
    ll_buf_free(&raw);
    ll_buf_free(&about);
    return rc;
}

static int insert_fresh(struct ll_vault *v, const struct known *k, const struct fresh *f, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(v->store, true, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_exec(tx, err,
                      "INSERT INTO data_key (id, resource, alg, item_key, index_key, sealed, used, made_at)"
                      " VALUES ($1, $2, $3, $4, $5, $6, 0, $7)",
                      "izizzsi", (int64_t)f->id, k->resource, (int64_t)v->o.alg, f->item_key, f->index_key,
                      ll_buf_view(&f->sealed), ll_now_ms())) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* Promise (2): a resource keeps the index key that it began with. */
int ll_vault_index(struct ll_vault *v, const struct known *k, char id[LL_RING_ID], struct ll_err *err)
{
    unsigned char unused[LL_RING_SECRET];
    struct ll_err why = {0};
    int rc = LL_OK;

    if (!k->any && !active_id(v, LL_FOR_INDEX, id))
        rc = ll_keyring_secret(v->ring, LL_FOR_INDEX, unused, &why); /* makes it */
    ll_wipe(unused, sizeof unused);
    if (rc == LL_OK && (!active_id(v, LL_FOR_INDEX, id) || (k->any && strcmp(id, k->index_key) != 0)))
        rc = ll_fail(&why, LL_NOTFOUND, "其中没有查找用的密钥 %s", "it has no index key %s", k->index_key);
    return rc < 0 ? no_key(v, k->resource, &why, err) : LL_OK;
}

static int make_key(struct ll_vault *v, struct known *k, struct ll_err *err)
{
    struct fresh f = {.sealed = LL_BUF_INIT(SEALED_MAX * 2)};
    int rc;

    if ((rc = ll_random(&f.id, sizeof f.id, err)) < 0 ||
        (rc = ll_random(f.secret, sizeof f.secret, err)) < 0 ||
        (rc = ll_vault_index(v, k, f.index_key, err)) < 0)
        return rc;
    f.id = f.id >> 1 | 1; /* fits everywhere without a sign, and is never 0 */
    if ((rc = seal_fresh(v, k, &f, err)) == LL_OK) {
        /* whoever writes to the store may be waiting for this lock; two keys made at once do no harm */
        pthread_mutex_unlock(&v->lock);
        rc = insert_fresh(v, k, &f, err);
        pthread_mutex_lock(&v->lock);
    }
    if (rc == LL_OK)
        rc = read_known(v, k, err);
    ll_buf_free(&f.sealed);
    ll_wipe(&f, sizeof f);
    return rc;
}

int ll_vault_renew(struct ll_vault *v, struct known *k, struct ll_err *err)
{
    char id[LL_RING_ID];
    struct ll_err why = {0};
    int rc;

    if ((rc = read_known(v, k, err)) < 0 || (rc = ll_vault_ring(v, k, err)) < 0)
        return rc;
    if (ll_keyring_refresh(v->ring, &why) < 0)
        return no_key(v, k->resource, &why, err);
    if (k->any && k->used < LL_VAULT_VALUES && k->alg == v->o.alg && active_id(v, LL_FOR_ITEM, id) &&
        strcmp(id, k->item_key) == 0)
        return LL_OK;
    return make_key(v, k, err);
}
