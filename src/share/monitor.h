/* monitor.h - follows what happens to watched subjects (watch.h, promise 4): batches published and withdrawn, doubts, repairs, and lists that a document decided.
 *
 * Of a batch everything that changed comes of one statement of the engine.  Its events are written in the order of subjects, some ten thousands a transaction that also says
 * how far it is: a process that dies goes on behind the last subject that had its events. */
#ifndef LL_SHARE_MONITOR_H
#define LL_SHARE_MONITOR_H

#include "share/gateway.h"

struct ll_monitor;
/* A thread that looks every half second.  g and d must outlive it. */
int ll_monitor_open(struct ll_gateway *g, struct ll_data *d, struct ll_monitor **ret,
                    struct ll_err *err) LL_MUST;
struct ll_monitor *ll_monitor_close(struct ll_monitor *m); /* NULL is fine; returns NULL */
/* Raises events for everything that happened until now. */
int ll_monitor_catch_up(struct ll_gateway *g, struct ll_data *d, struct ll_err *err) LL_MUST;

#endif
