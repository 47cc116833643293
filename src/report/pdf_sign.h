/* pdf_sign.h - signs a PDF of pdf.h by an incremental update (ISO 32000-1, 7.5.6 and 12.8): PAdES baseline B-B (ETSI EN 319 142-1).
 *
 * (1) The bytes of the file stay as they are, at its beginning; files to be attached, the signature's dictionary and its field follow.
 * (2) The signature covers every byte of the result but its own place.
 * (3) Reading takes no part of a file on trust: a signature that does not cover everything, or a second one, is refused.
 *
 * libqpdf was considered: it writes files anew, which moves the bytes that the journal has a hash of, and its C interface does not append. */
#ifndef LL_REPORT_PDF_SIGN_H
#define LL_REPORT_PDF_SIGN_H

#include "base/arena.h"
#include "base/buf.h"
#include "crypto/cms.h"
#include "report/pdf.h"

enum { LL_PDF_MAX = 64 << 20, LL_PDF_ATTACHMENT_MAX = 1 << 20 };

struct ll_pdf_sign_opts {
    const struct ll_cms_signer *signer;
    struct ll_pdf_place mark;     /* not there: a signature that is not shown, on the first page */
    const char *reason, *name;    /* NULL: none */
    int64_t at;                   /* ms */
    const char *attachment;       /* name of a file inside the PDF; NULL: none */
    const char *attachment_title; /* what it is */
    struct ll_str content;        /* of the attachment */
};

/* Appends the signed file.  LL_INVALID when pdf is not of the form that pdf.h writes. */
int ll_pdf_sign(struct ll_str pdf, const struct ll_pdf_sign_opts *o, struct ll_buf *out,
                struct ll_err *err) LL_MUST;

struct ll_pdf_signed {
    struct ll_cert_info cert;
    struct ll_str first;      /* the file as it was before it was signed; borrowed */
    struct ll_str attachment; /* borrowed; p NULL: none */
};
/* LL_INVALID: there is no signature, or not one that holds. */
int ll_pdf_verify(struct ll_str pdf, struct ll_pdf_signed *ret, struct ll_err *err) LL_MUST;

#endif
