/* secrets: password hashes, sealed files, sealed frames, key files, base64 and hexadecimal digits from outside.  The first byte chooses. */
#include "crypto/base64.h"
#include "crypto/frames.h"
#include "crypto/key.h"
#include "crypto/password.h"
#include "crypto/seal.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What was read is written again as it was: a value has one spelling. */
static void base64(struct ll_str s, enum ll_base64 kind)
{
    struct ll_buf raw = LL_BUF_INIT(1 << 20), text = LL_BUF_INIT(2 << 20);

    if (ll_base64_get(s, kind, &raw, NULL) == LL_OK) {
        ll_base64_put(&text, kind, raw.p, raw.n);
        LL_ASSERT(ll_str_eq(ll_buf_view(&text), s));
    }
    ll_buf_free(&raw);
    ll_buf_free(&text);
}

static void pem(struct ll_str s)
{
    struct ll_buf again = LL_BUF_INIT(1 << 16);
    struct ll_key *k = NULL, *same = NULL;

    if (ll_key_from_pem(s, &k, NULL) == LL_OK) {
        LL_ASSERT(ll_key_public_pem(k, &again, NULL) == LL_OK);
        LL_ASSERT(ll_key_from_pem(ll_buf_view(&again), &same, NULL) == LL_OK && ll_key_same(k, same));
    }
    ll_key_free(k);
    ll_key_free(same);
    ll_buf_free(&again);
}

static void sealed(struct ll_str s)
{
    const struct ll_seal_secret secret = {LL_STR("0123456789abcdef0123456789abcdef"), true};
    struct ll_buf content = LL_BUF_INIT(LL_SEALED_FILE_MAX);
    int rc = ll_file_unseal(&secret, s, &content, NULL);

    LL_ASSERT(rc < 0 && content.n == 0); /* nobody seals by chance */
    ll_buf_free(&content);
}

static void frames(struct ll_str s)
{
    struct ll_aead *key = NULL;
    struct ll_frames *f = NULL;
    int fd = memfd_create("frames", MFD_CLOEXEC);

    LL_ASSERT(fd >= 0 && write(fd, s.p, s.n) == (ssize_t)s.n);
    LL_ASSERT(ll_aead_new(LL_AES256_GCM, LL_STR("0123456789abcdef0123456789abcdef"), &key, NULL) == LL_OK);
    LL_ASSERT(ll_frames_open(fd, key, LL_STR("h\n"), &f, NULL) < 0); /* nobody seals by chance */
    ll_aead_free(key);
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ll_str s = {(const char *)data + 1, size - 1};
    unsigned char raw[64];

    if (size < 1)
        return 0;
    switch (data[0] % 6) {
    case 0:
        (void)ll_password_stale(s, LL_COST_LOGIN);
        break;
    case 1:
        sealed(s);
        break;
    case 2:
        pem(s);
        break;
    case 3:
        base64(s, (enum ll_base64)(s.n % 3));
        break;
    case 4:
        frames(s);
        break;
    default:
        (void)ll_hex_exact(s, raw, s.n / 2 < sizeof raw ? s.n / 2 : sizeof raw);
    }
    return 0;
}
