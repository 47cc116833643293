/* range.h - which part of a file a request asks for (RFC 9110, section 14). */
#ifndef LL_HTTP_RANGE_H
#define LL_HTTP_RANGE_H

#include "base/str.h"

enum ll_range_kind {
    LL_RANGE_ALL,  /* no header, one of another unit, or of a form that is to be passed over */
    LL_RANGE_PART, /* one part, within the file */
    LL_RANGE_NONE  /* a part that the file does not have: 416 */
};

struct ll_range {
    int64_t from, n;
};

/* header: the field's value, NULL for none; size: of the file.  Several parts at once are answered by the whole, as the standard lets us. */
enum ll_range_kind ll_range_parse(const char *header, int64_t size, struct ll_range *ret);
/* Whether If-Range (NULL: none) lets the range hold; a date never does, as we give none. */
bool ll_range_holds(const char *if_range, const char *etag);
/* Whether If-None-Match names the tag. */
bool ll_etag_matches(const char *if_none_match, const char *etag);

#endif
