/* cmd_serve.c - serve: the server until it is told to stop. */
#include "cli/out.h"
#include "http/serve.h"

#include <stdio.h>

static void ready(void *ctx, const char *url)
{
    struct ll_cli *c = ctx;
    struct ll_err err = {0};

    if (c->json)
        ll_buf_printf(&c->out, "{\"url\":\"%s\"}\n", url);
    else
        ll_out_line(c, "庐陵已启动：%s（按 Ctrl-C 停止）", "Luling serves %s (Ctrl-C stops it)", url);
    if (ll_out_flush(c, &err) < 0) /* nobody reads; the server goes on */
        ll_buf_clear(&c->out);
}

int ll_cmd_serve(struct ll_cli *c, struct ll_err *err)
{
    struct ll_serve o = {.set = c->set, .ready = ready, .ctx = c};

    return ll_serve(&o, err);
}
