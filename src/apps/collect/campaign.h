/* campaign.h - a campaign: which resource is collected where, in which days, how many records are expected of each area; and how far it is.
 *
 * Nothing is counted beside the data: collected are the records that the resource shows of an area and that came in the campaign's days or
 * after, refused the rows that wait for correction, late what came after the last day. */
#ifndef LL_APPS_COLLECT_CAMPAIGN_H
#define LL_APPS_COLLECT_CAMPAIGN_H

#include "apps/collect/duty.h"
#include "base/json.h"
#include "intake/data.h"

enum { LL_CAMPAIGN_ID = 24 };

struct ll_campaign {
    const char *id, *resource, *title, *region, *organisation, *made_by;
    int64_t from_day, until_day, made_at, ended_at, areas,
        expected; /* days since 1970-01-01; ended_at 0: not */
};
struct ll_campaign_draft {
    const char *resource, *title, *region; /* region: every area in it takes part */
    int32_t from_day, until_day;
    int64_t expected;           /* of an area that `targets` does not name */
    const char *const *targets; /* n_targets texts "360802101901=120" */
    size_t n_targets;
};

int ll_campaign_add(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_actor *by,
                    const struct ll_campaign_draft *d, struct ll_arena *arena, char id[LL_CAMPAIGN_ID],
                    struct ll_err *err) LL_MUST;
int ll_campaign_end(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_actor *by,
                    const char *id, struct ll_arena *arena, struct ll_err *err) LL_MUST;
int ll_campaign_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_campaign *ret,
                    struct ll_err *err) LL_MUST;
/* Newest first. */
int ll_campaign_list(struct ll_txn *tx, bool open_only, size_t offset, size_t limit, struct ll_arena *arena,
                     struct ll_campaign **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;
void ll_campaign_put(const struct ll_campaign *c, struct ll_json *j); /* members into an open object */

/* The places directly below `within` ("": those below the campaign's region), each with the sums of its areas: an array of objects. */
int ll_campaign_progress(struct ll_data *d, const struct ll_catalog *cat, const struct ll_campaign *c,
                         const char *within, struct ll_arena *arena, struct ll_json *j,
                         struct ll_err *err) LL_MUST;

#endif
