/* model_impl.h - what model_read.c (rows) and model_check.c (the whole) share. */
#ifndef LL_APPS_FINANCE_MODEL_IMPL_H
#define LL_APPS_FINANCE_MODEL_IMPL_H

#include "apps/finance/model.h"
#include "base/buf.h"

enum ll_model_column {
#define X(id, name) LL_MC_##id,
    LL_MODEL_COLUMNS(X)
#undef X
        LL_MODEL_COLUMN_COUNT
};

struct ll_model_reading {
    struct ll_model *model;
    struct ll_arena *arena;
    struct ll_model_faults *faults;
    const struct ll_str *cells; /* of the row */
    size_t line;
    unsigned kinds; /* that the rows so far allow */
    bool has_base, has_else, nomem;
    struct ll_buf shape;
};

/* column LL_MODEL_COLUMN_COUNT: none. */
void ll_model_fault(struct ll_model_reading *r, size_t line, enum ll_model_column column, const char *zh,
                    const char *en);
/* Whether every firm has exactly one outcome; puts ranges and rules into their order. */
void ll_model_check(struct ll_model_reading *r);

#endif
