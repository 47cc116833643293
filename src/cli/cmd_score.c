/* cmd_score.c - score: public credit evaluation by scorecards; why a subject has its score; is a scorecard stable, and did it tell. */
#include "cli/cmd_actor.h"

#include "apps/credit/score_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Opens the data folder, reads a card (version of option `version`, or the newest) and ends the transaction: what follows may take long. */
static int open_card(struct ll_cli *c, const char *name, unsigned version, struct ll_desk *d,
                     const struct ll_scorecard **ret, struct ll_err *err)
{
    int rc = ll_desk_open(c, LL_DESK_READ, d, err);

    if (rc < 0)
        return rc;
    rc = ll_score_card(d->tx, d->catalog, name, version, d->arena, ret, err);
    ll_txn_end(d->tx);
    d->tx = NULL;
    if (rc < 0)
        ll_desk_close(d);
    return rc;
}

static int version_of(const struct ll_cli *c, enum ll_option_id option, unsigned *ret, struct ll_err *err)
{
    int64_t n = 0;
    int rc = ll_desk_number(c, option, &n, err);

    *ret = (unsigned)n;
    return rc;
}

/* ---- scorecards and runs ---- */

static const struct ll_column card_columns[] = {
    {"scorecard", "评分卡", "scorecard", LL_LEFT},
    {"version", "版本", "version", LL_RIGHT},
    {"title", "名称", "title", LL_LEFT},
    {"subject_kind", "主体", "subjects", LL_LEFT},
    {"indicators", "指标数", "indicators", LL_RIGHT},
    {"basis", "依据", "basis", LL_LEFT},
};

int ll_cmd_score_list(struct ll_cli *c, struct ll_err *err)
{
    struct ll_scorecard *list = NULL;
    struct ll_desk d;
    size_t n = 0;
    int rc = ll_desk_open(c, LL_DESK_READ, &d, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_score_cards(d.tx, d.catalog, d.arena, &list, &n, err)) == LL_OK) {
        struct ll_grid *g = ll_grid_new(c, card_columns, LL_COUNT(card_columns));
        for (size_t i = 0; i < n; i++) {
            ll_grid_z(g, list[i].name);
            ll_grid_int(g, list[i].version);
            ll_grid_z(g, list[i].title[c->lang]);
            ll_grid_z(g, list[i].subject_kind);
            ll_grid_int(g, (int64_t)list[i].n);
            ll_grid_z(g, list[i].basis);
        }
        rc = ll_grid_end(g, err);
    }
    ll_desk_close(&d);
    return rc;
}

static const struct ll_column run_columns[] = {
    {"id", "评价", "evaluation", LL_LEFT},        {"scorecard", "评分卡", "scorecard", LL_LEFT},
    {"version", "版本", "version", LL_RIGHT},     {"as_of", "基准日", "as of", LL_LEFT},
    {"made_at", "时间", "made", LL_LEFT},         {"subjects", "主体数", "subjects", LL_RIGHT},
    {"left_out", "未评价", "left out", LL_RIGHT}, {"counts", "等级分布", "by grade", LL_LEFT},
};

static void put_run(struct ll_grid *g, const struct ll_score_run *r)
{
    const char *at = strstr(r->counts, "\"grades\":[");
    const char *from = at ? at + strlen("\"grades\":[") : "";

    ll_grid_z(g, r->id);
    ll_grid_z(g, r->card);
    ll_grid_int(g, r->version);
    ll_grid_z(g, r->as_of);
    ll_grid_time(g, r->made_at);
    ll_grid_int(g, (int64_t)r->subjects);
    ll_grid_int(g, (int64_t)r->left_out);
    ll_grid_raw(g, (struct ll_str){from, strcspn(from, "]")}, ll_str(r->counts));
}

int ll_cmd_score_run(struct ll_cli *c, struct ll_err *err)
{
    const struct ll_scorecard *card = NULL;
    struct ll_score_run run;
    struct ll_desk d;
    unsigned version;
    int rc = version_of(c, LL_OPT_score_run_card_version, &version, err);

    if (rc < 0 || (rc = open_card(c, c->args[0], version, &d, &card, err)) < 0)
        return rc;
    if ((rc = ll_score_run(d.data, d.catalog, card, c->opts[LL_OPT_score_run_as_of], d.arena, &run, err)) ==
        LL_OK) {
        struct ll_grid *g = ll_grid_new(c, run_columns, LL_COUNT(run_columns));
        put_run(g, &run);
        rc = ll_grid_end_card(g, err);
    }
    ll_desk_close(&d);
    return rc;
}

static int run_rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total,
                    struct ll_err *err)
{
    struct ll_score_run *list = NULL;
    size_t n = 0;
    int rc = ll_score_runs(d->data, c->n_args ? c->args[0] : NULL, d->arena, &list, &n, err);

    (void)total;
    for (size_t i = 0; rc == LL_OK && i < n; i++)
        put_run(t, &list[i]);
    return rc;
}

int ll_cmd_score_runs(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, run_columns, LL_COUNT(run_columns), run_rows, err);
}

/* ---- one subject ---- */

static const struct ll_column item_columns[] = {
    {"indicator", "指标", "indicator", LL_LEFT},      {"value", "值", "value", LL_RIGHT},
    {"band", "说明", "what it says", LL_LEFT},        {"weight", "权重", "weight", LL_RIGHT},
    {"points", "分值", "points", LL_RIGHT},           {"gained", "得分", "gained", LL_RIGHT},
    {"how", "如何改善", "how to better it", LL_LEFT},
};

static int show_scored(struct ll_cli *c, const struct ll_scorecard *card, const struct ll_str *values,
                       const struct ll_scored *s, struct ll_err *err)
{
    struct ll_grid *g;

    if (c->json) {
        struct ll_json j;
        ll_json_init(&j, &c->out);
        ll_json_obj(&j);
        ll_scored_put(&j, card, values, s);
        ll_json_end_obj(&j);
        ll_buf_c(&c->out, '\n');
        return LL_OK;
    }
    ll_out_line(c, "得分 %.2f，等级 %s（%s）", "score %.2f, grade %s (%s)", s->score / 100.0,
                card->grades[s->grade].grade, card->grades[s->grade].title[c->lang]);
    if (s->capped_by >= 0)
        ll_out_line(c, "等级因“%s”封顶", "the grade is held down by '%s'",
                    card->indicators[s->capped_by].title[c->lang]);
    g = ll_grid_new(c, item_columns, LL_COUNT(item_columns));
    for (size_t i = 0; i < card->n; i++) {
        const struct ll_score_indicator *x = &card->indicators[i];
        const struct ll_score_band *b = &x->bands[s->band[i]];
        ll_grid_z(g, x->title[c->lang]);
        ll_grid_str(g, values[i]);
        ll_grid_z(g, b->what[c->lang]);
        ll_grid_int(g, x->weight);
        ll_grid_int(g, b->points);
        ll_grid_num(g, x->weight * b->points / 100.0, 2);
        ll_grid_z(g, *b->how[c->lang] ? b->how[c->lang] : NULL);
    }
    return ll_grid_end(g, err);
}

/* NAME=VALUE,... of option --change. */
static int change(const struct ll_scorecard *card, const char *text, struct ll_str *values,
                  struct ll_err *err)
{
    struct ll_str rest = ll_str(text), one, name, value;
    int rc = LL_OK;

    while (rest.n && rc == LL_OK) {
        ll_str_cut(rest, ',', &one, &rest);
        ll_str_cut(one, '=', &name, &value);
        rc = ll_score_change(card, values, ll_str_trim(name), ll_str_trim(value), err);
    }
    return rc;
}

int ll_cmd_score_show(struct ll_cli *c, struct ll_err *err)
{
    const char *changes = c->opts[LL_OPT_score_show_change];
    const struct ll_scorecard *card = NULL;
    const struct ll_str *found = NULL;
    struct ll_str values[LL_SCORE_INDICATORS_MAX];
    struct ll_score_run run;
    struct ll_scored s;
    struct ll_desk d;
    int rc = ll_desk_open(c, LL_DESK_READ, &d, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_score_run_get(d.data, c->args[0], d.arena, &run, err)) == LL_OK &&
        (rc = ll_score_card(d.tx, d.catalog, run.card, run.version, d.arena, &card, err)) == LL_OK &&
        (rc = ll_score_values(d.data, &run, card, ll_str(c->args[1]), d.arena, &found, err)) == LL_OK) {
        memcpy(values, found, card->n * sizeof *values);
        if ((rc = change(card, changes ? changes : "", values, err)) == LL_OK &&
            (rc = ll_score_apply(card, values, &s, err)) == LL_OK)
            rc = show_scored(c, card, values, &s, err);
    }
    ll_desk_close(&d);
    return rc;
}

/* ---- is it any good ---- */

static const struct ll_column shift_columns[] = {{"what", "比较", "what", LL_LEFT},
                                                 {"psi", "PSI", "PSI", LL_RIGHT}};

static void put_shift(struct ll_grid *g, const char *what, double psi)
{
    ll_grid_z(g, what);
    if (isnan(psi))
        ll_grid_z(g, NULL);
    else
        ll_grid_num(g, psi, 4);
}

int ll_cmd_score_compare(struct ll_cli *c, struct ll_err *err)
{
    struct ll_score_run runs[2];
    struct ll_score_shift shift;
    const struct ll_scorecard *card = NULL;
    struct ll_desk d;
    int rc = ll_desk_open(c, LL_DESK_READ, &d, err);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < 2 && rc == LL_OK; i++)
        rc = ll_score_run_get(d.data, c->args[i], d.arena, &runs[i], err);
    if (rc == LL_OK &&
        (rc = ll_score_card(d.tx, d.catalog, runs[1].card, runs[1].version, d.arena, &card, err)) == LL_OK &&
        (rc = ll_score_compare(card, &runs[0], &runs[1], &shift, err)) == LL_OK) {
        struct ll_grid *g = ll_grid_new(c, shift_columns, LL_COUNT(shift_columns));
        put_shift(g, ll_say(c, "得分分布", "scores"), shift.scores);
        put_shift(g, ll_say(c, "等级分布", "grades"), shift.grades);
        for (size_t i = 0; i < card->n; i++)
            put_shift(g, c->json ? card->indicators[i].name : card->indicators[i].title[c->lang],
                      shift.indicators[i]);
        rc = ll_grid_end(g, err);
    }
    ll_desk_close(&d);
    return rc;
}

static const struct ll_column test_columns[] = {
    {"grade", "等级", "grade", LL_LEFT},
    {"subjects", "主体数", "subjects", LL_RIGHT},
    {"bad", "之后失信", "turned bad", LL_RIGHT},
    {"share", "比例（%）", "share (%)", LL_RIGHT},
};

static int show_test(struct ll_cli *c, const struct ll_scorecard *card, const struct ll_score_test *t,
                     struct ll_err *err)
{
    struct ll_grid *g = ll_grid_new(c, test_columns, LL_COUNT(test_columns));

    for (size_t i = 0; i < card->n_grades; i++) {
        ll_grid_z(g, card->grades[i].grade);
        ll_grid_int(g, (int64_t)t->by_grade[i][0]);
        ll_grid_int(g, (int64_t)t->by_grade[i][1]);
        ll_grid_num(g, t->by_grade[i][0] ? 100.0 * (double)t->by_grade[i][1] / (double)t->by_grade[i][0] : 0,
                    2);
    }
    int rc = ll_grid_end(g, err);
    if (rc == LL_OK && !c->json && !isnan(t->auc))
        ll_out_line(c, "AUC %.4f，KS %.4f（%llu 个主体，其中 %llu 个失信）",
                    "AUC %.4f, KS %.4f (%llu subjects, %llu of them bad)", t->auc, t->ks,
                    (unsigned long long)t->subjects, (unsigned long long)t->bad);
    else if (rc == LL_OK && !c->json)
        ll_out_line(c, "这段时间没有失信的，或全部失信，无法计算 AUC",
                    "nobody turned bad in that time, or everybody: no AUC");
    return rc;
}

int ll_cmd_score_test(struct ll_cli *c, struct ll_err *err)
{
    const struct ll_scorecard *card = NULL;
    struct ll_score_test t;
    struct ll_desk d;
    unsigned version;
    int rc = version_of(c, LL_OPT_score_test_card_version, &version, err);

    if (rc < 0 || (rc = open_card(c, c->args[0], version, &d, &card, err)) < 0)
        return rc;
    if ((rc = ll_score_backtest(d.data, d.catalog, card, c->args[1], c->args[2], &t, err)) == LL_OK)
        rc = show_test(c, card, &t, err);
    ll_desk_close(&d);
    return rc;
}
