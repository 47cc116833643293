/* feature_kept.h - values of firms as bytes (feature_bytes.h), kept in memory for whoever asks again.
 *
 * (1) All of them rest on the same; what rests on anything else takes the place of them all.
 * (2) LL_FEATURES_KEPT at most: a firm has one of four places, and takes that of the one asked for longest ago.
 * (3) What is let go is wiped.
 * (4) May be shared by threads. */
#ifndef LL_APPS_FINANCE_FEATURE_KEPT_H
#define LL_APPS_FINANCE_FEATURE_KEPT_H

#include "base/buf.h"
#include "base/err.h"

struct ll_feature_kept;
int ll_feature_kept_new(struct ll_feature_kept **ret, struct ll_err *err) LL_MUST;
struct ll_feature_kept *ll_feature_kept_free(struct ll_feature_kept *k); /* NULL is fine; returns NULL */
/* Copies into out.  False: they are not there.  No bytes: there is no such firm. */
bool ll_feature_kept_get(struct ll_feature_kept *k, const char *basis, struct ll_str firm,
                         struct ll_buf *out);
void ll_feature_kept_put(struct ll_feature_kept *k, const char *basis, struct ll_str firm,
                         struct ll_str bytes);
void ll_feature_kept_clear(struct ll_feature_kept *k);
size_t ll_feature_kept_count(struct ll_feature_kept *k);

#endif
