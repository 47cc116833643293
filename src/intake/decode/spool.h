/* spool.h - a temporary file that is written once, front to back, and then read. */
#ifndef LL_INTAKE_DECODE_SPOOL_H
#define LL_INTAKE_DECODE_SPOOL_H

#include "base/fs.h"

struct ll_spool {
    int fd; /* -1: none */
    char path[LL_PATH];
    char *buf;
    size_t n;
    int64_t total; /* bytes added so far */
};
#define LL_SPOOL_INIT ((struct ll_spool){.fd = -1})

int ll_spool_create(struct ll_spool *s, const char *dir, const char *name, struct ll_err *err) LL_MUST;
int ll_spool_add(struct ll_spool *s, const void *p, size_t n, struct ll_err *err) LL_MUST;
int ll_spool_flush(struct ll_spool *s, struct ll_err *err) LL_MUST;
void ll_spool_remove(struct ll_spool *s); /* closes and deletes the file; nothing when there is none */

#endif
