/* pack_resources.c - resources.csv: catalogue entries with their core metadata. */
#include "catalog/pack_reader.h"

#include "catalog/rescode.h"
#include "catalog/tbl/pack_columns.h"

#include <string.h>

#define X(id, name_, kind_, need_, argument_) COL_##id,
enum { LL_RESOURCE_COLUMNS(X) COL_COUNT };
#undef X
#define X(id, name_, kind_, need_, argument_) {name_, LL_CELL_##kind_, LL_NEED_##need_, argument_},
static const struct ll_pack_column columns[] = {LL_RESOURCE_COLUMNS(X)};
#undef X

enum { CHANGE_LIMIT = 30 };

static struct ll_place at(struct ll_pr *pr, const struct ll_pack_row *row, size_t column)
{
    return ll_pack_table_at(&pr->resource_table, row, column);
}

static void fill(struct ll_pr *pr, struct ll_resource *r, const char *const *cell)
{
    *r = (struct ll_resource){
        .name = cell[COL_NAME],
        .code = cell[COL_CODE],
        .title = cell[COL_TITLE],
        .title_en = cell[COL_TITLE_EN],
        .provider = cell[COL_PROVIDER],
        .summary = cell[COL_SUMMARY],
        .summary_en = cell[COL_SUMMARY_EN],
        .format = cell[COL_FORMAT],
        .share_type = cell[COL_SHARE_TYPE],
        .share_condition = cell[COL_SHARE_CONDITION],
        .share_mode = cell[COL_SHARE_MODE],
        .open = cell[COL_OPEN],
        .open_condition = cell[COL_OPEN_CONDITION],
        .update_cycle = cell[COL_UPDATE_CYCLE],
        .published = cell[COL_PUBLISHED],
        .related = cell[COL_RELATED],
        .subject_kind = cell[COL_SUBJECT_KIND],
        .keywords = cell[COL_KEYWORDS],
        .scenario = cell[COL_SCENARIO],
        .legal_basis = cell[COL_LEGAL_BASIS],
        .basis = cell[COL_BASIS],
        .pack = pr->pack->info.name,
        .grade = ll_pr_count(cell[COL_GRADE], 0),
        .version = ll_pr_count(cell[COL_VERSION], 1),
        .mode = cell[COL_MODE] && strcmp(cell[COL_MODE], "increment") == 0 ? LL_INCREMENT : LL_SNAPSHOT,
        .change_limit = ll_pr_count(cell[COL_CHANGE_LIMIT], CHANGE_LIMIT),
    };
}

static int add(struct ll_pr *pr, const struct ll_resource *r, const struct ll_pack_row *row)
{
    struct ll_place place = at(pr, row, COL_NAME);

    if (!r->name)
        return LL_OK;
    int rc = ll_index_add(&pr->resources, ll_str(r->name), r);
    if (rc < 0)
        return ll_pr_nomem(pr);
    if (rc == 0)
        ll_problem_error(pr->ps, place, "数据资源名称“%s”重复", "resource name '%s' occurs twice", r->name);
    const struct ll_resource *there = pr->known ? ll_catalog_resource(pr->known, ll_str(r->name)) : NULL;
    if (there && ll_pr_taken(pr, there->pack))
        ll_problem_error(pr->ps, place, "数据资源名称“%s”已被场景包 %s 使用",
                         "resource name '%s' is taken by pack %s", r->name, there->pack);
    return LL_OK;
}

/* Codes are unique over everything that is catalogued. */
static int check_code(struct ll_pr *pr, const struct ll_resource *r, const struct ll_pack_row *row,
                      struct ll_index *codes)
{
    struct ll_place place = at(pr, row, COL_CODE);
    struct ll_rescode parts;
    size_t bad, n = 0;

    if (!r->code)
        return LL_OK;
    if (!ll_rescode_parse(ll_str(r->code), &parts, &bad))
        ll_problem_error(
            pr->ps, place,
            "资源代码“%s”第 %zu 个字符起不对；应为 类 1 位（1 至 3）、项 2 位、目 3 位、细目、“/”、顺序码，如 3081001/00001",
            "resource code '%s' is wrong from character %zu; it is 1 digit (1 to 3), 2, 3, any "
            "letters and digits, '/', a number, like 3081001/00001",
            r->code, bad + 1);
    int rc = ll_index_add(codes, ll_str(r->code), r);
    if (rc < 0)
        return ll_pr_nomem(pr);
    if (rc == 0)
        ll_problem_error(pr->ps, place, "资源代码“%s”重复", "resource code '%s' occurs twice", r->code);
    const struct ll_resource *const *list = pr->known ? ll_catalog_resources(pr->known, &n) : NULL;
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i]->code, r->code) == 0 && ll_pr_taken(pr, list[i]->pack))
            ll_problem_error(pr->ps, place, "资源代码“%s”已被场景包 %s 的 %s 使用",
                             "resource code '%s' is taken in pack %s by %s", r->code, list[i]->pack,
                             list[i]->name);
    return LL_OK;
}

static void check_provider(struct ll_pr *pr, struct ll_resource *r, const struct ll_pack_row *row)
{
    if (!r->provider)
        return;
    const struct ll_organisation *o = ll_pr_organisation(pr, r->provider, at(pr, row, COL_PROVIDER));
    if (!o)
        return;
    r->provider_name = o->name;
    if (o->role && strcmp(o->role, "source") != 0 && strcmp(o->role, "platform") != 0)
        ll_problem_error(
            pr->ps, at(pr, row, COL_PROVIDER),
            "机构“%s”的角色是 %s，不能提供数据；提供方的角色应为 source 或 platform",
            "organisation '%s' is a %s and cannot provide data; a provider is a source or platform",
            r->provider, o->role);
}

static void check_codes(struct ll_pr *pr, const struct ll_pack_row *row)
{
    static const struct {
        size_t column;
        const char *table;
    } coded[] = {
        {COL_FORMAT, "RES_FORMAT"}, {COL_SHARE_MODE, "SHARE_MODE"}, {COL_UPDATE_CYCLE, "UPDATE_CYCLE"}};

    for (size_t i = 0; i < LL_COUNT(coded); i++)
        if (row->cell[coded[i].column])
            ll_pr_code(pr, coded[i].table, row->cell[coded[i].column], at(pr, row, coded[i].column));
}

static void check_conditions(struct ll_pr *pr, const struct ll_resource *r, const struct ll_pack_row *row)
{
    bool conditional = r->share_type && r->share_type[0] != '1';

    if (conditional && !r->share_condition)
        ll_problem_error(pr->ps, at(pr, row, COL_SHARE_CONDITION),
                         r->share_type[0] == '2' ? "有条件共享要写明共享条件"
                                                 : "不予共享要写明依据的法律、行政法规或政策",
                         r->share_type[0] == '2'
                             ? "sharing on conditions (2) needs share_condition to say which"
                             : "refusing to share (3) needs share_condition to name the law or policy");
    if (r->open && r->open[0] == '2' && !r->open_condition)
        ll_problem_error(pr->ps, at(pr, row, COL_OPEN_CONDITION), "有条件开放要写明开放条件",
                         "opening on conditions (2) needs open_condition to say which");
}

static void check_related(struct ll_pr *pr, const struct ll_resource *r, const struct ll_pack_row *row)
{
    struct ll_str one, rest = ll_str(r->related);
    char name[64];

    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        one = ll_str_trim(one);
        if (!one.n || one.n >= sizeof name)
            continue;
        memcpy(name, one.p, one.n);
        name[one.n] = 0;
        ll_pr_resource(pr, name, at(pr, row, COL_RELATED));
    }
}

int ll_pr_resources(struct ll_pr *pr)
{
    struct ll_pack *p = pr->pack;
    struct ll_pack_table *t = &pr->resource_table;
    struct ll_index codes;
    int rc = ll_pr_table(pr, "resources.csv", columns, COL_COUNT, t);

    if (rc < 0)
        return rc;
    ll_index_init(&codes, pr->arena);
    p->resources = ll_arena_array(pr->arena, t->n, sizeof *p->resources);
    if (!p->resources)
        return ll_pr_nomem(pr);
    for (size_t i = 0; i < t->n; i++) {
        const struct ll_pack_row *row = ll_pack_table_row(t, i);
        struct ll_resource *r = &p->resources[p->n_resources++];
        fill(pr, r, row->cell);
        if ((rc = add(pr, r, row)) < 0 || (rc = check_code(pr, r, row, &codes)) < 0)
            return rc;
        check_provider(pr, r, row);
        check_codes(pr, row);
        check_conditions(pr, r, row);
    }
    for (size_t i = 0; i < t->n; i++)
        check_related(pr, &p->resources[i], ll_pack_table_row(t, i));
    return LL_OK;
}

static void check_subject(struct ll_pr *pr, const struct ll_resource *r, const struct ll_pack_row *row)
{
    bool wanted = r->subject_kind && strcmp(r->subject_kind, "none") != 0, there = false;

    for (size_t i = 0; i < r->n_items; i++)
        there |= r->items[i].role == LL_ROLE_SUBJECT;
    if (wanted && !there)
        ll_problem_error(pr->ps, at(pr, row, COL_SUBJECT_KIND),
                         "主体类型是 %s，但没有 role 为 subject 的信息项；没有主体时写 none",
                         "the subject kind is %s, but no item has role subject; write none when there is no "
                         "subject",
                         r->subject_kind);
    if (!wanted && there && r->subject_kind)
        ll_problem_error(pr->ps, at(pr, row, COL_SUBJECT_KIND),
                         "有 role 为 subject 的信息项，主体类型不能是 none",
                         "an item has role subject, so the subject kind cannot be none");
}

static void check_grade(struct ll_pr *pr, struct ll_resource *r, const struct ll_pack_row *row)
{
    unsigned highest = 1;

    for (size_t i = 0; i < r->n_items; i++)
        if (r->items[i].grade > highest)
            highest = r->items[i].grade;
    if (r->grade && r->grade < highest)
        ll_problem_error(pr->ps, at(pr, row, COL_GRADE), "级别 %u 低于其信息项的最高级别 %u",
                         "grade %u is below the highest of its items, %u", r->grade, highest);
    if (!r->grade)
        r->grade = highest;
}

int ll_pr_resources_whole(struct ll_pr *pr)
{
    for (size_t i = 0; i < pr->pack->n_resources; i++) {
        struct ll_resource *r = &pr->pack->resources[i];
        const struct ll_pack_row *row = ll_pack_table_row(&pr->resource_table, i);
        struct ll_place place = {pr->resource_table.file, row->line, 0, NULL};
        if (!r->name)
            continue;
        if (!r->n_items)
            ll_problem_error(pr->ps, place, "数据资源“%s”没有信息项；请在 items.csv 中列出",
                             "resource '%s' has no items; list them in items.csv", r->name);
        else if (!r->n_key)
            ll_problem_error(pr->ps, place, "数据资源“%s”没有主键；请在 items.csv 的 key 列写 1、2……",
                             "resource '%s' has no key; write 1, 2, ... in column key of items.csv", r->name);
        if (r->n_items)
            check_subject(pr, r, row);
        check_grade(pr, r, row);
    }
    return LL_OK;
}
