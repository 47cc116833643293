/* describe_paths.c - what services are asked, as operations (describe_impl.h). */
#include "share/describe_impl.h"

#include <stdio.h>
#include <string.h>

/* --- operations -------------------------------------------------------------------------------------------------------- */

static void begin_operation(const struct ll_describing *d, const char *service, const char *verb,
                            const char *title)
{
    struct ll_json *j = d->j;
    char text[LL_DESCRIBE_ID_TEXT];

    snprintf(text, sizeof text, "/v1/services/%s/%s", service, verb);
    ll_json_key(j, text);
    ll_json_obj(j);
    ll_json_key(j, strcmp(verb, "changes") == 0 ? "get" : "post");
    ll_json_obj(j);
    snprintf(text, sizeof text, "%s_%s", service, verb);
    ll_json_kz(j, "operationId", text);
    ll_json_kz(j, "summary", title);
    ll_json_key(j, "tags");
    ll_json_arr(j);
    ll_json_z(j, service);
    ll_json_end_arr(j);
}

/* With what is answered as a schema of components; the caller has put parameters or the body. */
static void end_operation(const struct ll_describing *d, const char *service, const char *kind)
{
    struct ll_json *j = d->j;
    char ref[LL_DESCRIBE_ID_TEXT];

    snprintf(ref, sizeof ref, "#/components/schemas/%s.%s", service, kind);
    ll_json_key(j, "responses");
    ll_json_obj(j);
    ll_json_key(j, "200");
    ll_json_obj(j);
    ll_json_kz(j, "description", "答复，附存证回执 / the answer, with its receipt");
    ll_json_key(j, "content");
    ll_json_obj(j);
    ll_json_key(j, "application/json");
    ll_json_obj(j);
    ll_json_key(j, "schema");
    ll_json_obj(j);
    ll_json_kz(j, "$ref", ref);
    ll_json_end_obj(j);
    ll_json_end_obj(j);
    ll_json_end_obj(j);
    ll_json_end_obj(j);
    ll_json_key(j, "default");
    ll_json_raw(j, LL_STR("{\"$ref\":\"#/components/responses/Refused\"}"));
    ll_json_end_obj(j);
    ll_json_end_obj(j);
    ll_json_end_obj(j);
}

static void begin_body(const struct ll_describing *d)
{
    struct ll_json *j = d->j;

    ll_json_key(j, "requestBody");
    ll_json_obj(j);
    ll_json_kb(j, "required", true);
    ll_json_key(j, "content");
    ll_json_obj(j);
    ll_json_key(j, "application/json");
    ll_json_obj(j);
    ll_json_key(j, "schema");
    ll_json_obj(j);
    ll_json_kz(j, "type", "object");
    ll_json_kb(j, "additionalProperties", false);
    ll_json_key(j, "properties");
    ll_json_obj(j);
}

static void end_body(const struct ll_describing *d)
{
    for (int i = 0; i < 5; i++)
        ll_json_end_obj(d->j);
}

static void put_common(const struct ll_describing *d)
{
    ll_json_key(d->j, "purpose");
    ll_json_raw(d->j, LL_STR("{\"type\":\"string\",\"maxLength\":500}"));
    ll_json_key(d->j, "officer");
    ll_json_raw(d->j, LL_STR("{\"type\":\"string\",\"maxLength\":64}"));
}

/* "key": exactly as many texts as the key has parts. */
static void put_key(const struct ll_describing *d, const struct ll_resource *r)
{
    char text[LL_DESCRIBE_ID_TEXT];

    ll_json_key(d->j, "key");
    snprintf(text, sizeof text,
             "{\"type\":\"array\",\"minItems\":%zu,\"maxItems\":%zu,\"items\":{\"type\":\"string\"}}",
             r->n_key, r->n_key);
    ll_json_raw(d->j, ll_str(text));
    ll_json_key(d->j, "subject");
    ll_json_raw(d->j, LL_STR("{\"type\":\"string\",\"maxLength\":64}"));
}

/* --- a resource, or what was made from a grant ---------------------------------------------------------------------------- */

static void put_name(const struct ll_describing *d, const struct ll_described *v)
{
    ll_json_z(d->j, v->name);
}

static void put_text_property(const struct ll_describing *d, const struct ll_described *v)
{
    ll_json_key(d->j, v->name);
    ll_json_obj(d->j);
    ll_json_kz(d->j, "type", "string");
    ll_describe_titles(d->j, v->title, v->title_en);
    ll_json_end_obj(d->j);
}

static void put_item_names(const struct ll_describing *d, const struct ll_granted *k)
{
    ll_json_key(d->j, "items");
    ll_json_obj(d->j);
    ll_json_kz(d->j, "type", "array");
    ll_json_key(d->j, "items");
    ll_json_obj(d->j);
    ll_json_key(d->j, "enum");
    ll_json_arr(d->j);
    ll_describe_items(d, k, put_name);
    ll_json_end_arr(d->j);
    ll_json_end_obj(d->j);
    ll_json_end_obj(d->j);
}

static void query(const struct ll_describing *d, const struct ll_granted *k)
{
    begin_operation(d, k->name, "query", k->title);
    begin_body(d);
    put_key(d, k->r);
    put_item_names(d, k);
    ll_json_key(d->j, "partial");
    ll_json_raw(d->j, LL_STR("{\"type\":\"boolean\"}"));
    ll_json_key(d->j, "limit");
    ll_json_raw(d->j, LL_STR("{\"type\":\"integer\",\"minimum\":1,\"maximum\":200}"));
    put_common(d);
    end_body(d);
    end_operation(d, k->name, "Answer");
}

static void batch(const struct ll_describing *d, const struct ll_granted *k)
{
    begin_operation(d, k->name, "batch", k->title);
    begin_body(d);
    ll_json_key(d->j, "keys");
    ll_json_raw(
        d->j,
        LL_STR(
            "{\"type\":\"array\",\"minItems\":1,\"maxItems\":1000,\"items\":{\"type\":[\"string\",\"array\"],"
            "\"items\":{\"type\":\"string\"}}}"));
    ll_json_key(d->j, "subjects");
    ll_json_raw(
        d->j,
        LL_STR("{\"type\":\"array\",\"minItems\":1,\"maxItems\":1000,\"items\":{\"type\":\"string\"}}"));
    put_item_names(d, k);
    put_common(d);
    end_body(d);
    end_operation(d, k->name, "Answers");
}

static void verify(const struct ll_describing *d, const struct ll_granted *k)
{
    begin_operation(d, k->name, "verify", k->title);
    begin_body(d);
    put_key(d, k->r);
    ll_json_key(d->j, "values");
    ll_json_obj(d->j);
    ll_json_kz(d->j, "type", "object");
    ll_json_kb(d->j, "additionalProperties", false);
    ll_json_key(d->j, "properties");
    ll_json_obj(d->j);
    ll_describe_items(d, k, put_text_property);
    ll_json_end_obj(d->j);
    ll_json_end_obj(d->j);
    put_common(d);
    end_body(d);
    end_operation(d, k->name, "Verdict");
}

static void changes(const struct ll_describing *d, const struct ll_granted *k)
{
    begin_operation(d, k->name, "changes", k->title);
    ll_json_key(d->j, "parameters");
    ll_json_raw(
        d->j,
        LL_STR(
            "[{\"name\":\"cursor\",\"in\":\"query\",\"schema\":{\"type\":\"string\",\"maxLength\":48}},"
            "{\"name\":\"limit\",\"in\":\"query\",\"schema\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000}}]"));
    end_operation(d, k->name, "Changes");
}

static const struct {
    enum ll_use_mode mode;
    void (*put)(const struct ll_describing *d, const struct ll_granted *k);
} operations[] = {
    {LL_USE_QUERY, query}, {LL_USE_BATCH, batch}, {LL_USE_VERIFY, verify}, {LL_USE_CHANGES, changes}};

int ll_describe_paths(const struct ll_describing *d, const struct ll_granted *k)
{
    for (size_t i = 0; i < LL_COUNT(operations); i++)
        if (k->modes & (unsigned)operations[i].mode)
            operations[i].put(d, k);
    return LL_OK;
}

/* --- a service of a pack ------------------------------------------------------------------------------------------------ */

static void put_if(struct ll_json *j, const char *key, const char *z)
{
    if (z)
        ll_json_kz(j, key, z);
}

static void put_parameters(const struct ll_describing *d, const struct ll_service *s)
{
    struct ll_json *j = d->j;

    ll_json_key(j, "parameters");
    ll_json_obj(j);
    ll_json_kz(j, "type", "object");
    ll_json_kb(j, "additionalProperties", false);
    ll_json_key(j, "required");
    ll_json_arr(j);
    for (size_t i = 0; i < s->n_items; i++)
        if (s->items[i].use == LL_SERVICE_PARAMETER && s->items[i].required && !s->items[i].fallback)
            ll_json_z(j, s->items[i].name);
    ll_json_end_arr(j);
    ll_json_key(j, "properties");
    ll_json_obj(j);
    for (size_t i = 0; i < s->n_items; i++) {
        const struct ll_service_item *it = &s->items[i];
        const struct ll_element *e = ll_catalog_element(d->cat, ll_str(it->element));
        if (it->use != LL_SERVICE_PARAMETER || !e)
            continue;
        ll_json_key(j, it->name);
        ll_json_obj(j);
        ll_describe_titles(j, it->title, it->title_en);
        ll_json_key(j, "type");
        ll_json_raw(j, e->type == LL_TYPE_BOOLEAN ? LL_STR("[\"boolean\",\"string\"]")
                                                  : LL_STR("[\"string\",\"number\"]"));
        ll_json_kz(j, "x-type", ll_type_name(e->type));
        put_if(j, "x-code-table", e->code_table);
        put_if(j, "default", it->fallback);
        put_if(j, "x-minimum", it->low);
        put_if(j, "x-maximum", it->high);
        ll_json_end_obj(j);
    }
    ll_json_end_obj(j);
    ll_json_end_obj(j);
}

void ll_describe_service_path(const struct ll_describing *d, const struct ll_service *s)
{
    begin_operation(d, s->name, s->view ? "rows" : "join", s->title);
    begin_body(d);
    if (s->view) {
        char limit[LL_DESCRIBE_ID_TEXT];
        put_parameters(d, s);
        snprintf(limit, sizeof limit, "{\"type\":\"integer\",\"minimum\":1,\"maximum\":%u}", s->row_limit);
        ll_json_key(d->j, "limit");
        ll_json_raw(d->j, ll_str(limit));
        ll_json_key(d->j, "offset");
        ll_json_raw(d->j, LL_STR("{\"type\":\"integer\",\"minimum\":0,\"maximum\":1000000}"));
    } else {
        ll_json_key(d->j, "key");
        ll_json_raw(
            d->j,
            LL_STR("{\"type\":\"array\",\"minItems\":1,\"maxItems\":16,\"items\":{\"type\":\"string\"}}"));
        ll_json_key(d->j, "subject");
        ll_json_raw(d->j, LL_STR("{\"type\":\"string\",\"maxLength\":64}"));
        ll_json_key(d->j, "limit");
        ll_json_raw(d->j, LL_STR("{\"type\":\"integer\",\"minimum\":1,\"maximum\":200}"));
    }
    put_common(d);
    end_body(d);
    end_operation(d, s->name, "Answer");
}
