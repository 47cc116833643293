/* csv_list.c - see csv_list.h. */
#include "base/csv_list.h"

struct reading {
    const struct ll_csv_list *l;
    int at[LL_CSV_LIST_COLUMNS]; /* which column; -1: none */
    size_t rows;
    bool begun;
};

/* Whether the record is the line of titles. */
static bool find_columns(struct reading *g, const struct ll_csv_record *r)
{
    for (size_t c = 0; c < g->l->n; c++) {
        g->at[c] = -1;
        for (size_t i = 0; i < r->n; i++)
            for (size_t k = 0; k < LL_COUNT(g->l->titles[c]); k++)
                if (ll_str_is(ll_str_trim(r->cells[i]), g->l->titles[c][k]))
                    g->at[c] = (int)i;
    }
    return g->at[0] >= 0;
}

static int wrong_with(const struct ll_csv_record *r, struct ll_err *why)
{
    if (r->marks)
        return ll_fail(why, LL_INVALID, "引号不成对，或行过长",
                       "quotes do not match, or the line is too long");
    return ll_utf8_bad(r->raw) < r->raw.n ? ll_fail(why, LL_INVALID, "不是 UTF-8：请另存为 UTF-8 编码的 CSV",
                                                    "not UTF-8: save the file as CSV in UTF-8")
                                          : LL_OK;
}

static int take_row(struct reading *g, const struct ll_csv_record *r, struct ll_err *err)
{
    struct ll_str cells[LL_CSV_LIST_COLUMNS];
    struct ll_err why;

    if (r->n == 1 && !ll_str_trim(r->cells[0]).n)
        return LL_OK;
    if (++g->rows > g->l->most)
        return ll_fail(err, LL_TOOBIG, "一个文件至多 %zu 行：请分成几个",
                       "at most %zu rows a file: send it in parts", g->l->most);
    for (size_t c = 0; c < g->l->n; c++)
        cells[c] = g->at[c] >= 0 && (size_t)g->at[c] < r->n ? ll_str_trim(r->cells[g->at[c]]) : LL_STR("");
    return g->l->row(g->l->ctx, r->line, cells, wrong_with(r, &why) < 0 ? &why : NULL, err);
}

static int begin(struct reading *g, const struct ll_csv_record *r, struct ll_err *err)
{
    g->begun = true;
    if (find_columns(g, r))
        return LL_OK;
    if (!g->l->plain)
        return ll_fail(err, LL_USAGE, "%s%.0s", "%.0s%s", g->l->missing_zh, g->l->missing_en);
    g->at[0] = 0;
    return take_row(g, r, err);
}

int ll_csv_list_read(struct ll_str text, const struct ll_csv_list *l, struct ll_err *err)
{
    struct reading g = {.l = l};
    struct ll_csv_record r = {0};
    struct ll_csv c = {0};
    int rc = LL_OK, more = 0;

    if (ll_str_starts(text, LL_STR("\xef\xbb\xbf")))
        text = (struct ll_str){text.p + 3, text.n - 3};
    ll_csv_init(&c, text.p, text.n, (struct ll_csv_dialect){',', '"'}, true);
    c.max_record = LL_CSV_LIST_ROW;
    while (rc == LL_OK && (more = ll_csv_next(&c, &r)) > 0)
        rc = g.begun ? take_row(&g, &r, err) : begin(&g, &r, err);
    if (rc == LL_OK && more < 0)
        rc = ll_no_memory(err);
    if (rc == LL_OK && !g.begun)
        rc = ll_fail(err, LL_USAGE, "文件是空的", "the file is empty");
    ll_csv_record_free(&r);
    ll_csv_free(&c);
    return rc;
}
