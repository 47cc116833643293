/* handle_rural_prospect.c - before a bank's officer verifies or reports: what its reports have, item by item with where each comes from, and whether
 * the household's farmer consents.
 *
 * Nothing of the household is read or told but that consent, which is the bank's own: whoever has none learns nothing, not even that there is such
 * a household. */
#include "http/asking.h"
#include "routes.gen.h"

#include "apps/rural/check.h"
#include "apps/rural/report.h"

#include <string.h>

enum { NO_MAX = 40, ID_MAX = 18, CODES_MAX = 60 };

struct prospect {
    struct ll_asking_rural rural;
    struct ll_serving_call call;
    struct ll_service reads;
    struct ll_serving *sv;
    struct ll_serving_said said;
    struct ll_rural_section *sections;
    size_t n_sections;
};

/* A claim is chosen from a short table, and written where there is a long one or none. */
static void put_codes(struct ll_json *j, const struct ll_codeset *codes)
{
    size_t n = codes ? ll_codeset_size(codes) : 0;

    ll_json_key(j, "codes");
    ll_json_arr(j);
    for (size_t i = 0; i < n && n <= CODES_MAX; i++) {
        const struct ll_code *c = ll_codeset_at(codes, i);
        ll_json_obj(j);
        ll_json_ks(j, "code", c->code);
        ll_json_ks(j, "title", c->title);
        ll_json_ks(j, "title_en", c->title_en.n ? c->title_en : c->title);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static void put_item(struct ll_json *j, const struct ll_rural_item *x)
{
    ll_json_obj(j);
    ll_json_kz(j, "code", x->code);
    ll_json_kz(j, "item", x->name);
    ll_json_kz(j, "title", x->title[LL_ZH]);
    ll_json_kz(j, "title_en", x->title[LL_EN]);
    ll_json_kz(j, "unit", x->unit);
    ll_json_kz(j, "type", ll_type_name(x->element->type));
    put_codes(j, x->codes);
    ll_json_key(j, "sources");
    ll_json_arr(j);
    for (size_t i = 0; i < x->n_sources; i++) {
        const struct ll_rural_source *s = &x->sources[i];
        if (!s->resource || !s->from)
            continue;
        ll_json_obj(j);
        ll_json_kz(j, "resource", s->resource->name);
        ll_json_kz(j, "item", s->from->name);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}

static bool is_of(const struct ll_rural_item *x, const struct ll_rural_section *s)
{
    return strcmp(x->category, s->category) == 0;
}

static void put_section(struct ll_json *j, const struct ll_rural_list *l, const struct ll_rural_section *s)
{
    size_t first = 0;

    while (first < l->n && !is_of(&l->items[first], s))
        first++;
    if (first == l->n)
        return;
    ll_json_obj(j);
    ll_json_kz(j, "code", s->category);
    ll_json_kz(j, "title", l->items[first].category_title[LL_ZH]);
    ll_json_kz(j, "title_en", l->items[first].category_title[LL_EN]);
    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = first; i < l->n; i++)
        if (is_of(&l->items[i], s))
            put_item(j, &l->items[i]);
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}

/* What is read of each resource: what a consent has to name for all of it to be shown. */
static void put_reads(struct ll_json *j, const struct ll_service *reads)
{
    ll_json_key(j, "reads");
    ll_json_arr(j);
    for (size_t i = 0; i < reads->n_resources; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "resource", reads->resources[i]);
        ll_json_key(j, "items");
        ll_json_arr(j);
        for (size_t k = 0; k < reads->n_items; k++)
            if (strcmp(reads->items[k].resource, reads->resources[i]) == 0)
                ll_json_z(j, reads->items[k].item);
        ll_json_end_arr(j);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static int read_sections(struct ll_app *app, struct ll_request *rq, struct prospect *k, struct ll_err *err)
{
    const struct ll_rural_list *l = k->rural.r.list;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(app->data), false, &tx, err);

    if (rc == LL_OK)
        rc = ll_rural_sections(tx, l, rq->actor.organisation, NULL, rq->arena, &k->sections, &k->n_sections,
                               err);
    ll_txn_end(tx);
    return rc < 0 ? rc : ll_rural_section_reads(l, k->sections, k->n_sections, rq->arena, &k->reads, err);
}

static int find(struct ll_app *app, struct ll_request *rq, struct prospect *k, struct ll_str household,
                struct ll_str subject, struct ll_err *err)
{
    struct ll_serving_person speaks;
    struct ll_household *h = NULL;
    int rc;

    if ((rc = read_sections(app, rq, k, err)) < 0 ||
        (rc = ll_serving_open_granted(app->gateway, &k->call, &k->reads, rq->arena, &k->sv, err)) < 0 ||
        (rc = ll_household_spoken(&k->rural.r, household, subject, rq->arena, &h, &speaks, err)) < 0)
        return rc;
    return ll_serving_may(k->sv, &speaks, &k->said, err);
}

static void put(struct ll_request *rq, const struct prospect *k)
{
    struct ll_json *j = &rq->json;

    ll_json_obj(j);
    ll_json_kz(j, "list", k->rural.r.list->name);
    ll_json_kz(j, "basis", k->rural.r.list->items[0].basis);
    ll_json_kz(j, "condition", k->said.condition);
    ll_consent_said_put(j, &k->said);
    ll_json_key(j, "sections");
    ll_json_arr(j);
    for (size_t i = 0; i < k->n_sections; i++)
        put_section(j, k->rural.r.list, &k->sections[i]);
    ll_json_end_arr(j);
    put_reads(j, &k->reads);
    ll_json_end_obj(j);
}

int ll_h_rural_prospect(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct prospect k = {.call = {.actor = &rq->actor}};
    unsigned char addr[16];
    struct ll_body b;
    int rc = ll_asking_rural(app, rq, &k.rural, err);

    if (rc == LL_OK) {
        ll_body_open(&b, rq, err);
        ll_asking_read(&b, rq, &k.call, addr);
        struct ll_str household = ll_str(ll_body_text(&b, "household", 1, NO_MAX, false)),
                      subject = ll_str(ll_body_text(&b, "subject", 1, ID_MAX, false));
        if ((rc = ll_body_end(&b)) == LL_OK && (household.n > 0) == (subject.n > 0))
            rc = ll_fail(err, LL_USAGE,
                         "household（户号）与 subject（成员的公民身份号码）须给出一个，且只给一个",
                         "give either household or subject, and only one of them");
        if (rc == LL_OK && (rc = find(app, rq, &k, household, subject, err)) == LL_OK)
            put(rq, &k);
    }
    ll_serving_close(k.sv);
    ll_asking_rural_end(&k.rural);
    return rc;
}
