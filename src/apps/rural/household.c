/* household.c - reads one household (household.h): its members from the register, then each resource of the list once, by every member or by the
 * household, and each record into all the sources that read it. */
#include "apps/rural/household.h"

#include "apps/rural/combine.h"
#include "apps/rural/register.h"
#include "base/clock.h"
#include "share/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_TEXT = 16, NUMBER_TEXT = 24, KEY_TEXT = 4096, NO_MAX = 40 };

#define X(id, word, ...) word,
static const char *const state_words[] = {LL_RURAL_ITEM_STATES(X)};
#undef X
#define X(id, word, value, zh, en) {zh, en},
static const char *const state_titles[][2] = {LL_RURAL_ITEM_STATES(X)};
#undef X
#define X(id, word, value, ...) value,
static const bool state_values[] = {LL_RURAL_ITEM_STATES(X)};
#undef X

const char *ll_rural_state_word(enum ll_rural_state s)
{
    return state_words[s];
}

const char *ll_rural_state_title(enum ll_rural_state s, enum ll_lang lang)
{
    return state_titles[s][lang];
}

bool ll_rural_has_value(enum ll_rural_state s)
{
    return state_values[s];
}

/* What a read works with. */
struct reading {
    const struct ll_rural *r;
    const struct ll_household_ask *ask;
    struct ll_arena *arena;
    struct ll_household *h;
    struct ll_str *orders;     /* of the members, in lists */
    struct ll_rural_sum *sums; /* one a source of the list */
    struct ll_rural_sum *own;  /* the same of the viewer's own records; NULL: nobody views */
    bool *done;                /* the same: its resource was asked */
    int32_t today;
};

/* ---- one record ---- */

/* As texts: numbers in digits, true and false. */
static int text_of(struct reading *g, const struct ll_item *item, struct ll_seg_value v, struct ll_str *ret,
                   struct ll_err *err)
{
    char digits[NUMBER_TEXT];

    *ret = (struct ll_str){NULL, 0};
    if (v.kind != LL_SV_INT && v.kind != LL_SV_TEXT)
        return LL_OK;
    if (v.kind == LL_SV_INT)
        v.s = (struct ll_str){digits, (size_t)snprintf(digits, sizeof digits, "%" PRId64, v.i)};
    if (item->element->type == LL_TYPE_BOOLEAN) {
        *ret = ll_str_is(v.s, "1") || ll_str_is(v.s, "true") ? LL_STR("true") : LL_STR("false");
        return LL_OK;
    }
    *ret = (struct ll_str){ll_arena_dup(g->arena, v.s), v.s.n};
    return ret->p ? LL_OK : ll_no_memory(err);
}

static int value_of(struct reading *g, const struct ll_rural_source *s, const struct ll_item *item,
                    struct ll_table *t, struct ll_str *ret, struct ll_err *err)
{
    *ret = (struct ll_str){NULL, 0};
    if (!item)
        return LL_OK;
    return text_of(g, item, ll_record_value(s->resource, (size_t)(item - s->resource->items), t), ret, err);
}

/* Whether others' records may be told only as what they come to together. */
static bool is_total(enum ll_rural_combine c)
{
    return c != LL_RURAL_LATEST && c != LL_RURAL_LIST && c != LL_RURAL_LATEST_LIST;
}

/* Whose a record is, to who asks. */
enum whose { OPEN, OWN, OTHERS };

/* A record into one of the sources that read it. */
static int add_to(struct reading *g, const struct ll_rural_source *s, struct ll_table *t, struct ll_str order,
                  struct ll_str key, enum whose whose, struct ll_err *err)
{
    struct ll_rural_seen seen = {
        .order = order, .published_at = ll_table_published_at(t), .batch = ll_table_batch(t)};
    struct ll_str only;
    char since[DAY_TEXT];
    int rc = value_of(g, s, s->from, t, &seen.value, err);

    if (rc < 0 || !seen.value.n || (whose == OTHERS && !is_total(s->combine)))
        return rc;
    if ((rc = value_of(g, s, s->date, t, &seen.day, err)) < 0 ||
        (rc = value_of(g, s, s->only, t, &only, err)) < 0)
        return rc;
    ll_rural_since(s, g->today, since, sizeof since);
    if (!ll_rural_counts(s, only, seen.day, ll_str(g->h->day), ll_str(since)))
        return LL_OK;
    seen.disputed = key.n && ll_marks_disputed(g->r->marks, s->resource->name, key, s->from->name);
    if (whose == OWN &&
        (rc = ll_rural_sum_add(&g->own[s - g->r->list->sources], s, &seen, g->arena, err)) < 0)
        return rc;
    return ll_rural_sum_add(&g->sums[s - g->r->list->sources], s, &seen, g->arena, err);
}

/* The records of one resource that one column finds. */
struct asked {
    const struct ll_resource *resource;
    const struct ll_item *by;
    const struct ll_item
        *owner; /* names whose a record is, where the viewer may not see others' one by one; NULL */
    struct ll_table *table;
    bool marked;
    struct ll_buf key;
};

static const struct ll_str no_key = {NULL, 0};

/* The record's key where something is said of records of the resource; false: it is withheld. */
static int marked_key(struct reading *g, struct asked *a, struct ll_str *key, struct ll_err *err)
{
    struct ll_json j;

    *key = no_key;
    if (!a->marked)
        return 1;
    ll_buf_clear(&a->key);
    ll_json_init(&j, &a->key);
    ll_record_put_key(a->resource, a->table, false, &j);
    if (a->key.failed)
        return ll_no_memory(err);
    *key = ll_buf_view(&a->key);
    return !ll_marks_withheld(g->r->marks, a->resource->name, *key);
}

/* Of the register of members only the row that describes the person is his. */
static bool describes(const struct reading *g, const struct asked *a, const struct ll_household_member *m)
{
    int household, since;

    (void)g;
    if (!m || strcmp(a->resource->name, LL_RURAL_MEMBERS) != 0)
        return true;
    household = ll_table_column(a->table, "household_no");
    since = ll_table_column(a->table, "member_since");
    return household >= 0 && since >= 0 &&
           ll_str_eq(ll_table_get(a->table, (size_t)household).s, m->row_household) &&
           ll_str_eq(ll_table_get(a->table, (size_t)since).s, m->row_since);
}

/* The item that confines the viewer; NULL: there is none, or it may be seen, and so may everything. */
static const struct ll_item *owner_of(const struct reading *g, const struct ll_resource *r)
{
    const struct ll_item *owner = g->ask->viewer ? ll_rural_owner(r) : NULL;
    bool open = owner &&
                (!g->ask->shows || g->ask->shows(g->ask->shows_ctx, ll_str(r->name), ll_str(owner->name)));

    return open ? NULL : owner;
}

/* Keeps a record of the viewer's own, item by item. */
static int keep_own(struct reading *g, const struct asked *a, const struct ll_household_member *m,
                    struct ll_err *err)
{
    struct ll_household_own *o = &g->h->own[g->h->n_own];
    int rc = LL_OK;

    if (g->h->n_own == LL_HOUSEHOLD_OWN_MAX)
        return LL_OK;
    *o = (struct ll_household_own){a->resource, m,
                                   ll_arena_array(g->arena, a->resource->n_items + 1, sizeof *o->values)};
    if (!o->values)
        return ll_no_memory(err);
    for (size_t i = 0; i < a->resource->n_items && rc == LL_OK; i++)
        rc = text_of(g, &a->resource->items[i], ll_record_value(a->resource, i, a->table), &o->values[i],
                     err);
    g->h->n_own++;
    return rc;
}

static int whose_is(struct reading *g, const struct asked *a, const struct ll_household_member *m,
                    enum whose *ret, struct ll_err *err)
{
    struct ll_str owner;
    int rc;

    *ret = OPEN;
    if (!a->owner)
        return LL_OK;
    rc = text_of(g, a->owner, ll_record_value(a->resource, (size_t)(a->owner - a->resource->items), a->table),
                 &owner, err);
    *ret = ll_str_is(owner, g->ask->viewer) ? OWN : OTHERS;
    return rc == LL_OK && *ret == OWN ? keep_own(g, a, m, err) : rc;
}

static bool is_whose(const struct ll_rural_source *s, const struct ll_household_member *m)
{
    return m ? s->whose == LL_RURAL_MEMBER || (s->whose == LL_RURAL_HEAD && m->head)
             : s->whose == LL_RURAL_HOUSEHOLD;
}

/* m NULL: records of the household itself. */
static int ask_for(struct reading *g, struct asked *a, struct ll_str who, const struct ll_household_member *m,
                   struct ll_err *err)
{
    const struct ll_rural_list *l = g->r->list;
    struct ll_str order = m ? g->orders[m - g->h->members] : no_key, key;
    enum whose whose = OPEN;
    int rc = ll_table_scan_by(a->table, a->by->name, who, false, err), more = 0;

    for (size_t n = 0; rc == LL_OK && (more = ll_table_next(a->table, err)) > 0; n++) {
        if (n == LL_HOUSEHOLD_RECORDS_MAX)
            rc = ll_fail(err, LL_TOOBIG, "%s：同一户或同一人的记录超过 %d 条",
                         "%s: more than %d records of one household or person", a->resource->name,
                         LL_HOUSEHOLD_RECORDS_MAX);
        int shared = rc == LL_OK ? marked_key(g, a, &key, err) : rc;
        if (shared < 0)
            rc = shared;
        if (shared <= 0 || !describes(g, a, m))
            continue;
        rc = whose_is(g, a, m, &whose, err);
        for (size_t i = 0; i < l->n_sources && rc == LL_OK; i++)
            if (l->sources[i].resource == a->resource && l->sources[i].by == a->by &&
                is_whose(&l->sources[i], m) && g->sums[i].given.shown)
                rc = add_to(g, &l->sources[i], a->table, order, key, whose, err);
    }
    if (rc < 0)
        ll_table_rewind(a->table);
    return more < 0 ? more : rc;
}

/* ---- resources ---- */

static bool wanted(const struct reading *g, const struct ll_rural_source *s)
{
    return !g->ask->items || g->ask->items[s->item];
}

/* Everything that is wanted of a resource by one column. */
static int ask_resource(struct reading *g, const struct ll_rural_source *first, struct ll_err *err)
{
    const struct ll_rural_list *l = g->r->list;
    struct asked a = {.resource = first->resource,
                      .by = first->by,
                      .owner = owner_of(g, first->resource),
                      .key = LL_BUF_INIT(KEY_TEXT)};
    bool heads = false, members = false, household = false;
    const char *name = first->resource->name;
    int rc = ll_tables_take(g->r->tables, name, &a.table, err);

    for (size_t i = 0; i < l->n_sources; i++) {
        const struct ll_rural_source *s = &l->sources[i];
        if (s->resource != a.resource || s->by != a.by || !wanted(g, s))
            continue;
        g->done[i] = true;
        if (rc == LL_OK)
            g->sums[i].given.newest = ll_table_newest(a.table);
        if (!g->sums[i].given.shown && !a.owner)
            continue; /* withheld, and no record can be the viewer's own */
        heads = heads || s->whose == LL_RURAL_HEAD;
        members = members || s->whose == LL_RURAL_MEMBER;
        household = household || s->whose == LL_RURAL_HOUSEHOLD;
    }
    if (rc == LL_OK && g->r->marks)
        rc = ll_marks_any(g->r->marks, name, &a.marked, err);
    if (rc == LL_OK && household && ll_table_columns(a.table))
        rc = ask_for(g, &a, g->h->no, NULL, err);
    for (size_t i = 0; i < g->h->n_members && rc == LL_OK && ll_table_columns(a.table); i++)
        if (members || (heads && g->h->members[i].head))
            rc = ask_for(g, &a, g->h->members[i].id, &g->h->members[i], err);
    ll_tables_give(g->r->tables, a.table);
    ll_buf_free(&a.key);
    return rc;
}

static int gather(struct reading *g, struct ll_err *err)
{
    const struct ll_rural_list *l = g->r->list;
    int rc = LL_OK;

    for (size_t i = 0; i < l->n_sources; i++) {
        const struct ll_rural_source *s = &l->sources[i];
        g->sums[i].given.shown = s->resource && wanted(g, s) &&
                                 (!g->ask->shows ||
                                  g->ask->shows(g->ask->shows_ctx, ll_str(s->resource->name),
                                                ll_str(s->from->name)));
    }
    for (size_t i = 0; i < l->n_sources && rc == LL_OK; i++)
        if (l->sources[i].resource && !g->done[i] && wanted(g, &l->sources[i]))
            rc = ask_resource(g, &l->sources[i], err);
    for (size_t i = 0; i < l->n_sources && rc == LL_OK; i++)
        if ((rc = ll_rural_sum_end(&g->sums[i], &l->sources[i], g->arena, err)) == LL_OK && g->own)
            rc = ll_rural_sum_end(&g->own[i], &l->sources[i], g->arena, err);
    return rc;
}

/* What the viewer's own records come to, in the item's unit. */
static int settle_own(struct reading *g, struct ll_household_item *x, struct ll_err *err)
{
    for (size_t k = 0; g->own && k < x->n; k++) {
        struct ll_household_value *v = &x->values[k];
        const struct ll_rural_given *own = &g->own[v->source - g->r->list->sources].given;
        if (!own->any)
            continue;
        if (!(v->own = ll_rural_shown(x->item, v->source, own->value, g->arena)).p)
            return ll_no_memory(err);
        v->own_records = own->records;
    }
    return LL_OK;
}

static int settle(struct reading *g, struct ll_err *err)
{
    const struct ll_rural_list *l = g->r->list;
    struct ll_rural_given given[LL_RURAL_ITEM_SOURCES_MAX];
    int rc = LL_OK;

    for (size_t i = 0; i < l->n && rc == LL_OK; i++) {
        const struct ll_rural_item *x = &l->items[i];
        for (size_t k = 0; k < x->n_sources; k++)
            given[k] = g->sums[x->sources - l->sources + (ptrdiff_t)k].given;
        if ((rc = ll_rural_settle(x, given, g->today, g->arena, &g->h->items[i], err)) == LL_OK)
            rc = settle_own(g, &g->h->items[i], err);
    }
    g->h->n_items = l->n;
    return rc;
}

/* ---- members ---- */

static int by_order(const void *a, const void *b)
{
    const struct ll_household_member *x = a, *y = b;
    struct ll_buf p = LL_BUF_INIT(256), q = LL_BUF_INIT(256);

    ll_member_order(x, &p);
    ll_member_order(y, &q);
    int order = ll_str_cmp(ll_buf_view(&p), ll_buf_view(&q));
    ll_buf_free(&p);
    ll_buf_free(&q);
    return order;
}

/* The register names the head; where he is no member any more, whoever is registered as such. */
static void sort_members(struct ll_household *h)
{
    bool any = false;

    for (size_t i = 0; i < h->n_members; i++)
        any = any || h->members[i].head;
    qsort(h->members, h->n_members, sizeof *h->members, by_order);
    if (!any && h->n_members)
        h->members[0].head = ll_str_is(h->members[0].kinship, "0");
}

static int order_members(struct reading *g, struct ll_err *err)
{
    struct ll_household *h = g->h;

    sort_members(h);
    if (!(g->orders = ll_arena_array(g->arena, h->n_members + 1, sizeof *g->orders)))
        return ll_no_memory(err);
    for (size_t i = 0; i < h->n_members; i++) {
        struct ll_buf text = LL_BUF_INIT(256);
        ll_member_order(&h->members[i], &text);
        g->orders[i] = (struct ll_str){ll_arena_dup(g->arena, ll_buf_view(&text)), text.n};
        ll_buf_free(&text);
        if (!g->orders[i].p)
            return ll_no_memory(err);
    }
    return LL_OK;
}

static int read_register(struct reading *g, struct ll_err *err)
{
    const struct ll_household *known = g->ask->known;
    struct ll_register *reg = NULL;
    int rc;

    if (known) {
        struct ll_household_item *items = g->h->items;
        struct ll_household_own *own = g->h->own;
        const char *day = g->h->day;
        *g->h = *known;
        g->h->items = items;
        g->h->own = own;
        g->h->day = day;
        return order_members(g, err);
    }
    rc = ll_register_open(g->r, g->arena, &reg, err);

    if (rc == LL_OK && (rc = ll_register_find(reg, g->ask->no, g->h, err)) == 0)
        rc = ll_fail(err, LL_NOTFOUND, "户籍信息中没有这一户", "the register has no such household");
    if (rc > 0)
        rc = ll_register_members(reg, g->h, err);
    ll_register_close(reg);
    return rc < 0 ? rc : order_members(g, err);
}

/* ---- the whole ---- */

static int day_of(const struct ll_household_ask *ask, struct ll_arena *arena, const char **text, int32_t *ret,
                  struct ll_err *err)
{
    int y;
    unsigned m, d;

    if (!ask->day) {
        *ret = ll_today();
        ll_civil_from_days(*ret, &y, &m, &d);
        *text = ll_arena_printf(arena, "%04d-%02u-%02u", y, m, d);
        return *text ? LL_OK : ll_no_memory(err);
    }
    *text = ask->day;
    if (strlen(ask->day) != 10 || !ll_rural_day(ll_str(ask->day), ret))
        return ll_fail(err, LL_USAGE, "日期应写作 2026-11-30", "a day is written 2026-11-30");
    return LL_OK;
}

int ll_household_read(const struct ll_rural *r, const struct ll_household_ask *ask, struct ll_arena *arena,
                      struct ll_household **ret, struct ll_err *err)
{
    const struct ll_rural_list *l = r->list;
    struct ll_household *h = ll_arena_alloc(arena, sizeof *h);
    struct reading g = {.r = r, .ask = ask, .arena = arena, .h = h};
    int rc;

    if (!h || !(g.sums = ll_arena_array(arena, l->n_sources, sizeof *g.sums)) ||
        !(g.done = ll_arena_array(arena, l->n_sources, sizeof *g.done)) ||
        !(h->items = ll_arena_array(arena, l->n, sizeof *h->items)))
        return ll_no_memory(err);
    if (ask->viewer && (!(g.own = ll_arena_array(arena, l->n_sources, sizeof *g.own)) ||
                        !(h->own = ll_arena_array(arena, LL_HOUSEHOLD_OWN_MAX, sizeof *h->own))))
        return ll_no_memory(err);
    if (!ask->no.n || ask->no.n > NO_MAX)
        return ll_fail(err, LL_USAGE, "户号应为 1 到 %d 个字符", "a household number has 1 to %d characters",
                       NO_MAX);
    h->list = l;
    if ((rc = day_of(ask, arena, &h->day, &g.today, err)) < 0 || (rc = read_register(&g, err)) < 0)
        return rc;
    if (!ask->members_only && ((rc = gather(&g, err)) < 0 || (rc = settle(&g, err)) < 0))
        return rc;
    *ret = h;
    return LL_OK;
}

const struct ll_household_item *ll_household_item(const struct ll_household *h, struct ll_str code)
{
    const struct ll_rural_item *x = ll_rural_item(h->list, code);

    return x && h->n_items ? &h->items[x - h->list->items] : NULL;
}

int ll_household_of_person(const struct ll_rural *r, struct ll_str id, const char *day,
                           struct ll_arena *arena, struct ll_str *ret, struct ll_err *err)
{
    struct ll_household_ask ask = {.day = day};
    struct ll_register *reg = NULL;
    struct ll_place p = {.dead = false};
    int32_t today;
    int rc = day_of(&ask, arena, &day, &today, err);

    if (rc == LL_OK)
        rc = ll_register_open(r, arena, &reg, err);
    if (rc == LL_OK)
        rc = ll_register_place(reg, id, ll_str(day), &p, err);
    ll_register_close(reg);
    *ret = p.household;
    return rc < 0 ? rc : p.household.n > 0;
}
