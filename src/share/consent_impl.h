/* consent_impl.h - what the parts of consent.h share. */
#ifndef LL_SHARE_CONSENT_IMPL_H
#define LL_SHARE_CONSENT_IMPL_H

#include "share/consent.h"
#include "share/passkeys.h"

/* A subject as it is stored.  Its id is the blind index of its identifier. */
struct consent_subject {
    char id[LL_CONSENT_SUBJECT];
    const char *scheme, *mask, *title;
};

int ll_consent_subject_id(struct ll_keyring *keys, enum ll_scheme scheme, struct ll_str canon,
                          char id[LL_CONSENT_SUBJECT], struct ll_err *err) LL_MUST;
/* Checks the identifier and stores the subject where it is new. */
int ll_consent_subject_take(const struct ll_consent_env *env, const struct ll_consent_who *who,
                            struct consent_subject *ret, struct ll_err *err) LL_MUST;
/* The identifier itself, unsealed. */
int ll_consent_subject_open(struct ll_txn *tx, struct ll_keyring *keys, const char *id,
                            enum ll_scheme *ret_scheme, struct ll_buf *value, struct ll_err *err) LL_MUST;

/* A passkey that may sign now.  Texts in arena, bytes as they were. */
struct consent_key {
    struct ll_passkey_stored key; /* its owner is the subject */
    const char *subject, *capacity;
    const char *proof, *bound_by, *organisation; /* how, by whom and for whom its holder was identified */
};
int ll_consent_key_get(const struct ll_consent_env *env, const char *id, struct consent_key *ret,
                       struct ll_err *err) LL_MUST;
/* Whether the actor may bind a passkey to the subject in this capacity. */
int ll_consent_key_check(const struct ll_consent_env *env, const struct ll_consent_who *who,
                         const char *capacity, const char *proof, struct ll_err *err) LL_MUST;
/* Stores it; what k->key would say is the credential's. */
int ll_consent_key_put(const struct ll_consent_env *env, const struct consent_key *k,
                       const struct ll_webauthn_credential *credential, const char **ret_id,
                       struct ll_err *err) LL_MUST;

/* The texts that are signed. */
int ll_consent_text(const struct ll_consent_env *env, const struct ll_consent_ask *ask,
                    const struct consent_subject *subject, const char *id, struct ll_buf *out,
                    struct ll_err *err) LL_MUST;
void ll_consent_withdrawal_text(const struct ll_consent_env *env, const struct ll_consent *c, const char *id,
                                struct ll_buf *out);

int ll_consent_permitted(const struct ll_consent_env *env, const char *permission, const char *organisation,
                         struct ll_err *err) LL_MUST;
int ll_consent_event(const struct ll_consent_env *env, const char *id, const char *act,
                     struct ll_err *err) LL_MUST;
/* "subject": as the journal names it, into an object that is open. */
int ll_consent_put_pseudonym(const struct ll_consent_env *env, const char *subject, struct ll_json *j,
                             struct ll_err *err) LL_MUST;
enum { EVIDENCE_MAX = 65536 };

#endif
