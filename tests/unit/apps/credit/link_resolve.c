/* Which scored pairs become links: one partner each, or clusters that hold together. */
#include "../../test.h"

#include "apps/credit/link_resolve.h"

static struct ll_link_resolve clusters(size_t nodes)
{
    return (struct ll_link_resolve){.nodes = nodes, .match = 3, .cohesion = 0.5, .cluster_max = 100};
}

static void the_better_partner_wins(void **state)
{
    struct ll_link_edge e[] = {{0, 4, 9, 0}, {1, 4, 8, 0}, {1, 5, 7, 0}, {2, 6, 2, 0}, {0, 6, 1, 0}};
    struct ll_link_resolve o = clusters(8);
    struct ll_err err;

    (void)state;
    o.one_to_one = true;
    assert_ok(ll_link_resolve(&o, e, LL_COUNT(e), &err));
    assert_int_equal(e[0].outcome, LL_LINK_MATCHED);
    assert_int_equal(e[1].outcome, LL_LINK_OUTDONE);
    assert_int_equal(e[2].outcome, LL_LINK_MATCHED);
    assert_int_equal(e[3].outcome, LL_LINK_UNSURE);
    assert_int_equal(e[4].outcome, LL_LINK_OUTDONE);
}

/* Two triangles and one weak bridge: the bridge is one of nine pairs between them. */
static void a_single_link_does_not_chain_two_clusters(void **state)
{
    struct ll_link_edge e[] = {{0, 1, 9, 0}, {1, 2, 9, 0}, {0, 2, 9, 0}, {3, 4, 8, 0},
                               {4, 5, 8, 0}, {3, 5, 8, 0}, {2, 3, 5, 0}};
    struct ll_link_resolve o = clusters(6);
    struct ll_err err;

    (void)state;
    assert_ok(ll_link_resolve(&o, e, LL_COUNT(e), &err));
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(e[i].outcome, LL_LINK_MATCHED);
    assert_int_equal(e[6].outcome, LL_LINK_CHAIN);
    o.cohesion = 0;
    assert_ok(ll_link_resolve(&o, e, LL_COUNT(e), &err));
    assert_int_equal(e[6].outcome, LL_LINK_MATCHED);
}

static void a_cluster_keeps_to_its_bound(void **state)
{
    struct ll_link_edge e[] = {{0, 1, 9, 0}, {1, 2, 8, 0}, {0, 2, 8, 0}};
    struct ll_link_resolve o = clusters(3);
    struct ll_err err;

    (void)state;
    o.cluster_max = 2;
    assert_ok(ll_link_resolve(&o, e, LL_COUNT(e), &err));
    assert_int_equal(e[0].outcome, LL_LINK_MATCHED);
    assert_int_equal(e[1].outcome, LL_LINK_CHAIN);
}

/* 0 and 2 were told apart: they do not come together through 1 either. */
static void what_a_person_told_apart_stays_apart(void **state)
{
    const struct ll_link_apart apart[] = {{2, 0}};
    struct ll_link_edge e[] = {{0, 1, 9, 0}, {1, 2, 8, 0}, {0, 2, 8, 0}};
    struct ll_link_resolve o = clusters(3);
    struct ll_err err;

    (void)state;
    o.apart = apart;
    o.n_apart = 1;
    assert_ok(ll_link_resolve(&o, e, LL_COUNT(e), &err));
    assert_int_equal(e[0].outcome, LL_LINK_MATCHED);
    assert_int_equal(e[1].outcome, LL_LINK_APART);
    assert_int_equal(e[2].outcome, LL_LINK_APART);
}

/* At random: matched pairs never make a cluster above the bound, and everything below the threshold stays with persons. */
static void random_pairs_keep_the_promises(void **state)
{
    enum { NODES = 60, EDGES = 400 };
    struct ll_link_edge e[EDGES];
    uint32_t seed = 11, group[NODES];
    struct ll_err err;

    (void)state;
    for (int round = 0; round < 50; round++) {
        struct ll_link_resolve o = clusters(NODES);
        size_t size[NODES] = {0};
        o.cluster_max = 7;
        o.cohesion = round % 5 / 5.0;
        for (size_t i = 0; i < EDGES; i++) {
            seed = seed * 1664525u + 1013904223u;
            e[i] = (struct ll_link_edge){seed >> 8 & 31, 32 + (seed >> 16) % 28, (float)(EDGES - i) / 60, 0};
        }
        assert_ok(ll_link_resolve(&o, e, EDGES, &err));
        for (uint32_t i = 0; i < NODES; i++)
            group[i] = i;
        for (size_t pass = 0; pass < NODES; pass++)
            for (size_t i = 0; i < EDGES; i++)
                if (e[i].outcome == LL_LINK_MATCHED) {
                    uint32_t low = group[e[i].a] < group[e[i].b] ? group[e[i].a] : group[e[i].b];
                    group[e[i].a] = group[e[i].b] = low;
                }
        for (size_t i = 0; i < NODES; i++)
            assert_true(++size[group[i]] <= 7);
        for (size_t i = 0; i < EDGES; i++)
            assert_true(e[i].weight >= 3 || e[i].outcome != LL_LINK_MATCHED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_better_partner_wins),
        cmocka_unit_test(a_single_link_does_not_chain_two_clusters),
        cmocka_unit_test(a_cluster_keeps_to_its_bound),
        cmocka_unit_test(what_a_person_told_apart_stays_apart),
        cmocka_unit_test(random_pairs_keep_the_promises),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
