/* link_explain.c - see link_explain.h. */
#include "apps/credit/link_explain.h"

#include "base/clock.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char *level_title(struct ll_arena *arena, const struct ll_link_model *m,
                               const struct ll_link_comparison *c, int level, enum ll_lang lang)
{
    struct ll_buf out = LL_BUF_INIT(4096);

    ll_link_level_title(&out, m, c, level, lang);
    const char *title = out.failed ? NULL : ll_arena_dup(arena, ll_buf_view(&out));
    ll_buf_free(&out);
    return title ? title : "";
}

/* The values of the comparison's fields on one side, put together. */
static const char *values(struct ll_arena *arena, const struct ll_link_model *m,
                          const struct ll_link_comparison *c, json_t *shown, size_t side)
{
    struct ll_buf out = LL_BUF_INIT(8192);
    bool seen[LL_LINK_FIELDS] = {false};

    for (size_t l = 0; l < c->n; l++)
        for (size_t f = 0; f < c->levels[l].n_fields; f++) {
            size_t field = c->levels[l].fields[f];
            const char *v = json_string_value(
                json_array_get(json_object_get(shown, m->fields[field].name), side));
            if (v && !seen[field])
                ll_buf_printf(&out, "%s%s", out.n ? " | " : "", v);
            seen[field] = true;
        }
    const char *text = out.n && !out.failed ? ll_arena_dup(arena, ll_buf_view(&out)) : NULL;
    ll_buf_free(&out);
    return text;
}

static void explain(struct ll_arena *arena, struct ll_link_explained *e)
{
    const struct ll_link_model *m = e->model.model;
    const char *levels = e->pair.levels, *adjustments = e->pair.adjustments;
    json_t *shown = e->pair.shown ? json_loads(e->pair.shown, 0, NULL) : NULL;
    double sum = e->prior;

    for (size_t c = 0; c < e->n; c++) {
        struct ll_link_step *s = &e->steps[c];
        char *end;
        s->level = (int)strtol(levels, &end, 10);
        s->level = s->level < -1 || s->level > (int)m->comparisons[c].n ? -1 : s->level;
        levels = *end == ',' ? end + 1 : end;
        s->frequency = strtod(adjustments, &end);
        adjustments = *end == ',' ? end + 1 : end;
        s->name = m->comparisons[c].name;
        s->zh = m->comparisons[c].zh;
        s->en = m->comparisons[c].en;
        s->level_zh = level_title(arena, m, &m->comparisons[c], s->level, LL_ZH);
        s->level_en = level_title(arena, m, &m->comparisons[c], s->level, LL_EN);
        s->left = values(arena, m, &m->comparisons[c], shown, 0);
        s->right = values(arena, m, &m->comparisons[c], shown, 1);
        s->m = s->level < 0 ? 0 : e->model.params.m[c][s->level];
        s->u = s->level < 0 ? 0 : e->model.params.u[c][s->level];
        s->weight = ll_link_weight(&e->model.params, c, s->level);
        s->after = sum += s->weight + s->frequency;
    }
    json_decref(shown);
}

static int version_of(struct ll_txn *tx, const char *run, int64_t *ret, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(4 << 20);
    struct ll_link_run r;
    int rc = arena ? ll_link_run_get(tx, run, arena, &r, err) : ll_no_memory(err);

    if (rc == LL_OK)
        *ret = r.version;
    ll_arena_free(arena);
    return rc;
}

static int is_linked(struct ll_txn *tx, const struct ll_link_pair *p, bool *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT linked FROM link_edge WHERE model = $1 AND a = $2 AND b = $3", &s, err);

    *ret = false;
    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, p->model);
    ll_bind_z(s, 2, p->a);
    ll_bind_z(s, 3, p->b);
    if ((rc = ll_step(s, err)) > 0)
        *ret = ll_col_int(s, 0) != 0;
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

int ll_link_explain(struct ll_txn *tx, int64_t pair, struct ll_arena *arena, struct ll_link_explained *ret,
                    struct ll_err *err)
{
    int64_t version = 0;
    int rc;

    *ret = (struct ll_link_explained){0};
    if ((rc = ll_link_pair_get(tx, pair, arena, &ret->pair, err)) < 0 ||
        (rc = version_of(tx, ret->pair.run, &version, err)) < 0 ||
        (rc = ll_link_model_get(tx, ret->pair.model, version, arena, &ret->model, err)) < 0 ||
        (rc = is_linked(tx, &ret->pair, &ret->linked, err)) < 0)
        return rc;
    ret->prior = ll_link_prior(&ret->model.params);
    ret->exact = strncmp(ret->pair.why, "exact:", 6) == 0;
    ret->n = ret->exact ? 0 : ret->model.model->n_comparisons;
    if (!(ret->steps = ll_arena_array(arena, ret->n + 1, sizeof *ret->steps)))
        return ll_no_memory(err);
    explain(arena, ret);
    return LL_OK;
}

/* ---- JSON ---- */

void ll_link_pair_put(struct ll_json *j, const struct ll_link_pair *p)
{
    ll_json_ki(j, "id", p->id);
    ll_json_kz(j, "model", p->model);
    ll_json_kz(j, "run", p->run);
    ll_json_kz(j, "a", p->a);
    ll_json_kz(j, "b", p->b);
    ll_json_kn(j, "weight", p->weight);
    ll_json_kn(j, "probability", p->probability);
    ll_json_kz(j, "state", p->state);
    ll_json_kz(j, "why", p->why);
}

static void put_step(struct ll_json *j, const struct ll_link_step *s)
{
    ll_json_obj(j);
    ll_json_kz(j, "name", s->name);
    ll_json_kz(j, "title", s->zh);
    ll_json_kz(j, "title_en", s->en);
    ll_json_ki(j, "level", s->level);
    ll_json_kz(j, "level_title", s->level_zh);
    ll_json_kz(j, "level_title_en", s->level_en);
    ll_json_kz(j, "left", s->left);
    ll_json_kz(j, "right", s->right);
    ll_json_kn(j, "m", s->m);
    ll_json_kn(j, "u", s->u);
    ll_json_kn(j, "weight", s->weight);
    ll_json_kn(j, "frequency", s->frequency);
    ll_json_kn(j, "after", s->after);
    ll_json_end_obj(j);
}

void ll_link_explained_put(struct ll_json *j, const struct ll_link_explained *e)
{
    ll_link_pair_put(j, &e->pair);
    ll_json_kb(j, "linked", e->linked);
    ll_json_ki(j, "version", e->model.version);
    ll_json_kb(j, "exact", e->exact);
    ll_json_kn(j, "prior", e->prior);
    ll_json_key(j, "steps");
    ll_json_arr(j);
    for (size_t i = 0; i < e->n; i++)
        put_step(j, &e->steps[i]);
    ll_json_end_arr(j);
}

static void put_time(struct ll_json *j, const char *key, int64_t ms)
{
    char text[LL_TIME_TEXT];

    ll_json_kz(j, key, ms ? ll_time_text(ms, text) : NULL);
}

static void put_id(struct ll_json *j, const char *key, int64_t id)
{
    ll_json_key(j, key);
    if (id)
        ll_json_int(j, id);
    else
        ll_json_null(j);
}

void ll_link_act_put(struct ll_json *j, const struct ll_link_act *a)
{
    ll_json_obj(j);
    ll_json_ki(j, "id", a->id);
    ll_json_kz(j, "model", a->model);
    ll_json_kz(j, "kind", a->kind);
    put_id(j, "pair", a->pair);
    put_id(j, "undoes", a->undoes);
    put_id(j, "undone_by", a->undone_by);
    ll_json_ki(j, "events", a->events);
    ll_json_kz(j, "run", a->run);
    ll_json_kz(j, "account", a->account);
    ll_json_kz(j, "organisation", a->organisation);
    ll_json_kz(j, "reason", a->reason);
    put_time(j, "at", a->at);
    ll_json_end_obj(j);
}

void ll_link_run_put(struct ll_json *j, const struct ll_link_run *r)
{
    ll_json_obj(j);
    ll_json_kz(j, "id", r->id);
    ll_json_kz(j, "model", r->model);
    ll_json_ki(j, "version", r->version);
    ll_json_kz(j, "state", r->state);
    put_time(j, "started_at", r->started_at);
    put_time(j, "ended_at", r->ended_at);
    ll_json_key(j, "report");
    if (r->report)
        ll_json_raw(j, ll_str(r->report));
    else
        ll_json_null(j);
    ll_json_end_obj(j);
}
