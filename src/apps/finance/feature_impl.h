/* feature_impl.h - what feature_sql.c and feature_run.c share: the statements of the indicators, and the work they are run in. */
#ifndef LL_APPS_FINANCE_FEATURE_IMPL_H
#define LL_APPS_FINANCE_FEATURE_IMPL_H

#include "apps/finance/feature.h"

enum { LL_FEATURE_SQL = 32 << 20 };

struct ll_feature_work {
    const struct ll_features_asked *asked;
    struct ll_arena *arena;
    struct ll_lake *lake;
    struct ll_lake_conn *c;
    struct ll_feature_rows rows[LL_FEATURE_GROUPS_MAX];
};

/* Whether an indicator's SQL says no more than it may: expressions over its own resource's items (or over other indicators), known functions. */
int ll_feature_check(struct ll_feature_work *w, struct ll_err *err) LL_MUST;

/* Whether its value or condition names this item (or, of combine `of`, this indicator). */
bool ll_feature_mentions(const struct ll_feature *f, const char *name);

/* CREATE TABLE firms (f): the firms that the base resources knew; nothing is appended where none of them had delivered. */
int ll_feature_firms_sql(struct ll_feature_work *w, struct ll_buf *sql, struct ll_err *err) LL_MUST;
/* CREATE TABLE g<i>: f, and v<k> of each indicator k of the resource.  Needs w->rows. */
int ll_feature_group_sql(struct ll_feature_work *w, size_t group, struct ll_buf *sql,
                         struct ll_err *err) LL_MUST;
/* SELECT f, a column an indicator, by rising f. */
void ll_feature_select_sql(const struct ll_feature_work *w, struct ll_buf *sql);

#endif
