/* check_job.c - lists of households as rows of the control database, and their blocks as files (check_job.h). */
#include "apps/rural/check_job_impl.h"

#include "base/clock.h"
#include "base/fs.h"
#include "crypto/random.h"
#include "store/rows.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SEALED_AS "rural_check" /* as which blocks are sealed (vault.h) */
static const int64_t HOUR_MS = 3600000;

/* ---- blocks ---- */

static int block_path(struct ll_data *d, const char *id, size_t block, const char *which, char out[LL_PATH],
                      struct ll_err *err)
{
    return ll_data_path(d, out, err, "rural-checks/%s/%05zu.%s", id, block, which);
}

bool ll_check_block_there(struct ll_data *d, const char *id, size_t block, const char *which)
{
    char path[LL_PATH];

    return block_path(d, id, block, which, path, NULL) == LL_OK && ll_fs_exists(path);
}

void ll_check_block_remove(struct ll_data *d, const char *id, size_t block, const char *which)
{
    char path[LL_PATH];

    if (block_path(d, id, block, which, path, NULL) == LL_OK)
        unlink(path); /* not there is as good */
}

int ll_check_block_write(struct ll_data *d, const char *id, size_t block, const char *which,
                         struct ll_str packed, struct ll_err *err)
{
    struct ll_buf sealed = LL_BUF_INIT(LL_CHECK_BLOCK_BYTES);
    struct ll_cell *cell = NULL;
    char path[LL_PATH];
    int rc;

    if ((rc = block_path(d, id, block, which, path, err)) < 0 ||
        (rc = ll_cell_open(ll_data_vault(d), LL_STR(SEALED_AS), ll_str(which), &cell, err)) < 0)
        return rc;
    if ((rc = ll_cell_seal(cell, packed, &sealed, err)) == LL_OK)
        rc = ll_fs_write_secret(path, ll_buf_view(&sealed), err);
    ll_cell_close(cell);
    ll_buf_free(&sealed);
    return rc;
}

int ll_check_block_read(struct ll_data *d, const char *id, size_t block, const char *which,
                        struct ll_buf *out, struct ll_err *err)
{
    struct ll_buf sealed = LL_BUF_INIT(LL_CHECK_BLOCK_BYTES);
    struct ll_cell *cell = NULL;
    char path[LL_PATH];
    int rc;

    if ((rc = block_path(d, id, block, which, path, err)) < 0 ||
        (rc = ll_cell_open(ll_data_vault(d), LL_STR(SEALED_AS), ll_str(which), &cell, err)) < 0)
        return rc;
    if ((rc = ll_fs_read(path, LL_CHECK_BLOCK_BYTES, &sealed, err)) == LL_OK)
        rc = ll_cell_unseal(cell, ll_buf_view(&sealed), out, err);
    ll_cell_close(cell);
    ll_buf_free(&sealed);
    return rc;
}

static int write_blocks(struct ll_data *d, const char *id, const struct ll_check_list *list,
                        struct ll_err *err)
{
    struct ll_buf packed = LL_BUF_INIT(LL_CHECK_BLOCK_BYTES);
    char dir[LL_PATH];
    int rc = ll_data_path(d, dir, err, "rural-checks/%s", id);

    if (rc == LL_OK && (rc = ll_fs_mkdirs(dir, err)) == LL_OK)
        rc = ll_vault_prepare(ll_data_vault(d), SEALED_AS, err);
    for (size_t at = 0, block = 0; at < list->n && rc == LL_OK; at += LL_CHECK_BLOCK, block++) {
        ll_buf_clear(&packed);
        ll_check_list_pack(list, at, list->n - at < LL_CHECK_BLOCK ? list->n - at : LL_CHECK_BLOCK, &packed);
        rc = packed.failed ? ll_no_memory(err)
                           : ll_check_block_write(d, id, block, "asked", ll_buf_view(&packed), err);
    }
    ll_buf_wipe(&packed);
    return rc;
}

static int remove_blocks(struct ll_data *d, const char *id, struct ll_err *err)
{
    char dir[LL_PATH];
    int rc = ll_data_path(d, dir, err, "rural-checks/%s", id);

    return rc < 0 ? rc : ll_fs_remove_tree(dir, err);
}

/* ---- asking ---- */

int ll_check_job_update(struct ll_data *d, const char *sql, const char *id, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(d), true, &tx, err);

    if (rc == LL_OK && (rc = ll_exec(tx, err, sql, "zi", id, ll_now_ms())) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

static int has_room(struct ll_txn *tx, struct ll_data *d, const char *organisation, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int64_t n = 0, most = (int64_t)ll_data_settings(d)->export_jobs;
    int rc = ll_sql(
        tx, "SELECT count(*) FROM rural_check WHERE organisation = $1 AND state IN ('queued', 'running')", &s,
        err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, organisation);
    if ((rc = ll_step(s, err)) > 0)
        n = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc
           : n < most
               ? LL_OK
               : ll_fail(err, LL_TOOMANY, "本机构已有 %lld 份名单未完成，请等其完成",
                         "the organisation has %lld lists that are not done; wait for one", (long long)n);
}

static int insert(struct ll_txn *tx, const char *id, const struct ll_check_job_ask *ask,
                  const struct ll_check_list *list, struct ll_err *err)
{
    return ll_exec(
        tx, err,
        "INSERT INTO rural_check (id, organisation, account, client, officer, purpose, remote, state,"
        " households, claims, created_at, changed_at) VALUES ($1, $2, $3, $4, nullif($5, ''), nullif($6, ''),"
        " $7, 'queued', $8, $9, $10, $10)",
        "zzzzssziii", id, ask->actor->organisation, ask->actor->account, ask->actor->client, ask->officer,
        ask->purpose, ask->remote, (int64_t)list->n, (int64_t)list->claims, ll_now_ms());
}

/* The files are there before the row is. */
int ll_check_job_ask(struct ll_data *d, const struct ll_check_job_ask *ask, const struct ll_check_list *list,
                     char id[LL_CHECK_JOB_ID], struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_err ignored;
    int rc;

    if ((rc = ll_random_id('V', id, err)) < 0)
        return rc;
    if ((rc = write_blocks(d, id, list, err)) == LL_OK &&
        (rc = ll_txn_begin(ll_data_store(d), true, &tx, err)) == LL_OK &&
        (rc = has_room(tx, d, ask->actor->organisation, err)) == LL_OK &&
        (rc = insert(tx, id, ask, list, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    if (rc < 0)
        (void)!remove_blocks(d, id, &ignored);
    return rc;
}

/* ---- reading ---- */

#define COLUMNS                                                                                              \
    "id, organisation, account, client, officer, purpose, remote, state, counts, condition, error_zh,"       \
    " error_en, households, claims, done, attempts, created_at, changed_at, ended_at, expires_at"
#define COLUMN(kind, member) LL_ROW(kind, ll_check_job, member)
static const struct ll_row_column columns[] = {
    COLUMN(TEXT, id),        COLUMN(TEXT, organisation), COLUMN(TEXT, account),  COLUMN(TEXT, client),
    COLUMN(TEXT, officer),   COLUMN(TEXT, purpose),      COLUMN(TEXT, remote),   COLUMN(TEXT, state),
    COLUMN(TEXT, counts),    COLUMN(TEXT, condition),    COLUMN(TEXT, error_zh), COLUMN(TEXT, error_en),
    COLUMN(INT, households), COLUMN(INT, claims),        COLUMN(INT, done),      COLUMN(INT, attempts),
    COLUMN(INT, created_at), COLUMN(INT, changed_at),    COLUMN(INT, ended_at),  COLUMN(INT, expires_at)};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_check_job), NULL};

int ll_check_job_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_check_job *ret,
                     struct ll_err *err)
{
    int rc = ll_row_get(tx, &rows, "SELECT " COLUMNS " FROM rural_check WHERE id = $1", id, arena, ret, err);

    return rc == 0 ? ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的核查名单", "there is no list %s", id)
                   : (rc < 0 ? rc : LL_OK);
}

int ll_check_job_list(struct ll_txn *tx, const char *organisation, size_t offset, size_t limit,
                      struct ll_arena *arena, struct ll_check_job **ret, size_t *ret_n, int64_t *ret_total,
                      struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(organisation)};
    const struct ll_row_page page = {
        .sql = "SELECT " COLUMNS
               " FROM rural_check WHERE $1 IS NULL OR organisation = $1 ORDER BY created_at DESC, id"
               " LIMIT $2 OFFSET $3",
        .count = "SELECT count(*) FROM rural_check WHERE $1 IS NULL OR organisation = $1",
        .args = args,
        .n_args = LL_COUNT(args),
        .limit = limit,
        .offset = offset};
    void *list = NULL;
    int rc = ll_row_list(tx, &rows, &page, arena, &list, ret_n, ret_total, err);

    *ret = list;
    return rc;
}

static void put_time(struct ll_json *j, const char *key, int64_t at)
{
    char when[LL_TIME_TEXT];

    ll_json_kz(j, key, at > 0 ? ll_time_text(at, when) : NULL);
}

void ll_check_job_put(struct ll_json *j, const struct ll_check_job *job)
{
    ll_json_obj(j);
    ll_json_kz(j, "id", job->id);
    ll_json_kz(j, "organisation", job->organisation);
    ll_json_kz(j, "account", job->account);
    ll_json_kz(j, "client", job->client);
    ll_json_kz(j, "officer", job->officer);
    ll_json_kz(j, "purpose", job->purpose);
    ll_json_kz(j, "state", job->state);
    ll_json_ki(j, "households", job->households);
    ll_json_ki(j, "claims", job->claims);
    ll_json_ki(j, "done", job->done);
    ll_json_key(j, "counts");
    if (job->counts)
        ll_json_raw(j, ll_str(job->counts));
    else
        ll_json_null(j);
    ll_json_key(j, "error");
    if (job->error_en) {
        ll_json_obj(j);
        ll_json_kz(j, "condition", job->condition);
        ll_json_kz(j, "zh", job->error_zh);
        ll_json_kz(j, "en", job->error_en);
        ll_json_end_obj(j);
    } else {
        ll_json_null(j);
    }
    put_time(j, "created_at", job->created_at);
    put_time(j, "changed_at", job->changed_at);
    put_time(j, "ended_at", job->ended_at);
    put_time(j, "expires_at", job->expires_at);
    ll_json_end_obj(j);
}

int ll_check_job_told(struct ll_data *d, const struct ll_check_job *job, ll_check_job_told_fn *fn, void *ctx,
                      struct ll_err *err)
{
    struct ll_buf packed = LL_BUF_INIT(LL_CHECK_BLOCK_BYTES);
    int rc = LL_OK;

    for (size_t block = 0; block < ll_check_job_blocks(job) && rc == LL_OK; block++) {
        if (!ll_check_block_there(d, job->id, block, "told"))
            continue;
        ll_buf_clear(&packed);
        if ((rc = ll_check_block_read(d, job->id, block, "told", &packed, err)) == LL_OK)
            rc = fn(ctx, ll_buf_view(&packed), err);
    }
    ll_buf_wipe(&packed);
    return rc;
}

/* ---- ending ---- */

int ll_check_job_cancel(struct ll_data *d, const char *id, struct ll_err *err)
{
    int64_t now = ll_now_ms(), until = now + (int64_t)ll_data_settings(d)->export_keep_h * HOUR_MS;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(d), true, &tx, err);

    if (rc == LL_OK)
        rc = ll_exec(
            tx, err,
            "UPDATE rural_check SET state = 'cancelled', changed_at = $2, ended_at = $2, expires_at = $3"
            " WHERE id = $1 AND state IN ('queued', 'running')",
            "zii", id, now, until);
    if (rc == LL_OK && !ll_txn_changes(tx))
        rc = ll_fail(err, LL_CONFLICT, "名单 %s 已经结束，没有可取消的",
                     "list %s has ended; there is nothing to cancel", id);
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

int ll_check_job_recover(struct ll_data *d, struct ll_err *err)
{
    return ll_check_job_update(
        d,
        "UPDATE rural_check SET state = 'queued' WHERE state = 'running' AND $1 IS NOT NULL AND $2 IS NOT NULL",
        "", err);
}

static int expired_one(struct ll_data *d, int64_t now, char id[LL_CHECK_JOB_ID], struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(d), false, &tx, err);

    id[0] = 0;
    if (rc == LL_OK &&
        (rc = ll_sql(
             tx,
             "SELECT id FROM rural_check WHERE expires_at <= $1 AND state IN ('ready', 'failed', 'cancelled')"
             " LIMIT 1",
             &s, err)) == LL_OK) {
        ll_bind_int(s, 1, now);
        if ((rc = ll_step(s, err)) > 0)
            snprintf(id, LL_CHECK_JOB_ID, LL_STR_FMT, LL_STR_ARG(ll_col_text(s, 0)));
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc;
}

int ll_check_job_expire(struct ll_data *d, int64_t now, struct ll_err *err)
{
    char id[LL_CHECK_JOB_ID];
    int rc;

    while ((rc = expired_one(d, now, id, err)) > 0)
        if ((rc = ll_check_job_update(
                 d, "UPDATE rural_check SET state = 'expired', changed_at = $2 WHERE id = $1", id, err)) <
                0 ||
            (rc = remove_blocks(d, id, err)) < 0)
            break;
    return rc;
}
