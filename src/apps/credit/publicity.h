/* publicity.h - how long a decision of double publicity (双公示) is shown to the public, and what ended that early.
 *
 * (1) Whether a record is shown on a day follows from the record, the rules of pack `credit` and table publicity_stop, each time it is
 *     asked. Nothing is stored of it and no job ends anything, so that none can be forgotten.
 * (2) Periods count from the day of the decision (Order 36 of 2025: 自司法、行政公（事）务文书认定之日起). The last day is one of them.
 * (3) What the record itself says of its end counts within the bounds of the rule only: no department shortens the least or exceeds the
 *     most months of a degree.
 * (4) An early end is a row of publicity_stop. At most one holds for a record; it is lifted rather than deleted, and both stay with their
 *     reasons and documents.
 *
 * Days are days since 1970-01-01, in China (share/workdays.h). A record is named by its resource and its key as a JSON array of texts
 * (ll_table_put_key). Who may stop or lift, and the entry in the journal, is the matter of the workflow that calls. */
#ifndef LL_APPS_CREDIT_PUBLICITY_H
#define LL_APPS_CREDIT_PUBLICITY_H

#include "share/actor.h"
#include "store/store.h"

enum { LL_PUBLIC_NO_DAY = INT32_MIN };
#define LL_PUBLIC_PERSON "自然人" /* code of XDR_TYPE */

/* --- the rules: publicity_kinds.csv, publicity_periods.csv, publicity_grades.csv of pack `credit` -------------------------- */

/* A kind of decision; which items of its resource mean what.  Names of items are "" where the resource has none of that. */
struct ll_public_kind {
    const char *name, *title, *title_en, *resource;
    const char *number, *party, *party_class, *party_code, *decided, *until, *level, *categories, *authority,
        *department, *department_code, *grounds, *content;
    unsigned report_days;       /* working days within which a decision must be reported */
    const char *basis, *source; /* how far that may be trusted, and its clause */
};

/* How long decisions of a kind and degree are shown. */
struct ll_public_period {
    const char *kind, *level; /* code of DISHONESTY_LEVEL; "": of any */
    bool bounded;             /* by months; otherwise as long as item `until` says */
    unsigned least, most;     /* months; least 0: shown only where the record says until when */
    bool least_without;       /* where the record says nothing: the least months; otherwise the most */
    const char *note, *note_en, *basis, *source;
};

/* The degree that a category of penalty stands for, where the record has none of its own. */
struct ll_public_grade {
    const char *kind, *code, *level, *basis, *source;
};

struct ll_public_rules {
    const struct ll_public_kind *kinds;
    const struct ll_public_period *periods;
    const struct ll_public_grade *grades;
    size_t n_kinds, n_periods, n_grades;
};

/* In arena.  LL_NOTFOUND: the pack is not loaded. */
int ll_public_rules_read(struct ll_txn *tx, struct ll_arena *arena, struct ll_public_rules *ret,
                         struct ll_err *err) LL_MUST;
/* By its name or its resource; NULL: none. */
const struct ll_public_kind *ll_public_kind_find(const struct ll_public_rules *r, struct ll_str name);

/* --- a record ------------------------------------------------------------------------------------------------------------- */

/* What a record says that matters here. */
struct ll_public_facts {
    int32_t decided, until;   /* LL_PUBLIC_NO_DAY: it does not say */
    struct ll_str level;      /* code of DISHONESTY_LEVEL; empty: none */
    struct ll_str categories; /* codes, ';' between them */
};

enum ll_public_state {
    LL_PUBLIC_SHOWN,
    LL_PUBLIC_COMING, /* its first day is still to come */
    LL_PUBLIC_ENDED,  /* its last day is over */
    LL_PUBLIC_NEVER,  /* of a degree that is not published, or without what a period needs */
    LL_PUBLIC_STOPPED /* ended early, by a row of publicity_stop */
};

struct ll_public_stop {
    int64_t id;
    const char *resource, *record;
    int32_t since;                 /* first day on which it is not shown */
    const char *reason, *document; /* document: what decided it, such as the number of the repair decision */
    const char *account, *organisation; /* who; NULL: the platform itself */
    int64_t made_at;                    /* ms */
    int32_t lifted;                     /* first day on which it is shown again; LL_PUBLIC_NO_DAY: it holds */
    const char *lift_reason, *lift_document, *lifted_by; /* NULL unless lifted */
};

struct ll_public_show {
    enum ll_public_state state;
    int32_t from, until; /* both inclusive; LL_PUBLIC_NO_DAY: there is no such day */
    int32_t repair_from; /* from when on repair may be applied for: the least months are over */
    const char *level;   /* the degree that counted; "": the kind has none */
    bool level_derived;  /* from the categories: the record has none of its own */
    const struct ll_public_period *rule; /* NULL: none fits */
    const struct ll_public_stop *stop;   /* of STOPPED */
};

/* By the rules alone, on that day. */
void ll_public_by_rule(const struct ll_public_rules *rules, const struct ll_public_kind *kind,
                       const struct ll_public_facts *facts, int32_t day, struct ll_public_show *ret);
/* By the rules and by what stopped it, as tx sees it: "state at date".  In arena. */
int ll_public_at(struct ll_txn *tx, const struct ll_public_rules *rules, const struct ll_public_kind *kind,
                 const char *record, const struct ll_public_facts *facts, int32_t day, struct ll_arena *arena,
                 struct ll_public_show *ret, struct ll_err *err) LL_MUST;

/* --- early ends ----------------------------------------------------------------------------------------------------------- */

/* Stops from s->since on: resource, record, since, reason (2 to 500 characters) and document (1 to 200) are taken of s.  LL_CONFLICT: it is stopped
 * already.  *ret_id may be NULL. */
int ll_public_stop(struct ll_txn *tx, const struct ll_public_stop *s, const struct ll_actor *by,
                   int64_t *ret_id, struct ll_err *err) LL_MUST;
/* Shown again from `from` on, as far as its period goes.  LL_NOTFOUND: nothing stops it; LL_INVALID: from lies before its stop. */
int ll_public_lift(struct ll_txn *tx, const char *resource, const char *record, int32_t from,
                   const char *reason, const char *document, const struct ll_actor *by,
                   struct ll_err *err) LL_MUST;
/* All that ever stopped it, the newest first; in arena. */
int ll_public_stops(struct ll_txn *tx, const char *resource, const char *record, struct ll_arena *arena,
                    struct ll_public_stop **ret, size_t *ret_n, struct ll_err *err) LL_MUST;

const char *ll_public_state_name(enum ll_public_state s); /* "shown", "coming", "ended", "never", "stopped" */
/* The same day `months` later, the last of that month where it has no such day. */
int32_t ll_public_months_later(int32_t day, unsigned months);

#endif
