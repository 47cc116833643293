/* publish.c - the publisher: tiles, bundles and checkpoints follow what the sequencer made durable.
 *
 * A checkpoint is put in place after every file that it covers.  Write-ahead files go when what they hold is in tiles and synced. */
#include "journal/journal_impl.h"

#include "base/clock.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int ll_signed_make(const struct ll_journal *j, const struct ll_wal_state *state, struct ll_signed *ret,
                   struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(4096);
    int rc;

    ret->state = *state;
    ll_buf_clear(&ret->line);
    ll_checkpoint_put(j->o.log->name, state->size, &state->root[0], &text);
    rc = text.failed ? ll_no_memory(err) : ll_note_sign(j->o.log, ll_buf_view(&text), 0, &ret->line, err);
    ll_buf_free(&text);
    return rc == LL_OK && ret->line.failed ? ll_no_memory(err) : rc;
}

/* What a publication works on: `newest` as it was when it began. */
static int snapshot(struct ll_journal *j, struct ll_signed *ret, struct ll_err *err)
{
    pthread_mutex_lock(&j->lock);
    ret->state = j->newest.state;
    ll_buf_str(&ret->line, ll_buf_view(&j->newest.line));
    pthread_mutex_unlock(&j->lock);
    return ret->line.failed ? ll_no_memory(err) : LL_OK;
}

static void forget_first(struct ll_journal *j)
{
    struct ll_chunk *c;
    uint64_t bytes = 0;

    pthread_mutex_lock(&j->lock);
    c = j->first;
    for (unsigned i = 0; i < c->count; i++)
        bytes += c->record[i]->entry_n + (c->record[i]->sealed_n == LL_ERASED ? 0 : c->record[i]->sealed_n);
    bool full = j->pending > j->o.pending_max;
    j->pending -= bytes < j->pending ? bytes : j->pending;
    if (full && j->pending <= j->o.pending_max)
        pthread_cond_broadcast(&j->room);
    j->first = c->next;
    if (!j->first)
        j->last = NULL;
    pthread_mutex_unlock(&j->lock);
    ll_chunk_free(c);
}

static struct ll_chunk *first_chunk(struct ll_journal *j)
{
    pthread_mutex_lock(&j->lock);
    struct ll_chunk *c = j->first;
    pthread_mutex_unlock(&j->lock);
    return c;
}

int ll_journal_write_tiles(struct ll_journal *j, uint64_t size, struct ll_err *err)
{
    struct ll_chunk *c;
    int rc = LL_OK;

    while (rc == LL_OK && (c = first_chunk(j)) != NULL && c->n < size / LL_TILE_WIDTH)
        if ((rc = ll_tiler_full(j->tiler, c, err)) == LL_OK)
            forget_first(j);
    return rc < 0 ? rc : ll_tiler_partial(j->tiler, c, size, err);
}

/* The checkpoint of one tree with its signatures. */
static int put_note(const struct ll_journal *j, unsigned tree, const struct ll_signed *s, struct ll_buf *out,
                    struct ll_err *err)
{
    const struct ll_vkey *sm2 = tree ? &j->shadow : j->o.sm2;
    int rc = LL_OK;

    ll_checkpoint_put(tree ? j->shadow.name : j->o.log->name, s->state.size, &s->state.root[tree], out);
    struct ll_str text = ll_buf_view(out);
    struct ll_buf lines = LL_BUF_INIT(4096);
    if (!tree)
        ll_buf_str(&lines, ll_buf_view(&s->line));
    if (sm2)
        rc = ll_note_sign(sm2, text, 0, &lines, err);
    ll_buf_c(out, '\n');
    ll_buf_str(out, ll_buf_view(&lines));
    out->failed |= lines.failed;
    ll_buf_free(&lines);
    return rc == LL_OK && out->failed ? ll_no_memory(err) : rc;
}

static int write_checkpoints(struct ll_journal *j, const struct ll_signed *s, struct ll_err *err)
{
    struct ll_buf note = LL_BUF_INIT(LL_NOTE_MAX);
    int rc = LL_OK;

    if (j->o.sm2 && (rc = put_note(j, 1, s, &note, err)) == LL_OK)
        rc = ll_log_write(j->o.dir, "sm3/checkpoint", ll_buf_view(&note), err);
    ll_buf_clear(&note);
    if (rc == LL_OK && (rc = put_note(j, 0, s, &note, err)) == LL_OK)
        rc = ll_log_write(j->o.dir, "latest", ll_buf_view(&note), err);
    if (rc == LL_OK && !j->o.witnesses)
        rc = ll_log_write(j->o.dir, "checkpoint", ll_buf_view(&note), err);
    ll_buf_free(&note);
    return rc;
}

/* The oldest write-ahead file that is in the tiles up to `size`, taken off the list; NULL when there is none. */
static struct ll_old_wal *take_old(struct ll_journal *j, uint64_t size, bool *scrub)
{
    struct ll_old_wal *old;

    pthread_mutex_lock(&j->lock);
    old = j->old;
    if (old && old->end > size)
        old = NULL;
    if (old)
        j->old = old->next;
    *scrub = j->scrub;
    pthread_mutex_unlock(&j->lock);
    return old;
}

static bool has_old(struct ll_journal *j, uint64_t size)
{
    pthread_mutex_lock(&j->lock);
    bool any = j->old && j->old->end <= size;
    pthread_mutex_unlock(&j->lock);
    return any;
}

static int cut(struct ll_journal *j, uint64_t size, struct ll_err *err)
{
    struct ll_old_wal *old;
    char spare[LL_PATH];
    bool scrub = false;
    int rc;

    if (!has_old(j, size) && !ll_tiler_sync_due(j->tiler))
        return LL_OK;
    if ((rc = ll_path(spare, err, "%s/wal/spare", j->o.dir)) < 0 || (rc = ll_tiler_sync(j->tiler, err)) < 0)
        return rc;
    while ((old = take_old(j, size, &scrub)) != NULL) {
        if (scrub || ll_fs_exists(spare))
            unlink(old->path);
        else if (rename(old->path, spare) < 0)
            ll_log(LL_WARN, "journal", "cannot recycle %s", old->path);
        free(old);
    }
    if (scrub)
        unlink(spare);
    return LL_OK;
}

static int publish_locked(struct ll_journal *j, struct ll_signed *s, struct ll_err *err)
{
    int rc = snapshot(j, s, err);

    if (rc == LL_OK && (rc = ll_journal_write_tiles(j, s->state.size, err)) == LL_OK &&
        (rc = write_checkpoints(j, s, err)) == LL_OK)
        rc = cut(j, s->state.size, err);
    return rc;
}

int ll_journal_publish_once(struct ll_journal *j, struct ll_err *err)
{
    struct ll_signed s = {.line = LL_BUF_INIT(4096)};
    int rc;

    pthread_mutex_lock(&j->tiles);
    rc = publish_locked(j, &s, err);
    pthread_mutex_unlock(&j->tiles);
    pthread_mutex_lock(&j->lock);
    if (rc == LL_OK) {
        j->published = s.state.size;
        j->published_ms = ll_now_ms();
    } else if (err) {
        j->publish_err = *err;
    }
    j->publish_rc = rc;
    j->rounds++;
    pthread_cond_broadcast(&j->published_now);
    if (rc < 0)
        pthread_cond_broadcast(&j->room); /* who waits for tiles is refused */
    pthread_mutex_unlock(&j->lock);
    ll_buf_free(&s.line);
    return rc;
}

int ll_journal_await(struct ll_journal *j, uint64_t size, struct ll_err *err)
{
    int rc = LL_OK;

    pthread_mutex_lock(&j->lock);
    uint64_t asked = j->rounds;
    while (j->published < size && rc == LL_OK && !j->stop) {
        j->wanted = size > j->wanted ? size : j->wanted;
        pthread_cond_signal(&j->publish);
        pthread_cond_wait(&j->published_now, &j->lock);
        if (j->publish_rc < 0 && j->rounds > asked + 1) {
            rc = j->publish_rc;
            if (err)
                *err = j->publish_err;
        }
    }
    if (rc == LL_OK && j->published < size)
        rc = ll_fail(err, LL_BUSY, "日志正在关闭", "the journal is closing");
    pthread_mutex_unlock(&j->lock);
    return rc;
}

int ll_journal_publish(struct ll_journal *j, struct ll_err *err)
{
    LL_CHECK(j, LL_JOURNAL_MAGIC);
    pthread_mutex_lock(&j->lock);
    uint64_t size = j->size;
    pthread_mutex_unlock(&j->lock);
    return ll_journal_await(j, size, err);
}

static struct timespec after_ms(unsigned ms)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    int64_t ns = t.tv_nsec + (int64_t)ms * 1000000;
    t.tv_sec += ns / 1000000000;
    t.tv_nsec = ns % 1000000000;
    return t;
}

/* Sleeps until there is something to publish, and then a while longer for what comes with it, unless somebody waits for it.  False at
 * the end. */
static bool next_round(struct ll_journal *j, bool failed)
{
    pthread_mutex_lock(&j->lock);
    while (!j->stop && j->size == j->published) {
        j->publisher_idle = true;
        pthread_cond_wait(&j->publish, &j->lock);
    }
    j->publisher_idle = false;
    struct timespec until = after_ms(j->o.publish_ms);
    while (!j->stop && (failed || j->wanted <= j->published) &&
           pthread_cond_timedwait(&j->publish, &j->lock, &until) == 0)
        ;
    bool go_on = !j->stop;
    pthread_mutex_unlock(&j->lock);
    return go_on;
}

void *ll_publisher_run(void *ctx)
{
    struct ll_journal *j = ctx;
    struct ll_err err = {0};
    bool failed = false;

    while (next_round(j, failed)) {
        int rc = ll_journal_publish_once(j, &err);
        if (rc < 0 && !failed)
            ll_log(LL_ERROR, "journal", "%s", err.en);
        failed = rc < 0;
    }
    return NULL;
}
