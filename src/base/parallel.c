/* parallel.c - see parallel.h. */
#include "base/parallel.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct thread {
    pthread_t id;
    ll_parallel_fn *fn;
    void *ctx;
    unsigned which;
    bool runs;
    int rc;
    struct ll_err err;
};

static void *run_thread(void *ctx)
{
    struct thread *t = ctx;

    t->rc = t->fn(t->ctx, t->which, &t->err);
    return NULL;
}

int ll_parallel(unsigned n, ll_parallel_fn *fn, void *ctx, struct ll_err *err)
{
    struct thread *threads = calloc(n, sizeof *threads);
    int rc = LL_OK;

    if (!threads)
        return ll_no_memory(err);
    for (unsigned i = 0; i < n; i++) {
        struct thread *t = &threads[i];
        t->fn = fn;
        t->ctx = ctx;
        t->which = i;
        t->runs = i && pthread_create(&t->id, NULL, run_thread, t) == 0;
    }
    run_thread(&threads[0]);
    for (unsigned i = 0; i < n; i++) {
        if (threads[i].runs)
            pthread_join(threads[i].id, NULL);
        if (rc == LL_OK && threads[i].rc < 0) {
            rc = threads[i].rc;
            if (err)
                *err = threads[i].err;
        }
    }
    free(threads);
    return rc;
}
