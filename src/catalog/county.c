/* county.c - see county.h. */
#include "catalog/county.h"

#include "catalog/pack.h"
#include "catalog/region.h"

#include <stdlib.h>
#include <string.h>

enum { PLACES_MAX = 40 }; /* rows, and places of a row */
enum column { REGION, ROW, PLACE, COLUMNS };
static const char *const columns[COLUMNS] = {"region", "row", "place"};

struct reading {
    struct ll_county *counties;
    size_t n;
};

static int place_of(struct ll_str text)
{
    int64_t n;

    return ll_str_i64(text, 0, PLACES_MAX - 1, &n) ? (int)n : -1;
}

static int take_place(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;
    const int row = place_of(cells[ROW]), place = place_of(cells[PLACE]);

    (void)pack;
    if (row < 0 || place < 0)
        return ll_fail(err, LL_INVALID, "region_tiles.csv：%.*s 的行或位置不是 0 至 %d 的整数",
                       "region_tiles.csv: row or place of %.*s is not a number from 0 to %d",
                       (int)cells[REGION].n, cells[REGION].p, PLACES_MAX - 1);
    for (size_t i = 0; i < r->n; i++)
        if (ll_str_eq(cells[REGION], r->counties[i].code->code)) {
            r->counties[i].row = row;
            r->counties[i].place = place;
        }
    return LL_OK;
}

/* What has no place comes after what has one. */
static int by_place(const void *x, const void *y)
{
    const struct ll_county *a = x, *b = y;
    const unsigned rows[] = {(unsigned)a->row, (unsigned)b->row},
                   at[] = {(unsigned)a->place, (unsigned)b->place};

    if (rows[0] != rows[1])
        return rows[0] < rows[1] ? -1 : 1;
    if (at[0] != at[1])
        return at[0] < at[1] ? -1 : 1;
    return ll_str_cmp(a->code->code, b->code->code);
}

static void gather(const struct ll_codeset *regions, struct ll_str city, struct reading *r)
{
    for (size_t i = 0; i < ll_codeset_size(regions) && r->n < LL_COUNTIES_MAX; i++) {
        const struct ll_code *c = ll_codeset_at(regions, i);
        if (!c->historical && ll_region_level(c->code) == LL_REGION_COUNTY && ll_region_within(c->code, city))
            r->counties[r->n++] = (struct ll_county){c, -1, -1};
    }
}

int ll_counties_read(struct ll_txn *tx, const struct ll_catalog *cat, const char *organisation,
                     struct ll_arena *arena, struct ll_county **ret, size_t *ret_n, struct ll_err *err)
{
    const struct ll_organisation *o = ll_catalog_organisation(cat, ll_str(organisation));
    const struct ll_codeset *regions = ll_catalog_codeset(cat, LL_STR("REGION"));
    struct reading r = {ll_arena_array(arena, LL_COUNTIES_MAX, sizeof *r.counties), 0};
    struct ll_region_path path;
    int rc = LL_OK;

    if (!r.counties)
        return ll_no_memory(err);
    if (o && regions && ll_organisation_path(cat, o, &path) && path.at[LL_REGION_CITY]) {
        gather(regions, path.at[LL_REGION_CITY]->code, &r);
        rc = ll_pack_use_each(tx, NULL, "region_tiles.csv", columns, COLUMNS, take_place, &r, err);
        qsort(r.counties, r.n, sizeof *r.counties, by_place);
    }
    *ret = r.counties;
    *ret_n = r.n;
    return rc;
}
