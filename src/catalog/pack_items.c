/* pack_items.c - items.csv: the columns of each resource, in order, each bound to an element. */
#include "catalog/pack_reader.h"

#include "catalog/name.h"
#include "catalog/tbl/pack_columns.h"
#include "standard/convert.h"

#include <string.h>

#define X(id, name_, kind_, need_, argument_) COL_##id,
enum { LL_ITEM_COLUMNS(X) COL_COUNT };
#undef X
#define X(id, name_, kind_, need_, argument_) {name_, LL_CELL_##kind_, LL_NEED_##need_, argument_},
static const struct ll_pack_column columns[] = {LL_ITEM_COLUMNS(X)};
#undef X

enum { KEY_MAX = 16 };

struct items {
    struct ll_pr *pr;
    const struct ll_pack_row *row;
    struct ll_resource *r;
    struct ll_item *item;
};

static struct ll_place at(const struct items *it, size_t column)
{
    return ll_pack_table_at(&it->pr->item_table, it->row, column);
}

static enum ll_role role_of(const char *cell)
{
    if (!cell)
        return LL_ROLE_NONE;
    if (strcmp(cell, "subject") == 0)
        return LL_ROLE_SUBJECT;
    return strcmp(cell, "subject_name") == 0 ? LL_ROLE_SUBJECT_NAME : LL_ROLE_RELATED;
}

static void fill(struct items *it)
{
    const char *const *cell = it->row->cell;
    const struct ll_element *e = it->item->element;

    it->item->name = cell[COL_ITEM];
    it->item->title = cell[COL_TITLE] ? cell[COL_TITLE] : e ? e->title : NULL;
    it->item->title_en = cell[COL_TITLE_EN] ? cell[COL_TITLE_EN] : e ? e->title_en : NULL;
    it->item->key = ll_pr_count(cell[COL_KEY], 0);
    it->item->required = ll_pr_yes(cell[COL_REQUIRED]) || it->item->key;
    it->item->unique = ll_pr_yes(cell[COL_UNIQUE]);
    it->item->role = role_of(cell[COL_ROLE]);
    it->item->relation = cell[COL_RELATION];
    it->item->grade = ll_pr_count(cell[COL_GRADE], e ? e->grade : 1);
    it->item->fallback = cell[COL_DEFAULT];
}

static void check_name(const struct items *it)
{
    const struct ll_resource *r = it->r;

    if (!it->item->name)
        return;
    for (const struct ll_item *i = r->items; i < it->item; i++)
        if (i->name && strcmp(i->name, it->item->name) == 0) {
            ll_problem_error(it->pr->ps, at(it, COL_ITEM), "信息项“%s”在数据资源 %s 中重复",
                             "item '%s' occurs twice in resource %s", it->item->name, r->name);
            return;
        }
}

static void check_key(const struct items *it)
{
    const struct ll_item *item = it->item;
    const char *required = it->row->cell[COL_REQUIRED];

    if (item->key && required && !ll_pr_yes(required))
        ll_problem_error(it->pr->ps, at(it, COL_REQUIRED), "主键的信息项必须填写，请写 Y 或留空",
                         "an item of the key is required; write Y or leave it empty");
    if (!item->key)
        return;
    const struct ll_element *e = item->element;
    if (e && e->type == LL_TYPE_DECIMAL) /* a segment keeps it as text, in another order */
        ll_problem_error(it->pr->ps, at(it, COL_KEY), "小数不能作主键",
                         "a decimal cannot be part of the key");
    for (const struct ll_item *i = it->r->items; i < item; i++)
        if (i->key == item->key)
            ll_problem_error(it->pr->ps, at(it, COL_KEY), "主键位置 %u 已是信息项 %s",
                             "key position %u is taken by item %s", item->key, i->name ? i->name : "?");
}

static void check_role(const struct items *it)
{
    const struct ll_item *item = it->item;
    const struct ll_element *e = item->element;

    if (item->role == LL_ROLE_RELATED && !item->relation && it->row->cell[COL_ROLE])
        ll_problem_error(it->pr->ps, at(it, COL_RELATION),
                         "role 为 related 时要写明关系，如 legal_representative",
                         "role related needs its relation, like legal_representative");
    if (item->role != LL_ROLE_RELATED && item->relation)
        ll_problem_error(it->pr->ps, at(it, COL_RELATION), "只有 role 为 related 的信息项有关系，请留空",
                         "only an item of role related has a relation; leave it empty");
    bool identifies = item->role == LL_ROLE_SUBJECT || item->role == LL_ROLE_RELATED;
    if (identifies && e && e->type != LL_TYPE_IDENTIFIER && e->type != LL_TYPE_TEXT)
        ll_problem_error(it->pr->ps, at(it, COL_ROLE),
                         "数据元 %s 的类型是 %s，不能标识主体；应为 identifier 或 text",
                         "element %s has type %s and cannot identify a subject; use an identifier or a text",
                         e->name, ll_type_name(e->type));
}

static void check_grade(const struct items *it)
{
    const struct ll_element *e = it->item->element;

    if (e && it->item->grade < e->grade)
        ll_problem_error(it->pr->ps, at(it, COL_GRADE), "级别 %u 低于数据元 %s 的级别 %u；信息项只能提高级别",
                         "grade %u is below that of element %s, %u; an item may only raise it",
                         it->item->grade, e->name, e->grade);
}

static bool code_default_ok(const struct items *it, const struct ll_element *e, const char *value)
{
    return !e->code_table || ll_pr_code(it->pr, e->code_table, value, at(it, COL_DEFAULT));
}

static bool default_fits(const struct ll_element *e, struct ll_str v)
{
    ll_i128 number;
    int64_t i;
    int32_t days;
    bool yes;

    switch (e->type) {
    case LL_TYPE_INTEGER:
        return ll_cv_integer(v, &i) == LL_CV_OK;
    case LL_TYPE_DECIMAL:
        return ll_cv_decimal(v, e->scale, &number) == LL_CV_OK;
    case LL_TYPE_DATE:
        return ll_cv_date(v, &days) == LL_CV_OK;
    case LL_TYPE_DATETIME:
        return ll_cv_datetime(v, &i) == LL_CV_OK;
    case LL_TYPE_BOOLEAN:
        return ll_cv_boolean(v, &yes) == LL_CV_OK;
    default:
        return !e->length || ll_utf8_count(v) <= e->length;
    }
}

static void check_default(const struct items *it)
{
    const struct ll_element *e = it->item->element;
    const char *value = it->item->fallback;

    if (!value || !e)
        return;
    if (it->item->key)
        ll_problem_error(it->pr->ps, at(it, COL_DEFAULT), "主键的信息项不能有默认值",
                         "an item of the key cannot have a default");
    if (e->type == LL_TYPE_CODE && !code_default_ok(it, e, value))
        return;
    if (!default_fits(e, ll_str(value)))
        ll_problem_error(it->pr->ps, at(it, COL_DEFAULT), "默认值“%s”不是数据元 %s 的值",
                         "default '%s' is no value of element %s", value, e->name);
}

static int read_one(struct items *it)
{
    const char *element = it->row->cell[COL_ELEMENT];

    if (it->r->n_items == LL_PACK_ITEMS_MAX) {
        ll_problem_error(it->pr->ps, at(it, COL_ITEM), "数据资源 %s 的信息项超过 %d 个",
                         "resource %s has more than %d items", it->r->name, LL_PACK_ITEMS_MAX);
        return LL_OK;
    }
    it->item = &it->r->items[it->r->n_items++];
    it->item->element = element ? ll_pr_element(it->pr, element, at(it, COL_ELEMENT)) : NULL;
    fill(it);
    check_name(it);
    check_key(it);
    check_role(it);
    check_grade(it);
    check_default(it);
    return LL_OK;
}

static int make_room(struct ll_pr *pr)
{
    const struct ll_pack_table *t = &pr->item_table;
    struct ll_pack *p = pr->pack;

    for (size_t i = 0; i < t->n; i++) {
        struct ll_resource *r = ll_pr_own_resource(pr, ll_str(ll_pack_table_row(t, i)->cell[COL_RESOURCE]));
        if (r)
            r->n_items++;
    }
    for (size_t i = 0; i < p->n_resources; i++) {
        struct ll_resource *r = &p->resources[i];
        size_t n = r->n_items < LL_PACK_ITEMS_MAX ? r->n_items : LL_PACK_ITEMS_MAX;
        r->items = ll_arena_array(pr->arena, n, sizeof *r->items);
        r->n_items = 0;
        if (!r->items)
            return ll_pr_nomem(pr);
    }
    return LL_OK;
}

static void unknown_resource(struct ll_pr *pr, const struct ll_pack_row *row)
{
    const char *name = row->cell[COL_RESOURCE];

    if (!name)
        return;
    struct ll_str near = ll_index_nearest(&pr->resources, ll_str(name));
    ll_problem_error(pr->ps, ll_pack_table_at(&pr->item_table, row, COL_RESOURCE),
                     "本场景包的 resources.csv 中没有“%s”%s%.*s",
                     "resources.csv of this pack has no '%s'%s%.*s", name, near.n ? " -> " : "",
                     LL_STR_ARG(near));
}

/* Key positions 1 to n, each once.  Duplicates were reported with their rows; here the gaps are. */
static int make_key(struct ll_pr *pr, struct ll_resource *r)
{
    const struct ll_item *by_position[KEY_MAX + 1] = {0};
    unsigned highest = 0;

    for (size_t i = 0; i < r->n_items; i++) {
        unsigned k = r->items[i].key;
        if (k && k <= KEY_MAX)
            by_position[k] = &r->items[i];
        highest = k > highest ? k : highest;
    }
    r->key = ll_arena_array(pr->arena, highest, sizeof *r->key);
    if (!r->key)
        return ll_pr_nomem(pr);
    for (unsigned k = 1; k <= highest; k++) {
        if (by_position[k])
            r->key[r->n_key++] = by_position[k];
        else
            ll_problem_error(pr->ps, (struct ll_place){.file = pr->item_table.file, .column_name = "key"},
                             "数据资源 %s 的主键缺少位置 %u", "the key of resource %s lacks position %u",
                             r->name, k);
    }
    return LL_OK;
}

/* "resource.item" of this pack or a needed one, of the same type. */
static int check_reference(struct items *it)
{
    struct ll_pr *pr = it->pr;
    struct ll_place place = at(it, COL_REFERENCES);
    struct ll_str resource, item;

    if (!ll_str_cut(ll_str(it->row->cell[COL_REFERENCES]), '.', &resource, &item) || !resource.n || !item.n) {
        ll_problem_error(pr->ps, place, "引用应写成 数据资源.信息项", "a reference is written resource.item");
        return LL_OK;
    }
    it->item->ref_resource = ll_arena_dup(pr->arena, resource);
    it->item->ref_item = ll_arena_dup(pr->arena, item);
    if (!it->item->ref_resource || !it->item->ref_item)
        return ll_pr_nomem(pr);
    const struct ll_resource *target = ll_pr_resource(pr, it->item->ref_resource, place);
    if (!target)
        return LL_OK;
    const struct ll_item *there = ll_resource_item(target, item);
    if (!there)
        ll_problem_error(pr->ps, place, "数据资源 %s 没有信息项“%s”", "resource %s has no item '%s'",
                         target->name, it->item->ref_item);
    else if (there->element && it->item->element && there->element->type != it->item->element->type)
        ll_problem_error(pr->ps, place, "引用的信息项类型是 %s，而本项是 %s",
                         "the item referred to has type %s, this one %s", ll_type_name(there->element->type),
                         ll_type_name(it->item->element->type));
    return LL_OK;
}

static int check_references(struct ll_pr *pr)
{
    struct items it = {.pr = pr};

    for (size_t i = 0; i < pr->item_table.n; i++) {
        it.row = ll_pack_table_row(&pr->item_table, i);
        it.r = ll_pr_own_resource(pr, ll_str(it.row->cell[COL_RESOURCE]));
        const char *name = it.row->cell[COL_ITEM];
        if (!it.r || !name || !it.row->cell[COL_REFERENCES])
            continue;
        const struct ll_item *found = ll_resource_item(it.r, ll_str(name));
        if (!found)
            continue;
        it.item = &it.r->items[found - it.r->items];
        int rc = check_reference(&it);
        if (rc < 0)
            return rc;
    }
    return LL_OK;
}

int ll_pr_items(struct ll_pr *pr)
{
    struct items it = {.pr = pr};
    int rc = ll_pr_table(pr, "items.csv", columns, COL_COUNT, &pr->item_table);

    if (rc < 0 || (rc = make_room(pr)) < 0)
        return rc;
    for (size_t i = 0; i < pr->item_table.n; i++) {
        it.row = ll_pack_table_row(&pr->item_table, i);
        it.r = ll_pr_own_resource(pr, ll_str(it.row->cell[COL_RESOURCE]));
        if (!it.r)
            unknown_resource(pr, it.row);
        else if ((rc = read_one(&it)) < 0)
            return rc;
    }
    for (size_t i = 0; i < pr->pack->n_resources; i++)
        if ((rc = make_key(pr, &pr->pack->resources[i])) < 0)
            return rc;
    return check_references(pr);
}
