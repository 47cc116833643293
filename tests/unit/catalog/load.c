/* Loading a pack: all or nothing, versions, what would break, and the snapshot that comes of it. */
#include "fixture.h"

#include "catalog/pack_diff.h"
#include "catalog/region.h"

static int set_up(void **state)
{
    struct scratch *s = calloc(1, sizeof *s);

    if (!s)
        return -1;
    scratch_open(s);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    scratch_close(*state);
    free(*state);
    return 0;
}

static void load_good(struct scratch *s, struct files *f)
{
    struct ll_err err;

    files_good(f);
    assert_ok(scratch_load(s, f, NULL, NULL, &err));
}

static void test_what_is_loaded_is_what_was_read(void **state)
{
    struct scratch *s = *state;
    struct ll_load_result result;
    struct ll_diff *d = NULL;
    struct ll_pack *loaded = NULL, *p;
    struct ll_err err;
    struct files f;

    files_good(&f);
    assert_ok(scratch_load(s, &f, &result, NULL, &err));
    assert_int_equal(result.outcome, LL_LOAD_NEW);
    assert_int_equal(result.elements, 8);
    assert_int_equal(result.code_tables, 5);
    assert_int_equal(result.codes, 14);
    assert_int_equal(result.organisations, 4);
    assert_int_equal(result.resources, 2);
    struct ll_catalog *cat = scratch_catalog(s);
    p = files_pack(&f, cat);
    assert_ok(ll_pack_loaded(cat, LL_STR("permits"), &loaded, &err));
    assert_ok(ll_pack_diff(loaded, p, cat, &d, &err));
    assert_int_equal(d->n, 0);
    ll_diff_free(d);
    assert_ok(ll_pack_diff(p, loaded, cat, &d, &err));
    assert_int_equal(d->n, 0);
    ll_diff_free(d);
    ll_pack_free(loaded);
    ll_pack_free(p);
    ll_catalog_unref(cat);
    files_free(&f);
}

static void test_the_snapshot_is_whole(void **state)
{
    struct scratch *s = *state;
    struct files f;
    size_t n;

    load_good(s, &f);
    struct ll_catalog *cat = scratch_catalog(s);
    const struct ll_resource *r = ll_catalog_resource(cat, LL_STR("permit"));
    const struct ll_item *kind = ll_resource_item(r, LL_STR("kind"));
    assert_ptr_equal(kind->element, ll_catalog_element(cat, LL_STR("permit_kind")));
    assert_ptr_equal(kind->codes, ll_catalog_codeset(cat, LL_STR("PERMIT_KIND")));
    assert_str(ll_codeset_resolve(kind->codes, LL_STR("一般"))->code, "1");
    assert_string_equal(kind->title, "许可类别"); /* the element's */
    assert_string_equal(r->provider_name, "吉安市行政审批局");
    assert_string_equal(r->mappings[1].rows[1].arguments, "authority=91;region=360800");
    assert_ptr_equal(r->mappings[0].rows[0].item, r->key[0]);
    assert_int_equal(r->checks[1].dimension, LL_DIM_COMPLETENESS);
    assert_string_equal(ll_catalog_element_code(cat, LL_STR("E5"))->name, "fee");
    assert_string_equal(ll_catalog_view(cat, LL_STR("permits_by_kind"))->pack, "permits");
    assert_string_equal(ll_catalog_resources(cat, &n)[0]->name, "inspection");
    assert_int_equal(n, 2);
    assert_ptr_equal(ll_catalog_resource_version(cat, LL_STR("permit"), 1), r);
    assert_null(ll_catalog_resource_version(cat, LL_STR("permit"), 2));
    assert_null(ll_catalog_resource(cat, LL_STR("nothing")));
    ll_catalog_unref(cat);
    files_free(&f);
}

static void test_the_same_content_is_a_no_op(void **state)
{
    struct scratch *s = *state;
    struct ll_load_result result;
    struct ll_err err;
    struct files f;

    load_good(s, &f);
    struct ll_catalog *before = scratch_catalog(s);
    assert_ok(scratch_load(s, &f, &result, NULL, &err));
    assert_int_equal(result.outcome, LL_LOAD_UNCHANGED);
    assert_string_equal(result.old_version, "1.0.0");
    struct ll_catalog *after = scratch_catalog(s);
    assert_true(ll_catalog_generation(before) == ll_catalog_generation(after));
    ll_catalog_unref(before);
    ll_catalog_unref(after);
    files_free(&f);
}

static void test_versions_only_go_up(void **state)
{
    struct scratch *s = *state;
    struct ll_load_result result;
    struct ll_err err;
    struct files f;

    load_good(s, &f);
    files_edit(&f, "resources.csv", "行政许可信息", "行政许可");
    assert_int_equal(scratch_load(s, &f, NULL, NULL, &err), LL_CONFLICT);
    assert_non_null(strstr(err.en, "raise version in pack.json"));
    files_edit(&f, "pack.json", "1.0.0", "0.9.9");
    assert_int_equal(scratch_load(s, &f, NULL, NULL, &err), LL_CONFLICT);
    assert_non_null(strstr(err.en, "cannot go back to 0.9.9"));
    files_edit(&f, "pack.json", "0.9.9", "1.0.10");
    assert_ok(scratch_load(s, &f, &result, NULL, &err));
    assert_int_equal(result.outcome, LL_LOAD_UPDATED);
    struct ll_catalog *cat = scratch_catalog(s);
    assert_string_equal(ll_catalog_resource(cat, LL_STR("permit"))->title, "行政许可");
    ll_catalog_unref(cat);
    files_free(&f);
}

static bool says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in\n%s", part, text);
    return true;
}

static void test_changes_that_break_are_refused_with_the_whole_list(void **state)
{
    struct scratch *s = *state;
    struct ll_err err;
    struct files f;
    char *breaks;

    load_good(s, &f);
    files_edit(&f, "pack.json", "1.0.0", "1.1.0");
    files_edit(&f, "elements.csv", "text,40,", "text,20,");
    files_edit(&f, "elements.csv", "\"decimal(18,2)\",,,,0..,2,元", "integer,,,,0..,2,万元");
    files_edit(&f, "items.csv",
               "permit,person_id,person_id,法定代表人证件号码,,,related,legal_representative,,,,\n", "");
    files_edit(&f, "items.csv", "holder_name,,Y,,subject_name", "holder_name,,Y,,");
    files_edit(&f, "items.csv", "inspection,permit_no,permit_no,,,2", "inspection,permit_no,permit_no,,,");
    files_edit(&f, "codes/PERMIT_KIND.csv", "21,特许之一,Franchise one,2,,\n", "");
    assert_int_equal(scratch_load(s, &f, NULL, &breaks, &err), LL_CONFLICT);
    assert_non_null(strstr(err.en, "9 changes that would break"));
    says(breaks, "items.csv: changed item permit.permit_no: length: 40 -> 20 (0: no limit)\n");
    says(breaks, "items.csv: changed item inspection.inspection_no: length: 40 -> 20 (0: no limit)\n");
    says(breaks, "items.csv: changed item inspection.permit_no: length: 40 -> 20 (0: no limit)\n");
    says(breaks, "items.csv: changed item permit.fee: type: decimal(18,2) -> integer\n");
    says(breaks, "items.csv: changed item permit.fee: unit: 元 -> 万元\n");
    says(breaks, "items.csv: removed item permit.person_id: 法定代表人证件号码\n");
    says(breaks, "items.csv: changed item permit.holder_name: role: subject_name -> -\n");
    says(breaks,
         "resources.csv: changed resource inspection: key: inspection_no, permit_no -> inspection_no\n");
    says(breaks, "codes: removed code PERMIT_KIND: resource permit uses this code table");
    free(breaks);
    struct ll_catalog *cat = scratch_catalog(s);
    assert_int_equal(ll_catalog_element(cat, LL_STR("permit_no"))->length, 40); /* nothing was applied */
    assert_string_equal(ll_catalog_pack(cat, LL_STR("permits"))->version, "1.0.0");
    ll_catalog_unref(cat);
    files_free(&f);
}

static void test_a_raised_version_keeps_the_old_one(void **state)
{
    struct scratch *s = *state;
    struct ll_load_result result;
    struct ll_err err;
    struct files f;
    size_t n;

    load_good(s, &f);
    files_edit(&f, "pack.json", "1.0.0", "1.1.0");
    files_edit(&f, "resources.csv", "inspection,1,increment", "inspection,2,increment");
    files_edit(&f, "elements.csv", "\"decimal(18,2)\",,,,0..,2,元", "integer,,,,0..,2,万元");
    files_edit(&f, "items.csv",
               "permit,person_id,person_id,法定代表人证件号码,,,related,legal_representative,,,,\n", "");
    files_edit(&f, "codes/PERMIT_KIND.csv", "21,特许之一,Franchise one,2,,\n", "");
    assert_ok(scratch_load(s, &f, &result, NULL, &err));
    assert_int_equal(result.new_versions, 1);
    struct ll_catalog *cat = scratch_catalog(s);
    const struct ll_resource *now = ll_catalog_resource(cat, LL_STR("permit"));
    const struct ll_resource *old = ll_catalog_resource_version(cat, LL_STR("permit"), 1);
    assert_int_equal(now->version, 2);
    assert_null(ll_resource_item(now, LL_STR("person_id")));
    assert_int_equal(ll_resource_item(now, LL_STR("fee"))->element->type, LL_TYPE_INTEGER);
    assert_non_null(old);
    assert_non_null(ll_resource_item(old, LL_STR("person_id")));
    const struct ll_element *fee = ll_resource_item(old, LL_STR("fee"))->element; /* as it was */
    assert_int_equal(fee->type, LL_TYPE_DECIMAL);
    assert_int_equal(fee->precision, 18);
    assert_string_equal(fee->unit, "元");
    ll_catalog_old_resources(cat, &n);
    assert_int_equal(n, 1);
    assert_string_equal(ll_catalog_resources(cat, &n)[1]->name, "permit");
    assert_int_equal(n, 2);
    ll_catalog_unref(cat);
    files_edit(&f, "pack.json", "1.1.0", "1.2.0");
    files_edit(&f, "resources.csv", "inspection,2,increment", "inspection,1,increment");
    assert_int_equal(scratch_load(s, &f, NULL, NULL, &err), LL_CONFLICT);
    files_free(&f);
}

static void test_changes_that_break_nothing_need_no_new_version(void **state)
{
    struct scratch *s = *state;
    struct ll_err err;
    struct files f;

    load_good(s, &f);
    files_edit(&f, "pack.json", "1.0.0", "1.1.0");
    files_edit(&f, "elements.csv", "text,40,", "text,60,");
    files_edit(&f, "items.csv", "permit,fee,", "permit,remark,holder_name,备注,,,,,,,,\npermit,fee,");
    files_edit(&f, "codes/PERMIT_KIND.csv", "21,特许之一,Franchise one,2,,",
               "21,特许之一,Franchise one,2,historical,");
    files_edit(&f, "codes/PERMIT_KIND.csv", "9,旧类", "3,备案,,,,\n9,旧类");
    files_edit(&f, "resources.csv", "0,,2,,2024", "0,,4,,2024");
    files_drop(&f, "views/permits_by_kind.sql");
    assert_ok(scratch_load(s, &f, NULL, NULL, &err));
    struct ll_catalog *cat = scratch_catalog(s);
    const struct ll_codeset *kinds = ll_catalog_codeset(cat, LL_STR("PERMIT_KIND"));
    assert_true(ll_codeset_by_code(kinds, LL_STR("21"))->historical);
    assert_string_equal(ll_catalog_resource(cat, LL_STR("permit"))->items[6].name, "remark");
    assert_null(ll_catalog_view(cat, LL_STR("permits_by_kind")));
    ll_catalog_unref(cat);
    files_free(&f);
}

#define OTHER(version)                                                                                       \
    "{\"name\": \"other\", \"version\": \"" version                                                          \
    "\", \"title\": {\"zh\": \"别的\"}, \"needs\": [\"permits\"]}"

/* A second pack whose resource leans on the first in every way. */
static void other_files(struct files *f)
{
    files_start(f);
    files_put(f, "pack.json", OTHER("1.0.0"));
    files_put(f, "resources.csv",
              "name,code,title,provider,summary,share_type,open,update_cycle,version,mode,subject_kind\n"
              "loan,308002/00001,贷款,JZ001,贷款信息,1,0,2,1,snapshot,none\n");
    files_put(f, "items.csv",
              "resource,item,element,required,key,references\n"
              "loan,loan_no,permit_no,,1,permit.permit_no\nloan,kind,permit_kind,,,\n");
    files_put(f, "organisations.csv", "code,name,role,parent\nX1,某局,source,BK001\n");
}

static void test_other_packs_are_protected(void **state)
{
    struct scratch *s = *state;
    struct ll_err err;
    struct files f, other;
    char *breaks;

    load_good(s, &f);
    other_files(&other);
    assert_ok(scratch_load(s, &other, NULL, NULL, &err));
    files_edit(&f, "pack.json", "1.0.0", "2.0.0");
    files_edit(&f, "resources.csv", "inspection,1,increment", "inspection,2,increment");
    files_edit(&f, "resources.csv", "permit,1,snapshot", "permit,2,snapshot");
    files_edit(&f, "resources.csv", "监督检查记录,JZ001", "监督检查记录,JA001");
    files_edit(&f, "organisations.csv",
               "JZ001,吉州区市场监督管理局,,360802,JA000,source,\nBK001,某银行,,,,consumer,\n", "");
    files_edit(&f, "elements.csv", "text,40,", "text,20,");
    files_edit(&f, "codes/PERMIT_KIND.csv", "21,特许之一,Franchise one,2,,\n", "");
    assert_int_equal(scratch_load(s, &f, NULL, &breaks, &err), LL_CONFLICT);
    says(breaks, "elements.csv: changed element permit_no -> loan.loan_no: length: 40 -> 20 (0: no limit)\n");
    says(breaks, "codes: removed code PERMIT_KIND: resource loan uses this code table");
    says(breaks, "organisations.csv: removed organisation JZ001: it provides resource loan (version 1)\n");
    says(breaks,
         "organisations.csv: removed organisation BK001: it is the parent of organisation X1 (pack other)\n");
    assert_null(strstr(breaks, "permit.permit_no")); /* its own resource has a new version */
    free(breaks);
    files_free(&f);
    files_free(&other);
}

static void test_a_resource_with_deliveries_stays(void **state)
{
    struct scratch *s = *state;
    struct ll_txn *tx = NULL;
    struct ll_err err;
    struct files f;
    char *breaks;

    load_good(s, &f);
    files_edit(&f, "pack.json", "1.0.0", "1.1.0");
    files_edit(&f, "resources.csv", "2024-06-01,inspection", "2024-06-01,");
    files_edit(
        &f, "resources.csv",
        "inspection,308001/00002,监督检查记录,JZ001,双随机检查的结果,2,1,,1,1,,4,,,permit,1,snapshot,,none,检查,企业画像\n",
        "");
    files_edit(
        &f, "items.csv",
        "inspection,inspection_no,permit_no,检查编号,,1,,,,,,\ninspection,permit_no,permit_no,,,2,,,,permit.permit_no,,\n"
        "inspection,inspected,day,检查日期,,,,,,,,\n",
        "");
    assert_ok(ll_txn_begin(s->st, true, &tx, &err));
    assert_ok(ll_exec(
        tx, &err,
        "INSERT INTO delivery (id, resource, sha256, bytes, file_name, mode, state, stage, received_at, updated_at)"
        " VALUES ('d1', 'inspection', 'x', 1, 'a.csv', 'snapshot', 'published', 'publish', 1, 1)",
        ""));
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
    assert_int_equal(scratch_load(s, &f, NULL, &breaks, &err), LL_CONFLICT);
    says(breaks, "resources.csv: removed resource inspection: 监督检查记录\n");
    free(breaks);
    assert_ok(ll_txn_begin(s->st, true, &tx, &err));
    assert_ok(ll_exec(tx, &err, "DELETE FROM delivery", ""));
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
    assert_ok(scratch_load(s, &f, NULL, NULL, &err));
    struct ll_catalog *cat = scratch_catalog(s);
    assert_null(ll_catalog_resource(cat, LL_STR("inspection")));
    ll_catalog_unref(cat);
    files_free(&f);
}

static void test_a_pack_read_against_another_state_is_read_again(void **state)
{
    struct scratch *s = *state;
    struct ll_load_result result;
    struct ll_err err;
    struct files f, other;

    files_good(&f);
    struct ll_pack *early = files_pack(&f, NULL);
    assert_ok(
        ll_pack_load(s->st, early, NULL, &result, &err)); /* an empty store is what it was read against */
    struct ll_catalog *cat = scratch_catalog(s);
    other_files(&other);
    struct ll_pack *stale = files_pack(&other, cat);
    files_edit(&f, "pack.json", "1.0.0", "1.0.1");
    assert_ok(scratch_load(s, &f, NULL, NULL, &err));
    assert_int_equal(ll_pack_load(s->st, stale, NULL, &result, &err), LL_BUSY);
    assert_int_equal(ll_pack_load(s->st, early, NULL, &result, &err), LL_BUSY);
    ll_pack_free(stale);
    ll_pack_free(early);
    ll_catalog_unref(cat);
    files_free(&f);
    files_free(&other);
}

static void test_a_live_snapshot_follows_the_store(void **state)
{
    struct scratch *s = *state;
    struct ll_catalog_live *live = NULL;
    struct ll_catalog *before = NULL, *after = NULL, *cached = NULL;
    struct ll_err err;
    struct files f;

    assert_ok(ll_catalog_live_open(s->st, &live, &err));
    assert_ok(ll_catalog_live_get(live, false, &before, &err));
    load_good(s, &f);
    assert_ok(ll_catalog_live_get(live, false, &cached, &err)); /* within the second: still the old one */
    assert_ptr_equal(before, cached);
    assert_ok(ll_catalog_live_get(live, true, &after, &err));
    assert_null(ll_catalog_resource(before, LL_STR("permit")));
    assert_non_null(ll_catalog_resource(after, LL_STR("permit")));
    ll_catalog_live_close(live);
    assert_string_equal(ll_catalog_resource(after, LL_STR("permit"))->name,
                        "permit"); /* a reference outlives it */
    ll_catalog_unref(before);
    ll_catalog_unref(cached);
    ll_catalog_unref(after);
    files_free(&f);
}

static void test_regions_of_organisations(void **state)
{
    struct scratch *s = *state;
    struct ll_region_path path;
    struct files f;

    load_good(s, &f);
    struct ll_catalog *cat = scratch_catalog(s);
    const struct ll_organisation *county = ll_catalog_organisation(cat, LL_STR("JZ001"));
    assert_true(ll_organisation_path(cat, county, &path));
    assert_str(path.at[LL_REGION_PROVINCE]->title, "江西省");
    assert_str(path.at[LL_REGION_CITY]->title, "吉安市");
    assert_str(path.at[LL_REGION_COUNTY]->title, "吉州区");
    assert_null(path.at[LL_REGION_TOWN]);
    /* without a region of its own: that of its parent */
    assert_string_equal(ll_organisation_region(cat, ll_catalog_organisation(cat, LL_STR("JA001"))), "360800");
    assert_false(ll_organisation_path(cat, ll_catalog_organisation(cat, LL_STR("BK001")), &path));
    const struct ll_codeset *regions = ll_catalog_codeset(cat, LL_STR("REGION"));
    assert_true(ll_region_path(regions, LL_STR("360802001"), &path));
    assert_str(path.at[LL_REGION_TOWN]->title, "古南街道");
    assert_true(ll_region_path(regions, LL_STR("360899"), &path)); /* no longer there: still in its city */
    assert_null(path.at[LL_REGION_COUNTY]);
    assert_str(path.at[LL_REGION_CITY]->title, "吉安市");
    ll_catalog_unref(cat);
    files_free(&f);
}

static void test_a_store_without_packs_is_an_empty_catalogue(void **state)
{
    struct scratch *s = *state;
    struct ll_catalog *cat = scratch_catalog(s);
    size_t n = 1;

    ll_catalog_resources(cat, &n);
    assert_int_equal(n, 0);
    assert_null(ll_catalog_element(cat, LL_STR("uscc")));
    ll_catalog_unref(cat);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_what_is_loaded_is_what_was_read),
        T(test_the_snapshot_is_whole),
        T(test_the_same_content_is_a_no_op),
        T(test_versions_only_go_up),
        T(test_changes_that_break_are_refused_with_the_whole_list),
        T(test_a_raised_version_keeps_the_old_one),
        T(test_changes_that_break_nothing_need_no_new_version),
        T(test_other_packs_are_protected),
        T(test_a_resource_with_deliveries_stays),
        T(test_a_pack_read_against_another_state_is_read_again),
        T(test_a_live_snapshot_follows_the_store),
        T(test_regions_of_organisations),
        T(test_a_store_without_packs_is_an_empty_catalogue),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
