/* publish.h - makes sealed batches visible: segments built aside, then listed in one transaction.  Whoever calls any of these holds the
 * resource's lock. */
#ifndef LL_INTAKE_PUBLISH_H
#define LL_INTAKE_PUBLISH_H

#include "intake/batch.h"
#include "intake/seal.h"

/* Builds the segment of a sealed batch, lists it (a snapshot replaces what was listed), marks batch and delivery published and closes
 * the quarantined rows that it mends.  A batch that waited while later ones were published shows below them.  Running it again after a
 * crash at any instant gives the same result. */
int ll_publish(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b,
               ll_seal_progress *progress, void *ctx, struct ll_err *err) LL_MUST;

/* Builds the segments of everything that this version of a resource shows anew from the lake and lists them instead of those there
 * are. */
int ll_publish_again(struct ll_data *d, const struct ll_resource *r, struct ll_err *err) LL_MUST;

/* The same of the version that shows now: the newest that has a published batch. */
int ll_publish_shown(struct ll_data *d, const char *resource, struct ll_err *err) LL_MUST;

/* A withdrawal marks what is listed as outdated (built_at 0) and then lists anew; this finishes one that a crash cut short. */
int ll_publish_mend(struct ll_data *d, const char *resource, struct ll_err *err) LL_MUST;

/* Merges the newest segments of similar size when there are more than `most`.  What readers see does not change. */
int ll_publish_compact(struct ll_data *d, const struct ll_resource *r, unsigned most,
                       struct ll_err *err) LL_MUST;

/* Removes segment files of the resource that no row lists. */
int ll_publish_sweep(struct ll_data *d, const char *resource, struct ll_err *err) LL_MUST;

#endif
