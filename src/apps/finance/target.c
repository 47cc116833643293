/* target.c - see target.h. */
#include "apps/finance/target.h"

#include <string.h>

/* ---- making ---- */

static struct ll_rule_group *group_of(struct ll_arena *arena, struct ll_target *t, struct ll_str name)
{
    size_t g = 0;

    while (g < t->n_groups && !ll_str_is(name, t->groups[g].name))
        g++;
    if (g == LL_TARGET_GROUPS_MAX || (g == t->n_groups && !(t->groups[g].name = ll_arena_dup(arena, name))))
        return NULL;
    if (g == t->n_groups)
        t->n_groups++;
    return &t->groups[g];
}

/* Groups are short: a rule more is a new array. */
int ll_target_add(struct ll_target_reading *r, struct ll_target *t, struct ll_str group,
                  const struct ll_str *cells, struct ll_err *err)
{
    struct ll_rule_group *g = group_of(r->arena, t, group);
    struct ll_rule *rules = g ? ll_arena_array(r->arena, g->n + 1, sizeof *rules) : NULL;
    int rc;

    if (!g || r->n_rules == r->most)
        return ll_fail(err, LL_INVALID, "规则过多", "it has too many rules");
    if (!rules)
        return ll_no_memory(err);
    if (g->n)
        memcpy(rules, g->rules, g->n * sizeof *rules);
    if ((rc = ll_rule_read(cells, r->set, r->arena, &rules[g->n], err)) < 0)
        return rc;
    g->rules = rules;
    g->n++;
    r->n_rules++;
    return LL_OK;
}

static int add_starts(struct ll_target_reading *r, struct ll_target *t, const char *indicator,
                      const char *codes, const char *basis, struct ll_err *err)
{
    const struct ll_str cells[LL_RULE_CELLS] = {ll_str(indicator), LL_STR("starts"), ll_str(codes),
                                                ll_str(basis)};

    return codes[0] ? ll_target_add(r, t, ll_str(indicator), cells, err) : LL_OK;
}

int ll_target_add_scope(struct ll_target_reading *r, struct ll_target *t, const char *basis,
                        struct ll_err *err)
{
    int rc = add_starts(r, t, "region", t->regions, basis, err);

    return rc < 0 ? rc : add_starts(r, t, "industry", t->industries, basis, err);
}

/* ---- meeting ---- */

struct ll_target_met ll_target_meet(const struct ll_target *t, const struct ll_feature_value *values)
{
    struct ll_target_met met = {0, 0};

    for (size_t g = 0; g < t->n_groups; g++) {
        enum ll_rule_result r = ll_rule_group_meet(&t->groups[g], values);
        met.misses += r == LL_RULE_MISS;
        met.unknown += r == LL_RULE_UNKNOWN;
    }
    return met;
}

const char *ll_target_met_word(struct ll_target_met met)
{
    return ll_rule_result_word(met.misses ? LL_RULE_MISS : met.unknown ? LL_RULE_UNKNOWN : LL_RULE_PASS);
}

bool ll_target_lists(const char *list, struct ll_str what, bool begins)
{
    struct ll_str rest = ll_str(list), one;

    if (!rest.n || !what.n)
        return true;
    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        if (begins ? ll_str_starts(what, one) : ll_str_eq(what, one))
            return true;
    }
    return false;
}

/* ---- telling ---- */

void ll_target_put_codes(struct ll_json *j, const char *key, const char *list, const struct ll_codeset *codes)
{
    struct ll_str rest = ll_str(list), one;

    ll_json_key(j, key);
    ll_json_arr(j);
    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        const struct ll_code *c = codes ? ll_codeset_by_code(codes, one) : NULL;
        ll_json_obj(j);
        ll_json_ks(j, "code", one);
        ll_json_ks(j, "title", c ? c->title : one);
        ll_json_kz(j, "title_en", c && c->title_en.n ? c->title_en.p : NULL);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

void ll_target_put_scope(struct ll_json *j, const struct ll_catalog *cat, const struct ll_target *t)
{
    ll_target_put_codes(j, "regions", t->regions, ll_catalog_codeset(cat, LL_STR("REGION")));
    ll_target_put_codes(j, "industries", t->industries, ll_catalog_codeset(cat, LL_STR("INDUSTRY")));
}

static int write_rule(struct ll_json *j, const struct ll_rule *r, struct ll_err *err)
{
    enum { TEXT_MAX = 8000 };
    struct ll_buf text[] = {LL_BUF_INIT(TEXT_MAX), LL_BUF_INIT(TEXT_MAX)};
    bool failed;

    for (enum ll_lang lang = LL_ZH; lang <= LL_EN; lang++)
        ll_rule_text(r, lang, &text[lang]);
    failed = text[LL_ZH].failed || text[LL_EN].failed;
    ll_json_kz(j, "indicator", r->indicator);
    ll_json_kz(j, "operator", ll_rule_operator_word(r->op));
    ll_json_kz(j, "value", r->value);
    ll_json_kz(j, "unit", r->feature->unit[0] ? r->feature->unit : NULL);
    ll_json_kz(j, "unit_en", r->feature->unit[0] ? ll_unit_en(r->feature->unit, 2) : NULL);
    ll_json_ks(j, "text", ll_buf_view(&text[LL_ZH]));
    ll_json_ks(j, "text_en", ll_buf_view(&text[LL_EN]));
    ll_json_kz(j, "basis", r->basis);
    ll_buf_free(&text[LL_ZH]);
    ll_buf_free(&text[LL_EN]);
    return failed ? ll_no_memory(err) : LL_OK;
}

int ll_rule_put(struct ll_json *j, const struct ll_rule *r, struct ll_err *err)
{
    if (!r->said.n)
        return write_rule(j, r, err);
    ll_json_raw(j, r->said);
    return LL_OK;
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

/* v NULL: as it is asked; otherwise with what it came to. */
static int put_rules(struct ll_json *j, const struct ll_rule_group *g, const struct ll_match_values *v,
                     struct ll_err *err)
{
    int rc = LL_OK;

    ll_json_arr(j);
    for (size_t i = 0; i < g->n && rc == LL_OK; i++) {
        const struct ll_rule *r = &g->rules[i];
        ll_json_obj(j);
        rc = ll_rule_put(j, r, err);
        if (v && rc == LL_OK) {
            const struct ll_rule_met met = ll_rule_meet(r, v->values);
            ll_json_kz(j, "result", ll_rule_result_word(met.result));
            ll_json_kn(j, "gap", met.gap);
            rc = put_value(j, r, v, err);
        }
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    return rc;
}

int ll_target_put(struct ll_json *j, const struct ll_target *t, struct ll_err *err)
{
    int rc = LL_OK;

    ll_json_key(j, "groups");
    ll_json_arr(j);
    for (size_t g = 0; g < t->n_groups && rc == LL_OK; g++)
        rc = put_rules(j, &t->groups[g], NULL, err);
    ll_json_end_arr(j);
    return rc;
}

int ll_target_put_met(struct ll_json *j, const struct ll_target *t, const struct ll_match_values *v,
                      struct ll_err *err)
{
    const struct ll_target_met met = ll_target_meet(t, v->values);
    int rc = LL_OK;

    ll_json_kz(j, "result", ll_target_met_word(met));
    ll_json_ki(j, "misses", (int64_t)met.misses);
    ll_json_ki(j, "unknown", (int64_t)met.unknown);
    ll_json_key(j, "groups");
    ll_json_arr(j);
    for (size_t g = 0; g < t->n_groups && rc == LL_OK; g++) {
        ll_json_obj(j);
        ll_json_kz(j, "result", ll_rule_result_word(ll_rule_group_meet(&t->groups[g], v->values)));
        ll_json_key(j, "rules");
        rc = put_rules(j, &t->groups[g], v, err);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    return rc;
}
