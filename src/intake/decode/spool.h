/* spool.h - a temporary file that is written once, front to back, and then read.  It has no name; what is secret goes sealed into it, under a
 * key that nobody else ever has. */
#ifndef LL_INTAKE_DECODE_SPOOL_H
#define LL_INTAKE_DECODE_SPOOL_H

#include "base/fs.h"
#include "intake/decode/bytes.h"

struct ll_spool {
    int fd; /* -1: none, or it has gone over to file */
    char *buf;
    size_t n;
    struct ll_aead *key; /* NULL: open */
    struct ll_framer *framer;
    struct ll_bytes file; /* to be read, once it is flushed */
    int64_t total;        /* bytes added so far */
};
#define LL_SPOOL_INIT ((struct ll_spool){.fd = -1, .file = {.fd = -1}})

int ll_spool_create(struct ll_spool *s, const char *dir, bool secret, struct ll_err *err) LL_MUST;
int ll_spool_add(struct ll_spool *s, const void *p, size_t n, struct ll_err *err) LL_MUST;
/* Ends the writing. */
int ll_spool_flush(struct ll_spool *s, struct ll_err *err) LL_MUST;
void ll_spool_remove(struct ll_spool *s); /* nothing when there is none */

#endif
