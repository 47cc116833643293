/* journal.c - opens and closes a journal and answers questions about it; see journal.h. */
#include "journal/journal_impl.h"

#include "base/log.h"
#include "journal/browse.h"
#include "journal/canon.h"
#include "journal/tlogproof.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int check_keys(struct ll_journal *j, struct ll_err *err)
{
    char name[LL_NOTE_NAME];
    const struct ll_vkey *log = j->o.log, *sm2 = j->o.sm2;

    if (log->type != LL_NOTE_ED25519 || !ll_key_is_private(log->key))
        return ll_fail(err, LL_INVALID, "日志须由 Ed25519 私钥签名",
                       "a journal is signed with a private Ed25519 key");
    if (!sm2)
        return LL_OK;
    if (sm2->type != LL_NOTE_SM2 || !ll_key_is_private(sm2->key) || strcmp(sm2->name, log->name) != 0)
        return ll_fail(err, LL_INVALID, "第二签名须用同名的 SM2 私钥",
                       "the second signature takes a private SM2 key of the same name");
    int n = snprintf(name, sizeof name, "%s/sm3", log->name);
    if (n < 0 || (size_t)n >= sizeof name)
        return ll_fail(err, LL_TOOBIG, "日志名称过长", "the journal's name is too long");
    return ll_vkey_borrow(&j->shadow, name, LL_NOTE_SM2, sm2->key, err);
}

static void init_sync(struct ll_journal *j)
{
    pthread_condattr_t attr;

    pthread_mutex_init(&j->lock, NULL);
    pthread_mutex_init(&j->tiles, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&j->work, NULL);
    pthread_cond_init(&j->room, NULL);
    pthread_cond_init(&j->published_now, NULL);
    pthread_cond_init(&j->publish, &attr);
    pthread_cond_init(&j->ask, &attr);
    pthread_condattr_destroy(&attr);
}

static void destroy_sync(struct ll_journal *j)
{
    pthread_cond_t *conds[] = {&j->work, &j->room, &j->published_now, &j->publish, &j->ask};

    for (size_t i = 0; i < LL_COUNT(conds); i++)
        pthread_cond_destroy(conds[i]);
    pthread_mutex_destroy(&j->tiles);
    pthread_mutex_destroy(&j->lock);
}

static int start(pthread_t *thread, bool *runs, void *(*run)(void *), struct ll_journal *j,
                 struct ll_err *err)
{
    *runs = pthread_create(thread, NULL, run, j) == 0;
    return *runs ? LL_OK : ll_fail(err, LL_FAIL, "无法启动线程", "cannot start a thread");
}

static int open_folder(struct ll_journal *j, struct ll_err *err)
{
    char path[LL_PATH];
    int rc;

    if ((rc = ll_fs_mkdirs(j->o.dir, err)) < 0 || (rc = ll_path(path, err, "%s/lock", j->o.dir)) < 0)
        return rc;
    return ll_fs_lock(path, &j->lock_fd, err);
}

int ll_journal_open(const struct ll_journal_opts *o, struct ll_journal **ret, struct ll_err *err)
{
    struct ll_journal *j = calloc(1, sizeof *j);
    int rc;

    if (!j)
        return ll_no_memory(err);
    j->magic = LL_JOURNAL_MAGIC;
    j->o = *o;
    j->lock_fd = -1;
    j->newest.line = LL_BUF_INIT(4096);
    j->gen = 2; /* the words say 0 and 1: both groups before are finished */
    atomic_store(&j->done[1], 1);
    for (unsigned tree = 0; tree < LL_WAL_TREES; tree++)
        ll_edge_init(&j->edge[tree], tree ? LL_SM3 : LL_SHA256);
    init_sync(j);
    if ((rc = check_keys(j, err)) < 0 || (rc = open_folder(j, err)) < 0 ||
        (rc = ll_journal_recover(j, err)) < 0 ||
        (rc = start(&j->sequencer, &j->sequencing, ll_sequencer_run, j, err)) < 0 ||
        (rc = start(&j->publisher, &j->publishing, ll_publisher_run, j, err)) < 0 ||
        (o->witnesses && (rc = start(&j->asker, &j->asking, ll_asker_run, j, err)) < 0))
        ll_journal_close(j);
    else
        *ret = j;
    return rc;
}

static void stop_threads(struct ll_journal *j)
{
    pthread_mutex_lock(&j->lock);
    j->stop = true;
    pthread_cond_broadcast(&j->work);
    pthread_cond_broadcast(&j->room);
    pthread_cond_broadcast(&j->publish);
    pthread_cond_broadcast(&j->published_now);
    pthread_cond_broadcast(&j->ask);
    pthread_mutex_unlock(&j->lock);
    if (j->sequencing)
        pthread_join(j->sequencer, NULL);
    if (j->publishing)
        pthread_join(j->publisher, NULL);
    if (j->asking)
        pthread_join(j->asker, NULL);
}

/* Everything into tiles and a fresh write-ahead file, so that the next start has nothing to take in.  What fails here, the next start
 * does. */
static void settle(struct ll_journal *j)
{
    struct ll_err err;
    char spare[LL_PATH];

    if (ll_wal_bytes(j->wal) == 0 || ll_path(spare, &err, "%s/wal/spare", j->o.dir) < 0)
        return;
    j->scrub =
        true; /* no recycled file is left behind: what lies in a closed journal has a meaning, to the byte */
    unlink(spare);
    if (ll_journal_rotate(j, &err) < 0 || ll_journal_publish_once(j, &err) < 0)
        ll_log(LL_WARN, "journal", "%s", err.en);
}

static void free_chunks(struct ll_chunk *c)
{
    for (struct ll_chunk *next; c; c = next) {
        next = c->next;
        ll_chunk_free(c);
    }
}

struct ll_journal *ll_journal_close(struct ll_journal *j)
{
    if (!j)
        return NULL;
    LL_CHECK(j, LL_JOURNAL_MAGIC);
    stop_threads(j);
    if (j->sequencing && !j->broken)
        settle(j);
    ll_wal_close(j->wal);
    ll_tiler_close(j->tiler);
    free_chunks(j->first);
    free_chunks(j->reserve);
    for (struct ll_old_wal *old = j->old, *next; old; old = next) {
        next = old->next;
        free(old);
    }
    ll_buf_free(&j->newest.line);
    ll_fs_unlock(j->lock_fd);
    destroy_sync(j);
    j->magic = 0;
    free(j);
    return NULL;
}

void ll_journal_status(struct ll_journal *j, struct ll_journal_status *ret)
{
    LL_CHECK(j, LL_JOURNAL_MAGIC);
    pthread_mutex_lock(&j->lock);
    *ret = (struct ll_journal_status){j->size, j->published, j->groups, j->pending, j->published_ms};
    pthread_mutex_unlock(&j->lock);
}

const char *ll_journal_origin(const struct ll_journal *j)
{
    return j->o.log->name;
}

/* Waits until entry `index` is in a published tree; *ret is that tree's size. */
static int await_entry(struct ll_journal *j, uint64_t index, uint64_t *ret, struct ll_err *err)
{
    struct ll_journal_status s;
    int rc = LL_OK;

    ll_journal_status(j, &s);
    if (index >= s.size)
        return ll_fail(err, LL_NOTFOUND, "日志只有 %" PRIu64 " 条，没有第 %" PRIu64 " 条",
                       "the journal has %" PRIu64 " entries, no entry %" PRIu64, s.size, index);
    if (index >= s.published && (rc = ll_journal_await(j, index + 1, err)) == LL_OK)
        ll_journal_status(j, &s);
    *ret = s.published;
    return rc;
}

int ll_journal_entry(struct ll_journal *j, uint64_t index, struct ll_buf *entry, struct ll_buf *payload,
                     struct ll_err *err)
{
    struct ll_log_files f = ll_log_folder(j->o.dir);
    uint64_t size = 0;
    int rc = await_entry(j, index, &size, err);

    if (rc == LL_OK)
        rc = ll_log_entry(&f, index, size, entry, err);
    if (rc == LL_OK && payload && (rc = ll_log_payload(&f, index, size, payload, err)) == LL_NOTFOUND)
        rc = LL_OK;
    return rc;
}

int ll_journal_browse(struct ll_journal *j, const struct ll_browse *b, uint64_t *ret_next, struct ll_err *err)
{
    struct ll_log_files f = ll_log_folder(j->o.dir);
    struct ll_journal_status s;

    ll_journal_status(j, &s);
    return ll_browse_back(&f, s.published, b, ret_next, err);
}

/* The proof of an entry under the checkpoint that stands in a file of the folder. */
static int proof_under(const struct ll_log_files *f, const char *name, uint64_t index, struct ll_buf *out,
                       struct ll_err *err)
{
    struct ll_buf note = LL_BUF_INIT(LL_NOTE_MAX);
    struct ll_note *parsed = malloc(sizeof *parsed);
    struct ll_checkpoint cp = {0};
    struct ll_proof path;
    struct ll_tree *tree = NULL;
    int rc = parsed ? f->get(f->ctx, name, LL_NOTE_MAX, &note, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = ll_note_parse(ll_buf_view(&note), parsed, err)) == LL_OK &&
        (rc = ll_checkpoint_parse(parsed->text, &cp, err)) == LL_OK && index >= cp.size)
        rc = ll_fail(err, LL_BUSY, "第 %" PRIu64 " 条还没有公布（已公布 %" PRIu64 " 条），请稍后再试",
                     "entry %" PRIu64 " is not published yet (%" PRIu64 " are); try again in a moment", index,
                     cp.size);
    if (rc == LL_OK && (rc = ll_tree_open(f, LL_SHA256, cp.size, &tree, err)) == LL_OK) {
        struct ll_node_source src = ll_tree_source(tree);
        rc = ll_prove_inclusion(&src, index, cp.size, &path, err);
    }
    if (rc == LL_OK)
        ll_tlogproof_put(index, &path, ll_buf_view(&note), out);
    ll_tree_close(tree);
    free(parsed);
    ll_buf_free(&note);
    return rc == LL_OK && out->failed ? ll_no_memory(err) : rc;
}

int ll_journal_proof(struct ll_journal *j, uint64_t index, struct ll_buf *out, struct ll_err *err)
{
    struct ll_log_files f = ll_log_folder(j->o.dir);
    uint64_t size = 0;
    int rc = await_entry(j, index, &size, err);

    return rc < 0 ? rc : proof_under(&f, "checkpoint", index, out, err);
}

int ll_log_proof(const char *dir, uint64_t index, struct ll_buf *out, struct ll_err *err)
{
    struct ll_log_files f = ll_log_folder(dir);

    return proof_under(&f, "checkpoint", index, out, err);
}

int ll_journal_peek(const char *dir, struct ll_buf *note, uint64_t *ret_size, struct ll_err *err)
{
    struct ll_log_files f = ll_log_folder(dir);
    struct ll_note *parsed = malloc(sizeof *parsed);
    struct ll_checkpoint cp = {0};
    size_t from = note->n;
    int rc = parsed ? f.get(f.ctx, "latest", LL_NOTE_MAX, note, err) : ll_no_memory(err);

    if (rc == LL_NOTFOUND)
        rc = ll_fail(err, LL_NOTFOUND, "%s 中没有日志", "%s holds no journal", dir);
    if (rc == LL_OK &&
        (rc = ll_note_parse((struct ll_str){note->p + from, note->n - from}, parsed, err)) == LL_OK)
        rc = ll_checkpoint_parse(parsed->text, &cp, err);
    *ret_size = cp.size;
    free(parsed);
    return rc;
}

int ll_journal_file(struct ll_journal *j, struct ll_str path, struct ll_buf *out, const char **ret_type,
                    bool *ret_fixed, struct ll_err *err)
{
    struct ll_log_files f = ll_log_folder(j->o.dir);
    struct ll_str inner = path;
    struct ll_tile tile = {0};
    char name[LL_TILE_PATH + 8];
    bool shadow = ll_str_starts(path, LL_STR("sm3/")), policy = ll_str_is(path, "policy");

    LL_CHECK(j, LL_JOURNAL_MAGIC);
    if (shadow)
        inner = (struct ll_str){path.p + 4, path.n - 4};
    *ret_fixed = !policy && !ll_str_is(inner, "checkpoint");
    *ret_type = *ret_fixed ? "application/octet-stream" : "text/plain; charset=utf-8";
    if (path.n >= sizeof name ||
        (*ret_fixed && (!ll_tile_parse(inner, &tile) || tile.level == LL_TILE_PAYLOAD ||
                        (shadow && tile.level == LL_TILE_ENTRIES))))
        return ll_fail(err, LL_NOTFOUND, "日志没有这个文件", "the journal has no such file");
    if (*ret_fixed)
        return ll_tile_read(&f, shadow ? LL_SM3 : LL_SHA256, &tile, out, err);
    snprintf(name, sizeof name, "%.*s", LL_STR_ARG(path));
    return f.get(f.ctx, name, policy ? LL_POLICY_MAX : LL_NOTE_MAX, out, err);
}

/* The entry that says what was erased and why, and at the same time the one that ends the write-ahead file. */
static int log_erasure(struct ll_journal *j, uint64_t index, struct ll_str reason, struct ll_receipt *ret,
                       struct ll_err *err)
{
    struct ll_buf plain = LL_BUF_INIT(LL_ENTRY_MAX), canon = LL_BUF_INIT(LL_ENTRY_MAX);
    int rc;

    ll_buf_printf(&plain, "{\"index\":%" PRIu64 ",\"reason\":", index);
    ll_buf_json(&plain, reason);
    ll_buf_c(&plain, '}');
    rc = ll_canon_put(ll_buf_view(&plain), &canon, err);
    if (rc == LL_OK)
        rc = ll_journal_append(j, LL_ENTRY_ERASURE, ll_buf_view(&canon), ret, err);
    ll_buf_free(&plain);
    ll_buf_free(&canon);
    return rc;
}

static void forget_payload(struct ll_journal *j, uint64_t index)
{
    pthread_mutex_lock(&j->lock);
    for (struct ll_chunk *c = j->first; c; c = c->next)
        if (c->n == index / LL_TILE_WIDTH && index % LL_TILE_WIDTH < c->count) {
            struct ll_record *r = c->record[index % LL_TILE_WIDTH];
            if (r->sealed_n != LL_ERASED) {
                j->pending -= r->sealed_n < j->pending ? r->sealed_n : j->pending;
                memset(r->bytes + r->entry_n, 0, r->sealed_n);
                r->sealed_n = LL_ERASED;
            }
        }
    pthread_mutex_unlock(&j->lock);
}

static void set_scrub(struct ll_journal *j, bool on)
{
    pthread_mutex_lock(&j->lock);
    j->scrub = on;
    pthread_mutex_unlock(&j->lock);
}

/* Once no write-ahead file has the payload any more, the bundle is the last place. */
static int erase_bundle(struct ll_journal *j, uint64_t index, struct ll_err *err)
{
    struct ll_journal_status s;
    int rc;

    pthread_mutex_lock(&j->lock);
    bool gone = j->wal_first > index && !j->old;
    pthread_mutex_unlock(&j->lock);
    if (!gone)
        return ll_fail(err, LL_IO, "预写文件尚未清除，内容未删除；请稍后再试",
                       "the write-ahead file could not be removed, so the payload is still there; try again");
    pthread_mutex_lock(&j->tiles);
    forget_payload(j, index);
    ll_journal_status(j, &s);
    rc = ll_tiler_erase(j->tiler, index, s.published, err);
    pthread_mutex_unlock(&j->tiles);
    return rc;
}

int ll_journal_erase(struct ll_journal *j, uint64_t index, struct ll_str reason, struct ll_receipt *ret,
                     struct ll_err *err)
{
    struct ll_buf entry = LL_BUF_INIT(LL_ENTRY_MAX);
    struct ll_entry e;
    int rc = ll_journal_entry(j, index, &entry, NULL, err);

    if (rc == LL_OK && (rc = ll_entry_parse(ll_buf_view(&entry), &e, err)) == LL_OK &&
        !ll_entry_type_sealed(e.type))
        rc = ll_fail(err, LL_INVALID, "第 %" PRIu64 " 条的内容就在条目里，不能删除",
                     "the payload of entry %" PRIu64 " is the entry itself and cannot be erased", index);
    ll_buf_free(&entry);
    if (rc < 0)
        return rc;
    set_scrub(j, true);
    if ((rc = log_erasure(j, index, reason, ret, err)) == LL_OK &&
        (rc = ll_journal_publish_once(j, err)) == LL_OK)
        rc = erase_bundle(j, index, err);
    set_scrub(j, false);
    return rc;
}
