/* tables.h - the service tables of a data folder, for programs that read many of them often: handles are kept and shared out.
 *
 * A handle that is taken shows the resource's published state at most `fresh_ms` before; 0 asks the control database at every take.
 * One struct ll_tables may be shared by threads; a handle belongs to its taker until it is given back. */
#ifndef LL_SHARE_TABLES_H
#define LL_SHARE_TABLES_H

#include "share/table.h"

struct ll_tables;
struct ll_tables_opts {
    const char *data_dir;
    unsigned max_files; /* open files of segments that nobody uses */
    unsigned fresh_ms;
    struct ll_vault *vault; /* what opens sealed items; NULL: nothing.  Must outlive them */
};
#define LL_TABLES_OPTS_INIT                                                                                  \
    {                                                                                                        \
        .max_files = 512                                                                                     \
    }

/* st must outlive it. */
int ll_tables_open(struct ll_store *st, const struct ll_tables_opts *o, struct ll_tables **ret,
                   struct ll_err *err) LL_MUST;
struct ll_tables *ll_tables_close(struct ll_tables *ts); /* NULL is fine; every handle must be back */
int ll_tables_take(struct ll_tables *ts, const char *resource, struct ll_table **ret,
                   struct ll_err *err) LL_MUST;
/* The same, of this moment whatever fresh_ms is: for who has read of a change and must see it. */
int ll_tables_take_now(struct ll_tables *ts, const char *resource, struct ll_table **ret,
                       struct ll_err *err) LL_MUST;
void ll_tables_give(struct ll_tables *ts, struct ll_table *t); /* NULL is fine */

#endif
