/* inbox.c - see inbox.h. */
#include "intake/inbox.h"

#include "crypto/base64.h"
#include "crypto/random.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIRST_LINE "luling sealed bytes v1\n"
enum { KEY_MAX = 256, CHUNK = 1 << 20 };

int ll_inbox_path(struct ll_data *d, const char *resource, const char *sha256, bool sealed, char out[LL_PATH],
                  struct ll_err *err)
{
    return sealed ? ll_data_path(d, out, err, "inbox/%s.%s.sealed", sha256, resource)
                  : ll_data_path(d, out, err, "inbox/%s", sha256);
}

/* --- the head ------------------------------------------------------------------------------------------------------ */

static void put_head(struct ll_buf *head, const char *resource, struct ll_str sealed_key)
{
    ll_buf_printf(head, FIRST_LINE "resource %s\nkey ", resource);
    ll_base64_put(head, LL_BASE64_STD, sealed_key.p, sealed_key.n);
    ll_buf_z(head, "\n\n");
}

/* Makes a key and what the head has of it: algorithm and 32 bytes, sealed. */
static int make_key(struct ll_data *d, const char *resource, struct ll_aead **ret, struct ll_buf *sealed,
                    struct ll_err *err)
{
    struct ll_vault *v = ll_data_vault(d);
    unsigned char secret[1 + LL_AEAD_KEY] = {(unsigned char)ll_vault_alg(v)};
    struct ll_cell *c = NULL;
    int rc;

    if ((rc = ll_vault_prepare(v, resource, err)) < 0 || (rc = ll_random(secret + 1, LL_AEAD_KEY, err)) < 0 ||
        (rc = ll_cell_open(v, ll_str(resource), LL_STR(LL_INBOX_ITEM), &c, err)) < 0)
        return rc;
    if ((rc = ll_cell_seal(c, (struct ll_str){(const char *)secret, sizeof secret}, sealed, err)) == LL_OK)
        rc = ll_aead_new(ll_vault_alg(v), (struct ll_str){(const char *)secret + 1, LL_AEAD_KEY}, ret, err);
    ll_wipe(secret, sizeof secret);
    ll_cell_close(c);
    return rc;
}

int ll_inbox_seal(struct ll_data *d, const char *resource, int fd, struct ll_aead **ret_key,
                  struct ll_framer **ret, struct ll_err *err)
{
    struct ll_buf sealed = LL_BUF_INIT(KEY_MAX), head = LL_BUF_INIT(LL_FRAMES_HEAD);
    int rc = make_key(d, resource, ret_key, &sealed, err);

    if (rc == LL_OK) {
        put_head(&head, resource, ll_buf_view(&sealed));
        rc = head.failed ? ll_no_memory(err) : ll_framer_open(fd, *ret_key, ll_buf_view(&head), ret, err);
    }
    ll_buf_free(&sealed);
    ll_buf_free(&head);
    return rc;
}

static int not_ours(const char *resource, struct ll_err *err)
{
    return ll_fail(err, LL_INVALID, "收件不是为资源 %s 密封的", "the file is not sealed for resource %s",
                   resource);
}

/* Reads the head up to its empty line, and the sealed key out of it. */
static int read_head(int fd, const char *resource, struct ll_buf *head, struct ll_buf *sealed,
                     struct ll_err *err)
{
    char raw[LL_FRAMES_HEAD];
    ssize_t n = pread(fd, raw, sizeof raw, 0);
    struct ll_str line, rest = {raw, n > 0 ? (size_t)n : 0};
    const char *end = n > 0 ? memmem(raw, (size_t)n, "\n\n", 2) : NULL;

    if (n < 0)
        return ll_fail_errno(err, LL_IO, "无法读取收件", "cannot read a received file");
    if (!end)
        return not_ours(resource, err);
    ll_str_cut(rest, '\n', &line, &rest); /* all of it is compared below */
    ll_str_cut(rest, '\n', &line, &rest);
    ll_str_cut(rest, '\n', &line, &rest);
    if (!ll_str_starts(line, LL_STR("key ")) ||
        ll_base64_get((struct ll_str){line.p + 4, line.n - 4}, LL_BASE64_STD, sealed, NULL) < 0)
        return not_ours(resource, err);
    put_head(head, resource, ll_buf_view(sealed));
    return ll_str_eq(ll_buf_view(head), (struct ll_str){raw, (size_t)(end - raw) + 2})
               ? LL_OK
               : not_ours(resource, err);
}

static int open_key(struct ll_data *d, const char *resource, struct ll_str sealed, struct ll_aead **ret,
                    struct ll_err *err)
{
    struct ll_buf key = LL_BUF_INIT(KEY_MAX);
    struct ll_cell *c = NULL;
    int rc = ll_cell_open(ll_data_vault(d), ll_str(resource), LL_STR(LL_INBOX_ITEM), &c, err);

    if (rc == LL_OK && !ll_buf_reserve(&key, KEY_MAX / 2)) /* so that no copy is left behind by growing */
        rc = ll_no_memory(err);
    if (rc == LL_OK && (rc = ll_cell_unseal(c, sealed, &key, err)) == LL_OK) {
        bool good = key.n == 1 + LL_AEAD_KEY && (key.p[0] == LL_AES256_GCM || key.p[0] == LL_SM4_GCM);
        rc = good ? ll_aead_new((enum ll_aead_alg)key.p[0], (struct ll_str){key.p + 1, LL_AEAD_KEY}, ret, err)
                  : not_ours(resource, err);
    }
    ll_cell_close(c);
    ll_buf_wipe(&key);
    return rc;
}

/* --- reading ------------------------------------------------------------------------------------------------------- */

int ll_inbox_unseal(struct ll_data *d, const char *resource, int fd, struct ll_bytes *ret, struct ll_err *err)
{
    struct ll_buf head = LL_BUF_INIT(LL_FRAMES_HEAD), sealed = LL_BUF_INIT(LL_FRAMES_HEAD);
    struct ll_aead *key = NULL;
    int rc = read_head(fd, resource, &head, &sealed, err);

    if (rc == LL_OK)
        rc = open_key(d, resource, ll_buf_view(&sealed), &key, err);
    if (rc == LL_OK)
        rc = ll_bytes_take(ret, fd, key, ll_buf_view(&head), err);
    else
        close(fd);
    ll_buf_free(&head);
    ll_buf_free(&sealed);
    return rc;
}

int ll_inbox_open(struct ll_data *d, const char *resource, const char *sha256, struct ll_bytes *ret,
                  struct ll_err *err)
{
    char path[LL_PATH];
    int rc = ll_inbox_path(d, resource, sha256, true, path, err), fd;

    *ret = LL_BYTES_INIT;
    if (rc < 0)
        return rc;
    if ((fd = open(path, O_RDONLY | O_CLOEXEC)) >= 0)
        return ll_inbox_unseal(d, resource, fd, ret, err);
    if (errno != ENOENT)
        return ll_fail_errno(err, LL_IO, "无法打开 %s", "cannot open %s", path);
    if ((rc = ll_inbox_path(d, resource, sha256, false, path, err)) < 0)
        return rc;
    if (!ll_fs_exists(path))
        return ll_fail(err, LL_NOTFOUND, "收件 %s 不见了", "the received file %s is missing", path);
    return ll_bytes_open(ret, path, err);
}

static int hash_bytes(const struct ll_bytes *b, struct ll_hash *h, struct ll_err *err)
{
    char *chunk = malloc(CHUNK);
    int64_t at = 0;
    size_t n = 1;
    int rc = chunk ? LL_OK : ll_no_memory(err);

    while (rc == LL_OK && n && (rc = ll_bytes_read(b, chunk, CHUNK, at, &n, err)) == LL_OK) {
        ll_hash_add(h, chunk, n);
        at += (int64_t)n;
    }
    free(chunk);
    return rc;
}

int ll_inbox_hash(struct ll_data *d, const char *resource, const char *sha256, char out[LL_SHA256_HEX],
                  struct ll_err *err)
{
    struct ll_bytes b = LL_BYTES_INIT;
    struct ll_hash *h = NULL;
    int rc = ll_inbox_open(d, resource, sha256, &b, err);

    if (rc == LL_OK && (rc = ll_hash_open(&h, err)) == LL_OK)
        rc = hash_bytes(&b, h, err);
    if (rc == LL_OK)
        ll_hash_hex(h, out);
    else
        ll_hash_close(h);
    ll_bytes_close(&b);
    return rc;
}
