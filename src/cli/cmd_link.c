/* cmd_link.c - link: training and running a linkage, and what persons decide about it. */
#include "cli/cmd_actor.h"

#include "apps/credit/link_explain.h"
#include "apps/credit/link_run.h"
#include "apps/credit/link_train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 100, BAR = 30 };

/* ---- train ---- */

static const struct ll_column trained_columns[] = {
    {"model", "模型", "model", LL_LEFT},
    {"version", "版本", "version", LL_RIGHT},
    {"lambda", "同一主体的比例", "share of matches", LL_RIGHT},
    {"training", "训练", "training", LL_LEFT},
};
static const struct ll_column weight_columns[] = {
    {"comparison", "比较项", "comparison", LL_LEFT},
    {"level", "结果", "level", LL_LEFT},
    {"m", "m", "m", LL_RIGHT},
    {"u", "u", "u", LL_RIGHT},
    {"weight", "权重", "weight", LL_RIGHT},
};

static int show_weights(struct ll_cli *c, const struct ll_link_trained *t, struct ll_err *err)
{
    struct ll_grid *g = ll_grid_new(c, weight_columns, LL_COUNT(weight_columns));
    const struct ll_link_model *m = t->model;

    for (size_t i = 0; i < m->n_comparisons; i++)
        for (int level = (int)m->comparisons[i].n; level >= 0; level--) {
            struct ll_buf title = LL_BUF_INIT(4096);
            ll_link_level_title(&title, m, &m->comparisons[i], level, c->lang);
            ll_grid_z(g, ll_say(c, m->comparisons[i].zh, m->comparisons[i].en));
            ll_grid_str(g, ll_buf_view(&title));
            ll_grid_num(g, t->params.m[i][level], 6);
            ll_grid_num(g, t->params.u[i][level], 6);
            ll_grid_num(g, ll_link_weight(&t->params, i, level), 2);
            ll_buf_free(&title);
        }
    return ll_grid_end(g, err);
}

static int show_trained(struct ll_cli *c, const struct ll_link_trained *t, struct ll_err *err)
{
    struct ll_grid *g = ll_grid_new(c, trained_columns, LL_COUNT(trained_columns));

    ll_grid_z(g, t->name);
    ll_grid_int(g, t->version);
    ll_grid_num(g, t->params.lambda, 9);
    ll_grid_raw(g, ll_str(t->training), ll_str(t->training));
    int rc = ll_grid_end_card(g, err);
    if (rc < 0 || c->json)
        return rc;
    ll_buf_c(&c->out, '\n');
    return show_weights(c, t, err);
}

/* The commands may act without an account: whoever has the data folder has the machine.  With one, what it did is told under its name. */
static int actor_of(struct ll_cli *c, enum ll_option_id as, struct ll_actor *actor, struct ll_err *err)
{
    *actor = (struct ll_actor){0};
    return c->opts[as] ? ll_desk_actor(c, as, actor, err) : LL_OK;
}

int ll_cmd_link_train(struct ll_cli *c, struct ll_err *err)
{
    struct ll_buf definition = LL_BUF_INIT(LL_LINK_MODEL_MAX + 1);
    struct ll_link_trained t;
    struct ll_actor actor;
    struct ll_desk d;
    int rc = actor_of(c, LL_OPT_link_train_as, &actor, err);

    if (rc < 0 || (rc = ll_fs_read(c->args[0], LL_LINK_MODEL_MAX, &definition, err)) < 0 ||
        (rc = ll_desk_open(c, LL_DESK_STORE, &d, err)) < 0) {
        ll_buf_free(&definition);
        return rc;
    }
    if ((rc = ll_link_train(d.data, ll_buf_view(&definition), c->args + 1, c->n_args - 1, &actor, d.arena, &t,
                            err)) == LL_OK)
        rc = show_trained(c, &t, err);
    ll_desk_close(&d);
    ll_buf_free(&definition);
    return rc;
}

/* ---- run ---- */

static const struct ll_column run_columns[] = {
    {"id", "运行", "run", LL_LEFT},           {"model", "模型", "model", LL_LEFT},
    {"version", "版本", "version", LL_RIGHT}, {"state", "状态", "state", LL_LEFT},
    {"report", "报告", "report", LL_LEFT},
};

static int show_run(struct ll_cli *c, struct ll_desk *d, const char *id, struct ll_err *err)
{
    struct ll_link_run r;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(d->data), false, &tx, err);

    if (rc == LL_OK && (rc = ll_link_run_get(tx, id, d->arena, &r, err)) == LL_OK) {
        struct ll_grid *g = ll_grid_new(c, run_columns, LL_COUNT(run_columns));
        ll_grid_z(g, r.id);
        ll_grid_z(g, r.model);
        ll_grid_int(g, r.version);
        ll_grid_z(g, r.state);
        ll_grid_raw(g, ll_str(r.report), ll_str(r.report));
        rc = ll_grid_end_card(g, err);
    }
    ll_txn_end(tx);
    return rc;
}

/* A share given with an option; 0 when it is not given. */
static int share_of(const struct ll_cli *c, enum ll_option_id option, double *ret, struct ll_err *err)
{
    const char *text = c->opts[option];
    char *end = NULL;

    *ret = text ? strtod(text, &end) : 0;
    if (text && (end == text || *end || !(*ret > 0 && *ret < 1)))
        return ll_fail(err, LL_USAGE, "阈值 %s 应为 0 与 1 之间的概率，如 0.95",
                       "threshold %s must be a probability between 0 and 1, such as 0.95", text);
    return LL_OK;
}

int ll_cmd_link_run(struct ll_cli *c, struct ll_err *err)
{
    struct ll_link_run_opts o = {.model = c->args[0],
                                 .sources = c->args + 1,
                                 .n_sources = c->n_args - 1,
                                 .out = c->opts[LL_OPT_link_run_out]};
    char id[LL_LINK_RUN_ID];
    struct ll_actor actor;
    struct ll_desk d;
    int rc = actor_of(c, LL_OPT_link_run_as, &actor, err);

    o.actor = &actor;
    if (rc < 0 || (rc = share_of(c, LL_OPT_link_run_match, &o.match, err)) < 0 ||
        (rc = share_of(c, LL_OPT_link_run_review, &o.review, err)) < 0 ||
        (rc = ll_desk_open(c, LL_DESK_STORE, &d, err)) < 0)
        return rc;
    if ((rc = ll_link_run(d.data, &o, d.arena, id, err)) == LL_OK)
        rc = show_run(c, &d, id, err);
    ll_desk_close(&d);
    return rc;
}

/* ---- the queue ---- */

static const struct ll_column pair_columns[] = {
    {"id", "记录对", "pair", LL_RIGHT},
    {"model", "模型", "model", LL_LEFT},
    {"a", "记录一", "record", LL_LEFT},
    {"b", "记录二", "other record", LL_LEFT},
    {"probability", "概率", "probability", LL_RIGHT},
    {"weight", "权重", "weight", LL_RIGHT},
    {"state", "状态", "state", LL_LEFT},
    {"why", "原因", "why", LL_LEFT},
};

static void put_pair(struct ll_grid *g, const struct ll_link_pair *p)
{
    ll_grid_int(g, p->id);
    ll_grid_z(g, p->model);
    ll_grid_z(g, p->a);
    ll_grid_z(g, p->b);
    ll_grid_num(g, p->probability, 4);
    ll_grid_num(g, p->weight, 2);
    ll_grid_z(g, p->state);
    ll_grid_z(g, p->why);
}

static int list_pairs(struct ll_cli *c, struct ll_err *err)
{
    struct ll_link_query q = {.model = c->n_args > 0 ? c->args[0] : NULL,
                              .state = c->opts[LL_OPT_link_review_state],
                              .limit = SHOWN};
    struct ll_link_pair *list;
    struct ll_desk d;
    int64_t total = 0;
    size_t n;
    int rc = ll_desk_open(c, LL_DESK_READ, &d, err);

    if (rc < 0)
        return rc;
    q.state = q.state ? q.state : "review";
    if ((rc = ll_link_pair_list(d.tx, &q, d.arena, &list, &n, &total, err)) == LL_OK) {
        struct ll_grid *g = ll_grid_new(c, pair_columns, LL_COUNT(pair_columns));
        for (size_t i = 0; i < n; i++)
            put_pair(g, &list[i]);
        rc = ll_grid_end(g, err);
        if (rc == LL_OK && (size_t)total > n)
            ll_out_line(c, "共 %lld 对，列出最可能的 %zu 对",
                        "%lld pairs in all, the %zu likeliest are shown", (long long)total, n);
    }
    ll_desk_close(&d);
    return rc;
}

static int number_of(const char *text, int64_t *ret, struct ll_err *err)
{
    return ll_str_i64(ll_str(text), 1, INT64_MAX, ret)
               ? LL_OK
               : ll_fail(err, LL_USAGE, "%s 不是编号", "%s is not a number", text);
}

static const struct ll_column act_columns[] = {{"act", "操作", "act", LL_RIGHT},
                                               {"kind", "类型", "kind", LL_LEFT}};

static int show_act(struct ll_cli *c, int64_t act, const char *kind, struct ll_err *err)
{
    struct ll_grid *g = ll_grid_new(c, act_columns, LL_COUNT(act_columns));

    ll_grid_int(g, act);
    ll_grid_z(g, kind);
    return ll_grid_end_card(g, err);
}

static int decide(struct ll_cli *c, bool accept, const char *pair, struct ll_err *err)
{
    struct ll_actor actor;
    struct ll_desk d;
    int64_t id, act = 0;
    int rc = ll_desk_actor(c, LL_OPT_link_review_as, &actor, err);

    if (rc < 0 || (rc = number_of(pair, &id, err)) < 0 || (rc = ll_desk_open(c, LL_DESK_WRITE, &d, err)) < 0)
        return rc;
    if ((rc = ll_link_decide(d.tx, id, accept, c->opts[LL_OPT_link_review_reason], &actor, &act, err)) ==
            LL_OK &&
        (rc = show_act(c, act, accept ? "accept" : "reject", err)) == LL_OK)
        rc = ll_txn_commit(d.tx, err);
    ll_desk_close(&d);
    return rc;
}

static int split(struct ll_cli *c, const char *model, const char *record, struct ll_err *err)
{
    struct ll_actor actor;
    struct ll_desk d;
    int64_t act = 0;
    int rc = ll_desk_actor(c, LL_OPT_link_review_as, &actor, err);

    if (rc < 0 || (rc = ll_desk_open(c, LL_DESK_WRITE, &d, err)) < 0)
        return rc;
    if ((rc = ll_link_split(d.tx, model, record, c->opts[LL_OPT_link_review_reason], &actor, &act, err)) ==
            LL_OK &&
        (rc = show_act(c, act, "split", err)) == LL_OK)
        rc = ll_txn_commit(d.tx, err);
    ll_desk_close(&d);
    return rc;
}

int ll_cmd_link_review(struct ll_cli *c, struct ll_err *err)
{
    const char *accept = c->opts[LL_OPT_link_review_accept], *reject = c->opts[LL_OPT_link_review_reject],
               *record = c->opts[LL_OPT_link_review_split];

    if (!!accept + !!reject + !!record > 1)
        return ll_fail(err, LL_USAGE, "--accept、--reject、--split 只能用一个",
                       "--accept, --reject and --split exclude each other");
    if (record && !c->n_args)
        return ll_fail(err, LL_USAGE, "--split 要写明模型", "--split wants the model");
    if (record)
        return split(c, c->args[0], record, err);
    if (accept || reject)
        return decide(c, accept != NULL, accept ? accept : reject, err);
    return list_pairs(c, err);
}

int ll_cmd_link_undo(struct ll_cli *c, struct ll_err *err)
{
    struct ll_actor actor;
    struct ll_desk d;
    int64_t act, done = 0;
    int rc = ll_desk_actor(c, LL_OPT_link_undo_as, &actor, err);

    if (rc < 0 || (rc = number_of(c->args[0], &act, err)) < 0 ||
        (rc = ll_desk_open(c, LL_DESK_WRITE, &d, err)) < 0)
        return rc;
    if ((rc = ll_link_undo(d.tx, act, c->opts[LL_OPT_link_undo_reason], &actor, &done, err)) == LL_OK &&
        (rc = show_act(c, done, "undo", err)) == LL_OK)
        rc = ll_txn_commit(d.tx, err);
    ll_desk_close(&d);
    return rc;
}

/* ---- explain ---- */

/* A bar from zero: left of the middle what speaks against, right what speaks for. */
static void put_bar(struct ll_buf *out, double weight, double most)
{
    int n = most > 0 ? (int)lround(fabs(weight) / most * BAR / 2) : 0;

    for (int i = -BAR / 2; i < BAR / 2; i++) {
        bool full = weight < 0 ? i >= -n && i < 0 : i >= 0 && i < n;
        ll_buf_z(out, full ? (weight < 0 ? "▒" : "█") : i == 0 ? "│" : " ");
    }
}

static const struct ll_column step_columns[] = {
    {"comparison", "比较项", "comparison", LL_LEFT},
    {"weight", "权重", "weight", LL_RIGHT},
    {"bar", "反对 │ 支持", "against │ for", LL_LEFT},
    {"after", "累计", "sum", LL_RIGHT},
    {"level", "结果", "found", LL_LEFT},
    {"left", "值一", "value", LL_LEFT},
    {"right", "值二", "other value", LL_LEFT},
};

static void put_step(struct ll_grid *g, const char *name, double weight, double most, double after,
                     const char *level, const struct ll_link_step *s)
{
    struct ll_buf bar = LL_BUF_INIT(1024);

    put_bar(&bar, weight, most);
    ll_grid_z(g, name);
    ll_grid_num(g, weight, 2);
    ll_grid_str(g, ll_buf_view(&bar));
    ll_grid_num(g, after, 2);
    ll_grid_z(g, level);
    ll_grid_z(g, s ? s->left : NULL);
    ll_grid_z(g, s ? s->right : NULL);
    ll_buf_free(&bar);
}

static int show_steps(struct ll_cli *c, const struct ll_link_explained *e, struct ll_err *err)
{
    struct ll_grid *g;
    double most = fabs(e->prior);

    ll_buf_c(&c->out, '\n');
    g = ll_grid_new(c, step_columns, LL_COUNT(step_columns));
    for (size_t i = 0; i < e->n; i++)
        most = fmax(most, fabs(e->steps[i].weight + e->steps[i].frequency));
    put_step(g, ll_say(c, "（起点）", "(before)"), e->prior, most, e->prior,
             ll_say(c, "任意两条记录是同一主体的可能", "that any two records are of one subject"), NULL);
    for (size_t i = 0; i < e->n; i++) {
        const struct ll_link_step *s = &e->steps[i];
        put_step(g, ll_say(c, s->zh, s->en), s->weight, most, s->after - s->frequency,
                 ll_say(c, s->level_zh, s->level_en), s);
        if (s->frequency != 0)
            put_step(g, "", s->frequency, most, s->after,
                     ll_say(c, "这个值有多常见", "how common the value is"), NULL);
    }
    return ll_grid_end(g, err);
}

int ll_cmd_link_explain(struct ll_cli *c, struct ll_err *err)
{
    struct ll_link_explained e;
    struct ll_desk d;
    int64_t id;
    int rc = number_of(c->args[0], &id, err);

    if (rc < 0 || (rc = ll_desk_open(c, LL_DESK_READ, &d, err)) < 0)
        return rc;
    if ((rc = ll_link_explain(d.tx, id, d.arena, &e, err)) == LL_OK && c->json) {
        struct ll_json j;
        ll_json_init(&j, &c->out);
        ll_json_obj(&j);
        ll_link_explained_put(&j, &e);
        ll_json_end_obj(&j);
        ll_buf_c(&c->out, '\n');
        rc = ll_out_flush(c, err);
    } else if (rc == LL_OK) {
        struct ll_grid *g = ll_grid_new(c, pair_columns, LL_COUNT(pair_columns));
        put_pair(g, &e.pair);
        rc = ll_grid_end_card(g, err);
        if (rc == LL_OK && !e.exact)
            rc = show_steps(c, &e, err);
    }
    ll_desk_close(&d);
    return rc;
}

/* ---- records ---- */

static const struct ll_column record_columns[] = {{"record", "记录", "record", LL_LEFT}};

int ll_cmd_link_cluster(struct ll_cli *c, struct ll_err *err)
{
    const char **list;
    struct ll_desk d;
    size_t n;
    int rc = ll_desk_open(c, LL_DESK_READ, &d, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_link_cluster(d.tx, c->args[0], c->args[1], d.arena, &list, &n, err)) == LL_OK) {
        struct ll_grid *g = ll_grid_new(c, record_columns, LL_COUNT(record_columns));
        for (size_t i = 0; i < n; i++)
            ll_grid_z(g, list[i]);
        rc = ll_grid_end(g, err);
    }
    ll_desk_close(&d);
    return rc;
}
