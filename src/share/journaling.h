/* journaling.h - the journal of a data folder with the platform's keys, as a running program has it.
 *
 * (1) DATA/journal is opened with the keys of the keyring (purposes journal, journal-sm2) under the name of setting journal_origin.
 * (2) What waits in the control database for an entry - batches and packs (intake/evidence.h), consents, acts of administration,
 *     steps of workflows, the watch list (share/watch.h) - is
 *     brought in by a thread of its own, at once when ll_journaling_wake is called and otherwise every half second.
 * (3) DATA/journal/policy tells an auditor which keys sign: the log's, and the witnesses' with their quorum. */
#ifndef LL_SHARE_JOURNALING_H
#define LL_SHARE_JOURNALING_H

#include "base/config.h"
#include "journal/journal.h"

struct ll_journaling;
struct ll_store;
struct ll_keyring;

/* The settings and the store must outlive it.  LL_BUSY: another process has the journal. */
/* Whether the journal's keys can be opened; nothing is made where a journal is there and they are not. */
int ll_journaling_unlocked(const struct ll_settings *set, struct ll_err *err) LL_MUST;
int ll_journaling_open(const struct ll_settings *set, struct ll_store *st, ll_witness_post_fn *post,
                       void *post_ctx, struct ll_journaling **ret, struct ll_err *err) LL_MUST;
struct ll_journaling *
ll_journaling_close(struct ll_journaling *g); /* brings in what waits; NULL is fine; returns NULL */

struct ll_journal *ll_journaling_journal(struct ll_journaling *g);
struct ll_keyring *ll_journaling_keys(struct ll_journaling *g);
void ll_journaling_wake(struct ll_journaling *g);
/* Brings in everything that waits, now. */
int ll_journaling_catch_up(struct ll_journaling *g, struct ll_err *err) LL_MUST;

#endif
