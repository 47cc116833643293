/* kept.c - see kept.h. */
#include "http/kept.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

enum { ANSWER_MAX = 16 << 20 };

struct ll_kept {
    pthread_mutex_t lock; /* of what is below; not held while an answer is worked out */
    pthread_cond_t made;
    bool making;
    struct ll_buf text;
    uint64_t made_us; /* 0: nothing is kept */
    uint64_t mark;
    unsigned keep_ms;
};

int ll_kept_new(unsigned keep_ms, struct ll_kept **ret, struct ll_err *err)
{
    struct ll_kept *k = calloc(1, sizeof *k);

    if (!k)
        return ll_no_memory(err);
    k->keep_ms = keep_ms;
    k->text = LL_BUF_INIT(ANSWER_MAX);
    pthread_mutex_init(&k->lock, NULL);
    pthread_cond_init(&k->made, NULL);
    *ret = k;
    return LL_OK;
}

struct ll_kept *ll_kept_free(struct ll_kept *k)
{
    if (!k)
        return NULL;
    ll_buf_free(&k->text);
    pthread_cond_destroy(&k->made);
    pthread_mutex_destroy(&k->lock);
    free(k);
    return NULL;
}

static int work_out(ll_kept_make *make, struct ll_app *app, struct ll_request *rq, struct ll_buf *text,
                    struct ll_err *err)
{
    struct ll_json j;
    int rc;

    ll_json_init(&j, text);
    if ((rc = make(app, rq, &j, err)) < 0)
        return rc;
    return text->failed ? ll_no_memory(err) : LL_OK;
}

/* Called and left with the lock held.  What was kept before stays until there is another, also where that fails. */
static int refresh(struct ll_kept *k, uint64_t mark, ll_kept_make *make, struct ll_app *app,
                   struct ll_request *rq, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(ANSWER_MAX);
    int rc;

    k->making = true;
    pthread_mutex_unlock(&k->lock);
    rc = work_out(make, app, rq, &text, err);
    pthread_mutex_lock(&k->lock);
    k->making = false;
    pthread_cond_broadcast(&k->made);
    if (rc < 0) {
        ll_buf_free(&text);
        return rc;
    }
    ll_buf_free(&k->text);
    k->text = text;
    k->made_us = ll_mono_us();
    k->mark = mark;
    return LL_OK;
}

static bool fresh(const struct ll_kept *k, uint64_t mark)
{
    return k->made_us && k->mark == mark && ll_mono_us() - k->made_us <= k->keep_ms * UINT64_C(1000);
}

int ll_kept_answer_of(struct ll_kept *k, uint64_t mark, ll_kept_make *make, struct ll_app *app,
                      struct ll_request *rq, struct ll_err *err)
{
    int rc = LL_OK;

    pthread_mutex_lock(&k->lock);
    while (k->making && !k->made_us)
        pthread_cond_wait(&k->made, &k->lock);
    if (!k->making && !fresh(k, mark))
        rc = refresh(k, mark, make, app, rq, err);
    if (rc >= 0)
        ll_json_raw(&rq->json, ll_buf_view(&k->text));
    pthread_mutex_unlock(&k->lock);
    return rc < 0 ? rc : LL_OK;
}

int ll_kept_answer(struct ll_kept *k, ll_kept_make *make, struct ll_app *app, struct ll_request *rq,
                   struct ll_err *err)
{
    return ll_kept_answer_of(k, 0, make, app, rq, err);
}
