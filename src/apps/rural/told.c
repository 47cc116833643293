/* told.c - see told.h. */
#include "apps/rural/told.h"

int ll_rural_told_read(struct ll_data *d, struct ll_txn *tx, const struct ll_catalog *cat,
                       const struct ll_rural_card *card, struct ll_str household, struct ll_arena *arena,
                       struct ll_rural_told *ret, struct ll_err *err)
{
    int rc = card ? ll_rating_of(d, card, household, arena, &ret->rated, err) : 0;

    if (rc <= 0)
        return rc;
    ret->cat = cat;
    for (int lang = LL_ZH; lang <= LL_EN; lang++)
        if (!(ret->reasons[lang] = ll_review_reasons_text(cat, ret->rated.reasons, (enum ll_lang)lang,
                                                          arena)))
            return ll_no_memory(err);
    rc = ll_offer_list(tx, ll_rated_grade(&ret->rated), NULL, arena, &ret->offers, &ret->n_offers, err);
    return rc < 0 ? rc : 1;
}

void ll_rural_told_put(struct ll_json *j, const struct ll_rural_told *t)
{
    ll_json_key(j, "rating");
    if (!t) {
        ll_json_null(j);
        return;
    }
    ll_json_obj(j);
    ll_rated_put(j, &t->rated);
    ll_json_kz(j, "reasons", t->reasons[LL_ZH]);
    ll_json_kz(j, "reasons_en", t->reasons[LL_EN]);
    ll_offers_put(j, t->cat, t->offers, t->n_offers);
    ll_json_end_obj(j);
}
