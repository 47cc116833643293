/* upward_layout.c - see upward_layout.h.  The form of the files was checked when the pack was loaded; what they refer to is checked here. */
#include "share/upward_layout.h"

#include "base/clock.h"
#include "catalog/pack.h"
#include "crypto/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const layout_columns[] = {"stream", "resource", "upper_resource",
                                             "title",  "title_en", "department_item",
                                             "since",  "basis",    "source"};
static const char *const item_columns[] = {"stream", "column", "item", "value", "codes", "key"};
static const char *const code_columns[] = {"codes", "from", "to"};

struct reading {
    struct ll_upward_layouts *l;
    struct ll_arena *arena;
    const char *c[LL_COUNT(layout_columns)]; /* cells of the row, in arena */
};

static int take(struct reading *r, const struct ll_str *cells, size_t n, size_t have, size_t most,
                const char *file, struct ll_err *err)
{
    if (have == most)
        return ll_fail(err, LL_TOOBIG, "%s 超过 %zu 行", "%s has more than %zu rows", file, most);
    for (size_t i = 0; i < n; i++)
        if (!(r->c[i] = ll_arena_dup(r->arena, cells[i])))
            return ll_no_memory(err);
    return LL_OK;
}

static int32_t day_of(const char *text)
{
    int y;
    unsigned m, d;

    return sscanf(text, "%4d-%2u-%2u", &y, &m, &d) == 3 ? ll_days_from_civil(y, m, d) : INT32_MIN;
}

static int add_layout(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *in = ctx;
    struct ll_upward_layouts *l = in->l;
    const char *const *c = in->c;
    int rc = take(in, cells, LL_COUNT(layout_columns), l->n_layouts, LL_UPWARD_LAYOUTS_MAX, "upward.csv",
                  err);

    (void)pack;
    if (rc < 0)
        return rc;
    l->layouts[l->n_layouts++] = (struct ll_upward_layout){c[0], c[1],         c[2], c[3], c[4],
                                                           c[5], day_of(c[6]), c[7], c[8]};
    return LL_OK;
}

static int add_item(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *in = ctx;
    struct ll_upward_layouts *l = in->l;
    const char *const *c = in->c;
    int rc = take(in, cells, LL_COUNT(item_columns), l->n_items, LL_UPWARD_ITEMS_MAX, "upward_items.csv",
                  err);

    (void)pack;
    if (rc < 0)
        return rc;
    l->items[l->n_items++] = (struct ll_upward_item){c[0], c[1], c[2], c[3], c[4], strcmp(c[5], "Y") == 0};
    return LL_OK;
}

static int add_code(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *in = ctx;
    struct ll_upward_layouts *l = in->l;
    int rc = take(in, cells, LL_COUNT(code_columns), l->n_codes, LL_UPWARD_CODES_MAX, "upward_codes.csv",
                  err);

    (void)pack;
    if (rc < 0)
        return rc;
    l->codes[l->n_codes++] = (struct ll_upward_code){in->c[0], in->c[1], in->c[2]};
    return LL_OK;
}

static int by_code(const void *a, const void *b)
{
    const struct ll_upward_code *x = a, *y = b;
    int order = strcmp(x->codes, y->codes);

    return order ? order : strcmp(x->from, y->from);
}

int ll_upward_layouts_read(struct ll_txn *tx, struct ll_arena *arena, struct ll_upward_layouts *ret,
                           struct ll_err *err)
{
    static const struct {
        const char *file;
        const char *const *columns;
        size_t n;
        ll_pack_use_fn *add;
    } files[] = {{"upward.csv", layout_columns, LL_COUNT(layout_columns), add_layout},
                 {"upward_items.csv", item_columns, LL_COUNT(item_columns), add_item},
                 {"upward_codes.csv", code_columns, LL_COUNT(code_columns), add_code}};
    struct reading in = {.l = ret, .arena = arena};
    int rc = LL_OK;

    *ret = (struct ll_upward_layouts){
        .layouts = ll_arena_array(arena, LL_UPWARD_LAYOUTS_MAX, sizeof *ret->layouts),
        .items = ll_arena_array(arena, LL_UPWARD_ITEMS_MAX, sizeof *ret->items),
        .codes = ll_arena_array(arena, LL_UPWARD_CODES_MAX, sizeof *ret->codes)};
    if (!ret->layouts || !ret->items || !ret->codes)
        return ll_no_memory(err);
    for (size_t i = 0; i < LL_COUNT(files) && rc == LL_OK; i++)
        rc = ll_pack_use_each(tx, NULL, files[i].file, files[i].columns, files[i].n, files[i].add, &in, err);
    qsort(ret->codes, ret->n_codes, sizeof *ret->codes, by_code);
    return rc;
}

const struct ll_upward_layout *ll_upward_layout_find(const struct ll_upward_layouts *l, struct ll_str stream)
{
    for (size_t i = 0; i < l->n_layouts; i++)
        if (ll_str_is(stream, l->layouts[i].stream))
            return &l->layouts[i];
    return NULL;
}

/* --- binding it ------------------------------------------------------------------------------------------------------------ */

static void find_codes(const struct ll_upward_layouts *l, struct ll_upward_column *c)
{
    for (size_t i = 0; i < l->n_codes && c->from->codes[0]; i++)
        if (strcmp(l->codes[i].codes, c->from->codes) == 0) {
            c->codes = c->codes ? c->codes : &l->codes[i];
            c->n_codes++;
        }
}

/* A deletion knows no more of a record than its key. */
static int bind_column(const struct ll_resource *r, const char *stream, struct ll_upward_column *c,
                       struct ll_err *err)
{
    const struct ll_item *its = c->from->item[0] ? ll_resource_item(r, ll_str(c->from->item)) : NULL;

    c->at = its ? (size_t)(its - r->items) : SIZE_MAX;
    if (c->from->item[0] && !its)
        return ll_fail(err, LL_INVALID, "upward_items.csv：%s 的列 %s 取自 %s，资源 %s 没有这个信息项",
                       "upward_items.csv: in %s, column %s comes from %s, which resource %s does not have",
                       stream, c->from->column, c->from->item, r->name);
    if (c->from->key && its && !its->key)
        return ll_fail(
            err, LL_INVALID, "upward_items.csv：%s 的键 %s 取自 %s，它不在资源 %s 的主键中，删除时无从得知",
            "upward_items.csv: in %s, key %s comes from %s, which is not in the key of resource %s, so that a deletion could not name it",
            stream, c->from->column, c->from->item, r->name);
    return LL_OK;
}

static int by_column(const void *a, const void *b)
{
    return strcmp(((const struct ll_upward_column *)a)->from->column,
                  ((const struct ll_upward_column *)b)->from->column);
}

static int check_plan(const struct ll_upward_plan *p, struct ll_err *err)
{
    size_t keys = 0;

    for (size_t i = 0; i < p->n; i++) {
        keys += p->columns[i].from->key;
        if (i && by_column(&p->columns[i - 1], &p->columns[i]) == 0)
            return ll_fail(err, LL_INVALID, "upward_items.csv：%s 的列 %s 写了两次",
                           "upward_items.csv: %s has column %s twice", p->layout->stream,
                           p->columns[i].from->column);
    }
    return keys ? LL_OK
                : ll_fail(err, LL_INVALID, "upward_items.csv：%s 没有标明键的列（key = Y）",
                          "upward_items.csv: %s has no column marked as key (key = Y)", p->layout->stream);
}

int ll_upward_bind(const struct ll_upward_layouts *l, const struct ll_upward_layout *layout,
                   const struct ll_resource *r, struct ll_arena *arena, struct ll_upward_plan *ret,
                   struct ll_err *err)
{
    const struct ll_item *department = ll_resource_item(r, ll_str(layout->department_item));
    int rc;

    *ret = (struct ll_upward_plan){layout, r,
                                   ll_arena_array(arena, LL_UPWARD_COLUMNS_MAX, sizeof *ret->columns), 0,
                                   department ? (size_t)(department - r->items) : SIZE_MAX};
    if (!ret->columns)
        return ll_no_memory(err);
    if (layout->department_item[0] && !department)
        return ll_fail(err, LL_INVALID, "upward.csv：%s 的 department_item 为 %s，资源 %s 没有这个信息项",
                       "upward.csv: department_item of %s is %s, which resource %s does not have",
                       layout->stream, layout->department_item, r->name);
    for (size_t i = 0; i < l->n_items; i++) {
        if (strcmp(l->items[i].stream, layout->stream) != 0)
            continue;
        if (ret->n == LL_UPWARD_COLUMNS_MAX)
            return ll_fail(err, LL_TOOBIG, "%s 超过 %d 列", "%s has more than %d columns", layout->stream,
                           (int)LL_UPWARD_COLUMNS_MAX);
        struct ll_upward_column *c = &ret->columns[ret->n++];
        *c = (struct ll_upward_column){.from = &l->items[i]};
        if ((rc = bind_column(r, layout->stream, c, err)) < 0)
            return rc;
        find_codes(l, c);
    }
    qsort(ret->columns, ret->n, sizeof *ret->columns, by_column);
    return check_plan(ret, err);
}

/* --- values ---------------------------------------------------------------------------------------------------------------- */

static struct ll_str one_code(const struct ll_upward_column *c, struct ll_str code)
{
    size_t low = 0, high = c->n_codes;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = ll_str_cmp(ll_str(c->codes[mid].from), code);
        if (order == 0)
            return ll_str(c->codes[mid].to);
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return code;
}

struct ll_str ll_upward_value(const struct ll_upward_column *c, const struct ll_str *values,
                              struct ll_arena *scratch)
{
    struct ll_str v = c->at == SIZE_MAX ? ll_str(c->from->value) : values[c->at], one, rest;
    const char *list = "";

    if (!v.n || !c->n_codes)
        return v.n ? v : (struct ll_str){NULL, 0};
    if (!memchr(v.p, ';', v.n))
        return one_code(c, v);
    for (rest = v; list && rest.n;) { /* a list of codes: each of them */
        ll_str_cut(rest, ';', &one, &rest);
        one = one_code(c, ll_str_trim(one));
        list = ll_arena_printf(scratch, "%s%s" LL_STR_FMT, list, *list ? ";" : "", LL_STR_ARG(one));
    }
    return list ? ll_str(list) : v;
}

/* --- hashes ---------------------------------------------------------------------------------------------------------------- */

static uint64_t word_of(const unsigned char *p)
{
    uint64_t w = 0;

    for (int i = 0; i < 8; i++)
        w = w << 8 | p[i];
    return w;
}

struct ll_upward_hash ll_upward_hash(const unsigned char salt[LL_UPWARD_SALT], const char *of,
                                     const struct ll_upward_pair *pairs, size_t n, struct ll_buf *scratch)
{
    unsigned char digest[LL_DIGEST];

    ll_buf_clear(scratch);
    ll_buf_add(scratch, salt, LL_UPWARD_SALT);
    ll_buf_add(scratch, of, strlen(of) + 1);
    for (size_t i = 0; i < n; i++) {
        if (!pairs[i].value.p)
            continue;
        uint32_t size = (uint32_t)pairs[i].value.n;
        const unsigned char length[4] = {size >> 24 & 255, size >> 16 & 255, size >> 8 & 255, size & 255};
        ll_buf_add(scratch, pairs[i].name, strlen(pairs[i].name) + 1);
        ll_buf_add(scratch, length, sizeof length);
        ll_buf_str(scratch, pairs[i].value);
    }
    ll_sha256(scratch->p, scratch->n, digest);
    return (struct ll_upward_hash){word_of(digest), word_of(digest + 8)};
}

void ll_upward_add(struct ll_upward_hash *sum, struct ll_upward_hash one)
{
    sum->b += one.b;
    sum->a += one.a + (sum->b < one.b);
}

char *ll_upward_hash_text(struct ll_upward_hash h, char out[LL_UPWARD_HASH_TEXT])
{
    snprintf(out, LL_UPWARD_HASH_TEXT, "%016" PRIx64 "%016" PRIx64, h.a, h.b);
    return out;
}

bool ll_upward_hash_read(struct ll_str text, struct ll_upward_hash *ret)
{
    *ret = (struct ll_upward_hash){0, 0};
    if (text.n != LL_UPWARD_HASH_TEXT - 1)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        static const char digits[] = "0123456789abcdef";
        const char *at = text.p[i] ? strchr(digits, text.p[i]) : NULL;
        uint64_t *w = i < 16 ? &ret->a : &ret->b;
        if (!at)
            return false;
        *w = *w << 4 | (uint64_t)(at - digits);
    }
    return true;
}

char *ll_upward_day_text(int64_t day, char out[LL_UPWARD_DAY_TEXT])
{
    unsigned m, d;
    int y;

    ll_civil_from_days((int32_t)day, &y, &m, &d);
    snprintf(out, LL_UPWARD_DAY_TEXT, "%04u-%02u-%02u", (unsigned)y % 10000, m % 100, d % 100);
    return out;
}
