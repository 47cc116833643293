/* durable.c - see durable.h. */
#include "http/durable.h"

#include "base/log.h"
#include "crypto/base64.h"

#include <inttypes.h>
#include <stdio.h>

static void nothing_leaves(struct ll_exchange *x, const struct ll_err *why)
{
    struct ll_request *rq = &x->rq;

    ll_log(LL_ERROR, "http", "%s: refused, since the journal has no entry for it: %s", rq->id, why->en);
    x->refusal = -1;
    rq->condition = NULL;
    x->rc = ll_fail(&x->err, LL_BUSY, "存证日志写不进去，因此不作答复；请稍后再试",
                    "the journal cannot be written, so nothing is answered; try again later");
}

/* Runs on the journal's thread; x sleeps until the last line. */
static void durable(void *ctx, int rc, const struct ll_receipt *receipt, const struct ll_err *err)
{
    struct ll_exchange *x = ctx;

    x->due_rc = rc;
    if (rc < 0)
        x->due_err = *err;
    else
        x->receipt = *receipt;
    MHD_resume_connection(x->mhd);
}

/* Once the journal has the entry x belongs to its thread: it may have been answered, and be gone, before append_later returns. */
void ll_durable_begin(struct ll_exchange *x)
{
    struct ll_due *due = &x->rq.due;
    struct ll_err err;
    int rc;

    x->phase = LL_PHASE_DURABLE;
    x->due_rc = LL_BUSY;            /* until the journal says otherwise nothing may leave */
    MHD_suspend_connection(x->mhd); /* first: the journal may be done before we return from it */
    rc = due->payload.failed
             ? ll_no_memory(&err)
             : ll_journal_append_later(ll_journaling_journal(x->server->app->journaling), due->type,
                                       ll_buf_view(&due->payload), durable, x, &err);
    if (rc < 0) { /* it will never be called */
        x->due_rc = rc;
        x->due_err = err;
        MHD_resume_connection(x->mhd);
    }
}

void ll_durable_end(struct ll_exchange *x)
{
    struct ll_buf *out = &x->rq.out;
    struct ll_json j;

    if (x->due_rc < 0) {
        nothing_leaves(x, &x->due_err);
        return;
    }
    if (x->rc < 0 || x->rq.type || x->rq.stream || x->rq.fd >= 0 || !out->n)
        return; /* an error writes its own; the others have the header */
    LL_ASSERT(out->p[out->n - 1] == '}');
    out->n--;
    ll_json_init(&j, out);
    j.depth = 1; /* back inside the answer's object */
    j.comma[1] = out->p[out->n - 1] != '{';
    ll_durable_put(x, &j);
    ll_json_end_obj(&j);
}

const char *ll_durable_index(const struct ll_exchange *x, char out[24])
{
    if (!x->rq.due.set || x->due_rc < 0)
        return NULL;
    snprintf(out, 24, "%" PRIu64, x->receipt.index);
    return out;
}

void ll_durable_put(const struct ll_exchange *x, struct ll_json *j)
{
    struct ll_buf leaf = LL_BUF_INIT(64);

    if (!x->rq.due.set || x->due_rc < 0)
        return;
    ll_base64_put(&leaf, LL_BASE64_STD, x->receipt.leaf, sizeof x->receipt.leaf);
    ll_json_key(j, "receipt");
    ll_json_obj(j);
    ll_json_ki(j, "index", (int64_t)x->receipt.index);
    ll_json_ki(j, "tree_size", (int64_t)x->receipt.tree_size);
    ll_json_ks(j, "leaf", ll_buf_view(&leaf));
    ll_json_end_obj(j);
    ll_buf_free(&leaf);
}
