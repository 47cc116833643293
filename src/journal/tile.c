/* tile.c - see tile.h. */
#include "journal/tile.h"

#include <stdio.h>
#include <string.h>

static const struct {
    unsigned level;
    const char *name;
} named[] = {{LL_TILE_ENTRIES, "entries"}, {LL_TILE_PAYLOAD, "payload"}};

static size_t put_level(unsigned level, char *out, size_t room)
{
    for (size_t i = 0; i < LL_COUNT(named); i++)
        if (named[i].level == level)
            return (size_t)snprintf(out, room, "tile/%s/", named[i].name);
    return (size_t)snprintf(out, room, "tile/%u/", level);
}

void ll_tile_path(const struct ll_tile *t, char out[LL_TILE_PATH])
{
    unsigned groups[7], n = 0;
    uint64_t rest = t->n;
    size_t at = put_level(t->level, out, LL_TILE_PATH);

    do {
        groups[n++] = (unsigned)(rest % 1000);
        rest /= 1000;
    } while (rest > 0);
    while (n-- > 0)
        at += (size_t)snprintf(out + at, LL_TILE_PATH - at, n > 0 ? "x%03u/" : "%03u", groups[n]);
    if (t->width < LL_TILE_WIDTH)
        snprintf(out + at, LL_TILE_PATH - at, ".p/%u", t->width);
}

static bool take_level(struct ll_str text, unsigned *ret)
{
    int64_t v = 0;

    for (size_t i = 0; i < LL_COUNT(named); i++)
        if (ll_str_is(text, named[i].name)) {
            *ret = named[i].level;
            return true;
        }
    if (!ll_str_i64(text, 0, 63, &v))
        return false;
    *ret = (unsigned)v;
    return true;
}

static bool take_group(struct ll_str text, uint64_t *n)
{
    unsigned v = 0;

    if (text.n != 3 || *n > (UINT64_MAX - 999) / 1000)
        return false;
    for (size_t i = 0; i < 3; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
        v = v * 10 + (unsigned)(text.p[i] - '0');
    }
    *n = *n * 1000 + v;
    return true;
}

static bool take_number(struct ll_str text, uint64_t *ret)
{
    struct ll_str group, rest;

    *ret = 0;
    while (ll_str_cut(text, '/', &group, &rest)) {
        if (group.n != 4 || group.p[0] != 'x' || !take_group((struct ll_str){group.p + 1, 3}, ret))
            return false;
        text = rest;
    }
    return take_group(text, ret);
}

bool ll_tile_parse(struct ll_str path, struct ll_tile *ret)
{
    struct ll_str level, number, rest;
    struct ll_tile t = {.width = LL_TILE_WIDTH};
    const char *partial;
    int64_t width = 0;
    char again[LL_TILE_PATH];

    if (path.n >= LL_TILE_PATH || !ll_str_starts(path, LL_STR("tile/")))
        return false;
    path = (struct ll_str){path.p + 5, path.n - 5};
    if (!ll_str_cut(path, '/', &level, &number) || !take_level(level, &t.level))
        return false;
    partial = memmem(number.p, number.n, ".p/", 3);
    if (partial) {
        rest = (struct ll_str){partial + 3, (size_t)(number.p + number.n - partial) - 3};
        number.n = (size_t)(partial - number.p);
        if (!ll_str_i64(rest, 1, LL_TILE_WIDTH - 1, &width))
            return false;
        t.width = (unsigned)width;
    }
    if (!take_number(number, &t.n))
        return false;
    ll_tile_path(&t, again); /* one spelling only: no 007 for a width, no x000 in front */
    *ret = t;
    return ll_str_is((struct ll_str){path.p - 5, path.n + 5}, again);
}

unsigned ll_tile_width(unsigned level, uint64_t n, uint64_t size)
{
    unsigned shift = level >= LL_TILE_ENTRIES ? 0 : level * 8;
    uint64_t nodes = shift > 63 ? 0 : size >> shift;

    if (n > nodes >> 8 || (n == nodes >> 8 && (nodes & 255) == 0))
        return 0;
    return n < nodes >> 8 ? LL_TILE_WIDTH : (unsigned)(nodes & 255);
}

int ll_bundle_next(struct ll_str *rest, struct ll_str *ret, struct ll_err *err)
{
    const unsigned char *p = (const unsigned char *)rest->p;

    if (rest->n == 0)
        return 0;
    size_t n = rest->n < 2 ? 0 : (size_t)p[0] << 8 | p[1];
    if (rest->n < 2 || n > rest->n - 2)
        return ll_fail(err, LL_INVALID, "条目在文件结尾处被截断",
                       "an entry is cut short by the end of the file");
    *ret = (struct ll_str){rest->p + 2, n};
    *rest = (struct ll_str){rest->p + 2 + n, rest->n - 2 - n};
    return 1;
}
