/* doc.c - builds a document (doc.h). */
#include "report/doc_impl.h"

#include <string.h>

/* --- texts ---------------------------------------------------------------------------------------------------------- */

/* What no document shows: C0 and C1 controls but the line end, and the marks of UAX #9 that embed, override or isolate. */
static bool is_unwanted(uint32_t c)
{
    return (c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static struct ll_str clean(struct ll_doc *d, struct ll_str s)
{
    size_t at = 0, n = 0, room = s.n < LL_DOC_TEXT_MAX ? s.n : LL_DOC_TEXT_MAX;
    char *out = d->no_memory ? NULL
                             : ll_arena_alloc(d->arena, room * 3 + 4); /* a broken byte becomes three */

    if (!out) {
        d->no_memory = true;
        return LL_STR("");
    }
    for (int32_t c; at < room && (c = ll_utf8_next(s, &at)) >= 0;) {
        if (c == '\t' || c == '\r')
            c = ' ';
        if (!is_unwanted((uint32_t)c))
            n += ll_utf8_put(out + n, (uint32_t)c);
    }
    if (at < s.n)
        n += ll_utf8_put(out + n, 0x2026);
    return (struct ll_str){out, n};
}

static const char *clean_z(struct ll_doc *d, const char *z)
{
    return z ? clean(d, ll_str(z)).p : NULL; /* the arena's memory is zeroed: there is a NUL behind */
}

/* --- blocks --------------------------------------------------------------------------------------------------------- */

struct ll_doc *ll_doc_new(struct ll_arena *arena, const struct ll_doc_opts *o)
{
    struct ll_doc *d = ll_arena_alloc(arena, sizeof *d);

    if (!d)
        return NULL;
    d->arena = arena;
    d->o = *o;
    d->o.title = clean_z(d, o->title ? o->title : "");
    d->o.subtitle = clean_z(d, o->subtitle);
    d->o.issuer = clean_z(d, o->issuer);
    d->o.number = clean_z(d, o->number);
    d->o.footer = clean_z(d, o->footer);
    d->o.watermark = clean_z(d, o->watermark);
    return d->no_memory ? NULL : d;
}

/* A block that can be written to even when there is no memory: then it is not part of the document. */
static struct ll_block *add(struct ll_doc *d, enum ll_block_kind kind)
{
    struct ll_block *b = NULL;

    if (++d->cells > LL_DOC_CELLS_MAX)
        d->too_big = true;
    else if (!(b = ll_arena_alloc(d->arena, sizeof *b)))
        d->no_memory = true;
    if (!b)
        return NULL;
    b->kind = kind;
    if (d->last)
        d->last->next = b;
    else
        d->first = b;
    d->last = b;
    return b;
}

static void add_texts(struct ll_doc *d, enum ll_block_kind kind, enum ll_tone tone, struct ll_str head,
                      struct ll_str text)
{
    struct ll_block *b = add(d, kind);

    if (!b)
        return;
    b->tone = tone;
    b->head = clean(d, head);
    b->text = clean(d, text);
}

void ll_doc_page(struct ll_doc *d)
{
    add(d, LL_BLOCK_PAGE);
}

void ll_doc_section(struct ll_doc *d, const char *title)
{
    add_texts(d, LL_BLOCK_SECTION, LL_TONE_PLAIN, ll_str(title), LL_STR(""));
}

void ll_doc_subsection(struct ll_doc *d, const char *title, const char *aside)
{
    add_texts(d, LL_BLOCK_SUBSECTION, LL_TONE_PLAIN, ll_str(title), ll_str(aside));
}

void ll_doc_note(struct ll_doc *d, enum ll_tone tone, struct ll_str text)
{
    add_texts(d, LL_BLOCK_NOTE, tone, LL_STR(""), text);
}

void ll_doc_pair(struct ll_doc *d, const char *label, struct ll_str value)
{
    add_texts(d, LL_BLOCK_PAIR, LL_TONE_PLAIN, ll_str(label), value);
}

void ll_doc_pair_wide(struct ll_doc *d, const char *label, struct ll_str value)
{
    struct ll_block *before = d->last;

    ll_doc_pair(d, label, value);
    if (d->last != before)
        d->last->wide = true;
}

void ll_doc_badge(struct ll_doc *d, enum ll_tone tone, const char *text)
{
    add_texts(d, LL_BLOCK_BADGE, tone, LL_STR(""), ll_str(text));
}

void ll_doc_bar(struct ll_doc *d, enum ll_tone tone, const char *label, double value, double max,
                const char *text)
{
    struct ll_block *before = d->last;
    double share = max > 0 && value > 0 ? value / max : 0; /* a NaN compares false: an empty bar */

    add_texts(d, LL_BLOCK_BAR, tone, ll_str(label), ll_str(text));
    if (d->last != before)
        d->last->share = share < 1 ? share : 1;
}

/* --- lines ---------------------------------------------------------------------------------------------------------- */

static void add_line(struct ll_doc *d, struct ll_block *b, const struct ll_doc_cell *cells, size_t n)
{
    struct ll_doc_line *line;

    if ((d->cells += n) > LL_DOC_CELLS_MAX) {
        d->too_big = true;
        return;
    }
    line = ll_arena_alloc(d->arena, sizeof *line);
    if (!line || !(line->cells = ll_arena_array(d->arena, n, sizeof *line->cells))) {
        d->no_memory = true;
        return;
    }
    for (size_t i = 0; i < n; i++)
        line->cells[i] = (struct ll_doc_cell){clean(d, cells[i].text), cells[i].tone};
    if (b->last)
        b->last->next = line;
    else
        b->first = line;
    b->last = line;
}

void ll_doc_table(struct ll_doc *d, const struct ll_doc_column *columns, size_t n)
{
    struct ll_block *b = add(d, LL_BLOCK_TABLE);

    LL_ASSERT(n > 0 && n <= LL_DOC_COLUMNS_MAX);
    if (!b)
        return;
    if (!(b->columns = ll_arena_array(d->arena, n, sizeof *b->columns))) {
        d->no_memory = true;
        return;
    }
    b->n_columns = n;
    for (size_t i = 0; i < n; i++) {
        b->columns[i] = columns[i];
        b->columns[i].title = clean_z(d, columns[i].title);
        LL_ASSERT(columns[i].weight > 0);
    }
}

void ll_doc_row(struct ll_doc *d, const struct ll_doc_cell *cells)
{
    if (d->no_memory || d->too_big)
        return;
    LL_ASSERT(d->last && d->last->kind == LL_BLOCK_TABLE);
    add_line(d, d->last, cells, d->last->n_columns);
}

static void add_box(struct ll_doc *d, enum ll_block_kind kind, const char *url, const char *const *lines,
                    size_t n)
{
    struct ll_block *b = add(d, kind);

    if (!b)
        return;
    b->text = clean(d, ll_str(url));
    for (size_t i = 0; i < n; i++)
        add_line(d, b, &(struct ll_doc_cell){ll_str(lines[i]), LL_TONE_PLAIN}, 1);
}

void ll_doc_verify(struct ll_doc *d, const char *url, const char *const *lines, size_t n)
{
    add_box(d, LL_BLOCK_VERIFY, url, lines, n);
}

void ll_doc_signature(struct ll_doc *d, const char *const *lines, size_t n)
{
    add_box(d, LL_BLOCK_SIGNATURE, NULL, lines, n);
}

/* --- for the renderers ---------------------------------------------------------------------------------------------- */

int ll_doc_whole(const struct ll_doc *d, struct ll_err *err)
{
    if (d->too_big)
        return ll_fail(err, LL_TOOBIG, "文书超过 %d 个单元格，请减少记录",
                       "the document has more than %d cells; take fewer records", LL_DOC_CELLS_MAX);
    return d->no_memory ? ll_no_memory(err) : LL_OK;
}
