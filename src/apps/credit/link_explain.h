/* link_explain.h - why a pair weighs what it does: the prior, then every comparison's share, up to the sum (a waterfall). */
#ifndef LL_APPS_CREDIT_LINK_EXPLAIN_H
#define LL_APPS_CREDIT_LINK_EXPLAIN_H

#include "apps/credit/link_store.h"
#include "base/json.h"

struct ll_link_step {
    const char *name, *zh, *en;      /* the comparison */
    const char *level_zh, *level_en; /* what it found */
    const char *left, *right;        /* the values compared, as shown (masked); NULL: empty, or not kept */
    int level;
    double m, u;      /* how often pairs of one subject, and others, show this level; 0 for level -1 */
    double weight;    /* log2(m/u) */
    double frequency; /* what the value's own frequency adds */
    double after;     /* the sum up to here */
};
struct ll_link_explained {
    struct ll_link_pair pair;
    struct ll_link_trained model;
    double prior;
    struct ll_link_step *steps;
    size_t n;
    bool exact;  /* identifiers agree: there is nothing to weigh */
    bool linked; /* as things stand */
};
int ll_link_explain(struct ll_txn *tx, int64_t pair, struct ll_arena *arena, struct ll_link_explained *ret,
                    struct ll_err *err) LL_MUST;
void ll_link_explained_put(struct ll_json *j,
                           const struct ll_link_explained *e); /* members of an open object */
void ll_link_pair_put(struct ll_json *j, const struct ll_link_pair *p);
void ll_link_act_put(struct ll_json *j, const struct ll_link_act *a);
void ll_link_run_put(struct ll_json *j, const struct ll_link_run *r);

#endif
