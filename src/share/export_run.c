/* export_run.c - makes the file of an export: rows, sealing, consents, journal (export.h). */
#include "share/export_impl.h"

#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "crypto/base64.h"
#include "intake/sealed.h"
#include "journal/canon.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SUBJECTS_AN_ENTRY = 1000, PROGRESS_US = 1000000, HOUR_MS = 3600000 };

/* One job under way. */
struct job {
    struct ll_gateway *g;
    const struct ll_export_work *w;
    struct ll_arena *arena;
    struct ll_export e;
    struct ll_actor actor;
    struct ll_call call;
    unsigned char addr[16];
    struct ll_gate *gate;
    struct ll_export_rows rows;
    uint64_t told_us;
    bool stopped;

    struct ll_sealed *file;
    int64_t bytes;
    char sha256[LL_SHA256_HEX];
    struct ll_buf left_out;
    uint64_t n_left_out;
};

/* --- claiming --------------------------------------------------------------------------------------------------------------- */

int ll_export_next(struct ll_gateway *g, char id[LL_EXPORT_ID], struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(g->o.store, true, &tx, err);

    id[0] = 0;
    if (rc == LL_OK &&
        (rc = ll_sql(
             tx,
             "SELECT id FROM export e WHERE state = 'queued' ORDER BY EXISTS (SELECT 1 FROM export r WHERE"
             " r.organisation = e.organisation AND r.state IN ('running', 'journalling')), created_at, id LIMIT 1",
             &s, err)) == LL_OK &&
        (rc = ll_step(s, err)) > 0)
        snprintf(id, LL_EXPORT_ID, LL_STR_FMT, LL_STR_ARG(ll_col_text(s, 0)));
    ll_stmt_done(s);
    if (rc > 0 &&
        (rc = ll_exec(tx, err,
                      "UPDATE export SET state = 'running', attempts = attempts + 1, changed_at = $2"
                      " WHERE id = $1",
                      "zi", id, ll_now_ms())) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc < 0 ? rc : id[0] != 0;
}

static int update(struct job *b, const char *sql, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(b->g->o.store, true, &tx, err);

    if (rc == LL_OK)
        rc = ll_exec(tx, err, sql, "zi", b->e.id, ll_now_ms());
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* Who asked, as they may act now. */
static int learn_actor(struct job *b, struct ll_err *err)
{
    b->actor = (struct ll_actor){.account = b->e.account,
                                 .client = b->e.client,
                                 .organisation = b->e.organisation,
                                 .roles = LL_DUTY_CONSUMER_STEWARD};
    return b->e.client ? ll_access_client(b->g->o.access, b->e.client, b->arena, &b->actor, err) : LL_OK;
}

static int learn_call(struct job *b, struct ll_err *err)
{
    int rc = ll_export_call(&b->e, &b->actor, b->arena, &b->call, err);

    b->call.was_signed = true;
    if (b->e.remote && ll_address_parse(ll_str(b->e.remote), b->addr))
        b->call.addr = b->addr;
    return rc;
}

static int open_job(struct job *b, const char *id, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(b->g->o.store, false, &tx, err);

    if (rc == LL_OK)
        rc = ll_export_get(tx, id, b->arena, &b->e, err);
    ll_txn_end(tx);
    if (rc < 0 || (rc = learn_actor(b, err)) < 0)
        return rc;
    return learn_call(b, err);
}

/* --- while rows go by --------------------------------------------------------------------------------------------------------- */

static int still_wanted(struct job *b, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(b->g->o.store, false, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(tx, "SELECT 1 FROM export WHERE id = $1 AND state = 'running'", &s, err)) == LL_OK) {
        ll_bind_z(s, 1, b->e.id);
        rc = ll_step(s, err);
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc == 0  ? ll_fail(err, LL_CONFLICT, "导出已被取消", "the export was cancelled")
           : rc < 0 ? rc
                    : LL_OK;
}

static int on_tick(void *ctx, uint64_t rows, struct ll_err *err)
{
    struct job *b = ctx;
    struct ll_txn *tx = NULL;
    uint64_t now = ll_mono_us();
    int rc;

    if ((b->stopped = b->w->stop(b->w->ctx)))
        return ll_fail(err, LL_BUSY, "服务正在停止", "the server is stopping");
    if ((rc = still_wanted(b, err)) < 0 || now - b->told_us < PROGRESS_US)
        return rc;
    b->told_us = now;
    if ((rc = ll_txn_begin(b->g->o.store, true, &tx, err)) == LL_OK &&
        (rc = ll_exec(tx, err,
                      "UPDATE export SET rows = $2, changed_at = $3 WHERE id = $1 AND state = 'running'",
                      "zii", b->e.id, (int64_t)rows, ll_now_ms())) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

static int note_expected(struct job *b, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    uint64_t n = 0;
    int rc = ll_table_count(b->gate->table, &n, err);

    if (rc == LL_OK && (rc = ll_txn_begin(b->g->o.store, true, &tx, err)) == LL_OK &&
        (rc = ll_exec(tx, err, "UPDATE export SET expected = $2, rows = 0 WHERE id = $1", "zi", b->e.id,
                      (int64_t)n)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* --- the file ---------------------------------------------------------------------------------------------------------------- */

static int open_file(struct job *b, struct ll_err *err)
{
    char path[LL_PATH];
    int rc = ll_export_path(b->g->o.data, b->e.id, "sealed", path, err);

    return rc < 0 ? rc : ll_sealed_create(b->g->o.data, LL_EXPORT_SEALED_AS, path, &b->file, err);
}

/* The type that a column has in Parquet: what is masked is text. */
static const char *sql_type(struct ll_arena *arena, const struct gate_item *it)
{
    const struct ll_element *e = it->item->element;

    if (!ll_gate_shown(it))
        return "VARCHAR";
    switch (e->type) {
    case LL_TYPE_INTEGER:
        return "BIGINT";
    case LL_TYPE_DECIMAL:
        return ll_arena_printf(arena, "DECIMAL(%u,%u)", e->precision, e->scale);
    case LL_TYPE_DATE:
        return "DATE";
    case LL_TYPE_DATETIME:
        return "TIMESTAMP";
    case LL_TYPE_BOOLEAN:
        return "BOOLEAN";
    default:
        return "VARCHAR";
    }
}

static int columns_of(struct job *b, struct ll_export_plan *plan, struct ll_err *err)
{
    size_t n = b->gate->n_items;
    struct ll_export_column *list = ll_arena_array(b->arena, n + 1, sizeof *list);

    if (!list)
        return ll_no_memory(err);
    for (size_t i = 0; i < n; i++) {
        const struct gate_item *it = &b->gate->items[i];
        list[i] = (struct ll_export_column){it->item->name, it->item->title, sql_type(b->arena, it)};
        if (!list[i].sql)
            return ll_no_memory(err);
    }
    list[n] = (struct ll_export_column){"ll_states", "取值状态", "VARCHAR"};
    plan->columns = list;
    plan->n_columns = n + 1;
    return LL_OK;
}

static int write_file(struct job *b, struct ll_err *err)
{
    char scratch[LL_PATH];
    struct ll_err ignored;
    struct ll_export_plan plan = {.format = b->e.format,
                                  .title = b->gate->resource->title,
                                  .rows = &b->rows.rows,
                                  .data = b->g->o.data,
                                  .scratch = scratch,
                                  .put = ll_sealed_put,
                                  .out = b->file};
    int rc = ll_data_path(b->g->o.data, scratch, err, "work/export-%s", b->e.id);

    if (rc < 0 || (rc = ll_fs_remove_tree(scratch, err)) < 0 || (rc = ll_fs_mkdirs(scratch, err)) < 0 ||
        (rc = columns_of(b, &plan, err)) < 0)
        return rc;
    if (chmod(scratch, 0700) < 0)
        rc = ll_fail_errno(err, LL_IO, "无法设置 %s 的权限", "cannot set the mode of %s", scratch);
    if (rc == LL_OK)
        rc = b->w->write(&plan, err);
    if (b->rows.rc < 0) { /* what the writer makes of it is of no use to anybody */
        rc = b->rows.rc;
        *err = b->rows.err;
    }
    if (ll_fs_remove_tree(scratch, &ignored) < 0)
        ll_log(LL_WARN, "export", "%s", ignored.en);
    return rc < 0 ? rc : ll_sealed_finish(b->file, b->sha256, &b->bytes, err);
}

static int make_file(struct job *b, struct ll_err *err)
{
    int rc = ll_gate_open(b->g, &b->call, b->arena, &b->gate, err);

    if (rc < 0 || (rc = note_expected(b, err)) < 0 ||
        (rc = ll_export_rows_open(&b->rows, b->gate, b->e.format == LL_EXPORT_JSONL, err)) < 0)
        return rc;
    b->rows.tick = on_tick;
    b->rows.ctx = b;
    if ((rc = open_file(b, err)) < 0 || (rc = write_file(b, err)) < 0)
        return rc;
    ll_export_left_out(&b->rows, &b->left_out, &b->n_left_out);
    ll_export_list_unique(&b->rows.subjects);
    ll_export_list_unique(&b->rows.consents);
    return ll_gate_reserve(b->gate, b->rows.n, err);
}

/* --- consents and state, in one transaction ---------------------------------------------------------------------------------------- */

static int use_consents(struct job *b, struct ll_txn *tx, struct ll_err *err)
{
    int64_t now = ll_now_ms();
    int rc = LL_OK;

    for (size_t i = 0; rc == LL_OK && !b->e.counted && i < b->rows.consents.n; i++) {
        rc = ll_exec(tx, err,
                     "UPDATE consent SET used = used + 1 WHERE id = $1 AND state = 'active' AND until_at > $2"
                     " AND (uses = 0 OR used < uses)",
                     "zi", ll_export_list_at(&b->rows.consents, i), now);
        if (rc == LL_OK && ll_txn_changes(tx) != 1)
            rc = ll_fail(err, LL_BUSY, "导出期间有授权被撤回、到期或用完，重新生成",
                         "a consent was withdrawn, ended or used up meanwhile; the export is made again");
    }
    return rc;
}

static int settle(struct job *b, struct ll_err *err)
{
    struct ll_journal_status s;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(b->g->o.store, true, &tx, err);

    ll_journal_status(ll_journaling_journal(b->g->o.journaling), &s);
    if (rc == LL_OK && (rc = use_consents(b, tx, err)) == LL_OK)
        rc = ll_exec(
            tx, err,
            "UPDATE export SET state = 'journalling', rows = $2, left_out = $3, bytes = $4, sha256 = $5,"
            " counted = 1, mark = $6, changed_at = $7, settled_at = $7 WHERE id = $1 AND state = 'running'",
            "zisizii", b->e.id, (int64_t)b->rows.n, ll_buf_view(&b->left_out), b->bytes, b->sha256,
            (int64_t)s.size, ll_now_ms());
    if (rc == LL_OK && ll_txn_changes(tx) != 1)
        rc = ll_fail(err, LL_CONFLICT, "导出已被取消", "the export was cancelled");
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* --- the journal -------------------------------------------------------------------------------------------------------------------- */

static void put_text(struct ll_json *j, const char *key, const char *text)
{
    if (text)
        ll_json_kz(j, key, text);
}

static void put_items(struct job *b, struct ll_json *j)
{
    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = 0; i < b->gate->n_items; i++)
        ll_json_z(j, b->gate->items[i].item->name);
    ll_json_end_arr(j);
}

/* Who is in it: from the from-th on.  An entry of subjects says which part it is, and is not counted as a call (ledger.c). */
static void put_subjects(struct job *b, struct ll_json *j, size_t from)
{
    size_t n = b->rows.subjects.n - from;

    ll_json_key(j, "subjects");
    ll_json_arr(j);
    for (size_t i = 0; i < n && i < SUBJECTS_AN_ENTRY; i++)
        ll_json_z(j, ll_export_list_at(&b->rows.subjects, from + i));
    ll_json_end_arr(j);
}

static int append(struct job *b, struct ll_buf *plain, struct ll_receipt *ret, struct ll_err *err)
{
    struct ll_buf canon = LL_BUF_INIT(LL_ENTRY_MAX + 1);
    int rc = plain->failed ? ll_no_memory(err) : ll_canon_put(ll_buf_view(plain), &canon, err);

    if (rc == LL_OK)
        rc = ll_journal_append(ll_journaling_journal(b->g->o.journaling), LL_ENTRY_EXPORT,
                               ll_buf_view(&canon), ret, err);
    ll_buf_free(&canon);
    return rc;
}

/* part 0: the export itself; otherwise the subjects of one part. */
static int append_part(struct job *b, size_t part, size_t parts, struct ll_receipt *ret, struct ll_err *err)
{
    struct ll_buf plain = LL_BUF_INIT(LL_ENTRY_MAX * 2);
    struct ll_json j;

    ll_json_init(&j, &plain);
    ll_json_obj(&j);
    put_text(&j, "client", b->e.client ? b->e.client : b->e.account);
    ll_json_kz(&j, "export", b->e.id);
    ll_json_kz(&j, "file", b->sha256);
    ll_json_kz(&j, "format", ll_export_format_extension(b->e.format));
    ll_json_kz(&j, "grant", b->e.grant);
    put_items(b, &j);
    ll_json_kz(&j, "mode", "export");
    put_text(&j, "officer", b->e.officer && b->e.officer[0] ? b->e.officer : NULL);
    ll_json_kz(&j, "organisation", b->e.organisation);
    ll_json_ki(&j, "parts", (int64_t)parts);
    ll_json_kz(&j, "purpose", b->gate->grant->purpose);
    ll_json_kz(&j, "resource", b->e.resource);
    ll_export_put_service(&b->e, &j);
    if (part) {
        ll_json_ki(&j, "part", (int64_t)part);
        put_subjects(b, &j, (part - 1) * SUBJECTS_AN_ENTRY);
    } else {
        ll_json_ki(&j, "found", (int64_t)b->rows.n);
        ll_json_ki(&j, "keys", (int64_t)b->rows.n);
        ll_json_ki(&j, "left_out", (int64_t)b->n_left_out);
    }
    ll_json_end_obj(&j);
    int rc = append(b, &plain, ret, err);
    ll_buf_free(&plain);
    return rc;
}

/* The subjects first: an export that the journal has is there with everybody in it. */
static int append_all(struct job *b, struct ll_receipt *ret, struct ll_err *err)
{
    size_t parts = (b->rows.subjects.n + SUBJECTS_AN_ENTRY - 1) / SUBJECTS_AN_ENTRY;
    int rc = LL_OK;

    for (size_t i = 1; rc == LL_OK && i <= parts; i++)
        rc = append_part(b, i, parts, ret, err);
    return rc < 0 ? rc : append_part(b, 0, parts, ret, err);
}

/* Is entry `index` the one that says what this export came to? */
static int is_entry(struct job *b, uint64_t index, bool *ret, struct ll_err *err)
{
    static const char *const names[] = {"export", "file", "part"};
    struct ll_buf text = LL_BUF_INIT(LL_ENTRY_MAX + 1), sealed = LL_BUF_INIT(LL_SEALED_MAX + 1);
    struct ll_str m[LL_COUNT(names)], body;
    struct ll_entry e;
    int rc = ll_journal_entry(ll_journaling_journal(b->g->o.journaling), index, &text, &sealed, err);

    *ret = false;
    if (rc == LL_OK && (rc = ll_entry_parse(ll_buf_view(&text), &e, err)) == LL_OK &&
        e.type == LL_ENTRY_EXPORT && sealed.n > LL_SALT) {
        body = (struct ll_str){sealed.p + LL_SALT, sealed.n - LL_SALT};
        *ret = ll_canon_members(body, names, LL_COUNT(names), m) && !m[2].p &&
               m[0].n == strlen(b->e.id) + 2 && memcmp(m[0].p + 1, b->e.id, m[0].n - 2) == 0 &&
               m[1].n == strlen(b->e.sha256) + 2 && memcmp(m[1].p + 1, b->e.sha256, m[1].n - 2) == 0;
    }
    ll_buf_free(&text);
    ll_buf_free(&sealed);
    return rc;
}

/* What a crash may have left between the entry and the row: promise (3).  1: found. */
static int look_for(struct job *b, uint64_t *ret, struct ll_err *err)
{
    struct ll_journal_status s;
    char path[LL_PATH];
    bool same = false;
    int rc = ll_export_path(b->g->o.data, b->e.id, "sealed", path, err);

    if (rc < 0 || b->e.mark < 0 || !b->e.sha256 || !ll_fs_exists(path))
        return rc;
    ll_journal_status(ll_journaling_journal(b->g->o.journaling), &s);
    for (uint64_t i = (uint64_t)b->e.mark; i < s.size && rc == LL_OK && !same; i++) {
        rc = is_entry(b, i, &same, err);
        *ret = i;
    }
    return rc < 0 ? rc : same;
}

static int finish(struct job *b, uint64_t entry, struct ll_err *err)
{
    int64_t now = ll_now_ms(), until = now + (int64_t)ll_data_settings(b->g->o.data)->export_keep_h * HOUR_MS;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(b->g->o.store, true, &tx, err);

    if (rc == LL_OK)
        rc = ll_exec(
            tx, err,
            "UPDATE export SET state = 'ready', entry = $2, changed_at = $3, expires_at = $4 WHERE id = $1",
            "ziii", b->e.id, (int64_t)entry, now, until);
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* --- failing ----------------------------------------------------------------------------------------------------------------------------- */

static int note_failure(struct job *b, const char *condition, const struct ll_err *why, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(b->g->o.store, true, &tx, err);

    if (rc == LL_OK)
        rc = ll_exec(
            tx, err,
            "UPDATE export SET state = 'failed', condition = $2, error_zh = $3, error_en = $4, changed_at = $5"
            " WHERE id = $1 AND state <> 'cancelled'",
            "zzzzi", b->e.id, condition, ll_err_text(why, LL_ZH), ll_err_text(why, LL_EN), ll_now_ms());
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* A condition of the gateway: the refusal stands in the journal as that of any call. */
static int note_refusal(struct job *b, struct ll_err *err)
{
    struct ll_buf payload = LL_BUF_INIT(LL_ENTRY_MAX + 1);
    struct ll_receipt receipt;
    enum ll_entry_type type;
    int rc = ll_gate_entry(b->gate, &type, &payload, err);

    if (rc == LL_OK)
        rc = ll_journal_append(ll_journaling_journal(b->g->o.journaling), type, ll_buf_view(&payload),
                               &receipt, err);
    ll_buf_free(&payload);
    return rc;
}

/* What failed is told in the row; a stop, or something that may pass, leaves the job waiting. */
static int fail(struct job *b, int rc, const struct ll_err *why, struct ll_err *err)
{
    const char *condition = b->gate ? ll_gate_condition(b->gate) : NULL;
    char path[LL_PATH];
    struct ll_err more;

    if (ll_export_path(b->g->o.data, b->e.id, "sealed", path, NULL) == LL_OK)
        unlink(path);
    if (b->stopped)
        return update(
            b,
            "UPDATE export SET state = 'queued', attempts = attempts - 1, changed_at = $2 WHERE id = $1"
            " AND state = 'running'",
            err);
    if (rc == LL_CONFLICT)
        return LL_OK; /* cancelled */
    if (condition && note_refusal(b, &more) < 0)
        ll_log(LL_WARN, "export", "%s: the refusal could not be journalled: %s", b->e.id, more.en);
    if (!condition && (rc == LL_BUSY || rc == LL_IO || rc == LL_NOMEM) && b->e.attempts < LL_EXPORT_ATTEMPTS)
        return update(b,
                      "UPDATE export SET state = 'queued', changed_at = $2 WHERE id = $1"
                      " AND state IN ('running', 'journalling')",
                      err);
    return note_failure(b, condition, why, err);
}

/* --- all of it ------------------------------------------------------------------------------------------------------------------------------ */

static int make(struct job *b, struct ll_err *err)
{
    struct ll_receipt receipt = {0};
    uint64_t index = 0;
    int rc = look_for(b, &index, err);

    if (rc < 0)
        return rc;
    if (rc > 0) /* it had come as far as the journal */
        return finish(b, index, err);
    if (b->e.attempts > LL_EXPORT_ATTEMPTS)
        return ll_fail(err, LL_FAIL, "多次中断，已放弃；请重新发起",
                       "interrupted too often and given up; ask for it anew");
    if ((rc = make_file(b, err)) < 0 || (rc = settle(b, err)) < 0 || (rc = append_all(b, &receipt, err)) < 0)
        return rc;
    return finish(b, receipt.index, err);
}

static void close_job(struct job *b)
{
    ll_sealed_close(b->file);
    if (b->gate)
        ll_export_rows_close(&b->rows);
    ll_gate_close(b->gate);
    ll_buf_free(&b->left_out);
    ll_arena_free(b->arena);
}

int ll_export_run(struct ll_gateway *g, const char *id, const struct ll_export_work *w, struct ll_err *err)
{
    struct job b = {.g = g, .w = w, .left_out = LL_BUF_INIT(LL_EXPORT_LEFT_OUT)};
    struct ll_err why;
    int rc;

    if (!(b.arena = ll_arena_new(0)))
        return ll_no_memory(err);
    rc = open_job(&b, id, &why);
    if (!b.e.id)
        *err = why;
    else if (rc == LL_OK)
        rc = make(&b, &why);
    if (rc < 0 && b.e.id)
        rc = fail(&b, rc, &why, err);
    close_job(&b);
    return rc < 0 ? rc : LL_OK;
}
