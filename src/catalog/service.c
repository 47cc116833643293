/* service.c - see service.h.  Empty fields are left out. */
#include "catalog/service.h"

#include "base/json.h"
#include "catalog/fields.h"

#include <jansson.h>
#include <string.h>

#define OF_SERVICE(field)                                                                                    \
    {                                                                                                        \
#field, offsetof(struct ll_service, field),                                                          \
        {                                                                                                    \
            NULL, NULL                                                                                       \
        }                                                                                                    \
    }
#define OF_ITEM(field)                                                                                       \
    {                                                                                                        \
#field, offsetof(struct ll_service_item, field),                                                     \
        {                                                                                                    \
            NULL, NULL                                                                                       \
        }                                                                                                    \
    }
static const struct ll_field service_texts[] = {OF_SERVICE(name),       OF_SERVICE(title),
                                                OF_SERVICE(title_en),   OF_SERVICE(summary),
                                                OF_SERVICE(summary_en), OF_SERVICE(view)};
static const struct ll_field item_texts[] = {
    OF_ITEM(name),    OF_ITEM(title),    OF_ITEM(title_en), OF_ITEM(resource), OF_ITEM(item),
    OF_ITEM(element), OF_ITEM(fallback), OF_ITEM(low),      OF_ITEM(high),     OF_ITEM(rests_on)};
static const struct ll_fields service_fields = {service_texts, LL_COUNT(service_texts)};
static const struct ll_fields item_fields = {item_texts, LL_COUNT(item_texts)};

static const char *const uses[] = {"output", "input", "parameter"};

const char *ll_service_use_word(enum ll_service_use use)
{
    return uses[use];
}

bool ll_service_use_parse(struct ll_str s, enum ll_service_use *ret)
{
    for (size_t i = 0; i < LL_COUNT(uses); i++)
        if (ll_str_is(s, uses[i])) {
            *ret = (enum ll_service_use)i;
            return true;
        }
    return false;
}

/* --- writing ------------------------------------------------------------------------------------------------------- */

static void write_texts(struct ll_json *j, const void *object, const struct ll_fields *fields)
{
    for (size_t i = 0; i < fields->n; i++) {
        const char *value = ll_field_get(object, &fields->list[i]);
        if (value)
            ll_json_kz(j, fields->list[i].name, value);
    }
}

void ll_service_write(const struct ll_service *s, struct ll_buf *out)
{
    struct ll_json j;

    ll_json_init(&j, out);
    ll_json_obj(&j);
    write_texts(&j, s, &service_fields);
    ll_json_ki(&j, "version", s->version);
    ll_json_ki(&j, "row_limit", s->row_limit);
    ll_json_ki(&j, "time_ms", s->time_ms);
    ll_json_kb(&j, "callable", s->callable);
    ll_json_key(&j, "items");
    ll_json_arr(&j);
    for (size_t i = 0; i < s->n_items; i++) {
        const struct ll_service_item *it = &s->items[i];
        ll_json_obj(&j);
        ll_json_kz(&j, "use", uses[it->use]);
        write_texts(&j, it, &item_fields);
        if (it->required)
            ll_json_kb(&j, "required", true);
        ll_json_end_obj(&j);
    }
    ll_json_end_arr(&j);
    ll_json_end_obj(&j);
}

/* --- reading ------------------------------------------------------------------------------------------------------- */

static bool read_texts(json_t *o, struct ll_arena *arena, void *into, const struct ll_fields *fields)
{
    for (size_t i = 0; i < fields->n; i++) {
        const char *z = json_string_value(json_object_get(o, fields->list[i].name));
        char *copy = z ? ll_arena_dup(arena, ll_str(z)) : NULL;
        if (z && !copy)
            return false;
        ll_field_set(into, &fields->list[i], copy);
    }
    return true;
}

static unsigned count(json_t *o, const char *key)
{
    json_int_t v = json_integer_value(json_object_get(o, key));

    return v > 0 && v <= (json_int_t)UINT32_MAX ? (unsigned)v : 0;
}

static bool read_items(json_t *list, struct ll_arena *arena, struct ll_service *s)
{
    s->n_items = json_array_size(list);
    if (!(s->items = ll_arena_array(arena, s->n_items + 1, sizeof *s->items)))
        return false;
    for (size_t i = 0; i < s->n_items; i++) {
        json_t *o = json_array_get(list, i);
        const char *use = json_string_value(json_object_get(o, "use"));
        if (!ll_service_use_parse(ll_str(use), &s->items[i].use) ||
            !read_texts(o, arena, &s->items[i], &item_fields) || !s->items[i].name)
            return false;
        s->items[i].required = json_is_true(json_object_get(o, "required"));
    }
    return true;
}

int ll_service_collect(struct ll_service *s, struct ll_arena *arena, struct ll_err *err)
{
    if (!(s->resources = ll_arena_array(arena, s->n_items + 1, sizeof *s->resources)))
        return ll_no_memory(err);
    s->n_resources = 0;
    for (size_t i = 0; i < s->n_items; i++) {
        const char *name = s->items[i].resource;
        size_t k = 0;
        while (name && k < s->n_resources && strcmp(s->resources[k], name) != 0)
            k++;
        if (name && k == s->n_resources)
            s->resources[s->n_resources++] = name;
    }
    return LL_OK;
}

int ll_service_read(struct ll_str body, struct ll_arena *arena, struct ll_service *ret, struct ll_err *err)
{
    json_t *root = json_loadb(body.p, body.n, JSON_REJECT_DUPLICATES, NULL);
    bool ok = root && read_texts(root, arena, ret, &service_fields) && ret->name && ret->title &&
              read_items(json_object_get(root, "items"), arena, ret);

    ret->version = count(root, "version");
    ret->row_limit = count(root, "row_limit");
    ret->time_ms = count(root, "time_ms");
    ret->callable = json_is_true(json_object_get(root, "callable"));
    json_decref(root);
    return ok ? ll_service_collect(ret, arena, err)
              : ll_fail(err, LL_INTERNAL, "目录中的一项服务无法读取",
                        "a service of the catalogue cannot be read");
}
