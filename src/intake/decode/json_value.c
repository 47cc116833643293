/* json_value.c - see json_value.h: a recursive descent with a bound on its depth.  A reader that builds a tree would lose the digits of
 * long numbers and cost several allocations a cell. */
#include "intake/decode/json_value.h"

#include "base/err.h"

#include <string.h>

void ll_json_value_init(struct ll_json_value *v)
{
    *v = (struct ll_json_value){.path = LL_BUF_INIT(1 << 20), .text = LL_BUF_INIT((size_t)1 << 31)};
}

void ll_json_value_free(struct ll_json_value *v)
{
    ll_buf_free(&v->path);
    ll_buf_free(&v->text);
}

static int wrong(struct ll_json_value *v, const char *zh, const char *en)
{
    v->zh = zh;
    v->en = en;
    return LL_INVALID;
}

static bool end(const struct ll_json_value *v)
{
    return v->at == v->s.n;
}

static char peek(const struct ll_json_value *v)
{
    return end(v) ? 0 : v->s.p[v->at];
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void blanks(struct ll_json_value *v)
{
    for (; !end(v); v->at++)
        if (!blank(v->s.p[v->at]))
            return;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* --- scalars --- */

static int literal(struct ll_json_value *v, struct ll_str *out)
{
    static const struct ll_str words[] = {{"true", 4}, {"false", 5}, {"null", 4}};
    struct ll_str rest = {v->s.p + v->at, v->s.n - v->at};

    for (size_t i = 0; i < LL_COUNT(words); i++)
        if (ll_str_starts(rest, words[i])) {
            *out = i == 2 ? (struct ll_str){NULL, 0} : (struct ll_str){rest.p, words[i].n};
            v->at += words[i].n;
            return LL_OK;
        }
    return end(v) ? wrong(v, "在值之前就结束了", "it ends where a value should be")
                  : wrong(v, "此处应为一个值", "a value should be here");
}

static bool digits(struct ll_json_value *v)
{
    size_t from = v->at;

    while (digit(peek(v)))
        v->at++;
    return v->at > from;
}

static int number(struct ll_json_value *v, struct ll_str *out)
{
    size_t from = v->at;

    v->at += peek(v) == '-';
    bool zero = peek(v) == '0';
    if (!digits(v))
        return wrong(v, "数字不完整", "the number is not complete");
    if (zero && v->at - from - (v->s.p[from] == '-') > 1)
        return wrong(v, "数字不能以 0 开头", "a number may not start with 0");
    if (peek(v) == '.') {
        v->at++;
        if (!digits(v))
            return wrong(v, "小数点后没有数字", "no digit after the decimal point");
    }
    if (peek(v) == 'e' || peek(v) == 'E') {
        v->at++;
        v->at += peek(v) == '+' || peek(v) == '-';
        if (!digits(v))
            return wrong(v, "指数没有数字", "the exponent has no digit");
    }
    *out = (struct ll_str){v->s.p + from, v->at - from};
    return LL_OK;
}

static bool hex4(struct ll_json_value *v, uint32_t *ret)
{
    uint32_t x = 0;

    if (v->s.n - v->at < 4)
        return false;
    for (unsigned i = 0; i < 4; i++) {
        char c = v->s.p[v->at + i];
        uint32_t d = digit(c)               ? (uint32_t)(c - '0')
                     : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                     : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                            : 16;
        if (d == 16)
            return false;
        x = x << 4 | d;
    }
    v->at += 4;
    *ret = x;
    return true;
}

/* After \u.  A pair of surrogates is one character; half a pair is none. */
static int unicode(struct ll_json_value *v)
{
    uint32_t a, b;
    char utf8[4];

    if (!hex4(v, &a))
        return wrong(v, "\\u 之后应有四位十六进制数字", "\\u needs four hexadecimal digits");
    if (a >= 0xd800 && a <= 0xdbff && v->s.n - v->at >= 2 && v->s.p[v->at] == '\\' &&
        v->s.p[v->at + 1] == 'u') {
        v->at += 2;
        if (!hex4(v, &b) || b < 0xdc00 || b > 0xdfff)
            return wrong(v, "\\u 代理对不成对", "half a surrogate pair");
        a = 0x10000 + ((a & 0x3ff) << 10) + (b & 0x3ff);
    }
    size_t n = ll_utf8_put(utf8, a);
    if (n == 0)
        return wrong(v, "\\u 代理对不成对", "half a surrogate pair");
    ll_buf_add(&v->text, utf8, n);
    return LL_OK;
}

static int escape(struct ll_json_value *v)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = peek(v);
    const char *at = c ? strchr(from, c) : NULL;

    if (!at && c != 'u')
        return wrong(v, "不认识的转义", "unknown escape");
    v->at++;
    if (!at)
        return unicode(v);
    ll_buf_c(&v->text, to[at - from]);
    return LL_OK;
}

/* Moves to the next quote, backslash or control character. */
static void plain(struct ll_json_value *v)
{
    while (!end(v)) {
        unsigned char c = (unsigned char)v->s.p[v->at];
        if (c == '"' || c == '\\' || c < 0x20)
            return;
        v->at++;
    }
}

/* A string without escapes borrows from the source. */
static int string(struct ll_json_value *v, struct ll_str *out)
{
    size_t from = ++v->at, start = v->text.n;
    int rc = LL_OK;

    plain(v);
    if (peek(v) == '"') {
        *out = (struct ll_str){v->s.p + from, v->at++ - from};
        return LL_OK;
    }
    for (;;) {
        ll_buf_add(&v->text, v->s.p + from, v->at - from);
        if (end(v))
            return wrong(v, "字符串没有结束", "the string does not end");
        char c = v->s.p[v->at];
        if (c == '"')
            break;
        if (c != '\\')
            return wrong(v, "字符串中有未转义的控制字符", "an unescaped control character in a string");
        v->at++;
        if ((rc = escape(v)) < 0)
            return rc;
        from = v->at;
        plain(v);
    }
    v->at++;
    *out = (struct ll_str){v->text.p + start, v->text.n - start};
    return LL_OK;
}

static int scalar(struct ll_json_value *v, struct ll_str *out)
{
    char c = peek(v);

    if (c == '"')
        return string(v, out);
    return c == '-' || digit(c) ? number(v, out) : literal(v, out);
}

/* --- arrays and objects --- */

static int object(struct ll_json_value *v, bool cells);

static int deeper(struct ll_json_value *v)
{
    return ++v->depth > LL_JSON_NESTING ? wrong(v, "嵌套过深", "nested too deeply") : LL_OK;
}

static int array(struct ll_json_value *v);

/* A value inside an array: checked, but part of the array's text. */
static int element(struct ll_json_value *v)
{
    struct ll_str ignored;

    blanks(v);
    switch (peek(v)) {
    case '{':
        return object(v, false);
    case '[':
        return array(v);
    default:
        return scalar(v, &ignored);
    }
}

/* After a member: true and past the comma when another follows; past the closing bracket otherwise. */
static int another(struct ll_json_value *v, char close, bool *more)
{
    blanks(v);
    *more = peek(v) == ',';
    if (!*more && (end(v) || peek(v) != close))
        return wrong(v, "此处应为逗号或右括号", "a comma or the closing bracket should be here");
    v->at++;
    return LL_OK;
}

static int array(struct ll_json_value *v)
{
    bool more = true;
    int rc = deeper(v);

    v->at++;
    blanks(v);
    if (rc == LL_OK && peek(v) == ']') {
        v->at++;
        more = false;
    }
    while (rc == LL_OK && more)
        if ((rc = element(v)) == LL_OK)
            rc = another(v, ']', &more);
    v->depth--;
    return rc;
}

/* Every cell of an object lies at its own path; an empty object is a cell too, so that nothing is lost. */
static int value(struct ll_json_value *v, bool cells)
{
    struct ll_str text;
    int rc;

    blanks(v);
    size_t from = v->at;
    if (!cells)
        return element(v);
    if (peek(v) == '{') {
        size_t inner = from + 1;
        while (inner < v->s.n && blank(v->s.p[inner]))
            inner++;
        if (inner == v->s.n || v->s.p[inner] != '}')
            return object(v, true);
        v->at = inner + 1;
        return v->cell(v->ctx, ll_buf_view(&v->path), LL_STR("{}"));
    }
    if (peek(v) == '[') {
        rc = array(v);
        text = (struct ll_str){v->s.p + from, v->at - from};
    } else {
        rc = scalar(v, &text);
    }
    return rc < 0 ? rc : v->cell(v->ctx, ll_buf_view(&v->path), text);
}

static int member(struct ll_json_value *v, bool cells)
{
    size_t outer = v->path.n;
    struct ll_str key;
    int rc;

    blanks(v);
    if (peek(v) != '"')
        return wrong(v, "此处应为带引号的键", "a key in quotes should be here");
    if ((rc = string(v, &key)) < 0)
        return rc;
    blanks(v);
    if (peek(v) != ':')
        return wrong(v, "键之后应为冒号", "a colon should follow the key");
    v->at++;
    if (cells) {
        if (v->depth > 1)
            ll_buf_c(&v->path, '.');
        ll_buf_str(&v->path, key);
        if (v->path.failed)
            return wrong(v, "键过长", "the key is too long");
    }
    rc = value(v, cells);
    if (cells && v->path.p) {
        v->path.n = outer;
        v->path.p[outer] = 0;
    }
    return rc;
}

static int object(struct ll_json_value *v, bool cells)
{
    bool more = true;
    int rc = deeper(v);

    v->at++;
    blanks(v);
    if (rc == LL_OK && peek(v) == '}') {
        v->at++;
        more = false;
    }
    while (rc == LL_OK && more)
        if ((rc = member(v, cells)) == LL_OK)
            rc = another(v, '}', &more);
    v->depth--;
    return rc;
}

int ll_json_read(struct ll_json_value *v, struct ll_str s)
{
    v->s = s;
    v->at = 0;
    v->depth = 0;
    ll_buf_clear(&v->path);
    ll_buf_clear(&v->text);
    if (!ll_buf_reserve(&v->text, s.n)) /* what is decoded is never longer than its source */
        return LL_NOMEM;
    blanks(v);
    bool is_object = peek(v) == '{';
    int rc = is_object ? object(v, true) : element(v);
    if (rc < 0)
        return rc;
    blanks(v);
    if (!end(v))
        return wrong(v, "值之后还有其他字符", "something follows the value");
    if (is_object)
        return LL_OK;
    v->at = 0;
    return wrong(v, "不是对象，无法成为一行", "not an object, so it makes no row");
}
