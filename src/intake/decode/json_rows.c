/* json_rows.c - JSON values become rows.
 *
 * A value that is no object, or not JSON, is one faulty row where its end can be found.  Where it cannot (a bracket or a quote is
 * missing), the rest of the text is one faulty row that names the position. */
#include "intake/decode/json.h"
#include "intake/decode/json_value.h"
#include "intake/decode/window.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN_KEY = 100 };

struct json_rows {
    struct ll_rows base;
    const struct json_source *s;
    struct ll_window w;
    const char *p;     /* the next byte in the window */
    const char *valid; /* what lies before it in the window is valid UTF-8 */
    struct ll_json_split split;
    struct ll_json_value v;
    uint64_t number; /* of the next row */
    bool over;       /* the end was reached, or the rest was given out as one row */
    struct ll_str *cells;
    uint64_t *filled; /* number of the row in which the column was last set */
    size_t hint;
    bool nul;
    struct ll_lossy lossy;
    struct ll_buf zh, en, text; /* of the last faulty row */
    struct ll_str raw;
};

static int no_memory(struct ll_err *err)
{
    return ll_fail(err, LL_NOMEM, "读取数据行时内存不足", "out of memory reading rows");
}

static int more(struct json_rows *k, struct ll_err *err)
{
    int rc = ll_window_more(&k->w, k->p ? (size_t)(k->p - k->w.p) : 0, err);

    if (rc < 0)
        return rc;
    k->p = k->w.p;
    k->valid = k->w.p + ll_utf8_bad((struct ll_str){k->w.p, k->w.n});
    return LL_OK;
}

/* --- faulty rows --- */

static int give_faulty(struct json_rows *k, struct ll_row *row, int fault, struct ll_str raw,
                       struct ll_err *err)
{
    raw.n = raw.n < LL_SOURCE_RAW ? raw.n : LL_SOURCE_RAW;
    ll_buf_clear(&k->text);
    for (struct ll_str head; raw.n;) { /* a NUL is shown as U+FFFD */
        bool nul = ll_str_cut(raw, 0, &head, &raw);
        ll_lossy_add(&k->lossy, head, &k->text);
        if (nul)
            ll_buf_z(&k->text, "\xef\xbf\xbd");
    }
    if (k->text.failed || k->zh.failed || k->en.failed)
        return no_memory(err);
    k->raw = (struct ll_str){k->text.p ? k->text.p : "", k->text.n};
    row->cells = &k->raw;
    row->n = 1;
    row->fault = fault;
    row->detail_zh = k->zh.n ? k->zh.p : NULL;
    row->detail_en = k->en.n ? k->en.p : NULL;
    return 1;
}

static void clear_detail(struct json_rows *k)
{
    ll_buf_clear(&k->zh);
    ll_buf_clear(&k->en);
    k->lossy.other = false;
}

/* "line 3, character 17 of the value: ..." for the byte at `at` of a value that starts on `line`.  Not the column: one array may be one line
 * of gigabytes. */
static void say_where(struct json_rows *k, struct ll_str value, uint64_t line, size_t at, const char *zh,
                      const char *en)
{
    const char *here = value.p + at;

    for (const char *p = value.p; (p = memchr(p, '\n', (size_t)(here - p))) != NULL; p++)
        line++;
    unsigned long long l = line;
    size_t character = ll_utf8_count((struct ll_str){value.p, at}) + 1;
    ll_buf_printf(&k->zh, "第 %llu 行，该值的第 %zu 个字符：%s", l, character, zh);
    ll_buf_printf(&k->en, "line %llu, character %zu of the value: %s", l, character, en);
}

/* The raw text of the rest, of which the window may hold only a part. */
static int give_rest(struct json_rows *k, struct ll_row *row, struct ll_str rest, struct ll_err *err)
{
    int64_t offset = k->w.next - (int64_t)rest.n, left = k->w.to - offset;
    size_t want = left < LL_SOURCE_RAW ? (size_t)left : LL_SOURCE_RAW, n;
    char *raw = malloc(want + 1);
    int rc = raw ? ll_bytes_read(k->w.file, raw, want, offset, &n, err) : no_memory(err);

    if (rc == LL_OK)
        rc = give_faulty(k, row, LL_FAULT_DECODE_JSON, (struct ll_str){raw, n}, err);
    free(raw);
    return rc;
}

/* rest: from where nothing can be made out any more to the end of the window. */
static int broken(struct json_rows *k, struct ll_row *row, struct ll_str rest, struct ll_err *err)
{
    enum ll_json_next next = k->split.next;
    struct ll_str value = {rest.p, rest.n < k->split.max_record ? rest.n : k->split.max_record};
    const char *zh = "数组没有以 ] 结束", *en = "the array does not end with ]";
    size_t at = 0;

    k->over = true;
    if (next == LL_JSON_END) {
        zh = "数组结束之后的内容有误";
        en = "something is wrong after the end of the array";
    } else if (rest.n && next == LL_JSON_COMMA) {
        zh = "元素之间应为逗号";
        en = "a comma should stand between elements";
    } else if (rest.n && ll_json_read(&k->v, value) == LL_INVALID &&
               (k->v.at < value.n || value.n == rest.n)) {
        zh = k->v.zh;
        en = k->v.en;
        at = k->v.at;
    } else if (rest.n) {
        zh = "一个值超过了长度上限，或引号、括号没有闭合";
        en = "a value over the limit, or a quote or bracket that never closes";
    }
    clear_detail(k); /* reading the value again may have found fault with its keys */
    say_where(k, rest, row->line, at, zh, en);
    ll_buf_z(&k->zh, "；从这一值起到文件末尾都无法读取");
    ll_buf_z(&k->en, "; from this value to the end of the file nothing can be read");
    return give_rest(k, row, rest, err);
}

static int too_long(struct json_rows *k, struct ll_row *row, struct ll_str value, struct ll_err *err)
{
    clear_detail(k);
    ll_buf_printf(&k->zh, "一行超过 %zu 字节", k->split.max_record);
    ll_buf_printf(&k->en, "a line of more than %zu bytes", k->split.max_record);
    return give_faulty(k, row, LL_FAULT_DECODE_LONG, value, err);
}

/* --- whole rows --- */

static void say_key(struct json_rows *k, struct ll_str key, const char *zh, const char *en)
{
    if (k->zh.n)
        return; /* the first one is enough */
    key.n = key.n < SHOWN_KEY ? key.n : SHOWN_KEY;
    key.n = ll_utf8_bad(key); /* cut at a whole character */
    ll_buf_printf(&k->zh, zh, LL_STR_ARG(key));
    ll_buf_printf(&k->en, en, LL_STR_ARG(key));
}

static int take_cell(void *ctx, struct ll_str path, struct ll_str value)
{
    struct json_rows *k = ctx;
    size_t at = ll_json_key_find(&k->s->keys, path, k->hint);

    if (at == SIZE_MAX) {
        say_key(k, path, "出现了此前没有的键 " LL_STR_FMT, "a key that was not there before: " LL_STR_FMT);
        return LL_OK;
    }
    bool again = k->filled[at] == k->number;
    bool same = again && !k->cells[at].p == !value.p && ll_str_eq(k->cells[at], value);
    if (again && !same)
        say_key(k, path, "键 " LL_STR_FMT " 出现了两次，值不同",
                "the key " LL_STR_FMT " occurs twice, with different values");
    k->nul |= value.p && memchr(value.p, 0, value.n) != NULL;
    k->cells[at] = value;
    k->filled[at] = k->number;
    k->hint = at + 1;
    return LL_OK;
}

static int read_value(struct json_rows *k, struct ll_str value)
{
    clear_detail(k);
    memset(k->cells, 0, k->s->keys.n * sizeof *k->cells);
    k->hint = 0;
    k->nul = false;
    return ll_json_read(&k->v, value);
}

static int make_row(struct json_rows *k, struct ll_row *row, struct ll_str value, struct ll_err *err)
{
    bool utf8 = value.p + value.n <= k->valid || ll_utf8_bad(value) == value.n;

    if (!utf8) {
        clear_detail(k);
        ll_lossy_explain(&k->lossy, value, &k->zh, &k->en);
        return give_faulty(k, row, LL_FAULT_DECODE_CHARSET, value, err);
    }
    int rc = read_value(k, value);
    if (rc == LL_NOMEM)
        return no_memory(err);
    if (rc < 0) {
        clear_detail(k);
        say_where(k, value, row->line, k->v.at, k->v.zh, k->v.en);
        return give_faulty(k, row, LL_FAULT_DECODE_JSON, value, err);
    }
    if (k->zh.n)
        return give_faulty(k, row, LL_FAULT_DECODE_COLUMNS, value, err);
    if (k->nul)
        return give_faulty(k, row, LL_FAULT_DECODE_NUL, value, err);
    row->cells = k->cells;
    row->n = k->s->keys.n;
    return 1;
}

/* The last range of an array must reach its closing bracket. */
static bool cut_short(const struct json_rows *k)
{
    return k->s->shape == LL_JSON_ARRAY && k->split.next != LL_JSON_END && k->w.to == k->s->to;
}

static int next(struct ll_rows *rows, struct ll_row *row, struct ll_err *err)
{
    struct json_rows *k = (struct json_rows *)rows;
    enum ll_json_found found = LL_JSON_NEED;
    struct ll_str value = {0};
    uint64_t line = 0;

    while (!k->over && found == LL_JSON_NEED) {
        if (k->p)
            found = ll_json_split(&k->split, &k->p, k->w.p + k->w.n, k->w.last, &value, &line);
        int rc = found == LL_JSON_NEED ? more(k, err) : LL_OK;
        if (rc < 0)
            return rc;
    }
    if (k->over || (found == LL_JSON_DONE && !cut_short(k)))
        return 0;
    *row = (struct ll_row){.number = k->number, .line = line, .fault = -1};
    int rc = found == LL_JSON_GOT ? make_row(k, row, value, err)
             : found == LL_JSON_LONG
                 ? too_long(k, row, value, err)
                 : broken(k, row, found == LL_JSON_DONE ? (struct ll_str){k->p, 0} : value, err);
    k->number++;
    return rc;
}

static void close_rows(struct ll_rows *rows)
{
    struct json_rows *k = (struct json_rows *)rows;

    ll_window_free(&k->w);
    ll_json_value_free(&k->v);
    ll_lossy_free(&k->lossy);
    ll_buf_free(&k->zh);
    ll_buf_free(&k->en);
    ll_buf_free(&k->text);
    free(k->cells);
    free(k->filled);
    free(k);
}

static const struct ll_rows_ops ops = {next, close_rows};

int ll_json_rows(void *impl, const struct ll_range *range, struct ll_rows **ret, struct ll_err *err)
{
    const struct json_source *s = impl;
    struct ll_range all = {
        .offset = s->from, .length = s->to - s->from, .first_row = 1, .first_line = s->first_line};
    struct json_rows *k = calloc(1, sizeof *k);

    if (!k)
        return no_memory(err);
    if (!range)
        range = &all;
    k->base.ops = &ops;
    k->s = s;
    k->number = range->first_row;
    k->split = json_splitter(s, range->offset, range->first_line);
    k->lossy.file = s->in.charset;
    k->zh = k->en = LL_BUF_INIT(8192);
    k->text = LL_BUF_INIT(LL_SOURCE_RAW * 4);
    ll_window_init(&k->w, s->in.file, range->offset, range->offset + range->length);
    ll_json_value_init(&k->v);
    k->v.cell = take_cell;
    k->v.ctx = k;
    k->cells = calloc(s->keys.n + 1, sizeof *k->cells);
    k->filled = calloc(s->keys.n + 1, sizeof *k->filled);
    if (!k->cells || !k->filled) {
        close_rows(&k->base);
        return no_memory(err);
    }
    *ret = &k->base;
    return LL_OK;
}
