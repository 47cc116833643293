/* score.c - see score.h: points from bands, a score from points, and why. */
#include "apps/credit/score_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const ll_score_directions[3] = {
    [LL_SCORE_UP] = "up", [LL_SCORE_DOWN] = "down", [LL_SCORE_CODE] = "code"};
const char *const ll_score_kinds[3] = {
    [LL_SCORE_RANGE] = "range", [LL_SCORE_ONE_CODE] = "code", [LL_SCORE_MISSING] = "missing"};

int ll_score_indicator_at(const struct ll_scorecard *card, struct ll_str name)
{
    for (size_t i = 0; i < card->n; i++)
        if (ll_str_is(name, card->indicators[i].name))
            return (int)i;
    return -1;
}

static bool in_band(const struct ll_score_band *b, struct ll_str value, double number)
{
    switch (b->kind) {
    case LL_SCORE_MISSING:
        return value.p == NULL;
    case LL_SCORE_ONE_CODE:
        return value.p && ll_str_is(value, b->code);
    default:
        return value.p && number >= b->from && number < b->to;
    }
}

double ll_score_number(struct ll_str value)
{
    char z[64], *end = NULL;

    if (!value.p || value.n == 0 || value.n >= sizeof z)
        return NAN;
    memcpy(z, value.p, value.n);
    z[value.n] = 0;
    double v = strtod(z, &end);
    return *end ? NAN : v;
}

static int band_of(const struct ll_scorecard *card, size_t at, struct ll_str value, unsigned char *ret,
                   struct ll_err *err)
{
    const struct ll_score_indicator *x = &card->indicators[at];
    double number = x->direction == LL_SCORE_CODE ? NAN : ll_score_number(value);

    for (size_t b = 0; b < x->n; b++)
        if (in_band(&x->bands[b], value, number)) {
            *ret = (unsigned char)b;
            return LL_OK;
        }
    return ll_fail(err, LL_INVALID, "评分卡 %s 的指标 %s 没有“%.*s”所在的分档",
                   "scorecard %s: indicator %s has no band for '%.*s'", card->name, x->name,
                   (int)(value.n < 64 ? value.n : 64), value.p ? value.p : "");
}

int ll_score_apply(const struct ll_scorecard *card, const struct ll_str *values, struct ll_scored *ret,
                   struct ll_err *err)
{
    int cap = 0, rc;

    ret->score = 0;
    ret->capped_by = -1;
    for (size_t i = 0; i < card->n; i++) {
        if ((rc = band_of(card, i, values[i], &ret->band[i], err)) < 0)
            return rc;
        const struct ll_score_band *b = &card->indicators[i].bands[ret->band[i]];
        ret->score += card->indicators[i].weight * b->points;
        if (b->cap > cap) {
            cap = b->cap;
            ret->capped_by = (int)i;
        }
    }
    size_t g = 0;
    while (g + 1 < card->n_grades && ret->score < card->grades[g].from)
        g++;
    if (cap && g < (size_t)cap - 1)
        g = (size_t)cap - 1;
    else
        ret->capped_by = -1;
    ret->grade = g;
    return LL_OK;
}

int ll_score_change(const struct ll_scorecard *card, struct ll_str *values, struct ll_str name,
                    struct ll_str value, struct ll_err *err)
{
    int at = ll_score_indicator_at(card, name);

    if (at < 0)
        return ll_fail(err, LL_USAGE, "评分卡 %s 没有指标 %.*s", "scorecard %s has no indicator %.*s",
                       card->name, (int)(name.n < 64 ? name.n : 64), name.p);
    values[at] = value.n ? value : (struct ll_str){NULL, 0};
    return LL_OK;
}

/* ---- as JSON ---- */

static void put_texts(struct ll_json *j, const char *key, const char *const text[2])
{
    ll_json_key(j, key);
    ll_json_obj(j);
    ll_json_kz(j, "zh", text[LL_ZH]);
    ll_json_kz(j, "en", text[LL_EN]);
    ll_json_end_obj(j);
}

static void put_points(struct ll_json *j, const char *key, unsigned hundredths)
{
    ll_json_key(j, key);
    ll_json_num(j, hundredths / 100.0);
}

static void put_band(struct ll_json *j, const struct ll_scorecard *card, const struct ll_score_band *b)
{
    ll_json_kz(j, "kind", ll_score_kinds[b->kind]);
    if (b->kind == LL_SCORE_RANGE) {
        ll_json_key(j, "from");
        ll_json_num(j, b->from);
        ll_json_key(j, "to");
        ll_json_num(j, b->to);
    } else if (b->kind == LL_SCORE_ONE_CODE) {
        ll_json_kz(j, "code", b->code);
    }
    ll_json_key(j, "points");
    ll_json_int(j, b->points);
    ll_json_kz(j, "cap", b->cap ? card->grades[b->cap - 1].grade : NULL);
    put_texts(j, "what", b->what);
    if (*b->how[LL_ZH])
        put_texts(j, "how", b->how);
}

static void put_indicator(struct ll_json *j, const struct ll_score_indicator *x)
{
    ll_json_kz(j, "name", x->name);
    put_texts(j, "title", x->title);
    ll_json_key(j, "weight");
    ll_json_int(j, x->weight);
    ll_json_kz(j, "direction", ll_score_directions[x->direction]);
    ll_json_kz(j, "evidence", x->evidence);
    ll_json_kz(j, "basis", x->basis);
    ll_json_kz(j, "source", x->source);
}

static void put_grades(struct ll_json *j, const struct ll_scorecard *card)
{
    ll_json_key(j, "grades");
    ll_json_arr(j);
    for (size_t g = 0; g < card->n_grades; g++) {
        ll_json_obj(j);
        ll_json_kz(j, "grade", card->grades[g].grade);
        put_points(j, "from", card->grades[g].from);
        put_texts(j, "title", card->grades[g].title);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static void put_head(struct ll_json *j, const struct ll_scorecard *card)
{
    ll_json_kz(j, "scorecard", card->name);
    ll_json_key(j, "version");
    ll_json_int(j, card->version);
    put_texts(j, "title", card->title);
}

void ll_scorecard_put(struct ll_json *j, const struct ll_scorecard *card)
{
    put_head(j, card);
    ll_json_kz(j, "pack", card->pack);
    ll_json_kz(j, "service", card->service);
    ll_json_kz(j, "subject_kind", card->subject_kind);
    ll_json_kz(j, "outcome", *card->outcome ? card->outcome : NULL);
    ll_json_kz(j, "legal_basis", card->legal_basis);
    ll_json_kz(j, "basis", card->basis);
    ll_json_kz(j, "source", card->source);
    put_grades(j, card);
    ll_json_key(j, "indicators");
    ll_json_arr(j);
    for (size_t i = 0; i < card->n; i++) {
        const struct ll_score_indicator *x = &card->indicators[i];
        ll_json_obj(j);
        put_indicator(j, x);
        ll_json_key(j, "bands");
        ll_json_arr(j);
        for (size_t b = 0; b < x->n; b++) {
            ll_json_obj(j);
            put_band(j, card, &x->bands[b]);
            ll_json_end_obj(j);
        }
        ll_json_end_arr(j);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static unsigned best_points(const struct ll_score_indicator *x)
{
    unsigned best = 0;

    for (size_t b = 0; b < x->n; b++)
        best = x->bands[b].points > best ? x->bands[b].points : best;
    return best;
}

void ll_scored_put(struct ll_json *j, const struct ll_scorecard *card, const struct ll_str *values,
                   const struct ll_scored *s)
{
    put_head(j, card);
    put_points(j, "score", s->score);
    ll_json_kz(j, "grade", card->grades[s->grade].grade);
    put_texts(j, "grade_title", card->grades[s->grade].title);
    ll_json_kz(j, "capped_by", s->capped_by < 0 ? NULL : card->indicators[s->capped_by].name);
    put_grades(j, card);
    ll_json_key(j, "indicators");
    ll_json_arr(j);
    for (size_t i = 0; i < card->n; i++) {
        const struct ll_score_indicator *x = &card->indicators[i];
        const struct ll_score_band *b = &x->bands[s->band[i]];
        ll_json_obj(j);
        put_indicator(j, x);
        ll_json_key(j, "value");
        if (values[i].p)
            ll_json_str(j, values[i]);
        else
            ll_json_null(j);
        put_points(j, "gained", x->weight * b->points);
        put_points(j, "lost", x->weight * (best_points(x) - b->points));
        ll_json_key(j, "band");
        ll_json_obj(j);
        put_band(j, card, b);
        ll_json_end_obj(j);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}
