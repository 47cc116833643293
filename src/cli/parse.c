/* parse.c - see parse.h. */
#include "cli/parse.h"

#include <stdlib.h>
#include <string.h>

struct ll_arity ll_args_arity(const char *synopsis)
{
    struct ll_arity a = {0, 0};
    struct ll_str rest = ll_str(synopsis), word;

    while (rest.n) {
        ll_str_cut(rest, ' ', &word, &rest);
        bool optional = word.p[0] == '[';
        bool many = ll_str_ends(word, LL_STR("...")) || ll_str_ends(word, LL_STR("...]"));
        a.min += !optional;
        a.max = many || a.max == SIZE_MAX ? SIZE_MAX : a.max + 1;
    }
    return a;
}

bool ll_choice_has(const char *choices, const char *word)
{
    struct ll_str rest = ll_str(choices), one;

    if (!strchr(choices, '|'))
        return true;
    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        if (ll_str_is(one, word))
            return true;
    }
    return false;
}

static bool named(size_t i, struct ll_str name)
{
    const char *own = ll_options[i].name;

    if (strlen(own) != name.n)
        return false;
    for (size_t k = 0; k < name.n; k++)
        if (name.p[k] != (own[k] == '_' ? '-' : own[k]))
            return false;
    return true;
}

/* The option called `name` (or by `letter`) of the command, or a global one; LL_OPT_COUNT when there is none. */
static size_t find_option(const struct ll_command *cmd, struct ll_str name, char letter)
{
    for (size_t i = 0; i < LL_OPT_COUNT; i++) {
        bool fits = letter ? ll_options[i].letter == letter : named(i, name);
        if (fits && (ll_options[i].command == LL_CMD_global || ll_option_of(i, cmd)))
            return i;
    }
    return LL_OPT_COUNT;
}

static int unknown_option(const struct ll_command *cmd, const char *typed, struct ll_err *err)
{
    if (!cmd)
        return ll_fail(err, LL_USAGE, "没有选项 %s；luling --help 列出全部",
                       "there is no option %s; luling --help lists all", typed);
    return ll_fail(err, LL_USAGE, "命令 %s 没有选项 %s；luling help %s 列出全部",
                   "command %s has no option %s; luling help %s lists them", cmd->words, typed, cmd->words);
}

static int take_value(struct ll_parsed *p, size_t i, const char *value, struct ll_err *err)
{
    if (!ll_choice_has(ll_options[i].arg, value))
        return ll_fail(err, LL_USAGE, "选项 --%s 的值“%s”不对：应为 %s 之一",
                       "option --%s: '%s' is none of %s", ll_options[i].name, value, ll_options[i].arg);
    if (i == LL_OPT_global_set)
        p->sets[p->n_sets++] = value;
    p->opts[i] = value;
    return LL_OK;
}

/* One "--name", "--name=value" or "--name value"; *at moves past what was taken. */
static int long_option(struct ll_parsed *p, int argc, char **argv, int *at, struct ll_err *err)
{
    struct ll_str name, rest;
    bool attached = ll_str_cut(ll_str(argv[*at] + 2), '=', &name, &rest);
    size_t i = find_option(p->command, name, 0);

    if (i == LL_OPT_COUNT)
        return unknown_option(p->command, argv[*at], err);
    if (!ll_options[i].arg) {
        if (attached)
            return ll_fail(err, LL_USAGE, "选项 --%.*s 不带值", "option --%.*s takes no value",
                           LL_STR_ARG(name));
        p->opts[i] = "";
        return LL_OK;
    }
    if (attached)
        return take_value(p, i, rest.p, err);
    if (*at + 1 >= argc)
        return ll_fail(err, LL_USAGE, "选项 --%.*s 后面缺少 %s", "option --%.*s needs a value: %s",
                       LL_STR_ARG(name), ll_options[i].arg);
    return take_value(p, i, argv[++*at], err);
}

/* "-jd DIR", "-dDIR" */
static int short_options(struct ll_parsed *p, int argc, char **argv, int *at, struct ll_err *err)
{
    const char *typed = argv[*at];

    for (const char *letter = typed + 1; *letter; letter++) {
        size_t i = find_option(p->command, LL_STR(""), *letter);
        if (i == LL_OPT_COUNT)
            return unknown_option(p->command, typed, err);
        if (!ll_options[i].arg) {
            p->opts[i] = "";
            continue;
        }
        if (letter[1])
            return take_value(p, i, letter + 1, err);
        if (*at + 1 >= argc)
            return ll_fail(err, LL_USAGE, "选项 -%c 后面缺少 %s", "option -%c needs a value: %s", *letter,
                           ll_options[i].arg);
        return take_value(p, i, argv[++*at], err);
    }
    return LL_OK;
}

static bool is_option(const char *word)
{
    return word[0] == '-' && word[1] != 0; /* "-" alone is standard input */
}

/* Which words are positional cannot be told before the command is known (an option's value may look like one), so the
 * command's words are looked for first: the first words that are neither options nor values of global ones. */
static size_t leading_words(int argc, char **argv, const char **words, size_t max)
{
    size_t n = 0;

    for (int at = 0; at < argc && n < max; at++) {
        if (strcmp(argv[at], "--") == 0)
            break;
        if (!is_option(argv[at])) {
            words[n++] = argv[at];
            continue;
        }
        bool spelled = argv[at][1] == '-';
        size_t length = strlen(argv[at]);
        size_t i = spelled ? find_option(NULL, ll_str(argv[at] + 2), 0)
                           : find_option(NULL, LL_STR(""), argv[at][length - 1]);
        if (i < LL_OPT_COUNT && ll_options[i].arg)
            at++;
    }
    return n;
}

static int find_command(struct ll_parsed *p, int argc, char **argv, size_t *n_words, struct ll_err *err)
{
    const char *words[4];
    size_t n = leading_words(argc, argv, words, LL_COUNT(words));
    bool family;

    p->command = ll_command_find(words, n, n_words, &family);
    if (p->command || n == 0)
        return LL_OK;
    if (family && n == 1) {
        p->topic = words[0];
        *n_words = 1;
        return LL_OK;
    }
    const char *near = ll_command_near(words[0]);
    if (near)
        return ll_fail(err, LL_USAGE, "没有命令“%s”；是不是 luling %s？",
                       "there is no command '%s'; did you mean luling %s?", words[0], near);
    return ll_fail(err, LL_USAGE, "没有命令“%s”；luling --help 列出全部命令",
                   "there is no command '%s'; luling --help lists all", words[0]);
}

static int check_args(const struct ll_parsed *p, struct ll_err *err)
{
    const struct ll_command *cmd = p->command;
    struct ll_arity arity = ll_args_arity(cmd->args);
    struct ll_str rest = ll_str(cmd->args), word;

    if (p->n_args < arity.min)
        return ll_fail(err, LL_USAGE, "缺少参数；用法：luling %s %s",
                       "an argument is missing; usage: luling %s %s", cmd->words, cmd->args);
    if (p->n_args > arity.max)
        return ll_fail(err, LL_USAGE, "多余的参数“%s”；用法：luling %s %s",
                       "superfluous argument '%s'; usage: luling %s %s", p->args[arity.max], cmd->words,
                       cmd->args);
    for (size_t i = 0; i < p->n_args && rest.n; i++) {
        char choices[128];
        ll_str_cut(rest, ' ', &word, &rest);
        if (word.p[0] == '[' || word.n >= sizeof choices)
            continue;
        memcpy(choices, word.p, word.n);
        choices[word.n] = 0;
        if (!ll_choice_has(choices, p->args[i]))
            return ll_fail(err, LL_USAGE, "参数“%s”不对：应为 %s 之一", "'%s' is none of %s", p->args[i],
                           choices);
    }
    return LL_OK;
}

static int take_all(struct ll_parsed *p, int argc, char **argv, size_t n_words, struct ll_err *err)
{
    size_t skipped = 0;
    bool options = true;
    int rc = LL_OK;

    for (int at = 0; at < argc && rc == LL_OK; at++) {
        if (options && strcmp(argv[at], "--") == 0)
            options = false;
        else if (options && strncmp(argv[at], "--", 2) == 0)
            rc = long_option(p, argc, argv, &at, err);
        else if (options && is_option(argv[at]))
            rc = short_options(p, argc, argv, &at, err);
        else if (skipped < n_words)
            skipped++;
        else
            p->args[p->n_args++] = argv[at];
    }
    return rc;
}

int ll_parse(int argc, char **argv, struct ll_parsed *ret, struct ll_err *err)
{
    struct ll_parsed p = {0};
    size_t n_words = 0;
    int rc;

    p.args = calloc((size_t)argc + 1, sizeof *p.args);
    p.sets = calloc((size_t)argc + 1, sizeof *p.sets);
    rc = p.args && p.sets ? LL_OK : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    if (rc < 0 || (rc = find_command(&p, argc, argv, &n_words, err)) < 0 ||
        (rc = take_all(&p, argc, argv, n_words, err)) < 0)
        goto failed;
    bool helping = p.opts[LL_OPT_global_help] || p.opts[LL_OPT_global_version];
    if (p.command && !helping) {
        if ((rc = check_args(&p, err)) < 0)
            goto failed;
        if (p.opts[LL_OPT_global_json] && !(p.command->flags & LL_CMD_JSON)) {
            rc = ll_fail(err, LL_USAGE, "命令 %s 没有 JSON 输出", "command %s has no JSON output",
                         p.command->words);
            goto failed;
        }
    }
    *ret = p;
    return LL_OK;
failed:
    ll_parsed_free(&p);
    return rc;
}

void ll_parsed_free(struct ll_parsed *p)
{
    free(p->args);
    free(p->sets);
    p->args = NULL;
    p->sets = NULL;
}
