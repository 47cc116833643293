/* handle_kit.c - the model kit: a study opened by an operator, and questions to it, answered as JSON or as CSV. */
#include "apps/finance/kit_study.h"
#include "http/sharing.h"
#include "routes.gen.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LL_KIT_CSV = 1 << 20 };
enum what { DISTRIBUTION, BINNING, CROSS, CORRELATION };
static const char *const whats[] = {"distribution", "binning", "cross", "correlation"};
static const char *const methods[] = {"quantile", "width"};

struct asked {
    enum what what;
    enum ll_kit_method method;
    size_t bins, at[2], n; /* at: indicators */
    struct ll_kit_study study;
    const struct ll_feature_set *set;
    int64_t used;
};
struct answer {
    struct ll_kit_bins bins;
    struct ll_kit_cross cross;
    struct ll_kit_correlation correlation;
};

/* ---- the study ---- */

int ll_h_kit_study(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_kit_study s;
    struct ll_sharing sh;
    int rc = ll_sharing_open(app, false, &sh, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_kit_current(sh.tx, rq->arena, &s, err)) > 0)
        ll_kit_study_put(&rq->json, &s);
    else if (rc == 0)
        rc = ll_fail(err, LL_NOTFOUND, "还没有开设建模数据期", "no study was opened yet");
    ll_sharing_close(&sh);
    return rc < 0 ? rc : LL_OK;
}

int ll_h_kit_study_open(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_feature_set *set = NULL;
    struct ll_kit_study s;
    struct ll_sharing sh;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *features = ll_body_text(&b, "features", 1, 64, true),
               *outcome = ll_body_text(&b, "outcome", 1, 64, true);
    int64_t overdue = ll_body_int(&b, "overdue_days", 1, 3650, 30);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_sharing_open(app, true, &sh, err)) < 0)
        return rc;
    if ((rc = ll_features_read(sh.tx, sh.cat, rq->arena, &set, err)) == LL_OK &&
        (rc = ll_kit_study_open(app->data, sh.tx, set, &rq->actor, features, outcome, overdue, rq->arena, &s,
                                err)) == LL_OK) {
        ll_kit_study_put(&rq->json, &s);
        rc = ll_sharing_commit(app, &sh, err);
    }
    ll_sharing_close(&sh);
    rq->status = 201;
    return rc;
}

/* ---- a question ---- */

static int read_indicator(struct asked *a, const struct ll_arg *arg, struct ll_err *err)
{
    int at = arg->given ? ll_feature_at(a->set, arg->s) : -1;

    if (at < 0)
        return ll_fail(err, LL_USAGE, "没有这个指标", "there is no such indicator");
    a->at[a->n++] = (size_t)at;
    return LL_OK;
}

static void question_of(const struct asked *a, char out[LL_KIT_QUESTION])
{
    const char *first = a->set->features[a->at[0]].name;

    if (a->n == 2) {
        const char *second = a->set->features[a->at[1]].name;
        bool turned = strcmp(first, second) > 0; /* either way round it is one question */
        snprintf(out, LL_KIT_QUESTION, "%s %s %s", whats[a->what], turned ? second : first,
                 turned ? first : second);
    } else {
        snprintf(out, LL_KIT_QUESTION, "%s %s %s %zu", whats[a->what], first, methods[a->method], a->bins);
    }
}

static int read_question(struct ll_request *rq, struct ll_sharing *sh, struct asked *a, struct ll_err *err)
{
    char question[LL_KIT_QUESTION];
    int rc = ll_features_read(sh->tx, sh->cat, rq->arena, &a->set, err);

    a->what = (enum what)ll_arg(rq, LL_P_KIT_QUERY_WHAT)->i;
    a->method = (enum ll_kit_method)ll_arg(rq, LL_P_KIT_QUERY_METHOD)->i;
    a->bins = (size_t)ll_arg(rq, LL_P_KIT_QUERY_BINS)->i;
    if (rc < 0 || (rc = read_indicator(a, ll_arg(rq, LL_P_KIT_QUERY_INDICATOR), err)) < 0 ||
        (a->what >= CROSS && (rc = read_indicator(a, ll_arg(rq, LL_P_KIT_QUERY_OTHER), err)) < 0))
        return rc;
    if ((rc = ll_kit_current(sh->tx, rq->arena, &a->study, err)) == 0)
        return ll_fail(err, LL_NOTFOUND, "还没有开设建模数据期", "no study was opened yet");
    if (rc < 0)
        return rc;
    question_of(a, question);
    return ll_kit_ask(sh->tx, &a->study, &rq->actor, question, &a->used, err);
}

static int work_out(struct ll_app *app, struct ll_request *rq, const struct asked *a, struct answer *ret,
                    struct ll_err *err)
{
    struct ll_kit_column columns[2];
    signed char *outcome = NULL;
    int rc = ll_kit_load(app->data, &a->study, a->set, a->at, a->n, rq->arena, columns, &outcome, err);

    if (rc < 0)
        return rc;
    switch (a->what) {
    case CROSS:
        return ll_kit_cross(&columns[0], &columns[1], rq->arena, &ret->cross, err);
    case CORRELATION:
        return ll_kit_correlate(&columns[0], &columns[1], rq->arena, &ret->correlation, err);
    default:
        return ll_kit_bin(&columns[0], a->what == BINNING ? outcome : NULL, a->method, a->bins, rq->arena,
                          &ret->bins, err);
    }
}

/* Counted and noted before it is worked out; whatever it comes to. */
static int ask(struct ll_app *app, struct ll_request *rq, struct asked *a, struct answer *ret,
               struct ll_sharing *sh, struct ll_err *err)
{
    int rc = ll_access_frozen(app->access, &rq->actor, NULL, err);

    if (rc < 0 || (rc = ll_sharing_open(app, true, sh, err)) < 0)
        return rc;
    if ((rc = read_question(rq, sh, a, err)) == LL_OK && (rc = ll_sharing_commit(app, sh, err)) == LL_OK &&
        (rc = ll_data_view_begin(app->data, err)) == LL_OK) {
        rc = work_out(app, rq, a, ret, err);
        ll_data_view_end(app->data);
    }
    if (rc < 0)
        ll_sharing_close(sh);
    return rc;
}

/* ---- told ---- */

static void put_bound(struct ll_json *j, const char *key, bool has, double value)
{
    ll_json_kn(j, key, has ? value : NAN);
}

static void put_bin(struct ll_json *j, const struct ll_feature *f, const struct ll_kit_bin *b, bool outcome)
{
    ll_json_obj(j);
    put_bound(j, "from", b->has_from, b->from);
    put_bound(j, "to", b->has_to, b->to);
    ll_json_key(j, "codes");
    ll_json_arr(j);
    for (size_t i = 0; i < b->n_codes && !b->other; i++) {
        const struct ll_code *c = f->codes ? ll_codeset_by_code(f->codes, b->codes[i]) : NULL;
        ll_json_obj(j);
        ll_json_ks(j, "code", b->codes[i]);
        ll_json_kz(j, "title", c ? c->title.p : NULL);
        ll_json_kz(j, "title_en", c && c->title_en.n ? c->title_en.p : NULL);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_kb(j, "other", b->other);
    ll_json_kb(j, "missing", b->missing);
    ll_json_ki(j, "firms", outcome ? b->good + b->bad : b->firms);
    ll_json_key(j, "good");
    outcome ? ll_json_int(j, b->good) : ll_json_null(j);
    ll_json_key(j, "bad");
    outcome ? ll_json_int(j, b->bad) : ll_json_null(j);
    ll_json_kn(j, "woe", b->woe);
    ll_json_end_obj(j);
}

static void put_bins(struct ll_json *j, const char *key, const struct ll_feature *f,
                     const struct ll_kit_bins *b, bool outcome)
{
    ll_json_key(j, key);
    ll_json_arr(j);
    for (size_t i = 0; i < b->n; i++)
        put_bin(j, f, &b->list[i], outcome);
    ll_json_end_arr(j);
}

static void put_cells(struct ll_json *j, const struct ll_kit_cross *x)
{
    ll_json_key(j, "cells");
    ll_json_arr(j);
    for (size_t i = 0; i < x->a.n; i++) {
        ll_json_arr(j);
        for (size_t k = 0; k < x->b.n; k++)
            ll_json_int(j, x->cells[i * x->b.n + k]);
        ll_json_end_arr(j);
    }
    ll_json_end_arr(j);
}

static void put_answer(struct ll_json *j, const struct asked *a, const struct answer *r)
{
    const struct ll_feature *first = &a->set->features[a->at[0]],
                            *second = &a->set->features[a->at[a->n - 1]];
    const bool outcome = a->what == BINNING;

    ll_json_key(j, "study");
    ll_kit_study_put(j, &a->study);
    ll_json_kz(j, "what", whats[a->what]);
    ll_json_kz(j, "indicator", first->name);
    ll_json_kz(j, "other", a->n == 2 ? second->name : NULL);
    ll_json_ki(j, "least", LL_KIT_CELL);
    ll_json_ki(j, "used", a->used);
    ll_json_ki(j, "budget", LL_KIT_BUDGET);
    put_bins(j, "bins", first, a->what == CROSS ? &r->cross.a : &r->bins, outcome);
    put_bins(j, "other_bins", second, &r->cross.b, false);
    put_cells(j, &r->cross);
    ll_json_kn(j, "iv", outcome ? r->bins.iv : NAN);
    ll_json_kn(j, "pearson", a->what == CORRELATION ? r->correlation.pearson : NAN);
    ll_json_kn(j, "spearman", a->what == CORRELATION ? r->correlation.spearman : NAN);
    ll_json_key(j, "firms");
    a->what == CORRELATION ? ll_json_int(j, r->correlation.firms) : ll_json_null(j);
}

int ll_h_kit_query(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct answer r = {.bins = {.n = 0}};
    struct asked a = {.n = 0};
    struct ll_sharing sh;
    int rc = ask(app, rq, &a, &r, &sh, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    put_answer(&rq->json, &a, &r);
    ll_json_end_obj(&rq->json);
    ll_sharing_close(&sh);
    return LL_OK;
}

/* ---- as CSV ---- */

static void bin_name(const struct ll_kit_bin *b, struct ll_buf *out)
{
    ll_buf_clear(out);
    for (size_t i = 0; i < b->n_codes && !b->other; i++)
        ll_buf_printf(out, "%s%.*s", i ? "|" : "", LL_STR_ARG(b->codes[i]));
    if (b->has_from || b->has_to)
        ll_buf_c(out, '[');
    if (b->has_from)
        ll_buf_printf(out, "%.15g", b->from);
    if (b->has_from || b->has_to)
        ll_buf_z(out, ", ");
    if (b->has_to)
        ll_buf_printf(out, "%.15g", b->to);
    if (b->has_from || b->has_to)
        ll_buf_c(out, ')');
    ll_buf_z(out, b->other ? "other" : "");
    ll_buf_z(out, b->missing ? (out->n ? " or missing" : "missing") : "");
}

static void csv_number(struct ll_buf *out, double x)
{
    if (isfinite(x))
        ll_buf_printf(out, ",%.15g", x);
    else
        ll_buf_c(out, ',');
}

static void csv_bins(struct ll_buf *out, const struct ll_kit_bins *b, bool outcome)
{
    struct ll_buf name = LL_BUF_INIT(LL_KIT_CSV);

    ll_buf_z(out, "bin,firms,good,bad,woe\r\n");
    for (size_t i = 0; i < b->n; i++) {
        bin_name(&b->list[i], &name);
        ll_buf_csv(out, ll_buf_view(&name), true);
        csv_number(out, (double)(outcome ? b->list[i].good + b->list[i].bad : b->list[i].firms));
        csv_number(out, outcome ? (double)b->list[i].good : NAN);
        csv_number(out, outcome ? (double)b->list[i].bad : NAN);
        csv_number(out, b->list[i].woe);
        ll_buf_z(out, "\r\n");
    }
    ll_buf_free(&name);
}

static void csv_cross(struct ll_buf *out, const struct ll_kit_cross *x)
{
    struct ll_buf name = LL_BUF_INIT(LL_KIT_CSV);

    ll_buf_z(out, "bin");
    for (size_t k = 0; k < x->b.n; k++) {
        ll_buf_c(out, ',');
        bin_name(&x->b.list[k], &name);
        ll_buf_csv(out, ll_buf_view(&name), true);
    }
    for (size_t i = 0; i < x->a.n; i++) {
        ll_buf_z(out, "\r\n");
        bin_name(&x->a.list[i], &name);
        ll_buf_csv(out, ll_buf_view(&name), true);
        for (size_t k = 0; k < x->b.n; k++)
            csv_number(out, (double)x->cells[i * x->b.n + k]);
    }
    ll_buf_z(out, "\r\n");
    ll_buf_free(&name);
}

int ll_h_kit_file(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct answer r = {.bins = {.n = 0}};
    struct asked a = {.n = 0};
    struct ll_sharing sh;
    int rc = ask(app, rq, &a, &r, &sh, err);

    if (rc < 0)
        return rc;
    rq->type = "text/csv; charset=utf-8";
    if (a.what == CORRELATION) {
        ll_buf_z(&rq->out, "firms,pearson,spearman\r\n");
        ll_buf_printf(&rq->out, "%lld", (long long)r.correlation.firms);
        csv_number(&rq->out, r.correlation.pearson);
        csv_number(&rq->out, r.correlation.spearman);
        ll_buf_z(&rq->out, "\r\n");
    } else if (a.what == CROSS) {
        csv_cross(&rq->out, &r.cross);
    } else {
        csv_bins(&rq->out, &r.bins, a.what == BINNING);
    }
    ll_sharing_close(&sh);
    return rq->out.failed ? ll_no_memory(err) : ll_reply_download(rq, "model-kit.csv", err);
}
