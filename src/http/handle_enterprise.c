/* handle_enterprise.c - an enterprise's own profile on the finance platform: seen, registered, changed and closed by the subject itself. */
#include "apps/finance/enterprise.h"
#include "http/consenting.h"
#include "http/look.h"
#include "routes.gen.h"

enum { TOLD_CHARS = 200 };

static struct ll_enterprise_env env_of(struct ll_app *app, struct ll_request *rq, const struct ll_sharing *s)
{
    return (struct ll_enterprise_env){.tables = app->tables,
                                      .marks = ll_gateway_marks(app->gateway),
                                      .vault = ll_data_vault(app->data),
                                      .keys = ll_journaling_keys(app->journaling),
                                      .cat = s->cat,
                                      .tx = s->tx,
                                      .actor = &rq->actor,
                                      .arena = rq->arena};
}

/* The subject's own, if it is an enterprise. */
static int open_own(struct ll_app *app, struct ll_request *rq, bool write, struct ll_consenting *c,
                    struct ll_consent_self *me, struct ll_err *err)
{
    int rc = ll_consenting_self(app, rq, write, c, me, err);

    if (rc == LL_OK && me->scheme != LL_ID_USCC) {
        rc = ll_fail(err, LL_NOTFOUND, "以统一社会信用代码登录的企业才有企业档案",
                     "only an enterprise, signed in by its credit code, has such a profile");
        ll_consenting_close(c);
    }
    return rc;
}

static int put(const struct ll_enterprise_env *env, struct ll_app *app, struct ll_request *rq,
               const struct ll_consent_self *me, struct ll_err *err)
{
    struct ll_enterprise e;
    int rc = ll_enterprise_read(env, rq->actor.subject, me->value, &e, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_enterprise_put(env, &e, &rq->json);
    if (e.id && (rc = ll_sharing_progress(env->tx, rq, LL_FLOW_ENTERPRISE, e.id, err)) < 0)
        return rc;
    ll_json_end_obj(&rq->json);
    return ll_look_note(app, rq, ll_scheme_name(me->scheme), me->value, err);
}

int ll_h_me_enterprise(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consent_self me;
    struct ll_consenting c;
    int rc = open_own(app, rq, false, &c, &me, err);

    if (rc < 0)
        return rc;
    const struct ll_enterprise_env env = env_of(app, rq, &c.s);
    rc = put(&env, app, rq, &me, err);
    ll_consenting_close(&c);
    return rc;
}

static void read_told(struct ll_body *b, struct ll_enterprise_told *told)
{
    static const enum ll_enterprise_field fields[] = {LL_ENT_INDUSTRY, LL_ENT_EMPLOYEES, LL_ENT_REVENUE,
                                                      LL_ENT_ASSETS,   LL_ENT_CONTACT,   LL_ENT_MOBILE};

    for (size_t i = 0; i < LL_COUNT(fields); i++)
        told->text[fields[i]] = ll_str(
            ll_body_text(b, ll_enterprise_field_name(fields[i]), 1, TOLD_CHARS, false));
}

int ll_h_me_enterprise_register(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_enterprise_told told = {{{NULL, 0}}};
    struct ll_consent_self me;
    struct ll_consenting c;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    read_told(&b, &told);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_enterprise_prepare(ll_data_vault(app->data), err)) < 0 ||
        (rc = open_own(app, rq, true, &c, &me, err)) < 0)
        return rc;
    const struct ll_enterprise_env env = env_of(app, rq, &c.s);
    if ((rc = ll_enterprise_register(&env, rq->actor.subject, me.value, &told, err)) == LL_OK &&
        (rc = put(&env, app, rq, &me, err)) == LL_OK)
        rc = ll_sharing_commit(app, &c.s, err);
    ll_consenting_close(&c);
    return rc;
}

int ll_h_me_enterprise_close(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consent_self me;
    struct ll_consenting c;
    int rc = open_own(app, rq, true, &c, &me, err);

    if (rc < 0)
        return rc;
    const struct ll_enterprise_env env = env_of(app, rq, &c.s);
    if ((rc = ll_enterprise_close(&env, rq->actor.subject, err)) == LL_OK &&
        (rc = put(&env, app, rq, &me, err)) == LL_OK)
        rc = ll_sharing_commit(app, &c.s, err);
    ll_consenting_close(&c);
    return rc;
}
