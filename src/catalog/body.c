/* body.c - see body.h.  Empty fields are left out. */
#include "catalog/body.h"

#include "base/json.h"
#include "catalog/fields.h"

#include <jansson.h>
#include <string.h>

static const char *const roles[] = {"", "subject", "subject_name", "related"};

static void write_texts(struct ll_json *j, const void *object, const struct ll_fields *fields)
{
    for (size_t i = 0; i < fields->n; i++) {
        const char *value = ll_field_get(object, &fields->list[i]);
        if (value)
            ll_json_kz(j, fields->list[i].name, value);
    }
}

static void write_count(struct ll_json *j, const char *key, unsigned v)
{
    if (v)
        ll_json_ki(j, key, v);
}

static void write_element(struct ll_json *j, const struct ll_element *e)
{
    char type[LL_TYPE_TEXT_MAX];

    ll_json_key(j, e->name);
    ll_json_obj(j);
    write_texts(j, e, &ll_element_fields);
    ll_json_kz(j, "type", ll_element_type(e, type));
    write_count(j, "length", e->length);
    write_count(j, "grade", e->grade);
    ll_json_end_obj(j);
}

/* Each element once, however many items it serves. */
static void write_elements(struct ll_json *j, const struct ll_resource *r)
{
    ll_json_key(j, "elements");
    ll_json_obj(j);
    for (size_t i = 0; i < r->n_items; i++) {
        size_t first = 0;
        while (r->items[first].element != r->items[i].element)
            first++;
        if (first == i)
            write_element(j, r->items[i].element);
    }
    ll_json_end_obj(j);
}

/* A title that is the element's own is not repeated: it follows the element. */
static void write_title(struct ll_json *j, const char *key, const char *own, const char *of_element)
{
    if (own && (!of_element || strcmp(own, of_element) != 0))
        ll_json_kz(j, key, own);
}

static void write_item(struct ll_json *j, const struct ll_item *item)
{
    ll_json_obj(j);
    ll_json_kz(j, "name", item->name);
    ll_json_kz(j, "element", item->element->name);
    write_title(j, "title", item->title, item->element->title);
    write_title(j, "title_en", item->title_en, item->element->title_en);
    if (item->required)
        ll_json_kb(j, "required", true);
    if (item->unique)
        ll_json_kb(j, "unique", true);
    write_count(j, "key", item->key);
    if (item->role)
        ll_json_kz(j, "role", roles[item->role]);
    write_count(j, "grade", item->grade);
    write_texts(j, item, &ll_item_fields);
    ll_json_end_obj(j);
}

static void write_mapping(struct ll_json *j, const struct ll_mapping *m)
{
    ll_json_obj(j);
    if (m->variant)
        ll_json_kz(j, "variant", m->variant);
    ll_json_key(j, "rows");
    ll_json_arr(j);
    for (size_t i = 0; i < m->n; i++) {
        const struct ll_map_row *row = &m->rows[i];
        ll_json_obj(j);
        ll_json_kz(j, "item", row->item->name);
        if (row->source)
            ll_json_kz(j, "source", row->source);
        if (row->transform)
            ll_json_kz(j, "transform", row->transform);
        if (row->arguments)
            ll_json_kz(j, "arguments", row->arguments);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}

static void write_check(struct ll_json *j, const struct ll_check *c)
{
    ll_json_obj(j);
    write_texts(j, c, &ll_check_fields);
    if (c->severity == LL_SEV_WARNING)
        ll_json_kb(j, "warning", true);
    ll_json_kz(j, "dimension", ll_dimension_name(c->dimension));
    ll_json_end_obj(j);
}

void ll_body_write(const struct ll_resource *r, struct ll_buf *out)
{
    struct ll_json j;

    ll_json_init(&j, out);
    ll_json_obj(&j);
    ll_json_kz(&j, "name", r->name);
    write_texts(&j, r, &ll_resource_fields);
    ll_json_ki(&j, "grade", r->grade);
    ll_json_ki(&j, "version", r->version);
    ll_json_kz(&j, "mode", r->mode == LL_INCREMENT ? "increment" : "snapshot");
    ll_json_ki(&j, "change_limit", r->change_limit);
    write_elements(&j, r);
    ll_json_key(&j, "items");
    ll_json_arr(&j);
    for (size_t i = 0; i < r->n_items; i++)
        write_item(&j, &r->items[i]);
    ll_json_end_arr(&j);
    ll_json_key(&j, "mappings");
    ll_json_arr(&j);
    for (size_t i = 0; i < r->n_mappings; i++)
        write_mapping(&j, &r->mappings[i]);
    ll_json_end_arr(&j);
    ll_json_key(&j, "checks");
    ll_json_arr(&j);
    for (size_t i = 0; i < r->n_checks; i++)
        write_check(&j, &r->checks[i]);
    ll_json_end_arr(&j);
    ll_json_end_obj(&j);
}

struct reading {
    const struct ll_body_names *names;
    struct ll_arena *arena;
    struct ll_resource *r;
    json_t *elements; /* of the body */
    bool nomem, bad;
};

static const char *text(struct reading *rd, json_t *object, const char *key)
{
    const char *z = json_string_value(json_object_get(object, key));

    if (!z)
        return NULL;
    char *copy = ll_arena_dup(rd->arena, ll_str(z));
    rd->nomem |= !copy;
    return copy;
}

static unsigned count(json_t *object, const char *key)
{
    json_int_t v = json_integer_value(json_object_get(object, key));

    return v > 0 && v <= (json_int_t)UINT32_MAX ? (unsigned)v : 0;
}

static void *array(struct reading *rd, json_t *list, size_t size)
{
    void *p = ll_arena_array(rd->arena, json_array_size(list), size);

    rd->nomem |= !p;
    return p;
}

static void read_texts(struct reading *rd, json_t *object, void *into, const struct ll_fields *fields)
{
    for (size_t i = 0; i < fields->n; i++)
        ll_field_set(into, &fields->list[i], text(rd, object, fields->list[i].name));
}

/* The element as the body remembers it. */
static const struct ll_element *own_element(struct reading *rd, const char *name)
{
    json_t *o = json_object_get(rd->elements, name);
    struct ll_element *e = ll_arena_alloc(rd->arena, sizeof *e);
    const char *type = json_string_value(json_object_get(o, "type"));

    if (!e || !type || !ll_type_parse(ll_str(type), &e->type, &e->precision, &e->scale)) {
        rd->nomem |= !e;
        rd->bad = true;
        return NULL;
    }
    read_texts(rd, o, e, &ll_element_fields);
    e->name = ll_arena_dup(rd->arena, ll_str(name));
    e->length = count(o, "length");
    e->grade = count(o, "grade");
    return e;
}

static const struct ll_element *element_of(struct reading *rd, size_t at, const char *name)
{
    const struct ll_element *e = rd->names->element ? rd->names->element(rd->names->ctx, ll_str(name)) : NULL;

    if (e)
        return e;
    for (size_t i = 0; i < at; i++)
        if (strcmp(rd->r->items[i].element->name, name) == 0)
            return rd->r->items[i].element;
    return own_element(rd, name);
}

static enum ll_role role_of(json_t *o)
{
    const char *role = json_string_value(json_object_get(o, "role"));

    for (size_t i = 1; role && i < LL_COUNT(roles); i++)
        if (strcmp(role, roles[i]) == 0)
            return (enum ll_role)i;
    return LL_ROLE_NONE;
}

static void read_item(struct reading *rd, json_t *o, size_t at)
{
    struct ll_item *item = &rd->r->items[at];
    const char *element = json_string_value(json_object_get(o, "element"));
    const struct ll_element *e = element ? element_of(rd, at, element) : NULL;

    item->name = text(rd, o, "name");
    item->element = e;
    if (!e || !item->name) {
        rd->bad = true;
        return;
    }
    read_texts(rd, o, item, &ll_item_fields);
    item->title = text(rd, o, "title");
    item->title_en = text(rd, o, "title_en");
    if (!item->title)
        item->title = e->title;
    if (!item->title_en)
        item->title_en = e->title_en;
    if (e->code_table && rd->names->codes)
        item->codes = rd->names->codes(rd->names->ctx, ll_str(e->code_table));
    item->required = json_is_true(json_object_get(o, "required"));
    item->unique = json_is_true(json_object_get(o, "unique"));
    item->key = count(o, "key");
    item->role = role_of(o);
    item->grade = count(o, "grade");
}

static void read_items(struct reading *rd, json_t *list)
{
    struct ll_resource *r = rd->r;
    size_t n = json_array_size(list);

    r->items = array(rd, list, sizeof *r->items);
    r->key = ll_arena_array(rd->arena, n, sizeof *r->key);
    if (!r->items || !r->key) {
        rd->nomem = true;
        return;
    }
    for (size_t i = 0; i < n && !rd->nomem && !rd->bad; i++) {
        read_item(rd, json_array_get(list, i), i);
        r->n_items++;
        unsigned k = r->items[i].key;
        if (k && k <= n) {
            r->key[k - 1] = &r->items[i];
            r->n_key = k > r->n_key ? k : r->n_key;
        }
    }
    for (size_t k = 0; k < r->n_key; k++)
        rd->bad |= !r->key[k];
}

static void read_map_row(struct reading *rd, json_t *o, struct ll_map_row *row)
{
    const char *item = json_string_value(json_object_get(o, "item"));

    row->item = item ? ll_resource_item(rd->r, ll_str(item)) : NULL;
    row->source = text(rd, o, "source");
    row->transform = text(rd, o, "transform");
    row->arguments = text(rd, o, "arguments");
    rd->bad |= !row->item;
}

static void read_mappings(struct reading *rd, json_t *list)
{
    struct ll_resource *r = rd->r;

    r->mappings = array(rd, list, sizeof *r->mappings);
    for (size_t i = 0; i < json_array_size(list) && !rd->nomem; i++) {
        json_t *o = json_array_get(list, i), *rows = json_object_get(o, "rows");
        struct ll_mapping *m = &r->mappings[r->n_mappings++];
        m->variant = text(rd, o, "variant");
        m->rows = array(rd, rows, sizeof *m->rows);
        m->n = json_array_size(rows);
        for (size_t k = 0; k < m->n && !rd->nomem; k++)
            read_map_row(rd, json_array_get(rows, k), &m->rows[k]);
    }
}

static void read_checks(struct reading *rd, json_t *list)
{
    struct ll_resource *r = rd->r;

    r->checks = array(rd, list, sizeof *r->checks);
    for (size_t i = 0; i < json_array_size(list) && !rd->nomem; i++) {
        json_t *o = json_array_get(list, i);
        struct ll_check *c = &r->checks[r->n_checks++];
        const char *dimension = json_string_value(json_object_get(o, "dimension"));
        read_texts(rd, o, c, &ll_check_fields);
        c->severity = json_is_true(json_object_get(o, "warning")) ? LL_SEV_WARNING : LL_SEV_ERROR;
        c->dimension = LL_DIM_CONSISTENCY;
        rd->bad |= !dimension || !ll_dimension_parse(ll_str(dimension), &c->dimension);
    }
}

static void read_resource(struct reading *rd, json_t *root)
{
    struct ll_resource *r = rd->r;
    const char *mode = json_string_value(json_object_get(root, "mode"));

    r->name = text(rd, root, "name");
    read_texts(rd, root, r, &ll_resource_fields);
    r->grade = count(root, "grade");
    r->version = count(root, "version");
    r->mode = mode && strcmp(mode, "increment") == 0 ? LL_INCREMENT : LL_SNAPSHOT;
    r->change_limit = count(root, "change_limit");
    rd->elements = json_object_get(root, "elements");
    rd->bad |= !r->name || !r->code || !r->title || !r->provider;
    read_items(rd, json_object_get(root, "items"));
    if (rd->bad || rd->nomem)
        return;
    read_mappings(rd, json_object_get(root, "mappings"));
    read_checks(rd, json_object_get(root, "checks"));
}

int ll_body_read(struct ll_str body, const struct ll_body_names *names, struct ll_arena *arena,
                 struct ll_resource **ret, struct ll_err *err)
{
    struct reading rd = {.names = names, .arena = arena};
    json_error_t why;
    json_t *root = json_loadb(body.p, body.n, 0, &why);

    rd.r = ll_arena_alloc(arena, sizeof *rd.r);
    if (!root || !rd.r) {
        json_decref(root);
        return ll_fail(err, rd.r ? LL_INTERNAL : LL_NOMEM, "目录中的资源定义无法读取：%s",
                       "a resource in the catalogue cannot be read: %s", rd.r ? why.text : "内存不足");
    }
    read_resource(&rd, root);
    json_decref(root);
    if (rd.nomem)
        return ll_fail(err, LL_NOMEM, "读取目录时内存不足", "out of memory reading the catalogue");
    if (rd.bad)
        return ll_fail(err, LL_INTERNAL, "目录中的资源 %s 定义不完整",
                       "resource %s of the catalogue is not whole", rd.r->name ? rd.r->name : "?");
    *ret = rd.r;
    return LL_OK;
}
