/* cmd_help.c - help, man, completion. */
#include "cli/help.h"

#include <string.h>

int ll_cmd_help(struct ll_cli *c, struct ll_err *err)
{
    size_t n_words;
    bool family;

    if (c->opts[LL_OPT_help_markdown]) {
        ll_help_markdown(c);
        return LL_OK;
    }
    if (c->n_args == 0) {
        ll_help_overview(c);
        return LL_OK;
    }
    const struct ll_command *cmd = ll_command_find(c->args, c->n_args, &n_words, &family);
    if (cmd && n_words == c->n_args) {
        ll_help_command(c, cmd);
        return LL_OK;
    }
    if (family && c->n_args == 1) {
        ll_help_family(c, c->args[0]);
        return LL_OK;
    }
    return ll_fail(err, LL_USAGE, "没有命令“%s”；luling help 列出全部命令",
                   "there is no command '%s'; luling help lists all", c->args[c->n_args - 1]);
}

int ll_cmd_man(struct ll_cli *c, struct ll_err *err)
{
    (void)err;
    ll_help_man(c);
    return LL_OK;
}

int ll_cmd_completion(struct ll_cli *c, struct ll_err *err)
{
    (void)err;
    if (strcmp(c->args[0], "zsh") == 0)
        ll_help_zsh(c);
    else
        ll_help_bash(c);
    return LL_OK;
}
