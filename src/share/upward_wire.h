/* upward_wire.h - what the upper platform is asked and answers (its routes upward.in.*, share/upward_in.h), and taking its answers in. */
#ifndef LL_SHARE_UPWARD_WIRE_H
#define LL_SHARE_UPWARD_WIRE_H

#include "share/upward_impl.h"

#include <jansson.h>

/* LL_OK where the status is the one wanted; otherwise what the upper platform said, as an error of ours (LL_CONFLICT, LL_DENIED, LL_IO ...).
 * ret: the answer, to be given back with json_decref; NULL: not wanted. */
int upward_wire_call(const struct ll_upward_link *link, const struct ll_upward_request *q, unsigned wanted,
                     json_t **ret, struct ll_err *err) LL_MUST;

enum upward_answer_state { UPWARD_AT_WORK, UPWARD_TAKEN, UPWARD_REFUSED };
struct upward_answer {
    int64_t sequence, accepted, returned;
    enum upward_answer_state state;
    const char *sha256, *delivery, *zh, *en; /* zh, en: of one that was refused as a whole */
};
struct upward_status {
    int64_t last; /* 0: it has none */
    struct upward_answer *list;
    size_t n;
};
/* Messages after a sequence number, in arena. */
int upward_wire_status(const struct ll_upward_link *link, const char *upper, int64_t after,
                       struct ll_arena *arena, struct upward_status *ret, struct ll_err *err) LL_MUST;
/* The rows of a message that came back, page by page. */
typedef int upward_back_fn(void *ctx, int64_t row, const char *codes, const char *zh, const char *en,
                           struct ll_err *err);
int upward_wire_returned(const struct ll_upward_link *link, const char *upper, int64_t sequence,
                         upward_back_fn *fn, void *ctx, struct ll_err *err) LL_MUST;

/* Its sums by day. */
typedef int upward_day_fn(void *ctx, int64_t day, int64_t rows, struct ll_upward_hash hash,
                          struct ll_err *err);
int upward_wire_days(const struct ll_upward_link *link, const char *upper, const char *salt,
                     upward_day_fn *fn, void *ctx, int64_t *ret_foreign, struct ll_err *err) LL_MUST;
/* A part of a day's records; texts: the key's columns, any of which may be null, borrowed. */
struct upward_wire_part {
    const char *upper, *salt;
    int64_t day;
    uint64_t part, parts;
    size_t key_columns;
};
typedef int upward_record_fn(void *ctx, struct ll_upward_hash key, struct ll_upward_hash content,
                             const json_t *texts, struct ll_err *err);
int upward_wire_records(const struct ll_upward_link *link, const struct upward_wire_part *of,
                        upward_record_fn *fn, void *ctx, struct ll_err *err) LL_MUST;

/* upward_settle.c */
int upward_settle(struct upward_stream *s, const struct ll_upward_link *link, const struct upward_answer *a,
                  struct ll_err *err) LL_MUST;
int upward_count_open(struct upward_stream *s, int64_t *ret, struct ll_err *err) LL_MUST;

#endif
