/* A pack's pages.json from anyone, beside a pack that is right: whatever the file holds, reading it ends with pages or with problems that
 * have a place in the file and both texts; pages that were read go through the catalogue and come back the same. */
#include "base/err.h"
#include "catalog/pack_diff.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One resource, two services over it: a list with parameters, and sums. */
static const struct {
    const char *path, *text;
} around[] = {
    {"pack.json",
     "{\"name\":\"permits\",\"version\":\"1.0.0\",\"title\":{\"zh\":\"许可\",\"en\":\"Permits\"}}"},
    {"codes/REGION.csv", "code,title\n360800,吉安市\n"},
    {"codes/RES_FORMAT.csv", "code,title\n2,电子表格\n3,数据库\n"},
    {"codes/SHARE_MODE.csv", "code,title\n1,接口\n"},
    {"codes/UPDATE_CYCLE.csv", "code,title\n2,每日\n"},
    {"elements.csv",
     "code,name,title,title_en,type,length,format,code_table,check,grade,unit,synonyms,basis\n"
     "E1,permit_no,编号,Number,text,40,,,,1,,,own\n"
     "E2,day,日期,Date,date,,,,,1,,,own\n"
     "E3,fee,费用,Fee,\"decimal(18,2)\",,,,,1,元,,own\n"
     "E4,region,区划,Region,code,,,REGION,,1,,,own\n"},
    {"organisations.csv", "code,name,name_en,region,parent,role,uscc\nJA001,审批局,,360800,,source,\n"},
    {"resources.csv",
     "name,code,title,provider,summary,format,share_type,share_condition,share_mode,open,open_condition,update_"
     "cycle,grade,published,related,version,mode,change_limit,subject_kind,keywords,scenario\n"
     "permit,308001/00001,行政许可,JA001,行政许可决定,3,1,,1,0,,2,,2024-06-01,,1,increment,50,none,,\n"},
    {"items.csv", "resource,item,element,title,required,key,role,relation,unique,references,grade,default\n"
                  "permit,permit_no,permit_no,,,1,,,,,,\n"
                  "permit,valid_to,day,,,,,,,,,\n"
                  "permit,region,region,,,,,,,,,\n"
                  "permit,fee,fee,,,,,,,,,\n"},
    {"mappings/permit.csv",
     "source,item,transform,arguments\n编号,permit_no,,\n日期,valid_to,,\n区划,region,,\n费用,fee,,\n"},
    {"services.csv", "name,version,title,title_en,summary,summary_en,view,row_limit,time_limit,callable\n"
                     "permits,1,许可,Permits,,,permits,200,5000,Y\n"
                     "fees,1,费用,Fees,,,fees,200,5000,N\n"},
    {"service_items.csv", "service,name,use,from,rests_on,element,title,title_en,required,default,min,max\n"
                          "permits,permit_no,output,permit.permit_no,,,,,,,,\n"
                          "permits,valid_to,output,permit.valid_to,,,,,,,,\n"
                          "permits,region,output,permit.region,,,,,,,,\n"
                          "permits,county,parameter,,,region,区县,County,,,,\n"
                          "fees,region,output,permit.region,,,,,,,,\n"
                          "fees,total,output,,permit.fee,fee,,,,,,\n"
                          "fees,,input,permit.fee,,,,,,,,\n"},
    {"views/permits.sql",
     "SELECT permit_no, valid_to, region FROM permit WHERE $county IS NULL OR region = $county"},
    {"views/fees.sql", "SELECT region, sum(fee) AS total FROM permit GROUP BY region"},
};

static void check_problems(const struct ll_problems *ps)
{
    for (size_t i = 0; i < ll_problems_kept(ps); i++) {
        const struct ll_problem *p = ll_problems_at(ps, i);
        LL_ASSERT(p->at.file && p->zh[0] && p->en[0]);
        LL_ASSERT(strcmp(p->at.file, "pages.json") == 0); /* all else is right */
    }
}

static void check_pages(const struct ll_pack *p)
{
    for (size_t i = 0; i < p->n_pages; i++) {
        json_t *body = json_loads(p->pages[i].body, 0, NULL);
        LL_ASSERT(json_is_object(body) && p->pages[i].key && p->pages[i].name);
        json_decref(body);
    }
}

static void check_pack(struct ll_pack *p)
{
    const struct ll_pack *list[] = {p};
    struct ll_catalog *cat = NULL;
    struct ll_pack *loaded = NULL;
    struct ll_diff *d = NULL;
    struct ll_err err;

    check_pages(p);
    LL_ASSERT(ll_catalog_of_packs(NULL, list, 1, &cat, &err) == LL_OK);
    LL_ASSERT(ll_pack_loaded(cat, ll_str(p->info.name), &loaded, &err) == LL_OK);
    LL_ASSERT(ll_pack_diff(loaded, p, cat, &d, &err) == LL_OK);
    LL_ASSERT(d->n == 0);
    ll_diff_free(d);
    ll_pack_free(loaded);
    ll_catalog_unref(cat);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ll_pack_file files[LL_COUNT(around) + 1];
    struct ll_problems *ps = ll_problems_new(100);
    struct ll_pack *p = NULL;
    struct ll_err err;

    LL_ASSERT(ps != NULL);
    for (size_t i = 0; i < LL_COUNT(around); i++)
        files[i] = (struct ll_pack_file){around[i].path, ll_str(around[i].text)};
    files[LL_COUNT(around)] = (struct ll_pack_file){"pages.json", {(const char *)data, size}};
    int rc = ll_pack_parse(files, LL_COUNT(files), NULL, NULL, ps, &p, &err);
    LL_ASSERT((rc == LL_OK) == (p != NULL));
    LL_ASSERT(rc == LL_OK || (rc == LL_INVALID && ll_problems_errors(ps) > 0));
    check_problems(ps);
    if (p)
        check_pack(p);
    ll_pack_free(p);
    ll_problems_free(ps);
    return 0;
}
