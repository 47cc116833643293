/* http/address_rule: what is not public is not connected to, in whatever notation it comes. */
#include "http/address_rule.h"
#include "../test.h"

#include <arpa/inet.h>

static bool may(const char *text, const struct ll_address_rule *rule)
{
    unsigned char addr[16] = {[10] = 0xff, [11] = 0xff};

    if (inet_pton(AF_INET, text, addr + 12) != 1)
        assert_int_equal(inet_pton(AF_INET6, text, addr), 1);
    return ll_address_may(rule, addr);
}

static void test_http_address_rule__only_public_addresses(void **state)
{
    static const char *const refused[] = {
        "0.0.0.0",         "10.0.0.1",     "100.64.0.1",      "127.0.0.1",   "127.255.255.255",
        "169.254.169.254", "172.16.0.1",   "172.31.255.255",  "192.0.0.1",   "192.0.2.1",
        "192.168.1.1",     "198.18.0.1",   "198.51.100.1",    "203.0.113.1", "224.0.0.1",
        "239.255.255.255", "240.0.0.1",    "255.255.255.255", "::",          "::1",
        "::ffff:10.0.0.1", "::127.0.0.1",  "fe80::1",         "fec0::1",     "fc00::1",
        "fd12::1",         "ff02::1",      "2001:db8::1",     "2001::1",     "2002:a00:1::1",
        "64:ff9b::a00:1",  "64:ff9b:1::1", "100::1",          "3fff::1",
    };
    static const char *const fine[] = {"8.8.8.8",       "100.128.0.1",  "172.15.0.1",      "172.32.0.1",
                                       "192.0.1.1",     "223.5.5.5",    "198.20.0.1",      "240e::1",
                                       "2400:3200::1",  "2606:4700::1", "2002:808:808::1", "64:ff9b::808:808",
                                       "::ffff:8.8.8.8"};
    const struct ll_address_rule none = {NULL, 0};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(refused); i++)
        if (may(refused[i], &none))
            fail_msg("%s would be connected to", refused[i]);
    for (size_t i = 0; i < LL_COUNT(fine); i++)
        if (!may(fine[i], &none))
            fail_msg("%s is refused", fine[i]);
}

static void test_http_address_rule__a_setting_allows_some(void **state)
{
    struct ll_network list[2];
    const struct ll_address_rule rule = {list, 2};
    struct ll_err err;

    (void)state;
    assert_int_equal(ll_network_parse(LL_STR("10.8.0.0/16"), &list[0], &err), LL_OK);
    assert_int_equal(ll_network_parse(LL_STR("fd12::/16"), &list[1], &err), LL_OK);
    assert_true(may("10.8.3.4", &rule));
    assert_false(may("10.9.3.4", &rule));
    assert_true(may("fd12::8", &rule));
    assert_false(may("fd13::8", &rule));
    assert_false(may("127.0.0.1", &rule));
    assert_true(may("8.8.8.8", &rule));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_http_address_rule__only_public_addresses),
        cmocka_unit_test(test_http_address_rule__a_setting_allows_some),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
