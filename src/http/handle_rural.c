/* handle_rural.c - rural households: what is known of them by county, town and village, the households of a village, and one item by item. */
#include "http/look.h"
#include "http/rural_view.h"
#include "routes.gen.h"

#include "base/clock.h"
#include "catalog/region.h"
#include "standard/ident.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { COUNTY = 6, TOWN = 9, VILLAGE = 12, AREAS_MAX = 4000, LISTED_MAX = 20000 };

/* ---- areas ---- */

struct area {
    const char *code, *title;
    int64_t households, members, known[LL_ROLLUP_CATEGORIES_MAX];
};

static const char *title_of(const struct ll_catalog *cat, const char *code, const char *village)
{
    const struct ll_codeset *regions = ll_catalog_codeset(cat, LL_STR("REGION"));
    const struct ll_code *c = regions && strlen(code) < VILLAGE ? ll_codeset_by_code(regions, ll_str(code))
                                                                : NULL;

    return c ? c->title.p : village;
}

/* A village's figures, into the area of `digits` that it is in; villages come in the order of their codes. */
static int add_village(struct ll_request *rq, const struct ll_rural_view *k, const json_t *v, size_t digits,
                       struct area *list, size_t *n, struct ll_err *err)
{
    const char *code = json_string_value(json_array_get(v, 0)),
               *name = json_string_value(json_array_get(v, 1));
    struct area *a = *n ? &list[*n - 1] : NULL;

    if (!code || strlen(code) != VILLAGE)
        return LL_OK;
    if (!a || strncmp(a->code, code, digits) != 0) {
        if (*n == AREAS_MAX)
            return ll_fail(err, LL_TOOBIG, "下级区划超过 %d 个", "there are more than %d areas", AREAS_MAX);
        a = &list[(*n)++];
        a->code = ll_arena_dup(rq->arena, (struct ll_str){code, digits});
        const char *title = a->code ? title_of(k->s.cat, a->code, name) : NULL;
        if (!a->code || !(a->title = ll_arena_dup(rq->arena, ll_str(title))))
            return ll_no_memory(err);
    }
    a->households += json_integer_value(json_array_get(v, 2));
    a->members += json_integer_value(json_array_get(v, 3));
    for (size_t i = 0; i < LL_ROLLUP_CATEGORIES_MAX; i++)
        a->known[i] += json_integer_value(json_array_get(json_array_get(v, 4), i));
    return LL_OK;
}

/* The categories of the list in their order; how many items each has. */
static size_t categories(const struct ll_rural_list *l, size_t *first, int64_t *items)
{
    size_t n = 0;

    for (size_t i = 0; i < l->n && n < LL_ROLLUP_CATEGORIES_MAX; i++) {
        if (!n || strcmp(l->items[first[n - 1]].category, l->items[i].category) != 0) {
            items[n] = 0;
            first[n++] = i;
        }
        items[n - 1]++;
    }
    return n;
}

static void put_categories(struct ll_request *rq, const struct ll_rural_list *l, size_t n,
                           const size_t *first, const int64_t *items)
{
    ll_json_key(&rq->json, "categories");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n; i++) {
        const struct ll_rural_item *x = &l->items[first[i]];
        ll_json_obj(&rq->json);
        ll_json_kz(&rq->json, "code", x->category);
        ll_json_kz(&rq->json, "title", x->category_title[LL_ZH]);
        ll_json_kz(&rq->json, "title_en", x->category_title[LL_EN]);
        ll_json_ki(&rq->json, "items", items[i]);
        ll_json_end_obj(&rq->json);
    }
    ll_json_end_arr(&rq->json);
}

static void put_areas(struct ll_request *rq, const struct area *list, size_t n, size_t n_categories)
{
    ll_json_key(&rq->json, "items");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n; i++) {
        ll_json_obj(&rq->json);
        ll_json_kz(&rq->json, "code", list[i].code);
        ll_json_kz(&rq->json, "title", list[i].title);
        ll_json_ki(&rq->json, "households", list[i].households);
        ll_json_ki(&rq->json, "members", list[i].members);
        ll_json_key(&rq->json, "known");
        ll_json_arr(&rq->json);
        for (size_t c = 0; c < n_categories; c++)
            ll_json_int(&rq->json, list[i].known[c]);
        ll_json_end_arr(&rq->json);
        ll_json_end_obj(&rq->json);
    }
    ll_json_end_arr(&rq->json);
}

static void put_run(struct ll_request *rq, const struct ll_rural_view *k)
{
    char at[LL_TIME_TEXT];

    ll_json_kz(&rq->json, "list", k->r.list->name);
    ll_json_kz(&rq->json, "basis", k->r.list->items[0].basis);
    ll_json_kz(&rq->json, "day", k->run.id[0] ? k->run.day : NULL);
    ll_json_kz(&rq->json, "made_at", k->run.id[0] ? ll_time_text(k->run.made_at, at) : NULL);
}

static int sum_areas(struct ll_request *rq, const struct ll_rural_view *k, struct ll_str within,
                     struct area *list, size_t *n, struct ll_err *err)
{
    size_t digits = within.n < COUNTY ? COUNTY : within.n < TOWN ? TOWN : VILLAGE;
    json_t *villages = k->run.id[0] ? json_loads(k->run.villages, 0, NULL) : NULL;
    int rc = LL_OK;

    for (size_t i = 0; i < json_array_size(villages) && rc == LL_OK; i++) {
        const json_t *v = json_array_get(villages, i);
        const char *code = json_string_value(json_array_get(v, 0));
        if (code && ll_str_starts(ll_str(code), within))
            rc = add_village(rq, k, v, digits, list, n, err);
    }
    json_decref(villages);
    return rc;
}

int ll_h_rural_areas(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *within = ll_arg(rq, LL_P_RURAL_AREAS_WITHIN);
    size_t n = 0, n_categories, first[LL_ROLLUP_CATEGORIES_MAX];
    int64_t items[LL_ROLLUP_CATEGORIES_MAX];
    struct ll_rural_view k;
    int rc = ll_rural_view_open(app, rq, false, &k, err);

    if (rc < 0)
        return rc;
    struct area *list = ll_arena_array(rq->arena, AREAS_MAX, sizeof *list);
    rc = list ? sum_areas(rq, &k, within->s, list, &n, err) : ll_no_memory(err);
    if (rc == LL_OK) {
        n_categories = categories(k.r.list, first, items);
        ll_json_obj(&rq->json);
        put_run(rq, &k);
        put_categories(rq, k.r.list, n_categories, first, items);
        put_areas(rq, list, n, n_categories);
        ll_json_end_obj(&rq->json);
    }
    ll_rural_view_close(&k);
    return rc;
}

/* ---- the households of a village ---- */

struct listed {
    const char *no, *head;
    int64_t members, known, items;
};
struct listing {
    struct ll_arena *arena;
    struct listed *list;
    size_t n;
};

static int list_one(void *ctx, const struct ll_household *h, struct ll_err *err)
{
    struct listing *l = ctx;

    if (l->n == LISTED_MAX)
        return ll_fail(err, LL_TOOBIG, "一村超过 %d 户", "a village has more than %d households", LISTED_MAX);
    struct listed *x = &l->list[l->n++];
    x->no = ll_arena_dup(l->arena, h->no);
    x->head = ll_arena_dup(l->arena, h->head_name);
    x->members = (int64_t)h->n_members;
    x->items = (int64_t)h->n_items;
    for (size_t i = 0; i < h->n_items; i++)
        x->known += ll_rural_has_value(h->items[i].state);
    return x->no && x->head ? LL_OK : ll_no_memory(err);
}

static int by_number(const void *a, const void *b)
{
    return strcmp(((const struct listed *)a)->no, ((const struct listed *)b)->no);
}

static int read_village(struct ll_app *app, const struct ll_rural_view *k, struct ll_str village,
                        struct listing *l, struct ll_err *err)
{
    struct ll_rollup_reader *reader = NULL;
    int rc;

    if (!k->run.id[0])
        return ll_rural_no_run(err);
    if (!(l->list = ll_arena_array(l->arena, LISTED_MAX, sizeof *l->list)))
        return ll_no_memory(err);
    if ((rc = ll_rollup_open(app->data, &k->run, k->r.list, &reader, err)) == LL_OK)
        rc = ll_rollup_each(reader, village, list_one, l, err);
    ll_rollup_close(reader);
    qsort(l->list, l->n, sizeof *l->list, by_number);
    return rc;
}

static int put_listed(struct ll_app *app, struct ll_request *rq, const struct listing *l, int64_t offset,
                      int64_t limit, struct ll_err *err)
{
    int rc = LL_OK;

    ll_sharing_page(rq, (int64_t)l->n, offset, limit);
    for (int64_t i = offset; l->list && i < (int64_t)l->n && i < offset + limit && rc == LL_OK; i++) {
        const struct listed *x = &l->list[i];
        rc = ll_look_note(app, rq, "household_no", ll_str(x->no), err);
        ll_json_obj(&rq->json);
        ll_json_kz(&rq->json, "household_no", x->no);
        ll_json_kz(&rq->json, "head_name", x->head);
        ll_json_ki(&rq->json, "members", x->members);
        ll_json_ki(&rq->json, "known", x->known);
        ll_json_ki(&rq->json, "of", x->items);
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_page_end(rq);
    return rc;
}

int ll_h_rural_households(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_str village = ll_arg(rq, LL_P_RURAL_HOUSEHOLDS_VILLAGE)->s;
    struct listing l = {.arena = rq->arena};
    struct ll_rural_view k;
    int rc = ll_rural_view_open(app, rq, false, &k, err);

    if (rc < 0)
        return rc;
    rc = village.n == VILLAGE
             ? read_village(app, &k, village, &l, err)
             : ll_fail(err, LL_USAGE, "村代码应为 12 位", "the code of a village has 12 digits");
    if (rc == LL_OK && (rc = ll_rural_must_reach(&k.reach, village, err)) == LL_OK)
        rc = put_listed(app, rq, &l, ll_arg(rq, LL_P_RURAL_HOUSEHOLDS_OFFSET)->i,
                        ll_arg(rq, LL_P_RURAL_HOUSEHOLDS_LIMIT)->i, err);
    ll_rural_view_close(&k);
    return rc;
}

/* ---- one household ---- */

/* Whoever's data is shown can see that it was looked at. */
static int note_all(struct ll_app *app, struct ll_request *rq, const struct ll_household *h,
                    struct ll_err *err)
{
    int rc = ll_look_note(app, rq, "household_no", h->no, err);

    for (size_t i = 0; i < h->n_members && rc == LL_OK; i++)
        rc = ll_look_note(app, rq, ll_scheme_name(LL_ID_RESIDENT_ID), h->members[i].id, err);
    return rc;
}

int ll_h_rural_household(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_household_ask ask = {.no = ll_arg(rq, LL_P_RURAL_HOUSEHOLD_NO)->s};
    struct ll_household_put put = {.mask = true, .others = true};
    struct ll_household *h = NULL;
    struct ll_rural_view k;
    int rc = ll_rural_view_open(app, rq, false, &k, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_household_read(&k.r, &ask, rq->arena, &h, err)) == LL_OK &&
        (rc = ll_rural_must_reach(&k.reach, h->village_code, err)) == LL_OK &&
        (rc = note_all(app, rq, h, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        ll_household_put(&rq->json, h, &put);
        rc = ll_rural_rating_put(app, rq, &k, h->no, err);
        ll_json_end_obj(&rq->json);
    }
    ll_rural_view_close(&k);
    return rc;
}
