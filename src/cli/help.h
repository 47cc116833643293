/* help.h - the pages made from the command, option and settings tables. */
#ifndef LL_CLI_HELP_H
#define LL_CLI_HELP_H

#include "cli/command.h"

#define LL_VERSION_TEXT "luling " LULING_VERSION

void ll_help_overview(struct ll_cli *c);
void ll_help_command(struct ll_cli *c, const struct ll_command *cmd);
/* The commands whose first word is `word`. */
void ll_help_family(struct ll_cli *c, const char *word);
void ll_help_markdown(struct ll_cli *c);
void ll_help_man(struct ll_cli *c);
void ll_help_bash(struct ll_cli *c);
void ll_help_zsh(struct ll_cli *c);

/* "luling pack check [options] DIR" */
void ll_help_synopsis(struct ll_buf *out, const struct ll_command *cmd);
/* "--lang zh|en" */
void ll_help_option(struct ll_buf *out, size_t i, bool with_letter);

#endif
