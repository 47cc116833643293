/* manifest.h - the sealed batch's own description, manifest.json in its folder: what it was made from, what it holds, and the SHA-256 of
 * each file.  Written last, so that a folder with a manifest is whole. */
#ifndef LL_INTAKE_MANIFEST_H
#define LL_INTAKE_MANIFEST_H

#include "intake/delivery.h"
#include "intake/seal.h"

struct ll_manifest_in {
    const struct ll_delivery *delivery;
    const struct ll_source_info *source;
    const struct ll_plan *plan;
    const struct ll_sealed *sealed;
    int64_t deletes, previous_at;
    struct ll_data_key key; /* under which the batch's items are sealed; id 0: it has none */
};

/* Hashes the files in dir and writes dir/manifest.json; everything is synced when it returns. */
int ll_manifest_write(const char *dir, const struct ll_manifest_in *in, struct ll_err *err) LL_MUST;

/* What the control database needs of it. */
struct ll_manifest {
    const char *batch, *resource, *mode, *quality; /* in arena; quality: JSON */
    int64_t version, received, rows, deletes, quarantined, sealed_at;
    struct ll_data_key key; /* id 0: none */
    char sha256[65];        /* of manifest.json itself */
};
int ll_manifest_read(const char *dir, struct ll_arena *arena, struct ll_manifest *ret,
                     struct ll_err *err) LL_MUST;

/* Compares every file in dir with the manifest.  LL_INVALID names the first that differs, is missing, or is not listed. */
int ll_manifest_verify(const char *dir, struct ll_err *err) LL_MUST;

#endif
