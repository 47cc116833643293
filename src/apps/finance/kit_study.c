/* kit_study.c - see kit_study.h. */
#include "apps/finance/kit_study.h"

#include "apps/finance/feature_file.h"
#include "base/clock.h"
#include "share/admin.h"
#include "share/flow.h"
#include "store/rows.h"

#include <math.h>
#include <string.h>

static const char overdue_indicator[] = "loan_overdue_days", loans_indicator[] = "loans_ever";
static const int64_t day_ms = 86400000;

#define COLUMNS "id, features, outcome, features_day, outcome_day, overdue, firms, good, bad, made_at"
static const struct ll_row_column columns[] = {
    LL_ROW(TEXT, ll_kit_study, id),          LL_ROW(TEXT, ll_kit_study, features),
    LL_ROW(TEXT, ll_kit_study, outcome),     LL_ROW(TEXT, ll_kit_study, features_day),
    LL_ROW(TEXT, ll_kit_study, outcome_day), LL_ROW(INT, ll_kit_study, overdue),
    LL_ROW(INT, ll_kit_study, firms),        LL_ROW(INT, ll_kit_study, good),
    LL_ROW(INT, ll_kit_study, bad),          LL_ROW(INT, ll_kit_study, made_at)};
static const struct ll_row_form form = {columns, LL_COUNT(columns), sizeof(struct ll_kit_study), NULL};

int ll_kit_current(struct ll_txn *tx, struct ll_arena *arena, struct ll_kit_study *ret, struct ll_err *err)
{
    return ll_row_get(tx, &form,
                      "SELECT " COLUMNS " FROM kit_study WHERE id >= $1 ORDER BY made_at DESC, id LIMIT 1",
                      "", arena, ret, err);
}

/* ---- loading ---- */

struct loading {
    const struct ll_feature_set *set;
    const size_t *at;
    size_t n, firms, most;
    struct ll_kit_column *columns;
    signed char *outcome;
    struct ll_feature_reader *later;
    int overdue_at, loans_at;
    int64_t overdue;
    struct ll_arena *arena;
};

static double number_of(const struct ll_feature_value *values, int at)
{
    return values[at].kind == LL_FV_NUMBER ? values[at].number : NAN;
}

/* Later: what became of a firm that was not overdue before. */
static int outcome_of(struct loading *l, struct ll_str firm, const struct ll_feature_value *values,
                      signed char *ret, struct ll_err *err)
{
    const bool overdue_before = number_of(values, l->overdue_at) > 0;
    const struct ll_feature_value *later = NULL;
    int rc;

    *ret = LL_KIT_OUT;
    if (overdue_before || (rc = ll_feature_run_find(l->later, firm, &later, err)) == 0)
        return LL_OK;
    if (rc < 0)
        return rc;
    if (number_of(later, l->loans_at) > 0)
        *ret = number_of(later, l->overdue_at) >= (double)l->overdue ? LL_KIT_BAD : LL_KIT_GOOD;
    return LL_OK;
}

static int take_firm(void *ctx, struct ll_str firm, const struct ll_feature_value *values, struct ll_err *err)
{
    struct loading *l = ctx;

    if (l->firms == l->most)
        return ll_fail(err, LL_INVALID, "指标文件中的企业多于其说明", "the run has more firms than it says");
    for (size_t i = 0; i < l->n; i++) {
        const struct ll_feature_value *v = &values[l->at[i]];
        if (l->columns[i].numbers)
            l->columns[i].numbers[l->firms] = v->kind == LL_FV_NUMBER ? v->number : NAN;
        else if (v->kind == LL_FV_CODE) {
            struct ll_str *to = &l->columns[i].codes[l->firms];
            *to = (struct ll_str){ll_arena_dup(l->arena, v->code), v->code.n};
            if (!to->p)
                return ll_no_memory(err);
        }
    }
    return outcome_of(l, firm, values, &l->outcome[l->firms++], err);
}

static int make_room(struct loading *l, struct ll_err *err)
{
    l->outcome = ll_arena_alloc(l->arena, l->most + 1);
    if (!l->outcome)
        return ll_no_memory(err);
    for (size_t i = 0; i < l->n; i++) {
        struct ll_kit_column *c = &l->columns[i];
        *c = (struct ll_kit_column){.feature = &l->set->features[l->at[i]]};
        if (c->feature->code)
            c->codes = ll_arena_array(l->arena, l->most + 1, sizeof *c->codes);
        else
            c->numbers = ll_arena_array(l->arena, l->most + 1, sizeof *c->numbers);
        if (!c->codes && !c->numbers)
            return ll_no_memory(err);
    }
    return LL_OK;
}

int ll_kit_load(struct ll_data *d, const struct ll_kit_study *s, const struct ll_feature_set *set,
                const size_t *at, size_t n, struct ll_arena *arena, struct ll_kit_column *cols,
                signed char **ret_outcome, struct ll_err *err)
{
    struct loading l = {.set = set, .at = at, .n = n, .columns = cols, .arena = arena, .overdue = s->overdue};
    struct ll_feature_reader *first = NULL;
    struct ll_feature_run run, later;
    int rc;

    l.overdue_at = ll_feature_at(set, ll_str(overdue_indicator));
    l.loans_at = ll_feature_at(set, ll_str(loans_indicator));
    if (l.overdue_at < 0 || l.loans_at < 0)
        return ll_fail(err, LL_NOTFOUND, "没有指标 %s、%s", "there are no indicators %s and %s",
                       overdue_indicator, loans_indicator);
    if ((rc = ll_feature_run_get(d, s->features, arena, &run, err)) < 0 ||
        (rc = ll_feature_run_get(d, s->outcome, arena, &later, err)) < 0)
        return rc;
    l.most = (size_t)run.firms;
    if ((rc = make_room(&l, err)) == LL_OK &&
        (rc = ll_feature_run_open(d, &run, set, &first, err)) == LL_OK &&
        (rc = ll_feature_run_open(d, &later, set, &l.later, err)) == LL_OK)
        rc = ll_feature_run_each(first, take_firm, &l, err);
    ll_feature_run_close(first);
    ll_feature_run_close(l.later);
    for (size_t i = 0; i < n; i++)
        cols[i].n = l.firms;
    *ret_outcome = l.outcome;
    return rc;
}

/* ---- opening ---- */

static int check_runs(struct ll_data *d, struct ll_txn *tx, struct ll_arena *arena, struct ll_kit_study *s,
                      struct ll_err *err)
{
    struct ll_feature_run first, later;
    struct ll_kit_study before;
    int rc = ll_kit_current(tx, arena, &before, err);

    if (rc > 0 && before.made_at + LL_KIT_STUDY_DAYS * day_ms > s->made_at)
        return ll_fail(
            err, LL_CONFLICT, "上一期开设未满 %d 天：相邻两期的差别会显出个别企业",
            "the last study is younger than %d days: what differs between neighbours would show single firms",
            LL_KIT_STUDY_DAYS);
    if (rc < 0 || (rc = ll_feature_run_get(d, s->features, arena, &first, err)) < 0 ||
        (rc = ll_feature_run_get(d, s->outcome, arena, &later, err)) < 0)
        return rc;
    s->features_day = ll_arena_dup(arena, ll_str(first.as_of.day));
    s->outcome_day = ll_arena_dup(arena, ll_str(later.as_of.day));
    if (!s->features_day || !s->outcome_day)
        return ll_no_memory(err);
    return first.as_of.ms < later.as_of.ms
               ? LL_OK
               : ll_fail(err, LL_INVALID, "表现期的指标须晚于特征的指标",
                         "the run of the outcome is later than that of the features");
}

/* All firms, and how many became what: each class is large enough, or empty. */
static int tally(struct ll_data *d, const struct ll_feature_set *set, struct ll_arena *arena,
                 struct ll_kit_study *s, struct ll_err *err)
{
    struct ll_kit_column column;
    signed char *outcome = NULL;
    size_t at = 0;
    int rc = ll_kit_load(d, s, set, &at, 1, arena, &column, &outcome, err);
    int64_t out;

    if (rc < 0)
        return rc;
    s->firms = (int64_t)column.n;
    for (size_t f = 0; f < column.n; f++) {
        s->good += outcome[f] == LL_KIT_GOOD;
        s->bad += outcome[f] == LL_KIT_BAD;
    }
    out = s->firms - s->good - s->bad;
    return s->good >= LL_KIT_CELL && s->bad >= LL_KIT_CELL && (out == 0 || out >= LL_KIT_CELL)
               ? LL_OK
               : ll_fail(err, LL_INVALID, "好、坏与无表现的企业须各至少 %d 家",
                         "of good, bad and other firms there have to be %d each", LL_KIT_CELL);
}

int ll_kit_study_open(struct ll_data *d, struct ll_txn *tx, const struct ll_feature_set *set,
                      const struct ll_actor *by, const char *features, const char *outcome, int64_t overdue,
                      struct ll_arena *arena, struct ll_kit_study *ret, struct ll_err *err)
{
    char id[LL_FLOW_ID_TEXT];
    int rc;

    ll_flow_new_id('K', id);
    *ret = (struct ll_kit_study){.id = ll_arena_dup(arena, ll_str(id)),
                                 .features = features,
                                 .outcome = outcome,
                                 .overdue = overdue,
                                 .made_at = ll_now_ms()};
    if (!ret->id)
        return ll_no_memory(err);
    if ((rc = check_runs(d, tx, arena, ret, err)) < 0 || (rc = tally(d, set, arena, ret, err)) < 0 ||
        (rc = ll_exec(
             tx, err,
             "INSERT INTO kit_study (id, features, outcome, features_day, outcome_day, overdue, firms, good, bad,"
             " made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
             "zzzzziiiizi", ret->id, features, outcome, ret->features_day, ret->outcome_day, overdue,
             ret->firms, ret->good, ret->bad, by->account, ret->made_at)) < 0)
        return rc;
    const struct ll_admin_note note = {
        .act = LL_ADMIN_STUDY_OPENED, .object = ll_str(ret->id), .detail = ll_str(features)};
    return ll_admin_note(tx, by, &note, err);
}

/* ---- asking ---- */

static int used(struct ll_txn *tx, const struct ll_kit_study *s, const char *organisation, int64_t *ret,
                struct ll_err *err)
{
    struct ll_stmt *q = NULL;
    int rc = ll_sql(tx, "SELECT count(*) FROM kit_query WHERE study = $1 AND organisation = $2", &q, err);

    if (rc < 0)
        return rc;
    ll_bind_z(q, 1, s->id);
    ll_bind_z(q, 2, organisation);
    if ((rc = ll_step(q, err)) > 0)
        *ret = ll_col_int(q, 0);
    ll_stmt_done(q);
    return rc < 0 ? rc : LL_OK;
}

int ll_kit_ask(struct ll_txn *tx, const struct ll_kit_study *s, const struct ll_actor *by,
               const char *question, int64_t *ret_used, struct ll_err *err)
{
    const struct ll_admin_note note = {.act = LL_ADMIN_KIT_ASKED,
                                       .object = ll_str(s->id),
                                       .of = ll_str(by->organisation),
                                       .detail = ll_str(question)};
    int64_t before = 0;
    int rc;

    if ((rc = used(tx, s, by->organisation, &before, err)) < 0 ||
        (rc = ll_exec(
             tx, err,
             "INSERT INTO kit_query (study, organisation, question, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
             "zzzi", s->id, by->organisation, question, ll_now_ms())) < 0)
        return rc;
    *ret_used = before;
    if (ll_txn_changes(tx) == 0) /* asked before */
        return LL_OK;
    if (before >= LL_KIT_BUDGET)
        return ll_fail(
            err, LL_TOOMANY, "本机构对这一期的 %d 个问题已用完；问过的可以再问",
            "the %d questions of this institution to the study are used up; what was asked may be asked again",
            LL_KIT_BUDGET);
    *ret_used = before + 1;
    return ll_admin_note(tx, by, &note, err);
}

void ll_kit_study_put(struct ll_json *j, const struct ll_kit_study *s)
{
    char at[LL_TIME_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "id", s->id);
    ll_json_kz(j, "features_day", s->features_day);
    ll_json_kz(j, "outcome_day", s->outcome_day);
    ll_json_ki(j, "overdue_days", s->overdue);
    ll_json_ki(j, "firms", s->firms);
    ll_json_ki(j, "good", s->good);
    ll_json_ki(j, "bad", s->bad);
    ll_json_kz(j, "made_at", ll_time_text(s->made_at, at));
    ll_json_end_obj(j);
}
