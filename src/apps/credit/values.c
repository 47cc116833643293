/* values.c - see values.h. */
#include "apps/credit/values.h"

#include "base/json.h"

#include <string.h>

enum { BODY_MAX = 4 << 20 };

int ll_credit_parse(struct ll_str body, json_t **ret, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(BODY_MAX);
    json_error_t why;

    ll_json_quote_numbers(body, &text);
    *ret = text.failed ? NULL : json_loadb(text.p, text.n, 0, &why);
    ll_buf_free(&text);
    return *ret ? LL_OK : ll_fail(err, LL_INTERNAL, "记录不是有效的 JSON", "a record is no valid JSON");
}

static const char *text_of(const json_t *v, enum ll_lang lang)
{
    const char *title;

    if (json_is_true(v) || json_is_false(v))
        return json_is_true(v) ? (lang == LL_ZH ? "是" : "yes") : lang == LL_ZH ? "否" : "no";
    if (!json_is_object(v))
        return json_string_value(v);
    title = json_string_value(json_object_get(v, lang == LL_ZH ? "title" : "title_en"));
    if (!title)
        title = json_string_value(json_object_get(v, "title"));
    return title ? title : json_string_value(json_object_get(v, "code"));
}

struct ll_str ll_credit_value(const json_t *record, const struct ll_item *item, enum ll_lang lang,
                              struct ll_arena *arena)
{
    const char *text = text_of(json_object_get(record, item->name), lang);
    const char *copy = text && *text ? ll_arena_dup(arena, ll_str(text)) : NULL;

    return copy ? ll_str(copy) : LL_STR("—");
}

const char *ll_credit_title(const struct ll_item *item, enum ll_lang lang, struct ll_arena *arena)
{
    const char *title = lang == LL_EN && item->title_en ? item->title_en : item->title,
               *unit = item->element->unit;
    const char *with = unit && *unit
                           ? ll_arena_printf(arena, lang == LL_ZH ? "%s（%s）" : "%s (%s)", title, unit)
                           : NULL;

    return with ? with : title;
}
