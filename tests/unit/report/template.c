/* The workbook in which a resource is filled in: its columns are those that the mapping reads. */
#include "../intake/fixture.h"

#include "intake/decode/source.h"
#include "report/template.h"

static void read_names(struct fixture *fx, const char *path, const struct ll_source_opts *o, char out[512])
{
    struct ll_source *s = NULL;
    struct ll_err err;
    size_t n = 0;

    assert_ok(ll_source_open(path, "t.xlsx", fx->dir, o, &s, &err));
    const struct ll_source_info *info = ll_source_info(s);
    for (size_t i = 0; i < info->n_columns; i++)
        n += (size_t)snprintf(out + n, 512 - n, "%s" LL_STR_FMT, i ? "|" : "", LL_STR_ARG(info->names[i]));
    n += (size_t)snprintf(out + n, 512 - n, "/%zu", info->n_sample);
    ll_source_close(s);
}

static void test_a_template_has_the_columns_that_the_mapping_reads(void **state)
{
    struct ll_source_opts o = LL_SOURCE_OPTS_INIT;
    struct fixture *fx = *state;
    struct ll_err err;
    char path[LL_PATH], names[512];

    struct ll_form form;
    const struct ll_template t = {.form = &form, .lang = LL_ZH};

    assert_ok(ll_path(path, &err, "%s/t.xlsx", fx->dir));
    assert_ok(ll_form_make(fx->arena, &fx->resource, &form, &err));
    assert_ok(ll_template_xlsx(&t, path, &err));
    read_names(fx, path, &o, names);
    assert_string_equal(names,
                        "统一社会信用代码|企业名称|成立日期|注册资本|行政区划|从业人数|电话|_batch|_row/0");
    o.sheet = "下拉选项";
    o.header = LL_SOURCE_HEADER_NONE;
    read_names(fx, path, &o, names);
    assert_non_null(
        strstr(names, "#9|")); /* the titles of the regions, in the place of the column that takes them */
}

static void test_a_template_says_what_it_is_and_prepared_rows_are_none(void **state)
{
    struct ll_source_opts o = LL_SOURCE_OPTS_INIT;
    struct fixture *fx = *state;
    struct ll_source *s = NULL;
    struct ll_form form;
    struct ll_template t = {.form = &form, .lang = LL_EN, .area_item = "region", .area = "360802", .rows = 9};
    struct ll_err err;
    char path[LL_PATH];

    assert_ok(ll_path(path, &err, "%s/t.xlsx", fx->dir));
    assert_ok(ll_form_make(fx->arena, &fx->resource, &form, &err));
    t.area_item = form.fields[4].item->name;
    assert_ok(ll_template_xlsx(&t, path, &err));
    assert_ok(ll_source_open(path, "t.xlsx", fx->dir, &o, &s, &err));
    const struct ll_source_info *info = ll_source_info(s);
    assert_string_equal(info->form.resource, fx->resource.name);
    assert_string_equal(info->form.area, "360802");
    assert_int_equal(info->form.version, fx->resource.version);
    assert_true(ll_str_is(info->names[0], "行政区划"));
    assert_int_equal(info->n_sample, 0);
    ll_source_close(s);
}

static void test_a_mapping_by_position_gives_no_template(void **state)
{
    struct fixture *fx = *state;
    struct ll_map_row row = {"#1", &fx->resource.items[0], NULL, NULL};
    struct ll_mapping mapping = {NULL, &row, 1};
    struct ll_resource r = fx->resource;
    struct ll_err err;

    r.mappings = &mapping;
    r.n_mappings = 1;
    struct ll_form form;
    assert_int_equal(ll_form_make(fx->arena, &r, &form, &err), LL_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_template_has_the_columns_that_the_mapping_reads, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(test_a_template_says_what_it_is_and_prepared_rows_are_none,
                                        fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_a_mapping_by_position_gives_no_template, fixture_open,
                                        fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
