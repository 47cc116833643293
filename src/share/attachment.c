/* attachment.c - see attachment.h.  A file comes, sealed, into DATA/inbox under a lock, so that what a crash leaves is swept from there with what
 * other receivers left (intake/recover.c). */
#include "share/attachment.h"

#include "base/clock.h"
#include "base/fs.h"
#include "crypto/random.h"
#include "intake/inbox.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { MAGIC = 8, CHUNK = 256 << 10 };

/* Stands where a delivery has its resource: no pack can have one of this name. */
static const char SEALED_AS[] = "ll_attachments";

struct ll_attaching {
    struct ll_data *d;
    char temp[LL_PATH];
    int fd;
    int64_t bytes;
    char first[MAGIC];
    struct ll_hash *hash;
    struct ll_aead *key;
    struct ll_framer *framer;
};

static const struct {
    const char *magic;
    size_t n;
    const char *type;
} types[] = {
    {"%PDF-", 5, "application/pdf"},
    {"\x89PNG\r\n\x1a\n", 8, "image/png"},
    {"\xff\xd8\xff", 3, "image/jpeg"},
};

const char *ll_attachment_type(struct ll_str first_bytes)
{
    for (size_t i = 0; i < LL_COUNT(types); i++)
        if (first_bytes.n >= types[i].n && memcmp(first_bytes.p, types[i].magic, types[i].n) == 0)
            return types[i].type;
    return NULL;
}

/* --- who and what ------------------------------------------------------------------------------------------------------- */

struct counts {
    int64_t applications, open, attachments;
};

/* By the first letter of its id: what a submission is of, and whose ($2). */
static const struct {
    char letter;
    bool subjects; /* $2 is a subject and no organisation */
    const char *sql;
} scenes[] = {
    {'S', false,
     "SELECT count(*), count(*) FILTER (WHERE state NOT IN ('granted', 'closed', 'cancelled')),"
     " (SELECT count(*) FROM attachment WHERE scene = $1) FROM application WHERE scene = $1 AND organisation = $2"},
    {'R', true,
     "SELECT count(*), count(*) FILTER (WHERE state IN ('draft', 'returned')),"
     " (SELECT count(*) FROM attachment WHERE scene = $1) FROM repair WHERE id = $1 AND subject = $2"},
};

static int count(struct ll_txn *tx, const char *scene, const struct ll_actor *actor, struct counts *ret,
                 struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    size_t at = 0;
    int rc;

    while (at < LL_COUNT(scenes) && scenes[at].letter != scene[0])
        at++;
    if (at == LL_COUNT(scenes))
        return LL_OK;
    if ((rc = ll_sql(tx, scenes[at].sql, &s, err)) < 0)
        return rc;
    ll_bind_z(s, 1, scene);
    ll_bind_z(s, 2, scenes[at].subjects ? actor->subject : actor->organisation);
    if ((rc = ll_step(s, err)) > 0)
        *ret = (struct counts){ll_col_int(s, 0), ll_col_int(s, 1), ll_col_int(s, 2)};
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

int ll_attachment_may(struct ll_txn *tx, const char *scene, const struct ll_actor *actor, struct ll_err *err)
{
    struct counts n = {0};
    int rc = count(tx, scene, actor, &n, err);

    if (rc < 0)
        return rc;
    if (!n.applications)
        return ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的、可由您添加附件的申请",
                       "there is no application %s of one's own", scene);
    if (!n.open)
        return ll_fail(err, LL_CONFLICT, "申请 %s 已经办结，不能再加附件",
                       "application %s is decided; nothing can be added", scene);
    return n.attachments < LL_ATTACHMENTS_MAX
               ? LL_OK
               : ll_fail(err, LL_TOOBIG, "附件最多 %d 个", "at most %d attachments", LL_ATTACHMENTS_MAX);
}

static int check_name(const char *name, struct ll_err *err)
{
    struct ll_str s = ll_str(name);
    bool fits = s.n > 0 && s.n <= LL_ATTACHMENT_NAME_MAX && ll_utf8_bad(s) == s.n;

    for (size_t i = 0; fits && i < s.n; i++)
        fits = (unsigned char)s.p[i] >= ' ' && s.p[i] != 0x7f && s.p[i] != '/' && s.p[i] != '\\';
    return fits ? LL_OK : ll_fail(err, LL_INVALID, "附件的文件名不对", "the attachment's name is not valid");
}

/* --- receiving ---------------------------------------------------------------------------------------------------------- */

static int create(struct ll_attaching *a, struct ll_err *err)
{
    char token[LL_TOKEN_TEXT], dir[LL_PATH];
    int rc;

    if ((rc = ll_data_path(a->d, dir, err, "attachments")) < 0 || (rc = ll_fs_mkdirs(dir, err)) < 0 ||
        (rc = ll_random_token(token, err)) < 0 ||
        (rc = ll_data_path(a->d, a->temp, err, "inbox/attachment-%s.tmp", token)) < 0)
        return rc;
    a->fd = open(a->temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (a->fd < 0 || flock(a->fd, LOCK_EX | LOCK_NB) < 0)
        return ll_fail_errno(err, LL_IO, "无法写入 %s", "cannot write %s", a->temp);
    if ((rc = ll_inbox_seal(a->d, SEALED_AS, a->fd, &a->key, &a->framer, err)) < 0)
        return rc;
    return ll_hash_open(&a->hash, err);
}

int ll_attaching_open(struct ll_data *d, struct ll_attaching **ret, struct ll_err *err)
{
    struct ll_attaching *a = calloc(1, sizeof *a);

    if (!a)
        return ll_no_memory(err);
    a->d = d;
    a->fd = -1;
    int rc = create(a, err);
    if (rc < 0)
        ll_attaching_close(a);
    else
        *ret = a;
    return rc;
}

int ll_attaching_add(struct ll_attaching *a, const void *p, size_t n, struct ll_err *err)
{
    const char *from = p;

    if (n > (size_t)(LL_ATTACHMENT_MAX - a->bytes))
        return ll_fail(err, LL_TOOBIG, "附件超过 %d MiB", "the attachment is larger than %d MiB",
                       LL_ATTACHMENT_MAX >> 20);
    for (size_t i = 0; i < n && a->bytes + (int64_t)i < MAGIC; i++)
        a->first[a->bytes + (int64_t)i] = from[i];
    a->bytes += (int64_t)n;
    ll_hash_add(a->hash, p, n);
    return ll_framer_add(a->framer, p, n, err);
}

struct ll_attaching *ll_attaching_close(struct ll_attaching *a)
{
    if (!a)
        return NULL;
    ll_framer_close(a->framer);
    ll_aead_free(a->key);
    if (a->fd >= 0) {
        close(a->fd);
        unlink(a->temp);
    }
    ll_hash_close(a->hash);
    free(a);
    return NULL;
}

/* Promise (2). */
static int place(struct ll_attaching *a, char sha[LL_SHA256_HEX], struct ll_err *err)
{
    char path[LL_PATH];
    int rc = ll_framer_end(a->framer, err);

    if (rc < 0)
        return rc;
    ll_hash_hex(a->hash, sha);
    a->hash = NULL;
    if (fsync(a->fd) < 0)
        return ll_fail_errno(err, LL_IO, "无法落盘附件", "cannot sync the attachment");
    if ((rc = ll_data_path(a->d, path, err, "attachments/%s", sha)) < 0 ||
        (rc = ll_fs_move(a->temp, path, err)) < 0)
        return rc;
    close(a->fd);
    a->fd = -1;
    return LL_OK;
}

int ll_attaching_done(struct ll_attaching *a, struct ll_txn *tx, const char *scene, const char *name,
                      const struct ll_actor *actor, char sha[LL_SHA256_HEX], struct ll_err *err)
{
    const struct ll_str first = {a->first, a->bytes < MAGIC ? (size_t)a->bytes : MAGIC};
    int rc;

    if ((rc = ll_attachment_may(tx, scene, actor, err)) < 0 || (rc = check_name(name, err)) < 0)
        return rc;
    if (!ll_attachment_type(first))
        return ll_fail(err, LL_INVALID, "附件“%s”不是 PDF、PNG 或 JPEG 文件",
                       "attachment '%s' is no PDF, PNG or JPEG file", name);
    if ((rc = place(a, sha, err)) < 0)
        return rc;
    return ll_exec(
        tx, err,
        "INSERT INTO attachment (scene, sha256, name, bytes, account, added_at) VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT (scene, sha256) DO UPDATE SET name = excluded.name",
        "zzzizi", scene, sha, name, a->bytes, actor->account, ll_now_ms());
}

/* --- reading ------------------------------------------------------------------------------------------------------------ */

int ll_attachment_list(struct ll_txn *tx, const char *scene, struct ll_arena *arena,
                       struct ll_attachment **ret, size_t *ret_n, struct ll_err *err)
{
    struct ll_attachment *list = ll_arena_array(arena, LL_ATTACHMENTS_MAX, sizeof *list);
    struct ll_stmt *s = NULL;
    bool nomem = !list;
    size_t n = 0;
    int more = 0, rc = ll_sql(tx,
                              "SELECT name, sha256, bytes, added_at FROM attachment WHERE scene = $1"
                              " ORDER BY added_at, sha256",
                              &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, scene);
    while (!nomem && n < LL_ATTACHMENTS_MAX && (more = ll_step(s, err)) > 0)
        list[n++] = (struct ll_attachment){ll_col_dup(s, 0, arena, &nomem), ll_col_dup(s, 1, arena, &nomem),
                                           ll_col_int(s, 2), ll_col_int(s, 3)};
    ll_stmt_done(s);
    *ret = list;
    *ret_n = n;
    return more < 0 ? more : nomem ? ll_no_memory(err) : LL_OK;
}

int ll_attachment_find(struct ll_txn *tx, const char *scene, const char *sha256, struct ll_arena *arena,
                       struct ll_attachment *ret, struct ll_err *err)
{
    struct ll_attachment *list;
    size_t n, at = 0;
    int rc = ll_attachment_list(tx, scene, arena, &list, &n, err);

    if (rc < 0)
        return rc;
    while (at < n && strcmp(list[at].sha256, sha256) != 0)
        at++;
    if (at == n)
        return ll_fail(err, LL_NOTFOUND, "没有这个附件", "there is no such attachment");
    *ret = list[at];
    return LL_OK;
}

static int hash_of(const struct ll_bytes *b, char out[LL_SHA256_HEX], struct ll_err *err)
{
    char *chunk = malloc(CHUNK);
    struct ll_hash *h = NULL;
    size_t n = 1;
    int rc = chunk ? ll_hash_open(&h, err) : ll_no_memory(err);

    for (int64_t at = 0; rc == LL_OK && n; at += (int64_t)n)
        if ((rc = ll_bytes_read(b, chunk, CHUNK, at, &n, err)) == LL_OK)
            ll_hash_add(h, chunk, n);
    if (rc == LL_OK)
        ll_hash_hex(h, out);
    else
        ll_hash_close(h);
    free(chunk);
    return rc;
}

/* The frames tell whether a file was changed; its hash tells whether it is the one that was asked for. */
int ll_attachment_open(struct ll_data *d, const char *sha256, struct ll_bytes *ret, struct ll_err *err)
{
    char path[LL_PATH], hash[LL_SHA256_HEX];
    int fd, rc = ll_data_path(d, path, err, "attachments/%s", sha256);

    *ret = LL_BYTES_INIT;
    if (rc < 0)
        return rc;
    if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
        return ll_fail_errno(err, LL_IO, "无法读取附件", "cannot read the attachment");
    if ((rc = ll_inbox_unseal(d, SEALED_AS, fd, ret, err)) < 0 || (rc = hash_of(ret, hash, err)) < 0)
        goto done;
    if (strcmp(hash, sha256) != 0)
        rc = ll_fail(err, LL_INVALID, "附件不是当初存入的那一份",
                     "the attachment is not the one that was added");
done:
    if (rc < 0)
        ll_bytes_close(ret);
    return rc;
}

void ll_attachment_json(struct ll_json *j, const struct ll_attachment *a)
{
    char text[LL_TIME_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "name", a->name);
    ll_json_kz(j, "sha256", a->sha256);
    ll_json_ki(j, "bytes", a->bytes);
    ll_json_kz(j, "added_at", ll_time_text(a->added_at, text));
    ll_json_end_obj(j);
}

int ll_attachments_put(struct ll_txn *tx, const char *scene, struct ll_json *j, const char *key,
                       struct ll_arena *arena, struct ll_err *err)
{
    struct ll_attachment *list;
    size_t n;
    int rc = ll_attachment_list(tx, scene, arena, &list, &n, err);

    if (rc < 0)
        return rc;
    ll_json_key(j, key);
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++)
        ll_attachment_json(j, &list[i]);
    ll_json_end_arr(j);
    return LL_OK;
}
