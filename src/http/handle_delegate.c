/* handle_delegate.c - an enterprise's delegates: invited and ended by it, taken and given up by the person; and the verification of its legal representative, which is
 * a code of the same kind. */
#include "apps/finance/enterprise.h"
#include "base/clock.h"
#include "http/consenting.h"
#include "http/write.h"
#include "routes.gen.h"
#include "share/delegate.h"

static void put_list(struct ll_request *rq, const struct ll_delegation *list, size_t n)
{
    ll_json_obj(&rq->json);
    ll_json_key(&rq->json, "items");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n; i++)
        ll_delegation_put(&rq->json, &list[i]);
    ll_json_end_arr(&rq->json);
    ll_json_end_obj(&rq->json);
}

typedef int list_fn(const struct ll_consent_env *env, const char *subject, struct ll_delegation **ret,
                    size_t *ret_n, struct ll_err *err);

static int show_list(struct ll_app *app, struct ll_request *rq, list_fn *of, struct ll_err *err)
{
    struct ll_delegation *list = NULL;
    struct ll_consenting c;
    size_t n = 0;
    int rc = ll_consenting_open(app, rq, false, &c, err);

    if (rc < 0)
        return rc;
    if ((rc = of(&c.env, rq->actor.subject, &list, &n, err)) == LL_OK)
        put_list(rq, list, n);
    ll_consenting_close(&c);
    return rc;
}

int ll_h_me_delegates(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return show_list(app, rq, ll_delegates_of, err);
}

int ll_h_me_firms(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return show_list(app, rq, ll_delegates_for, err);
}

/* ---- invited ---- */

static int invite(struct ll_app *app, struct ll_request *rq, const struct ll_delegate_new *n,
                  struct ll_err *err)
{
    struct ll_delegation d;
    struct ll_consent_self me;
    const char *token = NULL;
    struct ll_consenting c;
    int rc = ll_consenting_self(app, rq, true, &c, &me, err);

    if (rc < 0)
        return rc;
    if (me.scheme != LL_ID_USCC)
        rc = ll_fail(err, LL_NOTFOUND, "以统一社会信用代码登录的企业才能委托",
                     "only an enterprise, signed in by its credit code, delegates");
    if (rc == LL_OK && (rc = ll_delegate_invite(&c.env, n, &d, &token, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        ll_json_key(&rq->json, "delegation");
        ll_delegation_put(&rq->json, &d);
        ll_json_kz(&rq->json, "code", token);
        ll_json_kz(&rq->json, "url", ll_arena_printf(rq->arena, "%s/me#firm=%s", c.site->origin, token));
        ll_write_time(&rq->json, "expires_at", d.made_at + LL_DELEGATE_CODE_MS);
        ll_json_end_obj(&rq->json);
        rc = ll_sharing_commit(app, &c.s, err);
    }
    ll_consenting_close(&c);
    rq->status = 201;
    return rc;
}

int ll_h_me_delegate_invite(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_delegate_new n = {0};
    const char *const *scopes = NULL;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    size_t n_scopes = ll_body_texts(&b, "scopes", LL_DELEGATE_SCOPE_COUNT, 32, &scopes);
    n.note = ll_body_text(&b, "note", 1, LL_DELEGATE_NOTE, false);
    const char *until = ll_body_text(&b, "until", 10, 10, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_delegate_scopes_read(scopes, n_scopes, &n.scopes, err)) < 0 ||
        (rc = ll_sharing_day_end("until", until, &n.until_at, err)) < 0)
        return rc;
    return invite(app, rq, &n, err);
}

int ll_h_me_representative(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_delegate_new n = {.representative = true, .until_at = ll_now_ms() + LL_DELEGATE_CODE_MS};

    return invite(app, rq, &n, err);
}

/* ---- taken, ended ---- */

/* Whether the person is whom the registration of the firm names. */
static int fits(struct ll_app *app, struct ll_request *rq, struct ll_consenting *c,
                const struct ll_delegation *d, bool *ret, struct ll_err *err)
{
    const struct ll_enterprise_env env = {.tables = app->tables,
                                          .marks = ll_gateway_marks(app->gateway),
                                          .keys = c->env.keys,
                                          .cat = c->s.cat,
                                          .tx = c->s.tx,
                                          .actor = &rq->actor,
                                          .arena = rq->arena};
    struct ll_consent_self firm;
    int rc = ll_consent_subject(&c->env, d->firm, &firm, err);

    return rc < 0 ? rc : ll_enterprise_names(&env, firm.value, rq->actor.subject, ret, err);
}

int ll_h_me_firm_take(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_delegation d;
    struct ll_consenting c;
    struct ll_body b;
    bool named = false;
    int rc;

    ll_body_open(&b, rq, err);
    const char *code = ll_body_text(&b, "code", 1, 100, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_site_limit(app, rq, err)) < 0 ||
        (rc = ll_consenting_open(app, rq, true, &c, err)) < 0)
        return rc;
    if ((rc = ll_delegate_open(&c.env, code, &d, err)) == LL_OK && d.representative)
        rc = fits(app, rq, &c, &d, &named, err);
    if (rc == LL_OK && (rc = ll_delegate_take(&c.env, &d, named, err)) == LL_OK) {
        ll_delegation_put(&rq->json, &d);
        rc = ll_sharing_commit(app, &c.s, err);
    }
    ll_consenting_close(&c);
    return rc;
}

int ll_h_me_delegation_end(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consenting c;
    int rc = ll_consenting_open(app, rq, true, &c, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_delegate_end(&c.env, ll_arg(rq, LL_P_ME_DELEGATION_END_ID)->s.p, err)) == LL_OK)
        rc = ll_sharing_commit(app, &c.s, err);
    ll_consenting_close(&c);
    rq->status = 204;
    return rc;
}
