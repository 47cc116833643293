/* dial.h - libcurl's question for a socket, answered by the address that is connected to (address_rule.h): there is no moment between the check and
 * the connection in which another address could take its place. */
#ifndef LL_HTTP_DIAL_H
#define LL_HTTP_DIAL_H

#include "http/address_rule.h"

#include <curl/curl.h>

struct ll_dial {
    const struct ll_address_rule *rule;
    bool forbidden; /* the last address that was asked for may not be connected to */
};
/* CURLOPT_OPENSOCKETFUNCTION; ctx a struct ll_dial. */
curl_socket_t ll_dial_open(void *ctx, curlsocktype purpose, struct curl_sockaddr *a);

#endif
