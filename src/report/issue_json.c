/* issue_json.c - a document as JSON: the rendered object without its last brace, then its signature and its receipt as the last two members.
 *
 * What was hashed and signed is a prefix of the file to the byte, as in the other formats, and the whole is an object that any parser reads. */
#include "report/issue_impl.h"

#include "crypto/base64.h"

#include <string.h>

#define SIGNATURE ",\"signature\":\""
#define RECEIPT "\",\"receipt\":\""
#define CLOSE "\"}\n"

enum { DER_MAX = 64 << 10 };

int ll_issue_json_seal(const struct ll_cms_signer *signer, struct ll_str body, struct ll_str receipt,
                       struct ll_buf *out, struct ll_err *err)
{
    struct ll_buf der = LL_BUF_INIT(DER_MAX);
    int rc = ll_cms_sign(signer, &body, 1, &der, err);

    if (rc == LL_OK) {
        ll_buf_str(out, body);
        ll_buf_z(out, SIGNATURE);
        ll_base64_put(out, LL_BASE64_STD, der.p, der.n);
        ll_buf_z(out, RECEIPT);
        ll_base64_put(out, LL_BASE64_STD, receipt.p, receipt.n);
        ll_buf_z(out, CLOSE);
        rc = out->failed ? ll_no_memory(err) : LL_OK;
    }
    ll_buf_free(&der);
    return rc;
}

static int no_form(struct ll_err *err)
{
    return ll_fail_texts(
        err, LL_INVALID, "文件末尾没有签名与存证收据：不是平台出具的文书，或被改动过",
        "no signature and receipt stand at the end of the file: not issued by a platform, or changed");
}

/* Cuts what stands behind the last `mark` off; the rest stays in *s.  Base64 has no quotation marks, so the last one is ours. */
static bool cut_last(struct ll_str *s, struct ll_str mark, struct ll_str *behind)
{
    const char *found = NULL, *at = s->p;

    while ((at = memmem(at, (size_t)(s->p + s->n - at), mark.p, mark.n)))
        found = at++;
    if (!found)
        return false;
    behind->p = found + mark.n;
    behind->n = (size_t)(s->p + s->n - behind->p);
    s->n = (size_t)(found - s->p);
    return true;
}

int ll_issue_json_split(struct ll_str file, struct ll_arena *arena, struct ll_str *body,
                        struct ll_str *receipt, struct ll_cert_info *cert, struct ll_err *err)
{
    struct ll_buf der = LL_BUF_INIT(DER_MAX), text = LL_BUF_INIT(LL_RECEIPT_MAX);
    struct ll_str signature, sealed, close = LL_STR(CLOSE);
    int rc = LL_OK;

    *body = file;
    if (!ll_str_ends(file, close))
        return no_form(err);
    body->n -= close.n;
    if (!cut_last(body, LL_STR(RECEIPT), &sealed) || !cut_last(body, LL_STR(SIGNATURE), &signature) ||
        ll_base64_get(signature, LL_BASE64_STD, &der, NULL) < 0 ||
        ll_base64_get(sealed, LL_BASE64_STD, &text, NULL) < 0)
        rc = no_form(err);
    if (rc == LL_OK)
        rc = ll_cms_verify(body, 1, ll_buf_view(&der), cert, err);
    if (rc == LL_OK) {
        *receipt = (struct ll_str){ll_arena_dup(arena, ll_buf_view(&text)), text.n};
        rc = receipt->p ? LL_OK : ll_no_memory(err);
    }
    ll_buf_free(&der);
    ll_buf_free(&text);
    return rc;
}
