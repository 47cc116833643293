/* issue_check.c - is a file one that the platform handed out?  From the file alone, and the keys that sign the journal (issue.h). */
#include "report/issue_impl.h"

#include "crypto/base64.h"
#include "crypto/hash.h"
#include "journal/canon.h"
#include "journal/tlogproof.h"

#include <string.h>

struct checking {
    struct ll_arena *arena;
    const struct ll_policy *policy;
    struct ll_str first, receipt;
    struct ll_buf entry, sealed;
    struct ll_str payload, proof;
    struct ll_issue_checked *ret;
    struct ll_err *err;
};

static int bad(struct checking *c, const char *zh, const char *en)
{
    return ll_fail_texts(c->err, LL_INVALID, zh, en);
}

/* --- the file -------------------------------------------------------------------------------------------------------- */

/* A page ends with its receipt as a comment, and nothing behind it. */
static int split_page(struct checking *c, struct ll_str file)
{
    static const char mark[] = "</html>\n" LL_RECEIPT_OPEN LL_RECEIPT_MAGIC;
    const char *at = memmem(file.p, file.n, mark, sizeof mark - 1);
    struct ll_str close = LL_STR(LL_RECEIPT_CLOSE);

    if (!at || !ll_str_ends(file, close))
        return bad(c, "文件末尾没有存证收据：不是平台出具的文书，或被改动过",
                   "no receipt stands at the end of the file: not issued by a platform, or changed");
    c->first = (struct ll_str){file.p, (size_t)(at - file.p) + sizeof "</html>\n" - 1};
    c->receipt.p = c->first.p + c->first.n + sizeof LL_RECEIPT_OPEN - 1;
    c->receipt.n = (size_t)(file.p + file.n - close.n - c->receipt.p);
    return memmem(c->receipt.p, c->receipt.n, "-->", 3)
               ? bad(c, "存证收据之后还有内容：文件被改动过",
                     "something stands behind the receipt: the file was changed")
               : LL_OK;
}

static int split(struct checking *c, struct ll_str file)
{
    struct ll_pdf_signed s;
    int rc;

    if (file.n > 1 && file.p[0] == '{') {
        c->ret->format = LL_ISSUE_JSON;
        return ll_issue_json_split(file, c->arena, &c->first, &c->receipt, &c->ret->cert, c->err);
    }
    if (file.n < 8 || memcmp(file.p, "%PDF-", 5) != 0) {
        c->ret->format = LL_ISSUE_HTML;
        return split_page(c, file);
    }
    if ((rc = ll_pdf_verify(file, &s, c->err)) < 0)
        return rc;
    if (!s.attachment.p)
        return bad(c, "PDF 没有附存证收据", "the PDF has no receipt attached");
    c->first = s.first;
    c->receipt = s.attachment;
    c->ret->format = LL_ISSUE_PDF;
    c->ret->cert = s.cert;
    return LL_OK;
}

/* --- the receipt ------------------------------------------------------------------------------------------------------ */

static bool take_line(struct ll_str *rest, const char *name, struct ll_buf *out)
{
    struct ll_str line, prefix = ll_str(name);

    if (!ll_str_cut(*rest, '\n', &line, rest) || !ll_str_starts(line, prefix))
        return false;
    return ll_base64_get((struct ll_str){line.p + prefix.n, line.n - prefix.n}, LL_BASE64_STD, out, NULL) ==
           LL_OK;
}

static int read_receipt(struct checking *c, struct ll_entry *e)
{
    struct ll_str rest = c->receipt, magic = LL_STR(LL_RECEIPT_MAGIC), empty;

    if (!ll_str_starts(rest, magic))
        return bad(c, "存证收据的格式不认识", "the receipt is of an unknown form");
    rest = (struct ll_str){rest.p + magic.n, rest.n - magic.n};
    if (!take_line(&rest, "entry ", &c->entry) || !take_line(&rest, "sealed ", &c->sealed) ||
        !ll_str_cut(rest, '\n', &empty, &rest) || empty.n)
        return bad(c, "存证收据不完整", "the receipt is not whole");
    c->proof = rest;
    if (ll_entry_parse(ll_buf_view(&c->entry), e, c->err) < 0 || e->type != LL_ENTRY_REPORT ||
        ll_entry_unseal(e, ll_buf_view(&c->sealed), &c->payload, c->err) < 0)
        return bad(c, "存证收据的内容与日志条目不符",
                   "what the receipt shows is not what the entry commits to");
    return LL_OK;
}

/* A text member without escapes; NULL: it is not there. */
static const char *member(const struct checking *c, const char *name)
{
    struct ll_str v;

    if (!ll_canon_member(c->payload, name, &v) || v.n < 2 || v.p[0] != '"')
        return NULL;
    return ll_arena_dup(c->arena, (struct ll_str){v.p + 1, v.n - 2});
}

/* Does the entry speak of this very document? */
static int compare(struct checking *c)
{
    const char *sha256 = member(c, "sha256"), *certificate = member(c, "certificate");
    char hex[LL_SHA256_HEX];
    struct ll_str bytes;
    int64_t n = 0;
    int rc = ll_hash_str(c->first, hex, c->err);

    if (rc < 0)
        return rc;
    if (!sha256 || strcmp(sha256, hex) != 0 || !ll_canon_member(c->payload, "bytes", &bytes) ||
        !ll_str_i64(bytes, 0, INT64_MAX, &n) || (size_t)n != c->first.n)
        return bad(c, "文件内容与存证的摘要不符：文件被改动过",
                   "the content does not fit the hash in the journal: it was changed");
    if (ll_issue_format_signs(c->ret->format) &&
        (!certificate || strcmp(certificate, c->ret->cert.fingerprint) != 0))
        return bad(
            c, "签名证书不是存证所记的平台证书：文件被改签过",
            "the signer's certificate is not the platform's that the journal names: signed again by somebody else");
    c->ret->number = member(c, "number");
    c->ret->kind = member(c, "kind");
    c->ret->purpose = member(c, "purpose");
    return c->ret->number && c->ret->kind && c->ret->purpose
               ? LL_OK
               : bad(c, "存证收据不完整", "the receipt is not whole");
}

static int prove(struct checking *c)
{
    struct ll_checkpoint cp = {0};
    struct ll_tlogproof p;
    int rc;

    if (!c->policy || !c->proof.n)
        return LL_OK;
    if ((rc = ll_tlogproof_parse(c->proof, &p, c->err)) < 0 ||
        (rc = ll_tlogproof_verify(&p, ll_buf_view(&c->entry), c->policy, &cp, c->err)) < 0)
        return rc;
    c->ret->index = p.index;
    c->ret->origin = ll_arena_dup(c->arena, cp.origin);
    c->ret->proven = true;
    return c->ret->origin ? LL_OK : ll_no_memory(c->err);
}

int ll_issue_check(struct ll_str file, const struct ll_policy *policy, struct ll_arena *arena,
                   struct ll_issue_checked *ret, struct ll_err *err)
{
    struct checking c = {.arena = arena,
                         .policy = policy,
                         .entry = LL_BUF_INIT(LL_ENTRY_MAX + 1),
                         .sealed = LL_BUF_INIT(LL_SEALED_MAX + 1),
                         .ret = ret,
                         .err = err};
    struct ll_entry e;
    int rc;

    *ret = (struct ll_issue_checked){0};
    if ((rc = split(&c, file)) == LL_OK && (rc = read_receipt(&c, &e)) == LL_OK &&
        (rc = compare(&c)) == LL_OK) {
        ret->at = e.time_ms;
        rc = prove(&c);
    }
    ll_buf_free(&c.entry);
    ll_buf_free(&c.sealed);
    return rc;
}
