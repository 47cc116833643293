/* consent_me.c - a subject that says who it is with its passkey, to see what concerns it (consent.h). */
#include "share/consent_impl.h"

#include "base/clock.h"
#include "crypto/random.h"

#include <string.h>

int ll_consent_recognise(const struct ll_consent_env *env, const struct ll_webauthn_want *want,
                         const char *key, const struct ll_webauthn_use *use, const char **ret_subject,
                         bool *ret_representative, struct ll_err *err)
{
    struct consent_key k;
    int rc = ll_consent_key_get(env, key, &k, err);

    if (rc < 0 || (rc = ll_passkey_use(env->tx, LL_OF_SUBJECT, &k.key, want, use, err)) < 0)
        return rc;
    *ret_subject = k.subject;
    *ret_representative = k.capacity && strcmp(k.capacity, "legal_representative") == 0;
    return LL_OK;
}

int ll_consent_subject(const struct ll_consent_env *env, const char *id, struct ll_consent_self *ret,
                       struct ll_err *err)
{
    struct ll_buf value = LL_BUF_INIT(LL_ID_MAX);
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(env->tx, "SELECT mask, title FROM consent_subject WHERE id = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    if ((rc = ll_step(s, err)) > 0) {
        ret->mask = ll_col_dup(s, 0, env->arena, &nomem);
        ret->title = ll_col_dup(s, 1, env->arena, &nomem);
    }
    ll_stmt_done(s);
    if (rc == 0)
        return ll_fail(err, LL_NOTFOUND, "没有这个主体", "there is no such subject");
    if (rc < 0 || nomem)
        return rc < 0 ? rc : ll_no_memory(err);
    if ((rc = ll_consent_subject_open(env->tx, env->keys, id, &ret->scheme, &value, err)) == LL_OK) {
        ret->value = (struct ll_str){ll_arena_dup(env->arena, ll_buf_view(&value)), value.n};
        rc = ret->value.p ? LL_OK : ll_no_memory(err);
    }
    ll_buf_wipe(&value);
    return rc;
}

int ll_consent_offers(const struct ll_consent_env *env, const char *subject, struct ll_consent_offer **ret,
                      size_t *ret_n, struct ll_err *err)
{
    const char *ids[LL_CONSENT_OFFERS_MAX];
    struct ll_stmt *s = NULL;
    bool nomem = false;
    size_t n = 0;
    int rc = ll_sql(env->tx,
                    "SELECT id FROM consent_offer WHERE subject = $1 AND expires_at > $2 AND consent IS NULL"
                    " ORDER BY expires_at DESC, id LIMIT $3",
                    &s, err);

    *ret_n = 0;
    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, subject);
    ll_bind_int(s, 2, ll_now_ms());
    ll_bind_int(s, 3, LL_CONSENT_OFFERS_MAX);
    while (n < LL_COUNT(ids) && (rc = ll_step(s, err)) > 0)
        ids[n++] = ll_col_dup(s, 0, env->arena, &nomem);
    ll_stmt_done(s);
    if (rc < 0)
        return rc;
    if (nomem || !(*ret = ll_arena_array(env->arena, LL_CONSENT_OFFERS_MAX, sizeof **ret)))
        return ll_no_memory(err);
    for (; *ret_n < n; ++*ret_n)
        if ((rc = ll_consent_offer(env, ids[*ret_n], &(*ret)[*ret_n], err)) < 0)
            return rc;
    return LL_OK;
}
