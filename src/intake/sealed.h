/* sealed.h - a file of ours that is sealed while it is written (crypto/frames.h, inbox.h), under a name that it gets when it is whole and on the disk.
 *
 * `as` stands where a delivery has its resource, for which alone it opens: a name that no pack can have ("ll_exports"). */
#ifndef LL_INTAKE_SEALED_H
#define LL_INTAKE_SEALED_H

#include "crypto/hash.h"
#include "intake/data.h"
#include "intake/decode/bytes.h"

struct ll_sealed;
/* path: where it will lie; until then it is path.tmp, made anew.  The folder must be there. */
int ll_sealed_create(struct ll_data *d, const char *as, const char *path, struct ll_sealed **ret,
                     struct ll_err *err) LL_MUST;
int ll_sealed_put(void *sealed, const void *p, size_t n, struct ll_err *err) LL_MUST;
/* Survives power loss when it returns; sha256 and bytes (may be NULL) are those of what was put. */
int ll_sealed_finish(struct ll_sealed *s, char sha256[LL_SHA256_HEX], int64_t *ret_bytes,
                     struct ll_err *err) LL_MUST;
struct ll_sealed *
ll_sealed_close(struct ll_sealed *s); /* what is not finished goes; NULL is fine; returns NULL */

int ll_sealed_open(struct ll_data *d, const char *as, const char *path, struct ll_bytes *ret,
                   struct ll_err *err) LL_MUST;
/* All of it at once. */
int ll_sealed_write(struct ll_data *d, const char *as, const char *path, struct ll_str content,
                    struct ll_err *err) LL_MUST;
int ll_sealed_read(struct ll_data *d, const char *as, const char *path, struct ll_buf *out,
                   struct ll_err *err) LL_MUST;

#endif
