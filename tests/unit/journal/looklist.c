/* The tree over chains of looks: every subject's path leads to the root, and that of somebody of whom nobody asked does, too. */
#include "journal/looklist.h"

#include "../test.h"
#include "crypto/base64.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 300 };

static struct ll_look_head head_of(unsigned seed, unsigned looks)
{
    struct ll_look_head h;
    struct ll_node link;

    ll_sha256(&seed, sizeof seed, h.subject);
    ll_look_start(&h);
    for (unsigned i = 0; i < looks; i++) {
        ll_sha256(&i, sizeof i, link.b);
        ll_look_add(&h, &link);
    }
    return h;
}

/* What the path makes of a place, by the text of looklist.h alone. */
static void climb(const unsigned char subject[LL_DIGEST], const struct ll_node sibling[LL_LOOK_HEIGHT],
                  struct ll_node node, struct ll_node *ret)
{
    static const struct ll_node nothing;

    for (unsigned i = 0; i < LL_LOOK_HEIGHT; i++) {
        unsigned depth = LL_LOOK_HEIGHT - 1 - i;
        bool right = subject[depth / 8] >> (7 - depth % 8) & 1;
        const struct ll_node *l = right ? &sibling[i] : &node, *r = right ? &node : &sibling[i];
        if (!ll_node_eq(l, &nothing) || !ll_node_eq(r, &nothing)) {
            unsigned char both[65] = {1};
            memcpy(both + 1, l->b, 32);
            memcpy(both + 33, r->b, 32);
            ll_sha256(both, sizeof both, node.b);
        }
    }
    *ret = node;
}

static void assert_path(const struct ll_look_head *h, size_t n, const struct ll_look_head *who, bool there)
{
    struct ll_node sibling[LL_LOOK_HEIGHT], root, same, made, place;
    size_t at = 0, count = 0;
    bool found = false;

    ll_look_node(h, n, 0, &root);
    ll_look_path(h, n, 0, who->subject, sibling, &at, &count, &same);
    assert_true(ll_node_eq(&root, &same));
    for (size_t i = at; i < at + count; i++)
        found = found || ll_look_order(&h[i], who) == 0;
    assert_int_equal(found, there);
    ll_look_node(h + at, count, LL_LOOK_HEIGHT, &place);
    climb(who->subject, sibling, place, &made);
    assert_true(ll_node_eq(&made, &root));
}

static void a_path_leads_to_the_root_whether_somebody_is_there_or_not(void **state)
{
    struct ll_look_head *h = calloc(MOST, sizeof *h), who;

    (void)state;
    for (size_t n = 0; n < MOST; n = n * 2 + 1) {
        for (size_t i = 0; i < n; i++)
            h[i] = head_of((unsigned)i, (unsigned)i % 7 + 1);
        qsort(h, n, sizeof *h, ll_look_order);
        for (size_t i = 0; i < n; i++)
            assert_path(h, n, &h[i], true);
        for (unsigned i = 0; i < 50; i++) {
            who = head_of(MOST + i, 0);
            assert_path(h, n, &who, false);
        }
    }
    free(h);
}

static void two_of_one_place_both_count(void **state)
{
    struct ll_look_head h[3] = {head_of(1, 2), head_of(1, 3), head_of(2, 1)}, who;
    struct ll_node both, one;

    (void)state;
    h[1].subject[LL_DIGEST - 1] ^= 1;
    qsort(h, 3, sizeof *h, ll_look_order);
    for (size_t i = 0; i < 3; i++)
        assert_path(h, 3, &h[i], true);
    who = head_of(1, 2);
    who.subject[LL_DIGEST - 2] ^= 1;
    assert_path(h, 3, &who, false);
    ll_look_node(h, 3, 0, &both);
    for (size_t i = 0; i < 3; i++) {
        h[i].looks++;
        ll_look_node(h, 3, 0, &one);
        assert_false(ll_node_eq(&both, &one));
        h[i].looks--;
    }
}

static void an_empty_tree_is_32_zeros(void **state)
{
    struct ll_node root, nothing = {{0}};

    (void)state;
    ll_look_node(NULL, 0, 0, &root);
    assert_true(ll_node_eq(&root, &nothing));
}

/* By hand, with Python's hashlib, from the text of looklist.h. */
static void hashes_are_those_of_the_description(void **state)
{
    struct ll_look_head h = {.looks = 0};
    struct ll_node leaf, link, root;
    char hex[65] = "";
    struct ll_buf text = LL_BUF_INIT(256);

    (void)state;
    for (unsigned i = 0; i < LL_DIGEST; i++)
        h.subject[i] = (unsigned char)(i * 7);
    memset(leaf.b, 0x11, sizeof leaf.b);
    ll_look_start(&h);
    ll_look_link(LL_STR("0123456789abcdef"), 258, &leaf, &link);
    ll_look_add(&h, &link);
    ll_look_node(&h, 1, 0, &root);
    ll_hex_put(&text, root.b, sizeof root.b);
    memcpy(hex, text.p, 64);
    assert_string_equal(hex, "51b88f7305487cd7d9245a2c90dddda8d06fc568b50ffa90a5dc8723549d9eee");
    ll_buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_leads_to_the_root_whether_somebody_is_there_or_not),
        cmocka_unit_test(two_of_one_place_both_count),
        cmocka_unit_test(an_empty_tree_is_32_zeros),
        cmocka_unit_test(hashes_are_those_of_the_description),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
