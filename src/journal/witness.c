/* witness.c - see witness.h. */
#include "journal/witness.h"

#include "base/fs.h"
#include "base/log.h"
#include "crypto/base64.h"
#include "crypto/digest.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { PROOF_MAX = 63, HEX = 2 * LL_DIGEST };

struct ll_witness {
    char dir[LL_PATH];
    const struct ll_policy *policy;
    const struct ll_vkey *key;
    int lock_fd;
    pthread_mutex_t lock; /* rule (1) */
};

struct request {
    uint64_t old;
    struct ll_proof proof;
    struct ll_str note;
};

int ll_witness_open(const char *dir, const struct ll_policy *policy, const struct ll_vkey *key,
                    struct ll_witness **ret, struct ll_err *err)
{
    struct ll_witness *w = calloc(1, sizeof *w);
    char path[LL_PATH];
    int rc;

    if (!w)
        return ll_no_memory(err);
    w->policy = policy;
    w->key = key;
    w->lock_fd = -1;
    pthread_mutex_init(&w->lock, NULL);
    if (key->type != LL_NOTE_COSIGNATURE || !ll_key_is_private(key->key))
        rc = ll_fail(err, LL_INVALID, "见证者须用自己的 Ed25519 私钥",
                     "a witness signs with a private Ed25519 key of its own");
    else if ((rc = ll_path(w->dir, err, "%s", dir)) == LL_OK && (rc = ll_fs_mkdirs(dir, err)) == LL_OK &&
             (rc = ll_path(path, err, "%s/lock", dir)) == LL_OK)
        rc = ll_fs_lock(path, &w->lock_fd, err);
    if (rc < 0)
        ll_witness_close(w);
    else
        *ret = w;
    return rc;
}

struct ll_witness *ll_witness_close(struct ll_witness *w)
{
    if (!w)
        return NULL;
    ll_fs_unlock(w->lock_fd);
    pthread_mutex_destroy(&w->lock);
    free(w);
    return NULL;
}

/* "old <size>", hashes, an empty line, the note. */
static bool parse_request(struct ll_str text, struct request *ret)
{
    struct ll_str line;

    ret->proof.n = 0;
    if (!ll_str_cut(text, '\n', &line, &text) || !ll_str_starts(line, LL_STR("old ")) ||
        !ll_decimal((struct ll_str){line.p + 4, line.n - 4}, &ret->old))
        return false;
    for (;;) {
        if (!ll_str_cut(text, '\n', &line, &text))
            return false;
        if (line.n == 0)
            break;
        if (ret->proof.n == PROOF_MAX ||
            !ll_base64_exact(line, LL_BASE64_STD, ret->proof.node[ret->proof.n++].b, LL_DIGEST))
            return false;
    }
    ret->note = text;
    return true;
}

static const struct ll_vkey *key_of(const struct ll_witness *w, struct ll_str origin,
                                    const struct ll_note *note, bool *known)
{
    const struct ll_vkey *key;

    *known = false;
    for (size_t i = 0; (key = ll_policy_log(w->policy, i)) != NULL; i++) {
        if (key->type != LL_NOTE_ED25519 || !ll_str_is(origin, key->name))
            continue;
        *known = true;
        const struct ll_note_sig *sig = ll_note_find(note, key);
        if (sig && ll_note_check(note, key, sig, NULL, NULL) == LL_OK)
            return key;
    }
    return NULL;
}

static void hex_of(struct ll_str origin, char out[HEX + 1])
{
    struct ll_buf b = LL_BUF_INIT(HEX + 1);
    unsigned char hash[LL_DIGEST];

    ll_sha256(origin.p, origin.n, hash);
    ll_hex_put(&b, hash, sizeof hash);
    LL_ASSERT(!b.failed);
    memcpy(out, b.p, HEX + 1);
    ll_buf_free(&b);
}

static int path_of(const struct ll_witness *w, const char *hex, bool folder, char out[LL_PATH],
                   struct ll_err *err)
{
    return ll_path(out, err, "%s/%s%s", w->dir, hex, folder ? "" : "/checkpoint");
}

/* What was signed last for this origin: an empty tree when nothing was. */
static int read_last(const struct ll_witness *w, const char *hex, struct ll_checkpoint *ret,
                     struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(LL_NOTE_MAX + (1 << 17));
    struct ll_note *note = malloc(sizeof *note);
    char path[LL_PATH];
    int rc = note ? path_of(w, hex, false, path, err) : ll_no_memory(err);

    *ret = (struct ll_checkpoint){.size = 0};
    ll_digest(LL_SHA256, NULL, 0, ret->root.b);
    if (rc == LL_OK && (rc = ll_fs_read(path, LL_NOTE_MAX, &text, err)) == LL_OK &&
        (rc = ll_note_parse(ll_buf_view(&text), note, err)) == LL_OK)
        rc = ll_checkpoint_parse(note->text, ret, err);
    ret->origin = ret->rest = (struct ll_str){0}; /* they go with the text */
    free(note);
    ll_buf_free(&text);
    return rc == LL_NOTFOUND ? LL_OK : rc;
}

static bool consistent(const struct ll_checkpoint *last, const struct ll_checkpoint *next,
                       const struct ll_proof *proof)
{
    struct ll_node empty;

    if (last->size > 0)
        return ll_check_consistency(LL_SHA256, last->size, &last->root, next->size, &next->root, proof->node,
                                    proof->n, NULL) == LL_OK;
    ll_digest(LL_SHA256, NULL, 0, empty.b);
    return proof->n == 0 && (next->size > 0 || ll_node_eq(&next->root, &empty));
}

/* Signs, and writes note and signature; the signature's line goes to out. */
static int sign(struct ll_witness *w, const char *hex, const struct ll_note *note, struct ll_str whole,
                int64_t now_s, struct ll_buf *out, struct ll_err *err)
{
    struct ll_buf line = LL_BUF_INIT(4096), file = LL_BUF_INIT(LL_NOTE_MAX);
    char path[LL_PATH];
    int rc;

    if ((rc = ll_note_sign(w->key, note->text, now_s, &line, err)) == LL_OK &&
        (rc = path_of(w, hex, true, path, err)) == LL_OK && (rc = ll_fs_mkdirs(path, err)) == LL_OK &&
        (rc = path_of(w, hex, false, path, err)) == LL_OK) {
        ll_buf_str(&file, whole);
        ll_buf_str(&file, ll_buf_view(&line));
        rc = file.failed || line.failed ? ll_fail(err, LL_TOOBIG, "检查点过大", "the checkpoint is too large")
                                        : ll_fs_write_atomic(path, ll_buf_view(&file), err);
        if (rc == LL_OK)
            rc = ll_fs_sync_dir(w->dir, err);
    }
    if (rc == LL_OK)
        ll_buf_str(out, ll_buf_view(&line));
    ll_buf_free(&line);
    ll_buf_free(&file);
    return rc;
}

static unsigned refuse(struct ll_buf *out, unsigned status, const char *why)
{
    ll_buf_printf(out, "%s\n", why);
    return status;
}

/* The comparison and the signature; under the lock. */
static unsigned decide(struct ll_witness *w, const struct request *q, const struct ll_note *note,
                       const struct ll_checkpoint *next, int64_t now_s, struct ll_buf *out,
                       const char **ret_type)
{
    struct ll_checkpoint last;
    struct ll_err err;
    char hex[HEX + 1];

    hex_of(next->origin, hex);
    int rc = read_last(w, hex, &last, &err);
    if (rc == LL_OK && q->old != last.size) {
        *ret_type = "text/x.tlog.size";
        ll_buf_printf(out, "%" PRIu64 "\n", last.size);
        return 409;
    }
    if (rc == LL_OK && !consistent(&last, next, &q->proof))
        return refuse(out, 422, "not consistent with what was signed before");
    if (rc == LL_OK)
        rc = sign(w, hex, note, q->note, now_s, out, &err);
    if (rc == LL_OK)
        return 200;
    ll_log(LL_ERROR, "witness", "%s", err.en);
    return refuse(out, 500, "cannot read or write what was signed before");
}

unsigned ll_witness_add(struct ll_witness *w, struct ll_str text, int64_t now_s, struct ll_buf *out,
                        const char **ret_type)
{
    struct request q;
    struct ll_note *note = malloc(sizeof *note);
    struct ll_checkpoint next;
    bool known = false;
    unsigned status;

    *ret_type = "text/plain; charset=utf-8";
    if (!note)
        return refuse(out, 500, "out of memory");
    if (text.n > LL_WITNESS_REQUEST || !parse_request(text, &q) || ll_note_parse(q.note, note, NULL) < 0 ||
        ll_checkpoint_parse(note->text, &next, NULL) < 0)
        status = refuse(out, 400, "not a request of the witness protocol");
    else if (!key_of(w, next.origin, note, &known))
        status = known ? refuse(out, 403, "no valid signature of the log") : refuse(out, 404, "unknown log");
    else if (q.old > next.size)
        status = refuse(out, 400, "the old size is larger than the checkpoint's");
    else {
        pthread_mutex_lock(&w->lock);
        status = decide(w, &q, note, &next, now_s, out, ret_type);
        pthread_mutex_unlock(&w->lock);
    }
    free(note);
    return status;
}

unsigned ll_witness_get(struct ll_witness *w, struct ll_str hex, struct ll_buf *out)
{
    unsigned char unused[LL_DIGEST];
    char name[HEX + 1], path[LL_PATH];

    if (hex.n != HEX || !ll_hex_exact(hex, unused, sizeof unused))
        return 404;
    memcpy(name, hex.p, HEX);
    name[HEX] = 0;
    return path_of(w, name, false, path, NULL) == LL_OK && ll_fs_read(path, LL_NOTE_MAX, out, NULL) == LL_OK
               ? 200
               : 404;
}
