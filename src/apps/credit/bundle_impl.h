/* bundle_impl.h - between the parts of bundle.h: bundle.c keeps the rows of the control database, bundle_list.c reads lists, bundle_run.c issues, bundle_zip.c
 * puts the file together. */
#ifndef LL_APPS_CREDIT_BUNDLE_IMPL_H
#define LL_APPS_CREDIT_BUNDLE_IMPL_H

#include "apps/credit/bundle.h"
#include "base/fs.h"
#include "crypto/hash.h"
#include "intake/data.h"

#define LL_BUNDLE_SEALED_AS "ll_bundles"

enum { LL_BUNDLE_LIST_BYTES = LL_BUNDLE_SUBJECTS * (LL_BUNDLE_SUBJECT + LL_BUNDLE_REFERENCE + 2) };

/* name: "list", "part-17", "zip". */
int ll_bundle_path(const struct ll_data *d, const char *id, const char *name, char out[LL_PATH],
                   struct ll_err *err) LL_MUST;

/* A row of the list, as it was handed in. */
struct ll_bundle_row {
    struct ll_str subject, reference;
};
/* text: the list's; rows: room for as many as it has. */
void ll_bundle_rows(struct ll_str text, struct ll_bundle_row *rows, size_t n);

/* The ZIP, from what table report_bundle_row says: reports in the order of the list, and index.csv. */
int ll_bundle_zip(struct ll_data *d, const struct ll_bundle *b, const struct ll_bundle_row *rows,
                  char sha256[LL_SHA256_HEX], int64_t *ret_bytes, struct ll_err *err) LL_MUST;

#endif
