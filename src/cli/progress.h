/* progress.h - tells how far a job is: on a terminal one line that is redrawn with rate and time left, otherwise one line a stage.
 *
 * Goes to standard error, so that data on standard output stay data.  Calls may come from any thread, as often as the job likes:
 * drawing is limited to a few times a second.
 *
 *   struct ll_progress *p = ll_progress_new(c);
 *   ll_progress_stage(p, "解码、校验", "decode and check", "行", "rows");
 *   ll_progress_at(p, rows, bytes_read, bytes_in_all);     for each piece of work
 *   ll_progress_stage(p, "发布", "publish", "行", "rows");      ends the stage before
 *   ll_progress_end(p);                                    ends the last; frees */
#ifndef LL_CLI_PROGRESS_H
#define LL_CLI_PROGRESS_H

#include "cli/command.h"

struct ll_progress;

/* NULL when memory is out or with --json: every call takes NULL and does nothing. */
struct ll_progress *ll_progress_new(const struct ll_cli *c);
/* The texts are borrowed until the next stage or the end. */
void ll_progress_stage(struct ll_progress *p, const char *zh, const char *en, const char *unit_zh,
                       const char *unit_en);
/* count: rows so far in this stage; done of total, in whatever measure tells the share (bytes, rows); total 0: not known. */
void ll_progress_at(struct ll_progress *p, uint64_t count, uint64_t done, uint64_t total);
void ll_progress_end(struct ll_progress *p);

/* The line itself: "解码、校验  1,234,567 行  850,000 行/秒  63%  剩余 0:12"; elapsed in microseconds; `last` for the end of a stage. */
struct ll_progress_state {
    const char *stage, *unit;
    uint64_t count, done, total, elapsed_us;
    bool last;
    enum ll_lang lang;
};
void ll_progress_line(struct ll_buf *out, const struct ll_progress_state *s);

#endif
