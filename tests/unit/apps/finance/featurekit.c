/* featurekit.c - see featurekit.h. */
#include "featurekit.h"

const char *const firms[FIRMS] = {"91360802YL0000397L", "91360802YL000040X5", "91360802YL00004185"};

const char indicators[] =
    "indicator,title,title_en,category,type,resource,combine,value,where,date,months,missing,basis\n"
    "entries,笔数,entries,x,number,entry,count,,,,,0,own\n"
    "total,合计,total,x,number,entry,sum,amount,,day,,0,own\n"
    "recent,近一年,recent,x,number,entry,sum,amount,,day,12,0,own\n"
    "last_amount,最近一笔,last,x,number,entry,latest,amount,,day,,,own\n"
    "big,大额,big,x,number,entry,any,amount > 50,,day,,0,own\n"
    "share,近一年占比,share,x,number,,of,\"recent / nullif(total, 0)\",,,,,own\n";

void featurekit_load(struct folder *f, const char *version, const char *table)
{
    const struct ll_pack_file files[] = {
        {"elements.csv", LL_STR("code,name,title,type,length,format,check,grade,basis\n"
                                "E1,uscc,信用代码,identifier,18,,uscc,1,own\n"
                                "E2,entry_no,编号,text,20,,,1,own\n"
                                "E3,entry_day,日期,date,,,,1,own\n"
                                "E4,amount,金额,\"decimal(18,2)\",,,,3,own\n")},
        {"enterprise_fields.csv", LL_STR("field,resource,item,basis\nuscc,register,uscc,own\n")},
        {"indicators.csv", ll_str(table)},
        {"items.csv", LL_STR("resource,item,element,required,key,role\n"
                             "register,uscc,uscc,Y,1,subject\n"
                             "entry,no,entry_no,Y,1,\n"
                             "entry,uscc,uscc,Y,,subject\n"
                             "entry,day,entry_day,Y,,\n"
                             "entry,amount,amount,Y,,\n")},
        {"pack.json",
         ll_str(ll_arena_printf(f->arena,
                                "{\"name\": \"entries\", \"version\": \"%s\", \"title\": {\"zh\": \"流水\", "
                                "\"en\": \"entries\"}, \"needs\": [\"firms\"]}",
                                version))},
        {"resources.csv",
         LL_STR(
             "name,code,title,provider,summary,format,share_type,share_condition,open,update_cycle,version,mode,change_limit,"
             "subject_kind\n"
             "register,3081001/00011,登记,O1,登记,2,1,,0,4,1,snapshot,100,enterprise\n"
             "entry,3081001/00012,流水,O1,流水,2,2,凭授权,0,4,1,increment,100,enterprise\n")},
    };

    folder_add(f, files, LL_COUNT(files));
}

const struct ll_feature_set *featurekit_set(struct folder *f, struct ll_catalog **cat, int want)
{
    const struct ll_feature_set *set = NULL;
    struct ll_txn *tx = NULL;
    struct ll_err err;

    assert_ok(ll_data_catalog(f->d, cat, &err));
    assert_ok(ll_txn_begin(ll_data_store(f->d), false, &tx, &err));
    assert_int_equal(ll_features_read(tx, *cat, f->arena, &set, &f->err), want);
    ll_txn_end(tx);
    return set;
}
