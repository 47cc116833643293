/* write.c - see write.h. */
#include "http/write.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

static const char *or_null(const char *z)
{
    return z && z[0] ? z : NULL;
}

void ll_write_time(struct ll_json *j, const char *key, int64_t ms)
{
    char text[LL_TIME_TEXT];

    ll_json_kz(j, key, ms > 0 ? ll_time_text(ms, text) : NULL);
}

void ll_write_code(struct ll_json *j, const char *key, const struct ll_catalog *cat, const char *table,
                   const char *code)
{
    const struct ll_codeset *set = ll_catalog_codeset(cat, ll_str(table));
    const struct ll_code *c = set && code ? ll_codeset_by_code(set, ll_str(code)) : NULL;

    ll_json_key(j, key);
    if (!or_null(code)) {
        ll_json_null(j);
        return;
    }
    ll_json_obj(j);
    ll_json_kz(j, "code", code);
    ll_json_ks(j, "title", c ? c->title : ll_str(code));
    ll_json_key(j, "title_en");
    if (c && c->title_en.n)
        ll_json_str(j, c->title_en);
    else
        ll_json_null(j);
    ll_json_end_obj(j);
}

static void write_provider(struct ll_json *j, const struct ll_catalog *cat, const struct ll_resource *r)
{
    const struct ll_organisation *o = ll_catalog_organisation(cat, ll_str(r->provider));

    ll_json_key(j, "provider");
    ll_json_obj(j);
    ll_json_kz(j, "code", r->provider);
    ll_json_kz(j, "name", o ? o->name : r->provider);
    ll_json_kz(j, "name_en", o ? or_null(o->name_en) : NULL);
    ll_json_end_obj(j);
}

void ll_write_card(struct ll_json *j, const struct ll_catalog *cat, const struct ll_resource *r,
                   const struct ll_figure *newest)
{
    const struct ll_pack_info *pack = ll_catalog_pack(cat, ll_str(r->pack));

    ll_json_kz(j, "name", r->name);
    ll_json_kz(j, "code", r->code);
    ll_json_kz(j, "title", r->title);
    ll_json_kz(j, "title_en", or_null(r->title_en));
    ll_json_kz(j, "summary", r->summary);
    ll_json_kz(j, "summary_en", or_null(r->summary_en));
    write_provider(j, cat, r);
    ll_write_code(j, "share_type", cat, "SHARE_TYPE", r->share_type);
    ll_write_code(j, "open", cat, "OPEN_ATTR", r->open);
    ll_write_code(j, "update_cycle", cat, "UPDATE_CYCLE", r->update_cycle);
    ll_json_kz(j, "subject_kind", r->subject_kind);
    ll_json_ki(j, "grade", r->grade);
    ll_json_kz(j, "mode", r->mode == LL_SNAPSHOT ? "snapshot" : "increment");
    ll_json_ki(j, "version", r->version);
    ll_json_kz(j, "pack", r->pack);
    ll_json_kb(j, "sample", pack && pack->sample);
    ll_json_key(j, "records");
    if (newest->records < 0)
        ll_json_null(j);
    else
        ll_json_int(j, newest->records);
    ll_write_time(j, "updated_at", newest->published_at);
    ll_json_key(j, "quality");
    if (newest->quality < 0)
        ll_json_null(j);
    else
        ll_json_num(j, newest->quality);
}

/* "a|b|c" as an array. */
static void write_list(struct ll_json *j, const char *key, const char *text)
{
    struct ll_str rest = ll_str(text), one;

    ll_json_key(j, key);
    ll_json_arr(j);
    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        one = ll_str_trim(one);
        if (one.n)
            ll_json_str(j, one);
    }
    ll_json_end_arr(j);
}

static void write_item(struct ll_json *j, const struct ll_item *i)
{
    static const char *const roles[] = {NULL, "subject", "subject_name", "related"};
    const struct ll_element *e = i->element;
    char type[LL_TYPE_TEXT_MAX], ref[128];

    snprintf(ref, sizeof(ref), "%s.%s", i->ref_resource ? i->ref_resource : "",
             i->ref_item ? i->ref_item : "");
    ll_json_obj(j);
    ll_json_kz(j, "name", i->name);
    ll_json_kz(j, "title", or_null(i->title) ? i->title : e->title);
    ll_json_kz(j, "title_en", or_null(i->title_en) ? i->title_en : or_null(e->title_en));
    ll_json_kz(j, "element", e->name);
    ll_json_kz(j, "element_code", e->code);
    ll_json_kz(j, "type", ll_element_type(e, type));
    ll_json_key(j, "length");
    if (e->length)
        ll_json_int(j, e->length);
    else
        ll_json_null(j);
    ll_json_kz(j, "unit", or_null(e->unit));
    ll_json_kz(j, "code_table", or_null(e->code_table));
    ll_json_kz(j, "check", or_null(e->check));
    ll_json_ki(j, "grade", i->grade);
    ll_json_kb(j, "required", i->required);
    ll_json_kb(j, "unique", i->unique);
    ll_json_key(j, "key");
    if (i->key)
        ll_json_int(j, i->key);
    else
        ll_json_null(j);
    ll_json_kz(j, "role", roles[i->role]);
    ll_json_kz(j, "relation", or_null(i->relation));
    ll_json_kz(j, "references", i->ref_resource ? ref : NULL);
    ll_json_end_obj(j);
}

void ll_write_items(struct ll_json *j, const struct ll_resource *r)
{
    ll_json_arr(j);
    for (size_t i = 0; i < r->n_items; i++)
        write_item(j, &r->items[i]);
    ll_json_end_arr(j);
}

static void write_checks(struct ll_json *j, const struct ll_resource *r)
{
    ll_json_key(j, "checks");
    ll_json_arr(j);
    for (size_t i = 0; i < r->n_checks; i++) {
        const struct ll_check *c = &r->checks[i];
        ll_json_obj(j);
        ll_json_kz(j, "name", c->name);
        ll_json_kz(j, "severity", c->severity == LL_SEV_ERROR ? "error" : "warning");
        ll_json_kz(j, "dimension", ll_dimension_name(c->dimension));
        ll_json_kz(j, "message", c->message);
        ll_json_kz(j, "message_en", or_null(c->message_en));
        ll_json_kz(j, "predicate", c->predicate);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

void ll_write_resource(struct ll_json *j, const struct ll_catalog *cat, const struct ll_resource *r,
                       const struct ll_figure *newest)
{
    ll_json_obj(j);
    ll_write_card(j, cat, r, newest);
    ll_write_code(j, "format", cat, "RES_FORMAT", r->format);
    ll_json_kz(j, "share_condition", or_null(r->share_condition));
    ll_write_code(j, "share_mode", cat, "SHARE_MODE", r->share_mode);
    ll_json_kz(j, "open_condition", or_null(r->open_condition));
    ll_json_kz(j, "published", or_null(r->published));
    write_list(j, "related", r->related);
    write_list(j, "keywords", r->keywords);
    write_list(j, "scenario", r->scenario);
    ll_json_kz(j, "legal_basis", or_null(r->legal_basis));
    ll_json_kz(j, "basis", or_null(r->basis));
    ll_json_ki(j, "change_limit", r->change_limit);
    ll_json_key(j, "items");
    ll_write_items(j, r);
    write_checks(j, r);
    ll_json_key(j, "layouts");
    ll_json_arr(j);
    for (size_t i = 0; i < r->n_mappings; i++)
        if (r->mappings[i].variant)
            ll_json_z(j, r->mappings[i].variant);
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}
