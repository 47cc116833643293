/* cmd_indicator.c - indicator: what is computed of firms, the table of all as of a date, one firm, and whether it comes out the same again. */
#include "cli/cmd_actor.h"

#include "apps/finance/feature_file.h"

#include <inttypes.h>
#include <string.h>

enum { FLUSH_AT = 1 << 16 };

/* A data folder with its indicators; the transaction has ended: what follows may take long. */
struct reading {
    struct ll_desk d;
    struct ll_marks *marks;
    struct ll_features_asked asked;
};

static void reading_close(struct reading *k)
{
    ll_marks_close(k->marks);
    ll_desk_close(&k->d);
}

static int reading_open(struct ll_cli *c, const char *as_of, struct reading *k, struct ll_err *err)
{
    int rc = ll_desk_open(c, LL_DESK_READ, &k->d, err);

    if (rc < 0)
        return rc;
    k->marks = NULL;
    k->asked = (struct ll_features_asked){.data = k->d.data};
    rc = ll_features_read(k->d.tx, k->d.catalog, k->d.arena, &k->asked.set, err);
    ll_txn_end(k->d.tx);
    k->d.tx = NULL;
    if (rc == LL_OK && (rc = ll_as_of_read(as_of, &k->asked.as_of, err)) == LL_OK)
        rc = ll_marks_open(ll_data_store(k->d.data), ll_data_vault(k->d.data), &k->marks, err);
    k->asked.marks = k->marks;
    if (rc < 0)
        reading_close(k);
    return rc;
}

/* ---- what there is ---- */

static const struct ll_column list_columns[] = {
    {"indicator", "指标", "indicator", LL_LEFT}, {"title", "名称", "title", LL_LEFT},
    {"unit", "单位", "unit", LL_LEFT},           {"resource", "数据资源", "resource", LL_LEFT},
    {"combine", "合并", "combine", LL_LEFT},     {"value", "取值", "value", LL_LEFT},
    {"where", "条件", "where", LL_LEFT},         {"date", "日期", "date", LL_LEFT},
    {"months", "月数", "months", LL_RIGHT},      {"catalogued", "已编目", "catalogued", LL_LEFT},
    {"basis", "依据", "basis", LL_LEFT},
};

int ll_cmd_indicator_list(struct ll_cli *c, struct ll_err *err)
{
    struct reading k;
    int rc = reading_open(c, NULL, &k, err);

    if (rc < 0)
        return rc;
    struct ll_grid *g = ll_grid_new(c, list_columns, LL_COUNT(list_columns));
    for (size_t i = 0; i < k.asked.set->n; i++) {
        const struct ll_feature *f = &k.asked.set->features[i];
        ll_grid_z(g, f->name);
        ll_grid_z(g, f->title[c->lang]);
        ll_grid_z(g, *f->unit ? f->unit : NULL);
        ll_grid_z(g, *f->resource_name ? f->resource_name : NULL);
        ll_grid_z(g, ll_combine_word(f->combine));
        ll_grid_z(g, *f->value ? f->value : NULL);
        ll_grid_z(g, *f->where ? f->where : NULL);
        ll_grid_z(g, f->date ? f->date->name : NULL);
        ll_grid_int(g, f->months);
        ll_grid_bool(g, f->resource || f->combine == LL_COMBINE_OF);
        ll_grid_z(g, f->basis);
    }
    rc = ll_grid_end(g, err);
    reading_close(&k);
    return rc;
}

/* ---- runs ---- */

static const struct ll_column run_columns[] = {
    {"id", "指标表", "table", LL_LEFT},
    {"as_of", "基准日", "as of", LL_LEFT},
    {"made_at", "时间", "made", LL_LEFT},
    {"firms", "企业", "firms", LL_RIGHT},
    {"indicators", "指标", "indicators", LL_RIGHT},
    {"automatic", "自动", "by itself", LL_LEFT},
};

static void put_run(struct ll_grid *g, const struct ll_feature_run *r)
{
    ll_grid_z(g, r->id);
    ll_grid_z(g, r->as_of.day);
    ll_grid_time(g, r->made_at);
    ll_grid_int(g, (int64_t)r->firms);
    ll_grid_int(g, (int64_t)r->indicators);
    ll_grid_bool(g, r->automatic);
}

int ll_cmd_indicator_run(struct ll_cli *c, struct ll_err *err)
{
    struct ll_feature_run run;
    struct reading k;
    int rc = reading_open(c, c->opts[LL_OPT_indicator_run_as_of], &k, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_feature_run_make(&k.asked, false, k.d.arena, &run, err)) == LL_OK) {
        struct ll_grid *g = ll_grid_new(c, run_columns, LL_COUNT(run_columns));
        put_run(g, &run);
        rc = ll_grid_end_card(g, err);
    }
    reading_close(&k);
    return rc;
}

static int run_rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total,
                    struct ll_err *err)
{
    struct ll_feature_run *list = NULL;
    size_t n = 0;
    int rc = ll_feature_run_list(d->data, d->arena, &list, &n, err);

    (void)c;
    (void)total;
    for (size_t i = 0; rc == LL_OK && i < n; i++)
        put_run(t, &list[i]);
    return rc;
}

int ll_cmd_indicator_runs(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, run_columns, LL_COUNT(run_columns), run_rows, err);
}

static const struct ll_column verify_columns[] = {{"firms", "企业", "firms", LL_RIGHT},
                                                  {"different", "不一致", "different", LL_RIGHT}};

int ll_cmd_indicator_verify(struct ll_cli *c, struct ll_err *err)
{
    uint64_t firms = 0, different = 0;
    struct ll_feature_run run;
    struct reading k;
    int rc = reading_open(c, NULL, &k, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_feature_run_get(k.d.data, c->args[0], k.d.arena, &run, err)) == LL_OK &&
        (rc = ll_feature_run_verify(&k.asked, &run, k.d.arena, &firms, &different, err)) == LL_OK) {
        struct ll_grid *g = ll_grid_new(c, verify_columns, LL_COUNT(verify_columns));
        ll_grid_int(g, (int64_t)firms);
        ll_grid_int(g, (int64_t)different);
        rc = ll_grid_end_card(g, err);
    }
    if (rc == LL_OK && different)
        rc = ll_fail(err, LL_INVALID, "重新计算的结果与指标表不一致",
                     "computed anew, it differs from the table");
    reading_close(&k);
    return rc;
}

/* ---- values ---- */

static const struct ll_column value_columns[] = {
    {"indicator", "指标", "indicator", LL_LEFT},   {"title", "名称", "title", LL_LEFT},
    {"value", "取值", "value", LL_RIGHT},          {"unit", "单位", "unit", LL_LEFT},
    {"resource", "数据资源", "resource", LL_LEFT}, {"known", "当时有数据", "known then", LL_LEFT},
};

struct showing {
    struct ll_cli *c;
    struct ll_grid *g;
    const struct reading *k;
    const struct ll_feature_rows *rows;
    size_t firms;
};

static void put_value(struct showing *s, const struct ll_feature *f, const struct ll_feature_value *v)
{
    const struct ll_code *code = v->kind == LL_FV_CODE && f->codes ? ll_codeset_by_code(f->codes, v->code)
                                                                   : NULL;

    if (v->kind == LL_FV_NUMBER)
        ll_grid_num(s->g, v->number, 2);
    else if (code && !s->c->json)
        ll_grid_str(s->g, s->c->lang == LL_EN && code->title_en.n ? code->title_en : code->title);
    else if (v->kind == LL_FV_CODE)
        ll_grid_str(s->g, v->code);
    else
        ll_grid_z(s->g, NULL);
}

static int show_firm(void *ctx, struct ll_str firm, const struct ll_feature_value *values, struct ll_err *err)
{
    struct showing *s = ctx;
    const struct ll_feature_set *set = s->k->asked.set;

    (void)firm;
    (void)err;
    s->firms++;
    for (size_t i = 0; i < set->n; i++) {
        const struct ll_feature *f = &set->features[i];
        ll_grid_z(s->g, f->name);
        ll_grid_z(s->g, f->title[s->c->lang]);
        put_value(s, f, &values[i]);
        ll_grid_z(s->g, *f->unit ? f->unit : NULL);
        ll_grid_z(s->g, *f->resource_name ? f->resource_name : NULL);
        ll_grid_bool(s->g, f->combine == LL_COMBINE_OF || values[i].kind != LL_FV_NONE ||
                               (f->resource && s->rows && s->rows[f->group].n));
    }
    return LL_OK;
}

int ll_cmd_indicator_show(struct ll_cli *c, struct ll_err *err)
{
    struct showing s = {.c = c};
    struct reading k;
    int rc = reading_open(c, c->opts[LL_OPT_indicator_show_as_of], &k, err);

    if (rc < 0)
        return rc;
    k.asked.firm = ll_str(c->args[0]);
    s.k = &k;
    s.g = ll_grid_new(c, value_columns, LL_COUNT(value_columns));
    rc = ll_features_each(&k.asked, k.d.arena, NULL, show_firm, &s, err);
    if (rc == LL_OK && !s.firms)
        rc = ll_fail(err, LL_NOTFOUND, "%s 时没有登记过这家企业", "as of %s no such firm was registered",
                     k.asked.as_of.day);
    rc = ll_grid_done(s.g, rc, err);
    reading_close(&k);
    return rc;
}

/* A firm a line of CSV. */
struct dumping {
    struct ll_cli *c;
    const struct ll_feature_set *set;
};

static int dump_firm(void *ctx, struct ll_str firm, const struct ll_feature_value *values, struct ll_err *err)
{
    struct dumping *d = ctx;
    struct ll_buf *out = &d->c->out;

    ll_buf_csv(out, firm, true);
    for (size_t i = 0; i < d->set->n; i++) {
        ll_buf_c(out, ',');
        if (values[i].kind == LL_FV_NUMBER)
            ll_buf_printf(out, "%.15g", values[i].number);
        else if (values[i].kind == LL_FV_CODE)
            ll_buf_csv(out, values[i].code, true);
    }
    ll_buf_z(out, "\r\n");
    return out->n > FLUSH_AT ? ll_out_flush(d->c, err) : LL_OK;
}

int ll_cmd_indicator_dump(struct ll_cli *c, struct ll_err *err)
{
    struct ll_feature_reader *r = NULL;
    struct dumping d = {.c = c};
    struct ll_feature_run run;
    struct reading k;
    int rc = reading_open(c, NULL, &k, err);

    if (rc < 0)
        return rc;
    d.set = k.asked.set;
    if ((rc = ll_feature_run_get(k.d.data, c->args[0], k.d.arena, &run, err)) == LL_OK &&
        (rc = ll_feature_run_open(k.d.data, &run, k.asked.set, &r, err)) == LL_OK) {
        ll_buf_z(&c->out, "uscc");
        for (size_t i = 0; i < d.set->n; i++)
            ll_buf_printf(&c->out, ",%s", d.set->features[i].name);
        ll_buf_z(&c->out, "\r\n");
        rc = ll_feature_run_each(r, dump_firm, &d, err);
    }
    ll_feature_run_close(r);
    reading_close(&k);
    return rc;
}
