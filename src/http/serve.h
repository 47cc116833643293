/* serve.h - the whole server as `luling serve` runs it: opens what the data folder holds, serves until it is told to stop. */
#ifndef LL_HTTP_SERVE_H
#define LL_HTTP_SERVE_H

#include "base/config.h"
#include "share/account.h"

struct ll_serve {
    const struct ll_settings *set;
    /* Called when requests are served (and when, for want of keys, they are only refused; then again once they are served): url is "http://127.0.0.1:8780/".  first: the administrators that were made because
     * there was no account, with their invitations; n is 0 otherwise. */
    void (*ready)(void *ctx, const char *url, const struct ll_first *first, size_t n);
    void *ctx;
};

/* Where the platform's keys cannot be opened every request is refused with 503, and they are tried again every few seconds.
 * Returns LL_OK after SIGTERM or SIGINT was handled: requests under way were answered, jobs were left resumable.  A second signal
 * ends the process at once. */
int ll_serve(const struct ll_serve *o, struct ll_err *err) LL_MUST;

#endif
