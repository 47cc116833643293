/* show.c - see show.h. */
#include "cli/show.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

enum { INDENT = 4, WIDTH = 100, LINE_MAX_ = 1 << 20 };

int ll_show_parse(struct ll_str text, json_t **ret, struct ll_err *err)
{
    struct ll_buf quoted = LL_BUF_INIT(text.n * 2 + 64);
    json_error_t why;

    ll_json_quote_numbers(text, &quoted);
    *ret = quoted.failed ? NULL : json_loadb(quoted.p, quoted.n, 0, &why);
    ll_buf_free(&quoted);
    if (!*ret)
        return ll_fail(err, LL_INTERNAL, "内部 JSON 有误", "broken JSON inside");
    return LL_OK;
}

const char *ll_show_text(json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

const char *ll_show_time(json_t *object, const char *key, char out[LL_LOCAL_TEXT])
{
    const char *text = ll_show_text(object, key);
    int64_t ms;

    return text && ll_time_parse(text, &ms) ? ll_out_local(ms, out) : "-";
}

static void show_code(const struct ll_cli *c, json_t *value, struct ll_buf *out)
{
    const char *code = ll_show_text(value, "code"),
               *title = ll_show_text(value, ll_say(c, "title", "title_en"));

    if (!title)
        title = ll_show_text(value, "title");
    if (title)
        ll_buf_printf(out, "%s (%s)", title, code ? code : "");
    else
        ll_buf_z(out, code ? code : "");
}

void ll_show_value(const struct ll_cli *c, const struct ll_item *item, json_t *value, struct ll_buf *out)
{
    const char *text = json_string_value(value);
    const struct ll_code *code = text && item->codes ? ll_codeset_by_code(item->codes, ll_str(text)) : NULL;

    if (json_is_object(value))
        show_code(c, value, out);
    else if (json_is_boolean(value))
        ll_buf_z(out, json_is_true(value) ? ll_say(c, "是", "yes") : ll_say(c, "否", "no"));
    else if (code)
        ll_buf_printf(out, LL_STR_FMT " (%s)",
                      LL_STR_ARG(c->lang == LL_EN && code->title_en.n ? code->title_en : code->title), text);
    else if (text)
        ll_buf_z(out, text);
}

static const char *item_title(const struct ll_cli *c, const struct ll_item *item)
{
    return c->lang == LL_EN && item->title_en ? item->title_en : item->title;
}

int ll_show_record(struct ll_cli *c, const struct ll_resource *r, json_t *record, struct ll_err *err)
{
    struct ll_column *columns = calloc(r->n_items, sizeof *columns);
    struct ll_buf text = LL_BUF_INIT(LINE_MAX_);

    if (!columns)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    for (size_t i = 0; i < r->n_items; i++) {
        const char *title = item_title(c, &r->items[i]);
        columns[i] = (struct ll_column){r->items[i].name, title, title, LL_LEFT};
    }
    struct ll_grid *grid = ll_grid_new(c, columns, r->n_items);
    for (size_t i = 0; i < r->n_items; i++) {
        ll_buf_clear(&text);
        ll_show_value(c, &r->items[i], json_object_get(record, r->items[i].name), &text);
        ll_grid_str(grid, ll_buf_view(&text));
    }
    int rc = ll_grid_end_card(grid, err);
    ll_buf_free(&text);
    free(columns);
    return rc;
}

void ll_show_compact(struct ll_cli *c, const struct ll_resource *r, json_t *record)
{
    struct ll_buf line = LL_BUF_INIT(LINE_MAX_), text = LL_BUF_INIT(LINE_MAX_);

    for (size_t i = 0; i < r->n_items; i++) {
        ll_buf_clear(&text);
        ll_show_value(c, &r->items[i], json_object_get(record, r->items[i].name), &text);
        if (text.n == 0)
            continue;
        ll_buf_printf(&line, "%s%s ", line.n ? ll_say(c, "；", "; ") : "- ", item_title(c, &r->items[i]));
        ll_out_safe(&line, ll_buf_view(&text));
    }
    ll_out_wrap(&c->out, ll_buf_view(&line), INDENT, WIDTH);
    ll_buf_free(&line);
    ll_buf_free(&text);
}
