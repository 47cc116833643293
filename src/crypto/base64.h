/* base64.h - bytes as text: base64 (RFC 4648, sections 4 and 5) and hexadecimal.
 *
 * Reading is strict, so that a value has one spelling only: the standard alphabet with its padding, the URL alphabet without, no
 * white space, and the bits that no byte uses are 0.  LL_BASE64_BARE is the standard alphabet without padding, as password hashes have
 * it. */
#ifndef LL_CRYPTO_BASE64_H
#define LL_CRYPTO_BASE64_H

#include "base/buf.h"
#include "base/err.h"

enum ll_base64 { LL_BASE64_STD, LL_BASE64_URL, LL_BASE64_BARE };

void ll_base64_put(struct ll_buf *out, enum ll_base64 kind, const void *p, size_t n);
/* Appends the bytes.  On failure (LL_INVALID, or LL_TOOBIG over out's ceiling) out is as it was. */
int ll_base64_get(struct ll_str text, enum ll_base64 kind, struct ll_buf *out, struct ll_err *err) LL_MUST;
/* Exactly n bytes; false, and out untouched, when the text is anything else. */
bool ll_base64_exact(struct ll_str text, enum ll_base64 kind, void *out, size_t n);

void ll_hex_put(struct ll_buf *out, const void *p, size_t n); /* small letters */
bool ll_hex_exact(struct ll_str text, void *out, size_t n);   /* either case; 2 n digits or false */

#endif
