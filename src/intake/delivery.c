/* delivery.c - receiving and the delivery table.
 *
 * (1) A delivery row exists only for bytes that are durable in inbox/<sha256> (inbox.h).
 * (2) inbox files are never changed or removed by receiving; a file that two resources without sealed items received is there once. */
#include "intake/delivery.h"

#include "base/clock.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "intake/inbox.h"
#include "store/rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct ll_receive {
    struct ll_data *d;
    char id[LL_ID_TEXT], temp[LL_PATH], resource[64], mode[16], area[24], *file_name;
    int64_t version;
    int fd;
    uint64_t bytes;
    struct ll_hash *hash;
    bool sealed; /* the resource has sealed items */
    struct ll_aead *key;
    struct ll_framer *framer;
};

/* The last part of a path in either system's spelling: what a browser or a person gives as a name. */
static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/'), *back = strrchr(path, '\\');
    const char *last = slash > back ? slash : back;

    return last ? last + 1 : path;
}

static int take_resource(struct ll_receive *r, const char *resource, const char *mode, struct ll_err *err)
{
    struct ll_catalog *cat = NULL;
    int rc = ll_data_catalog(r->d, &cat, err);

    if (rc < 0)
        return rc;
    const struct ll_resource *res = ll_catalog_resource(cat, ll_str(resource));
    if (!res) {
        rc = ll_fail(err, LL_NOTFOUND, "没有名为 %s 的资源；luling resource list 列出所有资源",
                     "there is no resource named %s; luling resource list shows them", resource);
    } else if (mode && strcmp(mode, "snapshot") != 0 && strcmp(mode, "increment") != 0) {
        rc = ll_fail(err, LL_USAGE, "交付方式 %s 不存在，可用 snapshot（全量）或 increment（增量）",
                     "unknown mode %s: snapshot or increment", mode);
    } else {
        snprintf(r->resource, sizeof r->resource, "%s", res->name);
        snprintf(r->mode, sizeof r->mode, "%s",
                 mode                       ? mode
                 : res->mode == LL_SNAPSHOT ? "snapshot"
                                            : "increment");
        r->version = res->version;
        r->sealed = ll_resource_sealed(res);
    }
    ll_catalog_unref(cat);
    return rc;
}

/* The lock tells a recovery that the file's receiver lives (recover.c).  One that came between the creation and the lock has removed
 * the file, or is about to. */
static int create_temp(struct ll_receive *r, struct ll_err *err)
{
    struct stat st;

    r->fd = open(r->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (r->fd < 0)
        return ll_fail_errno(err, LL_IO, "无法写入 %s", "cannot write %s", r->temp);
    if (flock(r->fd, LOCK_EX | LOCK_NB) == 0 && fstat(r->fd, &st) == 0 && st.st_nlink > 0)
        return LL_OK;
    return ll_fail(err, LL_BUSY, "收件箱正在清理，请再试一次", "the inbox is being cleaned: try again");
}

int ll_receive_open(struct ll_data *d, const char *resource, const char *mode, const char *file_name,
                    struct ll_receive **ret, struct ll_err *err)
{
    struct ll_receive *r = calloc(1, sizeof *r);
    int rc;

    if (!r)
        return ll_no_memory(err);
    r->d = d;
    r->fd = -1;
    ll_data_new_id(r->id);
    r->file_name = strndup(file_name && file_name[0] ? base_name(file_name) : "-", 255);
    if (!r->file_name) {
        rc = ll_no_memory(err);
    } else if ((rc = take_resource(r, resource, mode, err)) == LL_OK &&
               (rc = ll_data_path(d, r->temp, err, "inbox/%s.tmp", r->id)) == LL_OK &&
               (rc = ll_hash_open(&r->hash, err)) == LL_OK) {
        rc = create_temp(r, err);
        if (rc == LL_OK && r->sealed)
            rc = ll_inbox_seal(d, r->resource, r->fd, &r->key, &r->framer, err);
    }
    if (rc < 0)
        ll_receive_abort(r);
    else
        *ret = r;
    return rc;
}

void ll_receive_area(struct ll_receive *r, const char *area)
{
    snprintf(r->area, sizeof r->area, "%s", area);
}

static int write_out(struct ll_receive *r, const char *from, size_t n, struct ll_err *err)
{
    while (n) {
        ssize_t done = write(r->fd, from, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return ll_fail_errno(err, LL_IO, "无法写入收件箱", "cannot write to the inbox");
        from += done;
        n -= (size_t)done;
    }
    return LL_OK;
}

int ll_receive_add(struct ll_receive *r, const void *p, size_t n, struct ll_err *err)
{
    uint64_t max = ll_data_settings(r->d)->max_upload;

    if (n > max - r->bytes)
        return ll_fail(err, LL_TOOBIG, "文件超过 %llu 字节的上限（设置 max_upload）",
                       "the file is over the limit of %llu bytes (setting max_upload)",
                       (unsigned long long)max);
    ll_hash_add(r->hash, p, n);
    r->bytes += n;
    return r->framer ? ll_framer_add(r->framer, p, n, err) : write_out(r, p, n, err);
}

void ll_receive_abort(struct ll_receive *r)
{
    if (!r)
        return;
    if (r->fd >= 0) {
        close(r->fd);
        unlink(r->temp);
    }
    ll_framer_close(r->framer);
    ll_aead_free(r->key);
    ll_hash_close(r->hash);
    free(r->file_name);
    free(r);
}

/* The delivery of these bytes that is already there, if any. */
static int find_same(struct ll_txn *tx, const struct ll_receive *r, const char *sha, char id[LL_ID_TEXT],
                     bool *found, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx,
        "SELECT id FROM delivery WHERE resource = $1 AND sha256 = $2 AND state <> 'failed' AND state <> 'withdrawn'",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, r->resource);
    ll_bind_z(s, 2, sha);
    rc = ll_step(s, err);
    *found = rc > 0;
    if (rc > 0)
        snprintf(id, LL_ID_TEXT, LL_STR_FMT, LL_STR_ARG(ll_col_text(s, 0)));
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int insert_row(struct ll_txn *tx, const struct ll_receive *r, const char *sha, struct ll_err *err)
{
    int64_t now = ll_now_ms();

    return ll_exec(
        tx, err,
        "INSERT INTO delivery (id, resource, sha256, bytes, file_name, mode, state, stage, received_at, updated_at, version, area) "
        "VALUES ($1, $2, $3, $4, $5, $6, 'received', 'receive', $7, $8, $9, $10)",
        "zzzizziiiz", r->id, r->resource, sha, (int64_t)r->bytes, r->file_name, r->mode, now, now, r->version,
        r->area[0] ? r->area : NULL);
}

static int record(struct ll_receive *r, const char *sha, char id[LL_ID_TEXT], bool *again, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(r->d), true, &tx, err);

    if (rc == LL_OK && (rc = find_same(tx, r, sha, id, again, err)) == LL_OK && !*again) {
        snprintf(id, LL_ID_TEXT, "%s", r->id);
        if ((rc = insert_row(tx, r, sha, err)) == LL_OK)
            rc = ll_txn_commit(tx, err);
    }
    ll_txn_end(tx);
    return rc;
}

/* Promise (1): the file is in place under its hash before the row says so. */
static int place(struct ll_receive *r, char sha[LL_SHA256_HEX], struct ll_err *err)
{
    char path[LL_PATH];
    int rc;

    ll_hash_hex(r->hash, sha);
    r->hash = NULL;
    if (r->framer && (rc = ll_framer_end(r->framer, err)) < 0)
        return rc;
    if (fsync(r->fd) < 0)
        return ll_fail_errno(err, LL_IO, "无法落盘收件", "cannot sync the delivery");
    if ((rc = ll_inbox_path(r->d, r->resource, sha, r->sealed, path, err)) < 0 ||
        (rc = ll_fs_move(r->temp, path, err)) < 0)
        return rc;
    close(r->fd);
    r->fd = -1;
    return LL_OK;
}

int ll_receive_done(struct ll_receive *r, char id[LL_ID_TEXT], bool *again, struct ll_err *err)
{
    char sha[LL_SHA256_HEX];
    int rc;

    if (r->bytes == 0)
        rc = ll_fail(err, LL_INVALID, "文件 %s 是空的（0 字节），请重新导出后再交付",
                     "file %s is empty (0 bytes): export it again and deliver that", r->file_name);
    else if ((rc = place(r, sha, err)) == LL_OK)
        rc = record(r, sha, id, again, err);
    ll_receive_abort(r);
    return rc;
}

static int copy_fd(struct ll_receive *r, int fd, const char *path, struct ll_err *err)
{
    enum { CHUNK = 1 << 20 };
    char *chunk = malloc(CHUNK);
    int rc = LL_OK;

    if (!chunk)
        return ll_no_memory(err);
    for (;;) {
        ssize_t n = read(fd, chunk, CHUNK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            rc = ll_fail_errno(err, LL_IO, "无法读取 %s", "cannot read %s", path);
        if (n <= 0 || (rc = ll_receive_add(r, chunk, (size_t)n, err)) < 0)
            break;
    }
    free(chunk);
    return rc;
}

int ll_receive_file(struct ll_data *d, const char *resource, const char *mode, const char *path,
                    char id[LL_ID_TEXT], bool *again, struct ll_err *err)
{
    bool input = strcmp(path, "-") == 0;
    struct ll_receive *r = NULL;
    int fd = input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return ll_fail_errno(err, errno == ENOENT ? LL_NOTFOUND : LL_IO, "无法打开 %s", "cannot open %s",
                             path);
    int rc = ll_receive_open(d, resource, mode, input ? "stdin" : path, &r, err);
    if (rc == LL_OK && (rc = copy_fd(r, fd, path, err)) < 0)
        ll_receive_abort(r);
    if (!input)
        close(fd);
    return rc < 0 ? rc : ll_receive_done(r, id, again, err);
}

/* ---- looking ---- */

#define COLUMNS                                                                                                                      \
    "id, resource, sha256, bytes, file_name, mode, state, stage, received_at, updated_at, received, published, quarantined, batch, " \
    "version, error_rc, error_zh, error_en, detail, confirmed, area"

static int64_t count_of(struct ll_stmt *s, int at)
{
    return ll_col_null(s, at) ? -1 : ll_col_int(s, at);
}

static int read_row(struct ll_stmt *s, struct ll_arena *a, struct ll_delivery *v, struct ll_err *err)
{
    bool nomem = false;

    *v = (struct ll_delivery){
        .id = ll_col_dup(s, 0, a, &nomem),
        .resource = ll_col_dup(s, 1, a, &nomem),
        .sha256 = ll_col_dup(s, 2, a, &nomem),
        .bytes = ll_col_int(s, 3),
        .file_name = ll_col_dup(s, 4, a, &nomem),
        .mode = ll_col_dup(s, 5, a, &nomem),
        .state = ll_col_dup(s, 6, a, &nomem),
        .stage = ll_col_dup(s, 7, a, &nomem),
        .received_at = ll_col_int(s, 8),
        .updated_at = ll_col_int(s, 9),
        .received = count_of(s, 10),
        .published = count_of(s, 11),
        .quarantined = count_of(s, 12),
        .batch = ll_col_dup(s, 13, a, &nomem),
        .version = ll_col_int(s, 14),
        .error_rc = (int)ll_col_int(s, 15),
        .error_zh = ll_col_dup(s, 16, a, &nomem),
        .error_en = ll_col_dup(s, 17, a, &nomem),
        .detail = ll_col_dup(s, 18, a, &nomem),
        .confirmed = ll_col_int(s, 19) != 0,
        .area = ll_col_dup(s, 20, a, &nomem),
    };
    return nomem ? ll_no_memory(err) : LL_OK;
}

int ll_delivery_get(struct ll_data *d, const char *id, struct ll_arena *arena, struct ll_delivery *ret,
                    struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int rc = ll_txn_begin(ll_data_store(d), false, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(tx, "SELECT " COLUMNS " FROM delivery WHERE id = $1", &s, err)) == LL_OK) {
        ll_bind_z(s, 1, id);
        rc = ll_step(s, err);
        if (rc > 0)
            rc = read_row(s, arena, ret, err);
        else if (rc == 0)
            rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的交付", "there is no delivery %s", id);
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

#define WHERE                                                                                                \
    " FROM delivery WHERE ($1 IS NULL OR resource = $1) AND ($2 IS NULL OR state = $2)"                      \
    " AND ($3 IS NULL OR resource IN (SELECT name FROM resource WHERE provider = $3))"

static int read_any(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    return read_row(s, arena, row, err);
}

static const struct ll_row_form form = {NULL, 0, sizeof(struct ll_delivery), read_any};
static const struct ll_row_order order_list[] = {{"received_at", "received_at"},
                                                 {"file", "file_name"},
                                                 {"resource", "resource"},
                                                 {"state", "state"},
                                                 {"rows", "coalesce(received, -1)"},
                                                 {"published", "coalesce(published, -1)"},
                                                 {"quarantined", "coalesce(quarantined, -1)"}};
static const struct ll_row_orders orders = {order_list, LL_COUNT(order_list), "received_at DESC", "id DESC"};

int ll_delivery_list(struct ll_data *d, const struct ll_delivery_filter *which, int64_t offset, int64_t limit,
                     struct ll_arena *arena, struct ll_delivery **ret, size_t *ret_n, int64_t *ret_total,
                     struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(which->resource), LL_ARG_Z(which->state),
                                      LL_ARG_Z(which->provider)};
    const struct ll_row_page page = {.sql = "SELECT " COLUMNS WHERE,
                                     .count = "SELECT count(*)" WHERE,
                                     .orders = &orders,
                                     .sort = which->sort,
                                     .args = args,
                                     .n_args = LL_COUNT(args),
                                     .limit = (size_t)(limit > 0 ? limit : 0),
                                     .offset = (size_t)offset};
    void *list = NULL;
    int rc = ll_row_list_of(ll_data_store(d), &form, &page, arena, &list, ret_n, ret_total, err);

    *ret = list;
    return rc;
}

static void json_count(struct ll_json *j, const char *key, int64_t v)
{
    ll_json_key(j, key);
    if (v < 0)
        ll_json_null(j);
    else
        ll_json_int(j, v);
}

void ll_delivery_json(struct ll_json *j, const struct ll_delivery *v)
{
    char when[LL_TIME_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "id", v->id);
    ll_json_kz(j, "resource", v->resource);
    ll_json_ki(j, "version", v->version);
    ll_json_kz(j, "file_name", v->file_name);
    ll_json_kz(j, "sha256", v->sha256);
    ll_json_ki(j, "bytes", v->bytes);
    ll_json_kz(j, "mode", v->mode);
    ll_json_kz(j, "state", v->state);
    ll_json_kz(j, "stage", v->stage);
    ll_json_kz(j, "received_at", ll_time_text(v->received_at, when));
    ll_json_kz(j, "updated_at", ll_time_text(v->updated_at, when));
    json_count(j, "received", v->received);
    json_count(j, "published", v->published);
    json_count(j, "quarantined", v->quarantined);
    ll_json_kz(j, "batch", v->batch);
    ll_json_key(j, "error");
    if (v->error_rc) {
        ll_json_obj(j);
        ll_json_kz(j, "code", ll_rc_name(v->error_rc));
        ll_json_kz(j, "zh", v->error_zh);
        ll_json_kz(j, "en", v->error_en);
        ll_json_end_obj(j);
    } else {
        ll_json_null(j);
    }
    ll_json_key(j, "detail");
    if (v->detail)
        ll_json_raw(j, ll_str(v->detail));
    else
        ll_json_null(j);
    ll_json_end_obj(j);
}

/* ---- for the job ---- */

int ll_delivery_stage(struct ll_data *d, const char *id, const char *stage, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(d), true, &tx, err);

    if (rc == LL_OK && (rc = ll_exec(tx, err, "UPDATE delivery SET stage = $1, updated_at = $2 WHERE id = $3",
                                     "ziz", stage, ll_now_ms(), id)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* Trouble of the machine (disk, memory, a lock) is no fault of the delivery: it stays where it was and can be resumed. */
static bool can_resume(int rc)
{
    return rc == LL_IO || rc == LL_NOMEM || rc == LL_BUSY;
}

int ll_delivery_fail(struct ll_data *d, const char *id, const struct ll_err *why, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(d), true, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_exec(
             tx, err,
             "UPDATE delivery SET state = CASE WHEN $1 = 1 THEN state ELSE 'failed' END, error_rc = $2, "
             "error_zh = $3, error_en = $4, updated_at = $5 WHERE id = $6",
             "iizziz", (int64_t)can_resume(why->rc), (int64_t)why->rc, why->zh, why->en, ll_now_ms(), id)) ==
            LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}
