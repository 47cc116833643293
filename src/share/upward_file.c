/* upward_file.c - messages on the disk: DATA/upward/<stream>/<sequence>.body and .rows, sealed whole under a key derived from the platform's
 * key `index`, each bound to its place. */
#include "share/upward_impl.h"

#include "base/clock.h"
#include "crypto/aead.h"
#include "crypto/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ABOUT = 128 };

static int key_of(const struct upward_stream *s, struct ll_aead **ret, struct ll_err *err)
{
    unsigned char secret[LL_AEAD_KEY];

    ll_hkdf_sha256((struct ll_str){(const char *)s->u->secret, sizeof s->u->secret}, ll_str(""),
                   LL_STR("luling upward messages"), secret, sizeof secret);
    int rc = ll_aead_new(LL_AES256_GCM, (struct ll_str){(const char *)secret, sizeof secret}, ret, err);
    explicit_bzero(secret, sizeof secret);
    return rc;
}

static int path_of(const struct upward_stream *s, int64_t sequence, const char *part, char out[LL_PATH],
                   struct ll_err *err)
{
    return ll_data_path(s->u->data, out, err, "upward/%s/%" PRId64 ".%s", s->plan.layout->stream, sequence,
                        part);
}

static struct ll_str about(const struct upward_stream *s, int64_t sequence, const char *part, char out[ABOUT])
{
    snprintf(out, ABOUT, "upward %.64s %" PRId64 " %.8s", s->plan.layout->stream, sequence, part);
    return ll_str(out);
}

int upward_file_write(const struct upward_stream *s, int64_t sequence, const char *part, struct ll_str text,
                      struct ll_err *err)
{
    struct ll_buf sealed = LL_BUF_INIT(UPWARD_ROWS_FILE + 4096);
    char path[LL_PATH], folder[LL_PATH], place[ABOUT];
    struct ll_aead *key = NULL;
    int rc;

    if ((rc = ll_data_path(s->u->data, folder, err, "upward/%s", s->plan.layout->stream)) == LL_OK &&
        (rc = ll_fs_mkdirs(folder, err)) == LL_OK && (rc = path_of(s, sequence, part, path, err)) == LL_OK &&
        (rc = key_of(s, &key, err)) == LL_OK &&
        (rc = ll_aead_seal(key, about(s, sequence, part, place), text, &sealed, err)) == LL_OK)
        rc = ll_fs_write_secret(path, ll_buf_view(&sealed), err);
    ll_aead_free(key);
    ll_buf_free(&sealed);
    return rc;
}

int upward_file_read(const struct upward_stream *s, int64_t sequence, const char *part, size_t max,
                     struct ll_buf *out, struct ll_err *err)
{
    struct ll_buf sealed = LL_BUF_INIT(max + 4096);
    char path[LL_PATH], place[ABOUT];
    struct ll_aead *key = NULL;
    int rc;

    if ((rc = path_of(s, sequence, part, path, err)) == LL_OK &&
        (rc = ll_fs_read(path, max + LL_AEAD_MORE, &sealed, err)) == LL_OK &&
        (rc = key_of(s, &key, err)) == LL_OK)
        rc = ll_aead_open(key, about(s, sequence, part, place), ll_buf_view(&sealed), out, err);
    ll_aead_free(key);
    ll_buf_free(&sealed);
    return rc;
}

static int next_old(struct upward_stream *s, int64_t *ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *q = NULL;
    int rc = ll_txn_begin(s->u->store, false, &tx, err);

    if (rc == LL_OK && (rc = ll_sql(tx,
                                    "SELECT sequence FROM upward_message WHERE stream = $1 AND kept = 1"
                                    " AND state NOT IN ('made', 'sent') AND settled_at < $2 LIMIT 1",
                                    &q, err)) == LL_OK) {
        ll_bind_int(q, 1, s->id);
        ll_bind_int(q, 2, ll_now_ms() - s->u->keep_ms);
        if ((rc = ll_step(q, err)) > 0)
            *ret = ll_col_int(q, 0);
    }
    ll_stmt_done(q);
    ll_txn_end(tx);
    return rc;
}

static int drop(struct upward_stream *s, int64_t sequence, struct ll_err *err)
{
    static const char *const parts[] = {"body", "rows"};
    struct ll_txn *tx = NULL;
    char path[LL_PATH];
    int rc = LL_OK;

    for (size_t i = 0; i < LL_COUNT(parts) && rc == LL_OK; i++)
        if ((rc = path_of(s, sequence, parts[i], path, err)) == LL_OK)
            unlink(path);
    if (rc == LL_OK && (rc = ll_txn_begin(s->u->store, true, &tx, err)) == LL_OK &&
        (rc = ll_exec(tx, err, "UPDATE upward_message SET kept = 0 WHERE stream = $1 AND sequence = $2", "ii",
                      s->id, sequence)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

int upward_file_prune(struct upward_stream *s, struct ll_err *err)
{
    int64_t sequence = 0;
    int rc;

    while ((rc = next_old(s, &sequence, err)) > 0)
        if ((rc = drop(s, sequence, err)) < 0)
            break;
    return rc;
}

/* --- the list of a message's rows ------------------------------------------------------------------------------------------ */

void upward_row_put(struct ll_buf *out, const struct upward_row *r)
{
    char key[LL_UPWARD_HASH_TEXT], content[LL_UPWARD_HASH_TEXT];
    bool plain = r->department.n && !memchr(r->department.p, '\t', r->department.n) &&
                 !memchr(r->department.p, '\n', r->department.n);

    ll_buf_printf(out, "%s\t%s\t", ll_upward_hash_text(r->key, key),
                  r->gone ? "-" : ll_upward_hash_text(r->content, content));
    ll_buf_str(out, plain ? r->department : LL_STR("-"));
    ll_buf_c(out, '\t');
    ll_buf_str(out, r->record);
    ll_buf_c(out, '\n');
}

bool upward_row_next(struct ll_str *rest, struct upward_row *ret)
{
    struct ll_str line, key, content, department, record;

    if (!rest->n)
        return false;
    ll_str_cut(*rest, '\n', &line, rest);
    ll_str_cut(line, '\t', &key, &line);
    ll_str_cut(line, '\t', &content, &line);
    ll_str_cut(line, '\t', &department, &record);
    *ret = (struct upward_row){.gone = ll_str_is(content, "-"),
                               .department = ll_str_is(department, "-") ? LL_STR("") : department,
                               .record = record};
    return ll_upward_hash_read(key, &ret->key) && (ret->gone || ll_upward_hash_read(content, &ret->content));
}
