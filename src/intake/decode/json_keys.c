/* json_keys.c - see json_keys.h. */
#include "intake/decode/json_keys.h"

#include <stdlib.h>
#include <string.h>

size_t ll_json_key_find(const struct ll_json_keys *k, struct ll_str key, size_t hint)
{
    if (hint < k->n && ll_str_eq(k->keys[hint], key))
        return hint;
    if (!k->n_slots)
        return SIZE_MAX;
    for (size_t at = ll_str_hash(key) & (k->n_slots - 1); k->slots[at]; at = (at + 1) & (k->n_slots - 1))
        if (ll_str_eq(k->keys[k->slots[at] - 1], key))
            return k->slots[at] - 1;
    return SIZE_MAX;
}

static void put(struct ll_json_keys *k, size_t i)
{
    size_t at = ll_str_hash(k->keys[i]) & (k->n_slots - 1);

    while (k->slots[at])
        at = (at + 1) & (k->n_slots - 1);
    k->slots[at] = (uint32_t)(i + 1);
}

/* Twice the keys, four times the slots: chains stay short. */
static int grow(struct ll_json_keys *k)
{
    size_t cap = k->cap ? k->cap * 2 : 64;
    struct ll_str *keys = realloc(k->keys, cap * sizeof *keys);

    if (!keys)
        return LL_NOMEM;
    k->keys = keys;
    uint32_t *slots = calloc(cap * 4, sizeof *slots);
    if (!slots)
        return LL_NOMEM;
    free(k->slots);
    k->slots = slots;
    k->n_slots = cap * 4;
    k->cap = cap;
    for (size_t i = 0; i < k->n; i++)
        put(k, i);
    return LL_OK;
}

int ll_json_key_add(struct ll_json_keys *k, struct ll_str key, struct ll_arena *arena)
{
    char *copy = ll_arena_dup(arena, key);

    if (!copy || (k->n == k->cap && grow(k) < 0))
        return LL_NOMEM;
    k->keys[k->n] = (struct ll_str){copy, key.n};
    put(k, k->n++);
    return LL_OK;
}

void ll_json_keys_free(struct ll_json_keys *k)
{
    free(k->keys);
    free(k->slots);
    *k = (struct ll_json_keys){0};
}
