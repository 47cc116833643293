/* mark_parts.c - the small parts of a workbook that change when it is marked: relationships, content types, styles, the list of sheets; and the
 * sheet that lists what is wrong. */
#include "intake/decode/xlsx_form.h"
#include "report/xlsx_mark_impl.h"

#include <stdio.h>
#include <string.h>

/* ---- relationships ---- */

struct rels {
    const char *base;
    struct mark_rel *wanted;
    size_t n;
    struct ll_buf b;
    struct ll_err *err;
    int rc;
};

static void rels_start(void *ctx, struct ll_splice *s, const struct ll_tag *t)
{
    const char *type = ll_tag_att(t, "Type"), *id = ll_tag_att(t, "Id"), *target = ll_tag_att(t, "Target");
    const char *last = type ? strrchr(type, '/') : NULL;
    struct rels *k = ctx;

    (void)s;
    if (strcmp(t->name, "Relationship") != 0 || !last || !id || !target)
        return;
    for (size_t i = 0; i < k->n; i++) {
        struct mark_rel *w = &k->wanted[i];
        if (w->found || strcmp(last + 1, w->type) != 0 || (w->id[0] && strcmp(w->id, id) != 0))
            continue;
        snprintf(w->id, sizeof w->id, "%s", id);
        if (k->rc == LL_OK && (k->rc = ll_xlsx_part_resolve(w->part, k->base, target, k->err)) == LL_OK)
            w->found = true;
    }
}

static void rels_end(void *ctx, struct ll_splice *s, const struct ll_tag *t)
{
    struct rels *k = ctx;
    const char *p = ll_splice_prefix(s);

    if (t->depth != 0)
        return;
    if (t->empty && k->rc == LL_OK) /* nobody writes such a part; there is no inside to add to */
        k->rc = ll_fail(k->err, LL_INVALID, "工作簿的关系部件为空", "the workbook has empty relationships");
    ll_buf_clear(&k->b);
    for (size_t i = 0; i < k->n; i++) {
        struct mark_rel *w = &k->wanted[i];
        if (w->found || !w->target)
            continue;
        snprintf(w->id, sizeof w->id, "%s", w->add_id);
        snprintf(w->part, sizeof w->part, "%s", w->target + 1);
        ll_buf_printf(&k->b, "<%sRelationship Id=\"%s\" Type=\"" REL_TYPE "%s\" Target=\"%s\"/>", p, w->id,
                      w->type, w->target);
    }
    if (k->b.n)
        ll_splice_put(s, t->from, ll_buf_view(&k->b));
}

int ll_mark_rels(struct ll_str rels, const char *base, struct mark_rel *wanted, size_t n, struct ll_buf *out,
                 struct ll_err *err)
{
    static const struct ll_splice_ops ops = {rels_start, rels_end};
    static const char none[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships "
        "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>";
    struct rels k = {.base = base, .wanted = wanted, .n = n, .b = LL_BUF_INIT(1 << 16), .err = err};
    int rc = ll_splice_run(rels.n ? rels : ll_str(none), "relationships", &ops, &k, out, err);

    ll_buf_free(&k.b);
    return rc < 0 ? rc : k.rc;
}

/* ---- content types ---- */

struct types {
    const char *const (*parts)[2];
    size_t n;
    bool vml;
    unsigned known; /* bit i: parts[i] is there */
    struct ll_buf b;
};

static void types_start(void *ctx, struct ll_splice *s, const struct ll_tag *t)
{
    struct types *k = ctx;
    const char *extension = ll_tag_att(t, "Extension"), *part = ll_tag_att(t, "PartName");

    (void)s;
    k->vml = k->vml || (extension && strcmp(extension, "vml") == 0);
    for (size_t i = 0; part && i < k->n; i++)
        if (strcmp(part, k->parts[i][0]) == 0)
            k->known |= 1u << i;
}

static void types_end(void *ctx, struct ll_splice *s, const struct ll_tag *t)
{
    struct types *k = ctx;
    const char *p = ll_splice_prefix(s);

    if (t->depth != 0)
        return;
    if (!k->vml)
        ll_buf_printf(
            &k->b,
            "<%sDefault Extension=\"vml\" ContentType=\"application/vnd.openxmlformats-officedocument.vmlDrawing\"/>",
            p);
    for (size_t i = 0; i < k->n; i++)
        if (!(k->known & 1u << i))
            ll_buf_printf(
                &k->b,
                "<%sOverride PartName=\"%s\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.%s+xml\"/>",
                p, k->parts[i][0], k->parts[i][1]);
    if (k->b.n)
        ll_splice_put(s, t->from, ll_buf_view(&k->b));
}

int ll_mark_types(struct ll_str types, const char *const (*parts)[2], size_t n, struct ll_buf *out,
                  struct ll_err *err)
{
    static const struct ll_splice_ops ops = {types_start, types_end};
    struct types k = {.parts = parts, .n = n, .b = LL_BUF_INIT(1 << 16)};
    int rc = ll_splice_run(types, "content types", &ops, &k, out, err);

    ll_buf_free(&k.b);
    return rc;
}

/* ---- styles: two formats that the colours refer to ---- */

struct styles {
    size_t n;      /* formats there are */
    size_t dxf[2]; /* ours; SIZE_MAX: not there */
    bool placed;
    struct ll_buf b;
};

static const char *const colours[] = {ROW_COLOUR, CELL_COLOUR};

static bool holds(struct ll_str text, const char *word)
{
    size_t n = strlen(word);

    for (size_t i = 0; i + n <= text.n; i++)
        if (memcmp(text.p + i, word, n) == 0)
            return true;
    return false;
}

static void put_formats(struct styles *k, struct ll_splice *s, size_t from, size_t to, bool whole)
{
    const char *p = ll_splice_prefix(s);

    k->placed = true;
    ll_buf_clear(&k->b);
    for (size_t i = 0; i < LL_COUNT(colours); i++) {
        if (k->dxf[i] != SIZE_MAX)
            continue;
        k->dxf[i] = k->n++;
        ll_buf_printf(
            &k->b,
            "<%sdxf><%sfill><%spatternFill patternType=\"solid\"><%sfgColor rgb=\"%s\"/><%sbgColor rgb=\"%s\"/></%spatternFill>"
            "</%sfill></%sdxf>",
            p, p, p, p, colours[i], p, colours[i], p, p, p);
    }
    if (whole) { /* in the place of <dxfs/>, or of nothing */
        struct ll_buf all = LL_BUF_INIT(1 << 16);
        ll_buf_printf(&all, "<%sdxfs count=\"%zu\">%s</%sdxfs>", p, k->n, k->b.p ? k->b.p : "", p);
        ll_splice_cut(s, from, to);
        ll_splice_put(s, from, ll_buf_view(&all));
        ll_buf_free(&all);
    } else if (k->b.n) {
        ll_splice_put(s, to, ll_buf_view(&k->b));
    }
}

static void styles_start(void *ctx, struct ll_splice *s, const struct ll_tag *t)
{
    static const char *const after[] = {"tableStyles", "colors", "extLst"};
    struct styles *k = ctx;

    for (size_t i = 0; t->depth == 1 && i < LL_COUNT(after); i++)
        if (strcmp(t->name, after[i]) == 0 && !k->placed)
            put_formats(k, s, t->from, t->from, true);
    /* the number of formats is only a hint, and would be wrong */
    if (t->depth == 1 && strcmp(t->name, "dxfs") == 0 && !t->empty) {
        struct ll_buf tag = LL_BUF_INIT(1024);
        ll_buf_printf(&tag, "<%sdxfs>", ll_splice_prefix(s));
        ll_splice_cut(s, t->from, t->to);
        ll_splice_put(s, t->from, ll_buf_view(&tag));
        ll_buf_free(&tag);
    }
}

static void styles_end(void *ctx, struct ll_splice *s, const struct ll_tag *t)
{
    struct styles *k = ctx;

    if (t->depth == 2 && strcmp(t->name, "dxf") == 0) {
        for (size_t i = 0; i < LL_COUNT(colours); i++)
            if (holds(ll_splice_bytes(s, t->begin, t->to), colours[i]))
                k->dxf[i] = k->n;
        k->n++;
    } else if (t->depth == 1 && strcmp(t->name, "dxfs") == 0) {
        put_formats(k, s, t->from, t->empty ? t->to : t->from, t->empty);
    } else if (t->depth == 0 && !k->placed) {
        put_formats(k, s, t->from, t->from, true);
    }
}

int ll_mark_styles(struct ll_str styles, size_t dxf[2], struct ll_buf *out, struct ll_err *err)
{
    static const struct ll_splice_ops ops = {styles_start, styles_end};
    struct styles k = {.dxf = {SIZE_MAX, SIZE_MAX}, .b = LL_BUF_INIT(1 << 16)};
    int rc = ll_splice_run(styles, "styles", &ops, &k, out, err);

    memcpy(dxf, k.dxf, sizeof k.dxf);
    ll_buf_free(&k.b);
    return rc;
}

/* ---- the list of sheets ---- */

struct book {
    const char *name, *rid;
    int64_t most; /* highest sheetId */
};

static void book_start(void *ctx, struct ll_splice *s, const struct ll_tag *t)
{
    struct book *k = ctx;
    const char *id = strcmp(t->name, "sheet") == 0 ? ll_tag_att(t, "sheetId") : NULL;
    int64_t n;

    (void)s;
    if (id && ll_str_i64(ll_str(id), 0, 1 << 30, &n) && n > k->most)
        k->most = n;
}

static void book_end(void *ctx, struct ll_splice *s, const struct ll_tag *t)
{
    struct book *k = ctx;
    struct ll_buf b = LL_BUF_INIT(4096);

    if (t->depth != 1 || strcmp(t->name, "sheets") != 0)
        return;
    ll_buf_printf(
        &b,
        "<%ssheet xmlns:llr=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" name=\"%s\" sheetId=\"%lld\" "
        "llr:id=\"%s\"/>",
        ll_splice_prefix(s), k->name, (long long)k->most + 1, k->rid);
    ll_splice_put(s, t->from, ll_buf_view(&b));
    ll_buf_free(&b);
}

int ll_mark_book(struct ll_str book, const char *name, const char *rid, struct ll_buf *out,
                 struct ll_err *err)
{
    static const struct ll_splice_ops ops = {book_start, book_end};
    struct book k = {.name = name, .rid = rid};

    return ll_splice_run(book, "workbook", &ops, &k, out, err);
}

/* ---- the list of what is wrong ---- */

void ll_mark_summary(const struct ll_xlsx_marks *m, struct ll_buf *out)
{
    static const unsigned widths[] = {16, 20, 28, 48, 48};
    char name[4];

    ll_buf_z(out,
             "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet "
             "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetPr><tabColor "
             "rgb=\"FFC00000\"/></sheetPr><sheetViews><sheetView workbookViewId=\"0\"/></sheetViews><cols>");
    for (unsigned i = 0; i < LL_COUNT(widths); i++)
        ll_buf_printf(out, "<col min=\"%u\" max=\"%u\" width=\"%u\" customWidth=\"1\"/>", i + 1, i + 1,
                      widths[i]);
    ll_buf_z(out, "</cols><sheetData>");
    for (size_t row = 0; row < m->summary_rows; row++) {
        ll_buf_printf(out, "<row r=\"%zu\">", row + 1);
        for (size_t c = 0; c < m->summary_columns; c++) {
            const char *text = m->summary[row * m->summary_columns + c];
            if (!text)
                continue;
            ll_buf_printf(out, "<c r=\"%s%zu\" t=\"inlineStr\"><is><t xml:space=\"preserve\">",
                          ll_xlsx_column_name((uint32_t)c, name), row + 1);
            ll_xml_put(out, ll_str(text));
            ll_buf_z(out, "</t></is></c>");
        }
        ll_buf_z(out, "</row>");
    }
    ll_buf_z(out, "</sheetData></worksheet>");
}
