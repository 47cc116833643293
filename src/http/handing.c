/* handing.c - see handing.h. */
#include "http/handing.h"

#include "report/html.h"

#include <stdio.h>

int ll_hand_out(struct ll_request *rq, struct ll_issue *x, struct ll_err *err)
{
    char *source = ll_arena_alloc(rq->arena, LL_STYLE_SOURCE);
    char name[64];

    if (!source)
        return ll_no_memory(err);
    ll_buf_free(&rq->out);
    rq->out = x->body;
    x->body = (struct ll_buf){0};
    rq->type = ll_issue_format_type(x->format);
    rq->style_source = x->format == LL_ISSUE_HTML ? ll_html_style_source(source) : NULL;
    snprintf(name, sizeof name, "%s.%s", x->number, ll_issue_format_word(x->format));
    return ll_reply_download(rq, name, err);
}
