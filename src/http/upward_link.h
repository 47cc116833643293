/* upward_link.h - the way to the upper platform: its address and our identity there are settings (upward_url, upward_client), our key is that of purpose
 * `upward`.
 *
 * (1) https with a certificate that holds; http only to the machine itself.  No redirects, no proxies, nothing of what the environment says.
 * (2) The address that is connected to must be public, or within setting upward_networks (dial.h).
 * (3) A token by client credentials with a signed assertion (RFC 7523), asked for anew when it ends; every request signed (RFC 9421).
 * (4) Connections are kept; an answer is at most 64 MiB and takes a minute at most, ten where the request says so. */
#ifndef LL_HTTP_UPWARD_LINK_H
#define LL_HTTP_UPWARD_LINK_H

#include "base/config.h"
#include "share/upward.h"

#include <stdatomic.h>

struct ll_upward_http;

/* stop: breaks off what is under way when it becomes true; NULL: never.  Everything must outlive it.  LL_USAGE: the settings do not say where to. */
int ll_upward_http_open(const struct ll_settings *set, struct ll_keyring *keys, const atomic_bool *stop,
                        struct ll_upward_http **ret, struct ll_err *err) LL_MUST;
struct ll_upward_http *ll_upward_http_close(struct ll_upward_http *h); /* NULL is fine; returns NULL */
struct ll_upward_link ll_upward_http_link(struct ll_upward_http *h);

#endif
