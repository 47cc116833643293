/* The packs that come with the program (their folder is the argument): none has a fault and all load together.  Says what reading
 * the whole catalogue costs; every start pays it. */
#include "fixture.h"

#include "catalog/pack_diff.h"

#include <time.h>

static const char *folder;
static const char *const names[] = {"core",  "jian",   "credit", "demo", "jiangxi_registration",
                                    "rural", "finance"};

static void load(struct scratch *s, const char *name)
{
    struct ll_problems *ps = ll_problems_new(0);
    struct ll_catalog *cat = scratch_catalog(s);
    struct ll_buf text = LL_BUF_INIT(1 << 20);
    struct ll_pack *p = NULL;
    struct ll_load_result result;
    char dir[1024];
    struct ll_err err;

    snprintf(dir, sizeof dir, "%s/%s", folder, name);
    int rc = ll_pack_read(dir, cat, NULL, ps, &p, &err);
    ll_problems_text(ps, LL_EN, &text);
    if (rc < 0)
        fail_msg("%s: %s\n%s", name, rc < 0 ? err.en : "", ll_buf_view(&text).p);
    assert_ok(ll_pack_load(s->st, p, ps, &result, &err));
    assert_int_equal(result.outcome, LL_LOAD_NEW);
    ll_pack_free(p);
    ll_catalog_unref(cat);
    ll_problems_free(ps);
    ll_buf_free(&text);
}

static void test_the_shipped_packs_load(void **state)
{
    struct scratch s;
    size_t n;
    (void)state;

    scratch_open(&s);
    for (size_t i = 0; i < LL_COUNT(names); i++)
        load(&s, names[i]);
    clock_t from = clock(); /* processor time: other work on the machine does not count */
    struct ll_catalog *cat = scratch_catalog(&s);
    unsigned ms = (unsigned)((clock() - from) * 1000 / CLOCKS_PER_SEC);
    print_message("catalogue read in %u ms\n", ms);
    assert_true(ll_codeset_size(ll_catalog_codeset(cat, LL_STR("REGION"))) > 40000);
    ll_catalog_resources(cat, &n);
    assert_true(n >= 18);
    ll_catalog_unref(cat);
    scratch_close(&s);
}

static void test_each_is_read_with_its_needs_beside_it(void **state)
{
    struct ll_problems *ps = ll_problems_new(0);
    struct ll_catalog *known = NULL;
    struct ll_pack *p = NULL;
    struct ll_err err;
    char dir[1024];
    (void)state;

    snprintf(dir, sizeof dir, "%s/demo", folder);
    assert_ok(ll_pack_read_beside(dir, NULL, NULL, ps, &p, &known, &err));
    assert_non_null(ll_catalog_organisation(known, LL_STR("JA001")));
    ll_pack_free(p);
    ll_catalog_unref(known);
    ll_problems_free(ps);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_shipped_packs_load),
        cmocka_unit_test(test_each_is_read_with_its_needs_beside_it),
    };

    if (argc < 2)
        return 77;
    folder = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
