/* describe.h - what one organisation may call, as an OpenAPI 3.1 description: its services, modes and items and nothing else, with titles,
 * types, codes, quotas and made-up examples.  Made from the grants as they are at this moment. */
#ifndef LL_SHARE_DESCRIBE_H
#define LL_SHARE_DESCRIBE_H

#include "share/gateway.h"

int ll_describe_services(struct ll_gateway *g, const char *organisation, const char *origin,
                         struct ll_json *j, struct ll_err *err) LL_MUST;

#endif
