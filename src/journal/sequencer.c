/* sequencer.c - one thread that makes entries durable, a group at a time.
 *
 * Whoever calls while a group is being written waits for the next one, so that the number of callers, not the time of a sync, sets the
 * size of a group.  Callers hash their own entries; what is left here is one tree node an entry, the write and the signature.
 *
 * They sleep on the word of their group rather than on a condition variable: one system call wakes them all, and none of them has
 * to take a lock again on its way out. */
#include "journal/journal_impl.h"

#include "base/clock.h"
#include "base/log.h"

#include <linux/futex.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { QUEUE_MAX = 32 << 20, GATHER_TURNS = 2 };

static void futex_wait(_Atomic uint32_t *word, uint32_t seen)
{
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}

static void futex_wake_all(_Atomic uint32_t *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL, NULL, 0);
}

/* Whether callers have to wait: for the group writer, or for tiles that are being written.  When those fail nobody waits for them. */
static bool full(const struct ll_journal *j)
{
    return j->queued_bytes > QUEUE_MAX || (j->pending > j->o.pending_max && j->publish_rc == LL_OK);
}

static void wait_for_room(struct ll_journal *j)
{
    while (full(j) && !j->stop) {
        j->wanted = j->size;
        pthread_cond_signal(&j->publish);
        pthread_cond_wait(&j->room, &j->lock);
    }
}

/* Puts a request into the next group; *gen is that group's number. */
static int enqueue(struct ll_journal *j, struct ll_request *r, uint32_t *gen)
{
    int rc = LL_OK;

    pthread_mutex_lock(&j->lock);
    wait_for_room(j);
    if (j->stop)
        rc = ll_fail(r->err, LL_BUSY, "日志正在关闭", "the journal is closing");
    else if (j->broken)
        rc = ll_fail(r->err, LL_IO, "日志曾落盘失败，须重新启动才能继续记录",
                     "the journal failed to sync or to sign, and takes nothing more until the next start");
    else if (j->pending > j->o.pending_max)
        rc = ll_fail(r->err, LL_IO, "日志的瓦片写不出去：%s%.0s",
                     "the journal's tiles cannot be written: %.0s%s", j->publish_err.zh, j->publish_err.en);
    if (rc == LL_OK) {
        if (j->tail)
            j->tail->next = r;
        else
            j->head = r;
        j->tail = r;
        j->queued += r->n;
        j->queued_bytes += r->bytes;
        *gen = j->gen;
        if (j->idle)
            pthread_cond_signal(&j->work);
    }
    pthread_mutex_unlock(&j->lock);
    return rc;
}

static int wait_durable(struct ll_journal *j, struct ll_request *r)
{
    uint32_t gen = 0;
    int rc = enqueue(j, r, &gen);

    if (rc < 0)
        return rc;
    _Atomic uint32_t *word = &j->done[gen & 1];
    for (uint32_t seen; (int32_t)((seen = atomic_load(word)) - gen) < 0;)
        futex_wait(word, seen);
    return r->rc;
}

/* Makes record and leaf of each payload; the records are the request's to free until they are taken over. */
static int prepare(struct ll_request *r, enum ll_entry_type type, const struct ll_str *payloads,
                   struct ll_err *err)
{
    struct ll_buf entry = LL_BUF_INIT(LL_ENTRY_MAX + 1024), sealed = LL_BUF_INIT(LL_SEALED_MAX + 1);
    int64_t now = ll_now_ms();
    int rc = LL_OK;

    for (size_t i = 0; i < r->n && rc == LL_OK; i++) {
        ll_buf_clear(&entry);
        ll_buf_clear(&sealed);
        if ((rc = ll_entry_make(type, payloads[i], now, &entry, &sealed, err)) < 0)
            break;
        r->record[i] = ll_record_new(ll_buf_view(&entry), ll_buf_view(&sealed));
        if (!r->record[i]) {
            rc = ll_no_memory(err);
            break;
        }
        ll_merkle_leaf(LL_SHA256, ll_buf_view(&entry), &r->leaf[i][0]);
        ll_merkle_leaf(LL_SM3, ll_buf_view(&entry), &r->leaf[i][1]);
        r->bytes += entry.n + sealed.n;
    }
    ll_buf_free(&entry);
    ll_buf_free(&sealed);
    return rc;
}

static void answer(const struct ll_request *r, struct ll_receipt *ret)
{
    for (size_t i = 0; i < r->n; i++) {
        ret[i].index = r->first + i;
        ret[i].tree_size = r->tree_size;
        memcpy(ret[i].leaf, r->leaf[i][0].b, sizeof ret[i].leaf);
    }
}

static int append(struct ll_journal *j, struct ll_request *r, enum ll_entry_type type,
                  const struct ll_str *payloads, struct ll_receipt *ret, struct ll_err *err)
{
    int rc = prepare(r, type, payloads, err);

    if (rc == LL_OK && (rc = wait_durable(j, r)) == LL_OK) {
        answer(r, ret);
        return LL_OK;
    }
    for (size_t i = 0; i < r->n; i++)
        free(r->record[i]);
    return rc;
}

int ll_journal_append(struct ll_journal *j, enum ll_entry_type type, struct ll_str payload,
                      struct ll_receipt *ret, struct ll_err *err)
{
    struct ll_record *record = NULL;
    struct ll_node leaf[1][LL_WAL_TREES];
    struct ll_request r = {.n = 1, .record = &record, .leaf = leaf, .err = err};

    LL_CHECK(j, LL_JOURNAL_MAGIC);
    return append(j, &r, type, &payload, ret, err);
}

int ll_journal_append_all(struct ll_journal *j, enum ll_entry_type type, const struct ll_str *payloads,
                          size_t n, struct ll_receipt *ret, struct ll_err *err)
{
    struct ll_request r = {.n = n, .err = err};
    int rc;

    LL_CHECK(j, LL_JOURNAL_MAGIC);
    if (n == 0)
        return LL_OK;
    r.record = calloc(n, sizeof(struct ll_record *));
    r.leaf = calloc(n, sizeof *r.leaf);
    rc = r.record && r.leaf ? append(j, &r, type, payloads, ret, err) : ll_no_memory(err);
    free(r.record);
    free(r.leaf);
    return rc;
}

/* A request that nobody sleeps on. */
struct later {
    struct ll_request r; /* first */
    struct ll_record *record;
    struct ll_node leaf[1][LL_WAL_TREES];
    struct ll_err err;
    ll_durable_fn *done;
    void *ctx;
};

static void later_end(struct ll_request *r)
{
    struct later *l = (struct later *)r;
    struct ll_receipt receipt;

    if (r->rc == LL_OK)
        answer(r, &receipt);
    else
        free(l->record);
    l->done(l->ctx, r->rc, r->rc == LL_OK ? &receipt : NULL, &l->err);
    free(l);
}

int ll_journal_append_later(struct ll_journal *j, enum ll_entry_type type, struct ll_str payload,
                            ll_durable_fn *done, void *ctx, struct ll_err *err)
{
    struct later *l = calloc(1, sizeof *l);
    uint32_t gen;
    int rc;

    LL_CHECK(j, LL_JOURNAL_MAGIC);
    if (!l)
        return ll_no_memory(err);
    l->r = (struct ll_request){.n = 1, .record = &l->record, .leaf = l->leaf, .later = later_end};
    l->done = done;
    l->ctx = ctx;
    rc = prepare(&l->r, type, &payload, err);
    l->r.err = &l->err; /* the caller's may be gone by then */
    if (rc == LL_OK && (rc = enqueue(j, &l->r, &gen)) < 0 && err)
        *err = l->err;
    if (rc < 0) {
        free(l->record);
        free(l);
    }
    return rc;
}

/* The group's entries go into the write-ahead file and into copies of the edges. */
static int write_group(struct ll_journal *j, const struct ll_request *group, size_t n,
                       struct ll_edge edge[LL_WAL_TREES], struct ll_signed *ret, struct ll_err *err)
{
    struct ll_wal_state *state = &ret->state;
    bool broken = false;
    int rc = ll_journal_reserve(j, n, err);

    if (rc < 0)
        return rc;
    ll_wal_begin(j->wal);
    for (const struct ll_request *r = group; r; r = r->next)
        for (size_t i = 0; i < r->n; i++) {
            const struct ll_record *record = r->record[i];
            ll_wal_add(j->wal, (struct ll_str){record->bytes, record->entry_n},
                       (struct ll_str){record->bytes + record->entry_n, record->sealed_n});
            for (unsigned tree = 0; tree < LL_WAL_TREES; tree++)
                ll_edge_add(&edge[tree], &r->leaf[i][tree]);
        }
    state->size = edge[0].size;
    for (unsigned tree = 0; tree < LL_WAL_TREES; tree++)
        ll_edge_root(&edge[tree], &state->root[tree]);
    rc = ll_wal_commit(j->wal, state, &broken, err);
    if (rc == LL_OK) {
        rc = ll_signed_make(j, state, ret, err);
        broken = rc <
                 0; /* the file has a group that nobody was told of: only the next start can take it in */
    }
    if (broken) {
        pthread_mutex_lock(&j->lock);
        j->broken = true;
        pthread_mutex_unlock(&j->lock);
    }
    return rc;
}

/* The group is durable and signed: it is the journal's newest state. */
static void take_over(struct ll_journal *j, struct ll_request *group, const struct ll_edge edge[LL_WAL_TREES],
                      struct ll_signed *made)
{
    uint64_t index = j->edge[0].size;

    memcpy(j->edge, edge, sizeof j->edge);
    pthread_mutex_lock(&j->lock);
    for (struct ll_request *r = group; r; r = r->next) {
        r->first = index;
        r->tree_size = made->state.size;
        index += r->n;
        for (size_t i = 0; i < r->n; i++)
            ll_journal_keep(j, r->record[i], r->leaf[i]);
    }
    struct ll_buf swap = j->newest.line;
    j->newest = *made;
    made->line = swap;
    j->size = j->newest.state.size;
    j->groups++;
    if (j->publisher_idle)
        pthread_cond_signal(&j->publish);
    pthread_mutex_unlock(&j->lock);
}

static bool rotation_due(struct ll_journal *j)
{
    pthread_mutex_lock(&j->lock);
    bool scrub = j->scrub;
    pthread_mutex_unlock(&j->lock);
    return scrub || ll_wal_bytes(j->wal) > j->o.wal_max;
}

static int commit(struct ll_journal *j, struct ll_request *group, size_t n, struct ll_signed *made,
                  struct ll_err *err)
{
    struct ll_edge edge[LL_WAL_TREES];
    struct ll_err left;
    int rc;

    memcpy(edge, j->edge, sizeof edge);
    if ((rc = write_group(j, group, n, edge, made, err)) < 0)
        return rc;
    take_over(j, group, edge, made);
    /* A new file that cannot be made is no reason to stop: the present one goes on. */
    if (rotation_due(j) && ll_journal_rotate(j, &left) < 0)
        ll_log(LL_WARN, "journal", "%s", left.en);
    return LL_OK;
}

static void finish(struct ll_journal *j, struct ll_request *group, uint32_t gen, int rc,
                   const struct ll_err *err)
{
    struct ll_request *later = NULL, **tail = &later;

    for (struct ll_request *next; group; group = next) {
        next = group->next; /* once its word is set a request that somebody sleeps on is gone */
        group->rc = rc;
        if (rc < 0 && group->err)
            *group->err = *err;
        if (group->later) {
            group->next = NULL;
            *tail = group;
            tail = &group->next;
        }
    }
    atomic_store(&j->done[gen & 1], gen);
    futex_wake_all(&j->done[gen & 1]);
    for (struct ll_request *next; later; later = next) {
        next = later->next;
        later->later(later);
    }
}

/* Those who were just woken are about to call again: a few turns for them make one full group of what would be two halves. */
static void gather(struct ll_journal *j)
{
    size_t seen = 0;

    for (unsigned i = 0; i < GATHER_TURNS; i++) {
        pthread_mutex_lock(&j->lock);
        size_t now = j->queued;
        pthread_mutex_unlock(&j->lock);
        if (now >= j->last_group || (now == seen && i > 2))
            return;
        seen = now;
        sched_yield();
    }
}

static struct ll_request *take_group(struct ll_journal *j, size_t *n, uint32_t *gen)
{
    struct ll_request *group;

    pthread_mutex_lock(&j->lock);
    while (!j->head && !j->stop) {
        j->idle = true;
        pthread_cond_wait(&j->work, &j->lock);
    }
    j->idle = false;
    pthread_mutex_unlock(&j->lock);
    if (j->last_group > 1)
        gather(j);
    pthread_mutex_lock(&j->lock);
    group = j->head;
    *n = j->queued;
    *gen = j->gen++;
    j->head = j->tail = NULL;
    j->queued = j->queued_bytes = 0;
    pthread_cond_broadcast(&j->room);
    pthread_mutex_unlock(&j->lock);
    return group;
}

void *ll_sequencer_run(void *ctx)
{
    struct ll_journal *j = ctx;
    struct ll_signed made = {.line = LL_BUF_INIT(4096)};
    struct ll_request *group;
    struct ll_err err;
    uint32_t gen = 0;
    size_t n = 0;

    while ((group = take_group(j, &n, &gen)) != NULL) {
        int rc = commit(j, group, n, &made, &err);
        if (rc < 0)
            ll_log(LL_ERROR, "journal", "%s", err.en);
        j->last_group = n;
        finish(j, group, gen, rc, &err);
    }
    ll_buf_free(&made.line);
    return NULL;
}
