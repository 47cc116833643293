/* durable.h - inside the server: an answer that leaves a trace waits for it, without a thread that waits with it.
 *
 * The connection sleeps while the journal makes the entry durable together with those of everybody else who asks at that moment, and is
 * woken by the journal's thread.  The answer then tells its receipt: an object gets a member "receipt", any answer the header
 * Luling-Receipt.  Without the entry there is no answer: 503, and what the handler wrote is thrown away. */
#ifndef LL_HTTP_DURABLE_H
#define LL_HTTP_DURABLE_H

#include "http/exchange.h"

/* The connection sleeps; when it is woken the server calls ll_durable_end and then sends what x holds. */
void ll_durable_begin(struct ll_exchange *x);
void ll_durable_end(struct ll_exchange *x);
/* The receipt, where there is one, into an object that is open. */
void ll_durable_put(const struct ll_exchange *x, struct ll_json *j);
/* Its index as text; NULL: there is none. */
const char *ll_durable_index(const struct ll_exchange *x, char out[24]);

#endif
