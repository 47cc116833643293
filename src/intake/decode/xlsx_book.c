/* xlsx_book.c - see xlsx_book.h.
 *
 * _rels/.rels names the workbook part, the workbook part names the sheets by relationship id, and the relationships beside it name
 * their parts.  Relationship types are compared by their last word, which is the same in the transitional and the strict namespace. */
#include "intake/decode/xlsx_book.h"

#include "intake/decode/xlsx_xml.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA_MAX = 16 << 20, MOST_RELATIONS = 1 << 16 };

struct relation {
    const char *id, *type, *target;
    struct relation *next;
};

struct relations {
    struct ll_arena *arena;
    struct relation *head, **tail;
    unsigned n;
};

enum { RELATIONSHIPS = 1, RELATIONSHIP };

static const char *copy(struct ll_arena *a, const char *z)
{
    return z ? ll_arena_dup(a, ll_str(z)) : NULL;
}

static const char *last_word(const char *uri)
{
    const char *slash = strrchr(uri, '/');

    return slash ? slash + 1 : uri;
}

static void on_relation(void *ctx, unsigned state, const char **atts)
{
    struct relations *r = ctx;
    const char *mode = ll_xml_att(atts, "TargetMode"), *id = ll_xml_att(atts, "Id");
    const char *type = ll_xml_att(atts, "Type"), *target = ll_xml_att(atts, "Target");

    if (state != RELATIONSHIP || !id || !type || !target || (mode && strcmp(mode, "External") == 0))
        return;
    struct relation *one = r->n < MOST_RELATIONS ? ll_arena_alloc(r->arena, sizeof *one) : NULL;
    if (!one)
        return;
    one->id = copy(r->arena, id);
    one->type = copy(r->arena, last_word(type));
    one->target = copy(r->arena, target);
    if (!one->id || !one->type || !one->target)
        return;
    *r->tail = one;
    r->tail = &one->next;
    r->n++;
}

static const struct ll_xml_rule relation_rules[] = {
    {RELATIONSHIPS, RELATIONSHIP, "Relationship"},
    {0, RELATIONSHIPS, "Relationships"},
};
static const struct ll_xml_grammar relation_grammar = {relation_rules, LL_COUNT(relation_rules), on_relation,
                                                       NULL, NULL};

static const char *target_of_type(const struct relations *r, const char *type)
{
    for (const struct relation *one = r->head; one; one = one->next)
        if (strcmp(one->type, type) == 0)
            return one->target;
    return NULL;
}

static const struct relation *relation_by_id(const struct relations *r, const char *id)
{
    for (const struct relation *one = r->head; one; one = one->next)
        if (strcmp(one->id, id) == 0)
            return one;
    return NULL;
}

static int read_relations(struct relations *r, struct ll_xlsx_zip *z, struct ll_arena *arena,
                          const char *part, struct ll_err *err)
{
    *r = (struct relations){.arena = arena};
    r->tail = &r->head;
    return ll_xml_whole(z, part, LL_XLSX_META_MAX, &relation_grammar, r, err);
}

/* "xl/workbook.xml" has its relationships in "xl/_rels/workbook.xml.rels". */
static int relations_of(struct relations *r, struct ll_xlsx_zip *z, struct ll_arena *arena, const char *part,
                        struct ll_err *err)
{
    char name[LL_PATH];
    const char *base = last_word(part);
    int rc = ll_path(name, err, "%.*s_rels/%s.rels", (int)(base - part), part, base);

    return rc < 0 ? rc : read_relations(r, z, arena, name, err);
}

struct tabs {
    struct ll_xlsx_book *book;
    const struct relations *relations;
    const char *part; /* of the workbook */
    struct ll_xml *xml;
};

enum { WORKBOOK = 1, PROPERTIES, SHEETS, SHEET };

static int add_tab(struct tabs *t, const char **atts, struct ll_err *err)
{
    const char *name = ll_xml_att(atts, "name"), *id = ll_xml_prefixed_att(atts, "id");
    const char *state = ll_xml_att(atts, "state");
    const struct relation *r = id ? relation_by_id(t->relations, id) : NULL;
    struct ll_xlsx_book *b = t->book;
    char part[LL_PATH];

    if (!name || !r) /* a tab without a part: nothing to read there */
        return LL_OK;
    if (b->n_tabs == LL_XLSX_SHEETS)
        return ll_fail(err, LL_TOOBIG, "工作簿超过 %d 个工作表", "the workbook has over %d sheets",
                       LL_XLSX_SHEETS);
    int rc = ll_xlsx_part_resolve(part, t->part, r->target, err);
    if (rc < 0)
        return rc;
    struct ll_xlsx_tab *tab = &b->tabs[b->n_tabs++];
    tab->name = copy(b->arena, name);
    tab->part = copy(b->arena, part);
    tab->hidden = state && strcmp(state, "visible") != 0;
    tab->cells = strcmp(r->type, "worksheet") == 0;
    return tab->name && tab->part ? LL_OK : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
}

static void on_workbook(void *ctx, unsigned state, const char **atts)
{
    struct tabs *t = ctx;
    int rc = LL_OK;

    if (state == PROPERTIES)
        t->book->epoch1904 = ll_xml_true(ll_xml_att(atts, "date1904"));
    else if (state == SHEET)
        rc = add_tab(t, atts, ll_xml_err(t->xml));
    if (rc < 0)
        ll_xml_stop(t->xml, rc);
}

static const struct ll_xml_rule workbook_rules[] = {
    {SHEETS, SHEET, "sheet"},
    {WORKBOOK, SHEETS, "sheets"},
    {WORKBOOK, PROPERTIES, "workbookPr"},
    {0, WORKBOOK, "workbook"},
};
static const struct ll_xml_grammar workbook_grammar = {workbook_rules, LL_COUNT(workbook_rules), on_workbook,
                                                       NULL, NULL};

static int read_workbook(struct ll_xlsx_book *b, struct ll_xlsx_zip *z, const char *part,
                         const struct relations *relations, struct ll_err *err)
{
    struct tabs t = {.book = b, .relations = relations, .part = part};
    int rc = ll_xml_open(&t.xml, z, part, LL_XLSX_META_MAX, &workbook_grammar, &t, err);

    while (rc >= 0 && (rc = ll_xml_run(t.xml, err)) > 0)
        continue;
    ll_xml_close(t.xml);
    if (rc == LL_OK && b->n_tabs == 0)
        rc = ll_fail(err, LL_INVALID, "工作簿中没有工作表", "the workbook has no sheets");
    return rc;
}

static int find_workbook(char out[LL_PATH], struct ll_xlsx_zip *z, struct ll_arena *arena, struct ll_err *err)
{
    struct relations r;
    int rc = read_relations(&r, z, arena, "_rels/.rels", err);
    const char *target = rc < 0 ? NULL : target_of_type(&r, "officeDocument");

    if (rc < 0 && rc != LL_NOTFOUND)
        return rc;
    return ll_xlsx_part_resolve(out, "", target ? target : "xl/workbook.xml", err);
}

/* The name of the shared part of that type, or NULL when there is none. */
static const char *shared_part(const struct relations *r, const char *type, const char *base,
                               char out[LL_PATH])
{
    const char *target = target_of_type(r, type);

    return target && ll_xlsx_part_resolve(out, base, target, NULL) == LL_OK ? out : NULL;
}

static int open_book(struct ll_xlsx_book *b, struct ll_xlsx_zip *z, struct ll_err *err)
{
    char part[LL_PATH], name[LL_PATH];
    struct relations r;
    int rc;

    if ((rc = find_workbook(part, z, b->arena, err)) < 0 ||
        (rc = relations_of(&r, z, b->arena, part, err)) < 0 || (rc = read_workbook(b, z, part, &r, err)) < 0)
        return rc == LL_NOTFOUND
                   ? ll_fail(err, LL_INVALID, "工作簿不完整，缺少目录部件；请用 Excel 或 WPS 重新保存",
                             "the workbook lacks its table of contents; save it again in Excel or WPS")
                   : rc;
    /* A part that is named but not there is none: the cells that needed it will say so. */
    rc = ll_xlsx_styles_load(&b->styles, z, shared_part(&r, "styles", part, name), err);
    if (rc == LL_NOTFOUND)
        rc = ll_xlsx_styles_load(&b->styles, z, NULL, err);
    if (rc == LL_OK)
        rc = ll_xlsx_strings_load(&b->strings, z, shared_part(&r, "sharedStrings", part, name), err);
    if (rc == LL_NOTFOUND)
        rc = ll_xlsx_strings_load(&b->strings, z, NULL, err);
    return rc;
}

int ll_xlsx_book_open(struct ll_xlsx_book **ret, struct ll_xlsx_zip *z, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(ARENA_MAX);
    struct ll_xlsx_book *b = arena ? ll_arena_alloc(arena, sizeof *b) : NULL;
    struct ll_xlsx_tab *tabs = b ? ll_arena_array(arena, LL_XLSX_SHEETS, sizeof *tabs) : NULL;

    if (!tabs) {
        ll_arena_free(arena);
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    }
    b->arena = arena;
    b->tabs = tabs;
    int rc = open_book(b, z, err);
    if (rc < 0) {
        ll_xlsx_book_close(b);
        return rc;
    }
    *ret = b;
    return LL_OK;
}

struct ll_xlsx_book *ll_xlsx_book_close(struct ll_xlsx_book *b)
{
    if (!b)
        return NULL;
    ll_xlsx_strings_free(b->strings);
    ll_xlsx_styles_free(b->styles);
    ll_arena_free(b->arena);
    return NULL;
}
