/* parse.h - argv to a struct ll_cli, by the tables.
 *
 * (1) Options may stand anywhere; -- ends them.  --name=value and --name value are the same; letters may be run together.
 * (2) An option that the command does not have, a missing or superfluous argument, and a word outside a listed choice are LL_USAGE
 *     errors that name what is taken.
 * (3) Given twice, the last counts; --set collects. */
#ifndef LL_CLI_PARSE_H
#define LL_CLI_PARSE_H

#include "cli/command.h"

struct ll_parsed {
    const struct ll_command *command; /* NULL: none was given */
    const char **args;                /* owned; the strings are argv's */
    size_t n_args;
    const char **sets; /* the --set assignments, owned array */
    size_t n_sets;
    const char *opts[LL_OPT_COUNT];
    const char
        *topic; /* a family ("pack") given without its second word: help is shown for it; otherwise NULL */
};

/* argv without the program's name. */
int ll_parse(int argc, char **argv, struct ll_parsed *ret, struct ll_err *err) LL_MUST;
void ll_parsed_free(struct ll_parsed *p);

/* Positional arguments that a synopsis takes. */
struct ll_arity {
    size_t min, max; /* max SIZE_MAX: any number */
};
struct ll_arity ll_args_arity(const char *synopsis);
/* Whether `word` is one of "a|b|c"; any word fits a list without '|'. */
bool ll_choice_has(const char *choices, const char *word);

#endif
