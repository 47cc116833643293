/* peer: whatever a forwarded header says, the peer it names has an address and its text; from anybody but a trusted proxy it says nothing. */
#include "http/peer.h"

#include "base/err.h"

#include <string.h>

static const unsigned char proxy[16] = {[10] = 0xff, [11] = 0xff, [12] = 10, [15] = 5},
                           stranger[16] = {[10] = 0xff, [11] = 0xff, [12] = 10, [15] = 6};

static void find(const struct ll_proxies *p, const struct ll_forwarding *said)
{
    unsigned char addr[16];
    struct ll_peer peer;

    ll_peer_find(p, proxy, false, said, &peer);
    LL_ASSERT(peer.text[0] && ll_address_parse(ll_str(peer.text), addr) && memcmp(addr, peer.addr, 16) == 0);
    LL_ASSERT(peer.forwarded || (!peer.secure && memcmp(peer.addr, proxy, 16) == 0));
    ll_peer_find(p, stranger, true, said, &peer);
    LL_ASSERT(!peer.forwarded && peer.secure && memcmp(peer.addr, stranger, 16) == 0);
}

/* First line: the list; second: X-Forwarded-Proto. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ll_network network = {.bits = 128};
    struct ll_proxies p = {.list = &network, .n = 1};
    struct ll_str list, proto;

    memcpy(network.addr, proxy, 16);
    ll_str_cut((struct ll_str){(const char *)data, size}, '\n', &list, &proto);
    const struct ll_forwarding said = {.forwarded = list, .x_for = list, .x_proto = proto};
    p.header = LL_X_FORWARDED_FOR;
    find(&p, &said);
    p.header = LL_FORWARDED;
    find(&p, &said);
    return 0;
}
