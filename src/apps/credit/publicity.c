/* publicity.c - see publicity.h: periods by rule.  What stopped one early is publicity_stop.c. */
#include "apps/credit/publicity.h"

#include "apps/credit/sections.h"
#include "base/clock.h"
#include "catalog/pack.h"

#include <string.h>

enum { RULES_MAX = 1000, KINDS_MAX = 20, MONTHS_MAX = 1200, REPORT_DAYS_MAX = 366 };

/* --- reading them ----------------------------------------------------------------------------------------------------------- */

struct reading {
    struct ll_arena *arena;
    struct ll_public_kind *kinds;
    struct ll_public_period *periods;
    struct ll_public_grade *grades;
    struct ll_public_rules *rules;
    size_t file; /* of files[] */
};

static unsigned number_of(const char *cell, unsigned most)
{
    int64_t v = 0;

    return ll_str_i64(ll_str(cell), 0, most, &v) ? (unsigned)v : 0;
}

static int too_many(const char *file, struct ll_err *err)
{
    return ll_fail(err, LL_TOOBIG, "%s 的行数过多", "%s has too many rows", file);
}

static const char *const kind_columns[] = {"kind",      "title",       "title_en",        "resource",
                                           "number",    "party",       "party_class",     "party_code",
                                           "decided",   "until",       "level",           "categories",
                                           "authority", "department",  "department_code", "grounds",
                                           "content",   "report_days", "basis",           "source"};

static int add_kind(struct reading *r, const char *const *c, struct ll_err *err)
{
    if (r->rules->n_kinds == KINDS_MAX)
        return too_many("publicity_kinds.csv", err);
    r->kinds[r->rules->n_kinds++] = (struct ll_public_kind){
        c[0],  c[1],  c[2],  c[3],  c[4],  c[5],  c[6],  c[7],  c[8],
        c[9],  c[10], c[11], c[12], c[13], c[14], c[15], c[16], number_of(c[17], REPORT_DAYS_MAX),
        c[18], c[19]};
    return LL_OK;
}

static const char *const period_columns[] = {"kind", "level",   "least_months", "most_months", "without_end",
                                             "note", "note_en", "basis",        "source"};

static int add_period(struct reading *r, const char *const *c, struct ll_err *err)
{
    if (r->rules->n_periods == RULES_MAX)
        return too_many("publicity_periods.csv", err);
    r->periods[r->rules->n_periods++] = (struct ll_public_period){.kind = c[0],
                                                                  .level = c[1],
                                                                  .bounded = *c[3] != 0,
                                                                  .least = number_of(c[2], MONTHS_MAX),
                                                                  .most = number_of(c[3], MONTHS_MAX),
                                                                  .least_without = strcmp(c[4], "least") == 0,
                                                                  .note = c[5],
                                                                  .note_en = c[6],
                                                                  .basis = c[7],
                                                                  .source = c[8]};
    return LL_OK;
}

static const char *const grade_columns[] = {"kind", "code", "level", "basis", "source"};

static int add_grade(struct reading *r, const char *const *c, struct ll_err *err)
{
    if (r->rules->n_grades == RULES_MAX)
        return too_many("publicity_grades.csv", err);
    r->grades[r->rules->n_grades++] = (struct ll_public_grade){c[0], c[1], c[2], c[3], c[4]};
    return LL_OK;
}

static const struct {
    const char *file;
    const char *const *columns;
    size_t n;
    int (*add)(struct reading *r, const char *const *cells, struct ll_err *err);
} files[] = {{"publicity_kinds.csv", kind_columns, LL_COUNT(kind_columns), add_kind},
             {"publicity_periods.csv", period_columns, LL_COUNT(period_columns), add_period},
             {"publicity_grades.csv", grade_columns, LL_COUNT(grade_columns), add_grade}};

static int take(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    const char *kept[LL_COUNT(kind_columns)]; /* the most columns that one of them has */
    struct reading *r = ctx;

    (void)pack;
    for (size_t i = 0; i < files[r->file].n; i++)
        if (!(kept[i] = ll_arena_dup(r->arena, cells[i])))
            return ll_no_memory(err);
    return files[r->file].add(r, kept, err);
}

int ll_public_rules_read(struct ll_txn *tx, struct ll_arena *arena, struct ll_public_rules *ret,
                         struct ll_err *err)
{
    struct reading r = {.arena = arena, .rules = ret};
    int rc = LL_OK;

    *ret = (struct ll_public_rules){0};
    r.kinds = ll_arena_array(arena, KINDS_MAX, sizeof *r.kinds);
    r.periods = ll_arena_array(arena, RULES_MAX, sizeof *r.periods);
    r.grades = ll_arena_array(arena, RULES_MAX, sizeof *r.grades);
    if (!r.kinds || !r.periods || !r.grades)
        return ll_no_memory(err);
    for (; r.file < LL_COUNT(files) && rc == LL_OK; r.file++)
        rc = ll_pack_use_each(tx, LL_CREDIT_PACK, files[r.file].file, files[r.file].columns, files[r.file].n,
                              take, &r, err);
    ret->kinds = r.kinds;
    ret->periods = r.periods;
    ret->grades = r.grades;
    return rc;
}

const struct ll_public_kind *ll_public_kind_find(const struct ll_public_rules *r, struct ll_str name)
{
    for (size_t i = 0; i < r->n_kinds; i++)
        if (ll_str_is(name, r->kinds[i].name) || ll_str_is(name, r->kinds[i].resource))
            return &r->kinds[i];
    return NULL;
}

/* --- what follows for a record ---------------------------------------------------------------------------------------------- */

static const char *const state_names[] = {[LL_PUBLIC_SHOWN] = "shown",
                                          [LL_PUBLIC_COMING] = "coming",
                                          [LL_PUBLIC_ENDED] = "ended",
                                          [LL_PUBLIC_NEVER] = "never",
                                          [LL_PUBLIC_STOPPED] = "stopped"};

const char *ll_public_state_name(enum ll_public_state s)
{
    return state_names[s];
}

int32_t ll_public_months_later(int32_t day, unsigned months)
{
    unsigned m, d;
    int y;

    ll_civil_from_days(day, &y, &m, &d);
    y += (int)((m - 1 + months) / 12);
    m = (m - 1 + months) % 12 + 1;
    while (!ll_civil_valid(y, m, d) && d > 28)
        d--;
    return ll_days_from_civil(y, m, d);
}

/* The gravest degree that one of the categories stands for: of several kinds of penalty the longest period counts.  "": none does. */
static const char *graded(const struct ll_public_rules *rules, const char *kind, struct ll_str categories)
{
    const char *level = "";
    struct ll_str code;

    while (categories.n) {
        ll_str_cut(categories, ';', &code, &categories);
        for (size_t i = 0; i < rules->n_grades; i++) {
            const struct ll_public_grade *g = &rules->grades[i];
            if (strcmp(g->kind, kind) == 0 && ll_str_is(ll_str_trim(code), g->code) &&
                strcmp(g->level, level) > 0)
                level = g->level;
        }
    }
    return level;
}

static const struct ll_public_period *rule_of(const struct ll_public_rules *rules, const char *kind,
                                              const char *level)
{
    for (size_t i = 0; i < rules->n_periods; i++)
        if (strcmp(rules->periods[i].kind, kind) == 0 &&
            (!*rules->periods[i].level || strcmp(rules->periods[i].level, level) == 0))
            return &rules->periods[i];
    return NULL;
}

/* A degree as the rules write it, so that it outlives the record; "" where they know none such. */
static const char *known_level(const struct ll_public_rules *rules, const char *kind, struct ll_str level)
{
    for (size_t i = 0; i < rules->n_periods; i++)
        if (strcmp(rules->periods[i].kind, kind) == 0 && level.n && ll_str_is(level, rules->periods[i].level))
            return rules->periods[i].level;
    return "";
}

/* (3) */
static int32_t last_day(const struct ll_public_period *p, const struct ll_public_facts *f)
{
    int32_t least, most;

    if (!p->bounded)
        return f->until;
    least = ll_public_months_later(f->decided, p->least);
    most = ll_public_months_later(f->decided, p->most);
    if (f->until == LL_PUBLIC_NO_DAY)
        return p->least_without ? least : most;
    return f->until < least ? least : f->until > most ? most : f->until;
}

void ll_public_by_rule(const struct ll_public_rules *rules, const struct ll_public_kind *kind,
                       const struct ll_public_facts *f, int32_t day, struct ll_public_show *ret)
{
    struct ll_public_show s = {.state = LL_PUBLIC_NEVER,
                               .from = LL_PUBLIC_NO_DAY,
                               .until = LL_PUBLIC_NO_DAY,
                               .repair_from = LL_PUBLIC_NO_DAY};

    s.level = known_level(rules, kind->name, f->level);
    s.level_derived = !*s.level;
    if (s.level_derived)
        s.level = graded(rules, kind->name, f->categories);
    s.level_derived = s.level_derived && *s.level;
    s.rule = rule_of(rules, kind->name, s.level);
    if (s.rule && f->decided != LL_PUBLIC_NO_DAY) {
        s.from = f->decided;
        s.until = last_day(s.rule, f);
        s.repair_from = s.rule->bounded ? ll_public_months_later(f->decided, s.rule->least)
                                        : LL_PUBLIC_NO_DAY;
    }
    if (s.until == LL_PUBLIC_NO_DAY || (s.rule->bounded && s.until <= s.from))
        s.until = LL_PUBLIC_NO_DAY; /* not a day of it */
    else
        s.state = day < s.from ? LL_PUBLIC_COMING : day > s.until ? LL_PUBLIC_ENDED : LL_PUBLIC_SHOWN;
    *ret = s;
}
