/* pdf.c - see pdf.h: draws the pages that pdf_layout.c has made, with head, foot and watermark. */
#include "report/pdf_impl.h"

#include "base/clock.h"

#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>

static void ink(cairo_t *cr, unsigned rgb, double alpha)
{
    cairo_set_source_rgba(cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0,
                          alpha);
}

/* --- what stands on a page ------------------------------------------------------------------------------------------- */

static void draw_text(cairo_t *cr, const struct ll_op *op)
{
    PangoLayoutIter *it = pango_layout_get_iter(op->layout);
    int at = 0, top = 0, y0, y1;
    PangoRectangle r;

    ink(cr, op->rgb, 1);
    do {
        pango_layout_iter_get_line_yrange(it, &y0, &y1);
        if (at == op->from)
            top = y0;
        if (at >= op->from && at < op->to) {
            pango_layout_iter_get_line_extents(it, NULL, &r);
            cairo_move_to(cr, op->x + (double)r.x / PANGO_SCALE,
                          op->y + (double)(pango_layout_iter_get_baseline(it) - top) / PANGO_SCALE);
            pango_cairo_show_layout_line(cr, pango_layout_iter_get_line_readonly(it));
        }
        at++;
    } while (pango_layout_iter_next_line(it));
    pango_layout_iter_free(it);
}

static void round_path(cairo_t *cr, const struct ll_op *op)
{
    double r = op->radius, x = op->x, y = op->y, w = op->w, h = op->h, quarter = M_PI / 2;

    if (r <= 0) {
        cairo_rectangle(cr, x, y, w, h);
        return;
    }
    cairo_new_sub_path(cr);
    cairo_arc(cr, x + w - r, y + r, r, -quarter, 0);
    cairo_arc(cr, x + w - r, y + h - r, r, 0, quarter);
    cairo_arc(cr, x + r, y + h - r, r, quarter, 2 * quarter);
    cairo_arc(cr, x + r, y + r, r, 2 * quarter, 3 * quarter);
    cairo_close_path(cr);
}

static void draw_rect(cairo_t *cr, const struct ll_op *op)
{
    ink(cr, op->rgb, 1);
    round_path(cr, op);
    if (op->outline) {
        cairo_set_line_width(cr, 0.8);
        cairo_stroke(cr);
    } else {
        cairo_fill(cr);
    }
}

/* Modules that touch in a row are one rectangle: no hair line between them, and a tenth of the bytes. */
static void draw_qr(cairo_t *cr, const struct ll_op *op)
{
    const struct ll_qr *q = &op->qr;
    double m = op->w / (q->width + 2 * LL_QR_QUIET), x0 = op->x + m * LL_QR_QUIET,
           y0 = op->y + m * LL_QR_QUIET;

    ink(cr, LL_WHITE, 1);
    cairo_rectangle(cr, op->x, op->y, op->w, op->h);
    cairo_fill(cr);
    ink(cr, 0, 1);
    for (unsigned y = 0; y < q->width; y++)
        for (unsigned x = 0, n; x < q->width; x += n) {
            for (n = 0; x + n < q->width && q->cells[y * q->width + x + n];)
                n++;
            if (n)
                cairo_rectangle(cr, x0 + x * m, y0 + y * m, n * m, m);
            else
                n = 1;
        }
    cairo_fill(cr);
}

static void draw_page(cairo_t *cr, const struct ll_pdf_page *page)
{
    for (const struct ll_op *op = page->first; op; op = op->next)
        switch (op->kind) {
        case LL_OP_TEXT:
            draw_text(cr, op);
            break;
        case LL_OP_RECT:
            draw_rect(cr, op);
            break;
        case LL_OP_QR:
            draw_qr(cr, op);
            break;
        }
}

/* --- head, foot, watermark ------------------------------------------------------------------------------------------- */

static void edge_text(struct ll_flow *f, cairo_t *cr, const char *text, double y, enum ll_doc_align align,
                      double share)
{
    struct ll_text_style style = {8, LL_MUTED, align};
    double w = LL_PAGE_BODY * share;
    PangoLayout *l;

    if (!text)
        return;
    l = ll_flow_layout(f, ll_str(text), w, &style);
    pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
    ink(cr, LL_MUTED, 1);
    cairo_move_to(cr, align == LL_DOC_RIGHT ? LL_PAGE_SIDE + LL_PAGE_BODY - w : LL_PAGE_SIDE, y);
    pango_cairo_show_layout(cr, l);
    g_object_unref(l);
}

static void edge_rule(cairo_t *cr, double y)
{
    ink(cr, LL_RULE, 1);
    cairo_rectangle(cr, LL_PAGE_SIDE, y, LL_PAGE_BODY, 0.5);
    cairo_fill(cr);
}

static void head_and_foot(struct ll_flow *f, cairo_t *cr, unsigned at)
{
    const struct ll_doc_opts *o = &f->doc->o;
    char text[64];

    if (at > 0) {
        edge_text(f, cr, o->title, 32, LL_DOC_LEFT, 0.6);
        edge_text(f, cr, o->number, 32, LL_DOC_RIGHT, 0.38);
        edge_rule(cr, 46);
    }
    edge_rule(cr, LL_PAGE_H - 46);
    snprintf(text, sizeof text, o->lang == LL_ZH ? "第 %u 页 / 共 %u 页" : "page %u of %u", at + 1, f->pages);
    edge_text(f, cr, text, LL_PAGE_H - 40, LL_DOC_RIGHT, 0.2);
    edge_text(f, cr, o->footer ? o->footer : o->number, LL_PAGE_H - 40, LL_DOC_LEFT, 0.78);
}

static void watermark(struct ll_flow *f, cairo_t *cr)
{
    struct ll_text_style style = {52, LL_MUTED, LL_DOC_LEFT};
    PangoLayout *l;
    double w, h;

    if (!f->doc->o.watermark)
        return;
    l = ll_flow_layout(f, ll_str(f->doc->o.watermark), 0, &style);
    w = ll_layout_width(l);
    h = ll_layout_height(l);
    for (unsigned i = 0; i < 3; i++) {
        cairo_save(cr);
        cairo_translate(cr, LL_PAGE_W / 2, LL_PAGE_H * (0.22 + 0.28 * i));
        cairo_rotate(cr, -M_PI / 7);
        cairo_move_to(cr, -w / 2, -h / 2);
        ink(cr, 0x8894a0, 0.13);
        pango_cairo_show_layout(cr, l);
        cairo_restore(cr);
    }
    g_object_unref(l);
}

/* --- the file ------------------------------------------------------------------------------------------------------- */

static cairo_status_t take(void *ctx, const unsigned char *p, unsigned n)
{
    struct ll_buf *out = ctx;

    ll_buf_add(out, p, n);
    return out->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void metadata(cairo_surface_t *s, const struct ll_doc_opts *o)
{
    char when[LL_TIME_TEXT];

    ll_time_text(o->made_at, when);
    when[19] = 'Z'; /* whole seconds */
    when[20] = 0;
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, o->title);
    if (o->issuer)
        cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_AUTHOR, o->issuer);
    if (o->number)
        cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_SUBJECT, o->number);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, "Luling");
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, when);
}

/* Outlines of pages that follow may be made from the first page on. */
static void outlines(const struct ll_flow *f, cairo_surface_t *s)
{
    for (const struct ll_outline *o = f->outlines; o; o = o->next) {
        char at[80], title[256];
        snprintf(at, sizeof at, "page=%u pos=[%d %d]", o->page + 1, (int)LL_PAGE_SIDE, (int)o->y);
        snprintf(title, sizeof title, LL_STR_FMT, LL_STR_ARG(o->title));
        if (ll_utf8_bad(ll_str(title)) == ll_str(title).n)
            cairo_pdf_surface_add_outline(s, CAIRO_PDF_OUTLINE_ROOT, title, at, 0);
    }
}

static void draw(struct ll_flow *f, cairo_surface_t *s)
{
    cairo_t *cr = cairo_create(s);
    unsigned at = 0;

    for (const struct ll_pdf_page *p = f->first; p; p = p->next, at++) {
        draw_page(cr, p);
        watermark(f, cr); /* over the papers of rows, where it would not be seen below them */
        head_and_foot(f, cr, at);
        cairo_show_page(cr);
    }
    outlines(f, s);
    cairo_destroy(cr);
}

static int write_file(struct ll_flow *f, struct ll_buf *out, struct ll_err *err)
{
    cairo_surface_t *s = cairo_pdf_surface_create_for_stream(take, out, LL_PAGE_W, LL_PAGE_H);
    cairo_status_t status;

    cairo_pdf_surface_restrict_to_version(s, CAIRO_PDF_VERSION_1_4);
    metadata(s, &f->doc->o);
    draw(f, s);
    cairo_surface_finish(s);
    status = cairo_surface_status(s);
    cairo_surface_destroy(s);
    if (out->failed)
        return ll_fail(err, LL_TOOBIG, "PDF 超过 %zu 字节", "the PDF is longer than %zu bytes", out->ceiling);
    if (status == CAIRO_STATUS_NO_MEMORY)
        return ll_no_memory(err);
    return status == CAIRO_STATUS_SUCCESS
               ? LL_OK
               : ll_fail(err, LL_FAIL, "无法生成 PDF：%s", "the PDF cannot be made: %s",
                         cairo_status_to_string(status));
}

static void open_fonts(struct ll_flow *f, const char *family)
{
    cairo_font_options_t *o = cairo_font_options_create();

    f->context = pango_font_map_create_context(pango_cairo_font_map_get_default()); /* the thread's own */
    cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(f->context, o);
    pango_cairo_context_set_resolution(f->context, 72);
    pango_context_set_language(f->context, pango_language_from_string("zh-cn"));
    pango_context_set_round_glyph_positions(f->context, FALSE);
    f->font = pango_font_description_new();
    pango_font_description_set_family_static(f->font, family);
    cairo_font_options_destroy(o);
}

/* The codes of all boxes are of one address, if there are several. */
static int make_qr(struct ll_flow *f, struct ll_err *err)
{
    for (const struct ll_block *b = f->doc->first; b; b = b->next)
        if (b->kind == LL_BLOCK_VERIFY && b->text.n)
            return ll_qr_make(f->arena, b->text, &f->qr, err);
    return LL_OK;
}

int ll_pdf_render(const struct ll_doc *d, struct ll_buf *out, struct ll_pdf_made *ret, struct ll_err *err)
{
    struct ll_flow f = {.doc = d, .arena = ll_arena_new(0)};
    const char *family = NULL;
    int rc = f.arena ? ll_doc_whole(d, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = ll_pdf_font(&family, err)) == LL_OK && (rc = make_qr(&f, err)) == LL_OK) {
        open_fonts(&f, family);
        ll_flow_document(&f);
        rc = f.no_memory ? ll_no_memory(err) : write_file(&f, out, err);
        ll_flow_free(&f);
        pango_font_description_free(f.font);
        g_object_unref(f.context);
    }
    if (rc == LL_OK)
        *ret = (struct ll_pdf_made){.pages = f.pages, .signature = f.signature};
    ll_arena_free(f.arena);
    return rc;
}
