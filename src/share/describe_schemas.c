/* describe_schemas.c - what services answer, as schemas (describe_impl.h).  Examples are made from types and codes, never from records. */
#include "share/describe_impl.h"

#include "base/clock.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>

enum { CODES_MAX = 200, EXAMPLE_TEXT = 256 };

/* --- types and examples ------------------------------------------------------------------------------------------------ */

void ll_describe_titles(struct ll_json *j, const char *title, const char *title_en)
{
    char text[LL_ERR_TEXT];

    snprintf(text, sizeof text, "%s%s%s", title ? title : "", title && title_en ? " / " : "",
             title_en ? title_en : "");
    ll_json_kz(j, "title", text);
}

static const struct ll_codeset *codes_of(const struct ll_describing *d, const struct ll_element *e)
{
    return e->type == LL_TYPE_CODE && e->code_table ? ll_catalog_codeset(d->cat, ll_str(e->code_table))
                                                    : NULL;
}

static const char *identifier_example(const struct ll_element *e)
{
    static const char *const of[][2] = {{"uscc", "91360800MA00000000"},
                                        {"resident_id", "360801190001010000"},
                                        {"org_code", "MA0000007"},
                                        {"reg_no", "360800000000000"},
                                        {"subject_id", "91360800MA00000000"}};

    for (size_t i = 0; e->check && i < LL_COUNT(of); i++)
        if (strcmp(of[i][0], e->check) == 0)
            return of[i][1];
    return "0000000000";
}

/* The example of an item as JSON; not a real value: identifiers have check characters that fit none. */
static void put_example(const struct ll_describing *d, const struct ll_described *v)
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

static void put_code_schema(const struct ll_describing *d, const struct ll_codeset *codes)
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

static void put_type(const struct ll_describing *d, const struct ll_element *e)
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

/* Of what is masked only texts leave something to be seen (gateway_look.c). */
static bool has_value(const struct ll_described *v)
{
    return !v->masked || v->element->type == LL_TYPE_TEXT || v->element->type == LL_TYPE_IDENTIFIER;
}

static void put_value(const struct ll_describing *d, const struct ll_described *v)
{
    struct ll_json *j = d->j;

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
}

/* {"status", "value"} with what the value is. */
static void put_value_schema(const struct ll_describing *d, const struct ll_described *v)
{
    struct ll_json *j = d->j;

    ll_json_key(j, v->name);
    ll_json_obj(j);
    ll_json_kz(j, "type", "object");
    ll_describe_titles(j, v->title, v->title_en);
    ll_json_key(j, "required");
    ll_json_raw(j, LL_STR("[\"status\"]"));
    ll_json_key(j, "properties");
    ll_json_obj(j);
    ll_json_key(j, "status");
    ll_json_raw(j, LL_STR("{\"$ref\":\"#/components/schemas/ValueStatus\"}"));
    if (has_value(v))
        put_value(d, v);
    ll_json_end_obj(j);
    ll_json_kb(j, "x-masked", v->masked);
    ll_json_end_obj(j);
}

/* --- a resource, or what was made from a grant ---------------------------------------------------------------------------- */

static int put_grants(const struct ll_describing *d, const struct ll_granted *k)
{
    int rc = LL_OK;

    ll_json_key(d->j, "x-luling-grants");
    ll_json_arr(d->j);
    for (size_t i = 0; i < k->n && rc == LL_OK; i++) {
        const struct ll_grant *g = k->grants[i];
        char until[LL_TIME_TEXT];
        int64_t total = 0, today = 0;
        if (!ll_grant_in_force(g, d->now))
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
static int put_record_schema(const struct ll_describing *d, const struct ll_granted *k)
{
    char name[LL_DESCRIBE_ID_TEXT];

    snprintf(name, sizeof name, "%s.Record", k->name);
    ll_json_key(d->j, name);
    ll_json_obj(d->j);
    ll_json_kz(d->j, "type", "object");
    ll_describe_titles(d->j, k->title, k->title_en);
    if (k->r->summary)
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
    ll_describe_items(d, k, put_value_schema);
    ll_json_end_obj(d->j);
    ll_json_end_obj(d->j);
    ll_json_end_obj(d->j);
    if (k->made)
        ll_json_ki(d->j, "x-luling-version", k->made->service.version);
    int rc = put_grants(d, k);
    ll_json_end_obj(d->j);
    return rc;
}

static void put_answer_schema(const struct ll_describing *d, const char *service, const char *kind,
                              const char *body)
{
    struct ll_buf text = LL_BUF_INIT(4096);
    char name[LL_DESCRIBE_ID_TEXT];

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

int ll_describe_schemas(const struct ll_describing *d, const struct ll_granted *k)
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

/* --- a service of a pack ------------------------------------------------------------------------------------------------ */

void ll_describe_service_schemas(const struct ll_describing *d, const struct ll_service *s)
{
    char name[LL_DESCRIBE_ID_TEXT];
    struct ll_described v;

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
    ll_describe_titles(d->j, s->title, s->title_en);
    ll_json_key(d->j, "properties");
    ll_json_obj(d->j);
    for (size_t i = 0; i < s->n_items; i++) {
        size_t first = 0; /* two resources of a joined service may have items of one name */
        while (first < i && (s->items[first].use != LL_SERVICE_OUTPUT ||
                             strcmp(s->items[first].name, s->items[i].name) != 0))
            first++;
        if (s->items[i].use == LL_SERVICE_OUTPUT && first == i && ll_describe_output(d, s, &s->items[i], &v))
            put_value_schema(d, &v);
    }
    ll_json_end_obj(d->j);
    ll_json_end_obj(d->j);
}
