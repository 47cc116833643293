/* upward_in.h - the upper side: messages of a platform below become deliveries of a resource that it provides here.
 *
 * (1) By organisation and resource, messages are numbered from 1 and taken in that order, each once: one that is here already is answered as it was;
 *     the same number with other contents, or a number too far, is LL_CONFLICT and says which one is expected.
 * (2) What is taken goes the way of every delivery: mapping, checks, quarantine, limits, journal.
 * (3) Rows that were refused, and the state of every record by day, are told to whom they came from, and to nobody else. */
#ifndef LL_SHARE_UPWARD_IN_H
#define LL_SHARE_UPWARD_IN_H

#include "base/json.h"
#include "intake/data.h"
#include "share/actor.h"
#include "share/upward_layout.h"

struct ll_upward_in {
    const char *resource;
    int64_t sequence, day, rows, deletes;
    struct ll_str sha256, body;
    const struct ll_actor *from;
};
/* id: the delivery, durable; *ret_run: its job is to be started. */
int ll_upward_in_take(struct ll_data *d, const struct ll_upward_in *m, char id[LL_ID_TEXT], bool *again,
                      bool *ret_run, struct ll_err *err) LL_MUST;
/* An object: the last number that was taken, and at most limit messages after `after`. */
int ll_upward_in_status(struct ll_data *d, const char *organisation, const char *resource, int64_t after,
                        int64_t limit, struct ll_json *j, struct ll_err *err) LL_MUST;
/* An object: a page of the rows of a message that were refused. */
int ll_upward_in_returned(struct ll_data *d, const char *organisation, const char *resource, int64_t sequence,
                          int64_t offset, int64_t limit, struct ll_json *j, struct ll_err *err) LL_MUST;

/* Which day's records: all days are counted; of one, part of parts is listed. */
struct ll_upward_in_days {
    const char *organisation, *resource;
    unsigned char salt[LL_UPWARD_SALT];
    int64_t day; /* INT64_MIN: sums of every day */
    uint64_t part, parts;
};
/* LL_BUSY while a message is still being worked on. */
int ll_upward_in_days(struct ll_data *d, const struct ll_upward_in_days *ask, struct ll_json *j,
                      struct ll_err *err) LL_MUST;

#endif
