/* command.c - see command.h: the tables as arrays, and look-up in them. */
#include "cli/command.h"

#include <string.h>

const struct ll_command ll_commands[LL_CMD_COUNT] = {
#define X(id, words, args, flags, zh, en, details_zh, details_en)                                            \
    {words, args, LL_CMD_##flags, zh, en, details_zh, details_en, ll_cmd_##id},
    LL_COMMANDS(X)
#undef X
};

const struct ll_option ll_options[LL_OPT_COUNT] = {
#define X(cmd, opt, letter, arg, zh, en) {LL_CMD_##cmd, #opt, letter, arg, zh, en},
    LL_OPTIONS(X)
#undef X
};

int ll_command_id(const struct ll_command *cmd)
{
    return (int)(cmd - ll_commands);
}

bool ll_option_of(size_t i, const struct ll_command *cmd)
{
    return cmd && ll_options[i].command == ll_command_id(cmd);
}

void ll_option_spell(struct ll_buf *out, size_t i, bool with_letter)
{
    const struct ll_option *o = &ll_options[i];

    if (with_letter && o->letter)
        ll_buf_printf(out, "-%c, ", o->letter);
    ll_buf_z(out, "--");
    for (const char *p = o->name; *p; p++)
        ll_buf_c(out, (char)(*p == '_' ? '-' : *p));
}

/* How many of argv's first words are `words`' words: all of them is a match, some a family. */
static size_t words_met(const char *words, const char *const *argv, size_t n, bool *all)
{
    struct ll_str rest = ll_str(words), word;
    size_t met = 0;

    while (rest.n) {
        ll_str_cut(rest, ' ', &word, &rest);
        if (met >= n || !ll_str_is(word, argv[met])) {
            *all = false;
            return met;
        }
        met++;
    }
    *all = true;
    return met;
}

const struct ll_command *ll_command_find(const char *const *argv, size_t n, size_t *n_words, bool *family)
{
    const struct ll_command *best = NULL;

    *n_words = 0;
    *family = false;
    for (size_t i = 0; i < LL_CMD_COUNT; i++) {
        bool all;
        size_t met = words_met(ll_commands[i].words, argv, n, &all);
        *family |= met > 0 && !all;
        if (all && met > *n_words) {
            best = &ll_commands[i];
            *n_words = met;
        }
    }
    return best;
}

/* Levenshtein distance of words shorter than 32 bytes; longer ones are never near. */
static size_t distance(const char *a, const char *b)
{
    size_t na = strlen(a), nb = strlen(b), row[32];

    if (na >= LL_COUNT(row) || nb >= LL_COUNT(row))
        return LL_COUNT(row);
    for (size_t j = 0; j <= nb; j++)
        row[j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t above = row[j], best = diagonal + (a[i - 1] != b[j - 1]);
            if (above + 1 < best)
                best = above + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            diagonal = above;
            row[j] = best;
        }
    }
    return row[nb];
}

const char *ll_command_near(const char *typed)
{
    const char *best = NULL;
    size_t least = strlen(typed) / 3 + 2; /* one slip in a short word, more in a long one */

    for (size_t i = 0; i < LL_CMD_COUNT; i++) {
        size_t d = distance(typed, ll_commands[i].words);
        if (d < least) {
            least = d;
            best = ll_commands[i].words;
        }
    }
    return best;
}
