/* consent_subject.c - subjects and their passkeys.  Nothing here stores an identifier in the clear. */
#include "share/consent_impl.h"

#include "base/clock.h"
#include "base/log.h"
#include "crypto/base64.h"

#include <string.h>

enum { MASK_MAX = 64, SEALED_MAX = 256, TITLE_MAX = 200, PROOF_MAX = 500, CAPACITIES = 3 };

static const char *const capacities[CAPACITIES] = {"self", "legal_representative", "agent"};

int ll_consent_permitted(const struct ll_consent_env *env, const char *permission, const char *organisation,
                         struct ll_err *err)
{
    const struct ll_permission *p = ll_permission_find(permission);

    LL_ASSERT(p);
    return ll_may_for(env->actor, p, organisation, err);
}

/* --- subjects ------------------------------------------------------------------------------------------------------- */

int ll_consent_subject_id(struct ll_keyring *keys, enum ll_scheme scheme, struct ll_str canon,
                          char id[LL_CONSENT_SUBJECT], struct ll_err *err)
{
    unsigned char secret[LL_RING_SECRET], index[LL_BLIND];
    struct ll_buf text = LL_BUF_INIT(LL_CONSENT_SUBJECT);
    int rc = ll_keyring_secret(keys, LL_FOR_INDEX, secret, err);

    if (rc < 0)
        return rc;
    ll_blind_index((struct ll_str){(const char *)secret, sizeof secret}, ll_str(ll_scheme_name(scheme)),
                   canon, index);
    ll_base64_put(&text, LL_BASE64_URL, index, sizeof index);
    if (text.failed)
        rc = ll_no_memory(err);
    else
        memcpy(id, text.p, LL_CONSENT_SUBJECT);
    ll_buf_free(&text);
    return rc;
}

static int canonical(const struct ll_consent_who *who, char canon[LL_ID_MAX], size_t *n, struct ll_err *err)
{
    enum ll_id_fault fault = ll_id_check(who->scheme, who->value, canon, n);

    if (who->scheme != LL_ID_USCC && who->scheme != LL_ID_RESIDENT_ID)
        return ll_fail(err, LL_INVALID, "授权人须以统一社会信用代码或公民身份号码标识",
                       "a subject is named by its credit code or resident number");
    if (fault == LL_IDF_OK)
        return LL_OK;
    return ll_fail(err, LL_INVALID, "授权人的%s%.0s%s%.0s", "the subject's %.0s%s: %.0s%s",
                   ll_scheme_title(who->scheme, LL_ZH), ll_scheme_title(who->scheme, LL_EN),
                   ll_id_fault_text(fault, LL_ZH), ll_id_fault_text(fault, LL_EN));
}

static int insert_subject(const struct ll_consent_env *env, const struct consent_subject *s,
                          struct ll_str canon, struct ll_err *err)
{
    struct ll_buf sealed = LL_BUF_INIT(SEALED_MAX);
    int rc = ll_keyring_seal(env->keys, LL_FOR_ITEM, LL_AES256_GCM, ll_str(s->id), canon, &sealed, err);
    const char *text = rc == LL_OK ? ll_passkey_text(env->arena, ll_buf_view(&sealed)) : NULL;

    ll_buf_free(&sealed);
    if (rc < 0)
        return rc;
    if (!text)
        return ll_no_memory(err);
    return ll_exec(
        env->tx, err,
        "INSERT INTO consent_subject (id, scheme, sealed, mask, title, made_at) VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT (id) DO UPDATE SET title = excluded.title",
        "zzzzzi", s->id, s->scheme, text, s->mask, s->title, ll_now_ms());
}

int ll_consent_subject_take(const struct ll_consent_env *env, const struct ll_consent_who *who,
                            struct consent_subject *ret, struct ll_err *err)
{
    char canon[LL_ID_MAX], mask[MASK_MAX], masked_title[TITLE_MAX * 4];
    struct ll_str title = ll_str_trim(ll_str(who->title));
    size_t n;
    int rc = canonical(who, canon, &n, err);

    if (rc < 0)
        return rc;
    if (!title.n || title.n > TITLE_MAX || ll_utf8_bad(title) < title.n || memchr(title.p, '\n', title.n))
        return ll_fail(err, LL_INVALID, "须写明授权人名称，不超过 %d 字节",
                       "the subject's name is needed, %d bytes at most", (int)TITLE_MAX);
    struct ll_str value = {canon, n};
    if ((rc = ll_consent_subject_id(env->keys, who->scheme, value, ret->id, err)) < 0)
        return rc;
    if (who->scheme == LL_ID_RESIDENT_ID)
        title = ll_str(ll_mask(title, masked_title, sizeof masked_title));
    ret->scheme = ll_scheme_name(who->scheme);
    ret->mask = ll_arena_dup(env->arena, ll_str(ll_mask(value, mask, sizeof mask)));
    ret->title = ll_arena_dup(env->arena, title);
    if (!ret->mask || !ret->title)
        return ll_no_memory(err);
    return insert_subject(env, ret, value, err);
}

int ll_consent_subject_open(struct ll_txn *tx, struct ll_keyring *keys, const char *id,
                            enum ll_scheme *ret_scheme, struct ll_buf *value, struct ll_err *err)
{
    struct ll_buf sealed = LL_BUF_INIT(SEALED_MAX);
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT scheme, sealed FROM consent_subject WHERE id = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    rc = ll_step(s, err);
    if (rc == 1) {
        LL_ASSERT(ll_scheme_parse(ll_col_text(s, 0), ret_scheme));
        rc = ll_base64_get(ll_col_text(s, 1), LL_BASE64_URL, &sealed, err);
    } else if (rc == 0) {
        rc = ll_fail(err, LL_NOTFOUND, "没有这个授权人", "no such subject");
    }
    ll_stmt_done(s);
    if (rc == LL_OK)
        rc = ll_keyring_unseal(keys, ll_str(id), ll_buf_view(&sealed), value, err);
    ll_buf_free(&sealed);
    return rc;
}

int ll_consent_subject_known(const struct ll_consent_env *env, const struct ll_consent_who *who, bool store,
                             const char **ret_id, struct ll_err *err)
{
    struct consent_subject s;
    char canon[LL_ID_MAX];
    size_t n;
    int rc = store ? ll_consent_subject_take(env, who, &s, err) : canonical(who, canon, &n, err);

    if (rc == LL_OK && !store)
        rc = ll_consent_subject_id(env->keys, who->scheme, (struct ll_str){canon, n}, s.id, err);
    if (rc == LL_OK && !(*ret_id = ll_arena_dup(env->arena, ll_str(s.id))))
        rc = ll_no_memory(err);
    return rc;
}

/* --- passkeys ------------------------------------------------------------------------------------------------------- */

static bool is_capacity(const char *word)
{
    for (size_t i = 0; i < CAPACITIES; i++)
        if (strcmp(capacities[i], word) == 0)
            return true;
    return false;
}

int ll_consent_key_check(const struct ll_consent_env *env, const struct ll_consent_who *who,
                         const char *capacity, const char *proof, struct ll_err *err)
{
    size_t n = strlen(proof);

    if (!env->actor->account)
        return ll_fail(err, LL_DENIED, "须由核实身份的人员登记通行密钥，系统不能登记",
                       "a passkey is bound by a person who has identified its holder, not by a system");
    if (!is_capacity(capacity))
        return ll_fail(err, LL_USAGE, "签署身份须为 self、legal_representative 或 agent",
                       "a capacity is self, legal_representative or agent");
    if (who->scheme == LL_ID_USCC && strcmp(capacity, "self") == 0)
        return ll_fail(err, LL_INVALID, "单位由法定代表人或经办人签署",
                       "an organisation signs by its legal representative or an agent");
    if (n == 0 || n > PROOF_MAX)
        return ll_fail(err, LL_INVALID, "须写明如何核实了签署人身份，不超过 %d 字节",
                       "how the person was identified is needed, %d bytes at most", (int)PROOF_MAX);
    return ll_consent_permitted(env, "consent.write", env->actor->organisation, err);
}

int ll_consent_key_put(const struct ll_consent_env *env, const struct consent_key *k,
                       const struct ll_webauthn_credential *credential, const char **ret_id,
                       struct ll_err *err)
{
    const char *id = ll_passkey_text(env->arena, credential->id),
               *cose = ll_passkey_text(env->arena, credential->cose);

    if (!id || !cose)
        return ll_no_memory(err);
    int rc = ll_exec(
        env->tx, err,
        "INSERT INTO subject_key (id, subject, capacity, proof, cose, backup, sign_count, made_by, organisation, made_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        "zzzzziizzi", id, k->subject, k->capacity, k->proof, cose,
        (int64_t)((credential->flags & LL_WEBAUTHN_BE) != 0), (int64_t)credential->sign_count, k->bound_by,
        k->organisation, ll_now_ms());
    *ret_id = id;
    return rc == LL_CONFLICT
               ? ll_fail(err, LL_CONFLICT, "这把通行密钥已经登记", "this passkey is registered already")
               : rc;
}

int ll_consent_key_add(const struct ll_consent_env *env, const struct ll_consent_who *who,
                       const struct ll_webauthn_credential *credential, const char *capacity,
                       const char *proof, struct ll_err *err)
{
    struct consent_subject subject;
    const char *id;
    int rc = ll_consent_key_check(env, who, capacity, proof, err);

    if (rc < 0 || (rc = ll_consent_subject_take(env, who, &subject, err)) < 0)
        return rc;
    const struct consent_key k = {.subject = subject.id,
                                  .capacity = capacity,
                                  .proof = proof,
                                  .bound_by = env->actor->account,
                                  .organisation = env->actor->organisation};
    return ll_consent_key_put(env, &k, credential, &id, err);
}

int ll_consent_key_end(const struct ll_consent_env *env, const char *id, struct ll_err *err)
{
    int rc = ll_consent_permitted(env, "consent.write", env->actor->organisation, err);

    if (rc == LL_OK)
        rc = ll_exec(
            env->tx, err,
            "UPDATE subject_key SET ended_at = $2, ended_by = $4 WHERE id = $1 AND organisation = $3 AND ended_at IS NULL",
            "zizz", id, ll_now_ms(), env->actor->organisation,
            env->actor->account ? env->actor->account : env->actor->client);
    if (rc == LL_OK && ll_txn_changes(env->tx) == 0)
        rc = ll_fail(err, LL_NOTFOUND, "没有这把通行密钥", "no such passkey");
    return rc;
}

int ll_consent_key_get(const struct ll_consent_env *env, const char *id, struct consent_key *ret,
                       struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_passkey_get(env->tx, LL_OF_SUBJECT, id, env->arena, &ret->key, err);

    if (rc < 0 ||
        (rc = ll_sql(env->tx, "SELECT capacity, proof, made_by, organisation FROM subject_key WHERE id = $1",
                     &s, err)) < 0)
        return rc;
    ll_bind_z(s, 1, id);
    if ((rc = ll_step(s, err)) > 0) {
        ret->subject = ret->key.owner;
        ret->capacity = ll_col_dup(s, 0, env->arena, &nomem);
        ret->proof = ll_col_dup(s, 1, env->arena, &nomem);
        ret->bound_by = ll_col_dup(s, 2, env->arena, &nomem);
        ret->organisation = ll_col_dup(s, 3, env->arena, &nomem);
    }
    ll_stmt_done(s);
    return nomem ? ll_no_memory(err) : rc < 0 ? rc : LL_OK;
}

int ll_consent_keys(const struct ll_consent_env *env, const struct ll_consent_who *who,
                    const char *const **ret, size_t *ret_n, struct ll_err *err)
{
    char canon[LL_ID_MAX], subject[LL_CONSENT_SUBJECT];
    size_t n;
    int rc = canonical(who, canon, &n, err);

    if (rc < 0 ||
        (rc = ll_consent_subject_id(env->keys, who->scheme, (struct ll_str){canon, n}, subject, err)) < 0)
        return rc;
    return ll_passkey_ids(env->tx, LL_OF_SUBJECT, subject, env->arena, ret, ret_n, err);
}
