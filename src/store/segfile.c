/* segfile.c - see segfile.h.  No journal and no sync: nobody reads the file before it is whole, and it is synced then. */
#include "store/segfile.h"

#include "base/buf.h"
#include "store/pagefile.h"
#include "store/sq.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MAX_SQL = 4 << 20, MAX_INDEX_NAME = 128 };

static int open_db(const char *path, sqlite3 **ret, struct ll_err *err)
{
    char setup[160];
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int code = sqlite3_open_v2(path, ret, flags, NULL);

    if (code != SQLITE_OK)
        return ll_sq_fail(*ret, code, path, err);
    snprintf(
        setup, sizeof setup,
        "PRAGMA page_size = %d; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;",
        LL_PAGE_SIZE);
    return ll_sq_exec(*ret, path, setup, err);
}

static int close_db(const char *path, sqlite3 *db, int rc, struct ll_err *err)
{
    int code = sqlite3_close(db);

    return rc == LL_OK && code != SQLITE_OK ? ll_sq_fail(NULL, code, path, err) : rc;
}

/* --- the schema ---------------------------------------------------------------------------------------------------- */

static void put_name(struct ll_buf *sql, const struct ll_seg_schema *s, size_t at)
{
    ll_buf_sql_name(sql, ll_str(s->columns[at].name));
}

static void table_sql(struct ll_buf *sql, const struct ll_seg_schema *s)
{
    ll_buf_z(sql, "CREATE TABLE record (");
    for (size_t i = 0; i < s->n; i++) {
        put_name(sql, s, i);
        ll_buf_printf(sql, " %s, ", s->columns[i].sql_type);
    }
    ll_buf_z(sql, "ll_deleted INTEGER NOT NULL, PRIMARY KEY (");
    for (size_t i = 0; i < s->n_key; i++) {
        ll_buf_z(sql, i ? ", " : "");
        put_name(sql, s, s->key[i]);
    }
    ll_buf_z(
        sql,
        ")) WITHOUT ROWID; CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;");
}

static const char *index_name(const struct ll_seg_schema *s, size_t i, char out[MAX_INDEX_NAME])
{
    snprintf(out, MAX_INDEX_NAME, "by_%s", s->columns[s->indexed[i]].name);
    return out;
}

enum ll_seg_kind ll_segfile_kind(const char *sql_type)
{
    return sql_type[0] == 'I' ? LL_SV_INT : sql_type[0] == 'B' ? LL_SV_BLOB : LL_SV_TEXT;
}

bool ll_segfile_in_key(const struct ll_seg_schema *s, unsigned at)
{
    for (size_t i = 0; i < s->n_key; i++)
        if (s->key[i] == at)
            return true;
    return false;
}

/* Rows without a value are left out; a key column always has one, and SQLite would not use a partial index on it. */
static void index_sql(struct ll_buf *sql, const struct ll_seg_schema *s)
{
    char name[MAX_INDEX_NAME];

    for (size_t i = 0; i < s->n_indexed; i++) {
        ll_buf_z(sql, "CREATE INDEX ");
        ll_buf_sql_name(sql, ll_str(index_name(s, i, name)));
        ll_buf_z(sql, " ON record (");
        put_name(sql, s, s->indexed[i]);
        ll_buf_z(sql, ")");
        if (!ll_segfile_in_key(s, s->indexed[i])) {
            ll_buf_z(sql, " WHERE ");
            put_name(sql, s, s->indexed[i]);
            ll_buf_z(sql, " IS NOT NULL");
        }
        ll_buf_z(sql, ";");
    }
}

static int make_schema(sqlite3 *db, const char *path, const struct ll_seg_schema *s, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(MAX_SQL);

    ll_buf_z(&sql, "BEGIN;");
    table_sql(&sql, s);
    index_sql(&sql, s);
    ll_buf_z(&sql, "COMMIT;");
    int rc = sql.failed ? ll_fail(err, LL_NOMEM, "内存不足", "out of memory")
                        : ll_sq_exec(db, path, sql.p, err);
    ll_buf_free(&sql);
    return rc;
}

/* --- roots --------------------------------------------------------------------------------------------------------- */

static int root_of(sqlite3_stmt *st, sqlite3 *db, const char *path, const char *name, uint32_t *ret,
                   struct ll_err *err)
{
    sqlite3_reset(st);
    sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
    int code = sqlite3_step(st);
    if (code != SQLITE_ROW)
        return ll_sq_fail(db, code, path, err);
    *ret = (uint32_t)sqlite3_column_int64(st, 0);
    return LL_OK;
}

static int read_roots(sqlite3 *db, const char *path, const struct ll_seg_schema *s, uint32_t *ret_table,
                      uint32_t *ret_indexes, struct ll_err *err)
{
    char name[MAX_INDEX_NAME];
    sqlite3_stmt *st = NULL;
    int rc = ll_sq_prepare(db, path, "SELECT rootpage FROM sqlite_schema WHERE name = ?1", &st, err);

    if (rc == LL_OK)
        rc = root_of(st, db, path, "record", ret_table, err);
    for (size_t i = 0; rc == LL_OK && i < s->n_indexed; i++)
        rc = root_of(st, db, path, index_name(s, i, name), &ret_indexes[i], err);
    sqlite3_finalize(st);
    return rc;
}

/* A segment is never written over: it may be listed. */
static int create_file(const char *path, struct ll_err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);

    if (fd < 0)
        return ll_fail_errno(err, errno == EEXIST ? LL_CONFLICT : LL_IO, "无法创建 %s", "cannot create %s",
                             path);
    close(fd);
    return LL_OK;
}

int ll_segfile_create(const char *path, const struct ll_seg_schema *schema, uint32_t *ret_table,
                      uint32_t *ret_indexes, struct ll_err *err)
{
    sqlite3 *db = NULL;
    int rc = create_file(path, err);

    if (rc < 0)
        return rc;
    ll_sq_init();
    if ((rc = open_db(path, &db, err)) == LL_OK && (rc = make_schema(db, path, schema, err)) == LL_OK)
        rc = read_roots(db, path, schema, ret_table, ret_indexes, err);
    if ((rc = close_db(path, db, rc, err)) < 0)
        unlink(path);
    return rc;
}

/* --- the end ------------------------------------------------------------------------------------------------------- */

static int insert_meta(sqlite3 *db, const char *path, const struct ll_segfile_meta *meta, size_t n,
                       struct ll_err *err)
{
    sqlite3_stmt *st = NULL;
    int rc = ll_sq_prepare(db, path, "INSERT OR REPLACE INTO meta VALUES (?1, ?2)", &st, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        sqlite3_bind_text(st, 1, meta[i].name, -1, SQLITE_STATIC);
        sqlite3_bind_text(st, 2, meta[i].value, -1, SQLITE_STATIC);
        int code = sqlite3_step(st);
        if (code != SQLITE_DONE)
            rc = ll_sq_fail(db, code, path, err);
        sqlite3_reset(st);
    }
    sqlite3_finalize(st);
    return rc;
}

int ll_segfile_put_meta(const char *path, const struct ll_segfile_meta *meta, size_t n, struct ll_err *err)
{
    sqlite3 *db = NULL;
    int rc = open_db(path, &db, err);

    if (rc == LL_OK && (rc = ll_sq_exec(db, path, "BEGIN", err)) == LL_OK &&
        (rc = insert_meta(db, path, meta, n, err)) == LL_OK)
        rc = ll_sq_exec(db, path, "COMMIT", err);
    return close_db(path, db, rc, err);
}

int ll_segfile_sync(const char *path, struct ll_err *err)
{
    char dir[LL_PATH];
    int rc = ll_fs_sync_file(path, err);

    if (rc < 0 || (rc = ll_segfile_folder(path, dir, err)) < 0)
        return rc;
    return ll_fs_sync_dir(dir, err);
}

int ll_segfile_folder(const char *path, char out[LL_PATH], struct ll_err *err)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return ll_path(out, err, ".");
    return slash == path ? ll_path(out, err, "/") : ll_path(out, err, "%.*s", (int)(slash - path), path);
}
