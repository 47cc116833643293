/* json_wrap.h - an array of objects inside an object: {"RECORDS":[...]} of Navicat, {"code":0,"data":{"list":[...]}} of web services. */
#ifndef LL_INTAKE_DECODE_JSON_WRAP_H
#define LL_INTAKE_DECODE_JSON_WRAP_H

#include "base/str.h"

enum { LL_JSON_WRAP_DEPTH = 3, LL_JSON_WRAP_TAIL = 64 << 10 /* most bytes after the array */ };

struct ll_json_wrap {
    unsigned depth; /* objects around the array; 0: there is none */
    size_t array;   /* offset of its [ in the head */
};

/* Looks for such an array in the first bytes of a text.  Only under the names in use for it: an object that merely has a list among its
 * members is a row. */
struct ll_json_wrap ll_json_unwrap(struct ll_str head);

/* Whether what follows the array closes the objects around it, and nothing else follows. */
bool ll_json_wrap_ends(unsigned depth, struct ll_str tail);

#endif
