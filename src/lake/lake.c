/* lake.c - opening, connections and statements.  Reading values out of chunks is result.c. */
#include "lake/internal.h"

#include "base/buf.h"
#include "base/fs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MARK "\x01luling\x01" /* stands in no text of the engine's */

void ll_lake_put_error(struct ll_buf *out, const struct ll_err *err)
{
    ll_buf_printf(out, MARK "%d\x01%s\x01%s\x01", (int)err->rc, err->zh, err->en);
}

/* Whether the engine's text carries an error of ours; fails with that one then. */
static bool is_ours(const char *text, struct ll_err *err)
{
    const char *mark = strstr(text, MARK);
    struct ll_str rc, zh, en, rest = ll_str(mark ? mark + sizeof MARK - 1 : "");
    int64_t code;

    if (!mark || !ll_str_cut(rest, 1, &rc, &rest) || !ll_str_cut(rest, 1, &zh, &rest) ||
        !ll_str_cut(rest, 1, &en, &rest) || !ll_str_i64(rc, LL_TOOMANY, LL_FAIL, &code))
        return false;
    if (err) {
        err->rc = (enum ll_rc)code;
        snprintf(err->zh, sizeof err->zh, LL_STR_FMT, LL_STR_ARG(zh));
        snprintf(err->en, sizeof err->en, LL_STR_FMT, LL_STR_ARG(en));
    }
    return true;
}

int ll_lake_fail(struct ll_err *err, const char *text)
{
    struct ll_err own;

    if (!text)
        text = "?";
    if (is_ours(text, &own)) {
        if (err)
            *err = own;
        return own.rc;
    }
    if (strstr(text, "No space left") || strstr(text, "ENOSPC"))
        return ll_fail(err, LL_IO, "磁盘空间不足，请清理后重试：%s",
                       "the disk is full; free some space and try again: %s", text);
    if (strncmp(text, "IO Error", 8) == 0)
        return ll_fail(err, LL_IO, "分析引擎读写文件失败：%s", "the engine cannot read or write a file: %s",
                       text);
    if (strncmp(text, "Out of Memory", 13) == 0)
        return ll_fail(err, LL_NOMEM, "分析引擎内存不足，请调大 duckdb_memory：%s",
                       "the engine is out of memory; raise duckdb_memory: %s", text);
    if (strncmp(text, "INTERRUPT", 9) == 0)
        return ll_fail(err, LL_BUSY, "操作已取消", "the operation was cancelled");
    return ll_fail(err, LL_FAIL, "分析引擎报错：%s", "the engine says: %s", text);
}

static int set(duckdb_config cfg, const char *name, const char *value, struct ll_err *err)
{
    if (duckdb_set_config(cfg, name, value) == DuckDBSuccess)
        return LL_OK;
    return ll_fail(err, LL_INTERNAL, "分析引擎不认识设置 %s=%s", "the engine does not know setting %s=%s",
                   name, value);
}

static int configure(duckdb_config cfg, const struct ll_lake_opts *o, struct ll_err *err)
{
    char memory[32], threads[32];
    int rc;

    snprintf(memory, sizeof memory, "%uMB", o->memory_mb ? o->memory_mb : 1024);
    snprintf(threads, sizeof threads, "%u", o->threads);
    if ((rc = set(cfg, "memory_limit", memory, err)) < 0 ||
        (rc = set(cfg, "autoinstall_known_extensions", "false", err)) < 0 ||
        (rc = set(cfg, "autoload_known_extensions", "false", err)) < 0 ||
        (rc = set(cfg, "temp_directory", o->no_spill ? "" : o->temp_dir, err)) < 0)
        return rc;
    return o->threads ? set(cfg, "threads", threads, err) : LL_OK;
}

static int open_db(struct ll_lake *lake, const struct ll_lake_opts *o, struct ll_err *err)
{
    duckdb_config cfg = NULL;
    char *text = NULL;

    if (duckdb_create_config(&cfg) != DuckDBSuccess)
        return ll_no_memory(err);
    int rc = configure(cfg, o, err);
    if (rc == LL_OK && duckdb_open_ext(NULL, &lake->db, cfg, &text) != DuckDBSuccess)
        rc = ll_lake_fail(err, text);
    duckdb_free(text);
    duckdb_destroy_config(&cfg);
    return rc;
}

/* From here on SQL reaches only the folders named, and cannot change that. */
static int confine(struct ll_lake_conn *c, const struct ll_lake_opts *o, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(16384);
    int rc;

    ll_buf_z(&sql, "SET allowed_directories = [");
    ll_buf_sql(&sql, ll_str(o->temp_dir));
    for (size_t i = 0; i < LL_COUNT(o->folders) && o->folders[i]; i++) {
        ll_buf_c(&sql, ',');
        ll_buf_sql(&sql, ll_str(o->folders[i]));
    }
    ll_buf_z(&sql, "]; SET enable_external_access = false; SET lock_configuration = true;");
    rc = sql.failed ? ll_no_memory(err) : ll_lake_exec(c, sql.p, err);
    ll_buf_free(&sql);
    return rc;
}

int ll_lake_open(struct ll_lake **ret, const struct ll_lake_opts *o, struct ll_err *err)
{
    struct ll_lake_conn *c = NULL;
    struct ll_lake *lake = NULL;
    int rc = ll_fs_mkdirs(o->temp_dir, err);

    if (rc < 0)
        return rc;
    if (!(lake = calloc(1, sizeof *lake)))
        return ll_no_memory(err);
    lake->magic = LL_LAKE_MAGIC;
    pthread_mutex_init(&lake->lock, NULL);
    ll_deadlines_init(lake);
    if ((rc = ll_path(lake->temp_dir, err, "%s", o->temp_dir)) < 0 || (rc = open_db(lake, o, err)) < 0 ||
        (rc = ll_lake_connect(lake, &c, err)) < 0 || (rc = ll_pass_register(lake, c->c, err)) < 0 ||
        (rc = ll_functions_register(c->c, err)) < 0 || (rc = ll_match_functions_register(c->c, err)) < 0 ||
        (rc = ll_source_register(lake, c->c, err)) < 0 ||
        (o->vault && (rc = ll_seal_functions_register(o->vault, c->c, err)) < 0) ||
        (rc = confine(c, o, err)) < 0)
        lake = (ll_lake_disconnect(c), c = NULL, ll_lake_close(lake));
    ll_lake_disconnect(c);
    if (rc == LL_OK)
        *ret = lake;
    return rc;
}

struct ll_lake *ll_lake_close(struct ll_lake *lake)
{
    if (!lake)
        return NULL;
    LL_CHECK(lake, LL_LAKE_MAGIC);
    ll_deadlines_close(lake);
    if (lake->db)
        duckdb_close(&lake->db);
    rmdir(lake->temp_dir); /* the engine has emptied it; where it has not, it is left to see */
    pthread_mutex_destroy(&lake->lock);
    lake->magic = 0;
    free(lake);
    return NULL;
}

int ll_lake_connect(struct ll_lake *lake, struct ll_lake_conn **ret, struct ll_err *err)
{
    struct ll_lake_conn *c = calloc(1, sizeof *c);

    LL_CHECK(lake, LL_LAKE_MAGIC);
    if (!c)
        return ll_no_memory(err);
    c->magic = LL_LAKE_CONN_MAGIC;
    c->lake = lake;
    if (duckdb_connect(lake->db, &c->c) != DuckDBSuccess) {
        free(c);
        return ll_fail(err, LL_FAIL, "无法连接分析引擎", "cannot connect to the engine");
    }
    *ret = c;
    return LL_OK;
}

struct ll_lake_conn *ll_lake_disconnect(struct ll_lake_conn *c)
{
    if (!c)
        return NULL;
    LL_CHECK(c, LL_LAKE_CONN_MAGIC);
    duckdb_disconnect(&c->c);
    c->magic = 0;
    free(c);
    return NULL;
}

int ll_lake_exec(struct ll_lake_conn *c, const char *sql, struct ll_err *err)
{
    duckdb_result r;
    int rc = LL_OK;

    if (duckdb_query(c->c, sql, &r) != DuckDBSuccess)
        rc = ll_lake_fail(err, duckdb_result_error(&r));
    duckdb_destroy_result(&r);
    return rc;
}

static int one_int(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    (void)err;
    if (n && row[0].kind == LL_LV_INT)
        *(int64_t *)ctx = row[0].i;
    return LL_OK;
}

int ll_lake_int(struct ll_lake_conn *c, const char *sql, int64_t *ret, struct ll_err *err)
{
    *ret = 0;
    return ll_lake_each(c, sql, one_int, ret, err);
}

int ll_lake_has_column(struct ll_lake_conn *c, const char *files, const char *column, bool *ret,
                       struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(2 << 20);
    int64_t n = 0;

    ll_buf_printf(&sql, "SELECT count(*) FROM parquet_schema(%s) WHERE name = ", files);
    ll_buf_sql(&sql, ll_str(column));
    int rc = sql.failed ? ll_no_memory(err) : ll_lake_int(c, sql.p, &n, err);
    *ret = n > 0;
    ll_buf_free(&sql);
    return rc;
}

/* Preparing binds everything and runs nothing; it takes one statement only. */
static int bind_only(struct ll_lake_conn *c, const char *sql, struct ll_err *err)
{
    duckdb_prepared_statement s = NULL;
    int rc = duckdb_prepare(c->c, sql, &s) == DuckDBSuccess ? LL_OK
                                                            : ll_lake_fail(err, duckdb_prepare_error(s));

    duckdb_destroy_prepare(&s);
    return rc;
}

int ll_lake_check_predicate(struct ll_lake_conn *c, const char *columns, const char *predicate,
                            struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(1 << 20);

    ll_buf_printf(&sql, "SELECT CAST((%s\n) AS BOOLEAN) FROM (SELECT %s LIMIT 0)", predicate, columns);
    int rc = sql.failed ? ll_no_memory(err) : bind_only(c, sql.p, err);
    ll_buf_free(&sql);
    return rc;
}

void ll_lake_interrupt(struct ll_lake_conn *c)
{
    duckdb_interrupt(c->c);
}
