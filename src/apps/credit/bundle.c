/* bundle.c - bundles of reports as rows of the control database: asked for, listed, cancelled, fetched, expired (bundle.h). */
#include "apps/credit/bundle_impl.h"

#include "base/clock.h"
#include "crypto/random.h"
#include "intake/sealed.h"
#include "share/admin.h"
#include "store/rows.h"

#include <stdio.h>
#include <string.h>

static const char *const states[] = {
#define X(name, word, zh, en) word,
    LL_BUNDLE_STATES(X)
#undef X
};

int ll_bundle_path(const struct ll_data *d, const char *id, const char *name, char out[LL_PATH],
                   struct ll_err *err)
{
    return ll_data_path(d, out, err, "bundles/%s/%s", id, name);
}

static int remove_files(const struct ll_data *d, const char *id, struct ll_err *err)
{
    char path[LL_PATH];
    int rc = ll_data_path(d, path, err, "bundles/%s", id);

    return rc < 0 ? rc : ll_fs_remove_tree(path, err);
}

/* --- asking ------------------------------------------------------------------------------------------------------------- */

static int unfinished(struct ll_txn *tx, const char *organisation, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx, "SELECT count(*) FROM report_bundle WHERE organisation = $1 AND state IN ('queued', 'running')",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, organisation);
    if ((rc = ll_step(s, err)) > 0)
        *ret = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int note(struct ll_txn *tx, const struct ll_actor *by, enum ll_admin_act act, const char *id,
                int64_t n, struct ll_err *err)
{
    char detail[48];

    snprintf(detail, sizeof detail, "%lld", (long long)n);
    const struct ll_admin_note what = {.act = act, .object = ll_str(id), .detail = ll_str(detail)};
    return ll_admin_note(tx, by, &what, err);
}

static int insert(struct ll_data *d, const struct ll_bundle_ask *ask, const char *id, struct ll_err *err)
{
    int64_t now = ll_now_ms(), n = 0, most = (int64_t)ll_data_settings(d)->export_jobs;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(d), true, &tx, err);

    if (rc == LL_OK && (rc = unfinished(tx, ask->actor->organisation, &n, err)) == LL_OK && n >= most)
        rc = ll_fail(err, LL_TOOMANY, "本机构已有 %lld 批报告在出具，请等其中一批完成",
                     "%lld bundles of this organisation are under way: wait for one of them", (long long)n);
    if (rc == LL_OK)
        rc = ll_exec(
            tx, err,
            "INSERT INTO report_bundle (id, organisation, client, account, officer, purpose, remote, lang, format,"
            " state, subjects, created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', $10,"
            " $11, $11)",
            "zzzzzzzzzii", id, ask->actor->organisation, ask->actor->client, ask->actor->account,
            ask->officer, ask->purpose, ask->remote, ask->lang == LL_EN ? "en" : "zh",
            ask->format == LL_ISSUE_PDF ? "pdf" : "html", (int64_t)ask->list->n, now);
    if (rc == LL_OK &&
        (rc = note(tx, ask->actor, LL_ADMIN_REPORTS_ASKED, id, (int64_t)ask->list->n, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

int ll_bundle_ask(struct ll_data *d, const struct ll_bundle_ask *ask, char id[LL_BUNDLE_ID],
                  struct ll_err *err)
{
    char folder[LL_PATH], path[LL_PATH];
    struct ll_err ignored;
    int rc;

    if ((rc = ll_bundle_list_done(ask->list, err)) < 0 || (rc = ll_random_id('B', id, err)) < 0 ||
        (rc = ll_data_path(d, folder, err, "bundles/%s", id)) < 0 || (rc = ll_fs_mkdirs(folder, err)) < 0 ||
        (rc = ll_bundle_path(d, id, "list", path, err)) < 0)
        return rc;
    if ((rc = ll_sealed_write(d, LL_BUNDLE_SEALED_AS, path, ll_buf_view(&ask->list->text), err)) == LL_OK)
        rc = insert(d, ask, id, err);
    if (rc < 0)
        (void)remove_files(d, id, &ignored); /* what stays is removed by the next start */
    return rc;
}

/* --- reading ------------------------------------------------------------------------------------------------------------ */

#define COLUMNS                                                                                                     \
    "id, organisation, client, account, officer, purpose, remote, lang, format, state, sha256, error_zh, error_en," \
    " subjects, issued, refused, attempts, bytes, created_at, changed_at, expires_at"
#define COLUMN(kind, member) LL_ROW(kind, ll_bundle, member)
static const struct ll_row_column columns[] = {
    COLUMN(TEXT, id),           COLUMN(TEXT, organisation), COLUMN(TEXT, client),    COLUMN(TEXT, account),
    COLUMN(TEXT, officer),      COLUMN(TEXT, purpose),      COLUMN(TEXT, remote),    COLUMN(TEXT, lang),
    COLUMN(TEXT, format),       COLUMN(TEXT, state),        COLUMN(TEXT, sha256),    COLUMN(TEXT, error_zh),
    COLUMN(TEXT, error_en),     COLUMN(INT, subjects),      COLUMN(INT, issued),     COLUMN(INT, refused),
    COLUMN(INT, attempts),      COLUMN(OR_NONE, bytes),     COLUMN(INT, created_at), COLUMN(INT, changed_at),
    COLUMN(OR_NONE, expires_at)};
static const struct ll_row_form form = {columns, LL_COUNT(columns), sizeof(struct ll_bundle), NULL};

int ll_bundle_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_bundle *ret,
                  struct ll_err *err)
{
    int rc = ll_row_get(tx, &form, "SELECT " COLUMNS " FROM report_bundle WHERE id = $1", id, arena, ret,
                        err);

    if (rc == 0)
        return ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的批量报告", "there is no bundle %s", id);
    return rc < 0 ? rc : LL_OK;
}

int ll_bundle_page(struct ll_txn *tx, const struct ll_bundle_query *q, struct ll_arena *arena,
                   struct ll_bundle **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
#define FITS " FROM report_bundle WHERE ($1 IS NULL OR organisation = $1)"
    static const struct ll_row_order order_list[] = {
        {"created", "created_at"}, {"state", "state"}, {"subjects", "subjects"}, {"expires", "expires_at"}};
    static const struct ll_row_orders orders = {order_list, LL_COUNT(order_list), "created_at DESC", "id"};
    const struct ll_row_arg args[] = {LL_ARG_Z(q->organisation)};
    const struct ll_row_page page = LL_ROW_PAGE(COLUMNS, FITS, orders, args, q);
    void *list = NULL;
    int rc = ll_row_list(tx, &form, &page, arena, &list, ret_n, ret_total, err);

    if (rc == LL_OK)
        *ret = list;
    return rc;
}

static void put_time(struct ll_json *j, const char *key, int64_t at)
{
    char when[LL_TIME_TEXT];

    ll_json_kz(j, key, at > 0 ? ll_time_text(at, when) : NULL);
}

static void put_members(struct ll_json *j, const struct ll_bundle *b)
{
    ll_json_kz(j, "id", b->id);
    ll_json_kz(j, "organisation", b->organisation);
    ll_json_kz(j, "by", b->account ? b->account : b->client);
    ll_json_kz(j, "officer", b->officer);
    ll_json_kz(j, "purpose", b->purpose);
    ll_json_kz(j, "format", b->format);
    ll_json_kz(j, "state", b->state);
    ll_json_ki(j, "subjects", b->subjects);
    ll_json_ki(j, "issued", b->issued);
    ll_json_ki(j, "refused", b->refused);
    ll_json_key(j, "bytes");
    if (b->bytes < 0)
        ll_json_null(j);
    else
        ll_json_int(j, b->bytes);
    ll_json_kz(j, "sha256", b->sha256);
    ll_json_key(j, "error");
    if (b->error_en) {
        ll_json_obj(j);
        ll_json_kz(j, "zh", b->error_zh);
        ll_json_kz(j, "en", b->error_en);
        ll_json_end_obj(j);
    } else
        ll_json_null(j);
    put_time(j, "created_at", b->created_at);
    put_time(j, "changed_at", b->changed_at);
    put_time(j, "expires_at", b->expires_at);
}

void ll_bundle_put(struct ll_json *j, const struct ll_bundle *b)
{
    ll_json_obj(j);
    put_members(j, b);
    ll_json_end_obj(j);
}

static void put_text(struct ll_json *j, const char *key, struct ll_stmt *s, int at)
{
    ll_json_key(j, key);
    if (ll_col_null(s, at))
        ll_json_null(j);
    else
        ll_json_str(j, ll_col_text(s, at));
}

int ll_bundle_put_whole(struct ll_txn *tx, struct ll_json *j, const struct ll_bundle *b, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx,
        "SELECT row, condition, error_zh, error_en FROM report_bundle_row WHERE bundle = $1 AND error_en IS NOT NULL"
        " ORDER BY row LIMIT $2",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, b->id);
    ll_bind_int(s, 2, LL_BUNDLE_SHOWN);
    ll_json_obj(j);
    put_members(j, b);
    ll_json_key(j, "problems");
    ll_json_arr(j);
    while ((rc = ll_step(s, err)) > 0) {
        ll_json_obj(j);
        ll_json_ki(j, "row", ll_col_int(s, 0));
        put_text(j, "condition", s, 1);
        put_text(j, "zh", s, 2);
        put_text(j, "en", s, 3);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
    ll_stmt_done(s);
    return rc;
}

/* --- ending ------------------------------------------------------------------------------------------------------------- */

int ll_bundle_cancel(struct ll_data *d, const char *id, const struct ll_actor *by, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(d), true, &tx, err);

    if (rc == LL_OK)
        rc = ll_exec(tx, err,
                     "UPDATE report_bundle SET state = 'cancelled', changed_at = $2 WHERE id = $1"
                     " AND state IN ('queued', 'running', 'ready')",
                     "zi", id, ll_now_ms());
    if (rc == LL_OK && !ll_txn_changes(tx))
        rc = ll_fail(err, LL_CONFLICT, "这批报告已经结束，没有可取消的",
                     "this bundle has ended; there is nothing to cancel");
    if (rc == LL_OK && (rc = note(tx, by, LL_ADMIN_REPORTS_CANCELLED, id, 0, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc < 0 ? rc : remove_files(d, id, err);
}

/* One a call: the state is durable before the files go. */
static int expire_one(struct ll_data *d, int64_t now, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    struct ll_txn *tx = NULL;
    char id[LL_BUNDLE_ID] = "";
    int rc = ll_txn_begin(ll_data_store(d), true, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(tx, "SELECT id FROM report_bundle WHERE state = 'ready' AND expires_at <= $1 LIMIT 1",
                     &s, err)) == LL_OK) {
        ll_bind_int(s, 1, now);
        if ((rc = ll_step(s, err)) > 0)
            snprintf(id, sizeof id, LL_STR_FMT, LL_STR_ARG(ll_col_text(s, 0)));
    }
    ll_stmt_done(s);
    if (rc > 0 &&
        (rc = ll_exec(tx, err, "UPDATE report_bundle SET state = 'expired', changed_at = $2 WHERE id = $1",
                      "zi", id, now)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc < 0 || !id[0] ? rc : (rc = remove_files(d, id, err)) < 0 ? rc : 1;
}

int ll_bundle_expire(struct ll_data *d, int64_t now, struct ll_err *err)
{
    int rc;

    while ((rc = expire_one(d, now, err)) > 0)
        ;
    return rc;
}

static int sweep_one(void *ctx, const char *name, struct ll_err *err)
{
    struct ll_data *d = ctx;
    struct ll_stmt *s = NULL;
    struct ll_txn *tx = NULL;
    bool needed = true;
    int rc = ll_txn_begin(ll_data_store(d), false, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(tx,
                     "SELECT 1 FROM report_bundle WHERE id = $1 AND state IN ('queued', 'running', 'ready')",
                     &s, err)) == LL_OK) {
        ll_bind_z(s, 1, name);
        rc = ll_step(s, err);
        needed = rc != 0;
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : needed ? LL_OK : remove_files(d, name, err);
}

int ll_bundle_recover(struct ll_data *d, struct ll_err *err)
{
    char dir[LL_PATH];
    int rc = ll_data_path(d, dir, err, "bundles");

    if (rc < 0 || (rc = ll_fs_mkdirs(dir, err)) < 0)
        return rc;
    return ll_fs_each(dir, sweep_one, d, err);
}

/* --- fetching ------------------------------------------------------------------------------------------------------------ */

/* $1: the bundle, $2: its organisation, $3: since when.  What must not leave any more, and what is said of it. */
static const struct {
    const char *where, *condition, *zh, *en;
} bars[] = {
    {"EXISTS (SELECT 1 FROM report_subject s JOIN consent c ON c.subject = s.subject AND c.organisation = $2"
     " WHERE s.report = report_bundle_row.report AND c.withdrawn_at >= $3)",
     "consent", "主体此后撤回了授权书，报告已从压缩包中去掉",
     "the subject withdrew its consent since: the report was taken out"},
    {"EXISTS (SELECT 1 FROM report r WHERE r.number = report_bundle_row.report AND $2 = $2 AND r.stale_at >= $3)",
     "stale", "所据记录此后有更正、停止共享或异议，报告已从压缩包中去掉，请重新取得",
     "a record behind it was corrected, disputed or is no longer shared since: the report was taken out, ask for a new one"}};

/* *ret_n: how many were taken out; the file is then to be made anew. */
static int take_out(struct ll_txn *tx, const struct ll_bundle *b, int64_t *ret_n, struct ll_err *err)
{
    char sql[700];
    int rc = LL_OK;

    *ret_n = 0;
    for (size_t i = 0; i < LL_COUNT(bars) && rc == LL_OK; i++) {
        snprintf(sql, sizeof sql,
                 "UPDATE report_bundle_row SET condition = $4, error_zh = $5, error_en = $6 WHERE bundle = $1"
                 " AND error_en IS NULL AND %s",
                 bars[i].where);
        rc = ll_exec(tx, err, sql, "zzizzz", b->id, b->organisation, b->created_at, bars[i].condition,
                     bars[i].zh, bars[i].en);
        *ret_n += rc == LL_OK ? (int64_t)ll_txn_changes(tx) : 0;
    }
    return rc < 0 || !*ret_n
               ? rc
               : ll_exec(
                     tx, err,
                     "UPDATE report_bundle SET state = 'running', issued = issued - $2, refused = refused + $2,"
                     " changed_at = $3 WHERE id = $1",
                     "zii", b->id, *ret_n, ll_now_ms());
}

int ll_bundle_open(struct ll_data *d, const struct ll_bundle *b, const struct ll_actor *by,
                   struct ll_bytes *ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    char path[LL_PATH];
    int64_t taken = 0;
    int rc;

    *ret = LL_BYTES_INIT;
    if (strcmp(b->state, states[LL_BUNDLE_READY]) != 0 || b->expires_at <= ll_now_ms())
        return ll_fail(err, LL_CONFLICT, "这批报告没有可下载的文件：%s",
                       "this bundle has no file to fetch: %s", b->state);
    if ((rc = ll_txn_begin(ll_data_store(d), true, &tx, err)) == LL_OK &&
        (rc = take_out(tx, b, &taken, err)) == LL_OK && !taken)
        rc = note(tx, by, LL_ADMIN_REPORTS_FETCHED, b->id, b->issued, err);
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    if (rc == LL_OK && taken)
        rc = ll_fail(
            err, LL_CONFLICT, "其中 %lld 份报告此后不应再给出，已去掉，压缩包正在重新生成，请稍后再下载",
            "%lld of the reports are not to be handed out any more and were taken out; the file is made anew: fetch it in a moment",
            (long long)taken);
    if (rc < 0 || (rc = ll_bundle_path(d, b->id, "zip", path, err)) < 0 ||
        (rc = ll_sealed_open(d, LL_BUNDLE_SEALED_AS, path, ret, err)) < 0)
        return rc;
    if (ret->size == b->bytes)
        return LL_OK;
    ll_bytes_close(ret);
    return ll_fail(err, LL_INVALID, "文件不是当初生成的那一份", "the file is not the one that was made");
}
