/* runner.h - carries deliveries out behind the server: a few workers, one delivery of a resource at a time, in the order they came.
 *
 * (1) What an earlier process left half done is carried on before anything new.
 * (2) A resource that another process holds (LL_BUSY) is tried again every half second; the delivery stays queued.
 * (3) Closing waits for the jobs under way up to a limit.  A job that takes longer is left to the process's end: every step of one is
 *     whole or absent on disk, and the next start carries it on (ARCHITECTURE.md, "Crashes"). */
#ifndef LL_HTTP_RUNNER_H
#define LL_HTTP_RUNNER_H

#include "base/err.h"
#include "base/str.h"

struct ll_data;
struct ll_runner;

struct ll_run_state {
    bool queued,
        running; /* both false: not known here; its row in the control database says what became of it */
    char stage[24];
    uint64_t done, total;
    double per_second; /* since the stage began */
};

int ll_runner_open(struct ll_data *d, unsigned workers, struct ll_runner **ret, struct ll_err *err) LL_MUST;
/* True when nothing runs any more; otherwise the caller must not free what jobs use. */
bool ll_runner_close(struct ll_runner *r, unsigned grace_ms);
/* Fine when the delivery is queued already.  confirm: publish although it changes more than the resource's limit. */
int ll_runner_submit(struct ll_runner *r, const char *delivery, const char *resource, bool confirm,
                     struct ll_err *err) LL_MUST;
bool ll_runner_busy(struct ll_runner *r); /* a delivery runs, or waits */
struct ll_run_state ll_runner_state(struct ll_runner *r, const char *delivery);

#endif
