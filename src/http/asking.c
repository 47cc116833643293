/* asking.c - see asking.h. */
#include "http/asking.h"

#include <string.h>

void ll_asking_read(struct ll_body *b, struct ll_request *rq, struct ll_serving_call *c,
                    unsigned char addr[16])
{
    *c = (struct ll_serving_call){.actor = &rq->actor};
    c->purpose = ll_str(ll_body_text(b, "purpose", 1, LL_GRANT_PURPOSE_MAX, false));
    c->officer = ll_str(ll_body_text(b, "officer", 1, LL_OFFICER_MAX, false));
    if (ll_address_parse(ll_str(rq->remote), addr))
        c->addr = addr;
}

int ll_asking_enter(struct ll_request *rq, struct ll_serving *sv, int rc, struct ll_err *err)
{
    struct ll_err entry_err;

    if (rc < 0 && !ll_serving_condition(sv))
        return rc;
    rq->condition = rc < 0 ? ll_serving_condition(sv) : NULL;
    rq->wait_ms = rc < 0 ? ll_serving_wait_ms(sv) : 0;
    rq->due.payload = LL_BUF_INIT(LL_ENTRY_MAX + 1);
    int entry_rc = ll_serving_entry(sv, &rq->due.type, &rq->due.payload, &entry_err);
    rq->due.set = entry_rc == LL_OK;
    if (entry_rc < 0) /* no entry, no answer */
        *err = entry_err;
    return entry_rc < 0 ? entry_rc : rc;
}

int ll_asking_choice(const char *text, const char *name, const char *first, const char *second,
                     bool *ret_second, struct ll_err *err)
{
    *ret_second = text && strcmp(text, second) == 0;
    if (!text || *ret_second || strcmp(text, first) == 0)
        return LL_OK;
    return ll_fail(err, LL_USAGE, "%s 应为 %s 或 %s", "%s takes %s or %s", name, first, second);
}

int ll_asking_rural(struct ll_app *app, struct ll_request *rq, struct ll_asking_rural *ret,
                    struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_catalog_live_get(app->catalog, false, &ret->cat, err);

    if (rc < 0)
        return rc;
    ret->r = (struct ll_rural){
        .tables = app->tables, .cat = ret->cat, .marks = ll_gateway_marks(app->gateway)};
    if ((rc = ll_txn_begin(ll_data_store(app->data), false, &tx, err)) == LL_OK)
        rc = ll_rural_list_read(tx, ret->cat, NULL, rq->arena, &ret->r.list, err);
    ll_txn_end(tx);
    return rc;
}

void ll_asking_rural_end(struct ll_asking_rural *k)
{
    ll_catalog_unref(k->cat);
}
