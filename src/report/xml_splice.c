/* xml_splice.c - see xml_splice.h. */
#include "report/xml_splice.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 64 << 10, NAME_MAX_ = 128, EDITS_MAX = 4000000 };

struct edit {
    size_t at, cut; /* bytes from at on go */
    size_t put, n;  /* bytes of `text` that come in */
    size_t order;
};

struct open_element {
    char name[NAME_MAX_];
    size_t begin;
    size_t text; /* where its text begins in `inside` */
};

struct ll_splice {
    XML_Parser parser;
    struct ll_str part;
    const struct ll_splice_ops *ops;
    void *ctx;
    struct open_element stack[LL_SPLICE_DEPTH];
    unsigned depth;
    char prefix[NAME_MAX_];
    struct edit *edits;
    size_t n, cap;
    struct ll_buf text, inside;
    bool failed, refused;
};

static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');

    return colon ? colon + 1 : name;
}

static void stop(struct ll_splice *s)
{
    s->refused = true;
    XML_StopParser(s->parser, XML_FALSE);
}

static struct ll_tag tag_here(struct ll_splice *s, const char *name)
{
    size_t from = (size_t)XML_GetCurrentByteIndex(s->parser);
    size_t n = (size_t)XML_GetCurrentByteCount(s->parser);
    struct ll_tag t = {.name = local(name), .parent = "", .from = from, .to = from + n};

    t.empty = n > 2 && t.to <= s->part.n && s->part.p[t.to - 2] == '/' && s->part.p[from + 1] != '/';
    return t;
}

static void on_start(void *ctx, const char *name, const char **atts)
{
    struct ll_splice *s = ctx;
    struct ll_tag t = tag_here(s, name);

    if (s->depth == LL_SPLICE_DEPTH || strlen(name) >= NAME_MAX_) {
        stop(s);
        return;
    }
    if (s->depth == 0)
        snprintf(s->prefix, sizeof s->prefix, "%.*s", (int)(local(name) - name), name);
    t.depth = s->depth;
    t.parent = s->depth ? s->stack[s->depth - 1].name : "";
    t.atts = atts;
    struct open_element *o = &s->stack[s->depth++];
    snprintf(o->name, sizeof o->name, "%s", t.name);
    o->begin = t.from;
    o->text = s->inside.n;
    if (s->ops->start)
        s->ops->start(s->ctx, s, &t);
}

static void on_end(void *ctx, const char *name)
{
    struct ll_splice *s = ctx;
    struct ll_tag t = tag_here(s, name);
    const struct open_element *o = &s->stack[--s->depth];

    if (t.to == t.from) { /* of <name/>: expat tells no bytes of the end */
        t.empty = true;
        t.from = o->begin;
    }
    t.depth = s->depth;
    t.parent = s->depth ? s->stack[s->depth - 1].name : "";
    t.begin = o->begin;
    t.text = (struct ll_str){s->inside.p ? s->inside.p + o->text : "", s->inside.n - o->text};
    if (s->ops->end)
        s->ops->end(s->ctx, s, &t);
    s->inside.n = o->text;
}

static void on_text(void *ctx, const char *p, int n)
{
    struct ll_splice *s = ctx;

    if (s->depth && s->inside.n - s->stack[s->depth - 1].text + (size_t)n <= TEXT_MAX)
        ll_buf_add(&s->inside, p, (size_t)n);
}

static void on_doctype(void *ctx, const char *name, const char *system, const char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    stop(ctx);
}

/* ---- the changes ---- */

static void add_edit(struct ll_splice *s, struct edit e)
{
    if (s->n == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 256;
        struct edit *more = cap > EDITS_MAX ? NULL : realloc(s->edits, cap * sizeof *more);
        if (!more) {
            s->failed = true;
            return;
        }
        s->edits = more;
        s->cap = cap;
    }
    e.order = s->n;
    s->edits[s->n++] = e;
}

void ll_splice_cut(struct ll_splice *s, size_t from, size_t to)
{
    add_edit(s, (struct edit){.at = from, .cut = to - from});
}

void ll_splice_put(struct ll_splice *s, size_t at, struct ll_str text)
{
    size_t put = s->text.n;

    ll_buf_str(&s->text, text);
    add_edit(s, (struct edit){.at = at, .put = put, .n = text.n});
}

const char *ll_splice_prefix(const struct ll_splice *s)
{
    return s->prefix;
}

struct ll_str ll_splice_bytes(const struct ll_splice *s, size_t from, size_t to)
{
    return from <= to && to <= s->part.n ? (struct ll_str){s->part.p + from, to - from} : LL_STR("");
}

static int by_place(const void *a, const void *b)
{
    const struct edit *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* What lies inside something that is cut goes with it; what is put in there stays. */
static void apply(struct ll_splice *s, struct ll_buf *out)
{
    size_t at = 0;

    if (s->n)
        qsort(s->edits, s->n, sizeof *s->edits, by_place);
    for (size_t i = 0; i < s->n; i++) {
        const struct edit *e = &s->edits[i];
        if (e->at > at) {
            ll_buf_add(out, s->part.p + at, e->at - at);
            at = e->at;
        }
        if (e->n)
            ll_buf_add(out, s->text.p + e->put, e->n);
        if (e->at + e->cut > at)
            at = e->at + e->cut;
    }
    ll_buf_add(out, s->part.p + at, s->part.n - at);
}

/* ---- the whole ---- */

static int outcome(const struct ll_splice *s, enum XML_Status status, const char *what, struct ll_err *err)
{
    if (s->failed || s->text.failed || s->inside.failed)
        return ll_fail(err, LL_NOMEM, "批注工作簿时内存不足", "out of memory marking a workbook");
    if (status == XML_STATUS_OK && !s->refused)
        return LL_OK;
    return ll_fail(err, LL_INVALID, "工作簿的部件 %s 无法按原样批注；请改用隔离区文件",
                   "part %s of the workbook cannot be marked as it is: use the quarantine file instead",
                   what);
}

int ll_splice_run(struct ll_str part, const char *what, const struct ll_splice_ops *ops, void *ctx,
                  struct ll_buf *out, struct ll_err *err)
{
    struct ll_splice *s = calloc(1, sizeof *s);
    int rc;

    if (!s || !(s->parser = XML_ParserCreate("UTF-8"))) {
        free(s);
        return ll_fail(err, LL_NOMEM, "批注工作簿时内存不足", "out of memory marking a workbook");
    }
    s->part = part;
    s->ops = ops;
    s->ctx = ctx;
    s->text = s->inside = LL_BUF_INIT((size_t)256 << 20);
    XML_SetUserData(s->parser, s);
    XML_SetElementHandler(s->parser, on_start, on_end);
    XML_SetCharacterDataHandler(s->parser, on_text);
    XML_SetStartDoctypeDeclHandler(s->parser, on_doctype);
    rc = outcome(s, XML_Parse(s->parser, part.p, (int)part.n, 1), what, err);
    if (rc == LL_OK) {
        apply(s, out);
        if (out->failed)
            rc = ll_fail(err, LL_TOOBIG, "批注后的工作簿过大",
                         "the workbook becomes too large when it is marked");
    }
    XML_ParserFree(s->parser);
    ll_buf_free(&s->text);
    ll_buf_free(&s->inside);
    free(s->edits);
    free(s);
    return rc;
}

const char *ll_tag_att(const struct ll_tag *t, const char *name)
{
    for (const char **a = t->atts; a && a[0]; a += 2)
        if (strcmp(local(a[0]), name) == 0)
            return a[1];
    return NULL;
}

void ll_xml_put(struct ll_buf *out, struct ll_str text)
{
    for (size_t at = 0, from = 0; at < text.n; from = at) {
        int32_t cp = ll_utf8_next(text, &at);
        bool bad = (cp < 0x20 && cp != '\t' && cp != '\n') || cp == 0xfffe || cp == 0xffff ||
                   (cp == 0xfffd && at - from == 1);
        const char *entity = cp == '<'    ? "&lt;"
                             : cp == '>'  ? "&gt;"
                             : cp == '&'  ? "&amp;"
                             : cp == '"'  ? "&quot;"
                             : cp == '\n' ? "&#10;"
                             : bad        ? "\xef\xbf\xbd"
                                          : NULL;
        if (entity)
            ll_buf_z(out, entity);
        else
            ll_buf_add(out, text.p + from, at - from);
    }
}
