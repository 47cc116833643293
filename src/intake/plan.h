/* plan.h - what to do with each row of one delivery: a resource's mapping bound to the columns that the delivery really has.
 *
 * A plan is made once a delivery, is read-only afterwards and shared by the threads that sift its ranges. */
#ifndef LL_INTAKE_PLAN_H
#define LL_INTAKE_PLAN_H

#include "base/arena.h"
#include "base/buf.h"
#include "catalog/model.h"
#include "catalog/transform.h"
#include "intake/region.h"
#include "lake/pass.h"
#include "standard/ident.h"

struct ll_plan_cell;
/* Converts raw (not empty) into *v; returns fault bits.  scratch belongs to the cell for the row. */
typedef uint32_t ll_plan_convert(const struct ll_plan_cell *c, struct ll_str raw, struct ll_buf *scratch,
                                 struct ll_value *v);

enum { LL_PLAN_NULLS = 16 };

struct ll_plan_cell {
    const struct ll_item *item;
    int column; /* of the delivery; -1: none (a constant or the fallback) */
    ll_plan_convert *convert;
    struct ll_str constant;             /* transform `constant`; p NULL otherwise */
    struct ll_str nulls[LL_PLAN_NULLS]; /* argument `null`: spellings of "nothing" of this source */
    size_t n_nulls;
    struct ll_str unit, authority, region; /* arguments; region: also `within` */
    bool any_currency;                     /* another item takes the currency from the same column */
    enum ll_scheme scheme;                 /* identifiers: what explains a fault */
    unsigned scale;
    bool has_min, has_max;
    ll_i128 min, max; /* range, in the value's own scale (days for dates) */
    const char *range_text;
    const struct ll_regions *regions; /* region_from_address */
};

/* A condition in SQL over the converted columns: an element's format or a check of the resource. */
struct ll_plan_rule {
    const struct ll_item *item;   /* format of this item; NULL for a check */
    const struct ll_check *check; /* NULL for a format */
    const char *sql;              /* true or NULL: holds */
};

struct ll_plan {
    const struct ll_resource *resource;
    const struct ll_mapping *mapping;
    const char *resource_name;
    enum ll_mode mode;
    const struct ll_str *names; /* the delivery's columns */
    size_t n_names;
    struct ll_plan_cell *cells; /* one an item, in the resource's order */
    size_t n_cells;
    struct ll_plan_rule *rules;
    size_t n_rules;
    struct ll_pass_column *columns; /* one an item, then ll_fix_batch and ll_fix_row when fix is set */
    size_t n_columns;
    int op_column; /* delete marker of increments; -1: none */
    int fix_batch_column,
        fix_row_column; /* a corrected quarantine file tells which rows it mends; -1: none */
    const char *unused; /* columns that nothing maps, joined by "、"; "" when none */
    size_t n_unused;
};

struct ll_plan_env {
    const struct ll_codeset *region_codes; /* for region_from_address; may be NULL */
    int32_t today;
    const char *area_item,
        *area; /* every row must be of this area (a prefix of the item's codes); NULL: any */
};

/* Chooses the mapping whose source columns fit best.  LL_INVALID names what is missing when none does: the columns expected, those
 * found, and what to do.  The plan lives in arena and borrows from resource and names. */
int ll_plan_make(struct ll_arena *arena, const struct ll_resource *r, enum ll_mode mode,
                 const struct ll_str *names, size_t n_names, const struct ll_plan_env *env,
                 struct ll_plan **ret, struct ll_err *err) LL_MUST;

ll_plan_convert *ll_plan_converter(enum ll_transform t, const struct ll_element *e);

/* Converts one cell: empty values, fallback, conversion and every check of the cell.  Returns fault bits. */
uint32_t ll_plan_cell_value(const struct ll_plan_cell *c, struct ll_str raw, struct ll_buf *scratch,
                            struct ll_value *v);

/* Appends a value that is not null as text in the standard's form. */
void ll_plan_value_text(struct ll_buf *out, const struct ll_pass_column *column, const struct ll_value *v);

#endif
