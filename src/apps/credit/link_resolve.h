/* link_resolve.h - which of the scored pairs become links.  Pure: numbers in, outcomes out.
 *
 * One to one: pairs by falling weight, each taken when neither side has been (a record has at most one partner).
 * Clusters: pairs by falling weight join two clusters only when at least the share `cohesion` of the pairs between them match, so that
 * a chain A-B, B-C, C-D does not become one subject for its single links, and never beyond cluster_max records.
 * What a person decided comes first: a pair that was accepted is linked, two records that were told apart never share a cluster. */
#ifndef LL_APPS_CREDIT_LINK_RESOLVE_H
#define LL_APPS_CREDIT_LINK_RESOLVE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ll_link_outcome {
    LL_LINK_UNSURE,  /* below the match threshold: a person looks */
    LL_LINK_MATCHED, /* linked */
    LL_LINK_OUTDONE, /* a record of it has a better partner */
    LL_LINK_CHAIN,   /* would join clusters that do not hold together: a person looks */
    LL_LINK_APART    /* a person told them apart */
};

struct ll_link_edge {
    uint32_t a, b; /* nodes, from 0 */
    float weight;
    uint32_t outcome; /* enum ll_link_outcome, set by resolving */
};

struct ll_link_apart {
    uint32_t a, b;
};

struct ll_link_resolve {
    size_t nodes;
    double match; /* weight from which a pair is a link */
    double cohesion;
    size_t cluster_max;
    bool one_to_one;
    const struct ll_link_apart *apart;
    size_t n_apart;
};

/* edges by falling weight. */
int ll_link_resolve(const struct ll_link_resolve *o, struct ll_link_edge *edges, size_t n,
                    struct ll_err *err) LL_MUST;

#endif
