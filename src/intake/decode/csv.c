/* csv.c - the backend for delimited text.  What a record is, base/csv.h says; here the file is opened and cut into
 * ranges; csv_rows.c makes rows of its records. */
#include "intake/decode/csv.h"

#include "intake/decode/columns.h"
#include "intake/decode/dialect.h"
#include "intake/decode/window.h"

#include <stdlib.h>
#include <string.h>

enum { SAMPLE_BYTES = 512 << 10, DOS_END = 0x1a };

/* --- opening --- */

static int set_names(struct csv_source *s, const struct ll_layout *l, struct ll_source_info *info,
                     struct ll_err *err)
{
    struct ll_lossy lossy = {.file = s->in.charset};
    struct ll_str *cells = ll_arena_array(s->in.arena, l->n, sizeof *cells);
    struct ll_buf text = LL_BUF_INIT(1 << 20);

    for (size_t i = 0; cells && l->header && i < l->n; i++) {
        ll_buf_clear(&text);
        ll_lossy_add(&lossy, l->header[i], &text);
        cells[i] = (struct ll_str){ll_arena_dup(s->in.arena, ll_buf_view(&text)), text.n};
    }
    bool failed = !cells || text.failed;
    ll_buf_free(&text);
    ll_lossy_free(&lossy);
    if (failed)
        return ll_fail(err, LL_NOMEM, "读取表头时内存不足", "out of memory reading the header");
    return ll_columns_set(info, s->in.arena, cells, l->n, s->in.opts->max_columns, err);
}

static const struct {
    char c;
    const char *zh, *en;
} delimiter_names[] = {
    {',', "逗号分隔", "comma"},        {'\t', "制表符分隔", "tab"},  {';', "分号分隔", "semicolon"},
    {'|', "竖线分隔", "vertical bar"}, {'^', "脱字符分隔", "caret"}, {'\x01', "\\x01 分隔", "\\x01"},
};

static void describe(struct csv_source *s, struct ll_source_info *info, const struct ll_layout *l)
{
    const char *zh = "自定分隔符", *en = "custom delimiter";
    struct ll_arena *a = s->in.arena;

    for (size_t i = 0; i < LL_COUNT(delimiter_names); i++)
        if (delimiter_names[i].c == s->d.delim) {
            zh = delimiter_names[i].zh;
            en = delimiter_names[i].en;
        }
    char quote[4] = {s->d.quote};
    unsigned long long line = l->line;
    info->text[LL_ZH] = ll_arena_printf(
        a, "%s，%s%s，%s，%zu 列", zh, s->d.quote ? "引号 " : "无引号", quote,
        l->line ? ll_arena_printf(a, "表头在第 %llu 行（之上 %u 行标题）", line, l->titles) : "没有表头",
        l->n);
    info->text[LL_EN] = ll_arena_printf(
        a, "%s, %s%s, %s, %zu columns", en, s->d.quote ? "quote " : "no quote", quote,
        l->line ? ll_arena_printf(a, "header on line %llu (%u lines of title above)", line, l->titles)
                : "no header",
        l->n);
}

static int read_layout(struct csv_source *s, struct ll_source_info *info, struct ll_str sample, bool whole,
                       struct ll_err *err)
{
    struct ll_dialect d;
    struct ll_layout l;
    int rc;

    if ((rc = ll_dialect_find(sample, whole, s->in.opts, &d, err)) < 0 ||
        (rc = ll_layout_find(sample, whole, &d, s->in.opts, s->in.arena, &l, err)) < 0 ||
        (rc = set_names(s, &l, info, err)) < 0)
        return rc;
    s->d = d.csv;
    s->columns = info->n_columns;
    s->from = s->in.offset + (int64_t)l.offset;
    s->first_line = l.first_line;
    info->format = LL_FORMAT_CSV;
    info->dialect = d.csv;
    info->header_line = l.line;
    info->title_rows = l.titles;
    describe(s, info, &l);
    return LL_OK;
}

/* DOS programs end a text with Ctrl-Z, which is no part of it. */
static int find_end(struct csv_source *s, struct ll_err *err)
{
    char final = 0;
    size_t n;

    s->to = s->in.size;
    if (s->to <= s->in.offset)
        return LL_OK;
    int rc = ll_bytes_read(s->in.file, &final, 1, s->to - 1, &n, err);
    if (rc == LL_OK && n == 1 && final == DOS_END)
        s->to--;
    return rc;
}

static void csv_close(void *impl)
{
    free(impl);
}

static int csv_open(const struct ll_decode_input *in, struct ll_source_info *info, void **ret,
                    struct ll_err *err)
{
    struct csv_source *s = calloc(1, sizeof *s);
    char *sample = malloc(SAMPLE_BYTES);
    size_t n = 0;
    int rc;

    if (!s || !sample) {
        rc = ll_fail(err, LL_NOMEM, "打开交付文件时内存不足", "out of memory opening the delivery");
        goto done;
    }
    s->in = *in;
    if ((rc = find_end(s, err)) < 0)
        goto done;
    int64_t left = s->to - in->offset;
    size_t want = left < SAMPLE_BYTES ? (size_t)left : SAMPLE_BYTES;
    if ((rc = ll_bytes_read(in->file, sample, want, in->offset, &n, err)) == LL_OK)
        rc = read_layout(s, info, (struct ll_str){sample, n}, (int64_t)n == left, err);
    info->bytes = s->to - in->offset;
done:
    free(sample);
    if (rc < 0)
        csv_close(s);
    else
        *ret = s;
    return rc;
}

/* --- cutting into ranges --- */

struct cutter {
    const struct csv_source *s;
    struct ll_window w;
    struct ll_csv c;
    struct ll_csv_record r;
    struct ll_csv_count count;
    struct ll_range *ranges;
    unsigned n, share,
        max; /* ranges begun, shares of the file begun (a long record may take several), shares */
};

static int64_t position(const struct cutter *k)
{
    return k->w.next - (int64_t)(k->c.end - k->c.p);
}

/* Where the next share begins, or the end of the file when this is the last. */
static int64_t target(const struct cutter *k)
{
    return k->share == k->max ? k->s->to : k->s->from + (k->s->to - k->s->from) / k->max * k->share;
}

static void end_range(struct cutter *k)
{
    struct ll_range *r = &k->ranges[k->n - 1];

    r->length = position(k) - r->offset;
    r->rows = k->count.records - (r->first_row - 1);
}

static void begin_range(struct cutter *k)
{
    k->ranges[k->n++] = (struct ll_range){
        .offset = position(k), .first_row = k->count.records + 1, .first_line = k->c.line};
}

/* Passes over what the window holds, beginning a range wherever a target is reached. */
static int cut_window(struct cutter *k)
{
    for (;;) {
        int64_t ahead = target(k) - position(k);
        bool here = ahead < k->c.end - k->c.p;
        const char *stop = !here ? k->c.end : ahead > 0 ? k->c.p + ahead : k->c.p;
        int rc = ll_csv_skip(&k->c, stop, &k->count, &k->r);
        if (rc <= 0)
            return rc;
        k->share++;
        end_range(k);
        if (k->ranges[k->n - 1].rows)
            begin_range(k);
    }
}

static int csv_scan(void *impl, unsigned max, struct ll_range *ranges, unsigned *ret_n, uint64_t *ret_rows,
                    struct ll_err *err)
{
    const struct csv_source *s = impl;
    struct cutter k = {.s = s, .ranges = ranges, .share = 1, .max = max ? max : 1};
    int rc;

    ll_window_init(&k.w, s->in.file, s->from, s->to);
    ll_csv_init(&k.c, NULL, 0, s->d, false);
    k.c.max_record = s->in.opts->max_record;
    k.c.line = s->first_line;
    begin_range(&k);
    do {
        if ((rc = ll_window_more(&k.w, (size_t)(k.c.p - k.c.base), err)) < 0)
            break;
        ll_csv_feed(&k.c, k.w.p, k.w.n, k.w.last);
        rc = cut_window(&k);
    } while (rc == 0 && !k.w.last);
    if (rc == LL_NOMEM)
        ll_fail(err, LL_NOMEM, "统计行数时内存不足", "out of memory counting rows");
    end_range(&k);
    if (k.n > 1 && ranges[k.n - 1].rows == 0) { /* only empty lines were left */
        ranges[k.n - 2].length += ranges[k.n - 1].length;
        k.n--;
    }
    *ret_n = k.n;
    *ret_rows = k.count.records;
    ll_window_free(&k.w);
    ll_csv_free(&k.c);
    ll_csv_record_free(&k.r);
    return rc < 0 ? rc : LL_OK;
}

const struct ll_decode_backend ll_decode_csv = {csv_open, csv_scan, ll_csv_rows, csv_close};
