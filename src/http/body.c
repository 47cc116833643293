/* body.c - see body.h. */
#include "http/body.h"

#include <string.h>

static bool deeper_than(struct ll_str text, unsigned limit)
{
    unsigned depth = 0;
    bool quoted = false;

    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (quoted) {
            if (c == '\\')
                i++;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > limit)
                return true;
        } else if ((c == '}' || c == ']') && depth) {
            depth--;
        }
    }
    return false;
}

void ll_body_open(struct ll_body *b, struct ll_request *rq, struct ll_err *err)
{
    json_error_t where;

    *b = (struct ll_body){.arena = rq->arena, .err = err};
    if (!rq->body.n) {
        b->rc = ll_fail(err, LL_USAGE, "请求没有正文，应为一个 JSON 对象",
                        "the request has no body; it takes a JSON object");
    } else if (deeper_than(rq->body, LL_BODY_DEPTH)) {
        b->rc = ll_fail(err, LL_USAGE, "正文嵌套超过 %d 层", "the body nests deeper than %d levels",
                        LL_BODY_DEPTH);
    } else if (!(b->root = json_loadb(rq->body.p, rq->body.n, JSON_REJECT_DUPLICATES, &where))) {
        b->rc = ll_fail(err, LL_USAGE, "正文第 %d 行第 %d 列不是正确的 JSON：%s",
                        "the body is not JSON at line %d, column %d: %s", where.line, where.column,
                        where.text);
    } else if (!json_is_object(b->root)) {
        b->rc = ll_fail(err, LL_USAGE, "正文应为一个 JSON 对象", "the body must be a JSON object");
    }
}

const json_t *ll_body_any(struct ll_body *b, const char *name, bool required)
{
    json_t *v;

    if (b->rc < 0)
        return NULL;
    LL_ASSERT(b->n_asked < LL_BODY_FIELDS);
    b->asked[b->n_asked++] = name;
    v = json_object_get(b->root, name);
    if (json_is_null(v))
        v = NULL;
    if (!v && required)
        b->rc = ll_fail(b->err, LL_USAGE, "正文缺少 %s", "the body lacks %s", name);
    return v;
}

static const char *text_of(struct ll_body *b, const char *name, const json_t *v, size_t min, size_t max)
{
    struct ll_str s = {json_string_value(v), json_string_length(v)};
    size_t n;
    char *copy;

    if (!s.p) {
        b->rc = ll_fail(b->err, LL_USAGE, "%s 应为文本", "%s must be a text", name);
        return NULL;
    }
    n = ll_utf8_count(s);
    if (n < min || n > max || memchr(s.p, 0, s.n)) {
        b->rc = ll_fail(b->err, LL_USAGE, "%s 应为 %zu 到 %zu 个字符", "%s takes %zu to %zu characters", name,
                        min, max);
        return NULL;
    }
    if (!(copy = ll_arena_dup(b->arena, s)))
        b->rc = ll_no_memory(b->err);
    return copy;
}

const char *ll_body_text(struct ll_body *b, const char *name, size_t min, size_t max, bool required)
{
    const json_t *v = ll_body_any(b, name, required);

    return v ? text_of(b, name, v, min, max) : NULL;
}

int64_t ll_body_int(struct ll_body *b, const char *name, int64_t min, int64_t max, int64_t fallback)
{
    const json_t *v = ll_body_any(b, name, false);

    if (!v)
        return fallback;
    if (!json_is_integer(v) || json_integer_value(v) < min || json_integer_value(v) > max) {
        b->rc = ll_fail(b->err, LL_USAGE, "%s 应为 %lld 到 %lld 的整数",
                        "%s must be a whole number from %lld to %lld", name, (long long)min, (long long)max);
        return fallback;
    }
    return json_integer_value(v);
}

bool ll_body_bool(struct ll_body *b, const char *name, bool fallback)
{
    const json_t *v = ll_body_any(b, name, false);

    if (v && !json_is_boolean(v))
        b->rc = ll_fail(b->err, LL_USAGE, "%s 应为 true 或 false", "%s must be true or false", name);
    return v ? json_is_true(v) : fallback;
}

size_t ll_body_texts(struct ll_body *b, const char *name, size_t most, size_t max, const char *const **ret)
{
    const json_t *v = ll_body_any(b, name, false);
    const char **list;

    *ret = NULL;
    if (!v)
        return 0;
    if (!json_is_array(v) || json_array_size(v) > most) {
        b->rc = ll_fail(b->err, LL_USAGE, "%s 应为数组，至多 %zu 项", "%s must be an array of at most %zu",
                        name, most);
        return 0;
    }
    if (!(list = ll_arena_array(b->arena, json_array_size(v) + 1, sizeof(*list)))) {
        b->rc = ll_no_memory(b->err);
        return 0;
    }
    for (size_t i = 0; i < json_array_size(v) && b->rc >= 0; i++)
        list[i] = text_of(b, name, json_array_get(v, i), 1, max);
    *ret = list;
    return b->rc < 0 ? 0 : json_array_size(v);
}

static bool asked_for(const struct ll_body *b, const char *name)
{
    for (size_t i = 0; i < b->n_asked; i++)
        if (strcmp(b->asked[i], name) == 0)
            return true;
    return false;
}

int ll_body_end(struct ll_body *b)
{
    const char *name;
    json_t *v;

    if (b->rc >= 0)
        json_object_foreach(b->root, name, v) if (b->rc >= 0 && !asked_for(b, name))
            b->rc = ll_fail(b->err, LL_USAGE, "正文中的 %.64s 不认识", "the body's %.64s is not known", name);
    json_decref(b->root);
    b->root = NULL;
    return b->rc;
}
