/* score_run.c - see score_run.h: making the file of a run, and reading it. */
#include "apps/credit/score_impl.h"

#include "base/clock.h"
#include "base/fs.h"
#include "intake/runs.h"
#include "standard/convert.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFINITION_MAX = 4 << 20, FIXED = 3 };

int ll_score_definition(const struct ll_scorecard *card, struct ll_buf *json, char sha256[LL_SHA256_HEX],
                        struct ll_err *err)
{
    struct ll_json j;

    ll_json_init(&j, json);
    ll_json_obj(&j);
    ll_scorecard_put(&j, card);
    ll_json_end_obj(&j);
    return json->failed ? ll_no_memory(err) : ll_hash_str(ll_buf_view(json), sha256, err);
}

/* ---- making one ---- */

struct making {
    const struct ll_scorecard *card;
    struct ll_seg_build *build;
    uint64_t subjects, left_out;
    uint64_t scores[LL_SCORE_BINS], grades[LL_SCORE_GRADES_MAX];
    uint64_t bands[LL_SCORE_INDICATORS_MAX][LL_SCORE_BANDS_MAX];
};

/* subject, score, grade, then value and band of each indicator. */
static int open_build(const char *path, const struct ll_scorecard *card, struct ll_arena *arena,
                      struct ll_seg_build **ret, struct ll_err *err)
{
    static const unsigned key[] = {0};
    static const struct ll_seg_column fixed[FIXED] = {
        {"subject", "TEXT"}, {"score", "INTEGER"}, {"grade", "TEXT"}};
    struct ll_seg_column *columns = ll_arena_array(arena, FIXED + 2 * card->n, sizeof *columns);

    if (!columns)
        return ll_no_memory(err);
    memcpy(columns, fixed, sizeof fixed);
    for (size_t i = 0; i < card->n; i++) {
        columns[FIXED + 2 * i] = (struct ll_seg_column){card->indicators[i].name, "TEXT"};
        columns[FIXED + 2 * i + 1] = (struct ll_seg_column){
            ll_arena_printf(arena, "%s__band", card->indicators[i].name), "INTEGER"};
        if (!columns[FIXED + 2 * i + 1].name)
            return ll_no_memory(err);
    }
    const struct ll_seg_schema schema = {columns, FIXED + 2 * card->n, key, 1, NULL, 0};
    return ll_seg_build_open(path, &schema, ret, err);
}

static int put_row(void *ctx, struct ll_str subject, const struct ll_str *values, struct ll_err *err)
{
    struct making *m = ctx;
    struct ll_scored s;
    int rc = ll_score_apply(m->card, values, &s, err);

    if (rc < 0)
        return rc;
    const char *grade = m->card->grades[s.grade].grade;
    ll_seg_text(m->build, 0, subject.p, subject.n);
    ll_seg_int(m->build, 1, s.score);
    ll_seg_text(m->build, 2, grade, strlen(grade));
    for (size_t i = 0; i < m->card->n; i++) {
        if (values[i].p)
            ll_seg_text(m->build, FIXED + 2 * i, values[i].p, values[i].n);
        else
            ll_seg_null(m->build, FIXED + 2 * i);
        ll_seg_int(m->build, FIXED + 2 * i + 1, s.band[i]);
        m->bands[i][s.band[i]]++;
    }
    m->subjects++;
    m->grades[s.grade]++;
    m->scores[s.score == LL_SCORE_FULL ? LL_SCORE_BINS - 1 : s.score * LL_SCORE_BINS / LL_SCORE_FULL]++;
    rc = ll_seg_build_row(m->build, false, err);
    return rc == LL_CONFLICT
               ? ll_fail(err, LL_CONFLICT, "服务 %s 的视图对一个主体给出多行：每个主体只能有一行",
                         "the view of service %s gives a subject more than one row", m->card->service)
               : rc;
}

static void put_counts(struct ll_json *j, const char *key, const uint64_t *counts, size_t n)
{
    ll_json_key(j, key);
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++)
        ll_json_int(j, (int64_t)counts[i]);
    ll_json_end_arr(j);
}

static void put_all_counts(struct ll_buf *out, const struct making *m)
{
    struct ll_json j;

    ll_json_init(&j, out);
    ll_json_obj(&j);
    put_counts(&j, "scores", m->scores, LL_SCORE_BINS);
    put_counts(&j, "grades", m->grades, m->card->n_grades);
    ll_json_key(&j, "indicators");
    ll_json_obj(&j);
    for (size_t i = 0; i < m->card->n; i++)
        put_counts(&j, m->card->indicators[i].name, m->bands[i], m->card->indicators[i].n);
    ll_json_end_obj(&j);
    ll_json_end_obj(&j);
}

static int put_meta(const struct making *m, const struct ll_score_run *run, struct ll_err *err)
{
    char numbers[4][32];
    snprintf(numbers[0], sizeof numbers[0], "%u", run->version);
    snprintf(numbers[1], sizeof numbers[1], "%" PRId64, run->made_at);
    snprintf(numbers[2], sizeof numbers[2], "%" PRIu64, run->subjects);
    snprintf(numbers[3], sizeof numbers[3], "%" PRIu64, run->left_out);
    const char *const pairs[][2] = {
        {"scorecard", run->card},        {"version", numbers[0]},
        {"as_of", run->as_of},           {"made_at", numbers[1]},
        {"subjects", numbers[2]},        {"left_out", numbers[3]},
        {"definition", run->definition}, {"definition_sha256", run->sha256},
        {"counts", run->counts},
    };
    int rc = LL_OK;

    for (size_t i = 0; i < LL_COUNT(pairs) && rc == LL_OK; i++)
        rc = ll_seg_build_meta(m->build, pairs[i][0], pairs[i][1], err);
    return rc;
}

static int fill(struct ll_data *d, const struct ll_catalog *cat, struct making *m, struct ll_score_run *run,
                struct ll_arena *arena, struct ll_err *err)
{
    struct ll_buf counts = LL_BUF_INIT(DEFINITION_MAX);
    int rc = ll_score_each(d, cat, m->card, run->as_of, put_row, m, &m->left_out, err);

    put_all_counts(&counts, m);
    run->subjects = m->subjects;
    run->left_out = m->left_out;
    run->counts = ll_arena_dup(arena, ll_buf_view(&counts));
    if (rc == LL_OK && (counts.failed || !run->counts))
        rc = ll_no_memory(err);
    ll_buf_free(&counts);
    return rc == LL_OK ? put_meta(m, run, err) : rc;
}

/* The file is built under another name and moved when it is whole: what is listed is complete. */
static int build(struct ll_data *d, const struct ll_catalog *cat, const struct ll_scorecard *card,
                 struct ll_score_run *run, struct ll_arena *arena, struct ll_err *err)
{
    struct making *m = ll_arena_alloc(arena, sizeof *m);
    char path[LL_PATH], whole[LL_PATH], folder[LL_PATH];
    uint64_t rows;
    int rc = m ? ll_data_path(d, folder, err, "scores") : ll_no_memory(err);

    if (rc < 0 || (rc = ll_fs_mkdirs(folder, err)) < 0 ||
        (rc = ll_path(path, err, "%s/.%s.tmp", folder, run->id)) < 0 ||
        (rc = ll_path(whole, err, "%s/%s.db", folder, run->id)) < 0)
        return rc;
    *m = (struct making){.card = card};
    if ((rc = open_build(path, card, arena, &m->build, err)) < 0)
        return rc;
    if ((rc = fill(d, cat, m, run, arena, err)) < 0) {
        ll_seg_build_abort(m->build);
        return rc;
    }
    rc = ll_seg_build_seal(m->build, &rows, err);
    return rc == LL_OK ? ll_fs_move(path, whole, err) : rc;
}

static int day_of(const char *as_of, struct ll_arena *arena, const char **ret, struct ll_err *err)
{
    char text[16];
    int32_t day = ll_today();

    if (as_of && ll_cv_date(ll_str(as_of), &day) != LL_CV_OK)
        return ll_fail(err, LL_USAGE, "日期 %.40s 应写作 2026-03-31", "day %.40s is to be written 2026-03-31",
                       as_of);
    ll_date_text(day, text);
    *ret = ll_arena_dup(arena, ll_str(text));
    return *ret ? LL_OK : ll_no_memory(err);
}

int ll_score_run(struct ll_data *d, const struct ll_catalog *cat, const struct ll_scorecard *card,
                 const char *as_of, struct ll_arena *arena, struct ll_score_run *ret, struct ll_err *err)
{
    struct ll_score_run run = {.card = card->name, .version = card->version, .made_at = ll_now_ms()};
    struct ll_buf definition = LL_BUF_INIT(DEFINITION_MAX);
    char *sha256 = ll_arena_alloc(arena, LL_SHA256_HEX);
    int rc = sha256 ? day_of(as_of, arena, &run.as_of, err) : ll_no_memory(err);

    if (rc == LL_OK)
        rc = ll_score_definition(card, &definition, sha256, err);
    if (rc == LL_OK) {
        run.sha256 = sha256;
        run.definition = ll_arena_dup(arena, ll_buf_view(&definition));
        rc = run.definition ? LL_OK : ll_no_memory(err);
    }
    ll_buf_free(&definition);
    ll_data_new_id(run.id);
    if (rc == LL_OK)
        rc = build(d, cat, card, &run, arena, err);
    if (rc == LL_OK)
        *ret = run;
    return rc;
}

/* ---- reading them ---- */

static bool is_id(const char *id)
{
    size_t n = strspn(id, "0123456789abcdef-");

    return n > 0 && n < LL_ID_TEXT && id[n] == 0;
}

static int open_run(struct ll_data *d, const char *id, struct ll_seg **ret, struct ll_err *err)
{
    char path[LL_PATH];
    int rc;

    if (!is_id(id))
        return ll_fail(err, LL_NOTFOUND, "没有这次评价", "there is no such evaluation");
    if ((rc = ll_data_path(d, path, err, "scores/%s.db", id)) < 0)
        return rc;
    return ll_fs_exists(path) ? ll_seg_open(path, ret, err)
                              : ll_fail(err, LL_NOTFOUND, "没有评价 %s", "there is no evaluation %s", id);
}

static int read_meta(struct ll_seg *seg, const char *id, struct ll_arena *arena, struct ll_score_run *r,
                     struct ll_err *err)
{
    const char **texts[] = {&r->card, &r->as_of, &r->definition, &r->sha256, &r->counts};
    static const char *const names[] = {"scorecard", "as_of", "definition", "definition_sha256", "counts"};

    *r = (struct ll_score_run){.version = (unsigned)strtoul(ll_seg_meta(seg, "version"), NULL, 10),
                               .made_at = strtoll(ll_seg_meta(seg, "made_at"), NULL, 10),
                               .subjects = strtoull(ll_seg_meta(seg, "subjects"), NULL, 10),
                               .left_out = strtoull(ll_seg_meta(seg, "left_out"), NULL, 10)};
    snprintf(r->id, sizeof r->id, "%s", id);
    for (size_t i = 0; i < LL_COUNT(names); i++)
        if (!(*texts[i] = ll_arena_dup(arena, ll_str(ll_seg_meta(seg, names[i])))))
            return ll_no_memory(err);
    return LL_OK;
}

int ll_score_run_get(struct ll_data *d, const char *id, struct ll_arena *arena, struct ll_score_run *ret,
                     struct ll_err *err)
{
    struct ll_seg *seg = NULL;
    int rc = open_run(d, id, &seg, err);

    if (rc == LL_OK)
        rc = read_meta(seg, id, arena, ret, err);
    if (seg)
        ll_seg_close(seg);
    return rc;
}

struct listing {
    struct ll_arena *arena;
    const char *card;
    struct ll_score_run *list;
    size_t n;
};

static int list_one(void *ctx, const char *id, struct ll_seg *seg, struct ll_err *err)
{
    struct listing *l = ctx;
    int rc = read_meta(seg, id, l->arena, &l->list[l->n], err);

    l->n += rc == LL_OK && (!l->card || strcmp(l->card, l->list[l->n].card) == 0);
    return rc;
}

/* By the day they are about: one that looks back, to test a scorecard, does not stand for today. */
static int newest_first(const void *a, const void *b)
{
    const struct ll_score_run *x = a, *y = b;
    int day = strcmp(y->as_of, x->as_of);

    if (day)
        return day;
    return x->made_at < y->made_at ? 1 : x->made_at > y->made_at ? -1 : -strcmp(x->id, y->id);
}

int ll_score_runs(struct ll_data *d, const char *card, struct ll_arena *arena, struct ll_score_run **ret,
                  size_t *ret_n, struct ll_err *err)
{
    struct listing l = {arena, card, ll_arena_array(arena, LL_RUNS_MAX + 1, sizeof *l.list), 0};
    int rc = l.list ? ll_runs_each(d, "scores", list_one, &l, err) : ll_no_memory(err);

    if (rc < 0)
        return rc;
    qsort(l.list, l.n, sizeof *l.list, newest_first);
    *ret = l.list;
    *ret_n = l.n;
    return LL_OK;
}

static int same_definition(const struct ll_scorecard *card, const struct ll_score_run *run,
                           struct ll_err *err)
{
    struct ll_buf definition = LL_BUF_INIT(DEFINITION_MAX);
    char sha256[LL_SHA256_HEX];
    int rc = ll_score_definition(card, &definition, sha256, err);

    ll_buf_free(&definition);
    if (rc < 0)
        return rc;
    return card->version == run->version && strcmp(sha256, run->sha256) == 0
               ? LL_OK
               : ll_fail(err, LL_CONFLICT, "评分卡 %s 第 %u 版在这次评价之后改过：请重新评价",
                         "scorecard %s, version %u, was changed after this evaluation: evaluate again",
                         card->name, card->version);
}

int ll_score_values(struct ll_data *d, const struct ll_score_run *run, const struct ll_scorecard *card,
                    struct ll_str subject, struct ll_arena *arena, const struct ll_str **ret,
                    struct ll_err *err)
{
    struct ll_str *values = ll_arena_array(arena, card->n, sizeof *values);
    struct ll_seg *seg = NULL;
    bool deleted;
    int rc = values ? same_definition(card, run, err) : ll_no_memory(err);

    if (rc < 0 || (rc = open_run(d, run->id, &seg, err)) < 0)
        return rc;
    if ((rc = ll_seg_find(seg, &subject, 1, &deleted, err)) == 0)
        rc = ll_fail(err, LL_NOTFOUND, "评价 %s 中没有这个主体", "evaluation %s has no such subject",
                     run->id);
    for (size_t i = 0; i < card->n && rc > 0; i++) {
        struct ll_seg_value v = ll_seg_get(seg, FIXED + 2 * i);
        values[i] = v.kind == LL_SV_TEXT ? (struct ll_str){ll_arena_dup(arena, v.s), v.s.n}
                                         : (struct ll_str){NULL, 0};
        if (v.kind == LL_SV_TEXT && !values[i].p)
            rc = ll_no_memory(err);
    }
    ll_seg_close(seg);
    *ret = values;
    return rc < 0 ? rc : LL_OK;
}

void ll_score_run_put(struct ll_json *j, const struct ll_score_run *run)
{
    char at[LL_TIME_TEXT];

    ll_json_kz(j, "id", run->id);
    ll_json_kz(j, "scorecard", run->card);
    ll_json_key(j, "version");
    ll_json_int(j, run->version);
    ll_json_kz(j, "as_of", run->as_of);
    ll_json_kz(j, "made_at", ll_time_text(run->made_at, at));
    ll_json_key(j, "subjects");
    ll_json_int(j, (int64_t)run->subjects);
    ll_json_key(j, "left_out");
    ll_json_int(j, (int64_t)run->left_out);
    ll_json_kz(j, "definition_sha256", run->sha256);
    ll_json_key(j, "counts");
    ll_json_raw(j, ll_str(run->counts));
}
