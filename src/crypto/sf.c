/* sf.c - see sf.h. */
#include "crypto/sf.h"

#include <string.h>

struct ll_sf ll_sf_of(struct ll_str s)
{
    while (s.n && s.p[0] == ' ')
        s.p++, s.n--;
    while (s.n && s.p[s.n - 1] == ' ')
        s.n--;
    return (struct ll_sf){s.p, s.p + s.n};
}

bool ll_sf_at_end(const struct ll_sf *s)
{
    return s->p == s->end;
}

bool ll_sf_take(struct ll_sf *s, char c)
{
    if (s->p == s->end || *s->p != c)
        return false;
    s->p++;
    return true;
}

static bool lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool alpha(char c)
{
    return lower(c) || (c >= 'A' && c <= 'Z');
}

bool ll_sf_key(struct ll_sf *s, struct ll_str *ret)
{
    const char *from = s->p;

    if (s->p == s->end || !(lower(*s->p) || *s->p == '*'))
        return false;
    while (s->p < s->end && (lower(*s->p) || digit(*s->p) || (*s->p && strchr("_-.*", *s->p))))
        s->p++;
    *ret = (struct ll_str){from, (size_t)(s->p - from)};
    return true;
}

static bool take_string(struct ll_sf *s, struct ll_sf_value *v)
{
    const char *from = s->p;

    v->type = LL_SF_STRING;
    for (s->p++; s->p < s->end && *s->p != '"'; s->p++) {
        if (*s->p < 0x20 || *s->p > 0x7e)
            return false;
        if (*s->p == '\\' && (++s->p == s->end || (*s->p != '"' && *s->p != '\\')))
            return false;
    }
    if (!ll_sf_take(s, '"'))
        return false;
    v->text = (struct ll_str){from + 1, (size_t)(s->p - from) - 2};
    return true;
}

static bool take_bytes(struct ll_sf *s, struct ll_sf_value *v)
{
    const char *from = ++s->p;

    v->type = LL_SF_BYTES;
    while (s->p < s->end && *s->p != ':')
        s->p++;
    v->text = (struct ll_str){from, (size_t)(s->p - from)};
    return ll_sf_take(s, ':'); /* whoever needs the bytes decodes them, strictly */
}

/* At most 15 digits, in their shortest form. */
static bool take_integer(struct ll_sf *s, struct ll_sf_value *v)
{
    const char *from = s->p;
    bool minus = ll_sf_take(s, '-');
    const char *first = s->p;

    v->type = LL_SF_INTEGER;
    for (; s->p < s->end && digit(*s->p) && s->p - first < 16; s->p++)
        v->integer = v->integer * 10 + (*s->p - '0');
    size_t n = (size_t)(s->p - first);
    if (n == 0 || n > 15 || (n > 1 && *first == '0') || (minus && *first == '0') ||
        (s->p < s->end && *s->p == '.'))
        return false;
    v->text = (struct ll_str){from, (size_t)(s->p - from)};
    v->integer = minus ? -v->integer : v->integer;
    return true;
}

static bool take_boolean(struct ll_sf *s, struct ll_sf_value *v)
{
    s->p++;
    v->type = s->p < s->end && *s->p == '1' ? LL_SF_TRUE : LL_SF_FALSE;
    return ll_sf_take(s, '1') || ll_sf_take(s, '0');
}

static bool take_token(struct ll_sf *s, struct ll_sf_value *v)
{
    v->type = LL_SF_TOKEN;
    while (s->p < s->end && (alpha(*s->p) || digit(*s->p) || (*s->p && strchr("!#$%&'*+-.^_`|~:/", *s->p))))
        s->p++;
    return true;
}

static bool take_any(struct ll_sf *s, struct ll_sf_value *v)
{
    char c = *s->p;

    if (c == '"')
        return take_string(s, v);
    if (c == ':')
        return take_bytes(s, v);
    if (c == '?')
        return take_boolean(s, v);
    if (c == '-' || digit(c))
        return take_integer(s, v);
    return (alpha(c) || c == '*') && take_token(s, v);
}

bool ll_sf_value(struct ll_sf *s, struct ll_sf_value *ret)
{
    const char *from = s->p;

    *ret = (struct ll_sf_value){0};
    if (s->p == s->end || !take_any(s, ret))
        return false;
    ret->raw = (struct ll_str){from, (size_t)(s->p - from)};
    return true;
}

static bool named_before(const struct ll_sf_param *params, size_t n, struct ll_str name)
{
    for (size_t i = 0; i < n; i++)
        if (ll_str_eq(params[i].name, name))
            return true;
    return false;
}

bool ll_sf_params(struct ll_sf *s, struct ll_sf_param *out, size_t max, size_t *n)
{
    for (*n = 0; ll_sf_take(s, ';'); ++*n) {
        struct ll_sf_param p = {.value = {.type = LL_SF_TRUE}};
        while (ll_sf_take(s, ' '))
            ;
        if (*n == max || !ll_sf_key(s, &p.name) || named_before(out, *n, p.name) ||
            (ll_sf_take(s, '=') && !ll_sf_value(s, &p.value)))
            return false;
        out[*n] = p;
    }
    return true;
}

static void blanks(struct ll_sf *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t'))
        s->p++;
}

bool ll_sf_comma(struct ll_sf *s)
{
    const char *from = s->p;

    blanks(s);
    if (ll_sf_take(s, ',')) {
        blanks(s);
        if (s->p < s->end)
            return true;
    }
    s->p = from; /* a comma at the end is not the end */
    return false;
}
