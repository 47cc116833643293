/* form.c - see form.h. */
#include "intake/form.h"

#include "base/buf.h"

#include <string.h>

static const struct ll_mapping *default_mapping(const struct ll_resource *r)
{
    for (size_t i = 0; i < r->n_mappings; i++)
        if (!r->mappings[i].variant)
            return &r->mappings[i];
    return NULL;
}

static struct ll_field *find(const struct ll_form *f, const char *title)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->fields[i].title, title) == 0)
            return &f->fields[i];
    return NULL;
}

/* Amounts are read in the unit that the mapping says; every other transform makes something else of the text. */
static bool is_plain(const struct ll_map_row *row, const char **unit, struct ll_arena *arena)
{
    enum ll_transform t = ll_transform_default(row->item->element);
    struct ll_args args;

    *unit = row->item->element->unit;
    if (row->transform && !ll_transform_parse(ll_str(row->transform), &t))
        return false;
    if (row->arguments && ll_args_parse(row->arguments, t, arena, &args, NULL) == LL_OK &&
        args.value[LL_ARG_UNIT])
        *unit = args.value[LL_ARG_UNIT];
    return t == ll_transform_default(row->item->element);
}

static void describe(struct ll_field *f, const struct ll_map_row *row, struct ll_arena *arena)
{
    const struct ll_element *e = f->item->element;

    f->plain = is_plain(row, &f->unit, arena);
    if (f->plain && e->type == LL_TYPE_CODE)
        f->codes = f->item->codes;
    if (f->plain && e->type == LL_TYPE_IDENTIFIER)
        f->identifier = ll_scheme_parse(ll_str(e->check), &f->scheme);
}

/* "名称|企业名称" gives 名称; a place ("#3") or a constant gives no field.  Several items may read one column: it is required when one of
 * them is. */
static int add(struct ll_form *f, const struct ll_map_row *row, struct ll_arena *arena, struct ll_err *err)
{
    struct ll_str first, rest;
    bool required = row->item->required || row->item->key;

    if (!row->source || row->source[0] == '#' || !row->source[0])
        return LL_OK;
    ll_str_cut(ll_str(row->source), '|', &first, &rest);
    const char *title = ll_arena_dup(arena, ll_str_trim(first));
    if (!title)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    struct ll_field *known = find(f, title);
    if (known) {
        known->required = known->required || required;
        known->key = known->key || row->item->key;
        return LL_OK;
    }
    struct ll_field *field = &f->fields[f->n++];
    *field = (struct ll_field){
        .title = title, .item = row->item, .required = required, .key = row->item->key};
    describe(field, row, arena);
    return LL_OK;
}

/* Without a mapping a resource takes its own layout: titles of items as headers (plan.c). */
static int own_layout(struct ll_form *f, const struct ll_resource *r, struct ll_arena *arena,
                      struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; i < r->n_items && rc == LL_OK; i++) {
        const struct ll_item *item = &r->items[i];
        const struct ll_map_row row = {.source = item->title ? item->title : item->name, .item = item};
        rc = add(f, &row, arena, err);
    }
    return rc;
}

int ll_form_make(struct ll_arena *arena, const struct ll_resource *r, struct ll_form *ret, struct ll_err *err)
{
    const struct ll_mapping *m = default_mapping(r);
    size_t most = m ? m->n : r->n_items;
    int rc = LL_OK;

    *ret = (struct ll_form){.resource = r, .fields = ll_arena_array(arena, most + 1, sizeof *ret->fields)};
    if (!ret->fields)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    if (!m && !r->n_mappings)
        rc = own_layout(ret, r, arena, err);
    for (size_t i = 0; m && i < m->n && rc == LL_OK; i++)
        rc = add(ret, &m->rows[i], arena, err);
    if (rc == LL_OK && ret->n == 0)
        return ll_fail(err, LL_INVALID, "数据资源 %s 的映射按位置取列，没有列名，无法生成模板",
                       "resource %s maps columns by position: there are no names to make a template of",
                       r->name);
    return rc;
}

const struct ll_field *ll_form_field(const struct ll_form *f, const char *item)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->fields[i].item->name, item) == 0)
            return &f->fields[i];
    return NULL;
}

void ll_field_note(struct ll_buf *out, const struct ll_field *f, enum ll_lang lang)
{
    const struct ll_item *item = f->item;
    const struct ll_element *e = item->element;
    bool zh = lang == LL_ZH;

    ll_buf_z(out, zh ? item->title ? item->title : item->name : item->title_en ? item->title_en : item->name);
    ll_buf_printf(out, zh ? "：%s" : ": %s", ll_type_title(e->type, lang));
    if (e->length)
        ll_buf_printf(out, zh ? "，最多 %u 个字符" : ", at most %u characters", e->length);
    if (f->unit)
        ll_buf_printf(out, zh ? "，单位：%s" : ", in %s", f->unit);
    if (e->code_table)
        ll_buf_printf(out, zh ? "，代码表 %s（代码或名称均可）" : ", of code table %s (code or title)",
                      e->code_table);
    if (e->check && e->type != LL_TYPE_IDENTIFIER)
        ll_buf_printf(out, zh ? "，范围 %s" : ", within %s", e->check);
    if (f->required)
        ll_buf_z(out, zh ? "，必填" : ", required");
}

void ll_field_choice(struct ll_buf *out, const struct ll_field *f, const struct ll_code *code)
{
    if (!code->title.n || ll_codeset_resolve(f->codes, code->title) != code) {
        ll_buf_str(out, code->code);
        if (!code->title.n)
            return;
        ll_buf_c(out, ' ');
    }
    ll_buf_str(out, code->title);
}
