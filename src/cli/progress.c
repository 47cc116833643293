/* progress.c - see progress.h. */
#include "cli/progress.h"

#include "base/clock.h"
#include "cli/out.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { REDRAW_US = 200000 };

struct ll_progress {
    pthread_mutex_t lock;
    bool terminal;
    uint64_t began_us, drawn_us;
    struct ll_progress_state now;
};

struct ll_progress *ll_progress_new(const struct ll_cli *c)
{
    struct ll_progress *p = c->json ? NULL : calloc(1, sizeof *p);

    if (!p)
        return NULL;
    pthread_mutex_init(&p->lock, NULL);
    p->terminal = isatty(STDERR_FILENO) == 1;
    p->now.lang = c->lang;
    return p;
}

static void rate(struct ll_buf *out, const struct ll_progress_state *s)
{
    uint64_t us = s->elapsed_us ? s->elapsed_us : 1;

    ll_out_thousands(out, (int64_t)((double)s->count * 1e6 / (double)us));
    ll_buf_printf(out, " %s/%s", s->unit, s->lang == LL_ZH ? "秒" : "s");
}

static void share_and_rest(struct ll_buf *out, const struct ll_progress_state *s)
{
    double share = (double)s->done / (double)s->total;
    uint64_t rest = share > 0 ? (uint64_t)((double)s->elapsed_us * (1 - share) / share / 1e6) : 0;

    ll_buf_printf(out, "  %.0f%%", share * 100);
    if (share >= 0.01) /* before that an estimate is a guess */
        ll_buf_printf(out, "  %s %llu:%02llu", s->lang == LL_ZH ? "剩余" : "left",
                      (unsigned long long)rest / 60, (unsigned long long)rest % 60);
}

void ll_progress_line(struct ll_buf *out, const struct ll_progress_state *s)
{
    ll_buf_printf(out, "%s", s->stage);
    if (s->count) {
        ll_buf_z(out, "  ");
        ll_out_thousands(out, (int64_t)s->count);
        ll_buf_printf(out, " %s  ", s->unit);
        rate(out, s);
    }
    if (s->last)
        ll_buf_printf(out, "  %.1f %s", (double)s->elapsed_us / 1e6, s->lang == LL_ZH ? "秒" : "s");
    else if (s->total && s->done <= s->total)
        share_and_rest(out, s);
}

/* Under the lock. */
static void draw(struct ll_progress *p, bool last)
{
    struct ll_buf line = LL_BUF_INIT(4096);

    p->now.last = last;
    p->now.elapsed_us = ll_mono_us() - p->began_us;
    if (p->terminal)
        ll_buf_z(&line, "\r\033[K");
    ll_progress_line(&line, &p->now);
    if (last)
        ll_buf_c(&line, '\n');
    if (!line.failed)
        fputs(line.p, stderr);
    fflush(stderr);
    ll_buf_free(&line);
}

static void end_stage(struct ll_progress *p)
{
    if (p->now.stage)
        draw(p, true);
    p->now.stage = NULL;
}

void ll_progress_stage(struct ll_progress *p, const char *zh, const char *en, const char *unit_zh,
                       const char *unit_en)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    end_stage(p);
    p->began_us = ll_mono_us();
    p->drawn_us = 0;
    p->now = (struct ll_progress_state){.stage = p->now.lang == LL_ZH ? zh : en,
                                        .unit = p->now.lang == LL_ZH ? unit_zh : unit_en,
                                        .lang = p->now.lang};
    if (p->terminal)
        draw(p, false);
    pthread_mutex_unlock(&p->lock);
}

void ll_progress_at(struct ll_progress *p, uint64_t count, uint64_t done, uint64_t total)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->now.count = count;
    p->now.done = done;
    p->now.total = total;
    uint64_t now = ll_mono_us();
    if (p->terminal && p->now.stage && now - p->drawn_us >= REDRAW_US) {
        p->drawn_us = now;
        draw(p, false);
    }
    pthread_mutex_unlock(&p->lock);
}

void ll_progress_end(struct ll_progress *p)
{
    if (!p)
        return;
    end_stage(p);
    pthread_mutex_destroy(&p->lock);
    free(p);
}
