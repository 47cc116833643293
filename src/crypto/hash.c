/* hash.c - see hash.h. */
#include "crypto/hash.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CHUNK = 1 << 18, DIGEST = 32 };

struct ll_hash {
    EVP_MD_CTX *ctx;
};

int ll_hash_open(struct ll_hash **ret, struct ll_err *err)
{
    struct ll_hash *h = calloc(1, sizeof *h);

    if (!h || !(h->ctx = EVP_MD_CTX_new()) || EVP_DigestInit_ex(h->ctx, EVP_sha256(), NULL) != 1) {
        ll_hash_close(h);
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    }
    *ret = h;
    return LL_OK;
}

void ll_hash_add(struct ll_hash *h, const void *p, size_t n)
{
    LL_ASSERT(EVP_DigestUpdate(h->ctx, p, n) == 1);
}

void ll_hash_hex(struct ll_hash *h, char out[LL_SHA256_HEX])
{
    unsigned char digest[DIGEST];

    LL_ASSERT(EVP_DigestFinal_ex(h->ctx, digest, NULL) == 1);
    for (size_t i = 0; i < DIGEST; i++)
        snprintf(out + i * 2, 3, "%02x", digest[i]);
    ll_hash_close(h);
}

void ll_hash_close(struct ll_hash *h)
{
    if (h)
        EVP_MD_CTX_free(h->ctx);
    free(h);
}

static int add_fd(struct ll_hash *h, int fd, const char *path, struct ll_err *err)
{
    char *chunk = malloc(CHUNK);
    ssize_t n = 0;

    if (!chunk)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    while ((n = read(fd, chunk, CHUNK)) > 0)
        ll_hash_add(h, chunk, (size_t)n);
    free(chunk);
    return n < 0 ? ll_fail_errno(err, LL_IO, "无法读取 %s", "cannot read %s", path) : LL_OK;
}

int ll_hash_file(const char *path, char out[LL_SHA256_HEX], struct ll_err *err)
{
    struct ll_hash *h = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return ll_fail_errno(err, LL_IO, "无法打开 %s", "cannot open %s", path);
    int rc = ll_hash_open(&h, err);
    if (rc == LL_OK)
        rc = add_fd(h, fd, path, err);
    close(fd);
    if (rc == LL_OK)
        ll_hash_hex(h, out);
    else
        ll_hash_close(h);
    return rc;
}

int ll_hash_str(struct ll_str s, char out[LL_SHA256_HEX], struct ll_err *err)
{
    struct ll_hash *h = NULL;
    int rc = ll_hash_open(&h, err);

    if (rc < 0)
        return rc;
    ll_hash_add(h, s.p, s.n);
    ll_hash_hex(h, out);
    return LL_OK;
}
