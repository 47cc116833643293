/* complaint_put.c - complaints as answers have them (complaint.h). */
#include "apps/finance/complaint.h"

#include "base/clock.h"
#include "standard/codes.h"

static void put_time(struct ll_json *j, const char *key, int64_t ms)
{
    char text[LL_TIME_TEXT];

    ll_json_kz(j, key, ms ? ll_time_text(ms, text) : NULL);
}

static void put_about(struct ll_json *j, const struct ll_complaint_env *env, const struct ll_complaint *c)
{
    const struct ll_organisation *o = c->organisation
                                          ? ll_catalog_organisation(env->cat, ll_str(c->organisation))
                                          : NULL;
    const struct ll_product *p = c->product && env->products
                                     ? ll_product_find(env->products, ll_str(c->product))
                                     : NULL;

    ll_json_kz(j, "organisation", c->organisation);
    ll_json_kz(j, "organisation_title", o ? o->name : c->organisation);
    ll_json_kz(j, "organisation_title_en", o ? o->name_en : NULL);
    ll_json_kz(j, "product", c->product);
    ll_json_kz(j, "product_title", p ? p->title[LL_ZH] : c->product);
    ll_json_kz(j, "product_title_en", p ? p->title[LL_EN] : NULL);
    ll_json_kz(j, "loan_case", c->loan_case);
}

void ll_complaint_put(struct ll_json *j, const struct ll_complaint_env *env, const struct ll_complaint *c)
{
    const struct ll_codeset *kinds = ll_catalog_codeset(env->cat, LL_STR(LL_COMPLAINT_KINDS));
    const struct ll_code *kind = kinds ? ll_codeset_by_code(kinds, ll_str(c->kind)) : NULL;

    ll_json_kz(j, "id", c->id);
    ll_json_kb(j, "signed_in", c->subject != NULL);
    ll_json_kz(j, "kind", c->kind);
    ll_json_ks(j, "kind_title", kind ? kind->title : ll_str(c->kind));
    ll_json_kz(j, "kind_title_en", kind && kind->title_en.n ? kind->title_en.p : NULL);
    put_about(j, env, c);
    ll_state_put(j, c->state);
    ll_json_kb(j, "open", !ll_flow_states[c->state].end);
    put_time(j, "due_at", c->due_at);
    ll_json_kb(j, "late", c->due_at && c->due_at < ll_now_ms());
    put_time(j, "created_at", c->created_at);
    put_time(j, "changed_at", c->changed_at);
    put_time(j, "answered_at", c->answered_at);
    put_time(j, "reopened_at", c->reopened_at);
    ll_json_key(j, "rating");
    if (c->rating < 0)
        ll_json_null(j);
    else
        ll_json_int(j, c->rating);
}

int ll_complaint_put_whole(struct ll_json *j, const struct ll_complaint_env *env,
                           const struct ll_complaint *c, struct ll_err *err)
{
    struct ll_complaint_told told;
    int rc = ll_complaint_told_of(env, c->id, &told, err);

    if (rc < 0)
        return rc;
    ll_complaint_put(j, env, c);
    ll_json_kz(j, "text", told.text);
    ll_json_kz(j, "wish", told.wish);
    ll_json_kz(j, "answer", c->answer);
    ll_json_kz(j, "mediation", c->mediation);
    ll_json_kz(j, "refusal", c->refusal);
    ll_json_kz(j, "rating_words", c->rating_words);
    return LL_OK;
}
