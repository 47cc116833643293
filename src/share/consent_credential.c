/* consent_credential.c - a consent for others to hold: an SD-JWT credential, and the list that says which still hold. */
#include "share/consent_impl.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "crypto/jwk.h"
#include "crypto/random.h"
#include "crypto/sdjwt.h"
#include "crypto/statuslist.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { CLAIMS_MAX = 65536, URI_MAX = 1024 };

static void put_status(struct ll_json *j, const struct ll_consent *c, const char *base)
{
    struct ll_buf uri = LL_BUF_INIT(URI_MAX);

    ll_buf_printf(&uri, "%s/status/%" PRId64, base, c->status_index / LL_STATUS_ENTRIES);
    ll_json_key(j, "status");
    ll_json_obj(j);
    ll_json_key(j, "status_list");
    ll_json_obj(j);
    ll_json_ki(j, "idx", c->status_index % LL_STATUS_ENTRIES);
    ll_json_ks(j, "uri", ll_buf_view(&uri));
    ll_json_end_obj(j);
    ll_json_end_obj(j);
    j->out->failed |= uri.failed;
    ll_buf_free(&uri);
}

static void put_vct(struct ll_json *j, const char *base)
{
    struct ll_buf vct = LL_BUF_INIT(URI_MAX);

    ll_buf_printf(&vct, "%s/vct/data-consent/1", base);
    ll_json_ks(j, "vct", ll_buf_view(&vct));
    j->out->failed |= vct.failed;
    ll_buf_free(&vct);
}

/* The consent itself, as the API shows it, without what only we need. */
static int put_dataset(const struct ll_consent_env *env, const struct ll_consent *c, json_t *claims,
                       struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(CLAIMS_MAX * 4);
    struct ll_json j;
    json_t *whole;
    int rc;

    ll_json_init(&j, &text);
    rc = ll_consent_json(env, c, &j, err);
    whole = rc == LL_OK && !text.failed ? json_loadb(text.p, text.n, 0, NULL) : NULL;
    ll_buf_free(&text);
    if (rc < 0)
        return rc;
    if (!whole || json_object_set(claims, "dataset", json_object_get(whole, "items")) != 0)
        rc = ll_no_memory(err);
    json_decref(whole);
    return rc;
}

static void put_claims(const struct ll_consent *c, const char *base, const struct ll_key *holder,
                       struct ll_json *j)
{
    unsigned char digest[LL_DIGEST];
    struct ll_buf hash = LL_BUF_INIT(64);

    ll_json_obj(j);
    ll_json_kz(j, "iss", base);
    ll_json_ki(j, "iat", ll_now_ms() / 1000);
    ll_json_ki(j, "nbf", c->from_at / 1000);
    ll_json_ki(j, "exp", c->until_at / 1000);
    ll_json_kz(j, "jti", c->id);
    put_vct(j, base);
    put_status(j, c, base);
    if (holder) {
        ll_json_key(j, "cnf");
        ll_json_obj(j);
        ll_json_key(j, "jwk");
        ll_jwk_put(holder, NULL, j);
        ll_json_end_obj(j);
    }
    ll_json_kz(j, "grantee", c->organisation);
    ll_json_kz(j, "purpose", c->purpose);
    ll_json_kz(j, "kind", ll_consent_kind_word(c->kind));
    ll_json_ki(j, "max_uses", c->uses);
    ll_sha256(c->text, strlen(c->text), digest);
    ll_base64_put(&hash, LL_BASE64_URL, digest, sizeof digest);
    ll_json_ks(j, "text_sha256", ll_buf_view(&hash));
    ll_buf_free(&hash);
    ll_json_end_obj(j);
}

static int claims_of(const struct ll_consent_env *env, const struct ll_consent *c, const char *base,
                     const struct ll_key *holder, json_t **ret, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(CLAIMS_MAX);
    struct ll_json j;

    ll_json_init(&j, &text);
    put_claims(c, base, holder, &j);
    *ret = text.failed ? NULL : json_loadb(text.p, text.n, 0, NULL);
    ll_buf_free(&text);
    return *ret ? put_dataset(env, c, *ret, err) : ll_no_memory(err);
}

static int issue(const struct ll_consent_env *env, const struct ll_consent *c, json_t *claims,
                 struct ll_buf *out, struct ll_err *err)
{
    struct ll_buf value = LL_BUF_INIT(LL_ID_MAX), scheme = LL_BUF_INIT(64), id = LL_BUF_INIT(2 * LL_ID_MAX);
    char kid[LL_RING_ID];
    const struct ll_key *k = NULL;
    enum ll_scheme s;
    int rc = ll_consent_subject_open(env->tx, env->keys, c->subject, &s, &value, err);

    if (rc == LL_OK && (rc = ll_keyring_signer(env->keys, LL_FOR_CREDENTIAL, &k, kid, err)) == LL_OK) {
        ll_buf_json(&id, ll_buf_view(&value));
        ll_buf_json(&scheme, ll_str(ll_scheme_name(s)));
        const struct ll_sdjwt_claim hidden[] = {{"subject", ll_buf_view(&id)},
                                                {"subject_scheme", ll_buf_view(&scheme)}};
        rc = ll_sdjwt_issue(k, kid, claims, hidden, LL_COUNT(hidden), out, err);
    }
    ll_buf_wipe(&value);
    ll_buf_wipe(&id);
    ll_buf_free(&scheme);
    return rc;
}

int ll_consent_credential(const struct ll_consent_env *env, const char *id, const char *base,
                          const struct ll_key *holder, struct ll_buf *out, struct ll_err *err)
{
    struct ll_consent c;
    json_t *claims = NULL;
    int rc = ll_consent_get(env, id, &c, err);

    if (rc < 0 || (rc = ll_consent_permitted(env, "consent.read", c.organisation, err)) < 0)
        return rc;
    if (c.withdrawn)
        return ll_fail(err, LL_CONFLICT, "授权 %s 已经撤回", "consent %s is withdrawn", id);
    if ((rc = claims_of(env, &c, base, holder, &claims, err)) == LL_OK)
        rc = issue(env, &c, claims, out, err);
    json_decref(claims);
    return rc;
}

/* --- the status list ---------------------------------------------------------------------------------------------------- */

static int mark_withdrawn(struct ll_txn *tx, int64_t n, unsigned char *list, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx,
        "SELECT status_index FROM consent WHERE status_index >= $1 AND status_index < $2 AND state = 'withdrawn'",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, n * LL_STATUS_ENTRIES);
    ll_bind_int(s, 2, (n + 1) * LL_STATUS_ENTRIES);
    while ((rc = ll_step(s, err)) == 1)
        ll_status_set(list, LL_STATUS_BITS, (size_t)(ll_col_int(s, 0) % LL_STATUS_ENTRIES),
                      LL_STATUS_INVALID);
    ll_stmt_done(s);
    return rc;
}

static int highest_list(struct ll_txn *tx, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT coalesce(max(status_index), 0) FROM consent", &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_step(s, err)) == 1)
        *ret = ll_col_int(s, 0) / LL_STATUS_ENTRIES;
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

int ll_consent_status_list(const struct ll_consent_env *env, int64_t n, const char *base, unsigned ttl_s,
                           struct ll_buf *out, struct ll_err *err)
{
    unsigned char *list = ll_arena_alloc(env->arena, LL_STATUS_BYTES);
    struct ll_buf uri = LL_BUF_INIT(URI_MAX);
    char kid[LL_RING_ID];
    const struct ll_key *k = NULL;
    int64_t last = 0;
    int rc = list ? highest_list(env->tx, &last, err) : ll_no_memory(err);

    if (rc == LL_OK && (n < 0 || n > last))
        rc = ll_fail(err, LL_NOTFOUND, "没有这份状态列表", "there is no such status list");
    if (rc < 0 || (rc = mark_withdrawn(env->tx, n, list, err)) < 0 ||
        (rc = ll_keyring_signer(env->keys, LL_FOR_CREDENTIAL, &k, kid, err)) < 0)
        return rc;
    ll_buf_printf(&uri, "%s/status/%" PRId64, base, n);
    const int64_t now = ll_now_ms() / 1000;
    const struct ll_status_head h = {uri.p, kid, now, now + ttl_s, ttl_s, LL_STATUS_BITS};
    rc = uri.failed ? ll_no_memory(err) : ll_status_issue(k, &h, list, LL_STATUS_BYTES, out, err);
    ll_buf_free(&uri);
    return rc;
}
