/* sift.h - one range of a delivery on its way through the plan: what is refused goes to a side file with all its reasons, what
 * passes is counted, and the order of the keys is watched. */
#ifndef LL_INTAKE_SIFT_H
#define LL_INTAKE_SIFT_H

#include "intake/plan.h"
#include "store/vault.h"

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
/* value: an example, masked here. */
void ll_tally_add(struct ll_tally *t, struct ll_str value, uint64_t row);
void ll_sift_stats_add(struct ll_sift_stats *to, const struct ll_sift_stats *from);

/* Keys seen by one range, to know whether the whole is in strict key order without sorting it. */
struct ll_key_order {
    bool ordered; /* every key so far is above the one before */
    bool any;
    struct ll_buf first, last; /* in comparable form, see key_text() */
};

enum { LL_SINK_LINE = 16 << 20 }; /* longest line of the side file */

/* Where refused rows go: one JSON object a line (row, line, codes, zh, en, key, cells, each, fix_batch, fix_row).
 *
 * each is a JSON array beside codes: what every single reason says, and of which items it speaks.  fix_batch and fix_row are the refused row
 * of an earlier batch that this one was to mend.
 *
 * With a vault, cells and reasons are sealed as the item LL_QUARANTINE_ITEM of the resource: (row, line, codes, key, index, sealed, ...) where
 * sealed is, in base64, the sealed JSON object (zh, en, cells, each).  A key with sealed items does not show either: index then is, in hex, the
 * key's blind index, and key is null. */
#define LL_QUARANTINE_ITEM "ll_quarantine"
struct ll_sink {
    int fd;
    struct ll_buf buf;
    uint64_t rows;
    const struct ll_resource *resource;
    int fix_batch, fix_row;     /* columns of the delivery that name what a row mends; -1: none */
    struct ll_cell *cell, *key; /* NULL: plain */
    struct ll_buf plain, sealed;
};

int ll_sink_open(struct ll_sink *s, const char *path, struct ll_vault *vault, const struct ll_resource *r,
                 struct ll_err *err) LL_MUST;
/* What quarantine.parquet has of such lines, as a list of SELECT. */
const char *ll_sink_columns(bool sealed);
int ll_sink_close(struct ll_sink *s, struct ll_err *err) LL_MUST; /* flushes; the file stays */

/* One reason why a row is refused. */
struct ll_reason {
    enum ll_fault fault;
    const char *item;                /* name, or NULL for the row */
    const struct ll_check *check;    /* of a rule; NULL */
    const char *title_zh, *title_en; /* of the item */
    struct ll_str value, detail_zh, detail_en;
};
/* key: its items as text, each good; NULL when one is not. */
int ll_sink_row(struct ll_sink *s, const struct ll_row *row, const struct ll_str *key,
                const struct ll_reason *reasons, size_t n, struct ll_err *err) LL_MUST;

struct ll_sift;
/* Lives until closed; plan, stats and sink are borrowed.  Gives the pass its callbacks. */
int ll_sift_open(const struct ll_plan *plan, struct ll_sift_stats *stats, struct ll_sink *sink,
                 struct ll_sift **ret, struct ll_err *err) LL_MUST;
struct ll_sift *ll_sift_close(struct ll_sift *s);
const struct ll_pass_ops *ll_sift_ops(void);
const struct ll_key_order *ll_sift_order(const struct ll_sift *s);

#endif
