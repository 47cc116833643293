/* rural_view.c - see rural_view.h. */
#include "http/rural_view.h"

#include "apps/rural/loan.h"
#include "apps/rural/told.h"

#include <string.h>

static int read_card(struct ll_rural_view *k, struct ll_arena *arena, struct ll_err *err)
{
    int rc = ll_rural_card_read(k->s.tx, k->r.list, arena, &k->card, err);

    if (rc != LL_NOTFOUND)
        return rc;
    k->card = NULL;
    return LL_OK;
}

int ll_rural_view_open(struct ll_app *app, struct ll_request *rq, bool write, struct ll_rural_view *k,
                       struct ll_err *err)
{
    struct ll_rollup *runs = NULL;
    size_t n = 0;
    int rc = ll_sharing_open(app, write, &k->s, err);

    if (rc < 0)
        return rc;
    k->run = (struct ll_rollup){.households = 0};
    k->r = (struct ll_rural){.tables = app->tables, .cat = k->s.cat, .marks = ll_gateway_marks(app->gateway)};
    if ((rc = ll_rural_list_read(k->s.tx, k->s.cat, NULL, rq->arena, &k->r.list, err)) == LL_OK &&
        (rc = read_card(k, rq->arena, err)) == LL_OK &&
        (rc = ll_rural_reach(k->s.tx, k->s.cat, rq, &k->reach, err)) == LL_OK)
        rc = ll_rollup_list(app->data, rq->arena, &runs, &n, err);
    for (size_t i = 0; i < n && !k->run.id[0]; i++)
        if (strcmp(runs[i].list, k->r.list->name) == 0)
            k->run = runs[i];
    if (rc < 0)
        ll_sharing_close(&k->s);
    return rc;
}

void ll_rural_view_close(struct ll_rural_view *k)
{
    ll_sharing_close(&k->s);
}

int ll_rural_no_run(struct ll_err *err)
{
    return ll_fail(err, LL_NOTFOUND, "还没有汇总：请数据中心先运行 luling rural rollup",
                   "nothing has been rolled up yet: the data centre runs luling rural rollup");
}

int ll_rural_no_card(struct ll_err *err)
{
    return ll_fail(err, LL_NOTFOUND, "场景包没有评级规则", "the packs have no rating");
}

int ll_rural_rating_put(struct ll_app *app, struct ll_request *rq, const struct ll_rural_view *k,
                        struct ll_str household, struct ll_err *err)
{
    struct ll_rural_told told;
    int rc = ll_rural_told_read(app->data, k->s.tx, k->s.cat, k->card, household, rq->arena, &told, err);

    if (rc < 0)
        return rc;
    ll_rural_told_put(&rq->json, rc ? &told : NULL);
    return LL_OK;
}

int ll_rural_used(struct ll_app *app, struct ll_request *rq, struct ll_str household, const char *kind,
                  struct ll_err *err)
{
    char key[LL_RURAL_KEY];
    struct ll_txn *tx = NULL;
    int rc = ll_rural_key(app->data, household, key, err);

    if (rc == LL_OK && (rc = ll_txn_begin(ll_data_store(app->data), true, &tx, err)) == LL_OK &&
        (rc = ll_loan_used(tx, rq->actor.organisation, key, kind, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}
