/* open.c - see open.h. */
#include "share/open.h"

#include "base/log.h"
#include "share/record.h"
#include "standard/ident.h"

#include <inttypes.h>
#include <string.h>

static const char UNCONDITIONAL[] = "1";
enum { OPEN_GRADE = 1 };

bool ll_open_is(const struct ll_resource *r)
{
    return r->open && strcmp(r->open, UNCONDITIONAL) == 0 && ll_open_items(r) > 0;
}

bool ll_open_item(const struct ll_item *item)
{
    return item->grade <= OPEN_GRADE;
}

size_t ll_open_items(const struct ll_resource *r)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n_items; i++)
        n += ll_open_item(&r->items[i]);
    return n;
}

bool ll_open_gives(const struct ll_resource *r, struct ll_table *t)
{
    for (size_t i = 0; i < r->n_items; i++) {
        struct ll_seg_value v;
        if (r->items[i].role != LL_ROLE_SUBJECT)
            continue;
        v = ll_record_value(r, i, t);
        if (v.kind == LL_SV_TEXT && ll_item_is_person(&r->items[i], v.s))
            return false;
    }
    return true;
}

static bool coded(const struct ll_item *item)
{
    return item->element->type == LL_TYPE_CODE;
}

void ll_open_head(const struct ll_resource *r, struct ll_buf *out)
{
    const char *comma = "\xef\xbb\xbf";

    for (size_t i = 0; i < r->n_items; i++) {
        if (!ll_open_item(&r->items[i]))
            continue;
        ll_buf_printf(out, "%s%s", comma, r->items[i].name);
        if (coded(&r->items[i]))
            ll_buf_printf(out, ",%s_title", r->items[i].name);
        comma = ",";
    }
    ll_buf_z(out, "\r\n");
}

static void put_title(const struct ll_item *item, struct ll_str code, struct ll_buf *out)
{
    const struct ll_code *c = item->codes ? ll_codeset_by_code(item->codes, code) : NULL;

    ll_buf_z(out, ",");
    if (c)
        ll_buf_csv(out, c->title, true);
}

static void put_cell(const struct ll_item *item, struct ll_seg_value v, struct ll_buf *out)
{
    char masked[LL_ID_MAX * 4];

    if (v.kind == LL_SV_INT && item->element->type == LL_TYPE_BOOLEAN)
        ll_buf_z(out, v.i ? "true" : "false");
    else if (v.kind == LL_SV_INT)
        ll_buf_printf(out, "%" PRId64, v.i);
    else if (v.kind != LL_SV_NULL && ll_item_is_person(item, v.s))
        ll_buf_csv(out, ll_str(ll_mask(v.s, masked, sizeof masked)), true);
    else if (v.kind != LL_SV_NULL)
        ll_buf_csv(out, v.s, item->element->type != LL_TYPE_DECIMAL);
    if (coded(item))
        put_title(item, v.kind == LL_SV_TEXT ? v.s : ll_str(""), out);
}

static void put_csv(const struct ll_resource *r, struct ll_table *t, struct ll_buf *out)
{
    bool first = true;

    for (size_t i = 0; i < r->n_items; i++) {
        if (!ll_open_item(&r->items[i]))
            continue;
        if (!first)
            ll_buf_z(out, ",");
        put_cell(&r->items[i], ll_record_value(r, i, t), out);
        first = false;
    }
    ll_buf_z(out, "\r\n");
}

void ll_open_record(const struct ll_resource *r, struct ll_table *t, struct ll_json *j)
{
    ll_json_obj(j);
    for (size_t i = 0; i < r->n_items; i++) {
        struct ll_seg_value v;
        if (!ll_open_item(&r->items[i]))
            continue;
        v = ll_record_value(r, i, t);
        ll_json_key(j, r->items[i].name);
        if (v.kind == LL_SV_TEXT && ll_item_is_person(&r->items[i], v.s))
            ll_record_put_text(&r->items[i], v.s, true, j);
        else
            ll_record_put_value(&r->items[i], v, j);
    }
    ll_json_end_obj(j);
}

void ll_open_line(const struct ll_resource *r, struct ll_table *t, enum ll_open_format f, struct ll_buf *out)
{
    struct ll_json j;

    if (f == LL_OPEN_CSV) {
        put_csv(r, t, out);
        return;
    }
    ll_json_init(&j, out);
    ll_open_record(r, t, &j);
    ll_buf_z(out, "\n");
}
