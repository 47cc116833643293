/* handle_client.c - the systems that call: registering them, their keys, and letting them in. */
#include "http/app.h"
#include "http/body.h"
#include "http/sharing.h"
#include "routes.gen.h"
#include "share/client.h"

#include <stdlib.h>

enum { KEY_MOST = 8192 };

static struct ll_store *store_of(struct ll_app *app)
{
    return ll_data_store(app->data);
}

static int reply_client(struct ll_app *app, struct ll_request *rq, struct ll_str id, struct ll_err *err)
{
    struct ll_client c;
    int rc = ll_client_get(store_of(app), id, rq->arena, &c, err);

    if (rc == LL_OK)
        ll_client_json(&c, &rq->json);
    return rc;
}

int ll_h_clients_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_client_query q = {.text = ll_arg(rq, LL_P_CLIENTS_LIST_Q)->s.p,
                                      .organisation = ll_arg(rq, LL_P_CLIENTS_LIST_ORGANISATION)->s.p,
                                      .state = ll_arg(rq, LL_P_CLIENTS_LIST_STATE)->s.p,
                                      .sort = ll_arg(rq, LL_P_CLIENTS_LIST_SORT)->s.p,
                                      .offset = (size_t)ll_arg(rq, LL_P_CLIENTS_LIST_OFFSET)->i,
                                      .limit = (size_t)ll_arg(rq, LL_P_CLIENTS_LIST_LIMIT)->i};
    struct ll_client *list;
    int64_t total;
    size_t n;
    int rc = ll_client_list(store_of(app), &q, rq->arena, &list, &n, &total, err);

    if (rc < 0)
        return rc;
    ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
    for (size_t i = 0; i < n; i++)
        ll_client_json(&list[i], &rq->json);
    ll_sharing_page_end(rq);
    return LL_OK;
}

int ll_h_client_make(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *id = ll_body_text(&b, "id", 1, LL_CLIENT_ID_MOST, true);
    const char *organisation = ll_body_text(&b, "organisation", 1, 64, true);
    const char *title = ll_body_text(&b, "title", 1, 100, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_client_add(store_of(app), &rq->actor, ll_str(id),
                                                          ll_str(organisation), ll_str(title), err)) < 0)
        return rc;
    rq->status = 201;
    return reply_client(app, rq, ll_str(id), err);
}

int ll_h_client_key(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_str id = ll_arg(rq, LL_P_CLIENT_KEY_ID)->s;
    char kid[44], *key = NULL;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const json_t *jwk = ll_body_any(&b, "jwk", false);
    const char *pem = ll_body_text(&b, "pem", 1, KEY_MOST, false);
    if (jwk)
        key = json_dumps(jwk, JSON_COMPACT);
    if ((rc = ll_body_end(&b)) == LL_OK) {
        if (!key == !pem)
            rc = ll_fail(err, LL_USAGE, "jwk 与 pem 应给出一个", "give one of jwk and pem");
        else
            rc = ll_client_add_key(store_of(app), &rq->actor, id, ll_str(key ? key : pem), kid, err);
    }
    free(key);
    return rc < 0 ? rc : reply_client(app, rq, id, err);
}

int ll_h_client_key_retire(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_str id = ll_arg(rq, LL_P_CLIENT_KEY_RETIRE_ID)->s;
    int rc = ll_client_retire_key(store_of(app), &rq->actor, id, ll_arg(rq, LL_P_CLIENT_KEY_RETIRE_KID)->s,
                                  err);

    return rc < 0 ? rc : reply_client(app, rq, id, err);
}

int ll_h_client_signing(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_str id = ll_arg(rq, LL_P_CLIENT_SIGNING_ID)->s;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    bool required = ll_body_bool(&b, "required", true);
    if ((rc = ll_body_end(&b)) < 0 ||
        (rc = ll_client_require_signing(store_of(app), &rq->actor, id, required, err)) < 0)
        return rc;
    return reply_client(app, rq, id, err);
}

int ll_h_client_enabled(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_str id = ll_arg(rq, LL_P_CLIENT_ENABLED_ID)->s;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    bool enabled = ll_body_bool(&b, "enabled", true);
    if ((rc = ll_body_end(&b)) < 0 ||
        (rc = ll_client_enable(store_of(app), &rq->actor, id, enabled, err)) < 0)
        return rc;
    if (!enabled)
        ll_tokens_end(app->tokens, id);
    return reply_client(app, rq, id, err);
}
