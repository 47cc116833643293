/* timeline.h - every dated fact of a subject in one stream, newest first: what timeline.csv of the packs declares of its records, and what a
 * use adds of its own (the entry of a list, a repair).
 *
 * (1) A date is taken from the item that a pack names and nowhere else; one that cannot be read is left out and counted.
 * (2) Records are those of the profile (subject.h), under the same bounds and the same masking; what a record says beside its date is the
 *     items that the pack names.
 * (3) Facts are at most LL_TIMELINE_MAX; what was left out is told (`more`). */
#ifndef LL_SHARE_TIMELINE_H
#define LL_SHARE_TIMELINE_H

#include "share/profile_rules.h"
#include "share/subject.h"

enum { LL_TIMELINE_MAX = 20000 };

struct ll_dated {
    int32_t
        day; /* days since 1970; of a month or a year its last day, so that it stands after what led to it */
    enum ll_precision precision;
    const char *kind, *what, *what_en, *tone, *basis;
    const struct ll_resource *resource; /* NULL: the platform's own */
    const char *relation;               /* NULL: the subject's own record */
    struct ll_str key;                  /* of the record, JSON; n 0: none */
    struct ll_str record;               /* the items shown, a JSON object; n 0: none */
    const char *note, *note_en;         /* a sentence beside it; NULL */
    unsigned marks;                     /* enum ll_record_mark */
};

struct ll_timeline {
    const struct ll_profile_rules *rules;
    struct ll_arena *arena;
    bool mask;    /* identifiers of natural persons */
    bool related; /* records, too, in which the subject only occurs */
    struct ll_dated *facts;
    size_t n, room, unread; /* unread: dates that could not be read */
    bool more;
};

/* For ll_subject_opts: takes the facts of a record; ctx is the timeline. */
ll_subject_visit_fn ll_timeline_visit;
/* One more; its texts are kept in the arena by the caller. */
int ll_timeline_add(struct ll_timeline *t, const struct ll_dated *f, struct ll_err *err) LL_MUST;

struct ll_timeline_query {
    struct ll_str kind; /* n 0: all */
    size_t offset, limit;
};
/* "total", "offset", "limit", "kinds", "unread", "more", "facts" into an object that is open. */
void ll_timeline_put(struct ll_timeline *t, const struct ll_timeline_query *q, struct ll_json *j);

#endif
