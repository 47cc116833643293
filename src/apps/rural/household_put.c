/* household_put.c - a household as JSON (household.h). */
#include "apps/rural/household.h"

#include "apps/rural/combine.h"
#include "base/clock.h"
#include "base/log.h"
#include "standard/ident.h"

#include <string.h>

enum { MASKED_TEXT = 256, LISTED_MAX = 64 };

struct putting {
    struct ll_json *j;
    const struct ll_household *h;
    const struct ll_household_put *o;
};

static void put_masked(struct ll_json *j, const char *key, struct ll_str value, bool mask)
{
    char masked[MASKED_TEXT];

    ll_json_key(j, key);
    if (!value.n)
        ll_json_null(j);
    else if (mask)
        ll_json_z(j, ll_mask(value, masked, sizeof masked));
    else
        ll_json_str(j, value);
}

static void put_code(struct ll_json *j, const struct ll_codeset *codes, struct ll_str value)
{
    const struct ll_code *code = codes ? ll_codeset_by_code(codes, value) : NULL;

    ll_json_obj(j);
    ll_json_ks(j, "code", value);
    ll_json_ks(j, "title", code ? code->title : value);
    ll_json_ks(j, "title_en", code && code->title_en.n ? code->title_en : code ? code->title : value);
    ll_json_end_obj(j);
}

/* ---- values ---- */

static bool identifies(const struct ll_rural_item *x)
{
    const char *check = x->element->check;

    return check &&
           (strcmp(check, ll_scheme_name(LL_ID_RESIDENT_ID)) == 0 || strcmp(check, "subject_id") == 0);
}

static void put_one(const struct putting *p, const struct ll_rural_item *x, const struct ll_rural_source *s,
                    struct ll_str v)
{
    char masked[MASKED_TEXT];
    bool count = s->combine == LL_RURAL_COUNT;

    if (!count && p->o->mask && identifies(x))
        ll_json_z(p->j, ll_mask(v, masked, sizeof masked));
    else if (count || x->number)
        ll_json_raw(p->j, v);
    else if (x->element->type == LL_TYPE_BOOLEAN)
        ll_json_bool(p->j, ll_str_is(v, "true"));
    else if (x->codes)
        put_code(p->j, x->codes, v);
    else
        ll_json_str(p->j, v);
}

static bool is_list(const struct ll_rural_source *s)
{
    return s->combine == LL_RURAL_LIST || s->combine == LL_RURAL_LATEST_LIST;
}

bool ll_rural_list_next(struct ll_str *rest, struct ll_str *ret)
{
    static const size_t between = sizeof LL_RURAL_BETWEEN - 1;
    const char *at = rest->n ? memmem(rest->p, rest->n, LL_RURAL_BETWEEN, between) : NULL;

    *ret = at ? (struct ll_str){rest->p, (size_t)(at - rest->p)} : *rest;
    *rest = at ? (struct ll_str){at + between, rest->n - ret->n - between} : (struct ll_str){NULL, 0};
    return ret->n > 0;
}

static void put_list(const struct putting *p, const struct ll_rural_item *x, const struct ll_rural_source *s,
                     struct ll_str v)
{
    struct ll_str one;

    ll_json_arr(p->j);
    for (int i = 0; i < LISTED_MAX && ll_rural_list_next(&v, &one); i++)
        put_one(p, x, s, one);
    ll_json_end_arr(p->j);
}

static void put_shown(const struct putting *p, const struct ll_rural_item *x,
                      const struct ll_household_value *v)
{
    ll_json_key(p->j, "value");
    if (is_list(v->source))
        put_list(p, x, v->source, v->value);
    else
        put_one(p, x, v->source, v->value);
}

static void put_value(const struct putting *p, const struct ll_rural_item *x,
                      const struct ll_household_value *v)
{
    struct ll_json *j = p->j;
    const struct ll_resource *r = v->source->resource;
    char at[LL_TIME_TEXT];

    put_shown(p, x, v);
    ll_json_kz(j, "resource", r->name);
    ll_json_kz(j, "resource_title", r->title);
    ll_json_kz(j, "resource_title_en", r->title_en);
    ll_json_kz(j, "provider", r->provider);
    ll_json_kz(j, "provider_name", r->provider_name);
    ll_json_ks(j, "as_of", v->day.n ? v->day : LL_STR(""));
    ll_json_kz(j, "published_at", v->published_at ? ll_time_text(v->published_at, at) : NULL);
    ll_json_ki(j, "precedence", v->source->precedence);
    ll_json_ki(j, "records", (int64_t)v->records);
    ll_json_kb(j, "fresh", v->fresh);
    if (v->own_records) {
        ll_json_key(j, "own");
        put_one(p, x, v->source, v->own);
        ll_json_ki(j, "own_records", (int64_t)v->own_records);
    }
}

static void put_others(const struct putting *p, const struct ll_household_item *x)
{
    ll_json_key(p->j, "others");
    ll_json_arr(p->j);
    for (size_t i = 1; i < x->n; i++) {
        ll_json_obj(p->j);
        put_value(p, x->item, &x->values[i]);
        ll_json_kb(p->j, "differs", x->values[i].differs);
        ll_json_end_obj(p->j);
    }
    ll_json_end_arr(p->j);
}

static void put_item(const struct putting *p, const struct ll_household_item *x)
{
    struct ll_json *j = p->j;

    ll_json_obj(j);
    ll_json_kz(j, "code", x->item->code);
    ll_json_kz(j, "item", x->item->name);
    ll_json_kz(j, "title", x->item->title[LL_ZH]);
    ll_json_kz(j, "title_en", x->item->title[LL_EN]);
    ll_json_kz(j, "subcategory", x->item->subcategory_title[LL_ZH]);
    ll_json_kz(j, "subcategory_en", x->item->subcategory_title[LL_EN]);
    ll_json_kz(j, "unit", x->item->unit);
    ll_json_ki(j, "grade", x->item->grade);
    ll_json_kz(j, "state", ll_rural_state_word(x->state));
    if (x->n)
        put_value(p, x->item, &x->values[0]);
    if (p->o->others)
        put_others(p, x);
    ll_json_ki(j, "other_values", x->n ? (int64_t)x->n - 1 : 0);
    ll_json_end_obj(j);
}

/* ---- categories ---- */

static void put_category(const struct putting *p, size_t from, size_t to)
{
    const struct ll_rural_item *x = p->h->items[from].item;
    int64_t known = 0;

    for (size_t i = from; i < to; i++)
        known += ll_rural_has_value(p->h->items[i].state);
    ll_json_obj(p->j);
    ll_json_kz(p->j, "code", x->category);
    ll_json_kz(p->j, "title", x->category_title[LL_ZH]);
    ll_json_kz(p->j, "title_en", x->category_title[LL_EN]);
    ll_json_ki(p->j, "known", known);
    ll_json_ki(p->j, "of", (int64_t)(to - from));
    ll_json_key(p->j, "items");
    ll_json_arr(p->j);
    for (size_t i = from; i < to; i++)
        put_item(p, &p->h->items[i]);
    ll_json_end_arr(p->j);
    ll_json_end_obj(p->j);
}

static void put_counts(const struct putting *p)
{
    int64_t counts[LL_RURAL_STATE_COUNT] = {0};

    for (size_t i = 0; i < p->h->n_items; i++)
        counts[p->h->items[i].state]++;
    ll_json_key(p->j, "counts");
    ll_json_obj(p->j);
    for (size_t s = 0; s < LL_RURAL_STATE_COUNT; s++)
        ll_json_ki(p->j, ll_rural_state_word((enum ll_rural_state)s), counts[s]);
    ll_json_end_obj(p->j);
}

static void put_members(const struct putting *p)
{
    ll_json_ki(p->j, "member_count", (int64_t)p->h->n_members);
    ll_json_key(p->j, "members");
    ll_json_arr(p->j);
    for (size_t i = 0; i < (p->h->members ? p->h->n_members : 0); i++) {
        const struct ll_household_member *m = &p->h->members[i];
        ll_json_obj(p->j);
        put_masked(p->j, "resident_id", m->id, p->o->mask);
        put_masked(p->j, "name", m->name, false);
        ll_json_kb(p->j, "head", m->head);
        put_masked(p->j, "kinship", m->kinship, false);
        put_masked(p->j, "since", m->since, false);
        ll_json_end_obj(p->j);
    }
    ll_json_end_arr(p->j);
}

void ll_household_put(struct ll_json *j, const struct ll_household *h, const struct ll_household_put *o)
{
    struct putting p = {j, h, o};

    ll_json_ks(j, "household_no", h->no);
    ll_json_kz(j, "day", h->day);
    ll_json_kz(j, "list", h->list->name);
    ll_json_kz(j, "basis", h->list->items[0].basis);
    put_masked(j, "head_name", h->head_name, false);
    put_masked(j, "village_code", h->village_code, false);
    put_masked(j, "village_name", h->village_name, false);
    put_masked(j, "address", h->address, false);
    put_members(&p);
    put_counts(&p);
    ll_json_key(j, "categories");
    ll_json_arr(j);
    for (size_t i = 0, next; i < h->n_items; i = next) {
        for (next = i + 1;
             next < h->n_items && strcmp(h->items[next].item->category, h->items[i].item->category) == 0;)
            next++;
        put_category(&p, i, next);
    }
    ll_json_end_arr(j);
}

static void put_short_item(const struct putting *p, const struct ll_household_item *x)
{
    ll_json_obj(p->j);
    ll_json_kz(p->j, "item", x->item->name);
    ll_json_kz(p->j, "state", ll_rural_state_word(x->state));
    ll_json_key(p->j, "values");
    ll_json_arr(p->j);
    for (size_t i = 0; i < x->n; i++) {
        ll_json_obj(p->j);
        put_shown(p, x->item, &x->values[i]);
        ll_json_kz(p->j, "resource", x->values[i].source->resource_name);
        ll_json_ks(p->j, "as_of", x->values[i].day.n ? x->values[i].day : LL_STR(""));
        ll_json_end_obj(p->j);
    }
    ll_json_end_arr(p->j);
    ll_json_end_obj(p->j);
}

void ll_household_put_short(struct ll_json *j, const struct ll_household *h)
{
    static const struct ll_household_put plain = {.mask = false};
    struct putting p = {j, h, &plain};

    ll_json_ks(j, "household_no", h->no);
    ll_json_ks(j, "village_code", h->village_code);
    ll_json_ki(j, "member_count", (int64_t)h->n_members);
    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = 0; i < h->n_items; i++)
        put_short_item(&p, &h->items[i]);
    ll_json_end_arr(j);
}
