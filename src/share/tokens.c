/* tokens.c - see tokens.h.  A hash table with open addressing, keyed by the SHA-256 of the token: what is compared is a hash, so the
 * time of a comparison says nothing of the token. */
#include "share/tokens.h"

#include "base/clock.h"
#include "crypto/digest.h"
#include "crypto/random.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = LL_TOKENS_MOST * 2 };

enum { ENDED = 1 }; /* over, and not empty: what lies behind the slot must be found */

struct slot {
    unsigned char hash[32];
    int64_t until; /* 0: never used */
    char client[LL_TOKEN_CLIENT];
};

struct ll_tokens {
    pthread_rwlock_t lock;
    size_t valid; /* at the last sweep, and issued since */
    struct slot *slots;
};

int ll_tokens_new(struct ll_tokens **ret, struct ll_err *err)
{
    struct ll_tokens *t = calloc(1, sizeof(*t));

    if (!t || !(t->slots = calloc(SLOTS, sizeof(*t->slots)))) {
        free(t);
        return ll_no_memory(err);
    }
    pthread_rwlock_init(&t->lock, NULL);
    *ret = t;
    return LL_OK;
}

struct ll_tokens *ll_tokens_free(struct ll_tokens *t)
{
    if (!t)
        return NULL;
    pthread_rwlock_destroy(&t->lock);
    free(t->slots);
    free(t);
    return NULL;
}

/* A clock that nobody sets: a token neither lives longer nor ends early because the time of day was put right. */
static int64_t now_ms(void)
{
    return (int64_t)(ll_mono_us() / 1000) + 2; /* more than ENDED */
}

static size_t home(const unsigned char hash[32])
{
    size_t at;

    memcpy(&at, hash, sizeof(at));
    return at % SLOTS;
}

static void put(struct slot *slots, const struct slot *v)
{
    size_t at = home(v->hash);

    while (slots[at].until)
        at = (at + 1) % SLOTS;
    slots[at] = *v;
}

/* Leaves out what has ended; open addressing cannot simply empty a slot. */
static int sweep(struct ll_tokens *t, int64_t now, struct ll_err *err)
{
    struct slot *fresh = calloc(SLOTS, sizeof(*fresh));

    if (!fresh)
        return ll_no_memory(err);
    t->valid = 0;
    for (size_t i = 0; i < SLOTS; i++)
        if (t->slots[i].until > now) {
            put(fresh, &t->slots[i]);
            t->valid++;
        }
    free(t->slots);
    t->slots = fresh;
    return t->valid < LL_TOKENS_MOST ? LL_OK
                                     : ll_fail(err, LL_BUSY, "有效的令牌太多，请稍后再试",
                                               "too many valid tokens; try again later");
}

int ll_tokens_issue(struct ll_tokens *t, struct ll_str client, char token[44], struct ll_err *err)
{
    struct slot v = {.until = now_ms() + LL_TOKEN_S * INT64_C(1000)};
    int rc = ll_random_token(token, err);

    if (rc < 0)
        return rc;
    LL_ASSERT(client.n < sizeof(v.client));
    memcpy(v.client, client.p, client.n);
    ll_sha256(token, strlen(token), v.hash);
    pthread_rwlock_wrlock(&t->lock);
    if (t->valid >= LL_TOKENS_MOST)
        rc = sweep(t, now_ms(), err);
    if (rc == LL_OK) {
        put(t->slots, &v);
        t->valid++;
    }
    pthread_rwlock_unlock(&t->lock);
    return rc;
}

/* The caller holds the lock. */
static struct slot *find(struct ll_tokens *t, struct ll_str token)
{
    unsigned char hash[32];
    int64_t now = now_ms();

    ll_sha256(token.p, token.n, hash);
    for (size_t at = home(hash); t->slots[at].until; at = (at + 1) % SLOTS)
        if (memcmp(t->slots[at].hash, hash, sizeof(hash)) == 0 && t->slots[at].until > now)
            return &t->slots[at];
    return NULL;
}

bool ll_tokens_find(struct ll_tokens *t, struct ll_str token, char client[LL_TOKEN_CLIENT])
{
    pthread_rwlock_rdlock(&t->lock);
    const struct slot *s = find(t, token);
    if (s)
        memcpy(client, s->client, LL_TOKEN_CLIENT);
    pthread_rwlock_unlock(&t->lock);
    return s != NULL;
}

bool ll_tokens_take(struct ll_tokens *t, struct ll_str token, char client[LL_TOKEN_CLIENT])
{
    pthread_rwlock_wrlock(&t->lock);
    struct slot *s = find(t, token);
    if (s) {
        memcpy(client, s->client, LL_TOKEN_CLIENT);
        s->until = ENDED;
    }
    pthread_rwlock_unlock(&t->lock);
    return s != NULL;
}

void ll_tokens_end(struct ll_tokens *t, struct ll_str client)
{
    pthread_rwlock_wrlock(&t->lock);
    for (size_t i = 0; i < SLOTS; i++)
        if (t->slots[i].until > ENDED && ll_str_is(client, t->slots[i].client))
            t->slots[i].until = ENDED;
    pthread_rwlock_unlock(&t->lock);
}
