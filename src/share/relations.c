/* relations.c - see relations.h. */
#include "share/relations.h"

#include "base/log.h"
#include "share/subject_impl.h"

#include <string.h>

enum { SHOWN_MAX = 64 << 10, EDGES_MAX = LL_RELATION_NODES_MAX * 8 };

struct walk {
    struct ll_tables *ts;
    const struct ll_profile_rules *rules;
    const struct ll_resource **resources; /* each that a rule is about, once */
    size_t n_resources;
    const struct ll_relations_opts *o;
    struct ll_arena *arena;
    struct ll_relations *g;
    size_t at, around; /* the node whose neighbours are looked for; how many of them are new */
};

static bool is_person(const struct ll_subject_id *id)
{
    return strcmp(id->type, ll_scheme_name(LL_ID_RESIDENT_ID)) == 0 ||
           (id->item && ll_item_is_person(id->item, id->value));
}

/* --- nodes and edges ------------------------------------------------------------------------------------------------------- */

static bool node_find(const struct walk *w, const struct ll_subject_id *id, size_t *ret)
{
    for (*ret = 0; *ret < w->g->n_nodes; ++*ret) {
        const struct ll_subject_id *there = &w->g->nodes[*ret].id;
        if (strcmp(there->type, id->type) == 0 && ll_str_eq(there->value, id->value))
            return true;
    }
    return false;
}

static int keep(struct walk *w, struct ll_str text, struct ll_str *ret, struct ll_err *err)
{
    *ret = (struct ll_str){ll_arena_dup(w->arena, text), text.n};
    return ret->p ? LL_OK : ll_no_memory(err);
}

/* 1: *ret is the node; 0: promise (2). */
static int node_of(struct walk *w, const struct ll_subject_id *id, struct ll_str name, size_t *ret,
                   struct ll_err *err)
{
    struct ll_relation_node *me = &w->g->nodes[w->at];
    int rc;

    if (node_find(w, id, ret)) {
        if (name.n && !w->g->nodes[*ret].name.n)
            return (rc = keep(w, name, &w->g->nodes[*ret].name, err)) < 0 ? rc : 1;
        return 1;
    }
    if (w->around == w->o->fan) {
        me->more = true;
        return 0;
    }
    if (w->g->n_nodes == w->o->nodes) {
        me->more = w->g->more = true;
        return 0;
    }
    struct ll_relation_node *node = &w->g->nodes[w->g->n_nodes];
    *node = (struct ll_relation_node){.id = *id, .depth = me->depth + 1, .person = is_person(id)};
    if ((rc = keep(w, id->value, &node->id.value, err)) < 0 ||
        (name.n && (rc = keep(w, name, &node->name, err)) < 0))
        return rc;
    w->around++;
    *ret = w->g->n_nodes++;
    return 1;
}

static int show(struct walk *w, const struct ll_relation_rule *rule, struct ll_table *t,
                struct ll_relation_edge *e, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(SHOWN_MAX);
    struct ll_json j;
    int rc;

    if (!rule->shows.n)
        return LL_OK;
    ll_json_init(&j, &text);
    ll_record_put_items(rule->resource, rule->shows.at, rule->shows.n, t, w->o->mask, &j);
    rc = text.failed ? ll_no_memory(err) : keep(w, ll_buf_view(&text), &e->shown, err);
    ll_buf_free(&text);
    return rc;
}

/* Promise (3): what relation it is, not which rule told it. */
static struct ll_relation_edge *edge_find(struct walk *w, size_t from, size_t to, const char *relation)
{
    for (size_t i = 0; i < w->g->n_edges; i++) {
        struct ll_relation_edge *e = &w->g->edges[i];
        if (e->from == from && e->to == to && strcmp(e->rule->relation, relation) == 0)
            return e;
    }
    return NULL;
}

static int edge_add(struct walk *w, size_t from, size_t to, const struct ll_relation_rule *rule,
                    struct ll_table *t, struct ll_err *err)
{
    struct ll_relation_edge *e = edge_find(w, from, to, rule->relation);

    if (e) {
        e->records++;
        return e->shown.n ? LL_OK : show(w, rule, t, e, err);
    }
    if (w->g->n_edges == EDGES_MAX) {
        w->g->more = true;
        return LL_OK;
    }
    e = &w->g->edges[w->g->n_edges];
    *e = (struct ll_relation_edge){.from = from, .to = to, .rule = rule, .records = 1};
    int rc = show(w, rule, t, e, err);
    w->g->n_edges += rc == LL_OK;
    return rc;
}

/* --- a record -------------------------------------------------------------------------------------------------------------- */

static bool end_of(const struct ll_relation_rule *rule, size_t at, struct ll_table *t,
                   struct ll_subject_id *ret)
{
    const struct ll_item *item = &rule->resource->items[at];
    struct ll_seg_value v = ll_record_value(rule->resource, at, t);

    if (v.kind != LL_SV_TEXT || !v.s.n)
        return false;
    *ret = (struct ll_subject_id){ll_subject_id_type(item, v.s), v.s, rule->resource->name, item};
    return true;
}

static struct ll_str name_at(const struct ll_relation_rule *rule, int at, struct ll_table *t)
{
    struct ll_seg_value v = {.kind = LL_SV_NULL};

    if (at >= 0)
        v = ll_record_value(rule->resource, (size_t)at, t);
    return v.kind == LL_SV_TEXT ? v.s : LL_STR("");
}

static int follow(struct walk *w, const struct ll_subject *s, const struct ll_relation_rule *rule,
                  struct ll_table *t, struct ll_err *err)
{
    struct ll_subject_id from, to;
    size_t other;
    int rc;

    if (!end_of(rule, rule->from, t, &from) || !end_of(rule, rule->to, t, &to))
        return LL_OK;
    bool am_from = ll_subject_has_id(s, from.type, from.value),
         am_to = ll_subject_has_id(s, to.type, to.value);
    if (am_from ==
        am_to) /* neither: the record is about the subject in another role; both: a tie to itself */
        return LL_OK;
    rc = node_of(w, am_from ? &to : &from, name_at(rule, am_from ? rule->to_name : rule->from_name, t),
                 &other, err);
    return rc <= 0 ? rc : edge_add(w, am_from ? w->at : other, am_from ? other : w->at, rule, t, err);
}

static int visit(void *ctx, const struct ll_subject *s, const struct ll_subject_seen *seen,
                 struct ll_table *t, struct ll_err *err)
{
    struct walk *w = ctx;
    int rc = LL_OK;

    for (size_t i = 0; i < w->rules->n_relations && rc == LL_OK; i++)
        if (w->rules->relations[i].resource == seen->resource)
            rc = follow(w, s, &w->rules->relations[i], t, err);
    return rc;
}

/* --- walking --------------------------------------------------------------------------------------------------------------- */

static int expand(struct walk *w, struct ll_str who, struct ll_err *err)
{
    const struct ll_subject_opts o = {.mask = w->o->mask, .visit = visit, .visit_ctx = w};
    struct ll_relation_node *node = &w->g->nodes[w->at];
    struct ll_subject *s;
    int rc = ll_subject_profile(w->ts, w->resources, w->n_resources, who, &o, w->arena, &s, err);

    if (rc < 0)
        return rc;
    node->looked = true;
    for (size_t i = 0; i < s->n_groups; i++)
        node->more = node->more || s->groups[i].more;
    if (!node->name.n && s->n_names)
        node->name = s->names[0];
    return LL_OK;
}

static int choose_resources(struct walk *w, struct ll_err *err)
{
    if (!(w->resources = ll_arena_array(w->arena, w->rules->n_relations + 1, sizeof *w->resources)))
        return ll_no_memory(err);
    for (size_t i = 0; i < w->rules->n_relations; i++) {
        size_t k = 0;
        while (k < w->n_resources && w->resources[k] != w->rules->relations[i].resource)
            k++;
        if (k == w->n_resources)
            w->resources[w->n_resources++] = w->rules->relations[i].resource;
    }
    return LL_OK;
}

/* The identifier by which a relation would name it: a credit code before any other. */
static const struct ll_subject_id *best_id(const struct ll_subject *s)
{
    for (size_t i = 0; i < s->n_ids; i++)
        if (strcmp(s->ids[i].type, ll_scheme_name(LL_ID_USCC)) == 0)
            return &s->ids[i];
    return &s->ids[0];
}

int ll_relations_walk(struct ll_tables *ts, const struct ll_profile_rules *rules,
                      const struct ll_subject *root, const struct ll_relations_opts *o,
                      struct ll_arena *arena, struct ll_relations **ret, struct ll_err *err)
{
    struct walk w = {.ts = ts, .rules = rules, .o = o, .arena = arena};
    int rc = choose_resources(&w, err);

    if (rc < 0)
        return rc;
    LL_ASSERT(root->n_ids && o->nodes >= 1 && o->nodes <= LL_RELATION_NODES_MAX);
    if (!(w.g = ll_arena_alloc(arena, sizeof *w.g)) ||
        !(w.g->nodes = ll_arena_array(arena, o->nodes, sizeof *w.g->nodes)) ||
        !(w.g->edges = ll_arena_array(arena, EDGES_MAX, sizeof *w.g->edges)))
        return ll_no_memory(err);
    w.g->mask = o->mask;
    w.g->nodes[0] = (struct ll_relation_node){.id = *best_id(root),
                                              .name = root->n_names ? root->names[0] : LL_STR("")};
    w.g->nodes[0].person = is_person(&w.g->nodes[0].id);
    w.g->n_nodes = 1;
    for (; w.at < w.g->n_nodes && rc == LL_OK; w.at++) {
        const struct ll_relation_node *node = &w.g->nodes[w.at];
        if (node->depth == o->depth || (node->person && w.at && !o->persons))
            continue;
        w.around = 0;
        rc = expand(&w, node->id.value, err);
    }
    *ret = w.g;
    return rc;
}

/* --- writing --------------------------------------------------------------------------------------------------------------- */

static void put_node(const struct ll_relations *g, size_t at, struct ll_json *j)
{
    const struct ll_relation_node *n = &g->nodes[at];

    ll_json_obj(j);
    ll_json_ki(j, "ref", (int64_t)at);
    ll_json_key(j, "identifier");
    ll_subject_put_id(&n->id, g->mask, j);
    ll_json_key(j, "name");
    if (n->name.n)
        ll_json_str(j, n->name);
    else
        ll_json_null(j);
    ll_json_ki(j, "depth", n->depth);
    ll_json_kb(j, "person", n->person);
    ll_json_kb(j, "walk", !(n->person && g->mask)); /* its identifier leads on */
    ll_json_kb(j, "looked", n->looked);
    ll_json_kb(j, "more", n->more);
    ll_json_end_obj(j);
}

static void put_shown(const struct ll_relation_edge *e, struct ll_json *j)
{
    ll_json_key(j, "shown");
    ll_json_arr(j);
    for (size_t i = 0; e->shown.n && i < e->rule->shows.n; i++) {
        const struct ll_item *item = &e->rule->resource->items[e->rule->shows.at[i]];
        ll_json_obj(j);
        ll_json_kz(j, "item", item->name);
        ll_json_kz(j, "title", item->title);
        ll_json_kz(j, "title_en", item->title_en);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_key(j, "record");
    if (e->shown.n)
        ll_json_raw(j, e->shown);
    else
        ll_json_null(j);
}

static void put_edge(const struct ll_relation_edge *e, struct ll_json *j)
{
    const struct ll_relation_rule *r = e->rule;

    ll_json_obj(j);
    ll_json_ki(j, "from", (int64_t)e->from);
    ll_json_ki(j, "to", (int64_t)e->to);
    ll_json_kz(j, "relation", r->relation);
    ll_json_kz(j, "from_is", r->from_is);
    ll_json_kz(j, "from_is_en", r->from_is_en);
    ll_json_kz(j, "to_is", r->to_is);
    ll_json_kz(j, "to_is_en", r->to_is_en);
    ll_json_kz(j, "resource", r->resource->name);
    ll_json_kz(j, "title", r->resource->title);
    ll_json_kz(j, "title_en", r->resource->title_en);
    ll_json_kz(j, "provider_name", r->resource->provider_name);
    ll_json_ki(j, "records", e->records);
    put_shown(e, j);
    ll_json_kz(j, "basis", r->basis);
    ll_json_end_obj(j);
}

void ll_relations_put(const struct ll_relations *g, struct ll_json *j)
{
    ll_json_key(j, "nodes");
    ll_json_arr(j);
    for (size_t i = 0; i < g->n_nodes; i++)
        put_node(g, i, j);
    ll_json_end_arr(j);
    ll_json_key(j, "edges");
    ll_json_arr(j);
    for (size_t i = 0; i < g->n_edges; i++)
        put_edge(&g->edges[i], j);
    ll_json_end_arr(j);
    ll_json_kb(j, "more", g->more);
}
