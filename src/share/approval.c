/* approval.c - see approval.h. */
#include "share/approval.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "share/tbl/step_up.h"

#include <string.h>

enum { TEXT_MAX = 2 * LL_APPROVAL_CONTENT_MAX, EVIDENCE_MAX = 4 * TEXT_MAX };

static const struct ll_approval_rule rules[] = {
#define X(permission, actions, state) {permission, actions, state},
    LL_STEP_UPS(X)
#undef X
};

const struct ll_approval_rule *ll_approval_rule(const char *permission)
{
    for (size_t i = 0; i < LL_COUNT(rules); i++)
        if (strcmp(rules[i].permission, permission) == 0)
            return &rules[i];
    return NULL;
}

bool ll_approval_meant(const struct ll_approval_rule *r, struct ll_str action)
{
    struct ll_str rest, word;

    if (!r->actions)
        return true;
    for (rest = ll_str(r->actions); rest.n;) {
        ll_str_cut(rest, ' ', &word, &rest);
        if (ll_str_eq(word, action))
            return true;
    }
    return false;
}

/* --- the text --------------------------------------------------------------------------------------------------------- */

static int put_state(struct ll_txn *tx, const struct ll_approval_act *act, struct ll_buf *out,
                     struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    size_t n = 0;
    int rc;

    if (!act->rule || !act->rule->state)
        return LL_OK;
    if ((rc = ll_sql(tx, act->rule->state, &s, err)) < 0)
        return rc;
    ll_bind_text(s, 1, act->object);
    for (; (rc = ll_step(s, err)) > 0; n++) {
        ll_buf_z(out, n ? "; " : "办理前 before: ");
        ll_buf_str(out, ll_col_text(s, 0));
    }
    ll_stmt_done(s);
    if (n)
        ll_buf_c(out, '\n');
    return rc;
}

/* Both languages, since whoever verifies it later may read either; made from the request itself, so that nobody words it. */
static int put_text(struct ll_txn *tx, const struct ll_approval_act *act, const char *id, int64_t made_at,
                    struct ll_buf *out, struct ll_err *err)
{
    char when[LL_TIME_TEXT];
    int rc;

    ll_buf_printf(out, "庐陵：以通行密钥确认 / Luling: confirmed by passkey\n编号 no.: %s\n", id);
    ll_buf_printf(out, "经办 by: %s（%s，%s）\n", act->name, act->actor->account, act->actor->organisation);
    ll_buf_printf(out, "事项 matter: %s / %s (%s)\n", act->permission->zh, act->permission->en,
                  act->permission->name);
    ll_buf_printf(out, "请求 request: " LL_STR_FMT " " LL_STR_FMT "\n", LL_STR_ARG(act->method),
                  LL_STR_ARG(act->target));
    if ((rc = put_state(tx, act, out, err)) < 0)
        return rc;
    if (act->content.n)
        ll_buf_printf(out, "内容 content: " LL_STR_FMT "\n", LL_STR_ARG(act->content));
    ll_buf_printf(out, "时间 time: %s\n平台 platform: %s\n", ll_time_text(made_at, when), act->origin);
    return out->failed ? ll_fail(err, LL_TOOBIG, "要确认的内容过长", "what is to be confirmed is too long")
                       : LL_OK;
}

int ll_approval_ask(struct ll_txn *tx, const struct ll_approval_act *act, struct ll_arena *arena,
                    struct ll_approval *ret, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(TEXT_MAX);
    unsigned char nonce[LL_NONCE];
    char id[LL_APPROVAL_ID];
    int64_t now = ll_now_ms();
    int rc = ll_random_token(id, err);

    if (rc == LL_OK && (rc = ll_random(nonce, sizeof nonce, err)) == LL_OK &&
        (rc = put_text(tx, act, id, now, &text, err)) == LL_OK) {
        const char *words = ll_passkey_text(arena, (struct ll_str){(const char *)nonce, sizeof nonce});
        ret->id = ll_arena_dup(arena, ll_str(id));
        ret->text = ll_arena_dup(arena, ll_buf_view(&text));
        ret->expires_at = now + LL_APPROVAL_MS;
        ll_approval_challenge(nonce, ll_buf_view(&text), ret->challenge);
        rc = !words || !ret->id || !ret->text
                 ? ll_no_memory(err)
                 : ll_exec(tx, err, "DELETE FROM approval WHERE used_at IS NULL AND expires_at < $1", "i",
                           now);
        if (rc == LL_OK)
            rc = ll_exec(tx, err,
                         "INSERT INTO approval (id, account, text, nonce, made_at, expires_at)"
                         " VALUES ($1, $2, $3, $4, $5, $6)",
                         "zzzzii", id, act->actor->account, ret->text, words, now, ret->expires_at);
    }
    ll_buf_free(&text);
    return rc;
}

/* --- signing ---------------------------------------------------------------------------------------------------------- */

struct stored {
    const char *id, *text, *nonce, *digest;
    int64_t made_at;
};

/* One that waits still, of this account. */
static int find(struct ll_txn *tx, const char *id, const char *account, struct ll_arena *arena,
                struct stored *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(tx,
                    "SELECT id, text, nonce, digest, made_at FROM approval"
                    " WHERE id = $1 AND account = $2 AND used_at IS NULL AND expires_at > $3",
                    &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    ll_bind_z(s, 2, account);
    ll_bind_int(s, 3, ll_now_ms());
    if ((rc = ll_step(s, err)) > 0)
        *ret = (struct stored){ll_col_dup(s, 0, arena, &nomem), ll_col_dup(s, 1, arena, &nomem),
                               ll_col_dup(s, 2, arena, &nomem), ll_col_dup(s, 3, arena, &nomem),
                               ll_col_int(s, 4)};
    ll_stmt_done(s);
    if (rc == 0)
        return ll_fail(err, LL_NOTFOUND, "没有这次确认，或已用过、已过期（%d 分钟），请重新办理",
                       "no such confirmation, or it was used or has expired (%d minutes); begin again",
                       LL_APPROVAL_MS / 60000);
    return rc < 0 ? rc : nomem ? ll_no_memory(err) : LL_OK;
}

static void put_bytes(struct ll_json *j, const char *key, struct ll_str bytes)
{
    struct ll_buf b = LL_BUF_INIT(EVIDENCE_MAX);

    ll_base64_put(&b, LL_BASE64_URL, bytes.p, bytes.n);
    ll_json_ks(j, key, ll_buf_view(&b));
    j->out->failed |= b.failed;
    ll_buf_free(&b);
}

static void put_evidence(struct ll_buf *out, const struct stored *a, const struct ll_passkey_stored *k,
                         const struct ll_webauthn_use *use)
{
    char when[LL_TIME_TEXT];
    struct ll_json j;

    ll_json_init(&j, out);
    ll_json_obj(&j);
    ll_json_kz(&j, "account", k->owner);
    put_bytes(&j, "auth_data", use->auth_data);
    ll_json_kb(&j, "backup", k->backup);
    put_bytes(&j, "client_data", use->client_data);
    put_bytes(&j, "cose", k->cose);
    ll_json_kz(&j, "key", k->id);
    ll_json_kz(&j, "nonce", a->nonce);
    put_bytes(&j, "signature", use->signature);
    ll_json_kz(&j, "signed_at", ll_time_text(ll_now_ms(), when));
    ll_json_kz(&j, "text", a->text);
    ll_json_end_obj(&j);
}

static int store(struct ll_txn *tx, const char *id, const struct ll_buf *evidence, struct ll_err *err)
{
    char digest[LL_SHA256_HEX];
    int rc = evidence->failed ? ll_fail(err, LL_TOOBIG, "签署材料过大", "the evidence is too large")
                              : ll_hash_str(ll_buf_view(evidence), digest, err);

    return rc < 0 ? rc
                  : ll_exec(tx, err,
                            "UPDATE approval SET evidence = $2, digest = $3, signed_at = $4 WHERE id = $1",
                            "zszi", id, ll_buf_view(evidence), digest, ll_now_ms());
}

int ll_approval_sign(struct ll_txn *tx, const char *account, const char *id,
                     const struct ll_webauthn_want *site, const char *key, const struct ll_webauthn_use *use,
                     struct ll_arena *arena, struct ll_err *err)
{
    struct ll_buf evidence = LL_BUF_INIT(EVIDENCE_MAX);
    unsigned char challenge[LL_DIGEST], nonce[LL_NONCE];
    struct ll_webauthn_want want = *site;
    struct ll_passkey_stored k;
    struct stored a = {.id = NULL};
    int rc = find(tx, id, account, arena, &a, err);

    if (rc < 0 || (rc = ll_passkey_get(tx, LL_OF_ACCOUNT, key, arena, &k, err)) < 0)
        return rc;
    if (a.digest)
        return ll_fail(err, LL_INVALID, "这次确认已经签署", "this confirmation is signed already");
    if (strcmp(k.owner, account) != 0)
        return ll_fail(err, LL_DENIED, "这把通行密钥属于另一个账号", "this passkey is another account's");
    if (!ll_base64_exact(ll_str(a.nonce), LL_BASE64_URL, nonce, sizeof nonce))
        return ll_fail(err, LL_INTERNAL, "确认的随机数已损坏", "the confirmation's nonce is damaged");
    ll_approval_challenge(nonce, ll_str(a.text), challenge);
    want.challenge = (struct ll_str){(const char *)challenge, sizeof challenge};
    if ((rc = ll_passkey_use(tx, LL_OF_ACCOUNT, &k, &want, use, err)) < 0)
        return rc;
    put_evidence(&evidence, &a, &k, use);
    rc = store(tx, id, &evidence, err);
    ll_buf_free(&evidence);
    return rc;
}

int ll_approval_take(struct ll_txn *tx, const char *id, const struct ll_approval_act *act,
                     struct ll_arena *arena, const char **ret_digest, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(TEXT_MAX);
    struct stored a = {.id = NULL};
    int rc = find(tx, id, act->actor->account, arena, &a, err);

    if (rc < 0)
        return rc;
    if (!a.digest)
        return ll_fail(err, LL_DENIED, "这次确认还没有用通行密钥签署",
                       "this confirmation was not signed by a passkey yet");
    if ((rc = put_text(tx, act, a.id, a.made_at, &text, err)) == LL_OK &&
        !ll_str_is(ll_buf_view(&text), a.text))
        rc = ll_fail(
            err, LL_CONFLICT, "所签的不是这次办理：请求不同，或事项在签署后有变化，请重新确认",
            "what was signed is not this act: the request differs, or the matter changed since; confirm anew");
    ll_buf_free(&text);
    if (rc < 0)
        return rc;
    *ret_digest = a.digest;
    return ll_exec(tx, err, "UPDATE approval SET used_at = $2 WHERE id = $1", "zi", id, ll_now_ms());
}

int ll_approval_evidence(struct ll_txn *tx, struct ll_str digest, struct ll_arena *arena, struct ll_str *ret,
                         struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(tx, "SELECT evidence FROM approval WHERE digest = $1 AND used_at IS NOT NULL", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_text(s, 1, digest);
    if ((rc = ll_step(s, err)) > 0)
        *ret = ll_str(ll_col_dup(s, 0, arena, &nomem));
    ll_stmt_done(s);
    if (rc == 0)
        return ll_fail(err, LL_NOTFOUND, "没有这份确认材料", "there is no such evidence");
    return rc < 0 ? rc : nomem ? ll_no_memory(err) : LL_OK;
}
