/* financing_match.c - see financing_match.h. */
#include "http/financing_match.h"

#define LOANS_EVER "loans_ever"

struct matching {
    struct ll_request *rq;
    const struct ll_financing_wish *wish;
    struct ll_financing_matched *m;
};

/* What the engine gives lives no longer than the call. */
static int keep(void *ctx, struct ll_str firm, const struct ll_feature_value *values, struct ll_err *err)
{
    struct matching *x = ctx;
    struct ll_financing_matched *m = x->m;
    const size_t n = m->all->set->n;
    struct ll_feature_value *own = ll_arena_array(x->rq->arena, n, sizeof *own);
    const int loans = ll_feature_at(m->all->set, LL_STR(LOANS_EVER));

    (void)firm;
    if (!own || !(m->fits = ll_arena_array(x->rq->arena, m->all->n, sizeof *m->fits)))
        return ll_no_memory(err);
    for (size_t i = 0; i < n; i++) {
        own[i] = values[i];
        if (values[i].kind == LL_FV_CODE && !(own[i].code.p = ll_arena_dup(x->rq->arena, values[i].code)))
            return ll_no_memory(err);
    }
    m->values = own;
    m->loans = loans >= 0 && own[loans].kind == LL_FV_NUMBER ? (int64_t)own[loans].number : -1;
    int rc = ll_match_values_init(&m->said, m->all->set, own, x->rq->arena, err);
    return rc < 0 ? rc : ll_financing_fit(m->all, own, x->wish, x->rq->arena, m->fits, err);
}

int ll_financing_matched_open(struct ll_app *app, struct ll_request *rq, struct ll_str uscc,
                              const struct ll_financing_wish *wish, struct ll_financing_matched *ret,
                              struct ll_err *err)
{
    struct matching x = {.rq = rq, .wish = wish, .m = ret};
    int rc;

    *ret = (struct ll_financing_matched){.loans = -1};
    if ((rc = ll_products_live_get(app->products, &ret->held, err)) < 0)
        return rc;
    ret->all = ret->held->all;
    ret->cat = ret->held->cat;
    rc = ll_feature_now(app->features, ret->all->set, uscc, rq->arena, keep, &x, &ret->told, err);
    if (rc == LL_OK && !ret->told.found)
        rc = ll_fail(err, LL_NOTFOUND, "基础数据中没有这家企业", "no base resource knows this firm");
    if (rc < 0)
        ll_financing_matched_close(ret);
    return rc;
}

void ll_financing_matched_close(struct ll_financing_matched *m)
{
    ll_products_let_go(m->held);
    m->held = NULL;
}
