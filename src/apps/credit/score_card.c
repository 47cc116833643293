/* score_card.c - scorecards as packs have them: read, and checked as a whole (score.h). */
#include "apps/credit/score_impl.h"

#include "catalog/pack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CARDS_MAX = 64 };

struct reading {
    const struct ll_catalog *cat;
    struct ll_arena *arena;
    struct ll_scorecard *cards;
    size_t n;
};

/* ---- columns of the four files ---- */

enum card_column {
    C_NAME,
    C_VERSION,
    C_TITLE,
    C_TITLE_EN,
    C_SERVICE,
    C_SUBJECT,
    C_KIND,
    C_AS_OF,
    C_OUTCOME,
    C_LEGAL,
    C_BASIS,
    C_SOURCE,
    C_N
};
static const char *const card_columns[C_N] = {"scorecard", "version",     "title",        "title_en",
                                              "service",   "subject",     "subject_kind", "as_of",
                                              "outcome",   "legal_basis", "basis",        "source"};

enum indicator_column {
    I_CARD,
    I_VERSION,
    I_NAME,
    I_TITLE,
    I_TITLE_EN,
    I_WEIGHT,
    I_DIRECTION,
    I_EVIDENCE,
    I_BASIS,
    I_SOURCE,
    I_N
};
static const char *const indicator_columns[I_N] = {"scorecard", "version",   "indicator", "title", "title_en",
                                                   "weight",    "direction", "evidence",  "basis", "source"};

enum band_column {
    B_CARD,
    B_VERSION,
    B_INDICATOR,
    B_KIND,
    B_FROM,
    B_TO,
    B_CODE,
    B_POINTS,
    B_CAP,
    B_WHAT,
    B_WHAT_EN,
    B_HOW,
    B_HOW_EN,
    B_N
};
static const char *const band_columns[B_N] = {"scorecard", "version", "indicator", "kind", "from",
                                              "to",        "code",    "points",    "cap",  "what",
                                              "what_en",   "how",     "how_en"};

enum grade_column { G_CARD, G_VERSION, G_GRADE, G_FROM, G_TITLE, G_TITLE_EN, G_N };
static const char *const grade_columns[G_N] = {"scorecard", "version", "grade", "from", "title", "title_en"};

/* ---- cells; their form was checked when the pack was loaded ---- */

static unsigned count_of(struct ll_str s)
{
    return (unsigned)strtoul(s.n ? s.p : "0", NULL, 10);
}

static size_t word_of(struct ll_str s, const char *const *words, size_t n)
{
    size_t i = 0;

    while (i + 1 < n && !ll_str_is(s, words[i]))
        i++;
    return i;
}

/* Copies cells into texts; false when there is no memory. */
static bool keep(struct ll_arena *arena, const struct ll_str *cells, const size_t *from, const char ***to,
                 size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(*to[i] = ll_arena_dup(arena, cells[from[i]])))
            return false;
    return true;
}

static struct ll_scorecard *card_of(const struct reading *r, struct ll_str name, struct ll_str version)
{
    for (size_t i = 0; i < r->n; i++)
        if (ll_str_is(name, r->cards[i].name) && r->cards[i].version == count_of(version))
            return &r->cards[i];
    return NULL;
}

/* The card that a row of another file is about. */
static int card_for(const struct reading *r, const char *file, struct ll_str name, struct ll_str version,
                    struct ll_scorecard **ret, struct ll_err *err)
{
    *ret = card_of(r, name, version);
    return *ret ? LL_OK
                : ll_fail(err, LL_INVALID, "%s 提到评分卡 %.*s 第 %.*s 版，scorecards.csv 中没有这一版",
                          "%s tells of scorecard %.*s, version %.*s, which scorecards.csv does not have",
                          file, (int)name.n, name.p, (int)version.n, version.p);
}

static int take_card(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    static const size_t from[] = {C_NAME,  C_TITLE,   C_TITLE_EN, C_SERVICE, C_SUBJECT, C_KIND,
                                  C_AS_OF, C_OUTCOME, C_LEGAL,    C_BASIS,   C_SOURCE};
    struct reading *r = ctx;

    if (r->n == CARDS_MAX)
        return ll_fail(err, LL_TOOBIG, "评分卡超过 %d 个", "there are more than %d scorecards", CARDS_MAX);
    if (card_of(r, cells[C_NAME], cells[C_VERSION]))
        return ll_fail(err, LL_INVALID, "scorecards.csv 中评分卡 %.*s 的同一版出现两次",
                       "scorecards.csv has a version of scorecard %.*s twice", (int)cells[C_NAME].n,
                       cells[C_NAME].p);
    struct ll_scorecard *c = &r->cards[r->n];
    const char **to[] = {&c->name,        &c->title[LL_ZH], &c->title[LL_EN], &c->service,
                         &c->subject,     &c->subject_kind, &c->as_of,        &c->outcome,
                         &c->legal_basis, &c->basis,        &c->source};
    *c = (struct ll_scorecard){.version = count_of(cells[C_VERSION]),
                               .pack = ll_arena_dup(r->arena, ll_str(pack))};
    if (!c->pack || !keep(r->arena, cells, from, to, LL_COUNT(from)))
        return ll_no_memory(err);
    r->n++;
    return LL_OK;
}

static int take_indicator(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    static const size_t from[] = {I_NAME, I_TITLE, I_TITLE_EN, I_EVIDENCE, I_BASIS, I_SOURCE};
    struct reading *r = ctx;
    struct ll_scorecard *c;
    int rc = card_for(r, "score_indicators.csv", cells[I_CARD], cells[I_VERSION], &c, err);

    (void)pack;
    if (rc < 0)
        return rc;
    if (c->n == LL_SCORE_INDICATORS_MAX || ll_score_indicator_at(c, cells[I_NAME]) >= 0)
        return ll_fail(err, LL_INVALID, "评分卡 %s：指标 %.*s 重复，或指标超过 %d 个",
                       "scorecard %s: indicator %.*s stands twice, or there are more than %d", c->name,
                       (int)cells[I_NAME].n, cells[I_NAME].p, LL_SCORE_INDICATORS_MAX);
    struct ll_score_indicator *x = &c->indicators[c->n];
    const char **to[] = {&x->name, &x->title[LL_ZH], &x->title[LL_EN], &x->evidence, &x->basis, &x->source};
    x->weight = count_of(cells[I_WEIGHT]);
    x->direction = (enum ll_score_direction)word_of(cells[I_DIRECTION], ll_score_directions,
                                                    LL_COUNT(ll_score_directions));
    if (!keep(r->arena, cells, from, to, LL_COUNT(from)))
        return ll_no_memory(err);
    c->n++;
    return LL_OK;
}

/* An end of a range; empty is without end. */
static int end_of(const struct ll_scorecard *c, struct ll_str text, double without, double *ret,
                  struct ll_err *err)
{
    *ret = text.n ? ll_score_number(text) : without;
    return isnan(*ret) || (text.n && !isfinite(*ret))
               ? ll_fail(err, LL_INVALID, "评分卡 %s：分档的界限“%.*s”不是数",
                         "scorecard %s: '%.*s' is no number that a band could end at", c->name,
                         (int)(text.n < 64 ? text.n : 64), text.p)
               : LL_OK;
}

/* Position of a grade, counted from 1. */
static int cap_of(const struct ll_scorecard *c, struct ll_str grade, int *ret, struct ll_err *err)
{
    *ret = 0;
    if (grade.n == 0)
        return LL_OK;
    for (size_t g = 0; g < c->n_grades; g++)
        if (ll_str_is(grade, c->grades[g].grade))
            *ret = (int)g + 1;
    return *ret ? LL_OK
                : ll_fail(err, LL_INVALID, "评分卡 %s：封顶等级 %.*s 不在 score_grades.csv 中",
                          "scorecard %s: grade %.*s, which a band caps at, is not in score_grades.csv",
                          c->name, (int)grade.n, grade.p);
}

static int take_band(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    static const size_t from[] = {B_CODE, B_WHAT, B_WHAT_EN, B_HOW, B_HOW_EN};
    struct reading *r = ctx;
    struct ll_scorecard *c;
    int rc = card_for(r, "score_bands.csv", cells[B_CARD], cells[B_VERSION], &c, err), at;

    (void)pack;
    if (rc < 0)
        return rc;
    if ((at = ll_score_indicator_at(c, cells[B_INDICATOR])) < 0 || c->indicators[at].n == LL_SCORE_BANDS_MAX)
        return ll_fail(err, LL_INVALID, "评分卡 %s：没有指标 %.*s，或其分档超过 %d 个",
                       "scorecard %s: there is no indicator %.*s, or it has more than %d bands", c->name,
                       (int)cells[B_INDICATOR].n, cells[B_INDICATOR].p, LL_SCORE_BANDS_MAX);
    struct ll_score_indicator *x = &c->indicators[at];
    struct ll_score_band *b = &x->bands[x->n];
    const char **to[] = {&b->code, &b->what[LL_ZH], &b->what[LL_EN], &b->how[LL_ZH], &b->how[LL_EN]};
    b->kind = (enum ll_score_band_kind)word_of(cells[B_KIND], ll_score_kinds, LL_COUNT(ll_score_kinds));
    b->points = count_of(cells[B_POINTS]);
    if ((rc = end_of(c, cells[B_FROM], -INFINITY, &b->from, err)) < 0 ||
        (rc = end_of(c, cells[B_TO], INFINITY, &b->to, err)) < 0 ||
        (rc = cap_of(c, cells[B_CAP], &b->cap, err)) < 0)
        return rc;
    if (!keep(r->arena, cells, from, to, LL_COUNT(from)))
        return ll_no_memory(err);
    x->n++;
    return LL_OK;
}

static int take_grade(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    static const size_t from[] = {G_GRADE, G_TITLE, G_TITLE_EN};
    struct reading *r = ctx;
    struct ll_scorecard *c;
    int rc = card_for(r, "score_grades.csv", cells[G_CARD], cells[G_VERSION], &c, err);

    (void)pack;
    if (rc < 0)
        return rc;
    if (c->n_grades == LL_SCORE_GRADES_MAX)
        return ll_fail(err, LL_INVALID, "评分卡 %s 的等级超过 %d 个", "scorecard %s has more than %d grades",
                       c->name, LL_SCORE_GRADES_MAX);
    struct ll_score_grade *g = &c->grades[c->n_grades];
    const char **to[] = {&g->grade, &g->title[LL_ZH], &g->title[LL_EN]};
    g->from = count_of(cells[G_FROM]) * 100;
    if (!keep(r->arena, cells, from, to, LL_COUNT(from)))
        return ll_no_memory(err);
    c->n_grades++;
    return LL_OK;
}

/* ---- the whole ---- */

static int by_from(const void *a, const void *b)
{
    const struct ll_score_band *x = a, *y = b;

    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->kind != LL_SCORE_RANGE || x->from == y->from ? 0 : x->from < y->from ? -1 : 1;
}

static int bad_bands(const struct ll_scorecard *c, const struct ll_score_indicator *x, const char *zh,
                     const char *en, struct ll_err *err)
{
    return ll_fail(err, LL_INVALID, "评分卡 %s 第 %u 版，指标 %s：%s%.0s",
                   "scorecard %s, version %u, indicator %s: %.0s%s", c->name, c->version, x->name, zh, en);
}

static bool worse(enum ll_score_direction d, unsigned before, unsigned after)
{
    return (d == LL_SCORE_UP && after < before) || (d == LL_SCORE_DOWN && after > before);
}

/* Ranges, sorted, from one end to the other; points by direction. */
static int check_ranges(const struct ll_scorecard *c, const struct ll_score_indicator *x, size_t ranges,
                        struct ll_err *err)
{
    if (ranges == 0 || x->bands[0].from != -INFINITY || x->bands[ranges - 1].to != INFINITY)
        return bad_bands(
            c, x, "分档须从无下限的一档开始，到无上限的一档为止",
            "bands must begin with one without a lower end and close with one without an upper end", err);
    for (size_t i = 1; i < ranges; i++) {
        if (x->bands[i].from != x->bands[i - 1].to)
            return bad_bands(c, x, "分档之间有空隙或重叠", "bands leave a gap or overlap", err);
        if (worse(x->direction, x->bands[i - 1].points, x->bands[i].points))
            return bad_bands(c, x, "分值与方向（direction）不一致", "points go against the direction", err);
    }
    return LL_OK;
}

static int check_indicator(const struct ll_scorecard *c, struct ll_score_indicator *x, struct ll_err *err)
{
    size_t of[LL_COUNT(ll_score_kinds)] = {0};

    qsort(x->bands, x->n, sizeof *x->bands, by_from);
    for (size_t i = 0; i < x->n; i++)
        of[x->bands[i].kind]++;
    if (of[LL_SCORE_MISSING] != 1)
        return bad_bands(c, x, "须有且只有一个 missing 档（没有记录时怎么计分）",
                         "there must be one band of kind missing: what it counts when nothing is recorded",
                         err);
    if (x->direction != LL_SCORE_CODE)
        return of[LL_SCORE_ONE_CODE] ? bad_bands(c, x, "数值型指标不能有 code 档",
                                                 "an indicator of numbers has no band of a code", err)
                                     : check_ranges(c, x, of[LL_SCORE_RANGE], err);
    if (of[LL_SCORE_RANGE] || !of[LL_SCORE_ONE_CODE])
        return bad_bands(c, x, "代码型指标的分档须为 code", "an indicator of codes has bands of codes only",
                         err);
    return LL_OK;
}

static int check_grades(const struct ll_scorecard *c, struct ll_err *err)
{
    for (size_t g = 1; g < c->n_grades; g++)
        if (c->grades[g].from >= c->grades[g - 1].from)
            return ll_fail(err, LL_INVALID, "评分卡 %s 第 %u 版的等级须从高到低排列",
                           "scorecard %s, version %u: grades must stand from the best down", c->name,
                           c->version);
    if (c->n_grades < 2 || c->grades[c->n_grades - 1].from != 0)
        return ll_fail(err, LL_INVALID, "评分卡 %s 第 %u 版至少要有两个等级，最低一级从 0 分起",
                       "scorecard %s, version %u needs two grades at least, the lowest from 0", c->name,
                       c->version);
    return LL_OK;
}

/* The service, its outputs and its parameter are there. */
static int check_service(const struct reading *r, const struct ll_scorecard *c, struct ll_err *err)
{
    const struct ll_service *s = ll_catalog_service(r->cat, ll_str(c->service));
    const char *missing = NULL;

    if (!s || !s->view)
        return ll_fail(err, LL_INVALID, "评分卡 %s 所用的服务 %s 不存在，或没有视图",
                       "scorecard %s takes its values from service %s, which is not there or has no view",
                       c->name, c->service);
    if (!ll_service_item(s, LL_SERVICE_PARAMETER, ll_str(c->as_of)))
        missing = c->as_of;
    if (!ll_service_item(s, LL_SERVICE_OUTPUT, ll_str(c->subject)))
        missing = c->subject;
    for (size_t i = 0; i < c->n; i++)
        if (!ll_service_item(s, LL_SERVICE_OUTPUT, ll_str(c->indicators[i].name)))
            missing = c->indicators[i].name;
    return missing ? ll_fail(err, LL_INVALID, "评分卡 %s：服务 %s 没有 %s",
                             "scorecard %s: service %s has no %s", c->name, c->service, missing)
                   : LL_OK;
}

static int check_card(const struct reading *r, struct ll_scorecard *c, struct ll_err *err)
{
    unsigned weights = 0;
    int rc = check_service(r, c, err);

    for (size_t i = 0; i < c->n && rc == LL_OK; i++) {
        weights += c->indicators[i].weight;
        rc = check_indicator(c, &c->indicators[i], err);
    }
    if (rc == LL_OK && weights != 100)
        rc = ll_fail(err, LL_INVALID, "评分卡 %s 第 %u 版的权重合计为 %u，应为 100",
                     "scorecard %s, version %u: weights add up to %u instead of 100", c->name, c->version,
                     weights);
    if (rc == LL_OK && strcmp(c->subject_kind, "person") == 0 && !*c->legal_basis)
        rc = ll_fail(err, LL_INVALID, "评分卡 %s 评价自然人，须在 legal_basis 写明法律依据",
                     "scorecard %s is about natural persons and must name its legal basis in legal_basis",
                     c->name);
    return rc == LL_OK ? check_grades(c, err) : rc;
}

static int by_name(const void *a, const void *b)
{
    const struct ll_scorecard *x = a, *y = b;
    int c = strcmp(x->name, y->name);

    return c ? c : x->version < y->version ? 1 : -1;
}

int ll_score_cards(struct ll_txn *tx, const struct ll_catalog *cat, struct ll_arena *arena,
                   struct ll_scorecard **ret, size_t *ret_n, struct ll_err *err)
{
    /* Bands name grades and indicators, so these come first. */
    static const struct {
        const char *file;
        const char *const *columns;
        size_t n;
        ll_pack_use_fn *take;
    } files[] = {
        {"scorecards.csv", card_columns, C_N, take_card},
        {"score_grades.csv", grade_columns, G_N, take_grade},
        {"score_indicators.csv", indicator_columns, I_N, take_indicator},
        {"score_bands.csv", band_columns, B_N, take_band},
    };
    struct reading r = {cat, arena, ll_arena_array(arena, CARDS_MAX, sizeof *r.cards), 0};
    int rc = r.cards ? LL_OK : ll_no_memory(err);

    for (size_t i = 0; i < LL_COUNT(files) && rc == LL_OK; i++)
        rc = ll_pack_use_each(tx, NULL, files[i].file, files[i].columns, files[i].n, files[i].take, &r, err);
    for (size_t i = 0; i < r.n && rc == LL_OK; i++)
        rc = check_card(&r, &r.cards[i], err);
    if (rc < 0)
        return rc;
    qsort(r.cards, r.n, sizeof *r.cards, by_name);
    *ret = r.cards;
    *ret_n = r.n;
    return LL_OK;
}

int ll_score_card(struct ll_txn *tx, const struct ll_catalog *cat, const char *name, unsigned version,
                  struct ll_arena *arena, const struct ll_scorecard **ret, struct ll_err *err)
{
    struct ll_scorecard *list = NULL;
    size_t n = 0;
    int rc = ll_score_cards(tx, cat, arena, &list, &n, err);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i].name, name) == 0 && (version == 0 || list[i].version == version)) {
            *ret = &list[i];
            return LL_OK;
        }
    return ll_fail(err, LL_NOTFOUND, "没有评分卡 %.48s，或没有这一版",
                   "there is no scorecard %.48s of that version", name);
}
