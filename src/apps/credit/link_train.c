/* link_train.c - see link_train.h. */
#include "apps/credit/link_train.h"

#include "apps/credit/link_sql.h"
#include "apps/credit/link_work.h"
#include "base/clock.h"
#include "base/json.h"

#include <math.h>
#include <string.h>

enum { SQL_MAX = 8 << 20 };

enum {
    PASSES = 3
}; /* u, m and lambda are estimated one after the other; each pass knows what the last found */

struct session {
    size_t rule;
    struct ll_link_patterns patterns;
    double pairs;
    struct ll_link_em em;
};

struct training {
    struct ll_link_work *w;
    const struct ll_link_model *m;
    struct ll_link_params params;
    double sum[LL_LINK_COMPARISONS][LL_LINK_LEVELS + 1], weight[LL_LINK_COMPARISONS]; /* of the sessions */
    struct session sessions[LL_LINK_RULES];
    size_t n_sessions;
    struct ll_link_patterns random, candidates;
    struct ll_link_block blocks[LL_LINK_RULES];
};

/* ---- patterns from the engine ---- */

struct taking {
    const struct ll_link_model *m;
    struct ll_link_patterns *to;
    double scale;
};

static int on_pattern(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct taking *t = ctx;
    struct ll_link_pattern p = {0};

    for (size_t c = 0; c + 1 < n; c++)
        p.level[c] = (int8_t)row[c].i;
    p.count = (double)row[n - 1].i * t->scale;
    return ll_link_patterns_add(t->to, &p, err);
}

/* Counts the patterns of the pairs that `from` (FROM ... with l and r) makes. */
static int patterns(struct training *t, const char *from, double scale, struct ll_link_patterns *to,
                    struct ll_err *err)
{
    struct taking taking = {t->m, to, scale};
    struct ll_buf sql = LL_BUF_INIT(SQL_MAX);
    int rc;

    ll_buf_z(&sql, "SELECT ");
    for (size_t c = 0; c < t->m->n_comparisons; c++) {
        ll_link_sql_level(&sql, t->m, c);
        ll_buf_printf(&sql, " AS g%zu, ", c);
    }
    ll_buf_printf(&sql, "count(*) AS n%s GROUP BY ", from);
    for (size_t c = 0; c < t->m->n_comparisons; c++)
        ll_buf_printf(&sql, "%sg%zu", c ? ", " : "", c);
    rc = sql.failed ? ll_no_memory(err) : ll_lake_each(t->w->c, sql.p, on_pattern, &taking, err);
    ll_buf_free(&sql);
    return rc;
}

static double total(const struct ll_link_patterns *p)
{
    double n = 0;

    for (size_t i = 0; i < p->n; i++)
        n += p->list[i].count;
    return n;
}

/* ---- u ---- */

/* As many records of each side as make about the wanted number of pairs, by the hash of their names. */
static void draw(struct ll_buf *sql, const struct training *t, size_t side, size_t from)
{
    double wanted = (double)t->m->random_pairs * (t->m->dedupe ? 2 : 1);
    double rows = (double)t->w->sources[side].rows;
    double other = t->m->dedupe ? rows : (double)t->w->sources[1 - side].rows;
    double n = fmin(rows, fmax(ceil(sqrt(wanted)), ceil(wanted / other)));

    ll_buf_printf(sql, "(SELECT * FROM link_p%zu ORDER BY hash(id, %lld) LIMIT %.0f)", side,
                  (long long)t->m->seed + (long long)from, n);
}

static int draw_pairs(struct training *t, struct ll_err *err)
{
    struct ll_buf from = LL_BUF_INIT(65536);
    int rc;

    ll_buf_z(&from, " FROM ");
    draw(&from, t, 0, 0);
    ll_buf_z(&from, " l, ");
    draw(&from, t, t->m->dedupe ? 0 : 1, t->m->dedupe ? 0 : 1);
    ll_buf_z(&from, t->m->dedupe ? " r WHERE l.rid < r.rid" : " r");
    rc = from.failed ? ll_no_memory(err) : patterns(t, from.p, 1, &t->random, err);
    ll_buf_free(&from);
    return rc;
}

/* ---- m ---- */

/* The pairs of a rule, of every so many keys where there are more than wanted. */
static int rule_patterns(struct training *t, size_t rule, bool training, struct ll_link_patterns *p,
                         struct ll_err *err)
{
    struct ll_buf from = LL_BUF_INIT(SQL_MAX);
    int64_t every = 1 + t->blocks[rule].pairs / t->m->pairs_per_rule;
    int rc;

    ll_link_sql_pairs(&from, t->m, rule, training);
    if (every > 1)
        ll_buf_printf(&from, " WHERE hash(l.k%zu, %lld) %% %lld = 0", rule, (long long)t->m->seed,
                      (long long)every);
    rc = from.failed ? ll_no_memory(err) : patterns(t, from.p, (double)every, p, err);
    ll_buf_free(&from);
    return rc;
}

/* The pairs of each training rule, and of all rules together. */
static int make_pairs(struct training *t, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t r = 0; r < t->m->n_rules && rc == LL_OK; r++) {
        if (t->m->rules[r].train) {
            struct session *s = &t->sessions[t->n_sessions++];
            s->rule = r;
            rc = rule_patterns(t, r, true, &s->patterns, err);
            s->pairs = total(&s->patterns);
        }
        if (rc == LL_OK && t->m->rules[r].use)
            rc = rule_patterns(t, r, false, &t->candidates, err);
    }
    if (rc == LL_OK && !t->candidates.n)
        rc = ll_fail(err, LL_INVALID, "分块规则没有凑出任何记录对：请检查列与规则",
                     "the blocking rules bring no pairs together: check the columns and the rules");
    return rc;
}

static void run_session(struct training *t, struct session *s)
{
    struct ll_link_params own = t->params;
    bool live[LL_LINK_COMPARISONS];

    for (size_t c = 0; c < t->m->n_comparisons; c++)
        live[c] = !ll_link_rule_touches(&t->m->rules[s->rule], &t->m->comparisons[c]);
    ll_link_em_run(t->m, &s->patterns, live, &own, &s->em, NULL, NULL);
    for (size_t c = 0; c < t->m->n_comparisons; c++) {
        if (!live[c] || !s->patterns.n)
            continue;
        t->weight[c] += s->em.matches;
        for (size_t k = 0; k <= t->m->comparisons[c].n; k++)
            t->sum[c][k] += own.m[c][k] * s->em.matches;
    }
}

static int estimate_m(struct training *t, struct ll_err *err)
{
    memset(t->sum, 0, sizeof t->sum);
    memset(t->weight, 0, sizeof t->weight);
    for (size_t i = 0; i < t->n_sessions; i++)
        run_session(t, &t->sessions[i]);
    for (size_t c = 0; c < t->m->n_comparisons; c++) {
        if (t->weight[c] < 1)
            return ll_fail(err, LL_INVALID,
                           "训练规则凑出的记录对里没有看到比较项 %s 的同一主体：请放宽训练规则",
                           "the training rules bring together no pair that tells comparison %s: widen them",
                           t->m->comparisons[c].name);
        for (size_t k = 0; k <= t->m->comparisons[c].n; k++)
            t->params.m[c][k] = t->sum[c][k] / t->weight[c];
    }
    return LL_OK;
}

/* ---- the whole ---- */

static void put_training(const struct training *t, struct ll_buf *out)
{
    struct ll_json j;

    ll_json_init(&j, out);
    ll_json_obj(&j);
    ll_json_key(&j, "sources");
    ll_json_arr(&j);
    for (size_t i = 0; i < t->w->n_sources; i++) {
        ll_json_obj(&j);
        ll_json_kz(&j, "name", t->w->sources[i].name);
        ll_json_kz(&j, "sha256", t->w->sources[i].sha256);
        ll_json_ki(&j, "rows", t->w->sources[i].rows);
        ll_json_end_obj(&j);
    }
    ll_json_end_arr(&j);
    ll_json_kn(&j, "random_pairs", total(&t->random));
    ll_json_key(&j, "sessions");
    ll_json_arr(&j);
    for (size_t i = 0; i < t->n_sessions; i++) {
        struct ll_buf title = LL_BUF_INIT(4096);
        ll_link_rule_title(&title, t->m, &t->m->rules[t->sessions[i].rule]);
        ll_json_obj(&j);
        ll_json_ks(&j, "rule", ll_buf_view(&title));
        ll_json_kn(&j, "pairs", t->sessions[i].pairs);
        ll_json_kn(&j, "matches", t->sessions[i].em.matches);
        ll_json_ki(&j, "rounds", t->sessions[i].em.rounds);
        ll_json_kb(&j, "converged", t->sessions[i].em.converged);
        ll_json_end_obj(&j);
        ll_buf_free(&title);
    }
    ll_json_end_arr(&j);
    ll_json_end_obj(&j);
}

static int train(struct training *t, struct ll_err *err)
{
    int rc;

    ll_link_params_init(t->m, &t->params);
    for (size_t r = 0; r < t->m->n_rules; r++)
        if ((rc = ll_link_work_block(t->w, r, &t->blocks[r], err)) < 0)
            return rc;
    if ((rc = draw_pairs(t, err)) < 0 || (rc = make_pairs(t, err)) < 0)
        return rc;
    for (int pass = 0; pass < PASSES; pass++) {
        ll_link_estimate_u(t->m, &t->random, pass > 0, &t->params);
        if ((rc = estimate_m(t, err)) < 0)
            return rc;
        t->params.lambda = ll_link_estimate_lambda(t->m, &t->candidates, ll_link_work_all_pairs(t->w),
                                                   &t->params);
    }
    return LL_OK;
}

static int save(struct ll_data *d, const struct training *t, struct ll_str definition, const char *training,
                const struct ll_actor *actor, struct ll_arena *arena, struct ll_link_trained *ret,
                struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int64_t version = 0;
    int rc = ll_txn_begin(ll_data_store(d), true, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_link_model_save(tx, t->m->name, definition, training, t->m, &t->params, actor, &version,
                                 err)) == LL_OK &&
        (rc = ll_link_model_get(tx, t->m->name, version, arena, ret, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

int ll_link_train(struct ll_data *d, struct ll_str definition, const char *const *sources, size_t n,
                  const struct ll_actor *actor, struct ll_arena *arena, struct ll_link_trained *ret,
                  struct ll_err *err)
{
    struct training *t = ll_arena_alloc(arena, sizeof *t);
    struct ll_buf training = LL_BUF_INIT(1 << 20);
    struct ll_link_model *m = NULL;
    int rc = t ? ll_link_model_parse(definition, arena, &m, err) : ll_no_memory(err);

    if (rc < 0)
        return rc;
    t->m = m;
    if ((rc = ll_link_work_open(d, m, sources, n, arena, &t->w, err)) < 0)
        return rc;
    if ((rc = train(t, err)) == LL_OK) {
        put_training(t, &training);
        rc = training.failed ? ll_no_memory(err) : save(d, t, definition, training.p, actor, arena, ret, err);
    }
    ll_link_work_close(t->w);
    ll_buf_free(&training);
    ll_link_patterns_free(&t->random);
    ll_link_patterns_free(&t->candidates);
    for (size_t i = 0; i < t->n_sessions; i++)
        ll_link_patterns_free(&t->sessions[i].patterns);
    return rc;
}
