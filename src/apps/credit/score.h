/* score.h - public credit evaluation (公共信用综合评价) by a scorecard that anybody can recompute by hand.
 *
 * (1) A scorecard is data of a pack: indicators with a weight, bands of values with points, grades.  Points are 0 to 100, weights add up to 100,
 *     and a score is the sum of weight times points: 0 to 10,000 hundredths of a point.  Nothing else enters it.
 * (2) Bands of an indicator leave no value out and none twice, and points follow its direction (up: more is never worse; down: never better).
 *     A band may cap the grade (严重失信: at most D), whatever the sum.
 * (3) Values come from the view of a service of the same pack, a row a subject, on a day that is its parameter.
 * (4) Natural persons are scored only by a scorecard of kind `person` that names its legal basis; others leave them out. */
#ifndef LL_APPS_CREDIT_SCORE_H
#define LL_APPS_CREDIT_SCORE_H

#include "base/json.h"
#include "catalog/catalog.h"

enum {
    LL_SCORE_INDICATORS_MAX = 40,
    LL_SCORE_BANDS_MAX = 16,
    LL_SCORE_GRADES_MAX = 10,
    LL_SCORE_FULL = 10000
};

enum ll_score_direction { LL_SCORE_UP, LL_SCORE_DOWN, LL_SCORE_CODE };
enum ll_score_band_kind { LL_SCORE_RANGE, LL_SCORE_ONE_CODE, LL_SCORE_MISSING };

struct ll_score_band {
    enum ll_score_band_kind kind;
    double from, to;  /* of a range: from <= value < to; the ends may be infinite */
    const char *code; /* of a code */
    unsigned points;
    int cap;                      /* the best grade that a subject in this band may have; 0: any */
    const char *what[2], *how[2]; /* by language: what it says, and what would better it ("" when nothing) */
};

struct ll_score_indicator {
    const char *name, *title[2], *basis, *source;
    const char *evidence; /* resources divided by '|': where its facts are */
    unsigned weight;
    enum ll_score_direction direction;
    struct ll_score_band bands[LL_SCORE_BANDS_MAX];
    size_t n;
};

struct ll_score_grade {
    const char *grade, *title[2];
    unsigned from; /* hundredths */
};

struct ll_scorecard {
    const char *name, *pack, *title[2], *service, *subject, *as_of, *outcome, *legal_basis, *basis, *source;
    const char *subject_kind;
    unsigned version;
    struct ll_score_indicator indicators[LL_SCORE_INDICATORS_MAX];
    size_t n;
    struct ll_score_grade grades[LL_SCORE_GRADES_MAX]; /* the best first */
    size_t n_grades;
};

/* All scorecards of the packs that are loaded, in arena, by name and falling version; LL_INVALID says what is wrong where. */
int ll_score_cards(struct ll_txn *tx, const struct ll_catalog *cat, struct ll_arena *arena,
                   struct ll_scorecard **ret, size_t *ret_n, struct ll_err *err) LL_MUST;
/* One of them; version 0: the newest. */
int ll_score_card(struct ll_txn *tx, const struct ll_catalog *cat, const char *name, unsigned version,
                  struct ll_arena *arena, const struct ll_scorecard **ret, struct ll_err *err) LL_MUST;

/* What a subject's view row says of one indicator: text as the view gave it, p NULL when it gave nothing. */
struct ll_scored {
    unsigned score; /* hundredths */
    size_t grade;   /* position in grades */
    int capped_by;  /* the indicator whose band held the grade down; -1: none */
    unsigned char band[LL_SCORE_INDICATORS_MAX];
};
/* values: one an indicator.  LL_INVALID: a value that no band has (a code that is not listed, a text that is no number). */
int ll_score_apply(const struct ll_scorecard *card, const struct ll_str *values, struct ll_scored *ret,
                   struct ll_err *err) LL_MUST;
/* Position of an indicator by its name; -1: it has none. */
int ll_score_indicator_at(const struct ll_scorecard *card, struct ll_str name);

/* What if: puts another value in its place; an empty one stands for nothing recorded.  LL_USAGE: there is no such indicator. */
int ll_score_change(const struct ll_scorecard *card, struct ll_str *values, struct ll_str name,
                    struct ll_str value, struct ll_err *err) LL_MUST;

/* Members of an object that is open: the definition; what a subject got and why, with the points lost and how to win them. */
void ll_scorecard_put(struct ll_json *j, const struct ll_scorecard *card);
void ll_scored_put(struct ll_json *j, const struct ll_scorecard *card, const struct ll_str *values,
                   const struct ll_scored *s);

#endif
