/* manual.c - the manual page (roff, man(7)) and the Markdown page of all commands. */
#include "cli/help.h"

#include "cli/out.h"

/* Text of a roff line: backslashes and leading dots would be read as requests, and hyphens become typographic. */
static void roff(struct ll_buf *out, const char *text)
{
    if (text[0] == '.' || text[0] == '\'')
        ll_buf_z(out, "\\&");
    for (const char *p = text; *p; p++) {
        if (*p == '\\')
            ll_buf_z(out, "\\e");
        else if (*p == '-')
            ll_buf_z(out, "\\-");
        else
            ll_buf_c(out, *p);
    }
    ll_buf_c(out, '\n');
}

static void roff_options(struct ll_cli *c, int command)
{
    struct ll_buf spelled = LL_BUF_INIT(4096);

    for (size_t i = 0; i < LL_OPT_COUNT; i++) {
        if (ll_options[i].command != command)
            continue;
        ll_buf_clear(&spelled);
        ll_help_option(&spelled, i, true);
        ll_buf_z(&c->out, ".TP\n.B ");
        roff(&c->out, spelled.p);
        roff(&c->out, ll_say(c, ll_options[i].zh, ll_options[i].en));
    }
    ll_buf_free(&spelled);
}

static void roff_commands(struct ll_cli *c)
{
    struct ll_buf line = LL_BUF_INIT(4096);

    for (size_t i = 0; i < LL_CMD_COUNT; i++) {
        const struct ll_command *cmd = &ll_commands[i];
        const char *details = ll_say(c, cmd->details_zh, cmd->details_en);
        ll_buf_clear(&line);
        ll_help_synopsis(&line, cmd);
        ll_buf_z(&c->out, ".SS ");
        roff(&c->out, line.p);
        roff(&c->out, ll_say(c, cmd->zh, cmd->en));
        if (details[0]) {
            ll_buf_z(&c->out, ".PP\n");
            roff(&c->out, details);
        }
        roff_options(c, (int)i);
    }
    ll_buf_free(&line);
}

static void roff_settings(struct ll_cli *c)
{
    for (size_t i = 0; i < ll_setting_count(); i++) {
        const struct ll_setting *s = ll_setting_at(i);
        ll_buf_z(&c->out, ".TP\n.B ");
        roff(&c->out, s->name);
        roff(&c->out, ll_say(c, s->zh, s->en));
        ll_buf_printf(&c->out, "%s%s\n", ll_say(c, "默认：", "Default: "), s->fallback);
    }
}

static void roff_exit_codes(struct ll_cli *c)
{
#define X(name, val, http, exit, zh, en)                                                                     \
    ll_buf_printf(&c->out, ".TP\n.B %d\n%s: ", exit, #name);                                                 \
    roff(&c->out, ll_say(c, zh, en));
    LL_ERRORS(X)
#undef X
}

void ll_help_man(struct ll_cli *c)
{
    struct ll_buf *out = &c->out;

    ll_buf_printf(out, ".TH LULING 1 \"\" \"%s\"\n.SH %s\n", LL_VERSION_TEXT, ll_say(c, "名称", "NAME"));
    roff(out,
         ll_say(c, "luling - 把各部门交付的数据变成统一标准、可核验、可目录检索、可调用的数据资源",
                "luling - from what departments deliver to standard, sealed, catalogued, callable records"));
    ll_buf_printf(out, ".SH %s\n.B luling\n", ll_say(c, "用法", "SYNOPSIS"));
    roff(out, ll_say(c, "命令 [选项] [参数]", "COMMAND [options] [arguments]"));
    ll_buf_printf(out, ".SH %s\n", ll_say(c, "选项", "OPTIONS"));
    roff_options(c, LL_CMD_global);
    ll_buf_printf(out, ".SH %s\n", ll_say(c, "命令", "COMMANDS"));
    roff_commands(c);
    ll_buf_printf(out, ".SH %s\n", ll_say(c, "设置项", "SETTINGS"));
    roff_settings(c);
    ll_buf_printf(out, ".SH %s\n.TP\n.B 0\n%s\n", ll_say(c, "退出码", "EXIT STATUS"),
                  ll_say(c, "成功", "success"));
    roff_exit_codes(c);
}

/* A cell of a Markdown table. */
static void md_cell(struct ll_buf *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p == '|')
            ll_buf_c(out, '\\');
        ll_buf_c(out, *p);
    }
}

static void md_options(struct ll_cli *c, int command)
{
    bool any = false;

    for (size_t i = 0; i < LL_OPT_COUNT; i++) {
        if (ll_options[i].command != command)
            continue;
        struct ll_buf spelled = LL_BUF_INIT(4096);
        ll_help_option(&spelled, i, true);
        if (!any)
            ll_buf_printf(&c->out, "| %s | |\n|---|---|\n", ll_say(c, "选项", "option"));
        any = true;
        ll_buf_z(&c->out, "| `");
        md_cell(&c->out, spelled.p);
        ll_buf_z(&c->out, "` | ");
        md_cell(&c->out, ll_say(c, ll_options[i].zh, ll_options[i].en));
        ll_buf_z(&c->out, " |\n");
        ll_buf_free(&spelled);
    }
    if (any)
        ll_buf_c(&c->out, '\n');
}

static void md_command(struct ll_cli *c, const struct ll_command *cmd)
{
    const char *details = ll_say(c, cmd->details_zh, cmd->details_en);

    ll_buf_printf(&c->out, "## %s\n```\n", cmd->words);
    ll_help_synopsis(&c->out, cmd);
    ll_buf_printf(&c->out, "\n```\n%s%s\n\n", ll_say(c, cmd->zh, cmd->en), ll_say(c, "。", "."));
    if (details[0])
        ll_buf_printf(&c->out, "%s\n\n", details);
    md_options(c, ll_command_id(cmd));
}

static void md_settings(struct ll_cli *c)
{
    ll_buf_printf(&c->out, "## %s\n| %s |\n|---|---|---|\n", ll_say(c, "设置项", "Settings"),
                  ll_say(c, "名称 | 默认 | 含义", "name | default | meaning"));
    for (size_t i = 0; i < ll_setting_count(); i++) {
        const struct ll_setting *s = ll_setting_at(i);
        ll_buf_printf(&c->out, "| `%s` | `%s`%s%s | ", s->name, s->fallback,
                      s->type == LL_SET_UINT ? " " : "", s->type == LL_SET_UINT ? s->unit : "");
        md_cell(&c->out, ll_say(c, s->zh, s->en));
        ll_buf_z(&c->out, " |\n");
    }
}

void ll_help_markdown(struct ll_cli *c)
{
    ll_out_line(
        c, "# 命令\n\n本页由 `luling help --markdown` 生成；改命令请改 `src/cli/tbl/`。\n",
        "# Commands\n\nMade by `luling help --markdown`; to change a command, change `src/cli/tbl/`.\n");
    ll_out_line(c, "任何命令都有的选项：\n", "Options of every command:\n");
    md_options(c, LL_CMD_global);
    for (size_t i = 0; i < LL_CMD_COUNT; i++)
        md_command(c, &ll_commands[i]);
    md_settings(c);
}
