/* link_work.c - see link_work.h. */
#include "apps/credit/link_work.h"

#include "apps/credit/link_sql.h"
#include "catalog/segschema.h"
#include "intake/batch.h"
#include "intake/stored.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { SQL_MAX = 8 << 20 };

int ll_link_work_run(struct ll_link_work *w, struct ll_buf *sql, struct ll_err *err)
{
    int rc = sql->failed ? ll_no_memory(err) : ll_lake_exec(w->c, sql->p, err);

    ll_buf_clear(sql);
    return rc;
}

/* ---- the engine ---- */

/* The folder of a file, which the engine may read. */
static int folder_of(const char *path, struct ll_arena *arena, const char **ret, struct ll_err *err)
{
    char *real = realpath(path, NULL);

    if (!real)
        return ll_fail_errno(err, LL_NOTFOUND, "打不开 %s（既不是数据资源，也不是文件）",
                             "cannot open %s (neither a resource nor a file)", path);
    char *slash = strrchr(real, '/');
    *ret = ll_arena_dup(arena, (struct ll_str){real, slash > real ? (size_t)(slash - real) : 1});
    free(real);
    return *ret ? LL_OK : ll_no_memory(err);
}

/* Whether a source has values that must lie in no file in the clear: the engine then keeps to its memory. */
static bool any_sealed(const struct ll_resource *const *resources, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; resources[i] && k < resources[i]->n_items; k++)
            if (ll_item_sealed(&resources[i]->items[k]))
                return true;
    return false;
}

static int open_engine(struct ll_data *d, struct ll_link_work *w, const char *const *folders, bool no_spill,
                       struct ll_err *err)
{
    char temp[LL_PATH], lake[LL_PATH];
    struct ll_lake_opts o = LL_LAKE_OPTS_INIT;
    size_t n = 0;
    int rc;

    if ((rc = ll_data_path(d, temp, err, "work/link-%d", (int)getpid())) < 0 ||
        (rc = ll_data_path(d, lake, err, "lake")) < 0)
        return rc;
    o.memory_mb = (unsigned)(ll_data_settings(d)->duckdb_memory >> 20);
    o.threads = ll_data_threads(d);
    o.temp_dir = temp;
    o.no_spill = no_spill;
    o.vault = ll_data_vault(d);
    o.folders[n++] = lake;
    for (size_t i = 0; i < w->n_sources; i++)
        if (folders[i])
            o.folders[n++] = folders[i];
    if ((rc = ll_lake_open(&w->lake, &o, err)) < 0)
        return rc;
    return ll_lake_connect(w->lake, &w->c, err);
}

/* ---- sources ---- */

/* SELECT of a resource's present records: its items in the clear, and the key as one text. */
static int resource_sql(struct ll_data *d, const struct ll_resource *r, struct ll_link_source *s,
                        struct ll_arena *arena, struct ll_buf *sql, struct ll_err *err)
{
    struct ll_batch *live = NULL;
    struct ll_hash *h = NULL;
    size_t n = 0;
    int rc = ll_batch_live(d, r->name, r->version, -1, NULL, arena, &live, &n, err);

    if (rc < 0 || (rc = ll_hash_open(&h, err)) < 0)
        return rc;
    for (size_t i = 0; i < n; i++)
        ll_hash_add(h, live[i].manifest_sha256, strlen(live[i].manifest_sha256));
    ll_hash_hex(h, s->sha256);
    ll_buf_z(sql, "SELECT *, ");
    if (ll_key_sealed(r)) {
        ll_buf_z(sql, "lower(hex(ll_key_of))");
    } else {
        ll_buf_z(sql, "concat_ws('|'");
        for (size_t i = 0; i < r->n_key; i++) {
            ll_buf_z(sql, ", CAST(");
            ll_buf_sql_name(sql, ll_str(r->key[i]->name));
            ll_buf_z(sql, " AS VARCHAR)");
        }
        ll_buf_c(sql, ')');
    }
    ll_buf_z(sql, " AS ll_id FROM (SELECT ");
    ll_stored_items(sql, r);
    ll_buf_z(sql, ll_key_sealed(r) ? ", " LL_KEY_COLUMN " AS ll_key_of FROM (" : " FROM (");
    rc = ll_batch_current_sql(d, r, live, n, sql, err);
    ll_buf_z(sql, "))");
    return rc;
}

static int file_sql(const char *path, struct ll_link_source *s, struct ll_buf *sql, struct ll_err *err)
{
    struct ll_str p = ll_str(path);

    if (ll_str_ends(p, LL_STR(".parquet"))) {
        ll_buf_z(sql, "SELECT * FROM read_parquet(");
        ll_buf_sql(sql, p);
        ll_buf_c(sql, ')');
    } else if (ll_str_ends(p, LL_STR(".csv")) || ll_str_ends(p, LL_STR(".csv.gz"))) {
        ll_buf_z(sql, "SELECT * FROM read_csv(");
        ll_buf_sql(sql, p);
        ll_buf_z(
            sql,
            ", header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"', strict_mode = false)");
    } else {
        return ll_fail(err, LL_INVALID, "%s 应为 .csv、.csv.gz 或 .parquet，或目录中的数据资源",
                       "%s must be .csv, .csv.gz or .parquet, or a resource of the catalogue", path);
    }
    return ll_hash_file(path, s->sha256, err);
}

struct headings {
    struct ll_arena *arena;
    const char *names[1024];
    size_t n;
};

static int on_heading(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct headings *h = ctx;

    if (n && row[0].kind == LL_LV_TEXT && h->n < LL_COUNT(h->names) &&
        !(h->names[h->n++] = ll_arena_dup(h->arena, row[0].s)))
        return ll_no_memory(err);
    return LL_OK;
}

/* The heading that a model means: blanks around it and the case of letters do not count. */
static const char *heading_of(const struct headings *h, const char *name)
{
    for (size_t i = 0; i < h->n; i++) {
        struct ll_str have = ll_str_trim(ll_str(h->names[i]));
        if (have.n == strlen(name) && strncasecmp(have.p, name, have.n) == 0)
            return h->names[i];
    }
    return NULL;
}

static int match_columns(struct ll_link_work *w, const struct ll_link_source *s, const char *source,
                         const char **actual, struct ll_err *err)
{
    const char *wanted[LL_LINK_COLUMNS];
    struct headings h = {.arena = w->arena};
    struct ll_buf sql = LL_BUF_INIT(SQL_MAX);
    size_t n = ll_link_columns(w->model, wanted);
    int rc;

    ll_buf_printf(&sql, "SELECT column_name FROM (DESCRIBE %s)", source);
    rc = sql.failed ? ll_no_memory(err) : ll_lake_each(w->c, sql.p, on_heading, &h, err);
    ll_buf_free(&sql);
    for (size_t i = 0; i < n && rc == LL_OK; i++)
        if (!(actual[i] = heading_of(&h, wanted[i] ? wanted[i] : "ll_id")))
            rc = wanted[i]
                     ? ll_fail(err, LL_INVALID, "%s 没有模型要用的列 %s",
                               "%s has no column %s, which the model reads", s->name, wanted[i])
                     : ll_fail(err, LL_INVALID, "模型没有写明 id：文件 %s 的哪一列是记录编号",
                               "the model does not say which column of file %s names a record (id)", s->name);
    return rc;
}

static const char *stem(struct ll_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    struct ll_str name = ll_str(slash ? slash + 1 : path);
    const char *dot = memchr(name.p, '.', name.n);

    return ll_arena_dup(arena,
                        (struct ll_str){name.p, dot && dot > name.p ? (size_t)(dot - name.p) : name.n});
}

static int check_ids(struct ll_link_work *w, size_t side, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(4096);
    int64_t bad = 0;
    int rc;

    ll_buf_printf(&sql, "SELECT count(*) FROM link_s%zu", side);
    rc = sql.failed ? ll_no_memory(err) : ll_lake_int(w->c, sql.p, &w->sources[side].rows, err);
    ll_buf_clear(&sql);
    ll_buf_printf(&sql, "SELECT count(*) - count(DISTINCT id) FROM link_s%zu", side);
    if (rc == LL_OK)
        rc = sql.failed ? ll_no_memory(err) : ll_lake_int(w->c, sql.p, &bad, err);
    ll_buf_free(&sql);
    if (rc == LL_OK && bad)
        rc = ll_fail(err, LL_INVALID, "%s 的记录编号为空或重复：%lld 行",
                     "%s: %lld rows have no name of their own (id empty or given twice)",
                     w->sources[side].name, (long long)bad);
    if (rc == LL_OK && !w->sources[side].rows)
        rc = ll_fail(err, LL_INVALID, "%s 没有记录", "%s has no records", w->sources[side].name);
    return rc;
}

static int load_side(struct ll_data *d, struct ll_link_work *w, const struct ll_resource *r, const char *spec,
                     size_t side, struct ll_err *err)
{
    struct ll_buf source = LL_BUF_INIT(SQL_MAX), sql = LL_BUF_INIT(SQL_MAX);
    const char *actual[LL_LINK_COLUMNS];
    struct ll_link_source *s = &w->sources[side];
    int rc = r ? resource_sql(d, r, s, w->arena, &source, err) : file_sql(spec, s, &source, err);

    if (rc == LL_OK && source.failed)
        rc = ll_no_memory(err);
    if (rc == LL_OK && (rc = match_columns(w, s, source.p, actual, err)) == LL_OK) {
        ll_buf_printf(&sql, "CREATE TABLE link_s%zu AS ", side);
        ll_link_sql_clean(&sql, w->model, source.p, actual);
        rc = ll_link_work_run(w, &sql, err);
    }
    ll_buf_free(&source);
    ll_buf_free(&sql);
    return rc < 0 ? rc : check_ids(w, side, err);
}

/* ---- preparing ---- */

/* Records that hold both a registration number and an organisation code tell which code took the number's place. */
static int bridge(struct ll_link_work *w, struct ll_buf *sql, struct ll_err *err)
{
    int rc;

    if (!w->model->n_ids)
        return LL_OK;
    ll_buf_z(
        sql,
        "CREATE TABLE link_bridge AS SELECT x_reg, min(x_org) AS x_org FROM (SELECT x_reg, x_org FROM link_s0");
    if (w->n_sources > 1)
        ll_buf_z(sql, " UNION ALL SELECT x_reg, x_org FROM link_s1");
    ll_buf_z(
        sql,
        ") WHERE x_reg IS NOT NULL AND x_org IS NOT NULL GROUP BY x_reg HAVING count(DISTINCT x_org) = 1");
    if ((rc = ll_link_work_run(w, sql, err)) < 0)
        return rc;
    for (size_t i = 0; i < w->n_sources && rc == LL_OK; i++) {
        ll_buf_printf(
            sql,
            "UPDATE link_s%zu SET x_org = b.x_org FROM link_bridge b WHERE link_s%zu.x_org IS NULL AND"
            " link_s%zu.x_reg = b.x_reg",
            i, i, i);
        rc = ll_link_work_run(w, sql, err);
    }
    return rc;
}

static int prepare(struct ll_link_work *w, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(SQL_MAX);
    int rc = bridge(w, &sql, err);

    for (size_t f = 0; f < w->model->n_fields && rc == LL_OK; f++)
        if (w->model->fields[f].tf) {
            ll_buf_printf(&sql, "CREATE TABLE link_t%zu AS ", f);
            ll_link_sql_frequencies(&sql, w->model, f);
            rc = ll_link_work_run(w, &sql, err);
        }
    for (size_t i = 0; i < w->n_sources && rc == LL_OK; i++) {
        ll_buf_printf(&sql, "CREATE TABLE link_p%zu AS ", i);
        ll_link_sql_prepare(&sql, w->model, (unsigned)i);
        rc = ll_link_work_run(w, &sql, err);
    }
    ll_buf_free(&sql);
    return rc;
}

static int load(struct ll_data *d, struct ll_link_work *w, const char *const *sources, struct ll_err *err)
{
    const struct ll_resource *resources[2] = {NULL, NULL};
    const char *folders[2] = {NULL, NULL};
    struct ll_catalog *cat = NULL;
    size_t n = w->n_sources < 2 ? w->n_sources : 2;
    int rc = ll_data_catalog(d, &cat, err);

    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        resources[i] = ll_catalog_resource(cat, ll_str(sources[i]));
        if (!resources[i])
            rc = folder_of(sources[i], w->arena, &folders[i], err);
        if (!(w->sources[i].name = resources[i] ? resources[i]->name : stem(w->arena, sources[i])))
            rc = ll_no_memory(err);
    }
    if (rc == LL_OK && w->n_sources == 2 && strcmp(w->sources[0].name, w->sources[1].name) == 0)
        rc = ll_fail(err, LL_INVALID, "两个来源同名（%s），记录无法区分：请改文件名",
                     "both sources are called %s, so that their records cannot be told apart: rename a file",
                     w->sources[0].name);
    if (rc == LL_OK)
        rc = open_engine(d, w, folders, any_sealed(resources, n), err);
    for (size_t i = 0; i < n && rc == LL_OK; i++)
        rc = load_side(d, w, resources[i], sources[i], i, err);
    if (rc == LL_OK)
        rc = prepare(w, err);
    for (size_t i = 0; i < n && resources[i]; i++)
        w->sources[i].name = ll_arena_dup(w->arena, ll_str(w->sources[i].name));
    ll_catalog_unref(cat);
    return rc;
}

int ll_link_work_open(struct ll_data *d, const struct ll_link_model *m, const char *const *sources, size_t n,
                      struct ll_arena *arena, struct ll_link_work **ret, struct ll_err *err)
{
    struct ll_link_work *w;
    int rc;

    if (n != (m->dedupe ? 1 : 2))
        return m->dedupe ? ll_fail(err, LL_USAGE, "模型 %s 在一张表内去重，只要一个来源",
                                   "model %s looks for duplicates in one table: give one source", m->name)
                         : ll_fail(err, LL_USAGE, "模型 %s 关联两张表，要两个来源",
                                   "model %s links two tables: give two sources", m->name);
    if (!(w = ll_arena_alloc(arena, sizeof *w)))
        return ll_no_memory(err);
    w->model = m;
    w->arena = arena;
    w->n_sources = n;
    if ((rc = load(d, w, sources, err)) < 0)
        ll_link_work_close(w);
    else
        *ret = w;
    return rc;
}

struct ll_link_work *ll_link_work_close(struct ll_link_work *w)
{
    if (w) {
        ll_lake_disconnect(w->c);
        ll_lake_close(w->lake);
        w->c = NULL;
        w->lake = NULL;
    }
    return NULL;
}

double ll_link_work_all_pairs(const struct ll_link_work *w)
{
    double a = (double)w->sources[0].rows;

    return w->model->dedupe ? a * (a - 1) / 2 : a * (double)w->sources[1].rows;
}

/* ---- blocking ---- */

static int on_block(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct ll_link_block *b = ctx;

    (void)n, (void)err;
    b->pairs = row[0].i;
    b->dropped = row[1].i;
    b->greatest = row[2].i;
    return LL_OK;
}

int ll_link_work_block(struct ll_link_work *w, size_t rule, struct ll_link_block *ret, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(65536);
    long long cap = (long long)w->model->block_cap;
    int rc;

    ll_buf_printf(&sql, "CREATE OR REPLACE TABLE link_block AS SELECT k, ");
    if (w->model->dedupe)
        ll_buf_printf(
            &sql,
            "n * (n - 1) // 2 AS n FROM (SELECT k%zu AS k, count(*) AS n FROM link_p0 WHERE k IS NOT NULL GROUP BY 1)",
            rule);
    else
        ll_buf_printf(
            &sql,
            "l.n * r.n AS n FROM (SELECT k%zu AS k, count(*) AS n FROM link_p0 WHERE k IS NOT NULL GROUP BY 1) l JOIN"
            " (SELECT k%zu AS k, count(*) AS n FROM link_p1 WHERE k IS NOT NULL GROUP BY 1) r USING (k)",
            rule, rule);
    if ((rc = ll_link_work_run(w, &sql, err)) == LL_OK) {
        ll_buf_printf(
            &sql,
            "SELECT CAST(coalesce(sum(n) FILTER (n <= %lld), 0) AS BIGINT), CAST(coalesce(sum(n) FILTER (n > %lld), 0) AS BIGINT),"
            " CAST(coalesce(max(n), 0) AS BIGINT) FROM link_block",
            cap, cap);
        rc = sql.failed ? ll_no_memory(err) : ll_lake_each(w->c, sql.p, on_block, ret, err);
        ll_buf_clear(&sql);
    }
    for (size_t i = 0; rc == LL_OK && ret->dropped && i < w->n_sources; i++) {
        ll_buf_printf(
            &sql, "UPDATE link_p%zu SET k%zu = NULL WHERE k%zu IN (SELECT k FROM link_block WHERE n > %lld)",
            i, rule, rule, cap);
        rc = ll_link_work_run(w, &sql, err);
    }
    ll_buf_free(&sql);
    return rc;
}
