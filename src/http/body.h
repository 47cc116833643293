/* body.h - the JSON body of a request, field by field.  Bounded, strict, and refused with the name of the field that is wrong.
 *
 * (1) The body is one object without duplicate names; a name nobody asked for is refused by ll_body_end, so that a misspelt field is
 *     not a field left out.
 * (2) Texts are valid UTF-8 without NUL, within the lengths that the caller states (in characters).
 * (3) After the first field that is wrong the rest is not looked at: callers read all fields and test once, at ll_body_end. */
#ifndef LL_HTTP_BODY_H
#define LL_HTTP_BODY_H

#include "http/request.h"

#include <jansson.h>

enum { LL_BODY_FIELDS = 32, LL_BODY_DEPTH = 16 };

struct ll_body {
    json_t *root;
    struct ll_arena *arena;
    const char *asked[LL_BODY_FIELDS];
    size_t n_asked;
    int rc;
    struct ll_err *err;
};

/* Always followed by ll_body_end. */
void ll_body_open(struct ll_body *b, struct ll_request *rq, struct ll_err *err);
/* NULL when it is not there (an error when required).  In the arena, NUL-terminated. */
const char *ll_body_text(struct ll_body *b, const char *name, size_t min, size_t max, bool required);
/* fallback when it is not there. */
int64_t ll_body_int(struct ll_body *b, const char *name, int64_t min, int64_t max, int64_t fallback);
bool ll_body_bool(struct ll_body *b, const char *name, bool fallback);
/* An array of texts, at most `most`; 0 and NULL when it is not there. */
size_t ll_body_texts(struct ll_body *b, const char *name, size_t most, size_t max, const char *const **ret);
/* Any value, for fields of another shape; borrowed until ll_body_end.  NULL when it is not there. */
const json_t *ll_body_any(struct ll_body *b, const char *name, bool required);
/* Frees, and tells whether all was right. */
int ll_body_end(struct ll_body *b) LL_MUST;

#endif
