/* handle_enrol.c - passkeys of subjects: an officer says who somebody is, the device of that person makes the passkey. */
#include "http/consenting.h"
#include "http/passkey.h"
#include "http/write.h"
#include "routes.gen.h"
#include "share/passkeys.h"

static int put(struct ll_consenting *c, struct ll_request *rq, const struct ll_consent_enrolment *e,
               struct ll_err *err)
{
    const struct ll_organisation *o = ll_catalog_organisation(c->env.catalog, ll_str(e->organisation));
    struct ll_passkey_ask ask = {.site = c->site,
                                 .challenge = e->challenge,
                                 .expires_at = e->expires_at,
                                 .rp_name = "庐陵",
                                 .user_id = e->subject,
                                 .user_name = ll_arena_printf(rq->arena, "%s %s", e->title, e->mask)};
    int rc = ll_passkey_ids(c->env.tx, LL_OF_SUBJECT, e->subject, rq->arena, &ask.ids, &ask.n_ids, err);

    if (rc < 0)
        return rc;
    if (!ask.user_name)
        return ll_no_memory(err);
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "subject", e->mask);
    ll_json_kz(&rq->json, "subject_title", e->title);
    ll_json_kz(&rq->json, "capacity", e->capacity);
    ll_json_kz(&rq->json, "organisation", e->organisation);
    ll_json_kz(&rq->json, "organisation_name", o ? o->name : e->organisation);
    ll_write_time(&rq->json, "expires_at", e->expires_at);
    if (e->token)
        ll_json_kz(&rq->json, "url", ll_arena_printf(rq->arena, "%s/enrol#%s", c->site->origin, e->token));
    ll_passkey_put(&rq->json, LL_PASSKEY_CREATE, &ask);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_enrolment_make(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consent_enrolment e;
    struct ll_consent_who who;
    struct ll_consenting c;
    struct ll_body b;
    int rc, read;

    ll_body_open(&b, rq, err);
    read = ll_consenting_who(&b, &who, err);
    const char *capacity = ll_body_text(&b, "capacity", 1, 32, true);
    const char *proof = ll_body_text(&b, "proof", 2, 150, true);
    if (b.rc >= 0 && read < 0)
        b.rc = read;
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_consenting_open(app, rq, true, &c, err)) < 0)
        return rc;
    if ((rc = ll_consent_enrol(&c.env, &who, capacity, proof, &e, err)) == LL_OK &&
        (rc = put(&c, rq, &e, err)) == LL_OK)
        rc = ll_sharing_commit(app, &c.s, err);
    ll_consenting_close(&c);
    rq->status = 201;
    return rc;
}

/* --- on the subject's device ----------------------------------------------------------------------------------------- */

int ll_h_enrolment_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *token = ll_arg(rq, LL_P_ENROLMENT_SHOW_TOKEN)->s.p;
    struct ll_consent_enrolment e;
    struct ll_consenting c;
    int rc = ll_site_limit(app, rq, err);

    if (rc < 0 || (rc = ll_consenting_open(app, rq, false, &c, err)) < 0)
        return rc;
    if ((rc = ll_consent_enrolment(&c.env, token, &e, err)) == LL_OK)
        rc = put(&c, rq, &e, err);
    ll_consenting_close(&c);
    return rc;
}

int ll_h_enrolment_finish(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *token = ll_arg(rq, LL_P_ENROLMENT_FINISH_TOKEN)->s.p, *key;
    struct ll_consenting c;
    struct ll_passkey p;
    int rc;

    if ((rc = ll_site_limit(app, rq, err)) < 0 ||
        (rc = ll_passkey_read(rq, LL_PASSKEY_CREATE, &p, err)) < 0 ||
        (rc = ll_consenting_open(app, rq, true, &c, err)) < 0)
        return rc;
    const struct ll_webauthn_want want = ll_site_want(c.site);
    if ((rc = ll_consent_enrolled(&c.env, token, &want, p.client_data, p.attestation, &key, err)) == LL_OK)
        rc = ll_sharing_commit(app, &c.s, err);
    ll_consenting_close(&c);
    if (rc < 0)
        return rc;
    rq->status = 201;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "key", key);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_subject_key_end(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consenting c;
    int rc = ll_consenting_open(app, rq, true, &c, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_consent_key_end(&c.env, ll_arg(rq, LL_P_SUBJECT_KEY_END_ID)->s.p, err)) == LL_OK)
        rc = ll_sharing_commit(app, &c.s, err);
    ll_consenting_close(&c);
    rq->status = 204;
    return rc;
}
