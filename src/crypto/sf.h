/* sf.h - structured fields (RFC 8941) as far as signatures need them: dictionaries of inner lists and of byte sequences, strings,
 * tokens, integers, booleans.  Decimals and dates are refused.
 *
 * A reader moves over text that outlives it; every function is false, and the reader then useless, where the text is not so formed. */
#ifndef LL_CRYPTO_SF_H
#define LL_CRYPTO_SF_H

#include "base/str.h"

struct ll_sf {
    const char *p, *end;
};

enum ll_sf_type { LL_SF_INTEGER, LL_SF_STRING, LL_SF_TOKEN, LL_SF_BYTES, LL_SF_TRUE, LL_SF_FALSE };

struct ll_sf_value {
    enum ll_sf_type type;
    struct ll_str raw;  /* as written, which is the only way to write it */
    struct ll_str text; /* of a string: between the quotes, escapes not undone; of bytes: the base64 */
    int64_t integer;
};

struct ll_sf_param {
    struct ll_str name;
    struct ll_sf_value value;
};

struct ll_sf ll_sf_of(struct ll_str s); /* surrounding blanks taken off */
bool ll_sf_at_end(const struct ll_sf *s);
bool ll_sf_take(struct ll_sf *s, char c); /* that character, if it is next */
bool ll_sf_key(struct ll_sf *s, struct ll_str *ret);
bool ll_sf_value(struct ll_sf *s, struct ll_sf_value *ret);
/* ;name=value;flag, at most max of them and none twice; *n is how many. */
bool ll_sf_params(struct ll_sf *s, struct ll_sf_param *out, size_t max, size_t *n);
/* Between members: a comma with optional blanks, after which something must follow. */
bool ll_sf_comma(struct ll_sf *s);

#endif
