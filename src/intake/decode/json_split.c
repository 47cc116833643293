/* json_split.c - see json_split.h.  Only brackets and strings count here; whether what lies between is JSON, json_value.c says. */
#include "intake/decode/json_split.h"

#include "intake/decode/json_wrap.h"

#include <string.h>

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void count_lines(struct ll_json_split *s, const char *p, const char *to)
{
    while (p < to && (p = memchr(p, '\n', (size_t)(to - p))) != NULL) {
        s->line++;
        p++;
    }
}

static const char *pass_blanks(struct ll_json_split *s, const char *p, const char *end)
{
    for (; p < end && blank(*p); p++)
        s->line += *p == '\n';
    return p;
}

/* p is after the opening quote: the byte after the closing one, or NULL. */
static const char *string_end(const char *p, const char *end)
{
    for (;;) {
        const char *q = memchr(p, '"', (size_t)(end - p));
        if (!q)
            return NULL;
        size_t slashes = 0;
        for (const char *b = q; b > p && b[-1] == '\\'; b--)
            slashes++;
        if (slashes % 2 == 0)
            return q + 1;
        p = q + 1;
    }
}

const char *ll_json_value_end(const char *p, const char *end)
{
    size_t depth = 0;

    while (p < end) {
        switch (*p) {
        case '"':
            p = string_end(p + 1, end);
            if (!p || depth == 0)
                return p;
            continue;
        case '{':
        case '[':
            depth++;
            break;
        case '}':
        case ']':
            if (depth == 0)
                return p;
            if (--depth == 0)
                return p + 1;
            break;
        case ',':
        case ' ':
        case '\t':
        case '\r':
        case '\n':
            if (depth == 0)
                return p;
            break;
        default:
            break;
        }
        p++;
    }
    return NULL;
}

static enum ll_json_found broken(const char **p, const char *end, struct ll_str *value)
{
    *value = (struct ll_str){*p, (size_t)(end - *p)};
    *p = end;
    return LL_JSON_BROKEN;
}

static enum ll_json_found one_line(struct ll_json_split *s, const char **p, const char *end, bool last,
                                   struct ll_str *value, uint64_t *line)
{
    while (*p < end) {
        const char *nl = memchr(*p, '\n', (size_t)(end - *p));
        const char *to = nl ? nl : end;
        bool cut = s->in_long, too_long = (size_t)(to - *p) > s->max_record;
        if (!nl && !last && !cut && !too_long)
            return LL_JSON_NEED;
        *line = s->line;
        *value = (struct ll_str){*p, too_long ? s->max_record : (size_t)(to - *p)};
        s->line += nl != NULL;
        s->in_long = (cut || too_long) && !nl && !last;
        *p = nl ? nl + 1 : end;
        if (cut)
            continue;
        if (too_long)
            return LL_JSON_LONG;
        if (ll_str_trim(*value).n)
            return LL_JSON_GOT;
    }
    return last ? LL_JSON_DONE : LL_JSON_NEED;
}

/* p: after the array and blanks. */
static enum ll_json_found after_array(struct ll_json_split *s, const char **p, const char *end, bool last)
{
    struct ll_str tail = {*p, (size_t)(end - *p)};

    if (!last && s->wrapped && tail.n <= LL_JSON_WRAP_TAIL)
        return LL_JSON_NEED;
    if (*p == end && !s->wrapped)
        return last ? LL_JSON_DONE : LL_JSON_NEED;
    if (!s->wrapped || tail.n > LL_JSON_WRAP_TAIL || !ll_json_wrap_ends(s->wrapped, tail))
        return LL_JSON_BROKEN;
    *p = end;
    s->wrapped = 0;
    return LL_JSON_DONE;
}

/* Brackets and commas of the array itself.  LL_JSON_GOT: a value is to come at *p.  A range that is not the last one ends before a value. */
static enum ll_json_found punctuation(struct ll_json_split *s, const char **p, const char *end, bool last)
{
    for (;;) {
        *p = pass_blanks(s, *p, end);
        if (s->next == LL_JSON_END)
            return after_array(s, p, end, last);
        if (*p == end)
            return !last ? LL_JSON_NEED : s->next == LL_JSON_VALUE ? LL_JSON_DONE : LL_JSON_BROKEN;
        switch (s->next) {
        case LL_JSON_OPEN:
            s->next = LL_JSON_FIRST;
            break;
        case LL_JSON_FIRST:
            if (**p != ']')
                return LL_JSON_GOT;
            s->next = LL_JSON_END;
            break;
        case LL_JSON_COMMA:
            if (**p != ',' && **p != ']')
                return LL_JSON_BROKEN;
            s->next = **p == ',' ? LL_JSON_VALUE : LL_JSON_END;
            break;
        default:
            return LL_JSON_GOT;
        }
        ++*p;
    }
}

static enum ll_json_found one_value(struct ll_json_split *s, const char **p, const char *end, bool last,
                                    struct ll_str *value, uint64_t *line)
{
    *p = pass_blanks(s, *p, end);
    *line = s->line;
    if (*p == end)
        return last ? LL_JSON_DONE : LL_JSON_NEED;
    const char *to = ll_json_value_end(*p, end);
    if (!to && last && s->shape == LL_JSON_STREAM && **p != '{' && **p != '[' && **p != '"')
        to = end; /* a bare word ends with the text */
    if (!to && !last && (size_t)(end - *p) <= s->max_record)
        return LL_JSON_NEED;
    if (!to || to == *p || (size_t)(to - *p) > s->max_record)
        return broken(p, end, value);
    *value = (struct ll_str){*p, (size_t)(to - *p)};
    count_lines(s, *p, to);
    *p = to;
    return LL_JSON_GOT;
}

enum ll_json_found ll_json_split(struct ll_json_split *s, const char **p, const char *end, bool last,
                                 struct ll_str *value, uint64_t *line)
{
    if (s->shape == LL_JSON_LINES)
        return one_line(s, p, end, last, value, line);
    if (s->shape == LL_JSON_STREAM)
        return one_value(s, p, end, last, value, line);
    enum ll_json_found found = punctuation(s, p, end, last);
    *line = s->line;
    if (found == LL_JSON_BROKEN)
        return broken(p, end, value);
    if (found != LL_JSON_GOT)
        return found;
    found = one_value(s, p, end, last, value, line);
    if (found == LL_JSON_GOT)
        s->next = LL_JSON_COMMA;
    return found;
}
