/* mark_comments.c - comments of the wrong cells, and the shapes in which they are shown.
 *
 * A comment that the user wrote on such a cell is kept below ours and comes back alone when ours goes. */
#include "report/xlsx_mark_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BELOW "\n——\n"

static int by_cell(const void *a, const void *b)
{
    const struct ll_xlsx_fault *x = a, *y = b;

    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

const struct ll_xlsx_fault *ll_mark_at(const struct ll_xlsx_marks *m, uint32_t row, uint32_t column)
{
    const struct ll_xlsx_fault wanted = {.row = row, .column = column};
    const struct ll_xlsx_fault *f = m->n_faults
                                        ? bsearch(&wanted, m->faults, m->n_faults, sizeof wanted, by_cell)
                                        : NULL;

    return f && f->text ? f : NULL;
}

struct comments {
    const struct ll_xlsx_marks *m;
    size_t authors; /* read so far */
    size_t author;  /* ours; SIZE_MAX: not there yet */
    uint32_t row, column;
    bool known;         /* the cell of the comment being read was understood */
    struct ll_buf text; /* of the comment being read */
    struct ll_mark_gone *gone;
    bool *done; /* faults whose comment is written */
    struct ll_buf b;
};

static void put_comment(struct comments *k, const char *p, uint32_t row, uint32_t column, struct ll_str ours,
                        struct ll_str theirs)
{
    char name[4];

    ll_buf_printf(&k->b, "<%scomment ref=\"%s%u\" authorId=\"%zu\"><%stext><%st xml:space=\"preserve\">", p,
                  ll_xlsx_column_name(column, name), row, ours.n ? k->author : 0, p, p);
    ll_xml_put(&k->b, ours);
    if (ours.n && theirs.n)
        ll_xml_put(&k->b, LL_STR(BELOW));
    ll_xml_put(&k->b, theirs);
    ll_buf_printf(&k->b, "</%st></%stext></%scomment>", p, p, p);
}

/* What of a comment the user wrote. */
static struct ll_str theirs_of(struct ll_str text)
{
    if (!ll_str_starts(text, LL_STR(MARK_COMMENT)))
        return text;
    for (size_t i = 0; i + sizeof BELOW - 1 <= text.n; i++)
        if (memcmp(text.p + i, BELOW, sizeof BELOW - 1) == 0)
            return (struct ll_str){text.p + i + sizeof BELOW - 1, text.n - i - (sizeof BELOW - 1)};
    return LL_STR("");
}

static void put_rest(struct comments *k, struct ll_splice *s, size_t place)
{
    ll_buf_clear(&k->b);
    for (size_t i = 0; i < k->m->n_faults; i++)
        if (k->m->faults[i].text && !k->done[i])
            put_comment(k, ll_splice_prefix(s), k->m->faults[i].row, k->m->faults[i].column,
                        ll_str(k->m->faults[i].text), LL_STR(""));
    if (k->b.n)
        ll_splice_put(s, place, ll_buf_view(&k->b));
}

static bool note_gone(struct ll_mark_gone *g, uint32_t row, uint32_t column)
{
    if (g->n == g->cap) {
        size_t cap = g->cap ? g->cap * 2 : 64;
        struct ll_xlsx_fault *more = realloc(g->list, cap * sizeof *more);
        if (!more)
            return false;
        g->list = more;
        g->cap = cap;
    }
    g->list[g->n++] = (struct ll_xlsx_fault){.row = row, .column = column};
    return true;
}

static void end_comment(struct comments *k, struct ll_splice *s, const struct ll_tag *t)
{
    struct ll_str text = ll_buf_view(&k->text);
    bool ours = ll_str_starts(text, LL_STR(MARK_COMMENT));
    const struct ll_xlsx_fault *f = k->known ? ll_mark_at(k->m, k->row, k->column) : NULL;
    struct ll_str theirs = theirs_of(text);

    if (!f && !ours)
        return;
    ll_splice_cut(s, t->begin, t->to);
    ll_buf_clear(&k->b);
    if (f || theirs.n)
        put_comment(k, ll_splice_prefix(s), k->row, k->column, f ? ll_str(f->text) : LL_STR(""), theirs);
    if (k->b.n)
        ll_splice_put(s, t->begin, ll_buf_view(&k->b));
    if (f)
        k->done[f - k->m->faults] = true;
    else if (!theirs.n && k->known && !note_gone(k->gone, k->row, k->column))
        k->b.failed = true;
}

static void comments_start(void *ctx, struct ll_splice *s, const struct ll_tag *t)
{
    struct comments *k = ctx;

    (void)s;
    if (strcmp(t->name, "comment") != 0)
        return;
    const char *ref = ll_tag_att(t, "ref");
    k->known = ref && ll_xlsx_ref(ll_str(ref), &k->column, &k->row);
    ll_buf_clear(&k->text);
}

static void put_author(struct comments *k, struct ll_splice *s, size_t place)
{
    const char *p = ll_splice_prefix(s);

    if (k->author != SIZE_MAX)
        return;
    k->author = k->authors;
    ll_buf_clear(&k->b);
    ll_buf_printf(&k->b, "<%sauthor>" MARK_AUTHOR "</%sauthor>", p, p);
    ll_splice_put(s, place, ll_buf_view(&k->b));
}

static void comments_end(void *ctx, struct ll_splice *s, const struct ll_tag *t)
{
    struct comments *k = ctx;

    if (strcmp(t->name, "author") == 0) {
        if (ll_str_is(t->text, MARK_AUTHOR))
            k->author = k->authors;
        k->authors++;
    } else if (strcmp(t->name, "authors") == 0 && !t->empty) {
        put_author(k, s, t->from);
    } else if (strcmp(t->name, "t") == 0) {
        ll_buf_str(&k->text, t->text);
    } else if (strcmp(t->name, "comment") == 0) {
        end_comment(k, s, t);
    } else if (strcmp(t->name, "commentList") == 0) {
        put_rest(k, s, t->from);
    }
}

int ll_mark_comments(struct ll_str comments, const struct ll_xlsx_marks *m, struct ll_mark_gone *gone,
                     struct ll_buf *out, struct ll_err *err)
{
    static const struct ll_splice_ops ops = {comments_start, comments_end};
    static const char none[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/"
        "main\"><authors></authors><commentList></commentList></comments>";
    struct comments k = {
        .m = m, .gone = gone, .author = SIZE_MAX, .text = LL_BUF_INIT(1 << 20), .b = LL_BUF_INIT(MARK_PART)};
    int rc;

    if (!(k.done = calloc(m->n_faults + 1, sizeof *k.done)))
        return ll_fail(err, LL_NOMEM, "批注工作簿时内存不足", "out of memory marking a workbook");
    rc = ll_splice_run(comments.n ? comments : ll_str(none), "comments", &ops, &k, out, err);
    if (rc == LL_OK && (k.b.failed || k.text.failed))
        rc = ll_fail(err, LL_TOOBIG, "批注后的工作簿过大",
                     "the workbook becomes too large when it is marked");
    ll_buf_free(&k.b);
    ll_buf_free(&k.text);
    free(k.done);
    return rc;
}

/* ---- shapes: without one a spreadsheet does not show a comment ---- */

struct shapes {
    const struct ll_xlsx_marks *m;
    bool note;
    int64_t row, column; /* from 0; -1: not said */
    bool typed;          /* the kind of shape that notes have is there */
    const struct ll_mark_gone *gone;
    struct ll_buf b;
};

static void shapes_start(void *ctx, struct ll_splice *s, const struct ll_tag *t)
{
    struct shapes *k = ctx;

    (void)s;
    if (strcmp(t->name, "shape") == 0) {
        k->note = false;
        k->row = k->column = -1;
    } else if (strcmp(t->name, "ClientData") == 0) {
        const char *type = ll_tag_att(t, "ObjectType");
        k->note = type && strcmp(type, "Note") == 0;
    } else if (strcmp(t->name, "shapetype") == 0) {
        const char *id = ll_tag_att(t, "id");
        k->typed = k->typed || (id && strcmp(id, "_x0000_t202") == 0);
    }
}

static void put_shape(struct shapes *k, const struct ll_xlsx_fault *f, size_t at)
{
    ll_buf_printf(
        &k->b,
        "<v:shape xmlns:v=\"urn:schemas-microsoft-com:vml\" id=\"_x0000_s%zu\" type=\"#_x0000_t202\" "
        "style=\"position:absolute;margin-left:100pt;margin-top:20pt;width:220pt;height:96pt;z-index:%zu;visibility:hidden\" "
        "fillcolor=\"#fff3ce\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" o:insetmode=\"auto\"><v:fill "
        "color2=\"#fff3ce\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/><v:textbox "
        "style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></v:textbox><x:ClientData "
        "xmlns:x=\"urn:schemas-microsoft-com:office:excel\" ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/>"
        "<x:Anchor>%u, 12, %u, 4, %u, 40, %u, 10</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>%u</x:Row><x:Column>%u</x:Column>"
        "</x:ClientData></v:shape>",
        700001 + at, at + 1, f->column + 1, f->row > 1 ? f->row - 2 : 0, f->column + 4, f->row + 4,
        f->row - 1, f->column);
}

static void put_shapes(struct shapes *k, struct ll_splice *s, size_t place)
{
    ll_buf_clear(&k->b);
    if (!k->typed)
        ll_buf_z(
            &k->b,
            "<v:shapetype xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" "
            "id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\"><v:stroke "
            "joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>");
    for (size_t i = 0; i < k->m->n_faults; i++)
        if (k->m->faults[i].text)
            put_shape(k, &k->m->faults[i], i);
    ll_splice_put(s, place, ll_buf_view(&k->b));
}

static bool is_gone(const struct ll_mark_gone *g, uint32_t row, uint32_t column)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->list[i].row == row && g->list[i].column == column)
            return true;
    return false;
}

/* The shape of a comment that went, or that we draw anew. */
static void end_shape(struct shapes *k, struct ll_splice *s, const struct ll_tag *t)
{
    if (!k->note || k->row < 0 || k->column < 0)
        return;
    if (ll_mark_at(k->m, (uint32_t)k->row + 1, (uint32_t)k->column) ||
        is_gone(k->gone, (uint32_t)k->row + 1, (uint32_t)k->column))
        ll_splice_cut(s, t->begin, t->to);
}

static void shapes_end(void *ctx, struct ll_splice *s, const struct ll_tag *t)
{
    struct shapes *k = ctx;
    int64_t n;

    if (strcmp(t->name, "Row") == 0 && ll_str_i64(ll_str_trim(t->text), 0, LL_XLSX_ROWS, &n))
        k->row = n;
    else if (strcmp(t->name, "Column") == 0 && ll_str_i64(ll_str_trim(t->text), 0, LL_XLSX_COLUMNS, &n))
        k->column = n;
    else if (strcmp(t->name, "shape") == 0)
        end_shape(k, s, t);
    else if (t->depth == 0)
        put_shapes(k, s, t->from);
}

int ll_mark_shapes(struct ll_str vml, const struct ll_xlsx_marks *m, const struct ll_mark_gone *gone,
                   struct ll_buf *out, struct ll_err *err)
{
    static const struct ll_splice_ops ops = {shapes_start, shapes_end};
    static const char none[] =
        "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" "
        "xmlns:o=\"urn:schemas-microsoft-com:office:office\" "
        "xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\"><o:idmap "
        "v:ext=\"edit\" data=\"1\"/></o:shapelayout></xml>";
    struct shapes k = {.m = m, .gone = gone, .b = LL_BUF_INIT(MARK_PART)};
    int rc = ll_splice_run(vml.n ? vml : ll_str(none), "drawing", &ops, &k, out, err);

    if (rc == LL_OK && k.b.failed)
        rc = ll_fail(err, LL_TOOBIG, "批注后的工作簿过大",
                     "the workbook becomes too large when it is marked");
    ll_buf_free(&k.b);
    return rc;
}
