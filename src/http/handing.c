/* handing.c - see handing.h. */
#include "http/handing.h"

#include "report/html.h"

#include <stdio.h>

int ll_hand_out(struct ll_request *rq, struct ll_issue *x, struct ll_err *err)
{
    bool pdf = x->format == LL_ISSUE_PDF;
    char *source = ll_arena_alloc(rq->arena, LL_STYLE_SOURCE);
    char name[64];

    if (!source)
        return ll_no_memory(err);
    ll_buf_free(&rq->out);
    rq->out = x->body;
    x->body = (struct ll_buf){0};
    rq->type = pdf ? "application/pdf" : "text/html; charset=utf-8";
    rq->style_source = pdf ? NULL : ll_html_style_source(source);
    snprintf(name, sizeof name, "%s.%s", x->number, pdf ? "pdf" : "html");
    return ll_reply_download(rq, name, err);
}
