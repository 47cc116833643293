/* json.c - see json.h. */
#include "base/json.h"

#include "base/err.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ll_json_init(struct ll_json *j, struct ll_buf *out)
{
    *j = (struct ll_json){.out = out};
}

static void before_value(struct ll_json *j)
{
    if (j->after_key)
        j->after_key = false;
    else if (j->comma[j->depth])
        ll_buf_c(j->out, ',');
    j->comma[j->depth] = true;
}

static void open_level(struct ll_json *j, char c)
{
    before_value(j);
    ll_buf_c(j->out, c);
    LL_ASSERT(j->depth + 1 < LL_JSON_DEPTH);
    j->comma[++j->depth] = false;
}

static void close_level(struct ll_json *j, char c)
{
    LL_ASSERT(j->depth > 0 && !j->after_key);
    j->depth--;
    ll_buf_c(j->out, c);
}

void ll_json_obj(struct ll_json *j)
{
    open_level(j, '{');
}

void ll_json_end_obj(struct ll_json *j)
{
    close_level(j, '}');
}

void ll_json_arr(struct ll_json *j)
{
    open_level(j, '[');
}

void ll_json_end_arr(struct ll_json *j)
{
    close_level(j, ']');
}

void ll_json_key(struct ll_json *j, const char *key)
{
    before_value(j);
    ll_buf_json(j->out, ll_str(key));
    ll_buf_c(j->out, ':');
    j->after_key = true;
}

void ll_json_str(struct ll_json *j, struct ll_str s)
{
    before_value(j);
    ll_buf_json(j->out, s);
}

void ll_json_raw(struct ll_json *j, struct ll_str json)
{
    before_value(j);
    ll_buf_str(j->out, json);
}

void ll_json_raw_key(struct ll_json *j, struct ll_str json)
{
    before_value(j);
    ll_buf_str(j->out, json);
    j->after_key = true;
}

void ll_json_null(struct ll_json *j)
{
    ll_json_raw(j, LL_STR("null"));
}

void ll_json_z(struct ll_json *j, const char *z)
{
    if (z)
        ll_json_str(j, ll_str(z));
    else
        ll_json_null(j);
}

void ll_json_int(struct ll_json *j, int64_t v)
{
    before_value(j);
    ll_buf_printf(j->out, "%lld", (long long)v);
}

void ll_json_num(struct ll_json *j, double v)
{
    char text[40];

    if (!isfinite(v)) {
        ll_json_null(j);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    ll_json_raw(j, ll_str(text));
}

void ll_json_bool(struct ll_json *j, bool v)
{
    ll_json_raw(j, v ? LL_STR("true") : LL_STR("false"));
}

void ll_json_kz(struct ll_json *j, const char *key, const char *z)
{
    ll_json_key(j, key);
    ll_json_z(j, z);
}

void ll_json_ks(struct ll_json *j, const char *key, struct ll_str s)
{
    ll_json_key(j, key);
    ll_json_str(j, s);
}

void ll_json_ki(struct ll_json *j, const char *key, int64_t v)
{
    ll_json_key(j, key);
    ll_json_int(j, v);
}

void ll_json_kn(struct ll_json *j, const char *key, double v)
{
    ll_json_key(j, key);
    ll_json_num(j, v);
}

void ll_json_kb(struct ll_json *j, const char *key, bool v)
{
    ll_json_key(j, key);
    ll_json_bool(j, v);
}

void ll_json_quote_numbers(struct ll_str text, struct ll_buf *out)
{
    bool in_text = false, in_number = false;

    for (size_t i = 0; i < text.n; i++) {
        char ch = text.p[i];
        bool digit = !in_text && strchr(in_number ? "+-.0123456789eE" : "-0123456789", ch) != NULL;
        if (digit != in_number)
            ll_buf_c(out, '"');
        in_number = digit;
        ll_buf_c(out, ch);
        if (in_text && ch == '\\' && i + 1 < text.n)
            ll_buf_c(out, text.p[++i]);
        else if (ch == '"')
            in_text = !in_text;
    }
}
