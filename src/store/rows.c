/* rows.c - see rows.h. */
#include "store/rows.h"

#include "base/buf.h"

#include <string.h>

enum { STATEMENT_MAX = 16384 };

int ll_row_read(const struct ll_row_form *r, struct ll_stmt *s, struct ll_arena *arena, void *row,
                struct ll_err *err)
{
    bool nomem = false;

    memset(row, 0, r->size);
    for (size_t i = 0; i < r->n; i++) {
        char *at = (char *)row + r->columns[i].at;
        int column = (int)i;
        const char *text;
        int64_t number;
        bool flag;
        switch (r->columns[i].kind) {
        case LL_ROW_TEXT:
            text = ll_col_dup(s, column, arena, &nomem);
            memcpy(at, &text, sizeof text);
            break;
        case LL_ROW_INT:
        case LL_ROW_OR_NONE:
            number = r->columns[i].kind == LL_ROW_OR_NONE && ll_col_null(s, column) ? -1
                                                                                    : ll_col_int(s, column);
            memcpy(at, &number, sizeof number);
            break;
        case LL_ROW_FLAG:
            flag = ll_col_int(s, column) != 0;
            memcpy(at, &flag, sizeof flag);
            break;
        case LL_ROW_REST:
            break;
        }
    }
    if (nomem)
        return ll_no_memory(err);
    return r->rest ? r->rest(s, arena, row, err) : LL_OK;
}

int ll_row_get(struct ll_txn *tx, const struct ll_row_form *r, const char *sql, const char *key,
               struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int found, rc = ll_sql(tx, sql, &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, key);
    if ((found = ll_step(s, err)) > 0)
        rc = ll_row_read(r, s, arena, row, err);
    ll_stmt_done(s);
    return rc < 0 ? rc : found;
}

/* The number of the first parameter that is free. */
static int bind_args(struct ll_stmt *s, const struct ll_row_page *p)
{
    int at = 1;

    for (size_t i = 0; i < p->n_args; i++, at++)
        if (p->args[i].number)
            ll_bind_int(s, at, p->args[i].i);
        else
            ll_bind_z(s, at, p->args[i].z);
    return at;
}

static int count(struct ll_txn *tx, const struct ll_row_page *p, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, p->count, &s, err);

    if (rc < 0)
        return rc;
    bind_args(s, p);
    if ((rc = ll_step(s, err)) > 0)
        *ret = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* " ORDER BY name DESC, id LIMIT $3 OFFSET $4" behind the statement. */
static int put_order(const struct ll_row_page *p, struct ll_buf *sql, struct ll_err *err)
{
    const struct ll_row_orders *o = p->orders;
    bool down = p->sort && p->sort[0] == '-';
    const char *by = NULL;

    for (size_t i = 0; p->sort && i < o->n && !by; i++)
        by = strcmp(o->list[i].name, p->sort + down) == 0 ? o->list[i].sql : NULL;
    if (p->sort && !by)
        return ll_fail(err, LL_USAGE, "不能按“%.64s”排序", "there is no order by '%.64s'", p->sort);
    ll_buf_printf(sql, "%s ORDER BY %s%s, %s LIMIT $%zu OFFSET $%zu", p->sql, by ? by : o->usual,
                  by && down ? " DESC" : "", o->last, p->n_args + 1, p->n_args + 2);
    return sql->failed ? ll_no_memory(err) : LL_OK;
}

static int prepare(struct ll_txn *tx, const struct ll_row_page *p, struct ll_stmt **ret, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(STATEMENT_MAX);
    int rc = p->orders ? put_order(p, &sql, err) : LL_OK;

    if (rc == LL_OK)
        rc = ll_sql(tx, p->orders ? sql.p : p->sql, ret, err);
    ll_buf_free(&sql);
    return rc;
}

int ll_row_list(struct ll_txn *tx, const struct ll_row_form *r, const struct ll_row_page *p,
                struct ll_arena *arena, void **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    char *list = ll_arena_array(arena, p->limit ? p->limit : 1, r->size);
    struct ll_stmt *s = NULL;
    size_t n = 0;
    int more = 0, at, rc = list ? LL_OK : ll_no_memory(err);

    if (rc < 0 || (ret_total && (rc = count(tx, p, ret_total, err)) < 0) ||
        (rc = prepare(tx, p, &s, err)) < 0)
        return rc;
    at = bind_args(s, p);
    ll_bind_int(s, at, (int64_t)p->limit);
    ll_bind_int(s, at + 1, (int64_t)p->offset);
    while (rc == LL_OK && n < p->limit && (more = ll_step(s, err)) > 0)
        rc = ll_row_read(r, s, arena, list + r->size * n++, err);
    ll_stmt_done(s);
    *ret = list;
    *ret_n = n;
    return rc < 0 ? rc : more < 0 ? more : LL_OK;
}

int ll_row_list_of(struct ll_store *st, const struct ll_row_form *r, const struct ll_row_page *p,
                   struct ll_arena *arena, void **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, false, &tx, err);

    if (rc == LL_OK)
        rc = ll_row_list(tx, r, p, arena, ret, ret_n, ret_total, err);
    ll_txn_end(tx);
    return rc;
}
