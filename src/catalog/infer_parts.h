/* infer_parts.h - shared by the files that make an inference. */
#ifndef LL_CATALOG_INFER_PARTS_H
#define LL_CATALOG_INFER_PARTS_H

#include "catalog/infer.h"
#include "catalog/infer_match.h"

struct ll_inferring {
    struct ll_inference *inf;
    const struct ll_catalog *cat;
    struct ll_arena *arena;
    struct ll_err *err;
    struct ll_matcher *matcher;
    uint64_t most_rows;
    struct {
        struct ll_header header;
        struct ll_stats stats;
    } * columns;
};

int ll_inferring_nomem(struct ll_inferring *in);
/* Element, transform, confidence and reason of one column. */
int ll_infer_column(struct ll_inferring *in, size_t at);
/* Whom the records are about: roles and the kind of subject. */
void ll_infer_subject(struct ll_inferring *in);
/* What tells records apart. */
int ll_infer_key(struct ll_inferring *in);

#endif
