/* viewdoubt.c - see viewdoubt.h. */
#include "share/viewdoubt.h"

#include "base/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NAMED_MAX = 65536, ITEM_NAME_MAX = 128 };

/* A resource that something is doubted of. */
struct source {
    const struct ll_resource *resource;
    size_t *key; /* the columns that are its key; NULL: rows do not name a record of it */
};

struct ll_view_doubts {
    struct ll_view_doubts_ask ask;
    struct source *sources;
    size_t n_sources;
    bool *doubted; /* of each column */
};

static size_t column_of(const struct ll_view_doubts_ask *ask, const struct ll_resource *r,
                        const struct ll_item *item)
{
    for (size_t i = 0; i < ask->n; i++) {
        const struct ll_service_item *it = ask->columns[i];
        if (it->resource && strcmp(it->resource, r->name) == 0 && strcmp(it->item, item->name) == 0 &&
            !ask->hidden(ask->ctx, it))
            return i;
    }
    return SIZE_MAX;
}

/* The columns that are the key of the resource; *ret NULL where one of its parts is none. */
static int find_key(const struct ll_view_doubts_ask *ask, const struct ll_resource *r, struct ll_arena *arena,
                    size_t **ret, struct ll_err *err)
{
    size_t *at = ll_arena_array(arena, r->n_key + 1, sizeof *at);

    *ret = NULL;
    if (!at)
        return ll_no_memory(err);
    for (size_t i = 0; i < r->n_key; i++)
        if ((at[i] = column_of(ask, r, r->key[i])) == SIZE_MAX)
            return LL_OK;
    *ret = r->n_key ? at : NULL;
    return LL_OK;
}

static int add_source(struct ll_view_doubts *d, const char *name, struct ll_arena *arena, struct ll_err *err)
{
    const struct ll_resource *r = ll_catalog_resource(d->ask.cat, ll_str(name));
    bool any = false;
    int rc = r ? ll_marks_any(d->ask.marks, name, &any, err) : LL_OK;

    if (rc < 0 || !any || !ll_marks_doubts(d->ask.marks, name, NULL))
        return rc;
    d->sources[d->n_sources].resource = r;
    return find_key(&d->ask, r, arena, &d->sources[d->n_sources++].key, err);
}

int ll_view_doubts(const struct ll_view_doubts_ask *ask, struct ll_arena *arena, struct ll_view_doubts **ret,
                   struct ll_err *err)
{
    struct ll_view_doubts *d = ll_arena_array(arena, 1, sizeof *d);
    int rc = LL_OK;

    *ret = NULL;
    if (!d)
        return ll_no_memory(err);
    *d = (struct ll_view_doubts){
        .ask = *ask,
        .sources = ll_arena_array(arena, ask->service->n_resources + 1, sizeof *d->sources),
        .doubted = ll_arena_array(arena, ask->n + 1, sizeof *d->doubted)};
    if (!d->sources || !d->doubted)
        return ll_no_memory(err);
    for (size_t i = 0; i < ask->service->n_resources && rc == LL_OK; i++)
        rc = add_source(d, ask->service->resources[i], arena, err);
    *ret = rc == LL_OK && d->n_sources ? d : NULL;
    return rc;
}

/* --- a row ------------------------------------------------------------------------------------------------------------ */

/* The record that the row names, as share/table.h writes a key. */
static void put_record(const struct source *s, const struct ll_lake_value *row, struct ll_json *j)
{
    ll_json_arr(j);
    for (size_t i = 0; i < s->resource->n_key; i++) {
        const struct ll_lake_value *v = &row[s->key[i]];
        char digits[24];
        if (v->kind == LL_LV_INT)
            snprintf(digits, sizeof digits, "%" PRId64, v->i);
        ll_json_str(j, v->kind == LL_LV_TEXT ? v->s : v->kind == LL_LV_INT ? ll_str(digits) : LL_STR(""));
    }
    ll_json_end_arr(j);
}

static bool rests_on(const struct ll_service_item *it, const struct ll_service_item *source)
{
    char name[ITEM_NAME_MAX];

    if (it->resource && strcmp(it->resource, source->resource) == 0 && strcmp(it->item, source->item) == 0)
        return true;
    if (!it->rests_on)
        return !it->resource;
    snprintf(name, sizeof name, "%s.%s", source->resource, source->item);
    return ll_str_has_word(ll_str(it->rests_on), ll_str(name));
}

/* record n 0: the row names none. */
static bool is_doubted(const struct ll_view_doubts *d, const struct source *s, struct ll_str record,
                       const struct ll_service_item *it)
{
    const struct ll_service *service = d->ask.service;
    const char *resource = s->resource->name;

    for (size_t i = 0; i < service->n_items; i++) {
        const struct ll_service_item *from = &service->items[i];
        if (!from->resource || strcmp(from->resource, resource) != 0 || !rests_on(it, from))
            continue;
        if (record.n ? ll_marks_disputed(d->ask.marks, resource, record, from->item)
                     : ll_marks_doubts(d->ask.marks, resource, from->item))
            return true;
    }
    return false;
}

static int doubt_by(struct ll_view_doubts *d, const struct source *s, const struct ll_lake_value *row,
                    struct ll_err *err)
{
    struct ll_buf record = LL_BUF_INIT(NAMED_MAX);
    struct ll_json j;

    ll_json_init(&j, &record);
    if (s->key)
        put_record(s, row, &j);
    if (record.failed) {
        ll_buf_free(&record);
        return ll_no_memory(err);
    }
    for (size_t i = 0; i < d->ask.n; i++)
        d->doubted[i] = d->doubted[i] || is_doubted(d, s, ll_buf_view(&record), d->ask.columns[i]);
    ll_buf_free(&record);
    return LL_OK;
}

int ll_view_doubts_row(struct ll_view_doubts *d, const struct ll_lake_value *row, size_t n,
                       struct ll_err *err)
{
    int rc = LL_OK;

    if (!d)
        return LL_OK;
    LL_ASSERT(n >= d->ask.n);
    memset(d->doubted, 0, d->ask.n * sizeof *d->doubted);
    for (size_t i = 0; i < d->n_sources && rc == LL_OK; i++)
        rc = doubt_by(d, &d->sources[i], row, err);
    return rc;
}

bool ll_view_doubts_of(const struct ll_view_doubts *d, size_t column)
{
    return d && d->doubted[column];
}
