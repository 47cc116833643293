/* watch_load.c - a file of subjects to be watched: every row is registered or told with its reason (watch.h). */
#include "share/watch_impl.h"

#include "base/clock.h"
#include "base/csv_list.h"
#include "standard/convert.h"

#include <stdlib.h>
#include <string.h>

enum { C_SUBJECT, C_REFERENCE, C_UNTIL, C_COUNT };
static const char *const titles[C_COUNT][3] = {
    [C_SUBJECT] = {"subject", "主体标识", "统一社会信用代码"},
    [C_REFERENCE] = {"reference", "客户编号", "备注编号"},
    [C_UNTIL] = {"until", "到期日", "监测到期日"},
};
/* A day ends in China, wherever the program runs. */
static const int64_t DAY_MS = 86400000, CHINA_MS = INT64_C(8) * 3600000;

/* A row that may be registered. */
struct row {
    char subject[LL_PSEUDONYM_TEXT], canon[LL_ID_MAX];
    enum ll_scheme scheme;
    size_t n;
    const char *reference; /* NULL: none */
    int64_t until, line;
};
/* One that may not. */
struct wrong {
    int64_t line;
    struct ll_err why;
};

struct loading {
    struct ll_watch_env env;
    const struct ll_watch_file *file;
    struct ll_watching *w;
    struct ll_arena *kept; /* of the whole file; env.arena is a transaction's */
    struct row *rows;
    struct wrong *wrong; /* LL_WATCH_ERRORS at most */
    size_t n_rows, room;
    size_t n, received, added, renewed, refused;
};

/* --- transactions ------------------------------------------------------------------------------------------------------- */

static int begin(struct loading *l, struct ll_err *err)
{
    int rc;

    if (!(l->env.arena = ll_arena_new(64 << 20)))
        return ll_no_memory(err);
    if ((rc = ll_txn_begin(l->env.g->o.store, true, &l->env.tx, err)) == LL_OK)
        rc = ll_watch_begin(&l->env, &l->w, err);
    return rc;
}

static void close(struct loading *l)
{
    ll_watch_close(l->w);
    ll_txn_end(l->env.tx);
    ll_arena_free(l->env.arena);
    l->w = NULL;
    l->env.tx = NULL;
    l->env.arena = NULL;
    l->n = 0;
}

static int finish(struct loading *l, struct ll_err *err)
{
    int rc = l->w ? ll_watch_done(l->w, err) : LL_OK;

    if (rc == LL_OK && l->env.tx)
        rc = ll_txn_commit(l->env.tx, err);
    close(l);
    return rc;
}

/* --- rows --------------------------------------------------------------------------------------------------------------- */

static int read_subject(struct ll_str text, char canon[LL_ID_MAX], struct ll_consent_who *ret,
                        struct ll_err *err)
{
    size_t n = 0;

    if (text.n && text.n < LL_ID_MAX && ll_id_detect(text, &ret->scheme, canon, &n) &&
        (ret->scheme == LL_ID_USCC || ret->scheme == LL_ID_RESIDENT_ID)) {
        ret->value = (struct ll_str){canon, n};
        return LL_OK;
    }
    return ll_fail(err, LL_INVALID, "不是有效的统一社会信用代码或公民身份号码",
                   "no valid credit code or resident number");
}

static int read_until(const struct loading *l, struct ll_str text, int64_t *ret, struct ll_err *err)
{
    int32_t day;

    *ret = l->file->until_at;
    if (!text.n)
        return LL_OK;
    if (ll_cv_date(text, &day) != LL_CV_OK)
        return ll_fail(err, LL_INVALID, "到期日“%.*s”不是日期（如 2027-06-30）",
                       "'%.*s' is no date (2027-06-30)", LL_STR_ARG(text));
    *ret = ((int64_t)day + 1) * DAY_MS - CHINA_MS;
    return LL_OK;
}

static int read_row(struct loading *l, const struct ll_str *cells, struct row *r, struct ll_err *err)
{
    struct ll_str reference = cells[C_REFERENCE];
    struct ll_consent_who who = {.title = NULL};
    int rc;

    if (reference.n > LL_WATCH_REFERENCE)
        return ll_fail(err, LL_INVALID, "客户编号超过 %d 字节", "the reference has more than %d bytes",
                       LL_WATCH_REFERENCE);
    if ((rc = read_subject(cells[C_SUBJECT], r->canon, &who, err)) < 0 ||
        (rc = read_until(l, cells[C_UNTIL], &r->until, err)) < 0)
        return rc;
    r->scheme = who.scheme;
    r->n = who.value.n;
    if (reference.n && !(r->reference = ll_arena_dup(l->kept, reference)))
        return ll_no_memory(err);
    return ll_gateway_pseudonym(l->env.g, ll_scheme_name(who.scheme), who.value, r->subject, err);
}

/* What is wrong with a row is the row's; what is wrong with the machine ends the whole. */
static bool of_the_row(int rc)
{
    return rc == LL_DENIED || rc == LL_INVALID || rc == LL_USAGE || rc == LL_TOOBIG;
}

static int refuse(struct loading *l, int64_t line, int rc, const struct ll_err *why, struct ll_err *err)
{
    if (!of_the_row(rc)) {
        *err = *why;
        return rc;
    }
    if (l->refused < LL_WATCH_ERRORS)
        l->wrong[l->refused] = (struct wrong){line, *why};
    l->refused++;
    return LL_OK;
}

static int keep_row(void *ctx, uint64_t line, const struct ll_str *cells, const struct ll_err *wrong,
                    struct ll_err *err)
{
    struct loading *l = ctx;
    size_t more = l->room ? l->room * 2 : 1024;
    struct ll_err why;
    void *p;
    int rc;

    l->received++;
    if (wrong)
        return refuse(l, (int64_t)line, wrong->rc, wrong, err);
    if (l->n_rows == l->room) {
        if (!(p = realloc(l->rows, more * sizeof *l->rows)))
            return ll_no_memory(err);
        l->rows = p;
        l->room = more;
    }
    l->rows[l->n_rows] = (struct row){.line = (int64_t)line};
    if ((rc = read_row(l, cells, &l->rows[l->n_rows], &why)) < 0)
        return refuse(l, (int64_t)line, rc, &why, err);
    l->n_rows++;
    return LL_OK;
}

static int read_rows(struct loading *l, struct ll_err *err)
{
    const struct ll_csv_list list = {
        .titles = titles,
        .n = C_COUNT,
        .most = LL_WATCH_ROWS,
        .missing_zh = "首行须有列名“主体标识”（或 subject）；可另有“客户编号”“到期日”",
        .missing_en =
            "the first line needs a column 'subject' (主体标识), and may have 'reference' and 'until'",
        .row = keep_row,
        .ctx = l};

    return ll_csv_list_read(l->file->text, &list, err);
}

/* --- registering -------------------------------------------------------------------------------------------------------- */

static int register_row(struct loading *l, const struct row *r, struct ll_err *err)
{
    const struct ll_watch_new n = {.who = {.scheme = r->scheme, .value = {r->canon, r->n}},
                                   .purpose = l->file->purpose,
                                   .reference = r->reference,
                                   .until_at = r->until};
    struct ll_err why;
    bool fresh = false;
    int64_t id;
    int rc;

    if (!l->w && (rc = begin(l, err)) < 0)
        return rc;
    if ((rc = ll_watch_add(l->w, &n, &id, &fresh, &why)) < 0)
        return refuse(l, r->line, rc, &why, err);
    l->added += fresh;
    l->renewed += !fresh;
    return ++l->n < LL_WATCH_PAGE ? LL_OK : finish(l, err);
}

static int by_subject(const void *a, const void *b)
{
    return strcmp(((const struct row *)a)->subject, ((const struct row *)b)->subject);
}

static int by_line(const void *a, const void *b)
{
    const struct wrong *x = a, *y = b;

    return x->line < y->line ? -1 : x->line > y->line;
}

/* In the order in which the tables keep subjects, so that a transaction touches few of their pages. */
static int all_rows(struct loading *l, struct ll_err *err)
{
    int rc = read_rows(l, err);

    if (rc == LL_OK && l->n_rows)
        qsort(l->rows, l->n_rows, sizeof *l->rows, by_subject);
    for (size_t i = 0; rc == LL_OK && i < l->n_rows; i++)
        rc = register_row(l, &l->rows[i], err);
    if (rc == LL_OK)
        rc = finish(l, err);
    close(l);
    return rc;
}

static void put_wrong(struct loading *l, struct ll_json *j)
{
    size_t n = l->refused < LL_WATCH_ERRORS ? l->refused : LL_WATCH_ERRORS;

    if (n)
        qsort(l->wrong, n, sizeof *l->wrong, by_line);
    ll_json_key(j, "errors");
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++) {
        ll_json_obj(j);
        ll_json_ki(j, "row", l->wrong[i].line);
        ll_json_kz(j, "zh", l->wrong[i].why.zh);
        ll_json_kz(j, "en", l->wrong[i].why.en);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

int ll_watch_load(struct ll_gateway *g, const struct ll_catalog *cat, const struct ll_actor *actor,
                  const struct ll_watch_file *f, struct ll_json *j, struct ll_err *err)
{
    struct loading l = {
        .env = {.g = g, .cat = cat, .actor = actor}, .file = f, .kept = ll_arena_new(64 << 20)};
    int rc = LL_OK;

    if (!l.kept || !(l.wrong = calloc(LL_WATCH_ERRORS, sizeof *l.wrong)))
        rc = ll_no_memory(err);
    if (rc == LL_OK && (rc = all_rows(&l, err)) == LL_OK) {
        put_wrong(&l, j);
        ll_json_ki(j, "received", (int64_t)l.received);
        ll_json_ki(j, "added", (int64_t)l.added);
        ll_json_ki(j, "renewed", (int64_t)l.renewed);
        ll_json_ki(j, "refused", (int64_t)l.refused);
    }
    free(l.wrong);
    free(l.rows);
    ll_arena_free(l.kept);
    return rc;
}
