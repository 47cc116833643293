/* match.c - see match.h. */
#include "apps/finance/match.h"

#include <stdlib.h>
#include <string.h>

static int by_count(size_t a, size_t b)
{
    return a < b ? -1 : a > b;
}

static int by_order(const void *x, const void *y)
{
    const struct ll_product_match *a = x, *b = y;
    int c = by_count(a->misses, b->misses);

    if (!c)
        c = by_count(a->unknown, b->unknown);
    if (!c && a->product->rate_min != b->product->rate_min)
        return a->product->rate_min < b->product->rate_min ? -1 : 1;
    return c ? c : strcmp(a->product->name, b->product->name);
}

void ll_products_match(const struct ll_products *all, const struct ll_feature_value *values,
                       struct ll_product_match *ret)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct ll_product *p = &all->list[i];
        ret[i] = (struct ll_product_match){.product = p};
        for (size_t g = 0; g < p->n_groups; g++) {
            enum ll_rule_result r = ll_rule_group_meet(&p->groups[g], values);
            ret[i].misses += r == LL_RULE_MISS;
            ret[i].unknown += r == LL_RULE_UNKNOWN;
        }
    }
    qsort(ret, all->n, sizeof *ret, by_order);
}

enum { SAID_MAX = 1 << 16 };

int ll_match_values_init(struct ll_match_values *v, const struct ll_feature_set *set,
                         const struct ll_feature_value *values, struct ll_arena *arena, struct ll_err *err)
{
    *v = (struct ll_match_values){values, ll_arena_array(arena, set->n, sizeof *v->said), arena};
    return v->said ? LL_OK : ll_no_memory(err);
}

/* Hundreds of rules are over the same few indicators. */
static int put_value(struct ll_json *j, const struct ll_rule *r, const struct ll_match_values *v,
                     struct ll_err *err)
{
    struct ll_str *said = &v->said[r->at];

    if (!said->n) {
        struct ll_buf out = LL_BUF_INIT(SAID_MAX);
        struct ll_json own;
        ll_json_init(&own, &out);
        ll_json_obj(&own);
        ll_feature_put_value(&own, r->feature, &v->values[r->at]);
        ll_json_end_obj(&own);
        const struct ll_str members = {out.p + 1, out.failed ? 0 : out.n - 2};
        said->p = members.n ? ll_arena_dup(v->arena, members) : NULL;
        said->n = said->p ? members.n : 0;
        ll_buf_free(&out);
    }
    if (!said->n)
        return ll_no_memory(err);
    ll_json_raw(j, *said);
    return LL_OK;
}

static int put_rule(struct ll_json *j, const struct ll_rule *r, const struct ll_match_values *v,
                    struct ll_err *err)
{
    struct ll_rule_met met = ll_rule_meet(r, v->values);
    int rc;

    ll_json_obj(j);
    rc = ll_rule_put(j, r, err);
    ll_json_kz(j, "result", ll_rule_result_word(met.result));
    ll_json_kn(j, "gap", met.gap);
    if (rc == LL_OK)
        rc = put_value(j, r, v, err);
    ll_json_end_obj(j);
    return rc;
}

int ll_product_match_put(struct ll_json *j, const struct ll_catalog *cat, const struct ll_product_match *m,
                         const struct ll_match_values *v, struct ll_err *err)
{
    int rc = LL_OK;

    ll_json_obj(j);
    ll_json_key(j, "product");
    ll_json_obj(j);
    ll_product_put(j, cat, m->product);
    ll_json_end_obj(j);
    ll_json_kz(j, "result", m->misses ? "miss" : m->unknown ? "unknown" : "pass");
    ll_json_ki(j, "misses", (int64_t)m->misses);
    ll_json_ki(j, "unknown", (int64_t)m->unknown);
    ll_json_key(j, "groups");
    ll_json_arr(j);
    for (size_t g = 0; g < m->product->n_groups && rc == LL_OK; g++) {
        const struct ll_rule_group *group = &m->product->groups[g];
        ll_json_obj(j);
        ll_json_kz(j, "result", ll_rule_result_word(ll_rule_group_meet(group, v->values)));
        ll_json_key(j, "rules");
        ll_json_arr(j);
        for (size_t i = 0; i < group->n && rc == LL_OK; i++)
            rc = put_rule(j, &group->rules[i], v, err);
        ll_json_end_arr(j);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
    return rc;
}
