/* letter.c - see letter.h. */
#include "report/letter.h"

#include "base/buf.h"
#include "report/html.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

enum { TEXT_MAX = 8192 };

const char *ll_letter_text(struct ll_letter *w, const char *fmt, ...)
{
    struct ll_buf b = LL_BUF_INIT(TEXT_MAX);
    const char *copy;
    va_list ap;

    va_start(ap, fmt);
    ll_buf_vprintf(&b, fmt, ap);
    va_end(ap);
    copy = b.failed ? NULL : ll_arena_dup(w->arena, ll_buf_view(&b));
    ll_buf_free(&b);
    return copy ? copy : "";
}

const char *ll_letter_time(struct ll_letter *w, int64_t ms, bool with_time)
{
    time_t s = (time_t)(ms / 1000);
    char text[32] = "";
    struct tm tm;

    if (localtime_r(&s, &tm))
        strftime(text, sizeof text, with_time ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d", &tm);
    const char *copy = ll_arena_dup(w->arena, ll_str(text));
    return copy ? copy : "";
}

void ll_letter_section(struct ll_letter *w, const char *title)
{
    static const char *const digits[] = {"一", "二", "三",   "四",   "五",   "六",   "七",   "八",
                                         "九", "十", "十一", "十二", "十三", "十四", "十五", "十六"};
    unsigned n = w->sections++;

    if (w->lang == LL_ZH && n < LL_COUNT(digits))
        ll_doc_section(w->doc, ll_letter_text(w, "%s、%s", digits[n], title));
    else
        ll_doc_section(w->doc, ll_letter_text(w, "%u. %s", n + 1, title));
}

void ll_letter_verify(struct ll_letter *w, const struct ll_letter_issue *x)
{
    const char *url = ll_letter_text(w, "%s/r/%s?code=%s", x->origin, x->number, x->code);
    const char *lines[] = {
        LL_SAY(w, "核验本报告", "Verify this report"),
        ll_letter_text(w,
                       LL_SAY(w, "扫描二维码，或打开 %s/r/%s，输入校验码 %s。",
                              "Scan the code, or open %s/r/%s with the code %s."),
                       x->origin, x->number, x->code),
        LL_SAY(
            w, "平台将回答：编号与校验码是否相符、内容是否被改动、所依据的记录是否已更正、报告是否已撤回。",
            "The platform answers whether number and code fit, the file is as it was issued, its records were corrected since, or it was withdrawn."),
        LL_SAY(
            w,
            "离线核验：luling report verify 文件 --policy 日志公钥。文件内附存证收据（证据日志的包含证明）。",
            "Without the platform: luling report verify FILE --policy KEYS.  The file carries its receipt, the proof that the journal has it.")};

    ll_doc_verify(w->doc, url, lines, LL_COUNT(lines));
}

void ll_letter_signature(struct ll_letter *w, const struct ll_letter_issue *x)
{
    const struct ll_cert_info *cert = ll_issuer_cert(x->issuer);
    const char *lines[] = {
        LL_SAY(w, "电子签名", "Electronic signature"), cert->subject,
        ll_letter_text(w, LL_SAY(w, "签署时间 %s", "Signed %s"), ll_letter_time(w, x->at, true)),
        ll_letter_text(w, LL_SAY(w, "证书指纹 %.16s……", "Certificate %.16s..."), cert->fingerprint)};

    if (x->format == LL_ISSUE_PDF)
        ll_doc_signature(w->doc, lines, LL_COUNT(lines));
}

int ll_letter_render(const struct ll_doc *doc, struct ll_issue *x, struct ll_err *err)
{
    struct ll_pdf_made made;
    int rc;

    x->body = LL_BUF_INIT(LL_ISSUE_BYTES);
    rc = x->format == LL_ISSUE_PDF ? ll_pdf_render(doc, &x->body, &made, err)
                                   : ll_html_render(doc, &x->body, err);
    if (rc < 0)
        ll_buf_free(&x->body);
    else if (x->format == LL_ISSUE_PDF)
        x->mark = made.signature;
    return rc;
}
