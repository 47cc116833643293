/* timeliness_refused.c - refused rows by department.  A refused row is what its source wrote, under the source's own headers; which department
 * it is of is read from the columns that the resource's mappings take the department from. */
#include "apps/credit/timeliness_impl.h"

#include "intake/quarantine.h"
#include "standard/ident.h"

#include <string.h>

enum { ROWS_MAX = 200000, NOWHERE = -1 };

struct counting {
    const struct ll_timely_ask *ask;
    struct ll_timely_lines *lines;
    int32_t month;
    int code, name; /* columns; NOWHERE: the file has none */
};

static bool is_source(const char *alternatives, struct ll_str column)
{
    struct ll_str one, rest = ll_str(alternatives);

    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        if (ll_str_eq(ll_str_trim(one), ll_str_trim(column)))
            return true;
    }
    return false;
}

/* The first column that some mapping takes the item from. */
static int column_of(const struct ll_resource *res, const char *item, const struct ll_quarantine *q)
{
    for (size_t m = 0; m < res->n_mappings; m++)
        for (size_t i = 0; i < res->mappings[m].n; i++) {
            const struct ll_map_row *row = &res->mappings[m].rows[i];
            for (size_t c = 0; strcmp(row->item->name, item) == 0 && row->source && c < q->n_columns; c++)
                if (is_source(row->source, q->columns[c]))
                    return (int)c;
        }
    return NOWHERE;
}

static struct ll_str cell(const struct ll_refused *r, int column)
{
    return column != NOWHERE && (size_t)column < r->n && r->cells[column].p ? ll_str_trim(r->cells[column])
                                                                            : LL_STR("");
}

static bool wanted(const struct ll_timely_ask *ask, struct ll_str code, struct ll_str name)
{
    return !ask->department || ll_str_is(code, ask->department) ||
           (ask->or_named && ll_str_is(name, ask->or_named));
}

static int count_row(void *ctx, const struct ll_refused *r, struct ll_err *err)
{
    struct counting *c = ctx;
    struct ll_timely_line *line;
    char canon[LL_ID_MAX];
    size_t n = 0;
    /* shifted cells hold anything: only a credit code that is right names a department */
    bool known = ll_id_check(LL_ID_USCC, cell(r, c->code), canon, &n) == LL_IDF_OK;
    struct ll_str code = known ? (struct ll_str){canon, n} : LL_STR(""),
                  name = known ? cell(r, c->name) : LL_STR("");

    if (!wanted(c->ask, code, name))
        return LL_OK;
    char *code_text = ll_arena_dup(c->lines->arena, code), *name_text = ll_arena_dup(c->lines->arena, name);
    if (!code_text || !name_text)
        return ll_no_memory(err);
    if (!(line = ll_timely_line_of(c->lines, code_text, name_text, c->month, err)))
        return (int)err->rc;
    line->refused++;
    return LL_OK;
}

static int count_batch(struct ll_data *d, struct counting *c, const struct ll_timely_batch *b,
                       struct ll_err *err)
{
    struct ll_quarantine q;
    int rc = ll_quarantine_open(d, b->batch.id, c->lines->arena, &q, err);

    if (rc < 0)
        return rc;
    c->month = ll_timely_month_of(b->day);
    c->code = column_of(c->ask->resource, c->ask->kind->department_code, &q);
    c->name = column_of(c->ask->resource, c->ask->kind->department, &q);
    return ll_quarantine_each(d, b->batch.id, false, 0, ROWS_MAX, count_row, c, err);
}

int ll_timely_refused(struct ll_data *d, const struct ll_timely_ask *ask,
                      const struct ll_timely_batch *batches, size_t n, struct ll_timely_lines *lines,
                      struct ll_err *err)
{
    struct counting c = {.ask = ask, .lines = lines};
    int rc = LL_OK;

    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        int32_t month = ll_timely_month_of(batches[i].day);
        if (batches[i].batch.quarantined > 0 && month >= ask->from && month <= ask->to)
            rc = count_batch(d, &c, &batches[i], err);
    }
    return rc;
}
