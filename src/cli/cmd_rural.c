/* cmd_rural.c - rural households: the list of what is told of them, and one household item by item. */
#include "apps/rural/rollup.h"
#include "cli/cmd_actor.h"
#include "standard/ident.h"

#include <string.h>

/* A data folder, its list of items, and the service tables. */
struct reading {
    struct ll_desk d;
    struct ll_rural r;
};

static void reading_close(struct reading *k)
{
    ll_tables_close(k->r.tables);
    ll_desk_close(&k->d);
}

static int reading_open(struct ll_cli *c, struct reading *k, struct ll_err *err)
{
    struct ll_tables_opts o = LL_TABLES_OPTS_INIT;
    int rc = ll_desk_open(c, LL_DESK_READ, &k->d, err);

    if (rc < 0)
        return rc;
    k->r = (struct ll_rural){.cat = k->d.catalog};
    rc = ll_rural_list_read(k->d.tx, k->d.catalog, NULL, k->d.arena, &k->r.list, err);
    ll_txn_end(k->d.tx);
    k->d.tx = NULL;
    o.data_dir = ll_data_dir(k->d.data);
    o.vault = ll_data_vault(k->d.data);
    if (rc == LL_OK)
        rc = ll_tables_open(ll_data_store(k->d.data), &o, &k->r.tables, err);
    if (rc < 0)
        reading_close(k);
    return rc;
}

/* ---- the list ---- */

static const struct ll_column item_columns[] = {
    {"code", "代码", "code", LL_LEFT},
    {"category", "类别", "category", LL_LEFT},
    {"title", "信息项", "item", LL_LEFT},
    {"unit", "单位", "unit", LL_LEFT},
    {"resource", "来源", "source", LL_LEFT},
    {"from", "取自", "from", LL_LEFT},
    {"whose", "谁的", "whose", LL_LEFT},
    {"combine", "合并", "combine", LL_LEFT},
    {"precedence", "次序", "precedence", LL_RIGHT},
    {"fresh_days", "时效（日）", "fresh (days)", LL_RIGHT},
    {"connected", "已接入", "catalogued", LL_LEFT},
    {"basis", "依据", "basis", LL_LEFT},
};

int ll_cmd_rural_items(struct ll_cli *c, struct ll_err *err)
{
    struct reading k = {.r = {.tables = NULL}};
    int rc = reading_open(c, &k, err);

    if (rc < 0)
        return rc;
    struct ll_grid *g = ll_grid_new(c, item_columns, LL_COUNT(item_columns));
    for (size_t i = 0; i < k.r.list->n_sources; i++) {
        const struct ll_rural_source *s = &k.r.list->sources[i];
        const struct ll_rural_item *x = &k.r.list->items[s->item];
        ll_grid_z(g, x->code);
        ll_grid_z(g, x->category_title[c->lang]);
        ll_grid_z(g, x->title[c->lang]);
        ll_grid_z(g, *x->unit ? x->unit : NULL);
        ll_grid_z(g, s->resource_name);
        ll_grid_z(g, s->from ? s->from->name : NULL);
        ll_grid_z(g, ll_rural_whose_words[s->whose]);
        ll_grid_z(g, ll_rural_combine_words[s->combine]);
        ll_grid_int(g, s->precedence);
        ll_grid_int(g, s->fresh);
        ll_grid_bool(g, s->resource != NULL);
        ll_grid_z(g, x->basis);
    }
    rc = ll_grid_end(g, err);
    reading_close(&k);
    return rc;
}

/* ---- a household ---- */

/* A household's number, or the identity number of somebody in it. */
static int number_of(struct ll_cli *c, const struct reading *k, const char *day, struct ll_str *ret,
                     struct ll_err *err)
{
    char canon[LL_ID_MAX];
    size_t n = 0;
    int rc;

    *ret = ll_str(c->args[0]);
    if (ll_id_check(LL_ID_RESIDENT_ID, *ret, canon, &n) != LL_IDF_OK)
        return LL_OK;
    if ((rc = ll_household_of_person(&k->r, (struct ll_str){canon, n}, day, k->d.arena, ret, err)) == 0)
        rc = ll_fail(err, LL_NOTFOUND, "这个人在这一天不在任何户中",
                     "this person is in no household on that day");
    return rc < 0 ? rc : LL_OK;
}

static const struct ll_column value_columns[] = {
    {"code", "代码", "code", LL_LEFT},
    {"title", "信息项", "item", LL_LEFT},
    {"value", "取值", "value", LL_LEFT},
    {"unit", "单位", "unit", LL_LEFT},
    {"state", "状态", "state", LL_LEFT},
    {"provider", "来源部门", "provider", LL_LEFT},
    {"resource", "数据资源", "resource", LL_LEFT},
    {"as_of", "数据日期", "as of", LL_LEFT},
    {"published_at", "发布", "published", LL_LEFT},
};

static void add_title(struct ll_buf *out, const struct ll_rural_item *x, struct ll_str v, enum ll_lang lang)
{
    const struct ll_code *code = x->codes ? ll_codeset_by_code(x->codes, v) : NULL;

    ll_buf_str(out, !code ? v : lang == LL_EN && code->title_en.n ? code->title_en : code->title);
}

/* Codes by their titles, each of a list. */
static void put_shown(struct ll_cli *c, struct ll_grid *g, const struct ll_rural_item *x, struct ll_str v)
{
    struct ll_buf text = LL_BUF_INIT(1 << 16);
    struct ll_str rest = v, one;

    while (x->codes && ll_rural_list_next(&rest, &one)) {
        ll_buf_z(&text, text.n ? LL_RURAL_BETWEEN : "");
        add_title(&text, x, one, c->lang);
    }
    ll_grid_str(g, x->codes && !text.failed ? ll_buf_view(&text) : v);
    ll_buf_free(&text);
}

static void put_value(struct ll_cli *c, struct ll_grid *g, const struct ll_household_item *x, size_t i)
{
    const struct ll_household_value *v = i < x->n ? &x->values[i] : NULL;

    ll_grid_z(g, i ? NULL : x->item->code);
    ll_grid_z(g, i ? NULL : x->item->title[c->lang]);
    if (v)
        put_shown(c, g, x->item, v->value);
    else
        ll_grid_z(g, NULL);
    ll_grid_z(g, *x->item->unit ? x->item->unit : NULL);
    ll_grid_z(g, i ? ll_say(c, "未采用", "not taken") : ll_rural_state_title(x->state, c->lang));
    ll_grid_z(g, v ? v->source->resource->provider_name : NULL);
    ll_grid_z(g, v ? v->source->resource->name : NULL);
    ll_grid_str(g, v && v->day.n ? v->day : (struct ll_str){NULL, 0});
    ll_grid_time(g, v ? v->published_at : 0);
}

static int put_text(struct ll_cli *c, const struct ll_household *h, struct ll_err *err)
{
    bool all = c->opts[LL_OPT_rural_household_all] != NULL;
    size_t known = 0;

    for (size_t i = 0; i < h->n_items; i++)
        known += ll_rural_has_value(h->items[i].state);
    ll_out_line(c, "户 %.*s，%.*s，%zu 人；%zu 项中有值 %zu 项（清单 %s，重构）",
                "household %.*s, %.*s, %zu members; %zu items, %zu with a value (list %s, reconstructed)",
                LL_STR_ARG(h->no), LL_STR_ARG(h->village_name), h->n_members, h->n_items, known,
                h->list->name);
    struct ll_grid *g = ll_grid_new(c, value_columns, LL_COUNT(value_columns));
    for (size_t i = 0; i < h->n_items; i++)
        for (size_t k = 0; k < (all && h->items[i].n ? h->items[i].n : 1); k++)
            if (all || ll_rural_has_value(h->items[i].state))
                put_value(c, g, &h->items[i], k);
    return ll_grid_end(g, err);
}

static int put_json(struct ll_cli *c, const struct ll_household *h, struct ll_err *err)
{
    struct ll_household_put o = {.mask = c->opts[LL_OPT_rural_household_mask] != NULL, .others = true};
    struct ll_json j;

    ll_json_init(&j, &c->out);
    ll_json_obj(&j);
    ll_household_put(&j, h, &o);
    ll_json_end_obj(&j);
    ll_buf_c(&c->out, '\n');
    return c->out.failed ? ll_no_memory(err) : LL_OK;
}

/* ---- roll-ups ---- */

static int find_run(const struct reading *k, const char *id, struct ll_rollup *ret, struct ll_err *err)
{
    struct ll_rollup *list = NULL;
    size_t n = 0;
    int rc = ll_rollup_list(k->d.data, k->d.arena, &list, &n, err);

    for (size_t i = 0; i < n && rc == LL_OK; i++)
        if (strcmp(list[i].id, id) == 0) {
            *ret = list[i];
            return LL_OK;
        }
    return rc < 0 ? rc : ll_fail(err, LL_NOTFOUND, "没有汇总 %s", "there is no roll-up %s", id);
}

static int read_from(const struct reading *k, const char *id, struct ll_str no, struct ll_household **ret,
                     struct ll_err *err)
{
    struct ll_rollup_reader *r = NULL;
    struct ll_rollup run;
    int rc = find_run(k, id, &run, err);

    if (rc == LL_OK)
        rc = ll_rollup_open(k->d.data, &run, k->r.list, &r, err);
    if (rc == LL_OK && (rc = ll_rollup_household(r, no, k->d.arena, ret, err)) == 0)
        rc = ll_fail(err, LL_NOTFOUND, "这次汇总中没有这一户", "the roll-up has no such household");
    ll_rollup_close(r);
    return rc < 0 ? rc : LL_OK;
}

static const struct ll_column run_columns[] = {
    {"id", "汇总", "roll-up", LL_LEFT},           {"list", "清单", "list", LL_LEFT},
    {"day", "基准日", "as of", LL_LEFT},          {"made_at", "时间", "made", LL_LEFT},
    {"households", "户", "households", LL_RIGHT}, {"members", "人", "members", LL_RIGHT},
};

static void put_run(struct ll_grid *g, const struct ll_rollup *r)
{
    ll_grid_z(g, r->id);
    ll_grid_z(g, r->list);
    ll_grid_z(g, r->day);
    ll_grid_time(g, r->made_at);
    ll_grid_int(g, (int64_t)r->households);
    ll_grid_int(g, (int64_t)r->members);
}

int ll_cmd_rural_rollup(struct ll_cli *c, struct ll_err *err)
{
    struct ll_marks *marks = NULL;
    struct reading k = {.r = {.tables = NULL}};
    struct ll_rollup run;
    int rc = reading_open(c, &k, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_marks_open(ll_data_store(k.d.data), ll_data_vault(k.d.data), &marks, err)) == LL_OK &&
        (rc = ll_rollup_run(k.d.data, k.d.catalog, k.r.list, marks, c->opts[LL_OPT_rural_rollup_as_of],
                            k.d.arena, &run, err)) == LL_OK) {
        struct ll_grid *g = ll_grid_new(c, run_columns, LL_COUNT(run_columns));
        put_run(g, &run);
        rc = ll_grid_end_card(g, err);
    }
    ll_marks_close(marks);
    reading_close(&k);
    return rc;
}

int ll_cmd_rural_rollups(struct ll_cli *c, struct ll_err *err)
{
    struct reading k = {.r = {.tables = NULL}};
    struct ll_rollup *list = NULL;
    size_t n = 0;
    int rc = reading_open(c, &k, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_rollup_list(k.d.data, k.d.arena, &list, &n, err)) == LL_OK) {
        struct ll_grid *g = ll_grid_new(c, run_columns, LL_COUNT(run_columns));
        for (size_t i = 0; i < n; i++)
            put_run(g, &list[i]);
        rc = ll_grid_end(g, err);
    }
    reading_close(&k);
    return rc;
}

enum { SHOWN = 20 };

struct telling {
    struct ll_cli *c;
    size_t n;
};

static void tell(void *ctx, const struct ll_household *run, const struct ll_household *one, size_t item)
{
    struct telling *t = ctx;
    const struct ll_household_item *a = &run->items[item], *b = &one->items[item];
    struct ll_str none = LL_STR("-"), x = a->n ? a->values[0].value : none,
                  y = b->n ? b->values[0].value : none;

    if (t->n++ < SHOWN)
        ll_out_line(t->c, "%.*s %s：汇总 %s %.*s，查找 %s %.*s", "%.*s %s: roll-up %s %.*s, look-up %s %.*s",
                    LL_STR_ARG(run->no), a->item->name, ll_rural_state_word(a->state), LL_STR_ARG(x),
                    ll_rural_state_word(b->state), LL_STR_ARG(y));
}

static const struct ll_column verify_columns[] = {
    {"households", "户", "households", LL_RIGHT},
    {"different", "不一致的户", "households that differ", LL_RIGHT},
    {"members", "人数不一致的户", "of another number of members", LL_RIGHT},
    {"items", "不一致的项", "items that differ", LL_RIGHT},
};

int ll_cmd_rural_verify(struct ll_cli *c, struct ll_err *err)
{
    struct ll_rollup_differences d = {.households = 0};
    struct ll_rollup_reader *reader = NULL;
    struct reading k = {.r = {.tables = NULL}};
    struct telling t = {.c = c};
    struct ll_rollup run;
    int rc = reading_open(c, &k, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_marks_open(ll_data_store(k.d.data), ll_data_vault(k.d.data), &k.r.marks, err)) == LL_OK &&
        (rc = find_run(&k, c->args[0], &run, err)) == LL_OK &&
        (rc = ll_rollup_open(k.d.data, &run, k.r.list, &reader, err)) == LL_OK &&
        (rc = ll_rollup_verify(reader, &run, &k.r, tell, &t, &d, err)) == LL_OK) {
        struct ll_grid *g = ll_grid_new(c, verify_columns, LL_COUNT(verify_columns));
        ll_grid_int(g, (int64_t)d.households);
        ll_grid_int(g, (int64_t)d.different);
        ll_grid_int(g, (int64_t)d.members);
        ll_grid_int(g, (int64_t)d.items);
        rc = ll_grid_end_card(g, err);
    }
    if (rc == LL_OK && d.different)
        rc = ll_fail(err, LL_INVALID, "汇总与查找不一致", "roll-up and look-ups differ");
    ll_rollup_close(reader);
    ll_marks_close(k.r.marks);
    reading_close(&k);
    return rc;
}

static int dump_one(void *ctx, const struct ll_household *h, struct ll_err *err)
{
    enum { FLUSH_AT = 1 << 16 };
    struct ll_cli *c = ctx;
    struct ll_json j;

    ll_json_init(&j, &c->out);
    ll_json_obj(&j);
    ll_household_put_short(&j, h);
    ll_json_end_obj(&j);
    ll_buf_c(&c->out, '\n');
    if (c->out.failed)
        return ll_no_memory(err);
    return c->out.n > FLUSH_AT ? ll_out_flush(c, err) : LL_OK;
}

int ll_cmd_rural_dump(struct ll_cli *c, struct ll_err *err)
{
    struct ll_rollup_reader *reader = NULL;
    struct reading k = {.r = {.tables = NULL}};
    struct ll_rollup run;
    int rc = reading_open(c, &k, err);

    if (rc < 0)
        return rc;
    if ((rc = find_run(&k, c->args[0], &run, err)) == LL_OK &&
        (rc = ll_rollup_open(k.d.data, &run, k.r.list, &reader, err)) == LL_OK)
        rc = ll_rollup_each(reader, ll_str(c->opts[LL_OPT_rural_dump_village]), dump_one, c, err);
    ll_rollup_close(reader);
    reading_close(&k);
    return rc;
}

int ll_cmd_rural_household(struct ll_cli *c, struct ll_err *err)
{
    struct ll_household_ask ask = {.day = c->opts[LL_OPT_rural_household_as_of]};
    const char *run = c->opts[LL_OPT_rural_household_run];
    struct ll_household *h = NULL;
    struct reading k = {.r = {.tables = NULL}};
    int rc = reading_open(c, &k, err);

    if (rc < 0)
        return rc;
    if ((rc = number_of(c, &k, ask.day, &ask.no, err)) == LL_OK)
        rc = run ? read_from(&k, run, ask.no, &h, err) : ll_household_read(&k.r, &ask, k.d.arena, &h, err);
    if (rc == LL_OK && h)
        rc = c->json ? put_json(c, h, err) : put_text(c, h, err);
    reading_close(&k);
    return rc;
}
