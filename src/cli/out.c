/* out.c - see out.h.  A table keeps its cells' texts one after another in a buffer, with an array of where each begins. */
#include "cli/out.h"

#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { TABLE_MAX = 1 << 30, GAP = 2 };

struct ll_grid {
    struct ll_cli *cli;
    const struct ll_column *columns;
    size_t n;
    struct ll_buf text; /* of all cells: what is shown, or the JSON value with --json */
    size_t *ends;
    size_t cells, cap;
    size_t *widths;
    bool failed;
};

struct ll_grid *ll_grid_new(struct ll_cli *c, const struct ll_column *columns, size_t n)
{
    struct ll_grid *t = calloc(1, sizeof *t);

    if (!t)
        return NULL;
    *t = (struct ll_grid){.cli = c, .columns = columns, .n = n, .text = LL_BUF_INIT(TABLE_MAX)};
    t->widths = calloc(n, sizeof *t->widths);
    t->failed = !t->widths;
    return t;
}

static struct ll_grid *grid_free(struct ll_grid *t)
{
    ll_buf_free(&t->text);
    free(t->ends);
    free(t->widths);
    free(t);
    return NULL;
}

size_t ll_grid_rows(const struct ll_grid *t)
{
    return t ? t->cells / t->n : 0;
}

/* Ends the cell that was just appended to t->text. */
static void cell_done(struct ll_grid *t)
{
    size_t from = t->cells ? t->ends[t->cells - 1] : 0;

    if (t->cells == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 256;
        size_t *ends = reallocarray(t->ends, cap, sizeof *ends);
        if (!ends) {
            t->failed = true;
            return;
        }
        t->ends = ends;
        t->cap = cap;
    }
    if (t->text.failed || t->failed) {
        t->failed = true;
        return;
    }
    t->ends[t->cells] = t->text.n;
    size_t width = ll_utf8_width((struct ll_str){t->text.p ? t->text.p + from : "", t->text.n - from});
    if (width > t->widths[t->cells % t->n])
        t->widths[t->cells % t->n] = width;
    t->cells++;
}

void ll_grid_raw(struct ll_grid *t, struct ll_str text, struct ll_str json)
{
    if (!t || t->failed)
        return;
    if (t->cli->json)
        ll_buf_str(&t->text, json);
    else
        ll_out_safe(&t->text, text);
    cell_done(t);
}

void ll_grid_str(struct ll_grid *t, struct ll_str s)
{
    if (!t || t->failed)
        return;
    if (!t->cli->json)
        ll_out_safe(&t->text, s);
    else if (s.p)
        ll_buf_json(&t->text, s);
    else
        ll_buf_z(&t->text, "null");
    cell_done(t);
}

void ll_grid_z(struct ll_grid *t, const char *z)
{
    ll_grid_str(t, ll_str(z));
}

void ll_grid_word(struct ll_grid *t, const char *word, const char *title)
{
    if (t)
        ll_grid_z(t, t->cli->json ? word : title);
}

void ll_grid_int(struct ll_grid *t, int64_t v)
{
    if (!t || t->failed)
        return;
    if (t->cli->json)
        ll_buf_printf(&t->text, "%lld", (long long)v);
    else
        ll_out_thousands(&t->text, v);
    cell_done(t);
}

void ll_grid_num(struct ll_grid *t, double v, int decimals)
{
    if (!t || t->failed)
        return;
    if (t->cli->json) {
        struct ll_json j;
        ll_json_init(&j, &t->text);
        ll_json_num(&j, v);
    } else {
        ll_buf_printf(&t->text, "%.*f", decimals, v);
    }
    cell_done(t);
}

void ll_grid_bool(struct ll_grid *t, bool v)
{
    if (!t)
        return;
    ll_grid_raw(t, v ? ll_str(ll_say(t->cli, "是", "yes")) : ll_str(ll_say(t->cli, "否", "no")),
                v ? LL_STR("true") : LL_STR("false"));
}

const char *ll_out_local(int64_t ms, char out[LL_LOCAL_TEXT])
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;

    out[0] = 0;
    if (localtime_r(&seconds, &tm))
        strftime(out, LL_LOCAL_TEXT, "%Y-%m-%d %H:%M:%S", &tm);
    return out;
}

void ll_grid_time(struct ll_grid *t, int64_t ms)
{
    char utc[LL_TIME_TEXT], local[LL_LOCAL_TEXT];

    if (!t || ms == 0)
        ll_grid_str(t, (struct ll_str){0});
    else
        ll_grid_z(t, t->cli->json ? ll_time_text(ms, utc) : ll_out_local(ms, local));
}

static struct ll_str cell(const struct ll_grid *t, size_t i)
{
    size_t from = i ? t->ends[i - 1] : 0;

    return (struct ll_str){t->text.p ? t->text.p + from : "", t->ends[i] - from};
}

static void json_row(const struct ll_grid *t, struct ll_json *j, size_t row)
{
    ll_json_obj(j);
    for (size_t i = 0; i < t->n; i++) {
        ll_json_key(j, t->columns[i].key);
        ll_json_raw(j, cell(t, row * t->n + i));
    }
    ll_json_end_obj(j);
}

/* One line; no blanks are left at its end. */
static void text_cell(struct ll_grid *t, size_t column, struct ll_str s)
{
    struct ll_buf *out = &t->cli->out;
    size_t blanks = t->widths[column] - ll_utf8_width(s);

    if (t->columns[column].align == LL_RIGHT)
        ll_out_pad(out, blanks);
    ll_buf_str(out, s);
    if (column + 1 == t->n) {
        while (out->n && out->p[out->n - 1] == ' ')
            out->n--;
        ll_buf_c(out, '\n');
    } else {
        ll_out_pad(out, GAP + (t->columns[column].align == LL_LEFT ? blanks : 0));
    }
}

static const char *heading(const struct ll_grid *t, size_t column)
{
    return ll_say(t->cli, t->columns[column].zh, t->columns[column].en);
}

static void text_table(struct ll_grid *t)
{
    for (size_t i = 0; i < t->n; i++) {
        size_t width = ll_utf8_width(ll_str(heading(t, i)));
        if (width > t->widths[i])
            t->widths[i] = width;
    }
    for (size_t i = 0; i < t->n; i++)
        text_cell(t, i, ll_str(heading(t, i)));
    for (size_t i = 0; i < t->cells; i++)
        text_cell(t, i % t->n, cell(t, i));
}

static void text_card(struct ll_grid *t)
{
    size_t width = 0;

    for (size_t i = 0; i < t->n; i++) {
        size_t w = ll_utf8_width(ll_str(heading(t, i)));
        width = w > width ? w : width;
    }
    for (size_t i = 0; i < t->cells; i++) {
        struct ll_str s = cell(t, i);
        if (s.n == 0)
            continue;
        ll_buf_z(&t->cli->out, heading(t, i));
        ll_out_pad(&t->cli->out, width + GAP - ll_utf8_width(ll_str(heading(t, i))));
        ll_buf_str(&t->cli->out, s);
        ll_buf_c(&t->cli->out, '\n');
    }
}

static void json_table(const struct ll_grid *t, bool card)
{
    struct ll_json j;

    ll_json_init(&j, &t->cli->out);
    if (!card)
        ll_json_arr(&j);
    for (size_t row = 0; row < t->cells / t->n; row++)
        json_row(t, &j, row);
    if (!card)
        ll_json_end_arr(&j);
    ll_buf_c(&t->cli->out, '\n');
}

static int grid_end(struct ll_grid *t, bool card, struct ll_err *err)
{
    bool failed = !t || t->failed;

    if (!failed) {
        LL_ASSERT(t->cells % t->n == 0 && (!card || t->cells == t->n));
        if (t->cli->json)
            json_table(t, card);
        else if (card)
            text_card(t);
        else
            text_table(t);
        failed = t->cli->out.failed;
    }
    if (t)
        grid_free(t);
    return failed ? ll_fail(err, LL_NOMEM, "内存不足", "out of memory") : LL_OK;
}

int ll_grid_end(struct ll_grid *t, struct ll_err *err)
{
    return grid_end(t, false, err);
}

int ll_grid_done(struct ll_grid *t, int rc, struct ll_err *err)
{
    struct ll_err ignored; /* the first failure is the one to tell */

    if (rc >= 0)
        return ll_grid_end(t, err);
    if (t && t->n && t->cells >= t->n) {
        t->cells -= t->cells % t->n;
        (void)!ll_grid_end(t, &ignored);
    } else if (t) {
        grid_free(t);
    }
    return rc;
}

int ll_grid_end_card(struct ll_grid *t, struct ll_err *err)
{
    return grid_end(t, true, err);
}

void ll_out_line(struct ll_cli *c, const char *zh, const char *en, ...)
{
    va_list ap;

    if (c->json)
        return;
    va_start(ap, en);
    ll_buf_vprintf(&c->out, c->lang == LL_ZH ? zh : en, ap);
    va_end(ap);
    ll_buf_c(&c->out, '\n');
}

int ll_out_flush(struct ll_cli *c, struct ll_err *err)
{
    if (c->out.failed)
        return ll_fail(err, LL_NOMEM, "输出过大，内存不足", "the output is too large for memory");
    for (size_t done = 0; done < c->out.n;) {
        ssize_t n = write(STDOUT_FILENO, c->out.p + done, c->out.n - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EPIPE)
            c->unread = true;
        if (n < 0)
            return ll_fail_errno(err, LL_IO, "写标准输出失败", "cannot write to standard output");
        done += (size_t)n;
    }
    ll_buf_clear(&c->out);
    return LL_OK;
}

void ll_out_safe(struct ll_buf *out, struct ll_str s)
{
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        int32_t cp = ll_utf8_next(s, &at);
        if (cp == '\n' || cp == '\r' || cp == '\t')
            ll_buf_c(out, ' ');
        else if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0xfffd)
            ll_buf_z(out, "\xef\xbf\xbd");
        else
            ll_buf_add(out, s.p + from, at - from);
    }
}

void ll_out_thousands(struct ll_buf *out, int64_t v)
{
    char digits[24];
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)u);

    if (v < 0)
        ll_buf_c(out, '-');
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0)
            ll_buf_c(out, ',');
        ll_buf_c(out, digits[i]);
    }
}

void ll_out_pad(struct ll_buf *out, size_t columns)
{
    while (columns-- > 0)
        ll_buf_c(out, ' ');
}

void ll_out_bytes(struct ll_buf *out, uint64_t bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double v = (double)bytes;
    size_t i = 0;

    for (; v >= 1024 && i + 1 < LL_COUNT(units); i++)
        v /= 1024;
    ll_buf_printf(out, i ? "%.1f %s" : "%.0f %s", v, units[i]);
}

/* Bytes of the piece that may not be broken: one wide character, or the run up to the next blank or wide one.  Closing
 * punctuation stays with what it follows. */
static size_t piece(struct ll_str s)
{
    size_t at = 0;

    ll_utf8_next(s, &at);
    bool ascii = (unsigned char)s.p[0] < 0x80;
    while (at < s.n) {
        size_t next = at;
        int32_t cp = ll_utf8_next(s, &next);
        bool closing = cp == 0x3002 || cp == 0xff0c || cp == 0xff1b || cp == 0xff1a || cp == 0x3001 ||
                       cp == 0xff09 || cp == 0x201d;
        if (!closing && (!ascii || cp >= 0x80 || cp == ' '))
            break;
        at = next;
    }
    return at;
}

void ll_out_wrap(struct ll_buf *out, struct ll_str s, size_t indent, size_t width)
{
    size_t column = 0;
    bool gap = false; /* a blank that is written only if a word follows on the line */

    while (s.n) {
        struct ll_str word = {s.p, s.p[0] == ' ' ? 1 : piece(s)};
        size_t w = ll_utf8_width(word);
        s = (struct ll_str){s.p + word.n, s.n - word.n};
        if (word.p[0] == ' ') {
            gap = column != 0;
            continue;
        }
        if (column && column + gap + w > width) {
            ll_buf_c(out, '\n');
            column = 0;
            gap = false;
        }
        if (column == 0) {
            ll_out_pad(out, indent);
            column = indent;
        }
        ll_out_pad(out, gap);
        ll_buf_str(out, word);
        column += gap + w;
        gap = false;
    }
    ll_buf_c(out, '\n');
}
