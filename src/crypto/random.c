/* random.c - see random.h. */
#include "crypto/random.h"

#include "crypto/base64.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

int ll_random(void *out, size_t n, struct ll_err *err)
{
    if (RAND_priv_bytes_ex(NULL, out, n, 0) != 1)
        return ll_fail(err, LL_FAIL, "系统没有给出随机数", "the system gave no random bytes");
    return LL_OK;
}

/* Random bytes of a thread's own: the generator takes locks and asks for the process at every draw, which costs ten times the bytes. */
struct stock {
    unsigned char bytes[1024];
    size_t left;
};

/* The process never forks: no two threads draw from one stock. */
static int draw(struct stock *s, void *out, size_t n, struct ll_err *err)
{
    int rc;

    if (s->left < n) {
        if ((rc = ll_random(s->bytes, sizeof s->bytes, err)) < 0)
            return rc;
        s->left = sizeof s->bytes;
    }
    s->left -= n;
    memcpy(out, s->bytes + s->left, n);
    return LL_OK;
}

int ll_nonce(void *out, size_t n, struct ll_err *err)
{
    static _Thread_local struct stock stock;

    LL_ASSERT(n <= 16);
    return draw(&stock, out, n, err);
}

int ll_salt(void *out, size_t n, struct ll_err *err)
{
    static _Thread_local struct stock stock;
    int rc;

    LL_ASSERT(n <= 32);
    if ((rc = draw(&stock, out, n, err)) == LL_OK)
        ll_wipe(stock.bytes + stock.left, n);
    return rc;
}

int ll_random_id(char kind, char out[LL_RANDOM_ID], struct ll_err *err)
{
    unsigned char raw[8];
    int rc = ll_random(raw, sizeof raw, err);

    out[0] = kind;
    for (size_t i = 0; rc == LL_OK && i < sizeof raw; i++)
        snprintf(out + 1 + 2 * i, 3, "%02x", raw[i]);
    return rc;
}

int ll_random_token(char out[LL_TOKEN_TEXT], struct ll_err *err)
{
    unsigned char raw[32];
    struct ll_buf text = LL_BUF_INIT(LL_TOKEN_TEXT);
    int rc = ll_random(raw, sizeof raw, err);

    if (rc < 0)
        return rc;
    ll_base64_put(&text, LL_BASE64_URL, raw, sizeof raw);
    if (text.failed)
        rc = ll_no_memory(err);
    else
        memcpy(out, text.p, LL_TOKEN_TEXT);
    ll_buf_wipe(&text);
    ll_wipe(raw, sizeof raw);
    return rc;
}

bool ll_equal_ct(const void *a, const void *b, size_t n)
{
    return n == 0 || CRYPTO_memcmp(a, b, n) == 0;
}

bool ll_str_equal_ct(struct ll_str a, struct ll_str b)
{
    return a.n == b.n && ll_equal_ct(a.p, b.p, a.n);
}

void ll_wipe(void *p, size_t n)
{
    if (p)
        OPENSSL_cleanse(p, n);
}

void ll_buf_wipe(struct ll_buf *b)
{
    ll_wipe(b->p, b->cap);
    ll_buf_free(b);
}
