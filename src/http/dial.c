/* dial.c - see dial.h. */
#include "http/dial.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static bool address_of(const struct curl_sockaddr *a, unsigned char out[16])
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

    if (a->family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, &a->addr, sizeof in);
        memcpy(out, mapped, sizeof mapped);
        memcpy(out + 12, &in.sin_addr, 4);
        return true;
    }
    if (a->family == AF_INET6 && a->addrlen >= sizeof(struct sockaddr_in6)) {
        struct sockaddr_in6 in;
        memcpy(&in, &a->addr, sizeof in);
        memcpy(out, &in.sin6_addr, 16);
        return true;
    }
    return false;
}

curl_socket_t ll_dial_open(void *ctx, curlsocktype purpose, struct curl_sockaddr *a)
{
    struct ll_dial *d = ctx;
    unsigned char addr[16];

    d->forbidden = purpose != CURLSOCKTYPE_IPCXN || !address_of(a, addr) || !ll_address_may(d->rule, addr);
    return d->forbidden ? CURL_SOCKET_BAD : socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}
