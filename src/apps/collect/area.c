/* area.c - see area.h. */
#include "apps/collect/area.h"

#include "base/buf.h"
#include "catalog/region.h"

#include <stdlib.h>
#include <string.h>

enum { TOWN = 9 };

int ll_areas_of(struct ll_txn *tx, const struct ll_catalog *cat, struct ll_str resource,
                struct ll_arena *arena, struct ll_areas *ret, struct ll_err *err)
{
    int rc;

    *ret = (struct ll_areas){.resource = ll_catalog_resource(cat, resource),
                             .regions = ll_catalog_codeset(cat, LL_STR("REGION"))};
    if (!ret->resource)
        return ll_fail(err, LL_NOTFOUND, "没有数据资源 %.*s", "there is no resource %.*s",
                       LL_STR_ARG(resource));
    if ((rc = ll_collected_get(tx, ret->resource->name, arena, &ret->how, err)) < 0)
        return rc;
    if (!(ret->item = ll_resource_item(ret->resource, ll_str(ret->how.area))))
        return ll_fail(err, LL_INVALID, "数据资源 %s 没有信息项 %s（collection.csv 的 area）",
                       "resource %s has no item %s, which collection.csv names as its area",
                       ret->resource->name, ret->how.area);
    ret->codes = ret->how.codes[0] ? ll_catalog_codeset(cat, ll_str(ret->how.codes)) : ret->item->codes;
    if (!ret->codes)
        return ll_fail(err, LL_INVALID, "信息项 %s 没有代码表，不能按它划分采集区域",
                       "item %s has no code table: areas cannot be told by it", ret->item->name);
    for (size_t i = 0; i < ll_codeset_size(ret->codes); i++)
        if (ll_codeset_at(ret->codes, i)->code.n > ret->longest)
            ret->longest = ll_codeset_at(ret->codes, i)->code.n;
    return LL_OK;
}

bool ll_area_is(const struct ll_areas *a, struct ll_str code)
{
    const struct ll_code *c = ll_codeset_by_code(a->codes, code);

    return c && !c->historical && code.n == a->longest;
}

static int by_code(const void *x, const void *y)
{
    const struct ll_code *const *a = x, *const *b = y;

    return ll_str_cmp((*a)->code, (*b)->code);
}

static bool lies_in(const struct ll_areas *a, const struct ll_code *c, struct ll_str within)
{
    return !c->historical && c->code.n == a->longest && ll_region_within(c->code, within);
}

int ll_areas_in(const struct ll_areas *a, struct ll_str within, struct ll_arena *arena,
                const struct ll_code ***ret, size_t *ret_n, struct ll_err *err)
{
    size_t all = ll_codeset_size(a->codes), n = 0;

    for (size_t i = 0; i < all; i++)
        n += lies_in(a, ll_codeset_at(a->codes, i), within);
    if (n > LL_AREAS_MAX)
        return ll_fail(err, LL_TOOBIG, "%.*s 中的采集区域超过 %d 个", "%.*s has more than %d areas",
                       LL_STR_ARG(within), LL_AREAS_MAX);
    if (!(*ret = ll_arena_array(arena, n + 1, sizeof **ret)))
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    *ret_n = 0;
    for (size_t i = 0; i < all; i++)
        if (lies_in(a, ll_codeset_at(a->codes, i), within))
            (*ret)[(*ret_n)++] = ll_codeset_at(a->codes, i);
    if (n)
        qsort(*ret, n, sizeof **ret, by_code);
    return LL_OK;
}

static const struct ll_code *find(const struct ll_areas *a, struct ll_str code)
{
    const struct ll_code *c = ll_codeset_by_code(a->codes, code);

    return c || !a->regions ? c : ll_codeset_by_code(a->regions, code);
}

const char *ll_area_name(const struct ll_areas *a, struct ll_str code, struct ll_arena *arena)
{
    const struct ll_code *c = find(a, code);

    return c && c->title.n ? ll_arena_dup(arena, c->title) : NULL;
}

const char *ll_area_title(const struct ll_areas *a, struct ll_str code, struct ll_arena *arena)
{
    static const size_t levels[] = {6, TOWN};
    struct ll_buf b = LL_BUF_INIT(1024);

    for (size_t i = 0; i < LL_COUNT(levels) && code.n > levels[i]; i++) {
        const struct ll_code *c = find(a, (struct ll_str){code.p, levels[i]});
        if (c && c->title.n)
            ll_buf_printf(&b, "%s%.*s", b.n ? " " : "", LL_STR_ARG(c->title));
    }
    const struct ll_code *own = find(a, code);
    if (own && own->title.n)
        ll_buf_printf(&b, "%s%.*s", b.n ? " " : "", LL_STR_ARG(own->title));
    const char *title = ll_arena_dup(arena, ll_buf_view(&b));
    ll_buf_free(&b);
    return title;
}
