/* handle_finance.c - the finance data service centre: the list of what is shared for finance and how each item of it stands. */
#include "apps/finance/info.h"
#include "base/clock.h"
#include "http/sharing.h"
#include "routes.gen.h"

int ll_h_finance_info(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_info_list *list = NULL;
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_info_read(s.tx, s.cat, NULL, ll_now_ms(), rq->arena, &list, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        ll_info_put(&rq->json, list);
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_close(&s);
    return rc;
}
