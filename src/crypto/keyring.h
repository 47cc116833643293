/* keyring.h - the platform's own keys, in one sealed file (seal.h) of the data folder; never in the store, never in the journal.
 *
 *   DATA/keys.sealed      the keys
 *   DATA.secret           beside the data folder, mode 0600: the secret that opens it, where the operator names none
 *
 * (1) The secret is, in this order: the file of setting key_passphrase_file, luling-passphrase of $CREDENTIALS_DIRECTORY (systemd), the
 *     file beside the data folder.  That last one is made where there are no keys yet, and who opened is told (ll_keyring_made_secret).
 * (2) A key is made at its first use.  Rotating makes a new active key; the old one is `retiring`: signatures by it still count, and what
 *     it sealed still opens.  A signature key is `retired` at the end of its overlap and its private half is then gone for good at
 *     the next change; a secret that sealed data retires never by itself.
 * (3) A change is on the disk, whole, before anybody gets the new key; processes exclude each other while they change.
 *
 * A keyring may be shared by threads.  Keys that it hands out live until it is closed. */
#ifndef LL_CRYPTO_KEYRING_H
#define LL_CRYPTO_KEYRING_H

#include "crypto/aead.h"
#include "crypto/key.h"
#include "crypto/tbl/purposes.h"

enum { LL_PURPOSE_SECRET = LL_ALG_COUNT, LL_RING_ID = 17 /* 16 digits and a NUL */, LL_RING_SECRET = 32 };

#define X(id, ...) LL_FOR_##id,
enum ll_purpose { LL_PURPOSES(X) LL_PURPOSE_COUNT };
#undef X

enum ll_ring_state { LL_RING_ACTIVE, LL_RING_RETIRING, LL_RING_RETIRED };

struct ll_ring_key {
    char id[LL_RING_ID];
    enum ll_purpose purpose;
    enum ll_ring_state state;
    int64_t made_at, until;   /* ms; until: when a retiring key retires, 0 for never */
    const struct ll_key *key; /* NULL: a secret.  Without its private half once retired */
};

struct ll_keyring;
struct ll_keyring_opts {
    const char *data_dir;
    const char *passphrase_file; /* NULL or "": the setting is not given */
};

const char *ll_purpose_name(enum ll_purpose p);
const char *ll_purpose_title(enum ll_purpose p, enum ll_lang lang);
bool ll_purpose_find(struct ll_str name, enum ll_purpose *ret);
const char *ll_purpose_kind(enum ll_purpose p); /* "Ed25519", ..., "secret" */
const char *ll_ring_state_name(enum ll_ring_state s);

int ll_keyring_open(struct ll_keyring **ret, const struct ll_keyring_opts *o, struct ll_err *err) LL_MUST;
struct ll_keyring *ll_keyring_close(struct ll_keyring *r); /* NULL is fine; returns NULL */
/* The secret file that this opening made: to be logged, and to be kept safe by the operator.  NULL when it made none. */
const char *ll_keyring_made_secret(const struct ll_keyring *r);
/* Takes in what another process changed. */
int ll_keyring_refresh(struct ll_keyring *r, struct ll_err *err) LL_MUST;

/* The active key of a purpose, made if there is none.  id may be NULL. */
int ll_keyring_signer(struct ll_keyring *r, enum ll_purpose p, const struct ll_key **ret, char id[LL_RING_ID],
                      struct ll_err *err) LL_MUST;
int ll_keyring_secret(struct ll_keyring *r, enum ll_purpose p, unsigned char out[LL_RING_SECRET],
                      struct ll_err *err) LL_MUST;
/* Any key by its id: what verifies an old signature.  LL_NOTFOUND. */
int ll_keyring_find(struct ll_keyring *r, struct ll_str id, struct ll_ring_key *ret,
                    struct ll_err *err) LL_MUST;

/* Seals under the active secret of p and names it: id[8] + what aead.h makes.  Meant for data keys, which are few. */
int ll_keyring_seal(struct ll_keyring *r, enum ll_purpose p, enum ll_aead_alg alg, struct ll_str about,
                    struct ll_str plain, struct ll_buf *out, struct ll_err *err) LL_MUST;
int ll_keyring_unseal(struct ll_keyring *r, struct ll_str about, struct ll_str sealed, struct ll_buf *out,
                      struct ll_err *err) LL_MUST;

/* overlap_s: how long signatures of the old key still count. */
int ll_keyring_rotate(struct ll_keyring *r, enum ll_purpose p, uint64_t overlap_s,
                      struct ll_err *err) LL_MUST;

size_t ll_keyring_count(struct ll_keyring *r);
bool ll_keyring_at(struct ll_keyring *r, size_t i, struct ll_ring_key *ret); /* oldest first */

#endif
