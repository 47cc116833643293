/* viewsql.h - the SQL of a pack's view: what it may say, and what it gets to see.
 *
 * (1) One SELECT over resources by their names, without table functions, files, other schemas or recursion, calling only
 *     tbl/view_functions.h.  This is read from the engine's own syntax tree, not from the text.
 * (2) A service's view sees the items that the service declares, as whoever asks may see them: what is masked for them is masked before the
 *     SQL sees it, so that no expression, condition or sum can tell more.
 * (3) Parameters reach the engine as bound values, cast to the type of their element. */
#ifndef LL_INTAKE_VIEWSQL_H
#define LL_INTAKE_VIEWSQL_H

#include "catalog/pack.h"
#include "intake/data.h"

/* How whoever asks sees an item. */
enum ll_view_sight {
    LL_SIGHT_PLAIN,
    LL_SIGHT_MASKED, /* a text shows its ends, anything else is NULL */
    LL_SIGHT_STAFF   /* identifiers of natural persons show their ends */
};
typedef enum ll_view_sight ll_view_sight_fn(void *ctx, const struct ll_resource *r,
                                            const struct ll_item *item);

/* tables: what it may read; parameters of `service` (NULL: none).  LL_INVALID with a fault. */
int ll_view_inspect(struct ll_lake_conn *c, const char *sql, const char *const *tables, size_t n,
                    const struct ll_service *service, struct ll_view_fault *fault,
                    struct ll_err *err) LL_MUST;

/* What names of the service stand for; NULL: nothing. */
struct ll_view_names {
    const struct ll_resource *(*resource)(const void *ctx, struct ll_str name);
    const struct ll_element *(*element)(const void *ctx, struct ll_str name);
    const void *ctx;
};
struct ll_view_names ll_view_names_of(const struct ll_catalog *cat);

/* Appends a condition that the stored rows of the resource have to meet; nothing where all of them are seen. */
typedef int ll_view_rows_fn(void *ctx, const struct ll_resource *r, struct ll_buf *sql, struct ll_err *err);

struct ll_view_asked {
    const struct ll_service *service;
    const char *sql; /* of its view */
    struct ll_view_names names;
    ll_view_sight_fn *sight; /* NULL: all is plain */
    void *sight_ctx;
    ll_view_rows_fn *rows; /* NULL: all of them; ctx as for sight */
    struct ll_data *data;  /* NULL: tables without rows, for checking */
};
/* WITH "firm" AS (SELECT ...), ... : a table for each resource, with the items that are declared.  One line. */
int ll_view_put_sources(const struct ll_view_asked *v, struct ll_buf *sql, struct ll_err *err) LL_MUST;
/* SELECT the outputs, each cast to its type, FROM (, a newline, the view, a newline and ). */
void ll_view_put_select(const struct ll_view_asked *v, struct ll_buf *sql);
/* The text of the view with each parameter cast to its type. */
void ll_view_put_text(const struct ll_view_asked *v, struct ll_buf *sql);

/* Where the engine's words ("LINE 3: ...") say that a text, which began at line `first` of the statement, is wrong. */
void ll_view_locate(const char *words, uint64_t first, struct ll_str text, struct ll_view_fault *fault);

#endif
