/* cmd_pack.c - pack: check, load and list the packs that define what is catalogued. */
#include "cli/out.h"
#include "cli/session.h"

#include "catalog/pack_diff.h"
#include "intake/packhooks.h"

static void put_problems(struct ll_cli *c, struct ll_problems *ps)
{
    struct ll_json j;

    ll_problems_sort(ps);
    if (c->json) {
        ll_json_init(&j, &c->out);
        ll_problems_json(ps, &j);
        ll_buf_c(&c->out, '\n');
    } else {
        ll_problems_text(ps, c->lang, &c->out);
    }
}

/* Reads a pack against what the data folder holds, looking for missing packs beside it. */
static int read_pack(struct ll_data *d, const char *dir, struct ll_problems *ps, struct ll_pack **ret,
                     struct ll_err *err)
{
    struct ll_pack_hooks hooks = ll_pack_hooks_of(d);
    struct ll_catalog *known = NULL, *against = NULL;
    int rc = ll_data_catalog(d, &known, err);

    if (rc == LL_OK)
        rc = ll_pack_read_beside(dir, known, &hooks, ps, ret, &against, err);
    ll_catalog_unref(against);
    ll_catalog_unref(known);
    return rc;
}

static int check_in(struct ll_cli *c, struct ll_data *d, struct ll_err *err)
{
    struct ll_problems *ps = ll_problems_new(0);
    struct ll_pack *pack = NULL;
    int rc = ps ? read_pack(d, c->args[0], ps, &pack, err)
                : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");

    if (ps)
        put_problems(c, ps);
    if (rc == LL_OK)
        ll_out_line(c, "场景包 %s %s 没有错误，%zu 个提示", "pack %s %s has no errors and %zu warnings",
                    pack->info.name, pack->info.version, ll_problems_warnings(ps));
    ll_pack_free(pack);
    ll_problems_free(ps);
    return rc;
}

/* Whoever writes a pack need not have a data folder; checking leaves none behind. */
int ll_cmd_pack_check(struct ll_cli *c, struct ll_err *err)
{
    struct ll_data *d = NULL;
    struct ll_scratch scratch;
    int rc;

    if (ll_session_there(c)) {
        if ((rc = ll_session_open(c, &d, err)) == LL_OK)
            rc = check_in(c, d, err);
        ll_data_close(d);
    } else if ((rc = ll_scratch_open(c, &scratch, err)) == LL_OK) {
        rc = check_in(c, scratch.data, err);
        ll_scratch_close(&scratch);
    }
    return rc;
}

static int load_one(struct ll_cli *c, struct ll_data *d, const char *dir, struct ll_grid *t,
                    struct ll_err *err)
{
    static const char *const words[] = {"unchanged", "new", "updated"}, *const titles[] = {"没有变化", "新装",
                                                                                           "更新"};
    struct ll_problems *ps = ll_problems_new(0);
    struct ll_load_result done = {0};
    struct ll_pack *pack = NULL;
    struct ll_catalog *known = NULL;
    struct ll_pack_hooks hooks = ll_pack_hooks_of(d);
    int rc = ps ? ll_data_catalog(d, &known, err) : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");

    if (rc == LL_OK && (rc = ll_pack_read(dir, known, &hooks, ps, &pack, err)) == LL_OK)
        rc = ll_pack_load(ll_data_store(d), pack, ps, &done, err);
    if (rc < 0 && !c->json && ps &&
        ll_problems_kept(ps)) /* with --json: pack check and pack diff list them */
        put_problems(c, ps);
    if (rc == LL_OK) {
        ll_grid_z(t, pack->info.name);
        ll_grid_z(t, pack->info.version);
        ll_grid_word(t, words[done.outcome], c->lang == LL_ZH ? titles[done.outcome] : words[done.outcome]);
        ll_grid_int(t, (int64_t)done.elements);
        ll_grid_int(t, (int64_t)done.code_tables);
        ll_grid_int(t, (int64_t)done.codes);
        ll_grid_int(t, (int64_t)done.organisations);
        ll_grid_int(t, (int64_t)done.resources);
    }
    ll_pack_free(pack);
    ll_catalog_unref(known);
    ll_problems_free(ps);
    return rc;
}

int ll_cmd_pack_load(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column columns[] = {
        {"pack", "场景包", "pack", LL_LEFT},
        {"version", "版本", "version", LL_LEFT},
        {"outcome", "结果", "outcome", LL_LEFT},
        {"elements", "数据元", "elements", LL_RIGHT},
        {"code_tables", "代码表", "code tables", LL_RIGHT},
        {"codes", "代码", "codes", LL_RIGHT},
        {"organisations", "机构", "organisations", LL_RIGHT},
        {"resources", "数据资源", "resources", LL_RIGHT},
    };
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    struct ll_data *d = NULL;
    int rc = ll_session_open(c, &d, err);

    for (size_t i = 0; i < c->n_args && rc == LL_OK; i++)
        rc = load_one(c, d, c->args[i], t, err);
    rc = ll_grid_done(t, rc, err);
    ll_data_close(d);
    return rc;
}

int ll_cmd_pack_list(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column columns[] = {{"name", "场景包", "pack", LL_LEFT},
                                               {"version", "版本", "version", LL_LEFT},
                                               {"title", "名称", "title", LL_LEFT},
                                               {"sample", "样例", "sample", LL_LEFT}};
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    struct ll_catalog *cat = NULL;
    struct ll_data *d = NULL;
    size_t n = 0;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK && (rc = ll_data_catalog(d, &cat, err)) == LL_OK) {
        const struct ll_pack_info *const *list = ll_catalog_packs(cat, &n);
        for (size_t i = 0; i < n; i++) {
            ll_grid_z(t, list[i]->name);
            ll_grid_z(t, list[i]->version);
            ll_grid_z(t, c->lang == LL_EN && list[i]->title_en ? list[i]->title_en : list[i]->title);
            ll_grid_bool(t, list[i]->sample);
        }
    }
    rc = ll_grid_done(t, rc, err);
    ll_catalog_unref(cat);
    ll_data_close(d);
    return rc;
}

/* ---- diff ---- */

static int diff_against(struct ll_cli *c, struct ll_catalog *catalog, const struct ll_pack *to,
                        struct ll_err *err)
{
    struct ll_pack *from = NULL;
    struct ll_diff *diff = NULL;
    struct ll_json j;
    int rc = ll_pack_loaded(catalog, ll_str(to->info.name), &from, err);

    if (rc < 0 && rc != LL_NOTFOUND)
        return rc;
    if ((rc = ll_pack_diff(from, to, catalog, &diff, err)) == LL_OK) {
        if (c->json) {
            ll_json_init(&j, &c->out);
            ll_diff_json(diff, &j);
            ll_buf_c(&c->out, '\n');
        } else {
            ll_diff_text(diff, c->lang, &c->out);
        }
        if (diff->breaks)
            rc = ll_fail(err, LL_CONFLICT, "%zu 处改动会影响现有使用者；请提高所属资源的 version",
                         "%zu changes would break those who use it; raise the version of their resource",
                         diff->breaks);
    }
    ll_diff_free(diff);
    ll_pack_free(from);
    return rc;
}

int ll_cmd_pack_diff(struct ll_cli *c, struct ll_err *err)
{
    struct ll_problems *ps = ll_problems_new(0);
    struct ll_catalog *catalog = NULL;
    struct ll_pack *to = NULL;
    struct ll_data *d = NULL;
    int rc = ps ? ll_session_open(c, &d, err) : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");

    if (rc == LL_OK && (rc = ll_data_catalog(d, &catalog, err)) == LL_OK &&
        (rc = read_pack(d, c->args[0], ps, &to, err)) < 0)
        put_problems(c, ps);
    if (rc == LL_OK)
        rc = diff_against(c, catalog, to, err);
    ll_pack_free(to);
    ll_catalog_unref(catalog);
    ll_data_close(d);
    ll_problems_free(ps);
    return rc;
}
