/* region.c - see region.h.  The digits say where a code lies (two for the province, two for the city, two for the county, the rest
 * for the town), whether or not the table still has it; the table says what it is called. */
#include "catalog/region.h"

#include <string.h>

enum { CODE_DIGITS = 6, DEPTH_MAX = 16 };

#define X(id, name, zh, en) {name, {zh, en}},
static const struct {
    const char *name, *title[2];
} levels[] = {LL_REGION_LEVELS(X)};
#undef X

const char *ll_region_level_name(enum ll_region_level l)
{
    return levels[l].name;
}

const char *ll_region_level_title(enum ll_region_level l, enum ll_lang lang)
{
    return levels[l].title[lang];
}

/* The digits that matter: trailing pairs of zeros of a six-digit code say "all of it". */
static struct ll_str significant(struct ll_str code)
{
    if (code.n > CODE_DIGITS && strspn(code.p + CODE_DIGITS, "0") >= code.n - CODE_DIGITS)
        code.n = CODE_DIGITS;
    while (code.n > 2 && code.n <= CODE_DIGITS && code.n % 2 == 0 &&
           memcmp(code.p + code.n - 2, "00", 2) == 0)
        code.n -= 2;
    return code;
}

enum ll_region_level ll_region_level(struct ll_str code)
{
    size_t n = significant(code).n;

    return n <= 2 ? LL_REGION_PROVINCE : n <= 4 ? LL_REGION_CITY : n <= 6 ? LL_REGION_COUNTY : LL_REGION_TOWN;
}

bool ll_region_within(struct ll_str code, struct ll_str above)
{
    return above.n && ll_str_starts(code, significant(above));
}

static const struct ll_code *lookup(const struct ll_codeset *regions, struct ll_str code, size_t digits)
{
    char padded[CODE_DIGITS];

    if (code.n < digits)
        return NULL;
    memset(padded, '0', sizeof padded);
    memcpy(padded, code.p, digits);
    return ll_codeset_by_code(regions, (struct ll_str){padded, sizeof padded});
}

bool ll_region_path(const struct ll_codeset *regions, struct ll_str code, struct ll_region_path *ret)
{
    enum ll_region_level own = ll_region_level(code);
    bool any = false;

    *ret = (struct ll_region_path){0};
    for (int level = LL_REGION_PROVINCE; level <= (int)own; level++) {
        if (level == LL_REGION_TOWN)
            ret->at[level] = ll_codeset_by_code(regions, code);
        else
            ret->at[level] = lookup(regions, code, 2 * ((size_t)level + 1));
        any |= ret->at[level] != NULL;
    }
    return any;
}

const char *ll_organisation_region(const struct ll_catalog *cat, const struct ll_organisation *o)
{
    for (int depth = 0; o && depth < DEPTH_MAX; depth++) {
        if (o->region)
            return o->region;
        o = o->parent ? ll_catalog_organisation(cat, ll_str(o->parent)) : NULL;
    }
    return NULL;
}

bool ll_organisation_path(const struct ll_catalog *cat, const struct ll_organisation *o,
                          struct ll_region_path *ret)
{
    const struct ll_codeset *regions = ll_catalog_codeset(cat, LL_STR("REGION"));
    const char *region = ll_organisation_region(cat, o);

    *ret = (struct ll_region_path){0};
    return regions && region && ll_region_path(regions, ll_str(region), ret);
}
