/* pdf_read.c - see pdf_read.h.  Bounded by the bytes it is given: every position is checked before it is read. */
#include "report/pdf_read.h"

#include <string.h>

enum { OBJECTS_MAX = 1 << 20, DEPTH_MAX = 64, ROW = 20, TAIL = 1024, PAGES_DEPTH = 8 };

static int not_ours(struct ll_err *err)
{
    return ll_fail(
        err, LL_INVALID, "不是本平台生成的 PDF（交叉引用表不是所写的形式）",
        "not a PDF of this platform: its cross-reference table is not of the form that is written");
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0;
}

static bool is_delimiter(char c)
{
    return is_blank(c) || (c && strchr("()<>[]{}/%", c));
}

/* --- tokens ---------------------------------------------------------------------------------------------------------- */

/* Comments count as blanks: cairo writes one with the number of a page. */
static void skip_blanks(struct ll_str s, size_t *at)
{
    bool comment = false;

    for (; *at < s.n && (comment || is_blank(s.p[*at]) || s.p[*at] == '%'); ++*at)
        comment = (comment || s.p[*at] == '%') && s.p[*at] != '\n' && s.p[*at] != '\r';
}

/* A whole number that is not negative. */
static bool number(struct ll_str s, size_t *at, int64_t *ret)
{
    size_t from;

    skip_blanks(s, at);
    for (from = *at; *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9';)
        ++*at;
    return *at - from <= 18 && ll_str_i64((struct ll_str){s.p + from, *at - from}, 0, INT64_MAX, ret);
}

static bool word(struct ll_str s, size_t *at, const char *want)
{
    size_t n = strlen(want);

    skip_blanks(s, at);
    if (s.n - *at < n || memcmp(s.p + *at, want, n) != 0)
        return false;
    *at += n;
    return true;
}

/* Past a literal string, at whose parenthesis *at stands. */
static bool skip_string(struct ll_str s, size_t *at)
{
    int depth = 0;

    for (; *at < s.n; ++*at) {
        if (s.p[*at] == '\\')
            ++*at;
        else if (s.p[*at] == '(')
            depth++;
        else if (s.p[*at] == ')' && --depth == 0) {
            ++*at;
            return true;
        }
    }
    return false;
}

/* Past one token: opens and closes are counted in *depth. */
static bool skip_token(struct ll_str s, size_t *at, int *depth)
{
    char c = s.p[*at];
    bool two = *at + 1 < s.n && s.p[*at + 1] == c;

    if (c == '(')
        return skip_string(s, at);
    if (c == '<' && !two) {
        while (*at < s.n && s.p[*at] != '>')
            ++*at;
        ++*at;
        return *at <= s.n;
    }
    if (c == '<' || c == '[') {
        ++*depth;
        *at += c == '<' ? 2 : 1;
        return *depth < DEPTH_MAX;
    }
    if ((c == '>' && two) || c == ']') {
        --*depth;
        *at += c == '>' ? 2 : 1;
        return *depth >= 0;
    }
    if (c == '/')
        ++*at;
    else if (is_delimiter(c))
        return false; /* comments and whatever else does not occur */
    while (*at < s.n && !is_delimiter(s.p[*at]))
        ++*at;
    return true;
}

bool ll_pdf_key(struct ll_str dict, const char *key, struct ll_str *ret)
{
    size_t n = strlen(key), at = 0;
    int depth = 0;

    for (skip_blanks(dict, &at); at < dict.n; skip_blanks(dict, &at)) {
        size_t from = at;
        bool name = depth == 0 && dict.p[at] == '/';
        if (!skip_token(dict, &at, &depth))
            return false;
        if (!name)
            continue;
        bool mine = at - from == n && memcmp(dict.p + from, key, n) == 0;
        skip_blanks(dict, &at);
        size_t value = at, end; /* one token, or all to the end of what it opens; a reference has three */
        do {
            if (at >= dict.n || !skip_token(dict, &at, &depth))
                return false;
            end = at;
            skip_blanks(dict, &at);
        } while (depth > 0 || (at < dict.n && dict.p[at] != '/' && dict.p[at] != '>'));
        if (mine) {
            *ret = (struct ll_str){dict.p + value, end - value};
            return true;
        }
    }
    return false;
}

bool ll_pdf_ref(struct ll_str value, int64_t *ret)
{
    size_t at = 0;
    int64_t generation;

    return number(value, &at, ret) && number(value, &at, &generation) && generation == 0 &&
           word(value, &at, "R") && *ret > 0;
}

/* --- the table ------------------------------------------------------------------------------------------------------ */

static struct ll_str from(struct ll_str s, size_t at)
{
    return at <= s.n ? (struct ll_str){s.p + at, s.n - at} : (struct ll_str){s.p, 0};
}

static bool find_table(struct ll_str all, int64_t *ret)
{
    static const char mark[] = "startxref";
    size_t low = all.n > TAIL ? all.n - TAIL : 0, at = all.n;

    while (at-- > low)
        if (all.n - at >= sizeof mark - 1 && memcmp(all.p + at, mark, sizeof mark - 1) == 0) {
            size_t after = at + sizeof mark - 1;
            return number(all, &after, ret) && *ret > 0 && (size_t)*ret < at;
        }
    return false;
}

/* One section from 0; rows of exactly twenty bytes. */
static bool read_table(struct ll_pdf_file *f, struct ll_arena *arena, size_t *at)
{
    int64_t first, n;

    if (!word(f->all, at, "xref") || !number(f->all, at, &first) || first != 0 || !number(f->all, at, &n) ||
        n < 1 || n > OBJECTS_MAX || !(f->offsets = ll_arena_array(arena, (size_t)n, sizeof *f->offsets)))
        return false;
    skip_blanks(f->all, at);
    if (f->all.n - *at < (size_t)n * ROW)
        return false;
    for (int64_t i = 0; i < n; i++, *at += ROW) {
        const char *row = f->all.p + *at;
        if (row[10] != ' ' || row[16] != ' ' || (row[17] != 'n' && row[17] != 'f') ||
            !ll_str_i64((struct ll_str){row, 10}, 0, (int64_t)f->all.n, &f->offsets[i]))
            return false;
        if (row[17] == 'f')
            f->offsets[i] = 0;
    }
    f->size = n;
    return true;
}

/* The dictionary that opens at *at, without its brackets. */
static bool dict_at(struct ll_str s, size_t *at, struct ll_str *ret)
{
    size_t begin;
    int depth = 1;

    if (!word(s, at, "<<"))
        return false;
    for (begin = *at;;) {
        skip_blanks(s, at);
        size_t last = *at;
        if (*at >= s.n || !skip_token(s, at, &depth))
            return false;
        if (depth == 0) {
            *ret = (struct ll_str){s.p + begin, last - begin};
            return true;
        }
    }
}

int ll_pdf_open(struct ll_str all, struct ll_arena *arena, struct ll_pdf_file *ret, struct ll_err *err)
{
    struct ll_pdf_file f = {.all = all};
    struct ll_str trailer, value;
    int64_t size;
    size_t at;

    if (all.n < 16 || memcmp(all.p, "%PDF-1.", 7) != 0 || !find_table(all, &f.xref))
        return not_ours(err);
    at = (size_t)f.xref;
    if (!read_table(&f, arena, &at) || !word(all, &at, "trailer") || !dict_at(all, &at, &trailer) ||
        ll_pdf_key(trailer, "/Prev", &value) || ll_pdf_key(trailer, "/Encrypt", &value) ||
        !ll_pdf_key(trailer, "/Size", &value) || !ll_str_i64(value, 1, OBJECTS_MAX, &size) ||
        size != f.size || !ll_pdf_key(trailer, "/Root", &value) || !ll_pdf_ref(value, &f.root))
        return not_ours(err);
    if (ll_pdf_key(trailer, "/Info", &value) && !ll_pdf_ref(value, &f.info))
        return not_ours(err);
    *ret = f;
    return LL_OK;
}

bool ll_pdf_dict(const struct ll_pdf_file *f, int64_t object, struct ll_str *ret)
{
    struct ll_str s;
    int64_t number_, generation;
    size_t at = 0;

    if (object <= 0 || object >= f->size || !f->offsets[object])
        return false;
    s = from(f->all, (size_t)f->offsets[object]);
    return number(s, &at, &number_) && number_ == object && number(s, &at, &generation) &&
           word(s, &at, "obj") && dict_at(s, &at, ret);
}

/* The page `*left` further on in a node of the page tree. */
static bool page_in(const struct ll_pdf_file *f, int64_t node, unsigned *left, unsigned depth, int64_t *ret)
{
    struct ll_str dict, value;
    size_t at = 0;

    if (depth == PAGES_DEPTH || !ll_pdf_dict(f, node, &dict) || !ll_pdf_key(dict, "/Type", &value))
        return false;
    if (ll_str_is(value, "/Page")) {
        *ret = node;
        return (*left)-- == 0;
    }
    if (!ll_pdf_key(dict, "/Kids", &value) || !word(value, &at, "["))
        return false;
    for (int64_t kid, generation;
         number(value, &at, &kid) && number(value, &at, &generation) && word(value, &at, "R");)
        if (page_in(f, kid, left, depth + 1, ret))
            return true;
    return false;
}

bool ll_pdf_page(const struct ll_pdf_file *f, unsigned page, int64_t *ret)
{
    struct ll_str dict, value;
    int64_t pages;

    return ll_pdf_dict(f, f->root, &dict) && ll_pdf_key(dict, "/Pages", &value) &&
           ll_pdf_ref(value, &pages) && page_in(f, pages, &page, 0, ret);
}
