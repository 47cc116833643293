/* rating.h - every household rated at once: score over a roll-up (rollup.h), the newest mark of its village's committee, and the grade of both (card.h).
 *
 * (1) A run is one file, DATA/ratings/<id>.db, that never changes, made aside and moved when whole.
 * (2) Its key is the blind index of the household's number, village and grade are plain, and everything else (score, mark, reasons, each indicator's
 *     band and value) is sealed as one value.
 * (3) Two passes over what is there, both in the order of the key: the published marks of resource rural_review, by one statement, and the roll-up.  No
 *     look-up a household.
 * (4) A rating by rules that were changed since is not shown: rate again. */
#ifndef LL_APPS_RURAL_RATING_H
#define LL_APPS_RURAL_RATING_H

#include "apps/rural/card.h"
#include "apps/rural/rollup.h"
#include "store/vault.h"

#define LL_REVIEW_RESOURCE "rural_review"

struct ll_rating {
    char id[LL_ID_TEXT], rollup[LL_ID_TEXT];
    const char *card, *sha256, *day; /* day: of the roll-up */
    int64_t made_at;                 /* ms */
    uint64_t households, reviewed;
    const char *
        villages; /* JSON: [[code, name, households, [by grade], [by mark]], ...], in the order of their codes */
};

/* LL_NOTFOUND: there is no roll-up of the list. */
int ll_rating_run(struct ll_data *d, const struct ll_catalog *cat, const struct ll_rural_card *card,
                  struct ll_marks *marks, struct ll_arena *arena, struct ll_rating *ret,
                  struct ll_err *err) LL_MUST;
/* The newest first; in arena.  card NULL: of all cards; otherwise those made by exactly these rules. */
int ll_rating_list(struct ll_data *d, const struct ll_rural_card *card, struct ll_arena *arena,
                   struct ll_rating **ret, size_t *ret_n, struct ll_err *err) LL_MUST;

struct ll_rated {
    const struct ll_rural_card *card;
    struct ll_rural_scored scored;
    enum ll_review_mark mark;
    struct ll_str reasons, reviewed_on, round; /* n 0: not reviewed */
    struct ll_str value[LL_CARD_INDICATORS_MAX];
    bool hidden[LL_CARD_INDICATORS_MAX]; /* not told: not granted to whoever asks */
    int64_t at;                          /* when it was rated */
    const char *day;
};
/* By the newest run; 1, or 0: it is in none.  In arena. */
int ll_rating_of(struct ll_data *d, const struct ll_rural_card *card, struct ll_str household,
                 struct ll_arena *arena, struct ll_rated *ret, struct ll_err *err) LL_MUST;
int64_t ll_rated_limit(const struct ll_rated *r); /* yuan; 0: none is suggested */
const char *ll_rated_grade(const struct ll_rated *r);

/* The blind index of a household's number: how ratings, reviews and loans name a household without telling its number. */
int ll_rating_key(struct ll_data *d, struct ll_str household, unsigned char key[LL_BLIND],
                  struct ll_err *err) LL_MUST;

/* Members of an object that is open: "grade", ..., "indicators": [{"title", "value", "what", "points", "of", ...}]. */
void ll_rated_put(struct ll_json *j, const struct ll_rated *r);
/* Titles of reasons (table RURAL_REVIEW_REASON), with a mark between them; in arena. */
const char *ll_review_reasons_text(const struct ll_catalog *cat, struct ll_str codes, enum ll_lang lang,
                                   struct ll_arena *arena);

#endif
