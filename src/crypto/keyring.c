/* keyring.c - see keyring.h.  The file and its secret are keyring_file.c. */
#include "crypto/keyring_impl.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "crypto/digest.h"
#include "crypto/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RAW_ID = 8 };

static const struct {
    const char *name;
    unsigned kind; /* enum ll_alg, or LL_PURPOSE_SECRET */
    bool rotates;
    const char *title[2];
} purposes[] = {
#define X(id, name, kind, rotates, zh, en) {name, kind, rotates, {zh, en}},
    LL_PURPOSES(X)
#undef X
};

static const char *const states[] = {"active", "retiring", "retired"};

const char *ll_purpose_name(enum ll_purpose p)
{
    return purposes[p].name;
}

const char *ll_purpose_title(enum ll_purpose p, enum ll_lang lang)
{
    return purposes[p].title[lang == LL_EN];
}

bool ll_purpose_find(struct ll_str name, enum ll_purpose *ret)
{
    for (size_t i = 0; i < LL_PURPOSE_COUNT; i++)
        if (ll_str_is(name, purposes[i].name)) {
            *ret = (enum ll_purpose)i;
            return true;
        }
    return false;
}

bool ll_purpose_is_secret(enum ll_purpose p)
{
    return purposes[p].kind == LL_PURPOSE_SECRET;
}

enum ll_alg ll_purpose_alg(enum ll_purpose p)
{
    return (enum ll_alg)purposes[p].kind;
}

const char *ll_purpose_kind(enum ll_purpose p)
{
    return ll_purpose_is_secret(p) ? "secret" : ll_alg_name(ll_purpose_alg(p));
}

const char *ll_ring_state_name(enum ll_ring_state s)
{
    return states[s];
}

/* --- entries -------------------------------------------------------------------------------------------------------- */

void ll_ring_entry_free(struct ring_entry *e)
{
    if (!e)
        return;
    ll_key_free(e->key);
    ll_key_free(e->public);
    ll_wipe(e, sizeof *e);
    free(e);
}

/* The key pair of a secret, and its public half alone. */
static int make_keys(struct ring_entry *e, struct ll_str material, struct ll_err *err)
{
    unsigned char raw[LL_KEY_PUBLIC];
    enum ll_alg alg = ll_purpose_alg(e->k.purpose);
    struct ll_str public = material;
    int rc;

    if (e->has_secret) {
        if ((rc = ll_key_from_private(alg, material, &e->key, err)) < 0)
            return rc;
        public = (struct ll_str){(const char *)raw, ll_key_public(e->key, raw)};
    }
    return ll_key_from_public(alg, public, &e->public, err);
}

int ll_ring_entry_new(const struct ll_ring_key *k, struct ll_str material, bool has_secret,
                      struct ring_entry **ret, struct ll_err *err)
{
    struct ring_entry *e = calloc(1, sizeof *e);
    int rc = LL_OK;

    if (!e)
        return ll_no_memory(err);
    e->k = *k;
    e->has_secret = has_secret;
    if (has_secret)
        memcpy(e->secret, material.p, LL_RING_SECRET);
    if (!ll_purpose_is_secret(k->purpose))
        rc = make_keys(e, material, err);
    if (rc < 0) {
        ll_ring_entry_free(e);
        return rc;
    }
    *ret = e;
    return LL_OK;
}

/* The id of a signature key follows from it, so that it is the same wherever the key is known. */
static int name_key(struct ring_entry *e, struct ll_err *err)
{
    unsigned char raw[LL_KEY_PUBLIC], digest[LL_DIGEST];
    struct ll_buf text = LL_BUF_INIT(LL_RING_ID);
    int rc = LL_OK;

    if (e->public)
        ll_sha256(raw, ll_key_public(e->public, raw), digest);
    else
        rc = ll_random(digest, RAW_ID, err);
    ll_hex_put(&text, digest, RAW_ID);
    if (rc == LL_OK && text.failed)
        rc = ll_no_memory(err);
    if (rc == LL_OK)
        memcpy(e->k.id, text.p, LL_RING_ID);
    ll_buf_free(&text);
    return rc;
}

static int entry_generate(enum ll_purpose p, struct ring_entry **ret, struct ll_err *err)
{
    const struct ll_ring_key k = {.purpose = p, .state = LL_RING_ACTIVE, .made_at = ll_now_ms()};
    unsigned char secret[LL_RING_SECRET];
    int rc;

    do { /* an EC number out of range is as good as impossible, but possible */
        if ((rc = ll_random(secret, sizeof secret, err)) < 0)
            return rc;
        rc = ll_ring_entry_new(&k, (struct ll_str){(const char *)secret, sizeof secret}, true, ret, err);
    } while (rc == LL_INVALID);
    ll_wipe(secret, sizeof secret);
    return rc < 0 ? rc : name_key(*ret, err);
}

/* The caller holds the lock. */
static struct ring_entry *active(const struct ll_keyring *r, enum ll_purpose p)
{
    struct ring_entry *found = NULL;

    for (struct ring_entry *e = r->entries; e; e = e->next)
        if (e->k.purpose == p && e->k.state == LL_RING_ACTIVE)
            found = e;
    return found;
}

/* --- opening -------------------------------------------------------------------------------------------------------- */

static int open_files(struct ll_keyring *r, const struct ll_keyring_opts *o, struct ll_err *err)
{
    int fd = -1, rc;

    if ((rc = ll_path(r->file, err, "%s/keys.sealed", o->data_dir)) < 0 ||
        (rc = ll_path(r->lock_file, err, "%s/keys.lock", o->data_dir)) < 0 ||
        (rc = ll_ring_lock(r, &fd, err)) < 0)
        return rc;
    if ((rc = ll_ring_secret_open(r, o, err)) == LL_OK)
        rc = ll_ring_load(r, err);
    ll_fs_unlock(fd);
    return rc;
}

int ll_keyring_open(struct ll_keyring **ret, const struct ll_keyring_opts *o, struct ll_err *err)
{
    struct ll_keyring *r = calloc(1, sizeof *r);

    if (!r)
        return ll_no_memory(err);
    r->magic = RING_MAGIC;
    r->secret = LL_BUF_INIT(4096 + 65536); /* ll_fs_read takes room for a whole chunk */
    pthread_rwlock_init(&r->lock, NULL);
    pthread_mutex_init(&r->changing, NULL);
    int rc = open_files(r, o, err);
    if (rc < 0)
        ll_keyring_close(r);
    else
        *ret = r;
    return rc;
}

struct ll_keyring *ll_keyring_close(struct ll_keyring *r)
{
    if (!r)
        return NULL;
    LL_CHECK(r, RING_MAGIC);
    while (r->entries) {
        struct ring_entry *e = r->entries;
        r->entries = e->next;
        ll_ring_entry_free(e);
    }
    ll_buf_wipe(&r->secret);
    pthread_mutex_destroy(&r->changing);
    pthread_rwlock_destroy(&r->lock);
    free(r);
    return NULL;
}

const char *ll_keyring_made_secret(const struct ll_keyring *r)
{
    return r->made_secret ? r->secret_file : NULL;
}

/* --- changing ------------------------------------------------------------------------------------------------------- */

/* What is to happen between reading the file and writing it. */
struct change {
    enum ll_purpose purpose;
    bool rotate;
    int64_t until;
};

static void append(struct ll_keyring *r, struct ring_entry *e)
{
    struct ring_entry **at = &r->entries;

    while (*at)
        at = &(*at)->next;
    *at = e;
}

/* Both under the write lock; a change that could not be saved is undone. */
static int save_with(struct ll_keyring *r, const struct change *c, struct ring_entry *fresh,
                     struct ll_err *err)
{
    struct ring_entry *old = active(r, c->purpose), **at = &r->entries;
    struct ll_ring_key before = old ? old->k : (struct ll_ring_key){0};

    if (old) {
        old->k.state = LL_RING_RETIRING;
        old->k.until = c->until;
    }
    append(r, fresh);
    int rc = ll_ring_save(r, err);
    if (rc == LL_OK)
        return LL_OK;
    while (*at != fresh)
        at = &(*at)->next;
    *at = NULL;
    if (old)
        old->k = before;
    return rc;
}

/* The caller holds the file's lock and has read the file. */
static int change_locked(struct ll_keyring *r, const struct change *c, struct ll_err *err)
{
    struct ring_entry *fresh = NULL;
    size_t n = 0;

    for (const struct ring_entry *e = r->entries; e; e = e->next)
        n++;
    if (active(r, c->purpose) && !c->rotate)
        return LL_OK; /* another process or thread was first */
    if (n >= LL_RING_MAX)
        return ll_fail(err, LL_TOOBIG, "密钥已达 %d 个", "there are %d keys already", (int)LL_RING_MAX);
    int rc = entry_generate(c->purpose, &fresh, err);
    if (rc == LL_OK) {
        pthread_rwlock_wrlock(&r->lock);
        rc = save_with(r, c, fresh, err);
        pthread_rwlock_unlock(&r->lock);
    }
    if (rc < 0)
        ll_ring_entry_free(fresh);
    return rc;
}

static int change(struct ll_keyring *r, const struct change *c, struct ll_err *err)
{
    int fd = -1;

    LL_CHECK(r, RING_MAGIC);
    pthread_mutex_lock(&r->changing);
    int rc = ll_ring_lock(r, &fd, err);
    if (rc == LL_OK && (rc = ll_ring_load(r, err)) == LL_OK)
        rc = change_locked(r, c, err);
    ll_fs_unlock(fd);
    pthread_mutex_unlock(&r->changing);
    return rc;
}

int ll_keyring_refresh(struct ll_keyring *r, struct ll_err *err)
{
    int fd = -1;

    LL_CHECK(r, RING_MAGIC);
    pthread_mutex_lock(&r->changing);
    int rc = ll_ring_lock(r, &fd, err);
    if (rc == LL_OK)
        rc = ll_ring_load(r, err);
    ll_fs_unlock(fd);
    pthread_mutex_unlock(&r->changing);
    return rc;
}

int ll_keyring_rotate(struct ll_keyring *r, enum ll_purpose p, uint64_t overlap_s, struct ll_err *err)
{
    enum { OVERLAP_MAX = 10 * 366 * 86400 };
    struct change c = {.purpose = p, .rotate = true};

    if (!purposes[p].rotates)
        return ll_fail(err, LL_INVALID, "密钥 %s 不能轮换：别处以它为准",
                       "key %s cannot be rotated: others have built on it", purposes[p].name);
    if (overlap_s < 1 || overlap_s > OVERLAP_MAX)
        return ll_fail(err, LL_INVALID, "重叠期须在 1 秒至 10 年之间",
                       "an overlap is from 1 second to 10 years");
    if (!ll_purpose_is_secret(p))
        c.until = ll_now_ms() + (int64_t)overlap_s * 1000;
    return change(r, &c, err);
}

/* --- asking --------------------------------------------------------------------------------------------------------- */

/* An entry is never freed before the keyring is closed, and what does not change in it may be read without the lock. */
int ll_ring_need(struct ll_keyring *r, enum ll_purpose p, struct ring_entry **ret, struct ll_err *err)
{
    const struct change c = {.purpose = p};
    int rc = LL_OK;

    LL_CHECK(r, RING_MAGIC);
    pthread_rwlock_rdlock(&r->lock);
    *ret = active(r, p);
    pthread_rwlock_unlock(&r->lock);
    if (*ret)
        return LL_OK;
    if ((rc = change(r, &c, err)) < 0)
        return rc;
    pthread_rwlock_rdlock(&r->lock);
    *ret = active(r, p);
    pthread_rwlock_unlock(&r->lock);
    return *ret ? LL_OK
                : ll_fail(err, LL_CONFLICT, "密钥 %s 正在变更", "key %s is being changed", purposes[p].name);
}

int ll_keyring_signer(struct ll_keyring *r, enum ll_purpose p, const struct ll_key **ret, char id[LL_RING_ID],
                      struct ll_err *err)
{
    struct ring_entry *e = NULL;
    int rc;

    LL_ASSERT(!ll_purpose_is_secret(p));
    if ((rc = ll_ring_need(r, p, &e, err)) < 0)
        return rc;
    if (id)
        memcpy(id, e->k.id, LL_RING_ID);
    *ret = e->key;
    return LL_OK;
}

int ll_keyring_secret(struct ll_keyring *r, enum ll_purpose p, unsigned char out[LL_RING_SECRET],
                      struct ll_err *err)
{
    struct ring_entry *e = NULL;
    int rc;

    LL_ASSERT(ll_purpose_is_secret(p));
    if ((rc = ll_ring_need(r, p, &e, err)) < 0)
        return rc;
    memcpy(out, e->secret, LL_RING_SECRET);
    return LL_OK;
}

/* As it is now; the caller holds the lock. */
static void show(const struct ring_entry *e, struct ll_ring_key *ret)
{
    *ret = e->k;
    if (ret->state == LL_RING_RETIRING && ret->until && ret->until <= ll_now_ms())
        ret->state = LL_RING_RETIRED;
    ret->key = ret->state == LL_RING_ACTIVE ? e->key : e->public;
}

int ll_keyring_find(struct ll_keyring *r, struct ll_str id, struct ll_ring_key *ret, struct ll_err *err)
{
    bool found = false;

    LL_CHECK(r, RING_MAGIC);
    pthread_rwlock_rdlock(&r->lock);
    for (const struct ring_entry *e = r->entries; e && !found; e = e->next)
        if ((found = ll_str_is(id, e->k.id)))
            show(e, ret);
    pthread_rwlock_unlock(&r->lock);
    return found ? LL_OK
                 : ll_fail(err, LL_NOTFOUND, "没有密钥 " LL_STR_FMT, "no key " LL_STR_FMT, LL_STR_ARG(id));
}

size_t ll_keyring_count(struct ll_keyring *r)
{
    size_t n = 0;

    pthread_rwlock_rdlock(&r->lock);
    for (const struct ring_entry *e = r->entries; e; e = e->next)
        n++;
    pthread_rwlock_unlock(&r->lock);
    return n;
}

bool ll_keyring_at(struct ll_keyring *r, size_t i, struct ll_ring_key *ret)
{
    pthread_rwlock_rdlock(&r->lock);
    const struct ring_entry *e = r->entries;
    while (e && i--)
        e = e->next;
    if (e)
        show(e, ret);
    pthread_rwlock_unlock(&r->lock);
    return e != NULL;
}
