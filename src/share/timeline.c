/* timeline.c - see timeline.h. */
#include "share/timeline.h"

#include "base/clock.h"
#include "base/log.h"
#include "standard/convert.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN_MAX = 256 << 10, DAY_TEXT = 16 };

/* --- dates ----------------------------------------------------------------------------------------------------------------- */

static int32_t last_of_month(int64_t year, int64_t month)
{
    return ll_days_from_civil((int)(month == 12 ? year + 1 : year), month == 12 ? 1u : (unsigned)month + 1,
                              1) -
           1;
}

static bool year_of(struct ll_seg_value v, int64_t *ret)
{
    if (v.kind == LL_SV_INT)
        *ret = v.i;
    else if (v.kind != LL_SV_TEXT || v.s.n < 4 || !ll_str_i64((struct ll_str){v.s.p, 4}, 0, 9999, ret))
        return false;
    return *ret >= 1800 && *ret <= 9999;
}

/* 202405, 2024-05 or 2024-05-17. */
static bool month_of(struct ll_str s, int64_t *ret)
{
    size_t at = s.n > 4 && s.p[4] == '-' ? 5 : 4;

    return s.n >= at + 2 && ll_str_i64((struct ll_str){s.p + at, 2}, 1, 12, ret);
}

static bool read_day(struct ll_seg_value v, enum ll_precision precision, int32_t *ret)
{
    int64_t year, month = 12;

    if (precision == LL_BY_DAY)
        return v.kind == LL_SV_TEXT && v.s.n >= 10 && ll_cv_date((struct ll_str){v.s.p, 10}, ret) == LL_CV_OK;
    if (!year_of(v, &year) || (precision == LL_BY_MONTH && (v.kind != LL_SV_TEXT || !month_of(v.s, &month))))
        return false;
    *ret = last_of_month(year, month);
    return true;
}

/* --- facts ----------------------------------------------------------------------------------------------------------------- */

int ll_timeline_add(struct ll_timeline *t, const struct ll_dated *f, struct ll_err *err)
{
    if (t->n == LL_TIMELINE_MAX) {
        t->more = true;
        return LL_OK;
    }
    if (t->n == t->room) {
        size_t room = t->room ? t->room * 2 : 64;
        struct ll_dated *facts = ll_arena_array(t->arena, room, sizeof *facts);
        if (!facts)
            return ll_no_memory(err);
        if (t->n)
            memcpy(facts, t->facts, t->n * sizeof *facts);
        t->facts = facts;
        t->room = room;
    }
    t->facts[t->n++] = *f;
    return LL_OK;
}

static int keep(struct ll_timeline *t, struct ll_buf *text, struct ll_str *ret, struct ll_err *err)
{
    *ret = (struct ll_str){text->failed ? NULL : ll_arena_dup(t->arena, ll_buf_view(text)), text->n};
    return ret->p ? LL_OK : ll_no_memory(err);
}

/* What goes with a date: the record's key and the items that the rule shows. */
static int say(struct ll_timeline *t, const struct ll_timeline_rule *rule, struct ll_table *table,
               struct ll_dated *f, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(SHOWN_MAX);
    struct ll_json j;
    int rc;

    ll_json_init(&j, &text);
    ll_record_put_key(rule->resource, table, t->mask, &j);
    if ((rc = keep(t, &text, &f->key, err)) == LL_OK) {
        ll_buf_clear(&text);
        ll_json_init(&j, &text);
        ll_record_put_items(rule->resource, rule->shows.at, rule->shows.n, table, t->mask, &j);
        rc = keep(t, &text, &f->record, err);
    }
    ll_buf_free(&text);
    return rc;
}

static int add_date(struct ll_timeline *t, const struct ll_timeline_rule *rule, struct ll_table *table,
                    const struct ll_subject_seen *seen, struct ll_err *err)
{
    struct ll_seg_value v = ll_record_value(rule->resource, rule->item, table);
    struct ll_dated f = {.precision = rule->precision,
                         .kind = rule->kind,
                         .what = rule->what,
                         .what_en = rule->what_en,
                         .tone = rule->tone,
                         .basis = rule->basis,
                         .resource = rule->resource,
                         .relation = seen->relation,
                         .marks = seen->marks};
    int rc;

    if (v.kind == LL_SV_NULL || (v.kind == LL_SV_TEXT && !v.s.n))
        return LL_OK;
    if (!read_day(v, rule->precision, &f.day)) { /* promise (1) */
        t->unread++;
        return LL_OK;
    }
    if (t->n < LL_TIMELINE_MAX && (rc = say(t, rule, table, &f, err)) < 0)
        return rc;
    return ll_timeline_add(t, &f, err);
}

int ll_timeline_visit(void *ctx, const struct ll_subject *s, const struct ll_subject_seen *seen,
                      struct ll_table *table, struct ll_err *err)
{
    struct ll_timeline *t = ctx;
    int rc = LL_OK;

    (void)s;
    if (seen->relation && !t->related)
        return LL_OK;
    for (size_t i = 0; i < t->rules->n_timeline && rc == LL_OK; i++)
        if (t->rules->timeline[i].resource == seen->resource)
            rc = add_date(t, &t->rules->timeline[i], table, seen, err);
    return rc;
}

/* --- writing --------------------------------------------------------------------------------------------------------------- */

/* Newest first; of one day in the order of their kinds and words, so that pages never disagree. */
static int by_day(const void *a, const void *b)
{
    const struct ll_dated *x = a, *y = b;
    int order;

    if (x->day != y->day)
        return x->day < y->day ? 1 : -1;
    if ((order = strcmp(x->kind, y->kind)) != 0 || (order = strcmp(x->what, y->what)) != 0)
        return order;
    return ll_str_cmp(x->key, y->key);
}

static void put_day(const struct ll_dated *f, struct ll_json *j)
{
    static const size_t shown[] = {[LL_BY_DAY] = 10, [LL_BY_MONTH] = 7, [LL_BY_YEAR] = 4};
    char text[DAY_TEXT];
    size_t n = ll_date_text(f->day, text);

    ll_json_ks(j, "date", (struct ll_str){text, n < shown[f->precision] ? n : shown[f->precision]});
    ll_json_kz(j, "precision", ll_precision_name(f->precision));
}

static void put_json(struct ll_json *j, const char *key, struct ll_str json)
{
    ll_json_key(j, key);
    if (json.n)
        ll_json_raw(j, json);
    else
        ll_json_null(j);
}

static void put_fact(const struct ll_dated *f, struct ll_json *j)
{
    const struct ll_resource *r = f->resource;

    ll_json_obj(j);
    put_day(f, j);
    ll_json_kz(j, "kind", f->kind);
    ll_json_kz(j, "what", f->what);
    ll_json_kz(j, "what_en", f->what_en);
    ll_json_kz(j, "tone", f->tone && *f->tone ? f->tone : "plain");
    ll_json_kz(j, "resource", r ? r->name : NULL);
    ll_json_kz(j, "title", r ? r->title : NULL);
    ll_json_kz(j, "title_en", r ? r->title_en : NULL);
    ll_json_kz(j, "provider_name", r ? r->provider_name : NULL);
    ll_json_kz(j, "relation", f->relation);
    put_json(j, "key", f->key);
    put_json(j, "record", f->record);
    ll_json_kz(j, "note", f->note);
    ll_json_kz(j, "note_en", f->note_en);
    ll_json_kb(j, "disputed", (f->marks & LL_RECORD_DISPUTED) != 0);
    ll_json_kb(j, "withheld", (f->marks & LL_RECORD_WITHHELD) != 0);
    ll_json_kz(j, "basis", f->basis);
    ll_json_end_obj(j);
}

/* The kinds that occur, in the order of the table; returns how many facts the query has. */
static size_t put_kinds(const struct ll_timeline *t, struct ll_str wanted, struct ll_json *j)
{
    size_t total = wanted.n ? 0 : t->n;

    ll_json_key(j, "kinds");
    ll_json_arr(j);
    for (size_t k = 0; ll_timeline_kind_at(k); k++) {
        const char *kind = ll_timeline_kind_at(k);
        size_t n = 0;
        for (size_t i = 0; i < t->n; i++)
            n += strcmp(t->facts[i].kind, kind) == 0;
        if (wanted.n && ll_str_is(wanted, kind))
            total = n;
        if (!n)
            continue;
        ll_json_obj(j);
        ll_json_kz(j, "kind", kind);
        ll_json_kz(j, "title", ll_timeline_kind_title(kind, LL_ZH));
        ll_json_kz(j, "title_en", ll_timeline_kind_title(kind, LL_EN));
        ll_json_ki(j, "count", (int64_t)n);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    return total;
}

void ll_timeline_put(struct ll_timeline *t, const struct ll_timeline_query *q, struct ll_json *j)
{
    size_t at = 0, shown = 0;

    if (t->n)
        qsort(t->facts, t->n, sizeof *t->facts, by_day);
    ll_json_ki(j, "total", (int64_t)put_kinds(t, q->kind, j));
    ll_json_ki(j, "offset", (int64_t)q->offset);
    ll_json_ki(j, "limit", (int64_t)q->limit);
    ll_json_ki(j, "unread", (int64_t)t->unread);
    ll_json_kb(j, "more", t->more);
    ll_json_key(j, "facts");
    ll_json_arr(j);
    for (size_t i = 0; i < t->n && shown < q->limit; i++) {
        if (q->kind.n && !ll_str_is(q->kind, t->facts[i].kind))
            continue;
        if (at++ < q->offset)
            continue;
        put_fact(&t->facts[i], j);
        shown++;
    }
    ll_json_end_arr(j);
}
