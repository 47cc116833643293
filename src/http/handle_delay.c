/* handle_delay.c - lawful investigations that keep from a subject for a time who looked at its data. */
#include "http/sharing.h"
#include "routes.gen.h"
#include "share/delay.h"
#include "share/gateway.h"
#include "standard/ident.h"

#include <string.h>

int ll_h_delays_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_delay *list;
    struct ll_sharing s;
    size_t n;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_delay_list(s.tx, NULL, rq->arena, &list, &n, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        ll_json_key(&rq->json, "items");
        ll_json_arr(&rq->json);
        for (size_t i = 0; i < n; i++) {
            ll_json_obj(&rq->json);
            ll_delay_put(&rq->json, &list[i]);
            ll_json_end_obj(&rq->json);
        }
        ll_json_end_arr(&rq->json);
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_close(&s);
    return rc;
}

static int show(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq, const char *id,
                struct ll_err *err)
{
    struct ll_delay d;
    int rc = ll_delay_get(s->tx, id, rq->arena, &d, err);

    (void)app;
    if (rc < 0)
        return rc;
    const struct ll_flow_object object = ll_delay_object(&d);
    ll_json_obj(&rq->json);
    ll_delay_put(&rq->json, &d);
    if ((rc = ll_sharing_history(s->tx, rq, LL_FLOW_DELAY, id, err)) < 0)
        return rc;
    ll_flow_put_actions(&rq->json, "actions", &object, &rq->actor);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_delay_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_sharing_show(app, rq, ll_arg(rq, LL_P_DELAY_SHOW_ID)->s.p, show, err);
}

/* The identifier goes no further than here. */
static int pseudonym(struct ll_app *app, const char *id, char out[LL_PSEUDONYM_TEXT], struct ll_err *err)
{
    char canon[LL_ID_MAX];
    enum ll_scheme scheme;
    size_t n = 0;

    if (!ll_id_detect(ll_str(id), &scheme, canon, &n))
        return ll_fail(err, LL_INVALID, "不是有效的主体标识", "not a valid identifier of a subject");
    return ll_gateway_pseudonym(app->gateway, ll_scheme_name(scheme), (struct ll_str){canon, n}, out, err);
}

int ll_h_delay_make(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    char subject[LL_PSEUDONYM_TEXT] = "", id[LL_FLOW_ID_TEXT];
    struct ll_delay draft = {.subject = subject};
    struct ll_sharing s;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    draft.organisation = ll_body_text(&b, "organisation", 1, 64, true);
    const char *of = ll_body_text(&b, "subject", 1, 64, true);
    draft.matter = ll_body_text(&b, "matter", 1, 800, true);
    draft.legal_basis = ll_body_text(&b, "legal_basis", 1, LL_REASON_MAX, true);
    draft.reason = ll_body_text(&b, "reason", 2, LL_REASON_MAX, true);
    const char *until = ll_body_text(&b, "until", 10, 10, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_sharing_day_end("until", until, &draft.until_at, err)) < 0 ||
        (rc = pseudonym(app, of, subject, err)) < 0 || (rc = ll_sharing_open(app, true, &s, err)) < 0)
        return rc;
    if ((rc = ll_delay_propose(s.tx, &draft, app->delay_days, &rq->actor, id, err)) == LL_OK &&
        (rc = show(app, &s, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    rq->status = 201;
    return rc;
}

static int step(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq, const char *id,
                const struct ll_flow_act *act, struct ll_err *err)
{
    (void)app;
    (void)rq;
    return ll_delay_act(s->tx, id, act, err);
}

int ll_h_delay_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_sharing_step(app, rq, ll_arg(rq, LL_P_DELAY_ACT_ID)->s.p, step, show, err);
}
