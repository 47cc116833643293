/* handle_consent.c - consents asked for, shown to their subject, signed, recorded from paper and withdrawn.
 *
 * The subject has no account: whoever has the unguessable id of an offer may read it, and the passkey is what signs. */
#include "http/consenting.h"
#include "http/passkey.h"
#include "http/write.h"
#include "routes.gen.h"
#include "share/passkeys.h"

#include "base/clock.h"

#include <string.h>

enum { SCOPES_MAX = 100, SCOPE_TEXT = 8000, USES_MAX = 1000000000, DOCUMENT_TEXT = 64 };

/* --- what is asked ------------------------------------------------------------------------------------------------------ */

/* "tax_rating" or "tax_rating:rating,year" */
static int read_scope(const char *text, struct ll_arena *arena, struct ll_consent_scope *ret,
                      struct ll_err *err)
{
    struct ll_str name, rest, item;
    const char **items = ll_arena_array(arena, LL_CONSENT_ITEMS_MAX, sizeof *items);

    ll_str_cut(ll_str(text), ':', &name, &rest);
    *ret = (struct ll_consent_scope){.resource = ll_arena_dup(arena, name), .items = items};
    if (!items || !ret->resource)
        return ll_no_memory(err);
    while (rest.n) {
        if (ret->n_items == LL_CONSENT_ITEMS_MAX)
            return ll_fail(err, LL_USAGE, "信息项超过 %d 个", "more than %d items",
                           (int)LL_CONSENT_ITEMS_MAX);
        ll_str_cut(rest, ',', &item, &rest);
        if (!(items[ret->n_items++] = ll_arena_dup(arena, ll_str_trim(item))))
            return ll_no_memory(err);
    }
    return LL_OK;
}

static int read_scopes(struct ll_body *b, struct ll_arena *arena, struct ll_consent_ask *ask,
                       struct ll_err *err)
{
    const char *const *texts;
    size_t n = ll_body_texts(b, "resources", SCOPES_MAX, SCOPE_TEXT, &texts);
    struct ll_consent_scope *scopes = ll_arena_array(arena, n ? n : 1, sizeof *scopes);
    int rc = scopes ? LL_OK : ll_no_memory(err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        rc = read_scope(texts[i], arena, &scopes[i], err);
    ask->scopes = scopes;
    ask->n_scopes = n;
    return rc;
}

/* Today until the end of the last day named. */
static int read_ask(struct ll_body *b, struct ll_request *rq, struct ll_consent_ask *ask, struct ll_err *err)
{
    int rc;

    *ask = (struct ll_consent_ask){.organisation = rq->actor.organisation, .from_at = ll_now_ms()};
    if ((rc = ll_consenting_who(b, &ask->who, err)) < 0 || (rc = read_scopes(b, rq->arena, ask, err)) < 0)
        return rc;
    ask->purpose = ll_body_text(b, "purpose", 1, 500, true);
    ask->uses = ll_body_int(b, "uses", 0, USES_MAX, 0);
    const char *until = ll_body_text(b, "until", 10, 10, true);
    return until ? ll_sharing_day_end("until", until, &ask->until_at, err) : LL_USAGE;
}

static int put_offer(struct ll_consenting *c, struct ll_request *rq, const struct ll_consent_offer *o,
                     struct ll_err *err)
{
    struct ll_passkey_ask ask = {.site = c->site, .challenge = o->challenge, .expires_at = o->expires_at};
    int rc = ll_passkey_ids(c->env.tx, LL_OF_SUBJECT, o->subject, rq->arena, &ask.ids, &ask.n_ids, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "id", o->id);
    ll_json_kz(&rq->json, "act", o->consent ? "withdraw" : "give");
    ll_json_kz(&rq->json, "consent", o->consent ? o->consent : o->id);
    ll_json_kz(&rq->json, "text", o->text);
    ll_write_time(&rq->json, "expires_at", o->expires_at);
    ll_json_kz(&rq->json, "url", ll_arena_printf(rq->arena, "%s/consent#%s", c->site->origin, o->id));
    ll_passkey_put(&rq->json, LL_PASSKEY_GET, &ask);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_consent_ask(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consent_offer offer;
    struct ll_consent_ask ask;
    struct ll_consenting c;
    struct ll_body b;
    int rc, read;

    ll_body_open(&b, rq, err);
    read = read_ask(&b, rq, &ask, err);
    if (read < 0)
        b.rc = read;
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_consenting_open(app, rq, true, &c, err)) < 0)
        return rc;
    if ((rc = ll_consent_ask(&c.env, &ask, &offer, err)) == LL_OK &&
        (rc = put_offer(&c, rq, &offer, err)) == LL_OK)
        rc = ll_sharing_commit(app, &c.s, err);
    ll_consenting_close(&c);
    rq->status = 201;
    return rc;
}

/* --- the subject's side ------------------------------------------------------------------------------------------------- */

int ll_h_consent_offer(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consent_offer offer;
    struct ll_consenting c;
    int rc = ll_site_limit(app, rq, err);

    if (rc < 0 || (rc = ll_consenting_open(app, rq, false, &c, err)) < 0)
        return rc;
    if ((rc = ll_consent_offer(&c.env, ll_arg(rq, LL_P_CONSENT_OFFER_ID)->s.p, &offer, err)) == LL_OK)
        rc = put_offer(&c, rq, &offer, err);
    ll_consenting_close(&c);
    return rc;
}

/* What waits for the signature of the subject that is signed in. */
int ll_h_me_offers(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consent_offer *list = NULL;
    struct ll_consenting c;
    size_t n = 0;
    int rc = ll_consenting_open(app, rq, false, &c, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_consent_offers(&c.env, rq->actor.subject, &list, &n, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        ll_json_key(&rq->json, "items");
        ll_json_arr(&rq->json);
        for (size_t i = 0; rc == LL_OK && i < n; i++)
            rc = put_offer(&c, rq, &list[i], err);
        ll_json_end_arr(&rq->json);
        ll_json_end_obj(&rq->json);
    }
    ll_consenting_close(&c);
    return rc;
}

static int sign(struct ll_consenting *c, struct ll_request *rq, const char *id, const struct ll_passkey *p,
                struct ll_err *err)
{
    const struct ll_webauthn_use use = {p->client_data, p->auth_data, p->signature};
    const struct ll_webauthn_want want = ll_site_want(c->site);
    struct ll_consent_offer offer;
    int rc = ll_consent_offer(&c->env, id, &offer, err);

    if (rc < 0 || (rc = ll_consent_sign(&c->env, id, &want, p->id, &use, err)) < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "consent", offer.consent ? offer.consent : offer.id);
    ll_json_kz(&rq->json, "state", offer.consent ? "withdrawn" : "active");
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_consent_sign(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consenting c;
    struct ll_passkey p;
    int rc;

    if ((rc = ll_site_limit(app, rq, err)) < 0 || (rc = ll_passkey_read(rq, LL_PASSKEY_GET, &p, err)) < 0 ||
        (rc = ll_consenting_open(app, rq, true, &c, err)) < 0)
        return rc;
    c.env.actor = NULL; /* it is the subject's act, whoever may be signed in on the device */
    if ((rc = sign(&c, rq, ll_arg(rq, LL_P_CONSENT_SIGN_ID)->s.p, &p, err)) == LL_OK)
        rc = ll_sharing_commit(app, &c.s, err);
    ll_consenting_close(&c);
    return rc;
}

int ll_h_consent_ask_withdrawal(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_CONSENT_ASK_WITHDRAWAL_ID)->s.p;
    struct ll_consent_offer offer;
    struct ll_consenting c;
    int rc = ll_site_limit(app, rq, err);

    if (rc < 0 || (rc = ll_consenting_open(app, rq, true, &c, err)) < 0)
        return rc;
    if ((rc = ll_consent_ask_withdrawal(&c.env, id, &offer, err)) == LL_OK &&
        (rc = put_offer(&c, rq, &offer, err)) == LL_OK)
        rc = ll_sharing_commit(app, &c.s, err);
    ll_consenting_close(&c);
    rq->status = 201;
    return rc;
}

/* --- by officers -------------------------------------------------------------------------------------------------------- */

static int show(struct ll_consenting *c, struct ll_request *rq, const char *id, struct ll_err *err)
{
    struct ll_consent v;
    int rc = ll_consent_get(&c->env, id, &v, err);

    return rc < 0 ? rc : ll_consent_json(&c->env, &v, &rq->json, err);
}

int ll_h_consent_record(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    char id[LL_CONSENT_ID];
    struct ll_consent_ask ask = {0};
    struct ll_consenting c;
    struct ll_body b;
    int rc, read;

    ll_body_open(&b, rq, err);
    const char *document = ll_body_text(&b, "document", DOCUMENT_TEXT, DOCUMENT_TEXT, true);
    if (document && (read = read_ask(&b, rq, &ask, err)) < 0)
        b.rc = read;
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_consenting_open(app, rq, true, &c, err)) < 0)
        return rc;
    if ((rc = ll_consent_record(&c.env, &ask, document, id, err)) == LL_OK &&
        (rc = show(&c, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &c.s, err);
    ll_consenting_close(&c);
    rq->status = 201;
    return rc;
}

int ll_h_consent_withdraw(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_CONSENT_WITHDRAW_ID)->s.p;
    struct ll_consenting c;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *reason = ll_body_text(&b, "reason", 1, 300, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_consenting_open(app, rq, true, &c, err)) < 0)
        return rc;
    if ((rc = ll_consent_withdraw(&c.env, id, reason, err)) == LL_OK && (rc = show(&c, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &c.s, err);
    ll_consenting_close(&c);
    return rc;
}
