/* quality.h - how good a delivery was: the six dimensions of GB/T 36344-2018, by resource and by item, from what the sift counted.
 *
 * A dimension's score is the share of the checks of that dimension that held: cells for checks of cells, rows for checks of rows.
 * Completeness counts every cell of every item; timeliness also whether the delivery came within the resource's update cycle;
 * accessibility the share of the resource's items that the delivery has a column for. */
#ifndef LL_INTAKE_QUALITY_H
#define LL_INTAKE_QUALITY_H

#include "base/json.h"
#include "intake/data.h"
#include "intake/sift.h"

struct ll_quality_in {
    const struct ll_plan *plan;
    const struct ll_sift_stats *stats;
    int64_t received_at,
        previous_at; /* previous_at: when the last batch of the resource was received; -1: none */
};

/* One JSON object: dimensions, items with their faults and masked examples, rules, rows. */
void ll_quality_json(struct ll_json *j, const struct ll_quality_in *in);

/* The same, as made before, for people: text for a terminal, or a whole HTML page. */
int ll_quality_text(struct ll_str json, enum ll_lang lang, struct ll_buf *out, struct ll_err *err) LL_MUST;
int ll_quality_html(struct ll_str json, enum ll_lang lang, struct ll_buf *out, struct ll_err *err) LL_MUST;

/* The six shares (0 to 1) of a report by enum ll_dimension; -1 where it could not be judged. */
int ll_quality_dimensions(struct ll_str json, double share[LL_DIM_COUNT], struct ll_err *err) LL_MUST;

/* Days that may pass between two deliveries of an update cycle (code of UPDATE_CYCLE); 0: no rule. */
unsigned ll_cycle_days(const char *update_cycle);

#endif
