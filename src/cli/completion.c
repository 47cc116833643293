/* completion.c - shell completion scripts.  The tables are written out as a case of the words typed so far, so that completing
 * starts no program. */
#include "cli/help.h"

#include <string.h>

/* Every prefix of words that has followers: "" and "pack".  Calls fn once for each, in table order. */
static void each_prefix(struct ll_cli *c, void (*fn)(struct ll_cli *, struct ll_str prefix))
{
    fn(c, LL_STR(""));
    for (size_t i = 0; i < LL_CMD_COUNT; i++) {
        struct ll_str head, rest;
        bool seen = false;
        if (!ll_str_cut(ll_str(ll_commands[i].words), ' ', &head, &rest))
            continue;
        for (size_t k = 0; k < i && !seen; k++)
            seen = ll_str_starts(ll_str(ll_commands[k].words), head) && ll_commands[k].words[head.n] == ' ';
        if (!seen)
            fn(c, head);
    }
}

/* The words that may follow a prefix, divided by blanks. */
static void followers(struct ll_buf *out, struct ll_str prefix)
{
    struct ll_str last = {0};

    for (size_t i = 0; i < LL_CMD_COUNT; i++) {
        struct ll_str words = ll_str(ll_commands[i].words), head, rest;
        if (prefix.n && !(ll_str_starts(words, prefix) && words.p[prefix.n] == ' '))
            continue;
        if (prefix.n)
            words = (struct ll_str){words.p + prefix.n + 1, words.n - prefix.n - 1};
        ll_str_cut(words, ' ', &head, &rest);
        if (ll_str_eq(head, last))
            continue;
        last = head;
        ll_buf_str(out, head);
        ll_buf_c(out, ' ');
    }
}

static void option_words(struct ll_buf *out, int command)
{
    for (size_t i = 0; i < LL_OPT_COUNT; i++) {
        if (ll_options[i].command != command && ll_options[i].command != LL_CMD_global)
            continue;
        ll_option_spell(out, i, false);
        ll_buf_c(out, ' ');
    }
}

/* The words of the first argument that is a closed choice ("bash|zsh"). */
static void argument_words(struct ll_buf *out, const char *args)
{
    struct ll_str rest = ll_str(args), word;

    ll_str_cut(rest, ' ', &word, &rest);
    if (!word.n || !memchr(word.p, '|', word.n))
        return;
    for (size_t i = 0; i < word.n; i++)
        ll_buf_c(out, (char)(word.p[i] == '|' ? ' ' : word.p[i]));
}

static void bash_prefix(struct ll_cli *c, struct ll_str prefix)
{
    ll_buf_printf(&c->out, "    '%.*s') words='", LL_STR_ARG(prefix));
    followers(&c->out, prefix);
    ll_buf_z(&c->out, "' ;;\n");
}

static void bash_commands(struct ll_cli *c)
{
    for (size_t i = 0; i < LL_CMD_COUNT; i++) {
        ll_buf_printf(&c->out, "    '%s'*) options='", ll_commands[i].words);
        option_words(&c->out, (int)i);
        ll_buf_z(&c->out, "' words='");
        argument_words(&c->out, ll_commands[i].args);
        ll_buf_z(&c->out, "' ;;\n");
    }
}

/* The values of options that take one of a few words. */
static void bash_values(struct ll_cli *c)
{
    for (size_t i = 0; i < LL_OPT_COUNT; i++) {
        if (!ll_options[i].arg)
            continue;
        ll_buf_z(&c->out, "    ");
        ll_option_spell(&c->out, i, false);
        ll_buf_z(&c->out, ") values='");
        argument_words(&c->out, ll_options[i].arg);
        ll_buf_z(&c->out, "' ;;\n");
    }
}

void ll_help_bash(struct ll_cli *c)
{
    ll_buf_z(
        &c->out,
        "# bash completion of luling, made by `luling completion bash`\n"
        "_luling() {\n"
        "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} typed= words= options= values= i\n"
        "    COMPREPLY=()\n"
        "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
        "        case ${COMP_WORDS[i]} in -*) ;; *) typed=${typed:+$typed }${COMP_WORDS[i]} ;; esac\n"
        "    done\n"
        "    case $prev in\n");
    bash_values(c);
    ll_buf_z(&c->out,
             "    *) prev= ;;\n"
             "    esac\n"
             "    if [ -n \"$prev\" ]; then\n"
             "        if [ -n \"$values\" ]; then COMPREPLY=($(compgen -W \"$values\" -- \"$cur\"))\n"
             "        else COMPREPLY=($(compgen -f -- \"$cur\")); fi\n"
             "        return\n"
             "    fi\n"
             "    case $typed in\n");
    bash_commands(c);
    ll_buf_z(&c->out, "    esac\n    case $typed in\n");
    each_prefix(c, bash_prefix);
    ll_buf_z(&c->out, "    esac\n"
                      "    case $cur in\n"
                      "    -*) COMPREPLY=($(compgen -W \"${options:-");
    option_words(&c->out, LL_CMD_global);
    ll_buf_z(&c->out, "}\" -- \"$cur\")) ;;\n"
                      "    *) COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
                      "       [ -n \"$words\" ] || COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n"
                      "    esac\n"
                      "}\n"
                      "complete -o filenames -F _luling luling\n");
}

/* zsh runs bash completion functions itself. */
void ll_help_zsh(struct ll_cli *c)
{
    ll_buf_z(&c->out, "#compdef luling\nautoload -U +X bashcompinit && bashcompinit\n");
    ll_help_bash(c);
}
