/* score_back.c - is a scorecard stable, and did it tell who would turn bad: comparison of runs and back-test (score_run.h). */
#include "apps/credit/score_impl.h"

#include "share/viewing.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OUTCOMES_MAX = 10000000 };

/* ---- stability ---- */

/* Sum over the shares of two counts; an empty one counts as half a subject, so that the logarithm exists. */
static double index_of(const json_t *a, const json_t *b)
{
    size_t n = json_array_size(a);
    double all[2] = {0, 0}, sum = 0;

    if (n == 0 || n != json_array_size(b))
        return NAN;
    for (size_t i = 0; i < n; i++) {
        all[0] += fmax((double)json_integer_value(json_array_get(a, i)), 0.5);
        all[1] += fmax((double)json_integer_value(json_array_get(b, i)), 0.5);
    }
    for (size_t i = 0; i < n; i++) {
        double x = fmax((double)json_integer_value(json_array_get(a, i)), 0.5) / all[0];
        double y = fmax((double)json_integer_value(json_array_get(b, i)), 0.5) / all[1];
        sum += (y - x) * log(y / x);
    }
    return sum;
}

int ll_score_compare(const struct ll_scorecard *card, const struct ll_score_run *before,
                     const struct ll_score_run *after, struct ll_score_shift *ret, struct ll_err *err)
{
    json_t *a = json_loads(before->counts, 0, NULL), *b = json_loads(after->counts, 0, NULL);
    int rc = a && b ? LL_OK
                    : ll_fail(err, LL_INVALID, "评价文件损坏", "the file of an evaluation is damaged");

    if (rc == LL_OK && strcmp(before->card, after->card) != 0)
        rc = ll_fail(err, LL_USAGE, "两次评价用的不是同一张评分卡",
                     "the two evaluations are of different scorecards");
    if (rc == LL_OK) {
        const json_t *x = json_object_get(a, "indicators"), *y = json_object_get(b, "indicators");
        ret->scores = index_of(json_object_get(a, "scores"), json_object_get(b, "scores"));
        ret->grades = index_of(json_object_get(a, "grades"), json_object_get(b, "grades"));
        for (size_t i = 0; i < card->n; i++)
            ret->indicators[i] = index_of(json_object_get(x, card->indicators[i].name),
                                          json_object_get(y, card->indicators[i].name));
    }
    json_decref(a);
    json_decref(b);
    return rc;
}

/* ---- back-test ---- */

struct outcomes {
    struct ll_arena *arena;
    const char **ids; /* sorted once all are there */
    size_t n, cap;
};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int take_outcome(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct outcomes *o = ctx;

    if (n == 0 || row[0].kind != LL_LV_TEXT)
        return LL_OK;
    if (o->n == OUTCOMES_MAX)
        return ll_fail(err, LL_TOOBIG, "结果超过 %d 行", "there are more than %d outcomes", OUTCOMES_MAX);
    if (o->n == o->cap) {
        size_t bigger = o->cap ? o->cap * 2 : 1024;
        const char **grown = realloc(o->ids, bigger * sizeof *grown);
        if (!grown)
            return ll_no_memory(err);
        o->ids = grown;
        o->cap = bigger;
    }
    o->ids[o->n] = ll_arena_dup(o->arena, row[0].s);
    return o->ids[o->n++] ? LL_OK : ll_no_memory(err);
}

/* Who turned bad after one day and until another: the first output of the outcome service, its parameters `after` and `until`. */
static int read_outcomes(struct ll_data *d, const struct ll_catalog *cat, const struct ll_scorecard *card,
                         const char *after, const char *until, struct outcomes *o, struct ll_err *err)
{
    const struct ll_service *s = *card->outcome ? ll_catalog_service(cat, ll_str(card->outcome)) : NULL;
    const struct ll_view *view = NULL;
    struct ll_view_names names = ll_view_names_of(cat);
    struct ll_lake_param *params = NULL;
    size_t n = 0;
    json_t *given = json_pack("{s:s,s:s}", "after", after, "until", until);
    int rc = s ? LL_OK
               : ll_fail(err, LL_NOTFOUND, "评分卡 %s 没有写明结果服务（outcome），无法回测",
                         "scorecard %s names no service of outcomes, so that it cannot be tested",
                         card->name);

    if (rc == LL_OK && (rc = ll_view_of(cat, s, &view, err)) == LL_OK)
        rc = ll_view_params(s, &names, given, 0, o->arena, &params, &n, err);
    if (rc == LL_OK) {
        struct ll_view_run v = {.asked = {.service = s, .sql = view->sql, .names = names, .data = d},
                                .before = "SELECT * FROM (",
                                .after = ")",
                                .params = params,
                                .n_params = n};
        rc = ll_view_run(&v, take_outcome, o, err);
    }
    json_decref(given);
    if (rc == LL_OK && o->n)
        qsort(o->ids, o->n, sizeof *o->ids, by_text);
    return rc;
}

struct testing {
    const struct ll_scorecard *card;
    const struct outcomes *outcomes;
    struct ll_score_test *ret;
    uint64_t (*by_score)[2]; /* good, bad */
};

static int test_one(void *ctx, struct ll_str subject, const struct ll_str *values, struct ll_err *err)
{
    struct testing *t = ctx;
    struct ll_scored s;
    char id[64];
    const char *key = id;
    int rc = ll_score_apply(t->card, values, &s, err);

    if (rc < 0)
        return rc;
    size_t n = subject.n < sizeof id - 1 ? subject.n : sizeof id - 1;
    memcpy(id, subject.p, n);
    id[n] = 0;
    bool bad = t->outcomes->n &&
               bsearch(&key, t->outcomes->ids, t->outcomes->n, sizeof *t->outcomes->ids, by_text) != NULL;
    t->ret->subjects++;
    t->ret->bad += bad;
    t->ret->by_grade[s.grade][0]++;
    t->ret->by_grade[s.grade][1] += bad;
    t->by_score[s.score][bad]++;
    return LL_OK;
}

/* Both from the two distributions of scores: a tie counts as half a pair. */
static void measure(const struct testing *t)
{
    double good = (double)(t->ret->subjects - t->ret->bad), bad = (double)t->ret->bad;
    double below[2] = {0, 0}, pairs = 0, ks = 0;

    for (size_t s = 0; s <= LL_SCORE_FULL && good > 0 && bad > 0; s++) {
        double g = (double)t->by_score[s][0], b = (double)t->by_score[s][1];
        pairs += g * (below[1] + b / 2);
        below[0] += g;
        below[1] += b;
        ks = fmax(ks, fabs(below[1] / bad - below[0] / good));
    }
    t->ret->auc = good > 0 && bad > 0 ? pairs / (good * bad) : NAN;
    t->ret->ks = good > 0 && bad > 0 ? ks : NAN;
}

int ll_score_backtest(struct ll_data *d, const struct ll_catalog *cat, const struct ll_scorecard *card,
                      const char *as_of, const char *until, struct ll_score_test *ret, struct ll_err *err)
{
    struct outcomes o = {.arena = ll_arena_new(0)};
    struct testing t = {card, &o, ret, NULL};
    uint64_t left_out;
    int rc = o.arena ? LL_OK : ll_no_memory(err);

    *ret = (struct ll_score_test){.auc = NAN, .ks = NAN};
    if (rc == LL_OK && !(t.by_score = ll_arena_array(o.arena, LL_SCORE_FULL + 1, sizeof *t.by_score)))
        rc = ll_no_memory(err);
    if (rc == LL_OK && (rc = read_outcomes(d, cat, card, as_of, until, &o, err)) == LL_OK &&
        (rc = ll_score_each(d, cat, card, as_of, test_one, &t, &left_out, err)) == LL_OK)
        measure(&t);
    free(o.ids);
    ll_arena_free(o.arena);
    return rc;
}
