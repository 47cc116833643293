/* rollup_impl.h - what the files of the roll-up share:
 *
 *   rollup.c         leads
 *   rollup_place.c   who is where, in an engine of its own, then kept by rollup_people.c
 *   rollup_gather.c  each resource once, its records put aside for the part of the households that theirs is in (rollup_parts.c)
 *   rollup_fold.c    part by part, household by household: combined (combine.c), settled (settle.c), sealed
 *   rollup_file.c    the file, rollup_value.c what is in it, rollup_read.c the way back */
#ifndef LL_APPS_RURAL_ROLLUP_IMPL_H
#define LL_APPS_RURAL_ROLLUP_IMPL_H

#include "apps/rural/combine.h"
#include "apps/rural/packed.h"
#include "apps/rural/rollup.h"
#include "apps/rural/rollup_parts.h"
#include "apps/rural/rollup_people.h"
#include "base/parallel.h"
#include "crypto/hash.h"
#include "store/segment.h"

#define LL_ROLLUP_AS "rural_rollup" /* as which values are sealed (vault.h) */
#define LL_ROLLUP_ITEM "household"
enum {
    LL_ROLLUP_SQL = 32 << 20,
    LL_ROLLUP_VALUE = 1 << 20,
    LL_ROLLUP_GROUPS_MAX = 128,
    LL_ROLLUP_COLUMNS_MAX = 64, /* that are read of a resource */
    LL_ROLLUP_PART = 16384,     /* households */
    LL_DAY_TEXT_MAX = 16
};

/* A source of the list and where in the records it finds what it reads; -1: nowhere. */
struct ll_rollup_read {
    size_t source;
    int from, date, only;
};

/* What is read of one resource by one column. */
struct ll_rollup_group {
    const struct ll_rural_source
        *first;                /* those of the list with its resource and `by`, and its kind of whose */
    bool household, describes; /* describes: of a person's records only the one that describes him counts */
    int64_t newest;            /* 0: it has never delivered */
    int64_t rows;
    const char *sql;
    struct ll_rollup_read *reads;
    size_t n_reads;
    const struct ll_item *columns[LL_ROLLUP_COLUMNS_MAX];
    size_t n_columns;
};

struct ll_rollup_work {
    struct ll_data *data;
    const struct ll_catalog *cat;
    const struct ll_rural_list *list;
    struct ll_marks *marks;
    struct ll_arena *arena;
    char day[LL_DAY_TEXT_MAX];
    int32_t today;
    struct ll_lake_conn *c; /* while it is found who is where */
    struct ll_rollup_people *people;
    struct ll_rollup_group groups[LL_ROLLUP_GROUPS_MAX];
    size_t n_groups;
    size_t *group_of; /* of each source of the list; n_groups: of none */
    struct ll_rollup_parts *parts;
    unsigned threads;
};

/* An engine that does not spill, since what it holds is open, and has no threads of its own: ours do the work.  What is streamed from it is a plain scan:
 * of a union of joins it waits for itself once there is more than its buffer takes. */
int ll_rollup_engine(struct ll_rollup_work *w, struct ll_lake **ret, struct ll_err *err) LL_MUST;
/* Runs SQL that a buffer holds and empties it. */
int ll_rollup_exec(struct ll_rollup_work *w, struct ll_buf *sql, struct ll_err *err) LL_MUST;
/* (SELECT ...): the shared rows of a resource in their stored form; *newest 0: it has none, and nothing is appended. */
int ll_rollup_rows_sql(struct ll_rollup_work *w, const struct ll_resource *r, struct ll_buf *sql,
                       int64_t *newest, int64_t *rows, struct ll_err *err) LL_MUST;

/* Fills w->people. */
int ll_rollup_place(struct ll_rollup_work *w, struct ll_err *err) LL_MUST;
/* Fills w->groups, then w->parts. */
int ll_rollup_groups(struct ll_rollup_work *w, struct ll_err *err) LL_MUST;
int ll_rollup_gather(struct ll_rollup_work *w, struct ll_err *err) LL_MUST;

/* A record on its way: numbers of the group and of the household in its part, rank and marks of the person, then each column. */
enum { LL_ROLLUP_HEAD = 1, LL_ROLLUP_PERSON = 2 };

/* The file. */
struct ll_rollup_file;
int ll_rollup_file_open(struct ll_rollup_work *w, const char *path, struct ll_rollup_file **ret,
                        struct ll_err *err) LL_MUST;
/* Threads may count side by side. */
int ll_rollup_file_count(struct ll_rollup_file *f, const struct ll_household *h, struct ll_err *err) LL_MUST;
/* By rising key, one thread at a time. */
int ll_rollup_file_add(struct ll_rollup_file *f, struct ll_str key, struct ll_str village,
                       struct ll_str sealed, struct ll_err *err) LL_MUST;
/* Seals the file, or removes it where rc says that something failed; frees f. */
int ll_rollup_file_end(struct ll_rollup_file *f, struct ll_rollup *run, int rc, struct ll_err *err) LL_MUST;
int ll_rollup_definition(const struct ll_rural_list *l, char sha256[LL_SHA256_HEX],
                         struct ll_err *err) LL_MUST;
int ll_rollup_fold(struct ll_rollup_work *w, struct ll_rollup_file *file, struct ll_err *err) LL_MUST;

/* Its values. */
void ll_rollup_put_household(struct ll_buf *out, const struct ll_household *h);
/* Whatever the bytes are: LL_IO where they are no household of this list.  newest: of each source; texts are those of bytes. */
int ll_rollup_get_household(struct ll_str bytes, const struct ll_rural_list *list, const int64_t *newest,
                            struct ll_household *h, struct ll_arena *arena, struct ll_err *err) LL_MUST;

#endif
