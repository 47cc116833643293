/* handle_infer.c - a sample of a file becomes a proposal: which element each column is, what the key is, whom the rows are about.
 *
 * The sample is kept nowhere: it lies sealed in a file without a name, under a key that nobody else has, while the request lasts. */
#include "catalog/infer.h"
#include "http/app.h"
#include "http/request.h"
#include "intake/decode/source.h"
#include "intake/decode/spool.h"
#include "routes.gen.h"

#include <stdlib.h>

struct sample {
    struct ll_body_sink sink; /* first: the server knows us by it */
    struct ll_spool spool;
    char work[LL_PATH];
};

static int sample_write(struct ll_body_sink *s, const void *p, size_t n, struct ll_err *err)
{
    return ll_spool_add(&((struct sample *)s)->spool, p, n, err);
}

static void sample_close(struct ll_body_sink *s)
{
    ll_spool_remove(&((struct sample *)s)->spool);
    free(s);
}

int ll_h_infer_begin(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct sample *s = calloc(1, sizeof *s);
    int rc = s ? ll_data_path(app->data, s->work, err, "work") : ll_no_memory(err);

    if (rc >= 0)
        rc = ll_spool_create(&s->spool, s->work, true, err);
    if (rc < 0) {
        free(s);
        return rc;
    }
    s->sink = (struct ll_body_sink){sample_write, sample_close};
    rq->sink = &s->sink;
    return LL_OK;
}

static int propose(struct ll_app *app, struct ll_request *rq, struct ll_source *source,
                   const struct ll_infer_opts *opts, struct ll_err *err)
{
    const struct ll_source_info *info = ll_source_info(source);
    struct ll_rows *rows = NULL;
    struct ll_catalog *cat = NULL;
    struct ll_inference inf;
    struct ll_range range;
    uint64_t total;
    unsigned n;
    int rc = ll_source_scan(source, 1, &range, &n, &total, err);

    if (rc < 0 || (rc = ll_source_rows(source, &range, &rows, err)) < 0)
        return rc;
    if ((rc = ll_catalog_live_get(app->catalog, true, &cat, err)) == LL_OK &&
        (rc = ll_infer(rows, info->names, info->n_columns, cat, opts, rq->arena, &inf, err)) == LL_OK)
        ll_infer_json(&inf, &rq->json);
    rows->ops->close(rows);
    ll_catalog_unref(cat);
    return rc;
}

int ll_h_infer(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *name = ll_arg(rq, LL_P_RESOURCE_INFER_NAME),
                        *title = ll_arg(rq, LL_P_RESOURCE_INFER_TITLE);
    struct sample *s = (struct sample *)rq->sink;
    const struct ll_infer_opts opts = {.name = name->given ? name->s.p : NULL,
                                       .title = title->given ? title->s.p : NULL,
                                       .provider = rq->actor.organisation,
                                       .file_name = ll_arg(rq, LL_P_RESOURCE_INFER_FILE_NAME)->s.p};
    struct ll_source_opts how = LL_SOURCE_OPTS_INIT;
    struct ll_source *source = NULL;
    int rc = ll_spool_flush(&s->spool, err);

    how.max_unpacked = (int64_t)256 << 20;
    if (rc < 0 || (rc = ll_source_take(&s->spool.file, opts.file_name, s->work, &how, &source, err)) < 0)
        return rc;
    rc = propose(app, rq, source, &opts, err);
    ll_source_close(source);
    return rc;
}
