/* cmd_catalog.c - resource, organisation, search: what is catalogued. */
#include "cli/out.h"
#include "cli/session.h"

#include "catalog/body.h"
#include "catalog/fields.h"
#include "catalog/search.h"

#include <string.h>

static const char *named(const struct ll_cli *c, const char *zh, const char *en)
{
    return c->lang == LL_EN && en && en[0] ? en : zh;
}

static int open_catalog(struct ll_cli *c, struct ll_data **ret_data, struct ll_catalog **ret,
                        struct ll_err *err)
{
    int rc = ll_session_open(c, ret_data, err);

    if (rc == LL_OK && (rc = ll_data_catalog(*ret_data, ret, err)) < 0)
        *ret_data = ll_data_close(*ret_data);
    return rc;
}

/* ---- resource list ---- */

static const struct ll_column resource_columns[] = {
    {"name", "资源", "resource", LL_LEFT},       {"title", "名称", "title", LL_LEFT},
    {"provider", "提供方", "provider", LL_LEFT}, {"items", "信息项", "items", LL_RIGHT},
    {"mode", "方式", "mode", LL_LEFT},           {"grade", "级别", "grade", LL_RIGHT},
    {"version", "版本", "version", LL_RIGHT},
};

static void put_resource(struct ll_cli *c, struct ll_grid *grid, const struct ll_resource *r)
{
    ll_grid_z(grid, r->name);
    ll_grid_z(grid, named(c, r->title, r->title_en));
    ll_grid_z(grid, r->provider_name ? r->provider_name : r->provider);
    ll_grid_int(grid, (int64_t)r->n_items);
    const char *mode = r->mode == LL_SNAPSHOT ? "snapshot" : "increment";
    ll_grid_word(grid, mode, ll_word_title(c->lang, mode));
    ll_grid_int(grid, r->grade);
    ll_grid_int(grid, r->version);
}

int ll_cmd_resource_list(struct ll_cli *c, struct ll_err *err)
{
    const char *provider = c->opts[LL_OPT_resource_list_provider];
    struct ll_catalog *catalog = NULL;
    struct ll_data *d = NULL;
    size_t n;
    int rc = open_catalog(c, &d, &catalog, err);

    if (rc < 0)
        return rc;
    const struct ll_resource *const *list = ll_catalog_resources(catalog, &n);
    struct ll_grid *grid = ll_grid_new(c, resource_columns, LL_COUNT(resource_columns));
    for (size_t i = 0; i < n; i++)
        if (!provider || strcmp(provider, list[i]->provider) == 0)
            put_resource(c, grid, list[i]);
    rc = ll_grid_end(grid, err);
    ll_catalog_unref(catalog);
    ll_data_close(d);
    return rc;
}

/* ---- resource show ---- */

/* Fields that hold a code of a table. */
static const struct {
    const char *field, *table;
} coded[] = {{"format", "RES_FORMAT"},
             {"share_type", "SHARE_TYPE"},
             {"share_mode", "SHARE_MODE"},
             {"open", "OPEN_ATTR"},
             {"update_cycle", "UPDATE_CYCLE"}};

static void show_field(struct ll_cli *c, const struct ll_catalog *catalog, const struct ll_field *f,
                       const char *value)
{
    const struct ll_code *code = NULL;

    for (size_t i = 0; i < LL_COUNT(coded); i++) {
        const struct ll_codeset *set = strcmp(coded[i].field, f->name) == 0
                                           ? ll_catalog_codeset(catalog, ll_str(coded[i].table))
                                           : NULL;
        code = set ? ll_codeset_by_code(set, ll_str(value)) : code;
    }
    if (code)
        ll_out_line(c, "%s：" LL_STR_FMT " (%s)", "%s: " LL_STR_FMT " (%s)", f->title[c->lang],
                    LL_STR_ARG(c->lang == LL_EN && code->title_en.n ? code->title_en : code->title), value);
    else
        ll_out_line(c, "%s：%s", "%s: %s", f->title[c->lang], value);
}

static void show_fields(struct ll_cli *c, const struct ll_catalog *catalog, const struct ll_resource *r)
{
    for (size_t i = 0; i < ll_resource_fields.n; i++) {
        const struct ll_field *f = &ll_resource_fields.list[i];
        const char *value = ll_field_get(r, f);
        if (value && value[0])
            show_field(c, catalog, f, value);
    }
    ll_out_line(c, "级别：%u\n版本：%u\n方式：%s", "grade: %u\nversion: %u\nmode: %s", r->grade, r->version,
                ll_word_title(c->lang, r->mode == LL_SNAPSHOT ? "snapshot" : "increment"));
}

static int show_items(struct ll_cli *c, const struct ll_resource *r, struct ll_err *err)
{
    static const struct ll_column columns[] = {
        {"item", "信息项", "item", LL_LEFT},        {"title", "名称", "title", LL_LEFT},
        {"element", "数据元", "element", LL_LEFT},  {"type", "类型", "type", LL_LEFT},
        {"codes", "代码表", "code table", LL_LEFT}, {"required", "必填", "required", LL_LEFT},
        {"key", "主键", "key", LL_RIGHT},           {"grade", "级别", "grade", LL_RIGHT},
    };
    struct ll_grid *grid = ll_grid_new(c, columns, LL_COUNT(columns));
    char type[LL_TYPE_TEXT_MAX];

    for (size_t i = 0; i < r->n_items; i++) {
        const struct ll_item *item = &r->items[i];
        ll_grid_z(grid, item->name);
        ll_grid_z(grid, named(c, item->title, item->title_en));
        ll_grid_z(grid, item->element->code);
        ll_grid_z(grid, ll_element_type(item->element, type));
        ll_grid_z(grid, item->element->code_table);
        ll_grid_bool(grid, item->required);
        if (item->key)
            ll_grid_int(grid, item->key);
        else
            ll_grid_z(grid, NULL);
        ll_grid_int(grid, item->grade);
    }
    return ll_grid_end(grid, err);
}

static int find_version(struct ll_cli *c, const struct ll_catalog *catalog, const struct ll_resource **ret,
                        struct ll_err *err)
{
    const char *version = c->opts[LL_OPT_resource_show_resource_version];
    int64_t number;

    if (!version)
        return ll_session_resource(catalog, c->args[0], ret, err);
    if (!ll_str_i64(ll_str(version), 1, UINT32_MAX, &number))
        return ll_fail(err, LL_USAGE, "版本“%s”不是正整数", "version '%s' is not a positive number", version);
    *ret = ll_catalog_resource_version(catalog, ll_str(c->args[0]), (unsigned)number);
    return *ret ? LL_OK
                : ll_fail(err, LL_NOTFOUND, "没有资源 %s 的第 %s 版", "there is no resource %s of version %s",
                          c->args[0], version);
}

int ll_cmd_resource_show(struct ll_cli *c, struct ll_err *err)
{
    const struct ll_resource *r = NULL;
    struct ll_catalog *catalog = NULL;
    struct ll_data *d = NULL;
    int rc = open_catalog(c, &d, &catalog, err);

    if (rc < 0)
        return rc;
    if ((rc = find_version(c, catalog, &r, err)) == LL_OK) {
        if (c->json) {
            ll_body_write(r, &c->out);
            ll_buf_c(&c->out, '\n');
        } else {
            show_fields(c, catalog, r);
            ll_buf_c(&c->out, '\n');
            rc = show_items(c, r, err);
        }
    }
    ll_catalog_unref(catalog);
    ll_data_close(d);
    return rc;
}

/* ---- organisation list ---- */

int ll_cmd_organisation_list(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column columns[] = {
        {"code", "代码", "code", LL_LEFT},     {"name", "名称", "name", LL_LEFT},
        {"role", "角色", "role", LL_LEFT},     {"region", "行政区划", "region", LL_LEFT},
        {"parent", "上级", "parent", LL_LEFT}, {"uscc", "统一社会信用代码", "credit code", LL_LEFT},
    };
    const char *role = c->opts[LL_OPT_organisation_list_role];
    struct ll_catalog *catalog = NULL;
    struct ll_data *d = NULL;
    size_t n;
    int rc = open_catalog(c, &d, &catalog, err);

    if (rc < 0)
        return rc;
    const struct ll_organisation *const *list = ll_catalog_organisations(catalog, &n);
    struct ll_grid *grid = ll_grid_new(c, columns, LL_COUNT(columns));
    for (size_t i = 0; i < n; i++) {
        if (role && strcmp(role, list[i]->role) != 0)
            continue;
        ll_grid_z(grid, list[i]->code);
        ll_grid_z(grid, named(c, list[i]->name, list[i]->name_en));
        ll_grid_word(grid, list[i]->role, ll_word_title(c->lang, list[i]->role));
        ll_grid_z(grid, list[i]->region);
        ll_grid_z(grid, list[i]->parent);
        ll_grid_z(grid, list[i]->uscc);
    }
    rc = ll_grid_end(grid, err);
    ll_catalog_unref(catalog);
    ll_data_close(d);
    return rc;
}

/* ---- search ---- */

static int query_of(const struct ll_cli *c, struct ll_search *q, struct ll_err *err)
{
    static const enum ll_option_id options[LL_FACET_COUNT] = {
        [LL_FACET_PROVIDER] = LL_OPT_search_provider,         [LL_FACET_REGION] = LL_OPT_search_region,
        [LL_FACET_SHARE_TYPE] = LL_OPT_search_share_type,     [LL_FACET_OPEN] = LL_OPT_search_open,
        [LL_FACET_UPDATE_CYCLE] = LL_OPT_search_update_cycle, [LL_FACET_GRADE] = LL_OPT_search_grade,
        [LL_FACET_SCENARIO] = LL_OPT_search_scenario,
    };
    const char *limit = c->opts[LL_OPT_search_limit];
    int64_t n = 0;

    *q = (struct ll_search){.text = ll_str(c->n_args ? c->args[0] : "")};
    for (size_t i = 0; i < LL_FACET_COUNT; i++)
        if (c->opts[options[i]])
            q->only[i] = ll_str(c->opts[options[i]]);
    if (limit && !ll_str_i64(ll_str(limit), 1, LL_SEARCH_LIMIT_MAX, &n))
        return ll_fail(err, LL_USAGE, "--limit 应为 1 到 %d", "--limit must be 1 to %d", LL_SEARCH_LIMIT_MAX);
    q->limit = (size_t)n;
    return LL_OK;
}

static int show_hits(struct ll_cli *c, const struct ll_search_result *found, struct ll_err *err)
{
    struct ll_grid *grid = ll_grid_new(c, resource_columns, LL_COUNT(resource_columns));

    if (found->relaxed)
        ll_out_line(c, "没有完全符合的，以下部分符合：", "nothing has all of it; these have some:");
    for (size_t i = 0; i < found->n_hits; i++)
        put_resource(c, grid, found->hits[i].resource);
    int rc = ll_grid_end(grid, err);
    ll_out_line(c, "共 %zu 个", "%zu in all", found->total);
    return rc;
}

int ll_cmd_search(struct ll_cli *c, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_search_result found = {0};
    struct ll_catalog *catalog = NULL;
    struct ll_data *d = NULL;
    struct ll_search q;
    int rc = arena ? query_of(c, &q, err) : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");

    if (rc == LL_OK && (rc = open_catalog(c, &d, &catalog, err)) == LL_OK &&
        (rc = ll_catalog_search(ll_data_store(d), catalog, &q, arena, &found, err)) == LL_OK)
        rc = show_hits(c, &found, err);
    ll_catalog_unref(catalog);
    ll_data_close(d);
    ll_arena_free(arena);
    return rc;
}
