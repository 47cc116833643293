/* convert_text.c - texts, company names and addresses.
 *
 * Most cells need no change; `needs` finds that out in one scan that looks closer only at the characters that could need one.
 * What is not UTF-8 is LL_CV_BAD, so that whatever comes out is UTF-8. */
#include "standard/convert.h"

#include "standard/chars.h"

#include <string.h>

/* One way of writing text. */
struct style {
    uint32_t (*map)(uint32_t cp);                  /* the character to write instead; NULL: itself */
    bool (*joined)(uint32_t left, uint32_t right); /* no blank may stay between these two; NULL: it stays */
    bool ascii;                                    /* the map changes ASCII characters too */
};

enum need { NO_CHANGE, CHANGE, BROKEN };

#define EACH(byte) (0x0101010101010101u * (byte))

/* Eight visible ASCII characters (0x21 to 0x7e)? */
static inline bool eight_visible(const char *p)
{
    uint64_t w;

    memcpy(&w, p, 8);
    return ((w | (w + EACH(0x01)) | ~((w | EACH(0x80)) - EACH(0x21))) & EACH(0x80)) == 0;
}

static inline bool continued(const unsigned char *p)
{
    return (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80;
}

/* How many bytes at p are characters that no style has to look at: visible ASCII, U+4000 to U+9FFF, 、。《》 and their like, and,
 * where nothing is mapped, the full-width forms （，）. */
static inline size_t ordinary(const unsigned char *p, size_t left, const struct style *st)
{
    if (p[0] < 0x80) {
        if (st->ascii)
            return 0;
        return left >= 8 && eight_visible((const char *)p) ? 8 : p[0] > 0x20 && p[0] < 0x7f;
    }
    if (left < 3 || !continued(p))
        return 0;
    if ((unsigned char)(p[0] - 0xe4) < 0xea - 0xe4 || (p[0] == 0xe3 && p[1] == 0x80 && p[2] != 0x80))
        return 3;
    return !st->map && p[0] == 0xef && (p[1] == 0xbc || p[1] == 0xbd) ? 3 : 0;
}

/* A single space between two visible characters is as it should be, unless the style joins them. */
static bool space_stays(struct ll_str s, size_t at, const struct style *st)
{
    return !st->joined && at > 0 && at + 1 < s.n && s.p[at + 1] != ' ';
}

static enum need needs(struct ll_str s, const struct style *st)
{
    size_t i = 0;

    while (i < s.n) {
        size_t step = ordinary((const unsigned char *)s.p + i, s.n - i, st);
        if (step) {
            i += step;
            continue;
        }
        if (s.p[i] == ' ') {
            if (!space_stays(s, i++, st))
                return CHANGE;
            continue;
        }
        int32_t cp = ll_char_next(s, &i);
        if (cp < 0)
            return BROKEN;
        if (ll_char_class((uint32_t)cp) != LL_CHAR_VISIBLE ||
            (st->map && st->map((uint32_t)cp) != (uint32_t)cp))
            return CHANGE;
    }
    return NO_CHANGE;
}

static void put(struct ll_buf *b, uint32_t cp)
{
    char utf8[4];

    ll_buf_add(b, utf8, ll_utf8_put(utf8, cp));
}

static bool rewrite(struct ll_str s, const struct style *st, struct ll_buf *out)
{
    bool blank = false;
    uint32_t left = 0;
    size_t at = 0;

    ll_buf_clear(out);
    for (int32_t next; (next = ll_char_next(s, &at)) != -1;) {
        if (next < 0)
            return false;
        uint32_t cp = (uint32_t)next;
        enum ll_char_class class = ll_char_class(cp);
        if (class != LL_CHAR_VISIBLE) {
            blank |= class == LL_CHAR_BLANK;
            continue;
        }
        cp = st->map ? st->map(cp) : cp;
        if (blank && left && !(st->joined && st->joined(left, cp)))
            put(out, ' ');
        put(out, cp);
        left = cp;
        blank = false;
    }
    return !out->failed;
}

/* Words for nothing are compared after rewriting: "Ｎ/Ａ" is one too. */
static enum ll_cv convert(struct ll_str raw, const struct style *st, struct ll_buf *scratch,
                          struct ll_str *out)
{
    struct ll_str s = raw.n ? raw : LL_STR("");

    switch (needs(s, st)) {
    case NO_CHANGE:
        break;
    case CHANGE:
        if (!rewrite(s, st, scratch))
            return LL_CV_BAD;
        s = ll_buf_view(scratch);
        break;
    case BROKEN:
        return LL_CV_BAD;
    }
    if (ll_word_empty(s)) {
        *out = LL_STR("");
        return LL_CV_EMPTY;
    }
    *out = s;
    return LL_CV_OK;
}

enum ll_cv ll_cv_text(struct ll_str raw, struct ll_buf *scratch, struct ll_str *out)
{
    static const struct style TEXT = {NULL, NULL, false};

    return convert(raw, &TEXT, scratch, out);
}

static uint32_t narrow(uint32_t cp)
{
    return ll_char_narrow(cp);
}

enum ll_cv ll_cv_narrow(struct ll_str raw, struct ll_buf *scratch, struct ll_str *out)
{
    static const struct style NARROW = {narrow, NULL, false};

    return convert(raw, &NARROW, scratch, out);
}

/* ---- company names ---- */

static uint32_t company_map(uint32_t cp)
{
    uint32_t ascii = ll_char_narrow(cp);

    if (ascii == '(' || cp == 0xfe59)
        return 0xff08;
    if (ascii == ')' || cp == 0xfe5a)
        return 0xff09;
    bool letter_or_digit = (ascii >= '0' && ascii <= '9') || ((ascii | 0x20) >= 'a' && (ascii | 0x20) <= 'z');
    return letter_or_digit ? ascii : cp;
}

static bool both_chinese(uint32_t left, uint32_t right)
{
    return ll_char_chinese(left) && ll_char_chinese(right);
}

enum ll_cv ll_cv_company(struct ll_str raw, struct ll_buf *scratch, struct ll_str *out)
{
    static const struct style COMPANY = {company_map, both_chinese, true};

    return convert(raw, &COMPANY, scratch, out);
}

/* ---- addresses ---- */

#define HAO "号"

static bool either_chinese(uint32_t left, uint32_t right)
{
    return ll_char_chinese(left) || ll_char_chinese(right);
}

static bool digit_at(struct ll_str s, size_t at)
{
    return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

static struct ll_str tail(struct ll_str s, size_t at)
{
    return (struct ll_str){s.p + at, s.n - at};
}

/* How much of s at `at` is a sign that stands for 号 behind a number: 12#, 12號. */
static size_t sign_behind(struct ll_str s, size_t at)
{
    if (at < s.n && s.p[at] == '#')
        return 1;
    return ll_str_starts(tail(s, at), LL_STR("號")) ? sizeof "號" - 1 : 0;
}

/* №12 and №12号 become 12号.  Returns where it ended, or `at` when this is no such number. */
static size_t number_sign(struct ll_str s, size_t at, struct ll_buf *out)
{
    size_t from = at, end;

    while (ll_str_starts(tail(s, from), LL_STR("№")))
        from += sizeof "№" - 1;
    for (end = from; digit_at(s, end); end++)
        ;
    if (from == at || end == from)
        return at;
    ll_buf_add(out, s.p + from, end - from);
    ll_buf_z(out, HAO);
    if (ll_str_starts(tail(s, end), LL_STR(HAO)))
        return end + sizeof HAO - 1;
    return end + sign_behind(s, end);
}

static void unify_numbers(struct ll_str s, struct ll_buf *out)
{
    size_t at = 0;

    while (at < s.n) {
        size_t sign = at && digit_at(s, at - 1) ? sign_behind(s, at) : 0;
        size_t end = sign ? at : number_sign(s, at, out);
        if (sign)
            ll_buf_z(out, HAO);
        else if (end == at)
            ll_buf_c(out, s.p[at++]);
        at = sign ? at + sign : end > at ? end : at;
    }
}

static bool has_sign(struct ll_str s)
{
    return memchr(s.p, '#', s.n) || memmem(s.p, s.n, "號", sizeof "號" - 1) ||
           memmem(s.p, s.n, "№", sizeof "№" - 1);
}

enum ll_cv ll_cv_address(struct ll_str raw, struct ll_buf *scratch, struct ll_str *out)
{
    static const struct style ADDRESS = {narrow, either_chinese, false};
    struct ll_buf unified = LL_BUF_INIT(scratch->ceiling);
    enum ll_cv cv = convert(raw, &ADDRESS, scratch, out);

    if (cv != LL_CV_OK || !has_sign(*out))
        return cv;
    unify_numbers(*out, &unified);
    /* a 号 that was not there before wants no blank beside it either */
    if (unified.failed || !rewrite(ll_buf_view(&unified), &ADDRESS, scratch))
        cv = LL_CV_BAD;
    ll_buf_free(&unified);
    *out = ll_buf_view(scratch);
    return cv;
}
