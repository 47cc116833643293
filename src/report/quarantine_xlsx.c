/* quarantine_xlsx.c - see quarantine_xlsx.h. */
#include "report/quarantine_xlsx.h"

#include "report/xlsx_write.h"

#include <stdio.h>
#include <string.h>

enum { OWN_COLUMNS = 4, TEXT_MAX = 30000 };

struct sheet {
    struct ll_arena *arena;
    struct ll_xlsx_write *w;
    struct ll_str *cells;
    size_t columns; /* of the source */
    const char *batch;
    enum ll_lang lang;
};

/* A cell takes LL_XLSX_WRITE_CELL characters; what is longer is cut, the CSV and the inbox have it whole. */
static struct ll_str cut(struct ll_str s)
{
    if (s.n <= TEXT_MAX)
        return s;
    s.n = TEXT_MAX;
    s.n = ll_utf8_bad(s);
    return s;
}

static int put_row(void *ctx, const struct ll_refused *r, struct ll_err *err)
{
    struct sheet *s = ctx;
    char row[24], line[24];

    for (size_t i = 0; i < s->columns; i++)
        s->cells[i] = i < r->n ? cut(r->cells[i]) : (struct ll_str){NULL, 0};
    snprintf(row, sizeof row, "%lld", (long long)r->row);
    snprintf(line, sizeof line, "%lld", (long long)r->line);
    s->cells[s->columns] = ll_str(s->batch);
    s->cells[s->columns + 1] = ll_str(row);
    s->cells[s->columns + 2] = ll_str(line);
    s->cells[s->columns + 3] = cut(s->lang == LL_ZH ? r->zh : r->en);
    return ll_xlsx_write_row(s->w, s->cells, s->columns + OWN_COLUMNS, err);
}

static int make_columns(struct sheet *s, const struct ll_quarantine *q, struct ll_xlsx_column **ret,
                        struct ll_err *err)
{
    bool zh = s->lang == LL_ZH;
    struct ll_xlsx_column *c = ll_arena_array(s->arena, q->n_columns + OWN_COLUMNS, sizeof *c);

    s->columns = q->n_columns;
    s->cells = ll_arena_array(s->arena, q->n_columns + OWN_COLUMNS, sizeof *s->cells);
    if (!c || !s->cells)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    for (size_t i = 0; i < q->n_columns; i++) {
        bool ours = ll_str_is(q->columns[i], "_batch") || ll_str_is(q->columns[i], "_row");
        c[i].title = ll_arena_printf(s->arena, "%s%.*s", ours ? "_" : "", LL_STR_ARG(q->columns[i]));
        if (!c[i].title)
            return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    }
    c[q->n_columns].title = "_batch";
    c[q->n_columns + 1].title = "_row";
    c[q->n_columns + 2].title = zh ? "_行号" : "_line";
    c[q->n_columns + 3].title = zh ? "_原因" : "_reasons";
    c[q->n_columns + 3].reasons = true;
    *ret = c;
    return LL_OK;
}

static int write_sheet(struct ll_data *d, struct sheet *s, const struct ll_quarantine *q, const char *path,
                       struct ll_err *err)
{
    struct ll_xlsx_column *columns = NULL;
    int rc = make_columns(s, q, &columns, err);

    if (rc < 0)
        return rc;
    struct ll_xlsx_write_opts o = {.sheet = s->lang == LL_ZH ? "隔离区" : "quarantine",
                                   .columns = columns,
                                   .n_columns = s->columns + OWN_COLUMNS,
                                   .lang = s->lang};
    if ((rc = ll_xlsx_write_open(&s->w, path, &o, err)) == LL_OK &&
        (rc = ll_quarantine_each(d, s->batch, true, 0, -1, put_row, s, err)) == LL_OK)
        rc = ll_xlsx_write_finish(s->w, err);
    ll_xlsx_write_free(s->w);
    return rc;
}

int ll_quarantine_xlsx(struct ll_data *d, const char *batch, enum ll_lang lang, const char *path,
                       struct ll_err *err)
{
    struct sheet s = {.arena = ll_arena_new(0), .batch = batch, .lang = lang};
    struct ll_quarantine q;
    int rc = s.arena ? ll_quarantine_open(d, batch, s.arena, &q, err)
                     : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");

    if (rc == LL_OK && q.open > LL_XLSX_WRITE_ROWS)
        rc = ll_fail(err, LL_TOOBIG, "隔离了 %lld 行，超过一张工作表的容量，请导出为 CSV",
                     "%lld rows are more than a sheet takes: export them as CSV", (long long)q.open);
    if (rc == LL_OK)
        rc = write_sheet(d, &s, &q, path, err);
    ll_arena_free(s.arena);
    return rc;
}
