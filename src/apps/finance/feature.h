/* feature.h - indicators of firms, as tables of packs declare them, computed as of a date from what was known then.
 *
 * (1) An indicator is a row of indicators.csv: over the records of one resource (value and condition are SQL of a row, `combine` says how the rows of
 *     a firm become one value), or over other indicators (combine `of`).
 * (2) Point in time: a record counts as of an instant when its batch was published by then and not withdrawn by then, its newest version
 *     of that time alone counts, and the date that the row names (`date`) is not after that day.  Nothing that came later enters it.
 *     The one exception is the law's: what is no longer shared (a repaired record) is used for no day any more.
 * (3) The firms are those that the base resources (enterprise_fields.csv, field `uscc`) knew then.
 * (4) One firm read alone has the same values as in the table of all.
 * (5) No value without a record: a firm that a resource does not know has the row's `missing`, or none; of a resource that nothing was
 *     published of by then, nothing is known (connected: false). */
#ifndef LL_APPS_FINANCE_FEATURE_H
#define LL_APPS_FINANCE_FEATURE_H

#include "apps/finance/tbl/combines.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "intake/batch.h"
#include "share/marks.h"

enum { LL_FEATURES_MAX = 256, LL_FEATURE_GROUPS_MAX = 64, LL_FEATURE_BASES_MAX = 8, LL_DAY_CHARS = 16 };

enum ll_combine {
#define X(id, word, same) LL_COMBINE_##id,
    LL_COMBINES(X)
#undef X
        LL_COMBINE_COUNT_
};

struct ll_feature {
    const char *name, *title[2], *category, *unit, *basis, *source;
    const char *resource_name, *value, *where, *missing; /* missing n 0: none */
    bool code;                                           /* its values are codes, otherwise numbers */
    enum ll_combine combine;
    unsigned months;                    /* records of the last so many months; 0: of any time */
    const struct ll_codeset *codes;     /* of its values; NULL */
    const struct ll_resource *resource; /* NULL: not in the catalogue, or combine is `of` */
    const struct ll_item *date;         /* NULL: records without a date of their own */
    size_t group;                       /* of its resource; LL_FEATURE_GROUPS_MAX: none */
};

struct ll_feature_set {
    struct ll_feature *features;
    size_t n;
    const struct ll_resource *groups[LL_FEATURE_GROUPS_MAX]; /* each resource once */
    size_t n_groups;
    const struct ll_item *bases[LL_FEATURE_BASES_MAX]; /* items that name the firms, of base_resources */
    const struct ll_resource *base_resources[LL_FEATURE_BASES_MAX];
    size_t n_bases;
    char definition[LL_SHA256_HEX]; /* of all that values depend on but the data (feature_basis.h) */
};

/* In arena; needs the catalogue as long.  LL_NOTFOUND: no pack declares any; LL_INVALID: what is wrong in which row. */
int ll_features_read(struct ll_txn *tx, const struct ll_catalog *cat, struct ll_arena *arena,
                     const struct ll_feature_set **ret, struct ll_err *err) LL_MUST;
int ll_feature_at(const struct ll_feature_set *set, struct ll_str name); /* -1: none */

/* An instant with its day in China. */
struct ll_as_of {
    int64_t ms;
    char day[LL_DAY_CHARS];
};
/* "2026-05-31" (all of it), an instant ("2026-05-31T08:00:00Z"), or NULL: now.  LL_USAGE: neither, or in the future. */
int ll_as_of_read(const char *text, struct ll_as_of *ret, struct ll_err *err) LL_MUST;

/* What an indicator rested on: the batches of its resource that were known. */
struct ll_feature_rows {
    const struct ll_batch *batches;
    size_t n;
};

struct ll_feature_value {
    enum { LL_FV_NONE, LL_FV_NUMBER, LL_FV_CODE } kind;
    double number;
    struct ll_str code;
};

struct ll_features_asked {
    struct ll_data *data;
    struct ll_marks *marks; /* what is no longer shared; NULL: all is */
    const struct ll_feature_set *set;
    struct ll_as_of as_of;
    struct ll_str firm; /* n 0: all */
};
/* Each firm in the order of its code, one value an indicator; what fn gets lives until it returns.  rows: LL_FEATURE_GROUPS_MAX of them, in
 * arena; NULL: not asked for.  LL_INVALID names the row whose SQL is not what it may be. */
typedef int ll_features_fn(void *ctx, struct ll_str firm, const struct ll_feature_value *values,
                           struct ll_err *err);
int ll_features_each(const struct ll_features_asked *a, struct ll_arena *arena, struct ll_feature_rows *rows,
                     ll_features_fn *fn, void *ctx, struct ll_err *err) LL_MUST;

/* Which batches of each group's resource were known then: rows of LL_FEATURE_GROUPS_MAX. */
int ll_features_known(struct ll_data *d, const struct ll_feature_set *set, const struct ll_as_of *as_of,
                      struct ll_arena *arena, struct ll_feature_rows *rows, struct ll_err *err) LL_MUST;

/* uses: a flag an indicator of the set; sets those that the flagged ones are computed from, too. */
void ll_features_close(const struct ll_feature_set *set, bool *uses);
/* The names of items of a group's resource that the flagged indicators read; ret: as many as the resource has items. */
size_t ll_features_items(const struct ll_feature_set *set, const bool *uses, size_t group,
                         struct ll_str *ret);

const char *ll_combine_word(enum ll_combine c);

/* Members of an object that is open: what an indicator is; the resources with the batches that were known; a value. */
void ll_feature_put(struct ll_json *j, const struct ll_feature *f);
/* "total", "batches" (the newest 20) of one resource. */
void ll_feature_put_rows(struct ll_json *j, const struct ll_feature_rows *rows);
void ll_features_put_known(struct ll_json *j, const struct ll_feature_set *set,
                           const struct ll_feature_rows *rows);
void ll_feature_put_value(struct ll_json *j, const struct ll_feature *f, const struct ll_feature_value *v);

/* An engine of its own that spills nothing, since what it holds is open.  work: names its folder of scratch.  Both are the caller's to close, also after
 * a failure. */
struct ll_lake;
struct ll_lake_conn;
int ll_feature_engine(struct ll_data *d, const char *work, struct ll_lake **ret, struct ll_lake_conn **ret_c,
                      struct ll_err *err) LL_MUST;

#endif
