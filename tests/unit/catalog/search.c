/* Search: words of two Chinese characters, phrases, single characters, English, ranking, facets and pages. */
#include "fixture.h"

#include "catalog/search.h"
#include "catalog/words.h"

#define PACK                                                                                                 \
    "{\"name\": \"many\", \"version\": \"1.0.0\", \"title\": {\"zh\": \"许多\"}, \"needs\": [\"permits\"]}"

static const char resources[] =
    "name,code,title,title_en,provider,summary,share_type,share_condition,open,update_cycle,version,mode,subject_kind,keywords,scenario\n"
    "credit,308001/00011,企业信用信息,Corporate credit,JA001,企业的守信与失信记录,1,,1,2,1,snapshot,none,信用,贷前调查|企业画像\n"
    "black,308001/00012,严重失信主体名单,Dishonest entities,JA001,被列入严重失信名单的主体,2,依法履职,0,4,1,snapshot,none,失信|黑名单,贷前调查\n"
    "social,308001/00013,社保缴纳信息,Social insurance,JA001,单位参加社会保险的人数与缴费，可用于信用评价,2,依法履职,0,4,1,snapshot,none,社保,企业画像\n"
    "water,308001/00014,用水信息,Water use,JZ001,企业用水量,1,,0,4,1,snapshot,none,水费,\n"
    "land,308001/00015,不动产登记信息,Real estate,JZ001,房屋与土地权利登记,2,凭授权,0,2,1,snapshot,none,不动产|抵押,贷后管理\n";
static const char items[] = "resource,item,element,title,required,key\n"
                            "credit,credit_no,permit_no,信用编号,,1\nblack,black_no,permit_no,名单编号,,1\n"
                            "social,social_no,permit_no,社保登记号,,1\nwater,meter_no,permit_no,水表号,,1\n"
                            "land,deed_no,permit_no,权证编号,,1\nland,area_fee,fee,抵押金额,,\n";

static struct scratch scratch;
static struct ll_catalog *cat;

static int set_up(void **state)
{
    struct files base, many;
    struct ll_err err;
    (void)state;

    scratch_open(&scratch);
    files_good(&base);
    assert_ok(scratch_load(&scratch, &base, NULL, NULL, &err));
    files_start(&many);
    files_put(&many, "pack.json", PACK);
    files_put(&many, "resources.csv", resources);
    files_put(&many, "items.csv", items);
    assert_ok(scratch_load(&scratch, &many, NULL, NULL, &err));
    cat = scratch_catalog(&scratch);
    files_free(&base);
    files_free(&many);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ll_catalog_unref(cat);
    scratch_close(&scratch);
    return 0;
}

/* The names found, in order, divided by blanks; '~' first when the search was relaxed. */
static const char *found(const struct ll_search *q)
{
    static char out[512];
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_search_result r;
    struct ll_err err;
    size_t used;

    assert_ok(ll_catalog_search(scratch.st, cat, q, arena, &r, &err));
    used = (size_t)snprintf(out, sizeof out, "%s", r.relaxed ? "~" : "");
    for (size_t i = 0; i < r.n_hits; i++)
        used += (size_t)snprintf(out + used, sizeof out - used, "%s%s", i ? " " : "",
                                 r.hits[i].resource->name);
    ll_arena_free(arena);
    return out;
}

static const char *search(const char *text)
{
    struct ll_search q = {.text = ll_str(text)};

    return found(&q);
}

static void test_words_of_two_characters(void **state)
{
    (void)state;
    assert_string_equal(search("信用"), "credit social permit"); /* title, summary, title of an item */
    assert_string_equal(search("失信"), "black credit");
    assert_string_equal(search("社保"), "social");
    assert_string_equal(search("抵押"), "land");
    assert_string_equal(search("用水"), "water");
}

static void test_longer_text_is_a_phrase(void **state)
{
    (void)state;
    assert_string_equal(search("严重失信主体"), "black");
    assert_string_equal(search("信用信息"), "credit"); /* not 社保: it has both words, but apart */
}

static void test_several_words_must_all_be_there(void **state)
{
    (void)state;
    assert_string_equal(search("社保 信用"), "social");
    assert_string_equal(search("登记，土地"), "land");
}

static void test_a_single_character_is_a_beginning_or_an_end(void **state)
{
    (void)state;
    assert_string_equal(search("押"), "land");
    assert_string_equal(search("费"), "water social permit");
}

static void test_english_in_any_case_and_width(void **state)
{
    (void)state;
    assert_string_equal(search("CREDIT"), "credit permit");
    assert_string_equal(search("ｃｒｅｄ"), "credit permit");
    assert_string_equal(search("00012"), "black");
}

static void test_nothing_whole_gives_the_parts(void **state)
{
    (void)state;
    assert_int_equal(strncmp(search("失信抵押"), "~land black", strlen("~land black")),
                     0); /* the rarer word first */
    assert_string_equal(search("飞机"), "");
}

static void test_what_is_no_word_or_query_syntax_is_harmless(void **state)
{
    static const char *const odd[] = {"\"", "* OR", "NEAR(a b)", "title:信用", "a\" OR \"b",
                                      "(",  "-",    "\xff\xfe",  "信\"用",     "'; DROP TABLE pack"};
    (void)state;

    for (size_t i = 0; i < LL_COUNT(odd); i++)
        search(odd[i]);
    assert_string_equal(search("   "), search(""));
    char longest[4096];
    for (size_t i = 0; i + 3 < sizeof longest; i += 3)
        memcpy(longest + i, "信", 4);
    search(longest);
}

static void test_everything_by_title_in_pages(void **state)
{
    struct ll_search q = {.limit = 3};
    char all[512];
    (void)state;

    snprintf(all, sizeof all, "%s", search(""));
    assert_string_equal(all, "land black credit water inspection social permit");
    assert_string_equal(found(&q), "land black credit");
    q.offset = 6;
    assert_string_equal(found(&q), "permit");
    q.offset = 7;
    assert_string_equal(found(&q), "");
}

static size_t facet(const struct ll_search_result *r, enum ll_facet f, const char *value)
{
    for (size_t i = 0; i < r->facets[f].n; i++)
        if (strcmp(r->facets[f].values[i].value, value) == 0)
            return r->facets[f].values[i].count;
    return 0;
}

static void test_facets_count_what_their_choice_would_give(void **state)
{
    struct ll_search q = {.limit = 1};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_search_result r;
    struct ll_err err;
    (void)state;

    assert_ok(ll_catalog_search(scratch.st, cat, &q, arena, &r, &err));
    assert_int_equal(r.total, 7);
    assert_int_equal(facet(&r, LL_FACET_PROVIDER, "JA001"), 4);
    assert_int_equal(facet(&r, LL_FACET_REGION, "360800"), 4);
    assert_int_equal(facet(&r, LL_FACET_SCENARIO, "企业画像"), 4);
    assert_int_equal(facet(&r, LL_FACET_SCENARIO, "贷前调查"), 3);
    assert_string_equal(r.facets[LL_FACET_PROVIDER].values[0].title[LL_ZH], "吉安市行政审批局");
    assert_string_equal(r.facets[LL_FACET_REGION].values[0].title[LL_EN], "Ji'an");
    q.only[LL_FACET_PROVIDER] = LL_STR("JA001");
    q.only[LL_FACET_SHARE_TYPE] = LL_STR("2");
    assert_ok(ll_catalog_search(scratch.st, cat, &q, arena, &r, &err));
    assert_int_equal(r.total, 3);
    assert_int_equal(facet(&r, LL_FACET_PROVIDER, "JA001"), 3);
    assert_int_equal(facet(&r, LL_FACET_PROVIDER, "JZ001"), 1); /* what the other provider would give */
    assert_int_equal(facet(&r, LL_FACET_SHARE_TYPE, "1"), 1);
    assert_int_equal(facet(&r, LL_FACET_SCENARIO, "贷前调查"), 2);
    ll_arena_free(arena);
}

static void test_an_order_that_is_asked_for(void **state)
{
    struct ll_search q = {.sort = LL_SORT_NAME, .limit = 3};
    (void)state;

    assert_string_equal(found(&q), "black credit inspection");
    q.descending = true;
    q.offset = 1;
    assert_string_equal(found(&q), "social permit land"); /* water is on the page before */
    q = (struct ll_search){.text = LL_STR("信用"), .sort = LL_SORT_NAME, .descending = true};
    assert_string_equal(found(&q), "social permit credit");
    q = (struct ll_search){.sort = LL_SORT_PROVIDER, .limit = 50};
    q.only[LL_FACET_SCENARIO] = LL_STR("贷后管理");
    assert_string_equal(found(&q), "land");
}

static void test_orders_have_names(void **state)
{
    enum ll_search_sort sort;
    bool down;
    (void)state;

    assert_true(ll_search_sort_parse(LL_STR("-grade"), &sort, &down));
    assert_int_equal(sort, LL_SORT_GRADE);
    assert_true(down);
    assert_true(ll_search_sort_parse(LL_STR("title"), &sort, &down));
    assert_false(down);
    assert_false(ll_search_sort_parse(LL_STR("-"), &sort, &down));
    assert_false(ll_search_sort_parse(LL_STR("--title"), &sort, &down));
}

static void test_a_region_includes_what_lies_in_it(void **state)
{
    struct ll_search q = {.limit = 50};
    (void)state;

    q.only[LL_FACET_REGION] = LL_STR("360802");
    assert_string_equal(found(&q), "land water inspection");
    q.only[LL_FACET_REGION] = LL_STR("360800");
    assert_int_equal(strlen(found(&q)), strlen(search("")));
    q.only[LL_FACET_REGION] = LL_STR("360900");
    assert_string_equal(found(&q), "");
}

static void words(const char *text, const char *want)
{
    struct ll_buf out = LL_BUF_INIT(4096);

    ll_words_index(ll_str(text), &out);
    assert_string_equal(ll_buf_view(&out).p, want);
    ll_buf_free(&out);
}

static void test_text_as_words(void **state)
{
    (void)state;
    words("信用信息", "信用 用信 信息 息 ");
    words("A股 2024年报", "a 股 2024 年报 报 ");
    words("（ＡＢＣ）", "abc ");
    words("，。", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_as_words),
        cmocka_unit_test(test_words_of_two_characters),
        cmocka_unit_test(test_longer_text_is_a_phrase),
        cmocka_unit_test(test_several_words_must_all_be_there),
        cmocka_unit_test(test_a_single_character_is_a_beginning_or_an_end),
        cmocka_unit_test(test_english_in_any_case_and_width),
        cmocka_unit_test(test_nothing_whole_gives_the_parts),
        cmocka_unit_test(test_what_is_no_word_or_query_syntax_is_harmless),
        cmocka_unit_test(test_everything_by_title_in_pages),
        cmocka_unit_test(test_facets_count_what_their_choice_would_give),
        cmocka_unit_test(test_a_region_includes_what_lies_in_it),
        cmocka_unit_test(test_an_order_that_is_asked_for),
        cmocka_unit_test(test_orders_have_names),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
