/* place.c - see place.h. */
#include "apps/rural/place.h"

#include <stdlib.h>

static int by_day(const void *a, const void *b)
{
    const struct ll_place_fact *x = a, *y = b;
    int order = ll_str_cmp(x->day, y->day);

    if (order == 0 && x->kind != y->kind)
        order = x->kind < y->kind ? -1 : 1;
    return order ? order : ll_str_cmp(x->to, y->to);
}

/* The merges that took the household where the person is, until a day, which is included or not.  After a merge only a later one counts: two
 * households that are said to have become part of each other on one day do not go round. */
static int follow(struct ll_place *p, struct ll_str until, bool included, ll_place_merge_fn *merge, void *ctx,
                  struct ll_err *err)
{
    for (int i = 0; p->household.n && i < LL_PLACE_MERGES_MAX; i++) {
        struct ll_str day, to;
        int rc = merge(ctx, p->household, p->since, i > 0, &day, &to, err);
        if (rc < 0)
            return rc;
        if (rc == 0 || ll_str_cmp(day, until) >= (included ? 1 : 0))
            return LL_OK;
        p->household = to;
        p->since = day;
    }
    return LL_OK;
}

static void apply(struct ll_place *p, const struct ll_place_fact *f)
{
    if (p->dead || (f->kind == LL_PLACE_END && !ll_str_eq(p->household, f->to)))
        return;
    p->dead = f->kind == LL_PLACE_DEATH;
    p->household = f->kind == LL_PLACE_ROW || f->kind == LL_PLACE_TO ? f->to : (struct ll_str){NULL, 0};
    p->since = f->day;
}

int ll_place_of(struct ll_place_fact *facts, size_t n, struct ll_str day, ll_place_merge_fn *merge, void *ctx,
                struct ll_place *ret, struct ll_err *err)
{
    struct ll_place p = {.dead = false};
    int rc = LL_OK;

    qsort(facts, n, sizeof *facts, by_day);
    for (size_t i = 0; i < n && rc == LL_OK && ll_str_cmp(facts[i].day, day) <= 0; i++) {
        rc = follow(&p, facts[i].day, false, merge, ctx,
                    err); /* a merge of the day itself comes after what else is of it */
        apply(&p, &facts[i]);
    }
    if (rc == LL_OK)
        rc = follow(&p, day, true, merge, ctx, err);
    *ret = p;
    return rc;
}
