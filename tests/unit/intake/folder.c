/* folder.c - see folder.h. */
#include "folder.h"

#include "base/buf.h"
#include "intake/packhooks.h"
#include "share/table.h"

#include <sqlite3.h>
#include <sys/mount.h>
#include <unistd.h>

static const char elements[] = "code,name,title,type,length,format,grade,basis\n"
                               "F1,firm_code,企业代码,text,40,[A-Z0-9]+,1,own\n"
                               "F2,firm_name,企业名称,text,60,,1,own\n"
                               "F3,staff,从业人数,integer,,,1,own\n"
                               "F4,licence_no,许可证号,text,40,,1,own\n"
                               "F5,visit_day,走访日期,date,,,1,own\n";
static const char items[] = "resource,item,element,required,key,unique,references\n"
                            "visit,visit_no,licence_no,,1,,\n"
                            "visit,firm,firm_code,,,,firm.code\n"
                            "visit,day,visit_day,,,,\n"
                            "firm,code,firm_code,,1,,\n"
                            "firm,name,firm_name,Y,,,\n"
                            "firm,staff,staff,,,,\n"
                            "firm,licence,licence_no,,,Y,\n";

static const char resources[] =
    "name,code,title,provider,summary,format,share_type,open,update_cycle,version,mode,change_limit,subject_kind\n"
    "firm,3081001/00001,企业,O1,企业名录,2,1,0,4,%u,snapshot,30,none\n"
    "visit,3081001/00002,走访,O1,走访记录,2,1,0,4,1,increment,30,none\n%s";

void folder_add(struct folder *f, const struct ll_pack_file *files, size_t n)
{
    struct ll_pack_hooks hooks = ll_pack_hooks_of(f->d);
    struct ll_problems *ps = ll_problems_new(0);
    struct ll_catalog *known = NULL;
    struct ll_load_result done;
    struct ll_pack *pack = NULL;
    struct ll_err err = {0};

    assert_ok(ll_data_catalog(f->d, &known, &err));
    int rc = ll_pack_parse(files, n, known, &hooks, ps, &pack, &err);
    for (size_t i = 0; rc < 0 && i < ll_problems_kept(ps); i++)
        print_message("%s\n", ll_problems_at(ps, i)->en);
    assert_ok(rc);
    assert_ok(ll_pack_load(ll_data_store(f->d), pack, NULL, &done, &err));
    ll_pack_free(pack);
    ll_catalog_unref(known);
    ll_problems_free(ps);
}

void folder_load(struct folder *f, const struct folder_tables *t)
{
    const struct ll_pack_file files[] = {
        {"codes/RES_FORMAT.csv", LL_STR("code,title\n2,电子表格\n")},
        {"codes/UPDATE_CYCLE.csv", LL_STR("code,title\n4,每月\n")},
        {"elements.csv", ll_str(ll_arena_printf(f->arena, "%s%s", elements, t->elements))},
        {"items.csv", ll_str(ll_arena_printf(f->arena, "%s%s", items, t->items))},
        {"organisations.csv", LL_STR("code,name,role\nO1,市场监管局,source\n")},
        {"pack.json", ll_str(ll_arena_printf(f->arena,
                                             "{\"name\": \"firms\", \"version\": \"%s\", \"title\": {\"zh\": "
                                             "\"企业\", \"en\": \"firms\"}}",
                                             t->version))},
        {"resources.csv", ll_str(ll_arena_printf(f->arena, resources, t->firm_version, t->resources))},
    };

    folder_add(f, files, LL_COUNT(files));
}

void folder_pack(struct folder *f, const char *pack_version, unsigned firm_version, const char *more)
{
    folder_load(f, &(struct folder_tables){pack_version, firm_version, "", more, ""});
}

static struct folder *make(void)
{
    struct folder *f = calloc(1, sizeof *f);

    strcpy(f->dir, "/tmp/ll_folder_XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    return f;
}

static void fill(struct folder *f)
{
    struct ll_err err;

    f->arena = ll_arena_new(0);
    assert_ok(ll_config_new(&f->config, &err));
    assert_ok(ll_config_set(f->config, LL_STR("data_dir"), ll_str(f->dir), LL_FROM_ARGS, &err));
    assert_ok(ll_config_set(f->config, LL_STR("duckdb_memory"), LL_STR("256MiB"), LL_FROM_ARGS, &err));
    assert_ok(ll_config_set(f->config, LL_STR("threads"), LL_STR("2"), LL_FROM_ARGS, &err));
    assert_ok(ll_data_open(ll_config_values(f->config), &f->d, &err));
    folder_pack(f, "1.0.0", 1, "");
}

int folder_open(void **state)
{
    struct folder *f = *state = make();

    fill(f);
    return 0;
}

int folder_open_on_small_disk(void **state)
{
    struct folder *f = make();

    f->mounted = mount("tmpfs", f->dir, "tmpfs", 0, "size=48m") == 0;
    if (f->mounted) {
        *state = f;
        fill(f);
    } else {
        rmdir(f->dir);
        free(f);
        *state = NULL;
    }
    return 0;
}

void folder_again(struct folder *f)
{
    struct ll_err err;

    ll_data_close(f->d);
    assert_ok(ll_data_open(ll_config_values(f->config), &f->d, &err));
}

int folder_close(void **state)
{
    struct folder *f = *state;
    char secret[sizeof f->dir + 8];
    struct ll_err err;

    if (!f)
        return 0;
    ll_data_close(f->d);
    ll_config_free(f->config);
    ll_arena_free(f->arena);
    if (f->mounted)
        assert_int_equal(umount(f->dir), 0);
    assert_ok(ll_fs_remove_tree(f->dir, &err));
    snprintf(secret, sizeof secret, "%s.secret", f->dir);
    unlink(secret); /* made with the first sealed item */
    free(f);
    return 0;
}

/* ---- deliveries ---- */

const char *folder_receive(struct folder *f, const char *resource, const char *mode, const char *text)
{
    struct ll_receive *r = NULL;
    char id[LL_ID_TEXT];
    struct ll_err err;
    bool again;

    usleep(2000); /* no two instants of a test are the same millisecond */
    assert_ok(ll_receive_open(f->d, resource, mode, "delivery.csv", &r, &err));
    assert_ok(ll_receive_add(r, text, strlen(text), &err));
    assert_ok(ll_receive_done(r, id, &again, &err));
    return ll_arena_dup(f->arena, ll_str(id));
}

int folder_run(struct folder *f, const char *id, bool confirm)
{
    struct ll_job_opts o = {.confirm = confirm};

    f->err = (struct ll_err){0};
    return ll_job_run(f->d, id, &o, &f->err);
}

const char *folder_take(struct folder *f, const char *resource, const char *mode, const char *text, int want)
{
    const char *id = folder_receive(f, resource, mode, text);
    int rc = folder_run(f, id, false);

    if (rc != want)
        fail_msg("the job ended %s (%s), not %s", ll_rc_name(rc), f->err.en, ll_rc_name(want));
    usleep(2000);
    return id;
}

const struct ll_resource *folder_resource(struct folder *f, const char *name)
{
    struct ll_catalog *cat = NULL;
    struct ll_err err;

    assert_ok(ll_data_catalog(f->d, &cat, &err));
    const struct ll_resource *r = ll_catalog_resource(cat, ll_str(name));
    assert_non_null(r);
    ll_catalog_unref(cat); /* the folder's own reference keeps it until another pack is loaded */
    return r;
}

struct ll_batch folder_batch(struct folder *f, const char *id)
{
    struct ll_batch b = {0};
    struct ll_err err;

    assert_ok(ll_batch_get(f->d, id, f->arena, &b, &err));
    return b;
}

const char *folder_state(struct folder *f, const char *delivery)
{
    struct ll_delivery v;
    struct ll_err err;

    assert_ok(ll_delivery_get(f->d, delivery, f->arena, &v, &err));
    return v.state;
}

/* ---- what is there ---- */

static void put_record(struct ll_table *t, struct ll_buf *out)
{
    if (out->n)
        ll_buf_c(out, ' ');
    for (size_t i = 0; i < ll_table_columns(t); i++) {
        struct ll_seg_value v = ll_table_get(t, i);
        if (strncmp(ll_table_column_name(t, i), "ll_", 3) == 0)
            continue;
        if (i)
            ll_buf_c(out, '|');
        if (v.kind == LL_SV_INT)
            ll_buf_printf(out, "%lld", (long long)v.i);
        else if (v.kind == LL_SV_TEXT)
            ll_buf_str(out, v.s);
    }
}

static struct ll_table *open_table(struct folder *f, const char *resource, struct ll_segcache **cache)
{
    struct ll_table *t = NULL;
    struct ll_err err;

    assert_ok(ll_segcache_new(8, cache, &err));
    assert_ok(ll_table_open(ll_data_store(f->d), *cache, f->dir, resource, &t, &err));
    ll_table_use(t, ll_data_vault(f->d));
    return t;
}

const char *folder_shows(struct folder *f, const char *resource)
{
    struct ll_buf out = LL_BUF_INIT(1 << 20);
    struct ll_segcache *cache = NULL;
    struct ll_table *t = open_table(f, resource, &cache);
    struct ll_err err;
    int rc;

    assert_ok(ll_table_scan(t, NULL, &err));
    while ((rc = ll_table_next(t, &err)) > 0)
        put_record(t, &out);
    assert_ok(rc);
    ll_table_close(t);
    ll_segcache_free(cache);
    const char *text = ll_arena_dup(f->arena, ll_buf_view(&out));
    ll_buf_free(&out);
    return text;
}

size_t folder_segments(struct folder *f, const char *resource)
{
    struct ll_segcache *cache = NULL;
    struct ll_table *t = open_table(f, resource, &cache);
    size_t n = ll_table_segments(t);

    ll_table_close(t);
    ll_segcache_free(cache);
    return n;
}

static sqlite3 *open_db(struct folder *f)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(folder_path(f, "luling.db"), &db), SQLITE_OK);
    return db;
}

void folder_sql(struct folder *f, const char *sql)
{
    sqlite3 *db = open_db(f);

    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

int64_t folder_int(struct folder *f, const char *sql)
{
    sqlite3 *db = open_db(f);
    sqlite3_stmt *s = NULL;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    int64_t v = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    sqlite3_close(db);
    return v;
}

const char *folder_path(struct folder *f, const char *fmt, ...)
{
    char rest[LL_PATH];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(rest, sizeof rest, fmt, ap);
    va_end(ap);
    return ll_arena_printf(f->arena, "%s/%s", f->dir, rest);
}

void folder_write(const char *path, const char *text)
{
    struct ll_err err;

    assert_ok(ll_fs_write_atomic(path, ll_str(text), &err));
}

static int count_one(void *ctx, const char *name, struct ll_err *err)
{
    (void)name, (void)err;
    ++*(size_t *)ctx;
    return LL_OK;
}

size_t folder_count(struct folder *f, const char *part)
{
    const char *path = folder_path(f, "%s", part);
    struct ll_err err;
    size_t n = 0;

    if (ll_fs_exists(path))
        assert_ok(ll_fs_each(path, count_one, &n, &err));
    return n;
}
