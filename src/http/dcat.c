/* dcat.c - see dcat.h. */
#include "http/dcat.h"

#include "base/clock.h"
#include "share/open.h"

#include <stdio.h>
#include <string.h>

#define EU "http://publications.europa.eu/resource/authority/"
enum { ADDRESS = 512 };

static const struct {
    const char *prefix, *uri;
} context[] = {
    {"dcat", "http://www.w3.org/ns/dcat#"},       {"dct", "http://purl.org/dc/terms/"},
    {"foaf", "http://xmlns.com/foaf/0.1/"},       {"adms", "http://www.w3.org/ns/adms#"},
    {"xsd", "http://www.w3.org/2001/XMLSchema#"},
};

/* Code table UPDATE_CYCLE in the words of the EU's table of frequencies. */
static const struct {
    const char *code, *frequency;
} frequencies[] = {
    {"1", "UPDATE_CONT"}, {"2", "DAILY"},    {"3", "WEEKLY"}, {"4", "MONTHLY"},
    {"5", "QUARTERLY"},   {"6", "ANNUAL_2"}, {"7", "ANNUAL"}, {"9", "IRREG"},
};

static const struct {
    const char *format, *media, *type;
} files[] = {
    {"csv", "text/csv", "CSV"},
    {"jsonl", "application/x-ndjson", "JSON"},
};

static void type(struct ll_json *j, const char *what)
{
    ll_json_kz(j, "@type", what);
}

/* key: {"@id": address} */
static void ref(struct ll_json *j, const char *key, const char *address)
{
    ll_json_key(j, key);
    ll_json_obj(j);
    ll_json_kz(j, "@id", address);
    ll_json_end_obj(j);
}

static void text_in(struct ll_json *j, const char *lang, const char *text)
{
    ll_json_obj(j);
    ll_json_kz(j, "@language", lang);
    ll_json_kz(j, "@value", text);
    ll_json_end_obj(j);
}

/* key: the text in Chinese and, where there is one, in English */
static void text(struct ll_json *j, const char *key, const char *zh, const char *en)
{
    ll_json_key(j, key);
    ll_json_arr(j);
    text_in(j, "zh", zh);
    if (en && en[0])
        text_in(j, "en", en);
    ll_json_end_arr(j);
}

static void instant(struct ll_json *j, const char *key, int64_t ms)
{
    char when[LL_TIME_TEXT];

    ll_json_key(j, key);
    ll_json_obj(j);
    type(j, "xsd:dateTime");
    ll_json_kz(j, "@value", ll_time_text(ms, when));
    ll_json_end_obj(j);
}

static void keywords(struct ll_json *j, const struct ll_resource *r)
{
    struct ll_str rest = ll_str(r->keywords ? r->keywords : ""), word;

    if (!rest.n)
        return;
    ll_json_key(j, "dcat:keyword");
    ll_json_arr(j);
    while (rest.n) {
        struct ll_str next = {0};
        if (!ll_str_cut(rest, '|', &word, &next))
            word = rest;
        ll_json_obj(j);
        ll_json_kz(j, "@language", "zh");
        ll_json_ks(j, "@value", word);
        ll_json_end_obj(j);
        rest = next;
    }
    ll_json_end_arr(j);
}

static void frequency(struct ll_json *j, const struct ll_resource *r)
{
    char uri[ADDRESS];

    for (size_t i = 0; r->update_cycle && i < LL_COUNT(frequencies); i++)
        if (strcmp(frequencies[i].code, r->update_cycle) == 0) {
            snprintf(uri, sizeof uri, EU "frequency/%s", frequencies[i].frequency);
            ref(j, "dct:accrualPeriodicity", uri);
        }
}

static void distributions(const struct ll_dcat *d, const struct ll_resource *r, struct ll_json *j)
{
    char uri[ADDRESS];

    ll_json_key(j, "dcat:distribution");
    ll_json_arr(j);
    for (size_t i = 0; i < LL_COUNT(files); i++) {
        ll_json_obj(j);
        snprintf(uri, sizeof uri, "%s/v1/open/%s/data?format=%s", d->origin, r->name, files[i].format);
        ll_json_kz(j, "@id", uri);
        type(j, "dcat:Distribution");
        text(j, "dct:title", files[i].type, NULL);
        ref(j, "dcat:accessURL", uri);
        ref(j, "dcat:downloadURL", uri);
        ref(j, "dct:license", d->licence);
        snprintf(uri, sizeof uri, EU "file-type/%s", files[i].type);
        ref(j, "dct:format", uri);
        snprintf(uri, sizeof uri, "https://www.iana.org/assignments/media-types/%s", files[i].media);
        ref(j, "dcat:mediaType", uri);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static void organisation_uri(const struct ll_dcat *d, const char *code, char out[ADDRESS])
{
    snprintf(out, ADDRESS, "%s/v1/organisations#%s", d->origin, code);
}

static void dataset_uri(const struct ll_dcat *d, const struct ll_resource *r, char out[ADDRESS])
{
    snprintf(out, ADDRESS, "%s/resources/%s", d->origin, r->name);
}

static void dataset(const struct ll_dcat *d, const struct ll_resource *r, struct ll_json *j)
{
    struct ll_figure figure = ll_figures_get(d->figures, r->name);
    char uri[ADDRESS];

    dataset_uri(d, r, uri);
    ll_json_obj(j);
    ll_json_kz(j, "@id", uri);
    type(j, "dcat:Dataset");
    text(j, "dct:title", r->title, r->title_en);
    text(j, "dct:description", r->summary, r->summary_en);
    ll_json_kz(j, "dct:identifier", r->code);
    ref(j, "dcat:landingPage", uri);
    organisation_uri(d, r->provider, uri);
    ref(j, "dct:publisher", uri);
    ref(j, "dct:accessRights", EU "access-right/PUBLIC");
    ref(j, "dcat:theme", EU "data-theme/ECON");
    frequency(j, r);
    keywords(j, r);
    if (figure.published_at > 0)
        instant(j, "dct:modified", figure.published_at);
    distributions(d, r, j);
    ll_json_end_obj(j);
}

static void agent(const struct ll_dcat *d, const struct ll_organisation *o, struct ll_json *j)
{
    char uri[ADDRESS];

    organisation_uri(d, o->code, uri);
    ll_json_obj(j);
    ll_json_kz(j, "@id", uri);
    type(j, "foaf:Agent");
    text(j, "foaf:name", o->name, o->name_en);
    ll_json_end_obj(j);
}

static bool publishes(const struct ll_dcat *d, const char *code)
{
    size_t n;
    const struct ll_resource *const *list = ll_catalog_resources(d->catalog, &n);

    for (size_t i = 0; i < n; i++)
        if (ll_open_is(list[i]) && strcmp(list[i]->provider, code) == 0)
            return true;
    return false;
}

/* The organisation that runs the platform: the first with that role, or any. */
static const struct ll_organisation *platform(const struct ll_catalog *cat)
{
    size_t n;
    const struct ll_organisation *const *list = ll_catalog_organisations(cat, &n);

    for (size_t i = 0; i < n; i++)
        if (list[i]->role && strcmp(list[i]->role, "platform") == 0)
            return list[i];
    return n ? list[0] : NULL;
}

static void catalogue(const struct ll_dcat *d, const struct ll_organisation *host, struct ll_json *j)
{
    size_t n;
    const struct ll_resource *const *list = ll_catalog_resources(d->catalog, &n);
    char uri[ADDRESS];

    ll_json_obj(j);
    snprintf(uri, sizeof uri, "%s/catalog.jsonld", d->origin);
    ll_json_kz(j, "@id", uri);
    type(j, "dcat:Catalog");
    text(j, "dct:title", "开放数据目录", "Open data catalogue");
    text(j, "dct:description", "各部门无条件开放的数据资源。",
         "What departments have opened without conditions.");
    if (host) {
        organisation_uri(d, host->code, uri);
        ref(j, "dct:publisher", uri);
    }
    snprintf(uri, sizeof uri, "%s/open", d->origin);
    ref(j, "foaf:homepage", uri);
    ref(j, "dct:license", d->licence);
    ref(j, "dct:language", EU "language/ZHO");
    ll_json_key(j, "dcat:dataset");
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++)
        if (ll_open_is(list[i])) {
            dataset_uri(d, list[i], uri);
            ll_json_obj(j);
            ll_json_kz(j, "@id", uri);
            ll_json_end_obj(j);
        }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}

void ll_dcat_write(const struct ll_dcat *d, struct ll_json *j)
{
    size_t n_resources, n_organisations;
    const struct ll_resource *const *resources = ll_catalog_resources(d->catalog, &n_resources);
    const struct ll_organisation *const *organisations = ll_catalog_organisations(d->catalog,
                                                                                  &n_organisations);
    const struct ll_organisation *host = platform(d->catalog);

    ll_json_obj(j);
    ll_json_key(j, "@context");
    ll_json_obj(j);
    for (size_t i = 0; i < LL_COUNT(context); i++)
        ll_json_kz(j, context[i].prefix, context[i].uri);
    ll_json_end_obj(j);
    ll_json_key(j, "@graph");
    ll_json_arr(j);
    catalogue(d, host, j);
    for (size_t i = 0; i < n_resources; i++)
        if (ll_open_is(resources[i]))
            dataset(d, resources[i], j);
    for (size_t i = 0; i < n_organisations; i++)
        if (organisations[i] == host || publishes(d, organisations[i]->code))
            agent(d, organisations[i], j);
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}
