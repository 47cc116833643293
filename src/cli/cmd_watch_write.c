/* cmd_watch_write.c - watch add, end: in the name of an account of the organisation that watches.  It takes the organisation's grants and consents and is signed for in the journal as
 * its own; a running server holds the journal, and its routes are used beside one. */
#include "cli/cmd_actor.h"

#include "base/clock.h"
#include "share/watch.h"
#include "standard/convert.h"

/* A day ends in China, wherever the program runs. */
static const int64_t DAY_MS = 86400000, CHINA_MS = INT64_C(8) * 3600000;

/* The gateway, as a server has it, for one act. */
struct acting {
    struct ll_data *data;
    struct ll_catalog_live *catalog;
    struct ll_tables *tables;
    struct ll_journaling *journaling;
    struct ll_access *access;
    struct ll_gateway *g;
    struct ll_catalog *cat;
    struct ll_arena *arena;
    struct ll_txn *tx;
    struct ll_watching *work;
};

static void close_acting(struct acting *a)
{
    ll_watch_close(a->work);
    ll_txn_end(a->tx);
    ll_catalog_unref(a->cat);
    ll_gateway_close(a->g);
    ll_journaling_close(a->journaling); /* brings the page in */
    ll_access_close(a->access);
    ll_tables_close(a->tables);
    ll_catalog_live_close(a->catalog);
    ll_data_close(a->data);
    ll_arena_free(a->arena);
}

static int open_gateway(struct ll_cli *c, struct acting *a, struct ll_err *err)
{
    struct ll_tables_opts t = LL_TABLES_OPTS_INIT;
    struct ll_store *st;
    int rc = ll_session_open(c, &a->data, err);

    if (rc < 0)
        return rc;
    st = ll_data_store(a->data);
    t.data_dir = c->set->data_dir;
    t.vault = ll_data_vault(a->data);
    if ((rc = ll_catalog_live_open(st, &a->catalog, err)) < 0 ||
        (rc = ll_tables_open(st, &t, &a->tables, err)) < 0 || (rc = ll_access_open(st, &a->access, err)) < 0)
        return rc;
    rc = ll_journaling_open(c->set, st, NULL, NULL, &a->journaling, err);
    if (rc == LL_BUSY)
        return ll_fail_in(err, "证据日志正由运行中的服务使用，请改用其接口 /v1/watches 或先停止服务",
                          "the journal is held by a running server: use its route /v1/watches, or stop it");
    const struct ll_gateway_opts o = {.store = st,
                                      .vault = ll_data_vault(a->data),
                                      .catalog = a->catalog,
                                      .tables = a->tables,
                                      .access = a->access,
                                      .journaling = a->journaling,
                                      .data = a->data,
                                      .data_dir = ll_data_dir(a->data)};
    return rc < 0 ? rc : ll_gateway_open(&o, &a->g, err);
}

static int open_acting(struct ll_cli *c, const struct ll_actor *actor, struct acting *a,
                       struct ll_watch_env *env, struct ll_err *err)
{
    int rc;

    *a = (struct acting){.arena = ll_arena_new(0)};
    if (!a->arena)
        return ll_no_memory(err);
    if ((rc = open_gateway(c, a, err)) < 0 || (rc = ll_access_frozen(a->access, actor, NULL, err)) < 0 ||
        (rc = ll_catalog_live_get(a->catalog, true, &a->cat, err)) < 0 ||
        (rc = ll_txn_begin(ll_data_store(a->data), true, &a->tx, err)) < 0)
        return rc;
    *env = (struct ll_watch_env){.g = a->g, .tx = a->tx, .cat = a->cat, .actor = actor, .arena = a->arena};
    return ll_watch_begin(env, &a->work, err);
}

static int finish(struct ll_cli *c, struct acting *a, int64_t id, struct ll_err *err)
{
    static const struct ll_column columns[] = {{"id", "监测", "watch", LL_RIGHT},
                                               {"subject", "主体", "subject", LL_LEFT},
                                               {"state", "状态", "state", LL_LEFT},
                                               {"until", "到期", "until", LL_LEFT}};
    const struct ll_watch_query q = {.id = id, .limit = 1};
    struct ll_watch *list;
    int64_t total;
    size_t n;
    int rc;

    if ((rc = ll_watch_done(a->work, err)) < 0 ||
        (rc = ll_watch_list(a->tx, &q, a->arena, &list, &n, &total, err)) < 0 ||
        (rc = ll_txn_commit(a->tx, err)) < 0)
        return rc;
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    for (size_t i = 0; i < n; i++) {
        ll_grid_int(t, list[i].id);
        ll_grid_z(t, list[i].mask);
        ll_grid_z(t, list[i].state);
        ll_grid_time(t, list[i].until_at > 0 ? list[i].until_at : 0);
    }
    return ll_grid_end_card(t, err);
}

static int read_new(struct ll_cli *c, char canon[LL_ID_MAX], struct ll_watch_new *ret, struct ll_err *err)
{
    const char *until = c->opts[LL_OPT_watch_add_until];
    size_t n = 0;
    int32_t day;

    *ret = (struct ll_watch_new){.reference = c->opts[LL_OPT_watch_add_reference],
                                 .purpose = c->opts[LL_OPT_watch_add_purpose]};
    if (!ret->purpose || ll_utf8_count(ll_str(ret->purpose)) < 2 ||
        ll_utf8_count(ll_str(ret->purpose)) > LL_WATCH_PURPOSE)
        return ll_fail(err, LL_USAGE, "--purpose 写明监测用途（2 到 %d 个字）",
                       "--purpose says what for (2 to %d characters)", LL_WATCH_PURPOSE);
    if (ret->reference && ll_str(ret->reference).n > LL_WATCH_REFERENCE)
        return ll_fail(err, LL_USAGE, "--reference 至多 %d 字节", "--reference has at most %d bytes",
                       LL_WATCH_REFERENCE);
    if (ll_str(c->args[0]).n >= LL_ID_MAX || !ll_id_detect(ll_str(c->args[0]), &ret->who.scheme, canon, &n))
        return ll_fail(err, LL_INVALID, "不是有效的主体标识", "no valid identifier of a subject");
    ret->who.value = (struct ll_str){canon, n};
    if (until && ll_cv_date(ll_str(until), &day) != LL_CV_OK)
        return ll_fail(err, LL_USAGE, "--until：“%s”不是日期（如 2027-06-30）",
                       "--until: '%s' is no date (2027-06-30)", until);
    ret->until_at = until ? ((int64_t)day + 1) * DAY_MS - CHINA_MS : 0;
    return LL_OK;
}

int ll_cmd_watch_add(struct ll_cli *c, struct ll_err *err)
{
    char canon[LL_ID_MAX];
    struct ll_watch_env env;
    struct ll_watch_new w;
    struct ll_actor actor;
    struct acting a = {.data = NULL};
    bool fresh = false;
    int64_t id = 0;
    int rc;

    if ((rc = ll_desk_actor(c, LL_OPT_watch_add_as, &actor, err)) < 0 ||
        (rc = read_new(c, canon, &w, err)) < 0)
        return rc;
    if ((rc = open_acting(c, &actor, &a, &env, err)) == LL_OK &&
        (rc = ll_watch_add(a.work, &w, &id, &fresh, err)) == LL_OK)
        rc = finish(c, &a, id, err);
    close_acting(&a);
    return rc;
}

int ll_cmd_watch_end(struct ll_cli *c, struct ll_err *err)
{
    struct ll_watch_env env;
    struct ll_actor actor;
    struct acting a = {.data = NULL};
    int64_t id = 0;
    int rc = ll_desk_actor(c, LL_OPT_watch_end_as, &actor, err);

    if (rc < 0)
        return rc;
    if (!ll_str_i64(ll_str(c->args[0]), 1, INT64_MAX, &id))
        return ll_fail(err, LL_USAGE, "“%s”不是监测的编号", "'%s' is no number of a watch", c->args[0]);
    if ((rc = open_acting(c, &actor, &a, &env, err)) == LL_OK &&
        (rc = ll_watch_end(a.work, id, err)) == LL_OK)
        rc = finish(c, &a, id, err);
    close_acting(&a);
    return rc;
}
