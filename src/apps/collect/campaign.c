/* campaign.c - see campaign.h: campaigns and their areas. */
#include "apps/collect/campaign.h"

#include "base/clock.h"
#include "crypto/random.h"
#include "share/admin.h"
#include "store/rows.h"

#include <stdio.h>
#include <string.h>

enum { EXPECTED_MAX = 1000000, TITLE_MAX = 200 };

static int no_campaign(const char *id, struct ll_err *err)
{
    return ll_fail(err, LL_NOTFOUND, "没有采集任务 %s", "there is no campaign %s", id);
}

static int note(struct ll_txn *tx, const struct ll_actor *by, enum ll_admin_act act, const char *id,
                const char *detail, struct ll_err *err)
{
    const struct ll_admin_note n = {.act = act, .object = ll_str(id), .detail = ll_str(detail)};

    return ll_admin_note(tx, by, &n, err);
}

/* "360802101901=120"; false when it is none. */
static bool read_target(const char *text, struct ll_str *area, int64_t *n)
{
    struct ll_str count;

    return ll_str_cut(ll_str(text), '=', area, &count) && ll_str_i64(ll_str_trim(count), 0, EXPECTED_MAX, n);
}

static int check_targets(const struct ll_campaign_draft *d, const struct ll_areas *areas, struct ll_err *err)
{
    for (size_t i = 0; i < d->n_targets; i++) {
        struct ll_str area;
        int64_t n;
        if (!read_target(d->targets[i], &area, &n) || !ll_area_is(areas, area))
            return ll_fail(err, LL_INVALID, "“%s”应为“区域代码=应采数”",
                           "'%s' should be the code of an area, = and how many are expected", d->targets[i]);
    }
    return LL_OK;
}

static int64_t expected_of(const struct ll_campaign_draft *d, struct ll_str code)
{
    for (size_t i = 0; i < d->n_targets; i++) {
        struct ll_str area;
        int64_t n;
        if (read_target(d->targets[i], &area, &n) && ll_str_eq(area, code))
            return n;
    }
    return d->expected;
}

static int insert_targets(struct ll_txn *tx, const struct ll_campaign_draft *d, const char *id,
                          const struct ll_code **list, size_t n, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; i < n && rc == LL_OK; i++)
        rc = ll_exec(tx, err, "INSERT INTO collect_target (campaign, area, expected) VALUES ($1, $2, $3)",
                     "zsi", id, list[i]->code, expected_of(d, list[i]->code));
    return rc;
}

static int make_id(char id[LL_CAMPAIGN_ID], struct ll_err *err)
{
    unsigned char bytes[8];
    int rc = ll_random(bytes, sizeof bytes, err);

    for (size_t i = 0; rc == LL_OK && i < sizeof bytes; i++)
        snprintf(id + 2 * i, 3, "%02x", bytes[i]);
    return rc;
}

int ll_campaign_add(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_actor *by,
                    const struct ll_campaign_draft *d, struct ll_arena *arena, char id[LL_CAMPAIGN_ID],
                    struct ll_err *err)
{
    struct ll_areas areas;
    const struct ll_code **list = NULL;
    size_t n = 0;
    int rc;

    if ((rc = ll_areas_of(tx, cat, ll_str(d->resource), arena, &areas, err)) < 0 ||
        (rc = ll_collect_leads(cat, by, areas.resource, ll_str(d->region), err)) < 0 ||
        (rc = ll_areas_in(&areas, ll_str(d->region), arena, &list, &n, err)) < 0 ||
        (rc = check_targets(d, &areas, err)) < 0)
        return rc;
    if (n == 0)
        return ll_fail(err, LL_INVALID, "%s 中没有采集区域", "%s has no areas to collect for", d->region);
    if (d->until_day < d->from_day)
        return ll_fail(err, LL_INVALID, "截止日期早于开始日期", "the last day is before the first");
    if ((rc = make_id(id, err)) < 0 ||
        (rc = ll_exec(
             tx, err,
             "INSERT INTO collect_campaign (id, resource, title, region, organisation, from_day, until_day, made_by, made_at)"
             " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
             "zzzzziizi", id, areas.resource->name, d->title, d->region, by->organisation,
             (int64_t)d->from_day, (int64_t)d->until_day, by->account, ll_now_ms())) < 0 ||
        (rc = insert_targets(tx, d, id, list, n, err)) < 0)
        return rc;
    return note(tx, by, LL_ADMIN_CAMPAIGN_MADE, id, d->title, err);
}

static const struct ll_row_column columns[] = {
    LL_ROW(TEXT, ll_campaign, id),           LL_ROW(TEXT, ll_campaign, resource),
    LL_ROW(TEXT, ll_campaign, title),        LL_ROW(TEXT, ll_campaign, region),
    LL_ROW(TEXT, ll_campaign, organisation), LL_ROW(TEXT, ll_campaign, made_by),
    LL_ROW(INT, ll_campaign, from_day),      LL_ROW(INT, ll_campaign, until_day),
    LL_ROW(INT, ll_campaign, made_at),       LL_ROW(INT, ll_campaign, ended_at),
    LL_ROW(INT, ll_campaign, areas),         LL_ROW(INT, ll_campaign, expected)};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_campaign), NULL};

#define SELECT                                                                                                                       \
    "SELECT id, resource, title, region, organisation, made_by, from_day, until_day, made_at, ended_at,"                             \
    " (SELECT count(*) FROM collect_target WHERE campaign = c.id), (SELECT sum(expected) FROM collect_target WHERE campaign = c.id)" \
    " FROM collect_campaign c"

int ll_campaign_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_campaign *ret,
                    struct ll_err *err)
{
    int rc = ll_row_get(tx, &rows, SELECT " WHERE id = $1", id, arena, ret, err);

    return rc == 0 ? no_campaign(id, err) : rc < 0 ? rc : LL_OK;
}

int ll_campaign_list(struct ll_txn *tx, bool open_only, size_t offset, size_t limit, struct ll_arena *arena,
                     struct ll_campaign **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_I(open_only)};
    const struct ll_row_page p = {
        .sql = SELECT " WHERE ($1 = 0 OR ended_at IS NULL) ORDER BY made_at DESC, id LIMIT $2 OFFSET $3",
        .count = "SELECT count(*) FROM collect_campaign WHERE ($1 = 0 OR ended_at IS NULL)",
        .args = args,
        .n_args = 1,
        .limit = limit,
        .offset = offset};
    void *list = NULL;
    int rc = ll_row_list(tx, &rows, &p, arena, &list, ret_n, ret_total, err);

    *ret = list;
    return rc;
}

int ll_campaign_end(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_actor *by,
                    const char *id, struct ll_arena *arena, struct ll_err *err)
{
    struct ll_campaign c;
    int rc = ll_campaign_get(tx, id, arena, &c, err);
    const struct ll_resource *r = rc == LL_OK ? ll_catalog_resource(cat, ll_str(c.resource)) : NULL;

    if (rc == LL_OK)
        rc = r ? ll_collect_leads(cat, by, r, ll_str(c.region), err) : no_campaign(id, err);
    if (rc < 0)
        return rc;
    if (c.ended_at)
        return ll_fail(err, LL_CONFLICT, "采集任务 %s 已经结束", "campaign %s has ended", id);
    if ((rc = ll_exec(tx, err, "UPDATE collect_campaign SET ended_at = $1 WHERE id = $2", "iz", ll_now_ms(),
                      id)) < 0)
        return rc;
    return note(tx, by, LL_ADMIN_CAMPAIGN_ENDED, id, c.title, err);
}

static void put_day(struct ll_json *j, const char *name, int64_t day)
{
    char text[LL_TIME_TEXT];

    ll_time_text(day * INT64_C(86400000), text);
    ll_json_ks(j, name, (struct ll_str){text, 10});
}

void ll_campaign_put(const struct ll_campaign *c, struct ll_json *j)
{
    char when[LL_TIME_TEXT];

    ll_json_kz(j, "id", c->id);
    ll_json_kz(j, "resource", c->resource);
    ll_json_kz(j, "title", c->title);
    ll_json_kz(j, "region", c->region);
    ll_json_kz(j, "organisation", c->organisation);
    put_day(j, "from", c->from_day);
    put_day(j, "until", c->until_day);
    ll_json_ki(j, "areas", c->areas);
    ll_json_ki(j, "expected", c->expected);
    ll_json_kb(j, "overdue", !c->ended_at && ll_today() > c->until_day);
    ll_json_kz(j, "ended_at", c->ended_at ? ll_time_text(c->ended_at, when) : NULL);
}
