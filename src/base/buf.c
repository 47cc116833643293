/* buf.c - see buf.h. */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ll_buf_free(struct ll_buf *b)
{
    free(b->p);
    *b = LL_BUF_INIT(b->ceiling);
}

void ll_buf_clear(struct ll_buf *b)
{
    b->n = 0;
    b->failed = false;
    if (b->p)
        b->p[0] = 0;
}

bool ll_buf_reserve(struct ll_buf *b, size_t more)
{
    if (b->failed)
        return false;
    if (more > b->ceiling - b->n) {
        b->failed = true;
        return false;
    }
    if (more < b->cap - b->n) /* one byte is kept for the NUL */
        return true;
    size_t cap = b->cap ? b->cap * 2 : 256;
    while (cap < b->n + more + 1)
        cap *= 2;
    char *p = realloc(b->p, cap);
    if (!p) {
        b->failed = true;
        return false;
    }
    b->p = p;
    b->cap = cap;
    return true;
}

void ll_buf_add(struct ll_buf *b, const void *p, size_t n)
{
    if (!ll_buf_reserve(b, n))
        return;
    if (n)
        memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = 0;
}

void ll_buf_str(struct ll_buf *b, struct ll_str s)
{
    ll_buf_add(b, s.p, s.n);
}

void ll_buf_z(struct ll_buf *b, const char *z)
{
    ll_buf_str(b, ll_str(z));
}

void ll_buf_c(struct ll_buf *b, char c)
{
    if (b->failed || b->n + 1 >= b->cap ||
        b->n == b->ceiling) { /* rare: JSON is written by many such bytes */
        ll_buf_add(b, &c, 1);
        return;
    }
    b->p[b->n++] = c;
    b->p[b->n] = 0;
}

void ll_buf_vprintf(struct ll_buf *b, const char *fmt, va_list ap)
{
    va_list again;

    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (n < 0 || !ll_buf_reserve(b, (size_t)n)) {
        b->failed = true;
        return;
    }
    vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
    b->n += (size_t)n;
}

void ll_buf_printf(struct ll_buf *b, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    ll_buf_vprintf(b, fmt, ap);
    va_end(ap);
}

struct ll_str ll_buf_view(const struct ll_buf *b)
{
    return (struct ll_str){b->p ? b->p : "", b->n};
}

static const char *json_escape(unsigned char c, char hex[8])
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    case '\b':
        return "\\b";
    case '\f':
        return "\\f";
    default:
        snprintf(hex, 8, "\\u%04x", c);
        return hex;
    }
}

/* How many bytes from i on need nothing done to them.  Most texts are written in one piece, so this is what writing JSON costs. */
static size_t plain_run(struct ll_str s, size_t i, size_t end)
{
    size_t from = i;

    for (; i < end; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x20 || c == '"' || c == '\\')
            break;
    }
    return i - from;
}

void ll_buf_json(struct ll_buf *b, struct ll_str s)
{
    char hex[8];
    size_t good = ll_utf8_bad(s);

    ll_buf_c(b, '"');
    for (size_t i = 0; i < s.n;) {
        size_t n = plain_run(s, i, good < s.n ? good : s.n);
        ll_buf_add(b, s.p + i, n);
        if ((i += n) >= s.n)
            break;
        ll_buf_z(b, i == good ? "\xef\xbf\xbd" : json_escape((unsigned char)s.p[i], hex));
        if (i++ == good)
            good = i + ll_utf8_bad((struct ll_str){s.p + i, s.n - i});
    }
    ll_buf_c(b, '"');
}

static const char *html_escape(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void ll_buf_percent(struct ll_buf *b, struct ll_str s, const char *keep)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            (c && (strchr("-._~", c) || strchr(keep, c))))
            ll_buf_c(b, c);
        else
            ll_buf_printf(b, "%%%02X", (unsigned char)c);
    }
}

void ll_buf_html(struct ll_buf *b, struct ll_str s)
{
    size_t from = 0;

    for (size_t i = 0; i < s.n; i++) {
        const char *instead = html_escape(s.p[i]);
        if (!instead)
            continue;
        ll_buf_add(b, s.p + from, i - from);
        ll_buf_z(b, instead);
        from = i + 1;
    }
    ll_buf_add(b, s.p + from, s.n - from);
}

/* quote + s with every quote doubled + quote: the shape that SQL, SQL names and CSV share. */
static void doubled(struct ll_buf *b, struct ll_str s, char quote)
{
    ll_buf_c(b, quote);
    for (const char *at; s.n && (at = memchr(s.p, quote, s.n)) != NULL;) {
        size_t n = (size_t)(at - s.p) + 1;
        ll_buf_add(b, s.p, n);
        ll_buf_c(b, quote);
        s.p += n;
        s.n -= n;
    }
    ll_buf_str(b, s);
    ll_buf_c(b, quote);
}

void ll_buf_sql(struct ll_buf *b, struct ll_str s)
{
    doubled(b, s, '\'');
}

void ll_buf_sql_name(struct ll_buf *b, struct ll_str s)
{
    doubled(b, s, '"');
}

static bool plain_number(struct ll_str s)
{
    bool digit = false;

    for (size_t i = 0; i < s.n; i++) {
        bool is_digit = s.p[i] >= '0' && s.p[i] <= '9';
        digit |= is_digit;
        if (!is_digit && s.p[i] != '.' && s.p[i] != ',' && !(i == 0 && (s.p[i] == '-' || s.p[i] == '+')))
            return false;
    }
    return digit;
}

/* The first characters that make a spreadsheet evaluate a cell (OWASP, "CSV Injection"). */
static bool formula(struct ll_str s)
{
    return s.n && strchr("=+-@\t\r", s.p[0]) != NULL && s.p[0] != 0 && !plain_number(s);
}

void ll_buf_csv(struct ll_buf *b, struct ll_str s, bool defuse)
{
    bool quote = s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');

    for (size_t i = 0; i < s.n && !quote; i++)
        quote = strchr(",\"\r\n\t;", s.p[i]) != NULL;
    if (!(defuse && formula(s))) {
        if (quote)
            doubled(b, s, '"');
        else
            ll_buf_str(b, s);
        return;
    }
    struct ll_buf safe = LL_BUF_INIT(s.n + 1);
    ll_buf_c(&safe, '\'');
    ll_buf_str(&safe, s);
    b->failed |= safe.failed;
    doubled(b, ll_buf_view(&safe), '"');
    ll_buf_free(&safe);
}

void ll_buf_csv_row(struct ll_buf *b, const struct ll_str *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ll_buf_z(b, i ? "," : "");
        ll_buf_csv(b, cells[i], true);
    }
    ll_buf_z(b, "\r\n");
}
