/* browse.c - see browse.h. */
#include "catalog/browse.h"

#include "catalog/index.h"
#include "catalog/region.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { FACET_VALUES_MAX = 64 };

struct ll_browse {
    pthread_mutex_t lock; /* of making; what is made is read without it */
    bool ready;
    struct ll_arena *arena;
    struct ll_browse_facet facets[LL_FACET_COUNT];
    uint32_t *orders[LL_SORT_COUNT];
};

#define X(id, name, zh, en, table) table,
static const char *const facet_tables[] = {LL_FACETS(X)};
#undef X

struct ll_browse *ll_browse_new(void)
{
    struct ll_browse *b = calloc(1, sizeof *b);

    if (!b)
        return NULL;
    pthread_mutex_init(&b->lock, NULL);
    return b;
}

struct ll_browse *ll_browse_free(struct ll_browse *b)
{
    if (!b)
        return NULL;
    ll_arena_free(b->arena);
    pthread_mutex_destroy(&b->lock);
    free(b);
    return NULL;
}

/* --- the values of a resource ------------------------------------------------------------------------------------- */

static const char *const grades[] = {"", "1", "2", "3", "4"};

static const char *one_value(const struct ll_catalog *cat, const struct ll_resource *r, enum ll_facet f)
{
    const struct ll_organisation *o;

    switch (f) {
    case LL_FACET_PROVIDER:
        return r->provider;
    case LL_FACET_REGION:
        o = ll_catalog_organisation(cat, ll_str(r->provider));
        return o ? ll_organisation_region(cat, o) : NULL;
    case LL_FACET_SHARE_TYPE:
        return r->share_type;
    case LL_FACET_OPEN:
        return r->open;
    case LL_FACET_UPDATE_CYCLE:
        return r->update_cycle;
    case LL_FACET_GRADE:
        return r->grade < LL_COUNT(grades) ? grades[r->grade] : NULL;
    default:
        return NULL;
    }
}

/* Returns how many. */
static size_t values_of(const struct ll_catalog *cat, const struct ll_resource *r, enum ll_facet f,
                        struct ll_str out[FACET_VALUES_MAX])
{
    size_t n = 0;

    if (f == LL_FACET_SCENARIO) {
        for (struct ll_str rest = ll_str(r->scenario); rest.n && n < FACET_VALUES_MAX;) {
            ll_str_cut(rest, '|', &out[n], &rest);
            out[n] = ll_str_trim(out[n]);
            n += out[n].n > 0;
        }
        return n;
    }
    out[0] = ll_str(one_value(cat, r, f));
    return out[0].n ? 1 : 0;
}

/* --- a facet as a column ------------------------------------------------------------------------------------------ */

/* What a dictionary finds by a value: its number. */
struct entry {
    uint32_t id;
};

struct making {
    const struct ll_catalog *cat;
    struct ll_arena *arena;
    enum ll_facet f;
    struct ll_index by_value;
    struct ll_facet_value *values;
    size_t n_values, room_values;
    uint32_t *ids;
    size_t n_ids, room_ids;
};

static bool name_value(struct making *m, struct ll_facet_value *v)
{
    struct ll_str value = ll_str(v->value);
    const char *table = facet_tables[m->f];
    const struct ll_codeset *set = table ? ll_catalog_codeset(m->cat, ll_str(table)) : NULL;
    const struct ll_code *code = set ? ll_codeset_by_code(set, value) : NULL;
    const struct ll_organisation *o;

    v->title[LL_ZH] = v->title[LL_EN] = v->value;
    if (m->f == LL_FACET_PROVIDER && (o = ll_catalog_organisation(m->cat, value)) != NULL) {
        v->title[LL_ZH] = o->name;
        v->title[LL_EN] = o->name_en ? o->name_en : o->name;
    } else if (code) {
        v->title[LL_ZH] = v->title[LL_EN] = ll_arena_dup(m->arena, code->title);
        if (code->title_en.n)
            v->title[LL_EN] = ll_arena_dup(m->arena, code->title_en);
    }
    return v->title[LL_ZH] && v->title[LL_EN];
}

/* An array that doubles within the arena. */
static bool room_for(struct ll_arena *arena, void **list, size_t n, size_t *room, size_t size)
{
    size_t more = *room ? *room * 2 : 64;

    if (n < *room)
        return true;
    void *fresh = ll_arena_array(arena, more, size);
    if (!fresh)
        return false;
    if (n)
        memcpy(fresh, *list, n * size);
    *list = fresh;
    *room = more;
    return true;
}

static bool add_value(struct making *m, struct ll_str value, uint32_t *ret)
{
    void *list = m->values;
    struct entry *e = ll_arena_alloc(m->arena, sizeof *e);
    bool ok = e && room_for(m->arena, &list, m->n_values, &m->room_values, sizeof *m->values);

    m->values = list;
    if (!ok)
        return false;
    struct ll_facet_value *v = &m->values[m->n_values];
    *v = (struct ll_facet_value){.value = ll_arena_dup(m->arena, value)};
    e->id = *ret = (uint32_t)m->n_values++;
    return v->value && name_value(m, v) && ll_index_add(&m->by_value, ll_str(v->value), e) >= 0;
}

static bool add_id(struct making *m, struct ll_str value)
{
    const struct entry *e = ll_index_find(&m->by_value, value);
    uint32_t id = e ? e->id : 0;
    void *list = m->ids;

    if (!e && !add_value(m, value, &id))
        return false;
    bool ok = room_for(m->arena, &list, m->n_ids, &m->room_ids, sizeof *m->ids);
    m->ids = list;
    if (!ok)
        return false;
    m->values[id].count++;
    m->ids[m->n_ids++] = id;
    return true;
}

static bool make_facet(struct ll_browse *b, const struct ll_catalog *cat, enum ll_facet f)
{
    struct making m = {.cat = cat, .arena = b->arena, .f = f};
    struct ll_str values[FACET_VALUES_MAX];
    size_t n;
    const struct ll_resource *const *list = ll_catalog_resources(cat, &n);
    uint32_t *start = ll_arena_array(b->arena, n + 1, sizeof *start);

    ll_index_init(&m.by_value, b->arena);
    for (size_t i = 0; start && i < n; i++) {
        size_t have = values_of(cat, list[i], f, values);
        start[i] = (uint32_t)m.n_ids;
        for (size_t k = 0; k < have; k++)
            if (!add_id(&m, values[k]))
                return false;
    }
    if (!start)
        return false;
    start[n] = (uint32_t)m.n_ids;
    b->facets[f] = (struct ll_browse_facet){m.values, m.n_values, start, m.ids};
    return true;
}

int ll_browse_ready(struct ll_browse *b, const struct ll_catalog *cat, struct ll_err *err)
{
    pthread_mutex_lock(&b->lock);
    bool ok = b->ready || b->arena || (b->arena = ll_arena_new(0)) != NULL;
    for (int f = 0; ok && !b->ready && f < LL_FACET_COUNT; f++)
        ok = make_facet(b, cat, (enum ll_facet)f);
    b->ready = ok;
    pthread_mutex_unlock(&b->lock);
    return ok ? LL_OK : ll_no_memory(err);
}

const struct ll_browse_facet *ll_browse_facet(const struct ll_browse *b, enum ll_facet f)
{
    return &b->facets[f];
}

/* --- orders ------------------------------------------------------------------------------------------------------- */

struct placed {
    const struct ll_resource *r;
    uint32_t at;
};

static int texts(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

/* Positions are in the order of names: equal fields stay in it. */
static int then_place(int c, const struct placed *x, const struct placed *y)
{
    return c ? c : x->at < y->at ? -1 : x->at > y->at;
}

#define BY_TEXT(field)                                                                                       \
    static int by_##field(const void *a, const void *b)                                                      \
    {                                                                                                        \
        const struct placed *x = a, *y = b;                                                                  \
        return then_place(texts(x->r->field, y->r->field), x, y);                                            \
    }
BY_TEXT(title)
BY_TEXT(provider)
BY_TEXT(published)
BY_TEXT(update_cycle)
#undef BY_TEXT

static int by_name(const void *a, const void *b)
{
    return then_place(0, a, b);
}

static int by_grade(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;

    return then_place((x->r->grade > y->r->grade) - (x->r->grade < y->r->grade), x, y);
}

#define X(id, name, field, zh, en) [LL_SORT_##id] = by_##field,
static int (*const comparers[])(const void *, const void *) = {LL_SORTS(X)};
#undef X

static uint32_t *make_order(struct ll_browse *b, const struct ll_catalog *cat, enum ll_search_sort by)
{
    size_t n;
    const struct ll_resource *const *list = ll_catalog_resources(cat, &n);
    struct placed *placed = calloc(n ? n : 1, sizeof *placed);
    uint32_t *order = placed ? ll_arena_array(b->arena, n + 1, sizeof *order) : NULL;

    for (size_t i = 0; order && i < n; i++)
        placed[i] = (struct placed){list[i], (uint32_t)i};
    if (order && n)
        qsort(placed, n, sizeof *placed, comparers[by]);
    for (size_t i = 0; order && i < n; i++)
        order[i] = placed[i].at;
    free(placed);
    return order;
}

int ll_browse_order(struct ll_browse *b, const struct ll_catalog *cat, enum ll_search_sort by,
                    const uint32_t **ret, struct ll_err *err)
{
    pthread_mutex_lock(&b->lock);
    if (!b->orders[by])
        b->orders[by] = make_order(b, cat, by);
    *ret = b->orders[by];
    pthread_mutex_unlock(&b->lock);
    return *ret ? LL_OK : ll_no_memory(err);
}

bool ll_browse_position(const struct ll_catalog *cat, const struct ll_resource *r, uint32_t *ret)
{
    size_t low = 0, high;
    const struct ll_resource *const *list = ll_catalog_resources(cat, &high);

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int c = strcmp(list[mid]->name, r->name);
        if (c == 0) {
            *ret = (uint32_t)mid;
            return list[mid] == r;
        }
        if (c < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return false;
}
