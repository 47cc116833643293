/* watch.h - monitoring (贷后监测): an organisation registers the subjects that it has a right to follow, and is told when something about them changes.
 *
 * (1) A registration covers the resources for which the organisation has a grant in force with mode `subscribe` and, where the grant asks for one, a consent of the
 *     subject that covers all its items.  Without any it is refused.  It ends with its day, by hand, and at once with the consent that it rests on; under a grant that is
 *     suspended or over nothing is told.
 * (2) Subjects stand in table watch by pseudonym and masked.  The organisation knows them by its own reference.
 * (3) Every registration, end and event is a look at the subject: it stands in the journal, up to LL_WATCH_PAGE subjects an entry (table watch_page), and an event can be
 *     read by nobody before its entry is durable.  So the subject sees who watches it.
 * (4) The monitor (monitor.h) follows what is published, doubts, repairs and lists, each in order.  The changes of a batch meet the watch list in one pass over both, sorted;
 *     events, and how far the monitor is, are written in one transaction: nothing is told twice or left out.
 * (5) An event says what happened, how grave it is (warning rules of packs) and, under a grant that has mode `changes` and asks for no consent, which granted items changed, with
 *     their values masked as the grant says.  Otherwise it says no more than that a call will tell.  A rule over an item that is not granted as it is does not count.
 * (6) Values of an event are no longer shown once its grant is over or its record is no longer shared; events of a registration whose consent was withdrawn are not shown at all. */
#ifndef LL_SHARE_WATCH_H
#define LL_SHARE_WATCH_H

#include "share/consent.h"
#include "share/gateway.h"
#include "share/tbl/watch_acts.h"
#include "share/tbl/watch_levels.h"

#define X(name, ...) LL_WATCH_##name,
enum ll_watch_level { LL_WATCH_LEVELS(X) LL_WATCH_LEVEL_COUNT };
enum ll_watch_act { LL_WATCH_ACTS(X) LL_WATCH_ACT_COUNT };
#undef X

enum {
    LL_WATCH_MOST = 1000000, /* of one organisation */
    LL_WATCH_PAGE = 1000,
    LL_WATCH_ROWS = 100000, /* of one file */
    LL_WATCH_ERRORS = 1000,
    LL_WATCH_REFERENCE = 64,
    LL_WATCH_PURPOSE = 200,
    LL_WATCH_EVENTS = 200 /* of one answer */
};

const char *ll_watch_level_word(enum ll_watch_level l);
const char *ll_watch_level_title(enum ll_watch_level l, enum ll_lang lang);
const char *ll_watch_act_word(enum ll_watch_act a);
const char *ll_watch_act_title(enum ll_watch_act a, enum ll_lang lang);
bool ll_watch_level_parse(struct ll_str word, enum ll_watch_level *ret);

/* --- the watch list ------------------------------------------------------------------------------------------------------- */

/* What the functions below work in.  Each ll_watch_begin is followed by ll_watch_done, which notes what was done for the journal in the same transaction. */
struct ll_watch_env {
    struct ll_gateway *g;
    struct ll_txn *tx;
    const struct ll_catalog *cat;
    const struct ll_actor *actor;
    struct ll_arena *arena;
};
struct ll_watching;
int ll_watch_begin(const struct ll_watch_env *env, struct ll_watching **ret, struct ll_err *err) LL_MUST;
int ll_watch_done(struct ll_watching *w, struct ll_err *err) LL_MUST;
void ll_watch_close(struct ll_watching *w); /* NULL is fine; before the transaction ends */

struct ll_watch_new {
    struct ll_consent_who who;
    const char *reference, *purpose; /* reference may be NULL */
    int64_t until_at;                /* ms; 0: as long as grants and consents last */
};
/* Again for the same subject: its coverage, end and reference are made anew.  *ret_fresh: it was not watched before.  LL_DENIED: no grant or consent covers it. */
int ll_watch_add(struct ll_watching *w, const struct ll_watch_new *n, int64_t *ret_id, bool *ret_fresh,
                 struct ll_err *err) LL_MUST;
int ll_watch_end(struct ll_watching *w, int64_t id, struct ll_err *err) LL_MUST;
/* Ends what is past its day, a part of it where there is much; *ret_n: how many. */
int ll_watch_expire(struct ll_store *st, int64_t now, int64_t *ret_n, struct ll_err *err) LL_MUST;

/* A CSV file with a header: subject (主体标识), reference (客户编号), until (到期日); UTF-8.  Rows are registered LL_WATCH_PAGE a transaction; those that cannot be are told with row
 * and reason.  Sent again, it makes anew what it made.  Into an object that is open: "received", "added", "renewed", "refused", "errors". */
struct ll_watch_file {
    const char *purpose;
    int64_t until_at; /* of rows without a day of their own */
    struct ll_str text;
};
int ll_watch_load(struct ll_gateway *g, const struct ll_catalog *cat, const struct ll_actor *actor,
                  const struct ll_watch_file *f, struct ll_json *j, struct ll_err *err) LL_MUST;

struct ll_watch_query {
    const char *organisation, *state, *level, *reference; /* NULL: any */
    const char *subject;                                  /* pseudonym; NULL: any */
    int64_t id;                                           /* 0: any */
    size_t offset, limit;
};
struct ll_watch {
    int64_t id, until_at, made_at, ended_at, event_at; /* -1: not */
    const char *organisation, *mask, *reference, *purpose, *state, *why, *level, *account, *client;
};
int ll_watch_list(struct ll_txn *tx, const struct ll_watch_query *q, struct ll_arena *arena,
                  struct ll_watch **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;
/* One object; own: with the organisation's own reference. */
int ll_watch_json(const struct ll_watch_env *env, const struct ll_watch *w, bool own, struct ll_json *j,
                  struct ll_err *err) LL_MUST;
/* {"levels": [...], "rules": [...]} */
int ll_watch_rules_put(struct ll_txn *tx, struct ll_json *j, struct ll_err *err) LL_MUST;

/* Events from before that moment go, a part of them where there are many, once the journal has their pages, which stay; *ret_n: how many. */
int ll_watch_prune(struct ll_store *st, int64_t before, int64_t *ret_n, struct ll_err *err) LL_MUST;

/* How it stands: registrations, events, what the monitor has still to look at, and pages that wait for the journal. */
struct ll_watch_status {
    int64_t active, ended, events, waiting, journal, pruned; /* pruned: events that went by their age */
};
int ll_watch_status(struct ll_txn *tx, struct ll_watch_status *ret, struct ll_err *err) LL_MUST;

/* What an event says openly, the newest first; for who runs the platform. */
struct ll_watch_event {
    int64_t seq, at, watch, level; /* watch 0: all of the organisation's */
    const char *organisation, *resource, *list, *act, *rule, *mask;
};
int ll_watch_event_list(struct ll_txn *tx, const char *organisation, size_t limit, struct ll_arena *arena,
                        struct ll_watch_event **ret, size_t *ret_n, struct ll_err *err) LL_MUST;

/* --- events ----------------------------------------------------------------------------------------------------------------- */

/* Events of the organisation whose entries are durable.  newest: from the newest on, below `cursor`; otherwise after it, oldest first.  "items", "cursor", "more" into an object
 * that is open.  *ret_n: how many. */
struct ll_watch_feed {
    const char *organisation;
    struct ll_str cursor; /* n 0: from the beginning, or the newest */
    bool newest;
    int64_t watch;     /* 0: any */
    const char *level; /* NULL: any */
    size_t limit;
};
int ll_watch_events_put(const struct ll_watch_env *env, const struct ll_watch_feed *f, struct ll_json *j,
                        size_t *ret_n, struct ll_err *err) LL_MUST;

struct ll_journal;
/* Brings pages that the journal lacks into it, at most `limit`; none comes twice. */
int ll_watch_journal(struct ll_store *st, struct ll_journal *j, size_t limit, size_t *ret_n,
                     struct ll_err *err) LL_MUST;

#endif
