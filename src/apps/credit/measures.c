/* measures.c - see measures.h.  The form of the files was checked when the pack was loaded. */
#include "apps/credit/measures.h"

#include "apps/credit/sections.h"
#include "catalog/pack.h"

#include <stdlib.h>
#include <string.h>

enum {
    L_LIST,
    L_KIND,
    L_TITLE,
    L_TITLE_EN,
    L_AUTHORITY,
    L_VISIBILITY,
    L_RESOURCE,
    L_ITEM,
    L_VALUES,
    L_LATEST,
    L_DATE,
    L_MONTHS,
    L_LAW,
    L_BASIS,
    L_SOURCE
};
static const char *const list_columns[] = {"list",       "kind",     "title",       "title_en", "authority",
                                           "visibility", "resource", "item",        "values",   "latest_by",
                                           "date_item",  "months",   "legal_basis", "basis",    "source"};
enum { M_MEASURE, M_KIND, M_TITLE, M_TITLE_EN, M_CLASS, M_LAW, M_BASIS, M_SOURCE };
static const char *const measure_columns[] = {"measure", "kind",        "title", "title_en",
                                              "class",   "legal_basis", "basis", "source"};
static const char *const link_columns[] = {"list", "measure"};

static int too_many(const char *file, int most, struct ll_err *err)
{
    return ll_fail(err, LL_TOOBIG, "%s 超过 %d 行", "%s has more than %d rows", file, most);
}

struct reading {
    struct ll_credit_rules *rules;
    struct ll_arena *arena;
    const char *c[LL_COUNT(list_columns)]; /* cells of the row, in arena */
};

static int take(struct reading *r, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    for (size_t i = 0; i < n; i++)
        if (!(r->c[i] = ll_arena_dup(r->arena, cells[i])))
            return ll_no_memory(err);
    return LL_OK;
}

static int add_list(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *in = ctx;
    struct ll_credit_rules *r = in->rules;
    const char *const *c = in->c;
    int rc = take(in, cells, LL_COUNT(list_columns), err);

    (void)pack;
    if (rc < 0 || r->n_lists == LL_CREDIT_LISTS_MAX)
        return rc < 0 ? rc : too_many("lists.csv", LL_CREDIT_LISTS_MAX, err);
    r->lists[r->n_lists++] = (struct ll_credit_list){.name = c[L_LIST],
                                                     .kind = c[L_KIND],
                                                     .title = c[L_TITLE],
                                                     .title_en = c[L_TITLE_EN],
                                                     .authority = c[L_AUTHORITY],
                                                     .agencies = strcmp(c[L_VISIBILITY], "agencies") == 0,
                                                     .resource = c[L_RESOURCE],
                                                     .item = c[L_ITEM],
                                                     .values = c[L_VALUES],
                                                     .latest_by = c[L_LATEST],
                                                     .date_item = c[L_DATE],
                                                     .months = strtol(c[L_MONTHS], NULL, 10),
                                                     .legal_basis = c[L_LAW],
                                                     .basis = c[L_BASIS],
                                                     .source = c[L_SOURCE]};
    return LL_OK;
}

static int add_measure(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *in = ctx;
    struct ll_credit_rules *r = in->rules;
    const char *const *c = in->c;
    int rc = take(in, cells, LL_COUNT(measure_columns), err);

    (void)pack;
    if (rc < 0 || r->n_measures == LL_CREDIT_MEASURES_MAX)
        return rc < 0 ? rc : too_many("measures.csv", LL_CREDIT_MEASURES_MAX, err);
    r->measures[r->n_measures++] = (struct ll_credit_measure){
        c[M_MEASURE], c[M_KIND], c[M_TITLE], c[M_TITLE_EN], c[M_CLASS], c[M_LAW], c[M_BASIS], c[M_SOURCE]};
    return LL_OK;
}

static int add_link(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *in = ctx;
    struct ll_credit_rules *r = in->rules;
    int rc = take(in, cells, LL_COUNT(link_columns), err);

    (void)pack;
    if (rc < 0 || r->n_links == LL_CREDIT_LINKS_MAX)
        return rc < 0 ? rc : too_many("list_measures.csv", LL_CREDIT_LINKS_MAX, err);
    r->links[r->n_links++] = (struct ll_credit_link){in->c[0], in->c[1]};
    return LL_OK;
}

int ll_credit_rules_read(struct ll_txn *tx, struct ll_arena *arena, struct ll_credit_rules *ret,
                         struct ll_err *err)
{
    static const struct {
        const char *file;
        const char *const *columns;
        size_t n;
        ll_pack_use_fn *add;
    } files[] = {{"lists.csv", list_columns, LL_COUNT(list_columns), add_list},
                 {"measures.csv", measure_columns, LL_COUNT(measure_columns), add_measure},
                 {"list_measures.csv", link_columns, LL_COUNT(link_columns), add_link}};
    struct reading in = {.rules = ret, .arena = arena};
    int rc = LL_OK;

    *ret = (struct ll_credit_rules){
        .lists = ll_arena_array(arena, LL_CREDIT_LISTS_MAX, sizeof *ret->lists),
        .measures = ll_arena_array(arena, LL_CREDIT_MEASURES_MAX, sizeof *ret->measures),
        .links = ll_arena_array(arena, LL_CREDIT_LINKS_MAX, sizeof *ret->links)};
    if (!ret->lists || !ret->measures || !ret->links)
        return ll_no_memory(err);
    for (size_t i = 0; i < LL_COUNT(files) && rc == LL_OK; i++)
        rc = ll_pack_use_each(tx, LL_CREDIT_PACK, files[i].file, files[i].columns, files[i].n, files[i].add,
                              &in, err);
    return rc;
}

const struct ll_credit_list *ll_credit_list_find(const struct ll_credit_rules *r, const char *name)
{
    for (size_t i = 0; i < r->n_lists; i++)
        if (strcmp(r->lists[i].name, name) == 0)
            return &r->lists[i];
    return NULL;
}

const struct ll_credit_measure *ll_credit_measure_find(const struct ll_credit_rules *r, const char *name)
{
    for (size_t i = 0; i < r->n_measures; i++)
        if (strcmp(r->measures[i].name, name) == 0)
            return &r->measures[i];
    return NULL;
}

bool ll_credit_goes_with(const struct ll_credit_rules *r, const struct ll_credit_list *list,
                         const struct ll_credit_measure *measure)
{
    for (size_t i = 0; i < r->n_links; i++)
        if (strcmp(r->links[i].measure, measure->name) == 0 &&
            (strcmp(r->links[i].list, list->name) == 0 || strcmp(r->links[i].list, list->kind) == 0))
            return true;
    return false;
}
