/* bundle_run.c - issues the reports of a bundle, a slice at a time, by as many threads as a job may have (bundle.h). */
#include "apps/credit/bundle_impl.h"

#include "base/clock.h"
#include "base/log.h"
#include "crypto/random.h"
#include "intake/sealed.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { HANDFUL = 16, SLICE = 256, WORKERS_MAX = 64, WAIT_MS = 5000 };
static const int64_t HOUR_MS = 3600000;

/* One bundle while its slice is made. */
struct slice {
    const struct ll_bundling *b;
    struct ll_arena *arena;
    struct ll_bundle row;
    struct ll_actor actor;
    unsigned char addr[16];
    bool has_addr;
    struct ll_catalog *cat;
    struct ll_service reads;
    const char *asked_by;
    struct ll_buf text;
    struct ll_bundle_row *rows; /* the list */
    size_t *todo;               /* places in it, from 0 */
    size_t n, next;             /* of todo, under lock */
    bool last;                  /* nothing is left after these */
    pthread_mutex_t lock;
    struct ll_err failed; /* rc < 0: why it cannot go on */
};

/* One row while its handful is made. */
struct made {
    size_t place;
    struct ll_issue issue;
    bool issued;
    const char *condition;
    struct ll_err why; /* not issued */
};

/* --- what it is about ----------------------------------------------------------------------------------------------------- */

/* Who asked, as they may act now. */
static int learn_actor(struct slice *s, struct ll_err *err)
{
    s->actor = (struct ll_actor){.account = s->row.account,
                                 .client = s->row.client,
                                 .organisation = s->row.organisation,
                                 .roles = LL_DUTY_CONSUMER_STEWARD};
    s->has_addr = s->row.remote && ll_address_parse(ll_str(s->row.remote), s->addr);
    return s->row.client ? ll_access_client(s->b->access, s->row.client, s->arena, &s->actor, err) : LL_OK;
}

static int read_list(struct slice *s, struct ll_err *err)
{
    char path[LL_PATH];
    int rc = ll_bundle_path(s->b->d, s->row.id, "list", path, err);

    if (rc < 0 || (rc = ll_sealed_read(s->b->d, LL_BUNDLE_SEALED_AS, path, &s->text, err)) < 0)
        return rc;
    if (!(s->rows = ll_arena_array(s->arena, (size_t)s->row.subjects + 1, sizeof *s->rows)))
        return ll_no_memory(err);
    ll_bundle_rows(ll_buf_view(&s->text), s->rows, (size_t)s->row.subjects);
    return LL_OK;
}

/* What is not done yet: of it a slice. */
static int find_todo(struct slice *s, struct ll_err *err)
{
    size_t all = (size_t)s->row.subjects;
    bool *done = ll_arena_array(s->arena, all + 1, sizeof *done);
    struct ll_stmt *q = NULL;
    struct ll_txn *tx = NULL;
    int rc;

    s->todo = ll_arena_array(s->arena, SLICE, sizeof *s->todo);
    if (!done || !s->todo)
        return ll_no_memory(err);
    if ((rc = ll_txn_begin(ll_data_store(s->b->d), false, &tx, err)) == LL_OK &&
        (rc = ll_sql(tx, "SELECT row FROM report_bundle_row WHERE bundle = $1", &q, err)) == LL_OK) {
        ll_bind_z(q, 1, s->row.id);
        while ((rc = ll_step(q, err)) > 0)
            if (ll_col_int(q, 0) >= 1 && ll_col_int(q, 0) <= (int64_t)all)
                done[ll_col_int(q, 0) - 1] = true;
    }
    ll_stmt_done(q);
    ll_txn_end(tx);
    s->last = true;
    for (size_t i = 0; rc == LL_OK && i < all && s->last; i++) {
        if (done[i])
            continue;
        if (s->n < SLICE)
            s->todo[s->n++] = i;
        else
            s->last = false;
    }
    return rc;
}

static int open_slice(struct slice *s, const char *id, struct ll_err *err)
{
    const struct ll_organisation *o;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(s->b->d), false, &tx, err);

    if (rc == LL_OK)
        rc = ll_bundle_get(tx, id, s->arena, &s->row, err);
    ll_txn_end(tx);
    if (rc < 0 || (rc = learn_actor(s, err)) < 0 ||
        (rc = ll_catalog_live_get(s->b->catalog, false, &s->cat, err)) < 0)
        return rc;
    o = ll_catalog_organisation(s->cat, ll_str(s->row.organisation));
    s->asked_by = o ? o->name : s->row.organisation;
    const struct ll_credit credit = {.store = ll_data_store(s->b->d), .cat = s->cat};
    if ((rc = ll_credit_reads(&credit, s->arena, &s->reads, err)) < 0 || (rc = read_list(s, err)) < 0)
        return rc;
    return find_todo(s, err);
}

/* --- one subject ------------------------------------------------------------------------------------------------------------ */

static bool shows(void *ctx, struct ll_str resource, struct ll_str item)
{
    return ll_serving_shows(ctx, resource, item);
}

/* What is wrong with a subject, or with what the consumer may of it, is the row's; what is wrong with the machine ends the slice. */
static bool of_the_row(int rc)
{
    return rc == LL_DENIED || rc == LL_INVALID || rc == LL_USAGE || rc == LL_NOTFOUND || rc == LL_CONFLICT ||
           rc == LL_TOOMANY || rc == LL_TOOBIG;
}

static int write_report(struct slice *s, struct ll_serving *sv, const struct ll_bundle_row *of,
                        struct ll_arena *arena, struct ll_issue *ret, struct ll_err *err)
{
    const struct ll_credit credit = {s->b->issuer, ll_data_store(s->b->d), s->b->tables,
                                     s->cat,       s->b->origin,           ll_gateway_marks(s->b->g)};
    struct ll_buf grants = LL_BUF_INIT(1 << 16);
    const char *purpose = NULL;
    const char *subject = ll_arena_dup(arena, of->subject);
    int rc;

    ll_serving_grants(sv, &grants, &purpose);
    struct ll_credit_ask ask = {.who = {subject, of->subject.n},
                                .purpose = s->row.purpose ? s->row.purpose : purpose,
                                .actor = &s->actor,
                                .asked_by = s->asked_by,
                                .format = strcmp(s->row.format, "html") == 0 ? LL_ISSUE_HTML : LL_ISSUE_PDF,
                                .lang = strcmp(s->row.lang, "en") == 0 ? LL_EN : LL_ZH,
                                .at = ll_now_ms(),
                                .shows = shows,
                                .shows_ctx = sv,
                                .grants = grants.failed ? NULL : ll_arena_dup(arena, ll_buf_view(&grants))};
    rc = subject && ask.grants ? ll_credit_make(&credit, &ask, arena, ret, err) : ll_no_memory(err);
    ll_buf_free(&grants);
    return rc;
}

/* What is said of a row where the gateway has not said it: without the identifier, since it stays in the control database. */
static void tell_row(int rc, struct ll_err *why)
{
    static const struct {
        int rc;
        const char *zh, *en;
    } texts[] = {{LL_NOTFOUND, "没有关于该主体的记录", "nothing is recorded about this subject"},
                 {LL_INVALID, "不是可以查询的主体标识（统一社会信用代码、公民身份号码等）",
                  "no identifier that can be asked for (credit code, resident number ...)"},
                 {LL_USAGE, "不是可以查询的主体标识（统一社会信用代码、公民身份号码等）",
                  "no identifier that can be asked for (credit code, resident number ...)"},
                 {LL_CONFLICT, "有几个主体对应这一标识", "several subjects have this identifier"}};

    for (size_t i = 0; i < LL_COUNT(texts); i++)
        if (texts[i].rc == rc) {
            (void)ll_fail(why, texts[i].rc, "%s%.0s", "%.0s%s", texts[i].zh, texts[i].en);
            return;
        }
}

/* A rate of calls that is reached is waited for; a quota is not. */
static bool wait_for_turn(struct slice *s, const struct ll_serving *sv, int rc)
{
    uint64_t ms = rc == LL_TOOMANY && sv ? ll_serving_wait_ms(sv) : 0;

    if (!ms || ms > WAIT_MS || s->b->stop(s->b->ctx))
        return false;
    nanosleep(&(struct timespec){(time_t)(ms / 1000), (long)(ms % 1000) * 1000000}, NULL);
    return true;
}

static int open_call(struct slice *s, const struct ll_serving_call *call, struct ll_arena *arena,
                     struct ll_serving **ret, struct ll_err *err)
{
    int rc;

    while ((rc = ll_serving_open_granted(s->b->g, call, &s->reads, arena, ret, err)) < 0 &&
           wait_for_turn(s, *ret, rc)) {
        ll_serving_close(*ret);
        *ret = NULL;
    }
    return rc;
}

/* Looks and consents are counted when this returns; their entries are in `due`. */
static int ask_one(struct slice *s, struct made *m, struct ll_serving_due *due, struct ll_arena *arena,
                   struct ll_err *err)
{
    const struct ll_serving_call call = {.actor = &s->actor,
                                         .purpose = ll_str(s->row.purpose),
                                         .officer = ll_str(s->row.officer),
                                         .addr = s->has_addr ? s->addr : NULL,
                                         .was_signed = true};
    const struct ll_bundle_row *of = &s->rows[m->place];
    struct ll_serving *sv = NULL;
    int rc = open_call(s, &call, arena, &sv, &m->why);

    if (rc == LL_OK)
        rc = ll_serving_look(sv, of->subject, &m->why);
    if (sv && ll_serving_condition(sv))
        m->condition = ll_arena_dup(arena, ll_str(ll_serving_condition(sv)));
    if (sv && (rc == LL_OK || m->condition)) {
        int entered = ll_serving_add_due(sv, due, err);
        if (entered < 0) {
            ll_serving_close(sv);
            return entered;
        }
    }
    if (rc == LL_OK)
        rc = write_report(s, sv, of, arena, &m->issue, &m->why);
    ll_serving_close(sv);
    m->issued = rc == LL_OK;
    if (!m->issued && !m->condition)
        tell_row(rc, &m->why);
    if (m->issued || of_the_row(rc))
        return LL_OK;
    *err = m->why;
    return rc;
}

/* --- a handful -------------------------------------------------------------------------------------------------------------- */

static int write_part(struct slice *s, const struct made *list, size_t n, struct ll_err *err)
{
    struct ll_sealed *file = NULL;
    char path[LL_PATH], name[32];
    int rc;

    snprintf(name, sizeof name, "part-%zu", list[0].place + 1);
    if ((rc = ll_bundle_path(s->b->d, s->row.id, name, path, err)) < 0 ||
        (rc = ll_sealed_create(s->b->d, LL_BUNDLE_SEALED_AS, path, &file, err)) < 0)
        return rc;
    for (size_t i = 0; i < n && rc == LL_OK; i++)
        if (list[i].issued)
            rc = ll_sealed_put(file, list[i].issue.body.p, list[i].issue.body.n, err);
    if (rc == LL_OK)
        rc = ll_sealed_finish(file, NULL, NULL, err);
    ll_sealed_close(file);
    return rc;
}

static int keep_row(struct slice *s, struct ll_txn *tx, const struct made *m, size_t part, struct ll_err *err)
{
    int64_t row = (int64_t)m->place + 1;

    return m->issued
               ? ll_exec(
                     tx, err,
                     "INSERT INTO report_bundle_row (bundle, row, report, entry, part, bytes) VALUES ($1, $2, $3, $4, $5, $6)",
                     "zizi"
                     "ii",
                     s->row.id, row, m->issue.number, (int64_t)m->issue.entry, (int64_t)part,
                     (int64_t)m->issue.body.n)
               : ll_exec(
                     tx, err,
                     "INSERT INTO report_bundle_row (bundle, row, condition, error_zh, error_en) VALUES ($1, $2, $3, $4, $5)",
                     "zizzz", s->row.id, row, m->condition, ll_err_text(&m->why, LL_ZH),
                     ll_err_text(&m->why, LL_EN));
}

/* LL_CONFLICT: it was cancelled meanwhile. */
static int keep_rows(struct slice *s, const struct made *list, size_t n, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int64_t issued = 0;
    int rc = ll_txn_begin(ll_data_store(s->b->d), true, &tx, err);

    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        rc = keep_row(s, tx, &list[i], list[0].place + 1, err);
        issued += list[i].issued;
    }
    if (rc == LL_OK)
        rc = ll_exec(
            tx, err,
            "UPDATE report_bundle SET state = 'running', issued = issued + $2, refused = refused + $3, attempts = 0,"
            " changed_at = $4 WHERE id = $1 AND state IN ('queued', 'running')",
            "ziii", s->row.id, issued, (int64_t)n - issued, ll_now_ms());
    if (rc == LL_OK && ll_txn_changes(tx) != 1)
        rc = ll_fail(err, LL_CONFLICT, "已被取消", "it was cancelled");
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

static int issue_handful(struct slice *s, struct made *list, size_t n, struct ll_err *err)
{
    struct ll_issue issues[HANDFUL];
    size_t made = 0;
    int rc;

    for (size_t i = 0; i < n; i++)
        if (list[i].issued)
            issues[made++] = list[i].issue;
    rc = ll_issue_all(s->b->issuer, issues, made, err);
    made = 0;
    for (size_t i = 0; i < n; i++) /* bodies were exchanged for what is handed out */
        if (list[i].issued)
            list[i].issue = issues[made++];
    if (rc == LL_OK && made)
        rc = write_part(s, list, n, err);
    return rc < 0 ? rc : keep_rows(s, list, n, err);
}

static int handful(struct slice *s, struct ll_arena *arena, size_t from, size_t n, struct ll_err *err)
{
    struct made *list = ll_arena_array(arena, HANDFUL, sizeof *list);
    struct ll_serving_due due = {.n = 0};
    struct ll_err ignored;
    int rc = list ? LL_OK : ll_no_memory(err);

    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        list[i].place = s->todo[from + i];
        rc = ask_one(s, &list[i], &due, arena, err);
    }
    /* What was looked at stands in the journal, whatever came after. */
    int written = ll_serving_write_due(s->b->g, &due, rc < 0 ? &ignored : err);
    if (rc == LL_OK && (rc = written) == LL_OK)
        rc = issue_handful(s, list, n, err);
    ll_serving_free_due(&due);
    for (size_t i = 0; list && i < n; i++)
        ll_buf_free(&list[i].issue.body);
    return rc;
}

/* --- threads ---------------------------------------------------------------------------------------------------------------- */

static size_t take(struct slice *s, size_t *from)
{
    size_t n;

    pthread_mutex_lock(&s->lock);
    n = s->failed.rc < 0 || s->b->stop(s->b->ctx) ? 0 : s->n - s->next < HANDFUL ? s->n - s->next : HANDFUL;
    *from = s->next;
    s->next += n;
    pthread_mutex_unlock(&s->lock);
    return n;
}

static void note_failure(struct slice *s, const struct ll_err *err)
{
    pthread_mutex_lock(&s->lock);
    if (s->failed.rc == LL_OK)
        s->failed = *err;
    pthread_mutex_unlock(&s->lock);
}

static void *work(void *arg)
{
    struct slice *s = arg;
    struct ll_arena *arena = ll_arena_new(0);
    size_t from, n;
    struct ll_err err;

    if (!arena) {
        ll_no_memory(&err);
        note_failure(s, &err);
        return NULL;
    }
    while ((n = take(s, &from)) > 0) {
        if (handful(s, arena, from, n, &err) < 0)
            note_failure(s, &err);
        ll_arena_reset(arena);
    }
    ll_arena_free(arena);
    return NULL;
}

static int run_workers(struct slice *s, struct ll_err *err)
{
    size_t want = ll_data_threads(s->b->d), n = 0;
    pthread_t threads[WORKERS_MAX];

    for (want = want < WORKERS_MAX ? want : WORKERS_MAX; n + 1 < want && (n + 1) * HANDFUL < s->n; n++)
        if (pthread_create(&threads[n], NULL, work, s) != 0)
            break;
    work(s); /* this thread is one of them */
    while (n-- > 0)
        pthread_join(threads[n], NULL);
    if (s->failed.rc < 0)
        *err = s->failed;
    return s->failed.rc;
}

/* --- a slice ---------------------------------------------------------------------------------------------------------------- */

/* Whose turn it is: whoever was served longest ago.  It goes to the end of the row at once. */
static int next(struct ll_store *st, char id[LL_BUNDLE_ID], struct ll_err *err)
{
    struct ll_stmt *q = NULL;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    id[0] = 0;
    if (rc == LL_OK &&
        (rc = ll_sql(tx,
                     "SELECT id FROM report_bundle WHERE state IN ('queued', 'running')"
                     " ORDER BY served_at, created_at LIMIT 1",
                     &q, err)) == LL_OK &&
        (rc = ll_step(q, err)) > 0)
        snprintf(id, LL_BUNDLE_ID, LL_STR_FMT, LL_STR_ARG(ll_col_text(q, 0)));
    ll_stmt_done(q);
    if (rc > 0 &&
        (rc = ll_exec(tx, err,
                      "UPDATE report_bundle SET served_at = $2, attempts = attempts + 1 WHERE id = $1", "zi",
                      id, ll_now_ms())) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc < 0 ? rc : id[0] != 0;
}

static int finish(struct slice *s, struct ll_err *err)
{
    int64_t now = ll_now_ms(), bytes = 0;
    char sha256[LL_SHA256_HEX];
    struct ll_txn *tx = NULL;
    int rc = ll_bundle_zip(s->b->d, &s->row, s->rows, sha256, &bytes, err);

    if (rc == LL_OK && (rc = ll_txn_begin(ll_data_store(s->b->d), true, &tx, err)) == LL_OK)
        rc = ll_exec(
            tx, err,
            "UPDATE report_bundle SET state = 'ready', bytes = $2, sha256 = $3, changed_at = $4,"
            " expires_at = coalesce(expires_at, $5), attempts = 0 WHERE id = $1 AND state IN ('queued', 'running')",
            "zizii", s->row.id, bytes, sha256, now,
            now + (int64_t)ll_data_settings(s->b->d)->export_keep_h * HOUR_MS);
    if (rc == LL_OK && ll_txn_changes(tx) != 1)
        rc = ll_fail(err, LL_CONFLICT, "已被取消", "it was cancelled");
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* What may pass is tried again when its turn comes; after LL_BUNDLE_ATTEMPTS without a row more it is given up. */
static int settle_failure(struct slice *s, int rc, const struct ll_err *why, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    bool passing = rc == LL_BUSY || rc == LL_IO || rc == LL_NOMEM;

    if (rc == LL_CONFLICT || (passing && s->row.attempts < LL_BUNDLE_ATTEMPTS))
        return LL_OK;
    if ((rc = ll_txn_begin(ll_data_store(s->b->d), true, &tx, err)) == LL_OK &&
        (rc = ll_exec(
             tx, err,
             "UPDATE report_bundle SET state = 'failed', error_zh = $2, error_en = $3, changed_at = $4 WHERE id = $1"
             " AND state IN ('queued', 'running')",
             "zzzi", s->row.id, ll_err_text(why, LL_ZH), ll_err_text(why, LL_EN), ll_now_ms())) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

static int make_slice(struct slice *s, const char *id, struct ll_err *err)
{
    int rc = open_slice(s, id, err);

    if (rc < 0 || (s->n && (rc = run_workers(s, err)) < 0))
        return rc;
    return s->last && s->next == s->n ? finish(s, err) : LL_OK;
}

int ll_bundle_round(const struct ll_bundling *b, struct ll_err *err)
{
    struct slice s = {.b = b,
                      .text = LL_BUF_INIT(LL_BUNDLE_LIST_BYTES + LL_FRAME),
                      .lock = PTHREAD_MUTEX_INITIALIZER,
                      .arena = ll_arena_new(0)};
    char id[LL_BUNDLE_ID];
    struct ll_err why;
    int rc = s.arena ? next(ll_data_store(b->d), id, err) : ll_no_memory(err);

    if (rc > 0 && (rc = make_slice(&s, id, &why)) < 0) {
        ll_log(rc == LL_CONFLICT ? LL_INFO : LL_WARN, "bundle", "%s: %s", id, why.en);
        rc = s.row.id ? settle_failure(&s, rc, &why, err) : rc;
        if (!s.row.id)
            *err = why;
    } else if (rc == LL_OK && id[0])
        rc = 1;
    ll_buf_wipe(&s.text);
    ll_catalog_unref(s.cat);
    ll_arena_free(s.arena);
    return rc;
}
