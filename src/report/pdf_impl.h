/* pdf_impl.h - between the parts of pdf.h: pdf_page.c has pages and what is drawn on them, pdf_row.c places rows, pdf_layout.c turns blocks
 * into rows, pdf.c draws.
 *
 * Everything is laid out before anything is drawn: the foot of the first page tells how many there are. */
#ifndef LL_REPORT_PDF_IMPL_H
#define LL_REPORT_PDF_IMPL_H

#include "report/doc_impl.h"
#include "report/pdf.h"
#include "report/qr.h"

/* Pango's own; its headers are included where its functions are called. */
typedef struct _PangoLayout PangoLayout;
typedef struct _PangoContext PangoContext;
typedef struct _PangoFontDescription PangoFontDescription;

/* Points.  The body lies between head and foot. */
#define LL_PAGE_W 595.28
#define LL_PAGE_H 841.89
#define LL_PAGE_SIDE 51.0
#define LL_PAGE_TOP 62.0
#define LL_PAGE_BOTTOM (LL_PAGE_H - 58.0)
#define LL_PAGE_BODY (LL_PAGE_W - 2 * LL_PAGE_SIDE)

enum ll_colour {
    LL_INK = 0x1f2933,
    LL_MUTED = 0x667280,
    LL_BRAND = 0x1b4f7f,
    LL_RULE = 0xcfd7df,
    LL_ZEBRA = 0xf6f8fa,
    LL_HEAD = 0xe8eef4,
    LL_WHITE = 0xffffff
};
struct ll_tone_colours {
    unsigned ink, paper;
};
extern const struct ll_tone_colours ll_tone_colours[LL_TONE_COUNT];

enum ll_op_kind { LL_OP_TEXT, LL_OP_RECT, LL_OP_QR };

struct ll_op {
    struct ll_op *next;
    enum ll_op_kind kind;
    double x, y, w, h, radius;
    unsigned rgb;
    bool outline;        /* a rectangle's edge instead of its inside */
    PangoLayout *layout; /* a reference */
    int from, to;        /* its lines */
    struct ll_qr qr;
};

struct ll_pdf_page {
    struct ll_pdf_page *next;
    struct ll_op *first, *last;
};

struct ll_outline {
    struct ll_outline *next;
    struct ll_str title;
    unsigned page;
    double y;
};

struct ll_text_style {
    double size;
    unsigned rgb;
    enum ll_doc_align align;
};

enum { LL_ROW_CELLS = LL_DOC_COLUMNS_MAX, LL_ROW_PENDING = 4 };

struct ll_row_cell {
    PangoLayout *layout; /* owned; NULL: nothing */
    double x, w, h;      /* x from the body's left edge */
    unsigned rgb;
};

/* What is placed as one: cells side by side. */
struct ll_row {
    struct ll_row_cell cells[LL_ROW_CELLS];
    size_t n;
    double pad_y, before, after; /* before is left out at the top of a page */
    bool filled, ruled;
    unsigned fill;
    struct ll_str outline; /* a heading of the file's outline; p NULL: none */
};

struct ll_flow {
    struct ll_arena *arena;
    PangoContext *context;
    PangoFontDescription *font;
    const struct ll_doc *doc;
    struct ll_pdf_page *first, *page;
    unsigned pages;
    double y;
    struct ll_outline *outlines, *last_outline;
    struct ll_row pending[LL_ROW_PENDING]; /* placed with what follows, never alone at the foot of a page */
    size_t n_pending;
    struct ll_row *repeat; /* the head of the table that goes on over a page break; NULL */
    struct ll_pdf_place signature;
    struct ll_qr qr; /* of the verification box */
    bool no_memory;
};

/* The family that Chinese is set in, found once a process. */
int ll_pdf_font(const char **ret_family, struct ll_err *err) LL_MUST;

/* pdf_page.c */
void ll_flow_page(struct ll_flow *f); /* begins the next page */
struct ll_op *ll_flow_op(struct ll_flow *f, enum ll_op_kind kind, double x, double y, double w, double h);
void ll_flow_rect(struct ll_flow *f, double x, double y, double w, double h, unsigned rgb, double radius);
/* Lines [from, to) of a layout; takes a reference of its own. */
void ll_flow_text(struct ll_flow *f, PangoLayout *layout, double x, double y, unsigned rgb, int from, int to);
PangoLayout *ll_flow_layout(struct ll_flow *f, struct ll_str text, double width,
                            const struct ll_text_style *style);
double ll_layout_height(PangoLayout *layout);
double ll_layout_width(PangoLayout *layout);
void ll_flow_free(struct ll_flow *f);

/* pdf_row.c */
struct ll_row_cell ll_row_text(struct ll_flow *f, struct ll_str text, double x, double w,
                               const struct ll_text_style *style);
void ll_row_free(struct ll_row *r);
/* Places it now, breaking it where it must be broken; keeps its layouts for the caller to free. */
void ll_flow_row(struct ll_flow *f, struct ll_row *r);
/* Placed together with what follows; takes the row over. */
void ll_flow_pend(struct ll_flow *f, const struct ll_row *r);
void ll_flow_settle(struct ll_flow *f,
                    double need); /* what is pending, on a page with `need` room behind it */

/* pdf_layout.c */
void ll_flow_document(struct ll_flow *f);

#endif
