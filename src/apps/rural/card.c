/* card.c - the score of a household and the grade that follows with its mark (card.h): pure. */
#include "apps/rural/card.h"

#include "apps/rural/settle.h"

#include <string.h>

static const struct {
    const char *word, *title[2];
} marks[] = {
#define X(id, word_, zh, en) {word_, {zh, en}},
    LL_REVIEW_MARKS(X)
#undef X
};

const char *ll_review_mark_word(enum ll_review_mark m)
{
    return marks[m].word;
}

const char *ll_review_mark_title(enum ll_review_mark m, enum ll_lang lang)
{
    return marks[m].title[lang];
}

bool ll_review_mark_of(struct ll_str word, enum ll_review_mark *ret)
{
    for (size_t i = 0; i < LL_COUNT(marks); i++)
        if (ll_str_is(word, marks[i].word)) {
            *ret = (enum ll_review_mark)i;
            return true;
        }
    return false;
}

static const struct ll_household_item *item_of(const struct ll_rural_card *c, const struct ll_household *h,
                                               size_t indicator)
{
    size_t at = (size_t)(c->indicators[indicator].item - c->list->items);

    LL_ASSERT(at < h->n_items && h->items[at].item == c->indicators[indicator].item); /* of all items */
    return &h->items[at];
}

struct ll_str ll_rural_indicator_value(const struct ll_rural_card *c, const struct ll_household *h,
                                       size_t indicator)
{
    const struct ll_household_item *x = item_of(c, h, indicator);

    return x->n ? x->values[0].value : (struct ll_str){NULL, 0};
}

static bool in_range(const struct ll_rural_band *b, struct ll_str value)
{
    ll_i128 v;

    return ll_micro_of(value, &v) && (!b->has_from || v >= b->from) && (!b->has_to || v < b->to);
}

static bool fits(const struct ll_rural_band *b, const struct ll_household_item *x)
{
    struct ll_str value = x->n ? x->values[0].value : (struct ll_str){NULL, 0};

    switch (b->kind) {
    case LL_BAND_RANGE:
        return x->n && in_range(b, value);
    case LL_BAND_CODE:
        return x->n && ll_str_is(value, b->code);
    case LL_BAND_ANY:
        return x->n > 0;
    case LL_BAND_YES:
        return x->n && ll_str_is(value, "true");
    case LL_BAND_NO:
        return x->n && ll_str_is(value, "false");
    case LL_BAND_ABSENT:
        return !x->n && x->state == LL_RURAL_ABSENT;
    case LL_BAND_UNKNOWN:
        break;
    }
    return !x->n && x->state != LL_RURAL_ABSENT;
}

/* A value that no band speaks of is as good as not known. */
static size_t band_of(const struct ll_rural_indicator *ind, const struct ll_household_item *x)
{
    size_t unknown = 0;

    for (size_t i = 0; i < ind->n; i++) {
        if (fits(&ind->bands[i], x))
            return i;
        if (ind->bands[i].kind == LL_BAND_UNKNOWN)
            unknown = i;
    }
    return unknown;
}

void ll_rural_score(const struct ll_rural_card *c, const struct ll_household *h, enum ll_review_mark mark,
                    struct ll_rural_scored *ret)
{
    *ret = (struct ll_rural_scored){.cap = LL_CARD_NO_CAP};
    for (size_t i = 0; i < c->n; i++) {
        const struct ll_rural_indicator *ind = &c->indicators[i];
        ret->band[i] = band_of(ind, item_of(c, h, i));
        const struct ll_rural_band *b = &ind->bands[ret->band[i]];
        ret->score += ind->weight * b->points;
        if (b->cap != LL_CARD_NO_CAP && (ret->cap == LL_CARD_NO_CAP || b->cap < ret->cap))
            ret->cap = b->cap;
    }
    if (ret->cap != LL_CARD_NO_CAP && ret->score > ret->cap * LL_CARD_POINTS)
        ret->score = ret->cap * LL_CARD_POINTS;
    while (c->rows[ret->row].mark != mark || ret->score < c->rows[ret->row].from * LL_CARD_POINTS)
        ret->row++; /* card_read.c: each mark has a row from 0 */
    ret->grade = c->rows[ret->row].grade;
}

bool ll_rural_grade_is_good(const struct ll_rural_area_rule *a, const char *grade)
{
    struct ll_str rest = ll_str(a->good), one;

    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        if (ll_str_is(one, grade))
            return true;
    }
    return false;
}
