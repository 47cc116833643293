/* columns.c - see columns.h. */
#include "intake/decode/columns.h"

#include <string.h>

/* U+00A0, U+3000, U+FEFF and U+200B to U+200D: what spreadsheets and web pages leave around a title. */
static bool blank(int32_t cp)
{
    return (cp >= 0 && cp <= ' ') || cp == 0xa0 || cp == 0x3000 || cp == 0xfeff ||
           (cp >= 0x200b && cp <= 0x200d);
}

struct ll_str ll_header_trim(struct ll_str s)
{
    size_t at = 0, from = s.n, to = 0;

    while (at < s.n) {
        size_t start = at;
        if (blank(ll_utf8_next(s, &at)))
            continue;
        from = from < start ? from : start;
        to = at;
    }
    return from < to ? (struct ll_str){s.p + from, to - from} : (struct ll_str){s.p, 0};
}

static int no_memory(struct ll_err *err)
{
    return ll_fail(err, LL_NOMEM, "读取表头和样例时内存不足", "out of memory reading the header and sample");
}

int ll_columns_set(struct ll_source_info *info, struct ll_arena *arena, const struct ll_str *cells, size_t n,
                   size_t max, struct ll_err *err)
{
    if (n > max)
        return ll_fail(err, LL_TOOBIG, "有 %zu 列，超过 %zu 列的上限：请核对分隔符，或拆成几张表再交付",
                       "%zu columns, over the limit of %zu: check the delimiter, or deliver several tables",
                       n, max);
    struct ll_str *names = ll_arena_array(arena, n ? n : 1, sizeof *names);
    if (!names)
        return no_memory(err);
    for (size_t i = 0; i < n; i++) {
        struct ll_str name = cells ? ll_header_trim(cells[i]) : (struct ll_str){NULL, 0};
        char *copy = name.n ? ll_arena_dup(arena, name) : ll_arena_printf(arena, "#%zu", i + 1);
        if (!copy)
            return no_memory(err);
        names[i] = ll_str(copy);
    }
    info->names = names;
    info->n_columns = n;
    return LL_OK;
}

static const struct ll_str *copy_row(struct ll_arena *arena, const struct ll_row *row, size_t n)
{
    struct ll_str *cells = ll_arena_array(arena, n ? n : 1, sizeof *cells);

    for (size_t i = 0; cells && i < n && i < row->n; i++) {
        if (!row->cells[i].p)
            continue;
        cells[i] = (struct ll_str){ll_arena_dup(arena, row->cells[i]), row->cells[i].n};
        if (!cells[i].p)
            return NULL;
    }
    return cells;
}

int ll_columns_sample(struct ll_source_info *info, struct ll_arena *arena, struct ll_rows *rows,
                      struct ll_err *err)
{
    const struct ll_str **sample = ll_arena_array(arena, LL_SOURCE_SAMPLE, sizeof *sample);
    struct ll_row row;
    size_t n = 0;
    int rc = 1;

    if (!sample)
        return no_memory(err);
    while (n < LL_SOURCE_SAMPLE && (rc = rows->ops->next(rows, &row, err)) > 0) {
        if (row.fault >= 0)
            continue;
        if (!(sample[n++] = copy_row(arena, &row, info->n_columns)))
            return no_memory(err);
    }
    info->sample = sample;
    info->n_sample = n;
    return rc < 0 ? rc : LL_OK;
}

static int by_position(const struct ll_source_info *info, struct ll_str name)
{
    int64_t at;
    struct ll_str digits = {name.p + 1, name.n - 1};

    if (!ll_str_i64(digits, 1, (int64_t)info->n_columns, &at))
        return LL_COLUMN_NONE;
    return (int)at - 1;
}

int ll_source_column(const struct ll_source_info *info, struct ll_str name)
{
    int found = LL_COLUMN_NONE;

    for (size_t i = 0; i < info->n_columns; i++) {
        if (!ll_str_eq(info->names[i], name))
            continue;
        if (found >= 0)
            return LL_COLUMN_TWICE;
        found = (int)i;
    }
    if (found < 0 && name.n > 1 && name.p[0] == '#')
        return by_position(info, name);
    return found;
}
