/* issue_impl.h - between issuer.c (who signs), issue.c (handing out), issued.c (later) and issue_check.c (without the platform).
 *
 * A receipt is text: LL_RECEIPT_MAGIC, "entry <base64>", "sealed <base64>", an empty line, and the tlog-proof where the witnesses' quorum had
 * cosigned in time.  Of JSON it is base64 in the last member. */
#ifndef LL_REPORT_ISSUE_IMPL_H
#define LL_REPORT_ISSUE_IMPL_H

#include "base/arena.h"
#include "crypto/keyring.h"
#include "report/issue.h"

#define LL_RECEIPT_MAGIC "luling-report-receipt/v1\n"
#define LL_RECEIPT_NAME "luling-receipt.txt"
#define LL_RECEIPT_OPEN "<!--\n"
#define LL_RECEIPT_CLOSE "-->\n"

enum { LL_RECEIPT_MAX = 512 << 10 };

struct ll_issuer {
    struct ll_issuer_opts o;
    struct ll_cms_signer *signer;
    unsigned char pseudonym_key[LL_RING_SECRET];
};

/* The platform's signature and the receipt behind the rendered bytes; appends the whole file. */
int ll_issue_json_seal(const struct ll_cms_signer *signer, struct ll_str body, struct ll_str receipt,
                       struct ll_buf *out, struct ll_err *err) LL_MUST;
/* *receipt in arena; LL_INVALID: it is not of that form, or the signature does not hold. */
int ll_issue_json_split(struct ll_str file, struct ll_arena *arena, struct ll_str *body,
                        struct ll_str *receipt, struct ll_cert_info *cert, struct ll_err *err) LL_MUST;

#endif
