/* similar.c - see similar.h. */
#include "standard/similar.h"

#include "standard/chars.h"
#include "standard/convert.h"
#include "standard/tbl/company.h"

#include <stdlib.h>
#include <string.h>

struct text {
    uint32_t c[LL_SIMILAR_MAX];
    size_t n;
};

static void take(struct ll_str s, struct text *t)
{
    size_t at = 0;
    int32_t cp;

    t->n = 0;
    while (t->n < s.n && t->n < LL_SIMILAR_MAX &&
           (unsigned char)s.p[t->n] < 0x80) { /* most Latin text is nothing else */
        t->c[t->n] = (uint32_t)s.p[t->n];
        t->n++;
    }
    at = t->n;
    while (t->n < LL_SIMILAR_MAX && (cp = ll_utf8_next(s, &at)) >= 0)
        t->c[t->n++] = (uint32_t)cp;
}

/* ---- Jaro and Winkler ---- */

/* Characters of a that have a partner in b within the window, each used once. */
static size_t pair_up(const struct text *a, const struct text *b, bool *in_a, bool *in_b)
{
    size_t longer = a->n > b->n ? a->n : b->n, reach = longer / 2 ? longer / 2 - 1 : 0, found = 0;

    for (size_t i = 0; i < a->n; i++) {
        size_t from = i > reach ? i - reach : 0, to = i + reach + 1 < b->n ? i + reach + 1 : b->n;
        for (size_t j = from; j < to; j++)
            if (!in_b[j] && a->c[i] == b->c[j]) {
                in_a[i] = in_b[j] = true;
                found++;
                break;
            }
    }
    return found;
}

static double jaro(const struct text *a, const struct text *b)
{
    bool in_a[LL_SIMILAR_MAX], in_b[LL_SIMILAR_MAX];
    size_t found, moved = 0;

    memset(in_a, 0, a->n);
    memset(in_b, 0, b->n);
    found = pair_up(a, b, in_a, in_b);
    if (!found)
        return 0;
    for (size_t i = 0, j = 0; i < a->n; i++) {
        if (!in_a[i])
            continue;
        while (!in_b[j])
            j++;
        moved += a->c[i] != b->c[j++];
    }
    double m = (double)found;
    size_t swapped = moved / 2;
    return (m / (double)a->n + m / (double)b->n + (m - (double)swapped) / m) / 3;
}

double ll_similar_names(struct ll_str a, struct ll_str b)
{
    struct text x, y;
    size_t same = 0;

    if (ll_str_eq(a, b))
        return 1;
    take(a, &x);
    take(b, &y);
    if (!x.n || !y.n)
        return 0;
    double j = jaro(&x, &y);
    while (same < 4 && same < x.n && same < y.n && x.c[same] == y.c[same])
        same++;
    return j + 0.1 * (double)same * (1 - j);
}

/* ---- edits ---- */

static uint16_t least(uint16_t a, uint16_t b)
{
    return a < b ? a : b;
}

unsigned ll_similar_edits(struct ll_str a, struct ll_str b)
{
    uint16_t rows[3][LL_SIMILAR_MAX + 1], *before = rows[0], *last = rows[1], *row = rows[2];
    struct text x, y;

    take(a, &x);
    take(b, &y);
    for (size_t j = 0; j <= y.n; j++)
        before[j] = last[j] = (uint16_t)j;
    for (size_t i = 1; i <= x.n; i++) {
        row[0] = (uint16_t)i;
        for (size_t j = 1; j <= y.n; j++) {
            uint16_t cost = x.c[i - 1] != y.c[j - 1];
            row[j] = least(least((uint16_t)(row[j - 1] + 1), (uint16_t)(last[j] + 1)),
                           (uint16_t)(last[j - 1] + cost));
            if (i > 1 && j > 1 && x.c[i - 1] == y.c[j - 2] && x.c[i - 2] == y.c[j - 1])
                row[j] = least(row[j], (uint16_t)(before[j - 2] + 1));
        }
        uint16_t *oldest = before;
        before = last;
        last = row;
        row = oldest;
    }
    return last[y.n];
}

/* ---- tokens ---- */

static bool is_word(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= 0xc0 && c < 0x2000);
}

static bool is_han(uint32_t c)
{
    return (c >= 0x3400 && c <= 0x9fff) || (c >= 0x20000 && c <= 0x323af);
}

static uint64_t mix(uint64_t h, uint32_t c)
{
    return (h ^ c) * 0x100000001b3u;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* The set of the text's tokens as sorted hashes. */
static size_t tokens(const struct text *t, uint64_t *out)
{
    const uint64_t basis = 0xcbf29ce484222325u;
    size_t n = 0, kept = 0;

    for (size_t i = 0; i < t->n;) {
        uint64_t h = basis;
        if (is_han(t->c[i])) {
            bool pair = i + 1 < t->n && is_han(t->c[i + 1]), first = i == 0 || !is_han(t->c[i - 1]);
            if (pair)
                out[n++] = mix(mix(h, t->c[i]), t->c[i + 1]);
            else if (first)
                out[n++] = mix(h, t->c[i]);
            i++;
        } else if (is_word(t->c[i])) {
            while (i < t->n && is_word(t->c[i]))
                h = mix(h, t->c[i] >= 'A' && t->c[i] <= 'Z' ? t->c[i] + 32 : t->c[i]), i++;
            out[n++] = h;
        } else {
            i++;
        }
    }
    qsort(out, n, sizeof *out, by_value);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || out[i] != out[i - 1])
            out[kept++] = out[i];
    return kept;
}

double ll_similar_tokens(struct ll_str a, struct ll_str b)
{
    uint64_t in_a[LL_SIMILAR_MAX], in_b[LL_SIMILAR_MAX];
    size_t both = 0, i = 0, j = 0;
    struct text x, y;

    take(a, &x);
    take(b, &y);
    size_t n = tokens(&x, in_a), m = tokens(&y, in_b);
    while (i < n && j < m) {
        both += in_a[i] == in_b[j];
        if (in_a[i] == in_b[j])
            i++, j++;
        else if (in_a[i] < in_b[j])
            i++;
        else
            j++;
    }
    return n + m ? 2 * (double)both / (double)(n + m) : 0;
}

/* ---- firms ---- */

#define X(text) {text, sizeof(text) - 1},
static const struct ll_str forms[] = {LL_COMPANY_FORMS(X)};
static const struct ll_str provinces[] = {LL_COMPANY_PROVINCES(X)};
#undef X

static struct ll_str after(struct ll_str s, size_t n)
{
    return (struct ll_str){s.p + n, s.n - n};
}

/* Whether what is left is long enough to be a name: two characters. */
static bool enough(struct ll_str s)
{
    return ll_utf8_count(s) >= 2;
}

/* Bytes of a division's name at the beginning: up to 省, 市, 县, 区 or 旗 after at least one and at most five characters. */
static size_t division(struct ll_str s)
{
    static const char ends[] = "省市县区旗";
    size_t at = 0;

    for (size_t i = 0; i < 7; i++) {
        size_t from = at;
        int32_t cp = ll_utf8_next(s, &at);
        if (cp < 0 || !is_han((uint32_t)cp))
            return 0;
        for (size_t e = 0; i > 1 && e + 3 < sizeof ends; e += 3)
            if (memcmp(s.p + from, ends + e, 3) == 0)
                return at;
    }
    return 0;
}

static struct ll_str without_region(struct ll_str s)
{
    for (size_t i = 0; i < LL_COUNT(provinces); i++)
        if (ll_str_starts(s, provinces[i]) && enough(after(s, provinces[i].n))) {
            s = after(s, provinces[i].n);
            if ((ll_str_starts(s, LL_STR("省")) || ll_str_starts(s, LL_STR("市"))) && enough(after(s, 3)))
                s = after(s, 3);
            break;
        }
    for (int depth = 0; depth < 3; depth++) {
        size_t n = division(s);
        if (!n || !enough(after(s, n)))
            break;
        s = after(s, n);
    }
    return s;
}

static struct ll_str without_form(struct ll_str s)
{
    for (size_t i = 0; i < LL_COUNT(forms); i++)
        if (ll_str_eq(s, forms[i])) /* nothing but a form: taking a shorter one off leaves no name */
            return s;
    for (size_t i = 0; i < LL_COUNT(forms); i++) {
        struct ll_str head = {s.p, s.n > forms[i].n ? s.n - forms[i].n : 0};
        if (head.n && ll_str_ends(s, forms[i]) && enough(head))
            return without_form(head);
    }
    return s;
}

/* Brackets hold a region or a remark: 阿里巴巴（中国）有限公司. */
static void without_brackets(struct ll_str s, struct ll_buf *out)
{
    int depth = 0;

    for (size_t at = 0, from = 0; at < s.n; from = at) {
        int32_t cp = ll_utf8_next(s, &at);
        depth += cp == 0xff08;
        if (depth == 0)
            ll_buf_add(out, s.p + from, at - from);
        depth -= cp == 0xff09 && depth > 0;
    }
}

void ll_company_core(struct ll_str name, struct ll_buf *out)
{
    struct ll_buf scratch = LL_BUF_INIT(1 << 16);
    struct ll_str s = name;

    ll_buf_clear(out);
    if (ll_cv_company(name, &scratch, &s) != LL_CV_OK)
        s = name;
    without_brackets(without_form(without_region(s)), out);
    struct ll_str core = without_form(ll_buf_view(out));
    if (enough(core)) {
        out->n = core.n;
        out->p[core.n] = 0;
    } else {
        ll_buf_clear(out);
        ll_buf_str(out, s);
    }
    ll_buf_free(&scratch);
}
