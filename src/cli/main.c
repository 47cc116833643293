/* main.c - one command: parse, settle the settings, run, report.
 *
 * Standard output carries data only; an error goes to standard error, in the language of output, or as one JSON object with --json.
 * The exit code is that of the error's row in base/tbl/errors.h. */
#include "base/fs.h"
#include "base/json.h"
#include "base/log.h"
#include "cli/help.h"
#include "cli/out.h"
#include "cli/parse.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUT_MAX = 1 << 30, LANG_AUTO = 0, LANG_EN = 2 };

/* Chinese unless the environment asks for English. */
static enum ll_lang environment_lang(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; i < LL_COUNT(names); i++) {
        const char *value = getenv(names[i]);
        if (value && value[0])
            return strncmp(value, "en", 2) == 0 ? LL_EN : LL_ZH;
    }
    return LL_ZH;
}

/* A mistake in the command line or the settings is still to be told in the language and the form asked for, so these two are looked
 * for first. */
static enum ll_lang early_lang(int argc, char **argv)
{
    const char *value = getenv("LULING_LANG");

    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--lang=", 7) == 0)
            value = argv[i] + 7;
        else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
            value = argv[i + 1];
    }
    if (value && strcmp(value, "en") == 0)
        return LL_EN;
    if (value && strcmp(value, "zh") == 0)
        return LL_ZH;
    return environment_lang();
}

static bool early_json(int argc, char **argv)
{
    bool json = false;

    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        json |= strcmp(argv[i], "--json") == 0 || strcmp(argv[i], "-j") == 0;
    return json;
}

static int read_settings_file(struct ll_config *config, const struct ll_parsed *p, struct ll_err *err)
{
    const char *given = p->opts[LL_OPT_global_config];
    char path[LL_PATH];
    int rc;

    if (given)
        return ll_config_file(config, given, err);
    if (p->command && (p->command->flags & LL_CMD_NODATA))
        return LL_OK;
    if ((rc = ll_path(path, err, "%s/luling.conf", ll_config_values(config)->data_dir)) < 0)
        return rc;
    rc = ll_config_file(config, path, err);
    return rc == LL_NOTFOUND ? LL_OK : rc;
}

static int settle(struct ll_config *config, const struct ll_parsed *p, struct ll_err *err)
{
    static const struct {
        enum ll_option_id option;
        const char *setting;
    } shorthands[] = {{LL_OPT_global_data, "data_dir"}, {LL_OPT_global_lang, "lang"}};
    int rc = ll_config_env(config, err);

    for (size_t i = 0; i < p->n_sets && rc == LL_OK; i++)
        rc = ll_config_assign(config, p->sets[i], err);
    for (size_t i = 0; i < LL_COUNT(shorthands) && rc == LL_OK; i++) {
        const char *value = p->opts[shorthands[i].option];
        if (value)
            rc = ll_config_set(config, ll_str(shorthands[i].setting), ll_str(value), LL_FROM_ARGS, err);
    }
    return rc < 0 ? rc : read_settings_file(config, p, err);
}

static int dispatch(struct ll_cli *c, const struct ll_parsed *p, struct ll_err *err)
{
    if (c->opts[LL_OPT_global_version]) {
        ll_out_line(c, "%s", "%s", LL_VERSION_TEXT);
        return LL_OK;
    }
    if (p->topic) {
        ll_help_family(c, p->topic);
        return LL_OK;
    }
    if (!c->command) {
        ll_help_overview(c);
        return LL_OK;
    }
    if (c->opts[LL_OPT_global_help]) {
        ll_help_command(c, c->command);
        return LL_OK;
    }
    return c->command->run(c, err);
}

static void report(const struct ll_cli *c, const struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(LL_ERR_TEXT * 16);
    struct ll_json j;

    if (c->json) {
        ll_json_init(&j, &text);
        ll_json_obj(&j);
        ll_json_key(&j, "error");
        ll_json_obj(&j);
        ll_json_kz(&j, "code", ll_rc_name((int)err->rc));
        ll_json_kz(&j, "zh", err->zh);
        ll_json_kz(&j, "en", err->en);
        ll_json_end_obj(&j);
        ll_json_end_obj(&j);
    } else {
        ll_buf_printf(&text, "luling: %s", ll_err_text(err, c->lang));
    }
    fprintf(stderr, "%s\n", text.p ? text.p : "");
    ll_buf_free(&text);
}

static int run(struct ll_cli *c, int argc, char **argv, struct ll_err *err)
{
    struct ll_config *config = NULL;
    struct ll_parsed p = {0};
    int rc;

    if ((rc = ll_parse(argc - 1, argv + 1, &p, err)) < 0)
        return rc;
    c->json = p.opts[LL_OPT_global_json] != NULL;
    if ((rc = ll_config_new(&config, err)) < 0 || (rc = settle(config, &p, err)) < 0)
        goto done;
    c->config = config;
    c->set = ll_config_values(config);
    if (c->set->lang != LANG_AUTO)
        c->lang = c->set->lang == LANG_EN ? LL_EN : LL_ZH;
    ll_log_set_level((enum ll_level)c->set->log_level);
    c->command = p.command;
    c->args = p.args;
    c->n_args = p.n_args;
    memcpy(c->opts, p.opts, sizeof c->opts);
    rc = dispatch(c, &p, err);
    /* What was printed before a failure is still shown: a check prints what it found, then fails. */
    struct ll_err flush_err = {0};
    int flushed = ll_out_flush(c, &flush_err);
    if (rc >= 0 && flushed < 0) {
        rc = flushed;
        *err = flush_err;
    }
done:
    ll_config_free(config);
    ll_parsed_free(&p);
    return rc;
}

int main(int argc, char **argv)
{
    struct ll_cli c = {
        .lang = early_lang(argc, argv), .json = early_json(argc, argv), .out = LL_BUF_INIT(OUT_MAX)};
    struct ll_err err = {0};

    signal(SIGXFSZ, SIG_IGN); /* a file over the process's limit is an error of the write as well */
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of the write, told like any other */
    setlocale(LC_CTYPE, "C.UTF-8");
    int rc = run(&c, argc, argv, &err);
    if (rc < 0 && !c.unread)
        report(&c, &err);
    ll_buf_free(&c.out);
    return ll_rc_exit(rc);
}
