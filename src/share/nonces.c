/* nonces.c - see nonces.h.  Open addressing over hashes of owner and nonce, at most half full; swept when it is. */
#include "share/nonces.h"

#include "crypto/digest.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct slot {
    unsigned char hash[LL_DIGEST];
    int64_t until; /* 0: empty */
};

struct ll_nonces {
    pthread_mutex_t lock;
    int64_t started; /* what was made before counts no more */
    int64_t floor;   /* what was worth something until then has been forgotten */
    size_t most, used;
    struct slot *slots; /* 2 * most */
};

int ll_nonces_new(int64_t started_s, size_t most, struct ll_nonces **ret, struct ll_err *err)
{
    struct ll_nonces *n = calloc(1, sizeof *n);

    if (!n || !(n->slots = calloc(2 * most, sizeof *n->slots))) {
        free(n);
        return ll_no_memory(err);
    }
    pthread_mutex_init(&n->lock, NULL);
    n->started = started_s;
    n->most = most;
    *ret = n;
    return LL_OK;
}

struct ll_nonces *ll_nonces_free(struct ll_nonces *n)
{
    if (!n)
        return NULL;
    pthread_mutex_destroy(&n->lock);
    free(n->slots);
    free(n);
    return NULL;
}

static struct slot *place(struct slot *slots, size_t count, const unsigned char hash[LL_DIGEST])
{
    size_t at;

    memcpy(&at, hash, sizeof at);
    for (at %= count; slots[at].until && memcmp(slots[at].hash, hash, LL_DIGEST) != 0; at = (at + 1) % count)
        ;
    return &slots[at];
}

/* Leaves out what has expired, and remembers up to when that was. */
static int sweep(struct ll_nonces *n, int64_t now, struct ll_err *err)
{
    size_t count = 2 * n->most;
    struct slot *fresh = calloc(count, sizeof *fresh);

    if (!fresh)
        return ll_no_memory(err);
    n->used = 0;
    for (size_t i = 0; i < count; i++)
        if (n->slots[i].until > now) {
            *place(fresh, count, n->slots[i].hash) = n->slots[i];
            n->used++;
        }
    free(n->slots);
    n->slots = fresh;
    if (now > n->floor)
        n->floor = now;
    return LL_OK;
}

static int use(struct ll_nonces *n, const struct slot *v, int64_t now, struct ll_err *err)
{
    struct slot *s;
    int rc;

    if (n->used == n->most && (rc = sweep(n, now, err)) < 0)
        return rc;
    if (v->until <= n->floor)
        return ll_fail(err, LL_DENIED, "签名已过期（时钟曾被拨回）",
                       "the signature has expired (the clock was put back)");
    s = place(n->slots, 2 * n->most, v->hash);
    if (s->until)
        return ll_fail(err, LL_DENIED, "签名的 nonce 已用过", "the signature's nonce was used before");
    if (n->used == n->most)
        return ll_fail(err, LL_BUSY, "签名的请求过多，请稍后再试",
                       "too many signed requests; try again later");
    *s = *v;
    n->used++;
    return LL_OK;
}

int ll_nonces_use(struct ll_nonces *n, struct ll_str owner, struct ll_str nonce, int64_t created_s,
                  int64_t until_s, int64_t now_s, struct ll_err *err)
{
    const struct ll_str parts[] = {owner, LL_STR("\n"), nonce}; /* no owner has a line break */
    struct slot v = {.until = until_s};
    int rc;

    if (nonce.n > LL_NONCE_MOST)
        return ll_fail(err, LL_INVALID, "签名的 nonce 至多 %d 字节",
                       "a signature's nonce has at most %d bytes", (int)LL_NONCE_MOST);
    if (created_s < n->started)
        return ll_fail(err, LL_DENIED, "签名早于服务本次启动，请重新签名",
                       "the signature was made before the server started; sign again");
    ll_digest(LL_SHA256, parts, LL_COUNT(parts), v.hash);
    pthread_mutex_lock(&n->lock);
    rc = use(n, &v, now_s, err);
    pthread_mutex_unlock(&n->lock);
    return rc;
}
