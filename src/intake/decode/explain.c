/* explain.c - what to say of a record whose bytes its encoding does not allow, and what can be read of it. */
#include "intake/decode/charset.h"
#include "intake/decode/gb18030.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 4 }; /* bytes named in a message */

static bool is_mark(struct ll_str s, size_t at)
{
    return s.n - at >= 2 && ((unsigned char)s.p[at] & 0xfc) == 0xf8 &&
           ((unsigned char)s.p[at + 1] & 0xc0) == 0x80;
}

static char marked_byte(struct ll_str s, size_t at)
{
    return (char)(((unsigned char)s.p[at] & 3) << 6 | ((unsigned char)s.p[at + 1] & 0x3f));
}

/* The record with its marks turned back into bytes; all other characters stay as they are. */
static void unmark(struct ll_str s, struct ll_buf *out)
{
    for (size_t at = 0; at < s.n;) {
        bool m = is_mark(s, at);
        ll_buf_c(out, m ? marked_byte(s, at) : s.p[at]);
        at += m ? 2 : 1;
    }
}

/* Every byte over 0x7F is a mark: the decoder saw that the whole line was UTF-8. */
static bool marked_whole(struct ll_str s)
{
    for (size_t at = 0; at < s.n;) {
        bool m = is_mark(s, at);
        if (!m && (s.p[at] & 0x80))
            return false;
        at += m ? 2 : 1;
    }
    return true;
}

/* Well-formed, and nearly all in the rows of GB 2312, where everyday text lies; UTF-8 read in pairs is not. */
static bool is_gb18030(struct ll_str s)
{
    size_t characters = 0, common = 0;

    for (size_t at = 0; at < s.n;) {
        const unsigned char *p = (const unsigned char *)s.p + at;
        size_t n = ll_gb18030_form(p, s.n - at);
        if (n == 0)
            return false;
        characters += n > 1;
        common += n == 2 && p[0] >= 0xa1 && p[0] <= 0xf7 && (p[0] < 0xaa || p[0] >= 0xb0) && p[1] >= 0xa1;
        at += n;
    }
    return common > 0 && common * 5 >= characters * 4;
}

/* The record, cut or not, is readable in the encoding that the file is not in. */
static bool other_encoding(struct ll_str record, enum ll_charset file)
{
    if (file == LL_UTF8)
        return is_gb18030(record);
    if (file != LL_GB18030 || !marked_whole(record))
        return false;
    struct ll_buf bytes = LL_BUF_INIT(record.n + 1);
    unmark(record, &bytes);
    bool yes = !bytes.failed && ll_utf8_bad(ll_buf_view(&bytes)) == bytes.n;
    ll_buf_free(&bytes);
    return yes;
}

/* The bytes at `at`, in hexadecimal. */
static void hex(struct ll_str s, size_t at, bool marks, char out[3 * SHOWN + 1])
{
    unsigned n = 0;

    out[0] = 0;
    while (n < SHOWN && at < s.n) {
        if (marks && !is_mark(s, at))
            break;
        unsigned char b = (unsigned char)(marks ? marked_byte(s, at) : s.p[at]);
        if (!marks && n && b < 0x80)
            break;
        snprintf(out + n * 3, 4, "%02X ", b);
        at += marks ? 2 : 1;
        n++;
    }
    if (n)
        out[n * 3 - 1] = 0;
}

void ll_lossy_explain(struct ll_lossy *l, struct ll_str record, struct ll_buf *zh, struct ll_buf *en)
{
    size_t bad = ll_utf8_bad(record);
    const char *name = ll_charset_name(l->file), *other = l->file == LL_UTF8 ? "GB18030" : "UTF-8";
    size_t character = ll_utf8_count((struct ll_str){record.p, bad}) + 1;
    char bytes[3 * SHOWN + 1];

    hex(record, bad, l->file != LL_UTF8, bytes);
    ll_buf_printf(zh, "第 %zu 个字符处的字节 %s 不是有效的 %s", character, bytes, name);
    ll_buf_printf(en, "bytes %s at character %zu are not valid %s", bytes, character, name);
    l->other = other_encoding(record, l->file);
    if (l->other) {
        ll_buf_printf(zh, "；这一行是 %s 编码，同一文件混用了两种编码", other);
        ll_buf_printf(en, "; this line is in %s: the file mixes two encodings", other);
    }
}

static void add_replaced(struct ll_str s, bool marks, struct ll_buf *out)
{
    for (size_t bad; (bad = ll_utf8_bad(s)) < s.n;) {
        size_t skip = marks && is_mark(s, bad) ? 2 : 1;
        ll_buf_add(out, s.p, bad);
        ll_buf_z(out, "\xef\xbf\xbd");
        s = (struct ll_str){s.p + bad + skip, s.n - bad - skip};
    }
    ll_buf_str(out, s);
}

static void add_gb18030(const struct ll_gb18030 *g, struct ll_str s, struct ll_buf *out)
{
    for (size_t at = 0; at < s.n;) {
        uint32_t cp;
        bool cut;
        char utf8[4];
        size_t n = ll_gb18030_next(g, (struct ll_str){s.p + at, s.n - at}, &cp, &cut);
        size_t put = n ? ll_utf8_put(utf8, cp) : 0;
        if (put)
            ll_buf_add(out, utf8, put);
        else
            ll_buf_z(out, "\xef\xbf\xbd");
        at += n ? n : 1;
    }
}

void ll_lossy_add(struct ll_lossy *l, struct ll_str part, struct ll_buf *out)
{
    if (l->other && l->file == LL_UTF8 && (l->gb || ll_gb18030_open(&l->gb, NULL) == LL_OK)) {
        add_gb18030(l->gb, part, out);
    } else if (l->other && l->file != LL_UTF8) {
        struct ll_buf bytes = LL_BUF_INIT(part.n + 1);
        unmark(part, &bytes);
        add_replaced(ll_buf_view(&bytes), false, out);
        out->failed |= bytes.failed;
        ll_buf_free(&bytes);
    } else {
        add_replaced(part, l->file != LL_UTF8, out);
    }
}

void ll_lossy_free(struct ll_lossy *l)
{
    l->gb = ll_gb18030_close(l->gb);
}
