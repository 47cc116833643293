/* sift.h - one range of a delivery on its way through the plan: what is refused goes to a side file with all its reasons, what
 * passes is counted, and the order of the keys is watched. */
#ifndef LL_INTAKE_SIFT_H
#define LL_INTAKE_SIFT_H

#include "intake/plan.h"

enum { LL_EXAMPLES = 3, LL_EXAMPLE_MAX = 64, LL_FAULT_BITS = 32 };

/* What was found about one item or rule: by fault, how often, and a few masked examples. */
struct ll_tally {
    uint64_t count;
    char example[LL_EXAMPLES][LL_EXAMPLE_MAX];
    uint64_t example_row[LL_EXAMPLES];
};

struct ll_item_stats {
    uint64_t empty;                       /* cells without a value */
    struct ll_tally fault[LL_FAULT_BITS]; /* by enum ll_fault */
};

struct ll_sift_stats {
    uint64_t received, published, quarantined, deletes;
    struct ll_item_stats *items;         /* one an item of the resource */
    struct ll_tally *rules;              /* one a rule of the plan */
    struct ll_tally rows[LL_FAULT_BITS]; /* faults of a row as a whole: DECODE_*, DUPLICATE */
    size_t n_items, n_rules;
};

int ll_sift_stats_init(struct ll_sift_stats *s, struct ll_arena *arena, const struct ll_plan *p) LL_MUST;
void ll_sift_stats_add(struct ll_sift_stats *to, const struct ll_sift_stats *from);

/* Keys seen by one range, to know whether the whole is in strict key order without sorting it. */
struct ll_key_order {
    bool ordered; /* every key so far is above the one before */
    bool any;
    struct ll_buf first, last; /* in comparable form, see key_text() */
};

enum { LL_SINK_LINE = 16 << 20 }; /* longest line of the side file */

/* Where refused rows go: one JSON object a line (row, line, codes, zh, en, key, cells). */
struct ll_sink {
    int fd;
    struct ll_buf buf;
    uint64_t rows;
};

int ll_sink_open(struct ll_sink *s, const char *path, struct ll_err *err) LL_MUST;
int ll_sink_close(struct ll_sink *s, struct ll_err *err) LL_MUST; /* flushes; the file stays */

/* One reason why a row is refused. */
struct ll_reason {
    enum ll_fault fault;
    const char *item;                /* name, or NULL for the row */
    const char *title_zh, *title_en; /* of the item */
    struct ll_str value, detail_zh, detail_en;
};
int ll_sink_row(struct ll_sink *s, const struct ll_row *row, struct ll_str key,
                const struct ll_reason *reasons, size_t n, struct ll_err *err) LL_MUST;

struct ll_sift;
/* Lives until closed; plan, stats and sink are borrowed.  Gives the pass its callbacks. */
int ll_sift_open(const struct ll_plan *plan, struct ll_sift_stats *stats, struct ll_sink *sink,
                 struct ll_sift **ret, struct ll_err *err) LL_MUST;
struct ll_sift *ll_sift_close(struct ll_sift *s);
const struct ll_pass_ops *ll_sift_ops(void);
const struct ll_key_order *ll_sift_order(const struct ll_sift *s);

#endif
