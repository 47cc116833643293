/* inbox.h - received files: DATA/inbox/<sha256>, or <sha256>.<resource>.sealed where the resource has sealed items.
 *
 * The sealed form is that of crypto/frames.h under a key of its own, whose head is
 *
 *   luling sealed bytes v1
 *   resource people
 *   key <base64 of algorithm and key, sealed as the item LL_INBOX_ITEM of the resource>
 *
 * (1) The hash in the name is that of the bytes as they were sent.
 * (2) A sealed file opens for its resource only: who may deliver to another cannot have it read by handing in the sealed bytes. */
#ifndef LL_INTAKE_INBOX_H
#define LL_INTAKE_INBOX_H

#include "crypto/hash.h"
#include "intake/data.h"
#include "intake/decode/bytes.h"

#define LL_INBOX_ITEM "ll_inbox"

/* Where the file of that hash lies, or is to be put. */
int ll_inbox_path(struct ll_data *d, const char *resource, const char *sha256, bool sealed, char out[LL_PATH],
                  struct ll_err *err) LL_MUST;
/* As it was received for the resource: sealed if there is such a file, otherwise open.  LL_NOTFOUND. */
int ll_inbox_open(struct ll_data *d, const char *resource, const char *sha256, struct ll_bytes *ret,
                  struct ll_err *err) LL_MUST;
/* The hash of what was received; differs from sha256 when the open file was changed.  LL_INVALID when a sealed one was. */
int ll_inbox_hash(struct ll_data *d, const char *resource, const char *sha256, char out[LL_SHA256_HEX],
                  struct ll_err *err) LL_MUST;

/* Begins a sealed file in fd.  *ret_key belongs to the caller and must outlive *ret. */
int ll_inbox_seal(struct ll_data *d, const char *resource, int fd, struct ll_aead **ret_key,
                  struct ll_framer **ret, struct ll_err *err) LL_MUST;

/* What ll_inbox_seal made of it, for the same resource; takes fd, on failure, too.  LL_INVALID when it is another's, or was changed. */
int ll_inbox_unseal(struct ll_data *d, const char *resource, int fd, struct ll_bytes *ret,
                    struct ll_err *err) LL_MUST;

#endif
