/* infer_stats.h - what the values of one column look like. */
#ifndef LL_CATALOG_INFER_STATS_H
#define LL_CATALOG_INFER_STATS_H

#include "catalog/index.h"
#include "standard/ident.h"

enum { LL_STATS_VALUES = 600, LL_STATS_VALUE_BYTES = 120 };

/* What a value may be; a value may be several. */
#define LL_LOOKS(X)                                                                                          \
    X(DATE)                                                                                                  \
    X(DATETIME)                                                                                              \
    X(INTEGER)                                                                                               \
    X(DECIMAL)                                                                                               \
    X(AMOUNT)                                                                                                \
    X(BOOLEAN)                                                                                               \
    X(PHONE)                                                                                                 \
    X(LEADING_ZERO)
#define X(name) LL_LOOK_##name,
enum ll_look { LL_LOOKS(X) LL_LOOK_COUNT };
#undef X

struct ll_stats_value {
    struct ll_str text;
    uint64_t count;
};

struct ll_stats {
    uint64_t rows, nulls, distinct;
    uint64_t looks[LL_LOOK_COUNT], schemes[LL_ID_COUNT], kinds[LL_KIND_COUNT];
    size_t max_chars;
    unsigned scale;         /* most digits after the point of a plain number */
    struct ll_index values; /* text -> struct ll_stats_value: the first LL_STATS_VALUES different ones */
    uint64_t *hashes;       /* of every row's value; 0 for a missing one */
    struct ll_arena *arena;
};

int ll_stats_init(struct ll_stats *s, uint64_t most_rows, struct ll_arena *arena);
int ll_stats_add(struct ll_stats *s, struct ll_str cell); /* p == NULL: missing */
int ll_stats_end(struct ll_stats *s);                     /* counts the different values */
/* Of the values that are there: 0 to 1. */
double ll_stats_share(const struct ll_stats *s, uint64_t count);

#endif
