/* feature_job.h - keeps the table of indicators fresh (apps/finance/feature_auto.h): after midnight, and after data came that it rests on. */
#ifndef LL_HTTP_FEATURE_JOB_H
#define LL_HTTP_FEATURE_JOB_H

#include "base/err.h"

struct ll_app;
struct ll_feature_job;

/* every_s: a table so often at most, and once after midnight; 0: never.  app must outlive it. */
int ll_feature_job_open(struct ll_app *app, unsigned every_s, struct ll_feature_job **ret,
                        struct ll_err *err) LL_MUST;
struct ll_feature_job *ll_feature_job_close(struct ll_feature_job *j); /* NULL is fine; returns NULL */

#endif
