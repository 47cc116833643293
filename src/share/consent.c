/* consent.c - see consent.h.  Asking, signing, recording, withdrawing. */
#include "share/consent_impl.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "crypto/random.h"

#include <stdio.h>
#include <string.h>

enum {
    PURPOSE_MAX = 500,
    SCOPES_MAX = 100,
    REASON_MAX = 1000,
    USES_MAX = 1000000000,
    DOCUMENT = 64,
    NONCE_TEXT = 44
};
#define PERIOD_MAX (INT64_C(5) * 366 * 86400 * 1000)

static const char *actor_name(const struct ll_actor *a)
{
    return !a ? NULL : a->account ? a->account : a->client;
}

int ll_consent_event(const struct ll_consent_env *env, const char *id, const char *act, struct ll_err *err)
{
    const struct ll_actor *a = env->actor;

    return ll_exec(
        env->tx, err,
        "INSERT INTO consent_event (consent, act, account, client, organisation, at) VALUES ($1, $2, $3, $4, $5, $6)",
        "zzzzzi", id, act, a ? a->account : NULL, a ? a->client : NULL, a ? a->organisation : NULL,
        ll_now_ms());
}

/* "C-20261124-9c41d07e55": an identifier that can be read out, and nobody guesses. */
static int new_id(char prefix, char out[LL_CONSENT_ID], struct ll_err *err)
{
    unsigned char raw[8];
    char day[LL_TIME_TEXT];
    int rc = ll_random(raw, sizeof raw, err);

    ll_time_text(ll_now_ms(), day);
    snprintf(out, LL_CONSENT_ID, "%c-%.4s%.2s%.2s-%02x%02x%02x%02x%02x%02x%02x%02x", prefix, day, day + 5,
             day + 8, raw[0], raw[1], raw[2], raw[3], raw[4], raw[5], raw[6], raw[7]);
    return rc;
}

/* --- what is asked ---------------------------------------------------------------------------------------------------- */

static int check_ask(const struct ll_consent_env *env, const struct ll_consent_ask *a, struct ll_err *err)
{
    struct ll_str purpose = ll_str_trim(ll_str(a->purpose));
    size_t items = 0;

    for (size_t i = 0; i < a->n_scopes; i++)
        items += a->scopes[i].n_items;
    if (!purpose.n || purpose.n > PURPOSE_MAX || purpose.n != strlen(a->purpose) ||
        memchr(purpose.p, '\n', purpose.n) || ll_utf8_bad(purpose) < purpose.n)
        return ll_fail(err, LL_INVALID, "须写明用途，一行，不超过 %d 字节",
                       "a purpose is needed, one line of %d bytes at most", (int)PURPOSE_MAX);
    if (!a->n_scopes || a->n_scopes > SCOPES_MAX || items > LL_CONSENT_ITEMS_MAX)
        return ll_fail(err, LL_INVALID, "授权须有 1 至 %d 个资源、不超过 %d 个信息项",
                       "a consent has 1 to %d resources and %d items at most", (int)SCOPES_MAX,
                       (int)LL_CONSENT_ITEMS_MAX);
    if (a->from_at >= a->until_at || a->until_at <= ll_now_ms() || a->until_at - a->from_at > PERIOD_MAX)
        return ll_fail(err, LL_INVALID, "有效期须在将来结束，且不超过五年",
                       "the period must end in the future and last five years at most");
    if (a->uses < 0 || a->uses > USES_MAX)
        return ll_fail(err, LL_INVALID, "次数须为 0（不限）至 %d", "the number of uses is 0 (any) to %d",
                       (int)USES_MAX);
    return ll_consent_permitted(env, "consent.write", a->organisation, err);
}

/* Every item by name, so that what a resource gets later is not covered. */
static int put_scope(const struct ll_consent_env *env, const char *id, const struct ll_consent_scope *scope,
                     struct ll_err *err)
{
    const struct ll_resource *r = ll_catalog_resource(env->catalog, ll_str(scope->resource));
    size_t n = scope->n_items ? scope->n_items : r->n_items;
    int rc = LL_OK;

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        rc = ll_exec(
            env->tx, err,
            "INSERT INTO consent_item (consent, resource, item) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            "zzz", id, r->name, scope->n_items ? scope->items[i] : r->items[i].name);
    return rc;
}

/* Checks, stores the subject and the items, makes the text. */
static int prepare(const struct ll_consent_env *env, const struct ll_consent_ask *a, char id[LL_CONSENT_ID],
                   struct consent_subject *subject, const char **ret_text, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(LL_CONSENT_TEXT_MAX);
    int rc;

    if ((rc = check_ask(env, a, err)) < 0 || (rc = new_id('C', id, err)) < 0 ||
        (rc = ll_consent_subject_take(env, &a->who, subject, err)) < 0)
        return rc;
    rc = ll_consent_text(env, a, subject, id, &text, err);
    if (rc == LL_OK && !(*ret_text = ll_arena_dup(env->arena, ll_buf_view(&text))))
        rc = ll_no_memory(err);
    ll_buf_free(&text);
    for (size_t i = 0; rc == LL_OK && i < a->n_scopes; i++)
        rc = put_scope(env, id, &a->scopes[i], err);
    return rc;
}

/* --- offers ------------------------------------------------------------------------------------------------------------- */

static int fill_offer(struct ll_consent_offer *o, const char *nonce_text, struct ll_err *err)
{
    unsigned char nonce[LL_NONCE];

    if (!ll_base64_exact(ll_str(nonce_text), LL_BASE64_URL, nonce, LL_NONCE))
        return ll_fail(err, LL_INTERNAL, "存储的随机数有误", "the stored nonce is damaged");
    ll_approval_challenge(nonce, ll_str(o->text), o->challenge);
    return LL_OK;
}

/* Nobody signs what has ended already. */
static int64_t waits_until(const char *withdraws, const struct ll_consent_ask *a)
{
    int64_t now = ll_now_ms();

    if (withdraws)
        return now + LL_CONSENT_SOON_MS;
    return a->until_at < now + LL_CONSENT_OFFER_MS ? a->until_at : now + LL_CONSENT_OFFER_MS;
}

/* consent: the one that would be withdrawn; NULL for a new one. */
static int put_offer(const struct ll_consent_env *env, const char *id, const char *consent,
                     const char *subject, const struct ll_consent_ask *a, const char *text,
                     struct ll_consent_offer *ret, struct ll_err *err)
{
    char nonce[LL_TOKEN_TEXT];
    int rc = ll_random_token(nonce, err);

    if (rc < 0)
        return rc;
    *ret = (struct ll_consent_offer){.id = ll_arena_dup(env->arena, ll_str(id)),
                                     .text = text,
                                     .subject = ll_arena_dup(env->arena, ll_str(subject)),
                                     .consent = consent,
                                     .expires_at = waits_until(consent, a)};
    if (!ret->id || !ret->subject)
        return ll_no_memory(err);
    if ((rc = fill_offer(ret, nonce, err)) < 0)
        return rc;
    return ll_exec(
        env->tx, err,
        "INSERT INTO consent_offer (id, consent, subject, organisation, purpose, from_at, until_at, uses, text, nonce, made_by,"
        " expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        "zzzzziiizzzi", id, consent, subject, a->organisation, a->purpose, a->from_at, a->until_at, a->uses,
        text, nonce, actor_name(env->actor), ret->expires_at);
}

/* Offers that nobody signed in time leave nothing behind. */
static int sweep(const struct ll_consent_env *env, struct ll_err *err)
{
    int64_t now = ll_now_ms();
    int rc = ll_exec(
        env->tx, err,
        "DELETE FROM consent_item WHERE consent IN (SELECT id FROM consent_offer WHERE expires_at <= $1 AND consent IS NULL)"
        " AND consent NOT IN (SELECT id FROM consent)",
        "i", now);

    return rc < 0 ? rc : ll_exec(env->tx, err, "DELETE FROM consent_offer WHERE expires_at <= $1", "i", now);
}

int ll_consent_ask(const struct ll_consent_env *env, const struct ll_consent_ask *ask,
                   struct ll_consent_offer *ret, struct ll_err *err)
{
    struct consent_subject subject;
    char id[LL_CONSENT_ID];
    const char *text = NULL;
    int rc = sweep(env, err);

    if (rc < 0 || (rc = prepare(env, ask, id, &subject, &text, err)) < 0)
        return rc;
    return put_offer(env, id, NULL, subject.id, ask, text, ret, err);
}

int ll_consent_ask_withdrawal(const struct ll_consent_env *env, const char *id, struct ll_consent_offer *ret,
                              struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(LL_CONSENT_TEXT_MAX);
    char offer[LL_CONSENT_ID];
    struct ll_consent c;
    int rc;

    if ((rc = sweep(env, err)) < 0 || (rc = ll_consent_get(env, id, &c, err)) < 0 ||
        (rc = new_id('W', offer, err)) < 0)
        return rc;
    if (c.withdrawn)
        return ll_fail(err, LL_CONFLICT, "授权 %s 已经撤回", "consent %s is withdrawn already", id);
    ll_consent_withdrawal_text(env, &c, offer, &text);
    const char *copy = text.failed ? NULL : ll_arena_dup(env->arena, ll_buf_view(&text));
    ll_buf_free(&text);
    if (!copy)
        return ll_no_memory(err);
    const struct ll_consent_ask same = {.organisation = c.organisation,
                                        .purpose = c.purpose,
                                        .from_at = c.from_at,
                                        .until_at = c.until_at,
                                        .uses = c.uses};
    return put_offer(env, offer, id, c.subject, &same, copy, ret, err);
}

/* A stored offer. */
struct stored {
    struct ll_consent_offer shown;
    struct ll_consent_ask ask; /* without scopes */
    const char *consent, *subject, *nonce, *made_by;
};

static int read_offer(const struct ll_consent_env *env, const char *id, struct stored *o, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(
        env->tx,
        "SELECT id, consent, subject, organisation, purpose, from_at, until_at, uses, text, nonce, made_by, expires_at"
        " FROM consent_offer WHERE id = $1 AND expires_at > $2",
        &s, err);

    *o = (struct stored){0};
    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    ll_bind_int(s, 2, ll_now_ms());
    rc = ll_step(s, err);
    if (rc == 1) {
        struct ll_arena *a = env->arena;
        *o = (struct stored){.consent = ll_col_dup(s, 1, a, &nomem),
                             .subject = ll_col_dup(s, 2, a, &nomem),
                             .nonce = ll_col_dup(s, 9, a, &nomem),
                             .made_by = ll_col_dup(s, 10, a, &nomem)};
        o->ask = (struct ll_consent_ask){.organisation = ll_col_dup(s, 3, a, &nomem),
                                         .purpose = ll_col_dup(s, 4, a, &nomem),
                                         .from_at = ll_col_int(s, 5),
                                         .until_at = ll_col_int(s, 6),
                                         .uses = ll_col_int(s, 7)};
        o->shown = (struct ll_consent_offer){.id = ll_col_dup(s, 0, a, &nomem),
                                             .text = ll_col_dup(s, 8, a, &nomem),
                                             .subject = o->subject,
                                             .consent = o->consent,
                                             .expires_at = ll_col_int(s, 11)};
        rc = nomem ? ll_no_memory(err) : LL_OK;
    } else if (rc == 0) {
        rc = ll_fail(err, LL_NOTFOUND, "没有这份待签的授权，或已过期，请重新发起",
                     "no such offer, or it has expired; ask again");
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : fill_offer(&o->shown, o->nonce, err);
}

int ll_consent_offer(const struct ll_consent_env *env, const char *id, struct ll_consent_offer *ret,
                     struct ll_err *err)
{
    struct stored o;
    int rc = read_offer(env, id, &o, err);

    if (rc == LL_OK)
        *ret = o.shown;
    return rc;
}

/* --- consents ----------------------------------------------------------------------------------------------------------- */

static int put_consent(const struct ll_consent_env *env, const char *id, const char *subject,
                       const struct ll_consent_ask *a, enum ll_consent_kind kind, const char *text,
                       const char *made_by, struct ll_err *err)
{
    int rc = ll_exec(
        env->tx, err,
        "INSERT INTO consent (id, subject, organisation, purpose, kind, state, from_at, until_at, uses, used, text, status_index,"
        " made_by, made_at) VALUES ($1, $2, $3, $4, $5, 'active', $6, $7, $8, 0, $9,"
        " (SELECT coalesce(max(status_index), -1) + 1 FROM consent), $10, $11)",
        "zzzzziiizzi", id, subject, a->organisation, a->purpose, ll_consent_kind_word(kind), a->from_at,
        a->until_at, a->uses, text, made_by, ll_now_ms());

    return rc < 0 ? rc : ll_consent_event(env, id, "given", err);
}

static int put_evidence(const struct ll_consent_env *env, const char *consent, const char *act,
                        const struct ll_buf *json, struct ll_err *err)
{
    if (json->failed)
        return ll_fail(err, LL_TOOBIG, "签署材料过大", "the evidence is too large");
    return ll_exec(env->tx, err, "INSERT INTO consent_evidence (consent, act, evidence) VALUES ($1, $2, $3)",
                   "zzs", consent, act, ll_buf_view(json));
}

static void put_bytes(struct ll_json *j, const char *key, struct ll_str bytes)
{
    struct ll_buf b = LL_BUF_INIT(EVIDENCE_MAX * 2);

    ll_base64_put(&b, LL_BASE64_URL, bytes.p, bytes.n);
    ll_json_ks(j, key, ll_buf_view(&b));
    j->out->failed |= b.failed;
    ll_buf_free(&b);
}

/* All that is needed to verify once more, and what the key was bound by. */
static void put_signature(struct ll_buf *out, const struct stored *o, const struct consent_key *k,
                          const struct ll_webauthn_use *use)
{
    struct ll_json j;

    ll_json_init(&j, out);
    ll_json_obj(&j);
    put_bytes(&j, "auth_data", use->auth_data);
    ll_json_kb(&j, "backup", k->key.backup);
    ll_json_key(&j, "bound");
    ll_json_obj(&j);
    ll_json_kz(&j, "by", k->bound_by);
    ll_json_kz(&j, "organisation", k->organisation);
    ll_json_kz(&j, "proof", k->proof);
    ll_json_end_obj(&j);
    ll_json_kz(&j, "capacity", k->capacity);
    put_bytes(&j, "client_data", use->client_data);
    put_bytes(&j, "cose", k->key.cose);
    ll_json_kz(&j, "key", k->key.id);
    ll_json_kz(&j, "nonce", o->nonce);
    put_bytes(&j, "signature", use->signature);
    ll_json_kz(&j, "text", o->shown.text);
    ll_json_end_obj(&j);
}

static int mark_withdrawn(const struct ll_consent_env *env, const char *id, const char *by,
                          const char *reason, struct ll_err *err)
{
    int rc = ll_exec(
        env->tx, err,
        "UPDATE consent SET state = 'withdrawn', withdrawn_at = $2, withdrawn_by = $3, reason = $4"
        " WHERE id = $1 AND state = 'active'",
        "zizz", id, ll_now_ms(), by, reason);

    if (rc == LL_OK && ll_txn_changes(env->tx) == 0)
        rc = ll_fail(err, LL_CONFLICT, "授权 %s 不存在或已经撤回",
                     "consent %s does not exist or is withdrawn already", id);
    return rc < 0 ? rc : ll_consent_event(env, id, "withdrawn", err);
}

static int accept(const struct ll_consent_env *env, const struct stored *o, const struct consent_key *k,
                  const struct ll_webauthn_use *use, struct ll_err *err)
{
    struct ll_buf evidence = LL_BUF_INIT(EVIDENCE_MAX);
    const char *id = o->consent ? o->consent : o->shown.id;
    int rc = o->consent ? mark_withdrawn(env, id, k->key.id, NULL, err)
                        : put_consent(env, id, o->subject, &o->ask, LL_CONSENT_PASSKEY, o->shown.text,
                                      o->made_by, err);

    if (rc == LL_OK) {
        put_signature(&evidence, o, k, use);
        rc = put_evidence(env, id, o->consent ? "withdrawn" : "given", &evidence, err);
    }
    ll_buf_free(&evidence);
    return rc < 0 ? rc : ll_exec(env->tx, err, "DELETE FROM consent_offer WHERE id = $1", "z", o->shown.id);
}

int ll_consent_sign(const struct ll_consent_env *env, const char *offer, const struct ll_webauthn_want *site,
                    const char *key, const struct ll_webauthn_use *use, struct ll_err *err)
{
    struct ll_webauthn_want want = *site;
    struct consent_key k;
    struct stored o;
    int rc;

    if ((rc = read_offer(env, offer, &o, err)) < 0 || (rc = ll_consent_key_get(env, key, &k, err)) < 0)
        return rc;
    if (strcmp(k.subject, o.subject) != 0)
        return ll_fail(err, LL_DENIED, "这把通行密钥属于另一个授权人", "this passkey is another subject's");
    want.challenge = (struct ll_str){(const char *)o.shown.challenge, LL_DIGEST};
    rc = ll_passkey_use(env->tx, LL_OF_SUBJECT, &k.key, &want, use, err);
    return rc < 0 ? rc : accept(env, &o, &k, use, err);
}

/* --- by officers -------------------------------------------------------------------------------------------------------- */

static void put_paper(const struct ll_consent_env *env, const char *document, struct ll_buf *out)
{
    struct ll_json j;

    ll_json_init(&j, out);
    ll_json_obj(&j);
    ll_json_kz(&j, "document_sha256", document);
    ll_json_kz(&j, "officer", actor_name(env->actor));
    ll_json_kz(&j, "organisation", env->actor->organisation);
    ll_json_end_obj(&j);
}

int ll_consent_record(const struct ll_consent_env *env, const struct ll_consent_ask *ask,
                      const char *document, char id[LL_CONSENT_ID], struct ll_err *err)
{
    struct ll_buf evidence = LL_BUF_INIT(EVIDENCE_MAX);
    unsigned char hash[DOCUMENT / 2];
    struct consent_subject subject;
    const char *text = NULL;
    int rc;

    if (!ll_hex_exact(ll_str(document), hash, sizeof hash))
        return ll_fail(err, LL_INVALID, "须给出书面材料扫描件的 SHA-256",
                       "the SHA-256 of the scanned paper is needed");
    if (!env->actor->account)
        return ll_fail(err, LL_DENIED, "当面授权由人员登记，系统不能登记",
                       "a consent on paper is recorded by a person, not by a system");
    if ((rc = prepare(env, ask, id, &subject, &text, err)) < 0)
        return rc;
    put_paper(env, document, &evidence);
    if ((rc = put_consent(env, id, subject.id, ask, LL_CONSENT_IN_PERSON, text, actor_name(env->actor),
                          err)) == LL_OK)
        rc = put_evidence(env, id, "given", &evidence, err);
    ll_buf_free(&evidence);
    return rc;
}

int ll_consent_withdraw(const struct ll_consent_env *env, const char *id, const char *reason,
                        struct ll_err *err)
{
    struct ll_str why = ll_str_trim(ll_str(reason));
    struct ll_consent c;
    int rc = ll_consent_get(env, id, &c, err);

    if (rc < 0 || (rc = ll_consent_permitted(env, "consent.write", c.organisation, err)) < 0)
        return rc;
    if (!why.n || why.n > REASON_MAX)
        return ll_fail(err, LL_INVALID, "须写明撤回的原因，不超过 %d 字节",
                       "a reason is needed, %d bytes at most", (int)REASON_MAX);
    return mark_withdrawn(env, id, actor_name(env->actor), reason, err);
}
