/* timeliness_impl.h - between timeliness.c, which asks the lake, and timeliness_refused.c, which looks through what was refused. */
#ifndef LL_APPS_CREDIT_TIMELINESS_IMPL_H
#define LL_APPS_CREDIT_TIMELINESS_IMPL_H

#include "apps/credit/timeliness.h"
#include "intake/batch.h"

/* A published batch, and the day on which its delivery was received. */
struct ll_timely_batch {
    struct ll_batch batch; /* id, resource, seq and quarantined only */
    int32_t day;
};

/* The lines of a reading while they are gathered. */
struct ll_timely_lines {
    struct ll_arena *arena;
    struct ll_timely_line *p;
    size_t n, cap;
};

/* The line of a department and month, made when it is not there; NULL: no memory, or too many (err says which). */
struct ll_timely_line *ll_timely_line_of(struct ll_timely_lines *l, const char *code, const char *name,
                                         int32_t month, struct ll_err *err);
int32_t ll_timely_month_of(int32_t day);
/* Counts the refused rows of the batches received in the months that are asked for. */
int ll_timely_refused(struct ll_data *d, const struct ll_timely_ask *ask,
                      const struct ll_timely_batch *batches, size_t n, struct ll_timely_lines *lines,
                      struct ll_err *err) LL_MUST;

#endif
