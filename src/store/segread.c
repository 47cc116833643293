/* segread.c - reads one part of a segment (segment.h).
 *
 * The file is opened immutable: no locks, no checks for change.  It is mapped rather than copied page by page (measured 1.7 times the
 * look-ups a second).  Every statement is prepared once and kept. */
#include "store/segment.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fs.h"
#include "store/segfile.h"
#include "store/sq.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC 0x4c4c5352u
enum { MAX_SQL = 4 << 20, MAX_PREFIX = 1024 };

struct column {
    const char *name, *type;
    enum ll_seg_kind kind;
    bool indexed;
    unsigned key;              /* 1.. place in the key, 0: none */
    sqlite3_stmt *by, *prefix; /* scans by this column, made at first use */
};

struct ll_seg {
    unsigned magic;
    char *path;
    sqlite3 *db;
    struct ll_arena *mem;
    struct column *columns;
    size_t n, n_key;
    size_t *key;
    sqlite3_stmt *find, *all, *after, *meta;
    sqlite3_stmt *row;  /* the statement whose row ll_seg_get reads */
    sqlite3_stmt *scan; /* NULL: none runs */
};

static int no_memory(struct ll_err *err)
{
    return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
}

int ll_seg_value_cmp(const struct ll_seg_value *a, const struct ll_seg_value *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->kind == LL_SV_TEXT || a->kind == LL_SV_BLOB)
        return ll_str_cmp(a->s, b->s);
    return a->kind == LL_SV_INT ? (a->i > b->i) - (a->i < b->i) : 0;
}

struct ll_seg_value ll_seg_value_of(struct ll_str text, enum ll_seg_kind kind)
{
    struct ll_seg_value v = {.kind = LL_SV_TEXT, .s = text};

    if (!text.p || kind == LL_SV_BLOB)
        v.kind = text.p ? LL_SV_BLOB : LL_SV_NULL;
    else if (kind == LL_SV_INT && ll_str_i64(text, INT64_MIN, INT64_MAX, &v.i))
        v.kind = LL_SV_INT;
    return v;
}

/* --- what the file holds ------------------------------------------------------------------------------------------- */

static bool read_column(struct ll_seg *s, sqlite3_stmt *st)
{
    struct column *c = &s->columns[s->n++];

    c->name = ll_arena_dup(s->mem, ll_str((const char *)sqlite3_column_text(st, 0)));
    c->type = ll_arena_dup(s->mem, ll_str((const char *)sqlite3_column_text(st, 1)));
    c->kind = ll_segfile_kind(c->type ? c->type : "");
    c->key = (unsigned)sqlite3_column_int(st, 2);
    c->indexed = c->key == 1 || sqlite3_column_int(st, 3);
    s->n_key += c->key > 0;
    return c->name && c->type;
}

static int read_columns(struct ll_seg *s, struct ll_err *err)
{
    static const char sql[] =
        "SELECT name, type, pk, EXISTS (SELECT 1 FROM sqlite_schema i WHERE i.type = 'index' AND i.name = 'by_' || t.name),"
        " count(*) OVER () FROM pragma_table_info('record') t WHERE name <> 'll_deleted' ORDER BY cid";
    sqlite3_stmt *st = NULL;
    int rc = ll_sq_prepare(s->db, s->path, sql, &st, err), code;

    if (rc < 0)
        return rc;
    while ((code = sqlite3_step(st)) == SQLITE_ROW && rc == LL_OK) {
        if (!s->columns)
            s->columns = ll_arena_array(s->mem, (size_t)sqlite3_column_int(st, 4), sizeof *s->columns);
        if (!s->columns || !read_column(s, st))
            rc = no_memory(err);
    }
    if (rc == LL_OK && code != SQLITE_DONE)
        rc = ll_sq_fail(s->db, code, s->path, err);
    sqlite3_finalize(st);
    return rc;
}

static int read_key(struct ll_seg *s, struct ll_err *err)
{
    size_t found = 0;

    s->key = ll_arena_array(s->mem, s->n_key, sizeof *s->key);
    if (!s->key)
        return no_memory(err);
    for (size_t i = 0; i < s->n; i++)
        if (s->columns[i].key && s->columns[i].key <= s->n_key) {
            s->key[s->columns[i].key - 1] = i;
            found++;
        }
    return s->n_key && found == s->n_key
               ? LL_OK
               : ll_fail(err, LL_IO, "%s 不是服务表文件", "%s is not a segment", s->path);
}

/* --- statements ---------------------------------------------------------------------------------------------------- */

static void put_select(const struct ll_seg *s, struct ll_buf *sql)
{
    ll_buf_z(sql, "SELECT ");
    for (size_t i = 0; i < s->n; i++) {
        ll_buf_sql_name(sql, ll_str(s->columns[i].name));
        ll_buf_z(sql, ", ");
    }
    ll_buf_z(sql, "ll_deleted FROM record");
}

static void put_key(const struct ll_seg *s, struct ll_buf *sql)
{
    for (size_t i = 0; i < s->n_key; i++) {
        ll_buf_z(sql, i ? ", " : "");
        ll_buf_sql_name(sql, ll_str(s->columns[s->key[i]].name));
    }
}

static void put_marks(const struct ll_seg *s, struct ll_buf *sql)
{
    for (size_t i = 0; i < s->n_key; i++)
        ll_buf_z(sql, i ? ", ?" : "?");
}

static void find_sql(const struct ll_seg *s, struct ll_buf *sql)
{
    ll_buf_z(sql, " WHERE ");
    for (size_t i = 0; i < s->n_key; i++) {
        ll_buf_z(sql, i ? " AND " : "");
        ll_buf_sql_name(sql, ll_str(s->columns[s->key[i]].name));
        ll_buf_z(sql, " = ?");
    }
}

static void order_sql(const struct ll_seg *s, struct ll_buf *sql)
{
    ll_buf_z(sql, " ORDER BY ");
    put_key(s, sql);
}

static void after_sql(const struct ll_seg *s, struct ll_buf *sql)
{
    ll_buf_z(sql, " WHERE (");
    put_key(s, sql);
    ll_buf_z(sql, ") > (");
    put_marks(s, sql);
    ll_buf_z(sql, ")");
    order_sql(s, sql);
}

/* The rows by one column: those that have the value, or those from prefix up to the first text that no longer starts with it. */
static void column_sql(const struct ll_seg *s, const struct column *c, bool prefix, struct ll_buf *sql)
{
    char index[128];

    if (c->key != 1) {
        snprintf(index, sizeof index, "by_%s", c->name);
        ll_buf_z(sql, " INDEXED BY ");
        ll_buf_sql_name(sql, ll_str(index));
    }
    ll_buf_z(sql, " WHERE ");
    ll_buf_sql_name(sql, ll_str(c->name));
    ll_buf_z(sql, prefix ? " >= ?1 AND " : " = ?1 ORDER BY ");
    if (prefix) {
        ll_buf_sql_name(sql, ll_str(c->name));
        ll_buf_z(sql, " < ?2 ORDER BY ");
        ll_buf_sql_name(sql, ll_str(c->name));
        ll_buf_z(sql, ", ");
    }
    put_key(s, sql);
}

static int prepare(struct ll_seg *s, struct ll_buf *sql, sqlite3_stmt **ret, struct ll_err *err)
{
    int rc = sql->failed ? no_memory(err) : ll_sq_prepare(s->db, s->path, sql->p, ret, err);

    ll_buf_free(sql);
    return rc;
}

static int prepare_tail(struct ll_seg *s, void (*tail)(const struct ll_seg *, struct ll_buf *),
                        sqlite3_stmt **ret, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(MAX_SQL);

    if (*ret)
        return LL_OK;
    put_select(s, &sql);
    tail(s, &sql);
    return prepare(s, &sql, ret, err);
}

static int prepare_column(struct ll_seg *s, struct column *c, bool prefix, sqlite3_stmt **ret,
                          struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(MAX_SQL);

    if (*ret)
        return LL_OK;
    put_select(s, &sql);
    column_sql(s, c, prefix, &sql);
    return prepare(s, &sql, ret, err);
}

/* --- opening ------------------------------------------------------------------------------------------------------- */

/* A file: URI, in which ? # and % of the path would mean something else. */
static void put_uri(struct ll_buf *uri, const char *path)
{
    ll_buf_z(uri, "file:");
    ll_buf_percent(uri, ll_str(path), "/");
    ll_buf_z(uri, "?immutable=1");
}

/* One transaction as long as it is open, since the file never changes: a look-up would begin and end its own.  That a file is gone is told apart: whoever
 * holds a list that is no longer true reads the list again. */
static int open_db(struct ll_seg *s, struct ll_err *err)
{
    static const char setup[] =
        "PRAGMA mmap_size = 1099511627776; PRAGMA cache_size = -256; PRAGMA trusted_schema = OFF; BEGIN;";
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE;
    struct ll_buf uri = LL_BUF_INIT(MAX_SQL);

    put_uri(&uri, s->path);
    int code = uri.failed ? SQLITE_NOMEM : sqlite3_open_v2(uri.p, &s->db, flags, NULL);
    ll_buf_free(&uri);
    if (code == SQLITE_OK)
        return ll_sq_exec(s->db, s->path, setup, err);
    if (!ll_fs_exists(s->path))
        return ll_fail(err, LL_NOTFOUND, "文件 %s 不存在", "there is no file %s", s->path);
    return ll_sq_fail(s->db, code, s->path, err);
}

int ll_seg_open(const char *path, struct ll_seg **ret, struct ll_err *err)
{
    struct ll_seg *s = calloc(1, sizeof *s);
    int rc;

    ll_sq_init();
    if (!s)
        return no_memory(err);
    s->magic = MAGIC;
    s->path = strdup(path);
    s->mem = ll_arena_new(MAX_SQL);
    if (!s->path || !s->mem)
        rc = no_memory(err);
    else if ((rc = open_db(s, err)) == LL_OK && (rc = read_columns(s, err)) == LL_OK &&
             (rc = read_key(s, err)) == LL_OK)
        rc = prepare_tail(s, find_sql, &s->find, err);
    if (rc < 0) {
        ll_seg_close(s);
        return rc;
    }
    *ret = s;
    return LL_OK;
}

struct ll_seg *ll_seg_close(struct ll_seg *s)
{
    if (!s)
        return NULL;
    LL_CHECK(s, MAGIC);
    for (size_t i = 0; i < s->n; i++) {
        sqlite3_finalize(s->columns[i].by);
        sqlite3_finalize(s->columns[i].prefix);
    }
    sqlite3_finalize(s->find);
    sqlite3_finalize(s->all);
    sqlite3_finalize(s->after);
    sqlite3_finalize(s->meta);
    sqlite3_close(s->db);
    ll_arena_free(s->mem);
    free(s->path);
    free(s);
    return NULL;
}

const char *ll_seg_path(const struct ll_seg *s)
{
    return s->path;
}

void ll_seg_rewind(struct ll_seg *s)
{
    if (s->scan)
        sqlite3_reset(s->scan);
    sqlite3_reset(s->find);
    s->scan = s->row = NULL;
}

size_t ll_seg_columns(const struct ll_seg *s)
{
    return s->n;
}

const char *ll_seg_column_name(const struct ll_seg *s, size_t at)
{
    LL_ASSERT(at < s->n);
    return s->columns[at].name;
}

enum ll_seg_kind ll_seg_column_kind(const struct ll_seg *s, size_t at)
{
    LL_ASSERT(at < s->n);
    return s->columns[at].kind;
}

const char *ll_seg_column_type(const struct ll_seg *s, size_t at)
{
    LL_ASSERT(at < s->n);
    return s->columns[at].type;
}

size_t ll_seg_key_columns(const struct ll_seg *s)
{
    return s->n_key;
}

size_t ll_seg_key_at(const struct ll_seg *s, size_t i)
{
    LL_ASSERT(i < s->n_key);
    return s->key[i];
}

/* --- look-up ------------------------------------------------------------------------------------------------------- */

static struct column *column_of(const struct ll_seg *s, const char *name)
{
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->columns[i].name, name) == 0)
            return &s->columns[i];
    return NULL;
}

bool ll_seg_has_index(const struct ll_seg *s, const char *column)
{
    const struct column *c = column_of(s, column);

    return c && c->indexed;
}

/* A number is given as text, too: SQLite compares it as its column does. */
static int bind(struct ll_seg *s, sqlite3_stmt *st, size_t i, enum ll_seg_kind kind, struct ll_str v,
                sqlite3_destructor_type keep, struct ll_err *err)
{
    const char *p = v.p ? v.p : "";
    int code = kind == LL_SV_BLOB ? sqlite3_bind_blob64(st, (int)i + 1, p, v.n, keep)
                                  : sqlite3_bind_text64(st, (int)i + 1, p, v.n, keep, SQLITE_UTF8);

    return code == SQLITE_OK ? LL_OK : ll_sq_fail(s->db, code, s->path, err);
}

static int bind_key(struct ll_seg *s, sqlite3_stmt *st, const struct ll_str *v, sqlite3_destructor_type keep,
                    struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; i < s->n_key && rc == LL_OK; i++)
        rc = bind(s, st, i, s->columns[s->key[i]].kind, v[i], keep, err);
    return rc;
}

/* 1 and *deleted at a row; 0 at the end. */
static int step(struct ll_seg *s, sqlite3_stmt *st, bool *deleted, struct ll_err *err)
{
    int code = sqlite3_step(st);

    s->row = st;
    if (code == SQLITE_ROW) {
        *deleted = sqlite3_column_int(st, (int)s->n) != 0;
        return 1;
    }
    return code == SQLITE_DONE ? 0 : ll_sq_fail(s->db, code, s->path, err);
}

int ll_seg_find(struct ll_seg *s, const struct ll_str *key, size_t n_key, bool *deleted, struct ll_err *err)
{
    int rc;

    LL_CHECK(s, MAGIC);
    if (n_key != s->n_key)
        return ll_fail(err, LL_USAGE, "主键有 %zu 部分，给出了 %zu 部分",
                       "the key has %zu parts, %zu were given", s->n_key, n_key);
    sqlite3_reset(s->find);
    if ((rc = bind_key(s, s->find, key, SQLITE_STATIC, err)) < 0)
        return rc;
    return step(s, s->find, deleted, err);
}

/* What a scan is bound to is copied: it must live as long as the scan runs. */
static void end_scan(struct ll_seg *s, sqlite3_stmt *next)
{
    if (s->scan)
        sqlite3_reset(s->scan);
    s->scan = NULL;
    sqlite3_reset(next);
}

static int start(struct ll_seg *s, sqlite3_stmt *st, const struct column *c, const struct ll_str *v, size_t n,
                 struct ll_err *err)
{
    int rc = LL_OK;

    end_scan(s, st);
    for (size_t i = 0; i < n && rc == LL_OK; i++)
        rc = bind(s, st, i, c->kind, v[i], SQLITE_TRANSIENT, err);
    s->scan = rc == LL_OK ? st : NULL;
    return rc;
}

static int start_after(struct ll_seg *s, sqlite3_stmt *st, const struct ll_str *after, struct ll_err *err)
{
    end_scan(s, st);
    int rc = after ? bind_key(s, st, after, SQLITE_TRANSIENT, err) : LL_OK;
    s->scan = rc == LL_OK ? st : NULL;
    return rc;
}

static int indexed_column(struct ll_seg *s, const char *name, struct column **ret, struct ll_err *err)
{
    *ret = column_of(s, name);
    if (*ret && (*ret)->indexed)
        return LL_OK;
    return ll_fail(err, LL_INVALID, "列 %s 没有索引", "column %s has no index", name);
}

int ll_seg_scan(struct ll_seg *s, const char *column, struct ll_str value, const struct ll_str *after,
                struct ll_err *err)
{
    struct column *c;
    int rc;

    LL_CHECK(s, MAGIC);
    if (!column && !after)
        return (rc = prepare_tail(s, order_sql, &s->all, err)) < 0 ? rc : start_after(s, s->all, NULL, err);
    if (!column)
        return (rc = prepare_tail(s, after_sql, &s->after, err)) < 0 ? rc
                                                                     : start_after(s, s->after, after, err);
    if ((rc = indexed_column(s, column, &c, err)) < 0 || (rc = prepare_column(s, c, false, &c->by, err)) < 0)
        return rc;
    return start(s, c->by, c, &value, 1, err);
}

int ll_seg_scan_prefix(struct ll_seg *s, const char *column, struct ll_str prefix, struct ll_err *err)
{
    char above[MAX_PREFIX];
    struct column *c;
    int rc;

    LL_CHECK(s, MAGIC);
    if (prefix.n >= MAX_PREFIX)
        return ll_fail(err, LL_TOOBIG, "前缀超过 %d 字节", "a prefix is longer than %d bytes",
                       MAX_PREFIX - 1);
    if ((rc = indexed_column(s, column, &c, err)) < 0 ||
        (rc = prepare_column(s, c, true, &c->prefix, err)) < 0)
        return rc;
    memcpy(above, prefix.n ? prefix.p : "\xfe", prefix.n ? prefix.n : 1);
    size_t n = prefix.n ? prefix.n : 1;
    above[n - 1]++; /* no byte of UTF-8 is 0xff, so this never wraps */
    struct ll_str bounds[] = {prefix, {above, n}};
    return start(s, c->prefix, c, bounds, 2, err);
}

int ll_seg_next(struct ll_seg *s, bool *deleted, struct ll_err *err)
{
    LL_CHECK(s, MAGIC);
    if (!s->scan)
        return 0;
    int rc = step(s, s->scan, deleted, err);
    if (rc <= 0) {
        sqlite3_reset(s->scan);
        s->scan = NULL;
    }
    return rc;
}

struct ll_seg_value ll_seg_get(struct ll_seg *s, size_t at)
{
    sqlite3_value *v = sqlite3_column_value(s->row, (int)at);

    switch (sqlite3_value_type(v)) {
    case SQLITE_NULL:
        return (struct ll_seg_value){.kind = LL_SV_NULL};
    case SQLITE_INTEGER:
        return (struct ll_seg_value){.kind = LL_SV_INT, .i = sqlite3_value_int64(v)};
    case SQLITE_BLOB: {
        const char *p = sqlite3_value_blob(v);
        return (struct ll_seg_value){.kind = LL_SV_BLOB, .s = {p, (size_t)sqlite3_value_bytes(v)}};
    }
    default: {
        const char *p = (const char *)sqlite3_value_text(v);
        return (struct ll_seg_value){.kind = LL_SV_TEXT, .s = {p, (size_t)sqlite3_value_bytes(v)}};
    }
    }
}

const char *ll_seg_meta(struct ll_seg *s, const char *name)
{
    LL_CHECK(s, MAGIC);
    if (!s->meta &&
        ll_sq_prepare(s->db, s->path, "SELECT value FROM meta WHERE name = ?1", &s->meta, NULL) < 0)
        return "";
    sqlite3_reset(s->meta);
    sqlite3_bind_text(s->meta, 1, name, -1, SQLITE_TRANSIENT);
    if (sqlite3_step(s->meta) != SQLITE_ROW)
        return "";
    const char *value = (const char *)sqlite3_column_text(s->meta, 0);
    return value ? value : "";
}
