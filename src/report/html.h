/* html.h - a document (doc.h) as one HTML page that needs nothing else: no script, no address but the verification's, one style sheet.
 *
 * The style sheet is the same in every document, so that a server's Content-Security-Policy can name it by its hash
 * (ll_html_style_source); the page says the same policy of itself, for whoever opens the saved file. */
#ifndef LL_REPORT_HTML_H
#define LL_REPORT_HTML_H

#include "base/buf.h"
#include "report/doc.h"

/* Appends the page.  LL_TOOBIG over out's ceiling. */
int ll_html_render(const struct ll_doc *d, struct ll_buf *out, struct ll_err *err) LL_MUST;

enum { LL_STYLE_SOURCE = 64 };
/* 'sha256-...' of the style sheet, quotes included. */
const char *ll_html_style_source(char out[LL_STYLE_SOURCE]);

#endif
