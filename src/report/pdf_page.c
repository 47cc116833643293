/* pdf_page.c - pages, what is drawn on them, and texts with a shape (pdf_impl.h). */
#include "report/pdf_impl.h"

#include <pango/pangocairo.h>

const struct ll_tone_colours ll_tone_colours[LL_TONE_COUNT] = {
    [LL_TONE_PLAIN] = {LL_INK, 0xeef1f4},  [LL_TONE_MUTED] = {LL_MUTED, 0xf3f5f7},
    [LL_TONE_GOOD] = {0x17663e, 0xe3f4ea}, [LL_TONE_WARN] = {0x8a4b06, 0xfdf1dc},
    [LL_TONE_BAD] = {0xa61b12, 0xfde8e6},
};

void ll_flow_page(struct ll_flow *f)
{
    struct ll_pdf_page *page = ll_arena_alloc(f->arena, sizeof *page);

    if (!page) {
        f->no_memory = true;
        return;
    }
    if (f->page)
        f->page->next = page;
    else
        f->first = page;
    f->page = page;
    f->pages++;
    f->y = LL_PAGE_TOP;
}

struct ll_op *ll_flow_op(struct ll_flow *f, enum ll_op_kind kind, double x, double y, double w, double h)
{
    struct ll_op *op = f->no_memory ? NULL : ll_arena_alloc(f->arena, sizeof *op);

    if (!op) {
        f->no_memory = true;
        return NULL;
    }
    *op = (struct ll_op){.kind = kind, .x = x, .y = y, .w = w, .h = h};
    if (f->page->last)
        f->page->last->next = op;
    else
        f->page->first = op;
    f->page->last = op;
    return op;
}

void ll_flow_rect(struct ll_flow *f, double x, double y, double w, double h, unsigned rgb, double radius)
{
    struct ll_op *op = ll_flow_op(f, LL_OP_RECT, x, y, w, h);

    if (op) {
        op->rgb = rgb;
        op->radius = radius;
    }
}

void ll_flow_text(struct ll_flow *f, PangoLayout *layout, double x, double y, unsigned rgb, int from, int to)
{
    struct ll_op *op = ll_flow_op(f, LL_OP_TEXT, x, y, 0, 0);

    if (op) {
        op->rgb = rgb;
        op->layout = g_object_ref(layout);
        op->from = from;
        op->to = to;
    }
}

PangoLayout *ll_flow_layout(struct ll_flow *f, struct ll_str text, double width,
                            const struct ll_text_style *style)
{
    static const PangoAlignment align[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};
    PangoLayout *l = pango_layout_new(f->context);

    pango_font_description_set_absolute_size(f->font, style->size * PANGO_SCALE);
    pango_layout_set_font_description(l, f->font);
    pango_layout_set_auto_dir(l, FALSE);
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_line_spacing(l, 1.25F);
    if (width > 0) {
        pango_layout_set_width(l, (int)(width * PANGO_SCALE));
        pango_layout_set_alignment(l, align[style->align]);
    }
    pango_layout_set_text(l, text.n ? text.p : "", (int)text.n);
    return l;
}

double ll_layout_height(PangoLayout *layout)
{
    PangoRectangle r;

    pango_layout_get_extents(layout, NULL, &r);
    return (double)r.height / PANGO_SCALE;
}

double ll_layout_width(PangoLayout *layout)
{
    PangoRectangle r;

    pango_layout_get_extents(layout, NULL, &r);
    return (double)r.width / PANGO_SCALE;
}

void ll_flow_free(struct ll_flow *f)
{
    for (struct ll_pdf_page *p = f->first; p; p = p->next)
        for (struct ll_op *op = p->first; op; op = op->next)
            if (op->layout)
                g_object_unref(op->layout);
    for (size_t i = 0; i < f->n_pending; i++)
        ll_row_free(&f->pending[i]);
    f->first = NULL;
}
