/* cmd_intake.c - intake: files of a department into the lake and the service tables, in one command. */
#include "cli/out.h"
#include "cli/session.h"

#include "base/clock.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>

static const struct ll_column columns[] = {
    {"id", "交付", "delivery", LL_LEFT},
    {"file_name", "文件", "file", LL_LEFT},
    {"resource", "资源", "resource", LL_LEFT},
    {"state", "状态", "state", LL_LEFT},
    {"received", "收到", "received", LL_RIGHT},
    {"published", "发布", "published", LL_RIGHT},
    {"quarantined", "隔离", "quarantined", LL_RIGHT},
    {"seconds", "秒", "seconds", LL_RIGHT},
    {"error", "说明", "note", LL_LEFT},
};

struct intake {
    struct ll_cli *c;
    struct ll_data *d;
    struct ll_arena *arena;
    struct ll_grid *table;
    const char *resource, *mode;
    unsigned files;
    int worst; /* the code of the first file that did not end published */
};

static void put_count(struct ll_grid *t, int64_t v)
{
    if (v < 0)
        ll_grid_z(t, NULL);
    else
        ll_grid_int(t, v);
}

static int put_result(struct intake *k, const char *id, bool again, double seconds, struct ll_err *err)
{
    struct ll_delivery v;
    int rc = ll_delivery_get(k->d, id, k->arena, &v, err);

    if (rc < 0)
        return rc;
    ll_grid_z(k->table, v.id);
    ll_grid_z(k->table, v.file_name);
    ll_grid_z(k->table, v.resource);
    ll_grid_word(k->table, v.state, ll_word_title(k->c->lang, v.state));
    put_count(k->table, v.received);
    put_count(k->table, v.published);
    put_count(k->table, v.quarantined);
    ll_grid_num(k->table, seconds, 2);
    if (v.error_rc)
        ll_grid_z(k->table, ll_say(k->c, v.error_zh, v.error_en));
    else
        ll_grid_z(k->table, again ? ll_say(k->c, "同样的文件已经交付过，没有重复处理",
                                           "the same bytes were delivered before; nothing was done twice")
                                  : NULL);
    return LL_OK;
}

/* Waits for another job of the same resource: a minute at most, then the delivery stays received and is said to be so. */
static int run_job(struct intake *k, const char *id, struct ll_err *err)
{
    struct ll_drawing drawing;
    struct ll_job_opts o = ll_job_drawing(k->c, &drawing);
    int rc = LL_BUSY;

    o.confirm = k->c->opts[LL_OPT_intake_confirm] != NULL;
    o.sheet = k->c->opts[LL_OPT_intake_sheet];
    for (int tries = 0; tries < 600 && rc == LL_BUSY; tries++) {
        if (tries)
            nanosleep(&(struct timespec){0, 100000000}, NULL);
        rc = ll_job_run(k->d, id, &o, err);
    }
    ll_job_drawn(&drawing);
    return rc;
}

static int take_file(struct intake *k, const char *path, struct ll_err *err)
{
    uint64_t start = ll_mono_us();
    struct ll_err why = {0};
    char id[LL_ID_TEXT];
    bool again = false;
    int rc = ll_receive_file(k->d, k->resource, k->mode, path, id, &again, err);

    if (rc < 0)
        return rc;
    int ended = run_job(k, id, &why);
    k->files++;
    if (ended < 0 && k->worst == LL_OK)
        k->worst = ended;
    return put_result(k, id, again, (double)(ll_mono_us() - start) / 1e6, err);
}

struct folder {
    struct intake *k;
    const char *dir;
};

static int take_name(void *ctx, const char *name, struct ll_err *err)
{
    struct folder *f = ctx;
    char path[LL_PATH];
    struct stat st;

    if (name[0] == '.')
        return LL_OK;
    int rc = ll_path(path, err, "%s/%s", f->dir, name);
    if (rc < 0)
        return rc;
    if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
        return LL_OK;
    return take_file(f->k, path, err);
}

static int take_path(struct intake *k, const char *path, struct ll_err *err)
{
    struct folder f = {k, path};
    struct stat st;

    if (strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return ll_fs_each(path, take_name, &f, err);
    return take_file(k, path, err);
}

static int take_all(struct intake *k, struct ll_err *err)
{
    int rc = LL_OK;

    if (!k->resource)
        return ll_fail(err, LL_USAGE, "请用 --resource 指明文件属于哪个资源",
                       "say with --resource which resource the files belong to");
    for (size_t i = 0; i < k->c->n_args && rc == LL_OK; i++)
        rc = take_path(k, k->c->args[i], err);
    if (rc == LL_OK && k->files == 0)
        rc = ll_fail(err, LL_USAGE, "没有文件可以接收：请给出文件、文件夹或 -（标准输入）",
                     "nothing to take in: give files, folders or - (standard input)");
    return rc;
}

/* The result is told by the table; the exit code also tells that something did not end published. */
static int summary(const struct intake *k, struct ll_err *err)
{
    if (k->worst == LL_OK)
        return LL_OK;
    return ll_fail(err, (enum ll_rc)k->worst, "有交付没有发布，原因见上表的“说明”列",
                   "not every delivery was published; the column \"note\" says why");
}

int ll_cmd_intake(struct ll_cli *c, struct ll_err *err)
{
    struct intake k = {
        .c = c, .resource = c->opts[LL_OPT_intake_resource], .mode = c->opts[LL_OPT_intake_mode]};
    int rc = ll_session_open(c, &k.d, err);

    if (rc < 0)
        return rc;
    k.arena = ll_arena_new(0);
    k.table = ll_grid_new(c, columns, LL_COUNT(columns));
    rc = take_all(&k, err);
    rc = ll_grid_done(k.table, rc, err);
    if (rc == LL_OK)
        rc = summary(&k, err);
    ll_arena_free(k.arena);
    ll_data_close(k.d);
    return rc;
}

int ll_cmd_recover(struct ll_cli *c, struct ll_err *err)
{
    struct ll_drawing drawing;
    struct ll_job_opts o;
    struct ll_data *d = NULL;
    unsigned n = 0;
    int rc = ll_session_open(c, &d, err);

    if (rc < 0)
        return rc;
    o = ll_job_drawing(c, &drawing);
    rc = ll_job_recover(d, &o, &n, err);
    ll_job_drawn(&drawing);
    if (rc == LL_OK) {
        static const struct ll_column count[] = {
            {"carried_on", "续办的交付", "deliveries carried on", LL_RIGHT}};
        struct ll_grid *t = ll_grid_new(c, count, 1);
        ll_grid_int(t, n);
        rc = ll_grid_end_card(t, err);
    }
    ll_data_close(d);
    return rc;
}
