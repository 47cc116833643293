/* upward_job.h - reports upward behind the server: looks for changes every two seconds, sends and settles, waits longer each time when the upper platform
 * cannot be reached, and reconciles once a day when nothing is open. */
#ifndef LL_HTTP_UPWARD_JOB_H
#define LL_HTTP_UPWARD_JOB_H

#include "base/config.h"
#include "crypto/keyring.h"
#include "intake/data.h"
#include "share/actor.h"

struct ll_upward_job;
struct ll_upward_job_opts {
    struct ll_data *data;
    struct ll_keyring *keys;
    const struct ll_settings *set;
    void (*done)(void *ctx); /* something is to be brought into the journal */
    void *ctx;
};

/* Everything must outlive it.  Without setting upward_url there is a job that does nothing. */
int ll_upward_job_open(const struct ll_upward_job_opts *o, struct ll_upward_job **ret,
                       struct ll_err *err) LL_MUST;
struct ll_upward_job *
ll_upward_job_close(struct ll_upward_job *j); /* breaks off what is under way; NULL is fine */
/* LL_CONFLICT where no upper platform is set.  At once, whatever it waited for. */
int ll_upward_job_wake(struct ll_upward_job *j, struct ll_err *err) LL_MUST;
/* Compares a stream with the upper platform as soon as nothing of it is open, and what differed once more after it was sent again. */
int ll_upward_job_reconcile(struct ll_upward_job *j, const char *stream, const struct ll_actor *by,
                            struct ll_err *err) LL_MUST;

#endif
