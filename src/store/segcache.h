/* segcache.h - open readers of segments, kept for whoever reads the same file next.  Opening one costs about as much as thirty
 * look-ups.  One cache may be shared by threads; a reader that was taken belongs to the taker until it is given back. */
#ifndef LL_STORE_SEGCACHE_H
#define LL_STORE_SEGCACHE_H

#include "store/segment.h"

struct ll_segcache;

/* max_idle: readers kept open while nobody uses them; those unused longest are closed first. */
int ll_segcache_new(unsigned max_idle, struct ll_segcache **ret, struct ll_err *err) LL_MUST;
struct ll_segcache *ll_segcache_free(struct ll_segcache *c); /* NULL is fine; every reader must be back */
int ll_segcache_take(struct ll_segcache *c, const char *path, struct ll_seg **ret,
                     struct ll_err *err) LL_MUST;
void ll_segcache_give(struct ll_segcache *c, struct ll_seg *s); /* NULL is fine */
/* Closes the idle readers of files that were removed, so that their space is freed; those in use close when given back. */
void ll_segcache_sweep(struct ll_segcache *c);
unsigned ll_segcache_idle(struct ll_segcache *c);

#endif
