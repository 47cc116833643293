/* seal.c - see seal.h. */
#include "crypto/seal.h"

#include "crypto/aead.h"
#include "crypto/base64.h"
#include "crypto/digest.h"
#include "crypto/password.h"
#include "crypto/random.h"

#include <stdio.h>
#include <string.h>

enum { SALT = 16, KEY = LL_AEAD_KEY, SEALED_TEXT = (LL_SEALED_FILE_MAX + 100) / 3 * 4 + 8, HEAD_MAX = 300 };

#define FIRST_LINE "luling sealed file v1\n"
#define LAST_LINES "aead aes-256-gcm\n\n"

struct head {
    bool random;
    struct ll_argon2_cost cost;
    unsigned char salt[SALT];
};

static struct ll_str bytes(const void *p, size_t n)
{
    return (struct ll_str){p, n};
}

static void put_head(const struct head *h, struct ll_buf *out)
{
    ll_buf_z(out, FIRST_LINE);
    if (h->random)
        ll_buf_z(out, "kdf hkdf-sha256 ");
    else
        ll_buf_printf(out, "kdf argon2id m=%u,t=%u,p=%u ", h->cost.kib, h->cost.passes, h->cost.lanes);
    ll_base64_put(out, LL_BASE64_STD, h->salt, SALT);
    ll_buf_z(out, "\n" LAST_LINES);
}

/* The key line's number after its letter; the line was printed by us and is compared with what we would print. */
static bool parse_kdf(struct ll_str line, struct head *h)
{
    char text[128];
    struct ll_str salt = {line.p + (line.n > 24 ? line.n - 24 : 0), line.n > 24 ? 24 : line.n};

    if (line.n >= sizeof text || !ll_base64_exact(salt, LL_BASE64_STD, h->salt, SALT))
        return false;
    memcpy(text, line.p, line.n);
    text[line.n] = 0;
    h->random = ll_str_starts(line, LL_STR("kdf hkdf-sha256 "));
    return h->random || (sscanf(text, "kdf argon2id m=%9u,t=%9u,p=%9u ", &h->cost.kib, &h->cost.passes,
                                &h->cost.lanes) == 3 &&
                         ll_argon2_bounded(h->cost));
}

/* Whatever was read, the head must be what put_head makes of it: so it has one spelling. */
static bool parse(struct ll_str file, struct head *h, struct ll_str *head, struct ll_str *body)
{
    struct ll_buf again = LL_BUF_INIT(HEAD_MAX);
    struct ll_str line, rest = file;

    ll_str_cut(rest, '\n', &line, &rest); /* the first line is compared below */
    ll_str_cut(rest, '\n', &line, &rest);
    if (!parse_kdf(line, h))
        return false;
    put_head(h, &again);
    bool good = !again.failed && ll_str_starts(file, ll_buf_view(&again));
    *head = bytes(file.p, again.n);
    *body = bytes(file.p + (good ? again.n : 0), good ? file.n - again.n : 0);
    ll_buf_free(&again);
    return good && body->n && body->p[--body->n] == '\n';
}

static int derive(const struct ll_seal_secret *secret, const struct head *h, unsigned char key[KEY],
                  struct ll_err *err)
{
    if (!h->random)
        return ll_argon2(secret->bytes, bytes(h->salt, SALT), h->cost, key, KEY, err);
    ll_hkdf_sha256(secret->bytes, bytes(h->salt, SALT), LL_STR(FIRST_LINE), key, KEY);
    return LL_OK;
}

static int cipher_of(const struct ll_seal_secret *secret, const struct head *h, struct ll_aead **ret,
                     struct ll_err *err)
{
    unsigned char key[KEY];
    int rc = derive(secret, h, key, err);

    if (rc == LL_OK)
        rc = ll_aead_new(LL_AES256_GCM, bytes(key, KEY), ret, err);
    ll_wipe(key, sizeof key);
    return rc;
}

int ll_file_seal(const struct ll_seal_secret *secret, struct ll_str content, struct ll_buf *out,
                 struct ll_err *err)
{
    struct head h = {.random = secret->random, .cost = LL_COST_START};
    struct ll_buf head = LL_BUF_INIT(HEAD_MAX), sealed = LL_BUF_INIT(LL_SEALED_FILE_MAX + LL_AEAD_MORE);
    struct ll_aead *a = NULL;
    int rc;

    if (content.n > LL_SEALED_FILE_MAX)
        return ll_fail(err, LL_TOOBIG, "密封文件的内容超过 %d 字节", "content of a sealed file over %d bytes",
                       (int)LL_SEALED_FILE_MAX);
    if ((rc = ll_random(h.salt, SALT, err)) < 0)
        return rc;
    put_head(&h, &head);
    if ((rc = cipher_of(secret, &h, &a, err)) == LL_OK &&
        (rc = ll_aead_seal(a, ll_buf_view(&head), content, &sealed, err)) == LL_OK) {
        ll_buf_str(out, ll_buf_view(&head));
        ll_base64_put(out, LL_BASE64_STD, sealed.p, sealed.n);
        ll_buf_c(out, '\n');
        if (out->failed)
            rc = ll_no_memory(err);
    }
    ll_aead_free(a);
    ll_buf_free(&sealed);
    ll_buf_free(&head);
    return rc;
}

int ll_file_unseal(const struct ll_seal_secret *secret, struct ll_str file, struct ll_buf *out,
                   struct ll_err *err)
{
    struct head h = {0};
    struct ll_str head, body;
    struct ll_buf sealed = LL_BUF_INIT(LL_SEALED_FILE_MAX + LL_AEAD_MORE);
    struct ll_aead *a = NULL;

    if (file.n > HEAD_MAX + SEALED_TEXT || !parse(file, &h, &head, &body))
        return ll_fail(err, LL_INVALID, "不是密封文件", "not a sealed file");
    if (h.random != secret->random)
        return ll_fail(err, LL_SIGNIN, "文件是用另一种密钥来源密封的",
                       "the file was sealed from another kind of secret");
    int rc = ll_base64_get(body, LL_BASE64_STD, &sealed, err);
    if (rc == LL_OK)
        rc = cipher_of(secret, &h, &a, err);
    if (rc == LL_OK && (rc = ll_aead_open(a, head, ll_buf_view(&sealed), out, err)) == LL_INVALID)
        rc = ll_fail(err, LL_SIGNIN, "口令不对，或文件已被改动", "wrong passphrase, or the file was changed");
    ll_aead_free(a);
    ll_buf_free(&sealed);
    return rc;
}
