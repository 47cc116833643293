/* keyring_impl.h - what keyring.c and keyring_file.c share. */
#ifndef LL_CRYPTO_KEYRING_IMPL_H
#define LL_CRYPTO_KEYRING_IMPL_H

#include "base/fs.h"
#include "crypto/keyring.h"
#include "crypto/seal.h"

#include <pthread.h>

enum { RING_MAGIC = 0x4c4c4b52 };
enum { LL_RING_MAX = 1000 /* keys of one file */ };

struct ring_entry {
    struct ring_entry *next;
    struct ll_ring_key k;
    struct ll_key *key, *public; /* owned; public: k.key once the private half is not to be used any more */
    unsigned char secret[LL_RING_SECRET];
    bool has_secret;
};

struct ll_keyring {
    unsigned magic;
    pthread_rwlock_t lock;      /* of the entries */
    pthread_mutex_t changing;   /* one change at a time in this process; taken before `lock` */
    struct ring_entry *entries; /* oldest first; never removed */
    char file[LL_PATH], lock_file[LL_PATH], secret_file[LL_PATH];
    bool made_secret;
    struct ll_buf secret; /* what opens the file */
    bool secret_random;
};

/* Finds the secret, or makes one where there are no keys.  The caller holds the file's lock. */
int ll_ring_secret_open(struct ll_keyring *r, const struct ll_keyring_opts *o, struct ll_err *err) LL_MUST;
/* Entries as the file has them: new ones are added, known ones brought up to date.  No file is no entry. */
int ll_ring_load(struct ll_keyring *r, struct ll_err *err) LL_MUST;
int ll_ring_save(struct ll_keyring *r, struct ll_err *err) LL_MUST;
/* Waits for other processes. */
int ll_ring_lock(struct ll_keyring *r, int *ret_fd, struct ll_err *err) LL_MUST;

/* An entry from its material: 32 bytes of secret, or (without) a public key. */
int ll_ring_entry_new(const struct ll_ring_key *k, struct ll_str material, bool has_secret,
                      struct ring_entry **ret, struct ll_err *err) LL_MUST;
void ll_ring_entry_free(struct ring_entry *e);
/* The active entry of a purpose, made if there is none; it lives as long as r. */
int ll_ring_need(struct ll_keyring *r, enum ll_purpose p, struct ring_entry **ret,
                 struct ll_err *err) LL_MUST;
enum ll_alg ll_purpose_alg(enum ll_purpose p); /* of one that is no secret */
bool ll_purpose_is_secret(enum ll_purpose p);

#endif
