/* address_rule.c - see address_rule.h.  The special-purpose registries of IANA (RFC 6890 and its updates), and multicast. */
#include "http/address_rule.h"

#include <string.h>

static const struct {
    unsigned char addr[4];
    unsigned bits;
} special4[] = {
    {{0, 0, 0, 0}, 8},       /* this network */
    {{10, 0, 0, 0}, 8},      /* private, RFC 1918 */
    {{100, 64, 0, 0}, 10},   /* carriers, RFC 6598 */
    {{127, 0, 0, 0}, 8},     /* loopback */
    {{169, 254, 0, 0}, 16},  /* link-local, and the metadata of clouds */
    {{172, 16, 0, 0}, 12},   /* private */
    {{192, 0, 0, 0}, 24},    /* protocol assignments */
    {{192, 0, 2, 0}, 24},    /* documentation */
    {{192, 88, 99, 0}, 24},  /* 6to4 relays */
    {{192, 168, 0, 0}, 16},  /* private */
    {{198, 18, 0, 0}, 15},   /* benchmarks */
    {{198, 51, 100, 0}, 24}, /* documentation */
    {{203, 0, 113, 0}, 24},  /* documentation */
    {{224, 0, 0, 0}, 4},     /* multicast */
    {{240, 0, 0, 0}, 4},     /* reserved, and broadcast */
};

static const struct {
    unsigned char addr[16];
    unsigned bits;
} special6[] = {
    {{0}, 96},                            /* ::, ::1 and the old form of IPv4 */
    {{0x00, 0x64, 0xff, 0x9b, 0, 1}, 48}, /* local NAT64 */
    {{0x01, 0x00}, 64},                   /* discard */
    {{0x20, 0x01}, 23},                   /* protocol assignments, Teredo among them */
    {{0x20, 0x01, 0x0d, 0xb8}, 32},       /* documentation */
    {{0x3f, 0xff}, 20},                   /* documentation */
    {{0x5f}, 16},                         /* segment routing */
    {{0xfc}, 7},                          /* private */
    {{0xfe, 0x80}, 10},                   /* link-local */
    {{0xfe, 0xc0}, 10},                   /* site-local */
    {{0xff}, 8},                          /* multicast */
};

static bool begins(const unsigned char *addr, const unsigned char *net, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;

    return memcmp(addr, net, whole) == 0 && (!rest || ((addr[whole] ^ net[whole]) >> (8 - rest)) == 0);
}

static bool public4(const unsigned char addr[4])
{
    for (size_t i = 0; i < LL_COUNT(special4); i++)
        if (begins(addr, special4[i].addr, special4[i].bits))
            return false;
    return true;
}

static bool public6(const unsigned char addr[16])
{
    static const unsigned char to4[2] = {0x20, 0x02}, nat64[12] = {0x00, 0x64, 0xff, 0x9b};

    for (size_t i = 0; i < LL_COUNT(special6); i++)
        if (begins(addr, special6[i].addr, special6[i].bits))
            return false;
    if (begins(addr, to4, 16))
        return public4(addr + 2);
    return !begins(addr, nat64, 96) || public4(addr + 12);
}

bool ll_address_may(const struct ll_address_rule *rule, const unsigned char addr[16])
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

    for (size_t i = 0; i < rule->n; i++)
        if (ll_network_has(&rule->allowed[i], addr))
            return true;
    return begins(addr, mapped, 96) ? public4(addr + 12) : public6(addr);
}
