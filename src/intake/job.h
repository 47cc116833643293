/* job.h - carries a delivery from the state it is in to the end: sealed, published, or refused with the reason.
 *
 * One job a resource at a time (locks/<resource>; LL_BUSY otherwise).  A job that a crash cut short is run again by the same call: every
 * step leaves either nothing or a whole result (ARCHITECTURE.md, "Crashes"). */
#ifndef LL_INTAKE_JOB_H
#define LL_INTAKE_JOB_H

#include "intake/batch.h"
#include "intake/delivery.h"
#include "intake/seal.h"

struct ll_job_opts {
    bool confirm; /* publish although it changes more than the resource's limit */
    ll_seal_progress *progress;
    void *ctx;
    const char *sheet; /* XLSX: which sheet; NULL: found out */
};

/* LL_OK: published.  LL_WAITING: sealed, and waits for confirmation; err says what it would change.  Anything else: refused, nothing was
 * applied, and the delivery's row says so. */
int ll_job_run(struct ll_data *d, const char *delivery, const struct ll_job_opts *o,
               struct ll_err *err) LL_MUST;

/* Confirms or refuses a waiting delivery (LL_CONFLICT: it does not wait).  One that is confirmed is published by the next ll_job_run, also after a
 * crash; a refused one counts as failed, its batch stays in the lake, unpublished. */
int ll_job_confirm(struct ll_data *d, const char *delivery, struct ll_err *err) LL_MUST;
int ll_job_refuse(struct ll_data *d, const char *delivery, struct ll_err *err) LL_MUST;

/* Undoes a published batch: what the resource showed before it shows again. */
int ll_job_withdraw(struct ll_data *d, const char *batch, struct ll_err *err) LL_MUST;

/* After a start: removes leftovers and runs every delivery that was cut short.  Failures of single deliveries are recorded in them.
 * *ret_n counts the deliveries carried on. */
int ll_job_recover(struct ll_data *d, const struct ll_job_opts *o, unsigned *ret_n,
                   struct ll_err *err) LL_MUST;

/* Recreates every service table from the lake; *ret_n counts resources. */
int ll_job_rebuild(struct ll_data *d, const char *resource, unsigned *ret_n, struct ll_err *err) LL_MUST;

#endif
