/* pdf_row.c - places rows on pages: whole where that leaves no great hole, otherwise cut between lines (pdf_impl.h).
 *
 * A row that is lower than half a page goes to the next page as a whole; a higher one is cut, and neither side of the cut gets a single
 * line of a cell that has more. */
#include "report/pdf_impl.h"

#include <pango/pangocairo.h>

struct ll_row_cell ll_row_text(struct ll_flow *f, struct ll_str text, double x, double w,
                               const struct ll_text_style *style)
{
    struct ll_row_cell c = {.x = x, .w = w, .rgb = style->rgb};

    c.layout = ll_flow_layout(f, text, w, style);
    c.h = ll_layout_height(c.layout);
    return c;
}

void ll_row_free(struct ll_row *r)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->cells[i].layout)
            g_object_unref(r->cells[i].layout);
    r->n = 0;
}

static double row_height(const struct ll_row *r)
{
    double h = 0;

    for (size_t i = 0; i < r->n; i++)
        h = r->cells[i].h > h ? r->cells[i].h : h;
    return h + 2 * r->pad_y;
}

static void note_outline(struct ll_flow *f, const struct ll_row *r)
{
    struct ll_outline *o;

    if (!r->outline.p)
        return;
    if (!(o = ll_arena_alloc(f->arena, sizeof *o))) {
        f->no_memory = true;
        return;
    }
    *o = (struct ll_outline){.title = r->outline, .page = f->pages - 1, .y = f->y};
    if (f->last_outline)
        f->last_outline->next = o;
    else
        f->outlines = o;
    f->last_outline = o;
}

/* The paper of a row and the rule under it. */
static void put_ground(struct ll_flow *f, const struct ll_row *r, double h)
{
    if (r->filled)
        ll_flow_rect(f, LL_PAGE_SIDE, f->y, LL_PAGE_BODY, h, r->fill, 0);
    if (r->ruled)
        ll_flow_rect(f, LL_PAGE_SIDE, f->y + h - 0.4, LL_PAGE_BODY, 0.4, LL_RULE, 0);
}

static void put_whole(struct ll_flow *f, const struct ll_row *r)
{
    double h = row_height(r);

    if (f->y > LL_PAGE_TOP)
        f->y += r->before;
    note_outline(f, r);
    put_ground(f, r, h);
    for (size_t i = 0; i < r->n; i++)
        if (r->cells[i].layout)
            ll_flow_text(f, r->cells[i].layout, LL_PAGE_SIDE + r->cells[i].x, f->y + r->pad_y,
                         r->cells[i].rgb, 0, pango_layout_get_line_count(r->cells[i].layout));
    f->y += h + r->after;
}

static void next_page(struct ll_flow *f)
{
    ll_flow_page(f);
    if (f->repeat && !f->no_memory)
        put_whole(f, f->repeat);
}

/* --- rows that are cut ---------------------------------------------------------------------------------------------- */

/* The end of the lines from `from` that fit into `room`; *ret_h is how high they are. */
static int lines_in(PangoLayout *l, int from, double room, double *ret_h)
{
    PangoLayoutIter *it = pango_layout_get_iter(l);
    int total = pango_layout_get_line_count(l), at = 0, to = from, y0 = 0, y1 = 0, top = 0;

    do {
        pango_layout_iter_get_line_yrange(it, &y0, &y1);
        if (at == from)
            top = y0;
        if (at >= from && (double)(y1 - top) / PANGO_SCALE <= room) {
            to = at + 1;
            *ret_h = (double)(y1 - top) / PANGO_SCALE;
        }
        at++;
    } while (pango_layout_iter_next_line(it));
    pango_layout_iter_free(it);
    if (to < total && to == total - 1 && to - from > 2)
        to--; /* the next page gets two */
    return to;
}

struct cut {
    int from[LL_ROW_CELLS], to[LL_ROW_CELLS];
    double h;
    bool more, any;
};

static void find_cut(const struct ll_row *r, double room, struct cut *c)
{
    c->h = 0;
    c->more = c->any = false;
    for (size_t i = 0; i < r->n; i++) {
        double h = 0;
        c->to[i] = c->from[i];
        if (!r->cells[i].layout)
            continue;
        int total = pango_layout_get_line_count(r->cells[i].layout);
        if (c->from[i] < total)
            c->to[i] = lines_in(r->cells[i].layout, c->from[i], room, &h);
        c->h = h > c->h ? h : c->h;
        c->more = c->more || c->to[i] < total;
        c->any = c->any || c->to[i] > c->from[i] + (c->to[i] < total ? 1 : 0); /* not one single line */
    }
}

static void put_cut(struct ll_flow *f, struct ll_row *r)
{
    struct cut c = {.h = 0};
    bool fresh = false;

    for (c.more = true; c.more && !f->no_memory;) {
        find_cut(r, LL_PAGE_BOTTOM - f->y - 2 * r->pad_y, &c);
        if (!c.any && !fresh) { /* the rest of this page is too little */
            next_page(f);
            fresh = c.more = true;
            continue;
        }
        put_ground(f, r, c.h + 2 * r->pad_y);
        for (size_t i = 0; i < r->n; i++) {
            if (r->cells[i].layout && c.to[i] > c.from[i])
                ll_flow_text(f, r->cells[i].layout, LL_PAGE_SIDE + r->cells[i].x, f->y + r->pad_y,
                             r->cells[i].rgb, c.from[i], c.to[i]);
            c.from[i] = c.to[i];
        }
        f->y += c.h + 2 * r->pad_y + r->after;
        fresh = !c.any;
        if (!c.any)
            break; /* not even a line fits on an empty page: it is left out, which no style of ours can bring about */
        if (c.more)
            next_page(f);
    }
}

/* --- placing -------------------------------------------------------------------------------------------------------- */

void ll_flow_settle(struct ll_flow *f, double need)
{
    double h = need;

    for (size_t i = 0; i < f->n_pending; i++)
        h += f->pending[i].before + row_height(&f->pending[i]) + f->pending[i].after;
    if (f->y + h > LL_PAGE_BOTTOM && f->y > LL_PAGE_TOP) {
        struct ll_row *repeat = f->repeat;
        if (f->n_pending) /* the head of the table is among what is pending */
            f->repeat = NULL;
        next_page(f);
        f->repeat = repeat;
    }
    for (size_t i = 0; i < f->n_pending && !f->no_memory; i++)
        put_whole(f, &f->pending[i]);
    for (size_t i = 0; i < f->n_pending; i++)
        ll_row_free(&f->pending[i]);
    f->n_pending = 0;
}

void ll_flow_row(struct ll_flow *f, struct ll_row *r)
{
    double h = row_height(r), whole = (LL_PAGE_BOTTOM - LL_PAGE_TOP) / 2;

    if (f->no_memory)
        return;
    ll_flow_settle(f, r->before + (h < whole ? h : 60));
    if (f->no_memory)
        return;
    if (h < whole || f->y + r->before + h <= LL_PAGE_BOTTOM)
        put_whole(f, r);
    else
        put_cut(f, r);
}

void ll_flow_pend(struct ll_flow *f, const struct ll_row *r)
{
    if (f->n_pending == LL_ROW_PENDING)
        ll_flow_settle(f, 0);
    f->pending[f->n_pending++] = *r;
}
