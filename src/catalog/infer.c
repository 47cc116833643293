/* infer.c - see infer.h: reads the sample, asks the matcher about each column, then settles what concerns the columns together:
 * names, subject, key. */
#include "catalog/infer.h"

#include "base/log.h"
#include "catalog/infer_parts.h"
#include "catalog/name.h"

#include <stdio.h>
#include <string.h>

enum { SAMPLE = 20000, CELLS_MAX = 4 << 20 };

int ll_inferring_nomem(struct ll_inferring *in)
{
    return ll_fail(in->err, LL_NOMEM, "推断时内存不足", "out of memory inferring a resource");
}

static bool delete_marks(struct ll_str header)
{
    header = ll_str_trim(header);
    return ll_str_is(header, "_op") || ll_str_is(header, "操作");
}

static int start(struct ll_inferring *in, const struct ll_str *headers, size_t n)
{
    struct ll_inference *inf = in->inf;

    in->columns = ll_arena_array(in->arena, n, sizeof *in->columns);
    inf->columns = ll_arena_array(in->arena, n, sizeof *inf->columns);
    if (!in->columns || !inf->columns || ll_matcher_new(in->cat, in->arena, &in->matcher) < 0)
        return ll_inferring_nomem(in);
    for (size_t i = 0; i < n; i++) {
        if (delete_marks(headers[i])) {
            inf->increment = true;
            continue;
        }
        struct ll_guess *g = &inf->columns[inf->n];
        g->position = (unsigned)i + 1;
        g->header = ll_arena_dup(in->arena, ll_str_trim(headers[i]));
        if (!g->header || ll_stats_init(&in->columns[inf->n].stats, in->most_rows, in->arena) < 0)
            return ll_inferring_nomem(in);
        ll_header_read(headers[i], &in->columns[inf->n++].header);
    }
    return LL_OK;
}

static int read_sample(struct ll_inferring *in, struct ll_rows *rows)
{
    struct ll_row row;
    int more = 0;

    while (in->inf->rows < in->most_rows && (more = rows->ops->next(rows, &row, in->err)) > 0) {
        if (row.fault >= 0) {
            in->inf->faulty++;
            continue;
        }
        in->inf->rows++;
        for (size_t i = 0; i < in->inf->n; i++) {
            size_t at = in->inf->columns[i].position - 1;
            struct ll_str cell = at < row.n ? row.cells[at] : (struct ll_str){NULL, 0};
            if (ll_stats_add(&in->columns[i].stats, cell) < 0)
                return ll_inferring_nomem(in);
        }
    }
    for (size_t i = 0; i < in->inf->n && more >= 0; i++)
        if (ll_stats_end(&in->columns[i].stats) < 0)
            return ll_inferring_nomem(in);
    return more < 0 ? more : LL_OK;
}

/* A mapping names a column by its header when the header is there, is the only one, and would not be read otherwise. */
static int name_sources(struct ll_inferring *in)
{
    struct ll_inference *inf = in->inf;

    for (size_t i = 0; i < inf->n; i++) {
        struct ll_guess *g = &inf->columns[i];
        bool plain = g->header[0] && g->header[0] != '#' && !strchr(g->header, '|') &&
                     !strpbrk(g->header, "\r\n");
        for (size_t k = 0; k < inf->n && plain; k++)
            plain = k == i || strcmp(inf->columns[k].header, g->header) != 0;
        g->source = plain ? g->header : ll_arena_printf(in->arena, "#%u", g->position);
        if (!g->source)
            return ll_inferring_nomem(in);
    }
    return LL_OK;
}

static bool personal(const struct ll_element *e)
{
    return e->grade >= 2 || e->type == LL_TYPE_IDENTIFIER;
}

/* The most frequent values, masked where they may tell who it is about. */
static int show_examples(struct ll_inferring *in, struct ll_guess *g, const struct ll_stats *s)
{
    const struct ll_stats_value *best[LL_INFER_EXAMPLES] = {NULL};
    char text[LL_STATS_VALUE_BYTES * 2];

    for (size_t i = 0; i < s->values.cap; i++) {
        const struct ll_stats_value *v = s->values.slots[i].value;
        for (size_t k = 0; v && k < LL_INFER_EXAMPLES; k++) {
            bool before = !best[k] || v->count > best[k]->count ||
                          (v->count == best[k]->count && ll_str_cmp(v->text, best[k]->text) < 0);
            if (!before)
                continue;
            const struct ll_stats_value *down = best[k];
            best[k] = v;
            v = down;
        }
    }
    for (size_t k = 0; k < LL_INFER_EXAMPLES && best[k]; k++) {
        bool mask = personal(g->element) || g->role != LL_ROLE_NONE;
        struct ll_str shown = mask ? ll_str(ll_mask(best[k]->text, text, sizeof text)) : best[k]->text;
        g->examples[k] = ll_arena_dup(in->arena, shown);
        if (!g->examples[k])
            return ll_inferring_nomem(in);
    }
    return LL_OK;
}

static bool item_taken(const struct ll_inference *inf, size_t at, const char *name)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(inf->columns[i].item, name) == 0)
            return true;
    return false;
}

/* The element's name; a second column of the same element gets a number. */
static int name_items(struct ll_inferring *in)
{
    struct ll_inference *inf = in->inf;

    for (size_t i = 0; i < inf->n; i++) {
        struct ll_guess *g = &inf->columns[i];
        g->item = g->element->name;
        for (unsigned k = 2; item_taken(inf, i, g->item); k++) {
            g->item = ll_arena_printf(in->arena, "%.44s_%u", g->element->name, k);
            if (!g->item)
                return ll_inferring_nomem(in);
        }
        if (!g->is_new && g->header[0] && strcmp(g->header, g->element->title) != 0)
            g->title = g->header;
    }
    return LL_OK;
}

static void add_need(struct ll_inference *inf, const char *pack)
{
    for (size_t i = 0; i < inf->n_needs; i++)
        if (strcmp(inf->needs[i], pack) == 0)
            return;
    if (inf->n_needs < LL_COUNT(inf->needs))
        inf->needs[inf->n_needs++] = pack;
}

/* Packs of the elements, and of the code tables that every catalogue entry refers to. */
static void find_needs(struct ll_inferring *in)
{
    static const char *const tables[] = {"UPDATE_CYCLE", "SHARE_MODE", "RES_FORMAT"};
    const struct ll_organisation *o = NULL;

    for (size_t i = 0; i < in->inf->n; i++)
        if (!in->inf->columns[i].is_new)
            add_need(in->inf, in->inf->columns[i].element->pack);
    for (size_t i = 0; i < LL_COUNT(tables); i++) {
        const struct ll_codes *codes = ll_catalog_codes(in->cat, ll_str(tables[i]));
        if (codes)
            add_need(in->inf, codes->parts[0].pack);
    }
    if (in->inf->provider)
        o = ll_catalog_organisation(in->cat, ll_str(in->inf->provider));
    if (o)
        add_need(in->inf, o->pack);
}

/* "dir/Permit List 2024.csv" -> stem "Permit List 2024" */
static struct ll_str stem(const char *file)
{
    const char *slash = file ? strrchr(file, '/') : NULL;
    struct ll_str s = ll_str(slash ? slash + 1 : file), head, rest;

    ll_str_cut(s, '.', &head, &rest);
    return head.n ? head : s;
}

static int name_resource(struct ll_inferring *in, const struct ll_infer_opts *o)
{
    struct ll_inference *inf = in->inf;
    struct ll_str base = stem(o->file_name);
    char name[49];
    size_t n = 0;

    for (size_t i = 0; i < base.n && n < sizeof name - 1; i++) {
        char c = base.p[i] >= 'A' && base.p[i] <= 'Z' ? (char)(base.p[i] + 32) : base.p[i];
        bool ok = (c >= 'a' && c <= 'z') || (n && c >= '0' && c <= '9');
        if (ok)
            name[n++] = c;
        else if (n && name[n - 1] != '_')
            name[n++] = '_';
    }
    while (n && name[n - 1] == '_')
        n--;
    struct ll_str made = {name, n};
    inf->name = o->name ? ll_arena_dup(in->arena, ll_str(o->name))
                        : ll_arena_dup(in->arena,
                                       ll_name_check(made) == LL_NAME_OK ? made : LL_STR("new_resource"));
    inf->title = ll_arena_dup(in->arena, o->title ? ll_str(o->title) : base);
    inf->provider = o->provider ? ll_arena_dup(in->arena, ll_str(o->provider)) : NULL;
    return inf->name && inf->title ? LL_OK : ll_inferring_nomem(in);
}

static int check_opts(struct ll_inferring *in, const struct ll_infer_opts *o, size_t n)
{
    if (n == 0 || n > LL_INFER_COLUMNS_MAX)
        return ll_fail(in->err, LL_INVALID, "文件有 %zu 列；应为 1 至 %d 列",
                       "the file has %zu columns; 1 to %d can be handled", n, LL_INFER_COLUMNS_MAX);
    if (o->name && ll_name_check(ll_str(o->name)) != LL_NAME_OK)
        return ll_fail(
            in->err, LL_INVALID,
            "“%s”不能作数据资源的名称：小写字母开头，只含小写字母、数字和下划线，且不是 SQL 关键字",
            "'%s' cannot be the name of a resource: a small letter, then small letters, digits and "
            "underscores, and no SQL keyword",
            o->name);
    if (o->provider && !ll_catalog_organisation(in->cat, ll_str(o->provider)))
        return ll_fail(in->err, LL_NOTFOUND, "没有机构“%s”", "there is no organisation '%s'", o->provider);
    return LL_OK;
}

static int guess_columns(struct ll_inferring *in)
{
    int rc = LL_OK;

    for (size_t i = 0; i < in->inf->n && rc == LL_OK; i++)
        rc = ll_infer_column(in, i);
    return rc;
}

static int show_columns(struct ll_inferring *in)
{
    int rc = LL_OK;

    for (size_t i = 0; i < in->inf->n && rc == LL_OK; i++) {
        struct ll_guess *g = &in->inf->columns[i];
        g->nulls = in->columns[i].stats.nulls;
        g->distinct = in->columns[i].stats.distinct;
        rc = show_examples(in, g, &in->columns[i].stats);
    }
    return rc;
}

int ll_infer(struct ll_rows *rows, const struct ll_str *headers, size_t n, const struct ll_catalog *cat,
             const struct ll_infer_opts *opts, struct ll_arena *arena, struct ll_inference *ret,
             struct ll_err *err)
{
    struct ll_inferring in = {.inf = ret, .cat = cat, .arena = arena, .err = err};
    int rc;

    *ret = (struct ll_inference){0};
    if ((rc = check_opts(&in, opts, n)) < 0)
        return rc;
    in.most_rows = opts->rows ? opts->rows : SAMPLE;
    if (in.most_rows > CELLS_MAX / n)
        in.most_rows = CELLS_MAX / n;
    if ((rc = name_resource(&in, opts)) < 0 || (rc = start(&in, headers, n)) < 0 ||
        (rc = read_sample(&in, rows)) < 0 || (rc = name_sources(&in)) < 0 || (rc = guess_columns(&in)) < 0 ||
        (rc = name_items(&in)) < 0)
        return rc;
    ll_infer_subject(&in);
    if ((rc = ll_infer_key(&in)) < 0)
        return rc;
    find_needs(&in);
    return show_columns(&in);
}
