/* watch_rules.c - how grave what happened is: warning_rules.csv of whichever packs have one, and the lists that they speak of (watch.h, promise 5). */
#include "share/watch_impl.h"

#include "catalog/pack.h"

#include <string.h>

enum {
    C_RULE,
    C_RESOURCE,
    C_LIST,
    C_EVENT,
    C_ITEM,
    C_VALUES,
    C_LEVEL,
    C_TITLE,
    C_TITLE_EN,
    C_BASIS,
    C_SOURCE,
    C_COUNT
};
static const char *const rule_columns[C_COUNT] = {"rule",  "resource", "list",     "event", "item",  "values",
                                                  "level", "title",    "title_en", "basis", "source"};

struct reading {
    const char *resource; /* NULL: rules of lists; "*": every rule */
    struct ll_arena *arena;
    struct ll_watch_rules *rules;
};

/* "new|changed"; any word that is none was refused when the pack was read. */
static void read_acts(struct ll_watch_rule *r, struct ll_str words)
{
    struct ll_str one;

    while (words.n) {
        ll_str_cut(words, '|', &one, &words);
        for (unsigned a = 0; a < LL_WATCH_ACT_COUNT; a++)
            r->acts[a] = r->acts[a] || ll_str_is(one, "any") ||
                         ll_str_is(one, ll_watch_act_word((enum ll_watch_act)a));
    }
}

static bool about(const struct reading *in, const struct ll_str *cells)
{
    if (in->resource && strcmp(in->resource, "*") == 0)
        return true;
    if (!in->resource)
        return cells[C_LIST].n > 0;
    return !cells[C_LIST].n && (!cells[C_RESOURCE].n || ll_str_is(cells[C_RESOURCE], in->resource));
}

static int add_rule(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *in = ctx;
    const char *c[C_COUNT];

    (void)pack;
    if (!about(in, cells))
        return LL_OK;
    if (in->rules->n == LL_WATCH_RULES)
        return ll_fail(err, LL_TOOBIG, "一个数据资源至多 %d 条预警规则",
                       "at most %d warning rules of one resource", LL_WATCH_RULES);
    for (size_t i = 0; i < C_COUNT; i++)
        if (!(c[i] = ll_arena_dup(in->arena, cells[i])))
            return ll_no_memory(err);
    struct ll_watch_rule *r = &in->rules->list[in->rules->n++];
    *r = (struct ll_watch_rule){.name = c[C_RULE],
                                .resource = c[C_RESOURCE],
                                .list = c[C_LIST],
                                .item = c[C_ITEM],
                                .values = c[C_VALUES],
                                .title = c[C_TITLE],
                                .title_en = c[C_TITLE_EN],
                                .basis = c[C_BASIS],
                                .source = c[C_SOURCE],
                                .level = LL_WATCH_BLUE};
    read_acts(r, cells[C_EVENT]);
    ll_watch_level_parse(cells[C_LEVEL], &r->level);
    return LL_OK;
}

/* The gravest first; among equals as they stand in the file. */
static void sort_rules(struct ll_watch_rules *r)
{
    for (size_t i = 1; i < r->n; i++)
        for (size_t k = i; k > 0 && r->list[k - 1].level > r->list[k].level; k--) {
            struct ll_watch_rule swap = r->list[k];
            r->list[k] = r->list[k - 1];
            r->list[k - 1] = swap;
        }
}

int ll_watch_rules_read(struct ll_txn *tx, const char *resource, struct ll_arena *arena,
                        struct ll_watch_rules *ret, struct ll_err *err)
{
    struct reading in = {resource, arena, ret};
    int rc;

    *ret = (struct ll_watch_rules){.list = ll_arena_array(arena, LL_WATCH_RULES, sizeof *ret->list)};
    if (!ret->list)
        return ll_no_memory(err);
    rc = ll_pack_use_each(tx, NULL, "warning_rules.csv", rule_columns, C_COUNT, add_rule, &in, err);
    sort_rules(ret);
    return rc;
}

bool ll_watch_rule_has(const struct ll_watch_rule *r, struct ll_str value)
{
    struct ll_str rest = ll_str(r->values), one;

    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        if (ll_str_eq(one, value))
            return true;
    }
    return !r->values[0];
}

int ll_watch_rules_put(struct ll_txn *tx, struct ll_json *j, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_watch_rules rules = {.n = 0};
    int rc = arena ? ll_watch_rules_read(tx, "*", arena, &rules, err) : ll_no_memory(err);

    ll_json_key(j, "levels");
    ll_json_arr(j);
    for (unsigned l = 0; l < LL_WATCH_LEVEL_COUNT; l++) {
        ll_json_obj(j);
        ll_json_kz(j, "level", ll_watch_level_word((enum ll_watch_level)l));
        ll_json_kz(j, "title", ll_watch_level_title((enum ll_watch_level)l, LL_ZH));
        ll_json_kz(j, "title_en", ll_watch_level_title((enum ll_watch_level)l, LL_EN));
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_key(j, "rules");
    ll_json_arr(j);
    for (size_t i = 0; rc == LL_OK && i < rules.n; i++) {
        const struct ll_watch_rule *r = &rules.list[i];
        ll_json_obj(j);
        ll_json_kz(j, "rule", r->name);
        ll_json_kz(j, "level", ll_watch_level_word(r->level));
        ll_json_kz(j, "title", r->title);
        ll_json_kz(j, "title_en", r->title_en);
        ll_json_kz(j, "resource", r->resource[0] ? r->resource : NULL);
        ll_json_kz(j, "list", r->list[0] ? r->list : NULL);
        ll_json_kz(j, "item", r->item[0] ? r->item : NULL);
        ll_json_kz(j, "values", r->values[0] ? r->values : NULL);
        ll_json_key(j, "acts");
        ll_json_arr(j);
        for (unsigned a = 0; a < LL_WATCH_ACT_COUNT; a++)
            if (r->acts[a])
                ll_json_z(j, ll_watch_act_word((enum ll_watch_act)a));
        ll_json_end_arr(j);
        ll_json_kz(j, "basis", r->basis);
        ll_json_kz(j, "source", r->source);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_arena_free(arena);
    return rc;
}

/* --- lists ---------------------------------------------------------------------------------------------------------------- */

static const char *const list_columns[] = {"list", "kind", "title", "title_en", "visibility"};
struct finding {
    const char *name;
    struct ll_arena *arena;
    struct ll_watch_listing *ret;
    bool found;
};

static int one_list(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct finding *f = ctx;

    (void)pack;
    if (f->found || !ll_str_is(cells[0], f->name))
        return LL_OK;
    *f->ret = (struct ll_watch_listing){ll_arena_dup(f->arena, cells[0]), ll_arena_dup(f->arena, cells[1]),
                                        ll_arena_dup(f->arena, cells[2]), ll_arena_dup(f->arena, cells[3]),
                                        ll_str_is(cells[4], "agencies")};
    f->found = true;
    return f->ret->name && f->ret->kind && f->ret->title && f->ret->title_en ? LL_OK : ll_no_memory(err);
}

int ll_watch_listing_find(struct ll_txn *tx, const char *name, struct ll_arena *arena,
                          struct ll_watch_listing *ret, struct ll_err *err)
{
    struct finding f = {name, arena, ret, false};
    int rc = ll_pack_use_each(tx, NULL, "lists.csv", list_columns, LL_COUNT(list_columns), one_list, &f, err);

    return rc < 0 ? rc : f.found;
}
