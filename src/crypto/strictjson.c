/* strictjson.c - see strictjson.h. */
#include "crypto/strictjson.h"

#include <string.h>

int ll_json_load(struct ll_str text, size_t max, const char *what, json_t **ret, struct ll_err *err)
{
    json_error_t why;

    if (text.n > max)
        return ll_fail(err, LL_TOOBIG, "%s 超过 %zu 字节", "%s is over %zu bytes", what, max);
    /* jansson passes over a NUL between tokens */
    json_t *v = text.n && !memchr(text.p, 0, text.n)
                    ? json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &why)
                    : NULL;
    if (!json_is_object(v)) {
        json_decref(v);
        return ll_fail(err, LL_INVALID, "%s 不是 JSON 对象", "%s is not a JSON object", what);
    }
    *ret = v;
    return LL_OK;
}

struct ll_str ll_json_member(const json_t *object, const char *name)
{
    const json_t *v = json_object_get(object, name);

    return json_is_string(v) ? (struct ll_str){json_string_value(v), json_string_length(v)}
                             : (struct ll_str){NULL, 0};
}

bool ll_json_is(const json_t *object, const char *name, const char *text)
{
    struct ll_str s = ll_json_member(object, name);

    return s.p && ll_str_is(s, text);
}
