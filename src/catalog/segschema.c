/* segschema.c - see segschema.h. */
#include "catalog/segschema.h"

#include "base/buf.h"

#include <stdio.h>

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

static bool is_indexed(const struct ll_resource *r, const struct ll_item *item)
{
    return item->role != LL_ROLE_NONE && (item->key != 1 || ll_key_sealed(r));
}

/* Columns being laid out. */
struct layout {
    struct ll_seg_column *columns;
    unsigned *indexed;
    size_t n, n_indexed;
    struct ll_arena *arena;
    bool nomem;
};

static const char *prefixed(struct layout *l, const char *prefix, const char *item)
{
    const char *name = ll_arena_printf(l->arena, "%s%s", prefix, item);

    l->nomem |= !name;
    return name;
}

static void add_item(struct layout *l, const struct ll_resource *r, const struct ll_item *item)
{
    const char *type = ll_type_segment(item->element->type);

    if (!ll_item_sealed(item)) {
        if (is_indexed(r, item))
            l->indexed[l->n_indexed++] = (unsigned)l->n;
        l->columns[l->n++] = (struct ll_seg_column){item->name, type};
        return;
    }
    l->columns[l->n++] = (struct ll_seg_column){prefixed(l, LL_SEALED_PREFIX, item->name),
                                                type[0] == 'I' ? LL_SEALED_INTEGER : "BLOB"};
}

static void add_blind(struct layout *l, const struct ll_resource *r, const struct ll_item *item)
{
    if (!ll_item_blind(item))
        return;
    if (is_indexed(r, item))
        l->indexed[l->n_indexed++] = (unsigned)l->n;
    l->columns[l->n++] = (struct ll_seg_column){prefixed(l, LL_BLIND_PREFIX, item->name), "BLOB"};
}

int ll_table_schema(const struct ll_resource *r, struct ll_seg_schema *out, struct ll_arena *arena,
                    struct ll_err *err)
{
    struct layout l = {.columns = ll_arena_array(arena, r->n_items * 2 + 1, sizeof *l.columns),
                       .indexed = ll_arena_array(arena, r->n_items + 1, sizeof *l.indexed),
                       .arena = arena};
    unsigned *key = ll_arena_array(arena, r->n_key + 1, sizeof *key);

    if (r->n_items == 0 || r->n_key == 0)
        return ll_fail(err, LL_INVALID, "数据资源 %s 没有主键", "resource %s has no key", r->name);
    if (!l.columns || !key || !l.indexed)
        return ll_no_memory(err);
    for (size_t i = 0; i < r->n_items; i++)
        add_item(&l, r, &r->items[i]);
    for (size_t i = 0; i < r->n_items; i++)
        add_blind(&l, r, &r->items[i]);
    for (size_t i = 0; i < r->n_key; i++)
        key[i] = (unsigned)(r->key[i] - r->items);
    if (ll_key_sealed(r)) {
        key[0] = (unsigned)l.n;
        l.columns[l.n++] = (struct ll_seg_column){LL_KEY_COLUMN, "BLOB"};
    }
    *out = (struct ll_seg_schema){l.columns, l.n,        key, ll_key_sealed(r) ? 1 : r->n_key,
                                  l.indexed, l.n_indexed};
    return l.nomem ? ll_no_memory(err) : LL_OK;
}

int ll_table_meta(const struct ll_resource *r, struct ll_seg_build *b, struct ll_err *err)
{
    struct ll_buf key = LL_BUF_INIT(1 << 16);
    char version[24];
    int rc;

    snprintf(version, sizeof version, "%u", r->version);
    for (size_t i = 0; i < r->n_key && ll_key_sealed(r); i++)
        ll_buf_printf(&key, "%s%s", i ? " " : "", r->key[i]->name);
    if ((rc = ll_seg_build_meta(b, "resource", r->name, err)) == LL_OK &&
        (rc = ll_seg_build_meta(b, "version", version, err)) == LL_OK && key.n)
        rc = ll_seg_build_meta(b, "key", key.p, err);
    ll_buf_free(&key);
    return rc;
}
