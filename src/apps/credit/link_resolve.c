/* link_resolve.c - see link_resolve.h. */
#include "apps/credit/link_resolve.h"

#include <stdlib.h>
#include <string.h>

struct state {
    const struct ll_link_resolve *o;
    const struct ll_link_edge *edges;
    uint32_t *parent, *size, *next; /* next: the members of a cluster in a ring */
    uint64_t *first;                /* of node i, neighbours first[i] to first[i + 1] */
    uint32_t *near;
    bool *split; /* by root: some member was told apart from somebody */
    bool *taken;
};

static uint32_t root(struct state *s, uint32_t a)
{
    while (s->parent[a] != a)
        a = s->parent[a] = s->parent[s->parent[a]];
    return a;
}

static void free_state(struct state *s)
{
    free(s->parent);
    free(s->size);
    free(s->next);
    free(s->first);
    free(s->near);
    free(s->split);
    free(s->taken);
}

static int make_state(struct state *s, size_t links, struct ll_err *err)
{
    size_t n = s->o->nodes + 1;

    s->parent = calloc(n, sizeof *s->parent);
    s->size = calloc(n, sizeof *s->size);
    s->next = calloc(n, sizeof *s->next);
    s->first = calloc(n + 1, sizeof *s->first);
    s->near = calloc(2 * links + 1, sizeof *s->near);
    s->split = calloc(n, sizeof *s->split);
    s->taken = calloc(n, sizeof *s->taken);
    if (!s->parent || !s->size || !s->next || !s->first || !s->near || !s->split || !s->taken)
        return ll_no_memory(err);
    for (uint32_t i = 0; i < s->o->nodes; i++) {
        s->parent[i] = s->next[i] = i;
        s->size[i] = 1;
    }
    for (size_t i = 0; i < s->o->n_apart; i++)
        s->split[s->o->apart[i].a] = s->split[s->o->apart[i].b] = true;
    return LL_OK;
}

/* The neighbours of every node, by counting. */
static void make_near(struct state *s, size_t links)
{
    size_t n = s->o->nodes;

    for (size_t i = 0; i < links; i++) {
        s->first[s->edges[i].a + 1]++;
        s->first[s->edges[i].b + 1]++;
    }
    for (size_t i = 0; i < n; i++)
        s->first[i + 1] += s->first[i];
    for (size_t i = links; i-- > 0;) { /* first[] moves forward while filling, and back below */
        s->near[s->first[s->edges[i].a]++] = s->edges[i].b;
        s->near[s->first[s->edges[i].b]++] = s->edges[i].a;
    }
    memmove(s->first + 1, s->first, n * sizeof *s->first);
    s->first[0] = 0;
}

static size_t between(struct state *s, uint32_t small, uint32_t large)
{
    size_t n = 0;
    uint32_t at = small;

    do {
        for (uint64_t k = s->first[at]; k < s->first[at + 1]; k++)
            n += root(s, s->near[k]) == large;
        at = s->next[at];
    } while (at != small);
    return n;
}

static bool told_apart(struct state *s, uint32_t a, uint32_t b)
{
    if (!s->split[a] || !s->split[b])
        return false;
    for (size_t i = 0; i < s->o->n_apart; i++) {
        uint32_t x = root(s, s->o->apart[i].a), y = root(s, s->o->apart[i].b);
        if ((x == a && y == b) || (x == b && y == a))
            return true;
    }
    return false;
}

static void join(struct state *s, uint32_t a, uint32_t b)
{
    if (s->size[a] < s->size[b]) {
        uint32_t t = a;
        a = b;
        b = t;
    }
    uint32_t after = s->next[a];
    s->next[a] = s->next[b];
    s->next[b] = after;
    s->parent[b] = a;
    s->size[a] += s->size[b];
    s->split[a] |= s->split[b];
}

static enum ll_link_outcome clustered(struct state *s, const struct ll_link_edge *e)
{
    uint32_t a = root(s, e->a), b = root(s, e->b);

    if (a == b)
        return LL_LINK_MATCHED;
    if (told_apart(s, a, b))
        return LL_LINK_APART;
    if ((size_t)s->size[a] + s->size[b] > s->o->cluster_max)
        return LL_LINK_CHAIN;
    if (s->size[a] > 1 || s->size[b] > 1) {
        bool swap = s->size[a] > s->size[b];
        size_t n = between(s, swap ? b : a, swap ? a : b);
        if ((double)n < s->o->cohesion * (double)s->size[a] * (double)s->size[b])
            return LL_LINK_CHAIN;
    }
    join(s, a, b);
    return LL_LINK_MATCHED;
}

static enum ll_link_outcome paired(struct state *s, const struct ll_link_edge *e)
{
    if (told_apart(s, e->a, e->b))
        return LL_LINK_APART;
    if (s->taken[e->a] || s->taken[e->b])
        return LL_LINK_OUTDONE;
    s->taken[e->a] = s->taken[e->b] = true;
    return LL_LINK_MATCHED;
}

int ll_link_resolve(const struct ll_link_resolve *o, struct ll_link_edge *edges, size_t n, struct ll_err *err)
{
    struct state s = {.o = o, .edges = edges};
    size_t links = 0;
    int rc;

    while (links < n && edges[links].weight >= (float)o->match)
        links++;
    if ((rc = make_state(&s, links, err)) == LL_OK) {
        if (!o->one_to_one)
            make_near(&s, links);
        for (size_t i = 0; i < links; i++)
            edges[i].outcome = o->one_to_one ? paired(&s, &edges[i]) : clustered(&s, &edges[i]);
        for (size_t i = links; i < n; i++) {
            const struct ll_link_edge *e = &edges[i];
            bool same = !o->one_to_one && root(&s, e->a) == root(&s, e->b);
            bool taken = o->one_to_one && (s.taken[e->a] || s.taken[e->b]);
            bool apart = told_apart(&s, o->one_to_one ? e->a : root(&s, e->a),
                                    o->one_to_one ? e->b : root(&s, e->b));
            edges[i].outcome = apart ? LL_LINK_APART : same || taken ? LL_LINK_OUTDONE : LL_LINK_UNSURE;
        }
    }
    free_state(&s);
    return rc;
}
