/* handle_me.c - a subject's own side: signed in by its passkey for ten minutes, it sees who looked at its data and what it consented to. */
#include "http/challenge.h"
#include "http/consenting.h"
#include "http/look.h"
#include "http/write.h"
#include "routes.gen.h"
#include "share/looks.h"
#include "share/passkeys.h"

#include "base/log.h"

#include <stdio.h>

static const char sign_in[] = "?subject";

int ll_h_me_challenge(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_passkey_ask ask = {.site = NULL};
    unsigned char challenge[LL_DIGEST];
    int rc;

    if ((rc = ll_site_limit(app, rq, err)) < 0 ||
        (rc = ll_challenge_issue(app, sign_in, challenge, &ask, err)) < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_passkey_put(&rq->json, LL_PASSKEY_GET, &ask);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

static int recognise(struct ll_app *app, struct ll_consenting *c, const struct ll_passkey *p,
                     struct ll_request *rq, struct ll_err *err)
{
    const struct ll_webauthn_use use = {p->client_data, p->auth_data, p->signature};
    struct ll_webauthn_want want = ll_site_want(c->site);
    unsigned char challenge[LL_DIGEST];
    char token[44], owner[LL_TOKEN_CLIENT];
    const char *subject = NULL;
    bool representative = false;
    int rc = ll_challenge_take(app, sign_in, p, challenge, err);

    want.challenge = (struct ll_str){(const char *)challenge, sizeof challenge};
    if (rc < 0 ||
        (rc = ll_consent_recognise(&c->env, &want, p->id, &use, &subject, &representative, err)) < 0)
        return rc;
    snprintf(owner, sizeof owner, "%c%s%s", LL_TOKEN_SUBJECT, subject,
             representative ? LL_TOKEN_REPRESENTATIVE : "");
    if ((rc = ll_tokens_issue(app->tokens, ll_str(owner), token, err)) < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "access_token", token);
    ll_json_kz(&rq->json, "token_type", "Bearer");
    ll_json_ki(&rq->json, "expires_in", LL_TOKEN_S);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_me_session(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consenting c;
    struct ll_passkey p;
    struct ll_err why;
    int rc;

    if ((rc = ll_site_limit(app, rq, err)) < 0 || (rc = ll_passkey_read(rq, LL_PASSKEY_GET, &p, err)) < 0 ||
        (rc = ll_consenting_open(app, rq, true, &c, err)) < 0)
        return rc;
    if ((rc = recognise(app, &c, &p, rq, err)) == LL_OK)
        rc = ll_sharing_commit(app, &c.s, err);
    ll_consenting_close(&c);
    if (rc == LL_CONFLICT && ll_passkey_warn(ll_data_store(app->data), LL_OF_SUBJECT, p.id, &why) < 0)
        ll_log(LL_ERROR, "passkey", "%s: %s", rq->id, why.en);
    return rc;
}

int ll_h_me_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consent_self me;
    struct ll_consenting c;
    int rc = ll_consenting_self(app, rq, false, &c, &me, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "scheme", ll_scheme_name(me.scheme));
    ll_json_kz(&rq->json, "subject", me.mask);
    ll_json_kz(&rq->json, "title", me.title);
    ll_json_end_obj(&rq->json);
    ll_consenting_close(&c);
    return LL_OK;
}

int ll_h_me_consents(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consent_query q = {.offset = (size_t)ll_arg(rq, LL_P_ME_CONSENTS_OFFSET)->i,
                                 .limit = (size_t)ll_arg(rq, LL_P_ME_CONSENTS_LIMIT)->i};
    struct ll_consent_who who;
    struct ll_consent_self me;
    struct ll_consent *list;
    struct ll_consenting c;
    int64_t total;
    size_t n;
    int rc = ll_consenting_self(app, rq, false, &c, &me, err);

    if (rc < 0)
        return rc;
    who = (struct ll_consent_who){.scheme = me.scheme, .value = me.value};
    q.who = &who;
    if ((rc = ll_consent_list(&c.env, &q, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
        for (size_t i = 0; rc == LL_OK && i < n; i++)
            rc = ll_consent_json(&c.env, &list[i], &rq->json, err);
        ll_sharing_page_end(rq);
    }
    ll_consenting_close(&c);
    return rc;
}

/* --- looks ---------------------------------------------------------------------------------------------------------------- */

static int put_looks(struct ll_app *app, struct ll_request *rq, enum ll_scheme scheme, struct ll_str value,
                     bool all, const struct ll_arg *before, const struct ll_arg *limit, struct ll_err *err)
{
    const struct ll_looks_query q = {.scheme = ll_scheme_name(scheme),
                                     .value = value,
                                     .before = before->given ? before->i : INT64_MAX,
                                     .limit = (size_t)limit->i,
                                     .all = all};

    return ll_looks_put(app->gateway, &q, &rq->json, err);
}

/* The path and its commitment are one moment's, whatever comes meanwhile. */
static int put_proof(struct ll_app *app, struct ll_request *rq, enum ll_scheme scheme, struct ll_str value,
                     bool all, const struct ll_arg *after, const struct ll_arg *limit, struct ll_err *err)
{
    const struct ll_looks_proof q = {.scheme = ll_scheme_name(scheme),
                                     .value = value,
                                     .after = after->i,
                                     .limit = (size_t)limit->i,
                                     .all = all,
                                     .arena = rq->arena};

    return ll_looks_proof_put(app->gateway, &q, &rq->json, err);
}

int ll_h_me_looks_proof(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consent_self me;
    struct ll_consenting c;
    int rc = ll_consenting_self(app, rq, false, &c, &me, err);

    if (rc < 0)
        return rc;
    ll_consenting_close(&c);
    return put_proof(app, rq, me.scheme, me.value, false, ll_arg(rq, LL_P_ME_LOOKS_PROOF_AFTER),
                     ll_arg(rq, LL_P_ME_LOOKS_PROOF_LIMIT), err);
}

int ll_h_me_looks(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consent_self me;
    struct ll_consenting c;
    int rc = ll_consenting_self(app, rq, false, &c, &me, err);

    if (rc < 0)
        return rc;
    ll_consenting_close(&c); /* what was read lives in the request's arena */
    return put_looks(app, rq, me.scheme, me.value, false, ll_arg(rq, LL_P_ME_LOOKS_BEFORE),
                     ll_arg(rq, LL_P_ME_LOOKS_LIMIT), err);
}

static int read_subject(const struct ll_arg *id, enum ll_scheme *scheme, char canon[LL_ID_MAX],
                        struct ll_str *ret, struct ll_err *err)
{
    size_t n = 0;

    if (!ll_id_detect(id->s, scheme, canon, &n))
        return ll_fail(err, LL_INVALID, "不是有效的主体标识", "not a valid identifier of a subject");
    *ret = (struct ll_str){canon, n};
    return LL_OK;
}

/* Who oversees leaves a trace as well (look.h). */
static int look_into(struct ll_app *app, struct ll_request *rq, const struct ll_arg *id,
                     enum ll_scheme *scheme, char canon[LL_ID_MAX], struct ll_str *ret, struct ll_err *err)
{
    int rc = read_subject(id, scheme, canon, ret, err);

    return rc < 0 ? rc : ll_look_into(app, rq, ll_scheme_name(*scheme), *ret, err);
}

int ll_h_subject_looks(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    char canon[LL_ID_MAX];
    enum ll_scheme scheme;
    struct ll_str value = {NULL, 0};
    int rc = look_into(app, rq, ll_arg(rq, LL_P_SUBJECT_LOOKS_ID), &scheme, canon, &value, err);

    return rc < 0 ? rc
                  : put_looks(app, rq, scheme, value, true, ll_arg(rq, LL_P_SUBJECT_LOOKS_BEFORE),
                              ll_arg(rq, LL_P_SUBJECT_LOOKS_LIMIT), err);
}

/* The file is what a verifier takes to the byte: its receipt stands in the header alone. */
int ll_h_subject_looks_proof(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    char canon[LL_ID_MAX];
    enum ll_scheme scheme;
    struct ll_str value = {NULL, 0};
    int rc = look_into(app, rq, ll_arg(rq, LL_P_SUBJECT_LOOKS_PROOF_ID), &scheme, canon, &value, err);

    rq->type = "application/json";
    return rc < 0 ? rc
                  : put_proof(app, rq, scheme, value, true, ll_arg(rq, LL_P_SUBJECT_LOOKS_PROOF_AFTER),
                              ll_arg(rq, LL_P_SUBJECT_LOOKS_PROOF_LIMIT), err);
}
