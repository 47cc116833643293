/* consenting.c - see consenting.h. */
#include "http/consenting.h"

int ll_consenting_open(struct ll_app *app, struct ll_request *rq, bool write, struct ll_consenting *ret,
                       struct ll_err *err)
{
    int rc;

    *ret = (struct ll_consenting){0};
    if ((rc = ll_site(app, &ret->site, err)) < 0 || (rc = ll_sharing_open(app, write, &ret->s, err)) < 0)
        return rc;
    ret->env = (struct ll_consent_env){.tx = ret->s.tx,
                                       .keys = ll_journaling_keys(app->journaling),
                                       .catalog = ret->s.cat,
                                       .actor = &rq->actor,
                                       .arena = rq->arena};
    return LL_OK;
}

void ll_consenting_close(struct ll_consenting *c)
{
    ll_sharing_close(&c->s);
}

int ll_consenting_self(struct ll_app *app, struct ll_request *rq, bool write, struct ll_consenting *c,
                       struct ll_consent_self *ret, struct ll_err *err)
{
    int rc = ll_consenting_open(app, rq, write, c, err);

    *ret = (struct ll_consent_self){.mask = NULL};
    if (rc == LL_OK && (rc = ll_consent_subject(&c->env, rq->actor.subject, ret, err)) < 0)
        ll_consenting_close(c);
    return rc;
}

int ll_consenting_detect(const char *text, struct ll_consent_who *ret, struct ll_err *err)
{
    char canon[LL_ID_MAX];
    size_t n;

    ret->value = ll_str(text);
    if (ll_id_detect(ret->value, &ret->scheme, canon, &n) &&
        (ret->scheme == LL_ID_USCC || ret->scheme == LL_ID_RESIDENT_ID))
        return LL_OK;
    return ll_fail(err, LL_INVALID, "subject 不是有效的统一社会信用代码或公民身份号码",
                   "subject is no valid credit code or resident number");
}

int ll_consenting_who(struct ll_body *b, struct ll_consent_who *ret, struct ll_err *err)
{
    const char *id = ll_body_text(b, "subject", 1, LL_ID_MAX - 1, true);

    *ret = (struct ll_consent_who){.title = ll_body_text(b, "subject_title", 1, 100, true)};
    return id ? ll_consenting_detect(id, ret, err) : LL_USAGE;
}
