/* policy: rows of policies.csv and policy_rules.csv with each fault named by its row and field; what fits a firm, in the declared order, and what has ended fits nobody. */
#include "../../catalog/fixture.h"

#include "apps/finance/policy.h"
#include "apps/finance/product.h"

#include <math.h>

#define TODAY "2026-06-15"
#define HEAD                                                                                                 \
    "policy,title,title_en,kind,organisation,document,level,summary,summary_en,benefit,benefit_en,amount,"   \
    "unit,region,target_industry,steps,steps_en,materials,materials_en,link,from,until,contact,phone,"       \
    "products,sample,basis,source\n"
#define ROW(name, kind, org, amount, link, from, until)                                                      \
    name ",贴息,Discount," kind "," org ",,city,摘要,Summary,三成,30 %," amount                              \
         ",wan,,,提交|核对,Send|Compare,,," link "," from "," until ",窗口,,,Y,own,自拟\n"
#define GOOD ROW("discount", "01", "JA001", "20", "https://example.org/a", "2026-01-01", "2026-12-31")
#define RULES "policy,group,indicator,operator,value,basis\n"

static struct ll_arena *arena;

/* Loads a pack with these two tables and reads the policies; what is wrong is in *err. */
static int read(const char *policies, const char *rules, const struct ll_policies **ret, struct ll_err *err)
{
    struct ll_load_result result;
    struct ll_txn *tx = NULL;
    struct scratch s;
    struct files f;

    files_good(&f);
    files_put(&f, "codes/FIN_POLICY_KIND.csv",
              "code,title,title_en,parent,status,synonyms,basis,source\n01,贷款贴息,Discount,,,,own,自拟\n");
    files_put(&f, "indicators.csv",
              "indicator,title,title_en,category,type,unit,resource,combine,value,where,date,months,missing,"
              "codes,basis,source\n"
              "permits,许可,Permits,permit,number,件,permit,count,,,valid_from,,0,,own,自拟\n");
    files_put(&f, "policies.csv", policies);
    files_put(&f, "policy_rules.csv", rules);
    scratch_open(&s);
    assert_int_equal(scratch_load(&s, &f, &result, NULL, err), LL_OK);
    struct ll_catalog *cat = scratch_catalog(&s);
    assert_int_equal(ll_txn_begin(s.st, false, &tx, err), LL_OK);
    int rc = ll_policies_read(tx, cat, arena, ret, err);
    ll_txn_end(tx);
    ll_catalog_unref(cat);
    scratch_close(&s);
    files_free(&f);
    return rc;
}

static void a_row_is_a_policy_and_its_rules_are_its_target(void **state)
{
    const struct ll_policies *all;
    struct ll_err err;

    (void)state;
    assert_ok(read(HEAD GOOD,
                   RULES "discount,a,permits,ge,2,own\ndiscount,a,permits,le,0,own\n"
                         "discount,b,permits,lt,9,own\n",
                   &all, &err));
    assert_int_equal(all->n, 1);
    const struct ll_policy *p = ll_policy_find(all, LL_STR("discount"));
    assert_string_equal(p->department[LL_ZH], "吉安市行政审批局");
    assert_int_equal(p->level, LL_POLICY_CITY);
    assert_int_equal(p->unit, LL_POLICY_IN_WAN);
    assert_true(p->amount == 20 && p->sample);
    assert_int_equal(p->target.n_groups, 2);
    assert_int_equal(p->target.groups[0].n, 2);
    assert_int_equal(ll_policy_time(p, "2025-12-31"), LL_POLICY_IS_COMING);
    assert_int_equal(ll_policy_time(p, "2026-01-01"), LL_POLICY_IS_OPEN);
    assert_int_equal(ll_policy_time(p, "2026-12-31"), LL_POLICY_IS_OPEN);
    assert_int_equal(ll_policy_time(p, "2027-01-01"), LL_POLICY_IS_ENDED);
}

static void a_fault_is_told_with_its_row_and_its_field(void **state)
{
    static const struct {
        const char *policies, *rules, *says;
    } rows[] = {
        {HEAD GOOD ROW("bad", "77", "JA001", "20", "", "2026-01-01", ""), RULES, "policies.csv, bad: kind:"},
        {HEAD ROW("bad", "01", "JA999", "20", "", "2026-01-01", ""), RULES,
         "policies.csv, bad: organisation:"},
        {HEAD ROW("bad", "01", "JA001", "much", "", "2026-01-01", ""), RULES, "policies.csv, bad: amount:"},
        {HEAD ROW("bad", "01", "JA001", "20", "javascript:x", "2026-01-01", ""), RULES,
         "policies.csv, bad: link:"},
        {HEAD ROW("bad", "01", "JA001", "20", "", "2026-05-01", "2026-04-30"), RULES,
         "policies.csv, bad: until:"},
        {HEAD GOOD, RULES "absent,a,permits,ge,2,own\n", "policy_rules.csv, absent:"},
        {HEAD GOOD, RULES "discount,a,profit,ge,2,own\n", "policy_rules.csv, discount: profit:"},
        {HEAD GOOD, RULES "discount,a,permits,in,2,own\n", "policy_rules.csv, discount: permits:"},
    };
    const struct ll_policies *all;
    struct ll_err err;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(rows); i++) {
        assert_int_equal(read(rows[i].policies, rows[i].rules, &all, &err), LL_INVALID);
        if (!strstr(err.en, rows[i].says))
            fail_msg("'%s' does not say '%s'", err.en, rows[i].says);
    }
}

/* ---- for one firm ---- */

static struct ll_feature features[] = {
    {.name = "years", .title = {"经营年限", "Years"}, .unit = "年"},
    {.name = "staff", .title = {"人数", "Staff"}, .unit = "人"},
    {.name = "region", .title = {"区县", "County"}, .unit = "", .code = true},
};
static const struct ll_feature_set set = {.features = features, .n = LL_COUNT(features)};

static struct ll_policy policy(const char *name, const char *until, const char *regions, const char *least)
{
    const struct ll_str years[LL_RULE_CELLS] = {LL_STR("years"), LL_STR("ge"), ll_str(least), LL_STR("own")},
                        staff[LL_RULE_CELLS] = {LL_STR("staff"), LL_STR("ge"), LL_STR("5"), LL_STR("own")};
    struct ll_target_reading r = {.arena = arena, .set = &set, .most = LL_POLICY_RULES_MAX};
    struct ll_policy p = {
        .name = name, .from = "2026-01-01", .until = until, .target = {.regions = regions, .industries = ""}};
    struct ll_err err;

    assert_ok(ll_target_add(&r, &p.target, LL_STR("years"), years, &err));
    assert_ok(ll_target_add(&r, &p.target, LL_STR("staff"), staff, &err));
    assert_ok(ll_target_add_scope(&r, &p.target, "own", &err));
    return p;
}

static void what_fits_comes_first_and_what_has_ended_fits_nobody(void **state)
{
    struct ll_policy list[] = {policy("far", "", "360803", "9"), policy("fits_late", "", "360802", "2"),
                               policy("near", "", "", "9"), policy("ended", "2026-06-14", "", "1"),
                               policy("fits_soon", "2026-06-15", "", "2")};
    const struct ll_policies all = {.list = list, .n = LL_COUNT(list), .set = &set};
    const struct ll_feature_value firm[] = {{.kind = LL_FV_NUMBER, .number = 3},
                                            {.kind = LL_FV_NUMBER, .number = 7},
                                            {.kind = LL_FV_CODE, .code = LL_STR("360802")}},
                                  dim[] = {{.kind = LL_FV_NUMBER, .number = 3},
                                           {.kind = LL_FV_NONE},
                                           {.kind = LL_FV_CODE, .code = LL_STR("360802")}};
    static const char *const order[] = {"fits_soon", "fits_late", "near", "far"};
    struct ll_policy_match found[LL_COUNT(list)];

    (void)state;
    assert_int_equal(ll_policies_match(&all, TODAY, firm, found), LL_COUNT(order));
    for (size_t i = 0; i < LL_COUNT(order); i++)
        assert_string_equal(found[i].policy->name, order[i]);
    assert_int_equal(found[2].met.misses, 1);
    assert_int_equal(found[3].met.misses, 2);
    assert_true(ll_rule_meet(found[2].policy->target.groups[0].rules, firm).gap == 6);
    assert_int_equal(ll_policies_match(&all, TODAY, dim, found), LL_COUNT(order));
    assert_string_equal(ll_target_met_word(found[0].met), "unknown"); /* what is not known is not missed */
    assert_int_equal(found[0].met.misses, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_a_policy_and_its_rules_are_its_target),
        cmocka_unit_test(a_fault_is_told_with_its_row_and_its_field),
        cmocka_unit_test(what_fits_comes_first_and_what_has_ended_fits_nobody),
    };

    arena = ll_arena_new(0);
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    ll_arena_free(arena);
    return rc;
}
