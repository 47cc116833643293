/* commercial.c - see commercial.h. */
#include "apps/finance/commercial.h"

#include "catalog/pack.h"
#include "share/licence.h"

#include <string.h>

enum column {
    ITEM,
    CATEGORY,
    CATEGORY_TITLE,
    CATEGORY_TITLE_EN,
    TITLE,
    TITLE_EN,
    SUPPLIER,
    SUPPLIER_EN,
    RESOURCE,
    CHARGED,
    BASIS,
    SOURCE,
    COLUMNS
};
static const char *const columns[COLUMNS] = {"source_item", "category", "category_title", "category_title_en",
                                             "title",       "title_en", "supplier_kind",  "supplier_kind_en",
                                             "resource",    "charged",  "basis",          "source"};

enum state { NOT_CATALOGUED, UNLICENSED, NOT_YET, IN_FORCE, ENDED, STATES };
static const char *const states[STATES] = {"not_catalogued", "unlicensed", "not_yet", "in_force", "ended"};

struct writing {
    struct ll_txn *tx;
    const struct ll_catalog *cat;
    struct ll_arena *arena;
    struct ll_json *j;
    int64_t now, counts[STATES];
    bool costs;
    size_t n;
    struct ll_str named[LL_COMMERCIAL_MAX]; /* resources that items of the list name */
    size_t n_named;
};

static void count(struct writing *w, const char *state)
{
    for (size_t i = 0; i < STATES; i++)
        w->counts[i] += strcmp(states[i], state) == 0;
}

/* How the resource stands, and its terms. */
static int put_standing(struct writing *w, const char *resource, struct ll_err *err)
{
    const struct ll_resource *r = resource ? ll_catalog_resource(w->cat, ll_str(resource)) : NULL;
    struct ll_licence l;
    int got = r ? ll_licence_get(w->tx, r->name, w->arena, &l, err) : 0;

    if (got < 0)
        return got;
    const char *state = !r ? states[NOT_CATALOGUED] : got ? ll_licence_state(&l, w->now) : states[UNLICENSED];
    count(w, state);
    ll_json_kz(w->j, "resource", r ? r->name : NULL);
    ll_json_kz(w->j, "state", state);
    ll_json_key(w->j, "licence");
    if (got) {
        ll_json_obj(w->j);
        ll_licence_json(w->j, &l, w->now, w->costs);
        ll_json_end_obj(w->j);
    } else {
        ll_json_null(w->j);
    }
    return LL_OK;
}

static int put_item(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    static const char *const keys[COLUMNS] = {"item",  "category", "category_title", "category_title_en",
                                              "title", "title_en", "supplier_kind",  "supplier_kind_en",
                                              NULL,    "charged",  "basis",          "source"};
    struct writing *w = ctx;
    const char *resource = cells[RESOURCE].n ? ll_arena_dup(w->arena, cells[RESOURCE]) : NULL;

    (void)pack;
    if (w->n++ == LL_COMMERCIAL_MAX)
        return ll_fail(err, LL_INVALID, "commercial_sources.csv 超过 %d 行",
                       "commercial_sources.csv has more than %d rows", LL_COMMERCIAL_MAX);
    if (cells[RESOURCE].n && !resource)
        return ll_no_memory(err);
    if (resource)
        w->named[w->n_named++] = ll_str(resource);
    ll_json_obj(w->j);
    for (size_t i = 0; i < COLUMNS; i++)
        if (keys[i])
            ll_json_ks(w->j, keys[i], cells[i]);
    int rc = put_standing(w, resource, err);
    ll_json_end_obj(w->j);
    return rc;
}

static bool is_named(const struct writing *w, struct ll_str resource)
{
    for (size_t i = 0; i < w->n_named; i++)
        if (ll_str_eq(w->named[i], resource))
            return true;
    return false;
}

static int put_other(struct writing *w, const struct ll_resource *r, struct ll_err *err)
{
    const struct {
        const char *key, *text;
    } members[] = {{"item", r->name},
                   {"category", "other"},
                   {"category_title", "名录之外"},
                   {"category_title_en", "Beyond the list"},
                   {"title", r->title},
                   {"title_en", r->title_en ? r->title_en : r->title},
                   {"supplier_kind", ""},
                   {"supplier_kind_en", ""},
                   {"charged", "call"},
                   {"basis", "own"},
                   {"source", ""}};

    ll_json_obj(w->j);
    for (size_t i = 0; i < LL_COUNT(members); i++)
        ll_json_kz(w->j, members[i].key, members[i].text);
    int rc = put_standing(w, r->name, err);
    ll_json_end_obj(w->j);
    return rc;
}

/* Resources with terms that the list does not name. */
static int put_others(struct writing *w, struct ll_err *err)
{
    const struct ll_resource *list[LL_COMMERCIAL_MAX];
    struct ll_stmt *s = NULL;
    size_t n = 0;
    int rc = ll_sql(w->tx, "SELECT DISTINCT resource FROM licence ORDER BY resource", &s, err);

    if (rc < 0)
        return rc;
    while (n < LL_COUNT(list) && (rc = ll_step(s, err)) > 0) {
        const struct ll_resource *r = ll_catalog_resource(w->cat, ll_col_text(s, 0));
        if (r && !is_named(w, ll_str(r->name)))
            list[n++] = r;
    }
    ll_stmt_done(s);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = put_other(w, list[i], err);
    return rc < 0 ? rc : LL_OK;
}

int ll_commercial_put(struct ll_txn *tx, const struct ll_catalog *cat, int64_t now, bool costs,
                      struct ll_arena *arena, struct ll_json *j, struct ll_err *err)
{
    struct writing *w = ll_arena_alloc(arena, sizeof *w);
    int rc;

    if (!w)
        return ll_no_memory(err);
    *w = (struct writing){.tx = tx, .cat = cat, .arena = arena, .j = j, .now = now, .costs = costs};
    ll_json_key(j, "items");
    ll_json_arr(j);
    if ((rc = ll_pack_use_each(tx, NULL, "commercial_sources.csv", columns, COLUMNS, put_item, w, err)) < 0 ||
        (rc = put_others(w, err)) < 0)
        return rc;
    ll_json_end_arr(j);
    ll_json_key(j, "counts");
    ll_json_obj(j);
    for (size_t i = 0; i < STATES; i++)
        ll_json_ki(j, states[i], w->counts[i]);
    ll_json_end_obj(j);
    return LL_OK;
}
