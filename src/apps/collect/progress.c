/* progress.c - how far a campaign is (campaign.h): one look at the lake and one at the deliveries, then sums by place. */
#include "apps/collect/campaign.h"

#include "base/clock.h"
#include "intake/batch.h"
#include "intake/stored.h"

#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define CHINA_MS INT64_C(28800000)

struct place {
    char code[LL_AREA_MAX + 4];
    int64_t areas, expected, collected, refused, late, begun, done;
};
struct counted {
    struct ll_str area;
    int64_t expected, collected, refused, late;
};
struct progress {
    const struct ll_campaign *c;
    struct ll_arena *arena;
    struct counted *list; /* by area, ascending */
    size_t n, cap;
};

static int by_area(const void *a, const void *b)
{
    return ll_str_cmp(((const struct counted *)a)->area, ((const struct counted *)b)->area);
}

static struct counted *find(struct progress *p, struct ll_str area)
{
    const struct counted wanted = {.area = area};

    return p->n ? bsearch(&wanted, p->list, p->n, sizeof wanted, by_area) : NULL;
}

static int read_targets(struct progress *p, struct ll_txn *tx, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT area, expected FROM collect_target WHERE campaign = $1 ORDER BY area", &s,
                    err);

    if (rc < 0)
        return rc;
    if (!(p->list = ll_arena_array(p->arena, (size_t)p->c->areas + 1, sizeof *p->list))) {
        ll_stmt_done(s);
        return ll_no_memory(err);
    }
    ll_bind_z(s, 1, p->c->id);
    while ((rc = ll_step(s, err)) > 0 && p->n < (size_t)p->c->areas) {
        const char *area = ll_arena_dup(p->arena, ll_col_text(s, 0));
        if (!area) {
            rc = ll_no_memory(err);
            break;
        }
        p->list[p->n++] = (struct counted){.area = ll_str(area), .expected = ll_col_int(s, 1)};
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* Rows that wait for correction, by the area for which they were delivered. */
static int read_refused(struct progress *p, struct ll_txn *tx, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx,
        "SELECT area, sum(quarantined - (SELECT count(*) FROM quarantine_closed q WHERE q.batch = d.batch)) FROM delivery d"
        " WHERE resource = $1 AND area IS NOT NULL AND batch IS NOT NULL AND received_at >= $2 AND state <> 'withdrawn'"
        " GROUP BY area",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, p->c->resource);
    ll_bind_int(s, 2, p->c->from_day * DAY_MS - CHINA_MS);
    while ((rc = ll_step(s, err)) > 0) {
        struct counted *k = find(p, ll_col_text(s, 0));
        if (k)
            k->refused = ll_col_int(s, 1);
    }
    ll_stmt_done(s);
    return rc;
}

static int take_counts(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct counted *k = row[0].kind == LL_LV_TEXT ? find(ctx, row[0].s) : NULL;

    (void)n, (void)err;
    if (k) {
        k->collected = row[1].i;
        k->late = row[2].i;
    }
    return LL_OK;
}

/* The number of the first batch that was published at that time or later; INT64_MAX: none was. */
static int64_t first_since(const struct ll_batch *list, size_t n, int64_t ms)
{
    int64_t first = INT64_MAX;

    for (size_t i = 0; i < n; i++)
        if (list[i].published_at >= ms && list[i].seq < first)
            first = list[i].seq;
    return first;
}

static int count_records(struct progress *p, struct ll_data *d, const struct ll_areas *a, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(16 << 20), current = LL_BUF_INIT(8 << 20);
    struct ll_lake_conn *c = NULL;
    struct ll_lake *lake = NULL;
    struct ll_batch *live = NULL;
    size_t n = 0;
    int rc = ll_batch_live(d, a->resource->name, a->resource->version, -1, NULL, p->arena, &live, &n, err);

    if (rc < 0 || n == 0)
        return rc;
    rc = ll_batch_current_sql(d, a->resource, live, n, &current, err);
    ll_buf_z(&sql, "SELECT area, count(*), count(*) FILTER (WHERE ll_seq >= ");
    ll_buf_printf(&sql, "%lld) FROM (SELECT ",
                  (long long)first_since(live, n, (p->c->until_day + 1) * DAY_MS - CHINA_MS));
    ll_stored_value(&sql, a->resource, a->item);
    ll_buf_printf(&sql, " AS area, ll_seq FROM (%s)) WHERE ll_seq >= %lld GROUP BY area",
                  current.p ? current.p : "",
                  (long long)first_since(live, n, p->c->from_day * DAY_MS - CHINA_MS));
    if (rc == LL_OK && (rc = sql.failed ? ll_no_memory(err) : ll_data_lake(d, &lake, err)) == LL_OK &&
        (rc = ll_lake_connect(lake, &c, err)) == LL_OK)
        rc = ll_lake_each(c, sql.p, take_counts, p, err);
    ll_lake_disconnect(c);
    ll_buf_free(&sql);
    ll_buf_free(&current);
    return rc;
}

/* ---- sums ---- */

/* How many digits the places below one of so many have: city, county, town, area. */
static size_t below(size_t digits, size_t longest)
{
    static const size_t levels[] = {2, 4, 6, 9};

    for (size_t i = 0; i < LL_COUNT(levels); i++)
        if (levels[i] > digits && levels[i] < longest)
            return levels[i];
    return longest;
}

/* Digits that matter: 360800 is all of 3608. */
static size_t digits_of(const char *code)
{
    size_t n = strlen(code);

    while (n > 2 && n <= 6 && n % 2 == 0 && memcmp(code + n - 2, "00", 2) == 0)
        n -= 2;
    return n;
}

static void put_place(const struct ll_areas *a, const struct place *p, bool leaf, struct ll_arena *arena,
                      struct ll_json *j)
{
    struct ll_str code = ll_str(p->code);

    ll_json_obj(j);
    ll_json_kz(j, "code", p->code);
    ll_json_kz(j, "title", ll_area_name(a, code, arena));
    ll_json_kb(j, "leaf", leaf);
    ll_json_ki(j, "areas", p->areas);
    ll_json_ki(j, "begun", p->begun);
    ll_json_ki(j, "done", p->done);
    ll_json_ki(j, "expected", p->expected);
    ll_json_ki(j, "collected", p->collected);
    ll_json_ki(j, "refused", p->refused);
    ll_json_ki(j, "late", p->late);
    ll_json_end_obj(j);
}

static void add(struct place *p, const struct counted *k)
{
    p->areas++;
    p->expected += k->expected;
    p->collected += k->collected;
    p->refused += k->refused;
    p->late += k->late;
    p->begun += k->collected > 0;
    p->done += k->expected > 0 && k->collected >= k->expected;
}

static void put_places(const struct progress *p, const struct ll_areas *a, const char *within,
                       struct ll_json *j)
{
    size_t from = digits_of(within), to = below(from, a->longest);
    struct place sum = {.areas = 0};

    ll_json_arr(j);
    for (size_t i = 0; i < p->n; i++) {
        const struct counted *k = &p->list[i];
        if (k->area.n < from || memcmp(k->area.p, within, from) != 0)
            continue;
        size_t n = k->area.n < to ? k->area.n : to;
        if (sum.areas && (strlen(sum.code) < n || memcmp(sum.code, k->area.p, n) != 0)) {
            put_place(a, &sum, to == a->longest, p->arena, j);
            sum = (struct place){.areas = 0};
        }
        memset(sum.code, 0, sizeof sum.code);
        memcpy(sum.code, k->area.p, n);
        if (n < 6) /* codes of provinces and cities are written with six digits */
            memset(sum.code + n, '0', 6 - n);
        add(&sum, k);
    }
    if (sum.areas)
        put_place(a, &sum, to == a->longest, p->arena, j);
    ll_json_end_arr(j);
}

int ll_campaign_progress(struct ll_data *d, const struct ll_catalog *cat, const struct ll_campaign *c,
                         const char *within, struct ll_arena *arena, struct ll_json *j, struct ll_err *err)
{
    struct progress p = {.c = c, .arena = arena};
    struct ll_areas areas;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(d), false, &tx, err);

    if (strlen(within) > LL_AREA_MAX)
        rc = ll_fail(err, LL_INVALID, "区域代码过长", "the code of the area is too long");
    if (rc == LL_OK && (rc = ll_areas_of(tx, cat, ll_str(c->resource), arena, &areas, err)) == LL_OK &&
        (rc = read_targets(&p, tx, err)) == LL_OK)
        rc = read_refused(&p, tx, err);
    ll_txn_end(tx);
    if (rc == LL_OK && (rc = count_records(&p, d, &areas, err)) == LL_OK)
        put_places(&p, &areas, within[0] ? within : c->region, j);
    return rc;
}
