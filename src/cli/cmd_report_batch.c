/* cmd_report_batch.c - report batch: a list of subjects in, a file for each out, and index.csv that says which is whose.  Workers take a handful
 * of subjects at a time, so that the journal and the store are waited for once a handful; what cannot be made is told and the rest goes on.
 *
 * A line of the index is written when the files of its handful are there.  Whoever starts again with the same folder makes only what the index
 * lacks: of a run that was killed at most a handful a worker is issued a second time. */
#include "cli/cmd_actor.h"
#include "cli/cmd_report.h"
#include "cli/progress.h"

#include "base/clock.h"
#include "base/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LIST_MAX = 64 << 20, INDEX_MAX = 256 << 20, SUBJECTS_MAX = 1000000, WORKERS_MAX = 64, HANDFUL = 16 };

struct batch {
    struct ll_cli *c;
    struct ll_reporting k;
    struct ll_actor actor;
    struct ll_credit_ask ask;
    const char *out;
    struct ll_str *subjects;
    size_t n, next, made, there; /* there: made by an earlier run */
    int index;                   /* the file; -1: not open */
    struct ll_buf before;        /* what it had */
    struct ll_grid *failures;
    struct ll_progress *progress;
    pthread_mutex_t lock;
    struct ll_err stop; /* rc < 0: why it cannot go on */
};

static size_t take(struct batch *b, size_t *from)
{
    size_t n;

    pthread_mutex_lock(&b->lock);
    n = b->stop.rc < 0 ? 0 : b->n - b->next < HANDFUL ? b->n - b->next : HANDFUL;
    *from = b->next;
    b->next += n;
    pthread_mutex_unlock(&b->lock);
    return n;
}

static void failed(struct batch *b, struct ll_str who, const struct ll_err *err)
{
    pthread_mutex_lock(&b->lock);
    ll_grid_str(b->failures, who);
    ll_grid_z(b->failures, ll_err_text(err, b->c->lang));
    pthread_mutex_unlock(&b->lock);
}

static void stop(struct batch *b, const struct ll_err *err)
{
    pthread_mutex_lock(&b->lock);
    if (b->stop.rc == LL_OK)
        b->stop = *err;
    pthread_mutex_unlock(&b->lock);
}

/* --- the index ------------------------------------------------------------------------------------------------------------- */

static int index_failed(const struct batch *b, const char *what, struct ll_err *err)
{
    return ll_fail(err, LL_IO, "%s/index.csv：%s", "%s/index.csv: %s", b->out, what);
}

static void put_line(struct ll_buf *out, struct ll_str who, const struct ll_issue *x, const char *ending)
{
    char file[64], entry[24];

    snprintf(file, sizeof file, "%s.%s", x->number, ending);
    snprintf(entry, sizeof entry, "%llu", (unsigned long long)x->entry);
    const struct ll_str cells[] = {who, ll_str(x->number), ll_str(x->code), ll_str(file), ll_str(entry)};
    ll_buf_csv_row(out, cells, LL_COUNT(cells));
}

static int write_index(struct batch *b, struct ll_str text, struct ll_err *err)
{
    ssize_t n = write(b->index, text.p, text.n);

    if (n != (ssize_t)text.n || fdatasync(b->index) != 0)
        return index_failed(b, n >= 0 && n < (ssize_t)text.n ? "disk full" : strerror(errno), err);
    return LL_OK;
}

static int compare(const void *a, const void *b)
{
    return ll_str_cmp(*(const struct ll_str *)a, *(const struct ll_str *)b);
}

/* Takes the subjects off the list that the index has. */
static int leave_out(struct batch *b, struct ll_str text, struct ll_err *err)
{
    struct ll_str *done = calloc(text.n / 2 + 1, sizeof *done);
    struct ll_csv_record row = {0};
    struct ll_csv csv = {0};
    size_t n = 0, left = 0;
    int more;

    if (!done)
        return ll_no_memory(err);
    ll_csv_init(&csv, text.p, text.n, (struct ll_csv_dialect){',', '"'}, true);
    while ((more = ll_csv_next(&csv, &row)) > 0) {
        if (row.n && !(done[n].p = strndup(row.cells[0].p, row.cells[0].n)))
            break; /* more stays above 0 */
        if (row.n)
            done[n++].n = row.cells[0].n;
    }
    qsort(done, n, sizeof *done, compare);
    for (size_t i = 0; more == 0 && i < b->n; i++)
        if (!bsearch(&b->subjects[i], done, n, sizeof *done, compare))
            b->subjects[left++] = b->subjects[i];
    for (size_t i = 0; i < n; i++)
        free((char *)done[i].p);
    free(done);
    ll_csv_record_free(&row);
    ll_csv_free(&csv);
    if (more != 0)
        return ll_no_memory(err);
    b->there = b->n - left;
    b->n = left;
    return LL_OK;
}

/* A line that was cut off by a crash is taken back. */
static int open_index(struct batch *b, struct ll_err *err)
{
    static const char head[] = "subject,number,code,file,entry\r\n";
    char path[LL_PATH];
    int rc = ll_path(path, err, "%s/index.csv", b->out);

    if (rc < 0)
        return rc;
    if ((b->index = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) < 0)
        return index_failed(b, strerror(errno), err);
    if ((rc = ll_fs_read(path, INDEX_MAX, &b->before, err)) < 0)
        return rc;
    while (b->before.n && b->before.p[b->before.n - 1] != '\n')
        b->before.n--;
    if (ftruncate(b->index, (off_t)b->before.n) != 0)
        return index_failed(b, strerror(errno), err);
    return b->before.n ? leave_out(b, ll_buf_view(&b->before), err) : write_index(b, LL_STR(head), err);
}

/* --- reports --------------------------------------------------------------------------------------------------------------- */

static int write_files(struct batch *b, const struct ll_issue *list, const struct ll_str *who, size_t n,
                       struct ll_err *err)
{
    const char *ending = b->ask.format == LL_ISSUE_PDF ? "pdf" : "html";
    struct ll_buf lines = LL_BUF_INIT(1 << 20);
    char path[LL_PATH];
    int rc = LL_OK;

    for (size_t i = 0; i < n && rc == LL_OK; put_line(&lines, who[i], &list[i], ending), i++)
        if ((rc = ll_path(path, err, "%s/%s.%s", b->out, list[i].number, ending)) == LL_OK)
            rc = ll_fs_write_secret(path, ll_buf_view(&list[i].body), err);
    if (rc == LL_OK && lines.failed)
        rc = ll_no_memory(err);
    pthread_mutex_lock(&b->lock);
    if (rc == LL_OK && n)
        rc = write_index(b, ll_buf_view(&lines), err);
    b->made += rc == LL_OK ? n : 0;
    ll_progress_at(b->progress, b->made, b->made, b->n);
    pthread_mutex_unlock(&b->lock);
    ll_buf_free(&lines);
    return rc;
}

static void handful(struct batch *b, struct ll_arena *arena, size_t from, size_t n)
{
    struct ll_issue list[HANDFUL];
    struct ll_str who[HANDFUL];
    size_t made = 0;
    struct ll_err err;

    for (size_t i = 0; i < n; i++) {
        struct ll_credit_ask ask = b->ask;
        ask.who = b->subjects[from + i];
        ask.at = ll_now_ms();
        int rc = ll_credit_make(&b->k.credit, &ask, arena, &list[made], &err);
        if (rc == LL_OK)
            who[made++] = ask.who;
        else
            failed(b, ask.who, &err);
    }
    if (ll_issue_all(b->k.credit.issuer, list, made, &err) < 0 || write_files(b, list, who, made, &err) < 0)
        stop(b, &err);
    for (size_t i = 0; i < made; i++)
        ll_buf_free(&list[i].body);
}

static void *work(void *arg)
{
    struct batch *b = arg;
    struct ll_arena *arena = ll_arena_new(0);
    size_t from, n;
    struct ll_err err;

    if (!arena) {
        ll_no_memory(&err);
        stop(b, &err);
        return NULL;
    }
    while ((n = take(b, &from)) > 0) {
        handful(b, arena, from, n);
        ll_arena_reset(arena);
    }
    ll_arena_free(arena);
    return NULL;
}

static void run_workers(struct batch *b)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t want = b->c->set->threads ? (size_t)b->c->set->threads : cores > 0 ? (size_t)cores : 1, n = 0;
    pthread_t threads[WORKERS_MAX];

    for (want = want < WORKERS_MAX ? want : WORKERS_MAX; n + 1 < want; n++)
        if (pthread_create(&threads[n], NULL, work, b) != 0)
            break;
    work(b); /* this thread is one of them */
    while (n-- > 0)
        pthread_join(threads[n], NULL);
}

/* One a line; empty lines and what follows a # are left out. */
static int read_list(struct batch *b, const char *path, struct ll_buf *text, struct ll_err *err)
{
    struct ll_str rest, line;
    int rc = ll_fs_read(path, LIST_MAX, text, err);

    if (rc < 0)
        return rc;
    rest = ll_buf_view(text);
    if (!(b->subjects = calloc(rest.n / 2 + 1, sizeof *b->subjects)))
        return ll_no_memory(err);
    while (rest.n && b->n < SUBJECTS_MAX) {
        ll_str_cut(rest, '\n', &line, &rest);
        ll_str_cut(line, '#', &line, &(struct ll_str){0});
        line = ll_str_trim(line);
        if (line.n)
            b->subjects[b->n++] = line;
    }
    return b->n ? LL_OK
                : ll_fail(err, LL_INVALID, "%s 中没有主体（一行一个）", "%s names no subject (one a line)",
                          path);
}

static int run(struct batch *b, struct ll_err *err)
{
    static const struct ll_column columns[] = {{"subject", "主体", "subject", LL_LEFT},
                                               {"problem", "问题", "problem", LL_LEFT}};
    uint64_t from = ll_mono_us();
    int rc = ll_fs_mkdirs(b->out, err);

    if (rc < 0 || (rc = open_index(b, err)) < 0)
        return rc;
    b->failures = ll_grid_new(b->c, columns, LL_COUNT(columns));
    b->progress = ll_progress_new(b->c);
    ll_progress_stage(b->progress, "出具报告", "issue reports", "份", "reports");
    run_workers(b);
    ll_progress_end(b->progress);
    if ((rc = b->stop.rc) < 0)
        *err = b->stop;
    rc = ll_grid_done(b->failures, rc, err);
    double s = (double)(ll_mono_us() - from) / 1e6;
    ll_out_line(b->c, "出具 %zu 份，未出具 %zu 份，每秒 %.1f 份", "%zu issued, %zu not, %.1f a second",
                b->made, b->n - b->made, s > 0 ? (double)b->made / s : 0);
    if (b->there)
        ll_out_line(b->c, "此前已出具 %zu 份，见 index.csv", "%zu were issued before, see index.csv",
                    b->there);
    if (rc == LL_OK && b->made < b->n)
        rc = ll_fail(err, LL_INVALID, "有 %zu 个主体没有出具报告，见上表",
                     "%zu subjects have no report, see above", b->n - b->made);
    return rc;
}

int ll_cmd_report_batch(struct ll_cli *c, struct ll_err *err)
{
    const char *format = c->opts[LL_OPT_report_batch_format];
    struct batch b = {.c = c,
                      .out = c->args[1],
                      .lock = PTHREAD_MUTEX_INITIALIZER,
                      .index = -1,
                      .before = LL_BUF_INIT(INDEX_MAX)};
    struct ll_buf text = LL_BUF_INIT((size_t)LIST_MAX + 65536);
    int rc;

    if (format && strcmp(format, "pdf") != 0 && strcmp(format, "html") != 0)
        return ll_fail(err, LL_USAGE, "--format 为 pdf 或 html", "--format takes pdf or html");
    if ((rc = ll_desk_actor(c, LL_OPT_report_batch_as, &b.actor, err)) == LL_OK &&
        (rc = read_list(&b, c->args[0], &text, err)) == LL_OK &&
        (rc = ll_reporting_open(c, &b.k, err)) == LL_OK) {
        b.ask = (struct ll_credit_ask){.purpose = c->opts[LL_OPT_report_batch_purpose],
                                       .actor = &b.actor,
                                       .asked_by = ll_reporting_by(&b.k, &b.actor),
                                       .format = format && strcmp(format, "html") == 0 ? LL_ISSUE_HTML
                                                                                       : LL_ISSUE_PDF,
                                       .lang = c->lang};
        rc = run(&b, err);
        ll_reporting_close(&b.k);
    }
    if (b.index >= 0)
        close(b.index);
    free(b.subjects);
    ll_buf_free(&b.before);
    ll_buf_free(&text);
    return rc;
}
