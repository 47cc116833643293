/* address_rule.h - to which addresses the platform connects on behalf of others: public ones, and those that a setting names. */
#ifndef LL_HTTP_ADDRESS_RULE_H
#define LL_HTTP_ADDRESS_RULE_H

#include "share/grant.h"

struct ll_address_rule {
    const struct ll_network *allowed; /* besides public ones */
    size_t n;
};

/* addr: 16 bytes, IPv4 as ::ffff:a.b.c.d.  Addresses that carry an IPv4 one inside (mapped, 6to4, NAT64) are judged by it as well. */
bool ll_address_may(const struct ll_address_rule *rule, const unsigned char addr[16]);

#endif
