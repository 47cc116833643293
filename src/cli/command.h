/* command.h - what a command is, and what it is given.
 *
 * A command is a row of tbl/commands.h, rows of tbl/options.h and one function.  To add `luling batch show ID --items`:
 *
 *   tbl/commands.h   X(batch_show, "batch show", "ID", JSON, "显示一个批次", "show a batch", "", "")
 *   tbl/options.h    X(batch_show, items, 0, NULL, "列出每个信息项", "list every item")
 *   cmd_batch.c      int ll_cmd_batch_show(struct ll_cli *c, struct ll_err *err)
 *                    {
 *                        static const struct ll_column columns[] = {
 *                            {"id", "编号", "id", LL_LEFT}, {"rows", "行数", "rows", LL_RIGHT}};
 *                        struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
 *                        bool items = c->opts[LL_OPT_batch_show_items] != NULL;
 *                        ...
 *                        ll_grid_z(t, batch.id);
 *                        ll_grid_int(t, batch.rows);
 *                        return ll_grid_end(t, err);
 *                    }
 *   meson.build      'cmd_batch.c'
 *
 * Parsing, help, completion, manual, --json and the exit code (ll_rc_exit of what the function returns) follow from the rows.
 * The function prints to c->out only (out.h) and writes nothing to standard error; main reports *err. */
#ifndef LL_CLI_COMMAND_H
#define LL_CLI_COMMAND_H

#include "base/buf.h"
#include "base/config.h"
#include "base/err.h"
#include "cli/tbl/commands.h"
#include "cli/tbl/options.h"

#define X(id, ...) LL_CMD_##id,
enum ll_command_id { LL_COMMANDS(X) LL_CMD_COUNT, LL_CMD_global = LL_CMD_COUNT };
#undef X
#define X(cmd, opt, ...) LL_OPT_##cmd##_##opt,
enum ll_option_id { LL_OPTIONS(X) LL_OPT_COUNT };
#undef X

enum ll_command_flags {
    LL_CMD_PLAIN = 0,
    LL_CMD_JSON = 1,
    LL_CMD_NODATA = 2,
    LL_CMD_JSON_NODATA = 3,
    LL_CMD_MAKES = 4,
    LL_CMD_JSON_MAKES = 5
};

struct ll_cli;

struct ll_command {
    const char *words, *args;
    unsigned flags;
    const char *zh, *en, *details_zh, *details_en;
    int (*run)(struct ll_cli *c, struct ll_err *err);
};

struct ll_option {
    int command; /* enum ll_command_id */
    const char *name;
    char letter;
    const char *arg; /* NULL: a flag */
    const char *zh, *en;
};

extern const struct ll_command ll_commands[LL_CMD_COUNT];
extern const struct ll_option ll_options[LL_OPT_COUNT];

struct ll_cli {
    const struct ll_command *command; /* NULL: only global options were given */
    const char *const *args;          /* what follows the command's words, options taken out */
    size_t n_args;
    const char *opts[LL_OPT_COUNT]; /* the option's argument, "" for a flag; NULL when not given */
    const struct ll_settings *set;
    const struct ll_config *config;
    enum ll_lang lang;
    bool json;
    bool unread;       /* the reader of standard output has gone (head, less): nothing to complain about */
    struct ll_buf out; /* standard output; see out.h */
};

#define X(id, ...) int ll_cmd_##id(struct ll_cli *c, struct ll_err *err) LL_MUST;
LL_COMMANDS(X)
#undef X

/* The text for the language of output. */
#define ll_say(c, zh_, en_) ((c)->lang == LL_ZH ? (zh_) : (en_))

int ll_command_id(const struct ll_command *cmd);
/* Option i as it is written: "--as-of", and with a letter "-j, --json". */
void ll_option_spell(struct ll_buf *out, size_t i, bool with_letter);
bool ll_option_of(size_t i, const struct ll_command *cmd); /* the command's own, not the global ones */

/* The command whose words stand first in argv: *n_words tells how many. NULL when none fits.  Words that only begin a
 * command ("pack") set *family. */
const struct ll_command *ll_command_find(const char *const *argv, size_t n, size_t *n_words, bool *family);
/* The known command nearest in spelling to what was typed; NULL when nothing is near. */
const char *ll_command_near(const char *typed);

#endif
