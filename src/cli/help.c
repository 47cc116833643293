/* help.c - help for people at a terminal; manual.c and completion.c make the other pages from the same tables. */
#include "cli/help.h"

#include "cli/out.h"

#include <string.h>

enum { WIDTH = 96, INDENT = 2, GAP = 2 };

void ll_help_synopsis(struct ll_buf *out, const struct ll_command *cmd)
{
    bool options = false;

    for (size_t i = 0; i < LL_OPT_COUNT; i++)
        options |= ll_option_of(i, cmd);
    ll_buf_printf(out, "luling %s%s%s%s", cmd->words, options ? " [--...]" : "", cmd->args[0] ? " " : "",
                  cmd->args);
}

void ll_help_option(struct ll_buf *out, size_t i, bool with_letter)
{
    ll_option_spell(out, i, with_letter);
    if (ll_options[i].arg)
        ll_buf_printf(out, " %s", ll_options[i].arg);
}

/* "  left      right" with right starting at column `at`. */
static void two_columns(struct ll_cli *c, struct ll_str left, const char *right, size_t at)
{
    ll_out_pad(&c->out, INDENT);
    ll_buf_str(&c->out, left);
    ll_out_pad(&c->out, at - INDENT - ll_utf8_width(left));
    ll_buf_z(&c->out, right);
    ll_buf_c(&c->out, '\n');
}

static void options_of(struct ll_cli *c, int command)
{
    struct ll_buf left = LL_BUF_INIT(4096);
    size_t widest = 0;

    for (size_t i = 0; i < LL_OPT_COUNT; i++) {
        if (ll_options[i].command != command)
            continue;
        ll_buf_clear(&left);
        ll_help_option(&left, i, true);
        widest = left.n > widest ? left.n : widest;
    }
    for (size_t i = 0; i < LL_OPT_COUNT; i++) {
        if (ll_options[i].command != command)
            continue;
        ll_buf_clear(&left);
        ll_help_option(&left, i, true);
        two_columns(c, ll_buf_view(&left), ll_say(c, ll_options[i].zh, ll_options[i].en),
                    INDENT + widest + GAP);
    }
    ll_buf_free(&left);
}

static bool first_word_is(const char *words, const char *word)
{
    size_t n = strlen(word);

    return strncmp(words, word, n) == 0 && (words[n] == ' ' || words[n] == 0);
}

/* The commands whose first word is `word`, or all when it is NULL. */
static void list_commands(struct ll_cli *c, const char *word)
{
    struct ll_buf left = LL_BUF_INIT(4096);
    size_t widest = 0;

    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < LL_CMD_COUNT; i++) {
            const struct ll_command *cmd = &ll_commands[i];
            if (word && !first_word_is(cmd->words, word))
                continue;
            ll_buf_clear(&left);
            ll_buf_printf(&left, "%s%s%s", cmd->words, cmd->args[0] ? " " : "", cmd->args);
            if (pass == 0)
                widest = left.n > widest ? left.n : widest;
            else
                two_columns(c, ll_buf_view(&left), ll_say(c, cmd->zh, cmd->en), INDENT + widest + GAP);
        }
    }
    ll_buf_free(&left);
}

void ll_help_overview(struct ll_cli *c)
{
    ll_out_line(c, "%s：把各部门交付的数据变成统一标准、可核验、可目录检索、可调用的数据资源\n",
                "%s: from what departments deliver to standard, sealed, catalogued, callable records\n",
                LL_VERSION_TEXT);
    ll_out_line(c, "用法：luling 命令 [选项] [参数]\n\n命令：",
                "usage: luling COMMAND [options] [arguments]\n\ncommands:");
    list_commands(c, NULL);
    ll_out_line(c, "\n任何命令都有的选项：", "\noptions of every command:");
    options_of(c, LL_CMD_global);
    ll_out_line(c, "\nluling help 命令 显示一个命令的详情；退出码见 luling errors。",
                "\nluling help COMMAND shows one command; luling errors lists the exit codes.");
}

void ll_help_family(struct ll_cli *c, const char *word)
{
    ll_out_line(c, "luling %s 的命令：", "commands of luling %s:", word);
    list_commands(c, word);
    ll_out_line(c, "\nluling help %s 命令 显示一个命令的详情。",
                "\nluling help %s COMMAND shows one of them.", word);
}

void ll_help_command(struct ll_cli *c, const struct ll_command *cmd)
{
    const char *details = ll_say(c, cmd->details_zh, cmd->details_en);
    bool own = false;

    ll_help_synopsis(&c->out, cmd);
    ll_buf_z(&c->out, "\n\n");
    ll_out_wrap(&c->out, ll_str(ll_say(c, cmd->zh, cmd->en)), INDENT, WIDTH);
    if (details[0]) {
        ll_buf_c(&c->out, '\n');
        ll_out_wrap(&c->out, ll_str(details), INDENT, WIDTH);
    }
    for (size_t i = 0; i < LL_OPT_COUNT; i++)
        own |= ll_option_of(i, cmd);
    if (own) {
        ll_out_line(c, "\n选项：", "\noptions:");
        options_of(c, ll_command_id(cmd));
    }
    ll_out_line(c, "\n任何命令都有的选项：", "\noptions of every command:");
    options_of(c, LL_CMD_global);
}
