/* card.h - how rural households are rated: the tables rural_cards.csv, rural_indicators.csv, rural_bands.csv, rural_grades.csv and
 * rural_credit_areas.csv of a pack.
 *
 * (1) The score is the sum of weight and points of the band that each indicator's value falls into; a band may cap the whole.  Weights come to 100.
 * (2) "The source has none" and "not connected, or late" are bands of their own: what nobody knows is not held against anybody as if it were known.
 * (3) What the village's committee made of the household (the mark) and the score become a grade by rows: the first of the mark whose `from` is
 *     reached.  Nothing else decides, and every row is shown to whom it is about.
 * (4) Pure: the same household and mark give the same rating. */
#ifndef LL_APPS_RURAL_CARD_H
#define LL_APPS_RURAL_CARD_H

#include "apps/rural/household.h"
#include "apps/rural/tbl/review_marks.h"
#include "crypto/hash.h"
#include "standard/convert.h"

#define X(id, ...) LL_MARK_##id,
enum ll_review_mark { LL_REVIEW_MARKS(X) LL_MARK_COUNT };
#undef X
const char *ll_review_mark_word(enum ll_review_mark m);
const char *ll_review_mark_title(enum ll_review_mark m, enum ll_lang lang);
bool ll_review_mark_of(struct ll_str word, enum ll_review_mark *ret);

enum {
    LL_CARD_INDICATORS_MAX = 40,
    LL_CARD_BANDS_MAX = 20, /* of an indicator */
    LL_CARD_ROWS_MAX = 60,
    LL_CARD_GRADES_MAX = 10,
    LL_CARD_POINTS = 100, /* scores are kept in hundredths */
    LL_CARD_NO_CAP = -1
};

enum ll_band_kind {
    LL_BAND_RANGE,
    LL_BAND_CODE,
    LL_BAND_ANY,
    LL_BAND_YES,
    LL_BAND_NO,
    LL_BAND_ABSENT,
    LL_BAND_UNKNOWN
};

struct ll_rural_band {
    enum ll_band_kind kind;
    bool has_from, has_to;
    ll_i128 from, to;
    const char *code, *what[2];
    int points, cap;
};
struct ll_rural_indicator {
    const char *name, *title[2], *evidence, *basis;
    const struct ll_rural_item *item;
    int weight;
    struct ll_rural_band *bands;
    size_t n;
};
struct ll_rural_grade_row {
    enum ll_review_mark mark;
    int from;
    size_t grade; /* among the card's grades */
    int64_t limit;
};
struct ll_rural_grade {
    const char *name, *title[2];
};
/* When a village or town is one of good credit. */
struct ll_rural_area_rule {
    bool town;
    const char *title[2], *good; /* grades, divided by | */
    int rated, goods, blacks;    /* percent */
};
struct ll_rural_card {
    const char *name, *title[2], *basis, *source;
    const struct ll_rural_list *list;
    int quorum, black_needs;
    struct ll_rural_indicator *indicators;
    size_t n;
    struct ll_rural_grade_row *rows;
    size_t n_rows;
    struct ll_rural_grade *grades; /* the best first */
    size_t n_grades;
    struct ll_rural_area_rule areas[2];
    size_t n_areas;
    char sha256[LL_SHA256_HEX]; /* of all rows */
};

/* The first of the list; in arena, borrows the list.  LL_NOTFOUND: it has none; LL_INVALID: what is wrong where. */
int ll_rural_card_read(struct ll_txn *tx, const struct ll_rural_list *list, struct ll_arena *arena,
                       const struct ll_rural_card **ret, struct ll_err *err) LL_MUST;

struct ll_rural_scored {
    int score, cap;    /* score in hundredths, after the cap; cap LL_CARD_NO_CAP: none */
    size_t grade, row; /* among the card's */
    size_t band[LL_CARD_INDICATORS_MAX];
};
void ll_rural_score(const struct ll_rural_card *c, const struct ll_household *h, enum ll_review_mark mark,
                    struct ll_rural_scored *ret);
/* The value that an indicator looked at; n 0: there was none. */
struct ll_str ll_rural_indicator_value(const struct ll_rural_card *c, const struct ll_household *h,
                                       size_t indicator);
bool ll_rural_grade_is_good(const struct ll_rural_area_rule *a, const char *grade);

#endif
