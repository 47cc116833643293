/* subject.c - the profile of a subject (subject.h).
 *
 * One pass over a growing list of identifiers: each is asked of every column that may hold it; the records found are kept, and those
 * of the subject's own add their other identifiers to the list. */
#include "share/subject_impl.h"

#include "standard/convert.h"

#include <string.h>

enum { MAX_IDS = 32, MAX_NAMES = 16, MAX_HITS = 50, MAX_COUNT = 1000, MAX_NAME = 4096, MAX_BODY = 8 << 20 };

/* What is being collected of one resource. */
struct group {
    struct ll_table *table; /* taken at first use */
    uint64_t
        *seen; /* hashes of the keys of the records counted: one record may have several of the identifiers */
    size_t room;
    struct ll_subject_group out;
};

struct profile {
    struct ll_tables *ts;
    const struct ll_resource *const *resources;
    size_t n;
    struct group *groups; /* by resource */
    const struct ll_subject_opts *o;
    struct ll_arena *arena;
    struct ll_buf text;
    struct ll_subject *s;
};

static int no_memory(struct ll_err *err)
{
    return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
}

static int keep(struct profile *p, struct ll_str text, struct ll_str *ret, struct ll_err *err)
{
    *ret = (struct ll_str){ll_arena_dup(p->arena, text), text.n};
    return ret->p ? LL_OK : no_memory(err);
}

/* --- identifiers --------------------------------------------------------------------------------------------------- */

bool ll_subject_has_id(const struct ll_subject *s, const char *type, struct ll_str value)
{
    for (size_t i = 0; i < s->n_ids; i++)
        if (strcmp(s->ids[i].type, type) == 0 && ll_str_eq(s->ids[i].value, value))
            return true;
    return false;
}

static int add_id(struct profile *p, struct ll_subject_id id, struct ll_err *err)
{
    struct ll_subject *s = p->s;
    char org_code[LL_ID_MAX];
    int rc;

    if (s->n_ids == MAX_IDS || ll_subject_has_id(s, id.type, id.value))
        return LL_OK;
    if ((rc = keep(p, id.value, &id.value, err)) < 0)
        return rc;
    s->ids[s->n_ids++] = id;
    if (strcmp(id.type, ll_scheme_name(LL_ID_USCC)) == 0 && ll_id_org_code_of(id.value, org_code))
        return add_id(p, (struct ll_subject_id){ll_scheme_name(LL_ID_ORG_CODE), ll_str(org_code), NULL, NULL},
                      err);
    return LL_OK;
}

static int add_name(struct profile *p, struct ll_str name, struct ll_err *err)
{
    struct ll_subject *s = p->s;

    for (size_t i = 0; i < s->n_names; i++)
        if (ll_str_eq(s->names[i], name))
            return LL_OK;
    return s->n_names == MAX_NAMES ? LL_OK : keep(p, name, &s->names[s->n_names++], err);
}

static void learn_kind(struct ll_subject *s, const struct ll_resource *r)
{
    if (!s->has_kind && r->subject_kind)
        s->has_kind = ll_kind_parse(ll_str(r->subject_kind), &s->kind);
}

/* A record of the subject's own tells its other identifiers, its name and, at need, its kind. */
static int learn(struct profile *p, const struct ll_resource *r, struct ll_table *t, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; rc == LL_OK && i < r->n_items; i++) {
        const struct ll_item *item = &r->items[i];
        if (item->role != LL_ROLE_SUBJECT && item->role != LL_ROLE_SUBJECT_NAME)
            continue;
        struct ll_seg_value v = ll_record_value(r, i, t);
        if (v.kind != LL_SV_TEXT || v.s.n == 0)
            continue;
        if (item->role == LL_ROLE_SUBJECT_NAME)
            rc = add_name(p, v.s, err);
        else
            rc = add_id(p, (struct ll_subject_id){ll_subject_id_type(item, v.s), v.s, r->name, item}, err);
    }
    learn_kind(p->s, r);
    return rc;
}

/* --- records ------------------------------------------------------------------------------------------------------- */

static int remember(struct profile *p, struct group *g, uint64_t hash, struct ll_err *err)
{
    if (g->out.total == g->room) {
        size_t room = g->room ? g->room * 4 : 16;
        uint64_t *seen = ll_arena_array(p->arena, room, sizeof *seen);
        if (!seen)
            return no_memory(err);
        if (g->room)
            memcpy(seen, g->seen, g->room * sizeof *seen);
        g->seen = seen;
        g->room = room;
    }
    g->seen[g->out.total++] = hash;
    return LL_OK;
}

static bool is_seen(const struct group *g, uint64_t hash)
{
    for (size_t i = 0; i < g->out.total; i++)
        if (g->seen[i] == hash)
            return true;
    return false;
}

/* What put writes of the record, as a text in the arena. */
static int written(struct profile *p,
                   void (*put)(const struct ll_resource *, struct ll_table *, bool, struct ll_json *),
                   const struct group *g, bool mask, struct ll_str *ret, struct ll_err *err)
{
    struct ll_json j;

    ll_buf_clear(&p->text);
    ll_json_init(&j, &p->text);
    put(g->out.resource, g->table, mask, &j);
    return p->text.failed ? no_memory(err) : keep(p, ll_buf_view(&p->text), ret, err);
}

static const char *relation_of(const struct ll_item *by)
{
    return by->role == LL_ROLE_RELATED ? (by->relation ? by->relation : "related") : NULL;
}

static int show(struct profile *p, struct group *g, const struct ll_item *by, unsigned marks,
                struct ll_err *err)
{
    struct ll_subject_record *r;
    int rc;

    if (g->out.n == p->o->max_records)
        return LL_OK;
    if (!g->out.records &&
        !(g->out.records = ll_arena_array(p->arena, p->o->max_records, sizeof *g->out.records)))
        return no_memory(err);
    r = &g->out.records[g->out.n];
    r->marks = marks;
    r->relation = relation_of(by);
    if ((rc = written(p, ll_record_put_key, g, p->o->mask, &r->key, err)) < 0 ||
        (rc = written(p, ll_record_put, g, p->o->mask, &r->body, err)) < 0)
        return rc;
    g->out.n++;
    return LL_OK;
}

static int visit(struct profile *p, struct group *g, const struct ll_item *by, unsigned marks,
                 struct ll_err *err)
{
    const struct ll_subject_seen seen = {g->out.resource, relation_of(by), marks};

    return p->o->visit ? p->o->visit(p->o->visit_ctx, p->s, &seen, g->table, err) : LL_OK;
}

static int add_record(struct profile *p, struct group *g, const struct ll_item *by, struct ll_err *err)
{
    struct ll_str key;
    unsigned marks = 0;
    int rc = written(p, ll_record_put_key, g, false, &key, err);

    if (rc < 0)
        return rc;
    uint64_t hash = ll_str_hash(key);
    if (is_seen(g, hash))
        return LL_OK;
    if (p->o->marks && (rc = p->o->marks(p->o->marks_ctx, g->out.resource, key, &marks, err)) < 0)
        return rc;
    if ((marks & LL_RECORD_WITHHELD) && !p->o->withheld)
        return LL_OK;
    if ((rc = remember(p, g, hash, err)) < 0 || (rc = show(p, g, by, marks, err)) < 0 ||
        (rc = visit(p, g, by, marks, err)) < 0)
        return rc;
    if (ll_table_published_at(g->table) > g->out.published_at)
        g->out.published_at = ll_table_published_at(g->table);
    if (ll_table_batch(g->table) > g->out.batch)
        g->out.batch = ll_table_batch(g->table);
    return by->role == LL_ROLE_SUBJECT ? learn(p, g->out.resource, g->table, err) : LL_OK;
}

static int ask_column(struct profile *p, struct group *g, const struct ll_item *item,
                      struct ll_subject_id *id, struct ll_err *err)
{
    int rc = LL_OK;

    if (!g->table && (rc = ll_tables_take(p->ts, g->out.resource->name, &g->table, err)) < 0)
        return rc;
    if ((rc = ll_table_scan_by(g->table, item->name, id->value, false, err)) < 0)
        return rc;
    while ((rc = ll_table_next(g->table, err)) > 0) {
        if (g->out.total == MAX_COUNT) {
            g->out.more = true;
            ll_table_rewind(g->table);
            return LL_OK;
        }
        if ((rc = add_record(p, g, item, err)) < 0)
            return rc;
        if (!id->from) {
            id->item = item;
            id->from = g->out.resource->name;
        }
    }
    return rc;
}

/* Own records come before those that only mention the subject. */
static int ask_resource(struct profile *p, struct group *g, struct ll_subject_id *id, struct ll_err *err)
{
    static const enum ll_role roles[] = {LL_ROLE_SUBJECT, LL_ROLE_RELATED};
    const struct ll_resource *r = g->out.resource;
    int rc = LL_OK;

    for (size_t role = 0; role < LL_COUNT(roles); role++)
        for (size_t i = 0; rc == LL_OK && i < r->n_items; i++)
            if (r->items[i].role == roles[role] && ll_subject_item_holds(&r->items[i], id->type))
                rc = ask_column(p, g, &r->items[i], id, err);
    return rc;
}

static int ask_all(struct profile *p, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; rc == LL_OK && i < p->s->n_ids; i++)
        for (size_t r = 0; rc == LL_OK && r < p->n; r++)
            rc = ask_resource(p, &p->groups[r], &p->s->ids[i], err);
    return rc;
}

/* --- who is asked for ---------------------------------------------------------------------------------------------- */

/* Identifiers without a scheme (a household number) are known only by where they are found: who may be any of them. */
static int add_local_ids(struct profile *p, struct ll_str who, struct ll_err *err)
{
    enum ll_scheme scheme;
    int rc = LL_OK;

    for (size_t r = 0; r < p->n; r++)
        for (size_t i = 0; rc == LL_OK && i < p->resources[r]->n_items; i++) {
            const struct ll_item *item = &p->resources[r]->items[i];
            if (item->role != LL_ROLE_NONE && item->role != LL_ROLE_SUBJECT_NAME &&
                !(item->element->check && ll_scheme_parse(ll_str(item->element->check), &scheme)))
                rc = add_id(p, (struct ll_subject_id){item->element->name, who, NULL, NULL}, err);
        }
    return rc;
}

static int name_hits(struct profile *p, struct ll_str name, struct ll_err *err)
{
    return ll_subject_by_name(p->ts, p->resources, p->n, name, LL_NAME_IS, MAX_HITS, p->arena, &p->s->hits,
                              &p->s->n_hits, err);
}

/* As written, then as names of companies are kept. */
static int find_name(struct profile *p, struct ll_str who, struct ll_err *err)
{
    struct ll_buf scratch = LL_BUF_INIT(MAX_NAME);
    struct ll_str name;
    int rc = name_hits(p, who, err);

    if (rc == LL_OK && p->s->n_hits == 0 && ll_cv_company(who, &scratch, &name) == LL_CV_OK &&
        !ll_str_eq(name, who))
        rc = name_hits(p, name, err);
    ll_buf_free(&scratch);
    return rc;
}

/* Which identifiers to begin with. */
static int identify(struct profile *p, struct ll_str who, struct ll_err *err)
{
    char canon[LL_ID_MAX];
    enum ll_scheme scheme;
    size_t n;
    int rc;

    if (ll_id_detect(who, &scheme, canon, &n)) {
        rc = add_id(p, (struct ll_subject_id){ll_scheme_name(scheme), {canon, n}, NULL, NULL}, err);
        return rc < 0 ? rc : add_local_ids(p, who, err);
    }
    if ((rc = find_name(p, who, err)) < 0)
        return rc;
    if (p->s->n_hits == 0)
        return add_local_ids(p, who, err);
    if (p->s->n_hits == 1) {
        rc = add_id(p, p->s->hits[0].id, err);
        p->s->n_hits = 0;
    }
    return rc;
}

/* --- the result ---------------------------------------------------------------------------------------------------- */

static void settle_kind(struct ll_subject *s)
{
    for (size_t i = 0; i < s->n_ids; i++) {
        enum ll_scheme scheme;
        enum ll_kind kind;
        if (ll_scheme_parse(ll_str(s->ids[i].type), &scheme) && ll_id_kind(scheme, s->ids[i].value, &kind)) {
            s->kind = kind;
            s->has_kind = true;
            return;
        }
    }
}

/* Identifiers that were only tried and met nothing are not the subject's. */
static void drop_guesses(struct ll_subject *s)
{
    enum ll_scheme scheme;
    size_t n = 0;

    for (size_t i = 0; i < s->n_ids; i++)
        if (s->ids[i].from || ll_scheme_parse(ll_str(s->ids[i].type), &scheme))
            s->ids[n++] = s->ids[i];
    s->n_ids = n;
}

static int collect_groups(struct profile *p, struct ll_err *err)
{
    struct ll_subject *s = p->s;

    if (!(s->groups = ll_arena_array(p->arena, p->n + 1, sizeof *s->groups)))
        return no_memory(err);
    for (size_t i = 0; i < p->n; i++)
        if (p->groups[i].out.total)
            s->groups[s->n_groups++] = p->groups[i].out;
    return LL_OK;
}

static int prepare(struct profile *p, struct ll_err *err)
{
    struct ll_subject *s = ll_arena_alloc(p->arena, sizeof *s);

    if (!s || !(s->ids = ll_arena_array(p->arena, MAX_IDS, sizeof *s->ids)) ||
        !(s->names = ll_arena_array(p->arena, MAX_NAMES, sizeof *s->names)) ||
        !(p->groups = ll_arena_array(p->arena, p->n + 1, sizeof *p->groups)))
        return no_memory(err);
    s->mask = p->o->mask;
    p->s = s;
    for (size_t i = 0; i < p->n; i++)
        p->groups[i].out.resource = p->resources[i];
    return LL_OK;
}

int ll_subject_profile(struct ll_tables *ts, const struct ll_resource *const *resources, size_t n,
                       struct ll_str who, const struct ll_subject_opts *o, struct ll_arena *arena,
                       struct ll_subject **ret, struct ll_err *err)
{
    struct profile p = {
        .ts = ts, .resources = resources, .n = n, .o = o, .arena = arena, .text = LL_BUF_INIT(MAX_BODY)};
    int rc = prepare(&p, err);

    if (rc == LL_OK && (rc = identify(&p, ll_str_trim(who), err)) == LL_OK && p.s->n_hits == 0 &&
        (rc = ask_all(&p, err)) == LL_OK && (rc = collect_groups(&p, err)) == LL_OK) {
        drop_guesses(p.s);
        settle_kind(p.s);
    }
    for (size_t i = 0; p.groups && i < n; i++)
        ll_tables_give(ts, p.groups[i].table);
    ll_buf_free(&p.text);
    if (rc == LL_OK)
        *ret = p.s;
    return rc;
}
