/* link_run.h - links records by a trained model: exact identifiers, pairs by blocking, weights, links; then the queue for persons. */
#ifndef LL_APPS_CREDIT_LINK_RUN_H
#define LL_APPS_CREDIT_LINK_RUN_H

#include "apps/credit/link_store.h"
#include "intake/data.h"

struct ll_link_run_opts {
    const char *model;
    int64_t version; /* 0: the newest */
    const char *const *sources;
    size_t n_sources;
    double match, review; /* probabilities; 0: the model's own */
    const char *out;      /* NULL, or where the pairs go as CSV */
    const struct ll_actor *actor;
    void (*stage)(void *ctx, const char *zh, const char *en); /* NULL, or told what begins */
    void *ctx;
};
/* *ret_id: the run; its report is in the store.  Pairs are written in portions, so that the server's own writers need not wait. */
int ll_link_run(struct ll_data *d, const struct ll_link_run_opts *o, struct ll_arena *arena,
                char ret_id[LL_LINK_RUN_ID], struct ll_err *err) LL_MUST;

#endif
