/* columns.h - the columns of a source, named the same way whatever the format. */
#ifndef LL_INTAKE_DECODE_COLUMNS_H
#define LL_INTAKE_DECODE_COLUMNS_H

#include "base/arena.h"
#include "intake/decode/source.h"

/* Blanks as departments write them around a header: ASCII, NBSP, U+3000, a stray BOM, zero-width. */
struct ll_str ll_header_trim(struct ll_str s);

/* Sets info->names and n_columns to trimmed copies of n cells; an empty one becomes "#n".  cells NULL: all are "#n".
 * LL_TOOBIG over max. */
int ll_columns_set(struct ll_source_info *info, struct ll_arena *arena, const struct ll_str *cells, size_t n,
                   size_t max, struct ll_err *err) LL_MUST;

/* Reads up to LL_SOURCE_SAMPLE rows that are whole into info->sample; shorter ones are padded with missing values. */
int ll_columns_sample(struct ll_source_info *info, struct ll_arena *arena, struct ll_rows *rows,
                      struct ll_err *err) LL_MUST;

#endif
