/* bytes.h - the bytes of a delivered file at any place, whether they lie open on the disk or sealed in frames (crypto/frames.h). */
#ifndef LL_INTAKE_DECODE_BYTES_H
#define LL_INTAKE_DECODE_BYTES_H

#include "crypto/frames.h"

/* Read by threads side by side; closed by one. */
struct ll_bytes {
    int fd; /* -1: none */
    struct ll_aead *key;
    struct ll_frames *frames; /* NULL: the file is open */
    int64_t size;
};
#define LL_BYTES_INIT ((struct ll_bytes){.fd = -1})

int ll_bytes_open(struct ll_bytes *b, const char *path, struct ll_err *err) LL_MUST;
/* Takes fd and, where it is sealed, key (else NULL), on failure, too. */
int ll_bytes_take(struct ll_bytes *b, int fd, struct ll_aead *key, struct ll_str head,
                  struct ll_err *err) LL_MUST;
void ll_bytes_close(struct ll_bytes *b); /* also when it was never opened */
/* Goes on after interruptions; fewer than n bytes only at the end of the file. */
int ll_bytes_read(const struct ll_bytes *b, void *p, size_t n, int64_t offset, size_t *ret_n,
                  struct ll_err *err) LL_MUST;

#endif
