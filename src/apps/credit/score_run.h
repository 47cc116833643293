/* score_run.h - everybody of a scorecard, evaluated on a day.
 *
 * A run is one file, DATA/scores/<id>.db, that never changes: a table of subject, score, grade, and of each indicator its value and band, which any
 * SQLite client reads; what was counted, by which definition, and the counts by score, grade and band are in its meta.  No other table knows of it:
 * whoever removes the file removes the run. */
#ifndef LL_APPS_CREDIT_SCORE_RUN_H
#define LL_APPS_CREDIT_SCORE_RUN_H

#include "apps/credit/score.h"
#include "crypto/hash.h"
#include "intake/data.h"

enum { LL_SCORE_BINS = 20 }; /* of five points each; the last one has 100, too */

struct ll_score_run {
    char id[LL_ID_TEXT];
    const char *card, *as_of;
    unsigned version;
    int64_t made_at; /* ms */
    uint64_t subjects, left_out;
    const char *definition, *sha256; /* of the scorecard as JSON, and its hash */
    const char *counts;              /* JSON: "scores", "grades", "indicators": {name: [by band]} */
};

/* as_of: a day, "2026-03-31"; NULL is today.  LL_CONFLICT: the view has a subject twice. */
int ll_score_run(struct ll_data *d, const struct ll_catalog *cat, const struct ll_scorecard *card,
                 const char *as_of, struct ll_arena *arena, struct ll_score_run *ret,
                 struct ll_err *err) LL_MUST;
/* The latest day first, of one day the newest; in arena; card NULL: of all. */
int ll_score_runs(struct ll_data *d, const char *card, struct ll_arena *arena, struct ll_score_run **ret,
                  size_t *ret_n, struct ll_err *err) LL_MUST;
int ll_score_run_get(struct ll_data *d, const char *id, struct ll_arena *arena, struct ll_score_run *ret,
                     struct ll_err *err) LL_MUST;
/* Values of one subject in a run, one an indicator of the card, in arena.  LL_NOTFOUND: it was not evaluated; LL_CONFLICT: the scorecard was
 * changed since without a new version. */
int ll_score_values(struct ll_data *d, const struct ll_score_run *run, const struct ll_scorecard *card,
                    struct ll_str subject, struct ll_arena *arena, const struct ll_str **ret,
                    struct ll_err *err) LL_MUST;
void ll_score_run_put(struct ll_json *j, const struct ll_score_run *run); /* members of an open object */

/* How far two runs of one scorecard are apart: the population stability index, sum of (a - b) ln(a / b) over shares, an empty share counted
 * as half a subject.  Below 0.1 stable, from 0.25 on shifted (rules of thumb, recalled). */
struct ll_score_shift {
    double scores, grades;
    double indicators[LL_SCORE_INDICATORS_MAX]; /* NAN: not in both, or of other bands */
};
int ll_score_compare(const struct ll_scorecard *card, const struct ll_score_run *before,
                     const struct ll_score_run *after, struct ll_score_shift *ret,
                     struct ll_err *err) LL_MUST;

/* Evaluates as of a day, and counts who turned bad from then until another day, as the card's service `outcome` tells. */
struct ll_score_test {
    uint64_t subjects, bad;
    uint64_t by_grade[LL_SCORE_GRADES_MAX][2]; /* all, bad */
    double auc; /* chance that a bad one scored below a good one; NAN when one side is empty */
    double ks;  /* greatest distance of the two distributions */
};
int ll_score_backtest(struct ll_data *d, const struct ll_catalog *cat, const struct ll_scorecard *card,
                      const char *as_of, const char *until, struct ll_score_test *ret,
                      struct ll_err *err) LL_MUST;

#endif
