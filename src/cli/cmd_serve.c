/* cmd_serve.c - serve: the server until it is told to stop. */
#include "cli/out.h"
#include "http/serve.h"

#include <signal.h>
#include <stdio.h>

static void ready_json(struct ll_cli *c, const char *url, const struct ll_first *first, size_t n)
{
    struct ll_json j;

    ll_json_init(&j, &c->out);
    ll_json_obj(&j);
    ll_json_kz(&j, "url", url);
    ll_json_key(&j, "invitations");
    ll_json_obj(&j);
    for (size_t i = 0; i < n; i++)
        ll_json_kz(&j, first[i].account, first[i].token);
    ll_json_end_obj(&j);
    ll_json_end_obj(&j);
    ll_buf_c(&c->out, '\n');
}

static void tell_first(struct ll_cli *c, const char *url, const struct ll_first *first, size_t n)
{
    if (!n)
        return;
    ll_out_line(
        c,
        "还没有账号。已建立三个管理员，请把下面的链接分别交给三个人，各自设定密码（72 小时内有效，只能用一次）：",
        "There are no accounts yet.  Three administrators were made; hand each link to a different person, who chooses a password "
        "(valid once, for 72 hours):");
    for (size_t i = 0; i < n; i++)
        ll_out_line(c, "  %s：%sinvitation#%s", "  %s: %sinvitation#%s", first[i].account, url,
                    first[i].token);
}

static void ready(void *ctx, const char *url, const struct ll_first *first, size_t n)
{
    struct ll_cli *c = ctx;
    struct ll_err err = {0};

    if (c->json)
        ready_json(c, url, first, n);
    else
        ll_out_line(c, "庐陵已启动：%s（按 Ctrl-C 停止）", "Luling serves %s (Ctrl-C stops it)", url);
    tell_first(c, url, first, n);
    if (ll_out_flush(c, &err) < 0) /* nobody reads; the server goes on */
        ll_buf_clear(&c->out);
}

int ll_cmd_serve(struct ll_cli *c, struct ll_err *err)
{
    struct ll_serve o = {.set = c->set, .ready = ready, .ctx = c};

    signal(SIGXFSZ,
           SIG_IGN); /* a write beyond a limit fails, and is answered for; it does not end the server */
    return ll_serve(&o, err);
}
