/* timeliness_put.c - timeliness as JSON and as a table. */
#include "apps/credit/timeliness.h"

#include "base/clock.h"
#include "share/workdays.h"

#include <inttypes.h>
#include <stdio.h>

const char *ll_day_text(int32_t day, char out[LL_DAY_TEXT])
{
    unsigned m, d;
    int y;

    ll_civil_from_days(day, &y, &m, &d);
    snprintf(out, LL_DAY_TEXT, "%04d-%02u-%02u", y, m, d);
    return out;
}

const char *ll_month_text(int32_t day, char out[LL_DAY_TEXT])
{
    ll_day_text(day, out);
    out[7] = 0;
    return out;
}

void ll_timely_year(struct ll_timely_ask *ask)
{
    int32_t today = ll_workday_of(ll_now_ms());
    unsigned m, d;
    int y;

    ll_civil_from_days(today, &y, &m, &d);
    ask->to = ll_days_from_civil(y, m, 1);
    ask->from = m == 12 ? ll_days_from_civil(y, 1, 1) : ll_days_from_civil(y - 1, m + 1, 1);
}

/* --- JSON --------------------------------------------------------------------------------------------------------------------- */

/* grounds: the kind has such an item at all. */
static void put_counts(const struct ll_timely_line *l, bool grounds, struct ll_json *j)
{
    ll_json_ki(j, "decided", l->decided);
    ll_json_ki(j, "in_time", l->in_time);
    ll_json_ki(j, "late", l->late);
    ll_json_ki(j, "late_days", l->late_days);
    ll_json_ki(j, "worst", l->worst);
    ll_json_key(j, "ungrounded");
    if (grounds)
        ll_json_int(j, l->ungrounded);
    else
        ll_json_null(j);
    ll_json_ki(j, "repeated", l->repeated);
    ll_json_ki(j, "shared", l->shared);
    ll_json_ki(j, "refused", l->refused);
}

static void put_line(const struct ll_timely_line *l, bool grounds, struct ll_json *j)
{
    char month[LL_DAY_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "department", l->code);
    ll_json_kz(j, "name", l->name);
    ll_json_kz(j, "month", ll_month_text(l->month, month));
    put_counts(l, grounds, j);
    ll_json_end_obj(j);
}

static void put_gap(const struct ll_timely_gap *g, struct ll_json *j)
{
    ll_json_obj(j);
    ll_json_kz(j, "department", g->code);
    ll_json_kz(j, "name", g->name);
    ll_json_kz(j, "series", g->series);
    ll_json_ki(j, "lowest", g->lowest);
    ll_json_ki(j, "highest", g->highest);
    ll_json_ki(j, "reported", g->reported);
    ll_json_ki(j, "missing", g->missing);
    ll_json_kz(j, "first", g->first);
    ll_json_end_obj(j);
}

void ll_timely_put(const struct ll_timely *t, const struct ll_timely_ask *ask, struct ll_json *j)
{
    const struct ll_public_kind *k = ask->kind;
    bool grounds = k->grounds[0] != 0;
    char text[LL_DAY_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "kind", k->name);
    ll_json_kz(j, "title", k->title);
    ll_json_kz(j, "title_en", k->title_en);
    ll_json_kz(j, "from", ll_month_text(ask->from, text));
    ll_json_kz(j, "to", ll_month_text(ask->to, text));
    ll_json_kz(j, "today", ll_day_text(t->today, text));
    ll_json_ki(j, "report_days", k->report_days);
    ll_json_kz(j, "basis", k->basis);
    ll_json_kz(j, "source", k->source);
    ll_json_kb(j, "calendar_known", t->calendar_known);
    ll_json_key(j, "sums");
    ll_json_obj(j);
    put_counts(&t->sums, grounds, j);
    ll_json_end_obj(j);
    ll_json_key(j, "lines");
    ll_json_arr(j);
    for (size_t i = 0; i < t->n; i++)
        put_line(&t->lines[i], grounds, j);
    ll_json_end_arr(j);
    ll_json_key(j, "gaps");
    ll_json_arr(j);
    for (size_t i = 0; i < t->n_gaps; i++)
        put_gap(&t->gaps[i], j);
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}

/* A natural person's name shows its first character. */
static void put_party(const struct ll_timely_record *r, struct ll_json *j)
{
    struct ll_str name = ll_str(r->party);
    struct ll_buf out = LL_BUF_INIT(4096);
    size_t at = 0;

    if (r->person && ll_utf8_next(name, &at) >= 0)
        ll_buf_add(&out, name.p, at);
    while (r->person && ll_utf8_next(name, &at) >= 0)
        ll_buf_c(&out, '*');
    ll_json_ks(j, "party", r->person ? ll_buf_view(&out) : name);
    ll_buf_free(&out);
}

void ll_timely_record_put(const struct ll_timely_record *r, struct ll_json *j)
{
    char text[LL_DAY_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "number", r->number);
    put_party(r, j);
    ll_json_kz(j, "party_code", r->party_code[0] ? r->party_code : NULL);
    ll_json_kz(j, "department", r->code);
    ll_json_kz(j, "name", r->name);
    ll_json_kz(j, "decided", ll_day_text(r->decided, text));
    ll_json_kz(j, "reported", ll_day_text(r->reported, text));
    ll_json_ki(j, "days", r->days);
    ll_json_ki(j, "beyond", r->beyond);
    ll_json_ki(j, "told", r->told);
    ll_json_kz(j, "others", r->others);
    ll_json_end_obj(j);
}

/* --- a table ------------------------------------------------------------------------------------------------------------------- */

static const char *const titles[LL_TIMELY_COLUMNS][2] = {{"部门代码", "department"},
                                                         {"部门", "name"},
                                                         {"作出月份", "month"},
                                                         {"作出并上报", "reported"},
                                                         {"按时", "in time"},
                                                         {"迟报", "late"},
                                                         {"迟报合计天数", "days late"},
                                                         {"最多迟报天数", "worst"},
                                                         {"依据未写明法规", "basis names no law"},
                                                         {"重复上报", "reported again"},
                                                         {"文号与他部门相同", "number shared"},
                                                         {"退回行数", "rows refused"},
                                                         {"按时率", "share in time"}};

static int put_row(const struct ll_timely_line *l, bool sum, enum ll_lang lang, ll_timely_row_fn *put,
                   void *ctx, struct ll_err *err)
{
    enum { FIRST = 3, NUMBERS = 9 };
    const int64_t numbers[NUMBERS] = {l->decided,    l->in_time,  l->late,   l->late_days, l->worst,
                                      l->ungrounded, l->repeated, l->shared, l->refused};
    char text[NUMBERS][24], month[LL_DAY_TEXT] = "", share[24] = "";
    struct ll_str cells[LL_TIMELY_COLUMNS];

    cells[0] = ll_str(sum ? lang == LL_ZH ? "合计" : "sum" : l->code);
    cells[1] = ll_str(l->name);
    cells[2] = ll_str(sum ? "" : ll_month_text(l->month, month));
    for (size_t i = 0; i < NUMBERS; i++) {
        snprintf(text[i], sizeof text[i], "%" PRId64, numbers[i]);
        cells[FIRST + i] = ll_str(text[i]);
    }
    if (l->decided)
        snprintf(share, sizeof share, "%.4f", (double)l->in_time / (double)l->decided);
    cells[LL_TIMELY_COLUMNS - 1] = ll_str(share);
    return put(ctx, cells, LL_TIMELY_COLUMNS, err);
}

int ll_timely_rows(const struct ll_timely *t, enum ll_lang lang, ll_timely_row_fn *put, void *ctx,
                   struct ll_err *err)
{
    struct ll_str cells[LL_TIMELY_COLUMNS];
    int rc;

    for (size_t i = 0; i < LL_TIMELY_COLUMNS; i++)
        cells[i] = ll_str(titles[i][lang == LL_ZH ? 0 : 1]);
    rc = put(ctx, cells, LL_TIMELY_COLUMNS, err);
    for (size_t i = 0; i < t->n && rc == LL_OK; i++)
        rc = put_row(&t->lines[i], false, lang, put, ctx, err);
    return rc < 0 ? rc : put_row(&t->sums, true, lang, put, ctx, err);
}
