/* json_value.h - one JSON value (RFC 8259, strictly), taken apart into cells: nested objects become paths a.b, arrays stay JSON text,
 * numbers stay as written, so that no digit is lost. */
#ifndef LL_INTAKE_DECODE_JSON_VALUE_H
#define LL_INTAKE_DECODE_JSON_VALUE_H

#include "base/buf.h"

enum { LL_JSON_NESTING = 128 }; /* deeper values are refused */

struct ll_json_value {
    struct ll_buf path, text; /* text: decoded strings; never moves while one value is read */
    /* Called for each cell.  A missing value (null) has p == NULL.  path lives until the call returns, value until the next
     * ll_json_read.  Not LL_OK stops the reading and is returned. */
    int (*cell)(void *ctx, struct ll_str path, struct ll_str value);
    void *ctx;
    /* After LL_INVALID: what is wrong, and where in the text. */
    const char *zh, *en;
    size_t at;
    /* internal */
    struct ll_str s;
    unsigned depth;
};

void ll_json_value_init(struct ll_json_value *v);
void ll_json_value_free(struct ll_json_value *v);
/* Reads the whole of s as one object.  LL_INVALID: not JSON, or not an object; LL_NOMEM; or what cell returned. */
int ll_json_read(struct ll_json_value *v, struct ll_str s);

#endif
