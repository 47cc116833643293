/* link_run.c - see link_run.h. */
#include "apps/credit/link_run.h"

#include "apps/credit/link_resolve.h"
#include "apps/credit/link_sql.h"
#include "apps/credit/link_work.h"
#include "base/clock.h"
#include "base/json.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SQL_MAX = 8 << 20, PORTION = 20000, PAIRS_MAX = 50000000 };
static const double CERTAIN = 500; /* the weight of agreeing identifiers: stands above every sum of weights */

/* What a rule found. */
struct found {
    struct ll_link_block block;
    int64_t new_pairs,
        kept; /* candidates that no earlier rule made; of them at or above the review threshold */
};

struct run {
    struct ll_data *d;
    const struct ll_link_run_opts *o;
    struct ll_link_trained model;
    struct ll_link_work *w;
    char id[LL_LINK_RUN_ID];
    double match, review;
    struct found rules[LL_LINK_RULES];
    int64_t exact, outcomes[5];
    struct ll_link_edge *edges;
    size_t n, cap;
    struct ll_link_apart *apart;
    size_t n_apart;
    double
        completeness; /* of the links that some rule could find, the share that was brought together; < 0: not told */
    FILE *csv;
    uint64_t began;
    double seconds[4]; /* load, score, resolve, write */
};

static void stage(struct run *r, const char *zh, const char *en)
{
    if (r->o->stage)
        r->o->stage(r->o->ctx, zh, en);
}

static double lap(struct run *r)
{
    uint64_t now = ll_mono_us();
    double s = (double)(now - r->began) / 1e6;

    r->began = now;
    return s;
}

/* ---- scoring ---- */

static int make_scored(struct run *r, struct ll_err *err)
{
    const struct ll_link_model *m = r->model.model;
    struct ll_buf sql = LL_BUF_INIT(SQL_MAX);
    int rc;

    ll_buf_z(&sql, "CREATE TABLE link_scored (a BIGINT, b BIGINT, w DOUBLE, via VARCHAR");
    for (size_t c = 0; c < m->n_comparisons; c++)
        ll_buf_printf(&sql, ", g%zu TINYINT, d%zu FLOAT", c, c);
    ll_buf_c(&sql, ')');
    if ((rc = ll_link_work_run(r->w, &sql, err)) == LL_OK && m->n_ids) {
        ll_buf_printf(&sql,
                      "INSERT INTO link_scored BY NAME SELECT a, b, CAST(%g AS DOUBLE) AS w, via FROM (",
                      CERTAIN);
        ll_link_sql_exact(&sql, m);
        ll_buf_z(&sql, ")");
        if ((rc = ll_link_work_run(r->w, &sql, err)) == LL_OK)
            rc = ll_lake_int(r->w->c, "SELECT count(*) FROM link_scored", &r->exact, err);
    }
    ll_buf_free(&sql);
    return rc;
}

/* What a run has to score: the prior and every comparison's weight. */
static void put_weight(struct ll_buf *sql, const struct run *r)
{
    ll_buf_printf(sql, "CAST(%.17g AS DOUBLE)", ll_link_prior(&r->model.params));
    for (size_t c = 0; c < r->model.model->n_comparisons; c++) {
        ll_buf_z(sql, " + (");
        ll_link_sql_weight(sql, r->model.model, &r->model.params, c);
        ll_buf_c(sql, ')');
    }
}

static int score_rule(struct run *r, size_t rule, struct ll_err *err)
{
    const struct ll_link_model *m = r->model.model;
    struct ll_buf sql = LL_BUF_INIT(SQL_MAX);
    int64_t before = 0;
    int rc = ll_lake_int(r->w->c, "SELECT count(*) FROM link_scored", &before, err);

    ll_buf_z(&sql, "INSERT INTO link_scored SELECT l.rid, r.rid, ");
    put_weight(&sql, r);
    ll_buf_printf(&sql, " AS w, '%zu'", rule);
    for (size_t c = 0; c < m->n_comparisons; c++) {
        ll_buf_z(&sql, ", ");
        ll_link_sql_level(&sql, m, c);
        ll_buf_z(&sql, ", ");
        if (ll_link_adjusts(&m->comparisons[c]))
            ll_link_sql_adjustment(&sql, m, &r->model.params, c);
        else
            ll_buf_z(&sql, "0");
    }
    ll_link_sql_pairs(&sql, m, rule, false);
    ll_buf_z(&sql, " WHERE ");
    put_weight(&sql, r);
    ll_buf_printf(&sql, " >= CAST(%.17g AS DOUBLE)", ll_link_weight_of(r->review));
    if (rc == LL_OK && (rc = ll_link_work_run(r->w, &sql, err)) == LL_OK)
        rc = ll_lake_int(r->w->c, "SELECT count(*) FROM link_scored", &r->rules[rule].kept, err);
    r->rules[rule].kept -= before;
    ll_buf_free(&sql);
    return rc;
}

static int count_new(struct run *r, size_t rule, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(SQL_MAX);
    int rc;

    ll_buf_z(&sql, "SELECT count(*)");
    ll_link_sql_pairs(&sql, r->model.model, rule, false);
    rc = sql.failed ? ll_no_memory(err) : ll_lake_int(r->w->c, sql.p, &r->rules[rule].new_pairs, err);
    ll_buf_free(&sql);
    return rc;
}

static int score(struct run *r, struct ll_err *err)
{
    const struct ll_link_model *m = r->model.model;
    int rc = make_scored(r, err);

    for (size_t i = 0; i < m->n_rules && rc == LL_OK; i++) {
        if (!m->rules[i].use)
            continue;
        stage(r, "比对", "comparing");
        if ((rc = ll_link_work_block(r->w, i, &r->rules[i].block, err)) == LL_OK &&
            (rc = count_new(r, i, err)) == LL_OK)
            rc = score_rule(r, i, err);
    }
    return rc;
}

/* ---- completeness ---- */

static int two_ints(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    int64_t *f = ctx;

    (void)n, (void)err;
    f[row[0].i > 2 ? 2 : row[0].i - 1] += row[1].i;
    return LL_OK;
}

/* Links that only one rule found tell how many none did (Chao's lower bound, f1 (f1 - 1) / 2 (f2 + 1)): without labels nothing better is to
 * be had, and rules that resemble each other make it too hopeful. */
static int estimate_completeness(struct run *r, struct ll_err *err)
{
    const struct ll_link_model *m = r->model.model;
    struct ll_buf sql = LL_BUF_INIT(65536);
    int64_t f[3] = {0};
    bool first = true;
    int rc;

    ll_buf_z(&sql, "SELECT CAST(rules AS BIGINT), count(*) FROM (SELECT ");
    for (size_t i = 0; i < m->n_rules; i++)
        if (m->rules[i].use) {
            ll_buf_printf(&sql, "%scoalesce(CAST(l.k%zu = r.k%zu AS INTEGER), 0)", first ? "" : " + ", i, i);
            first = false;
        }
    ll_buf_printf(
        &sql,
        " AS rules FROM link_scored s JOIN link_p0 l ON l.rid = s.a JOIN link_p%u r ON r.rid = s.b WHERE w >= %.17g AND w < %g)"
        " WHERE rules > 0 GROUP BY 1",
        m->dedupe ? 0u : 1u, ll_link_weight_of(r->match), CERTAIN);
    rc = sql.failed ? ll_no_memory(err) : ll_lake_each(r->w->c, sql.p, two_ints, f, err);
    double seen = (double)(f[0] + f[1] + f[2]), one = (double)f[0];
    r->completeness = seen > 0 ? seen / (seen + one * (one - 1) / (2 * ((double)f[1] + 1))) : -1;
    ll_buf_free(&sql);
    return rc;
}

/* ---- resolving ---- */

static int on_edge(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct run *r = ctx;
    size_t second = r->model.model->dedupe ? 0 : (size_t)r->w->sources[0].rows;

    (void)n;
    if (r->n == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 65536;
        struct ll_link_edge *edges = cap > PAIRS_MAX ? NULL : realloc(r->edges, cap * sizeof *edges);
        if (!edges)
            return ll_fail(err, LL_TOOBIG, "达到复核阈值的记录对超过 %d：请提高 review",
                           "more than %d pairs reach the review threshold: raise it", PAIRS_MAX / 2);
        r->edges = edges;
        r->cap = cap;
    }
    r->edges[r->n++] = (struct ll_link_edge){.a = (uint32_t)(row[0].i - 1),
                                             .b = (uint32_t)((size_t)row[1].i - 1 + second),
                                             .weight = (float)row[2].num};
    return LL_OK;
}

/* --- what persons decided --- */

struct decided {
    struct run *r;
    struct ll_buf values; /* ('a', 'b', linked), ... */
    size_t n;
};

static int on_decided(void *ctx, const char *a, const char *b, bool linked, struct ll_err *err)
{
    struct decided *x = ctx;

    ll_buf_z(&x->values, x->n++ ? ", (" : "(");
    ll_buf_sql(&x->values, ll_str(a));
    ll_buf_z(&x->values, ", ");
    ll_buf_sql(&x->values, ll_str(b));
    ll_buf_z(&x->values, linked ? ", true)" : ", false)");
    return x->values.failed ? ll_no_memory(err) : LL_OK;
}

static int on_apart(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct run *r = ctx;
    size_t second = r->model.model->dedupe ? 0 : (size_t)r->w->sources[0].rows;

    (void)n;
    if ((r->n_apart & (r->n_apart - 1)) == 0) {
        struct ll_link_apart *list = realloc(r->apart, (r->n_apart ? 2 * r->n_apart : 1) * sizeof *list);
        if (!list)
            return ll_no_memory(err);
        r->apart = list;
    }
    r->apart[r->n_apart++] = (struct ll_link_apart){(uint32_t)(row[0].i - 1),
                                                    (uint32_t)((size_t)row[1].i - 1 + second)};
    return LL_OK;
}

static void put_record(struct ll_buf *sql, const struct run *r, size_t side, const char *alias)
{
    ll_buf_sql(sql, ll_str(r->w->sources[side].name));
    ll_buf_printf(sql, " || ':' || %s.id", alias);
}

/* link_decided (a, b, linked) by rids; pairs that persons linked come to the scored ones as certain. */
static int follow(struct run *r, struct ll_err *err)
{
    struct decided x = {.r = r, .values = LL_BUF_INIT(64 << 20)};
    struct ll_buf sql = LL_BUF_INIT(65 << 20);
    bool dedupe = r->model.model->dedupe;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(r->d), false, &tx, err);

    if (rc == LL_OK)
        rc = ll_link_decided(tx, r->model.name, on_decided, &x, err);
    ll_txn_end(tx);
    if (rc == LL_OK && x.n) {
        ll_buf_printf(
            &sql,
            "CREATE TABLE link_decided AS SELECT least(l.rid, %s) AS a, %s AS b, d.linked FROM (VALUES %s) d(x, y, linked) JOIN link_s0 l ON ",
            dedupe ? "r.rid" : "l.rid", dedupe ? "greatest(l.rid, r.rid)" : "r.rid", x.values.p);
        put_record(&sql, r, 0, "l");
        ll_buf_printf(&sql, " = d.x JOIN link_s%u r ON ", dedupe ? 0u : 1u);
        put_record(&sql, r, dedupe ? 0 : 1, "r");
        ll_buf_z(&sql, " = d.y");
        if ((rc = ll_link_work_run(r->w, &sql, err)) == LL_OK)
            rc = ll_lake_exec(
                r->w->c,
                "DELETE FROM link_scored WHERE (a, b) IN (SELECT (a, b) FROM link_decided WHERE linked)",
                err);
        if (rc == LL_OK)
            rc = ll_lake_exec(
                r->w->c,
                "INSERT INTO link_scored BY NAME SELECT a, b, CAST(1000 AS DOUBLE) AS w, 'person' AS via FROM link_decided WHERE linked",
                err);
        if (rc == LL_OK)
            rc = ll_lake_each(r->w->c, "SELECT a, b FROM link_decided WHERE NOT linked", on_apart, r, err);
    }
    ll_buf_free(&x.values);
    ll_buf_free(&sql);
    return rc;
}

static int resolve(struct run *r, struct ll_err *err)
{
    const struct ll_link_model *m = r->model.model;
    int rc = follow(r, err);

    stage(r, "归并", "resolving");
    if (rc < 0 ||
        (rc = ll_lake_exec(r->w->c,
                           "CREATE TABLE link_sorted AS SELECT * FROM link_scored ORDER BY w DESC, a, b",
                           err)) < 0 ||
        (rc = ll_lake_each(r->w->c, "SELECT a, b, w FROM link_sorted ORDER BY w DESC, a, b", on_edge, r,
                           err)) < 0)
        return rc;
    const struct ll_link_resolve o = {
        .nodes = (size_t)(r->w->sources[0].rows + (m->dedupe ? 0 : r->w->sources[1].rows)),
        .match = ll_link_weight_of(r->match),
        .cohesion = m->cohesion,
        .cluster_max = m->cluster_max,
        .one_to_one = m->one_to_one,
        .apart = r->apart,
        .n_apart = r->n_apart};
    return ll_link_resolve(&o, r->edges, r->n, err);
}

/* ---- writing ---- */

/* How an outcome stands in the store and in the CSV. */
static const struct {
    const char *state, *why;
} outcomes[] = {
    [LL_LINK_UNSURE] = {"review", "weight"},   [LL_LINK_MATCHED] = {"matched", "weight"},
    [LL_LINK_OUTDONE] = {"outdone", "better"}, [LL_LINK_CHAIN] = {"review", "chain"},
    [LL_LINK_APART] = {"apart", "person"},
};

struct writer {
    struct run *r;
    struct ll_txn *tx;
    size_t at, in_portion;
    struct ll_buf a, b, levels, adjustments, line;
};

static int next_portion(struct writer *w, struct ll_err *err)
{
    int rc = LL_OK;

    if (w->tx)
        rc = ll_txn_commit(w->tx, err);
    ll_txn_end(w->tx);
    w->tx = NULL;
    w->in_portion = 0;
    return rc < 0 ? rc : ll_txn_begin(ll_data_store(w->r->d), true, &w->tx, err);
}

static int write_csv(struct writer *w, const struct ll_link_pair *p, struct ll_err *err)
{
    ll_buf_clear(&w->line);
    ll_buf_csv(&w->line, ll_str(p->a), false);
    ll_buf_c(&w->line, ',');
    ll_buf_csv(&w->line, ll_str(p->b), false);
    ll_buf_printf(&w->line, ",%.4f,%.6f,%s,%s,\"%s\"\n", p->weight, ll_link_probability(p->weight), p->state,
                  p->why, p->levels);
    if (w->line.failed)
        return ll_no_memory(err);
    return fwrite(w->line.p, 1, w->line.n, w->r->csv) == w->line.n
               ? LL_OK
               : ll_fail_errno(err, LL_IO, "写不进 %s", "cannot write %s", w->r->o->out);
}

static const char *text_of(struct ll_buf *b, const struct ll_lake_value *v)
{
    ll_buf_clear(b);
    ll_buf_str(b, v->s);
    return b->p ? b->p : "";
}

static void put_levels(struct writer *w, const struct ll_lake_value *row)
{
    ll_buf_clear(&w->levels);
    ll_buf_clear(&w->adjustments);
    for (size_t c = 0; c < w->r->model.model->n_comparisons; c++) {
        const struct ll_lake_value *g = &row[5 + 2 * c], *d = &row[6 + 2 * c];
        ll_buf_printf(&w->levels, "%s%lld", c ? "," : "", g->kind == LL_LV_NULL ? -1LL : (long long)g->i);
        ll_buf_printf(&w->adjustments, "%s%.4g", c ? "," : "", d->kind == LL_LV_NUM ? d->num : 0.0);
    }
}

/* Row: a's name, b's name, weight, via, shown, then a level and an adjustment a comparison. */
static int on_scored(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct writer *w = ctx;
    const struct ll_link_edge *e = &w->r->edges[w->at++];
    char why[64], shown[8192];
    int rc;

    (void)n;
    snprintf(why, sizeof why, "%s", outcomes[e->outcome].why);
    if (row[2].num >= CERTAIN)
        snprintf(why, sizeof why, "%s" LL_STR_FMT,
                 row[2].num > CERTAIN ? "" : "exact:", LL_STR_ARG(row[3].s));
    snprintf(shown, sizeof shown, LL_STR_FMT, LL_STR_ARG(row[4].s));
    put_levels(w, row);
    struct ll_link_pair p = {.model = w->r->model.name,
                             .a = text_of(&w->a, &row[0]),
                             .b = text_of(&w->b, &row[1]),
                             .weight = row[2].num,
                             .levels = w->levels.p,
                             .adjustments = w->adjustments.p,
                             .shown = strcmp(outcomes[e->outcome].state, "review") == 0 ? shown : NULL,
                             .state = outcomes[e->outcome].state,
                             .why = why};
    if (w->r->model.model->dedupe && strcmp(p.a, p.b) > 0) {
        const char *t = p.a;
        p.a = p.b;
        p.b = t;
    }
    w->r->outcomes[e->outcome]++;
    if (w->r->csv && (rc = write_csv(w, &p, err)) < 0)
        return rc;
    if (w->in_portion++ == PORTION && (rc = next_portion(w, err)) < 0)
        return rc;
    return ll_link_run_pair(w->tx, w->r->id, &p, err);
}

/* {"name": ["left", "right"], ...}: what a person compares, masked where the model says so. */
static void put_shown(struct ll_buf *sql, const struct ll_link_model *m)
{
    ll_buf_z(sql, "CAST(to_json(struct_pack(");
    for (size_t f = 0; f < m->n_fields; f++) {
        const char *mask = m->fields[f].sensitive ? "ll_mask" : "";
        ll_buf_z(sql, f ? ", " : "");
        ll_buf_sql_name(sql, ll_str(m->fields[f].name));
        ll_buf_printf(sql, " := [left(%s(l.f%zu), 120), left(%s(r.f%zu), 120)]", mask, f, mask, f);
    }
    ll_buf_z(sql, ")) AS VARCHAR)");
}

static int write_pairs(struct run *r, struct ll_err *err)
{
    const struct ll_link_model *m = r->model.model;
    struct writer w = {.r = r,
                       .a = LL_BUF_INIT(65536),
                       .b = LL_BUF_INIT(65536),
                       .levels = LL_BUF_INIT(4096),
                       .adjustments = LL_BUF_INIT(4096),
                       .line = LL_BUF_INIT(1 << 20)};
    struct ll_buf sql = LL_BUF_INIT(SQL_MAX);
    int rc = next_portion(&w, err);

    ll_buf_z(&sql, "SELECT ");
    put_record(&sql, r, 0, "l");
    ll_buf_z(&sql, ", ");
    put_record(&sql, r, m->dedupe ? 0 : 1, "r");
    ll_buf_printf(&sql, ", s.w, s.via, CASE WHEN s.w < %g THEN ", CERTAIN);
    put_shown(&sql, m);
    ll_buf_z(&sql, " END");
    for (size_t c = 0; c < m->n_comparisons; c++)
        ll_buf_printf(&sql, ", CAST(s.g%zu AS BIGINT), CAST(s.d%zu AS DOUBLE)", c, c);
    ll_buf_printf(
        &sql,
        " FROM link_sorted s JOIN link_s0 l ON l.rid = s.a JOIN link_s%u r ON r.rid = s.b ORDER BY s.w DESC, s.a, s.b",
        m->dedupe ? 0u : 1u);
    if (rc == LL_OK)
        rc = sql.failed ? ll_no_memory(err) : ll_lake_each(r->w->c, sql.p, on_scored, &w, err);
    if (rc == LL_OK)
        rc = ll_txn_commit(w.tx, err);
    ll_txn_end(w.tx);
    struct ll_buf *all[] = {&w.a, &w.b, &w.levels, &w.adjustments, &w.line, &sql};
    for (size_t i = 0; i < LL_COUNT(all); i++)
        ll_buf_free(all[i]);
    return rc;
}

/* ---- the report ---- */

static void put_rule(struct ll_json *j, const struct run *r, size_t i)
{
    struct ll_buf title = LL_BUF_INIT(4096);
    const struct found *f = &r->rules[i];

    ll_link_rule_title(&title, r->model.model, &r->model.model->rules[i]);
    ll_json_obj(j);
    ll_json_ks(j, "rule", ll_buf_view(&title));
    ll_json_ki(j, "pairs", f->block.pairs);
    ll_json_ki(j, "dropped", f->block.dropped);
    ll_json_ki(j, "greatest", f->block.greatest);
    ll_json_ki(j, "new_pairs", f->new_pairs);
    ll_json_ki(j, "kept", f->kept);
    ll_json_end_obj(j);
    ll_buf_free(&title);
}

static void put_report(const struct run *r, struct ll_buf *out)
{
    static const char *const stages[] = {"load_s", "score_s", "resolve_s", "write_s"};
    const struct ll_link_model *m = r->model.model;
    double all = ll_link_work_all_pairs(r->w), candidates = 0;
    struct ll_json j;

    ll_json_init(&j, out);
    ll_json_obj(&j);
    ll_json_key(&j, "sources");
    ll_json_arr(&j);
    for (size_t i = 0; i < r->w->n_sources; i++) {
        ll_json_obj(&j);
        ll_json_kz(&j, "name", r->w->sources[i].name);
        ll_json_kz(&j, "sha256", r->w->sources[i].sha256);
        ll_json_ki(&j, "rows", r->w->sources[i].rows);
        ll_json_end_obj(&j);
    }
    ll_json_end_arr(&j);
    ll_json_kn(&j, "match", r->match);
    ll_json_kn(&j, "review", r->review);
    ll_json_ki(&j, "exact", r->exact);
    ll_json_ki(&j, "matched", r->outcomes[LL_LINK_MATCHED]);
    ll_json_ki(&j, "in_review", r->outcomes[LL_LINK_UNSURE] + r->outcomes[LL_LINK_CHAIN]);
    ll_json_ki(&j, "chains_cut", r->outcomes[LL_LINK_CHAIN]);
    ll_json_ki(&j, "outdone", r->outcomes[LL_LINK_OUTDONE]);
    ll_json_ki(&j, "apart", r->outcomes[LL_LINK_APART]);
    ll_json_key(&j, "blocking");
    ll_json_arr(&j);
    for (size_t i = 0; i < m->n_rules; i++)
        if (m->rules[i].use) {
            put_rule(&j, r, i);
            candidates += (double)r->rules[i].new_pairs;
        }
    ll_json_end_arr(&j);
    ll_json_kn(&j, "all_pairs", all);
    ll_json_kn(&j, "candidates", candidates);
    ll_json_kn(&j, "reduction", 1 - candidates / all);
    ll_json_key(&j, "completeness");
    ll_json_num(&j, r->completeness < 0 ? NAN : r->completeness);
    for (size_t i = 0; i < LL_COUNT(stages); i++)
        ll_json_kn(&j, stages[i], round(r->seconds[i] * 1000) / 1000);
    ll_json_end_obj(&j);
}

/* ---- the whole ---- */

static int begin(struct run *r, struct ll_arena *arena, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(r->d), true, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_link_model_get(tx, r->o->model, r->o->version, arena, &r->model, err)) == LL_OK) {
        r->match = r->o->match > 0 ? r->o->match : r->model.model->match;
        r->review = r->o->review > 0 ? r->o->review : fmin(r->model.model->review, r->match);
        rc = r->review > r->match
                 ? ll_fail(err, LL_INVALID, "复核阈值 %g 高于关联阈值 %g",
                           "the review threshold %g is above the match threshold %g", r->review, r->match)
                 : ll_link_run_begin(tx, &r->model, r->match, r->review, r->o->actor, r->id, err);
    }
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

static int end(struct run *r, struct ll_err *err)
{
    struct ll_buf report = LL_BUF_INIT(1 << 20);
    struct ll_txn *tx = NULL;
    int rc;

    put_report(r, &report);
    rc = report.failed ? ll_no_memory(err) : ll_txn_begin(ll_data_store(r->d), true, &tx, err);
    if (rc == LL_OK && (rc = ll_link_run_end(tx, r->id, report.p, r->o->actor, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    ll_buf_free(&report);
    return rc;
}

static int work(struct run *r, struct ll_arena *arena, struct ll_err *err)
{
    int rc;

    stage(r, "载入", "loading");
    if ((rc = ll_link_work_open(r->d, r->model.model, r->o->sources, r->o->n_sources, arena, &r->w, err)) < 0)
        return rc;
    r->seconds[0] = lap(r);
    if ((rc = score(r, err)) < 0 || (rc = estimate_completeness(r, err)) < 0)
        return rc;
    r->seconds[1] = lap(r);
    if ((rc = resolve(r, err)) < 0)
        return rc;
    r->seconds[2] = lap(r);
    stage(r, "写入", "writing");
    if ((rc = write_pairs(r, err)) < 0)
        return rc;
    r->seconds[3] = lap(r);
    return end(r, err);
}

static int open_csv(struct run *r, struct ll_err *err)
{
    if (!r->o->out)
        return LL_OK;
    if (!(r->csv = fopen(r->o->out, "w")))
        return ll_fail_errno(err, LL_IO, "写不进 %s", "cannot write %s", r->o->out);
    fputs("a,b,weight,probability,state,why,levels\n", r->csv);
    return LL_OK;
}

int ll_link_run(struct ll_data *d, const struct ll_link_run_opts *o, struct ll_arena *arena,
                char ret_id[LL_LINK_RUN_ID], struct ll_err *err)
{
    struct run *r = ll_arena_alloc(arena, sizeof *r);
    int rc;

    if (!r)
        return ll_no_memory(err);
    r->d = d;
    r->o = o;
    r->began = ll_mono_us();
    if ((rc = open_csv(r, err)) == LL_OK && (rc = begin(r, arena, err)) == LL_OK)
        rc = work(r, arena, err);
    if (r->csv && fclose(r->csv) != 0 && rc == LL_OK)
        rc = ll_fail_errno(err, LL_IO, "写不进 %s", "cannot write %s", o->out);
    ll_link_work_close(r->w);
    free(r->edges);
    free(r->apart);
    memcpy(ret_id, r->id, sizeof r->id);
    return rc;
}
