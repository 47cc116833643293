/* pages.json: what is right is taken as it stands; a mistake is told with its line and its path, and with what may have been meant. */
#include "fixture.h"

static const char services[] =
    "name,version,title,title_en,summary,summary_en,view,row_limit,time_limit,callable\n"
    "by_kind,1,许可,Permits,,,by_kind,200,5000,Y\n";
static const char items[] = "service,name,use,from,element,title,title_en,required,default,min,max\n"
                            "by_kind,permit_no,output,permit.permit_no,,,,,,,\n"
                            "by_kind,kind,output,permit.kind,,,,,,,\n"
                            "by_kind,which,parameter,,permit_kind,类别,Kind,,,,\n";
static const char view[] = "SELECT permit_no, kind FROM permit WHERE $which IS NULL OR kind = $which";
static const char pages[] =
    "{\"pages\": [{\"name\": \"permits\", \"title\": {\"zh\": \"许可\", \"en\": \"Permits\"},\n"
    "  \"duties\": [\"operator\"], \"blocks\": [\n"
    "  {\"name\": \"find\", \"kind\": \"form\", \"service\": \"by_kind\", \"title\": {\"zh\": \"查\", \"en\": \"Find\"},\n"
    "   \"fields\": [\"which\"], \"opens\": \"list\"},\n"
    "  {\"name\": \"list\", \"kind\": \"list\", \"service\": \"by_kind\", \"title\": {\"zh\": \"表\", \"en\": \"List\"},\n"
    "   \"filters\": [\"kind\"], \"sort\": \"-kind\", \"links\": [{\"column\": \"kind\", \"page\": \"permits\", \"with\": {\"which\": \"kind\"}}]}\n"
    "]}]}\n";

static void start(struct files *f)
{
    files_good(f);
    files_put(f, "services.csv", services);
    files_put(f, "service_items.csv", items);
    files_put(f, "views/by_kind.sql", view);
    files_put(f, "pages.json", pages);
}

/* Reads it with one change, and expects the problem. */
static void refused(const char *from, const char *to, const char *problem)
{
    struct ll_pack *p = NULL;
    struct files f;
    char *text = NULL;

    start(&f);
    files_edit(&f, "pages.json", from, to);
    assert_int_equal(files_parse(&f, NULL, NULL, &p, &text), LL_INVALID);
    if (!strstr(text, problem))
        fail_msg("%s: got %s", problem, text);
    free(text);
    files_free(&f);
}

static void test_a_page_is_taken_as_it_stands(void **state)
{
    struct ll_pack *p;
    struct files f;

    (void)state;
    start(&f);
    p = files_pack(&f, NULL);
    assert_int_equal(p->n_pages, 1);
    assert_string_equal(p->pages[0].key, "permits/permits");
    assert_non_null(strstr(p->pages[0].body, "\"opens\":\"list\""));
    ll_pack_free(p);
    files_free(&f);
}

static void test_what_is_named_must_be_there(void **state)
{
    (void)state;
    refused("\"opens\": \"list\"", "\"opens\": \"lists\"", "pages.json:4");
    refused("\"opens\": \"list\"", "\"opens\": \"lists\"",
            "pages[0].blocks[0].opens): there is no 'lists' -> list");
    refused("\"page\": \"permits\"", "\"page\": \"permit\"",
            "links[0].page): there is no 'permit' -> permits");
    refused("\"-kind\"", "\"-kindd\"", "service by_kind has no 'kindd' -> kind");
    refused("\"filters\": [\"kind\"]", "\"filters\": [\"kin\"]", "pages[0].blocks[1].filters[0]");
    refused("\"which\"], ", "\"whose\"], ", "blocks[0].fields[0]");
    refused("{\"which\": \"kind\"}", "{\"which\": \"which\"}", "links[0].with.which");
    refused("\"service\": \"by_kind\", \"title\": {\"zh\": \"表\"",
            "\"service\": \"by\", \"title\": {\"zh\": \"表\"", "no service with a view 'by'");
}

static void test_what_is_no_page_is_refused(void **state)
{
    (void)state;
    refused("\"operator\"", "\"auditor\"", "duties[0]");
    refused("\"kind\": \"form\"", "\"kind\": \"forms\"", "'forms' must be list|detail|form|chart");
    refused("\"name\": \"list\"", "\"name\": \"find\"", "the name 'find' occurs twice");
    refused("\"sort\"", "\"order\"", "there is no member 'order'");
    refused("]}]}\n", "]}]\n", "not well-formed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_page_is_taken_as_it_stands),
        cmocka_unit_test(test_what_is_named_must_be_there),
        cmocka_unit_test(test_what_is_no_page_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
