/* duty.c - see duty.h. */
#include "apps/collect/duty.h"

#include "base/clock.h"
#include "catalog/region.h"
#include "share/admin.h"
#include "store/rows.h"

#include <string.h>

int ll_collect_leads(const struct ll_catalog *cat, const struct ll_actor *a, const struct ll_resource *r,
                     struct ll_str place, struct ll_err *err)
{
    const struct ll_organisation *own = a->organisation
                                            ? ll_catalog_organisation(cat, ll_str(a->organisation))
                                            : NULL;
    const char *region = own ? ll_organisation_region(cat, own) : NULL;

    if ((a->roles & LL_DUTY_OPERATOR) || !a->account ||
        (a->organisation && strcmp(a->organisation, r->provider) == 0))
        return LL_OK;
    if (region && ll_region_within(place, ll_str(region)))
        return LL_OK;
    return ll_fail(err, LL_DENIED, "%s 不由本机构提供，%.*s 也不在本机构的辖区内",
                   "%s is not provided by your organisation and %.*s is not in its region", r->name,
                   LL_STR_ARG(place));
}

static int check_account(struct ll_txn *tx, const struct ll_actor *by, const char *account,
                         struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT duties, organisation FROM account WHERE id = $1 AND state <> 'disabled'", &s,
                    err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, account);
    rc = ll_step(s, err);
    bool own = rc > 0 && (!by->organisation || (by->roles & LL_DUTY_OPERATOR) ||
                          ll_str_is(ll_col_text(s, 1), by->organisation));
    if (rc == 0 || (rc > 0 && !own))
        rc = ll_fail(err, LL_NOTFOUND, "本机构没有账号 %s", "your organisation has no account %s", account);
    else if (rc > 0 && !(ll_col_int(s, 0) & LL_DUTY_COLLECTOR))
        rc = ll_fail(err, LL_INVALID, "账号 %s 没有采集员的职责，请安全管理员先授予",
                     "account %s has not the duty of a collector: the security administrator gives it first",
                     account);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int note(struct ll_txn *tx, const struct ll_actor *by, enum ll_admin_act act, const char *account,
                const char *resource, const char *area, struct ll_arena *arena, struct ll_err *err)
{
    const char *detail = ll_arena_printf(arena, "%s %s", resource, area);
    const struct ll_admin_note n = {.act = act, .object = ll_str(account), .detail = ll_str(detail)};

    return detail ? ll_admin_note(tx, by, &n, err) : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
}

int ll_collect_give(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_actor *by,
                    const char *account, const char *resource, const char *area, struct ll_arena *arena,
                    struct ll_err *err)
{
    struct ll_areas areas;
    int rc;

    if ((rc = ll_areas_of(tx, cat, ll_str(resource), arena, &areas, err)) < 0 ||
        (rc = ll_collect_leads(cat, by, areas.resource, ll_str(area), err)) < 0 ||
        (rc = check_account(tx, by, account, err)) < 0)
        return rc;
    if (!ll_area_is(&areas, ll_str(area)))
        return ll_fail(err, LL_INVALID, "%s 不是采集区域（代码表 %s）", "%s is no area (code table %s)", area,
                       ll_codeset_name(areas.codes));
    rc = ll_exec(
        tx, err,
        "INSERT INTO collect_duty (account, resource, area, given_by, given_at) SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS"
        " (SELECT 1 FROM collect_duty WHERE account = $1 AND resource = $2 AND area = $3)",
        "zzzzi", account, areas.resource->name, area, by->account, ll_now_ms());
    if (rc == LL_OK && !ll_txn_changes(tx))
        return ll_fail(err, LL_CONFLICT, "%s 已经负责 %s", "%s collects for %s already", account, area);
    return rc < 0 ? rc : note(tx, by, LL_ADMIN_AREA_GIVEN, account, resource, area, arena, err);
}

int ll_collect_end(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_actor *by,
                   const char *account, const char *resource, const char *area, struct ll_arena *arena,
                   struct ll_err *err)
{
    const struct ll_resource *r = ll_catalog_resource(cat, ll_str(resource));
    int rc = r ? ll_collect_leads(cat, by, r, ll_str(area), err)
               : ll_fail(err, LL_NOTFOUND, "没有数据资源 %s", "there is no resource %s", resource);

    if (rc == LL_OK)
        rc = ll_exec(tx, err, "DELETE FROM collect_duty WHERE account = $1 AND resource = $2 AND area = $3",
                     "zzz", account, resource, area);
    if (rc == LL_OK && !ll_txn_changes(tx))
        return ll_fail(err, LL_NOTFOUND, "%s 没有负责 %s", "%s does not collect for %s", account, area);
    return rc < 0 ? rc : note(tx, by, LL_ADMIN_AREA_ENDED, account, resource, area, arena, err);
}

static const struct ll_row_column columns[] = {
    LL_ROW(TEXT, ll_collect_duty, account),      LL_ROW(TEXT, ll_collect_duty, name),
    LL_ROW(TEXT, ll_collect_duty, organisation), LL_ROW(TEXT, ll_collect_duty, resource),
    LL_ROW(TEXT, ll_collect_duty, area),         LL_ROW(TEXT, ll_collect_duty, given_by),
    LL_ROW(INT, ll_collect_duty, given_at)};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_collect_duty), NULL};

#define FROM                                                                                                 \
    " FROM collect_duty d JOIN account a ON a.id = d.account WHERE ($1 IS NULL OR d.account = $1) AND ($2 IS NULL OR a.organisation = $2)"

static const struct ll_row_order order_list[] = {
    {"account", "d.account"}, {"resource", "d.resource"}, {"area", "d.area"}, {"given", "d.given_at"}};
static const struct ll_row_orders orders = {order_list, LL_COUNT(order_list), "d.resource",
                                            "d.resource, d.area, d.account"};

int ll_collect_duties(struct ll_txn *tx, const struct ll_collect_duty_query *q, struct ll_arena *arena,
                      struct ll_collect_duty **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(q->account), LL_ARG_Z(q->organisation)};
    const struct ll_row_page p = LL_ROW_PAGE(
        "d.account, a.name, a.organisation, d.resource, d.area, d.given_by, d.given_at", FROM, orders, args,
        q);
    void *list = NULL;
    int rc = ll_row_list(tx, &rows, &p, arena, &list, ret_n, ret_total, err);

    *ret = list;
    return rc;
}

int ll_collect_may(struct ll_txn *tx, const struct ll_actor *a, const char *resource, const char *area,
                   struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT 1 FROM collect_duty WHERE account = $1 AND resource = $2 AND area = $3", &s,
                    err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, a->account);
    ll_bind_z(s, 2, resource);
    ll_bind_z(s, 3, area);
    rc = ll_step(s, err);
    ll_stmt_done(s);
    return rc < 0   ? rc
           : rc > 0 ? LL_OK
                    : ll_fail(err, LL_DENIED, "%s 的 %s 没有交给你采集", "of %s, %s is not yours to collect",
                              resource, area);
}
