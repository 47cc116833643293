/* doc.h - a document before it has a shape: what it says, block by block, for whichever renderer comes (pdf.h, html.h).
 *
 * (1) Everything lives in the caller's arena; texts are copied, made valid UTF-8, and lose control characters and the marks that turn
 *     the direction of text around, so that a value cannot write over its neighbours or drive a renderer.
 * (2) Building does not fail call by call: want of memory, or more than LL_DOC_CELLS_MAX cells, is told by the renderers.
 * (3) The document knows no use: what a section means is the builder's business. */
#ifndef LL_REPORT_DOC_H
#define LL_REPORT_DOC_H

#include "base/arena.h"
#include "base/err.h"

struct ll_doc;

enum ll_tone { LL_TONE_PLAIN, LL_TONE_MUTED, LL_TONE_GOOD, LL_TONE_WARN, LL_TONE_BAD, LL_TONE_COUNT };
enum ll_doc_align { LL_DOC_LEFT, LL_DOC_CENTRE, LL_DOC_RIGHT };

enum { LL_DOC_COLUMNS_MAX = 12, LL_DOC_CELLS_MAX = 200000, LL_DOC_TEXT_MAX = 16384 /* bytes of one text */ };

struct ll_doc_opts {
    enum ll_lang lang;
    const char *title;
    const char *subtitle;  /* NULL: none; so below, except where it is said */
    const char *issuer;    /* who answers for it: above the title, and the author of the file */
    const char *number;    /* on every page */
    const char *footer;    /* at the foot of every page */
    const char *watermark; /* across every page */
    int64_t made_at;       /* ms */
};

struct ll_doc_column {
    const char *title;
    double weight; /* share of the width */
    enum ll_doc_align align;
};

struct ll_doc_cell {
    struct ll_str text;
    enum ll_tone tone;
};

/* The texts of opts are copied.  NULL when memory is out. */
struct ll_doc *ll_doc_new(struct ll_arena *arena, const struct ll_doc_opts *o);

void ll_doc_section(struct ll_doc *d, const char *title);
/* What follows stands on a page of its own: an annex. */
void ll_doc_page(struct ll_doc *d);
/* aside: small, beside it (where something is from); NULL: nothing. */
void ll_doc_subsection(struct ll_doc *d, const char *title, const char *aside);
void ll_doc_note(struct ll_doc *d, enum ll_tone tone, struct ll_str text);
/* Label and value; those that follow each other are one list, in two columns where they fit. */
void ll_doc_pair(struct ll_doc *d, const char *label, struct ll_str value);
/* The same over the whole width. */
void ll_doc_pair_wide(struct ll_doc *d, const char *label, struct ll_str value);
/* A table, whose rows follow; columns is copied. */
void ll_doc_table(struct ll_doc *d, const struct ll_doc_column *columns, size_t n);
/* As many cells as there are columns. */
void ll_doc_row(struct ll_doc *d, const struct ll_doc_cell *cells);
/* Badges that follow each other stand in one line. */
void ll_doc_badge(struct ll_doc *d, enum ll_tone tone, const char *text);
/* A bar of value out of max, with the text of the value behind it. */
void ll_doc_bar(struct ll_doc *d, enum ll_tone tone, const char *label, double value, double max,
                const char *text);
/* A box that tells how to check the document: a QR code of the address, and lines of text. */
void ll_doc_verify(struct ll_doc *d, const char *url, const char *const *lines, size_t n);
/* Where the mark of the electronic signature stands; the PDF's signature field lies over it. */
void ll_doc_signature(struct ll_doc *d, const char *const *lines, size_t n);

#endif
