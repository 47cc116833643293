/* relations.h - who a subject has to do with, as a graph that can be walked: legal representatives, shareholders, investments, branches and
 * whatever else relations.csv of the packs declares.
 *
 * (1) Nothing is stored of it: both ends of a relation are items of role subject or related, which the segments have an index of, so that
 *     neighbours are found in both directions by a look-up each.
 * (2) It goes outwards ring by ring, and every bound is told where it cut: `more` of a node (its neighbours beyond the fan-out were left out),
 *     `more` of the whole (too many nodes).
 * (3) One node a subject, one edge a pair and relation, however many records say so; each tells what the first of them shows.
 * (4) Beyond a natural person nothing is looked for unless `persons` says so; identifiers of persons are masked as in the profile. */
#ifndef LL_SHARE_RELATIONS_H
#define LL_SHARE_RELATIONS_H

#include "share/profile_rules.h"
#include "share/subject.h"

enum { LL_RELATION_DEPTH_MAX = 4, LL_RELATION_FAN_MAX = 100, LL_RELATION_NODES_MAX = 300 };

struct ll_relations_opts {
    unsigned depth, fan, nodes; /* 1 to the bounds above */
    bool mask, persons;
};
#define LL_RELATIONS_OPTS_INIT                                                                               \
    {                                                                                                        \
        .depth = 1, .fan = 20, .nodes = 200                                                                  \
    }

struct ll_relation_node {
    struct ll_subject_id id;
    struct ll_str name; /* n 0: none is known */
    unsigned depth;
    bool person;
    bool looked; /* its neighbours were looked for */
    bool more;   /* ... and are more than are here */
};

struct ll_relation_edge {
    size_t from, to; /* nodes */
    const struct ll_relation_rule *rule;
    struct ll_str shown; /* items of the first record, a JSON object; n 0: none */
    unsigned records;    /* that say so */
};

struct ll_relations {
    struct ll_relation_node *nodes; /* the subject itself is the first */
    size_t n_nodes;
    struct ll_relation_edge *edges;
    size_t n_edges;
    bool more, mask;
};

/* root: the profile of the subject asked for, with one identifier at least. */
int ll_relations_walk(struct ll_tables *ts, const struct ll_profile_rules *rules,
                      const struct ll_subject *root, const struct ll_relations_opts *o,
                      struct ll_arena *arena, struct ll_relations **ret, struct ll_err *err) LL_MUST;
/* "nodes", "edges", "more" into an object that is open. */
void ll_relations_put(const struct ll_relations *g, struct ll_json *j);

#endif
