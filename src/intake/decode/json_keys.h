/* json_keys.h - the paths of a JSON delivery's columns, in the order in which they were first seen. */
#ifndef LL_INTAKE_DECODE_JSON_KEYS_H
#define LL_INTAKE_DECODE_JSON_KEYS_H

#include "base/arena.h"
#include "base/err.h"

struct ll_json_keys {
    struct ll_str *keys;
    size_t n, cap;
    uint32_t *slots; /* index + 1 by hash; 0: free */
    size_t n_slots;
};

/* hint: where it is likely to stand.  SIZE_MAX when it is not there. */
size_t ll_json_key_find(const struct ll_json_keys *k, struct ll_str key, size_t hint);
int ll_json_key_add(struct ll_json_keys *k, struct ll_str key,
                    struct ll_arena *arena); /* LL_OK or LL_NOMEM */
void ll_json_keys_free(struct ll_json_keys *k);

#endif
