/* seal.c - one thread a range; see ARCHITECTURE.md, "One pass". */
#include "intake/seal.h"

#include "base/fs.h"
#include "intake/recheck.h"
#include "intake/stored.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* One range on its way. */
struct part {
    const struct ll_seal_job *job;
    const struct ll_range *range;
    unsigned index;
    struct ll_sift_stats stats;
    struct ll_sink sink;
    struct ll_sift *sift;
    struct ll_rows *rows;
    struct ll_pass *pass;
    struct ll_lake_conn *conn;
    pthread_t thread;
    bool started;
    _Atomic bool done;
    int rc;
    struct ll_err err;
    char stage_file[LL_PATH], sink_file[LL_PATH];
};

struct run {
    const struct ll_seal_job *job;
    struct ll_arena *arena;
    struct ll_range ranges[LL_SEAL_FILES];
    struct part *parts;
    unsigned n;
    uint64_t total;
    struct ll_err *err;
};

/* ---- one range ---- */

static void part_sql(struct part *p, struct ll_buf *sql)
{
    const struct ll_plan *plan = p->job->plan;

    ll_buf_z(sql, "COPY (SELECT ");
    ll_stored_columns(sql, plan->resource, LL_FROM_ITEMS);
    for (size_t i = plan->n_cells; i < plan->n_columns; i++) {
        ll_buf_z(sql, ", ");
        ll_buf_sql_name(sql, ll_str(plan->columns[i].name));
    }
    ll_buf_printf(sql, ", ll_row, ll_deleted FROM ll_pass(%d) WHERE ll_admit(%d, ll_slot",
                  ll_pass_id(p->pass), ll_pass_id(p->pass));
    for (size_t i = 0; i < plan->n_rules; i++)
        ll_buf_printf(sql, ", (%s)", plan->rules[i].sql);
    ll_buf_z(sql, ")) TO ");
    ll_buf_sql(sql, ll_str(p->stage_file));
    ll_stored_format(sql, plan->resource);
}

static int open_sink(struct ll_sink *s, const char *path, const struct ll_seal_job *job, struct ll_err *err)
{
    int rc = ll_sink_open(s, path, job->vault, job->plan->resource, err);

    s->fix_batch = job->plan->fix_batch_column;
    s->fix_row = job->plan->fix_row_column;
    return rc;
}

static int open_part(struct part *p)
{
    const struct ll_seal_job *job = p->job;
    int rc;

    if ((rc = ll_path(p->stage_file, &p->err, "%s/stage-%u.parquet", job->work_dir, p->index)) < 0 ||
        (rc = ll_path(p->sink_file, &p->err, "%s/refused-%u.jsonl", job->work_dir, p->index)) < 0 ||
        (rc = open_sink(&p->sink, p->sink_file, job, &p->err)) < 0 ||
        (rc = ll_sift_open(job->plan, &p->stats, &p->sink, &p->sift, &p->err)) < 0 ||
        (rc = ll_source_rows(job->source, p->range, &p->rows, &p->err)) < 0 ||
        (rc = ll_lake_connect(job->lanes, &p->conn, &p->err)) < 0)
        return rc;
    struct ll_pass_spec spec = {.columns = job->plan->columns,
                                .n_columns = job->plan->n_columns,
                                .n_rules = job->plan->n_rules,
                                .rows = p->rows,
                                .ops = ll_sift_ops(),
                                .ctx = p->sift};
    return ll_pass_open(job->lanes, &spec, &p->pass, &p->err);
}

static int run_part(struct part *p)
{
    struct ll_buf sql = LL_BUF_INIT(16 << 20);
    int rc;

    part_sql(p, &sql);
    rc = sql.failed ? ll_no_memory(&p->err) : ll_pass_run(p->pass, p->conn, sql.p, &p->err);
    ll_buf_free(&sql);
    return rc;
}

static void *part_main(void *arg)
{
    struct part *p = arg;

    p->rc = run_part(p);
    p->done = true;
    return NULL;
}

static void close_part(struct part *p)
{
    struct ll_err late = {0};

    ll_pass_close(p->pass);
    ll_lake_disconnect(p->conn);
    if (p->rows)
        p->rows->ops->close(p->rows);
    if (p->sink.fd >= 0 && ll_sink_close(&p->sink, &late) < 0 && p->rc >= 0) {
        p->rc = late.rc;
        p->err = late;
    }
    p->pass = NULL;
    p->conn = NULL;
    p->rows = NULL;
}

/* ---- all ranges ---- */

static void report(struct run *r)
{
    uint64_t done = 0;

    if (!r->job->progress)
        return;
    for (unsigned i = 0; i < r->n; i++)
        if (r->parts[i].started)
            done += ll_pass_rows(r->parts[i].pass);
    r->job->progress(r->job->ctx, "check", done, r->total);
}

static bool all_done(const struct run *r)
{
    for (unsigned i = 0; i < r->n; i++)
        if (r->parts[i].started && !r->parts[i].done)
            return false;
    return true;
}

/* A short first wait keeps small deliveries quick; a range that fails does not stop the others: they end soon. */
static void wait_for_parts(struct run *r)
{
    struct timespec pause = {0, 1000000};

    while (!all_done(r)) {
        nanosleep(&pause, NULL);
        if (pause.tv_nsec < 100000000)
            pause.tv_nsec *= 2;
        report(r);
    }
    for (unsigned i = 0; i < r->n; i++)
        if (r->parts[i].started)
            pthread_join(r->parts[i].thread, NULL);
    report(r);
}

static int start_parts(struct run *r)
{
    for (unsigned i = 0; i < r->n; i++) {
        struct part *p = &r->parts[i];
        if (pthread_create(&p->thread, NULL, part_main, p) != 0)
            return ll_fail(r->err, LL_FAIL, "无法创建线程", "cannot start a thread");
        p->started = true;
    }
    return LL_OK;
}

static int run_parts(struct run *r)
{
    int rc = LL_OK;

    for (unsigned i = 0; i < r->n && rc == LL_OK; i++)
        if ((rc = r->parts[i].rc = open_part(&r->parts[i])) < 0)
            *r->err = r->parts[i].err;
    if (rc == LL_OK)
        rc = start_parts(r);
    wait_for_parts(r);
    for (unsigned i = 0; i < r->n; i++) {
        close_part(&r->parts[i]);
        if (rc == LL_OK && r->parts[i].rc < 0) {
            rc = r->parts[i].rc;
            *r->err = r->parts[i].err;
        }
    }
    return rc;
}

static bool in_order(const struct run *r)
{
    const struct ll_buf *last = NULL;

    for (unsigned i = 0; i < r->n; i++) {
        const struct ll_key_order *o = ll_sift_order(r->parts[i].sift);
        if (!o->ordered)
            return false;
        if (!o->any)
            continue;
        if (last && ll_str_cmp(ll_buf_view(last), ll_buf_view(&o->first)) >= 0)
            return false;
        last = &o->last;
    }
    return true;
}

static int add_stats(struct run *r, struct ll_sealed *out)
{
    if (ll_sift_stats_init(&out->stats, r->arena, r->job->plan) < 0)
        return ll_no_memory(r->err);
    for (unsigned i = 0; i < r->n; i++)
        ll_sift_stats_add(&out->stats, &r->parts[i].stats);
    return LL_OK;
}

/* Ranges in order are the sealed files; one that kept no row is left out, but a batch has at least one file. */
static int adopt_stages(struct run *r, struct ll_sealed *out)
{
    char to[LL_PATH];

    for (unsigned i = 0; i < r->n; i++) {
        struct part *p = &r->parts[i];
        bool last_chance = i + 1 == r->n && out->files == 0;
        if (p->stats.published == 0 && !last_chance)
            continue;
        int rc = ll_path(to, r->err, "%s/data-%u.parquet", r->job->out_dir, out->files);
        if (rc < 0)
            return rc;
        if (rename(p->stage_file, to) < 0)
            return ll_fail_errno(r->err, LL_IO, "无法移动 %s", "cannot move %s", p->stage_file);
        out->file_rows[out->files++] = p->stats.published;
    }
    return LL_OK;
}

static int settle(struct run *r, struct ll_sealed *out, struct ll_sink *late)
{
    const char *stages[LL_SEAL_FILES];

    /* in the order of the keys' blind indexes, whatever the source's: an order of numbers would give them away */
    out->sorted = ll_key_sealed(r->job->plan->resource) || !in_order(r);
    if (!out->sorted && !ll_recheck_wanted(r->job))
        return adopt_stages(r, out);
    for (unsigned i = 0; i < r->n; i++)
        stages[i] = r->parts[i].stage_file;
    return ll_recheck(r->job, r->arena, stages, r->n, r->ranges, r->n, late, out, r->err);
}

static int write_quarantine(struct run *r, const char *late_file, const struct ll_sealed *out)
{
    struct ll_buf sql = LL_BUF_INIT(1 << 20);
    struct ll_lake_conn *c = NULL;
    int rc;

    if (!out->stats.quarantined)
        return LL_OK;
    ll_buf_printf(&sql, "COPY (SELECT %s FROM read_json([", ll_sink_columns(r->job->vault != NULL));
    for (unsigned i = 0; i < r->n; i++) {
        ll_buf_sql(&sql, ll_str(r->parts[i].sink_file));
        ll_buf_z(&sql, ", ");
    }
    ll_buf_sql(&sql, ll_str(late_file));
    ll_buf_printf(&sql, "], format = 'newline_delimited', maximum_object_size = %d, ", LL_SINK_LINE);
    ll_buf_z(
        &sql,
        "columns = {row: 'BIGINT', line: 'BIGINT', codes: 'VARCHAR[]', zh: 'VARCHAR', en: 'VARCHAR', "
        "\"key\": 'VARCHAR', cells: 'VARCHAR[]', \"each\": 'JSON', fix_batch: 'VARCHAR', fix_row: 'BIGINT', "
        "index: 'VARCHAR', sealed: 'VARCHAR'}) ORDER BY row) TO ");
    char path[LL_PATH];
    if ((rc = ll_path(path, r->err, "%s/quarantine.parquet", r->job->out_dir)) < 0)
        goto done;
    ll_buf_sql(&sql, ll_str(path));
    ll_buf_z(&sql, " (FORMAT parquet, COMPRESSION zstd)");
    rc = sql.failed ? ll_no_memory(r->err) : ll_lake_connect(r->job->lake, &c, r->err);
    if (rc == LL_OK)
        rc = ll_lake_exec(c, sql.p, r->err);
done:
    ll_lake_disconnect(c);
    ll_buf_free(&sql);
    return rc;
}

/* What was written is what was read: a promise that is checked every time, not only in tests. */
static int balance(struct run *r, const struct ll_sealed *out)
{
    uint64_t written = 0;

    for (unsigned i = 0; i < out->files; i++)
        written += out->file_rows[i];
    if (out->stats.received == r->total && written == out->stats.published &&
        written + out->stats.quarantined == out->stats.received)
        return LL_OK;
    return ll_fail(r->err, LL_INTERNAL, "行数不平：收到 %llu，读出 %llu，发布 %llu，隔离 %llu",
                   "rows do not add up: %llu received, %llu read, %llu to publish, %llu quarantined",
                   (unsigned long long)r->total, (unsigned long long)out->stats.received,
                   (unsigned long long)written, (unsigned long long)out->stats.quarantined);
}

static int finish(struct run *r, struct ll_sealed *out)
{
    char late_file[LL_PATH];
    struct ll_sink late = {.fd = -1};
    int rc;

    if ((rc = add_stats(r, out)) < 0 ||
        (rc = ll_path(late_file, r->err, "%s/refused-late.jsonl", r->job->work_dir)) < 0 ||
        (rc = open_sink(&late, late_file, r->job, r->err)) < 0)
        return rc;
    rc = settle(r, out, &late);
    struct ll_err closing = {0};
    int closed = ll_sink_close(&late, rc < 0 ? &closing : r->err);
    if (rc < 0 || (rc = closed) < 0)
        return rc;
    if (r->job->progress)
        r->job->progress(r->job->ctx, "seal", 0, 0);
    if ((rc = write_quarantine(r, late_file, out)) < 0)
        return rc;
    return balance(r, out);
}

static int prepare(struct run *r)
{
    unsigned most = r->job->threads ? r->job->threads : (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    int rc;

    if (most > LL_SEAL_FILES)
        most = LL_SEAL_FILES;
    if ((rc = ll_source_scan(r->job->source, most, r->ranges, &r->n, &r->total, r->err)) < 0)
        return rc;
    r->parts = ll_arena_array(r->arena, r->n, sizeof *r->parts);
    if (!r->parts)
        return ll_no_memory(r->err);
    for (unsigned i = 0; i < r->n; i++) {
        r->parts[i].job = r->job;
        r->parts[i].range = &r->ranges[i];
        r->parts[i].index = i;
        r->parts[i].sink.fd = -1;
        if (ll_sift_stats_init(&r->parts[i].stats, r->arena, r->job->plan) < 0)
            return ll_no_memory(r->err);
    }
    return LL_OK;
}

int ll_seal(const struct ll_seal_job *job, struct ll_arena *arena, struct ll_sealed *ret, struct ll_err *err)
{
    struct run r = {.job = job, .arena = arena, .err = err};
    int rc;

    *ret = (struct ll_sealed){0};
    if (job->progress)
        job->progress(job->ctx, "decode", 0, 0);
    if ((rc = prepare(&r)) == LL_OK && (rc = run_parts(&r)) == LL_OK)
        rc = finish(&r, ret);
    for (unsigned i = 0; i < r.n && r.parts; i++)
        ll_sift_close(r.parts[i].sift);
    return rc;
}
