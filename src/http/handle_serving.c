/* handle_serving.c - services that packs declare over several resources, and what each consumer may call as an OpenAPI description.
 *
 * As with single resources (handle_service.c) a call's entries go to the journal before its answer or its refusal leaves. */
#include "base/clock.h"
#include "http/asking.h"
#include "http/site.h"
#include "routes.gen.h"
#include "share/describe.h"

#include <string.h>

enum { CALL_MS = 5000 };

static void read_call(struct ll_body *b, struct ll_request *rq, struct ll_serving_call *c,
                      unsigned char addr[16])
{
    ll_asking_read(b, rq, c, addr);
    c->service = ll_arg(rq, 0)->s;
    c->until_us = ll_mono_us() + CALL_MS * UINT64_C(1000);
}

static int too_big(const struct ll_request *rq, struct ll_err *err)
{
    return rq->out.failed ? ll_fail(err, LL_TOOBIG, "回答过大，请减少一次查询的数量",
                                    "the answer is too large; ask for less at a time")
                          : LL_OK;
}

int ll_h_service_join(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *const *parts = NULL;
    struct ll_serving *sv = NULL;
    struct ll_serving_call c;
    struct ll_look look = {.n_key = 0};
    unsigned char addr[16];
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    read_call(&b, rq, &c, addr);
    look.n_key = ll_body_texts(&b, "key", 16, 1000, &parts);
    look.subject = ll_str(ll_body_text(&b, "subject", 1, 64, false));
    look.most = (size_t)ll_body_int(&b, "limit", 1, LL_CALL_RECORDS_MAX, 20);
    if (b.rc >= 0 && (look.n_key > 0) == (look.subject.n > 0))
        b.rc = ll_fail(err, LL_USAGE, "key（主键）与 subject（主体标识）须给出一个，且只给一个",
                       "give either key or subject, and only one of them");
    struct ll_str *key = ll_arena_array(rq->arena, look.n_key + 1, sizeof *key);
    for (size_t i = 0; key && i < look.n_key; i++)
        key[i] = ll_str(parts[i]);
    look.key = key;
    if ((rc = ll_body_end(&b)) < 0)
        return rc;
    if (!key)
        return ll_no_memory(err);
    if ((rc = ll_serving_open(app->gateway, &c, false, rq->arena, &sv, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        if ((rc = ll_serving_join(sv, &look, &rq->json, err)) == LL_OK)
            ll_json_end_obj(&rq->json);
    }
    if (rc == LL_OK)
        rc = too_big(rq, err);
    if (sv)
        rc = ll_asking_enter(rq, sv, rc, err);
    ll_serving_close(sv);
    return rc;
}

int ll_h_service_rows(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_serving_rows rows = {NULL, 0, 0};
    struct ll_serving *sv = NULL;
    struct ll_serving_call c;
    unsigned char addr[16];
    json_t *parameters = NULL;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    read_call(&b, rq, &c, addr);
    rows.limit = (size_t)ll_body_int(&b, "limit", 1, LL_SERVICE_ROWS_MAX, 0);
    rows.offset = (size_t)ll_body_int(&b, "offset", 0, 1000000, 0);
    const json_t *given = ll_body_any(&b, "parameters", false);
    if (b.rc >= 0 && given && !json_is_object(given))
        b.rc = ll_fail(err, LL_USAGE, "parameters 应为对象：参数与其值",
                       "parameters must be an object of parameters and their values");
    if (given) /* the body is gone after its end */
        parameters = json_deep_copy(given);
    rows.parameters = parameters;
    rc = ll_body_end(&b);
    if (rc == LL_OK && (rc = ll_serving_open(app->gateway, &c, true, rq->arena, &sv, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        if ((rc = ll_serving_rows(sv, &rows, &rq->json, err)) == LL_OK)
            ll_json_end_obj(&rq->json);
    }
    if (rc == LL_OK)
        rc = too_big(rq, err);
    if (sv)
        rc = ll_asking_enter(rq, sv, rc, err);
    ll_serving_close(sv);
    json_decref(parameters);
    return rc;
}

int ll_h_services_openapi(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_site *site;
    int rc = ll_site(app, &site, err);

    return rc < 0 ? rc
                  : ll_describe_services(app->gateway, rq->actor.organisation, site->origin, &rq->json, err);
}
