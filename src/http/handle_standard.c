/* handle_standard.c - the unified standard: identifiers, elements, code tables. */
#include "http/app.h"
#include "http/request.h"
#include "routes.gen.h"
#include "standard/ident.h"

#include <string.h>

static const char *const fault_names[] = {
#define X(name, ...) #name,
    LL_ID_FAULTS(X)
#undef X
};

/* A region's name as of the catalogue; NULL where it has none. */
static const struct ll_code *region_of(const struct ll_catalog *cat, const struct ll_id_part *part)
{
    const struct ll_codeset *regions = ll_catalog_codeset(cat, LL_STR("REGION"));

    if (!regions || strcmp(part->en, "region") != 0)
        return NULL;
    return ll_codeset_by_code(regions, ll_str(part->value));
}

static void write_part(struct ll_json *j, const struct ll_catalog *cat, const struct ll_id_part *part)
{
    const struct ll_code *region = region_of(cat, part);

    ll_json_obj(j);
    ll_json_kz(j, "zh", part->zh);
    ll_json_kz(j, "en", part->en);
    ll_json_kz(j, "value", part->value);
    if (region) {
        ll_json_ks(j, "meaning_zh", region->title);
        ll_json_ks(j, "meaning_en", region->title_en.n ? region->title_en : region->title);
    } else {
        ll_json_kz(j, "meaning_zh", part->meaning_zh);
        ll_json_kz(j, "meaning_en", part->meaning_en);
    }
    ll_json_end_obj(j);
}

static void write_identity(struct ll_json *j, const struct ll_catalog *cat, enum ll_scheme scheme,
                           struct ll_str id, enum ll_id_fault fault)
{
    struct ll_id_part parts[LL_ID_PARTS];
    size_t n = ll_id_parts(scheme, id, parts);
    char zh[256], en[256];
    enum ll_kind kind;

    ll_id_explain(scheme, id, fault, LL_ZH, zh, sizeof(zh));
    ll_id_explain(scheme, id, fault, LL_EN, en, sizeof(en));
    ll_json_obj(j);
    ll_json_kz(j, "scheme", ll_scheme_name(scheme));
    ll_json_kz(j, "title", ll_scheme_title(scheme, LL_ZH));
    ll_json_kz(j, "title_en", ll_scheme_title(scheme, LL_EN));
    ll_json_ks(j, "canonical", id);
    ll_json_kb(j, "valid", fault == LL_IDF_OK);
    ll_json_kz(j, "fault", fault_names[fault]);
    ll_json_kz(j, "fault_zh", zh);
    ll_json_kz(j, "fault_en", en);
    ll_json_kz(j, "kind", ll_id_kind(scheme, id, &kind) ? ll_kind_name(kind) : NULL);
    ll_json_key(j, "parts");
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++)
        write_part(j, cat, &parts[i]);
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}

int ll_h_identify(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *value = ll_arg(rq, LL_P_IDENTIFY_VALUE), *given = ll_arg(rq, LL_P_IDENTIFY_SCHEME);
    enum ll_id_fault fault = LL_IDF_OK;
    char canon[LL_ID_MAX];
    struct ll_catalog *cat;
    enum ll_scheme scheme;
    size_t n;
    int rc;

    if (given->given) {
        (void)ll_scheme_parse(given->s, &scheme); /* the route's choices are the schemes' names */
        fault = ll_id_check(scheme, value->s, canon, &n);
    } else if (!ll_id_detect(value->s, &scheme, canon, &n)) {
        fault = ll_id_nearest(value->s, &scheme, canon, &n);
        if (fault <= LL_IDF_CHARSET) /* it looks like none of them */
            return ll_fail(err, LL_INVALID, "认不出这是哪种标识；可用 scheme 参数指明",
                           "no known kind of identifier has this form; say which with the parameter scheme");
    }
    if ((rc = ll_catalog_live_get(app->catalog, false, &cat, err)) < 0)
        return rc;
    write_identity(&rq->json, cat, scheme, (struct ll_str){canon, n}, fault);
    ll_catalog_unref(cat);
    return LL_OK;
}

/* ---- lists that are searched ---- */

static bool text_has(struct ll_str text, struct ll_str part)
{
    return part.n == 0 || (text.n && memmem(text.p, text.n, part.p, part.n) != NULL);
}

/* Of a list in memory: counts all that fit, and tells which belong on the page. */
struct page {
    int64_t offset, limit, seen;
};

static bool page_takes(struct page *p)
{
    int64_t at = p->seen++;

    return at >= p->offset && at < p->offset + p->limit;
}

static void page_end(struct ll_json *j, const struct page *p)
{
    ll_json_end_arr(j);
    ll_json_ki(j, "total", p->seen);
    ll_json_ki(j, "offset", p->offset);
    ll_json_ki(j, "limit", p->limit);
    ll_json_end_obj(j);
}

static void write_element(struct ll_json *j, const struct ll_element *e)
{
    char type[LL_TYPE_TEXT_MAX];

    ll_json_obj(j);
    ll_json_kz(j, "code", e->code);
    ll_json_kz(j, "name", e->name);
    ll_json_kz(j, "title", e->title);
    ll_json_kz(j, "title_en", e->title_en);
    ll_json_kz(j, "type", ll_element_type(e, type));
    ll_json_key(j, "length");
    if (e->length)
        ll_json_int(j, e->length);
    else
        ll_json_null(j);
    ll_json_kz(j, "format", e->format);
    ll_json_kz(j, "code_table", e->code_table);
    ll_json_kz(j, "check", e->check);
    ll_json_kz(j, "unit", e->unit);
    ll_json_ki(j, "grade", e->grade);
    ll_json_kz(j, "basis", e->basis);
    ll_json_kz(j, "source", e->source);
    ll_json_kz(j, "pack", e->pack);
    ll_json_end_obj(j);
}

int ll_h_elements_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct page page = {ll_arg(rq, LL_P_ELEMENTS_LIST_OFFSET)->i, ll_arg(rq, LL_P_ELEMENTS_LIST_LIMIT)->i, 0};
    struct ll_str q = ll_arg(rq, LL_P_ELEMENTS_LIST_Q)->s;
    const struct ll_element *const *list;
    struct ll_catalog *cat;
    size_t n;
    int rc = ll_catalog_live_get(app->catalog, false, &cat, err);

    if (rc < 0)
        return rc;
    list = ll_catalog_elements(cat, &n);
    ll_json_obj(&rq->json);
    ll_json_key(&rq->json, "items");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n; i++) {
        const struct ll_element *e = list[i];
        bool fits = text_has(ll_str(e->title), q) || text_has(ll_str(e->code), q) ||
                    text_has(ll_str(e->name), q) || text_has(ll_str(e->title_en), q);
        if (fits && page_takes(&page))
            write_element(&rq->json, e);
    }
    page_end(&rq->json, &page);
    ll_catalog_unref(cat);
    return LL_OK;
}

int ll_h_codes_tables(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_codes *const *list;
    struct ll_json *j = &rq->json;
    struct ll_catalog *cat;
    size_t n;
    int rc = ll_catalog_live_get(app->catalog, false, &cat, err);

    if (rc < 0)
        return rc;
    list = ll_catalog_code_tables(cat, &n);
    ll_json_obj(j);
    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "name", list[i]->name);
        ll_json_ki(j, "size", (int64_t)ll_codeset_size(list[i]->set));
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
    ll_catalog_unref(cat);
    return LL_OK;
}

static void write_code(struct ll_json *j, const struct ll_code *c)
{
    ll_json_obj(j);
    ll_json_ks(j, "code", c->code);
    ll_json_ks(j, "title", c->title);
    ll_json_key(j, "title_en");
    if (c->title_en.n)
        ll_json_str(j, c->title_en);
    else
        ll_json_null(j);
    ll_json_key(j, "parent");
    if (c->parent.n)
        ll_json_str(j, c->parent);
    else
        ll_json_null(j);
    ll_json_kb(j, "historical", c->historical);
    ll_json_end_obj(j);
}

static void write_codes(struct ll_request *rq, const struct ll_codeset *set)
{
    struct page page = {ll_arg(rq, LL_P_CODES_SEARCH_OFFSET)->i, ll_arg(rq, LL_P_CODES_SEARCH_LIMIT)->i, 0};
    struct ll_str q = ll_arg(rq, LL_P_CODES_SEARCH_Q)->s;
    const struct ll_arg *parent = ll_arg(rq, LL_P_CODES_SEARCH_PARENT);
    struct ll_json *j = &rq->json;

    ll_json_obj(j);
    ll_json_kz(j, "name", ll_codeset_name(set));
    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = 0; i < ll_codeset_size(set); i++) {
        const struct ll_code *c = ll_codeset_at(set, i);
        bool fits = (!parent->given || ll_str_eq(c->parent, parent->s)) &&
                    (text_has(c->code, q) || text_has(c->title, q) || text_has(c->title_en, q));
        if (fits && page_takes(&page))
            write_code(j, c);
    }
    page_end(j, &page);
}

int ll_h_codes_search(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_str table = ll_arg(rq, LL_P_CODES_SEARCH_TABLE)->s;
    const struct ll_codeset *set;
    struct ll_catalog *cat;
    int rc = ll_catalog_live_get(app->catalog, false, &cat, err);

    if (rc < 0)
        return rc;
    if ((set = ll_catalog_codeset(cat, table)))
        write_codes(rq, set);
    else
        rc = ll_fail(err, LL_NOTFOUND, "没有代码表 %s", "there is no code table %s", table.p);
    ll_catalog_unref(cat);
    return rc;
}
