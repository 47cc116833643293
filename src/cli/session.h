/* session.h - what a command that works on the data folder needs, opened and closed in one place. */
#ifndef LL_CLI_SESSION_H
#define LL_CLI_SESSION_H

#include "cli/command.h"
#include "intake/job.h"

/* Opens the data folder of the settings.  Close with ll_data_close.  LL_NOTFOUND when there is none, unless the command is one
 * that makes it (flag MAKES). */
int ll_session_open(struct ll_cli *c, struct ll_data **ret, struct ll_err *err) LL_MUST;

bool ll_session_there(const struct ll_cli *c); /* is there a data folder? */

/* A data folder for the length of one command, where there is none and none is to be left behind. */
struct ll_scratch {
    char dir[LL_PATH];
    struct ll_settings set;
    struct ll_data *data;
};
int ll_scratch_open(const struct ll_cli *c, struct ll_scratch *ret, struct ll_err *err) LL_MUST;
void ll_scratch_close(struct ll_scratch *s);

/* The current version of a resource, or LL_NOTFOUND that says where to look. */
int ll_session_resource(const struct ll_catalog *catalog, const char *name, const struct ll_resource **ret,
                        struct ll_err *err) LL_MUST;

/* Options of a job that draws its progress (progress.h); `drawing` must live until ll_job_drawn. */
struct ll_progress;
struct ll_drawing {
    struct ll_progress *progress;
    const char *stage;
};
struct ll_job_opts ll_job_drawing(struct ll_cli *c, struct ll_drawing *drawing);
void ll_job_drawn(struct ll_drawing *drawing);

/* Titles of states, stages and modes in the language of output. */
const char *ll_word_title(enum ll_lang lang, const char *word);

#endif
