/* feature_file.h - the feature store: every indicator of every firm as of an instant, kept.
 *
 * (1) A run is one file, DATA/features/<id>.db, that never changes, made aside and moved when whole: who removes it removes the run.
 * (2) Its key is the firm's credit code; the values are sealed as one, as items of grades 3 and 4 are.
 * (3) It says what it rests on: the instant, the definition of the indicators (as a hash), and of each resource the batches that were known then.
 *     Computed again as of that instant it comes out the same, whatever was delivered since (ll_feature_run_verify). */
#ifndef LL_APPS_FINANCE_FEATURE_FILE_H
#define LL_APPS_FINANCE_FEATURE_FILE_H

#include "apps/finance/feature.h"

struct ll_feature_run {
    char id[LL_ID_TEXT];
    struct ll_as_of as_of;
    const char *sha256, *lineage; /* of the definition; JSON {"resource": ["batch", ...], ...} */
    const char *basis;            /* feature_basis.h; "": not known, so that nobody takes it for another's */
    bool automatic;               /* made by the server itself (feature_auto.h) */
    int64_t made_at;
    uint64_t firms, indicators;
};

int ll_feature_run_make(const struct ll_features_asked *a, bool automatic, struct ll_arena *arena,
                        struct ll_feature_run *ret, struct ll_err *err) LL_MUST;
/* LL_NOTFOUND: it is gone already.  Whoever has it open reads on. */
int ll_feature_run_remove(struct ll_data *d, const char *id, struct ll_err *err) LL_MUST;
/* The newest first; in arena. */
int ll_feature_run_list(struct ll_data *d, struct ll_arena *arena, struct ll_feature_run **ret, size_t *ret_n,
                        struct ll_err *err) LL_MUST;
/* id NULL: the newest.  LL_NOTFOUND. */
int ll_feature_run_get(struct ll_data *d, const char *id, struct ll_arena *arena, struct ll_feature_run *ret,
                       struct ll_err *err) LL_MUST;

/* LL_CONFLICT: the indicators were changed since. */
struct ll_feature_reader;
int ll_feature_run_open(struct ll_data *d, const struct ll_feature_run *run, const struct ll_feature_set *set,
                        struct ll_feature_reader **ret, struct ll_err *err) LL_MUST;
void ll_feature_run_close(struct ll_feature_reader *r); /* NULL is fine */
/* 1; 0: the run does not have the firm.  values: one an indicator; borrowed until the next call. */
int ll_feature_run_find(struct ll_feature_reader *r, struct ll_str firm,
                        const struct ll_feature_value **values, struct ll_err *err) LL_MUST;
int ll_feature_run_each(struct ll_feature_reader *r, ll_features_fn *fn, void *ctx,
                        struct ll_err *err) LL_MUST;

/* Computes the run's instant anew and counts firms that differ from the file, or are in one of both only. */
int ll_feature_run_verify(const struct ll_features_asked *a, const struct ll_feature_run *run,
                          struct ll_arena *arena, uint64_t *firms, uint64_t *different,
                          struct ll_err *err) LL_MUST;

#endif
