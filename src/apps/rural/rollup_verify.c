/* rollup_verify.c - a roll-up held against look-ups (rollup.h, promise 3). */
#include "apps/rural/rollup.h"

#include <string.h>

struct verifying {
    const struct ll_rural *r;
    struct ll_arena *arena; /* of the household */
    const char *day;
    struct ll_rollup_differences *ret;
    ll_rollup_difference_fn *fn;
    void *ctx;
};

static bool same_value(const struct ll_household_value *a, const struct ll_household_value *b)
{
    return a->source == b->source && ll_str_eq(a->value, b->value) && ll_str_eq(a->day, b->day) &&
           a->fresh == b->fresh && a->differs == b->differs && a->records == b->records;
}

static bool same_item(const struct ll_household_item *a, const struct ll_household_item *b)
{
    bool same = a->state == b->state && a->n == b->n;

    for (size_t i = 0; same && i < a->n; i++)
        same = same_value(&a->values[i], &b->values[i]);
    return same;
}

static int verify_one(void *ctx, const struct ll_household *h, struct ll_err *err)
{
    struct verifying *v = ctx;
    struct ll_household_ask ask = {.no = h->no, .day = v->day};
    struct ll_household *one = NULL;
    int rc = ll_household_read(v->r, &ask, v->arena, &one, err);

    if (rc == LL_OK) {
        size_t items = 0;
        for (size_t i = 0; i < h->n_items; i++)
            if (!same_item(&h->items[i], &one->items[i])) {
                items++;
                v->fn(v->ctx, h, one, i);
            }
        v->ret->households++;
        v->ret->items += items;
        v->ret->members += h->n_members != one->n_members;
        v->ret->different += items || h->n_members != one->n_members;
    }
    ll_arena_reset(v->arena);
    return rc;
}

int ll_rollup_verify(struct ll_rollup_reader *reader, const struct ll_rollup *run, const struct ll_rural *r,
                     ll_rollup_difference_fn *fn, void *ctx, struct ll_rollup_differences *ret,
                     struct ll_err *err)
{
    struct verifying v = {
        .r = r, .arena = ll_arena_new(0), .day = run->day, .ret = ret, .fn = fn, .ctx = ctx};
    int rc = v.arena ? ll_rollup_each(reader, (struct ll_str){NULL, 0}, verify_one, &v, err)
                     : ll_no_memory(err);

    ll_arena_free(v.arena);
    return rc;
}
