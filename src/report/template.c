/* template.c - see template.h. */
#include "report/template.h"

#include "base/buf.h"
#include "report/xlsx_write.h"

#include <string.h>

enum { MOST_CHOICES = 500 }; /* a longer list is no help to choose from: regions, industries */

struct template
{
    struct ll_arena *arena;
    enum ll_lang lang;
    struct ll_xlsx_column *columns;
    size_t n;
    bool failed; /* memory is out */
};

static const struct ll_mapping *default_mapping(const struct ll_resource *r)
{
    for (size_t i = 0; i < r->n_mappings; i++)
        if (!r->mappings[i].variant)
            return &r->mappings[i];
    return NULL;
}

/* What belongs in the column: a date, at most 20 characters, in 万元 ... */
static const char *note(struct template *t, const struct ll_item *item)
{
    const struct ll_element *e = item->element;
    bool zh = t->lang == LL_ZH;
    struct ll_buf b = LL_BUF_INIT(4096);

    ll_buf_z(&b, zh ? item->title ? item->title : item->name : item->title_en ? item->title_en : item->name);
    ll_buf_printf(&b, zh ? "：%s" : ": %s", ll_type_title(e->type, t->lang));
    if (e->length)
        ll_buf_printf(&b, zh ? "，最多 %u 个字符" : ", at most %u characters", e->length);
    if (e->unit)
        ll_buf_printf(&b, zh ? "，单位：%s" : ", in %s", e->unit);
    if (e->code_table)
        ll_buf_printf(&b, zh ? "，代码表 %s（代码或名称均可）" : ", of code table %s (code or title)",
                      e->code_table);
    if (item->required || item->key)
        ll_buf_z(&b, zh ? "，必填" : ", required");
    const char *text = ll_arena_dup(t->arena, ll_buf_view(&b));
    t->failed = t->failed || b.failed || !text;
    ll_buf_free(&b);
    return text;
}

static void add_choices(struct template *t, struct ll_xlsx_column *c, const struct ll_codeset *codes)
{
    size_t n = ll_codeset_size(codes);
    const char **titles = n <= MOST_CHOICES ? ll_arena_array(t->arena, n, sizeof *titles) : NULL;

    if (n == 0 || n > MOST_CHOICES)
        return;
    t->failed = t->failed || !titles;
    for (size_t i = 0; i < n && !t->failed; i++) {
        const struct ll_code *code = ll_codeset_at(codes, i);
        if (code->historical)
            continue;
        titles[c->n_choices] = ll_arena_dup(t->arena, code->title.n ? code->title : code->code);
        t->failed = !titles[c->n_choices++];
    }
    c->choices = titles;
}

/* "名称|企业名称" gives 名称; a place ("#3") or a constant gives no column. */
static const char *column_title(struct template *t, const struct ll_map_row *row)
{
    struct ll_str first, rest;

    if (!row->source || row->source[0] == '#' || !row->source[0])
        return NULL;
    ll_str_cut(ll_str(row->source), '|', &first, &rest);
    const char *title = ll_arena_dup(t->arena, ll_str_trim(first));
    t->failed = t->failed || !title;
    return title;
}

static struct ll_xlsx_column *find_column(struct template *t, const char *title)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->columns[i].title, title) == 0)
            return &t->columns[i];
    return NULL;
}

/* Several items may read one column: it is required when one of them is. */
static void add_row(struct template *t, const struct ll_map_row *row)
{
    const char *title = column_title(t, row);
    bool required = row->item->required || row->item->key;

    if (!title || t->failed)
        return;
    struct ll_xlsx_column *c = find_column(t, title);
    if (c) {
        c->required = c->required || required;
        return;
    }
    c = &t->columns[t->n++];
    *c = (struct ll_xlsx_column){.title = title, .note = note(t, row->item), .required = required};
    if (row->item->codes && row->item->element->type == LL_TYPE_CODE && !row->transform)
        add_choices(t, c, row->item->codes);
}

int ll_template_xlsx(const struct ll_resource *r, enum ll_lang lang, const char *path, struct ll_err *err)
{
    const struct ll_mapping *m = default_mapping(r);
    struct ll_xlsx_write *book = NULL;
    struct template t = {.arena = ll_arena_new(0), .lang = lang};
    size_t n = m ? m->n : 0;
    int rc;

    t.columns = t.arena ? ll_arena_array(t.arena, n + 1, sizeof *t.columns) : NULL;
    t.failed = !t.columns;
    for (size_t i = 0; i < n && !t.failed; i++)
        add_row(&t, &m->rows[i]);
    struct ll_xlsx_write_opts o = {.sheet = r->title, .columns = t.columns, .n_columns = t.n, .lang = lang};
    if (t.failed)
        rc = ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    else if (t.n == 0)
        rc = ll_fail(err, LL_INVALID, "数据资源 %s 的映射按位置取列，没有列名，无法生成模板",
                     "resource %s maps columns by position: there are no names to make a template of",
                     r->name);
    else if ((rc = ll_xlsx_write_open(&book, path, &o, err)) == LL_OK)
        rc = ll_xlsx_write_finish(book, err);
    ll_xlsx_write_free(book);
    ll_arena_free(t.arena);
    return rc;
}
