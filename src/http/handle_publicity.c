/* handle_publicity.c - double publicity: what the public may look up, and how much in time departments report. */
#include "apps/credit/publicity_find.h"
#include "apps/credit/timeliness.h"
#include "http/look.h"
#include "http/sharing.h"
#include "routes.gen.h"
#include "share/workdays.h"

#include <stdio.h>
#include <string.h>

/* The rules, and the kind that is asked for. */
static int open_kind(struct ll_app *app, struct ll_request *rq, struct ll_str name, struct ll_sharing *s,
                     struct ll_public_rules *rules, const struct ll_public_kind **kind, struct ll_err *err)
{
    int rc = ll_sharing_open(app, false, s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_public_rules_read(s->tx, rq->arena, rules, err)) == LL_OK && name.n &&
        !(*kind = ll_public_kind_find(rules, name)))
        rc = ll_fail(err, LL_NOTFOUND, "没有名为 %.64s 的公示类别",
                     "there is no kind of decision named %.64s", name.p);
    if (rc < 0)
        ll_sharing_close(s);
    return rc;
}

static void put_day(struct ll_json *j, const char *key, int32_t day)
{
    char text[LL_DAY_TEXT];

    ll_json_kz(j, key, day == LL_PUBLIC_NO_DAY ? NULL : ll_day_text(day, text));
}

/* --- for the public ------------------------------------------------------------------------------------------------------------ */

static void put_found(const struct ll_public_found *f, struct ll_json *j)
{
    ll_json_obj(j);
    ll_json_kz(j, "kind", f->kind->name);
    ll_json_kz(j, "kind_title", f->kind->title);
    ll_json_kz(j, "kind_title_en", f->kind->title_en);
    ll_json_kb(j, "person", f->person);
    put_day(j, "decided", f->decided);
    put_day(j, "from", f->show.from);
    put_day(j, "until", f->show.until);
    ll_json_kz(j, "level", f->show.level[0] ? f->show.level : NULL);
    ll_json_kb(j, "level_derived", f->show.level_derived);
    ll_json_kz(j, "note", f->show.rule->note);
    ll_json_kz(j, "note_en", f->show.rule->note_en);
    ll_json_kz(j, "basis", f->show.rule->basis);
    ll_json_kz(j, "source", f->show.rule->source);
    ll_json_key(j, "fields");
    ll_json_raw(j, f->body);
    ll_json_end_obj(j);
}

int ll_h_publicity_find(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_public_question q = {.by = (enum ll_public_by)ll_arg(rq, LL_P_PUBLICITY_FIND_BY)->i,
                                   .text = ll_arg(rq, LL_P_PUBLICITY_FIND_Q)->s,
                                   .day = ll_workday_of(ll_now_ms())};
    const struct ll_arg *kind = ll_arg(rq, LL_P_PUBLICITY_FIND_KIND);
    struct ll_public_found *list = NULL;
    struct ll_public_rules rules;
    struct ll_sharing s;
    bool more = false;
    size_t n = 0;
    int rc = ll_site_limit(app, rq, err);

    rq->noindex = true;
    if (rc < 0 || (rc = open_kind(app, rq, kind->given ? kind->s : LL_STR(""), &s, &rules, &q.kind, err)) < 0)
        return rc;
    const struct ll_public_finder f = {s.tx, app->tables, s.cat, &rules, rq->arena};
    if ((rc = ll_public_find(&f, &q, &list, &n, &more, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        put_day(&rq->json, "day", q.day);
        ll_json_kb(&rq->json, "more", more);
        ll_json_key(&rq->json, "items");
        ll_json_arr(&rq->json);
        for (size_t i = 0; i < n; i++)
            put_found(&list[i], &rq->json);
        ll_json_end_arr(&rq->json);
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_close(&s);
    return rc;
}

static void put_rules(const struct ll_public_rules *r, struct ll_json *j)
{
    ll_json_key(j, "kinds");
    ll_json_arr(j);
    for (size_t i = 0; i < r->n_kinds; i++) {
        const struct ll_public_kind *k = &r->kinds[i];
        ll_json_obj(j);
        ll_json_kz(j, "kind", k->name);
        ll_json_kz(j, "title", k->title);
        ll_json_kz(j, "title_en", k->title_en);
        ll_json_kz(j, "resource", k->resource);
        ll_json_ki(j, "report_days", k->report_days);
        ll_json_kz(j, "basis", k->basis);
        ll_json_kz(j, "source", k->source);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_key(j, "periods");
    ll_json_arr(j);
    for (size_t i = 0; i < r->n_periods; i++) {
        const struct ll_public_period *p = &r->periods[i];
        ll_json_obj(j);
        ll_json_kz(j, "kind", p->kind);
        ll_json_kz(j, "level", p->level[0] ? p->level : NULL);
        ll_json_key(j, "least_months");
        p->bounded ? ll_json_int(j, p->least) : ll_json_null(j);
        ll_json_key(j, "most_months");
        p->bounded ? ll_json_int(j, p->most) : ll_json_null(j);
        ll_json_kz(j, "note", p->note);
        ll_json_kz(j, "note_en", p->note_en);
        ll_json_kz(j, "basis", p->basis);
        ll_json_kz(j, "source", p->source);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

int ll_h_publicity_rules(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_public_kind *none = NULL;
    struct ll_public_rules rules;
    struct ll_sharing s;
    int rc = ll_site_limit(app, rq, err);

    if (rc < 0 || (rc = open_kind(app, rq, LL_STR(""), &s, &rules, &none, err)) < 0)
        return rc;
    ll_json_obj(&rq->json);
    put_rules(&rules, &rq->json);
    ll_json_end_obj(&rq->json);
    ll_sharing_close(&s);
    return LL_OK;
}

/* --- timeliness ---------------------------------------------------------------------------------------------------------------- */

/* What every route of it takes first, in this order. */
enum { KIND, FROM, TO, DEPARTMENT };

struct timely {
    struct ll_sharing s;
    struct ll_public_rules rules;
    struct ll_timely_ask ask;
};

/* A steward sees its own department's, or, where it provides the resource, all of it. */
static void confine(const struct ll_request *rq, struct timely *t)
{
    const struct ll_organisation *own;

    if (!rq->only || strcmp(rq->only, t->ask.resource->provider) == 0)
        return;
    own = ll_catalog_organisation(t->s.cat, ll_str(rq->only));
    t->ask.department = own && own->uscc && own->uscc[0] ? own->uscc : "-";
    t->ask.or_named = own ? own->name : NULL;
}

static int open_timely(struct ll_app *app, struct ll_request *rq, struct timely *t, struct ll_err *err)
{
    const struct ll_arg *from = ll_arg(rq, FROM), *to = ll_arg(rq, TO), *department = ll_arg(rq, DEPARTMENT);
    int rc = open_kind(app, rq, ll_arg(rq, KIND)->s, &t->s, &t->rules, &t->ask.kind, err);

    if (rc < 0)
        return rc;
    ll_timely_year(&t->ask);
    t->ask.resource = ll_catalog_resource(t->s.cat, ll_str(t->ask.kind->resource));
    t->ask.department = department->given ? department->s.p : NULL;
    if (!t->ask.resource)
        rc = ll_fail(err, LL_NOTFOUND, "没有数据资源 %s", "there is no resource %s", t->ask.kind->resource);
    if (rc == LL_OK && from->given)
        rc = ll_timely_month(from->s, &t->ask.from, err);
    if (rc == LL_OK && to->given)
        rc = ll_timely_month(to->s, &t->ask.to, err);
    if (rc < 0)
        ll_sharing_close(&t->s);
    else
        confine(rq, t);
    return rc;
}

int ll_h_timeliness_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct timely t = {.ask = {.kind = NULL}};
    struct ll_timely found;
    int rc = open_timely(app, rq, &t, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_timely_read(app->data, &t.ask, rq->arena, &found, err)) == LL_OK)
        ll_timely_put(&found, &t.ask, &rq->json);
    ll_sharing_close(&t.s);
    return rc;
}

static int csv_row(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    struct ll_buf *out = ctx;

    ll_buf_csv_row(out, cells, n);
    return out->failed ? ll_no_memory(err) : LL_OK;
}

int ll_h_timeliness_file(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    enum ll_lang lang = (enum ll_lang)ll_arg(rq, LL_P_TIMELINESS_FILE_LANG)->i;
    struct timely t = {.ask = {.kind = NULL}};
    struct ll_timely found;
    char name[96], from[LL_DAY_TEXT], to[LL_DAY_TEXT];
    int rc = open_timely(app, rq, &t, err);

    if (rc < 0)
        return rc;
    snprintf(name, sizeof name, "timeliness-%.32s-%s-%s.csv", t.ask.kind->name,
             ll_month_text(t.ask.from, from), ll_month_text(t.ask.to, to));
    if ((rc = ll_reply_download(rq, name, err)) == LL_OK &&
        (rc = ll_timely_read(app->data, &t.ask, rq->arena, &found, err)) == LL_OK) {
        rq->type = "text/csv; charset=utf-8";
        ll_buf_z(&rq->out, "\xEF\xBB\xBF");
        rc = ll_timely_rows(&found, lang, csv_row, &rq->out, err);
    }
    ll_sharing_close(&t.s);
    return rc;
}

/* Whose decisions are shown was looked at. */
static int note(struct ll_app *app, struct ll_request *rq, const struct ll_timely_record *r,
                struct ll_err *err)
{
    return r->party_code[0] ? ll_look_note(app, rq, "uscc", ll_str(r->party_code), err)
                            : ll_look_note(app, rq, "subject_name", ll_str(r->party), err);
}

int ll_h_timeliness_records(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    enum ll_timely_what what = (enum ll_timely_what)ll_arg(rq, LL_P_TIMELINESS_RECORDS_WHAT)->i;
    int64_t offset = ll_arg(rq, LL_P_TIMELINESS_RECORDS_OFFSET)->i,
            limit = ll_arg(rq, LL_P_TIMELINESS_RECORDS_LIMIT)->i, total = 0;
    struct timely t = {.ask = {.kind = NULL}};
    struct ll_timely_record *list = NULL;
    size_t n = 0;
    int rc = open_timely(app, rq, &t, err);

    if (rc < 0)
        return rc;
    rc = ll_timely_records(app->data, &t.ask, what, offset, limit, rq->arena, &list, &n, &total, err);
    if (rc == LL_OK) {
        ll_sharing_page(rq, total, offset, limit);
        for (size_t i = 0; i < n && rc == LL_OK; i++)
            if ((rc = note(app, rq, &list[i], err)) == LL_OK)
                ll_timely_record_put(&list[i], &rq->json);
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&t.s);
    return rc;
}
