/* dialect.h - how a delimited text is written: delimiter, quote, where its header stands.  Found from a sample of its records. */
#ifndef LL_INTAKE_DECODE_DIALECT_H
#define LL_INTAKE_DECODE_DIALECT_H

#include "base/arena.h"
#include "base/csv.h"
#include "intake/decode/source.h"

struct ll_dialect {
    struct ll_csv_dialect csv;
    bool sep_line; /* the text starts with a line sep=; as Excel understands it */
};

/* sample: the start of the text in UTF-8 (BOM taken off); whole: it is all of it. */
int ll_dialect_find(struct ll_str sample, bool whole, const struct ll_source_opts *opts,
                    struct ll_dialect *ret, struct ll_err *err) LL_MUST;

/* The first records of the sample, judged.  Cells borrow from the sample or the arena. */
struct ll_layout {
    size_t above;                /* records before the first row: titles and header */
    uint64_t line;               /* of the header; 0: none */
    unsigned titles;             /* records above the header */
    const struct ll_str *header; /* n cells; NULL: no header */
    size_t n;                    /* columns */
    size_t offset;               /* of the first row in the sample */
    uint64_t first_line;         /* the line it stands on */
};
int ll_layout_find(struct ll_str sample, bool whole, const struct ll_dialect *d,
                   const struct ll_source_opts *opts, struct ll_arena *arena, struct ll_layout *ret,
                   struct ll_err *err) LL_MUST;

#endif
