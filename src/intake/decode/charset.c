/* charset.c - which encoding a text is in; see charset.h.  Decoding is transcode.c, what to say of a bad record explain.c. */
#include "intake/decode/charset.h"

#include "intake/decode/gb18030.h"

#include <string.h>
#include <strings.h>

static const struct {
    const char *name;
    enum ll_charset charset;
} names[] = {
    {"UTF-8", LL_UTF8},       {"GB18030", LL_GB18030}, {"UTF-16LE", LL_UTF16LE}, {"UTF-16BE", LL_UTF16BE},
    {"UTF8", LL_UTF8},        {"GBK", LL_GB18030},     {"GB2312", LL_GB18030},   {"CP936", LL_GB18030},
    {"GB-18030", LL_GB18030}, {"UTF-16", LL_UTF16LE},
};

const char *ll_charset_name(enum ll_charset c)
{
    return names[c].name; /* the first four stand in the order of the enum */
}

bool ll_charset_parse(struct ll_str s, enum ll_charset *ret)
{
    for (size_t i = 0; i < LL_COUNT(names); i++)
        if (s.n == strlen(names[i].name) && strncasecmp(s.p, names[i].name, s.n) == 0) {
            *ret = names[i].charset;
            return true;
        }
    return false;
}

size_t ll_charset_bom(struct ll_str text, enum ll_charset *ret)
{
    static const struct {
        struct ll_str bytes;
        enum ll_charset charset;
    } boms[] = {{{"\xef\xbb\xbf", 3}, LL_UTF8},
                {{"\xff\xfe", 2}, LL_UTF16LE},
                {{"\xfe\xff", 2}, LL_UTF16BE},
                {{"\x84\x31\x95\x33", 4}, LL_GB18030}};

    for (size_t i = 0; i < LL_COUNT(boms); i++)
        if (ll_str_starts(text, boms[i].bytes)) {
            *ret = boms[i].charset;
            return boms[i].bytes.n;
        }
    return 0;
}

bool ll_charset_utf16(struct ll_str sample, enum ll_charset *ret)
{
    size_t zeros[2] = {0, 0}, units = sample.n / 2;

    for (size_t i = 0; i < units * 2; i++)
        zeros[i & 1] += sample.p[i] == 0;
    size_t more = zeros[1] > zeros[0], n = zeros[more];
    /* Delimiters, digits and line ends have a zero half; Chinese characters have none in either half. */
    if (n < 2 || n * 20 < units || zeros[!more] * 10 > n)
        return false;
    *ret = more ? LL_UTF16LE : LL_UTF16BE;
    return true;
}

static size_t utf8_errors(struct ll_str s)
{
    size_t errors = 0;

    for (size_t bad; (bad = ll_utf8_bad(s)) < s.n; errors++)
        s = (struct ll_str){s.p + bad + 1, s.n - bad - 1};
    return errors;
}

static size_t gb18030_errors(struct ll_str s)
{
    size_t errors = 0;

    for (size_t at = 0; at < s.n;) {
        size_t n = ll_gb18030_form((const unsigned char *)s.p + at, s.n - at);
        errors += n == 0;
        at += n ? n : 1;
    }
    return errors;
}

static bool ascii(struct ll_str s)
{
    unsigned char any = 0;

    for (size_t i = 0; i < s.n; i++)
        any |= (unsigned char)s.p[i];
    return any < 0x80;
}

static void vote_line(struct ll_charset_votes *v, struct ll_str line)
{
    if (ascii(line)) {
        v->ascii++;
        return;
    }
    size_t utf8 = utf8_errors(line), gb = utf8 ? gb18030_errors(line) : 1;

    if (utf8 <= gb)
        v->utf8++;
    else
        v->gb18030++;
}

/* Cut within a line, a sample may be cut within a character: up to three bytes at either end say nothing. */
static struct ll_str inner(struct ll_str s, bool whole_start, bool whole_end)
{
    for (unsigned i = 0; i < 3 && s.n && !whole_start && (*s.p & 0xc0) == 0x80; i++)
        s = (struct ll_str){s.p + 1, s.n - 1};
    for (unsigned i = 0; i < 3 && s.n && !whole_end && (s.p[s.n - 1] & 0x80); i++)
        s.n--;
    return s;
}

void ll_charset_vote(struct ll_charset_votes *v, struct ll_str sample, bool whole_start, bool whole_end)
{
    const char *first = memchr(sample.p, '\n', sample.n), *last = memrchr(sample.p, '\n', sample.n);

    if (!whole_start && first && first < last) {
        sample = (struct ll_str){first + 1, sample.n - (size_t)(first + 1 - sample.p)};
        whole_start = true;
    }
    if (!whole_end && last && last > sample.p) {
        sample.n = (size_t)(last - sample.p);
        whole_end = true;
    }
    sample = inner(sample, whole_start, whole_end);
    while (sample.n) {
        struct ll_str line, rest;
        ll_str_cut(sample, '\n', &line, &rest);
        vote_line(v, line);
        sample = rest;
    }
}

enum ll_charset ll_charset_elected(const struct ll_charset_votes *v)
{
    return v->gb18030 > v->utf8 ? LL_GB18030 : LL_UTF8;
}
