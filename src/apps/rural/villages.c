/* villages.c - see villages.h. */
#include "apps/rural/villages.h"

#include <stdio.h>
#include <string.h>

enum { CODE_MAX = 24, NAME_MAX = 64 };

struct village {
    char code[CODE_MAX], name[NAME_MAX];
    uint64_t *counts;
};

struct ll_villages {
    struct ll_village_part parts[LL_VILLAGE_PARTS_MAX];
    size_t n_parts, width;
    struct village *list; /* sorted by code */
    uint64_t *
        counts; /* of all that there may be: nothing is taken from the arena later, which other threads use */
    size_t n;
};

int ll_villages_new(const struct ll_village_part *parts, size_t n, struct ll_arena *arena,
                    struct ll_villages **ret, struct ll_err *err)
{
    struct ll_villages *v = ll_arena_alloc(arena, sizeof *v);

    LL_ASSERT(n <= LL_VILLAGE_PARTS_MAX);
    if (!v)
        return ll_no_memory(err);
    *v = (struct ll_villages){.n_parts = n};
    for (size_t i = 0; i < n; i++) {
        v->parts[i] = parts[i];
        v->width += parts[i].n;
    }
    v->list = ll_arena_array(arena, LL_VILLAGES_MAX, sizeof *v->list);
    v->counts = ll_arena_array(arena, LL_VILLAGES_MAX * v->width, sizeof *v->counts);
    if (!v->list || !v->counts)
        return ll_no_memory(err);
    *ret = v;
    return LL_OK;
}

/* Where the code is, or would be. */
static size_t place_of(const struct ll_villages *v, struct ll_str code)
{
    size_t low = 0, high = v->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (ll_str_cmp(ll_str(v->list[mid].code), code) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

int ll_villages_of(struct ll_villages *v, const struct ll_household *h, uint64_t **ret, struct ll_err *err)
{
    struct ll_str code = h->village_code;
    size_t at;

    if (code.n >= CODE_MAX)
        code.n = CODE_MAX - 1;
    at = place_of(v, code);
    if (at == v->n || !ll_str_is(code, v->list[at].code)) {
        struct village fresh = {.counts = v->counts + v->n * v->width};
        if (v->n == LL_VILLAGES_MAX)
            return ll_fail(err, LL_TOOBIG, "村超过 %d 个", "there are more than %d villages",
                           LL_VILLAGES_MAX);
        memset(fresh.counts, 0, v->width * sizeof *fresh.counts);
        snprintf(fresh.code, sizeof fresh.code, LL_STR_FMT, LL_STR_ARG(code));
        snprintf(fresh.name, sizeof fresh.name, LL_STR_FMT, LL_STR_ARG(h->village_name));
        memmove(&v->list[at + 1], &v->list[at], (v->n - at) * sizeof *v->list);
        v->list[at] = fresh;
        v->n++;
    }
    *ret = v->list[at].counts;
    return LL_OK;
}

static const uint64_t *put_part(struct ll_json *j, const struct ll_village_part *part, const uint64_t *counts)
{
    if (part->list)
        ll_json_arr(j);
    for (size_t i = 0; i < part->n; i++)
        ll_json_int(j, (int64_t)*counts++);
    if (part->list)
        ll_json_end_arr(j);
    return counts;
}

void ll_villages_put(const struct ll_villages *v, struct ll_json *j)
{
    ll_json_arr(j);
    for (size_t i = 0; i < v->n; i++) {
        const uint64_t *counts = v->list[i].counts;
        ll_json_arr(j);
        ll_json_z(j, v->list[i].code);
        ll_json_z(j, v->list[i].name);
        for (size_t k = 0; k < v->n_parts; k++)
            counts = put_part(j, &v->parts[k], counts);
        ll_json_end_arr(j);
    }
    ll_json_end_arr(j);
}
