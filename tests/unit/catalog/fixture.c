#include "fixture.h"

#include "base/fs.h"

#include <unistd.h>

static const struct {
    const char *path, *text;
} good[] = {
    {"checks.csv",
     "resource,name,severity,predicate,message,message_en,dimension\n"
     "permit,in_order,error,valid_to >= valid_from,有效期至早于有效期自,the permit ends before it begins,consistency\n"
     "permit,fee_known,warning,fee IS NOT NULL,费用为空,the fee is missing,completeness\n"},
    {"codes/PERMIT_KIND.csv", "code,title,title_en,parent,status,synonyms\n"
                              "1,普通,General,,,一般|普通许可\n"
                              "2,特许,Franchise,,,\n"
                              "21,特许之一,Franchise one,2,,\n"
                              "9,旧类,Old kind,,historical,\n"},
    {"codes/REGION.csv", "code,title,title_en,parent\n"
                         "360000,江西省,Jiangxi,\n"
                         "360800,吉安市,Ji'an,360000\n"
                         "360802,吉州区,Jizhou,360800\n"
                         "360803,青原区,Qingyuan,360800\n"
                         "360802001,古南街道,,360802\n"},
    {"codes/RES_FORMAT.csv", "code,title\n2,电子表格\n3,数据库\n"},
    {"codes/SHARE_MODE.csv", "code,title\n1,接口\n"},
    {"codes/UPDATE_CYCLE.csv", "code,title\n2,每日\n4,每月\n"},
    {"elements.csv",
     "code,name,title,title_en,type,length,format,code_table,check,grade,unit,synonyms,basis\n"
     "E1,uscc,统一社会信用代码,Credit code,identifier,18,,,uscc,1,,信用代码,quoted\n"
     "E2,permit_no,许可证编号,Permit number,text,40,[A-Z0-9-]+,,,1,,,own\n"
     "E3,permit_kind,许可类别,Permit kind,code,,,PERMIT_KIND,,1,,,own\n"
     "E4,day,日期,Date,date,,,,1900-01-01..2100-12-31,1,,,own\n"
     "E5,fee,费用,Fee,\"decimal(18,2)\",,,,0..,2,元,,own\n"
     "E6,person_id,公民身份号码,Resident number,identifier,,,,resident_id,4,,,quoted\n"
     "E7,holder_name,持证人名称,Holder,text,200,,,,1,,企业名称|单位名称,own\n"
     "E8,region,行政区划,Region,code,,,REGION,,1,,,quoted\n"},
    {"items.csv", "resource,item,element,title,required,key,role,relation,unique,references,grade,default\n"
                  "permit,permit_no,permit_no,,,1,,,,,,\n"
                  "permit,holder,uscc,持证人信用代码,Y,,subject,,,,,\n"
                  "permit,holder_name,holder_name,,Y,,subject_name,,,,,\n"
                  "permit,kind,permit_kind,,Y,,,,,,,1\n"
                  "permit,valid_from,day,有效期自,,,,,,,,\n"
                  "permit,valid_to,day,有效期至,,,,,,,,\n"
                  "permit,fee,fee,,,,,,,,3,\n"
                  "permit,person_id,person_id,法定代表人证件号码,,,related,legal_representative,,,,\n"
                  "inspection,inspection_no,permit_no,检查编号,,1,,,,,,\n"
                  "inspection,permit_no,permit_no,,,2,,,,permit.permit_no,,\n"
                  "inspection,inspected,day,检查日期,,,,,,,,\n"},
    {"mappings/permit.csv", "source,item,transform,arguments\n"
                            "许可证号|许可证编号,permit_no,,\n"
                            "信用代码,holder,,null=无|-\n"
                            "企业名称,holder_name,company,\n"
                            "类别,kind,,\n"
                            "有效期自,valid_from,,\n"
                            "有效期至,valid_to,date,\n"
                            "费用（万元）,fee,amount,unit=万元\n"},
    {"mappings/permit.old.csv", "source,item,transform,arguments\n"
                                "#1,permit_no,,\n"
                                "#2,holder,uscc_from_org_code,authority=91;region=360800\n"
                                "#3,holder_name,,\n"},
    {"organisations.csv", "code,name,name_en,region,parent,role,uscc\n"
                          "JA000,吉安市人民政府,,360800,,source,\n"
                          "JA001,吉安市行政审批局,,,JA000,source,\n"
                          "JZ001,吉州区市场监督管理局,,360802,JA000,source,\n"
                          "BK001,某银行,,,,consumer,\n"},
    {"pack.json", "{\n  \"name\": \"permits\",\n  \"version\": \"1.0.0\",\n"
                  "  \"title\": {\"zh\": \"许可\", \"en\": \"Permits\"}\n}\n"},
    {"resources.csv",
     "name,code,title,provider,summary,format,share_type,share_condition,share_mode,open,open_condition,update_cycle,grade,"
     "published,related,version,mode,change_limit,subject_kind,keywords,scenario\n"
     "permit,308001/00001,行政许可信息,JA001,各部门作出的行政许可决定,3,2,依法履职,1,0,,2,,2024-06-01,inspection,1,increment,"
     "50,any,双公示|许可,贷前调查|企业画像\n"
     "inspection,308001/00002,监督检查记录,JZ001,双随机检查的结果,2,1,,1,1,,4,,,permit,1,snapshot,,none,检查,企业画像\n"},
    {"views/permits_by_kind.sql", "SELECT kind, count(*) AS n FROM permit GROUP BY kind\n"},
};

void files_start(struct files *f)
{
    *f = (struct files){0};
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct ll_pack_file *)a)->path, ((const struct ll_pack_file *)b)->path);
}

static struct ll_pack_file *find(struct files *f, const char *path)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->list[i].path, path) == 0)
            return &f->list[i];
    return NULL;
}

void files_put(struct files *f, const char *path, const char *text)
{
    struct ll_pack_file *old = find(f, path);
    char *copy = strdup(text);

    assert_non_null(copy);
    if (old) {
        free((char *)old->text.p);
        old->text = ll_str(copy);
        return;
    }
    assert_true(f->n < FILES_MAX);
    f->list[f->n++] = (struct ll_pack_file){strdup(path), ll_str(copy)};
    qsort(f->list, f->n, sizeof *f->list, by_path);
}

void files_drop(struct files *f, const char *path)
{
    struct ll_pack_file *file = find(f, path);

    assert_non_null(file);
    free((char *)file->path);
    free((char *)file->text.p);
    memmove(file, file + 1, (size_t)(f->list + f->n - file - 1) * sizeof *file);
    f->n--;
}

void files_edit(struct files *f, const char *path, const char *from, const char *to)
{
    struct ll_pack_file *file = find(f, path);
    const char *at = file ? strstr(file->text.p, from) : NULL;

    if (!file || !at) {
        fail_msg("'%s' is not in %s", from, path);
        return;
    }
    size_t head = (size_t)(at - file->text.p), n = file->text.n - strlen(from) + strlen(to);
    char *text = malloc(n + 1);
    assert_non_null(text);
    snprintf(text, n + 1, "%.*s%s%s", (int)head, file->text.p, to, at + strlen(from));
    files_put(f, path, text);
    free(text);
}

void files_good(struct files *f)
{
    files_start(f);
    for (size_t i = 0; i < LL_COUNT(good); i++)
        files_put(f, good[i].path, good[i].text);
}

void files_free(struct files *f)
{
    while (f->n)
        files_drop(f, f->list[0].path);
}

static char *text_of(const struct ll_problems *ps)
{
    struct ll_buf out = LL_BUF_INIT(1 << 20);

    ll_problems_text(ps, LL_EN, &out);
    char *text = strdup(ll_buf_view(&out).p);
    ll_buf_free(&out);
    return text;
}

int files_parse(const struct files *f, struct ll_catalog *known, const struct ll_pack_hooks *hooks,
                struct ll_pack **ret, char **ret_text)
{
    struct ll_problems *ps = ll_problems_new(0);
    struct ll_err err;

    assert_non_null(ps);
    int rc = ll_pack_parse(f->list, f->n, known, hooks, ps, ret, &err);
    if (ret_text)
        *ret_text = text_of(ps);
    ll_problems_free(ps);
    return rc;
}

struct ll_pack *files_pack(const struct files *f, struct ll_catalog *known)
{
    struct ll_pack *p = NULL;
    char *text;

    if (files_parse(f, known, NULL, &p, &text) < 0)
        fail_msg("the pack has problems:\n%s", text);
    free(text);
    return p;
}

void scratch_open(struct scratch *s)
{
    struct ll_store_opts o = LL_STORE_OPTS_INIT;
    struct ll_err err;
    char path[128];

    strcpy(s->dir, "/tmp/luling-catalog-XXXXXX");
    assert_non_null(mkdtemp(s->dir));
    snprintf(path, sizeof path, "%s/luling.db", s->dir);
    o.path = path;
    assert_ok(ll_store_open(&s->st, &o, &err));
}

void scratch_close(struct scratch *s)
{
    struct ll_err err;

    ll_store_close(s->st);
    assert_ok(ll_fs_remove_tree(s->dir, &err));
}

struct ll_catalog *scratch_catalog(struct scratch *s)
{
    struct ll_catalog *cat = NULL;
    struct ll_err err;

    assert_ok(ll_catalog_load(s->st, &cat, &err));
    return cat;
}

int scratch_load(struct scratch *s, const struct files *f, struct ll_load_result *result, char **breaks,
                 struct ll_err *err)
{
    struct ll_catalog *cat = scratch_catalog(s);
    struct ll_pack *p = files_pack(f, cat);
    struct ll_problems *ps = ll_problems_new(0);
    struct ll_load_result own;

    int rc = ll_pack_load(s->st, p, ps, result ? result : &own, err);
    if (breaks)
        *breaks = text_of(ps);
    ll_problems_free(ps);
    ll_pack_free(p);
    ll_catalog_unref(cat);
    return rc;
}
