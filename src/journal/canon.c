/* canon.c - see canon.h. */
#include "journal/canon.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 32 };
#define WHOLE_MAX ((INT64_C(1) << 53) - 1)

struct scan {
    const char *p, *end, *from;
    unsigned depth;
    const char *const *want; /* members of the outermost object that are looked for */
    size_t n_want;
    struct ll_str *found;
};

static bool value(struct scan *s);

static bool take(struct scan *s, char c)
{
    if (s->p == s->end || *s->p != c)
        return false;
    s->p++;
    return true;
}

/* What follows a backslash: the short escapes, and \u00xx for the controls that have none. */
static bool escape(struct scan *s)
{
    if (s->p == s->end)
        return false;
    char c = *s->p++;
    if (strchr("\"\\bfnrt", c) && c)
        return true;
    if (c != 'u' || s->end - s->p < 4 || memcmp(s->p, "00", 2) != 0 || (s->p[2] != '0' && s->p[2] != '1'))
        return false;
    bool digit = s->p[3] >= '0' && s->p[3] <= '9', letter = s->p[3] >= 'a' && s->p[3] <= 'f';
    int v = (s->p[2] - '0') * 16 + (digit ? s->p[3] - '0' : s->p[3] - 'a' + 10);
    s->p += 4;
    return (digit || letter) && !(v >= 8 && v <= 13 && v != 11);
}

/* A text; *ret is what stands between its quotes. */
static bool text(struct scan *s, struct ll_str *ret)
{
    if (!take(s, '"'))
        return false;
    const char *from = s->p;
    while (s->p < s->end && *s->p != '"') {
        unsigned char c = (unsigned char)*s->p++;
        if (c < 0x20 || (c == '\\' && !escape(s)))
            return false;
    }
    *ret = (struct ll_str){from, (size_t)(s->p - from)};
    return take(s, '"') && ll_utf8_bad(*ret) == ret->n;
}

static bool name_plain(struct ll_str name)
{
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < 0x20 || (unsigned char)name.p[i] >= 0x7f || name.p[i] == '\\')
            return false;
    return true;
}

static bool number(struct scan *s)
{
    const char *from = s->p;
    uint64_t v = 0;

    bool minus = take(s, '-');
    const char *digits = s->p;
    while (s->p < s->end && *s->p >= '0' && *s->p <= '9' && s->p - digits < 17)
        v = v * 10 + (uint64_t)(*s->p++ - '0');
    if (s->p == digits || (*digits == '0' && (s->p - digits > 1 || minus)) || v > WHOLE_MAX) {
        s->p = from;
        return false;
    }
    return true;
}

static bool word(struct scan *s)
{
    static const char *const words[] = {"true", "false", "null"};

    for (size_t i = 0; i < LL_COUNT(words); i++) {
        size_t n = strlen(words[i]);
        if ((size_t)(s->end - s->p) >= n && memcmp(s->p, words[i], n) == 0) {
            s->p += n;
            return true;
        }
    }
    return false;
}

static bool array(struct scan *s)
{
    if (take(s, ']'))
        return true;
    do
        if (!value(s))
            return false;
    while (take(s, ','));
    return take(s, ']');
}

static bool object(struct scan *s)
{
    struct ll_str name, before = {0};

    if (take(s, '}'))
        return true;
    do {
        if (!text(s, &name) || !name_plain(name) || (before.p && ll_str_cmp(before, name) >= 0) ||
            !take(s, ':'))
            return false;
        const char *from = s->p;
        if (!value(s))
            return false;
        for (size_t i = 0; s->depth == 1 && i < s->n_want; i++)
            if (ll_str_is(name, s->want[i]))
                s->found[i] = (struct ll_str){from, (size_t)(s->p - from)};
        before = name;
    } while (take(s, ','));
    return take(s, '}');
}

static bool value(struct scan *s)
{
    struct ll_str unused;
    bool good;

    if (s->p == s->end)
        return false;
    switch (*s->p) {
    case '"':
        return text(s, &unused);
    case '{':
    case '[':
        if (s->depth == DEPTH)
            return false;
        s->depth++;
        good = *s->p++ == '{' ? object(s) : array(s);
        s->depth--;
        return good;
    default:
        return number(s) || word(s);
    }
}

static bool scan_all(struct scan *s, struct ll_str json)
{
    s->p = s->from = json.p;
    s->end = json.p + json.n;
    return json.n && json.p[0] == '{' && value(s) && s->p == s->end;
}

int ll_canon_check(struct ll_str json, struct ll_err *err)
{
    struct scan s = {.depth = 0};

    if (scan_all(&s, json))
        return LL_OK;
    return ll_fail(err, LL_INVALID, "第 %zu 字节处不是规范 JSON（RFC 8785）的对象",
                   "not an object of canonical JSON (RFC 8785), at byte %zu", (size_t)(s.p - s.from));
}

bool ll_canon_members(struct ll_str json, const char *const *names, size_t n, struct ll_str *ret)
{
    struct scan s = {.want = names, .n_want = n, .found = ret};

    for (size_t i = 0; i < n; i++)
        ret[i] = (struct ll_str){NULL, 0};
    return scan_all(&s, json);
}

bool ll_canon_member(struct ll_str json, const char *name, struct ll_str *ret)
{
    return ll_canon_members(json, &name, 1, ret) && ret->p;
}

static void put_text(struct ll_buf *out, struct ll_str s)
{
    static const char shorts[] = "\bb\ff\nn\rr\tt\"\"\\\\";

    ll_buf_c(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        const char *at = NULL;
        for (size_t k = 0; k < sizeof shorts - 1 && !at; k += 2)
            at = (unsigned char)shorts[k] == c ? &shorts[k + 1] : NULL;
        if (at)
            ll_buf_add(out, (char[]){'\\', *at}, 2);
        else if (c < 0x20)
            ll_buf_printf(out, "\\u%04x", c);
        else
            ll_buf_c(out, (char)c);
    }
    ll_buf_c(out, '"');
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int put_value(json_t *v, unsigned depth, struct ll_buf *out, struct ll_err *err);

static int put_object(json_t *v, unsigned depth, struct ll_buf *out, struct ll_err *err)
{
    size_t n = json_object_size(v), i = 0;
    const char **names = calloc(n + 1, sizeof *names), *name;
    json_t *member;
    int rc = names ? LL_OK : ll_no_memory(err);

    if (rc < 0)
        return rc;
    json_object_foreach(v, name, member) names[i++] = name;
    qsort(names, n, sizeof *names, by_name);
    ll_buf_c(out, '{');
    for (i = 0; i < n && rc == LL_OK; i++) {
        ll_buf_z(out, i ? "," : "");
        put_text(out, ll_str(names[i]));
        ll_buf_c(out, ':');
        rc = put_value(json_object_get(v, names[i]), depth + 1, out, err);
    }
    ll_buf_c(out, '}');
    free(names);
    return rc;
}

static int put_array(json_t *v, unsigned depth, struct ll_buf *out, struct ll_err *err)
{
    int rc = LL_OK;

    ll_buf_c(out, '[');
    for (size_t i = 0; i < json_array_size(v) && rc == LL_OK; i++) {
        ll_buf_z(out, i ? "," : "");
        rc = put_value(json_array_get(v, i), depth + 1, out, err);
    }
    ll_buf_c(out, ']');
    return rc;
}

static int put_value(json_t *v, unsigned depth, struct ll_buf *out, struct ll_err *err)
{
    if (depth <= DEPTH)
        switch (json_typeof(v)) {
        case JSON_OBJECT:
            return put_object(v, depth, out, err);
        case JSON_ARRAY:
            return put_array(v, depth, out, err);
        case JSON_STRING:
            put_text(out, (struct ll_str){json_string_value(v), json_string_length(v)});
            return LL_OK;
        case JSON_INTEGER:
            ll_buf_printf(out, "%" PRId64, (int64_t)json_integer_value(v));
            return LL_OK;
        case JSON_TRUE:
        case JSON_FALSE:
        case JSON_NULL:
            ll_buf_z(out, json_is_null(v) ? "null" : json_is_true(v) ? "true" : "false");
            return LL_OK;
        case JSON_REAL:
            break;
        }
    return ll_fail(err, LL_INVALID, "日志条目不收小数，也不收 %d 层以上的嵌套",
                   "an entry takes no fractions, nor more than %d levels", DEPTH);
}

int ll_canon_put(struct ll_str json, struct ll_buf *out, struct ll_err *err)
{
    json_error_t why;
    json_t *root = json_loadb(json.p ? json.p : "", json.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);
    size_t from = out->n;
    int rc;

    if (!root)
        return ll_fail(err, LL_INVALID, "不是 JSON 对象：%s", "not a JSON object: %s", why.text);
    rc = put_value(root, 1, out, err);
    json_decref(root);
    if (rc == LL_OK && out->failed)
        rc = ll_no_memory(err);
    return rc < 0 ? rc : ll_canon_check((struct ll_str){out->p + from, out->n - from}, err);
}
