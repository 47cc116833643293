/* cmd_subject.c - subject: everything that is recorded about one, its timeline, and who it has to do with. */
#include "cli/out.h"
#include "cli/reading.h"
#include "cli/show.h"

#include "share/relations.h"
#include "share/timeline.h"

#include <stdlib.h>

enum { SHOWN = 50 };

/* ---- profile ---- */

static void show_ids(struct ll_cli *c, json_t *ids)
{
    size_t i;
    json_t *id;

    json_array_foreach(ids, i, id)
    {
        const char *title = ll_show_text(id, ll_say(c, "title", "title_en"));
        ll_out_line(c, "  %s：%s", "  %s: %s", title ? title : ll_show_text(id, "title"),
                    ll_show_text(id, "value"));
    }
}

static void show_group(struct ll_cli *c, struct ll_catalog *catalog, json_t *group)
{
    const struct ll_resource *r = ll_catalog_resource(catalog, ll_str(ll_show_text(group, "resource")));
    json_t *records = json_object_get(group, "records"), *entry;
    long long total = strtoll(ll_show_text(group, "total"), NULL, 10);
    const char *provider = ll_show_text(group, "provider_name");
    size_t i;

    if (!r)
        return;
    ll_out_line(c, "\n%s（%s），%lld 条", "\n%s (%s), %lld records",
                c->lang == LL_EN && r->title_en ? r->title_en : r->title, provider ? provider : r->provider,
                total);
    json_array_foreach(records, i, entry) ll_show_compact(c, r, json_object_get(entry, "record"));
    if (total > (long long)json_array_size(records))
        ll_out_line(c, "    ……另有 %lld 条，用 --limit 多看", "    ... and %lld more; see them with --limit",
                    total - (long long)json_array_size(records));
}

static void show_candidates(struct ll_cli *c, json_t *candidates)
{
    json_t *hit;
    size_t i;

    ll_out_line(c, "这个名称对应多个主体，请用标识查询：",
                "several subjects have this name; ask by identifier:");
    json_array_foreach(candidates, i, hit)
    {
        json_t *id = json_object_get(hit, "identifier");
        ll_out_line(c, "  %s  %s", "  %s  %s", ll_show_text(id, "value"), ll_show_text(hit, "name"));
    }
}

static void show_subject(struct ll_cli *c, struct ll_catalog *catalog, json_t *subject)
{
    json_t *names = json_object_get(subject, "names"), *candidates = json_object_get(subject, "candidates"),
           *group, *name;
    const char *kind = ll_show_text(json_object_get(subject, "kind"), ll_say(c, "title", "title_en"));
    size_t i;

    if (json_array_size(candidates) > 1) {
        show_candidates(c, candidates);
        return;
    }
    json_array_foreach(names, i, name) ll_out_line(c, "%s", "%s", json_string_value(name));
    if (kind)
        ll_out_line(c, "  主体类型：%s", "  kind of subject: %s", kind);
    show_ids(c, json_object_get(subject, "identifiers"));
    json_array_foreach(json_object_get(subject, "groups"), i, group) show_group(c, catalog, group);
}

static int subject_text(struct ll_cli *c, struct ll_reading *k, const struct ll_subject *s,
                        struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(LL_RECORD_TEXT_MAX);
    json_t *parsed = NULL;
    struct ll_json j;
    int rc;

    ll_json_init(&j, c->json ? &c->out : &text);
    ll_subject_put(s, &j);
    if (c->json) {
        ll_buf_c(&c->out, '\n');
        return LL_OK;
    }
    if ((rc = ll_show_parse(ll_buf_view(&text), &parsed, err)) == LL_OK)
        show_subject(c, k->catalog, parsed);
    json_decref(parsed);
    ll_buf_free(&text);
    return rc;
}

int ll_cmd_subject(struct ll_cli *c, struct ll_err *err)
{
    const char *limit = c->opts[LL_OPT_subject_limit];
    struct ll_subject_opts o = LL_SUBJECT_OPTS_INIT;
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_subject *subject = NULL;
    struct ll_reading k;
    int64_t most = 5;
    size_t n;
    int rc = arena ? LL_OK : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");

    if (rc == LL_OK && limit && !ll_str_i64(ll_str(limit), 1, 10000, &most))
        rc = ll_fail(err, LL_USAGE, "--limit 应为 1 到 10000", "--limit must be 1 to 10000");
    if (rc == LL_OK && (rc = ll_reading_open(c, &k, err)) == LL_OK) {
        const struct ll_resource *const *all = ll_catalog_resources(k.catalog, &n);
        o.max_records = (unsigned)most;
        o.mask = c->opts[LL_OPT_subject_mask] != NULL;
        rc = ll_subject_profile(k.tables, all, n, ll_str(c->args[0]), &o, arena, &subject, err);
        if (rc == LL_OK && subject->n_groups == 0 && subject->n_hits < 2)
            rc = ll_fail(err, LL_NOTFOUND, "没有关于“%s”的记录", "nothing is recorded about '%s'",
                         c->args[0]);
        if (rc == LL_OK)
            rc = subject_text(c, &k, subject, err);
        ll_reading_close(&k);
    }
    ll_arena_free(arena);
    return rc;
}

/* ---- timeline, relations ---- */

/* What both open: the subject's records are visited with o (NULL: not at all) as they are found. */
struct profiling {
    struct ll_reading k;
    struct ll_arena *arena;
    struct ll_profile_rules rules;
    const struct ll_resource *const *resources;
    size_t n;
};

static int profiling_open(struct ll_cli *c, struct profiling *p, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc;

    *p = (struct profiling){.arena = ll_arena_new(0)};
    if (!p->arena)
        return ll_no_memory(err);
    if ((rc = ll_reading_open(c, &p->k, err)) < 0) {
        ll_arena_free(p->arena);
        return rc;
    }
    p->resources = ll_catalog_resources(p->k.catalog, &p->n);
    if ((rc = ll_txn_begin(ll_data_store(p->k.data), false, &tx, err)) == LL_OK)
        rc = ll_profile_rules_read(tx, p->k.catalog, p->arena, &p->rules, err);
    ll_txn_end(tx);
    if (rc < 0) {
        ll_reading_close(&p->k);
        ll_arena_free(p->arena);
    }
    return rc;
}

static void profiling_close(struct profiling *p)
{
    ll_reading_close(&p->k);
    ll_arena_free(p->arena);
}

/* One subject and no other. */
static int find_one(struct ll_cli *c, struct profiling *p, const struct ll_subject_opts *o,
                    struct ll_subject **ret, struct ll_err *err)
{
    int rc = ll_subject_profile(p->k.tables, p->resources, p->n, ll_str(c->args[0]), o, p->arena, ret, err);

    if (rc < 0)
        return rc;
    if ((*ret)->n_hits > 1)
        return ll_fail(err, LL_INVALID, "名称“%s”对应 %zu 个主体，请用标识查询（luling subject 列出它们）",
                       "'%s' names %zu subjects; ask by identifier (luling subject lists them)", c->args[0],
                       (*ret)->n_hits);
    return (*ret)->n_groups ? LL_OK
                            : ll_fail(err, LL_NOTFOUND, "没有关于“%s”的记录",
                                      "nothing is recorded about '%s'", c->args[0]);
}

static int number(struct ll_cli *c, enum ll_option_id option, int64_t most, int64_t *ret, struct ll_err *err)
{
    if (!c->opts[option] || ll_str_i64(ll_str(c->opts[option]), 1, most, ret))
        return LL_OK;
    return ll_fail(err, LL_USAGE, "--%s 应为 1 到 %lld", "--%s must be 1 to %lld", ll_options[option].name,
                   (long long)most);
}

static int print(struct ll_cli *c, struct profiling *p, const struct ll_buf *text,
                 void (*show)(struct ll_cli *, struct profiling *, json_t *), struct ll_err *err)
{
    json_t *parsed = NULL;
    int rc;

    if (text->failed)
        return ll_no_memory(err);
    if (c->json) {
        ll_buf_str(&c->out, ll_buf_view(text));
        ll_buf_c(&c->out, '\n');
        return LL_OK;
    }
    if ((rc = ll_show_parse(ll_buf_view(text), &parsed, err)) == LL_OK)
        show(c, p, parsed);
    json_decref(parsed);
    return rc;
}

static void show_facts(struct ll_cli *c, struct profiling *p, json_t *all)
{
    json_t *fact, *facts = json_object_get(all, "facts");
    const char *total = ll_show_text(all, "total");
    size_t i;

    json_array_foreach(facts, i, fact)
    {
        const char *name = ll_show_text(fact, "resource"), *who = ll_show_text(fact, "provider_name");
        const struct ll_resource *r = name ? ll_catalog_resource(p->k.catalog, ll_str(name)) : NULL;
        ll_out_line(c, "%-10s  %s（%s）", "%-10s  %s (%s)", ll_show_text(fact, "date"),
                    ll_show_text(fact, ll_say(c, "what", "what_en")), who ? who : "-");
        if (r)
            ll_show_compact(c, r, json_object_get(fact, "record"));
    }
    if (json_array_size(facts) < strtoull(total, NULL, 10))
        ll_out_line(c, "……共 %s 条，用 --limit 多看", "... of %s in all; see more with --limit", total);
}

static int timeline(struct ll_cli *c, struct profiling *p, const struct ll_timeline_query *q,
                    struct ll_err *err)
{
    struct ll_timeline t = {.rules = &p->rules,
                            .arena = p->arena,
                            .mask = c->opts[LL_OPT_subject_timeline_mask] != NULL,
                            .related = c->opts[LL_OPT_subject_timeline_related] != NULL};
    const struct ll_subject_opts o = {.mask = t.mask, .visit = ll_timeline_visit, .visit_ctx = &t};
    struct ll_buf text = LL_BUF_INIT(LL_RECORD_TEXT_MAX);
    struct ll_subject *s;
    struct ll_json j;
    int rc = find_one(c, p, &o, &s, err);

    if (rc < 0)
        return rc;
    ll_json_init(&j, &text);
    ll_json_obj(&j);
    ll_timeline_put(&t, q, &j);
    ll_json_end_obj(&j);
    rc = print(c, p, &text, show_facts, err);
    ll_buf_free(&text);
    return rc;
}

int ll_cmd_subject_timeline(struct ll_cli *c, struct ll_err *err)
{
    const char *kind = c->opts[LL_OPT_subject_timeline_kind];
    int64_t limit = SHOWN;
    struct profiling p;
    int rc = number(c, LL_OPT_subject_timeline_limit, LL_TIMELINE_MAX, &limit, err);

    if (rc < 0 || (rc = profiling_open(c, &p, err)) < 0)
        return rc;
    const struct ll_timeline_query q = {.kind = kind ? ll_str(kind) : LL_STR(""), .limit = (size_t)limit};
    rc = timeline(c, &p, &q, err);
    profiling_close(&p);
    return rc;
}

static size_t place(json_t *object, const char *key)
{
    const char *text = ll_show_text(object, key);

    return text ? strtoull(text, NULL, 10) : 0;
}

static const char *node_name(json_t *all, size_t at)
{
    json_t *node = json_array_get(json_object_get(all, "nodes"), at);
    const char *name = ll_show_text(node, "name");

    return name ? name : ll_show_text(json_object_get(node, "identifier"), "value");
}

static void show_edges(struct ll_cli *c, struct profiling *p, json_t *all)
{
    json_t *edge, *node;
    size_t i;

    (void)p;
    json_array_foreach(json_object_get(all, "nodes"), i, node)
    {
        const char *id = ll_show_text(json_object_get(node, "identifier"), "value");
        ll_out_line(c, "%*s%s  %s", "%*s%s  %s", (int)place(node, "depth") * 2, "", id, node_name(all, i));
    }
    json_array_foreach(json_object_get(all, "edges"), i, edge) ll_out_line(
        c, "%s ─%s→ %s", "%s ─%s→ %s", node_name(all, place(edge, "from")),
        ll_show_text(edge, ll_say(c, "from_is", "from_is_en")), node_name(all, place(edge, "to")));
    if (json_is_true(json_object_get(all, "more")))
        ll_out_line(c, "……还有更多，未全部列出", "... and more that is not listed");
}

static int relations(struct ll_cli *c, struct profiling *p, struct ll_relations_opts *o, struct ll_err *err)
{
    const struct ll_subject_opts who = {.mask = o->mask};
    struct ll_buf text = LL_BUF_INIT(LL_RECORD_TEXT_MAX);
    struct ll_relations *g;
    struct ll_subject *s;
    struct ll_json j;
    int rc = find_one(c, p, &who, &s, err);

    if (rc < 0 || (rc = ll_relations_walk(p->k.tables, &p->rules, s, o, p->arena, &g, err)) < 0)
        return rc;
    ll_json_init(&j, &text);
    ll_json_obj(&j);
    ll_relations_put(g, &j);
    ll_json_end_obj(&j);
    rc = print(c, p, &text, show_edges, err);
    ll_buf_free(&text);
    return rc;
}

int ll_cmd_subject_relations(struct ll_cli *c, struct ll_err *err)
{
    struct ll_relations_opts o = LL_RELATIONS_OPTS_INIT;
    int64_t depth = 1, fan = o.fan;
    struct profiling p;
    int rc = number(c, LL_OPT_subject_relations_depth, LL_RELATION_DEPTH_MAX, &depth, err);

    if (rc < 0 || (rc = number(c, LL_OPT_subject_relations_fan, LL_RELATION_FAN_MAX, &fan, err)) < 0 ||
        (rc = profiling_open(c, &p, err)) < 0)
        return rc;
    o.depth = (unsigned)depth;
    o.fan = (unsigned)fan;
    o.persons = true;
    o.mask = c->opts[LL_OPT_subject_relations_mask] != NULL;
    rc = relations(c, &p, &o, err);
    profiling_close(&p);
    return rc;
}
