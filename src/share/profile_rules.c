/* profile_rules.c - see profile_rules.h. */
#include "share/profile_rules.h"

#include "catalog/pack.h"

#include "catalog/tbl/timeline_kinds.h"

#include <string.h>

static const struct {
    const char *name, *zh, *en;
} kinds[] = {
#define X(name_, zh_, en_) {name_, zh_, en_},
    LL_TIMELINE_KINDS(X)
#undef X
};

const char *ll_timeline_kind_title(const char *kind, enum ll_lang lang)
{
    for (size_t i = 0; i < LL_COUNT(kinds); i++)
        if (strcmp(kinds[i].name, kind) == 0)
            return lang == LL_ZH ? kinds[i].zh : kinds[i].en;
    return kind;
}

const char *ll_timeline_kind_at(size_t at)
{
    return at < LL_COUNT(kinds) ? kinds[at].name : NULL;
}

const char *ll_precision_name(enum ll_precision p)
{
    static const char *const names[] = {[LL_BY_DAY] = "day", [LL_BY_MONTH] = "month", [LL_BY_YEAR] = "year"};

    return names[p];
}

/* --- reading --------------------------------------------------------------------------------------------------------------- */

struct reading {
    const struct ll_catalog *cat;
    struct ll_arena *arena;
    struct ll_profile_rules *rules;
};

static int place_of(const struct ll_resource *r, struct ll_str name)
{
    const struct ll_item *item = name.n ? ll_resource_item(r, name) : NULL;

    return item ? (int)(item - r->items) : -1;
}

static void shown(const struct ll_resource *r, struct ll_str list, struct ll_shown_items *ret)
{
    struct ll_str one;
    int at;

    ret->n = 0;
    while (list.n && ret->n < LL_SHOWS_MAX) {
        ll_str_cut(list, '|', &one, &list);
        if ((at = place_of(r, ll_str_trim(one))) >= 0)
            ret->at[ret->n++] = (size_t)at;
    }
}

/* Copies of cells; false: no memory. */
static bool keep(struct ll_arena *arena, const struct ll_str *cells, const int *columns,
                 const char **const *members, size_t n)
{
    bool fine = true;

    for (size_t i = 0; i < n; i++)
        fine = (*members[i] = ll_arena_dup(arena, cells[columns[i]])) && fine;
    return fine;
}

enum timeline_column {
    T_RESOURCE,
    T_ITEM,
    T_PRECISION,
    T_KIND,
    T_WHAT,
    T_WHAT_EN,
    T_SHOWS,
    T_TONE,
    T_BASIS,
    T_N
};
static const char *const timeline_columns[T_N] = {"resource", "item",  "precision", "kind", "what",
                                                  "what_en",  "shows", "tone",      "basis"};

static int add_date(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    static const int columns[] = {T_KIND, T_WHAT, T_WHAT_EN, T_TONE, T_BASIS};
    struct reading *k = ctx;
    const struct ll_resource *r = ll_catalog_resource(k->cat, cells[T_RESOURCE]);
    int item = r ? place_of(r, cells[T_ITEM]) : -1;
    struct ll_timeline_rule *rule = &k->rules->timeline[k->rules->n_timeline];
    const char **const members[] = {&rule->kind, &rule->what, &rule->what_en, &rule->tone, &rule->basis};

    (void)pack;
    if (item < 0)
        return LL_OK;
    if (k->rules->n_timeline == LL_TIMELINE_RULES_MAX)
        return ll_fail(err, LL_TOOBIG, "timeline.csv 共超过 %d 行", "more than %d rows of timeline.csv",
                       LL_TIMELINE_RULES_MAX);
    rule->resource = r;
    rule->item = (size_t)item;
    rule->precision = ll_str_is(cells[T_PRECISION], "year")    ? LL_BY_YEAR
                      : ll_str_is(cells[T_PRECISION], "month") ? LL_BY_MONTH
                                                               : LL_BY_DAY;
    shown(r, cells[T_SHOWS], &rule->shows);
    if (!keep(k->arena, cells, columns, members, LL_COUNT(columns)))
        return ll_no_memory(err);
    k->rules->n_timeline++;
    return LL_OK;
}

enum relation_column {
    R_RELATION,
    R_RESOURCE,
    R_FROM,
    R_FROM_NAME,
    R_FROM_IS,
    R_FROM_IS_EN,
    R_TO,
    R_TO_NAME,
    R_TO_IS,
    R_TO_IS_EN,
    R_SHOWS,
    R_BASIS,
    R_N
};
static const char *const relation_columns[R_N] = {"relation", "resource",   "from",  "from_name",
                                                  "from_is",  "from_is_en", "to",    "to_name",
                                                  "to_is",    "to_is_en",   "shows", "basis"};

static int add_relation(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    static const int columns[] = {R_RELATION, R_FROM_IS, R_FROM_IS_EN, R_TO_IS, R_TO_IS_EN, R_BASIS};
    struct reading *k = ctx;
    const struct ll_resource *r = ll_catalog_resource(k->cat, cells[R_RESOURCE]);
    int from = r ? place_of(r, cells[R_FROM]) : -1, to = r ? place_of(r, cells[R_TO]) : -1;
    struct ll_relation_rule *rule = &k->rules->relations[k->rules->n_relations];
    const char **const members[] = {&rule->relation, &rule->from_is,  &rule->from_is_en,
                                    &rule->to_is,    &rule->to_is_en, &rule->basis};

    (void)pack;
    if (from < 0 || to < 0)
        return LL_OK;
    if (k->rules->n_relations == LL_RELATION_RULES_MAX)
        return ll_fail(err, LL_TOOBIG, "relations.csv 共超过 %d 行", "more than %d rows of relations.csv",
                       LL_RELATION_RULES_MAX);
    rule->resource = r;
    rule->from = (size_t)from;
    rule->to = (size_t)to;
    rule->from_name = place_of(r, cells[R_FROM_NAME]);
    rule->to_name = place_of(r, cells[R_TO_NAME]);
    shown(r, cells[R_SHOWS], &rule->shows);
    if (!keep(k->arena, cells, columns, members, LL_COUNT(columns)))
        return ll_no_memory(err);
    k->rules->n_relations++;
    return LL_OK;
}

int ll_profile_rules_read(struct ll_txn *tx, const struct ll_catalog *cat, struct ll_arena *arena,
                          struct ll_profile_rules *ret, struct ll_err *err)
{
    struct reading k = {cat, arena, ret};
    int rc;

    *ret = (struct ll_profile_rules){
        .timeline = ll_arena_array(arena, LL_TIMELINE_RULES_MAX + 1, sizeof *ret->timeline),
        .relations = ll_arena_array(arena, LL_RELATION_RULES_MAX + 1, sizeof *ret->relations)};
    if (!ret->timeline || !ret->relations)
        return ll_no_memory(err);
    rc = ll_pack_use_each(tx, NULL, "timeline.csv", timeline_columns, T_N, add_date, &k, err);
    return rc < 0 ? rc
                  : ll_pack_use_each(tx, NULL, "relations.csv", relation_columns, R_N, add_relation, &k, err);
}
