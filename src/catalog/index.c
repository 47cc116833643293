/* index.c - see index.h. */
#include "catalog/index.h"

#include "base/err.h"
#include "catalog/name.h"

#include <string.h>

enum { FIRST_CAP = 64 };

void ll_index_init(struct ll_index *ix, struct ll_arena *arena)
{
    *ix = (struct ll_index){.arena = arena};
}

static struct ll_index_slot *slot_of(const struct ll_index *ix, struct ll_str key)
{
    size_t at = ll_str_hash(key) & (ix->cap - 1);

    while (ix->slots[at].value && !ll_str_eq(ix->slots[at].key, key))
        at = (at + 1) & (ix->cap - 1);
    return &ix->slots[at];
}

static int grow(struct ll_index *ix)
{
    struct ll_index old = *ix;

    ix->cap = old.cap ? old.cap * 4 : FIRST_CAP;
    ix->slots = ll_arena_array(ix->arena, ix->cap, sizeof *ix->slots);
    if (!ix->slots) {
        *ix = old;
        return LL_NOMEM;
    }
    for (size_t i = 0; i < old.cap; i++)
        if (old.slots[i].value)
            *slot_of(ix, old.slots[i].key) = old.slots[i];
    return LL_OK;
}

int ll_index_add(struct ll_index *ix, struct ll_str key, const void *value)
{
    LL_ASSERT(value != NULL);
    if (ix->n * 2 >= ix->cap && grow(ix) < 0)
        return LL_NOMEM;
    struct ll_index_slot *slot = slot_of(ix, key);
    if (slot->value)
        return 0;
    *slot = (struct ll_index_slot){key, value};
    ix->n++;
    return 1;
}

void ll_index_replace(struct ll_index *ix, struct ll_str key, const void *value)
{
    struct ll_index_slot *slot = slot_of(ix, key);

    LL_ASSERT(slot->value && value);
    slot->value = value;
}

const void *ll_index_find(const struct ll_index *ix, struct ll_str key)
{
    return ix->cap ? slot_of(ix, key)->value : NULL;
}

struct ll_str ll_index_nearest(const struct ll_index *ix, struct ll_str s)
{
    struct ll_near near = ll_near_start(s);

    for (size_t i = 0; i < ix->cap; i++)
        if (ix->slots[i].value)
            ll_near_try(&near, ix->slots[i].key);
    return near.best;
}
