/* cmd_errors.c - errors: the table of error codes, for people, programs and docs/errors.md. */
#include "cli/out.h"

struct error_row {
    const char *name;
    int http, exit;
    const char *zh, *en;
};

static const struct error_row rows[] = {
#define X(name, val, http, exit, zh, en) {#name, http, exit, zh, en},
    LL_ERRORS(X)
#undef X
};

static void markdown(struct ll_cli *c)
{
    ll_out_line(
        c,
        "# 错误\n\n本页由 `luling errors --markdown` 生成；改错误请改 `src/base/tbl/errors.h`。\n\n"
        "每个错误是一个代码加一句话（中文和英文），说明在哪里、该改什么。命令行的退出码按代码而定，成功为 0。\n",
        "# Errors\n\nMade by `luling errors --markdown`; to change an error, change `src/base/tbl/errors.h`.\n\n"
        "An error is a code and a sentence, in Chinese and in English, that says where and what to change.  The exit code "
        "of the command line follows from the code; success is 0.\n");
    ll_out_line(c, "| 代码 | 退出码 | HTTP | 含义 |\n|---|---|---|---|",
                "| code | exit code | HTTP | meaning |\n|---|---|---|---|");
    for (size_t i = 0; i < LL_COUNT(rows); i++)
        ll_out_line(c, "| `%s` | %d | %d | %s |", "| `%s` | %d | %d | %s |", rows[i].name, rows[i].exit,
                    rows[i].http, ll_say(c, rows[i].zh, rows[i].en));
}

int ll_cmd_errors(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column columns[] = {{"code", "代码", "code", LL_LEFT},
                                               {"exit", "退出码", "exit code", LL_RIGHT},
                                               {"http", "HTTP", "HTTP", LL_RIGHT},
                                               {"meaning", "含义", "meaning", LL_LEFT}};

    if (c->opts[LL_OPT_errors_markdown]) {
        markdown(c);
        return LL_OK;
    }
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    for (size_t i = 0; i < LL_COUNT(rows); i++) {
        ll_grid_z(t, rows[i].name);
        ll_grid_int(t, rows[i].exit);
        ll_grid_int(t, rows[i].http);
        ll_grid_z(t, ll_say(c, rows[i].zh, rows[i].en));
    }
    return ll_grid_end(t, err);
}
