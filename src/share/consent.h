/* consent.h - what a subject allows an organisation to see of its data, for what, how long and how often.
 *
 * (1) The text that a subject signs is made here from the fields that are stored and enforced; nobody words it for it.  A passkey signs
 *     its hash (ll_approval_challenge), with the person recognised (UV).  Text and signature are kept: anybody can verify them again.
 * (2) What an officer records from paper is another, weaker kind, and is called so wherever it is shown.
 * (3) A use is covered by one consent alone: organisation, purpose, period, number of uses, every item.  It is counted in the caller's
 *     transaction.  Withdrawal holds from the next use on.
 * (4) Identifiers of subjects are stored sealed and found by a blind index; what is shown of them is masked.
 * (5) Every act leaves an event, which ll_consent_journal brings into the journal.
 *
 * Times are ms.  Results live in env->arena. */
#ifndef LL_SHARE_CONSENT_H
#define LL_SHARE_CONSENT_H

#include "base/json.h"
#include "catalog/catalog.h"
#include "crypto/keyring.h"
#include "crypto/webauthn.h"
#include "journal/entry.h"
#include "share/actor.h"
#include "share/tbl/consent_kinds.h"
#include "standard/ident.h"

#define X(id, ...) LL_CONSENT_##id,
enum ll_consent_kind { LL_CONSENT_KINDS(X) LL_CONSENT_KIND_COUNT };
#undef X

enum { LL_CONSENT_ID = 32, LL_CONSENT_SUBJECT = 23, LL_CONSENT_TEXT_MAX = 32768, LL_CONSENT_ITEMS_MAX = 500 };
/* How long an offer waits for its signature: who signs need not stand at the counter.  What is begun by the subject in person (a passkey, a
 * withdrawal) waits for the shorter time. */
enum { LL_CONSENT_OFFER_MS = 24 * 3600000, LL_CONSENT_SOON_MS = 15 * 60000 };

const char *ll_consent_kind_word(enum ll_consent_kind k);
const char *ll_consent_kind_title(enum ll_consent_kind k, enum ll_lang lang);
const char *ll_consent_kind_proves(enum ll_consent_kind k, enum ll_lang lang);
unsigned ll_consent_kind_strength(enum ll_consent_kind k);

/* What the functions below work in; nothing of it is kept. */
struct ll_consent_env {
    struct ll_txn *tx; /* writes, unless a function says that it reads */
    struct ll_keyring *keys;
    const struct ll_catalog *catalog;
    const struct ll_actor *actor;
    struct ll_arena *arena;
};

struct ll_consent_who {
    enum ll_scheme scheme;
    struct ll_str value;
    const char *title; /* the name to be shown; masked for a natural person */
};

/* --- passkeys of subjects --------------------------------------------------------------------------------------------- */

/* Binds a passkey (verified by ll_webauthn_register) to a subject.  capacity: "self", "legal_representative" or "agent"; proof: how the
 * actor made sure who that person is. */
int ll_consent_key_add(const struct ll_consent_env *env, const struct ll_consent_who *who,
                       const struct ll_webauthn_credential *credential, const char *capacity,
                       const char *proof, struct ll_err *err) LL_MUST;
/* It signs nothing more.  id: of the credential, base64url.  By the organisation that had it bound. */
int ll_consent_key_end(const struct ll_consent_env *env, const char *id, struct ll_err *err) LL_MUST;
/* Reads.  The ids of a subject's passkeys, for the browser to choose from. */
int ll_consent_keys(const struct ll_consent_env *env, const struct ll_consent_who *who,
                    const char *const **ret, size_t *ret_n, struct ll_err *err) LL_MUST;

/* On the subject's own device: the actor says who stands before them, and hands over a token (as a QR code, say) that lets one passkey
 * be made in the next LL_CONSENT_SOON_MS.  Only the token's hash is kept. */
struct ll_consent_enrolment {
    const char *token; /* of ll_consent_enrol */
    const char *subject, *title, *mask, *organisation, *capacity;
    unsigned char challenge[LL_DIGEST];
    int64_t expires_at;
};
int ll_consent_enrol(const struct ll_consent_env *env, const struct ll_consent_who *who, const char *capacity,
                     const char *proof, struct ll_consent_enrolment *ret, struct ll_err *err) LL_MUST;
/* Reads: the same again, for the page on the device, which needs no permission but the token. */
int ll_consent_enrolment(const struct ll_consent_env *env, const char *token,
                         struct ll_consent_enrolment *ret, struct ll_err *err) LL_MUST;
/* site: rp_id and origins.  The token is used up.  *ret_key: the credential's id, base64url. */
int ll_consent_enrolled(const struct ll_consent_env *env, const char *token,
                        const struct ll_webauthn_want *site, struct ll_str client_data,
                        struct ll_str attestation, const char **ret_key, struct ll_err *err) LL_MUST;

/* --- the subject itself ---------------------------------------------------------------------------------------------------- */

/* Whose passkey it is, once it has signed want's challenge with the person recognised; and whether it was bound to the subject's legal representative. */
int ll_consent_recognise(const struct ll_consent_env *env, const struct ll_webauthn_want *want,
                         const char *key, const struct ll_webauthn_use *use, const char **ret_subject,
                         bool *ret_representative, struct ll_err *err) LL_MUST;
struct ll_consent_self {
    enum ll_scheme scheme;
    struct ll_str value; /* the identifier itself: for looking things up, never to be shown or logged */
    const char *mask, *title;
};
/* Reads. */
int ll_consent_subject(const struct ll_consent_env *env, const char *id, struct ll_consent_self *ret,
                       struct ll_err *err) LL_MUST;

/* Reads: as the journal names it.  Of env it needs tx and keys. */
int ll_consent_pseudonym(const struct ll_consent_env *env, const char *subject, char name[LL_PSEUDONYM_TEXT],
                         struct ll_err *err) LL_MUST;

/* The id under which the subject's identifier is stored (sealed); store: it is, where it is new, with who->title. */
int ll_consent_subject_known(const struct ll_consent_env *env, const struct ll_consent_who *who, bool store,
                             const char **ret_id, struct ll_err *err) LL_MUST;

/* --- asking and signing ------------------------------------------------------------------------------------------------- */

struct ll_consent_scope {
    const char *resource;
    const char *const *items; /* n_items 0: all that the resource has now */
    size_t n_items;
};

struct ll_consent_ask {
    struct ll_consent_who who;
    const char *organisation, *purpose;
    const struct ll_consent_scope *scopes;
    size_t n_scopes;
    int64_t from_at, until_at; /* [from, until) */
    int64_t uses;              /* 0: any number */
};

struct ll_consent_offer {
    const char *id, *text, *subject;
    const char *consent; /* the one that would be withdrawn; NULL: a new one */
    unsigned char challenge[LL_DIGEST];
    int64_t expires_at;
};

/* The text to be shown, and the challenge for the passkey.  Needs permission consent.write for the organisation. */
int ll_consent_ask(const struct ll_consent_env *env, const struct ll_consent_ask *ask,
                   struct ll_consent_offer *ret, struct ll_err *err) LL_MUST;
/* Reads: the same again, for the page that shows it. */
int ll_consent_offer(const struct ll_consent_env *env, const char *id, struct ll_consent_offer *ret,
                     struct ll_err *err) LL_MUST;
/* Reads: what waits for this subject's signature (its id, ll_consent_recognise), the newest first; offers to withdraw are not among them. */
enum { LL_CONSENT_OFFERS_MAX = 20 };
int ll_consent_offers(const struct ll_consent_env *env, const char *subject, struct ll_consent_offer **ret,
                      size_t *ret_n, struct ll_err *err) LL_MUST;
/* site: rp_id and origins; the rest of it is filled in here.  The consent has the offer's id.  An offer to withdraw withdraws. */
int ll_consent_sign(const struct ll_consent_env *env, const char *offer, const struct ll_webauthn_want *site,
                    const char *key, const struct ll_webauthn_use *use, struct ll_err *err) LL_MUST;
/* The weaker kind: an officer has the paper before them.  document: SHA-256 of the scan, 64 digits. */
int ll_consent_record(const struct ll_consent_env *env, const struct ll_consent_ask *ask,
                      const char *document, char id[LL_CONSENT_ID], struct ll_err *err) LL_MUST;

/* The subject's own withdrawal is signed like a consent; nobody needs a permission to ask for it. */
int ll_consent_ask_withdrawal(const struct ll_consent_env *env, const char *id, struct ll_consent_offer *ret,
                              struct ll_err *err) LL_MUST;
/* By the organisation that holds it, at the subject's word. */
int ll_consent_withdraw(const struct ll_consent_env *env, const char *id, const char *reason,
                        struct ll_err *err) LL_MUST;

/* --- using ---------------------------------------------------------------------------------------------------------------- */

enum ll_consent_refusal { /* in the order of how far a consent came */
                          LL_CONSENT_NONE,
                          LL_CONSENT_OTHER_PURPOSE,
                          LL_CONSENT_WITHDRAWN,
                          LL_CONSENT_NOT_YET,
                          LL_CONSENT_ENDED,
                          LL_CONSENT_USED_UP,
                          LL_CONSENT_TOO_WEAK,
                          LL_CONSENT_OTHER_ITEM,
                          LL_CONSENT_COVERS
};
const char *ll_consent_refusal_word(enum ll_consent_refusal r);

struct ll_consent_use {
    enum ll_scheme scheme;
    struct ll_str value; /* canonical */
    const char *organisation, *purpose, *resource;
    const struct ll_str *items;
    size_t n_items;
    int64_t now;
    unsigned strength; /* 0: any kind */
};
struct ll_consent_used {
    char id[LL_CONSENT_ID];
    enum ll_consent_kind kind;
    enum ll_consent_refusal why; /* LL_CONSENT_COVERS, or how far the best one came */
};
/* Reads: the consent that would be used, or LL_DENIED as below. */
int ll_consent_covers(const struct ll_consent_env *env, const struct ll_consent_use *use,
                      struct ll_consent_used *ret, struct ll_err *err) LL_MUST;
/* Counts one use of a consent that covers it.  LL_DENIED: none does; ret->why says what failed.  Of env it needs tx and keys. */
int ll_consent_use(const struct ll_consent_env *env, const struct ll_consent_use *use,
                   struct ll_consent_used *ret, struct ll_err *err) LL_MUST;

/* --- reading -------------------------------------------------------------------------------------------------------------- */

struct ll_consent {
    const char *id, *subject, *scheme, *mask, *title, *organisation, *purpose, *text, *reason;
    enum ll_consent_kind kind;
    bool withdrawn;
    int64_t from_at, until_at, uses, used, status_index, made_at, withdrawn_at;
};
struct ll_consent_query {
    const char *organisation;         /* NULL: any */
    const struct ll_consent_who *who; /* NULL: any */
    const char *state;                /* active, withdrawn; NULL: any */
    const char *sort;                 /* NULL: the newest first */
    size_t offset, limit;
};
int ll_consent_get(const struct ll_consent_env *env, const char *id, struct ll_consent *ret,
                   struct ll_err *err) LL_MUST;
int ll_consent_list(const struct ll_consent_env *env, const struct ll_consent_query *q,
                    struct ll_consent **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;
/* {"id", "kind", "kind_title", ..., "items": [{"resource", "items": [...]}]} */
int ll_consent_json(const struct ll_consent_env *env, const struct ll_consent *c, struct ll_json *j,
                    struct ll_err *err) LL_MUST;

/* What a consent (act "given") or its withdrawal ("withdrawn") rests on, as JSON: text, nonce, client data, authenticator data, signature
 * and public key, with which anybody can verify it; or officer and paper.  LL_NOTFOUND where an officer withdrew. */
int ll_consent_evidence(const struct ll_consent_env *env, const char *id, const char *act, struct ll_buf *out,
                        struct ll_err *err) LL_MUST;
/* Verifies the signature of a consent once more, from what is stored.  LL_INVALID: it does not hold, or there is none (in_person). */
int ll_consent_verify(const struct ll_consent_env *env, const char *id, const struct ll_webauthn_want *site,
                      struct ll_err *err) LL_MUST;

/* --- for others ----------------------------------------------------------------------------------------------------------- */

/* As an SD-JWT of type dc+sd-jwt; the subject's identifier is disclosable.  base: "https://hub.example"; holder: whose key the credential
 * is bound to, or NULL. */
int ll_consent_credential(const struct ll_consent_env *env, const char *id, const char *base,
                          const struct ll_key *holder, struct ll_buf *out, struct ll_err *err) LL_MUST;
/* List number n of base/status/<n>, as a token that holds for ttl_s. */
int ll_consent_status_list(const struct ll_consent_env *env, int64_t n, const char *base, unsigned ttl_s,
                           struct ll_buf *out, struct ll_err *err) LL_MUST;

struct ll_journal;
/* Brings the events that the journal lacks into it, at most `limit`; *ret_n how many.  Opens its own transactions. */
int ll_consent_journal(struct ll_store *st, struct ll_keyring *keys, struct ll_journal *journal, size_t limit,
                       size_t *ret_n, struct ll_err *err) LL_MUST;

/* The same for passkeys that were bound to a subject or ended: who said whose they are is what every signature by them rests on. */
int ll_consent_key_journal(struct ll_store *st, struct ll_keyring *keys, struct ll_journal *journal,
                           size_t limit, size_t *ret_n, struct ll_err *err) LL_MUST;

#endif
