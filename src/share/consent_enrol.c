/* consent_enrol.c - a passkey made on the subject's own device, after an officer has seen who the subject is.
 *
 * The token is a secret of 256 bits that only the device gets; its challenge follows from it, so that nothing but the hash of the token
 * has to be kept.  One token makes one passkey. */
#include "share/consent_impl.h"

#include "base/clock.h"
#include "crypto/hash.h"
#include "crypto/random.h"

#include <string.h>

static void challenge_of(const char *token, unsigned char out[LL_DIGEST])
{
    const struct ll_str parts[] = {LL_STR("luling-enrol/v1\n"), ll_str(token)};

    ll_digest(LL_SHA256, parts, LL_COUNT(parts), out);
}

static int put(const struct ll_consent_env *env, const char *token, const char *subject, const char *capacity,
               const char *proof, int64_t expires_at, struct ll_err *err)
{
    char hash[LL_SHA256_HEX];
    int rc = ll_hash_str(ll_str(token), hash, err);

    if (rc < 0 || (rc = ll_exec(env->tx, err, "DELETE FROM subject_enrolment WHERE expires_at <= $1", "i",
                                ll_now_ms())) < 0)
        return rc;
    return ll_exec(
        env->tx, err,
        "INSERT INTO subject_enrolment (token, subject, capacity, proof, made_by, organisation, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        "zzzzzzi", hash, subject, capacity, proof, env->actor->account, env->actor->organisation, expires_at);
}

int ll_consent_enrol(const struct ll_consent_env *env, const struct ll_consent_who *who, const char *capacity,
                     const char *proof, struct ll_consent_enrolment *ret, struct ll_err *err)
{
    struct consent_subject subject;
    char token[LL_TOKEN_TEXT];
    int rc = ll_consent_key_check(env, who, capacity, proof, err);

    if (rc < 0 || (rc = ll_consent_subject_take(env, who, &subject, err)) < 0 ||
        (rc = ll_random_token(token, err)) < 0)
        return rc;
    *ret = (struct ll_consent_enrolment){.token = ll_arena_dup(env->arena, ll_str(token)),
                                         .subject = ll_arena_dup(env->arena, ll_str(subject.id)),
                                         .title = subject.title,
                                         .mask = subject.mask,
                                         .organisation = env->actor->organisation,
                                         .capacity = capacity,
                                         .expires_at = ll_now_ms() + LL_CONSENT_SOON_MS};
    if (!ret->token || !ret->subject)
        return ll_no_memory(err);
    challenge_of(token, ret->challenge);
    return put(env, token, ret->subject, capacity, proof, ret->expires_at, err);
}

static const char ONE[] =
    "SELECT e.subject, s.title, s.mask, e.organisation, e.capacity, e.expires_at, e.proof, e.made_by"
    " FROM subject_enrolment e JOIN consent_subject s ON s.id = e.subject WHERE e.token = $1 AND e.expires_at > $2";

static void take_row(struct ll_stmt *s, struct ll_arena *a, struct ll_consent_enrolment *e,
                     struct consent_key *k, bool *nomem)
{
    *e = (struct ll_consent_enrolment){.subject = ll_col_dup(s, 0, a, nomem),
                                       .title = ll_col_dup(s, 1, a, nomem),
                                       .mask = ll_col_dup(s, 2, a, nomem),
                                       .organisation = ll_col_dup(s, 3, a, nomem),
                                       .capacity = ll_col_dup(s, 4, a, nomem),
                                       .expires_at = ll_col_int(s, 5)};
    *k = (struct consent_key){.subject = e->subject,
                              .capacity = e->capacity,
                              .proof = ll_col_dup(s, 6, a, nomem),
                              .bound_by = ll_col_dup(s, 7, a, nomem),
                              .organisation = e->organisation};
}

static int find(const struct ll_consent_env *env, const char *hash, struct ll_consent_enrolment *e,
                struct consent_key *k, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(env->tx, ONE, &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, hash);
    ll_bind_int(s, 2, ll_now_ms());
    rc = ll_step(s, err);
    if (rc == 1) {
        take_row(s, env->arena, e, k, &nomem);
        rc = nomem ? ll_no_memory(err) : LL_OK;
    } else if (rc == 0) {
        rc = ll_fail(err, LL_NOTFOUND, "没有这次通行密钥登记，或已用过、已过期，请让办理人员重新发起",
                     "no such enrolment, or it was used or has expired; ask the officer for another");
    }
    ll_stmt_done(s);
    return rc;
}

static int find_by_token(const struct ll_consent_env *env, const char *token, char hash[LL_SHA256_HEX],
                         struct ll_consent_enrolment *e, struct consent_key *k, struct ll_err *err)
{
    int rc = ll_hash_str(ll_str(token), hash, err);

    if (rc < 0 || (rc = find(env, hash, e, k, err)) < 0)
        return rc;
    challenge_of(token, e->challenge);
    return LL_OK;
}

int ll_consent_enrolment(const struct ll_consent_env *env, const char *token,
                         struct ll_consent_enrolment *ret, struct ll_err *err)
{
    char hash[LL_SHA256_HEX];
    struct consent_key k;

    return find_by_token(env, token, hash, ret, &k, err);
}

int ll_consent_enrolled(const struct ll_consent_env *env, const char *token,
                        const struct ll_webauthn_want *site, struct ll_str client_data,
                        struct ll_str attestation, const char **ret_key, struct ll_err *err)
{
    struct ll_webauthn_want want = *site;
    struct ll_webauthn_credential credential;
    struct ll_consent_enrolment e;
    char hash[LL_SHA256_HEX];
    struct consent_key k;
    int rc = find_by_token(env, token, hash, &e, &k, err);

    if (rc < 0)
        return rc;
    want.challenge = (struct ll_str){(const char *)e.challenge, sizeof e.challenge};
    want.need_uv = true;
    if ((rc = ll_webauthn_register(&want, client_data, attestation, &credential, err)) < 0 ||
        (rc = ll_consent_key_put(env, &k, &credential, ret_key, err)) < 0)
        return rc;
    return ll_exec(env->tx, err, "DELETE FROM subject_enrolment WHERE token = $1", "z", hash);
}
