/* attachment.h - scans that belong to an application (letters, contracts, powers of attorney) or to a credit repair (what proves that duties were
 * fulfilled); "scene" is the id of either.
 *
 * (1) They are PDF, PNG or JPEG, told by their first bytes and not by their name, and of a stated size.
 * (2) Bytes go to DATA/attachments/<sha256>, durable before a row says so; the same file twice is there once.
 * (3) They show identity cards and signatures: the file is sealed (intake/inbox.h), under the hash of its plain bytes.
 * (4) Who applied adds them, as long as something of the submission is not decided; of a repair its subject, as long as it is not handed in. */
#ifndef LL_SHARE_ATTACHMENT_H
#define LL_SHARE_ATTACHMENT_H

#include "base/json.h"
#include "crypto/hash.h"
#include "intake/data.h"
#include "intake/decode/bytes.h"
#include "share/actor.h"

struct ll_attachment {
    const char *name, *sha256;
    int64_t bytes, added_at;
};

enum { LL_ATTACHMENT_MAX = 32 << 20, LL_ATTACHMENTS_MAX = 20, LL_ATTACHMENT_NAME_MAX = 255 };

/* "application/pdf", ...; NULL for what (1) does not take. */
const char *ll_attachment_type(struct ll_str first_bytes);

/* Reads.  Whether the actor may add one to the submission now. */
int ll_attachment_may(struct ll_txn *tx, const char *scene, const struct ll_actor *actor,
                      struct ll_err *err) LL_MUST;

/* A file that comes piece by piece.  Opened before the transaction that takes it in: making its key may need one of its own. */
struct ll_attaching;
int ll_attaching_open(struct ll_data *d, struct ll_attaching **ret, struct ll_err *err) LL_MUST;
int ll_attaching_add(struct ll_attaching *a, const void *p, size_t n, struct ll_err *err) LL_MUST;
/* Keeps it and lists it with the submission. */
int ll_attaching_done(struct ll_attaching *a, struct ll_txn *tx, const char *scene, const char *name,
                      const struct ll_actor *actor, char sha[LL_SHA256_HEX], struct ll_err *err) LL_MUST;
/* Removes what was not kept; NULL is fine; returns NULL. */
struct ll_attaching *ll_attaching_close(struct ll_attaching *a);

int ll_attachment_list(struct ll_txn *tx, const char *scene, struct ll_arena *arena,
                       struct ll_attachment **ret, size_t *ret_n, struct ll_err *err) LL_MUST;
/* The one with this hash; LL_NOTFOUND. */
int ll_attachment_find(struct ll_txn *tx, const char *scene, const char *sha256, struct ll_arena *arena,
                       struct ll_attachment *ret, struct ll_err *err) LL_MUST;
/* Its bytes, found whole: LL_INVALID when they are not those that were added. */
int ll_attachment_open(struct ll_data *d, const char *sha256, struct ll_bytes *ret,
                       struct ll_err *err) LL_MUST;
/* {"name", "sha256", "bytes", "added_at"} */
void ll_attachment_json(struct ll_json *j, const struct ll_attachment *a);
/* key: an array of them */
int ll_attachments_put(struct ll_txn *tx, const char *scene, struct ll_json *j, const char *key,
                       struct ll_arena *arena, struct ll_err *err) LL_MUST;

#endif
