/* pdf_sign.c - see pdf_sign.h: writes the incremental update, and reads it back. */
#include "report/pdf_sign.h"

#include "report/pdf_read.h"

#include "base/clock.h"
#include "crypto/base64.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { OBJECTS = 8, RANGE = 40 /* bytes of the place of the byte range */ };

struct update {
    const struct ll_pdf_sign_opts *o;
    struct ll_pdf_file file;
    struct ll_buf *out;
    size_t base; /* where the file begins in out */
    int64_t page, next;
    struct {
        int64_t number;
        size_t offset;
    } objects[OBJECTS];
    size_t n;
    size_t range_at, contents_at, contents_n; /* in out; the contents with their brackets */
};

/* --- writing --------------------------------------------------------------------------------------------------------- */

static void begin_object(struct update *u, int64_t number)
{
    LL_ASSERT(u->n < OBJECTS);
    u->objects[u->n].number = number;
    u->objects[u->n++].offset = u->out->n - u->base;
    ll_buf_printf(u->out, "%" PRId64 " 0 obj\n", number);
}

/* A text string as UTF-16BE in hexadecimal: no character of it needs escaping. */
static void put_text(struct ll_buf *out, const char *key, const char *text)
{
    struct ll_str s = ll_str(text);
    size_t at = 0;

    if (!text)
        return;
    ll_buf_printf(out, " %s <FEFF", key);
    for (int32_t c; (c = ll_utf8_next(s, &at)) >= 0;) {
        if (c >= 0x10000)
            ll_buf_printf(out, "%04X%04X", 0xd800 + (unsigned)((c - 0x10000) >> 10),
                          0xdc00 + (unsigned)(c & 0x3ff));
        else
            ll_buf_printf(out, "%04X", (unsigned)c);
    }
    ll_buf_c(out, '>');
}

/* D:20261130060000Z */
static void put_time(struct ll_buf *out, const char *key, int64_t ms)
{
    char text[LL_TIME_TEXT];

    ll_time_text(ms, text);
    ll_buf_printf(out, " %s (D:%.4s%.2s%.2s%.2s%.2s%.2sZ)", key, text, text + 5, text + 8, text + 11,
                  text + 14, text + 17);
}

static void put_stream(struct update *u, const char *more, struct ll_str content)
{
    ll_buf_printf(u->out, "<<%s /Length %zu >>\nstream\n", more, content.n);
    ll_buf_str(u->out, content);
    ll_buf_z(u->out, "\nendstream\nendobj\n");
}

/* The attached file, and what names it; returns the latter's number. */
static int64_t put_attachment(struct update *u)
{
    int64_t stream = u->next++, spec = u->next++;

    begin_object(u, stream);
    put_stream(u, " /Type /EmbeddedFile /Subtype /text#2Fplain", u->o->content);
    begin_object(u, spec);
    ll_buf_printf(u->out, "<< /Type /Filespec /F (%s)", u->o->attachment);
    put_text(u->out, "/UF", u->o->attachment);
    put_text(u->out, "/Desc", u->o->attachment_title);
    ll_buf_printf(u->out, " /EF << /F %" PRId64 " 0 R >> >>\nendobj\n", stream);
    return spec;
}

static void put_signature(struct update *u, int64_t number)
{
    struct ll_buf *out = u->out;

    begin_object(u, number);
    ll_buf_z(out, "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached\n/ByteRange ");
    u->range_at = out->n;
    ll_buf_printf(out, "%*s\n/Contents ", RANGE, "");
    u->contents_n = 2 * ll_cms_signer_room(u->o->signer) + 2;
    u->contents_at = out->n;
    if (ll_buf_reserve(out, u->contents_n)) {
        memset(out->p + out->n, '0', u->contents_n);
        out->p[out->n] = '<';
        out->n += u->contents_n;
        out->p[out->n - 1] = '>';
    }
    ll_buf_c(out, '\n');
    put_time(out, "/M", u->o->at);
    put_text(out, "/Name", u->o->name);
    put_text(out, "/Reason", u->o->reason);
    ll_buf_z(out, " >>\nendobj\n");
}

/* The field is its own annotation, over the mark that stands on the page already; its appearance is empty. */
static void put_field(struct update *u, int64_t field, int64_t signature)
{
    const struct ll_pdf_place *m = &u->o->mark;
    int64_t appearance = u->next++;
    char box[96];

    begin_object(u, appearance);
    snprintf(box, sizeof box, " /Type /XObject /Subtype /Form /BBox [0 0 %d %d]", m->there ? (int)m->w : 0,
             m->there ? (int)m->h : 0);
    put_stream(u, box, LL_STR(""));
    begin_object(u, field);
    ll_buf_printf(u->out,
                  "<< /Type /Annot /Subtype /Widget /FT /Sig /T (signature) /F 132 /P %" PRId64
                  " 0 R /V %" PRId64 " 0 R /Rect [%d %d %d %d] /AP << /N %" PRId64 " 0 R >> >>\nendobj\n",
                  u->page, signature, m->there ? (int)m->x : 0, m->there ? (int)m->y : 0,
                  m->there ? (int)(m->x + m->w) : 0, m->there ? (int)(m->y + m->h) : 0, appearance);
}

/* Dictionaries that are there already, with what is new at their end. */
static int put_changed(struct update *u, int64_t field, int64_t spec, struct ll_err *err)
{
    struct ll_str catalog, page, value;

    if (!ll_pdf_dict(&u->file, u->file.root, &catalog) || !ll_pdf_dict(&u->file, u->page, &page) ||
        ll_pdf_key(catalog, "/AcroForm", &value) || ll_pdf_key(catalog, "/Names", &value) ||
        ll_pdf_key(page, "/Annots", &value))
        return ll_fail(err, LL_INVALID, "PDF 已有表单、附件或批注，不能签名",
                       "the PDF has forms, attachments or annotations already");
    begin_object(u, u->file.root);
    ll_buf_printf(u->out, "<< " LL_STR_FMT "\n/AcroForm << /Fields [%" PRId64 " 0 R] /SigFlags 3 >>",
                  LL_STR_ARG(catalog), field);
    if (spec)
        ll_buf_printf(u->out, " /Names << /EmbeddedFiles << /Names [(%s) %" PRId64 " 0 R] >> >>",
                      u->o->attachment, spec);
    ll_buf_z(u->out, " >>\nendobj\n");
    begin_object(u, u->page);
    ll_buf_printf(u->out, "<< " LL_STR_FMT "\n/Annots [%" PRId64 " 0 R] >>\nendobj\n", LL_STR_ARG(page),
                  field);
    return LL_OK;
}

static void put_table(struct update *u)
{
    size_t at = u->out->n - u->base;

    ll_buf_z(u->out, "xref\n");
    for (int64_t number = 0; number < u->next; number++)
        for (size_t i = 0; i < u->n; i++)
            if (u->objects[i].number == number)
                ll_buf_printf(u->out, "%" PRId64 " 1\n%010zu 00000 n \n", number, u->objects[i].offset);
    ll_buf_printf(u->out, "trailer\n<< /Size %" PRId64 " /Prev %" PRId64 " /Root %" PRId64 " 0 R", u->next,
                  u->file.xref, u->file.root);
    if (u->file.info)
        ll_buf_printf(u->out, " /Info %" PRId64 " 0 R", u->file.info);
    ll_buf_printf(u->out, " >>\nstartxref\n%zu\n%%%%EOF\n", at);
}

/* The byte range, and then the signature of what it says, into the places kept for them. */
static int fill(struct update *u, struct ll_err *err)
{
    struct ll_buf *out = u->out, der = LL_BUF_INIT(1 << 20), hex = LL_BUF_INIT(2 << 20);
    size_t before = u->contents_at - u->base, after = before + u->contents_n, total = out->n - u->base;
    const struct ll_str parts[] = {{out->p + u->base, before}, {out->p + u->base + after, total - after}};
    char range[RANGE + 1];
    int n = snprintf(range, sizeof range, "[0 %zu %zu %zu]", before, after, total - after), rc;

    LL_ASSERT(n > 0 && n <= RANGE);
    memcpy(out->p + u->range_at, range, (size_t)n);
    rc = ll_cms_sign(u->o->signer, parts, LL_COUNT(parts), &der, err);
    if (rc == LL_OK && der.n * 2 + 2 > u->contents_n)
        rc = ll_fail(err, LL_INTERNAL, "签名比预留的位置长", "the signature is longer than its place");
    if (rc == LL_OK) {
        ll_hex_put(&hex, der.p, der.n);
        if (hex.failed)
            rc = ll_no_memory(err);
        else
            memcpy(out->p + u->contents_at + 1, hex.p, hex.n);
    }
    ll_buf_free(&der);
    ll_buf_free(&hex);
    return rc;
}

static int write_update(struct update *u, struct ll_err *err)
{
    int64_t signature, field, spec = 0;
    int rc;

    u->next = u->file.size;
    signature = u->next++;
    field = u->next++;
    if (u->out->n && u->out->p[u->out->n - 1] != '\n')
        ll_buf_c(u->out, '\n');
    if (u->o->attachment)
        spec = put_attachment(u);
    put_signature(u, signature);
    put_field(u, field, signature);
    if ((rc = put_changed(u, field, spec, err)) < 0)
        return rc;
    put_table(u);
    if (u->out->failed)
        return ll_fail(err, LL_TOOBIG, "PDF 超过 %zu 字节", "the PDF is longer than %zu bytes",
                       u->out->ceiling);
    return fill(u, err);
}

int ll_pdf_sign(struct ll_str pdf, const struct ll_pdf_sign_opts *o, struct ll_buf *out, struct ll_err *err)
{
    struct update u = {.o = o, .out = out, .base = out->n};
    struct ll_arena *arena = ll_arena_new(LL_PDF_MAX);
    int rc = arena ? LL_OK : ll_no_memory(err);

    if (rc == LL_OK && (pdf.n > LL_PDF_MAX || o->content.n > LL_PDF_ATTACHMENT_MAX))
        rc = ll_fail(err, LL_TOOBIG, "PDF 过大，不能签名", "the PDF is too large to be signed");
    if (rc == LL_OK)
        rc = ll_pdf_open(pdf, arena, &u.file, err);
    if (rc == LL_OK && !ll_pdf_page(&u.file, o->mark.there ? o->mark.page : 0, &u.page))
        rc = ll_fail(err, LL_INVALID, "PDF 没有要放签名的那一页",
                     "the PDF lacks the page that the signature goes on");
    if (rc == LL_OK) {
        ll_buf_str(out, pdf);
        rc = write_update(&u, err);
    }
    ll_arena_free(arena);
    return rc;
}

/* --- reading --------------------------------------------------------------------------------------------------------- */

/* The only place where `what` stands behind `from`; NULL: nowhere, or more than once. */
static const char *only(struct ll_str s, size_t from, const char *what)
{
    size_t n = strlen(what);
    const char *found = NULL, *at = s.p + from;

    for (; (at = memmem(at, (size_t)(s.p + s.n - at), what, n)); at += n) {
        if (found)
            return NULL;
        found = at;
    }
    return found;
}

struct range {
    int64_t before, after, rest;
};

static bool read_range(struct ll_str pdf, const char *at, struct range *ret)
{
    char text[RANGE + 1], tail[2] = "";

    if (!at || (size_t)(pdf.p + pdf.n - at) < RANGE)
        return false;
    memcpy(text, at, RANGE);
    text[RANGE] = 0;
    return sscanf(text, "[0 %10" SCNd64 " %10" SCNd64 " %10" SCNd64 "%1[]]", &ret->before, &ret->after,
                  &ret->rest, tail) == 4 &&
           ret->before > 0 && ret->after > ret->before + 2 && ret->rest > 0 &&
           (uint64_t)ret->after <= pdf.n && (uint64_t)ret->rest == pdf.n - (uint64_t)ret->after;
}

/* Where the file ended before it was signed: behind the first %%EOF. */
static bool first_revision(struct ll_str pdf, struct ll_str *ret)
{
    static const char mark[] = "%%EOF\n";
    const char *at = memmem(pdf.p, pdf.n, mark, sizeof mark - 1);

    if (!at)
        return false;
    *ret = (struct ll_str){pdf.p, (size_t)(at - pdf.p) + sizeof mark - 1};
    return true;
}

static bool read_attachment(struct ll_str pdf, size_t from, struct ll_str *ret)
{
    static const char mark[] = "/Type /EmbeddedFile /Subtype /text#2Fplain /Length ",
                      stream[] = " >>\nstream\n";
    const char *at = memmem(pdf.p + from, pdf.n - from, mark, sizeof mark - 1);
    struct ll_str rest, digits;
    int64_t n;

    *ret = (struct ll_str){NULL, 0};
    if (!at)
        return true;
    at += sizeof mark - 1;
    rest = (struct ll_str){at, (size_t)(pdf.p + pdf.n - at)};
    if (!ll_str_cut(rest, ' ', &digits, &rest) || !ll_str_i64(digits, 0, LL_PDF_ATTACHMENT_MAX, &n))
        return false;
    rest = (struct ll_str){digits.p + digits.n, (size_t)(pdf.p + pdf.n - digits.p) - digits.n};
    if (!ll_str_starts(rest, LL_STR(stream)) || rest.n < sizeof stream - 1 + (size_t)n)
        return false;
    *ret = (struct ll_str){rest.p + sizeof stream - 1, (size_t)n};
    return true;
}

static int no_signature(struct ll_err *err)
{
    return ll_fail(
        err, LL_INVALID, "文件没有覆盖全文的平台签名：不是平台出具的文书，或签名之后又被改动",
        "the file has no signature of the platform over all of it: not issued here, or changed after it was signed");
}

int ll_pdf_verify(struct ll_str pdf, struct ll_pdf_signed *ret, struct ll_err *err)
{
    static const char mark[] = "/SubFilter /ETSI.CAdES.detached\n/ByteRange ";
    struct ll_buf der = LL_BUF_INIT(LL_PDF_MAX);
    struct ll_pdf_signed s = {.first = {NULL, 0}};
    struct range r;
    const char *at;
    size_t hex;
    int rc;

    if (pdf.n > LL_PDF_MAX)
        return ll_fail(err, LL_TOOBIG, "文件超过 %d 字节", "the file is longer than %d bytes", LL_PDF_MAX);
    if (pdf.n < 16 || memcmp(pdf.p, "%PDF-1.", 7) != 0)
        return ll_fail(err, LL_INVALID, "不是 PDF 文件", "not a PDF file");
    if (!first_revision(pdf, &s.first) || !(at = only(pdf, s.first.n, mark)) ||
        !read_range(pdf, at + sizeof mark - 1, &r) || (size_t)r.before <= s.first.n ||
        pdf.p[r.before] != '<' || pdf.p[r.after - 1] != '>' || (hex = (size_t)(r.after - r.before) - 2) % 2 ||
        !ll_buf_reserve(&der, hex / 2) ||
        !ll_hex_exact((struct ll_str){pdf.p + r.before + 1, hex}, der.p, hex / 2) ||
        !read_attachment(pdf, s.first.n, &s.attachment)) {
        ll_buf_free(&der);
        return no_signature(err);
    }
    const struct ll_str parts[] = {{pdf.p, (size_t)r.before}, {pdf.p + r.after, (size_t)r.rest}};
    rc = ll_cms_verify(parts, LL_COUNT(parts), (struct ll_str){der.p, hex / 2}, &s.cert, err);
    ll_buf_free(&der);
    if (rc == LL_OK)
        *ret = s;
    return rc;
}
