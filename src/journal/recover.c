/* recover.c - start: what the write-ahead files have is taken in again, and everything is compared before anything new is signed.
 *
 * (1) The oldest write-ahead file says where the tree stood when it began; the tiles must lead to its roots.
 * (2) Each group's entries are hashed again and must lead to the group's roots; each file goes on where the one before it ended.
 * (3) A checkpoint in the folder that is signed by us and says more than we have means that something is lost: we do not start.
 * (4) The new write-ahead file is there before the old ones go. */
#include "journal/journal_impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 20 };

int ll_wal_name(const struct ll_journal *j, uint64_t first, char out[LL_PATH], struct ll_err *err)
{
    return ll_path(out, err, "%s/wal/%0*" PRIu64, j->o.dir, NAME, first);
}

int ll_journal_reserve(struct ll_journal *j, size_t n, struct ll_err *err)
{
    for (size_t want = n / LL_TILE_WIDTH + 2; j->reserved < want; j->reserved++) {
        struct ll_chunk *c = ll_chunk_new(0);
        if (!c)
            return ll_no_memory(err);
        c->next = j->reserve;
        j->reserve = c;
    }
    return LL_OK;
}

void ll_journal_keep(struct ll_journal *j, struct ll_record *record, const struct ll_node leaf[LL_WAL_TREES])
{
    struct ll_chunk *c = j->last;

    if (!c || c->count == LL_TILE_WIDTH) {
        struct ll_chunk *next = j->reserve;
        LL_ASSERT(next);
        j->reserve = next->next;
        j->reserved--;
        next->next = NULL;
        next->n = j->size / LL_TILE_WIDTH;
        if (c)
            c->next = next;
        else
            j->first = next;
        j->last = c = next;
    }
    for (unsigned tree = 0; tree < LL_WAL_TREES; tree++)
        c->leaf[tree][c->count] = leaf[tree];
    c->record[c->count++] = record;
    j->pending += record->entry_n + (record->sealed_n == LL_ERASED ? 0 : record->sealed_n);
    j->size++;
}

static void push_old(struct ll_journal *j, struct ll_old_wal *old)
{
    struct ll_old_wal **at = &j->old;

    while (*at)
        at = &(*at)->next;
    *at = old;
}

static int new_old(const char *path, uint64_t end, struct ll_old_wal **ret, struct ll_err *err)
{
    struct ll_old_wal *old = calloc(1, sizeof *old);

    if (!old)
        return ll_no_memory(err);
    snprintf(old->path, sizeof old->path, "%s", path);
    old->end = end;
    *ret = old;
    return LL_OK;
}

static int create_wal(struct ll_journal *j, struct ll_wal **ret, struct ll_err *err)
{
    char path[LL_PATH], spare[LL_PATH];
    int rc;

    if ((rc = ll_wal_name(j, j->newest.state.size, path, err)) < 0 ||
        (rc = ll_path(spare, err, "%s/wal/spare", j->o.dir)) < 0)
        return rc;
    return ll_wal_create(path, spare, &j->newest.state, ret, err);
}

int ll_journal_rotate(struct ll_journal *j, struct ll_err *err)
{
    struct ll_old_wal *old = NULL;
    struct ll_wal *next = NULL;
    int rc = new_old(ll_wal_path(j->wal), j->newest.state.size, &old, err);

    if (rc == LL_OK && (rc = create_wal(j, &next, err)) < 0)
        free(old);
    if (rc < 0)
        return rc;
    ll_wal_close(j->wal);
    j->wal = next;
    pthread_mutex_lock(&j->lock);
    push_old(j, old);
    j->wal_first = j->newest.state.size;
    pthread_mutex_unlock(&j->lock);
    return LL_OK;
}

static int take_entry(struct ll_journal *j, struct ll_str entry, struct ll_str sealed, struct ll_err *err)
{
    struct ll_node leaf[LL_WAL_TREES];
    struct ll_record *record;
    int rc = ll_journal_reserve(j, 1, err);

    if (rc < 0)
        return rc;
    if (!(record = ll_record_new(entry, sealed)))
        return ll_no_memory(err);
    for (unsigned tree = 0; tree < LL_WAL_TREES; tree++) {
        ll_merkle_leaf(j->edge[tree].alg, entry, &leaf[tree]);
        ll_edge_add(&j->edge[tree], &leaf[tree]);
    }
    ll_journal_keep(j, record, leaf);
    return LL_OK;
}

/* Does the tree, as it is now, stand at that state? */
static bool stands_at(const struct ll_journal *j, const struct ll_wal_state *state)
{
    struct ll_node root;
    bool same = j->edge[0].size == state->size;

    for (unsigned tree = 0; tree < LL_WAL_TREES && same; tree++) {
        ll_edge_root(&j->edge[tree], &root);
        same = ll_node_eq(&root, &state->root[tree]);
    }
    return same;
}

static int take_group(struct ll_journal *j, const char *path, struct ll_wal_group *g, struct ll_err *err)
{
    struct ll_str entry, sealed;
    int rc = LL_OK;

    for (uint32_t i = 0; i < g->count && rc == LL_OK; i++)
        rc = ll_wal_entry(&g->body, &entry, &sealed) ? take_entry(j, entry, sealed, err) : LL_INVALID;
    if (rc == LL_OK && g->body.n == 0 && stands_at(j, &g->after))
        return LL_OK;
    return rc < 0 && rc != LL_INVALID
               ? rc
               : ll_fail(err, LL_INVALID, "%s 中的条目与其所记的树根不符（至第 %llu 条）",
                         "the entries in %s do not lead to the root that stands with them (up to entry %llu)",
                         path, (unsigned long long)g->after.size);
}

static int replay(struct ll_journal *j, const char *path, struct ll_err *err)
{
    struct ll_wal_reader *r = NULL;
    struct ll_wal_state start;
    struct ll_wal_group g;
    struct ll_chunk *edge_chunk = NULL;
    struct ll_old_wal *old = NULL;
    int rc = ll_wal_open(path, &r, &start, err);

    if (rc == LL_OK && !j->tiler) {
        rc = ll_tiler_open(j->o.dir, &start, j->edge, &edge_chunk, &j->tiler, err);
        if (rc == LL_OK) {
            j->first = j->last = edge_chunk;
            j->size = start.size;
        }
    }
    if (rc == LL_OK && !stands_at(j, &start))
        rc = ll_fail(
            err, LL_INVALID, "%s 始于第 %llu 条，但之前的文件止于第 %llu 条：有文件缺失或损坏",
            "%s starts at entry %llu, but what comes before it ends at %llu: a file is missing or damaged",
            path, (unsigned long long)start.size, (unsigned long long)j->edge[0].size);
    while (rc >= 0 && (rc = ll_wal_next(r, &g, err)) > 0)
        rc = take_group(j, path, &g, err);
    ll_wal_reader_close(r);
    if (rc == LL_OK && (rc = new_old(path, j->edge[0].size, &old, err)) == LL_OK)
        push_old(j, old);
    return rc;
}

struct listing {
    struct ll_journal *j;
    unsigned files;
};

static int look_at(void *ctx, const char *name, struct ll_err *err)
{
    struct listing *l = ctx;
    char path[LL_PATH];
    int rc;

    if (strlen(name) != NAME || strspn(name, "0123456789") != NAME)
        return LL_OK;
    l->files++;
    rc = ll_path(path, err, "%s/wal/%s", l->j->o.dir, name);
    return rc < 0 ? rc : replay(l->j, path, err);
}

/* A journal without a write-ahead file is a new one, or one that lost it. */
static int begin_empty(struct ll_journal *j, struct ll_err *err)
{
    static const char *const signs[] = {"latest", "checkpoint", "tile"};
    struct ll_wal_state empty = {0};
    struct ll_chunk *c = NULL;
    char path[LL_PATH];
    int rc;

    for (size_t i = 0; i < LL_COUNT(signs); i++) {
        if ((rc = ll_path(path, err, "%s/%s", j->o.dir, signs[i])) < 0)
            return rc;
        if (ll_fs_exists(path))
            return ll_fail(err, LL_INVALID, "%s 中有日志，但 wal/ 下没有预写文件",
                           "%s holds a journal, but there is no write-ahead file under wal/", j->o.dir);
    }
    ll_digest(LL_SHA256, NULL, 0, empty.root[0].b);
    ll_digest(LL_SM3, NULL, 0, empty.root[1].b);
    rc = ll_tiler_open(j->o.dir, &empty, j->edge, &c, &j->tiler, err);
    if (rc == LL_OK)
        j->first = j->last = c;
    return rc;
}

/* Rule (3).  A file that is no note of ours is passed over: it is written anew in a moment. */
static int check_published(struct ll_journal *j, const char *name, struct ll_err *err)
{
    struct ll_buf note = LL_BUF_INIT(LL_NOTE_MAX);
    struct ll_note *parsed = malloc(sizeof *parsed);
    struct ll_checkpoint cp;
    struct ll_tree *tree = NULL;
    struct ll_log_files files = ll_log_folder(j->o.dir);
    struct ll_node root;
    int rc = parsed ? files.get(files.ctx, name, LL_NOTE_MAX, &note, err) : ll_no_memory(err);

    if (rc == LL_OK &&
        ll_checkpoint_open(ll_buf_view(&note), j->o.log->name, j->o.log, 1, parsed, &cp, NULL) == LL_OK) {
        if (cp.size > j->size)
            rc = ll_fail(
                err, LL_INVALID, "%s/%s 已为 %llu 条签名，但只剩 %llu 条：数据丢失或被旧副本替换",
                "%s/%s is signed over %llu entries, but only %llu are left: data was lost, or put back from an older copy",
                j->o.dir, name, (unsigned long long)cp.size, (unsigned long long)j->size);
        else if ((rc = ll_tree_open(&files, LL_SHA256, cp.size, &tree, err)) == LL_OK) {
            struct ll_node_source src = ll_tree_source(tree);
            rc = ll_source_root(&src, cp.size, &root, err);
            if (rc == LL_OK && !ll_node_eq(&root, &cp.root))
                rc = ll_fail(err, LL_INVALID, "%s/%s 的树根与前 %llu 条不符",
                             "the root in %s/%s is not that of the first %llu entries", j->o.dir, name,
                             (unsigned long long)cp.size);
        }
    }
    ll_tree_close(tree);
    free(parsed);
    ll_buf_free(&note);
    return rc == LL_NOTFOUND ? LL_OK : rc;
}

/* The file that ended without a group is replaced by the new one, which has its name. */
static void forget_replaced(struct ll_journal *j)
{
    for (struct ll_old_wal **at = &j->old; *at; at = &(*at)->next)
        if (strcmp((*at)->path, ll_wal_path(j->wal)) == 0) {
            struct ll_old_wal *gone = *at;
            *at = gone->next;
            free(gone);
            return;
        }
}

int ll_journal_recover(struct ll_journal *j, struct ll_err *err)
{
    struct listing l = {j, 0};
    char path[LL_PATH];
    int rc;

    if ((rc = ll_path(path, err, "%s/wal", j->o.dir)) < 0 || (rc = ll_fs_mkdirs(path, err)) < 0 ||
        (rc = ll_fs_each(path, look_at, &l, err)) < 0 || (l.files == 0 && (rc = begin_empty(j, err)) < 0))
        return rc;
    j->newest.state.size = j->size;
    for (unsigned tree = 0; tree < LL_WAL_TREES; tree++)
        ll_edge_root(&j->edge[tree], &j->newest.state.root[tree]);
    /* Tiles first, without a checkpoint, so that the old checkpoints can be compared with them before a new one is signed. */
    if ((rc = ll_journal_write_tiles(j, j->size, err)) < 0 || (rc = check_published(j, "latest", err)) < 0 ||
        (rc = check_published(j, "checkpoint", err)) < 0 ||
        (rc = ll_signed_make(j, &j->newest.state, &j->newest, err)) < 0 ||
        (rc = create_wal(j, &j->wal, err)) < 0)
        return rc;
    j->wal_first = j->size;
    forget_replaced(j);
    return ll_journal_publish_once(j, err);
}
