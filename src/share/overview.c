/* overview.c - see overview.h. */
#include "share/overview.h"

#include "base/clock.h"
#include "catalog/region.h"
#include "share/flow.h"
#include "share/workdays.h"

#include <stdlib.h>
#include <string.h>

enum { DAY_MS = 86400000 };

/* What one organisation has here. */
struct source {
    const struct ll_organisation *o;
    int64_t resources, filled, records, open;
    int64_t newest;
    double quality; /* sum over `rated` resources */
    int64_t rated;
};

struct view {
    struct ll_txn *tx;
    const struct ll_catalog *cat;
    struct ll_json *j;
    struct source *sources; /* one an organisation, in the order of the catalogue */
    size_t n;
    int64_t records, uncounted, filled, open;
};

static void put_time(struct ll_json *j, const char *key, int64_t ms)
{
    char when[LL_TIME_TEXT];

    ll_json_kz(j, key, ms > 0 ? ll_time_text(ms, when) : NULL);
}

static void put_share(struct ll_json *j, const char *key, double sum, int64_t n)
{
    if (n) {
        ll_json_kn(j, key, sum / (double)n);
        return;
    }
    ll_json_key(j, key);
    ll_json_null(j);
}

/* --- who has what ------------------------------------------------------------------------------------------------------ */

static int by_code(const void *key, const void *at)
{
    return strcmp(key, ((const struct source *)at)->o->code);
}

static struct source *source_of(struct view *v, struct ll_str resource)
{
    const struct ll_resource *r = ll_catalog_resource(v->cat, resource);

    return r ? bsearch(r->provider, v->sources, v->n, sizeof *v->sources, by_code) : NULL;
}

static int count_sources(struct view *v, struct ll_arena *arena, struct ll_err *err)
{
    const struct ll_organisation *const *orgs = ll_catalog_organisations(v->cat, &v->n);
    size_t n;
    const struct ll_resource *const *resources = ll_catalog_resources(v->cat, &n);

    v->sources = ll_arena_array(arena, v->n + 1, sizeof *v->sources);
    if (!v->sources)
        return ll_no_memory(err);
    for (size_t i = 0; i < v->n; i++)
        v->sources[i] = (struct source){.o = orgs[i]};
    for (size_t i = 0; i < n; i++) {
        struct source *s = bsearch(resources[i]->provider, v->sources, v->n, sizeof *v->sources, by_code);
        if (s)
            s->resources++;
    }
    return LL_OK;
}

static void count_records(struct view *v, const struct ll_overview_resource *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct ll_overview_resource *r = &list[i];
        struct source *s = source_of(v, ll_str(r->resource));
        if (!s || !r->published_at) {
            v->uncounted += s && r->records < 0;
            continue;
        }
        s->filled++;
        v->filled++;
        s->records += r->records;
        v->records += r->records;
        s->newest = r->published_at > s->newest ? r->published_at : s->newest;
        if (r->quality >= 0) {
            s->quality += r->quality;
            s->rated++;
        }
    }
}

static int count_open(struct view *v, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        v->tx,
        "SELECT b.resource, sum(b.quarantined) - coalesce(sum(c.n), 0) FROM batch b"
        " LEFT JOIN (SELECT batch, count(*) AS n FROM quarantine_closed GROUP BY batch) c ON c.batch = b.id"
        " WHERE b.state = 'published' AND b.quarantined > 0 GROUP BY b.resource",
        &s, err);

    if (rc < 0)
        return rc;
    while ((rc = ll_step(s, err)) > 0) {
        struct source *of = source_of(v, ll_col_text(s, 0));
        if (of)
            of->open += ll_col_int(s, 1);
        v->open += ll_col_int(s, 1);
    }
    ll_stmt_done(s);
    return rc;
}

/* --- plain counts ------------------------------------------------------------------------------------------------------ */

/* What a statement's placeholders are, by letters: t today, p the first day of the period, b the instant today began, n now. */
static int ask(struct view *v, const char *sql, const char *args, struct ll_stmt **ret, struct ll_err *err)
{
    int64_t now = ll_now_ms();
    int rc = ll_sql(v->tx, sql, ret, err);

    if (rc < 0)
        return rc;
    for (int at = 0; args[at]; at++)
        ll_bind_int(*ret, at + 1,
                    args[at] == 't'   ? ll_today()
                    : args[at] == 'p' ? ll_today() - LL_OVERVIEW_DAYS + 1
                    : args[at] == 'b' ? ll_workday_end(ll_workday_of(now) - 1)
                                      : now);
    return LL_OK;
}

/* One row each: an object with a member a column. */
static const struct count {
    const char *key, *args, *sql, *names[10];
} counts[] = {
    {"calls",
     "t",
     "SELECT coalesce(sum(CASE WHEN day = $1 AND outcome = 'answered' THEN calls ELSE 0 END), 0),"
     " coalesce(sum(CASE WHEN outcome = 'answered' THEN calls ELSE 0 END), 0),"
     " coalesce(sum(CASE WHEN day = $1 AND outcome = 'answered' THEN keys ELSE 0 END), 0),"
     " coalesce(sum(CASE WHEN outcome = 'answered' THEN keys ELSE 0 END), 0),"
     " coalesce(sum(CASE WHEN day = $1 THEN records ELSE 0 END), 0), coalesce(sum(records), 0),"
     " coalesce(sum(CASE WHEN day = $1 AND outcome <> 'answered' THEN calls ELSE 0 END), 0),"
     " coalesce(sum(CASE WHEN outcome <> 'answered' THEN calls ELSE 0 END), 0) FROM usage",
     {"today", "total", "keys_today", "keys_total", "records_today", "records_total", "refused_today",
      "refused_total"}},
    {"interfaces",
     "n",
     "SELECT count(DISTINCT resource), count(*), count(DISTINCT organisation) FROM access_grant"
     " WHERE state = 'active' AND from_at <= $1 AND until_at > $1",
     {"resources", "grants", "consumers"}},
    {"deliveries",
     "b",
     "SELECT count(*), coalesce(sum(CASE WHEN received_at >= $1 THEN 1 ELSE 0 END), 0),"
     " coalesce(sum(CASE WHEN state IN ('received', 'sealed') THEN 1 ELSE 0 END), 0),"
     " coalesce(sum(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END), 0),"
     " coalesce(sum(CASE WHEN state = 'failed' THEN 1 ELSE 0 END), 0),"
     " coalesce(sum(received), 0), coalesce(sum(published), 0), coalesce(sum(quarantined), 0) FROM delivery",
     {"total", "today", "running", "waiting", "failed", "rows_received", "rows_published",
      "rows_quarantined"}},
    {"demands",
     "n",
     "SELECT count(*), coalesce(sum(CASE WHEN state NOT IN ('settled', 'withdrawn') THEN 1 ELSE 0 END), 0),"
     " coalesce(sum(CASE WHEN state IN ('unmet', 'listed', 'promised', 'declined') THEN 1 ELSE 0 END), 0),"
     " coalesce(sum(CASE WHEN state = 'settled' THEN 1 ELSE 0 END), 0),"
     " coalesce(sum(CASE WHEN due_at < $1 AND state NOT IN ('settled', 'withdrawn') THEN 1 ELSE 0 END), 0) FROM demand",
     {"total", "open", "unmet", "settled", "overdue"}},
    {"applications",
     "n",
     "SELECT count(*), coalesce(sum(CASE WHEN state NOT IN ('granted', 'closed', 'cancelled') THEN 1 ELSE 0 END), 0),"
     " coalesce(sum(CASE WHEN state = 'granted' THEN 1 ELSE 0 END), 0),"
     " coalesce(sum(CASE WHEN due_at < $1 AND state NOT IN ('granted', 'closed', 'cancelled') THEN 1 ELSE 0 END), 0)"
     " FROM application",
     {"total", "open", "granted", "overdue"}},
};

static int put_count(struct view *v, const struct count *c, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ask(v, c->sql, c->args, &s, err);

    if (rc < 0)
        return rc;
    ll_json_key(v->j, c->key);
    ll_json_obj(v->j);
    if ((rc = ll_step(s, err)) > 0)
        for (int i = 0; c->names[i]; i++)
            ll_json_ki(v->j, c->names[i], ll_col_int(s, i));
    ll_json_end_obj(v->j);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int put_days(struct view *v, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ask(v,
                 "SELECT day, sum(CASE WHEN outcome = 'answered' THEN calls ELSE 0 END),"
                 " sum(CASE WHEN outcome = 'answered' THEN 0 ELSE calls END) FROM usage"
                 " WHERE day BETWEEN $1 AND $2 GROUP BY day ORDER BY day",
                 "pt", &s, err);

    if (rc < 0)
        return rc;
    ll_json_key(v->j, "days");
    ll_json_arr(v->j);
    while ((rc = ll_step(s, err)) > 0) {
        char when[LL_TIME_TEXT];
        ll_json_obj(v->j);
        ll_json_ks(v->j, "day", (struct ll_str){ll_time_text(ll_col_int(s, 0) * DAY_MS, when), 10});
        ll_json_ki(v->j, "calls", ll_col_int(s, 1));
        ll_json_ki(v->j, "refused", ll_col_int(s, 2));
        ll_json_end_obj(v->j);
    }
    ll_json_end_arr(v->j);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* --- who and what is foremost ------------------------------------------------------------------------------------------- */

static void put_organisation(struct view *v, struct ll_str code)
{
    const struct ll_organisation *o = ll_catalog_organisation(v->cat, code);

    ll_json_ks(v->j, "name", code);
    ll_json_kz(v->j, "title", o ? o->name : NULL);
    ll_json_kz(v->j, "title_en", o ? o->name_en : NULL);
}

static void put_resource(struct view *v, struct ll_str name)
{
    const struct ll_resource *r = ll_catalog_resource(v->cat, name);

    ll_json_ks(v->j, "name", name);
    ll_json_kz(v->j, "title", r ? r->title : NULL);
    ll_json_kz(v->j, "title_en", r ? r->title_en : NULL);
}

#define TOP(column)                                                                                          \
    "SELECT " column ", sum(calls) AS n, sum(records) FROM usage WHERE day BETWEEN $1 AND $2"                \
    " AND outcome = 'answered' GROUP BY 1 ORDER BY n DESC, 1 LIMIT 8"
_Static_assert(LL_OVERVIEW_TOP == 8, "the limit in TOP");

static const struct top {
    const char *key, *sql;
    void (*name)(struct view *v, struct ll_str code);
} tops[] = {{"consumers", TOP("organisation"), put_organisation}, {"used", TOP("resource"), put_resource}};

static int put_top(struct view *v, const struct top *t, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ask(v, t->sql, "pt", &s, err);

    if (rc < 0)
        return rc;
    ll_json_key(v->j, t->key);
    ll_json_arr(v->j);
    while ((rc = ll_step(s, err)) > 0) {
        ll_json_obj(v->j);
        t->name(v, ll_col_text(s, 0));
        ll_json_ki(v->j, "calls", ll_col_int(s, 1));
        ll_json_ki(v->j, "records", ll_col_int(s, 2));
        ll_json_end_obj(v->j);
    }
    ll_json_end_arr(v->j);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static double mean(const struct source *s)
{
    return s->rated ? s->quality / (double)s->rated : -1;
}

static int better(const void *a, const void *b)
{
    const struct source *x = *(const struct source *const *)a, *y = *(const struct source *const *)b;
    double qx = mean(x), qy = mean(y);

    if (qx != qy)
        return qx > qy ? -1 : 1;
    if (x->open != y->open)
        return x->open < y->open ? -1 : 1;
    return strcmp(x->o->code, y->o->code);
}

/* Everybody who has records here, the best first. */
static int put_sources(struct view *v, struct ll_arena *arena, struct ll_err *err)
{
    const struct source **order = ll_arena_array(arena, v->n + 1, sizeof *order);
    size_t n = 0;

    if (!order)
        return ll_no_memory(err);
    for (size_t i = 0; i < v->n; i++)
        if (v->sources[i].filled)
            order[n++] = &v->sources[i];
    qsort(order, n, sizeof *order, better);
    ll_json_key(v->j, "sources");
    ll_json_arr(v->j);
    for (size_t i = 0; i < n; i++) {
        const struct source *s = order[i];
        ll_json_obj(v->j);
        put_organisation(v, ll_str(s->o->code));
        ll_json_ki(v->j, "resources", s->filled);
        ll_json_ki(v->j, "records", s->records);
        put_share(v->j, "quality", s->quality, s->rated);
        ll_json_ki(v->j, "open", s->open);
        put_time(v->j, "updated_at", s->newest);
        ll_json_end_obj(v->j);
    }
    ll_json_end_arr(v->j);
    return LL_OK;
}

/* --- where -------------------------------------------------------------------------------------------------------------- */

struct place {
    const struct ll_code *code; /* county, or the city for what is the whole city's */
    int64_t departments, connected, resources, records;
};

static struct place *place_of(struct place *list, size_t *n, const struct ll_code *code)
{
    for (size_t i = 0; i < *n; i++)
        if (list[i].code == code)
            return &list[i];
    list[*n] = (struct place){.code = code};
    return &list[(*n)++];
}

static int by_place(const void *a, const void *b)
{
    return ll_str_cmp(((const struct place *)a)->code->code, ((const struct place *)b)->code->code);
}

static int put_regions(struct view *v, struct ll_arena *arena, struct ll_err *err)
{
    struct place *list = ll_arena_array(arena, v->n + 1, sizeof *list);
    size_t n = 0;

    if (!list)
        return ll_no_memory(err);
    for (size_t i = 0; i < v->n; i++) {
        const struct source *s = &v->sources[i];
        struct ll_region_path path;
        if (strcmp(s->o->role, "source") != 0 || !ll_organisation_path(v->cat, s->o, &path))
            continue;
        const struct ll_code *code = path.at[LL_REGION_COUNTY] ? path.at[LL_REGION_COUNTY]
                                                               : path.at[LL_REGION_CITY];
        if (!code)
            continue;
        struct place *p = place_of(list, &n, code);
        p->departments++;
        p->connected += s->filled > 0;
        p->resources += s->resources;
        p->records += s->records;
    }
    qsort(list, n, sizeof *list, by_place);
    ll_json_key(v->j, "regions");
    ll_json_arr(v->j);
    for (size_t i = 0; i < n; i++) {
        ll_json_obj(v->j);
        ll_json_ks(v->j, "region", list[i].code->code);
        ll_json_ks(v->j, "title", list[i].code->title);
        ll_json_ks(v->j, "title_en", list[i].code->title_en);
        ll_json_ki(v->j, "departments", list[i].departments);
        ll_json_ki(v->j, "connected", list[i].connected);
        ll_json_ki(v->j, "resources", list[i].resources);
        ll_json_ki(v->j, "records", list[i].records);
        ll_json_end_obj(v->j);
    }
    ll_json_end_arr(v->j);
    return LL_OK;
}

/* --- what happened last -------------------------------------------------------------------------------------------------- */

/* at, kind, resource, organisation, state, how many. */
static const char feed_sql[] =
    "SELECT at, kind, resource, organisation, state, n FROM ("
    "SELECT * FROM (SELECT updated_at AS at, 'delivery' AS kind, resource, NULL AS organisation, state, published AS n"
    " FROM delivery ORDER BY updated_at DESC LIMIT 20)"
    " UNION ALL SELECT * FROM (SELECT at, flow, NULL, organisation, to_state, NULL FROM flow_event ORDER BY seq DESC LIMIT 20)"
    " UNION ALL SELECT * FROM (SELECT last_at, 'call', resource, organisation, outcome, calls FROM usage"
    " WHERE day BETWEEN $1 AND $2 AND outcome = 'answered' ORDER BY last_at DESC LIMIT 20)"
    ") ORDER BY at DESC LIMIT 20";
_Static_assert(LL_OVERVIEW_FEED == 20, "the limits in feed_sql");

static enum ll_flow flow_of(struct ll_str kind)
{
    enum ll_flow f = 0;

    while (f < LL_FLOW_COUNT && !ll_str_is(kind, ll_flow_word(f)))
        f++;
    return f;
}

static void put_event(struct view *v, struct ll_stmt *s)
{
    struct ll_str kind = ll_col_text(s, 1), resource = ll_col_text(s, 2), who = ll_col_text(s, 3);
    const struct ll_resource *r = resource.p ? ll_catalog_resource(v->cat, resource) : NULL;
    enum ll_flow flow = flow_of(kind);
    enum ll_state state = flow < LL_FLOW_COUNT ? ll_state_parse(flow, ll_col_text(s, 4)) : LL_STATE_COUNT;
    const struct ll_organisation *o = ll_catalog_organisation(v->cat, who.p ? who
                                                                      : r   ? ll_str(r->provider)
                                                                            : LL_STR(""));

    ll_json_obj(v->j);
    put_time(v->j, "at", ll_col_int(s, 0));
    ll_json_ks(v->j, "kind", kind);
    ll_json_kz(v->j, "resource", r ? r->title : NULL);
    ll_json_kz(v->j, "resource_en", r ? r->title_en : NULL);
    ll_json_kz(v->j, "organisation", o ? o->name : NULL);
    ll_json_kz(v->j, "organisation_en", o ? o->name_en : NULL);
    ll_json_ks(v->j, "state", ll_col_text(s, 4));
    ll_json_kz(v->j, "state_title", state < LL_STATE_COUNT ? ll_state_title(state, LL_ZH) : NULL);
    ll_json_kz(v->j, "state_title_en", state < LL_STATE_COUNT ? ll_state_title(state, LL_EN) : NULL);
    ll_json_key(v->j, "n");
    if (ll_col_null(s, 5))
        ll_json_null(v->j);
    else
        ll_json_int(v->j, ll_col_int(s, 5));
    ll_json_end_obj(v->j);
}

static int put_feed(struct view *v, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ask(v, feed_sql, "pt", &s, err);

    if (rc < 0)
        return rc;
    ll_json_key(v->j, "feed");
    ll_json_arr(v->j);
    while ((rc = ll_step(s, err)) > 0)
        put_event(v, s);
    ll_json_end_arr(v->j);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* --- together ------------------------------------------------------------------------------------------------------------ */

static void put_stock(struct view *v)
{
    int64_t departments = 0, connected = 0, resources = 0, rated = 0;
    double quality = 0;

    for (size_t i = 0; i < v->n; i++) {
        const struct source *s = &v->sources[i];
        departments += strcmp(s->o->role, "source") == 0;
        connected += s->filled > 0;
        resources += s->resources;
        quality += s->quality;
        rated += s->rated;
    }
    ll_json_key(v->j, "departments");
    ll_json_obj(v->j);
    ll_json_ki(v->j, "registered", departments);
    ll_json_ki(v->j, "connected", connected);
    ll_json_end_obj(v->j);
    ll_json_key(v->j, "resources");
    ll_json_obj(v->j);
    ll_json_ki(v->j, "catalogued", resources);
    ll_json_ki(v->j, "filled", v->filled);
    ll_json_end_obj(v->j);
    ll_json_key(v->j, "records");
    ll_json_obj(v->j);
    ll_json_ki(v->j, "total", v->records);
    ll_json_ki(v->j, "uncounted", v->uncounted);
    ll_json_ki(v->j, "quarantined", v->open);
    ll_json_end_obj(v->j);
    put_share(v->j, "quality", quality, rated);
}

int ll_overview_put(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_overview_resource *list,
                    size_t n, struct ll_arena *arena, struct ll_json *j, struct ll_err *err)
{
    struct view v = {.tx = tx, .cat = cat, .j = j};
    int rc = count_sources(&v, arena, err);

    if (rc < 0)
        return rc;
    count_records(&v, list, n);
    if ((rc = count_open(&v, err)) < 0)
        return rc;
    ll_json_obj(j);
    put_time(j, "at", ll_now_ms());
    put_stock(&v);
    for (size_t i = 0; i < LL_COUNT(counts) && rc >= 0; i++)
        rc = put_count(&v, &counts[i], err);
    for (size_t i = 0; i < LL_COUNT(tops) && rc >= 0; i++)
        rc = put_top(&v, &tops[i], err);
    if (rc < 0 || (rc = put_days(&v, err)) < 0 || (rc = put_sources(&v, arena, err)) < 0 ||
        (rc = put_regions(&v, arena, err)) < 0 || (rc = put_feed(&v, err)) < 0)
        return rc;
    ll_json_end_obj(j);
    return LL_OK;
}
