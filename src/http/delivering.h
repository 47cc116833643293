/* delivering.h - brings what happened on the platform itself into the lake (apps/finance/event_deliver.h): every hour, and when somebody asks. */
#ifndef LL_HTTP_DELIVERING_H
#define LL_HTTP_DELIVERING_H

#include "apps/finance/event_deliver.h"

struct ll_delivering;
struct ll_runner;

/* All must outlive it. */
int ll_delivering_open(struct ll_data *d, struct ll_keyring *keys, struct ll_runner *runner,
                       struct ll_delivering **ret, struct ll_err *err) LL_MUST;
struct ll_delivering *ll_delivering_close(struct ll_delivering *w); /* NULL is fine; returns NULL */
/* Delivers at once; who asks while another delivers waits. */
int ll_delivering_now(struct ll_delivering *w, struct ll_event_delivered *ret, struct ll_err *err) LL_MUST;

#endif
