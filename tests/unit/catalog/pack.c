/* Reading a pack: what a good one becomes, and what is said, and where, of each way in which one can be wrong. */
#include "fixture.h"

#include "base/fs.h"
#include "catalog/transform.h"

#include <unistd.h>

static void test_a_good_pack_is_read_whole(void **state)
{
    struct files f;
    (void)state;

    files_good(&f);
    struct ll_pack *p = files_pack(&f, NULL);
    assert_string_equal(p->info.name, "permits");
    assert_string_equal(p->info.title_en, "Permits");
    assert_int_equal(strlen(p->info.sha256), 64);
    assert_int_equal(p->n_elements, 8);
    assert_int_equal(p->n_tables, 5);
    assert_int_equal(p->n_organisations, 4);
    assert_int_equal(p->n_resources, 2);
    assert_int_equal(p->n_views, 1);
    const struct ll_resource *r = &p->resources[0];
    assert_string_equal(r->provider_name, "吉安市行政审批局");
    assert_int_equal(r->mode, LL_INCREMENT);
    assert_int_equal(r->change_limit, 50);
    assert_int_equal(r->grade, 4); /* the highest of its items */
    assert_int_equal(r->n_items, 8);
    assert_int_equal(r->n_key, 1);
    assert_string_equal(r->key[0]->name, "permit_no");
    assert_true(r->key[0]->required);
    assert_int_equal(r->n_mappings, 2);
    assert_null(r->mappings[0].variant);
    assert_string_equal(r->mappings[1].variant, "old");
    assert_int_equal(r->n_checks, 2);
    assert_int_equal(r->checks[1].severity, LL_SEV_WARNING);
    const struct ll_item *fee = ll_resource_item(r, LL_STR("fee"));
    assert_int_equal(fee->element->type, LL_TYPE_DECIMAL);
    assert_int_equal(fee->element->scale, 2);
    assert_int_equal(fee->grade, 3);
    ll_pack_free(p);
    files_free(&f);
}

static void test_a_resource_without_mapping_gets_the_templates(void **state)
{
    struct files f;
    (void)state;

    files_good(&f);
    struct ll_pack *p = files_pack(&f, NULL);
    const struct ll_resource *r = &p->resources[1];
    assert_int_equal(r->n_mappings, 1);
    assert_int_equal(r->mappings[0].n, 3);
    assert_string_equal(r->mappings[0].rows[0].source, "检查编号|inspection_no");
    assert_string_equal(r->items[1].ref_resource, "permit");
    assert_string_equal(r->items[1].ref_item, "permit_no");
    ll_pack_free(p);
    files_free(&f);
}

/* One edit of the good pack each, and what must be said of it.  want: the start of a line of the report. */
static const struct bad {
    const char *file, *from, *to, *want;
} bad[] = {
    /* the table itself */
    {"items.csv", "resource,item,element", "resource,item,elemnt",
     "items.csv:1:3 (elemnt): there is no column 'elemnt'; did you mean 'element'?  Known columns: resource, item, element,"},
    {"items.csv", "resource,item,element", "resource,item,elemnt",
     "items.csv:1 (element): the required column 'element' is missing"},
    {"items.csv", "required,key", "key,key", "items.csv:1:6 (key): column 'key' is there twice"},
    {"items.csv", "permit,holder,uscc", "permit,\"holder,uscc",
     "items.csv:3: a quote is opened and never closed"},
    {"items.csv", "permit,holder,uscc", "permit,\"holder\"x,uscc",
     "items.csv:3: there is text after a closing quote"},
    {"items.csv", "permit,kind,permit_kind,,Y,,,,,,,1", "permit,kind,permit_kind,,Y,,,,,,,1,2",
     "items.csv:5:13: the row has 13 cells, the header only 12"},
    {"items.csv", "持证人信用代码", "持证人\xd0\xc5", "items.csv:3: not UTF-8 (byte "},
    {"items.csv", "permit,holder,uscc", "permit,,uscc", "items.csv:3:2 (item): 'item' must not be empty"},
    {"checks.csv", "resource,name", "", "checks.csv:1 (resource): the required column 'resource' is missing"},
    /* values of a kind */
    {"items.csv", "permit,holder,uscc", "permit,Holder,uscc",
     "items.csv:3:2 (item): 'Holder' cannot be a name"},
    {"items.csv", "permit,holder,uscc", "permit,ll_holder,uscc",
     "items.csv:3:2 (item): name 'll_holder' must not start with ll_"},
    {"items.csv", "permit,holder,uscc", "permit,select,uscc",
     "items.csv:3:2 (item): 'select' is an SQL keyword"},
    {"items.csv", "持证人信用代码,Y", "持证人信用代码,yes",
     "items.csv:3:5 (required): 'yes' is not one of Y|N"},
    {"items.csv", "subject_name", "subject_nme",
     "items.csv:4:7 (role): 'subject_nme' is not one of "
     "subject|subject_name|related; did you mean 'subject_name'?"},
    {"elements.csv", "resident_id,4,", "resident_id,5,",
     "elements.csv:7:10 (grade): '5' must be a whole number in 1..4"},
    {"elements.csv", "E2,permit_no", "E 2,permit_no",
     "elements.csv:3:1 (code): 'E 2' may hold only letters, digits"},
    {"resources.csv", "2024-06-01", "2024/6/1", "resources.csv:2:14 (published): '2024/6/1' is not a date"},
    {"resources.csv", "2024-06-01", "2024-02-30",
     "resources.csv:2:14 (published): '2024-02-30' is not a date"},
    /* pack.json */
    {"pack.json", "\"1.0.0\"", "\"1.0\"", "pack.json:3:3 (version): version '1.0' must be three numbers"},
    {"pack.json", "\"permits\"", "\"Permits\"",
     "pack.json:2:3 (name): pack name 'Permits' must start with a small letter"},
    {"pack.json", "\"version\"", "\"verzion\"",
     "pack.json:3:3 (verzion): there is no field 'verzion' -> version"},
    {"pack.json", "\"version\"", "\"verzion\"", "pack.json (version): field 'version' is missing"},
    {"pack.json", "{\"zh\": \"许可\", \"en\": \"Permits\"}", "\"Permits\"",
     "pack.json:4:3 (title): field 'title' must be of the form {\"zh\": \"...\", \"en\": \"...\"}"},
    {"pack.json", "\"1.0.0\",", "\"1.0.0\"", "pack.json:4: not a valid JSON object: "},
    {"pack.json", "\"1.0.0\",", "\"1.0.0\", \"needs\": [\"core\"],",
     "pack.json:3:23 (needs): the needed pack core is not loaded"},
    /* elements */
    {"elements.csv", "E2,permit_no", "E1,permit_no",
     "elements.csv:3:1 (code): element code 'E1' occurs twice"},
    {"elements.csv", "E7,holder_name", "E7,day", "elements.csv:8:2 (name): element name 'day' occurs twice"},
    {"elements.csv", "Permit number,text", "Permit number,string",
     "elements.csv:3:5 (type): there is no type 'string'"},
    {"elements.csv", "\"decimal(18,2)\"", "\"decimal(39,2)\"",
     "elements.csv:6:5 (type): there is no type 'decimal(39,2)'"},
    {"elements.csv", "date,,,,1900", "date,10,,,1900",
     "elements.csv:5:6 (length): an element of type date has no 'length'"},
    {"elements.csv", "PERMIT_KIND", "PERMIT_KIN",
     "elements.csv:4:8 (code_table): there is no code table 'PERMIT_KIN'; did you mean 'PERMIT_KIND'?"},
    {"elements.csv", "code,,,PERMIT_KIND", "code,,,",
     "elements.csv:4:8 (code_table): an element of type code needs its code_table"},
    {"elements.csv", "identifier,18,,,uscc", "identifier,18,,,usc",
     "elements.csv:2:9 (check): an element of type identifier needs its check"},
    {"elements.csv", "1900-01-01..2100-12-31", "1900-01-01..sometime",
     "elements.csv:5:9 (check): range '1900-01-01..sometime' must be"},
    {"elements.csv", "1900-01-01..2100-12-31", "2100-01-01..1900-12-31",
     "elements.csv:5:9 (check): range '2100-01-01..1900-12-31' has its minimum above"},
    {"elements.csv", "text,40,[A-Z0-9-]+,,,1,,", "text,40,,,,1,元,",
     "elements.csv:3:11 (unit): an element of type text has no 'unit'"},
    /* code tables */
    {"codes/PERMIT_KIND.csv", "2,特许", "1,特许", "codes/PERMIT_KIND.csv:3:1 (code): code '1' occurs twice"},
    {"codes/PERMIT_KIND.csv", "Franchise one,2", "Franchise one,3",
     "codes/PERMIT_KIND.csv:4:4 (parent): parent '3' is not in this code table"},
    {"codes/PERMIT_KIND.csv", "Franchise,,", "Franchise,21,",
     "codes/PERMIT_KIND.csv:3:4 (parent): code '2' comes back to itself through its parent '21'"},
    {"codes/PERMIT_KIND.csv", "historical", "historic",
     "codes/PERMIT_KIND.csv:5:5 (status): 'historic' is not one of active|historical"},
    {"codes/PERMIT_KIND.csv", "General,,,一般|普通许可", "General,,,一般|2",
     "codes/PERMIT_KIND.csv:2:6 (synonyms): warning: synonym '2' also means another code"},
    /* organisations */
    {"organisations.csv", "JA001,", "JA000,",
     "organisations.csv:3:1 (code): organisation code 'JA000' occurs twice"},
    {"organisations.csv", "360802", "360899",
     "organisations.csv:4:4 (region): code table REGION has no '360899'"},
    {"organisations.csv", ",JA000,source,\nJZ", ",JA009,source,\nJZ",
     "organisations.csv:3:5 (parent): there is no organisation 'JA009'; did you mean 'JA000'?"},
    {"organisations.csv", "360800,,source", "360800,JA001,source",
     "organisations.csv:2:5 (parent): organisation 'JA000' comes back to itself through its parent 'JA001'"},
    {"organisations.csv", "consumer,", "consumer,91360800MA35JDKC1X",
     "organisations.csv:5:7 (uscc): credit code '91360800MA35JDKC1X' is not valid"},
    /* resources */
    {"resources.csv", "308001/00001", "40800100001",
     "resources.csv:2:2 (code): resource code '40800100001' is wrong from character 12"},
    {"resources.csv", "308001/00001", "408001/00001",
     "resources.csv:2:2 (code): resource code '408001/00001' is wrong from character 1"},
    {"resources.csv", "308001/00002", "308001/00001",
     "resources.csv:3:2 (code): resource code '308001/00001' occurs twice"},
    {"resources.csv", "行政许可信息,JA001", "行政许可信息,BK001",
     "resources.csv:2:4 (provider): organisation 'BK001' is a consumer and cannot provide data"},
    {"resources.csv", "3,2,依法履职", "3,2,",
     "resources.csv:2:8 (share_condition): sharing on conditions (2) needs share_condition"},
    {"resources.csv", "3,2,依法履职", "4,2,依法履职",
     "resources.csv:2:6 (format): code table RES_FORMAT has no '4'"},
    {"resources.csv", "1,0,,2,,2024", "1,2,,2,,2024",
     "resources.csv:2:11 (open_condition): opening on conditions (2) needs"},
    {"resources.csv", "2024-06-01,inspection", "2024-06-01,inspections",
     "resources.csv:2:15 (related): there is no resource 'inspections'; did you mean 'inspection'?"},
    {"resources.csv", "50,any", "50,none", "resources.csv:2:19 (subject_kind): an item has role subject"},
    {"resources.csv", "snapshot,,none", "snapshot,,person",
     "resources.csv:3:19 (subject_kind): the subject kind is person, but no item has role subject"},
    {"resources.csv", "0,,2,,2024", "0,,2,2,2024",
     "resources.csv:2:13 (grade): grade 2 is below the highest of its items, 4"},
    {"resources.csv", "inspection,308001", "permit,308001",
     "resources.csv:3:1 (name): resource name 'permit' occurs twice"},
    /* items */
    {"items.csv", "permit,holder,uscc", "permit,holder,usc",
     "items.csv:3:3 (element): there is no element 'usc'; did you mean 'uscc'?"},
    {"items.csv", "permit,holder,uscc", "permits,holder,uscc",
     "items.csv:3:1 (resource): resources.csv of this pack has no 'permits' -> permit"},
    {"items.csv", "permit,holder,uscc", "permit,permit_no,uscc",
     "items.csv:3:2 (item): item 'permit_no' occurs twice in resource permit"},
    {"items.csv", "permit_no,permit_no,,,1", "permit_no,permit_no,,N,1",
     "items.csv:2:5 (required): an item of the key is required"},
    {"items.csv", "permit_no,,,2", "permit_no,,,3",
     "items.csv (key): the key of resource inspection lacks position 2"},
    {"items.csv", "permit_no,,,2", "permit_no,,,1",
     "items.csv:11:6 (key): key position 1 is taken by item inspection_no"},
    {"items.csv", "permit_no,permit_no,,,1", "permit_no,permit_no,,,",
     "resources.csv:2: resource 'permit' has no key"},
    {"items.csv", "related,legal_representative", "related,",
     "items.csv:9:8 (relation): role related needs its relation"},
    {"items.csv", "permit,valid_from,day,有效期自,,,", "permit,valid_from,day,有效期自,,,subject",
     "items.csv:6:7 (role): element day has type date and cannot identify a subject"},
    {"items.csv", "permit,fee,fee,,,,,,,,3", "permit,fee,fee,,,,,,,,1",
     "items.csv:8:11 (grade): grade 1 is below that of element fee, 2"},
    {"items.csv", "permit_kind,,Y,,,,,,,1", "permit_kind,,Y,,,,,,,7",
     "items.csv:5:12 (default): code table PERMIT_KIND has no '7'"},
    {"items.csv", "有效期至,,,,,,,,", "有效期至,,,,,,,,soon",
     "items.csv:7:12 (default): default 'soon' is no value of element day"},
    {"items.csv", "permit.permit_no", "permit.number",
     "items.csv:11:10 (references): resource permit has no item 'number'"},
    {"items.csv", "permit.permit_no", "permit",
     "items.csv:11:10 (references): a reference is written resource.item"},
    {"items.csv", "permit.permit_no", "permit.fee",
     "items.csv:11:10 (references): the item referred to has type decimal, this one text"},
    /* mappings */
    {"mappings/permit.csv", "信用代码,holder", "信用代码,holdr",
     "mappings/permit.csv:3:2 (item): resource permit has no item 'holdr' -> holder"},
    {"mappings/permit.csv", "类别,kind", "类别,holder",
     "mappings/permit.csv:5:2 (item): item 'holder' is filled twice"},
    {"mappings/permit.csv", "date,", "dat,",
     "mappings/permit.csv:7:3 (transform): there is no transform 'dat' -> date"},
    {"mappings/permit.csv", "date,", "company,",
     "mappings/permit.csv:7:3 (transform): transform company cannot fill element day (type date)"},
    {"mappings/permit.csv", "unit=万元", "unit=万",
     "mappings/permit.csv:8:4 (arguments): argument unit has the wrong value"},
    {"mappings/permit.csv", "unit=万元", "units=万元",
     "mappings/permit.csv:8:4 (arguments): transform amount has no argument units"},
    {"mappings/permit.csv", "类别,kind,,", ",kind,,",
     "mappings/permit.csv:5:1 (source): 'source' must not be empty"},
    {"mappings/permit.csv", "类别,kind,,", "类别||,kind,,",
     "mappings/permit.csv:5:1 (source): '类别||' holds an empty or impossible column"},
    {"mappings/permit.csv", "类别,kind,,", ",kind,constant,",
     "mappings/permit.csv:5:4 (arguments): transform constant needs the argument value"},
    {"mappings/permit.csv", "信用代码,holder,,null=无|-\n", "",
     "mappings/permit.csv: the required item 'holder' has neither"},
    {"mappings/permit.old.csv", "#1", "#0",
     "mappings/permit.old.csv:2:1 (source): '#0' holds an empty or impossible column"},
    {"mappings/permit.old.csv", "authority=91;", "",
     "mappings/permit.old.csv:3:4 (arguments): transform uscc_from_org_code needs the argument authority"},
    /* checks */
    {"checks.csv", "permit,in_order", "permitt,in_order",
     "checks.csv:2:1 (resource): this pack has no resource 'permitt' -> permit"},
    {"checks.csv", "permit,fee_known", "permit,in_order",
     "checks.csv:3:2 (name): check 'in_order' occurs twice in resource permit"},
    {"checks.csv", "valid_to >= valid_from", "(valid_to >= valid_from",
     "checks.csv:2:4 (predicate): ( in the predicate has no counterpart"},
    {"checks.csv", "valid_to >= valid_from", "true; DROP TABLE x",
     "checks.csv:2:4 (predicate): ; in the predicate has no counterpart"},
    {"checks.csv", "consistency", "consistent",
     "checks.csv:2:7 (dimension): 'consistent' is not one of conformity|"},
    {"views/permits_by_kind.sql", "SELECT kind, count(*) AS n FROM permit GROUP BY kind", "",
     "views/permits_by_kind.sql: the view is empty"},
};

static bool has_line(const char *text, const char *start)
{
    for (const char *line = text; line; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
        if (strncmp(line, start, strlen(start)) == 0)
            return true;
    return false;
}

static void test_every_fault_is_reported_where_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < LL_COUNT(bad); i++) {
        struct files f;
        struct ll_pack *p = NULL;
        char *text;

        files_good(&f);
        files_edit(&f, bad[i].file, bad[i].from, bad[i].to);
        int rc = files_parse(&f, NULL, NULL, &p, &text);
        bool warning = strstr(bad[i].want, "warning: ") != NULL;
        if (!has_line(text, bad[i].want) || (rc == LL_OK) != warning)
            fail_msg("wanted (rc %d) a line that starts\n  %s\nand got\n%s", rc, bad[i].want, text);
        free(text);
        ll_pack_free(p);
        files_free(&f);
    }
}

static void test_files_that_are_missing_or_misnamed(void **state)
{
    static const struct {
        const char *path, *want;
    } files[] = {
        {"codes/sex.csv", "codes/sex.csv: the file of a code table is named in capital letters"},
        {"mappings/permits.csv", "mappings/permits.csv: this pack has no resource 'permits' -> permit"},
        {"mappings/permit.V2.csv",
         "mappings/permit.V2.csv: the file must be named RESOURCE.csv or RESOURCE.VARIANT.csv"},
        {"mappings/inspection.old.csv", "mappings: resource inspection has variant mappings only"},
        {"views/permit.sql", "views/permit.sql: view 'permit' has the name of a resource"},
        {"views/Bad.sql", "views/Bad.sql: view name 'Bad' must start with a small letter"},
    };

    (void)state;
    for (size_t i = 0; i < LL_COUNT(files); i++) {
        struct files f;
        struct ll_pack *p = NULL;
        char *text;

        files_good(&f);
        files_put(&f, files[i].path,
                  ll_str_ends(ll_str(files[i].path), LL_STR(".sql")) ? "SELECT 1\n" : "source,item\n");
        assert_int_equal(files_parse(&f, NULL, NULL, &p, &text), LL_INVALID);
        if (!has_line(text, files[i].want))
            fail_msg("wanted a line that starts\n  %s\nand got\n%s", files[i].want, text);
        free(text);
        files_free(&f);
    }
}

static void test_dates_and_relations_name_items_that_can_say_them(void **state)
{
    static const struct {
        const char *path, *text, *want; /* want NULL: it is fine */
    } files[] = {
        {"timeline.csv",
         "resource,item,precision,kind,what,what_en,shows,tone,basis\npermit,valid_from,day,permit,许可,permit,kind|fee,good,own\n",
         NULL},
        {"warning_rules.csv",
         "rule,resource,event,item,level,title,title_en,basis,source\nfee,permit,new|change,fee,red,费用,fee,own,x\n",
         "warning_rules.csv:2:3 (event): 'change' is not one of"},
        {"warning_rules.csv",
         "rule,resource,event,item,level,title,title_en,basis,source\nfee,permit,new,fees,red,费用,fee,own,x\n",
         "warning_rules.csv:2:4 (item): resource permit has no item 'fees'"},
        {"warning_rules.csv",
         "rule,resource,list,event,level,title,title_en,basis,source\nfee,permit,red,listed,rod,费用,fee,own,x\n",
         "warning_rules.csv:2:3 (list): a rule is about a resource or about a list"},
        {"warning_rules.csv",
         "rule,event,values,level,title,title_en,basis,source\nfee,any,1|2,rod,费用,fee,own,x\n",
         "warning_rules.csv:2:4 (level): 'rod' is not one of"},
        {"timeline.csv", "resource,item,kind,what,what_en,basis\npermits,valid_from,permit,许可,permit,own\n",
         "timeline.csv:2:1 (resource): there is no resource 'permits'; did you mean 'permit'?"},
        {"timeline.csv", "resource,item,kind,what,what_en,basis\npermit,fee,permit,许可,permit,own\n",
         "timeline.csv:2:2 (item): item fee is no date"},
        {"timeline.csv",
         "resource,item,kind,what,what_en,shows,basis\npermit,valid_from,permit,许可,permit,fee|fees,own\n",
         "timeline.csv:2:6 (shows): resource permit has no item 'fees'"},
        {"timeline.csv", "resource,item,kind,what,what_en,basis\npermit,valid_from,licence,许可,permit,own\n",
         "timeline.csv:2:3 (kind): 'licence' is not one of"},
        {"relations.csv",
         "relation,resource,from,from_is,from_is_en,to,to_is,to_is_en,basis\nx,permit,fee,甲,a,holder,乙,b,own\n",
         "relations.csv:2:3 (from): item fee must have role subject or related"},
        {"relations.csv",
         "relation,resource,from,from_is,from_is_en,to,to_is,to_is_en,basis\nx,permit,holder,甲,a,holder,乙,b,own\n",
         "relations.csv:2:6 (to): both sides of a relation are the same item"},
        {"relations.csv",
         "relation,resource,from,from_is,from_is_en,to,to_is,to_is_en,basis\nx,permit,nobody,甲,a,holder,乙,b,own\n",
         "relations.csv:2:3 (from): resource permit has no item 'nobody'"},
    };

    (void)state;
    for (size_t i = 0; i < LL_COUNT(files); i++) {
        struct files f;
        struct ll_pack *p = NULL;
        char *text;

        files_good(&f);
        files_put(&f, files[i].path, files[i].text);
        assert_int_equal(files_parse(&f, NULL, NULL, &p, &text), files[i].want ? LL_INVALID : LL_OK);
        if (files[i].want && !has_line(text, files[i].want))
            fail_msg("wanted a line that starts\n  %s\nand got\n%s", files[i].want, text);
        free(text);
        ll_pack_free(p);
        files_free(&f);
    }
}

/* As when a pack is loaded before the one that it needs. */
static void test_a_date_without_its_element_is_told_at_the_item(void **state)
{
    struct files f;
    struct ll_pack *p = NULL;
    char *text;
    (void)state;

    files_good(&f);
    files_put(&f, "timeline.csv",
              "resource,item,kind,what,what_en,basis\npermit,valid_from,permit,许可,permit,own\n");
    files_edit(&f, "items.csv", "permit,valid_from,day", "permit,valid_from,dai");
    assert_int_equal(files_parse(&f, NULL, NULL, &p, &text), LL_INVALID);
    assert_non_null(strstr(text, "items.csv:"));
    assert_null(strstr(text, "timeline.csv:"));
    free(text);
    files_free(&f);
}

static void test_all_faults_are_told_at_once_in_order(void **state)
{
    struct files f;
    struct ll_pack *p = NULL;
    char *text;
    (void)state;

    files_good(&f);
    files_edit(&f, "items.csv", "permit,holder,uscc", "permit,holder,usc");
    files_edit(&f, "items.csv", "subject_name", "subject_nme");
    files_edit(&f, "elements.csv", "Permit number,text", "Permit number,string");
    files_edit(&f, "checks.csv", "consistency", "consistent");
    assert_int_equal(files_parse(&f, NULL, NULL, &p, &text), LL_INVALID);
    const char *a = strstr(text, "checks.csv:2:7"), *b = strstr(text, "elements.csv:3:5"),
               *c = strstr(text, "items.csv:3:3"), *d = strstr(text, "items.csv:4:7");
    assert_true(a && b && c && d && a < b && b < c && c < d);
    free(text);
    files_free(&f);
}

static void test_notes_blank_rows_bom_and_column_order_are_fine(void **state)
{
    struct files f;
    (void)state;

    files_good(&f);
    files_put(&f, "codes/PERMIT_KIND.csv", "\xef\xbb\xbf#note,title,code\r\nx, 普通 ,1\r\n,,\r\n,特许,2\r\n");
    struct ll_pack *p = files_pack(&f, NULL);
    assert_int_equal(p->tables[0].n, 2);
    assert_string_equal(p->tables[0].rows[0].title, "普通");
    ll_pack_free(p);
    files_free(&f);
}

/* --- hooks ------------------------------------------------------------------------------------------------------ */

static int only_known_items(void *ctx, const struct ll_resource *r, const char *sql, struct ll_err *err)
{
    (void)r;
    ++*(int *)ctx;
    return strstr(sql, "valid_too") ? ll_fail(err, LL_INVALID, "没有 valid_too", "no valid_too") : LL_OK;
}

static void test_predicates_go_through_the_hook(void **state)
{
    int calls = 0;
    struct ll_pack_hooks hooks = {.ctx = &calls, .predicate = only_known_items};
    struct files f;
    struct ll_pack *p = NULL;
    char *text;
    (void)state;

    files_good(&f);
    files_edit(&f, "checks.csv", "valid_to >=", "valid_too >=");
    assert_int_equal(files_parse(&f, NULL, &hooks, &p, &text), LL_INVALID);
    assert_int_equal(calls, 2);
    assert_true(has_line(text, "checks.csv:2:4 (predicate): no valid_too"));
    free(text);
    files_free(&f);
}

/* --- several packs ------------------------------------------------------------------------------------------------ */

static struct ll_catalog *catalog_of(struct ll_pack *p)
{
    const struct ll_pack *list[] = {p};
    struct ll_catalog *cat = NULL;
    struct ll_err err;

    assert_ok(ll_catalog_of_packs(NULL, list, 1, &cat, &err));
    return cat;
}

static const char *other_pack(const char *needs)
{
    static char text[256];

    snprintf(text, sizeof text,
             "{\"name\": \"other\", \"version\": \"1.0.0\", \"title\": {\"zh\": \"别的\"}%s%s}",
             needs[0] ? ", \"needs\": " : "", needs);
    return text;
}

static void test_other_packs_are_referred_to_only_when_needed(void **state)
{
    struct files base, f;
    struct ll_pack *other = NULL;
    char *text;
    (void)state;

    files_good(&base);
    struct ll_pack *p = files_pack(&base, NULL);
    struct ll_catalog *cat = catalog_of(p);
    files_start(&f);
    files_put(&f, "pack.json", other_pack(""));
    files_put(&f, "organisations.csv", "code,name,role,parent\nX1,某局,source,JA000\n");
    files_put(&f, "elements.csv", "code,name,title,type,grade,basis\nE1,other_no,编号,text,1,own\n");
    assert_int_equal(files_parse(&f, cat, NULL, &other, &text), LL_INVALID);
    assert_true(has_line(
        text,
        "organisations.csv:2:4 (parent): organisation 'JA000' is in pack permits; add permits to needs"));
    assert_true(has_line(text, "elements.csv:2:1 (code): element code 'E1' is taken by pack permits"));
    free(text);
    files_put(&f, "pack.json", other_pack("[\"permits\"]"));
    files_put(&f, "elements.csv", "code,name,title,type,grade,basis\nX1,other_no,编号,text,1,own\n");
    other = files_pack(&f, cat);
    ll_pack_free(other);
    ll_catalog_unref(cat);
    ll_pack_free(p);
    files_free(&base);
    files_free(&f);
}

static void test_a_pack_adds_codes_to_a_needed_packs_table(void **state)
{
    struct files base, f;
    struct ll_pack *other = NULL;
    struct ll_catalog *wider = NULL;
    struct ll_err err;
    char *text;
    (void)state;

    files_good(&base);
    struct ll_pack *p = files_pack(&base, NULL);
    struct ll_catalog *cat = catalog_of(p);
    files_start(&f);
    files_put(&f, "pack.json", other_pack("[\"permits\"]"));
    files_put(&f, "codes/PERMIT_KIND.csv", "code,title,parent,synonyms\n22,特许之二,2,二类\n21,重复,2,\n");
    assert_int_equal(files_parse(&f, cat, NULL, &other, &text), LL_INVALID);
    assert_true(has_line(
        text, "codes/PERMIT_KIND.csv:3:1 (code): code '21' is already in table PERMIT_KIND of another pack"));
    free(text);
    files_put(&f, "codes/PERMIT_KIND.csv", "code,title,parent,synonyms\n22,特许之二,2,二类\n");
    other = files_pack(&f, cat);
    const struct ll_pack *list[] = {other};
    assert_ok(ll_catalog_of_packs(cat, list, 1, &wider, &err));
    const struct ll_codes *codes = ll_catalog_codes(wider, LL_STR("PERMIT_KIND"));
    assert_int_equal(codes->n_parts, 2);
    assert_int_equal(ll_codeset_size(codes->set), 5);
    assert_str(ll_codeset_resolve(codes->set, LL_STR("二类"))->code, "22");
    assert_str(ll_codeset_resolve(codes->set, LL_STR("一般"))->code, "1");
    assert_int_equal(ll_codeset_size(ll_catalog_codeset(cat, LL_STR("PERMIT_KIND"))), 4);
    ll_catalog_unref(wider);
    ll_pack_free(other);
    ll_catalog_unref(cat);
    ll_pack_free(p);
    files_free(&base);
    files_free(&f);
}

/* --- folders ---------------------------------------------------------------------------------------------------- */

static void write_file(const char *dir, const char *path, const char *text)
{
    char full[256];
    struct ll_err err;

    snprintf(full, sizeof full, "%s/%s", dir, path);
    *strrchr(full, '/') = 0;
    assert_ok(ll_fs_mkdirs(full, &err));
    snprintf(full, sizeof full, "%s/%s", dir, path);
    assert_ok(ll_fs_write_atomic(full, ll_str(text), &err));
}

static void test_a_folder_is_read_with_the_packs_beside_it(void **state)
{
    char dir[] = "/tmp/luling-packs-XXXXXX", path[128], link[160];
    struct ll_problems *ps = ll_problems_new(0);
    struct ll_catalog *known = NULL;
    struct ll_pack *p = NULL;
    struct ll_buf text = LL_BUF_INIT(65536);
    struct ll_err err;
    struct files f;
    (void)state;

    assert_non_null(mkdtemp(dir));
    files_good(&f);
    snprintf(path, sizeof path, "%s/permits", dir);
    for (size_t i = 0; i < f.n; i++)
        write_file(path, f.list[i].path, f.list[i].text.p);
    snprintf(path, sizeof path, "%s/other", dir);
    write_file(path, "pack.json", other_pack("[\"permits\"]"));
    write_file(path, "organisations.csv", "code,name,role,parent\nX1,某局,source,JA000\n");
    write_file(path, "organisation.csv", "code\n");
    write_file(path, "notes/a.txt", "x");
    write_file(path, "README.md", "x");
    snprintf(link, sizeof link, "%s/items.csv", path);
    assert_int_equal(symlink("/etc/passwd", link), 0);
    assert_ok(ll_pack_read_beside(path, NULL, NULL, ps, &p, &known, &err));
    assert_int_equal(p->n_organisations, 1);
    assert_non_null(ll_catalog_pack(known, LL_STR("permits")));
    ll_problems_text(ps, LL_EN, &text);
    assert_string_equal(
        ll_buf_view(&text).p,
        "items.csv: warning: a link, not read; put the file itself there\n"
        "notes: warning: not a file of a pack, not read\n"
        "organisation.csv: warning: not a file of a pack, not read; did you mean organisations.csv?\n");
    ll_pack_free(p);
    ll_catalog_unref(known);
    ll_buf_free(&text);
    ll_problems_free(ps);
    assert_ok(ll_fs_remove_tree(dir, &err));
    files_free(&f);
}

static void test_a_file_that_is_there_twice(void **state)
{
    static const char *const paths[] = {"views/permits_by_kind.sql", "codes/PERMIT_KIND.csv"};
    struct files f;
    (void)state;

    for (size_t i = 0; i < LL_COUNT(paths); i++) {
        struct ll_pack *p = NULL;
        char *report = NULL, want[80];
        files_good(&f);
        for (size_t k = 0; k < f.n; k++)
            if (strcmp(f.list[k].path, paths[i]) == 0) {
                f.list[f.n] = (struct ll_pack_file){strdup(paths[i]), ll_str(strdup(f.list[k].text.p))};
                f.n++;
                break;
            }
        assert_int_equal(files_parse(&f, NULL, NULL, &p, &report), LL_INVALID);
        snprintf(want, sizeof want, "%s: the file is there twice", paths[i]);
        assert_non_null(strstr(report, want));
        free(report);
        files_free(&f);
    }
}

static void test_a_folder_that_is_not_there(void **state)
{
    struct ll_problems *ps = ll_problems_new(0);
    struct ll_pack *p = NULL;
    struct ll_err err;
    (void)state;

    assert_int_equal(ll_pack_read("/nowhere/at/all", NULL, NULL, ps, &p, &err), LL_NOTFOUND);
    assert_null(p);
    ll_problems_free(ps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_good_pack_is_read_whole),
        cmocka_unit_test(test_a_resource_without_mapping_gets_the_templates),
        cmocka_unit_test(test_every_fault_is_reported_where_it_is),
        cmocka_unit_test(test_files_that_are_missing_or_misnamed),
        cmocka_unit_test(test_dates_and_relations_name_items_that_can_say_them),
        cmocka_unit_test(test_a_date_without_its_element_is_told_at_the_item),
        cmocka_unit_test(test_all_faults_are_told_at_once_in_order),
        cmocka_unit_test(test_notes_blank_rows_bom_and_column_order_are_fine),
        cmocka_unit_test(test_predicates_go_through_the_hook),
        cmocka_unit_test(test_other_packs_are_referred_to_only_when_needed),
        cmocka_unit_test(test_a_pack_adds_codes_to_a_needed_packs_table),
        cmocka_unit_test(test_a_folder_is_read_with_the_packs_beside_it),
        cmocka_unit_test(test_a_file_that_is_there_twice),
        cmocka_unit_test(test_a_folder_that_is_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
