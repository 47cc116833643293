/* segschema.c - see segschema.h. */
#include "catalog/segschema.h"

const char *ll_type_segment(enum ll_type t)
{
    static const char *const types[] = {
#define X(name, text, lake, segment) [LL_TYPE_##name] = segment,
        LL_TYPES(X)
#undef X
    };

    LL_ASSERT((size_t)t < LL_COUNT(types));
    return types[t];
}

static bool is_indexed(const struct ll_item *item)
{
    return item->role != LL_ROLE_NONE && item->key != 1;
}

int ll_table_schema(const struct ll_resource *r, struct ll_seg_schema *out, struct ll_arena *arena,
                    struct ll_err *err)
{
    struct ll_seg_column *columns = ll_arena_array(arena, r->n_items, sizeof *columns);
    unsigned *key = ll_arena_array(arena, r->n_key, sizeof *key);
    unsigned *indexed = ll_arena_array(arena, r->n_items, sizeof *indexed);
    size_t n_indexed = 0;

    if (r->n_items == 0 || r->n_key == 0)
        return ll_fail(err, LL_INVALID, "数据资源 %s 没有主键", "resource %s has no key", r->name);
    if (!columns || !key || !indexed)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    for (size_t i = 0; i < r->n_items; i++) {
        columns[i] = (struct ll_seg_column){r->items[i].name, ll_type_segment(r->items[i].element->type)};
        if (is_indexed(&r->items[i]))
            indexed[n_indexed++] = (unsigned)i;
    }
    for (size_t i = 0; i < r->n_key; i++)
        key[i] = (unsigned)(r->key[i] - r->items);
    *out = (struct ll_seg_schema){columns, r->n_items, key, r->n_key, indexed, n_indexed};
    return LL_OK;
}
