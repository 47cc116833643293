/* codes.c - the codes of portal.h: few and short-lived, so that a look through all of them is cheap. */
#include "share/portal.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "crypto/digest.h"
#include "crypto/random.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { VERIFIER_LEAST = 43, VERIFIER_MOST = 128 };

struct held {
    unsigned char hash[LL_DIGEST]; /* of the code */
    int64_t until;                 /* by a clock that nobody sets; 0: free */
    struct ll_arena *arena;        /* of what it stands for */
    struct ll_portal_code of;
};

struct ll_codes {
    pthread_mutex_t lock;
    struct held held[LL_CODES_MOST];
};

int ll_codes_new(struct ll_codes **ret, struct ll_err *err)
{
    struct ll_codes *c = calloc(1, sizeof *c);

    if (!c)
        return ll_no_memory(err);
    pthread_mutex_init(&c->lock, NULL);
    *ret = c;
    return LL_OK;
}

static void empty(struct held *h)
{
    ll_arena_free(h->arena);
    *h = (struct held){.until = 0};
}

struct ll_codes *ll_codes_free(struct ll_codes *c)
{
    if (!c)
        return NULL;
    for (size_t i = 0; i < LL_CODES_MOST; i++)
        empty(&c->held[i]);
    pthread_mutex_destroy(&c->lock);
    free(c);
    return NULL;
}

static int64_t now_ms(void)
{
    return (int64_t)(ll_mono_us() / 1000) + 1;
}

/* Every text of it, in arena. */
static int copy(const struct ll_portal_code *from, struct ll_arena *arena, struct ll_portal_code *to,
                struct ll_err *err)
{
    const char *const texts[] = {from->ask.client, from->ask.redirect, from->ask.nonce, from->ask.challenge,
                                 from->subject};
    const char **const into[] = {&to->ask.client, &to->ask.redirect, &to->ask.nonce, &to->ask.challenge,
                                 &to->subject};

    *to = (struct ll_portal_code){.ask = {.scopes = from->ask.scopes}, .signed_in = from->signed_in};
    for (size_t i = 0; i < LL_COUNT(texts); i++)
        if (texts[i] && !(*into[i] = ll_arena_dup(arena, ll_str(texts[i]))))
            return ll_no_memory(err);
    return LL_OK;
}

/* A free place, with what has ended let go of. */
static struct held *place(struct ll_codes *c, int64_t now)
{
    struct held *found = NULL;

    for (size_t i = 0; i < LL_CODES_MOST; i++) {
        struct held *h = &c->held[i];
        if (h->until && h->until <= now)
            empty(h);
        if (!h->until && !found)
            found = h;
    }
    return found;
}

int ll_codes_make(struct ll_codes *c, const struct ll_portal_code *of, char code[44], struct ll_err *err)
{
    struct held fresh = {.arena = ll_arena_new(0)};
    int rc = fresh.arena ? copy(of, fresh.arena, &fresh.of, err) : ll_no_memory(err);

    if (rc < 0 || (rc = ll_random_token(code, err)) < 0) {
        ll_arena_free(fresh.arena);
        return rc;
    }
    ll_sha256(code, strlen(code), fresh.hash);
    pthread_mutex_lock(&c->lock);
    int64_t now = now_ms();
    struct held *h = place(c, now);
    if (h) {
        fresh.until = now + LL_CODE_S * INT64_C(1000);
        *h = fresh;
    }
    pthread_mutex_unlock(&c->lock);
    if (h)
        return LL_OK;
    ll_arena_free(fresh.arena);
    return ll_fail(err, LL_BUSY, "此刻登录的人太多，请稍后再试", "too many sign in at once; try again later");
}

/* Whoever has the code takes it out, whether or not the rest fits: a code that was tried is spent (RFC 6749, 10.5). */
static bool take(struct ll_codes *c, struct ll_str code, struct held *ret)
{
    unsigned char hash[LL_DIGEST];
    bool found = false;

    ll_sha256(code.p, code.n, hash);
    pthread_mutex_lock(&c->lock);
    int64_t now = now_ms();
    for (size_t i = 0; i < LL_CODES_MOST && !found; i++)
        if (c->held[i].until > now && ll_equal_ct(c->held[i].hash, hash, sizeof hash)) {
            *ret = c->held[i];
            c->held[i] = (struct held){.until = 0};
            found = true;
        }
    pthread_mutex_unlock(&c->lock);
    return found;
}

/* RFC 7636, 4.1 and 4.6. */
static bool answers(struct ll_str verifier, const char *challenge)
{
    unsigned char hash[LL_DIGEST], want[LL_DIGEST];

    ll_sha256(verifier.p, verifier.n, hash);
    return verifier.n >= VERIFIER_LEAST && verifier.n <= VERIFIER_MOST &&
           ll_base64_exact(ll_str(challenge), LL_BASE64_URL, want, sizeof want) &&
           ll_equal_ct(hash, want, sizeof want);
}

int ll_codes_use(struct ll_codes *c, struct ll_str code, const char *client, struct ll_str redirect,
                 struct ll_str verifier, struct ll_arena *arena, struct ll_portal_code *ret,
                 struct ll_err *err)
{
    struct held h;
    int rc;

    if (!take(c, code, &h))
        return ll_fail(err, LL_DENIED, "没有这个授权码，或已过期、已用过",
                       "there is no such code, or it has ended or was used");
    if (strcmp(h.of.ask.client, client) != 0)
        rc = ll_fail(err, LL_DENIED, "授权码是发给另一个系统的", "the code was made for another client");
    else if (!ll_str_is(redirect, h.of.ask.redirect))
        rc = ll_fail(err, LL_DENIED, "redirect_uri 与取码时不同", "redirect_uri is not that of the request");
    else if (!answers(verifier, h.of.ask.challenge))
        rc = ll_fail(err, LL_DENIED, "code_verifier 与 code_challenge 不符",
                     "code_verifier does not answer code_challenge");
    else
        rc = copy(&h.of, arena, ret, err);
    ll_arena_free(h.arena);
    return rc;
}
