/* pdf_layout.c - the blocks of a document as rows on pages (pdf_impl.h). */
#include "report/pdf_impl.h"

#include <pango/pangocairo.h>

#define CELL_PAD 4.0

static const struct ll_text_style issuer_style = {10, LL_BRAND, LL_DOC_CENTRE},
                                  title_style = {21, LL_INK, LL_DOC_CENTRE},
                                  subtitle_style = {10.5, LL_MUTED, LL_DOC_CENTRE},
                                  section_style = {13, LL_BRAND, LL_DOC_LEFT},
                                  subsection_style = {10, LL_INK, LL_DOC_LEFT},
                                  aside_style = {8, LL_MUTED, LL_DOC_RIGHT},
                                  label_style = {9, LL_MUTED, LL_DOC_LEFT},
                                  value_style = {9, LL_INK, LL_DOC_LEFT},
                                  badge_style = {8.5, LL_INK, LL_DOC_LEFT},
                                  small_style = {8.5, LL_INK, LL_DOC_LEFT};

/* --- title and headings --------------------------------------------------------------------------------------------- */

static void put_line(struct ll_flow *f, const char *text, const struct ll_text_style *style, double after)
{
    struct ll_row r = {.n = 1, .after = after};

    if (!text)
        return;
    r.cells[0] = ll_row_text(f, ll_str(text), 0, LL_PAGE_BODY, style);
    ll_flow_row(f, &r);
    ll_row_free(&r);
}

static void title(struct ll_flow *f)
{
    f->y -= 14; /* the first page has no head line */
    put_line(f, f->doc->o.issuer, &issuer_style, 5);
    put_line(f, f->doc->o.title, &title_style, 3);
    put_line(f, f->doc->o.subtitle, &subtitle_style, 4);
    f->y += 4;
    ll_flow_rect(f, LL_PAGE_SIDE, f->y, LL_PAGE_BODY, 1.6, LL_BRAND, 0);
    f->y += 12;
}

static void section(struct ll_flow *f, const struct ll_block *b)
{
    struct ll_row r = {.n = 1, .before = 13, .after = 5, .pad_y = 3, .ruled = true, .outline = b->head};

    r.cells[0] = ll_row_text(f, b->head, 0, LL_PAGE_BODY, &section_style);
    ll_flow_pend(f, &r);
}

static void subsection(struct ll_flow *f, const struct ll_block *b)
{
    struct ll_row r = {.n = 2, .before = 7, .after = 2, .pad_y = 2};

    r.cells[0] = ll_row_text(f, b->head, 0, LL_PAGE_BODY * 0.42, &subsection_style);
    r.cells[1] = ll_row_text(f, b->text, LL_PAGE_BODY * 0.44, LL_PAGE_BODY * 0.56, &aside_style);
    ll_flow_pend(f, &r);
}

static void note(struct ll_flow *f, const struct ll_block *b)
{
    const struct ll_tone_colours *c = &ll_tone_colours[b->tone];
    struct ll_text_style style = {9, c->ink, LL_DOC_LEFT};
    bool boxed = b->tone != LL_TONE_PLAIN && b->tone != LL_TONE_MUTED;
    double in = boxed ? 8 : 0;
    struct ll_row r = {
        .n = 1, .before = 3, .after = 4, .pad_y = boxed ? 5 : 1, .filled = boxed, .fill = c->paper};

    r.cells[0] = ll_row_text(f, b->text, in, LL_PAGE_BODY - 2 * in, &style);
    ll_flow_row(f, &r);
    ll_row_free(&r);
}

/* --- lists of label and value ---------------------------------------------------------------------------------------- */

static void add_pair(struct ll_flow *f, struct ll_row *r, const struct ll_block *b, double x, double w)
{
    double label = 92;

    r->cells[r->n++] = ll_row_text(f, b->head, x + CELL_PAD, label - CELL_PAD, &label_style);
    r->cells[r->n++] = ll_row_text(f, b->text, x + label + CELL_PAD, w - label - 2 * CELL_PAD, &value_style);
}

/* Takes one pair, or two where both are narrow; returns the last that it took. */
static const struct ll_block *pairs(struct ll_flow *f, const struct ll_block *b)
{
    struct ll_row r = {.pad_y = 3, .ruled = true};
    const struct ll_block *other = b->next;
    bool two = !b->wide && other && other->kind == LL_BLOCK_PAIR && !other->wide;

    add_pair(f, &r, b, 0, b->wide ? LL_PAGE_BODY : LL_PAGE_BODY / 2);
    if (two)
        add_pair(f, &r, other, LL_PAGE_BODY / 2, LL_PAGE_BODY / 2);
    ll_flow_row(f, &r);
    ll_row_free(&r);
    return two ? other : b;
}

/* --- tables --------------------------------------------------------------------------------------------------------- */

/* Room for 2026-11-30 at the size of a table. */
static const double DATE_WIDTH = 50;

static bool has_dates(const struct ll_block *b, size_t column)
{
    for (const struct ll_doc_line *line = b->first; line; line = line->next) {
        struct ll_str s = line->cells[column].text;
        if (s.n == 10 && s.p[4] == '-' && s.p[7] == '-')
            return true;
    }
    return false;
}

/* A date is not broken: its column takes from the others what it lacks, in proportion to what they have beyond as much. */
static void make_room(const struct ll_block *b, double *w)
{
    double lacks = 0, spare = 0;

    for (size_t i = 0; i < b->n_columns; i++) {
        if (w[i] >= DATE_WIDTH)
            spare += w[i] - DATE_WIDTH;
        else if (has_dates(b, i))
            lacks += DATE_WIDTH - w[i];
    }
    if (lacks <= 0 || lacks >= spare)
        return;
    for (size_t i = 0; i < b->n_columns; i++) {
        if (w[i] >= DATE_WIDTH)
            w[i] -= (w[i] - DATE_WIDTH) * lacks / spare;
        else if (has_dates(b, i))
            w[i] = DATE_WIDTH;
    }
}

static void columns_of(const struct ll_block *b, double *x, double *w)
{
    double sum = 0, at = 0;

    for (size_t i = 0; i < b->n_columns; i++)
        sum += b->columns[i].weight;
    for (size_t i = 0; i < b->n_columns; i++)
        w[i] = b->columns[i].weight / sum * LL_PAGE_BODY - 2 * CELL_PAD;
    make_room(b, w);
    for (size_t i = 0; i < b->n_columns; i++) {
        x[i] = at + CELL_PAD;
        at += w[i] + 2 * CELL_PAD;
    }
}

static struct ll_row head_row(struct ll_flow *f, const struct ll_block *b, const double *x, const double *w)
{
    struct ll_row r = {.n = b->n_columns, .pad_y = 4, .filled = true, .fill = LL_HEAD};

    for (size_t i = 0; i < b->n_columns; i++) {
        struct ll_text_style style = {8.5, LL_BRAND, b->columns[i].align};
        r.cells[i] = ll_row_text(f, ll_str(b->columns[i].title), x[i], w[i], &style);
    }
    return r;
}

static void body_row(struct ll_flow *f, const struct ll_block *b, const struct ll_doc_line *line, bool odd,
                     const double *x, const double *w)
{
    struct ll_row r = {.n = b->n_columns, .pad_y = 3.2, .ruled = true, .filled = odd, .fill = LL_ZEBRA};

    for (size_t i = 0; i < b->n_columns; i++) {
        struct ll_text_style style = {8.5, ll_tone_colours[line->cells[i].tone].ink, b->columns[i].align};
        r.cells[i] = ll_row_text(f, line->cells[i].text, x[i], w[i], &style);
    }
    ll_flow_row(f, &r);
    ll_row_free(&r);
}

static void table(struct ll_flow *f, const struct ll_block *b)
{
    double x[LL_DOC_COLUMNS_MAX], w[LL_DOC_COLUMNS_MAX];
    struct ll_row head, again;
    bool odd = false;

    columns_of(b, x, w);
    head = head_row(f, b, x, w);
    ll_flow_pend(f, &head);
    again = head_row(f, b, x, w);
    f->repeat = &again;
    for (const struct ll_doc_line *line = b->first; line && !f->no_memory; line = line->next, odd = !odd)
        body_row(f, b, line, odd, x, w);
    f->repeat = NULL;
    ll_row_free(&again);
    f->y += 4;
}

/* --- badges and bars ------------------------------------------------------------------------------------------------- */

static void put_badge(struct ll_flow *f, double x, PangoLayout *l, double w, enum ll_tone tone)
{
    double h = ll_layout_height(l) + 6;

    ll_flow_rect(f, LL_PAGE_SIDE + x, f->y, w, h, ll_tone_colours[tone].paper, h / 2);
    ll_flow_text(f, l, LL_PAGE_SIDE + x + 8, f->y + 3, ll_tone_colours[tone].ink, 0, 1);
}

static const struct ll_block *badges(struct ll_flow *f, const struct ll_block *b)
{
    const struct ll_block *last = b;
    double x = 0, line = 24;

    ll_flow_settle(f, line);
    for (; b && b->kind == LL_BLOCK_BADGE && !f->no_memory; last = b, b = b->next) {
        PangoLayout *l = ll_flow_layout(f, b->text, 0, &badge_style);
        double w = ll_layout_width(l) + 16;
        if (w > LL_PAGE_BODY) { /* a badge is a word or two: what is longer is cut */
            pango_layout_set_width(l, (int)((LL_PAGE_BODY - 16) * PANGO_SCALE));
            pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
            w = LL_PAGE_BODY;
        }
        if (x > 0 && x + w > LL_PAGE_BODY) {
            x = 0;
            f->y += line;
            ll_flow_settle(f, line);
        }
        put_badge(f, x, l, w, b->tone);
        x += w + 6;
        g_object_unref(l);
    }
    f->y += line;
    return last;
}

static void bar(struct ll_flow *f, const struct ll_block *b)
{
    struct ll_row r = {.n = 2, .pad_y = 3};
    double left = LL_PAGE_BODY * 0.24, width = LL_PAGE_BODY * 0.52, y;

    r.cells[0] = ll_row_text(f, b->head, CELL_PAD, left - 2 * CELL_PAD, &value_style);
    r.cells[1] = ll_row_text(f, b->text, left + width + 8, LL_PAGE_BODY - left - width - 12, &value_style);
    ll_flow_row(f, &r);
    ll_row_free(&r);
    if (f->no_memory)
        return;
    y = f->y - 13.5;
    ll_flow_rect(f, LL_PAGE_SIDE + left, y, width, 7, LL_HEAD, 3.5);
    if (b->share > 0)
        ll_flow_rect(f, LL_PAGE_SIDE + left, y, width * b->share < 7 ? 7 : width * b->share, 7,
                     ll_tone_colours[b->tone].ink, 3.5);
}

/* --- boxes ---------------------------------------------------------------------------------------------------------- */

enum { BOX_LINES = 16 };

/* The lines of a box below each other in a width; they are drawn, or only measured. */
static double box_lines(struct ll_flow *f, const struct ll_block *b, double x, double y, double w, bool draw)
{
    double h = 0;
    unsigned n = 0;

    for (const struct ll_doc_line *line = b->first; line && n < BOX_LINES; line = line->next, n++) {
        struct ll_text_style style = small_style;
        style.rgb = n == 0 ? LL_BRAND : LL_INK;
        style.size = n == 0 ? 10 : 8.5;
        PangoLayout *l = ll_flow_layout(f, line->cells[0].text, w, &style);
        if (draw)
            ll_flow_text(f, l, x, y + h, style.rgb, 0, pango_layout_get_line_count(l));
        h += ll_layout_height(l) + 2;
        g_object_unref(l);
    }
    return h;
}

static void box_edge(struct ll_flow *f, double x, double w, double h, unsigned rgb)
{
    struct ll_op *op = ll_flow_op(f, LL_OP_RECT, x, f->y, w, h);

    if (op) {
        op->rgb = rgb;
        op->outline = true;
        op->radius = 4;
    }
}

static void verify(struct ll_flow *f, const struct ll_block *b)
{
    double side = b->text.n ? 88 : 0, x = LL_PAGE_SIDE + 10 + (side > 0 ? side + 12 : 0),
           w = LL_PAGE_SIDE + LL_PAGE_BODY - 10 - x, h = box_lines(f, b, 0, 0, w, false);
    struct ll_op *op;

    h = (h > side ? h : side) + 20;
    ll_flow_settle(f, h + 10);
    f->y += 6;
    box_edge(f, LL_PAGE_SIDE, LL_PAGE_BODY, h, LL_RULE);
    if (side > 0 && (op = ll_flow_op(f, LL_OP_QR, LL_PAGE_SIDE + 10, f->y + 10, side, side)))
        op->qr = f->qr;
    box_lines(f, b, x, f->y + 10, w, true);
    f->y += h + 6;
}

static void signature(struct ll_flow *f, const struct ll_block *b)
{
    double w = 250, x = LL_PAGE_SIDE + LL_PAGE_BODY - w, h = box_lines(f, b, 0, 0, w - 20, false) + 14;

    ll_flow_settle(f, h + 10);
    f->y += 6;
    box_edge(f, x, w, h, LL_BRAND);
    box_lines(f, b, x + 10, f->y + 8, w - 20, true);
    f->signature = (struct ll_pdf_place){
        .there = true, .page = f->pages - 1, .x = x, .y = LL_PAGE_H - f->y - h, .w = w, .h = h};
    f->y += h + 4;
}

/* --- the document ---------------------------------------------------------------------------------------------------- */

/* Returns the last block that it took. */
static const struct ll_block *block(struct ll_flow *f, const struct ll_block *b)
{
    switch (b->kind) {
    case LL_BLOCK_PAGE:
        ll_flow_settle(f, 0);
        ll_flow_page(f);
        break;
    case LL_BLOCK_SECTION:
        section(f, b);
        break;
    case LL_BLOCK_SUBSECTION:
        subsection(f, b);
        break;
    case LL_BLOCK_NOTE:
        note(f, b);
        break;
    case LL_BLOCK_PAIR:
        return pairs(f, b);
    case LL_BLOCK_TABLE:
        table(f, b);
        break;
    case LL_BLOCK_BADGE:
        return badges(f, b);
    case LL_BLOCK_BAR:
        bar(f, b);
        break;
    case LL_BLOCK_VERIFY:
        verify(f, b);
        break;
    case LL_BLOCK_SIGNATURE:
        signature(f, b);
        break;
    }
    return b;
}

void ll_flow_document(struct ll_flow *f)
{
    ll_flow_page(f);
    if (f->no_memory)
        return;
    title(f);
    for (const struct ll_block *b = f->doc->first; b && !f->no_memory; b = b->next)
        b = block(f, b);
    if (!f->no_memory)
        ll_flow_settle(f, 0);
}
