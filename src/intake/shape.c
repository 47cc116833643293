/* shape.c - see shape.h. */
#include "intake/shape.h"

void ll_shape_type(struct ll_buf *sql, const struct ll_element *e)
{
    static const char *const types[] = {
#define X(name, text, lake, segment) lake,
        LL_TYPES(X)
#undef X
    };

    ll_buf_z(sql, types[e->type]);
    if (e->type == LL_TYPE_DECIMAL)
        ll_buf_printf(sql, "(%u,%u)", e->precision, e->scale);
}

void ll_shape_names(struct ll_buf *sql, const struct ll_resource *r)
{
    for (size_t i = 0; i < r->n_items; i++) {
        ll_buf_z(sql, i ? ", " : "");
        ll_buf_sql_name(sql, ll_str(r->items[i].name));
    }
}

void ll_shape_nulls(struct ll_buf *sql, const struct ll_resource *r)
{
    for (size_t i = 0; i < r->n_items; i++) {
        ll_buf_z(sql, i ? ", NULL::" : "NULL::");
        ll_shape_type(sql, r->items[i].element);
        ll_buf_z(sql, " AS ");
        ll_buf_sql_name(sql, ll_str(r->items[i].name));
    }
}
