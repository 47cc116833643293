/* pack_table.h - one CSV file of a pack, read by its table of columns: every cell checked for its kind, every fault recorded.
 *
 * A row with faults stays in the table (its bad cells become NULL) so that what refers to it does not look unknown as well. */
#ifndef LL_CATALOG_PACK_TABLE_H
#define LL_CATALOG_PACK_TABLE_H

#include "base/arena.h"
#include "catalog/problem.h"

enum { LL_PACK_COLUMNS_MAX = 32, LL_PACK_ROWS_MAX = 1000000, LL_PACK_CELL_MAX = 4000 };

enum ll_cell_kind {
    LL_CELL_TEXT,
    LL_CELL_NAME,
    LL_CELL_TOKEN,
    LL_CELL_COUNT,
    LL_CELL_WORD,
    LL_CELL_DAY,
    LL_CELL_LIST
};
enum ll_cell_need { LL_NEED_MUST, LL_NEED_HAVE, LL_NEED_MAY };

struct ll_pack_column {
    const char *name;
    enum ll_cell_kind kind;
    enum ll_cell_need need;
    const char *argument;
};

struct ll_pack_row {
    uint64_t line;
    const char *cell[]; /* by column number of the definition; NULL: empty, or not of its kind */
};

struct ll_pack_table {
    const char *file; /* inside the pack */
    const struct ll_pack_column *columns;
    size_t n_columns;
    unsigned position[LL_PACK_COLUMNS_MAX]; /* of each column in the file, from 1; 0: not there */
    char *rows;
    size_t n, stride;
};

/* Reads text (UTF-8, header first).  The table and its strings live in arena.  Faults go to ps; LL_NOMEM is the only failure. */
int ll_pack_table_read(struct ll_pack_table *t, const char *file, struct ll_str text,
                       const struct ll_pack_column *columns, size_t n_columns, struct ll_arena *arena,
                       struct ll_problems *ps);
const struct ll_pack_row *ll_pack_table_row(const struct ll_pack_table *t, size_t i);
struct ll_place ll_pack_table_at(const struct ll_pack_table *t, const struct ll_pack_row *row, size_t column);

#endif
