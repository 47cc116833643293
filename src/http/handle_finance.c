/* handle_finance.c - the finance data service centre: the list of what is shared for finance and how each item of it stands;
 * what indicators of firms are, where they come from, and those of one firm as of a day. */
#include "apps/finance/feature_now.h"
#include "apps/finance/info.h"
#include "base/clock.h"
#include "http/look.h"
#include "http/sharing.h"
#include "routes.gen.h"
#include "standard/ident.h"

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

/* ---- indicators ---- */

/* The indicators and the instant that a request asks for; the transaction has ended when they are read. */
static int open_features(struct ll_app *app, struct ll_request *rq, const struct ll_arg *as_of,
                         struct ll_sharing *s, struct ll_features_asked *ret, struct ll_err *err)
{
    int rc = ll_sharing_open(app, false, s, err);

    if (rc < 0)
        return rc;
    *ret = (struct ll_features_asked){.data = app->data, .marks = ll_gateway_marks(app->gateway)};
    if ((rc = ll_features_read(s->tx, s->cat, rq->arena, &ret->set, err)) == LL_OK)
        rc = ll_as_of_read(as_of->given ? as_of->s.p : NULL, &ret->as_of, err);
    ll_txn_end(s->tx);
    s->tx = NULL;
    if (rc < 0)
        ll_sharing_close(s);
    return rc;
}

static void put_as_of(struct ll_request *rq, const struct ll_as_of *as_of)
{
    char at[LL_TIME_TEXT];

    ll_json_kz(&rq->json, "as_of", ll_time_text(as_of->ms, at));
    ll_json_kz(&rq->json, "day", as_of->day);
}

int ll_h_finance_indicators(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_feature_rows rows[LL_FEATURE_GROUPS_MAX] = {{NULL, 0}};
    struct ll_features_asked a;
    struct ll_sharing s;
    int rc = open_features(app, rq, ll_arg(rq, LL_P_FINANCE_INDICATORS_AS_OF), &s, &a, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_features_known(a.data, a.set, &a.as_of, rq->arena, rows, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        put_as_of(rq, &a.as_of);
        ll_json_key(&rq->json, "items");
        ll_json_arr(&rq->json);
        for (size_t i = 0; i < a.set->n; i++) {
            ll_json_obj(&rq->json);
            ll_feature_put(&rq->json, &a.set->features[i]);
            ll_json_end_obj(&rq->json);
        }
        ll_json_end_arr(&rq->json);
        ll_features_put_known(&rq->json, a.set, rows);
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_close(&s);
    return rc;
}

struct putting {
    struct ll_request *rq;
    const struct ll_features_asked *asked;
    struct ll_feature_told told;
};

static int put_firm(void *ctx, struct ll_str firm, const struct ll_feature_value *values, struct ll_err *err)
{
    struct putting *p = ctx;
    struct ll_json *j = &p->rq->json;

    (void)err;
    p->told.found = true;
    ll_json_obj(j);
    ll_json_ks(j, "uscc", firm);
    put_as_of(p->rq, &p->told.as_of);
    ll_json_kz(j, "from", ll_feature_from_word(&p->told));
    ll_json_key(j, "values");
    ll_json_arr(j);
    for (size_t i = 0; i < p->asked->set->n; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "indicator", p->asked->set->features[i].name);
        ll_feature_put_value(j, &p->asked->set->features[i], &values[i]);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
    return LL_OK;
}

/* Of another day.  The engine takes its thread for long: as many at once as views may run. */
static int compute(struct ll_app *app, struct putting *p, struct ll_err *err)
{
    int rc = ll_data_view_begin(app->data, err);

    if (rc < 0)
        return rc;
    p->told = (struct ll_feature_told){.as_of = p->asked->as_of, .computed = true};
    rc = ll_features_each(p->asked, p->rq->arena, NULL, put_firm, p, err);
    ll_data_view_end(app->data);
    return rc;
}

static int put(struct ll_app *app, struct putting *p, bool now, struct ll_err *err)
{
    const struct ll_features_asked *a = p->asked;
    int rc = now ? ll_feature_now(app->features, a->set, a->firm, p->rq->arena, put_firm, p, &p->told, err)
                 : compute(app, p, err);

    if (rc == LL_OK && !p->told.found)
        rc = ll_fail(err, LL_NOTFOUND, "%s 时没有登记过这家企业", "as of %s no such firm was registered",
                     a->as_of.day);
    return rc;
}

int ll_h_finance_firm(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    char canon[LL_ID_MAX];
    struct ll_features_asked a;
    struct putting p = {.rq = rq, .asked = &a};
    struct ll_sharing s;
    size_t n = 0;
    int rc;

    if (ll_id_check(LL_ID_USCC, ll_arg(rq, LL_P_FINANCE_FIRM_USCC)->s, canon, &n) != LL_IDF_OK)
        return ll_fail(err, LL_USAGE, "统一社会信用代码不正确", "this is no valid credit code");
    if ((rc = open_features(app, rq, ll_arg(rq, LL_P_FINANCE_FIRM_AS_OF), &s, &a, err)) < 0)
        return rc;
    a.firm = (struct ll_str){canon, n};
    if ((rc = put(app, &p, !ll_arg(rq, LL_P_FINANCE_FIRM_AS_OF)->given, err)) == LL_OK)
        rc = ll_look_note(app, rq, ll_scheme_name(LL_ID_USCC), a.firm, err);
    ll_sharing_close(&s);
    return rc;
}
