/* courier.h - sends what subscriptions are to be told (share/webhook.h): one thread, many endpoints at once, one message an endpoint.
 *
 * (1) Only https, with a certificate that holds; no redirects, no proxies, nothing of what the environment says; five seconds to connect, setting
 *     webhook_timeout_ms in all, at most 4 KiB of an answer.
 * (2) The address that is connected to is checked, after the name was resolved and for every attempt (address_rule.h): there is no moment in
 *     which another one could take its place.
 * (3) Every message is signed (RFC 9421) with the platform's key for answers: method, address, Content-Digest; tag "luling-webhook", and the id of
 *     the key is that of /.well-known/jwks.json.
 * (4) One that does not answer holds up nobody else. */
#ifndef LL_HTTP_COURIER_H
#define LL_HTTP_COURIER_H

#include "base/config.h"

struct ll_gateway;
struct ll_journaling;
struct ll_store;
struct ll_courier;

struct ll_courier_opts {
    struct ll_gateway *gateway;
    struct ll_journaling *journaling; /* its keys sign */
    struct ll_store *store;
    const struct ll_settings *set;
};
/* Everything must outlive it. */
int ll_courier_open(const struct ll_courier_opts *o, struct ll_courier **ret, struct ll_err *err) LL_MUST;
struct ll_courier *ll_courier_close(
    struct ll_courier *c); /* breaks off what is under way; it is sent again later.  NULL is fine */
void ll_courier_wake(struct ll_courier *c);

#endif
