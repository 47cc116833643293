/* rows.h - rows of the control database as structs: which member each column fills is a table, so that reading one, and a page of them, is written once.
 *
 * (1) Columns stand in the order of the SELECT.  What a table cannot say (a state by its word, a list in a text) is LL_ROW_REST, and `rest` reads it.
 * (2) Texts are copied into the arena; NULL stays NULL.  A number that is NULL is 0, or -1 where the column says so. */
#ifndef LL_STORE_ROWS_H
#define LL_STORE_ROWS_H

#include "store/store.h"

#include <stddef.h>

enum ll_row_kind {
    LL_ROW_TEXT,    /* const char * */
    LL_ROW_INT,     /* int64_t */
    LL_ROW_OR_NONE, /* int64_t, -1 for NULL */
    LL_ROW_FLAG,    /* bool */
    LL_ROW_REST
};
struct ll_row_column {
    enum ll_row_kind kind;
    size_t at; /* of the member */
};
/* A member of another type than the kind takes does not compile. */
#define LL_ROW_AT_TEXT(type, member) _Generic(((type *)NULL)->member, const char * : offsetof(type, member))
#define LL_ROW_AT_INT(type, member) _Generic(((type *)NULL)->member, int64_t : offsetof(type, member))
#define LL_ROW_AT_OR_NONE(type, member) LL_ROW_AT_INT(type, member)
#define LL_ROW_AT_FLAG(type, member) _Generic(((type *)NULL)->member, bool : offsetof(type, member))
#define LL_ROW(kind, type, member)                                                                           \
    {                                                                                                        \
        LL_ROW_##kind, LL_ROW_AT_##kind(struct type, member)                                                 \
    }
#define LL_ROW_OTHER                                                                                         \
    {                                                                                                        \
        LL_ROW_REST, 0                                                                                       \
    }

struct ll_row_form {
    const struct ll_row_column *columns;
    size_t n, size; /* size: of the struct */
    int (*rest)(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err); /* NULL: nothing */
};

/* The row that the statement stands on; every other member of *row is zero before `rest`. */
int ll_row_read(const struct ll_row_form *r, struct ll_stmt *s, struct ll_arena *arena, void *row,
                struct ll_err *err) LL_MUST;
/* The row of a statement whose $1 is the key: 1, or 0. */
int ll_row_get(struct ll_txn *tx, const struct ll_row_form *r, const char *sql, const char *key,
               struct ll_arena *arena, void *row, struct ll_err *err) LL_MUST;

struct ll_row_arg {
    bool number;
    const char *z; /* NULL: NULL */
    int64_t i;
};
#define LL_ARG_Z(text)                                                                                       \
    {                                                                                                        \
        false, text, 0                                                                                       \
    }
#define LL_ARG_I(value)                                                                                      \
    {                                                                                                        \
        true, NULL, value                                                                                    \
    }
/* The orders that a list may be asked in: what each is called, and its expression.  Whoever asks names one, "-" before it for the reverse; what is
 * not named here is no order, so that nothing of an address becomes SQL. */
struct ll_row_order {
    const char *name, *sql;
};
struct ll_row_orders {
    const struct ll_row_order *list;
    size_t n;
    const char *usual; /* where none is asked for: "created_at DESC" */
    const char *last;  /* behind each of them, so that pages never overlap: "id" */
};
/* A page: the statement takes the arguments as $1, $2 ... and after them limit and offset.  count: a statement of the same arguments that gives how
 * many there are in all; NULL: not asked.  With orders the statement ends before ORDER BY. */
struct ll_row_page {
    const char *sql, *count;
    const struct ll_row_orders *orders;
    const char *sort; /* NULL: the usual one */
    const struct ll_row_arg *args;
    size_t n_args, limit, offset;
};
/* The page of a list whose query q has sort, limit and offset; columns and from (" FROM ... WHERE ...") are literals, and args an array. */
#define LL_ROW_PAGE(columns, from, orders_, args_, q)                                                        \
    {                                                                                                        \
        .sql = "SELECT " columns from, .count = "SELECT count(*)" from, .orders = &(orders_),                \
        .sort = (q)->sort, .args = (args_), .n_args = LL_COUNT(args_), .limit = (size_t)(q)->limit,          \
        .offset = (size_t)(q)->offset                                                                        \
    }
/* *ret: an array in arena.  ret_total NULL: nobody asks. */
int ll_row_list(struct ll_txn *tx, const struct ll_row_form *r, const struct ll_row_page *p,
                struct ll_arena *arena, void **ret, size_t *ret_n, int64_t *ret_total,
                struct ll_err *err) LL_MUST;
/* The same in a transaction of its own. */
int ll_row_list_of(struct ll_store *st, const struct ll_row_form *r, const struct ll_row_page *p,
                   struct ll_arena *arena, void **ret, size_t *ret_n, int64_t *ret_total,
                   struct ll_err *err) LL_MUST;

#endif
