/* handle_rural_rating.c - ratings of rural households: figures by village and town with the rules behind them, one's own with its reasons, and what
 * banks offer by grade. */
#include "apps/rural/offer.h"
#include "http/consenting.h"
#include "http/rural_view.h"
#include "routes.gen.h"

#include "base/clock.h"
#include "standard/convert.h"

#include <jansson.h>
#include <string.h>

enum { COUNTY = 6, TOWN = 9, VILLAGE = 12, AREAS_MAX = 4000, PERCENT = 100 };

/* ---- rules ---- */

static void put_rules(struct ll_json *j, const struct ll_rural_card *c)
{
    ll_json_kz(j, "card", c->name);
    ll_json_kz(j, "card_title", c->title[LL_ZH]);
    ll_json_kz(j, "card_title_en", c->title[LL_EN]);
    ll_json_kz(j, "basis", c->basis);
    ll_json_ki(j, "quorum_percent", c->quorum);
    ll_json_ki(j, "black_needs", c->black_needs);
    ll_json_key(j, "grades");
    ll_json_arr(j);
    for (size_t i = 0; i < c->n_grades; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "grade", c->grades[i].name);
        ll_json_kz(j, "title", c->grades[i].title[LL_ZH]);
        ll_json_kz(j, "title_en", c->grades[i].title[LL_EN]);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_key(j, "rows");
    ll_json_arr(j);
    for (size_t i = 0; i < c->n_rows; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "mark", ll_review_mark_word(c->rows[i].mark));
        ll_json_kz(j, "mark_title", ll_review_mark_title(c->rows[i].mark, LL_ZH));
        ll_json_kz(j, "mark_title_en", ll_review_mark_title(c->rows[i].mark, LL_EN));
        ll_json_ki(j, "from", c->rows[i].from);
        ll_json_kz(j, "grade", c->grades[c->rows[i].grade].name);
        ll_json_ki(j, "limit_yuan", c->rows[i].limit);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static void put_indicators(struct ll_json *j, const struct ll_rural_card *c)
{
    ll_json_key(j, "indicators");
    ll_json_arr(j);
    for (size_t i = 0; i < c->n; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "indicator", c->indicators[i].name);
        ll_json_kz(j, "title", c->indicators[i].title[LL_ZH]);
        ll_json_kz(j, "title_en", c->indicators[i].title[LL_EN]);
        ll_json_ki(j, "weight", c->indicators[i].weight);
        ll_json_kz(j, "basis", c->indicators[i].basis);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

/* ---- areas ---- */

struct area {
    const char *code, *name;
    int64_t households, grades[LL_CARD_GRADES_MAX], marks[LL_MARK_COUNT];
};

static void add_counts(int64_t *to, const json_t *counts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += json_integer_value(json_array_get(counts, i));
}

static int add_village(struct ll_request *rq, const struct ll_rural_view *k, const json_t *v, size_t digits,
                       struct area *list, size_t *n, struct ll_err *err)
{
    const char *code = json_string_value(json_array_get(v, 0)),
               *name = json_string_value(json_array_get(v, 1));
    const struct ll_codeset *regions = ll_catalog_codeset(k->s.cat, LL_STR("REGION"));
    struct area *a = *n ? &list[*n - 1] : NULL;

    if (!code || strlen(code) != VILLAGE)
        return LL_OK;
    if (!a || strncmp(a->code, code, digits) != 0) {
        struct ll_str part = {code, digits};
        const struct ll_code *c = regions && digits < VILLAGE ? ll_codeset_by_code(regions, part) : NULL;
        if (*n == AREAS_MAX)
            return ll_fail(err, LL_TOOBIG, "下级区划超过 %d 个", "there are more than %d areas", AREAS_MAX);
        a = &list[(*n)++];
        a->code = ll_arena_dup(rq->arena, part);
        a->name = ll_arena_dup(rq->arena, c ? c->title : ll_str(name));
        if (!a->code || !a->name)
            return ll_no_memory(err);
    }
    a->households += json_integer_value(json_array_get(v, 2));
    add_counts(a->grades, json_array_get(v, 3), k->card->n_grades);
    add_counts(a->marks, json_array_get(v, 4), LL_MARK_COUNT);
    return LL_OK;
}

/* By the card's rule of its level; NULL: there is none. */
static const struct ll_rural_area_rule *rule_of(const struct ll_rural_card *c, size_t digits)
{
    for (size_t i = 0; i < c->n_areas; i++)
        if ((c->areas[i].town && digits == TOWN) || (!c->areas[i].town && digits == VILLAGE))
            return &c->areas[i];
    return NULL;
}

/* rated: reviewed by the committee, which is what makes a village one of good credit. */
static bool is_good(const struct ll_rural_card *c, const struct ll_rural_area_rule *rule,
                    const struct area *a)
{
    int64_t good = 0, reviewed = a->households - a->marks[LL_MARK_NONE];

    for (size_t i = 0; i < c->n_grades; i++)
        if (ll_rural_grade_is_good(rule, c->grades[i].name))
            good += a->grades[i];
    return reviewed > 0 && reviewed * PERCENT >= a->households * rule->rated &&
           good * PERCENT >= a->households * rule->goods &&
           a->marks[LL_MARK_BLACK] * PERCENT <= a->households * rule->blacks;
}

static void put_counts(struct ll_json *j, const char *key, const int64_t *counts, size_t n)
{
    ll_json_key(j, key);
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++)
        ll_json_int(j, counts[i]);
    ll_json_end_arr(j);
}

static void put_areas(struct ll_json *j, const struct ll_rural_card *c, size_t digits,
                      const struct area *list, size_t n)
{
    const struct ll_rural_area_rule *rule = rule_of(c, digits);
    int64_t goods = 0;

    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++) {
        bool good = rule && is_good(c, rule, &list[i]);
        goods += good;
        ll_json_obj(j);
        ll_json_kz(j, "code", list[i].code);
        ll_json_kz(j, "title", list[i].name);
        ll_json_ki(j, "households", list[i].households);
        put_counts(j, "grades", list[i].grades, c->n_grades);
        put_counts(j, "marks", list[i].marks, LL_MARK_COUNT);
        if (rule) {
            ll_json_kb(j, "good", good);
        } else {
            ll_json_key(j, "good");
            ll_json_null(j);
        }
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_ki(j, "good_areas", goods);
    ll_json_kz(j, "good_title", rule ? rule->title[LL_ZH] : NULL);
    ll_json_kz(j, "good_title_en", rule ? rule->title[LL_EN] : NULL);
}

static int sum_areas(struct ll_request *rq, const struct ll_rural_view *k, const struct ll_rating *run,
                     struct ll_str within, size_t digits, struct area *list, size_t *n, struct ll_err *err)
{
    json_t *villages = json_loads(run->villages, 0, NULL);
    int rc = LL_OK;

    for (size_t i = 0; i < json_array_size(villages) && rc == LL_OK; i++) {
        const json_t *v = json_array_get(villages, i);
        const char *code = json_string_value(json_array_get(v, 0));
        if (code && ll_str_starts(ll_str(code), within))
            rc = add_village(rq, k, v, digits, list, n, err);
    }
    json_decref(villages);
    return rc;
}

static int ratings(struct ll_app *app, struct ll_request *rq, const struct ll_rural_view *k,
                   struct ll_err *err)
{
    struct ll_str within = ll_arg(rq, LL_P_RURAL_RATINGS_WITHIN)->s;
    size_t digits = within.n < COUNTY ? COUNTY : within.n < TOWN ? TOWN : VILLAGE, n = 0, n_runs = 0;
    struct area *list = ll_arena_array(rq->arena, AREAS_MAX, sizeof *list);
    struct ll_rating *runs = NULL;
    char at[LL_TIME_TEXT];
    int rc = list ? ll_rating_list(app->data, k->card, rq->arena, &runs, &n_runs, err) : ll_no_memory(err);

    if (rc == LL_OK && n_runs)
        rc = sum_areas(rq, k, &runs[0], within, digits, list, &n, err);
    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    put_rules(&rq->json, k->card);
    put_indicators(&rq->json, k->card);
    ll_json_kz(&rq->json, "day", n_runs ? runs[0].day : NULL);
    ll_json_kz(&rq->json, "rated_at", n_runs ? ll_time_text(runs[0].made_at, at) : NULL);
    ll_json_ki(&rq->json, "households", n_runs ? (int64_t)runs[0].households : 0);
    ll_json_ki(&rq->json, "reviewed", n_runs ? (int64_t)runs[0].reviewed : 0);
    put_areas(&rq->json, k->card, digits, list, n);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_rural_ratings(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_rural_view k;
    int rc = ll_rural_view_open(app, rq, false, &k, err);

    if (rc < 0)
        return rc;
    rc = k.card ? ratings(app, rq, &k, err) : ll_rural_no_card(err);
    ll_rural_view_close(&k);
    return rc;
}

/* ---- one's own ---- */

int ll_h_me_rating(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_str no = {NULL, 0};
    struct ll_consent_self me;
    struct ll_consenting c;
    struct ll_rural_view k;
    int rc = ll_consenting_self(app, rq, false, &c, &me, err);

    if (rc < 0)
        return rc;
    ll_consenting_close(&c); /* what was read lives in the request's arena */
    if ((rc = ll_rural_view_open(app, rq, false, &k, err)) < 0)
        return rc;
    if (me.scheme == LL_ID_RESIDENT_ID)
        rc = ll_household_of_person(&k.r, me.value, NULL, rq->arena, &no, err);
    if (rc >= 0) {
        ll_json_obj(&rq->json);
        ll_json_ks(&rq->json, "household_no", no);
        rc = ll_rural_rating_put(app, rq, &k, no, err);
        ll_json_end_obj(&rq->json);
    }
    ll_rural_view_close(&k);
    return rc;
}

/* ---- offers ---- */

int ll_h_rural_offers(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_offer *list = NULL;
    struct ll_sharing s;
    size_t n = 0;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_offer_list(s.tx, NULL, NULL, rq->arena, &list, &n, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        ll_offers_put(&rq->json, s.cat, list, n);
        ll_json_end_obj(&rq->json);
    }
    ll_sharing_close(&s);
    return rc;
}

static int read_day(const char *name, const char *text, int64_t *ret, struct ll_err *err)
{
    int32_t day = 0;

    if (!text || ll_cv_date(ll_str(text), &day) != LL_CV_OK)
        return ll_fail(err, LL_USAGE, "%s 不是日期（如 2026-06-30）", "%s is no date (2026-06-30)", name);
    *ret = day;
    return LL_OK;
}

int ll_h_rural_offer_add(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_offer o = {.id = NULL}, *list = NULL;
    char id[LL_RURAL_ID];
    struct ll_rural_view k;
    struct ll_body b;
    size_t n = 0;
    int rc;

    ll_body_open(&b, rq, err);
    o.grade = ll_body_text(&b, "grade", 1, 8, true);
    o.product = ll_body_text(&b, "product", 2, 60, true);
    o.note = ll_body_text(&b, "note", 0, 200, false);
    o.rate_bp = ll_body_int(&b, "rate_bp", 0, LL_OFFER_RATE_MAX, 0);
    o.limit_yuan = ll_body_int(&b, "limit_yuan", 1, 100000000, 0);
    o.term_months = ll_body_int(&b, "term_months", 1, LL_OFFER_TERM_MAX, 0);
    const char *from = ll_body_text(&b, "from", 10, 10, true),
               *until = ll_body_text(&b, "until", 10, 10, true);
    if ((rc = ll_body_end(&b)) < 0 || (rc = read_day("from", from, &o.from_day, err)) < 0 ||
        (rc = read_day("until", until, &o.until_day, err)) < 0 ||
        (rc = ll_rural_view_open(app, rq, true, &k, err)) < 0)
        return rc;
    o.note = o.note ? o.note : "";
    rc = !o.limit_yuan || !o.term_months ? ll_fail(err, LL_USAGE, "请写明额度与期限", "say limit and term")
         : k.card                        ? ll_offer_add(k.s.tx, k.card, &rq->actor, &o, id, err)
                                         : ll_rural_no_card(err);
    if (rc == LL_OK &&
        (rc = ll_offer_list(k.s.tx, NULL, rq->actor.organisation, rq->arena, &list, &n, err)) == LL_OK) {
        ll_json_obj(&rq->json);
        ll_json_kz(&rq->json, "id", id);
        ll_offers_put(&rq->json, k.s.cat, list, n);
        ll_json_end_obj(&rq->json);
        rc = ll_sharing_commit(app, &k.s, err);
    }
    ll_rural_view_close(&k);
    rq->status = 201;
    return rc;
}

int ll_h_rural_offer_end(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_sharing s;
    int rc = ll_sharing_open(app, true, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_offer_end(s.tx, &rq->actor, ll_arg(rq, LL_P_RURAL_OFFER_END_ID)->s.p, err)) == LL_OK)
        rc = ll_sharing_commit(app, &s, err);
    ll_sharing_close(&s);
    rq->status = 204;
    return rc;
}
