/* problem.h - everything that is wrong with a pack, collected: a steward corrects it all in one go, not one error a run. */
#ifndef LL_CATALOG_PROBLEM_H
#define LL_CATALOG_PROBLEM_H

#include "base/err.h"
#include "base/json.h"

/* Where: file inside the pack; line from 1 (0: the file as a whole); column from 1 (0: the line as a whole). */
struct ll_place {
    const char *file;
    uint64_t line;
    unsigned column;
    const char *column_name; /* NULL when there is no column */
};

struct ll_problem {
    struct ll_place at;
    bool warning;        /* worth a look, but does not stop the pack */
    const char *zh, *en; /* what is wrong and what to change */
};

struct ll_problems;

/* Keeps at most `keep` problems (0: 1000) and counts the rest.  NULL when memory is out. */
struct ll_problems *ll_problems_new(size_t keep);
struct ll_problems *ll_problems_free(struct ll_problems *ps); /* NULL is fine; returns NULL */

/* Texts and place are copied.  The formats take the same arguments in the same order. */
void ll_problem_error(struct ll_problems *ps, struct ll_place at, const char *zh, const char *en, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));
void ll_problem_warning(struct ll_problems *ps, struct ll_place at, const char *zh, const char *en, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

size_t ll_problems_errors(const struct ll_problems *ps); /* all that were found, kept or not */
size_t ll_problems_warnings(const struct ll_problems *ps);
size_t ll_problems_kept(const struct ll_problems *ps);
const struct ll_problem *ll_problems_at(const struct ll_problems *ps, size_t i);
bool ll_problems_out_of_memory(const struct ll_problems *ps); /* some could not be kept for want of memory */
void ll_problems_sort(struct ll_problems *ps);                /* by file, line, column; errors first */

/* One line each: "items.csv:7:3 (element): text". */
void ll_problems_text(const struct ll_problems *ps, enum ll_lang lang, struct ll_buf *out);
void ll_problems_json(const struct ll_problems *ps, struct ll_json *j); /* an array of objects */
/* What an err of a refused pack says: how many, and the first one in full.  Returns LL_INVALID. */
int ll_problems_fail(const struct ll_problems *ps, struct ll_err *err);

#endif
