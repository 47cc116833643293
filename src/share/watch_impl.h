/* watch_impl.h - what the parts of watch.h and monitor.h share: watch.c keeps the watch list, watch_load.c reads files for it, watch_list.c tells it,
 * watch_rules.c how grave what happened is, watch_raise.c makes events, watch_events.c tells them, watch_journal.c brings pages into the journal. */
#ifndef LL_SHARE_WATCH_IMPL_H
#define LL_SHARE_WATCH_IMPL_H

#include "share/correction_impl.h"
#include "share/watch.h"

/* Events are sealed as values of this; no pack can have a resource of the name. */
#define LL_WATCH_AS "ll_watch"

/* --- warning rules ---------------------------------------------------------------------------------------------------------- */

enum { LL_WATCH_RULES = 64 };
struct ll_watch_rule {
    const char *name, *resource, *list, *item, *values, *title, *title_en, *basis,
        *source; /* "" where it has none of that; values: '|' between */
    bool acts[LL_WATCH_ACT_COUNT];
    enum ll_watch_level level;
};
/* Those that may apply to a resource (NULL: to lists), the gravest first. */
struct ll_watch_rules {
    struct ll_watch_rule *list;
    size_t n;
};
int ll_watch_rules_read(struct ll_txn *tx, const char *resource, struct ll_arena *arena,
                        struct ll_watch_rules *ret, struct ll_err *err) LL_MUST;
bool ll_watch_rule_has(const struct ll_watch_rule *r, struct ll_str value); /* its values have it */

/* A list of lists.csv, as far as events need it. */
struct ll_watch_listing {
    const char *name, *kind, *title, *title_en;
    bool agencies; /* told to agencies only */
};
/* 1: found; 0: no pack has it. */
int ll_watch_listing_find(struct ll_txn *tx, const char *name, struct ll_arena *arena,
                          struct ll_watch_listing *ret, struct ll_err *err) LL_MUST;

/* --- what happened ------------------------------------------------------------------------------------------------------------ */

/* A record that changed.  Offsets in the changes' bytes; 0: nothing. */
struct ll_watch_change {
    char subject[LL_PSEUDONYM_TEXT];
    enum ll_watch_act act;
    uint64_t rules;    /* bits of those that apply */
    size_t key, n_key; /* a JSON array of texts */
    size_t differs;    /* a character an item, '1' where it changed; of a new record all did */
    size_t values;     /* of every item, watch_change.c */
};
struct ll_watch_changes {
    const struct ll_resource *resource;     /* NULL: a list */
    const struct ll_watch_listing *listing; /* NULL: a resource */
    const char *batch;                      /* may be NULL */
    int64_t at;
    struct ll_watch_rules rules;
    struct ll_watch_change *list;
    size_t n, room, most;
    struct ll_buf bytes;
    bool wants_values; /* some grant may be told values */
    bool over;         /* more than can be named: everybody is told to ask anew */
    struct ll_arena *scratch;
};
/* most: how many changes are named; beyond them c->over is set. */
int ll_watch_changes_open(struct ll_watch_changes *c, size_t most, struct ll_err *err) LL_MUST;
void ll_watch_changes_free(struct ll_watch_changes *c);
/* What a batch did; records that are no longer shared are not among it. */
int ll_watch_changes_of(struct ll_gateway *g, struct ll_data *d, const struct ll_batch *b, bool withdrawn,
                        struct ll_watch_changes *c, struct ll_err *err) LL_MUST;
/* One more, without values. */
int ll_watch_changes_add(struct ll_watch_changes *c, const char *subject, enum ll_watch_act act,
                         struct ll_str key, struct ll_err *err) LL_MUST;
/* The value of item `at` of a change that has values; borrowed. */
struct ll_seg_value ll_watch_value(const struct ll_watch_changes *c, const struct ll_watch_change *of,
                                   size_t at);

/* Where one has got with the changes of one source: subjects up to `after` have had their events. */
struct ll_watch_place {
    char after[LL_PSEUDONYM_TEXT];
    bool more;
};
/* Writes events in the caller's transaction, some ten thousands at most.  Sorts the changes. */
int ll_watch_raise(struct ll_gateway *g, struct ll_txn *tx, const struct ll_catalog *cat,
                   struct ll_watch_changes *c, struct ll_watch_place *place, struct ll_err *err) LL_MUST;

/* --- pages ---------------------------------------------------------------------------------------------------------------------- */

/* What the journal is to have of an act: a row of watch_page.  subjects: pseudonyms with commas between, already in quotes. */
struct ll_watch_page {
    const char *act, *organisation, *account, *client, *purpose, *resource, *batch;
    int64_t first, at;
    size_t n;
    enum ll_watch_level level;
    struct ll_str subjects;
};
int ll_watch_page_add(struct ll_txn *tx, const struct ll_watch_page *p, struct ll_err *err) LL_MUST;

#endif
