/* policy_put.c - policies and their rules as answers have them (policy.h). */
#include "apps/finance/policy.h"

struct named {
    const char *word, *title[2];
};
#define X(id, word, zh, en) {word, {zh, en}},
static const struct named levels[] = {LL_POLICY_LEVELS(X)}, units[] = {LL_POLICY_UNITS(X)},
                          times[] = {LL_POLICY_TIMES(X)};
#undef X

/* NULL: not given. */
static const char *given(const char *text)
{
    return text[0] ? text : NULL;
}

static void put_named(struct ll_json *j, const char *const keys[3], const struct named *n)
{
    ll_json_kz(j, keys[0], n ? n->word : NULL);
    ll_json_kz(j, keys[1], n ? n->title[LL_ZH] : NULL);
    ll_json_kz(j, keys[2], n ? n->title[LL_EN] : NULL);
}

static void put_lines(struct ll_json *j, const char *key, const char *list)
{
    struct ll_str rest = ll_str(list), one;

    ll_json_key(j, key);
    ll_json_arr(j);
    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        ll_json_str(j, ll_str_trim(one));
    }
    ll_json_end_arr(j);
}

static void put_kind(struct ll_json *j, const struct ll_catalog *cat, const struct ll_policy *p)
{
    const struct ll_codeset *kinds = ll_catalog_codeset(cat, LL_STR("FIN_POLICY_KIND"));
    const struct ll_code *kind = kinds ? ll_codeset_by_code(kinds, ll_str(p->kind)) : NULL;

    ll_json_kz(j, "kind", p->kind);
    ll_json_kz(j, "kind_title", kind ? kind->title.p : p->kind);
    ll_json_kz(j, "kind_title_en", kind && kind->title_en.n ? kind->title_en.p : NULL);
}

void ll_policy_put(struct ll_json *j, const struct ll_catalog *cat, const struct ll_policy *p,
                   const char *today)
{
    static const char *const level[] = {"level", "level_title", "level_title_en"},
                             *const unit[] = {"unit", "unit_title", "unit_title_en"},
                             *const time[] = {"time", "time_title", "time_title_en"};

    ll_json_kz(j, "code", p->name);
    ll_json_kz(j, "title", p->title[LL_ZH]);
    ll_json_kz(j, "title_en", p->title[LL_EN]);
    put_kind(j, cat, p);
    ll_json_kz(j, "organisation", p->organisation);
    ll_json_kz(j, "department", p->department[LL_ZH]);
    ll_json_kz(j, "department_en", p->department[LL_EN]);
    ll_json_kz(j, "document", given(p->document));
    put_named(j, level, &levels[p->level]);
    ll_json_kz(j, "benefit", p->benefit[LL_ZH]);
    ll_json_kz(j, "benefit_en", given(p->benefit[LL_EN]));
    ll_json_kn(j, "amount", p->amount);
    put_named(j, unit, p->unit < LL_POLICY_UNIT_COUNT_ ? &units[p->unit] : NULL);
    ll_target_put_scope(j, cat, &p->target);
    ll_json_kz(j, "from", p->from);
    ll_json_kz(j, "until", given(p->until));
    put_named(j, time, &times[ll_policy_time(p, today)]);
    ll_json_kb(j, "sample", p->sample);
}

/* Those that are there: a product that was taken down is not offered. */
static void put_products(struct ll_json *j, const struct ll_policy *p, const struct ll_products *products)
{
    struct ll_str rest = ll_str(p->products), one;

    ll_json_key(j, "products");
    ll_json_arr(j);
    while (rest.n && products) {
        ll_str_cut(rest, '|', &one, &rest);
        const struct ll_product *of = ll_product_find(products, one);
        if (!of)
            continue;
        ll_json_obj(j);
        ll_json_kz(j, "code", of->name);
        ll_json_kz(j, "title", of->title[LL_ZH]);
        ll_json_kz(j, "title_en", of->title[LL_EN]);
        ll_json_kz(j, "institution", of->institution[LL_ZH]);
        ll_json_kz(j, "institution_en", of->institution[LL_EN]);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

int ll_policy_put_whole(struct ll_json *j, const struct ll_catalog *cat, const struct ll_policy *p,
                        const char *today, const struct ll_products *products, struct ll_err *err)
{
    ll_policy_put(j, cat, p, today);
    ll_json_kz(j, "summary", p->summary[LL_ZH]);
    ll_json_kz(j, "summary_en", given(p->summary[LL_EN]));
    put_lines(j, "steps", p->steps[LL_ZH]);
    put_lines(j, "steps_en", p->steps[LL_EN]);
    put_lines(j, "materials", p->materials[LL_ZH]);
    put_lines(j, "materials_en", p->materials[LL_EN]);
    ll_json_kz(j, "link", given(p->link));
    ll_json_kz(j, "contact", p->contact);
    ll_json_kz(j, "phone", given(p->phone));
    put_products(j, p, products);
    ll_json_kz(j, "basis", p->basis);
    ll_json_kz(j, "source", p->source);
    return ll_target_put(j, &p->target, err);
}

int ll_policy_match_put(struct ll_json *j, const struct ll_catalog *cat, const struct ll_policy_match *m,
                        const char *today, const struct ll_match_values *v, struct ll_err *err)
{
    int rc;

    ll_json_obj(j);
    ll_json_key(j, "policy");
    ll_json_obj(j);
    ll_policy_put(j, cat, m->policy, today);
    ll_json_end_obj(j);
    rc = ll_target_put_met(j, &m->policy->target, v, err);
    ll_json_end_obj(j);
    return rc;
}
