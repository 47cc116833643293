/* pdf.h - a document (doc.h) as a PDF: A4, selectable text, outline of its sections, page x of y on every page.
 *
 * (1) Texts are laid out once; a page break leaves no heading alone, repeats a table's head, and leaves no single line of a long cell.
 * (2) The bytes depend on the document and the installed font alone, not on the clock.
 * (3) The file is PDF 1.4 with a classic cross-reference table: what pdf_sign.h appends to.
 *
 * Threads may render at once: each has its own fonts from its first document on, over one configuration of the process. */
#ifndef LL_REPORT_PDF_H
#define LL_REPORT_PDF_H

#include "base/buf.h"
#include "report/doc.h"

/* Where a mark stands: page from 0, points from the lower left corner. */
struct ll_pdf_place {
    bool there;
    unsigned page;
    double x, y, w, h;
};

struct ll_pdf_made {
    unsigned pages;
    struct ll_pdf_place signature; /* of ll_doc_signature */
};

/* Appends the file.  LL_TOOBIG over out's ceiling; LL_INVALID when no Chinese font is installed. */
int ll_pdf_render(const struct ll_doc *d, struct ll_buf *out, struct ll_pdf_made *ret,
                  struct ll_err *err) LL_MUST;

#endif
