/* zip_store.h - a ZIP file of entries that are stored as they are, written piece by piece: for files that do not get smaller (PDF), whose bytes go on at
 * once, sealed, so that nothing of them lies open meanwhile.
 *
 * (1) Names are UTF-8.  All of it has less than 4 GiB and at most LL_ZIP_ENTRIES entries: LL_TOOBIG otherwise.
 * (2) The same entries at the same moment give the same bytes. */
#ifndef LL_REPORT_ZIP_STORE_H
#define LL_REPORT_ZIP_STORE_H

#include "base/buf.h"
#include "base/err.h"

enum { LL_ZIP_ENTRIES = 60000 };

struct ll_zip_store;
/* put takes the bytes, in order.  at: the moment that every entry bears. */
int ll_zip_store_open(int (*put)(void *ctx, const void *p, size_t n, struct ll_err *err), void *ctx,
                      int64_t at, struct ll_zip_store **ret, struct ll_err *err) LL_MUST;
int ll_zip_store_add(struct ll_zip_store *z, const char *name, struct ll_str content,
                     struct ll_err *err) LL_MUST;
int ll_zip_store_end(struct ll_zip_store *z, struct ll_err *err) LL_MUST; /* nothing can be added then */
struct ll_zip_store *ll_zip_store_close(struct ll_zip_store *z);          /* NULL is fine; returns NULL */

#endif
