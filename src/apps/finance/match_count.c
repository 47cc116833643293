/* match_count.c - see match_count.h. */
#include "apps/finance/match_count.h"

#include "apps/finance/match_plan.h"

#include <string.h>

#define PLACE_BY "region" /* the indicator that says where a firm is */

struct counting {
    const struct ll_match_plan *plan;
    struct ll_match_counts *counts;
    struct ll_match_met *met; /* of one firm */
    uint8_t *scratch;
    struct ll_arena *arena;
    int region; /* of the indicators; -1: there is none */
};

static uint32_t *kind_of(struct ll_match_count *c, struct ll_match_met met)
{
    if (met.unknown)
        return met.misses ? &c->far : &c->open;
    return !met.misses ? &c->fit : met.misses == 1 ? &c->near : &c->far;
}

/* The places of firms are few: counties. */
static int place_of(struct counting *k, const struct ll_feature_value *values, size_t *ret,
                    struct ll_err *err)
{
    struct ll_match_counts *c = k->counts;
    struct ll_str code = k->region >= 0 && values[k->region].kind == LL_FV_CODE ? values[k->region].code
                                                                                : LL_STR("");

    for (*ret = 0; *ret < c->n_places && !ll_str_eq(c->places[*ret], code); ++*ret)
        ;
    if (*ret < c->n_places || c->n_places == LL_MATCH_PLACES_MAX)
        return LL_OK; /* one too many goes to the last */
    c->places[c->n_places] = (struct ll_str){ll_arena_dup(k->arena, code), code.n};
    return c->places[c->n_places++].p ? LL_OK : ll_no_memory(err);
}

static int count_firm(void *ctx, struct ll_str firm, const struct ll_feature_value *values,
                      struct ll_err *err)
{
    struct counting *k = ctx;
    struct ll_match_counts *c = k->counts;
    size_t place;
    int rc = place_of(k, values, &place, err);

    (void)firm;
    if (rc < 0)
        return rc;
    ll_match_plan_meet(k->plan, values, k->scratch, k->met);
    for (size_t i = 0; i < c->all->n; i++) {
        uint32_t *kind = kind_of(&c->list[i], k->met[i]);
        ++*kind;
        c->fit[i * (LL_MATCH_PLACES_MAX + 1) + place] += kind == &c->list[i].fit;
    }
    c->firms++;
    return LL_OK;
}

static int prepare(struct counting *k, const struct ll_targets *all, struct ll_arena *arena,
                   struct ll_err *err)
{
    struct ll_match_counts *c = ll_arena_alloc(arena, sizeof *c);
    int rc;

    if (!c || !(c->list = ll_arena_array(arena, all->n, sizeof *c->list)) ||
        !(c->fit = ll_arena_array(arena, all->n * (LL_MATCH_PLACES_MAX + 1), sizeof *c->fit)) ||
        !(k->met = ll_arena_array(arena, all->n, sizeof *k->met)))
        return ll_no_memory(err);
    if ((rc = ll_match_plan_new(all, arena, &k->plan, err)) < 0)
        return rc;
    c->all = all;
    k->counts = c;
    k->arena = arena;
    k->region = ll_feature_at(all->set, LL_STR(PLACE_BY));
    return (k->scratch = ll_arena_alloc(arena, ll_match_plan_scratch(k->plan))) ? LL_OK : ll_no_memory(err);
}

int ll_match_count(struct ll_data *d, const struct ll_targets *all, const char *run, struct ll_arena *arena,
                   const struct ll_match_counts **ret, struct ll_err *err)
{
    struct ll_feature_reader *reader = NULL;
    struct counting k = {0};
    int rc = prepare(&k, all, arena, err);

    if (rc == LL_OK && (rc = ll_feature_run_get(d, run, arena, &k.counts->run, err)) == LL_OK &&
        (rc = ll_feature_run_open(d, &k.counts->run, all->set, &reader, err)) == LL_OK)
        rc = ll_feature_run_each(reader, count_firm, &k, err);
    ll_feature_run_close(reader);
    *ret = k.counts;
    return rc;
}

/* ---- telling ---- */

int64_t ll_match_at(const struct ll_match_counts *c, size_t target, size_t place)
{
    return c->fit[target * (LL_MATCH_PLACES_MAX + 1) + place];
}

void ll_match_hide(int64_t *list, size_t n)
{
    size_t hidden = 0, least = n;

    for (size_t i = 0; i < n; i++) {
        if (list[i] > 0 && list[i] < LL_MATCH_LEAST) {
            list[i] = -1;
            hidden++;
        } else if (list[i] > 0 && (least == n || list[i] < list[least])) {
            least = i;
        }
    }
    if (hidden == 1 && least < n)
        list[least] = -1;
}

static void put_count(struct ll_json *j, const char *key, int64_t n)
{
    ll_json_key(j, key);
    if (n < 0)
        ll_json_null(j);
    else
        ll_json_int(j, n);
}

static void put_place(struct ll_json *j, const struct ll_codeset *regions, struct ll_str place, int64_t n)
{
    const struct ll_code *code = regions && place.n ? ll_codeset_by_code(regions, place) : NULL;

    ll_json_obj(j);
    ll_json_ks(j, "code", place);
    ll_json_kz(j, "title", code ? code->title.p : NULL);
    ll_json_kz(j, "title_en", code && code->title_en.n ? code->title_en.p : NULL);
    put_count(j, "fit", n);
    ll_json_end_obj(j);
}

int ll_match_count_put(struct ll_json *j, const struct ll_catalog *cat, const struct ll_match_counts *c,
                       size_t target, struct ll_arena *arena, struct ll_err *err)
{
    static const char *const words[] = {"fit", "near", "open", "far"};
    const struct ll_match_count *of = &c->list[target];
    int64_t told[LL_COUNT(words)] = {of->fit, of->near, of->open, of->far};
    int64_t *fit = ll_arena_array(arena, c->n_places + 1, sizeof *fit);

    if (!fit)
        return ll_no_memory(err);
    ll_match_hide(told, LL_COUNT(told));
    for (size_t i = 0; i < c->n_places; i++)
        fit[i] = ll_match_at(c, target, i);
    ll_match_hide(fit, c->n_places);
    ll_json_kz(j, "table", c->run.id);
    ll_json_kz(j, "as_of", c->run.as_of.day);
    ll_json_ki(j, "firms", (int64_t)c->firms);
    ll_json_ki(j, "least", LL_MATCH_LEAST);
    for (size_t i = 0; i < LL_COUNT(words); i++)
        put_count(j, words[i], told[i]);
    ll_json_key(j, "counties");
    ll_json_arr(j);
    for (size_t i = 0; i < c->n_places; i++)
        put_place(j, ll_catalog_codeset(cat, LL_STR("REGION")), c->places[i], fit[i]);
    ll_json_end_arr(j);
    return LL_OK;
}
