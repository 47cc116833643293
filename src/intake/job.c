/* job.c - the state machine of one delivery. */
#include "intake/job.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "intake/collected.h"
#include "intake/inbox.h"
#include "intake/limit.h"
#include "intake/manifest.h"
#include "intake/publish.h"
#include "intake/stored.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A sender waits for a merge only when look-ups would suffer; the server merges earlier, when it is idle. */
enum { PATIENCE = 24 };

struct job {
    struct ll_data *d;
    const struct ll_job_opts *o;
    struct ll_arena *arena;
    struct ll_catalog *cat;
    const struct ll_resource *r;
    struct ll_delivery v;
    int lock;
    char work[LL_PATH], out[LL_PATH], lake_dir[LL_PATH];
    struct ll_err *err;
};

static void tell(struct job *k, const char *stage, uint64_t done, uint64_t total)
{
    if (k->o->progress)
        k->o->progress(k->o->ctx, stage, done, total);
}

/* ---- sealing ---- */

static int open_source(struct job *k, struct ll_source **ret)
{
    const struct ll_settings *set = ll_data_settings(k->d);
    struct ll_source_opts o = LL_SOURCE_OPTS_INIT;
    struct ll_bytes file = LL_BYTES_INIT;
    int rc = ll_inbox_open(k->d, k->v.resource, k->v.sha256, &file, k->err);

    o.sheet = k->o->sheet;
    o.max_record = (size_t)set->max_record;
    o.max_columns = (size_t)set->max_columns;
    o.max_unpacked = (int64_t)set->max_decompressed;
    return rc < 0 ? rc : ll_source_take(&file, k->v.file_name, k->work, &o, ret, k->err);
}

static int wrong_form(struct job *k, const struct ll_source_form *f)
{
    if (strcmp(f->resource, k->r->name) != 0)
        return ll_fail(k->err, LL_INVALID, "这份工作簿是数据资源 %s 的模板，不能交付给 %s；请选对数据资源",
                       "this workbook is a template of resource %s, not of %s: choose the right resource",
                       f->resource, k->r->name);
    if (f->version != (int64_t)k->r->version)
        return ll_fail(
            k->err, LL_INVALID,
            "这份工作簿是 %s 第 %lld 版的模板，现在是第 %u 版；请下载新模板，把内容抄过去再交付",
            "this workbook is a template of %s, version %lld, and version %u is in force: take a new template and copy the "
            "content",
            f->resource, (long long)f->version, k->r->version);
    if (k->v.area && f->area && !ll_str_starts(ll_str(f->area), ll_str(k->v.area)))
        return ll_fail(k->err, LL_INVALID, "这份工作簿是区域 %s 的，不是 %s 的",
                       "this workbook is for area %s, not for %s", f->area, k->v.area);
    return LL_OK;
}

/* For which area it was collected, by the template or by who sent it. */
static int find_area(struct job *k, const struct ll_source_form *f, struct ll_plan_env *env)
{
    struct ll_collected c;
    struct ll_txn *tx = NULL;
    int rc = f->resource ? wrong_form(k, f) : LL_OK;

    env->area = f->resource && f->area ? f->area : k->v.area;
    if (rc < 0 || !env->area)
        return rc;
    if ((rc = ll_txn_begin(ll_data_store(k->d), false, &tx, k->err)) == LL_OK)
        rc = ll_collected_get(tx, k->r->name, k->arena, &c, k->err);
    ll_txn_end(tx);
    if (rc == LL_OK)
        env->area_item = c.area;
    return rc;
}

static int make_plan(struct job *k, const struct ll_source_info *info, struct ll_plan **ret)
{
    struct ll_plan_env env = {.region_codes = ll_catalog_codeset(k->cat, LL_STR("REGION")),
                              .today = ll_today()};
    int rc = find_area(k, &info->form, &env);

    return rc < 0
               ? rc
               : ll_plan_make(k->arena, k->r, strcmp(k->v.mode, "snapshot") == 0 ? LL_SNAPSHOT : LL_INCREMENT,
                              info->names, info->n_columns, &env, ret, k->err);
}

/* What another resource shows now, for references. */
static int current_of(void *ctx, const struct ll_item *item, bool *sealed, struct ll_buf *sql,
                      struct ll_err *err)
{
    struct job *k = ctx;
    struct ll_batch *live = NULL;
    int64_t version = 0;
    size_t n = 0;
    int rc = ll_batch_shown_version(k->d, item->ref_resource, &version, err);

    if (rc < 0)
        return rc;
    const struct ll_resource *other = ll_catalog_resource_version(k->cat, ll_str(item->ref_resource),
                                                                  (unsigned)version);
    if (!other)
        return 0;
    if ((rc = ll_batch_live(k->d, other->name, version, -1, NULL, k->arena, &live, &n, err)) < 0 || n == 0)
        return rc;
    const struct ll_item *its = ll_resource_item(other, ll_str(item->ref_item));
    *sealed = its && ll_item_sealed(its);
    ll_buf_z(sql, "SELECT ");
    ll_stored_items(sql, other);
    ll_buf_z(sql, " FROM (");
    rc = ll_batch_current_sql(k->d, other, live, n, sql, err);
    ll_buf_c(sql, ')');
    return rc < 0 ? rc : 1;
}

static void seal_progress(void *ctx, const char *stage, uint64_t done, uint64_t total)
{
    tell(ctx, stage, done, total);
}

static int count_deletes(struct job *k, struct ll_lake *lake, int64_t *ret)
{
    struct ll_buf sql = LL_BUF_INIT(4096);
    struct ll_lake_conn *c = NULL;
    int rc = ll_lake_connect(lake, &c, k->err);

    ll_buf_z(&sql, "SELECT count(*) FROM read_parquet(");
    char pattern[LL_PATH + 16];
    snprintf(pattern, sizeof pattern, "%s/data-*.parquet", k->out);
    ll_buf_sql(&sql, ll_str(pattern));
    ll_buf_z(&sql, ") WHERE ll_deleted");
    if (rc == LL_OK)
        rc = sql.failed ? ll_no_memory(k->err) : ll_lake_int(c, sql.p, ret, k->err);
    ll_lake_disconnect(c);
    ll_buf_free(&sql);
    return rc;
}

static int previous_received(struct job *k, int64_t *ret)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int rc = ll_txn_begin(ll_data_store(k->d), false, &tx, k->err);

    *ret = -1;
    if (rc == LL_OK &&
        (rc = ll_sql(
             tx,
             "SELECT max(received_at) FROM delivery WHERE resource = $1 AND state = 'published' AND received_at < $2",
             &s, k->err)) == LL_OK) {
        ll_bind_z(s, 1, k->v.resource);
        ll_bind_int(s, 2, k->v.received_at);
        rc = ll_step(s, k->err);
        if (rc > 0 && !ll_col_null(s, 0))
            *ret = ll_col_int(s, 0);
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

/* The data key that this job seals under. */
static int prepare_keys(struct job *k)
{
    struct ll_vault *v = ll_data_vault(k->d);
    int rc = ll_resource_sealed(k->r) ? ll_vault_prepare(v, k->r->name, k->err) : LL_OK;

    const char *made = ll_vault_made_secret(v);
    if (made)
        ll_log(LL_WARN, "key", "made %s, which opens the platform's keys: keep a copy in a safe place", made);
    return rc;
}

/* A row seals each such item once, or all its cells when it is refused. */
static int count_sealed(struct ll_txn *tx, struct job *k, int64_t rows)
{
    int64_t n = 0;

    for (size_t i = 0; i < k->r->n_items; i++)
        n += ll_item_sealed(&k->r->items[i]);
    return n ? ll_vault_used(tx, k->r->name, rows * n, k->err) : LL_OK;
}

static int refused(struct job *k, int rc)
{
    if (rc < 0 && ll_resource_sealed(k->r)) {
        ll_hide_numbers(k->err->zh); /* it may quote the file, and is kept in the control database */
        ll_hide_numbers(k->err->en);
    }
    return rc;
}

static int seal_into_out(struct job *k, struct ll_source *source)
{
    const struct ll_source_info *info = ll_source_info(source);
    struct ll_manifest_in m = {.delivery = &k->v, .source = info};
    struct ll_sealed sealed;
    struct ll_plan *plan = NULL;
    struct ll_lake *lake = NULL, *lanes = NULL;
    int rc;

    if ((rc = refused(k, make_plan(k, info, &plan))) < 0 || (rc = prepare_keys(k)) < 0 ||
        (rc = ll_data_lake(k->d, &lake, k->err)) < 0 || (rc = ll_data_lanes(k->d, &lanes, k->err)) < 0)
        return rc;
    struct ll_seal_job job = {.lake = lake,
                              .lanes = lanes,
                              .vault = ll_resource_sealed(k->r) ? ll_data_vault(k->d) : NULL,
                              .source = source,
                              .plan = plan,
                              .work_dir = k->work,
                              .out_dir = k->out,
                              .threads = ll_data_threads(k->d),
                              .current = current_of,
                              .progress = seal_progress,
                              .ctx = k};
    if ((rc = ll_seal(&job, k->arena, &sealed, k->err)) < 0 ||
        (rc = count_deletes(k, lake, &m.deletes)) < 0 || (rc = previous_received(k, &m.previous_at)) < 0)
        return rc;
    if (job.vault && (rc = ll_data_key_get(job.vault, k->r->name, k->arena, &m.key, k->err)) < 0)
        return rc;
    m.plan = plan;
    m.sealed = &sealed;
    return ll_manifest_write(k->out, &m, k->err);
}

static int seal(struct job *k)
{
    struct ll_source *source = NULL;
    char parent[LL_PATH];
    int rc;

    if ((rc = ll_delivery_stage(k->d, k->v.id, "decode", k->err)) < 0 ||
        (rc = ll_fs_remove_tree(k->work, k->err)) < 0 || (rc = ll_fs_mkdirs(k->out, k->err)) < 0)
        return rc;
    if ((rc = refused(k, open_source(k, &source))) == LL_OK)
        rc = seal_into_out(k, source);
    ll_source_close(source);
    if (rc == LL_OK && (rc = ll_data_path(k->d, parent, k->err, "lake/%s", k->r->name)) == LL_OK &&
        (rc = ll_fs_mkdirs(parent, k->err)) == LL_OK && (rc = ll_fs_sync_dir(k->out, k->err)) == LL_OK)
        rc = ll_fs_move(k->out, k->lake_dir, k->err);
    return rc;
}

static int insert_batch(struct ll_txn *tx, struct job *k, const struct ll_manifest *m)
{
    return ll_exec(
        tx, k->err,
        "INSERT INTO batch (id, seq, resource, version, delivery, mode, state, rows, deletes, quarantined, sealed_at, "
        "manifest_sha256, quality) SELECT $1, COALESCE(max(seq), 0) + 1, $2, $3, $1, $4, 'sealed', $5, $6, $7, $8, $9, $10 FROM batch",
        "zziziiiizz", m->batch, m->resource, m->version, m->mode, m->rows, m->deletes, m->quarantined,
        m->sealed_at, m->sha256, m->quality);
}

/* Takes a whole batch folder into the control database; also what a crash left between the rename and the row. */
static int adopt(struct job *k)
{
    struct ll_manifest m = {0};
    struct ll_txn *tx = NULL;
    int rc = ll_manifest_read(k->lake_dir, k->arena, &m, k->err);

    if (rc == LL_OK && strcmp(m.batch, k->v.id) != 0)
        rc = ll_fail(k->err, LL_INVALID, "%s 中的清单属于另一批次",
                     "the manifest in %s belongs to another batch", k->lake_dir);
    if (rc == LL_OK && (rc = ll_txn_begin(ll_data_store(k->d), true, &tx, k->err)) == LL_OK &&
        (rc = insert_batch(tx, k, &m)) == LL_OK &&
        (rc = ll_exec(
             tx, k->err,
             "UPDATE delivery SET state = 'sealed', stage = 'seal', batch = $1, received = $2, published = $3, quarantined = $4, "
             "updated_at = $5 WHERE id = $6",
             "ziiiiz", k->v.id, m.received, m.rows, m.quarantined, ll_now_ms(), k->v.id)) == LL_OK &&
        (!m.key.id || (rc = ll_data_key_add(tx, k->r->name, &m.key, k->err)) == LL_OK) &&
        (rc = count_sealed(tx, k, m.received)) == LL_OK)
        rc = ll_txn_commit(tx, k->err);
    ll_txn_end(tx);
    return rc;
}

static int reach_sealed(struct job *k)
{
    char manifest[LL_PATH];
    int rc = ll_path(manifest, k->err, "%s/manifest.json", k->lake_dir);

    if (rc == LL_OK && !ll_fs_exists(manifest))
        rc = seal(k);
    if (rc == LL_OK)
        rc = adopt(k);
    return rc;
}

/* ---- publishing ---- */

static int set_waiting(struct job *k, const struct ll_change *c)
{
    struct ll_buf detail = LL_BUF_INIT(4096);
    struct ll_txn *tx = NULL;
    struct ll_json j;
    int rc;

    ll_json_init(&j, &detail);
    ll_json_obj(&j);
    ll_json_ki(&j, "current", c->current);
    ll_json_ki(&j, "deletes", c->deletes);
    ll_json_ki(&j, "changes", c->changes);
    ll_json_ki(&j, "limit_percent", c->limit);
    ll_json_end_obj(&j);
    if ((rc = ll_txn_begin(ll_data_store(k->d), true, &tx, k->err)) == LL_OK &&
        (rc = ll_exec(
             tx, k->err,
             "UPDATE delivery SET state = 'waiting', stage = 'publish', detail = $1, updated_at = $2 WHERE id = $3",
             "siz", ll_buf_view(&detail), ll_now_ms(), k->v.id)) == LL_OK)
        rc = ll_txn_commit(tx, k->err);
    ll_txn_end(tx);
    ll_buf_free(&detail);
    return rc;
}

/* A person's word outlives a crash: the next start publishes without asking again.  1; 0: it is in none of those states any more. */
static int set_confirmed(struct job *k, const char *states)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(k->d), true, &tx, k->err), n = 0;

    if (rc == LL_OK && (rc = ll_exec(tx, k->err,
                                     "UPDATE delivery SET state = 'sealed', confirmed = 1, updated_at = $1"
                                     " WHERE id = $2 AND instr($3, state) > 0",
                                     "izz", ll_now_ms(), k->v.id, states)) == LL_OK) {
        n = ll_txn_changes(tx) > 0;
        rc = ll_txn_commit(tx, k->err);
    }
    ll_txn_end(tx);
    return rc < 0 ? rc : n;
}

/* LL_WAITING when the change is too large to publish without a person's word. */
static int check_limit(struct job *k, const struct ll_batch *b)
{
    struct ll_change c;
    int rc;

    if (k->v.confirmed)
        return LL_OK;
    if (k->o->confirm)
        return (rc = set_confirmed(k, "sealed waiting")) < 0 ? rc : LL_OK;
    if ((rc = ll_change_of(k->d, k->r, b, &c, k->err)) < 0 || !c.too_much)
        return rc;
    if ((rc = set_waiting(k, &c)) < 0)
        return rc;
    return ll_fail(
        k->err, LL_WAITING,
        "交付 %s 将删除 %lld 条、改动 %lld 条，而资源现有 %lld 条，超过 %u%% 的上限；确认无误后用 luling delivery confirm %s 发布",
        "delivery %s would delete %lld and change %lld of the %lld records there are, more than the limit of %u%%; when that is "
        "right, luling delivery confirm %s publishes it",
        k->v.id, (long long)c.deletes, (long long)c.changes, (long long)c.current, c.limit, k->v.id);
}

static int publish(struct job *k)
{
    struct ll_batch b;
    int rc;

    if ((rc = ll_batch_get(k->d, k->v.id, k->arena, &b, k->err)) < 0 || (rc = check_limit(k, &b)) < 0 ||
        (rc = ll_publish_mend(k->d, k->v.resource, k->err)) < 0 ||
        (rc = ll_delivery_stage(k->d, k->v.id, "publish", k->err)) < 0)
        return rc;
    tell(k, "publish", 0, (uint64_t)b.rows);
    if ((rc = ll_publish(k->d, k->r, &b, k->o->progress, k->o->ctx, k->err)) < 0)
        return rc;
    tell(k, "publish", (uint64_t)b.rows, (uint64_t)b.rows);
    /* what readers see stands: merging can wait for the next delivery, and fails nobody's */
    struct ll_err why = {0};
    if (ll_publish_compact(k->d, k->r, PATIENCE, &why) < 0)
        ll_log(LL_WARN, "intake", "%s could not be merged: %s", k->r->name, why.en);
    return LL_OK;
}

/* ---- the whole ---- */

static int carry_on(struct job *k)
{
    int rc = LL_OK;

    if (strcmp(k->v.state, "published") == 0)
        return LL_OK;
    if (strcmp(k->v.state, "failed") == 0 || strcmp(k->v.state, "withdrawn") == 0)
        return ll_fail(k->err, LL_CONFLICT, "交付 %s 的状态是 %s，不能再处理；请重新交付",
                       "delivery %s is %s and cannot be carried on: deliver again", k->v.id, k->v.state);
    if (strcmp(k->v.state, "received") == 0)
        rc = reach_sealed(k);
    return rc == LL_OK ? publish(k) : rc;
}

static int lock_resource(struct job *k)
{
    char path[LL_PATH];
    int rc = ll_data_path(k->d, path, k->err, "locks/%s", k->v.resource);

    return rc < 0 ? rc : ll_fs_lock(path, &k->lock, k->err);
}

static int open_job(struct job *k, const char *id)
{
    int rc;

    if (!(k->arena = ll_arena_new(0)))
        return ll_no_memory(k->err);
    if ((rc = ll_delivery_get(k->d, id, k->arena, &k->v, k->err)) < 0 || (rc = lock_resource(k)) < 0 ||
        (rc = ll_delivery_get(k->d, id, k->arena, &k->v, k->err)) <
            0 || /* it may have moved while we waited for the lock */
        (rc = ll_data_catalog(k->d, &k->cat, k->err)) < 0)
        return rc;
    k->r = ll_catalog_resource_version(k->cat, ll_str(k->v.resource), (unsigned)k->v.version);
    if (!k->r)
        return ll_fail(k->err, LL_NOTFOUND, "资源 %s 第 %lld 版不在目录中",
                       "resource %s version %lld is not in the catalogue", k->v.resource,
                       (long long)k->v.version);
    if ((rc = ll_data_path(k->d, k->work, k->err, "work/%s", id)) < 0 ||
        (rc = ll_path(k->out, k->err, "%s/out", k->work)) < 0)
        return rc;
    return ll_data_path(k->d, k->lake_dir, k->err, "lake/%s/%s", k->r->name, id);
}

static void close_job(struct job *k)
{
    struct ll_err ignored = {0};

    if (k->work[0] && ll_fs_remove_tree(k->work, &ignored) < 0)
        k->work[0] = 0; /* the next start sweeps work/ */
    ll_fs_unlock(k->lock);
    ll_catalog_unref(k->cat);
    ll_arena_free(k->arena);
}

int ll_job_run(struct ll_data *d, const char *delivery, const struct ll_job_opts *o, struct ll_err *err)
{
    struct ll_err own = {0}, second = {0};
    struct job k = {.d = d, .o = o, .lock = -1, .err = err ? err : &own};
    int rc = open_job(&k, delivery);

    if (rc == LL_OK) {
        rc = carry_on(&k);
        if (rc < 0 && rc != LL_WAITING && rc != LL_CONFLICT &&
            ll_delivery_fail(d, k.v.id, k.err, &second) < 0)
            rc = ll_fail_in(k.err, "未能记录失败", "the failure could not be recorded");
    }
    close_job(&k);
    return rc;
}

/* ---- withdrawing, refusing ---- */

static int set_state(struct job *k, const char *delivery_state, const char *batch_sql, bool outdates)
{
    struct ll_txn *tx = NULL;
    int64_t now = ll_now_ms();
    int rc = ll_txn_begin(ll_data_store(k->d), true, &tx, k->err);

    if (rc == LL_OK &&
        (rc = ll_exec(tx, k->err, "UPDATE delivery SET state = $1, updated_at = $2 WHERE id = $3", "ziz",
                      delivery_state, now, k->v.id)) == LL_OK &&
        (rc = ll_exec(tx, k->err, batch_sql, "iz", now, k->v.id)) == LL_OK &&
        (!outdates || (rc = ll_exec(tx, k->err, "UPDATE segment SET built_at = 0 WHERE resource = $1", "z",
                                    k->v.resource)) == LL_OK))
        rc = ll_txn_commit(tx, k->err);
    ll_txn_end(tx);
    return rc;
}

/* No lock: a job of the resource may run for long, and whoever confirms is not to wait for it.  The transaction sees what became of it. */
int ll_job_confirm(struct ll_data *d, const char *delivery, struct ll_err *err)
{
    struct job k = {.d = d, .lock = -1, .err = err};
    int rc = (k.arena = ll_arena_new(0)) ? ll_delivery_get(d, delivery, k.arena, &k.v, err)
                                         : ll_no_memory(err);

    if (rc == LL_OK && (rc = set_confirmed(&k, "waiting")) == 0)
        rc = ll_fail(err, LL_CONFLICT, "交付 %s 不在等待确认（状态 %s）",
                     "delivery %s does not wait for confirmation (its state is %s)", delivery, k.v.state);
    ll_arena_free(k.arena);
    return rc < 0 ? rc : LL_OK;
}

int ll_job_refuse(struct ll_data *d, const char *delivery, struct ll_err *err)
{
    struct ll_job_opts none = {0};
    struct job k = {.d = d, .o = &none, .lock = -1, .err = err};
    int rc = open_job(&k, delivery);

    if (rc == LL_OK && strcmp(k.v.state, "waiting") != 0)
        rc = ll_fail(err, LL_CONFLICT, "交付 %s 的状态是 %s，没有在等待确认",
                     "delivery %s is %s: it does not wait for confirmation", k.v.id, k.v.state);
    if (rc == LL_OK)
        rc = set_state(&k, "failed", "UPDATE batch SET state = 'refused', withdrawn_at = $1 WHERE id = $2",
                       false);
    close_job(&k);
    return rc;
}

int ll_job_withdraw(struct ll_data *d, const char *batch, struct ll_err *err)
{
    struct ll_job_opts none = {0};
    struct job k = {.d = d, .o = &none, .lock = -1, .err = err};
    int rc = open_job(&k, batch);

    /* A crash between the two steps leaves a list that is marked as outdated: ll_publish_mend(). */
    if (rc == LL_OK && strcmp(k.v.state, "published") != 0)
        rc = ll_fail(err, LL_CONFLICT, "批次 %s 的状态是 %s，没有发布，不能撤回",
                     "batch %s is %s: only a published batch can be withdrawn", k.v.id, k.v.state);
    if (rc == LL_OK &&
        (rc = set_state(&k, "withdrawn",
                        "UPDATE batch SET state = 'withdrawn', withdrawn_at = $1 WHERE id = $2", true)) ==
            LL_OK)
        rc = ll_publish_shown(d, k.v.resource, err);
    close_job(&k);
    return rc;
}
