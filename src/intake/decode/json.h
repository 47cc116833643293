/* json.h - what json.c and json_rows.c share: one opened JSON text. */
#ifndef LL_INTAKE_DECODE_JSON_H
#define LL_INTAKE_DECODE_JSON_H

#include "intake/decode/backend.h"
#include "intake/decode/json_keys.h"
#include "intake/decode/json_split.h"

struct json_source {
    struct ll_decode_input in;
    enum ll_json_shape shape;
    unsigned wrapped; /* objects around the array */
    int64_t from, to;
    uint64_t first_line;
    struct ll_json_keys keys; /* the columns */
};

/* A splitter for a part of the text that starts at `offset`, on `line`. */
struct ll_json_split json_splitter(const struct json_source *s, int64_t offset, uint64_t line);

/* ll_decode_backend.rows */
int ll_json_rows(void *impl, const struct ll_range *range, struct ll_rows **ret, struct ll_err *err);

#endif
