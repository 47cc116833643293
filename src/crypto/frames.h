/* frames.h - a long file that is sealed while it is written, and read at any place.
 *
 *   head       the caller's, LL_FRAMES_HEAD bytes at most: how the key is found
 *   frame i    65536 bytes of content (the last one: fewer) as aead.h seals them, about "head, i, whether it is the last"
 *
 * (1) Whatever is cut off, added, moved or changed does not open: the last frame is looked at before anything is read.
 * (2) The content's size follows from the file's.
 * (3) One key seals one file. */
#ifndef LL_CRYPTO_FRAMES_H
#define LL_CRYPTO_FRAMES_H

#include "crypto/aead.h"

enum { LL_FRAME = 65536, LL_FRAMES_HEAD = 4096 };

/* Writes to fd, from where it stands.  The key is borrowed. */
struct ll_framer;
int ll_framer_open(int fd, const struct ll_aead *key, struct ll_str head, struct ll_framer **ret,
                   struct ll_err *err) LL_MUST;
int ll_framer_add(struct ll_framer *f, const void *p, size_t n, struct ll_err *err) LL_MUST;
int ll_framer_end(struct ll_framer *f, struct ll_err *err) LL_MUST; /* the last frame; nothing can be added */
struct ll_framer *ll_framer_close(struct ll_framer *f);             /* NULL is fine; fd stays open */

/* Threads share it; fd and key are borrowed. */
struct ll_frames;
int ll_frames_open(int fd, const struct ll_aead *key, struct ll_str head, struct ll_frames **ret,
                   struct ll_err *err) LL_MUST;
int64_t ll_frames_size(const struct ll_frames *f);
/* Fewer than n bytes only at the end. */
int ll_frames_read(const struct ll_frames *f, void *p, size_t n, int64_t offset, size_t *ret_n,
                   struct ll_err *err) LL_MUST;
struct ll_frames *ll_frames_close(struct ll_frames *f); /* NULL is fine */

#endif
