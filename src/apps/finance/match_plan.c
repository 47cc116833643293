/* match_plan.c - see match_plan.h. */
#include "apps/finance/match_plan.h"

#include <stdlib.h>
#include <string.h>

/* A run of numbers in one array of them: the rules of a group, or the groups of a target. */
struct run {
    uint32_t first, n;
};

struct ll_match_plan {
    const struct ll_rule **rules;
    struct run *groups, *targets;
    uint32_t *of_group, *of_target; /* rules of groups, groups of targets */
    size_t n_rules, n_groups, n_targets;
};

/* ---- each once ---- */

/* Something that may stand many times, and the number that it gets. */
struct entry {
    const void *what;
    size_t place; /* where it stands */
};

static int by_rule(const void *x, const void *y)
{
    const struct ll_rule *a = ((const struct entry *)x)->what, *b = ((const struct entry *)y)->what;

    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return a->op != b->op ? (int)a->op - (int)b->op : strcmp(a->value, b->value);
}

/* The rules of a group as sorted numbers. */
struct numbers {
    const uint32_t *list;
    size_t n;
};

static int by_numbers(const void *x, const void *y)
{
    const struct numbers *a = ((const struct entry *)x)->what, *b = ((const struct entry *)y)->what;
    int c = a->n == b->n ? memcmp(a->list, b->list, a->n * sizeof *a->list) : a->n < b->n ? -1 : 1;

    return c;
}

/* number[place]: equal ones get the same, from 0; *ret: how many there are, kept[number] being one of each. */
static size_t number_each(struct entry *list, size_t n, int (*order)(const void *, const void *),
                          uint32_t *number, const void **kept)
{
    size_t different = 0;

    if (n)
        qsort(list, n, sizeof *list, order);
    for (size_t i = 0; i < n; i++) {
        if (!i || order(&list[i - 1], &list[i]) != 0)
            kept[different++] = list[i].what;
        number[list[i].place] = (uint32_t)(different - 1);
    }
    return different;
}

/* ---- making ---- */

struct making {
    const struct ll_targets *all;
    struct ll_arena *arena;
    struct ll_match_plan *plan;
    size_t n_rules, n_groups;                     /* as they stand in the targets */
    uint32_t *rule_number, *group_number, *order; /* order: the rule numbers of each group, sorted */
    struct numbers *groups;
};

static void count(struct making *m)
{
    for (size_t i = 0; i < m->all->n; i++) {
        const struct ll_target *t = m->all->list[i];
        m->n_groups += t->n_groups;
        for (size_t g = 0; g < t->n_groups; g++)
            m->n_rules += t->groups[g].n;
    }
}

static int number_rules(struct making *m, struct ll_err *err)
{
    struct entry *list = ll_arena_array(m->arena, m->n_rules + 1, sizeof *list);
    size_t n = 0;

    m->plan->rules = ll_arena_array(m->arena, m->n_rules + 1, sizeof *m->plan->rules);
    m->rule_number = ll_arena_array(m->arena, m->n_rules + 1, sizeof *m->rule_number);
    if (!list || !m->plan->rules || !m->rule_number)
        return ll_no_memory(err);
    for (size_t i = 0; i < m->all->n; i++)
        for (size_t g = 0; g < m->all->list[i]->n_groups; g++)
            for (size_t k = 0; k < m->all->list[i]->groups[g].n; k++, n++)
                list[n] = (struct entry){&m->all->list[i]->groups[g].rules[k], n};
    m->plan->n_rules = number_each(list, n, by_rule, m->rule_number, (const void **)m->plan->rules);
    return LL_OK;
}

static int by_number(const void *x, const void *y)
{
    const uint32_t *a = x, *b = y;

    return *a < *b ? -1 : *a > *b;
}

/* Each group as the sorted numbers of its rules, one behind the other. */
static void list_groups(struct making *m, struct entry *entries)
{
    size_t at = 0, n = 0;

    memcpy(m->order, m->rule_number, m->n_rules * sizeof *m->order);
    for (size_t i = 0; i < m->all->n; i++)
        for (size_t g = 0; g < m->all->list[i]->n_groups; g++, n++) {
            size_t rules = m->all->list[i]->groups[g].n;
            qsort(m->order + at, rules, sizeof *m->order, by_number);
            m->groups[n] = (struct numbers){m->order + at, rules};
            entries[n] = (struct entry){&m->groups[n], n};
            at += rules;
        }
}

static int number_groups(struct making *m, struct ll_err *err)
{
    struct entry *entries = ll_arena_array(m->arena, m->n_groups + 1, sizeof *entries);
    const void **kept = ll_arena_array(m->arena, m->n_groups + 1, sizeof *kept);
    struct ll_match_plan *plan = m->plan;

    m->order = ll_arena_array(m->arena, m->n_rules + 1, sizeof *m->order);
    m->groups = ll_arena_array(m->arena, m->n_groups + 1, sizeof *m->groups);
    m->group_number = ll_arena_array(m->arena, m->n_groups + 1, sizeof *m->group_number);
    plan->groups = ll_arena_array(m->arena, m->n_groups + 1, sizeof *plan->groups);
    if (!entries || !kept || !m->order || !m->groups || !m->group_number || !plan->groups)
        return ll_no_memory(err);
    list_groups(m, entries);
    plan->n_groups = number_each(entries, m->n_groups, by_numbers, m->group_number, kept);
    plan->of_group = m->order;
    for (size_t g = 0; g < plan->n_groups; g++) {
        const struct numbers *rules = kept[g];
        plan->groups[g] = (struct run){(uint32_t)(rules->list - m->order), (uint32_t)rules->n};
    }
    return LL_OK;
}

int ll_match_plan_new(const struct ll_targets *all, struct ll_arena *arena, const struct ll_match_plan **ret,
                      struct ll_err *err)
{
    struct making m = {.all = all, .arena = arena, .plan = ll_arena_alloc(arena, sizeof *m.plan)};
    size_t at = 0;
    int rc;

    if (!m.plan || !(m.plan->targets = ll_arena_array(arena, all->n + 1, sizeof *m.plan->targets)))
        return ll_no_memory(err);
    count(&m);
    if ((rc = number_rules(&m, err)) < 0 || (rc = number_groups(&m, err)) < 0)
        return rc;
    m.plan->of_target = m.group_number;
    m.plan->n_targets = all->n;
    for (size_t i = 0; i < all->n; at += all->list[i++]->n_groups)
        m.plan->targets[i] = (struct run){(uint32_t)at, (uint32_t)all->list[i]->n_groups};
    *ret = m.plan;
    return LL_OK;
}

/* ---- meeting ---- */

size_t ll_match_plan_rules(const struct ll_match_plan *plan)
{
    return plan->n_rules;
}

size_t ll_match_plan_scratch(const struct ll_match_plan *plan)
{
    return plan->n_rules + plan->n_groups + 1;
}

static uint8_t group_result(const struct ll_match_plan *plan, const struct run *g, const uint8_t *rules)
{
    uint8_t all = LL_RULE_MISS;

    for (uint32_t i = g->first; i < g->first + g->n; i++) {
        uint8_t one = rules[plan->of_group[i]];
        if (one == LL_RULE_PASS)
            return LL_RULE_PASS;
        if (one == LL_RULE_UNKNOWN)
            all = LL_RULE_UNKNOWN;
    }
    return all;
}

void ll_match_plan_meet(const struct ll_match_plan *plan, const struct ll_feature_value *values,
                        uint8_t *scratch, struct ll_match_met *ret)
{
    uint8_t *rules = scratch, *groups = scratch + plan->n_rules;

    for (size_t i = 0; i < plan->n_rules; i++)
        rules[i] = (uint8_t)ll_rule_meet(plan->rules[i], values).result;
    for (size_t g = 0; g < plan->n_groups; g++)
        groups[g] = group_result(plan, &plan->groups[g], rules);
    for (size_t i = 0; i < plan->n_targets; i++) {
        const struct run *t = &plan->targets[i];
        struct ll_match_met met = {0, 0};
        for (uint32_t k = t->first; k < t->first + t->n; k++) {
            uint8_t r = groups[plan->of_target[k]];
            met.misses += r == LL_RULE_MISS;
            met.unknown += r == LL_RULE_UNKNOWN;
        }
        ret[i] = met;
    }
}
