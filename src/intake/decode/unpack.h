/* unpack.h - gzip and zstd deliveries, unpacked in a stream to a temporary file within stated bounds. */
#ifndef LL_INTAKE_DECODE_UNPACK_H
#define LL_INTAKE_DECODE_UNPACK_H

#include "intake/decode/source.h"
#include "intake/decode/spool.h"

/* "gzip", "zstd" or NULL, by the first bytes. */
const char *ll_compression(struct ll_str head);

/* A truncated, damaged or bomb-like file is LL_INVALID or LL_TOOBIG; out then holds nothing of use. */
int ll_unpack(const struct ll_bytes *file, const char *compression, const struct ll_source_opts *opts,
              struct ll_spool *out, struct ll_err *err) LL_MUST;

#endif
