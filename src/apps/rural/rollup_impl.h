/* rollup_impl.h - what the files of the roll-up share: rollup.c leads, rollup_place.c says who is where, rollup_sql.c writes the statements,
 * rollup_file.c the file. */
#ifndef LL_APPS_RURAL_ROLLUP_IMPL_H
#define LL_APPS_RURAL_ROLLUP_IMPL_H

#include "apps/rural/rollup.h"
#include "apps/rural/settle.h"
#include "crypto/hash.h"
#include "store/segment.h"

#define LL_ROLLUP_AS "rural_rollup" /* as which values are sealed (vault.h) */
#define LL_ROLLUP_ITEM "household"
enum { LL_ROLLUP_SQL = 32 << 20, LL_ROLLUP_GROUPS_MAX = 128, LL_DAY_TEXT_MAX = 16 };

/* What is read of one resource by one column: a table of the engine, g<i>. */
struct ll_rollup_group {
    const struct ll_rural_source
        *first; /* those of the list with its resource and `by`, and its kind of whose */
    bool household;
    int64_t newest; /* 0: it has never delivered, and there is no table */
};

struct ll_rollup_work {
    struct ll_data *data;
    const struct ll_catalog *cat;
    const struct ll_rural_list *list;
    struct ll_marks *marks;
    struct ll_arena *arena;
    char day[LL_DAY_TEXT_MAX];
    int32_t today;
    struct ll_lake *lake;
    struct ll_lake_conn *c;
    struct ll_rollup_group groups[LL_ROLLUP_GROUPS_MAX];
    size_t n_groups;
    size_t *group_of; /* of each source of the list; n_groups: of none */
    uint64_t households, members;
};

/* Runs SQL that a buffer holds and empties it. */
int ll_rollup_exec(struct ll_rollup_work *w, struct ll_buf *sql, struct ll_err *err) LL_MUST;
/* (SELECT ...): the shared rows of a resource in their stored form; *newest 0: it has none, and nothing is appended. */
int ll_rollup_rows_sql(struct ll_rollup_work *w, const struct ll_resource *r, struct ll_buf *sql,
                       int64_t *newest, struct ll_err *err) LL_MUST;
/* An item as text, as reading a single record gives it; NULL where there is none. */
void ll_rollup_text(struct ll_buf *sql, const struct ll_resource *r, const struct ll_item *item);

/* Makes hh (h, k, no, head, village, ...) and m (h, p, o, head, rh, rs). */
int ll_rollup_place(struct ll_rollup_work *w, struct ll_err *err) LL_MUST;
/* Makes g<i>: h, and of each source s of it v<s>, d<s>, n<s>. */
int ll_rollup_gather(struct ll_rollup_work *w, size_t group, struct ll_err *err) LL_MUST;

/* The file. */
struct ll_rollup_file;
int ll_rollup_file_open(struct ll_rollup_work *w, const char *path, struct ll_rollup_file **ret,
                        struct ll_err *err) LL_MUST;
/* By rising key. */
int ll_rollup_file_add(struct ll_rollup_file *f, struct ll_str key, const struct ll_household *h,
                       struct ll_err *err) LL_MUST;
/* Seals the file, or removes it where rc says that something failed; frees f. */
int ll_rollup_file_end(struct ll_rollup_file *f, struct ll_rollup *run, int rc, struct ll_err *err) LL_MUST;
int ll_rollup_definition(const struct ll_rural_list *l, char sha256[LL_SHA256_HEX],
                         struct ll_err *err) LL_MUST;

#endif
