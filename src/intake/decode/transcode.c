/* transcode.c - a file of GB18030 or UTF-16 to UTF-8, in a stream; see charset.h for the marks. */
#include "intake/decode/charset.h"
#include "intake/decode/gb18030.h"
#include "intake/decode/window.h"

#include <stdlib.h>
#include <string.h>

enum {
    LONGEST_LINE = 1 << 20, /* a longer one is decoded in pieces, without asking whether it is UTF-8 */
    GROWTH = 3              /* most bytes of UTF-8 (or of marks) from one byte */
};

struct transcode {
    struct ll_window in;
    enum ll_charset charset;
    struct ll_gb18030 *gb;
    struct ll_spool *out;
    char *utf8; /* what one piece of the input becomes */
    size_t cap;
    struct ll_err *err;
};

static char *mark(char *to, unsigned char b)
{
    *to++ = (char)(0xf8 | b >> 6);
    *to++ = (char)(0x80 | (b & 0x3f));
    return to;
}

/* Copies what is ASCII at the front; returns how many bytes that was. */
static size_t copy_ascii(char *to, struct ll_str s)
{
    size_t i = 0;
    uint64_t w;

    for (; s.n - i >= 8; i += 8) {
        memcpy(&w, s.p + i, 8);
        if (w & 0x8080808080808080u)
            break;
        memcpy(to + i, &w, 8);
    }
    for (; i < s.n && (unsigned char)s.p[i] < 0x80; i++)
        to[i] = s.p[i];
    return i;
}

/* A line that is UTF-8 throughout and has at least two Chinese characters: GB18030 text is so by chance only if it is very short. */
static bool utf8_line(struct ll_str s)
{
    size_t chinese = 0, at = 0;
    int32_t cp;

    if (ll_utf8_bad(s) < s.n)
        return false;
    while (chinese < 2 && (cp = ll_utf8_next(s, &at)) >= 0)
        chinese += cp >= 0x3400 && cp <= 0x9fff;
    return chinese >= 2;
}

static int emit(struct transcode *t, const char *to)
{
    return ll_spool_add(t->out, t->utf8, (size_t)(to - t->utf8), t->err);
}

static int mark_line(struct transcode *t, struct ll_str s)
{
    char *to = t->utf8;

    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x80)
            *to++ = s.p[i];
        else
            to = mark(to, (unsigned char)s.p[i]);
    return emit(t, to);
}

/* Decodes s; a sequence cut off by its end is left unless `final`.  *used: bytes decoded. */
static int gb_piece(struct transcode *t, struct ll_str s, bool final, size_t *used)
{
    char *to = t->utf8;
    size_t at = 0;

    while (at < s.n) {
        size_t n = copy_ascii(to, (struct ll_str){s.p + at, s.n - at});
        uint32_t cp;
        bool cut;
        to += n;
        at += n;
        if (at == s.n)
            break;
        n = ll_gb18030_next(t->gb, (struct ll_str){s.p + at, s.n - at}, &cp, &cut);
        if (n == 0 && cut && !final)
            break;
        size_t put = n ? ll_utf8_put(to, cp) : 0;
        to = put ? to + put : mark(to, (unsigned char)s.p[at]);
        at += put ? n : 1;
    }
    *used = at;
    return emit(t, to);
}

static bool all_ascii(struct ll_str s)
{
    unsigned char any = 0;

    for (size_t i = 0; i < s.n; i++)
        any |= (unsigned char)s.p[i];
    return any < 0x80;
}

/* Whole lines; 0x0A is never part of a longer GB18030 sequence. */
static int gb_lines(struct transcode *t, struct ll_str s, size_t *used)
{
    int rc = LL_OK;

    *used = 0;
    while (rc == LL_OK && *used < s.n) {
        const char *from = s.p + *used, *nl = memchr(from, '\n', s.n - *used);
        struct ll_str line = {from, nl ? (size_t)(nl + 1 - from) : s.n - *used};
        size_t n = line.n;
        if (!nl && !t->in.last && line.n < LONGEST_LINE)
            break;
        if (all_ascii(line))
            rc = ll_spool_add(t->out, line.p, line.n, t->err);
        else if (utf8_line(line))
            rc = mark_line(t, line);
        else
            rc = gb_piece(t, line, nl || t->in.last, &n);
        *used += n;
        if (n < line.n)
            break;
    }
    return rc;
}

static uint32_t unit(const struct transcode *t, const char *p)
{
    unsigned low = (unsigned char)p[t->charset == LL_UTF16BE],
             high = (unsigned char)p[t->charset == LL_UTF16LE];

    return high << 8 | low;
}

/* The code point at p and the bytes it takes (2 or 4), or 0 bytes for half a surrogate pair. */
static uint32_t utf16_next(const struct transcode *t, const char *p, size_t n, size_t *len)
{
    uint32_t a = unit(t, p), b = n >= 4 ? unit(t, p + 2) : 0;

    *len = 2;
    if (a < 0xd800 || a > 0xdfff)
        return a;
    *len = a <= 0xdbff && b >= 0xdc00 && b <= 0xdfff ? 4 : 0;
    return 0x10000 + ((a & 0x3ff) << 10) + (b & 0x3ff);
}

static int utf16_piece(struct transcode *t, struct ll_str s, size_t *used)
{
    char *to = t->utf8;
    size_t at = 0, len;

    while (s.n - at >= 2) {
        if (s.n - at < 4 && !t->in.last)
            break; /* it may be the first half of a pair */
        uint32_t cp = utf16_next(t, s.p + at, s.n - at, &len);
        if (len) {
            to += ll_utf8_put(to, cp);
        } else {
            to = mark(to, (unsigned char)s.p[at]);
            to = mark(to, (unsigned char)s.p[at + 1]);
        }
        at += len ? len : 2;
    }
    if (s.n - at == 1 && t->in.last) /* an odd number of bytes: the file was cut */
        to = mark(to, (unsigned char)s.p[at++]);
    *used = at;
    return emit(t, to);
}

static int room_for(struct transcode *t, size_t n)
{
    if (t->cap >= n * GROWTH)
        return LL_OK;
    free(t->utf8);
    t->cap = n * GROWTH;
    t->utf8 = malloc(t->cap);
    if (!t->utf8) {
        t->cap = 0;
        return ll_fail(t->err, LL_NOMEM, "转换编码时内存不足", "out of memory converting the encoding");
    }
    return LL_OK;
}

static int run(struct transcode *t)
{
    size_t used = 0;
    int rc = t->charset == LL_GB18030 ? ll_gb18030_open(&t->gb, t->err) : LL_OK;

    while (rc == LL_OK && (rc = ll_window_more(&t->in, used, t->err)) == LL_OK) {
        struct ll_str s = {t->in.p, t->in.n};
        if ((rc = room_for(t, s.n)) < 0)
            break;
        rc = t->charset == LL_GB18030 ? gb_lines(t, s, &used) : utf16_piece(t, s, &used);
        if (t->in.last)
            break;
    }
    return rc < 0 ? rc : ll_spool_flush(t->out, t->err);
}

int ll_charset_decode(const struct ll_bytes *file, int64_t from, enum ll_charset c, struct ll_spool *out,
                      struct ll_err *err)
{
    struct transcode t = {.charset = c, .out = out, .err = err};

    ll_window_init(&t.in, file, from, file->size);
    int rc = run(&t);
    ll_window_free(&t.in);
    ll_gb18030_close(t.gb);
    free(t.utf8);
    return rc;
}
