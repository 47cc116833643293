/* sqrecord.h - values as a record of SQLite's file format (fileformat2, 2.1): a header of serial types, then the values. */
#ifndef LL_STORE_SQRECORD_H
#define LL_STORE_SQRECORD_H

#include "base/buf.h"
#include "store/segment.h"

/* Writes v as a varint of one to nine bytes; returns how many. */
unsigned ll_sqrec_varint(uint8_t *p, uint64_t v);
/* Reads one. */
unsigned ll_sqrec_read_varint(const uint8_t *p, uint64_t *v);
/* Replaces what out holds by the record of values[order[0..n)].  out->failed when it is over its ceiling. */
void ll_sqrec_encode(const struct ll_seg_value *values, const unsigned *order, size_t n, struct ll_buf *out);

#endif
