/* approve.c - see approve.h. */
#include "http/approve.h"

#include "http/passkey.h"
#include "http/write.h"
#include "journal/canon.h"
#include "share/approval.h"

#include <string.h>

enum { MODE_OFF, MODE_HELD, MODE_ALWAYS }; /* choices of setting passkey_approval */

/* The body in its one spelling, in the request's arena. */
static int content_of(struct ll_request *rq, struct ll_str *ret, struct ll_err *err)
{
    struct ll_buf canon = LL_BUF_INIT(LL_APPROVAL_CONTENT_MAX);
    int rc = rq->body.n ? ll_canon_put(rq->body, &canon, err) : LL_OK;

    if (rc == LL_OK && canon.failed)
        rc = ll_fail(err, LL_TOOBIG, "要确认的内容过长", "what is to be confirmed is too long");
    if (rc == LL_OK) {
        *ret = (struct ll_str){ll_arena_dup(rq->arena, ll_buf_view(&canon)), canon.n};
        rc = ret->p ? LL_OK : ll_no_memory(err);
    }
    ll_buf_free(&canon);
    return rc;
}

static int act_of(struct ll_app *app, struct ll_request *rq, struct ll_approval_act *ret, struct ll_err *err)
{
    const struct ll_site *site;
    int rc = ll_site(app, &site, err);

    if (rc < 0)
        return rc;
    *ret = (struct ll_approval_act){.actor = &rq->actor,
                                    .name = rq->person,
                                    .permission = ll_permission_find(rq->route->perm),
                                    .rule = ll_approval_rule(rq->route->perm),
                                    .method = ll_str(ll_method_name(rq->route->method)),
                                    .target = rq->target,
                                    .origin = site->origin};
    if (rq->route->n_params && rq->route->params[0].in == LL_IN_PATH)
        ret->object = rq->args[0].s;
    return content_of(rq, &ret->content, err);
}

static int put_question(struct ll_request *rq, const struct ll_approval *a, struct ll_passkey_ask *ask)
{
    struct ll_json *j = &rq->json;

    rq->status = 428; /* RFC 6585, 3: Precondition Required */
    ll_json_obj(j);
    ll_json_key(j, "error");
    ll_json_obj(j);
    ll_json_kz(j, "code", "APPROVAL");
    ll_json_kz(j, "zh", "这一步须用通行密钥确认");
    ll_json_kz(j, "en", "this step takes a confirmation by passkey");
    ll_json_kz(j, "request", rq->id);
    ll_json_end_obj(j);
    ll_json_key(j, "approval");
    ll_json_obj(j);
    ll_json_kz(j, "id", a->id);
    ll_json_kz(j, "text", a->text);
    ll_write_time(j, "expires_at", a->expires_at);
    ll_passkey_put(j, LL_PASSKEY_GET, ask);
    ll_json_end_obj(j);
    ll_json_end_obj(j);
    return LL_OK;
}

static int ask_for(struct ll_app *app, struct ll_request *rq, const struct ll_approval_act *act,
                   struct ll_err *err)
{
    struct ll_passkey_ask ask = {.site = NULL};
    struct ll_approval a = {0};
    struct ll_txn *tx = NULL;
    int rc = ll_site(app, &ask.site, err);

    if (rc == LL_OK && (rc = ll_txn_begin(ll_data_store(app->data), true, &tx, err)) == LL_OK &&
        (rc = ll_passkey_ids(tx, LL_OF_ACCOUNT, rq->actor.account, rq->arena, &ask.ids, &ask.n_ids, err)) ==
            LL_OK &&
        (rc = ll_approval_ask(tx, act, rq->arena, &a, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    if (rc < 0)
        return rc;
    ask.challenge = a.challenge;
    ask.expires_at = a.expires_at;
    return put_question(rq, &a, &ask);
}

int ll_approve_ask(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_approval_act act;
    int rc = act_of(app, rq, &act, err);

    return rc < 0 ? rc : ask_for(app, rq, &act, err);
}

static int take(struct ll_app *app, struct ll_request *rq, const char *id, const struct ll_approval_act *act,
                struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(app->data), true, &tx, err);

    if (rc == LL_OK && (rc = ll_approval_take(tx, id, act, rq->arena, &rq->actor.approval, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

static int holds(struct ll_app *app, struct ll_request *rq, bool *ret, struct ll_err *err)
{
    const char *const *ids;
    struct ll_txn *tx = NULL;
    size_t n = 0;
    int rc = ll_txn_begin(ll_data_store(app->data), false, &tx, err);

    if (rc == LL_OK)
        rc = ll_passkey_ids(tx, LL_OF_ACCOUNT, rq->actor.account, rq->arena, &ids, &n, err);
    ll_txn_end(tx);
    *ret = n > 0;
    return rc;
}

int ll_approve(struct ll_app *app, struct ll_request *rq, const char *id, bool *answered, struct ll_err *err)
{
    const struct ll_approval_rule *rule = ll_approval_rule(rq->route->perm);
    unsigned mode = ll_data_settings(app->data)->passkey_approval;
    struct ll_str word = {NULL, 0};
    struct ll_approval_act act;
    bool held = false;
    int rc;

    if (!rq->actor.account || rq->route->method == LL_GET || (!id && (!rule || mode == MODE_OFF)))
        return LL_OK;
    if ((rc = act_of(app, rq, &act, err)) < 0)
        return rc;
    if (id)
        return take(app, rq, id, &act, err);
    if (rule->actions && ll_canon_member(act.content, "action", &word) && word.n > 2)
        word = (struct ll_str){word.p + 1, word.n - 2}; /* without its quotes */
    if (!ll_approval_meant(rule, word) || (rc = holds(app, rq, &held, err)) < 0)
        return rc;
    if (!held && mode == MODE_HELD)
        return LL_OK;
    if (!held)
        return ll_fail(err, LL_DENIED, "这一步须用通行密钥确认，请先为账号登记通行密钥",
                       "this step takes a confirmation by passkey; register one for the account first");
    *answered = true;
    return ask_for(app, rq, &act, err);
}
