/* wal_format.h - the bytes of a write-ahead file; numbers are big-endian.
 *
 *   head    magic[8] salt[8] size[8] root[2][32] hash[32]                            one block
 *   group   magic[8] salt[8] size[8] count[4] bytes[4] root[2][32] hash[32] body     size and roots after it
 *   body    per entry: entry's length[2] sealed part's length[4] entry, sealed part
 *
 * A hash is SHA-256 over what stands before it and over what follows it to the end of the block or group, zeros included. */
#ifndef LL_JOURNAL_WAL_FORMAT_H
#define LL_JOURNAL_WAL_FORMAT_H

#include "journal/wal.h"

#define LL_WAL_FILE_MAGIC "LLJWAL01"
#define LL_WAL_GROUP_MAGIC "LLJGRP01"

enum {
    LL_WAL_MAGIC = 8,
    LL_WAL_SALT = 8,
    LL_WAL_HEAD_HASHED = LL_WAL_MAGIC + LL_WAL_SALT + 8 + LL_WAL_TREES * LL_DIGEST,
    LL_WAL_GROUP_HASHED = LL_WAL_HEAD_HASHED + 8,
    LL_WAL_HEAD = LL_WAL_HEAD_HASHED + LL_DIGEST,
    LL_WAL_GROUP = LL_WAL_GROUP_HASHED + LL_DIGEST,
    LL_WAL_ENTRY = 6
};

static inline void ll_wal_put(unsigned char *p, uint64_t v, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        p[i] = (unsigned char)(v >> (8 * (bytes - 1 - i)));
}

static inline uint64_t ll_wal_get(const unsigned char *p, unsigned bytes)
{
    uint64_t v = 0;

    for (unsigned i = 0; i < bytes; i++)
        v = v << 8 | p[i];
    return v;
}

static inline size_t ll_wal_round(size_t n)
{
    return (n + LL_WAL_BLOCK - 1) / LL_WAL_BLOCK * LL_WAL_BLOCK;
}

#endif
