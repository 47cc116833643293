/* segbuild.c - writes one part of a segment (segment.h).
 *
 * The file is new and nobody reads it before it is listed, so no journal is kept and nothing is synced until the end.  Rows come in key
 * order, which makes every insert an append to the last page.  Pages of 16 KiB: measured fastest to fill, and no slower to read. */
#include "store/segment.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fs.h"
#include "store/sq.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAGIC 0x4c4c5342u
enum { MAX_SQL = 4 << 20, MAX_KEY = 1 << 20 };

struct ll_seg_build {
    unsigned magic;
    char *path;
    sqlite3 *db;
    sqlite3_stmt *insert;
    struct ll_arena *schema_mem;
    struct ll_seg_schema schema; /* in schema_mem, as are the next two */
    struct ll_seg_value *row;    /* being built */
    struct ll_seg_value *last;   /* key of the row before, its texts in last_text */
    struct ll_buf last_text;
    uint64_t rows;
};

static int no_memory(struct ll_err *err)
{
    return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
}

static void build_free(struct ll_seg_build *b)
{
    sqlite3_finalize(b->insert);
    sqlite3_close(b->db);
    ll_buf_free(&b->last_text);
    ll_arena_free(b->schema_mem);
    free(b->path);
    free(b);
}

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

static void insert_sql(struct ll_buf *sql, const struct ll_seg_schema *s)
{
    ll_buf_z(sql, "INSERT INTO record VALUES (");
    for (size_t i = 0; i < s->n; i++)
        ll_buf_z(sql, "?, ");
    ll_buf_z(sql, "?)");
}

static bool in_key(const struct ll_seg_schema *s, unsigned at)
{
    for (size_t i = 0; i < s->n_key; i++)
        if (s->key[i] == at)
            return true;
    return false;
}

/* Rows without a value are left out; a key column always has one, and SQLite would not use a partial index on it. */
static void index_sql(struct ll_buf *sql, const struct ll_seg_schema *s)
{
    char name[128];

    for (size_t i = 0; i < s->n_indexed; i++) {
        snprintf(name, sizeof name, "by_%s", s->columns[s->indexed[i]].name);
        ll_buf_z(sql, "CREATE INDEX ");
        ll_buf_sql_name(sql, ll_str(name));
        ll_buf_z(sql, " ON record (");
        put_name(sql, s, s->indexed[i]);
        ll_buf_z(sql, ")");
        if (!in_key(s, s->indexed[i])) {
            ll_buf_z(sql, " WHERE ");
            put_name(sql, s, s->indexed[i]);
            ll_buf_z(sql, " IS NOT NULL");
        }
        ll_buf_z(sql, ";");
    }
}

static int run(struct ll_seg_build *b, struct ll_buf *sql, struct ll_err *err)
{
    int rc = sql->failed ? no_memory(err) : sql->p ? ll_sq_exec(b->db, b->path, sql->p, err) : LL_OK;

    ll_buf_free(sql);
    return rc;
}

static int open_db(struct ll_seg_build *b, struct ll_err *err)
{
    static const char setup[] =
        "PRAGMA page_size = 16384; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -16384; PRAGMA secure_delete = OFF;"
        "PRAGMA temp_store = FILE;";
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    struct ll_buf sql = LL_BUF_INIT(MAX_SQL);
    int code = sqlite3_open_v2(b->path, &b->db, flags, NULL);
    int rc = code == SQLITE_OK ? ll_sq_exec(b->db, b->path, setup, err)
                               : ll_sq_fail(b->db, code, b->path, err);

    if (rc < 0)
        return rc;
    table_sql(&sql, &b->schema);
    if ((rc = run(b, &sql, err)) < 0 || (rc = ll_sq_exec(b->db, b->path, "BEGIN", err)) < 0)
        return rc;
    insert_sql(&sql, &b->schema);
    rc = sql.failed ? no_memory(err) : ll_sq_prepare(b->db, b->path, sql.p, &b->insert, err);
    ll_buf_free(&sql);
    return rc;
}

/* --- the schema, copied in one block ------------------------------------------------------------------------------ */

static int check_schema(const struct ll_seg_schema *s, struct ll_err *err)
{
    if (s->n == 0 || s->n_key == 0)
        return ll_fail(err, LL_INVALID, "服务表没有列或没有主键", "a service table needs columns and a key");
    for (size_t i = 0; i < s->n_key; i++)
        LL_ASSERT(s->key[i] < s->n);
    for (size_t i = 0; i < s->n_indexed; i++)
        LL_ASSERT(s->indexed[i] < s->n);
    return LL_OK;
}

static int copy_schema(struct ll_seg_build *b, const struct ll_seg_schema *s, struct ll_err *err)
{
    b->schema_mem = ll_arena_new(MAX_SQL);
    if (!b->schema_mem)
        return no_memory(err);
    struct ll_seg_column *columns = ll_arena_array(b->schema_mem, s->n, sizeof *columns);
    unsigned *key = ll_arena_array(b->schema_mem, s->n_key, sizeof *key);
    unsigned *indexed = ll_arena_array(b->schema_mem, s->n_indexed + 1, sizeof *indexed);
    b->row = ll_arena_array(b->schema_mem, s->n, sizeof *b->row);
    b->last = ll_arena_array(b->schema_mem, s->n_key, sizeof *b->last);
    if (!columns || !key || !indexed || !b->row || !b->last)
        return no_memory(err);
    for (size_t i = 0; i < s->n; i++) {
        columns[i].name = ll_arena_dup(b->schema_mem, ll_str(s->columns[i].name));
        columns[i].sql_type = ll_arena_dup(b->schema_mem, ll_str(s->columns[i].sql_type));
        if (!columns[i].name || !columns[i].sql_type)
            return no_memory(err);
    }
    memcpy(key, s->key, s->n_key * sizeof *key);
    if (s->n_indexed)
        memcpy(indexed, s->indexed, s->n_indexed * sizeof *indexed);
    b->schema = (struct ll_seg_schema){columns, s->n, key, s->n_key, indexed, s->n_indexed};
    return LL_OK;
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

int ll_seg_build_open(const char *path, const struct ll_seg_schema *schema, struct ll_seg_build **ret,
                      struct ll_err *err)
{
    struct ll_seg_build *b = NULL;
    int rc;

    ll_sq_init();
    if ((rc = check_schema(schema, err)) < 0 || (rc = create_file(path, err)) < 0)
        return rc;
    b = calloc(1, sizeof *b);
    if (!b || !(b->path = strdup(path))) {
        unlink(path);
        free(b);
        return no_memory(err);
    }
    b->magic = MAGIC;
    b->last_text = LL_BUF_INIT(MAX_KEY);
    if ((rc = copy_schema(b, schema, err)) < 0 || (rc = open_db(b, err)) < 0) {
        ll_seg_build_abort(b);
        return rc;
    }
    *ret = b;
    return LL_OK;
}

/* --- rows ---------------------------------------------------------------------------------------------------------- */

void ll_seg_text(struct ll_seg_build *b, size_t at, const char *p, size_t n)
{
    LL_ASSERT(at < b->schema.n);
    b->row[at] = (struct ll_seg_value){.kind = p ? LL_SV_TEXT : LL_SV_NULL, .s = {p, n}};
}

void ll_seg_int(struct ll_seg_build *b, size_t at, int64_t v)
{
    LL_ASSERT(at < b->schema.n);
    b->row[at] = (struct ll_seg_value){.kind = LL_SV_INT, .i = v};
}

void ll_seg_null(struct ll_seg_build *b, size_t at)
{
    LL_ASSERT(at < b->schema.n);
    b->row[at].kind = LL_SV_NULL;
}

static int check_order(struct ll_seg_build *b, struct ll_err *err)
{
    int order = b->rows ? 0 : 1;

    for (size_t i = 0; i < b->schema.n_key; i++) {
        const struct ll_seg_value *v = &b->row[b->schema.key[i]];
        if (v->kind == LL_SV_NULL)
            return ll_fail(err, LL_INVALID, "第 %llu 行的主键列 %s 为空", "row %llu: key column %s is empty",
                           (unsigned long long)b->rows + 1, b->schema.columns[b->schema.key[i]].name);
        if (order == 0)
            order = ll_seg_value_cmp(v, &b->last[i]);
    }
    if (order > 0)
        return LL_OK;
    if (order == 0)
        return ll_fail(err, LL_CONFLICT, "第 %llu 行的主键与上一行相同",
                       "row %llu has the same key as the row before", (unsigned long long)b->rows + 1);
    return ll_fail(err, LL_CONFLICT, "第 %llu 行的主键小于上一行",
                   "row %llu has a lower key than the row before", (unsigned long long)b->rows + 1);
}

static int keep_key(struct ll_seg_build *b, struct ll_err *err)
{
    size_t at = 0;

    ll_buf_clear(&b->last_text);
    for (size_t i = 0; i < b->schema.n_key; i++)
        if (b->row[b->schema.key[i]].kind == LL_SV_TEXT)
            ll_buf_str(&b->last_text, b->row[b->schema.key[i]].s);
    if (b->last_text.failed)
        return ll_fail(err, LL_TOOBIG, "主键超过 %d 字节", "a key is longer than %d bytes", MAX_KEY);
    for (size_t i = 0; i < b->schema.n_key; i++) {
        b->last[i] = b->row[b->schema.key[i]];
        if (b->last[i].kind != LL_SV_TEXT)
            continue;
        b->last[i].s.p = b->last_text.p + at;
        at += b->last[i].s.n;
    }
    return LL_OK;
}

static int bind_row(struct ll_seg_build *b, bool deleted)
{
    int code = SQLITE_OK;

    for (size_t i = 0; i < b->schema.n && code == SQLITE_OK; i++) {
        const struct ll_seg_value *v = &b->row[i];
        int at = (int)i + 1;
        if (v->kind == LL_SV_TEXT)
            code = sqlite3_bind_text64(b->insert, at, v->s.p, v->s.n, SQLITE_STATIC, SQLITE_UTF8);
        else if (v->kind == LL_SV_INT)
            code = sqlite3_bind_int64(b->insert, at, v->i);
        else
            code = sqlite3_bind_null(b->insert, at);
    }
    return code == SQLITE_OK ? sqlite3_bind_int(b->insert, (int)b->schema.n + 1, deleted) : code;
}

int ll_seg_build_row(struct ll_seg_build *b, bool deleted, struct ll_err *err)
{
    int rc;

    LL_CHECK(b, MAGIC);
    if ((rc = check_order(b, err)) < 0 || (rc = keep_key(b, err)) < 0)
        return rc;
    int code = bind_row(b, deleted);
    if (code == SQLITE_OK && (code = sqlite3_step(b->insert)) == SQLITE_DONE)
        code = SQLITE_OK;
    if (code != SQLITE_OK)
        rc = ll_sq_fail(b->db, code, b->path, err);
    sqlite3_reset(b->insert);
    memset(b->row, 0, b->schema.n * sizeof *b->row);
    b->rows += rc == LL_OK;
    return rc;
}

int ll_seg_build_meta(struct ll_seg_build *b, const char *name, const char *value, struct ll_err *err)
{
    sqlite3_stmt *st = NULL;
    int rc;

    LL_CHECK(b, MAGIC);
    if ((rc = ll_sq_prepare(b->db, b->path, "INSERT OR REPLACE INTO meta VALUES (?, ?)", &st, err)) < 0)
        return rc;
    sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 2, value, -1, SQLITE_STATIC);
    int code = sqlite3_step(st);
    if (code != SQLITE_DONE)
        rc = ll_sq_fail(b->db, code, b->path, err);
    sqlite3_finalize(st);
    return rc;
}

/* --- the end ------------------------------------------------------------------------------------------------------- */

static int sync_all(const char *path, struct ll_err *err)
{
    char dir[LL_PATH];
    int rc = ll_fs_sync_file(path, err);

    if (rc < 0 || (rc = ll_path(dir, err, "%s", path)) < 0)
        return rc;
    char *slash = strrchr(dir, '/');
    if (!slash)
        return ll_fs_sync_dir(".", err);
    slash[slash == dir] = 0;
    return ll_fs_sync_dir(dir, err);
}

int ll_seg_build_seal(struct ll_seg_build *b, uint64_t *ret_rows, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(MAX_SQL);
    int rc;

    LL_CHECK(b, MAGIC);
    index_sql(&sql, &b->schema);
    if ((rc = run(b, &sql, err)) == LL_OK)
        rc = ll_sq_exec(b->db, b->path, "COMMIT", err);
    sqlite3_finalize(b->insert);
    b->insert = NULL;
    int code = sqlite3_close(b->db);
    if (rc == LL_OK && code != SQLITE_OK)
        rc = ll_sq_fail(NULL, code, b->path, err);
    b->db = NULL;
    if (rc == LL_OK)
        rc = sync_all(b->path, err);
    if (rc < 0) {
        ll_seg_build_abort(b);
        return rc;
    }
    *ret_rows = b->rows;
    build_free(b);
    return LL_OK;
}

void ll_seg_build_abort(struct ll_seg_build *b)
{
    if (!b)
        return;
    LL_CHECK(b, MAGIC);
    unlink(b->path);
    build_free(b);
}
