/* json_wrap.c - see json_wrap.h. */
#include "intake/decode/json_wrap.h"

#include "base/err.h"
#include "intake/decode/json_split.h"
#include "intake/decode/json_value.h"

#include <string.h>
#include <strings.h>

static const char *const names[] = {"RECORDS", "data",    "rows",    "list",    "items",
                                    "result",  "results", "content", "datalist"};

struct walk {
    const char *p, *end;
};

static char peek(struct walk *w)
{
    while (w->p < w->end && (*w->p == ' ' || *w->p == '\t' || *w->p == '\n' || *w->p == '\r'))
        w->p++;
    return w->p < w->end ? *w->p : 0;
}

static bool pass(struct walk *w, char c)
{
    if (peek(w) != c)
        return false;
    w->p++;
    return true;
}

static bool pass_value(struct walk *w, struct ll_str *ret)
{
    const char *to = peek(w) ? ll_json_value_end(w->p, w->end) : NULL;

    if (!to || to == w->p)
        return false;
    *ret = (struct ll_str){w->p, (size_t)(to - w->p)};
    w->p = to;
    return true;
}

/* key is still in its quotes. */
static bool known(struct ll_str key)
{
    for (size_t i = 0; i < LL_COUNT(names); i++)
        if (key.n == strlen(names[i]) + 2 && strncasecmp(key.p + 1, names[i], key.n - 2) == 0)
            return true;
    return false;
}

static bool array_of_objects(struct walk w)
{
    return pass(&w, '[') && (peek(&w) == '{' || peek(&w) == ']');
}

struct ll_json_wrap ll_json_unwrap(struct ll_str head)
{
    struct walk w = {head.p, head.p + head.n};
    struct ll_json_wrap none = {0, 0};
    struct ll_str key, value;
    unsigned depth = 1;

    if (!pass(&w, '{'))
        return none;
    while (peek(&w) == '"' && pass_value(&w, &key) && pass(&w, ':')) {
        if (known(key) && peek(&w) == '[' && array_of_objects(w))
            return (struct ll_json_wrap){depth, (size_t)(w.p - head.p)};
        if (known(key) && depth < LL_JSON_WRAP_DEPTH && pass(&w, '{')) {
            depth++;
            continue;
        }
        if (!pass_value(&w, &value) || !pass(&w, ','))
            break;
    }
    return none;
}

static int ignore(void *ctx, struct ll_str path, struct ll_str value)
{
    (void)ctx;
    (void)path;
    (void)value;
    return LL_OK;
}

bool ll_json_wrap_ends(unsigned depth, struct ll_str tail)
{
    struct ll_json_value v;
    struct ll_buf text = LL_BUF_INIT(LL_JSON_WRAP_TAIL + 64);

    ll_json_value_init(&v);
    v.cell = ignore;
    for (unsigned i = 0; i < depth; i++)
        ll_buf_z(&text, "{\"\":");
    ll_buf_z(&text, "[]");
    ll_buf_str(&text, tail);
    bool ends = !text.failed && ll_json_read(&v, ll_buf_view(&text)) == LL_OK;
    ll_json_value_free(&v);
    ll_buf_free(&text);
    return ends;
}
