/* describe.c - see describe.h.  Examples are made from types and codes, never from records. */
#include "share/describe.h"

#include "base/clock.h"
#include "base/log.h"
#include "share/gateway_impl.h"

#include <stdio.h>
#include <string.h>

enum { CODES_MAX = 200, ID_TEXT = 128, EXAMPLE_TEXT = 256 };

struct describing {
    struct ll_gateway *g;
    struct ll_grants *grants;
    struct ll_catalog *cat;
    const char *organisation;
    int64_t now, day;
    struct ll_txn *tx; /* usage is read in it */
    struct ll_json *j;
    struct ll_err *err;
};

/* One value as it is described: of a resource's item or of a service. */
struct value {
    const char *name, *title, *title_en;
    const struct ll_element *element;
    bool masked;
};

static bool holds(const struct describing *d, const struct ll_grant *g)
{
    return g->state == LL_STATE_ACTIVE && d->now >= g->from_at && d->now < g->until_at;
}

/* --- types and examples ------------------------------------------------------------------------------------------------ */

static void put_titles(struct ll_json *j, const char *title, const char *title_en)
{
    char text[LL_ERR_TEXT];

    snprintf(text, sizeof text, "%s%s%s", title ? title : "", title && title_en ? " / " : "",
             title_en ? title_en : "");
    ll_json_kz(j, "title", text);
}

static const struct ll_codeset *codes_of(const struct describing *d, const struct ll_element *e)
{
    return e->type == LL_TYPE_CODE && e->code_table ? ll_catalog_codeset(d->cat, ll_str(e->code_table))
                                                    : NULL;
}

static const char *identifier_example(const struct ll_element *e)
{
    static const char *const of[][2] = {{"uscc", "91360800MA00000000"},
                                        {"resident_id", "360801190001010000"},
                                        {"org_code", "MA000000-0"},
                                        {"reg_no", "360800000000000"},
                                        {"subject_id", "91360800MA00000000"}};

    for (size_t i = 0; e->check && i < LL_COUNT(of); i++)
        if (strcmp(of[i][0], e->check) == 0)
            return of[i][1];
    return "0000000000";
}

/* The example of an item as JSON; not a real value: identifiers have check characters that fit none. */
static void put_example(const struct describing *d, const struct value *v)
{
    const struct ll_codeset *codes = codes_of(d, v->element);
    const struct ll_code *code = codes && ll_codeset_size(codes) ? ll_codeset_at(codes, 0) : NULL;
    char text[EXAMPLE_TEXT], masked[EXAMPLE_TEXT];

    switch (v->element->type) {
    case LL_TYPE_INTEGER:
        ll_json_int(d->j, 12);
        return;
    case LL_TYPE_DECIMAL:
        ll_json_raw(d->j, v->element->scale >= 2 ? LL_STR("1234.50") : LL_STR("12"));
        return;
    case LL_TYPE_BOOLEAN:
        ll_json_bool(d->j, true);
        return;
    case LL_TYPE_DATE:
        ll_json_z(d->j, "2024-01-31");
        return;
    case LL_TYPE_DATETIME:
        ll_json_z(d->j, "2024-01-31T09:30:00");
        return;
    case LL_TYPE_CODE:
        ll_json_obj(d->j);
        ll_json_ks(d->j, "code", code ? code->code : LL_STR("1"));
        ll_json_ks(d->j, "title", code ? code->title : LL_STR("示例"));
        ll_json_end_obj(d->j);
        return;
    default:
        snprintf(text, sizeof text, "%s",
                 v->element->type == LL_TYPE_IDENTIFIER ? identifier_example(v->element) : "示例文本");
        ll_json_z(d->j, v->masked ? ll_mask(ll_str(text), masked, sizeof masked) : text);
    }
}

static void put_code_schema(const struct describing *d, const struct ll_codeset *codes)
{
    struct ll_json *j = d->j;
    size_t n = codes ? ll_codeset_size(codes) : 0;

    ll_json_kz(j, "type", "object");
    ll_json_key(j, "properties");
    ll_json_obj(j);
    ll_json_key(j, "code");
    ll_json_obj(j);
    ll_json_kz(j, "type", "string");
    if (n && n <= CODES_MAX) {
        ll_json_key(j, "oneOf");
        ll_json_arr(j);
        for (size_t i = 0; i < n; i++) {
            const struct ll_code *c = ll_codeset_at(codes, i);
            ll_json_obj(j);
            ll_json_ks(j, "const", c->code);
            ll_json_ks(j, "title", c->title);
            ll_json_end_obj(j);
        }
        ll_json_end_arr(j);
    }
    ll_json_end_obj(j);
    ll_json_key(j, "title");
    ll_json_raw(j, LL_STR("{\"type\":[\"string\",\"null\"]}"));
    ll_json_key(j, "title_en");
    ll_json_raw(j, LL_STR("{\"type\":\"string\"}"));
    ll_json_end_obj(j);
}

static void put_type(const struct describing *d, const struct ll_element *e)
{
    static const char *const types[] = {
        [LL_TYPE_INTEGER] = "integer", [LL_TYPE_DECIMAL] = "number", [LL_TYPE_BOOLEAN] = "boolean"};
    struct ll_json *j = d->j;
    const char *type = (size_t)e->type < LL_COUNT(types) ? types[e->type] : NULL;

    if (e->type == LL_TYPE_CODE) {
        put_code_schema(d, codes_of(d, e));
        ll_json_kz(j, "x-code-table", e->code_table);
        return;
    }
    ll_json_kz(j, "type", type ? type : "string");
    if (e->type == LL_TYPE_DATE)
        ll_json_kz(j, "format", "date");
    if (!type && e->length)
        ll_json_ki(j, "maxLength", e->length);
    if (e->unit)
        ll_json_kz(j, "x-unit", e->unit);
}

/* {"status", "value"} with what the value is. */
static void put_value_schema(const struct describing *d, const struct value *v)
{
    struct ll_json *j = d->j;

    ll_json_key(j, v->name);
    ll_json_obj(j);
    ll_json_kz(j, "type", "object");
    put_titles(j, v->title, v->title_en);
    ll_json_key(j, "required");
    ll_json_raw(j, LL_STR("[\"status\"]"));
    ll_json_key(j, "properties");
    ll_json_obj(j);
    ll_json_key(j, "status");
    ll_json_raw(j, LL_STR("{\"$ref\":\"#/components/schemas/ValueStatus\"}"));
    ll_json_key(j, "value");
    ll_json_obj(j);
    if (v->masked)
        ll_json_kz(j, "type", "string");
    else
        put_type(d, v->element);
    ll_json_key(j, "examples");
    ll_json_arr(j);
    put_example(d, v);
    ll_json_end_arr(j);
    ll_json_end_obj(j);
    ll_json_end_obj(j);
    ll_json_kb(j, "x-masked", v->masked);
    ll_json_end_obj(j);
}

/* --- operations -------------------------------------------------------------------------------------------------------- */

static void begin_operation(const struct describing *d, const char *service, const char *verb,
                            const char *title)
{
    struct ll_json *j = d->j;
    char text[ID_TEXT];

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
static void end_operation(const struct describing *d, const char *service, const char *kind)
{
    struct ll_json *j = d->j;
    char ref[ID_TEXT];

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

static void begin_body(const struct describing *d)
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

static void end_body(const struct describing *d)
{
    for (int i = 0; i < 5; i++)
        ll_json_end_obj(d->j);
}

static void put_common(const struct describing *d)
{
    ll_json_key(d->j, "purpose");
    ll_json_raw(d->j, LL_STR("{\"type\":\"string\",\"maxLength\":500}"));
    ll_json_key(d->j, "officer");
    ll_json_raw(d->j, LL_STR("{\"type\":\"string\",\"maxLength\":64}"));
}

/* "key": exactly as many texts as the key has parts. */
static void put_key(const struct describing *d, const struct ll_resource *r)
{
    char text[ID_TEXT];

    ll_json_key(d->j, "key");
    snprintf(text, sizeof text,
             "{\"type\":\"array\",\"minItems\":%zu,\"maxItems\":%zu,\"items\":{\"type\":\"string\"}}",
             r->n_key, r->n_key);
    ll_json_raw(d->j, ll_str(text));
    ll_json_key(d->j, "subject");
    ll_json_raw(d->j, LL_STR("{\"type\":\"string\",\"maxLength\":64}"));
}

/* --- a resource that is granted ---------------------------------------------------------------------------------------- */

struct granted {
    const struct ll_resource *r;
    const struct ll_grant *const *grants; /* of the organisation for it, holding or not */
    size_t n;
    unsigned modes;
    const char *name;
};

static const struct ll_grant_item *item_granted(const struct describing *d, const struct granted *k,
                                                const char *item, bool plain)
{
    for (size_t i = 0; i < k->n; i++) {
        const struct ll_grant_item *g = holds(d, k->grants[i]) ? ll_grant_item_of(k->grants[i], ll_str(item))
                                                               : NULL;
        if (g && (!plain || g->plain))
            return g;
    }
    return NULL;
}

static struct value value_of(const struct describing *d, const struct granted *k, const struct ll_item *item)
{
    return (struct value){item->name, item->title ? item->title : item->element->title,
                          item->title_en ? item->title_en : item->element->title_en, item->element,
                          item->grade >= LL_GRADE_SEALED && !item_granted(d, k, item->name, true)};
}

/* An object with one property an item that is granted: how(d, value) writes it. */
static void put_items(const struct describing *d, const struct granted *k,
                      void (*how)(const struct describing *, const struct value *))
{
    for (size_t i = 0; i < k->r->n_items; i++) {
        struct value v = value_of(d, k, &k->r->items[i]);
        if (item_granted(d, k, v.name, false))
            how(d, &v);
    }
}

static void put_name(const struct describing *d, const struct value *v)
{
    ll_json_z(d->j, v->name);
}

static void put_text_property(const struct describing *d, const struct value *v)
{
    ll_json_key(d->j, v->name);
    ll_json_obj(d->j);
    ll_json_kz(d->j, "type", "string");
    put_titles(d->j, v->title, v->title_en);
    ll_json_end_obj(d->j);
}

static void put_item_names(const struct describing *d, const struct granted *k)
{
    ll_json_key(d->j, "items");
    ll_json_obj(d->j);
    ll_json_kz(d->j, "type", "array");
    ll_json_key(d->j, "items");
    ll_json_obj(d->j);
    ll_json_key(d->j, "enum");
    ll_json_arr(d->j);
    put_items(d, k, put_name);
    ll_json_end_arr(d->j);
    ll_json_end_obj(d->j);
    ll_json_end_obj(d->j);
}

static void query(const struct describing *d, const struct granted *k)
{
    begin_operation(d, k->name, "query", k->r->title);
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

static void batch(const struct describing *d, const struct granted *k)
{
    begin_operation(d, k->name, "batch", k->r->title);
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

static void verify(const struct describing *d, const struct granted *k)
{
    begin_operation(d, k->name, "verify", k->r->title);
    begin_body(d);
    put_key(d, k->r);
    ll_json_key(d->j, "values");
    ll_json_obj(d->j);
    ll_json_kz(d->j, "type", "object");
    ll_json_kb(d->j, "additionalProperties", false);
    ll_json_key(d->j, "properties");
    ll_json_obj(d->j);
    put_items(d, k, put_text_property);
    ll_json_end_obj(d->j);
    ll_json_end_obj(d->j);
    put_common(d);
    end_body(d);
    end_operation(d, k->name, "Verdict");
}

static void changes(const struct describing *d, const struct granted *k)
{
    begin_operation(d, k->name, "changes", k->r->title);
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
    void (*put)(const struct describing *d, const struct granted *k);
} operations[] = {
    {LL_USE_QUERY, query}, {LL_USE_BATCH, batch}, {LL_USE_VERIFY, verify}, {LL_USE_CHANGES, changes}};

static int put_quotas(const struct describing *d, const struct granted *k)
{
    int rc = LL_OK;

    ll_json_key(d->j, "x-luling-grants");
    ll_json_arr(d->j);
    for (size_t i = 0; i < k->n && rc == LL_OK; i++) {
        const struct ll_grant *g = k->grants[i];
        char until[LL_TIME_TEXT];
        int64_t total = 0, today = 0;
        if (!holds(d, g))
            continue;
        rc = ll_usage_of_grant(d->tx, ll_str(g->id), d->day, &total, &today, d->err);
        ll_json_obj(d->j);
        ll_json_kz(d->j, "grant", g->id);
        ll_json_kz(d->j, "purpose", g->purpose);
        ll_json_kz(d->j, "until", ll_time_text(g->until_at, until));
        ll_json_kb(d->j, "consent", g->consent);
        ll_json_ki(d->j, "per_second", g->per_second);
        ll_json_ki(d->j, "per_day", g->per_day);
        ll_json_ki(d->j, "total", g->total);
        ll_json_ki(d->j, "used_today", today);
        ll_json_ki(d->j, "used", total);
        ll_json_end_obj(d->j);
    }
    ll_json_end_arr(d->j);
    return rc;
}

/* The record of the resource as the consumer gets it, with its example and the grants behind it. */
static int put_record_schema(const struct describing *d, const struct granted *k)
{
    char name[ID_TEXT];

    snprintf(name, sizeof name, "%s.Record", k->name);
    ll_json_key(d->j, name);
    ll_json_obj(d->j);
    ll_json_kz(d->j, "type", "object");
    put_titles(d->j, k->r->title, k->r->title_en);
    ll_json_kz(d->j, "description", k->r->summary);
    ll_json_key(d->j, "properties");
    ll_json_obj(d->j);
    ll_json_key(d->j, "key");
    ll_json_raw(d->j, LL_STR("{\"type\":\"array\",\"items\":{\"type\":\"string\"}}"));
    ll_json_key(d->j, "batch");
    ll_json_raw(d->j, LL_STR("{\"type\":\"integer\"}"));
    ll_json_key(d->j, "published_at");
    ll_json_raw(d->j, LL_STR("{\"type\":\"string\"}"));
    ll_json_key(d->j, "values");
    ll_json_obj(d->j);
    ll_json_kz(d->j, "type", "object");
    ll_json_key(d->j, "properties");
    ll_json_obj(d->j);
    put_items(d, k, put_value_schema);
    ll_json_end_obj(d->j);
    ll_json_end_obj(d->j);
    ll_json_end_obj(d->j);
    int rc = put_quotas(d, k);
    ll_json_end_obj(d->j);
    return rc;
}

static void put_answer_schema(const struct describing *d, const char *service, const char *kind,
                              const char *body)
{
    struct ll_buf text = LL_BUF_INIT(4096);
    char name[ID_TEXT];

    snprintf(name, sizeof name, "%s.%s", service, kind);
    ll_json_key(d->j, name);
    ll_buf_printf(&text, body, service);
    ll_json_raw(d->j, ll_buf_view(&text));
    ll_buf_free(&text);
}

#define RECORDS                                                                                              \
    "{\"type\":\"object\",\"properties\":{\"status\":{\"type\":\"string\"},\"more\":{\"type\":\"boolean\"}," \
    "\"records\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/%s.Record\"}}}}"
#define ANSWER(member)                                                                                       \
    "{\"type\":\"object\",\"properties\":{" member                                                           \
    ",\"receipt\":{\"$ref\":\"#/components/schemas/Receipt\"}}}"

static int put_resource_schemas(const struct describing *d, const struct granted *k)
{
    static const struct {
        enum ll_use_mode mode;
        const char *kind, *body;
    } answers[] = {
        {LL_USE_QUERY, "Answer", ANSWER("\"result\":" RECORDS)},
        {LL_USE_BATCH, "Answers", ANSWER("\"results\":{\"type\":\"array\",\"items\":" RECORDS "}")},
        {LL_USE_VERIFY, "Verdict",
         ANSWER(
             "\"result\":{\"type\":\"object\",\"title\":\"%s\",\"properties\":{\"status\":{\"type\":\"string\"},\"items\":{\"type\":\"object\","
             "\"additionalProperties\":{\"enum\":[\"match\",\"mismatch\",\"absent\",\"not_granted\",\"disputed\"]}}}}")},
        {LL_USE_CHANGES, "Changes",
         ANSWER(
             "\"cursor\":{\"type\":\"string\"},\"more\":{\"type\":\"boolean\"},\"changes\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
             "\"title\":\"%s\"}}")},
    };

    for (size_t i = 0; i < LL_COUNT(answers); i++)
        if (k->modes & (unsigned)answers[i].mode)
            put_answer_schema(d, k->name, answers[i].kind, answers[i].body);
    return put_record_schema(d, k);
}

/* --- services of packs ------------------------------------------------------------------------------------------------- */

static bool covers(const struct describing *d, const struct ll_grant *g, const struct ll_service *s,
                   unsigned mode)
{
    if (!holds(d, g) || !(g->modes & mode) || (s->view && g->consent))
        return false;
    for (size_t i = 0; i < s->n_items; i++)
        if (s->items[i].resource && strcmp(s->items[i].resource, g->resource) == 0 &&
            !ll_grant_item_of(g, ll_str(s->items[i].item)))
            return false;
    return true;
}

/* The grant that a call would go by; NULL: there is none. */
static const struct ll_grant *covering(const struct describing *d, const struct ll_service *s,
                                       const char *resource)
{
    unsigned mode = s->view ? LL_USE_BATCH : LL_USE_QUERY;
    size_t n = 0;
    const struct ll_grant *const *list = ll_grants_of(d->grants, ll_str(d->organisation), ll_str(resource),
                                                      &n);

    for (size_t i = 0; i < n; i++)
        if (covers(d, list[i], s, mode))
            return list[i];
    return NULL;
}

static bool may_call(const struct describing *d, const struct ll_service *s)
{
    bool all = s->callable;

    for (size_t i = 0; all && i < s->n_resources; i++)
        all = covering(d, s, s->resources[i]) != NULL;
    return all;
}

static bool output_value(const struct describing *d, const struct ll_service *s,
                         const struct ll_service_item *it, struct value *v)
{
    const struct ll_grant *g = it->resource ? covering(d, s, it->resource) : NULL;
    const struct ll_grant_item *granted = g ? ll_grant_item_of(g, ll_str(it->item)) : NULL;
    const struct ll_resource *r = it->resource ? ll_catalog_resource(d->cat, ll_str(it->resource)) : NULL;
    const struct ll_item *item = r ? ll_resource_item(r, ll_str(it->item)) : NULL;

    *v = (struct value){it->name, it->title, it->title_en, ll_catalog_element(d->cat, ll_str(it->element)),
                        false};
    if (!v->element)
        return false;
    v->masked = item ? item->grade >= LL_GRADE_SEALED && !(granted && granted->plain)
                     : v->element->grade >= LL_GRADE_SEALED;
    return true;
}

static void put_if(struct ll_json *j, const char *key, const char *z)
{
    if (z)
        ll_json_kz(j, key, z);
}

static void put_parameters(const struct describing *d, const struct ll_service *s)
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
        put_titles(j, it->title, it->title_en);
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

static void service_operation(const struct describing *d, const struct ll_service *s)
{
    begin_operation(d, s->name, s->view ? "rows" : "join", s->title);
    begin_body(d);
    if (s->view) {
        char limit[ID_TEXT];
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

static void service_schemas(const struct describing *d, const struct ll_service *s)
{
    char name[ID_TEXT];
    struct value v;

    put_answer_schema(
        d, s->name, "Answer",
        s->view
            ? ANSWER(
                  "\"rows\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/%s.Record\"}},\"more\":"
                  "{\"type\":\"boolean\"}")
            : ANSWER(
                  "\"parts\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"result\":{\"type\":"
                  "\"object\",\"properties\":{\"records\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
                  "\"properties\":{\"values\":{\"$ref\":\"#/components/schemas/%s.Record\"}}}}}}}}}"));
    snprintf(name, sizeof name, "%s.Record", s->name);
    ll_json_key(d->j, name);
    ll_json_obj(d->j);
    ll_json_kz(d->j, "type", "object");
    put_titles(d->j, s->title, s->title_en);
    ll_json_key(d->j, "properties");
    ll_json_obj(d->j);
    for (size_t i = 0; i < s->n_items; i++) {
        size_t first = 0; /* two resources of a joined service may have items of one name */
        while (first < i && (s->items[first].use != LL_SERVICE_OUTPUT ||
                             strcmp(s->items[first].name, s->items[i].name) != 0))
            first++;
        if (s->items[i].use == LL_SERVICE_OUTPUT && first == i && output_value(d, s, &s->items[i], &v))
            put_value_schema(d, &v);
    }
    ll_json_end_obj(d->j);
    ll_json_end_obj(d->j);
}

/* --- the document ------------------------------------------------------------------------------------------------------ */

static bool next_granted(const struct describing *d, const struct ll_resource *r, struct granted *k)
{
    *k = (struct granted){.r = r, .name = r->name};
    k->grants = ll_grants_of(d->grants, ll_str(d->organisation), ll_str(r->name), &k->n);
    for (size_t i = 0; i < k->n; i++)
        if (holds(d, k->grants[i]))
            k->modes |= k->grants[i]->modes;
    return k->modes != 0;
}

static void put_paths(const struct describing *d)
{
    size_t n, n_services;
    const struct ll_resource *const *list = ll_catalog_resources(d->cat, &n);
    const struct ll_service *const *services = ll_catalog_services(d->cat, &n_services);
    struct granted k;

    ll_json_key(d->j, "paths");
    ll_json_obj(d->j);
    for (size_t i = 0; i < n; i++) {
        bool any = next_granted(d, list[i], &k);
        for (size_t o = 0; any && o < LL_COUNT(operations); o++)
            if (k.modes & (unsigned)operations[o].mode)
                operations[o].put(d, &k);
    }
    for (size_t i = 0; i < n_services; i++)
        if (may_call(d, services[i]))
            service_operation(d, services[i]);
    ll_json_end_obj(d->j);
}

static int put_components(const struct describing *d)
{
    size_t n, n_services;
    const struct ll_resource *const *list = ll_catalog_resources(d->cat, &n);
    const struct ll_service *const *services = ll_catalog_services(d->cat, &n_services);
    struct granted k;
    int rc = LL_OK;

    ll_json_key(d->j, "components");
    ll_json_obj(d->j);
    ll_json_key(d->j, "securitySchemes");
    ll_json_raw(
        d->j,
        LL_STR(
            "{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"/oauth/token（private_key_jwt）\"}}"));
    ll_json_key(d->j, "responses");
    ll_json_raw(
        d->j,
        LL_STR(
            "{\"Refused\":{\"description\":\"拒绝，说明未满足的条件 / refused, with the condition that failed\",\"content\":"
            "{\"application/json\":{\"schema\":{\"type\":\"object\",\"properties\":{\"error\":{\"type\":\"object\"}}}}}}}"));
    ll_json_key(d->j, "schemas");
    ll_json_obj(d->j);
    ll_json_key(d->j, "ValueStatus");
    ll_json_raw(d->j, LL_STR("{\"enum\":[\"present\",\"absent\",\"masked\",\"not_granted\",\"disputed\"]}"));
    ll_json_key(d->j, "Receipt");
    ll_json_raw(
        d->j,
        LL_STR(
            "{\"type\":\"object\",\"properties\":{\"index\":{\"type\":\"integer\"},\"tree_size\":{\"type\":\"integer\"},"
            "\"leaf\":{\"type\":\"string\"}}}"));
    for (size_t i = 0; i < n && rc == LL_OK; i++)
        if (next_granted(d, list[i], &k))
            rc = put_resource_schemas(d, &k);
    for (size_t i = 0; i < n_services && rc == LL_OK; i++)
        if (may_call(d, services[i]))
            service_schemas(d, services[i]);
    ll_json_end_obj(d->j);
    ll_json_end_obj(d->j);
    return rc;
}

static int put_document(const struct describing *d, const char *origin)
{
    const struct ll_organisation *o = ll_catalog_organisation(d->cat, ll_str(d->organisation));
    struct ll_json *j = d->j;
    char text[LL_ERR_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "openapi", "3.1.0");
    ll_json_key(j, "info");
    ll_json_obj(j);
    snprintf(text, sizeof text, "%s：可以调用的服务 / services to call", o ? o->name : d->organisation);
    ll_json_kz(j, "title", text);
    snprintf(text, sizeof text, "%llu", (unsigned long long)ll_grants_generation(d->grants));
    ll_json_kz(j, "version", text);
    ll_json_end_obj(j);
    ll_json_key(j, "servers");
    ll_json_arr(j);
    ll_json_obj(j);
    ll_json_kz(j, "url", origin);
    ll_json_end_obj(j);
    ll_json_end_arr(j);
    ll_json_key(j, "security");
    ll_json_raw(j, LL_STR("[{\"token\":[]}]"));
    put_paths(d);
    int rc = put_components(d);
    ll_json_end_obj(j);
    return rc;
}

int ll_describe_services(struct ll_gateway *g, const char *organisation, const char *origin,
                         struct ll_json *j, struct ll_err *err)
{
    struct describing d = {.g = g, .organisation = organisation, .now = ll_now_ms(), .j = j, .err = err};
    int rc = ll_ledger_catch_up(g->ledger, err);

    d.day = ll_local_day(d.now);
    if (rc == LL_OK && (rc = ll_grants_current(g->grants, &d.grants, err)) == LL_OK &&
        (rc = ll_catalog_live_get(g->o.catalog, false, &d.cat, err)) == LL_OK &&
        (rc = ll_txn_begin(g->o.store, false, &d.tx, err)) == LL_OK)
        rc = put_document(&d, origin);
    ll_txn_end(d.tx);
    ll_catalog_unref(d.cat);
    ll_grants_unref(d.grants);
    return rc;
}
