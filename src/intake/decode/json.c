/* json.c - the backend for JSON: an array of objects, an object a line, or objects one after another.
 *
 * The columns are the paths of the first objects.  A path that only a later object has makes that row faulty (json_rows.c): a
 * column that nobody mapped would otherwise be lost without a word. */
#include "intake/decode/json.h"

#include "intake/decode/columns.h"
#include "intake/decode/json_value.h"
#include "intake/decode/json_wrap.h"
#include "intake/decode/window.h"

#include <stdlib.h>
#include <string.h>

enum { LEARN_OBJECTS = 1000, SHAPE_BYTES = 256 << 10, SHAPE_LINES = 20 };

struct ll_json_split json_splitter(const struct json_source *s, int64_t offset, uint64_t line)
{
    return (struct ll_json_split){.shape = s->shape,
                                  .next = s->shape == LL_JSON_ARRAY && offset == s->from ? LL_JSON_OPEN
                                                                                         : LL_JSON_VALUE,
                                  .max_record = s->in.opts->max_record,
                                  .wrapped = s->wrapped,
                                  .line = line};
}

/* --- opening --- */

/* Most lines look like whole objects: then a line that does not is one bad line. */
static bool objects_by_line(struct ll_str text, bool whole, size_t *lines)
{
    size_t objects = 0;

    *lines = 0;
    for (struct ll_str line, rest; text.n && *lines < SHAPE_LINES; text = rest) {
        bool more = ll_str_cut(text, '\n', &line, &rest);
        line = ll_str_trim(line);
        if (line.n == 0 || (!more && !whole))
            continue;
        ++*lines;
        objects += line.n > 1 && line.p[0] == '{' && line.p[line.n - 1] == '}';
    }
    return objects > 0 && objects * 2 >= *lines;
}

static void find_shape(struct json_source *s, struct ll_str head, bool whole)
{
    struct ll_str trimmed = ll_str_trim(head);
    size_t lines;
    bool by_line = objects_by_line(head, whole, &lines);

    s->first_line = 1;
    s->shape = by_line ? LL_JSON_LINES : LL_JSON_STREAM;
    if (trimmed.n && trimmed.p[0] == '[')
        s->shape = LL_JSON_ARRAY;
    struct ll_json_wrap wrap = by_line && lines > 1 ? (struct ll_json_wrap){0} : ll_json_unwrap(head);
    if (!wrap.depth)
        return;
    s->shape = LL_JSON_ARRAY;
    s->wrapped = wrap.depth;
    s->from += (int64_t)wrap.array;
    for (size_t i = 0; i < wrap.array; i++)
        s->first_line += head.p[i] == '\n';
}

struct learner {
    struct json_source *s;
    struct ll_json_value v;
    size_t objects;
    struct ll_err *err;
};

static int learn_cell(void *ctx, struct ll_str path, struct ll_str value)
{
    struct json_source *s = ((struct learner *)ctx)->s;

    (void)value;
    if (ll_json_key_find(&s->keys, path, SIZE_MAX) != SIZE_MAX || s->keys.n > s->in.opts->max_columns)
        return LL_OK;
    return ll_json_key_add(&s->keys, path, s->in.arena);
}

/* 1: go on; 0: enough, or the end. */
static int learn_value(struct learner *l, enum ll_json_found found, struct ll_str value)
{
    if (found == LL_JSON_DONE || found == LL_JSON_BROKEN)
        return 0;
    if (found != LL_JSON_GOT || ll_utf8_bad(value) < value.n)
        return 1;
    int rc = ll_json_read(&l->v, value);
    if (rc == LL_NOMEM)
        return ll_fail(l->err, LL_NOMEM, "读取 JSON 时内存不足", "out of memory reading JSON");
    l->objects += rc == LL_OK;
    return l->objects < LEARN_OBJECTS;
}

static int learn_columns(struct learner *l)
{
    struct ll_json_split split = json_splitter(l->s, l->s->from, l->s->first_line);
    struct ll_window w;
    const char *p = NULL;
    int rc = 1;

    ll_window_init(&w, l->s->in.file, l->s->from, l->s->to);
    while (rc > 0) {
        struct ll_str value;
        uint64_t line;
        int read = ll_window_more(&w, p ? (size_t)(p - w.p) : 0, l->err);
        if (read < 0) {
            rc = read;
            break;
        }
        p = w.p;
        for (enum ll_json_found f = LL_JSON_GOT; rc > 0 && f != LL_JSON_NEED;) {
            f = ll_json_split(&split, &p, w.p + w.n, w.last, &value, &line);
            rc = f == LL_JSON_NEED ? 1 : learn_value(l, f, value);
        }
    }
    ll_window_free(&w);
    return rc;
}

static const char *const shape_names[][2] = {
    [LL_JSON_LINES] = {"每行一个对象", "an object a line"},
    [LL_JSON_ARRAY] = {"对象数组", "an array of objects"},
    [LL_JSON_STREAM] = {"连续的对象", "objects one after another"},
};

static int learn(struct json_source *s, struct ll_source_info *info, struct ll_err *err)
{
    struct learner l = {.s = s, .err = err};

    ll_json_value_init(&l.v);
    l.v.cell = learn_cell;
    l.v.ctx = &l;
    int rc = learn_columns(&l);
    ll_json_value_free(&l.v);
    if (rc < 0)
        return rc;
    if ((rc = ll_columns_set(info, s->in.arena, s->keys.keys, s->keys.n, s->in.opts->max_columns, err)) < 0)
        return rc;
    info->format = s->shape == LL_JSON_ARRAY ? LL_FORMAT_JSON_ARRAY : LL_FORMAT_JSON_LINES;
    info->bytes = s->to - s->from;
    for (int lang = LL_ZH; lang <= LL_EN; lang++)
        info->text[lang] = ll_arena_printf(s->in.arena, lang == LL_ZH ? "%s，%zu 列" : "%s, %zu columns",
                                           shape_names[s->shape][lang], s->keys.n);
    return LL_OK;
}

static void json_close(void *impl)
{
    struct json_source *s = impl;

    if (s)
        ll_json_keys_free(&s->keys);
    free(s);
}

static int json_open(const struct ll_decode_input *in, struct ll_source_info *info, void **ret,
                     struct ll_err *err)
{
    struct json_source *s = calloc(1, sizeof *s);
    char *head = malloc(SHAPE_BYTES);
    size_t n = 0;
    int rc;

    if (!s || !head) {
        rc = ll_fail(err, LL_NOMEM, "打开交付文件时内存不足", "out of memory opening the delivery");
        goto done;
    }
    s->in = *in;
    s->from = in->offset;
    s->to = in->size;
    if ((rc = ll_bytes_read(in->file, head, SHAPE_BYTES, s->from, &n, err)) == LL_OK) {
        find_shape(s, (struct ll_str){head, n}, (int64_t)n == s->to - s->from);
        rc = learn(s, info, err);
    }
done:
    free(head);
    if (rc < 0)
        json_close(s);
    else
        *ret = s;
    return rc;
}

/* --- cutting into ranges --- */

struct cutter {
    const struct json_source *s;
    struct ll_window w;
    struct ll_json_split split;
    struct ll_range *ranges;
    unsigned n, max;
    uint64_t rows;
};

/* A whole value starts at `offset`: is it the first of a new range?  What is broken stays in the range that finds it so. */
static void cut_before(struct cutter *k, int64_t offset, uint64_t line)
{
    struct ll_range *r = &k->ranges[k->n - 1];
    int64_t share = (k->s->to - k->s->from) / k->max;

    if (k->n < k->max && r->rows > 0 && offset >= r->offset + share) {
        r->length = offset - r->offset;
        r = &k->ranges[k->n++];
        *r = (struct ll_range){.offset = offset, .first_row = k->rows + 1, .first_line = line};
    }
}

/* The array's end is missing: one more row says so (json_rows.c does the same). */
static bool cut_short(const struct cutter *k)
{
    return k->s->shape == LL_JSON_ARRAY && k->split.next != LL_JSON_END;
}

static int cut(struct cutter *k, struct ll_err *err)
{
    const char *p = NULL;
    struct ll_str value;
    uint64_t line;

    for (;;) {
        int rc = ll_window_more(&k->w, p ? (size_t)(p - k->w.p) : 0, err);
        if (rc < 0)
            return rc;
        p = k->w.p;
        for (;;) {
            const char *end = k->w.p + k->w.n;
            enum ll_json_found f = ll_json_split(&k->split, &p, end, k->w.last, &value, &line);
            if (f == LL_JSON_NEED)
                break;
            if (f == LL_JSON_DONE && !cut_short(k))
                return LL_OK;
            if (f == LL_JSON_GOT)
                cut_before(k, k->w.next - (end - value.p), line);
            k->ranges[k->n - 1].rows++;
            k->rows++;
            if (f == LL_JSON_DONE || f == LL_JSON_BROKEN)
                return LL_OK;
        }
    }
}

static int json_scan(void *impl, unsigned max, struct ll_range *ranges, unsigned *ret_n, uint64_t *ret_rows,
                     struct ll_err *err)
{
    const struct json_source *s = impl;
    struct cutter k = {.s = s,
                       .split = json_splitter(s, s->from, s->first_line),
                       .ranges = ranges,
                       .n = 1,
                       .max = max ? max : 1};

    ranges[0] = (struct ll_range){.offset = s->from, .first_row = 1, .first_line = s->first_line};
    ll_window_init(&k.w, s->in.file, s->from, s->to);
    int rc = cut(&k, err);
    ll_window_free(&k.w);
    ranges[k.n - 1].length = s->to - ranges[k.n - 1].offset;
    *ret_n = k.n;
    *ret_rows = k.rows;
    return rc;
}

const struct ll_decode_backend ll_decode_json = {json_open, json_scan, ll_json_rows, json_close};
