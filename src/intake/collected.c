/* collected.c - see collected.h. */
#include "intake/collected.h"

#include "catalog/pack.h"

#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 256 };

enum column { RESOURCE, AREA, CODES, LABEL, SHOWS, COLUMNS };
static const char *const columns[COLUMNS] = {"resource", "area", "codes", "label", "shows"};

struct reading {
    struct ll_arena *arena;
    const char *wanted; /* NULL: all */
    struct ll_collected *list;
    size_t n;
};

static int split(struct reading *k, struct ll_str text, const char **list, size_t *n, struct ll_err *err)
{
    struct ll_str one;
    bool more = text.n > 0;

    while (more && *n < LL_COLLECTED_ITEMS) {
        more = ll_str_cut(text, '|', &one, &text);
        if (!(one = ll_str_trim(one)).n)
            continue;
        if (!(list[*n] = ll_arena_dup(k->arena, one)))
            return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
        ++*n;
    }
    return LL_OK;
}

static int take(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *k = ctx;
    int rc;

    (void)pack;
    if (k->n == LIST_MAX || (k->wanted && !ll_str_is(cells[RESOURCE], k->wanted)))
        return LL_OK;
    struct ll_collected *c = &k->list[k->n];
    *c = (struct ll_collected){.resource = ll_arena_dup(k->arena, cells[RESOURCE]),
                               .area = ll_arena_dup(k->arena, cells[AREA]),
                               .codes = ll_arena_dup(k->arena, cells[CODES])};
    if (!c->resource || !c->area || !c->codes)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    if ((rc = split(k, cells[LABEL], c->label, &c->n_label, err)) < 0 ||
        (rc = split(k, cells[SHOWS], c->shows, &c->n_shows, err)) < 0)
        return rc;
    k->n++;
    return LL_OK;
}

static int read_all(struct ll_txn *tx, struct reading *k, struct ll_err *err)
{
    k->list = ll_arena_array(k->arena, LIST_MAX, sizeof *k->list);
    return k->list ? ll_pack_use_each(tx, NULL, "collection.csv", columns, COLUMNS, take, k, err)
                   : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
}

int ll_collected_get(struct ll_txn *tx, const char *resource, struct ll_arena *arena,
                     struct ll_collected *ret, struct ll_err *err)
{
    struct reading k = {.arena = arena, .wanted = resource};
    int rc = read_all(tx, &k, err);

    if (rc == LL_OK && k.n == 0)
        return ll_fail(err, LL_NOTFOUND, "数据资源 %s 不按区域采集（场景包的 collection.csv 中没有它）",
                       "resource %s is not collected by area: no pack's collection.csv names it", resource);
    if (rc == LL_OK)
        *ret = k.list[k.n - 1];
    return rc;
}

static int by_resource(const void *a, const void *b)
{
    const struct ll_collected *x = a, *y = b;

    return strcmp(x->resource, y->resource);
}

int ll_collected_list(struct ll_txn *tx, struct ll_arena *arena, struct ll_collected **ret, size_t *ret_n,
                      struct ll_err *err)
{
    struct reading k = {.arena = arena};
    int rc = read_all(tx, &k, err);

    if (rc < 0)
        return rc;
    qsort(k.list, k.n, sizeof *k.list, by_resource);
    *ret = k.list;
    *ret_n = k.n;
    return LL_OK;
}

bool ll_collected_shows(const struct ll_collected *c, const char *item)
{
    for (size_t i = 0; i < c->n_shows; i++)
        if (strcmp(c->shows[i], item) == 0)
            return true;
    return strcmp(c->area, item) == 0;
}
