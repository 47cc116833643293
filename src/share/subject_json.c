/* subject_json.c - a subject's profile, and subjects found by name, as JSON (subject.h). */
#include "share/subject_impl.h"

#include "base/clock.h"
#include "base/log.h"

#include <string.h>

static void put_id_value(const struct ll_subject_id *id, bool mask, struct ll_json *j)
{
    char masked[LL_ID_MAX * 4];

    if (mask && strcmp(id->type, ll_scheme_name(LL_ID_RESIDENT_ID)) == 0)
        ll_json_z(j, ll_mask(id->value, masked, sizeof masked));
    else
        ll_json_str(j, id->value);
}

void ll_subject_put_id(const struct ll_subject_id *id, bool mask, struct ll_json *j)
{
    enum ll_scheme scheme;
    bool known = ll_scheme_parse(ll_str(id->type), &scheme);

    ll_json_obj(j);
    ll_json_kz(j, "type", id->type);
    ll_json_kz(j, "title", known ? ll_scheme_title(scheme, LL_ZH) : id->item ? id->item->title : id->type);
    ll_json_kz(j, "title_en", known ? ll_scheme_title(scheme, LL_EN) : id->item ? id->item->title_en : NULL);
    ll_json_key(j, "value");
    put_id_value(id, mask, j);
    ll_json_kz(j, "from", id->from);
    ll_json_end_obj(j);
}

static void put_kind(const struct ll_subject *s, struct ll_json *j)
{
    ll_json_key(j, "kind");
    if (!s->has_kind) {
        ll_json_null(j);
        return;
    }
    ll_json_obj(j);
    ll_json_kz(j, "code", ll_kind_name(s->kind));
    ll_json_kz(j, "title", ll_kind_title(s->kind, LL_ZH));
    ll_json_kz(j, "title_en", ll_kind_title(s->kind, LL_EN));
    ll_json_end_obj(j);
}

static void put_group(const struct ll_subject_group *g, struct ll_json *j)
{
    char when[LL_TIME_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "resource", g->resource->name);
    ll_json_kz(j, "title", g->resource->title);
    ll_json_kz(j, "title_en", g->resource->title_en);
    ll_json_kz(j, "provider", g->resource->provider);
    ll_json_kz(j, "provider_name", g->resource->provider_name);
    ll_json_kz(j, "published_at", g->published_at ? ll_time_text(g->published_at, when) : NULL);
    ll_json_ki(j, "total", (int64_t)g->total);
    ll_json_kb(j, "more", g->more);
    ll_json_key(j, "records");
    ll_json_arr(j);
    for (size_t i = 0; i < g->n; i++) {
        ll_json_obj(j);
        ll_json_key(j, "key");
        ll_json_raw(j, g->records[i].key);
        ll_json_kz(j, "relation", g->records[i].relation);
        ll_json_key(j, "record");
        ll_json_raw(j, g->records[i].body);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}

void ll_subject_put(const struct ll_subject *s, struct ll_json *j)
{
    ll_json_obj(j);
    put_kind(s, j);
    ll_json_key(j, "names");
    ll_json_arr(j);
    for (size_t i = 0; i < s->n_names; i++)
        ll_json_str(j, s->names[i]);
    ll_json_end_arr(j);
    ll_json_key(j, "identifiers");
    ll_json_arr(j);
    for (size_t i = 0; i < s->n_ids; i++)
        ll_subject_put_id(&s->ids[i], s->mask, j);
    ll_json_end_arr(j);
    ll_json_key(j, "groups");
    ll_json_arr(j);
    for (size_t i = 0; i < s->n_groups; i++)
        put_group(&s->groups[i], j);
    ll_json_end_arr(j);
    ll_json_key(j, "candidates");
    ll_subject_put_hits(s->hits, s->n_hits, s->mask, j);
    ll_json_end_obj(j);
}

void ll_subject_put_hits(const struct ll_subject_hit *hits, size_t n, bool mask, struct ll_json *j)
{
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++) {
        ll_json_obj(j);
        ll_json_ks(j, "name", hits[i].name);
        ll_json_key(j, "identifier");
        ll_subject_put_id(&hits[i].id, mask, j);
        ll_json_kz(j, "resource", hits[i].resource->name);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}
