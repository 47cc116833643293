/* export.c - exports as rows of the control database: asked for, listed, cancelled, expired (export.h). */
#include "share/export_impl.h"

#include "base/clock.h"
#include "base/fs.h"
#include "crypto/random.h"
#include "store/rows.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *word, *extension, *type;
} formats[] = {
#define X(id, word, extension, type, zh, en) {word, extension, type},
    LL_EXPORT_FORMATS(X)
#undef X
};

static const struct {
    const char *word, *title[2];
} states[] = {
#define X(id, word, zh, en) {word, {zh, en}},
    LL_EXPORT_STATES(X)
#undef X
};

bool ll_export_format_find(struct ll_str word, enum ll_export_format *ret)
{
    for (unsigned i = 0; i < LL_EXPORT_FORMAT_COUNT; i++)
        if (ll_str_is(word, formats[i].word)) {
            *ret = (enum ll_export_format)i;
            return true;
        }
    return false;
}

const char *ll_export_format_type(enum ll_export_format f)
{
    return formats[f].type;
}

const char *ll_export_format_extension(enum ll_export_format f)
{
    return formats[f].extension;
}

const char *ll_export_state_word(enum ll_export_state s)
{
    return states[s].word;
}

const char *ll_export_state_title(enum ll_export_state s, enum ll_lang lang)
{
    return states[s].title[lang == LL_EN];
}

/* --- asking ------------------------------------------------------------------------------------------------------------ */

static int unfinished(struct ll_txn *tx, const char *organisation, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx,
                    "SELECT count(*) FROM export WHERE organisation = $1 AND state IN ('queued', 'running',"
                    " 'journalling')",
                    &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, organisation);
    if ((rc = ll_step(s, err)) > 0)
        *ret = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static void items_text(const struct ll_gate *gate, struct ll_buf *out)
{
    for (size_t i = 0; i < gate->n_items; i++) {
        ll_buf_z(out, i ? " " : "");
        ll_buf_z(out, gate->items[i].item->name);
    }
}

static int insert(struct ll_txn *tx, const struct ll_gate *gate, const char *remote,
                  enum ll_export_format format, const char *id, struct ll_err *err)
{
    const struct ll_call *call = gate->call;
    const struct ll_service *made = gate->made ? &gate->made->service : NULL;
    struct ll_buf items = LL_BUF_INIT(LL_GRANT_ITEMS_MAX * 130);
    int64_t now = ll_now_ms();

    items_text(gate, &items);
    int rc =
        items.failed
            ? ll_no_memory(err)
            : ll_exec(
                  tx, err,
                  "INSERT INTO export (id, access_grant, organisation, client, account, officer, resource, format,"
                  " items, remote, state, created_at, changed_at, service, service_version) VALUES ($1, $2, $3, $4,"
                  " $5, $6, $7, $8, $9, $10, 'queued', $11, $11, $12, nullif($13, 0))",
                  "zzzzzszzszizi", id, gate->grant->id, call->actor->organisation, call->actor->client,
                  call->actor->account, call->officer, gate->resource->name, formats[format].word,
                  ll_buf_view(&items), remote, now, made ? made->name : NULL,
                  (int64_t)(made ? made->version : 0));
    ll_buf_free(&items);
    return rc;
}

int ll_export_ask(struct ll_gateway *g, const struct ll_call *call, const char *remote,
                  enum ll_export_format format, struct ll_arena *arena, char id[LL_EXPORT_ID],
                  struct ll_gate **ret_gate, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int64_t n = 0;
    int rc = ll_gate_open(g, call, arena, ret_gate, err);

    if (rc < 0 || (rc = ll_random_id('X', id, err)) < 0 ||
        (rc = ll_txn_begin(g->o.store, true, &tx, err)) < 0)
        return rc;
    if ((rc = unfinished(tx, call->actor->organisation, &n, err)) == LL_OK &&
        n >= (int64_t)ll_data_settings(g->o.data)->export_jobs)
        rc = ll_gate_refuse(*ret_gate, LL_GATE_EXPORTS, err);
    if (rc == LL_OK && (rc = insert(tx, *ret_gate, remote, format, id, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* --- reading ------------------------------------------------------------------------------------------------------------ */

#define COLUMNS                                                                                              \
    "id, access_grant, organisation, client, account, officer, resource, items, remote, sha256, condition,"  \
    " error_zh, error_en, left_out, format, state, attempts, expected, rows, bytes, entry, counted, mark,"   \
    " created_at, changed_at, settled_at, expires_at, service, service_version"

static enum ll_export_state state_of(struct ll_str word)
{
    for (unsigned i = 0; i < LL_EXPORT_STATE_COUNT; i++)
        if (ll_str_is(word, states[i].word))
            return (enum ll_export_state)i;
    return LL_EXPORT_FAILED;
}

static int read_rest(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_export *e = row;

    (void)arena;
    (void)err;
    e->format = LL_EXPORT_CSV;
    (void)ll_export_format_find(ll_col_text(s, 14), &e->format);
    e->state = state_of(ll_col_text(s, 15));
    return LL_OK;
}

#define COLUMN(kind, member) LL_ROW(kind, ll_export, member)
static const struct ll_row_column columns[] = {COLUMN(TEXT, id),
                                               COLUMN(TEXT, grant),
                                               COLUMN(TEXT, organisation),
                                               COLUMN(TEXT, client),
                                               COLUMN(TEXT, account),
                                               COLUMN(TEXT, officer),
                                               COLUMN(TEXT, resource),
                                               COLUMN(TEXT, items),
                                               COLUMN(TEXT, remote),
                                               COLUMN(TEXT, sha256),
                                               COLUMN(TEXT, condition),
                                               COLUMN(TEXT, error_zh),
                                               COLUMN(TEXT, error_en),
                                               COLUMN(TEXT, left_out),
                                               LL_ROW_OTHER,
                                               LL_ROW_OTHER,
                                               COLUMN(OR_NONE, attempts),
                                               COLUMN(OR_NONE, expected),
                                               COLUMN(OR_NONE, rows),
                                               COLUMN(OR_NONE, bytes),
                                               COLUMN(OR_NONE, entry),
                                               COLUMN(OR_NONE, counted),
                                               COLUMN(OR_NONE, mark),
                                               COLUMN(OR_NONE, created_at),
                                               COLUMN(OR_NONE, changed_at),
                                               COLUMN(OR_NONE, settled_at),
                                               COLUMN(OR_NONE, expires_at),
                                               COLUMN(TEXT, service),
                                               COLUMN(INT, service_version)};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_export), read_rest};

int ll_export_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_export *ret,
                  struct ll_err *err)
{
    int rc = ll_row_get(tx, &rows, "SELECT " COLUMNS " FROM export WHERE id = $1", id, arena, ret, err);

    if (rc == 0)
        return ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的导出", "there is no export %s", id);
    return rc < 0 ? rc : LL_OK;
}

#define FITS " FROM export WHERE ($1 IS NULL OR organisation = $1) AND ($2 IS NULL OR state = $2)"

static const struct ll_row_order order_list[] = {{"created", "created_at"}, {"resource", "resource"},
                                                 {"state", "state"},        {"format", "format"},
                                                 {"bytes", "bytes"},        {"expires", "expires_at"}};
static const struct ll_row_orders orders = {order_list, LL_COUNT(order_list), "created_at DESC", "id"};

int ll_export_list(struct ll_txn *tx, const struct ll_export_query *q, struct ll_arena *arena,
                   struct ll_export **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(q->organisation), LL_ARG_Z(q->state)};
    const struct ll_row_page page = LL_ROW_PAGE(COLUMNS, FITS, orders, args, q);
    void *list = NULL;
    int rc = ll_row_list(tx, &rows, &page, arena, &list, ret_n, ret_total, err);

    if (rc == LL_OK)
        *ret = list;
    return rc;
}

static void put_number(struct ll_json *j, const char *key, int64_t v)
{
    ll_json_key(j, key);
    if (v < 0)
        ll_json_null(j);
    else
        ll_json_int(j, v);
}

static void put_time(struct ll_json *j, const char *key, int64_t at)
{
    char when[LL_TIME_TEXT];

    ll_json_kz(j, key, at > 0 ? ll_time_text(at, when) : NULL);
}

static void put_error(struct ll_json *j, const struct ll_export *e)
{
    ll_json_key(j, "error");
    if (!e->error_en) {
        ll_json_null(j);
        return;
    }
    ll_json_obj(j);
    ll_json_kz(j, "condition", e->condition);
    ll_json_kz(j, "zh", e->error_zh);
    ll_json_kz(j, "en", e->error_en);
    ll_json_end_obj(j);
}

void ll_export_put_service(const struct ll_export *e, struct ll_json *j)
{
    if (!e->service)
        return;
    ll_json_kz(j, "service", e->service);
    ll_json_ki(j, "service_version", e->service_version);
}

void ll_export_json(struct ll_json *j, const struct ll_export *e)
{
    ll_json_obj(j);
    ll_json_kz(j, "id", e->id);
    ll_json_kz(j, "resource", e->resource);
    ll_json_kz(j, "service", e->service);
    put_number(j, "service_version", e->service ? e->service_version : -1);
    ll_json_kz(j, "grant", e->grant);
    ll_json_kz(j, "organisation", e->organisation);
    ll_json_kz(j, "client", e->client);
    ll_json_kz(j, "account", e->account);
    ll_json_kz(j, "format", formats[e->format].word);
    ll_json_kz(j, "state", states[e->state].word);
    ll_json_ki(j, "attempts", e->attempts);
    put_number(j, "expected", e->expected);
    ll_json_ki(j, "rows", e->rows);
    ll_json_key(j, "left_out");
    ll_json_raw(j, ll_str(e->left_out ? e->left_out : "{}"));
    put_number(j, "bytes", e->bytes);
    ll_json_kz(j, "sha256", e->sha256);
    put_number(j, "entry", e->entry);
    put_error(j, e);
    put_time(j, "created_at", e->created_at);
    put_time(j, "changed_at", e->changed_at);
    put_time(j, "expires_at", e->expires_at);
    ll_json_end_obj(j);
}

/* --- ending ------------------------------------------------------------------------------------------------------------- */

int ll_export_path(const struct ll_data *d, const char *id, const char *end, char out[LL_PATH],
                   struct ll_err *err)
{
    return ll_data_path(d, out, err, "exports/%s.%s", id, end);
}

static int remove_file(const struct ll_data *d, const char *id, struct ll_err *err)
{
    char path[LL_PATH];
    int rc = ll_export_path(d, id, "sealed", path, err);

    if (rc == LL_OK)
        unlink(path); /* not there is as good; what stays is removed by the next start (ll_export_recover) */
    return rc;
}

int ll_export_cancel(struct ll_data *d, const char *id, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(d), true, &tx, err);

    if (rc == LL_OK)
        rc = ll_exec(tx, err,
                     "UPDATE export SET state = 'cancelled', changed_at = $2 WHERE id = $1"
                     " AND state IN ('queued', 'running', 'ready')",
                     "zi", id, ll_now_ms());
    if (rc == LL_OK && !ll_txn_changes(tx))
        rc = ll_fail(err, LL_CONFLICT, "导出 %s 已经结束，没有可取消的",
                     "export %s has ended; there is nothing to cancel", id);
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc < 0 ? rc : remove_file(d, id, err);
}

/* One a call: the state is durable before the file goes. */
static int expire_one(struct ll_data *d, int64_t now, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    struct ll_txn *tx = NULL;
    char id[LL_EXPORT_ID] = "";
    int rc = ll_txn_begin(ll_data_store(d), true, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(tx, "SELECT id FROM export WHERE state = 'ready' AND expires_at <= $1 LIMIT 1", &s,
                     err)) == LL_OK) {
        ll_bind_int(s, 1, now);
        if ((rc = ll_step(s, err)) > 0)
            snprintf(id, sizeof id, LL_STR_FMT, LL_STR_ARG(ll_col_text(s, 0)));
    }
    ll_stmt_done(s);
    if (rc > 0 && (rc = ll_exec(tx, err, "UPDATE export SET state = 'expired', changed_at = $2 WHERE id = $1",
                                "zi", id, now)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc < 0 || !id[0] ? rc : (rc = remove_file(d, id, err)) < 0 ? rc : 1;
}

int ll_export_expire(struct ll_data *d, int64_t now, size_t *ret_n, struct ll_err *err)
{
    int rc;

    *ret_n = 0;
    while ((rc = expire_one(d, now, err)) > 0)
        ++*ret_n;
    return rc;
}

/* --- after a start ------------------------------------------------------------------------------------------------------- */

static int is_ready(struct ll_data *d, struct ll_str id, bool *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(d), false, &tx, err);

    *ret = true;
    if (rc == LL_OK &&
        (rc = ll_sql(tx, "SELECT 1 FROM export WHERE id = $1 AND state IN ('ready', 'journalling')", &s,
                     err)) == LL_OK) {
        ll_bind_text(s, 1, id);
        rc = ll_step(s, err);
        *ret = rc != 0;
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

static int sweep_one(void *ctx, const char *name, struct ll_err *err)
{
    struct ll_data *d = ctx;
    struct ll_str id, end;
    char path[LL_PATH];
    bool ready = false;
    int rc = LL_OK;

    ll_str_cut(ll_str(name), '.', &id, &end);
    if (ll_str_is(end, "sealed"))
        rc = is_ready(d, id, &ready, err);
    if (rc < 0 || ready || (rc = ll_data_path(d, path, err, "exports/%s", name)) < 0)
        return rc;
    unlink(path);
    return LL_OK;
}

static int sweep_work(void *ctx, const char *name, struct ll_err *err)
{
    char path[LL_PATH];
    int rc;

    if (!ll_str_starts(ll_str(name), LL_STR("export-")))
        return LL_OK;
    rc = ll_data_path(ctx, path, err, "work/%s", name);
    return rc < 0 ? rc : ll_fs_remove_tree(path, err);
}

int ll_export_recover(struct ll_data *d, struct ll_err *err)
{
    char dir[LL_PATH], work[LL_PATH];
    struct ll_txn *tx = NULL;
    int rc;

    if ((rc = ll_data_path(d, dir, err, "exports")) < 0 || (rc = ll_fs_mkdirs(dir, err)) < 0 ||
        (rc = ll_data_path(d, work, err, "work")) < 0 || (rc = ll_fs_mkdirs(work, err)) < 0 ||
        (rc = ll_fs_each(dir, sweep_one, d, err)) < 0 || (rc = ll_fs_each(work, sweep_work, d, err)) < 0 ||
        (rc = ll_txn_begin(ll_data_store(d), true, &tx, err)) < 0)
        return rc;
    rc = ll_exec(tx, err, "UPDATE export SET state = 'queued' WHERE state IN ('running', 'journalling')", "");
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}
