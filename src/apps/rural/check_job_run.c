/* check_job_run.c - carries a list of households out, block by block, in as many threads as there are cores (check_job.h). */
#include "apps/rural/check_job_impl.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/parallel.h"
#include "crypto/random.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_ARENA = 1 << 30, ENTRIES_MAX = 4096 };
static const int64_t HOUR_MS = 3600000;

/* A list while it is carried out. */
struct running {
    const struct ll_check_job_env *env;
    struct ll_arena *arena;
    struct ll_check_job job;
    struct ll_catalog *cat;
    struct ll_rural r;
    struct ll_actor actor;
    unsigned char addr[16];
    bool has_addr;
    atomic_size_t next; /* block */
    atomic_bool ended;  /* refused, cancelled or stopped: nothing more is asked */
    pthread_mutex_t lock;
    struct ll_check_counts counts;
    int64_t done;
    const char *condition;
    bool stopped;
};

/* What a thread works with for one block. */
struct block {
    struct running *k;
    struct ll_arena *arena;
    struct ll_buf packed, told;
    struct ll_str entries[ENTRIES_MAX];
    size_t n_entries;
};

int ll_check_job_next(struct ll_data *d, char id[LL_CHECK_JOB_ID], struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(d), false, &tx, err);

    id[0] = 0;
    if (rc == LL_OK &&
        (rc = ll_sql(tx, "SELECT id FROM rural_check WHERE state = 'queued' ORDER BY created_at, id LIMIT 1",
                     &s, err)) == LL_OK &&
        (rc = ll_step(s, err)) > 0)
        snprintf(id, LL_CHECK_JOB_ID, LL_STR_FMT, LL_STR_ARG(ll_col_text(s, 0)));
    ll_stmt_done(s);
    ll_txn_end(tx);
    if (rc <= 0)
        return rc;
    rc = ll_check_job_update(
        d,
        "UPDATE rural_check SET state = 'running', attempts = attempts + 1, changed_at = $2"
        " WHERE id = $1 AND state = 'queued'",
        id, err);
    return rc < 0 ? rc : 1;
}

/* ---- a block ---- */

static int append_entries(struct block *b, struct ll_err *err)
{
    struct ll_receipt *receipts = ll_arena_array(b->arena, b->n_entries + 1, sizeof *receipts);
    int rc = receipts ? LL_OK : ll_no_memory(err);

    if (rc == LL_OK && b->n_entries)
        rc = ll_journal_append_all(ll_journaling_journal(b->k->env->journaling), LL_ENTRY_CALL, b->entries,
                                   b->n_entries, receipts, err);
    b->n_entries = 0;
    return rc;
}

/* The refusal of a call: what came before it is durable first. */
static int append_refusal(struct block *b, struct ll_serving *sv, struct ll_err *err)
{
    struct ll_buf payload = LL_BUF_INIT(LL_ENTRY_MAX + 1);
    struct ll_receipt receipt;
    enum ll_entry_type type;
    int rc = append_entries(b, err);

    if (rc == LL_OK && (rc = ll_serving_entry(sv, &type, &payload, err)) == LL_OK)
        rc = ll_journal_append(ll_journaling_journal(b->k->env->journaling), type, ll_buf_view(&payload),
                               &receipt, err);
    ll_buf_free(&payload);
    return rc;
}

static int ask_some(struct block *b, const struct ll_check_list *l, size_t from, size_t n, struct ll_err *err)
{
    struct running *k = b->k;
    const struct ll_serving_call call = {.actor = &k->actor,
                                         .purpose = ll_str(k->job.purpose),
                                         .officer = ll_str(k->job.officer),
                                         .addr = k->has_addr ? k->addr : NULL,
                                         .mode = LL_USE_VERIFY,
                                         .keys = n,
                                         .was_signed = true};
    struct ll_checked *all = ll_arena_array(b->arena, n, sizeof *all);
    struct ll_service *reads = ll_arena_alloc(b->arena, sizeof *reads);
    struct ll_serving *sv = NULL;
    struct ll_err why;
    int rc = all && reads ? ll_check_reads(k->r.list, l->asks + from, n, b->arena, reads, err)
                          : ll_no_memory(err);

    if (rc == LL_OK && (rc = ll_serving_open_granted(k->env->g, &call, reads, b->arena, &sv, err)) == LL_OK) {
        const struct ll_check_run run = {&k->r, sv, k->actor.organisation, false};
        rc = ll_rural_check(&run, l->asks + from, n, b->arena, all, err);
    }
    if (rc == LL_OK &&
        (rc = ll_serving_entries(sv, b->arena, b->entries, ENTRIES_MAX, &b->n_entries, err)) == LL_OK)
        for (size_t i = 0; i < n; i++)
            ll_check_told_pack(&b->told, l->lines[from + i], &l->asks[from + i], &all[i]);
    if (rc < 0 && sv && ll_serving_condition(sv)) {
        pthread_mutex_lock(&k->lock);
        k->condition = ll_serving_condition(sv);
        pthread_mutex_unlock(&k->lock);
        if (append_refusal(b, sv, &why) < 0)
            ll_log(LL_WARN, "rural-check", "%s: the refusal could not be journalled: %s", k->job.id, why.en);
    }
    ll_serving_close(sv);
    return rc;
}

/* How far it is, once a block. */
static int note_progress(struct running *k, int64_t n, const struct ll_check_counts *counts,
                         struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(4096);
    struct ll_txn *tx = NULL;
    struct ll_json j;
    int rc;

    pthread_mutex_lock(&k->lock);
    k->done += n;
    ll_check_counts_add(&k->counts, counts);
    ll_json_init(&j, &text);
    ll_check_counts_put(&j, &k->counts);
    if ((rc = ll_txn_begin(ll_data_store(k->env->data), true, &tx, err)) == LL_OK &&
        (rc = ll_exec(tx, err, "UPDATE rural_check SET done = $2, counts = $3, changed_at = $4 WHERE id = $1",
                      "zisi", k->job.id, k->done, ll_buf_view(&text), ll_now_ms())) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    pthread_mutex_unlock(&k->lock);
    ll_buf_free(&text);
    return rc;
}

static int still_wanted(struct running *k, struct ll_err *err)
{
    struct ll_check_job now;
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_txn *tx = NULL;
    int rc = arena ? ll_txn_begin(ll_data_store(k->env->data), false, &tx, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = ll_check_job_get(tx, k->job.id, arena, &now, err)) == LL_OK &&
        strcmp(now.state, "running") != 0)
        rc = ll_fail(err, LL_CONFLICT, "名单已被取消", "the list was cancelled");
    ll_txn_end(tx);
    ll_arena_free(arena);
    if (rc == LL_OK && k->env->stop(k->env->ctx)) {
        k->stopped = true;
        rc = ll_fail(err, LL_BUSY, "服务正在停止", "the server is stopping");
    }
    return rc;
}

static int count_told(struct running *k, struct ll_str told, struct ll_check_counts *ret, struct ll_err *err)
{
    *ret = (struct ll_check_counts){.status = {0}};
    return ll_check_told_each(told, k->r.list, LL_ZH, NULL, NULL, ret, err);
}

/* Entries first, then what may be fetched, then how far it is. */
static int keep_block(struct block *b, size_t at, int64_t n, struct ll_err *err)
{
    struct running *k = b->k;
    struct ll_check_counts counts;
    int rc;

    if (b->told.failed)
        return ll_no_memory(err);
    if ((rc = append_entries(b, err)) < 0 ||
        (rc = ll_check_block_write(k->env->data, k->job.id, at, "told", ll_buf_view(&b->told), err)) < 0)
        return rc;
    ll_check_block_remove(k->env->data, k->job.id, at, "asked");
    if ((rc = count_told(k, ll_buf_view(&b->told), &counts, err)) < 0)
        return rc;
    return note_progress(k, n, &counts, err);
}

/* Where the rest is refused, what was answered until then is kept. */
static int ask_block(struct block *b, size_t at, struct ll_err *err)
{
    struct running *k = b->k;
    struct ll_check_list l = {.n = 0};
    struct ll_err more;
    size_t answered = 0;
    int rc;

    ll_buf_clear(&b->packed);
    ll_buf_clear(&b->told);
    ll_arena_reset(b->arena);
    b->n_entries = 0;
    if ((rc = still_wanted(k, err)) < 0 ||
        (rc = ll_check_block_read(k->env->data, k->job.id, at, "asked", &b->packed, err)) < 0 ||
        (rc = ll_check_list_unpack(ll_buf_view(&b->packed), k->r.list, b->arena, &l, err)) < 0)
        return rc;
    while (answered < l.n && rc == LL_OK) {
        size_t n = l.n - answered < LL_CHECK_AT_ONCE ? l.n - answered : LL_CHECK_AT_ONCE;
        if ((rc = ask_some(b, &l, answered, n, err)) == LL_OK)
            answered += n;
    }
    if (rc == LL_OK)
        return keep_block(b, at, (int64_t)l.n, err);
    if (answered && keep_block(b, at, (int64_t)answered, &more) < 0)
        ll_log(LL_WARN, "rural-check", "%s: block %zu could not be kept: %s", k->job.id, at, more.en);
    return rc;
}

/* Of an earlier attempt: counted, and not asked again. */
static int recall_block(struct block *b, size_t at, struct ll_err *err)
{
    struct ll_check_counts counts;
    uint64_t n = 0;
    int rc;

    ll_buf_clear(&b->told);
    if ((rc = ll_check_block_read(b->k->env->data, b->k->job.id, at, "told", &b->told, err)) < 0 ||
        (rc = count_told(b->k, ll_buf_view(&b->told), &counts, err)) < 0)
        return rc;
    for (size_t i = 0; i < LL_CHECK_STATUS_COUNT; i++)
        n += counts.status[i];
    return note_progress(b->k, (int64_t)n, &counts, err);
}

static int ask_blocks(void *ctx, unsigned which, struct ll_err *err)
{
    struct running *k = ctx;
    struct block *b = calloc(1, sizeof *b);
    int rc = b ? LL_OK : ll_no_memory(err);

    (void)which;
    if (rc < 0)
        return rc;
    b->k = k;
    b->packed = b->told = LL_BUF_INIT(LL_CHECK_BLOCK_BYTES);
    if (!(b->arena = ll_arena_new(BLOCK_ARENA)))
        rc = ll_no_memory(err);
    while (rc == LL_OK && !atomic_load(&k->ended)) {
        size_t at = atomic_fetch_add(&k->next, 1);
        if (at >= ll_check_job_blocks(&k->job))
            break;
        rc = ll_check_block_there(k->env->data, k->job.id, at, "told") ? recall_block(b, at, err)
                                                                       : ask_block(b, at, err);
    }
    if (rc < 0)
        atomic_store(&k->ended, true);
    ll_arena_free(b->arena);
    ll_buf_wipe(&b->packed);
    ll_buf_wipe(&b->told);
    free(b);
    return rc;
}

/* ---- the list ---- */

/* Who asked, as they may act now. */
static int learn_actor(struct running *k, struct ll_err *err)
{
    k->actor = (struct ll_actor){.account = k->job.account,
                                 .client = k->job.client,
                                 .organisation = k->job.organisation,
                                 .roles = LL_DUTY_CONSUMER_STEWARD};
    k->has_addr = k->job.remote && ll_address_parse(ll_str(k->job.remote), k->addr);
    return k->job.client ? ll_access_client(k->env->access, k->job.client, k->arena, &k->actor, err) : LL_OK;
}

static int open_job(struct running *k, const char *id, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_catalog_live_get(k->env->catalog, false, &k->cat, err);

    if (rc < 0)
        return rc;
    k->r = (struct ll_rural){.tables = k->env->tables, .cat = k->cat, .marks = ll_gateway_marks(k->env->g)};
    if ((rc = ll_txn_begin(ll_data_store(k->env->data), false, &tx, err)) == LL_OK &&
        (rc = ll_check_job_get(tx, id, k->arena, &k->job, err)) == LL_OK)
        rc = ll_rural_list_read(tx, k->cat, NULL, k->arena, &k->r.list, err);
    ll_txn_end(tx);
    if (rc == LL_OK && k->job.attempts > LL_CHECK_JOB_ATTEMPTS)
        rc = ll_fail(err, LL_FAIL, "多次中断，已放弃；请重新提交",
                     "interrupted too often and given up; hand it in anew");
    return rc < 0 ? rc : learn_actor(k, err);
}

static int end_job(struct running *k, const char *id, const char *state, const struct ll_err *why,
                   struct ll_err *err)
{
    int64_t now = ll_now_ms(), until = now + (int64_t)ll_data_settings(k->env->data)->export_keep_h * HOUR_MS;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(k->env->data), true, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_exec(
             tx, err,
             "UPDATE rural_check SET state = $2, condition = $3, error_zh = $4, error_en = $5, changed_at = $6,"
             " ended_at = $6, expires_at = $7 WHERE id = $1 AND state = 'running'",
             "zzzzzii", id, state, why ? k->condition : NULL, why ? ll_err_text(why, LL_ZH) : NULL,
             why ? ll_err_text(why, LL_EN) : NULL, now, until)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* A stop, or something that may pass, leaves the list waiting. */
static int fail(struct running *k, const char *id, int rc, const struct ll_err *why, struct ll_err *err)
{
    if (k->stopped)
        return ll_check_job_update(
            k->env->data,
            "UPDATE rural_check SET state = 'queued', attempts = attempts - 1, changed_at = $2"
            " WHERE id = $1 AND state = 'running'",
            id, err);
    if (rc == LL_CONFLICT && !k->condition)
        return LL_OK; /* cancelled */
    if (!k->condition && (rc == LL_BUSY || rc == LL_IO || rc == LL_NOMEM) &&
        k->job.attempts < LL_CHECK_JOB_ATTEMPTS)
        return ll_check_job_update(
            k->env->data,
            "UPDATE rural_check SET state = 'queued', changed_at = $2 WHERE id = $1 AND state = 'running'",
            id, err);
    return end_job(k, id, "failed", why, err);
}

int ll_check_job_run(const struct ll_check_job_env *env, const char *id, struct ll_err *err)
{
    struct running *k = calloc(1, sizeof *k);
    struct ll_err why;
    int rc;

    if (!k)
        return ll_no_memory(err);
    k->env = env;
    pthread_mutex_init(&k->lock, NULL);
    if (!(k->arena = ll_arena_new(0)))
        rc = ll_no_memory(&why);
    else if ((rc = open_job(k, id, &why)) == LL_OK)
        rc = ll_parallel(env->threads, ask_blocks, k, &why);
    rc = rc < 0 ? fail(k, id, rc, &why, err) : end_job(k, id, "ready", NULL, err);
    ll_catalog_unref(k->cat);
    ll_arena_free(k->arena);
    pthread_mutex_destroy(&k->lock);
    free(k);
    return rc;
}
