/* canon.h - JSON that has one spelling (RFC 8785), as far as the journal uses it: objects, arrays, texts, whole numbers within
 * +-(2^53 - 1), true, false, null; names of members are printable ASCII; 32 levels at most.  Same value, same bytes, same hash. */
#ifndef LL_JOURNAL_CANON_H
#define LL_JOURNAL_CANON_H

#include "base/buf.h"
#include "base/err.h"

/* Is the text an object in that form?  LL_INVALID says at which byte it is not. */
int ll_canon_check(struct ll_str json, struct ll_err *err) LL_MUST;
/* Appends the form of any JSON object.  LL_INVALID: no object, or a value that the journal does not take. */
int ll_canon_put(struct ll_str json, struct ll_buf *out, struct ll_err *err) LL_MUST;
/* The value of a member of the outermost object of a text in that form, as it stands there (a text with its quotes). */
bool ll_canon_member(struct ll_str json, const char *name, struct ll_str *ret);
/* The same for several at once, p NULL for those that are not there.  False: the text is not in that form. */
bool ll_canon_members(struct ll_str json, const char *const *names, size_t n, struct ll_str *ret);

#endif
