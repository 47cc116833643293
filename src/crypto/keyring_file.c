/* keyring_file.c - the sealed file of a keyring, and the secret that opens it.
 *
 * A line a key:   key ID PURPOSE STATE MADE_AT UNTIL secret|public BASE64URL */
#include "crypto/keyring_impl.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "crypto/random.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_MAX = 1024, LINE_FIELDS = 8 };

/* --- the secret ----------------------------------------------------------------------------------------------------- */

static int check_private(const char *path, struct ll_err *err)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return ll_fail_errno(err, errno == ENOENT ? LL_NOTFOUND : LL_IO, "无法打开 %s", "cannot open %s",
                             path);
    if (st.st_mode & (S_IRWXG | S_IRWXO))
        return ll_fail(err, LL_INVALID, "%s 对其他用户可读；请执行 chmod 600",
                       "%s is open to other users; chmod 600 it", path);
    return LL_OK;
}

static int read_passphrase(struct ll_keyring *r, const char *path, struct ll_err *err)
{
    int rc;

    if (!ll_buf_reserve(&r->secret, SECRET_MAX)) /* so that no copy is left behind by growing */
        return ll_no_memory(err);
    if ((rc = ll_fs_read(path, SECRET_MAX, &r->secret, err)) < 0)
        return rc;
    while (r->secret.n && (r->secret.p[r->secret.n - 1] == '\n' || r->secret.p[r->secret.n - 1] == '\r'))
        r->secret.n--;
    return r->secret.n ? LL_OK : ll_fail(err, LL_INVALID, "%s 中没有口令", "%s holds no passphrase", path);
}

static int read_machine_secret(struct ll_keyring *r, struct ll_err *err)
{
    unsigned char raw[LL_RING_SECRET];
    int rc = check_private(r->secret_file, err);

    if (rc == LL_OK)
        rc = read_passphrase(r, r->secret_file, err);
    if (rc < 0)
        return rc;
    if (!ll_base64_exact(ll_buf_view(&r->secret), LL_BASE64_URL, raw, sizeof raw))
        return ll_fail(err, LL_INVALID, "%s 不是密钥文件", "%s is not a secret file", r->secret_file);
    ll_buf_clear(&r->secret);
    ll_buf_add(&r->secret, raw, sizeof raw);
    ll_wipe(raw, sizeof raw);
    r->secret_random = true;
    return LL_OK;
}

static int make_machine_secret(struct ll_keyring *r, struct ll_err *err)
{
    char text[LL_TOKEN_TEXT];
    int rc = ll_random_token(text, err);

    if (rc < 0)
        return rc;
    text[LL_TOKEN_TEXT - 1] = '\n'; /* in place of the NUL */
    rc = ll_fs_write_secret(r->secret_file, (struct ll_str){text, sizeof text}, err);
    ll_wipe(text, sizeof text);
    r->made_secret = rc == LL_OK;
    return rc;
}

static int machine_secret(struct ll_keyring *r, const char *data_dir, struct ll_err *err)
{
    size_t n = strlen(data_dir);
    int rc;

    while (n > 1 && data_dir[n - 1] == '/')
        n--;
    if ((rc = ll_path(r->secret_file, err, "%.*s.secret", (int)n, data_dir)) < 0)
        return rc;
    if (!ll_fs_exists(r->secret_file)) {
        if (ll_fs_exists(r->file))
            return ll_fail(err, LL_NOTFOUND, "有 %s，但没有打开它的 %s",
                           "there is %s, but not %s, which opens it", r->file, r->secret_file);
        if ((rc = make_machine_secret(r, err)) < 0)
            return rc;
    }
    return read_machine_secret(r, err);
}

int ll_ring_secret_open(struct ll_keyring *r, const struct ll_keyring_opts *o, struct ll_err *err)
{
    const char *credentials = getenv("CREDENTIALS_DIRECTORY");
    char path[LL_PATH];
    int rc;

    if (o->passphrase_file && o->passphrase_file[0]) {
        rc = check_private(o->passphrase_file, err);
        return rc < 0 ? rc : read_passphrase(r, o->passphrase_file, err);
    }
    if (credentials && credentials[0]) {
        if ((rc = ll_path(path, err, "%s/luling-passphrase", credentials)) < 0)
            return rc;
        if (ll_fs_exists(path))
            return read_passphrase(r, path, err);
    }
    return machine_secret(r, o->data_dir, err);
}

/* --- lines ---------------------------------------------------------------------------------------------------------- */

static int bad_file(const struct ll_keyring *r, struct ll_err *err)
{
    return ll_fail(err, LL_INVALID, "%s 的内容有误", "%s holds something else than keys", r->file);
}

static bool parse_state(struct ll_str s, enum ll_ring_state *ret)
{
    for (int i = LL_RING_ACTIVE; i <= LL_RING_RETIRED; i++)
        if (ll_str_is(s, ll_ring_state_name((enum ll_ring_state)i))) {
            *ret = (enum ll_ring_state)i;
            return true;
        }
    return false;
}

static bool parse_line(struct ll_str line, struct ll_ring_key *k, struct ll_str *material, bool *has_secret)
{
    struct ll_str f[LINE_FIELDS];
    size_t n = 0;
    bool more = true;

    while (more && n < LINE_FIELDS)
        more = ll_str_cut(line, ' ', &f[n++], &line);
    if (more || n != LINE_FIELDS || !ll_str_is(f[0], "key") || f[1].n != LL_RING_ID - 1 ||
        !ll_purpose_find(f[2], &k->purpose) || !parse_state(f[3], &k->state) ||
        !ll_str_i64(f[4], 0, INT64_MAX, &k->made_at) || !ll_str_i64(f[5], 0, INT64_MAX, &k->until))
        return false;
    memcpy(k->id, f[1].p, f[1].n);
    k->id[LL_RING_ID - 1] = 0;
    *has_secret = ll_str_is(f[6], "secret");
    *material = f[7];
    return *has_secret || (ll_str_is(f[6], "public") && !ll_purpose_is_secret(k->purpose));
}

/* A signature key's time may have run out since the file was written. */
static void settle(struct ll_ring_key *k)
{
    if (k->state == LL_RING_RETIRING && k->until && k->until <= ll_now_ms())
        k->state = LL_RING_RETIRED;
}

static struct ring_entry **entry_by_id(struct ll_keyring *r, const char *id)
{
    struct ring_entry **at = &r->entries;

    while (*at && strcmp((*at)->k.id, id) != 0)
        at = &(*at)->next;
    return at;
}

static int take_line(struct ll_keyring *r, struct ll_str line, struct ll_err *err)
{
    struct ll_ring_key k = {0};
    struct ll_str text;
    unsigned char raw[LL_KEY_PUBLIC];
    bool has_secret;

    if (!parse_line(line, &k, &text, &has_secret))
        return bad_file(r, err);
    settle(&k);
    struct ring_entry **at = entry_by_id(r, k.id);
    if (*at) {
        (*at)->k.state = k.state;
        (*at)->k.until = k.until;
        return LL_OK;
    }
    size_t n = has_secret ? LL_RING_SECRET : ll_purpose_alg(k.purpose) == LL_ED25519 ? 32 : LL_KEY_PUBLIC;
    if (!ll_base64_exact(text, LL_BASE64_URL, raw, n))
        return bad_file(r, err);
    int rc = ll_ring_entry_new(&k, (struct ll_str){(const char *)raw, n}, has_secret, at, err);
    ll_wipe(raw, sizeof raw);
    return rc;
}

static void put_line(const struct ring_entry *e, struct ll_buf *out)
{
    unsigned char raw[LL_KEY_PUBLIC];
    /* a retired signature key keeps its public half alone; a secret has no other half */
    bool secret = e->has_secret && (!e->public || e->k.state != LL_RING_RETIRED);
    size_t n = secret ? LL_RING_SECRET : ll_key_public(e->public, raw);

    ll_buf_printf(out, "key %s %s %s %" PRId64 " %" PRId64 " %s ", e->k.id, ll_purpose_name(e->k.purpose),
                  ll_ring_state_name(e->k.state), e->k.made_at, e->k.until, secret ? "secret" : "public");
    ll_base64_put(out, LL_BASE64_URL, secret ? e->secret : raw, n);
    ll_buf_c(out, '\n');
}

/* --- the file ------------------------------------------------------------------------------------------------------- */

static struct ll_seal_secret secret_of(const struct ll_keyring *r)
{
    return (struct ll_seal_secret){ll_buf_view(&r->secret), r->secret_random};
}

static int take_lines(struct ll_keyring *r, struct ll_str text, struct ll_err *err)
{
    struct ll_str line;
    unsigned lines = 0;
    int rc = LL_OK;

    while (rc == LL_OK && text.n) {
        if (!ll_str_cut(text, '\n', &line, &text) || ++lines > LL_RING_MAX)
            return bad_file(r, err);
        rc = take_line(r, line, err);
    }
    return rc;
}

int ll_ring_load(struct ll_keyring *r, struct ll_err *err)
{
    struct ll_buf file = LL_BUF_INIT(LL_SEALED_FILE_MAX * 2), text = LL_BUF_INIT(LL_SEALED_FILE_MAX);
    const struct ll_seal_secret secret = secret_of(r);

    if (!ll_fs_exists(r->file))
        return LL_OK;
    int rc = ll_fs_read(r->file, LL_SEALED_FILE_MAX * 2 - 65536, &file, err);
    if (rc == LL_OK && (rc = ll_file_unseal(&secret, ll_buf_view(&file), &text, err)) < 0)
        (void)ll_fail_in(err, r->file, r->file);
    if (rc == LL_OK) {
        pthread_rwlock_wrlock(&r->lock);
        rc = take_lines(r, ll_buf_view(&text), err);
        pthread_rwlock_unlock(&r->lock);
    }
    ll_buf_wipe(&text);
    ll_buf_free(&file);
    return rc;
}

int ll_ring_save(struct ll_keyring *r, struct ll_err *err)
{
    struct ll_buf file = LL_BUF_INIT(LL_SEALED_FILE_MAX * 2), text = LL_BUF_INIT(LL_SEALED_FILE_MAX);
    const struct ll_seal_secret secret = secret_of(r);
    int rc = LL_OK;

    for (const struct ring_entry *e = r->entries; e; e = e->next)
        put_line(e, &text);
    if (text.failed)
        rc = ll_no_memory(err);
    if (rc == LL_OK)
        rc = ll_file_seal(&secret, ll_buf_view(&text), &file, err);
    if (rc == LL_OK)
        rc = ll_fs_write_secret(r->file, ll_buf_view(&file), err);
    ll_buf_wipe(&text);
    ll_buf_free(&file);
    return rc;
}

int ll_ring_lock(struct ll_keyring *r, int *ret_fd, struct ll_err *err)
{
    int fd = open(r->lock_file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return ll_fail_errno(err, LL_IO, "无法打开锁文件 %s", "cannot open lock file %s", r->lock_file);
    while (flock(fd, LOCK_EX) < 0)
        if (errno != EINTR) {
            int rc = ll_fail_errno(err, LL_IO, "无法加锁 %s", "cannot lock %s", r->lock_file);
            close(fd);
            return rc;
        }
    *ret_fd = fd;
    return LL_OK;
}
