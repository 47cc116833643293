/* statuslist.h - which credentials still hold, all in one signed list (Token Status List): two bits a credential.
 *
 * A list is bytes, entries packed from the lowest bits up, inside a token {"sub": its address, "iat", "exp", "ttl",
 * "status_list": {"bits", "lst": zlib, base64url}}. */
#ifndef LL_CRYPTO_STATUSLIST_H
#define LL_CRYPTO_STATUSLIST_H

#include "base/buf.h"
#include "crypto/key.h"

enum { LL_STATUS_VALID, LL_STATUS_INVALID, LL_STATUS_SUSPENDED };
enum {
    LL_STATUS_BITS = 2,
    LL_STATUS_ENTRIES = 65536 /* of one list of ours */,
    LL_STATUS_BYTES_MAX = 1 << 20
};
enum { LL_STATUS_BYTES = LL_STATUS_ENTRIES * LL_STATUS_BITS / 8 };

/* bits: 1, 2, 4 or 8. */
void ll_status_set(unsigned char *list, unsigned bits, size_t at, unsigned status);
unsigned ll_status_get(const unsigned char *list, unsigned bits, size_t at);

struct ll_status_head {
    const char *uri, *kid;
    int64_t iat_s, exp_s;
    unsigned ttl_s, bits;
};
int ll_status_issue(const struct ll_key *issuer, const struct ll_status_head *h, const unsigned char *list,
                    size_t n, struct ll_buf *out, struct ll_err *err) LL_MUST;
/* The status of one entry of a token that must be of this address, signed by this key and still fresh.  LL_NOTFOUND: the list ends
 * before it. */
int ll_status_read(struct ll_str token, const struct ll_key *issuer, const char *uri, int64_t now_s,
                   size_t at, unsigned *ret, struct ll_err *err) LL_MUST;

#endif
