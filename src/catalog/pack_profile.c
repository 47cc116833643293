/* pack_profile.c - timeline.csv, relations.csv and warning_rules.csv: that the items they name are there and are such as can say it. */
#include "catalog/pack_reader.h"

#include "catalog/tbl/pack_columns.h"

#include <string.h>

#define X(id, name_, kind_, need_, argument_) TL_##id,
enum timeline_column { LL_TIMELINE_COLUMNS(X) };
#undef X
#define X(id, name_, kind_, need_, argument_) RL_##id,
enum relation_column { LL_RELATION_COLUMNS(X) };
#undef X
#define X(id, name_, kind_, need_, argument_) WR_##id,
enum warning_column { LL_WARNING_RULE_COLUMNS(X) };
#undef X

static const struct ll_item *find_item(struct ll_pr *pr, const struct ll_resource *r, struct ll_str name,
                                       struct ll_place at)
{
    const struct ll_item *item = ll_resource_item(r, name);

    if (!item)
        ll_problem_error(pr->ps, at, "数据资源 %s 没有信息项“%.*s”", "resource %s has no item '%.*s'",
                         r->name, LL_STR_ARG(name));
    return item;
}

/* Of a cell that may be empty. */
static const struct ll_item *item_of(struct ll_pr *pr, const struct ll_pack_table *t,
                                     const struct ll_pack_row *row, const struct ll_resource *r,
                                     size_t column)
{
    return row->cell[column] ? find_item(pr, r, ll_str(row->cell[column]), ll_pack_table_at(t, row, column))
                             : NULL;
}

static void check_shown(struct ll_pr *pr, const struct ll_pack_table *t, const struct ll_pack_row *row,
                        const struct ll_resource *r, size_t column)
{
    struct ll_str rest = ll_str(row->cell[column]), one;

    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        (void)find_item(pr, r, ll_str_trim(one), ll_pack_table_at(t, row, column));
    }
}

/* An item whose element is unknown has been told of at its own place. */
static bool tells(const struct ll_item *item, const char *precision)
{
    if (!item->element)
        return true;
    enum ll_type type = item->element->type;
    if (!precision || strcmp(precision, "day") == 0)
        return type == LL_TYPE_DATE || type == LL_TYPE_DATETIME;
    return type == LL_TYPE_DATE || type == LL_TYPE_DATETIME || type == LL_TYPE_TEXT ||
           type == LL_TYPE_INTEGER;
}

void ll_pr_check_timeline(struct ll_pr *pr, const struct ll_pack_table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct ll_pack_row *row = ll_pack_table_row(t, i);
        const struct ll_resource *r = row->cell[TL_RESOURCE]
                                          ? ll_pr_resource(pr, row->cell[TL_RESOURCE],
                                                           ll_pack_table_at(t, row, TL_RESOURCE))
                                          : NULL;
        const struct ll_item *item = r ? item_of(pr, t, row, r, TL_ITEM) : NULL;
        if (item && !tells(item, row->cell[TL_PRECISION]))
            ll_problem_error(
                pr->ps, ll_pack_table_at(t, row, TL_ITEM),
                "信息项 %s 不是日期；年份（2023）或年月（202405）须在 precision 中写明 year 或 month",
                "item %s is no date; a year (2023) or a month (202405) needs precision year or month",
                item->name);
        if (r && row->cell[TL_SHOWS])
            check_shown(pr, t, row, r, TL_SHOWS);
    }
}

/* Only what is indexed can be asked for from the other side. */
static void check_end(struct ll_pr *pr, const struct ll_pack_table *t, const struct ll_pack_row *row,
                      const struct ll_item *item, size_t column)
{
    if (item && item->role != LL_ROLE_SUBJECT && item->role != LL_ROLE_RELATED)
        ll_problem_error(pr->ps, ll_pack_table_at(t, row, column),
                         "信息项 %s 的 role 应为 subject 或 related，才能从另一方查到",
                         "item %s must have role subject or related to be found from the other side",
                         item->name);
}

void ll_pr_check_relations(struct ll_pr *pr, const struct ll_pack_table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct ll_pack_row *row = ll_pack_table_row(t, i);
        const struct ll_resource *r = row->cell[RL_RESOURCE]
                                          ? ll_pr_resource(pr, row->cell[RL_RESOURCE],
                                                           ll_pack_table_at(t, row, RL_RESOURCE))
                                          : NULL;
        if (!r)
            continue;
        const struct ll_item *from = item_of(pr, t, row, r, RL_FROM), *to = item_of(pr, t, row, r, RL_TO);
        check_end(pr, t, row, from, RL_FROM);
        check_end(pr, t, row, to, RL_TO);
        if (from && from == to)
            ll_problem_error(pr->ps, ll_pack_table_at(t, row, RL_TO), "关系的两方不能是同一信息项",
                             "both sides of a relation are the same item");
        (void)item_of(pr, t, row, r, RL_FROM_NAME);
        (void)item_of(pr, t, row, r, RL_TO_NAME);
        if (row->cell[RL_SHOWS])
            check_shown(pr, t, row, r, RL_SHOWS);
    }
}

/* Of a resource that no pack brings the rule says nothing until one does: only what is known is looked at. */
void ll_pr_check_warnings(struct ll_pr *pr, const struct ll_pack_table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct ll_pack_row *row = ll_pack_table_row(t, i);
        const struct ll_resource *r = row->cell[WR_RESOURCE]
                                          ? ll_pr_resource_there(pr, row->cell[WR_RESOURCE])
                                          : NULL;
        if (row->cell[WR_RESOURCE] && row->cell[WR_LIST])
            ll_problem_error(pr->ps, ll_pack_table_at(t, row, WR_LIST),
                             "规则或关于数据资源，或关于名单，不能两者都写",
                             "a rule is about a resource or about a list, not about both");
        if (row->cell[WR_ITEM] && !row->cell[WR_RESOURCE])
            ll_problem_error(pr->ps, ll_pack_table_at(t, row, WR_ITEM), "写了信息项，也要写它的数据资源",
                             "an item needs its resource");
        if (row->cell[WR_VALUES] && !row->cell[WR_ITEM])
            ll_problem_error(pr->ps, ll_pack_table_at(t, row, WR_VALUES), "写了取值，也要写它的信息项",
                             "values need their item");
        if (r)
            (void)item_of(pr, t, row, r, WR_ITEM);
    }
}
