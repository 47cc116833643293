/* strictjson.h - JSON objects from outside, where two readers must never see two things: no duplicate names, no NUL, valid UTF-8,
 * nothing after the object, a stated size. */
#ifndef LL_CRYPTO_STRICTJSON_H
#define LL_CRYPTO_STRICTJSON_H

#include "base/err.h"
#include "base/str.h"

#include <jansson.h>

/* *ret is the caller's (json_decref).  LL_TOOBIG over max bytes, LL_INVALID otherwise; both say `what` it is. */
int ll_json_load(struct ll_str text, size_t max, const char *what, json_t **ret, struct ll_err *err) LL_MUST;
/* A member that is a text; p NULL when it is not there or is something else.  Borrowed. */
struct ll_str ll_json_member(const json_t *object, const char *name);
bool ll_json_is(const json_t *object, const char *name, const char *text); /* that member has that text */

#endif
